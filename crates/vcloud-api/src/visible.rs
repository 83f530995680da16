//! Texts that others wrote, made so that what differs does not look the same.
//!
//! A platform, a provider or somebody who names a container can put characters into a text that nobody sees, or that turn its
//! direction: two texts then look alike, or one hides its end. Every text that is only shown is therefore changed where it is
//! decoded: such characters are named (`[U+202E]`), and what is far longer than any real name is cut. Where the contract allows
//! ASCII alone (domains, images, containers, ids), everything else is named too, so that a Cyrillic `а` is not taken for an `a`.
//! A real name has none of these and stays as it is. What belongs to the owner and is sent back (configuration, environment, command
//! lines) is never changed.

use std::fmt::Write as _;

/// Characters of a name at the most.
pub const LONGEST_NAME: usize = 1_000;

/// Characters of a message or description at the most.
pub const LONGEST_WORDS: usize = 10_000;

/// So many marks may stand on one character: Vietnamese needs two, nobody more than four.
const MOST_MARKS: usize = 4;

/// A name: a line of its own.
#[must_use]
pub fn name(text: &str) -> String {
    shown(text, LONGEST_NAME, |character| {
        is_hidden(character) || is_other_space(character)
    })
}

/// A name that can only be ASCII.
#[must_use]
pub fn identifier(text: &str) -> String {
    shown(text, LONGEST_NAME, |character| {
        !character.is_ascii() || character.is_ascii_control()
    })
}

/// Words: a message or description, of several lines perhaps.
#[must_use]
pub fn words(text: &str) -> String {
    shown(text, LONGEST_WORDS, |character| {
        is_hidden(character) && !matches!(character, '\n' | '\r' | '\t')
    })
}

fn shown(text: &str, longest: usize, is_named: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len().min(4 * longest));
    let mut marks = 0;
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    let mut length = 0;
    while length <= longest {
        let Some(character) = characters.next() else {
            return shown;
        };
        marks = if is_mark(character) { marks + 1 } else { 0 };
        let after = characters.peek().copied().unwrap_or(' ');
        let is_part_of_emoji = match character {
            '\u{200d}' => is_pictograph(before) && is_pictograph(after),
            '\u{fe0e}' | '\u{fe0f}' => is_pictograph(before) || after == '\u{20e3}',
            _ => false,
        };
        if marks > MOST_MARKS || (is_named(character) && !is_part_of_emoji) {
            let from = shown.len();
            let _ = write!(shown, "[U+{:04X}]", u32::from(character));
            length += shown.len() - from;
        } else {
            shown.push(character);
            length += 1;
        }
        before = character;
    }
    // Shortened once more, it stays as it is.
    let end = shown.char_indices().nth(longest - 3).map_or(shown.len(), |(at, _)| at);
    shown.truncate(end);
    shown.push_str("...");
    shown
}

/// What nobody sees, or what changes how its neighbours are seen (Unicode's categories Cc and Cf, and what is blank beside them).
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}'
            | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Spaces that look like the space. The ideographic one is as wide as a character and stays.
fn is_other_space(character: char) -> bool {
    matches!(
        character,
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}'
    )
}

/// Marks that stand on the character before them.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Symbols that joiners and selectors make other symbols of.
fn is_pictograph(character: char) -> bool {
    matches!(character, '\u{a9}' | '\u{ae}' | '\u{203c}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_names_stay_as_they_are() {
        for text in [
            "",
            "web",
            "订单 数据库",
            "Größe č.1",
            "שלום",
            "سلام",
            "👨‍👩‍👧 ❤️ 1️⃣",
            "a　b",
            "tiếng Việt",
            "Ti\u{1ebf}ng e\u{302}\u{301}",
        ] {
            assert_eq!(name(text), text);
            assert_eq!(words(text), text);
        }
        assert_eq!(words("two\nlines\tand a\u{a0}space"), "two\nlines\tand a\u{a0}space");
        assert_eq!(
            identifier("registry.example.com:5000/a-b_c:1"),
            "registry.example.com:5000/a-b_c:1"
        );
    }

    #[test]
    fn what_nobody_sees_is_named() {
        for (text, seen) in [
            ("a\u{202e}txt.exe", "a[U+202E]txt.exe"),
            ("shop\u{200b}", "shop[U+200B]"),
            ("a\u{2066}b\u{2069}", "a[U+2066]b[U+2069]"),
            ("a\u{a0}b", "a[U+00A0]b"),
            ("a\0\n\u{1b}[31m", "a[U+0000][U+000A][U+001B][31m"),
            ("a\u{200d}b服\u{200d}务", "a[U+200D]b服[U+200D]务"),
            ("a\u{fe0f}", "a[U+FE0F]"),
            ("\u{3164}", "[U+3164]"),
            ("x\u{e0041}", "x[U+E0041]"),
        ] {
            assert_eq!(name(text), seen);
        }
        assert_eq!(words("a\u{202e}b\u{0}"), "a[U+202E]b[U+0000]");
    }

    #[test]
    fn where_only_ascii_can_be_everything_else_is_named() {
        assert_eq!(identifier("\u{430}pache:1"), "[U+0430]pache:1");
        assert_eq!(identifier("paypal.com\n"), "paypal.com[U+000A]");
        assert_eq!(identifier("paypal.com[U+000A]"), "paypal.com[U+000A]");
    }

    #[test]
    fn marks_do_not_pile_up_and_texts_end() {
        let pile = format!("a{}", "\u{301}".repeat(6));
        assert_eq!(name(&pile), "a\u{301}\u{301}\u{301}\u{301}[U+0301][U+0301]");
        let long = "x".repeat(LONGEST_NAME);
        assert_eq!(name(&long), long);
        let cut = name(&format!("{long}y"));
        assert_eq!(cut, format!("{}...", "x".repeat(LONGEST_NAME - 3)));
        assert_eq!(name(&cut), cut);
        assert_eq!(identifier(&"\u{430}".repeat(LONGEST_NAME)).len(), LONGEST_NAME);
    }
}
