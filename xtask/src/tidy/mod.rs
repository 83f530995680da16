//! The rules of the house that no compiler checks: who may use what, and what must not be anywhere.
//!
//! docs/ARCHITECTURE.md says why each rule is there. A rule looks at the text of one file, or of all, and names what it found.

mod boundaries;
mod dependencies;
mod documents;
mod locales;
mod money;
mod page_safety;
mod seed_phrases;
mod words;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::progress::{detail, say};

/// Folders with nothing written by hand.
const GENERATED: &[&str] = &[
    ".data",
    ".git",
    "dist",
    "hosting",
    "node_modules",
    "target",
    "corpus",
    "artifacts",
    "coverage",
];

/// A text file of the project.
pub struct Source {
    /// Where it is, relative to the root, with `/` between folders.
    pub path: String,
    /// What is in it.
    pub text: String,
}

impl Source {
    /// Whether it is Rust below one of the folders.
    fn is_rust_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder) && self.path.ends_with(".rs")
    }

    /// A finding at a position of the text.
    fn finding(&self, at: usize, problem: impl Into<String>) -> Finding {
        let line = self.text[..at].matches('\n').count() + 1;
        Finding {
            path: self.path.clone(),
            line,
            problem: problem.into(),
        }
    }
}

/// A rule that is not kept.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    path: String,
    line: usize,
    problem: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.problem)
    }
}

/// Checks every rule on every file.
pub fn run() -> Result<()> {
    say("Checking the rules of the house");
    let sources = sources(&paths::root())?;
    let mut findings = check(&sources);
    findings.sort();
    for finding in &findings {
        detail(&finding.to_string());
    }
    if !findings.is_empty() {
        bail!("{} broken rules, listed above", findings.len());
    }
    detail(&format!("{} files keep them", sources.len()));
    Ok(())
}

fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        boundaries::check(source, &mut findings);
        money::check(source, &mut findings);
        page_safety::check(source, &mut findings);
        words::check(source, &mut findings);
    }
    seed_phrases::check(sources, &mut findings);
    locales::check(sources, &mut findings);
    documents::check(sources, &mut findings);
    dependencies::check(sources, &mut findings);
    findings
}

/// Every text file of the project.
pub fn sources(root: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let path = entry?.path();
            if path
                .file_name()
                .is_some_and(|name| GENERATED.iter().any(|generated| name == *generated))
            {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Some(text) = text_of(&path)? {
                let relative: PathBuf = path.strip_prefix(root)?.to_path_buf();
                let path = relative
                    .components()
                    .map(|part| part.as_os_str().to_string_lossy())
                    .collect::<Vec<_>>()
                    .join("/");
                sources.push(Source { path, text });
            }
        }
    }
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(sources)
}

/// The content of a file; none for a picture and other files that are no text.
fn text_of(path: &Path) -> Result<Option<String>> {
    let content = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(String::from_utf8(content).ok())
}

/// Rust code with its comments replaced by spaces, so that a comment may speak of what the code must not do. Strings stay.
fn without_comments(code: &str) -> String {
    let mut cleaned = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(next) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            let length = rest.find('\n').unwrap_or(rest.len());
            cleaned.push_str(&" ".repeat(length));
            rest = &rest[length..];
            continue;
        } else if let Some(hashes) = raw_string(rest) {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = hashes + 2;
            rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len())
        } else if next == '"' {
            string_length(rest)
        } else if rest.starts_with("'\"'") {
            3
        } else {
            next.len_utf8()
        };
        cleaned.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    cleaned
}

/// The number of `#` of a raw string that starts here.
fn raw_string(text: &str) -> Option<usize> {
    let after = text.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

/// The length of the string that starts here, quotation marks included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Where `word` stands as a whole word: not as part of a longer name.
fn word_positions<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(part_of_word) && !after.is_some_and(part_of_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the rule says about a file with that text.
    pub fn problems(rule: impl Fn(&Source, &mut Vec<Finding>), path: &str, text: &str) -> Vec<String> {
        let mut findings = Vec::new();
        rule(
            &Source {
                path: path.to_owned(),
                text: text.to_owned(),
            },
            &mut findings,
        );
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn comments_are_removed_and_strings_stay() {
        let code = "let a = \"// no comment\"; // gone\nlet b = r#\"// \"stays\"\"#; '\"' // gone";
        let cleaned = without_comments(code);
        assert_eq!(cleaned.len(), code.len());
        assert!(
            cleaned.contains("\"// no comment\"") && cleaned.contains("// \"stays\"") && !cleaned.contains("gone"),
            "{cleaned}"
        );
    }

    #[test]
    fn words_are_whole() {
        assert_eq!(
            word_positions("gloo gloo_net regloo gloo", "gloo").collect::<Vec<_>>(),
            [0, 21]
        );
    }
}
