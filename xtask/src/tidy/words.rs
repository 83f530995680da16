//! Words that say that something is unfinished, switched off or too long.

use super::{Finding, Source, word_positions};

/// Halves of the words, so that this file does not contain them.
const UNFINISHED: &[(&str, &str)] = &[("TO", "DO"), ("FIX", "ME"), ("XX", "X"), ("HA", "CK")];
const SWITCHED_OFF: &[(&str, &str)] = &[("#[ig", "nore"), ("db", "g!("), ("todo", "!("), ("unimplemented", "!(")];

/// A file longer than this does more than one thing.
const LONGEST_FILE: usize = 800;

/// Checks one file.
pub fn check(source: &Source, findings: &mut Vec<Finding>) {
    for (start, end) in UNFINISHED {
        let word = format!("{start}{end}");
        findings.extend(
            word_positions(&source.text, &word)
                .map(|at| source.finding(at, format!("{word}: finish it, or open an issue"))),
        );
    }
    if source.path.ends_with(".rs") {
        for (start, end) in SWITCHED_OFF {
            let word = format!("{start}{end}");
            findings.extend(
                source
                    .text
                    .match_indices(&word)
                    .map(|(at, _)| source.finding(at, format!("{word} has no place in the project"))),
            );
        }
        let lines = source.text.lines().count();
        if lines > LONGEST_FILE {
            findings.push(source.finding(
                0,
                format!("{lines} lines: divide it by concern ({LONGEST_FILE} at most)"),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::problems;
    use super::*;

    #[test]
    fn unfinished_work_is_found() {
        let word = ["TO", "DO"].concat();
        assert_eq!(problems(check, "a.md", &format!("first line\n{word}: more")).len(), 1);
        assert!(problems(check, "a.md", "mastodons do").is_empty());
        assert_eq!(problems(check, "src/a.rs", &"//\n".repeat(801)).len(), 1);
    }
}
