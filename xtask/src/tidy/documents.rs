//! Documents name only files that are there.

use std::path::Path;

use super::{Finding, Source};
use crate::paths;

/// What a path in a document starts with, if it is one of the project's. `dist/`, `target/` and `.data/` come and go.
const ROOTS: &[&str] = &[
    ".ci/", "crates/", "docs/", "locales/", "public/", "src/", "style/", "tests/", "xtask/",
];

/// Checks every Markdown file.
pub fn check(sources: &[Source], findings: &mut Vec<Finding>) {
    for source in sources.iter().filter(|source| source.path.ends_with(".md")) {
        let folder = paths::root().join(Path::new(&source.path).parent().unwrap_or(Path::new("")));
        for (at, path) in named_paths(&source.text) {
            // Written from the root, or from the crate that the document belongs to.
            if !paths::root().join(path).exists() && !folder.join(path).exists() {
                findings.push(source.finding(at, format!("{path} does not exist")));
            }
        }
        for (at, target) in links(&source.text) {
            if !folder.join(target).exists() {
                findings.push(source.finding(at, format!("the link to {target} leads nowhere")));
            }
        }
    }
}

/// Paths in `code spans` that are the project's.
fn named_paths(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for (index, span) in text.split('`').enumerate() {
        let path = span.trim_end_matches('/');
        let plain = !path.contains(|c: char| c.is_whitespace() || "*<>{}$…|".contains(c));
        if index % 2 == 1 && plain && ROOTS.iter().any(|root| span.starts_with(root)) {
            found.push((at, path.split([':', '#']).next().unwrap_or(path)));
        }
        at += span.len() + 1;
    }
    found
}

/// Targets of links and pictures within the project.
fn links(text: &str) -> Vec<(usize, &str)> {
    text.match_indices("](")
        .filter_map(|(at, opening)| {
            let target = text[at + opening.len()..].split([')', '#', ' ']).next()?;
            let inside = !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:");
            inside.then_some((at, target))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_are_gone_are_found() {
        let text = "See `xtask/src/main.rs` and `src/gone.rs:12`, `src/*.rs`, `cargo run`.\n[a](docs/none.md) [b](https://x/y) [c](#part)";
        let source = Source {
            path: "A.md".to_owned(),
            text: text.to_owned(),
        };
        let mut findings = Vec::new();
        check(&[source], &mut findings);
        let problems: Vec<&str> = findings.iter().map(|finding| finding.problem.as_str()).collect();
        assert_eq!(
            problems,
            ["src/gone.rs does not exist", "the link to docs/none.md leads nowhere"]
        );
    }
}
