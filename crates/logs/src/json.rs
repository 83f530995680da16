//! Lines that are JSON objects, laid out to be read. The text stays what it was to the last digit: it is only divided into rows.

use std::ops::Range;

/// Rows beyond are left out.
pub const MOST_ROWS: usize = 1_000;

/// What is nested deeper stays in its row.
const DEEPEST: usize = 32;

/// What a part of a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A field's name, with its quotation marks.
    Name,
    /// A text, with its quotation marks.
    Text,
    /// A number.
    Number,
    /// `true`, `false` or `null`.
    Word,
    /// A bracket or comma.
    Mark,
    /// What stands between name and value.
    Colon,
}

/// A row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// How far it is indented.
    pub depth: usize,
    /// Its parts, as bytes of the line's text.
    pub parts: Vec<(Kind, Range<usize>)>,
}

/// An object in rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// The rows.
    pub rows: Vec<Row>,
    /// Whether there are more than [`MOST_ROWS`].
    pub is_cut: bool,
}

/// Whether a line is a JSON object.
#[must_use]
pub fn is_object(text: &str) -> bool {
    let trimmed = text.trim_ascii();
    // Nearly every line is decided by its ends.
    trimmed.starts_with('{') && trimmed.ends_with('}') && trimmed.len() > 2 && read(text, 0).is_some()
}

/// A line in rows; `None` if it is no JSON object.
#[must_use]
pub fn layout(text: &str) -> Option<Layout> {
    read(text, MOST_ROWS)
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    Value,
    ValueOrEnd,
    Name,
    NameOrEnd,
    Colon,
    CommaOrEnd,
}

/// Without recursion: a line may be nested as deeply as it is long.
fn read(text: &str, most_rows: usize) -> Option<Layout> {
    let bytes = text.as_bytes();
    let mut rows = Rows {
        most: most_rows,
        layout: Layout::default(),
    };
    // Which of the open brackets are braces.
    let mut open: Vec<bool> = Vec::new();
    let mut expected = Expected::Value;
    let mut at = skip_space(bytes, 0);
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    rows.begin(0);
    loop {
        let byte = *bytes.get(at)?;
        let start = at;
        match (expected, byte) {
            (Expected::NameOrEnd, b'}') | (Expected::ValueOrEnd, b']') => {
                open.pop();
                at += 1;
                rows.part(Kind::Mark, start..at);
                expected = Expected::CommaOrEnd;
            }
            (Expected::CommaOrEnd, b'}' | b']') => {
                if open.pop()? != (byte == b'}') {
                    return None;
                }
                at += 1;
                if open.len() < DEEPEST {
                    rows.begin(open.len());
                }
                rows.part(Kind::Mark, start..at);
            }
            (Expected::CommaOrEnd, b',') => {
                at += 1;
                rows.part(Kind::Mark, start..at);
                if open.len() <= DEEPEST {
                    rows.begin(open.len());
                }
                expected = if *open.last()? { Expected::Name } else { Expected::Value };
            }
            (Expected::Colon, b':') => {
                at += 1;
                rows.part(Kind::Colon, start..at);
                expected = Expected::Value;
            }
            (Expected::Name | Expected::NameOrEnd, b'"') => {
                at = string_end(bytes, at)?;
                if expected == Expected::NameOrEnd && open.len() <= DEEPEST {
                    rows.begin(open.len());
                }
                rows.part(Kind::Name, start..at);
                expected = Expected::Colon;
            }
            (Expected::Value | Expected::ValueOrEnd, _) => {
                if expected == Expected::ValueOrEnd && open.len() <= DEEPEST {
                    rows.begin(open.len());
                }
                expected = Expected::CommaOrEnd;
                let kind = match byte {
                    b'{' | b'[' => {
                        at += 1;
                        open.push(byte == b'{');
                        expected = if byte == b'{' {
                            Expected::NameOrEnd
                        } else {
                            Expected::ValueOrEnd
                        };
                        Kind::Mark
                    }
                    b'"' => {
                        at = string_end(bytes, at)?;
                        Kind::Text
                    }
                    b'-' | b'0'..=b'9' => {
                        at = number_end(bytes, at)?;
                        Kind::Number
                    }
                    _ => {
                        let words: [&[u8]; 3] = [b"true", b"false", b"null"];
                        at += words.iter().find(|word| bytes[at..].starts_with(word))?.len();
                        Kind::Word
                    }
                };
                rows.part(kind, start..at);
            }
            _ => return None,
        }
        at = skip_space(bytes, at);
        if open.is_empty() {
            return (at == bytes.len()).then_some(rows.layout);
        }
    }
}

struct Rows {
    most: usize,
    layout: Layout,
}

impl Rows {
    fn begin(&mut self, depth: usize) {
        if self.layout.rows.len() < self.most {
            self.layout.rows.push(Row {
                depth,
                parts: Vec::new(),
            });
        } else {
            self.layout.is_cut = true;
        }
    }

    fn part(&mut self, kind: Kind, range: Range<usize>) {
        if !self.layout.is_cut
            && let Some(row) = self.layout.rows.last_mut()
        {
            row.parts.push((kind, range));
        }
    }
}

fn skip_space(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..]
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
        .count()
}

/// The end of a string that begins at `at`, quotation marks and all.
fn string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = at + 1;
    loop {
        match *bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => match bytes.get(at + 1)? {
                b'u' => {
                    let digits = bytes.get(at + 2..at + 6)?;
                    if !digits.iter().all(u8::is_ascii_hexdigit) {
                        return None;
                    }
                    at += 6;
                }
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => at += 2,
                _ => return None,
            },
            0..=0x1F => return None,
            _ => at += 1,
        }
    }
}

/// The end of a number that begins at `at`.
fn number_end(bytes: &[u8], at: usize) -> Option<usize> {
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = at + usize::from(bytes[at] == b'-');
    let whole = digits(at);
    if whole == 0 || (whole > 1 && bytes[at] == b'0') {
        return None;
    }
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return None;
        }
        at += 1 + fraction;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at.min(bytes.len()));
        if exponent == 0 {
            return None;
        }
        at += exponent;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(line: &str) -> Vec<String> {
        let layout = layout(line).unwrap_or_default();
        let row = |row: &Row| {
            let parts = row.parts.iter().map(|(kind, range)| match kind {
                Kind::Colon => ": ",
                _ => &line[range.clone()],
            });
            format!("{}{}", "  ".repeat(row.depth), parts.collect::<String>())
        };
        layout.rows.iter().map(row).collect()
    }

    #[test]
    fn every_field_gets_a_row_and_keeps_its_text() {
        let line = r#" {"id":12345678901234567890.10,"name":"日志 \"x\"\n","tags":["a",true],"none":{},"list":[ ],"in":{"deep":null}} "#;
        assert_eq!(
            text(line),
            [
                "{",
                "  \"id\": 12345678901234567890.10,",
                "  \"name\": \"日志 \\\"x\\\"\\n\",",
                "  \"tags\": [",
                "    \"a\",",
                "    true",
                "  ],",
                "  \"none\": {},",
                "  \"list\": [],",
                "  \"in\": {",
                "    \"deep\": null",
                "  }",
                "}",
            ]
        );
        assert!(is_object(line));
    }

    #[test]
    fn what_is_no_object_is_left_alone() {
        for line in [
            "",
            "{",
            "{}",
            "{}}",
            "[1]",
            "null",
            "{a:1}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{\"a\":01}",
            "{\"a\":1.}",
            "{\"a\":1e}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\u12g4\"}",
            "{\"a\":[1}",
            "{\"a\":tru}",
            "{\"a\":1} x",
            "x {\"a\":1}",
            "{\"a\":\"\u{1}\"}",
            "{\"a\":-}",
            "{,}",
            "{\"a\":1 \"b\":2}",
        ] {
            assert!(!is_object(line), "{line}");
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
        let layout = layout(&deep).unwrap();
        assert!(is_object(&deep) && layout.rows.len() < 3 * DEEPEST && !layout.is_cut);
        assert!(layout.rows.iter().all(|row| row.depth <= DEEPEST));
        let long = format!("{{\"a\":[{}1]}}", "1,".repeat(9_000));
        let layout = super::layout(&long).unwrap();
        assert_eq!((layout.rows.len(), layout.is_cut), (MOST_ROWS, true));
    }

    proptest! {
        #[test]
        fn any_text_is_survived(line in "[{}\\[\\]\":,0-9eE.+\\- tfn\\\\u\u{1}日]{0,60}") {
            if let Some(layout) = layout(&line) {
                // Nothing but spaces is lost.
                let parts: String = layout.rows.iter().flat_map(|row| &row.parts).map(|(_, range)| &line[range.clone()]).collect();
                let is_whole = line.starts_with([' ', '{']) && parts.starts_with('{') && parts.ends_with('}');
                prop_assert!(is_whole, "{}", line);
            }
        }

        #[test]
        fn well_formed_objects_are_laid_out(fields in proptest::collection::vec(("[a-z]{1,5}", 0..5_usize), 1..20)) {
            let values = ["1", "\"x, y\"", "[1, [2, {}]]", "{\"in\": [true, null]}", "-0.5e-3"];
            let fields: Vec<String> = fields.iter().map(|(name, value)| format!("\"{name}\" : {}", values[*value])).collect();
            let line = format!("{{ {} }}", fields.join(" , "));
            let layout = layout(&line).unwrap();
            let parts: String = layout.rows.iter().flat_map(|row| &row.parts).map(|(_, range)| &line[range.clone()]).collect();
            let squeeze = |text: &str| text.replace(' ', "");
            prop_assert_eq!(squeeze(&parts), squeeze(&line));
        }
    }
}
