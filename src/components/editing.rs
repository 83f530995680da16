//! What an editor does to a text, apart from any editor: indentation, places, line ends.

use std::ops::Range;

/// What Tab inserts.
pub const INDENT: &str = "  ";

/// Lines moved to the right or left: what stands where, and what takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shifted {
    /// The lines, in bytes.
    pub range: Range<usize>,
    /// What they become.
    pub text: String,
}

/// Moves the lines that a selection touches by one step, to the left with `out`.
pub fn shift_lines(text: &str, selection: &Range<usize>, out: bool) -> Shifted {
    let start = text[..selection.start].rfind('\n').map_or(0, |at| at + 1);
    // A selection up to the beginning of a line does not mean that line.
    let ends_before_line = !selection.is_empty() && text[..selection.end].ends_with('\n');
    let last = selection.end - usize::from(ends_before_line);
    let end = text[last..].find('\n').map_or(text.len(), |at| last + at);
    let lines: Vec<String> = text[start..end]
        .split('\n')
        .map(|line| {
            if out {
                outdented(line).to_owned()
            } else if line.is_empty() {
                String::new()
            } else {
                format!("{INDENT}{line}")
            }
        })
        .collect();
    Shifted {
        range: start..end,
        text: lines.join("\n"),
    }
}

fn outdented(line: &str) -> &str {
    line.strip_prefix('\t').unwrap_or_else(|| {
        let spaces = line.bytes().take(INDENT.len()).take_while(|byte| *byte == b' ').count();
        &line[spaces..]
    })
}

/// The byte of a place that the browser counts in UTF-16 units.
pub fn byte_of(text: &str, unit: u32) -> usize {
    let unit = usize::try_from(unit).unwrap_or(usize::MAX);
    let mut units = 0;
    for (at, character) in text.char_indices() {
        if units >= unit {
            return at;
        }
        units += character.len_utf16();
    }
    text.len()
}

/// The UTF-16 unit of a byte.
pub fn unit_of(text: &str, byte: usize) -> u32 {
    let units: usize = text[..byte].chars().map(char::len_utf16).sum();
    u32::try_from(units).unwrap_or(u32::MAX)
}

/// The UTF-16 unit of a line and column, both counted from 1, as a text field counts them: a line end is one unit.
pub fn unit_of_place(text: &str, line: usize, column: usize) -> u32 {
    let mut units = 0;
    for (index, content) in text.split('\n').enumerate() {
        let content = content.strip_suffix('\r').unwrap_or(content);
        if index + 1 == line {
            units += content
                .chars()
                .take(column.saturating_sub(1))
                .map(char::len_utf16)
                .sum::<usize>();
            break;
        }
        units += content.chars().map(char::len_utf16).sum::<usize>() + 1;
    }
    u32::try_from(units).unwrap_or(u32::MAX)
}

/// Whether the lines of a text end as in Windows. A text field knows only line feeds, so they are given back by [`with_line_ends`].
pub fn has_carriage_returns(text: &str) -> bool {
    text.contains("\r\n")
}

/// A text of a text field, with the line ends that it had before.
pub fn with_line_ends(text: String, carriage_returns: bool) -> String {
    if carriage_returns {
        text.replace('\n', "\r\n")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_a_selection_moves() {
        let text = "a:\n  b: 1\n\n  c: 2\nd: 3";
        let selection = 1..12;
        let right = shift_lines(text, &selection, false);
        assert_eq!(
            (right.range.clone(), right.text.as_str()),
            (0..17, "  a:\n    b: 1\n\n    c: 2")
        );
        let left = shift_lines(&right.text, &(0..right.text.len()), true);
        assert_eq!(left.text, text[..17]);
    }

    #[test]
    fn a_selection_that_ends_where_a_line_begins_leaves_that_line_alone() {
        let moved = shift_lines("a\nb\nc", &(0..2), false);
        assert_eq!((moved.range, moved.text.as_str()), (0..1, "  a"));
        let moved = shift_lines("a\nb\nc", &(2..2), false);
        assert_eq!((moved.range, moved.text.as_str()), (2..3, "  b"));
    }

    #[test]
    fn what_is_not_indented_stays() {
        assert_eq!(shift_lines("\ta\n b\nc", &(0..7), true).text, "a\nb\nc");
        assert_eq!(shift_lines("  ", &(0..0), true).text, "");
    }

    #[test]
    fn places_are_the_same_in_bytes_and_units() {
        let text = "a数😀b";
        for (unit, byte) in [(0, 0), (1, 1), (2, 4), (4, 8), (5, 9), (99, 9)] {
            assert_eq!(byte_of(text, unit), byte, "{unit}");
        }
        assert_eq!(unit_of(text, 8), 4);
        assert_eq!(unit_of_place("ab\r\n数x\nc", 2, 2), 4);
        assert_eq!(unit_of_place("ab\r\n数x\nc", 3, 1), 6);
        assert_eq!(unit_of_place("ab", 1, 99), 2);
    }

    #[test]
    fn line_ends_are_given_back() {
        assert!(has_carriage_returns("a\r\nb") && !has_carriage_returns("a\nb"));
        assert_eq!(with_line_ends("a\nb".to_owned(), true), "a\r\nb");
        assert_eq!(with_line_ends("a\nb".to_owned(), false), "a\nb");
    }
}
