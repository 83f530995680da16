//! Regular expressions over lines, in time linear in the text whatever the expression: no expression hangs the page.
//!
//! The syntax is that of the `regex` crate without Unicode classes: `\d`, `\w`, `\b` and letter case know ASCII only.

use std::{fmt, ops::Range};

use regex_lite::{Regex, RegexBuilder};

use crate::search::Query;

/// Bytes that a compiled expression may take. The time for a line grows with it, so this also bounds that time.
const SIZE_LIMIT: usize = 128 << 10;

/// So long a text has to be for looking for it first to pay.
const WORTH_LOOKING: usize = 2;

/// A regular expression to look for in lines.
#[derive(Clone)]
pub struct Pattern {
    regex: Regex,
    /// A text that every match contains: lines without it need not be looked at.
    pub(crate) required: Option<Query>,
}

impl fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Pattern").field(&self.regex.as_str()).finish()
    }
}

/// What is wrong with an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternError {
    /// `(` without `)`.
    UnclosedGroup,
    /// `)` without `(`.
    UnopenedGroup,
    /// A group's `(?…` makes no sense.
    BadGroup,
    /// `[` without `]`.
    UnclosedClass,
    /// Something inside `[…]` makes no sense, such as `[z-a]`.
    BadClass,
    /// `*`, `+`, `?` or `{…}` behind nothing that could be repeated.
    NothingToRepeat,
    /// `{…}` is no count.
    BadCount,
    /// A backslash before something that it gives no meaning to.
    BadEscape,
    /// `(?=…)` and the like, which cannot be had in linear time.
    LookAround,
    /// `\1` and the like, which cannot be had in linear time.
    BackReference,
    /// It is too large or too deeply nested.
    TooLarge,
    /// Something else.
    Other,
}

impl PatternError {
    /// The engine tells what is wrong in words only. A test has an expression for each.
    fn of(message: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|word| message.contains(word));
        if has(&["without matching '('"]) {
            Self::UnopenedGroup
        } else if has(&["look-around"]) {
            Self::LookAround
        } else if has(&["backreference"]) {
            Self::BackReference
        } else if has(&["flag", "group name"]) {
            Self::BadGroup
        } else if has(&["closing ')'"]) {
            Self::UnclosedGroup
        } else if has(&["applied to a sub-expression"]) {
            Self::NothingToRepeat
        } else if has(&["hexadecimal", "Unicode character class", "boundary assertion"]) {
            Self::BadEscape
        } else if has(&["counted repetition", "or repetition without an end", "decimal"]) {
            Self::BadCount
        } else if has(&["closing bracket", "unclosed character class"]) {
            Self::UnclosedClass
        } else if has(&["character class"]) {
            Self::BadClass
        } else if has(&["escape"]) {
            Self::BadEscape
        } else if has(&["nesting", "size", "too many"]) {
            Self::TooLarge
        } else {
            Self::Other
        }
    }
}

impl Pattern {
    /// An expression.
    ///
    /// # Errors
    /// When it is none, or one that would cost too much.
    pub fn new(text: &str, case_sensitive: bool) -> Result<Self, PatternError> {
        let regex = RegexBuilder::new(text)
            .case_insensitive(!case_sensitive)
            .size_limit(SIZE_LIMIT)
            .build()
            .map_err(|error| PatternError::of(&error.to_string()))?;
        let required = required(text).and_then(|text| Query::new(&text, case_sensitive));
        Ok(Self { regex, required })
    }

    /// Whether it occurs in a line's visible text.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// Where it occurs, without overlaps and empty matches: what to highlight.
    #[must_use]
    pub fn find_in(&self, text: &str) -> Vec<Range<usize>> {
        self.regex
            .find_iter(text)
            .map(|found| found.range())
            .filter(|range| !range.is_empty())
            .collect()
    }
}

/// The longest text that every match of an expression must contain, as far as a short look tells.
fn required(pattern: &str) -> Option<String> {
    // What gives the characters another meaning, or makes any part optional.
    if pattern.contains('|') || pattern.contains("(?") {
        return None;
    }
    let mut best = String::new();
    let mut run = String::new();
    let mut depth = 0_usize;
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        let literal = match character {
            '\\' => match characters.next()? {
                // Numbers, classes with names and special boundaries follow: too long a look.
                'x' | 'u' | 'U' | 'p' | 'P' | 'b' | 'B' => return None,
                escaped if escaped.is_ascii_alphanumeric() => None,
                escaped => Some(escaped),
            },
            '[' => {
                let mut is_first = true;
                loop {
                    match characters.next()? {
                        '^' if is_first => continue,
                        ']' if !is_first => break,
                        '[' => return None,
                        '\\' => {
                            characters.next()?;
                        }
                        _ => {}
                    }
                    is_first = false;
                }
                None
            }
            '(' => {
                depth += 1;
                None
            }
            ')' => {
                depth = depth.checked_sub(1)?;
                None
            }
            '.' | '^' | '$' => None,
            // The one before it may be there not at all.
            '*' | '?' => {
                run.pop();
                None
            }
            '{' => {
                run.pop();
                while characters.next()? != '}' {}
                None
            }
            // It may be repeated and then be there not at all: `a+*`.
            '+' => {
                while characters.next_if_eq(&'+').is_some() {}
                if matches!(characters.peek(), Some('*' | '?' | '{')) {
                    run.pop();
                }
                None
            }
            other => Some(other),
        };
        match literal {
            Some(literal) if depth == 0 => run.push(literal),
            _ => {
                if run.len() > best.len() {
                    best.clone_from(&run);
                }
                run.clear();
            }
        }
    }
    if run.len() > best.len() {
        best = run;
    }
    (best.len() >= WORTH_LOOKING).then_some(best)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_wrong_has_a_name() {
        for (pattern, error) in [
            ("a(b", PatternError::UnclosedGroup),
            ("a)b", PatternError::UnopenedGroup),
            ("(?<>a)", PatternError::BadGroup),
            ("(?k)", PatternError::BadGroup),
            ("[a", PatternError::UnclosedClass),
            ("[^", PatternError::UnclosedClass),
            ("[z-a]", PatternError::BadClass),
            ("*a", PatternError::NothingToRepeat),
            ("{2}", PatternError::NothingToRepeat),
            ("a{x}", PatternError::BadCount),
            ("a{3,2}", PatternError::BadCount),
            ("a{2", PatternError::BadCount),
            ("\\q", PatternError::BadEscape),
            ("\\", PatternError::BadEscape),
            ("\\pL", PatternError::BadEscape),
            ("\\xZZ", PatternError::BadEscape),
            ("a(?=b)", PatternError::LookAround),
            ("(a)\\1", PatternError::BackReference),
            ("((a{100}){100}){100}", PatternError::TooLarge),
            (&"(".repeat(200), PatternError::TooLarge),
        ] {
            assert_eq!(Pattern::new(pattern, true).err(), Some(error), "{pattern}");
        }
    }

    #[test]
    fn finds_what_to_highlight() {
        let pattern = Pattern::new("st.tus=5\\d*", false).unwrap();
        assert_eq!(pattern.find_in("STATUS=503 status=5"), [0..10, 11..19]);
        assert!(Pattern::new("x*", true).unwrap().find_in("abc").is_empty());
        assert!(Pattern::new("x*", true).unwrap().is_in("abc"));
    }

    #[test]
    fn what_every_match_contains_is_looked_for_first() {
        for (pattern, text) in [
            ("status=5\\d\\d", Some("status=5")),
            ("^GET /api/(v1|v2)", None),
            ("^GET /api/(v1)? HTTP", Some("GET /api/")),
            ("colou?r", Some("colo")),
            ("colors*", Some("color")),
            ("ab+c", Some("ab")),
            ("ab{0}cd", Some("cd")),
            ("a\\.b\\[c", Some("a.b[c")),
            ("[abc]def", Some("def")),
            ("[]abc]def", Some("def")),
            ("(abc)?", None),
            ("\\x41bc", None),
            ("(?i)abc", None),
            ("é+*", None),
            ("é++{0,2}", None),
            ("é+", Some("é")),
            ("a.b", None),
        ] {
            assert_eq!(required(pattern).as_deref(), text, "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn a_match_always_contains_what_is_required(
            parts in proptest::collection::vec(
                proptest::sample::select(vec!["a", "B", "ab", "\\.", ".", "\\d", "[ab]", "(a)", "(ab)?", "*", "?", "+", "{0,2}", "^", "$", "é", "\\b", "]"]),
                1..8,
            ),
            text in "[abAB.1éÉ\\]]{0,24}",
            case_sensitive in any::<bool>(),
        ) {
            let expression = parts.concat();
            if let Ok(pattern) = Pattern::new(&expression, case_sensitive)
                && let Some(required) = &pattern.required
                && pattern.is_in(&text)
            {
                prop_assert!(!required.find_in(&text).is_empty(), "{} in {}", expression, text);
            }
        }
    }
}
