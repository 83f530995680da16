//! Differences between two texts, line by line.

use std::collections::HashMap;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Beyond so many pairs of lines, the parts that differ are not compared in detail but shown as replaced: it would take longer than
/// anybody waits, and nobody reads it.
const MOST_PAIRS: usize = 16_000_000;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// It is in both texts.
    Same,
    /// It is only in the text before.
    Removed,
    /// It is only in the text after.
    Added,
}

/// A line of one or both texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// What became of it.
    pub change: Change,
    /// Its number in the text before, from 1.
    pub before: Option<usize>,
    /// Its number in the text after, from 1.
    pub after: Option<usize>,
    /// The line without its end.
    pub text: &'a str,
    /// How it ends: `"\n"`, `"\r\n"`, or nothing at the end of the text. Lines that differ in this alone differ.
    pub end: &'a str,
}

/// All lines of both texts: of those that were replaced, first the removed ones.
pub fn lines<'a>(before: &'a str, after: &'a str) -> Vec<Line<'a>> {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let mut numbers = HashMap::new();
    let mut number = |line: &&'a str| {
        let next = numbers.len();
        *numbers.entry(*line).or_insert(next)
    };
    // Numbers compare faster than lines.
    let old_numbers: Vec<usize> = old.iter().map(&mut number).collect();
    let new_numbers: Vec<usize> = new.iter().map(&mut number).collect();

    let shorter = old.len().min(new.len());
    let first = (0..shorter)
        .take_while(|&at| old_numbers[at] == new_numbers[at])
        .count();
    let last = (0..shorter - first)
        .take_while(|at| old_numbers[old.len() - 1 - at] == new_numbers[new.len() - 1 - at])
        .count();
    let (old_middle, new_middle) = (first..old.len() - last, first..new.len() - last);

    let mut found = Found {
        old: &old,
        new: &new,
        lines: Vec::with_capacity(old.len().max(new.len())),
    };
    found.same(0, 0, first);
    if old_middle.len().saturating_mul(new_middle.len()) > MOST_PAIRS {
        found.removed(old_middle);
        found.added(new_middle);
    } else {
        let operations = capture_diff_slices(Algorithm::Myers, &old_numbers[old_middle], &new_numbers[new_middle]);
        for operation in operations {
            found.operation(first, operation);
        }
    }
    found.same(old.len() - last, new.len() - last, last);
    found.lines
}

struct Found<'a, 'b> {
    old: &'b [&'a str],
    new: &'b [&'a str],
    lines: Vec<Line<'a>>,
}

impl<'a> Found<'a, '_> {
    fn operation(&mut self, offset: usize, operation: DiffOp) {
        match operation {
            DiffOp::Equal {
                old_index,
                new_index,
                len,
            } => self.same(offset + old_index, offset + new_index, len),
            DiffOp::Delete { old_index, old_len, .. } => {
                self.removed(offset + old_index..offset + old_index + old_len);
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                self.added(offset + new_index..offset + new_index + new_len);
            }
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => {
                self.removed(offset + old_index..offset + old_index + old_len);
                self.added(offset + new_index..offset + new_index + new_len);
            }
        }
    }

    fn same(&mut self, old: usize, new: usize, count: usize) {
        for at in 0..count {
            self.push(Change::Same, Some(old + at), Some(new + at), self.old[old + at]);
        }
    }

    fn removed(&mut self, range: Range<usize>) {
        for at in range {
            self.push(Change::Removed, Some(at), None, self.old[at]);
        }
    }

    fn added(&mut self, range: Range<usize>) {
        for at in range {
            self.push(Change::Added, None, Some(at), self.new[at]);
        }
    }

    fn push(&mut self, change: Change, before: Option<usize>, after: Option<usize>, line: &'a str) {
        let text = line.strip_suffix('\n').unwrap_or(line);
        // A lone carriage return at the end of a text is no end of a line.
        let text = if text.len() < line.len() {
            text.strip_suffix('\r').unwrap_or(text)
        } else {
            text
        };
        self.lines.push(Line {
            change,
            before: before.map(|at| at + 1),
            after: after.map(|at| at + 1),
            text,
            end: &line[text.len()..],
        });
    }
}

/// Which lines to show: every change with so many lines around it. Nothing for texts without a difference.
pub fn hunks(lines: &[Line<'_>], context: usize) -> Vec<Range<usize>> {
    let mut hunks: Vec<Range<usize>> = Vec::new();
    for (at, _) in lines.iter().enumerate().filter(|(_, line)| line.change != Change::Same) {
        let start = at.saturating_sub(context);
        let end = at.saturating_add(context).saturating_add(1).min(lines.len());
        match hunks.last_mut() {
            Some(hunk) if start <= hunk.end => hunk.end = end,
            _ => hunks.push(start..end),
        }
    }
    hunks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(before: &str, after: &str) -> Vec<String> {
        lines(before, after)
            .iter()
            .map(|line| {
                let sign = match line.change {
                    Change::Same => ' ',
                    Change::Removed => '-',
                    Change::Added => '+',
                };
                format!("{sign}{}", line.text)
            })
            .collect()
    }

    /// The texts that the lines were made from.
    fn texts(lines: &[Line<'_>]) -> (String, String) {
        let text = |skipped: Change| {
            lines
                .iter()
                .filter(|line| line.change != skipped)
                .flat_map(|line| [line.text, line.end])
                .collect()
        };
        (text(Change::Added), text(Change::Removed))
    }

    #[test]
    fn removed_lines_come_before_those_that_replace_them() {
        assert_eq!(shown("a\nb\nc\n", "a\nB\nc\n"), [" a", "-b", "+B", " c"]);
        assert_eq!(shown("", "a\n"), ["+a"]);
        assert_eq!(shown("a\n", ""), ["-a"]);
        assert!(shown("", "").is_empty());
        let found = lines("a\nb\n", "b\nc");
        assert_eq!((found[1].before, found[1].after), (Some(2), Some(1)));
        assert_eq!((found[2].before, found[2].after, found[2].end), (None, Some(2), ""));
    }

    #[test]
    fn line_ends_are_told_apart() {
        let found = lines("a\r\nb", "a\nb\n");
        assert!(found.iter().all(|line| line.change != Change::Same), "{found:?}");
        assert_eq!((found[0].text, found[0].end), ("a", "\r\n"));
        assert_eq!(lines("a\r", "a\r")[0].text, "a\r");
    }

    #[test]
    fn hunks_join_where_they_touch() {
        let before: String = (0..40).map(|line| format!("{line}\n")).collect();
        let after = before
            .replace("\n10\n", "\nx\n")
            .replace("\n14\n", "\ny\n")
            .replace("\n30\n", "\n");
        let found = lines(&before, &after);
        assert_eq!(hunks(&found, 3), [7..20, 29..36]);
        assert_eq!(hunks(&found, 0).len(), 3);
        assert_eq!(hunks(&found, usize::MAX).first(), Some(&(0..found.len())));
        assert!(hunks(&lines(&before, &before), 3).is_empty());
    }

    #[test]
    fn huge_differences_stay_quick() {
        let before: String = (0..20_000).map(|line| format!("a{line}\n")).collect();
        let after: String = (0..20_000).map(|line| format!("b{line}\n")).collect();
        let found = lines(&before, &after);
        assert_eq!(texts(&found), (before.clone(), after.clone()));
    }

    proptest! {
        #[test]
        fn both_texts_can_be_put_together_again(before in "([ab\r]{0,2}\n){0,12}[a-c]?", after in "([ab\r]{0,2}\n){0,12}[a-c]?") {
            let found = lines(&before, &after);
            prop_assert_eq!(texts(&found), (before.clone(), after.clone()));
            prop_assert!(found.iter().filter_map(|line| line.before).eq(1..=found.iter().filter(|line| line.change != Change::Added).count()));
            prop_assert!(found.iter().filter_map(|line| line.after).eq(1..=found.iter().filter(|line| line.change != Change::Removed).count()));
        }
    }
}
