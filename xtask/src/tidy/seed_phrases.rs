//! No seed phrase in the tree: whoever has one has the money of its accounts.

use std::collections::BTreeSet;

use super::{Finding, Source};

/// The words that seed phrases are made of.
const WORD_LIST: &str = "crates/vsys/src/words.txt";

/// So many of the words in a row are a phrase, if they are that many different ones: `abandon abandon …` is an example.
const PHRASE: usize = 12;

/// Published phrases, with which nobody keeps money.
const TEST_VECTORS: &str = "/vectors/";

/// Checks all files but the list itself and published test vectors.
pub fn check(sources: &[Source], findings: &mut Vec<Finding>) {
    let Some(list) = sources.iter().find(|source| source.path == WORD_LIST) else {
        findings.push(Finding {
            path: WORD_LIST.to_owned(),
            line: 1,
            problem: "the list of seed words is not where it was".to_owned(),
        });
        return;
    };
    let words: BTreeSet<&str> = list.text.split_whitespace().collect();
    for source in sources
        .iter()
        .filter(|source| source.path != WORD_LIST && !source.path.contains(TEST_VECTORS))
    {
        findings.extend(
            phrases(&source.text, &words)
                .into_iter()
                .map(|at| source.finding(at, "looks like a seed phrase")),
        );
    }
}

/// Where the phrases start: words of the list with nothing but white space, commas and quotation marks between them.
fn phrases(text: &str, words: &BTreeSet<&str>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut run: BTreeSet<&str> = BTreeSet::new();
    let mut start = 0;
    let mut at = 0;
    for part in text.split_inclusive(|c: char| !c.is_ascii_alphabetic()) {
        let word = part.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
        let separator = &part[word.len()..];
        if words.contains(word) {
            if run.is_empty() {
                start = at;
            }
            // A phrase of more words is still one finding.
            if run.insert(word) && run.len() == PHRASE {
                found.push(start);
            }
        } else if !word.is_empty() {
            run.clear();
        }
        if !separator
            .chars()
            .all(|c| c.is_whitespace() || matches!(c, ',' | '"' | '\''))
        {
            run.clear();
        }
        at += part.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_and_prose_is_not() {
        let words: Vec<String> = (0..15)
            .map(|index| format!("word{}", char::from(b'a' + index)))
            .collect();
        let source = |path: &str, text: String| Source {
            path: path.to_owned(),
            text,
        };
        let check = |path: &str, text: String| {
            let mut findings = Vec::new();
            check(
                &[source(WORD_LIST, words.join("\n")), source(path, text)],
                &mut findings,
            );
            findings.len()
        };
        assert_eq!(check("docs/a.md", format!("é: {}", words.join(", "))), 1);
        assert_eq!(check("docs/a.md", words[..11].join(" ")), 0);
        assert_eq!(check("docs/a.md", vec![words[0].clone(); 15].join(" ")), 0);
        assert_eq!(check("src/a.rs", words.join(".")), 0);
        assert_eq!(check("crates/vsys/tests/vectors/a.json", words.join(" ")), 0);
    }
}
