//! Compiles everything native once, with clippy looking on, and runs the test programs that come of it.
//!
//! Cargo compiles a dependency once for every set of features that the selected packages ask of it, and once more for clippy,
//! which only checks. So there is one selection, the whole workspace, and clippy's driver stands in for the compiler: it finds
//! what clippy finds and leaves programs that run.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process;
use crate::progress::{Ticker, detail};

/// The package of the browser's journeys, which need more than a compiler.
const BROWSER_TESTS: &str = "browser-tests";

/// What was compiled.
#[derive(Default)]
pub struct Programs {
    tests: Vec<Program>,
    binaries: Vec<(String, PathBuf)>,
    /// How many warnings there were, each counted once, however many programs the code is part of.
    warnings: usize,
    /// Whether all of it compiled.
    complete: bool,
}

/// A test program.
struct Program {
    package: String,
    /// The package's folder, where cargo starts its tests.
    folder: PathBuf,
    /// The name of the library, binary or test.
    target: String,
    path: PathBuf,
}

/// Compiles libraries, binaries and tests of the workspace. What the compiler and clippy have to say is shown; neither warnings nor
/// errors are errors of this function, so that what did compile can still be run.
pub fn compile() -> Result<Programs> {
    let mut command = test_with_clippy();
    command.args(["--workspace", "--no-run", "--no-fail-fast"]);
    command.args(["--message-format", "json-diagnostic-rendered-ansi"]);
    command.stdout(Stdio::piped());
    let _ticker = Ticker::start("compiling everything native");
    let mut child = command.spawn().context("cannot start cargo")?;
    let output = child.stdout.take().context("a child has no output")?;
    let mut programs = Programs::default();
    let mut shown = BTreeSet::new();
    for line in BufReader::new(output).lines() {
        let line = line.context("cannot read what cargo says")?;
        // What a program prints while it compiles something is not for us.
        if let Ok(message) = serde_json::from_str::<Value>(&line) {
            programs.hear(&message, &mut shown);
        }
    }
    programs.complete = child.wait()?.success();
    Ok(programs)
}

/// Runs the documentation's examples.
pub fn documentation(arguments: &[String]) -> Result<()> {
    let mut command = test_with_clippy();
    command.args(["--workspace", "--doc", "--no-fail-fast", "--"]);
    command.args(arguments);
    process::run("examples in the documentation", &mut command)
}

/// `cargo test` with clippy's driver in place of the compiler, for the packages of the workspace.
fn test_with_clippy() -> Command {
    let mut command = process::cargo("test");
    // This is how `cargo clippy` itself does it. Arguments would follow in the second variable; there are none, but the driver
    // takes part in the fingerprint of what it compiled by it.
    command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    command.env("CLIPPY_ARGS", "");
    command
}

impl Programs {
    /// Fails where something did not compile or was warned of.
    pub fn without_warnings(&self) -> Result<()> {
        match (self.complete, self.warnings) {
            (true, 0) => Ok(()),
            (true, count) => bail!("there are warnings: {count}"),
            (false, _) => bail!("it does not compile"),
        }
    }

    /// Runs every test program but the browser's, each to its end.
    pub fn run_native(&self, arguments: &[String], prepare: impl Fn(&mut Command)) -> Result<()> {
        self.run(|program| program.package != BROWSER_TESTS, arguments, prepare)
    }

    /// Runs the browser's journeys and the tests of what drives them.
    pub fn run_browser(&self, arguments: &[String], prepare: impl Fn(&mut Command)) -> Result<()> {
        self.run(|program| program.package == BROWSER_TESTS, arguments, prepare)
    }

    /// The names of the browser's journeys.
    pub fn journeys(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for program in self.tests.iter().filter(|program| program.package == BROWSER_TESTS) {
            let listed = process::ask(&program.path, &["--list", "--format", "terse"]);
            let listed = listed.with_context(|| format!("{} lists no tests", program.target))?;
            names.extend(
                listed
                    .lines()
                    .filter_map(|line| Some(line.strip_suffix(": test")?.to_owned())),
            );
        }
        Ok(names)
    }

    /// A compiled program of the workspace that is no test.
    pub fn binary(&self, name: &str) -> Result<&Path> {
        let found = self.binaries.iter().find(|(binary, _)| binary == name);
        found
            .map(|(_, path)| path.as_path())
            .with_context(|| format!("`{name}` was not compiled"))
    }

    fn run(
        &self,
        wanted: impl Fn(&Program) -> bool,
        arguments: &[String],
        prepare: impl Fn(&mut Command),
    ) -> Result<()> {
        let mut failed = String::new();
        let mut any = false;
        for program in self.tests.iter().filter(|program| wanted(program)) {
            any = true;
            let name = format!("{} ({})", program.target, program.package);
            let mut command = process::command(&program.path);
            command.current_dir(&program.folder);
            command.env("CARGO_MANIFEST_DIR", &program.folder);
            command.args(arguments);
            prepare(&mut command);
            detail(&format!("tests of {name}"));
            if process::run(&name, &mut command).is_err() {
                let _ = write!(failed, "{}{name}", if failed.is_empty() { "" } else { ", " });
            }
        }
        match (any, self.complete, failed.is_empty()) {
            (false, ..) => bail!("no test program was compiled"),
            (_, false, true) => bail!("some of it does not compile"),
            (_, false, false) => bail!("some of it does not compile; of what does, these failed: {failed}"),
            (_, true, false) => bail!("these failed: {failed}"),
            (_, true, true) => Ok(()),
        }
    }

    /// Takes in one of cargo's messages (the Cargo book, External tools, JSON messages).
    fn hear(&mut self, message: &Value, shown: &mut BTreeSet<String>) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match message["reason"].as_str() {
            Some("compiler-message") => {
                let rendered = text(&message["message"]["rendered"]);
                let is_warning = message["message"]["level"] == "warning";
                // A library is compiled by itself and once more for its own tests, and warned of both times.
                if shown.insert(rendered.clone()) {
                    eprint!("{rendered}");
                    // "2 warnings emitted" counts the others and has no code of its own to point at.
                    if is_warning
                        && message["message"]["spans"]
                            .as_array()
                            .is_some_and(|spans| !spans.is_empty())
                    {
                        self.warnings += 1;
                    }
                }
            }
            Some("compiler-artifact") => {
                let Some(path) = message["executable"].as_str() else {
                    return;
                };
                let target = text(&message["target"]["name"]);
                let is_test = message["profile"]["test"] == true;
                let kinds = message["target"]["kind"].as_array();
                if is_test {
                    let manifest = PathBuf::from(text(&message["manifest_path"]));
                    let folder = manifest.parent().unwrap_or(Path::new("/")).to_path_buf();
                    self.tests.push(Program {
                        package: package(&text(&message["package_id"]), &folder),
                        folder,
                        target,
                        path: path.into(),
                    });
                    self.tests
                        .sort_by(|a, b| (&a.package, &a.target).cmp(&(&b.package, &b.target)));
                } else if kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind == "bin")) {
                    self.binaries.push((target, path.into()));
                }
            }
            _ => {}
        }
    }
}

/// The package's name in `path+file:///project/tests#browser-tests@0.1.0` or, where it is the folder's, `path+file:///project/xtask#0.1.0`.
fn package(id: &str, folder: &Path) -> String {
    let fragment = id.rsplit('#').next().unwrap_or_default();
    match fragment.split_once('@') {
        Some((name, _)) => name.to_owned(),
        None => folder
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_package_is_named_by_its_id_or_by_its_folder() {
        let folder = Path::new("/project/xtask");
        assert_eq!(
            package("path+file:///project/tests#browser-tests@0.1.0", folder),
            "browser-tests"
        );
        assert_eq!(package("path+file:///project/xtask#0.1.0", folder), "xtask");
    }

    #[test]
    fn the_same_warning_counts_once_and_the_compilers_own_count_does_not() {
        let mut programs = Programs::default();
        let mut shown = BTreeSet::new();
        let warning = json!({ "reason": "compiler-message",
            "message": { "level": "warning", "rendered": "", "spans": [{ "file_name": "src/lib.rs" }] } });
        let count = json!({ "reason": "compiler-message",
            "message": { "level": "warning", "rendered": " ", "spans": [] } });
        for message in [&warning, &warning, &count] {
            programs.hear(message, &mut shown);
        }
        programs.complete = true;
        let error = programs.without_warnings().expect_err("a warning");
        assert_eq!(error.to_string(), "there are warnings: 1");
    }

    #[test]
    fn test_programs_and_other_programs_are_told_apart() {
        let mut programs = Programs::default();
        let artifact = |test: bool, executable: Value| {
            json!({ "reason": "compiler-artifact", "package_id": "path+file:///p/a#0.1.0", "manifest_path": "/p/a/Cargo.toml",
                "target": { "name": "thing", "kind": ["bin"] }, "profile": { "test": test }, "executable": executable })
        };
        programs.hear(&artifact(true, json!("/t/thing-1")), &mut BTreeSet::new());
        programs.hear(&artifact(false, json!("/t/thing")), &mut BTreeSet::new());
        programs.hear(&artifact(false, Value::Null), &mut BTreeSet::new());
        assert_eq!(programs.tests.len(), 1);
        assert_eq!(programs.tests[0].package, "a");
        assert_eq!(programs.binary("thing").ok(), Some(Path::new("/t/thing")));
        assert!(programs.binary("other").is_err());
    }
}
