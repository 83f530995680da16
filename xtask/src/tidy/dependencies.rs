//! Dependencies: docs/DEPENDENCIES.md says of each what it is for, no more and no fewer, every crate of ours keeps the
//! workspace's lints, which forbid `unsafe` code, and cargo compiles with the lock file's versions alone. Licences, versions and sources are cargo-deny's.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Source};

/// Where cargo is called so that it keeps to the lock file. Formatting and installing compile nothing of ours.
const LOCKED: &str = "xtask/src/process.rs";
const UNLOCKED: &[&str] = &["xtask/src/setup/cargo_install.rs", "xtask/src/tidy/dependencies.rs"];

const LIST: &str = "docs/DEPENDENCIES.md";

/// The fuzzer is a workspace of its own, whose macro exports symbols, as its manifest says.
const FUZZER: &str = "fuzz/Cargo.toml";

/// What the workspace's manifest has to say about `unsafe`.
const FORBIDDEN: &str = "[workspace.lints.rust]\nunsafe_code = \"forbid\"";

/// Checks all manifests and the list.
pub fn check(sources: &[Source], findings: &mut Vec<Finding>) {
    let manifests: Vec<&Source> = sources.iter().filter(|source| is_manifest(&source.path)).collect();
    for manifest in &manifests {
        if manifest.path == "Cargo.toml" && !manifest.text.contains(FORBIDDEN) {
            findings.push(manifest.finding(0, "the workspace's lints have to forbid unsafe_code"));
        }
        if manifest.path != FUZZER && !manifest.text.contains("\n[lints]\nworkspace = true\n") {
            findings.push(manifest.finding(
                0,
                "the crate has to keep the workspace's lints: [lints] workspace = true",
            ));
        }
    }
    for source in sources.iter().filter(|source| source.is_rust_in("xtask/")) {
        let may = source.path == LOCKED || UNLOCKED.contains(&source.path.as_str());
        let calls = source
            .text
            .match_indices("command(\"cargo\")")
            .filter(|(at, call)| !may && !source.text[at + call.len()..].starts_with(".args([\"fmt\""));
        findings
            .extend(calls.map(|(at, _)| source.finding(at, "cargo is called by process::cargo, which adds --locked")));
    }
    let ours: BTreeSet<&str> = manifests
        .iter()
        .filter_map(|manifest| package(&manifest.text))
        .collect();
    let mut used = BTreeMap::new();
    let mut offered = BTreeMap::new();
    for manifest in &manifests {
        for (section, at, name) in entries(&manifest.text) {
            let place = if section == "workspace.dependencies" {
                &mut offered
            } else {
                &mut used
            };
            if !ours.contains(name) {
                place.entry(name).or_insert((*manifest, at));
            }
        }
    }
    for (name, (manifest, at)) in &offered {
        if !used.contains_key(name) {
            findings.push(manifest.finding(*at, format!("no crate depends on {name}")));
        }
    }
    let Some(list) = sources.iter().find(|source| source.path == LIST) else {
        if let Some((manifest, _)) = used.values().next() {
            findings.push(manifest.finding(0, format!("{LIST} is missing")));
        }
        return;
    };
    let listed: BTreeMap<&str, usize> = rows(&list.text).collect();
    for (name, (manifest, at)) in &used {
        if !listed.contains_key(name) {
            findings.push(manifest.finding(*at, format!("{LIST} does not say what {name} is for")));
        }
    }
    for (name, at) in listed {
        if !used.contains_key(name) {
            findings.push(list.finding(at, format!("no crate depends on {name}")));
        }
    }
}

fn is_manifest(path: &str) -> bool {
    path == "Cargo.toml" || path.ends_with("/Cargo.toml")
}

/// The name of a manifest's package.
fn package(manifest: &str) -> Option<&str> {
    let (_, after) = manifest.split_once("[package]\nname = \"")?;
    after.split('"').next()
}

/// The dependencies of a manifest: section, place, name. They are written one a line, or have a section of their own.
fn entries(manifest: &str) -> Vec<(&str, usize, &str)> {
    let mut entries = Vec::new();
    let mut section = "";
    let mut at = 0;
    for line in manifest.split_inclusive('\n') {
        let text = line.trim_end();
        if let Some(header) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            section = header;
            if let Some((table, name)) = header.rsplit_once('.')
                && table.ends_with("dependencies")
            {
                entries.push((table, at, name));
            }
        } else if section.ends_with("dependencies") && text.starts_with(|first: char| first.is_ascii_lowercase()) {
            let end = text.find([' ', '.', '=']).unwrap_or(text.len());
            entries.push((section, at, &text[..end]));
        }
        at += line.len();
    }
    entries
}

/// The first cells of a table's rows, where they are code: the names in the list.
fn rows(list: &str) -> impl Iterator<Item = (&str, usize)> {
    list.match_indices("\n| `").filter_map(|(at, start)| {
        let rest = &list[at + start.len()..];
        rest.split_once("` |").map(|(name, _)| (name, at + 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "[workspace.lints.rust]\nunsafe_code = \"forbid\"\n[workspace.dependencies]\nlogs = { path = \"crates/logs\" }\n\
                        serde = \"1\"\n[package]\nname = \"console\"\n[lints]\nworkspace = true\n[dependencies]\nlogs.workspace = true\n\
                        serde.workspace = true\n[dependencies.web-sys]\nversion = \"0.3\"\n";

    fn findings(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files
            .iter()
            .map(|(path, text)| Source {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
            })
            .collect();
        let mut findings = Vec::new();
        check(&sources, &mut findings);
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_dependency_is_listed_and_nothing_else() {
        let logs = (
            "crates/logs/Cargo.toml",
            "[package]\nname = \"logs\"\n\n[lints]\nworkspace = true\n",
        );
        let list = "# List\n\n| `serde` | reads |\n| `web-sys` | the browser |\n";
        assert!(findings(&[("Cargo.toml", ROOT), logs, (LIST, list)]).is_empty());
        assert_eq!(
            findings(&[
                ("Cargo.toml", ROOT),
                logs,
                (LIST, "\n| `serde` | reads |\n| `old` | gone |\n")
            ]),
            [
                "Cargo.toml:13: docs/DEPENDENCIES.md does not say what web-sys is for",
                "docs/DEPENDENCIES.md:3: no crate depends on old"
            ]
        );
        let offered = ROOT.replace("serde.workspace = true\n", "");
        assert_eq!(
            findings(&[
                ("Cargo.toml", &offered),
                logs,
                (LIST, "\n| `web-sys` | the browser |\n")
            ]),
            ["Cargo.toml:5: no crate depends on serde"]
        );
    }

    #[test]
    fn every_crate_keeps_the_lints() {
        let list = "\n| `serde` | reads |\n| `web-sys` | the browser |\n";
        let loose = ("crates/logs/Cargo.toml", "[package]\nname = \"logs\"\n");
        assert_eq!(
            findings(&[("Cargo.toml", &ROOT.replace("forbid", "warn")), loose, (LIST, list)]),
            [
                "Cargo.toml:1: the workspace's lints have to forbid unsafe_code",
                "crates/logs/Cargo.toml:1: the crate has to keep the workspace's lints: [lints] workspace = true"
            ]
        );
        let call = "process::command(\"cargo\").args([\"build\"])";
        assert_eq!(
            findings(&[("xtask/src/a.rs", call), ("xtask/src/process.rs", call)]),
            ["xtask/src/a.rs:1: cargo is called by process::cargo, which adds --locked"]
        );
        assert!(findings(&[("xtask/src/a.rs", "command(\"cargo\").args([\"fmt\"])")]).is_empty());
        assert!(findings(&[(FUZZER, "[package]\nname = \"fuzz\"\n")]).is_empty());
    }
}
