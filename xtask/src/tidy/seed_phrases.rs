//! No seed phrase in the tree: whoever has one has the money of its accounts.

use std::collections::BTreeSet;

use super::{Finding, Source};

/// The words that seed phrases are made of.
const WORD_LIST: &str = "crates/vsys/src/words.txt";

/// So many of the words in a row are a phrase, not prose.
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
        let mut run = 0;
        let mut at = 0;
        for word in source.text.split(|c: char| !c.is_ascii_alphabetic()) {
            if words.contains(word) {
                run += 1;
                if run == PHRASE {
                    findings.push(source.finding(at, "looks like a seed phrase"));
                }
            } else if !word.is_empty() {
                run = 0;
            }
            at += word.len() + source.text[at + word.len()..].chars().next().map_or(0, char::len_utf8);
        }
    }
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
        assert_eq!(check("crates/vsys/tests/vectors/a.json", words.join(" ")), 0);
    }
}
