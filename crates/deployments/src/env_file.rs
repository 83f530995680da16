//! `.env` files, as `docker compose` reads them.

use std::collections::HashMap;

use vcloud_api::types::EnvVar;
use vcloud_api::validate::{EnvNameError, env_name};

use crate::interpolation::{Missing, interpolate};
use crate::syntax::without_mark;

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The variables, each once: of several with the same name the last counts, in the place of the first.
    pub variables: Vec<EnvVar>,
    /// What is wrong or was read otherwise than it looks, with its line, from 1.
    pub wrong: Vec<(usize, LineError)>,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// The name cannot be one of a variable. The line was left out.
    #[error("the name of the variable is not valid: {0}")]
    Name(EnvNameError),
    /// There is a name alone, which takes its value from the machine. The line was left out.
    #[error("{name} has no value")]
    NoValue {
        /// The name.
        name: String,
    },
    /// A quote is not closed. The line was left out.
    #[error("a quote is not closed")]
    UnclosedQuote,
    /// Something stands after the closing quote that is no comment. It was left out.
    #[error("something stands after the closing quote")]
    AfterQuote,
    /// The value names a variable that the file does not have. Nothing stands in its place.
    #[error("{name} is not in the file")]
    Unknown {
        /// The variable.
        name: String,
    },
    /// The variable is there already. This one counts.
    #[error("{name} is there already")]
    Again {
        /// The variable.
        name: String,
    },
}

/// Reads a `.env` file: `export`, quotes, escapes, comments, values of several lines, `${OTHER}`.
pub fn parse(text: &str) -> Parsed {
    let text = without_mark(text).replace("\r\n", "\n");
    let mut reader = Reader {
        rest: &text,
        line: 1,
        parsed: Parsed::default(),
        places: HashMap::new(),
    };
    while !reader.rest.is_empty() {
        reader.entry();
    }
    reader.parsed
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    parsed: Parsed,
    /// Which variable stands where in the list.
    places: HashMap<String, usize>,
}

/// A value, and whether variables in it are replaced.
struct Value {
    text: String,
    replaced: bool,
}

impl Reader<'_> {
    /// Takes so many bytes.
    fn take(&mut self, length: usize) {
        self.line += self.rest[..length].matches('\n').count();
        self.rest = &self.rest[length..];
    }

    fn take_line(&mut self) {
        let end = self.rest.find('\n').map_or(self.rest.len(), |at| at + 1);
        self.take(end);
    }

    fn wrong(&mut self, line: usize, error: LineError) {
        self.parsed.wrong.push((line, error));
    }

    fn entry(&mut self) {
        let blank = self.rest.len() - self.rest.trim_start().len();
        self.take(blank);
        if self.rest.is_empty() {
            return;
        }
        if self.rest.starts_with('#') {
            return self.take_line();
        }
        if let Some(after) = self
            .rest
            .strip_prefix("export")
            .filter(|after| after.starts_with([' ', '\t']))
        {
            let length = self.rest.len() - after.trim_start_matches([' ', '\t']).len();
            self.take(length);
        }
        let first = self.line;
        let end = self.rest.find('\n').unwrap_or(self.rest.len());
        let line = &self.rest[..end];
        // `NAME: value` is read too.
        let Some(separator) = line.find(['=', ':']) else {
            let name = line.split('#').next().unwrap_or_default().trim().to_owned();
            let error = match env_name(&name) {
                Ok(()) => LineError::NoValue { name },
                Err(error) => LineError::Name(error),
            };
            self.wrong(first, error);
            return self.take_line();
        };
        let name = line[..separator].trim().to_owned();
        self.take(separator + 1);
        let spaces = self.rest.len() - self.rest.trim_start_matches([' ', '\t']).len();
        self.take(spaces);
        let value = self.value(first);
        match (env_name(&name), value) {
            (Err(error), _) => self.wrong(first, LineError::Name(error)),
            (Ok(()), Some(value)) => self.variable(first, name, value),
            (Ok(()), None) => {}
        }
    }

    /// The value, up to the end of its last line; `None` where a quote is not closed.
    fn value(&mut self, line: usize) -> Option<Value> {
        let quote = self.rest.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let Some(quote) = quote else {
            let end = self.rest.find('\n').unwrap_or(self.rest.len());
            let text = unquoted(&self.rest[..end]).to_owned();
            self.take_line();
            return Some(Value { text, replaced: true });
        };
        let Some((text, length)) = quoted(self.rest, quote) else {
            self.wrong(line, LineError::UnclosedQuote);
            self.take_line();
            return None;
        };
        self.take(length);
        let end = self.rest.find('\n').unwrap_or(self.rest.len());
        let after = self.rest[..end].trim();
        if !after.is_empty() && !after.starts_with('#') {
            let last = self.line;
            self.wrong(last, LineError::AfterQuote);
        }
        self.take_line();
        Some(Value {
            text,
            replaced: quote == '"',
        })
    }

    fn variable(&mut self, line: usize, name: String, value: Value) {
        let text = if value.replaced {
            let mut unknown = Vec::new();
            let known = |name: &str| {
                let place = *self.places.get(name)?;
                Some(self.parsed.variables[place].value.expose().to_owned())
            };
            let text = interpolate(&value.text, &known, &mut |missing| {
                if let Missing::Empty(name) = missing {
                    unknown.push(name);
                }
            });
            for name in unknown {
                self.wrong(line, LineError::Unknown { name });
            }
            text
        } else {
            value.text
        };
        if let Some(&place) = self.places.get(&name) {
            self.parsed.variables[place].value = text.into();
            self.wrong(line, LineError::Again { name });
        } else {
            self.places.insert(name.clone(), self.parsed.variables.len());
            self.parsed.variables.push(EnvVar {
                name,
                value: text.into(),
            });
        }
    }
}

/// Up to a comment, which begins with a `#` after white space.
fn unquoted(line: &str) -> &str {
    let comment = line
        .char_indices()
        .find(|(at, character)| *character == '#' && (*at == 0 || line[..*at].ends_with([' ', '\t'])))
        .map_or(line.len(), |(at, _)| at);
    line[..comment].trim()
}

/// What stands in quotes, and how long it is with them.
fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        if character == quote {
            return Some((out, at + 1));
        }
        if character != '\\' {
            out.push(character);
            continue;
        }
        let (_, escaped) = characters.next()?;
        match (quote, escaped) {
            ('\'', '\'') => out.push('\''),
            ('"', 'n') => out.push('\n'),
            ('"', 'r') => out.push('\r'),
            ('"', 't') => out.push('\t'),
            ('"', 'a') => out.push('\u{7}'),
            ('"', 'b') => out.push('\u{8}'),
            ('"', 'f') => out.push('\u{c}'),
            ('"', 'v') => out.push('\u{b}'),
            ('"', '"' | '\\') => out.push(escaped),
            // A dollar sign that begins no variable: interpolation turns two into one.
            ('"', '$') => out.push_str("$$"),
            _ => out.extend(['\\', escaped]),
        }
    }
    None
}

/// Writes variables as a `.env` file that [`parse`] and `docker compose` read back.
pub fn write(vars: &[EnvVar]) -> String {
    let mut out = String::new();
    for variable in vars {
        out.push_str(&variable.name);
        out.push('=');
        write_value(&mut out, variable.value.expose());
        out.push('\n');
    }
    out
}

fn write_value(out: &mut String, value: &str) {
    let is_bare = |c: char| c.is_alphanumeric() || "_-./:@%+,=?&~*!".contains(c);
    let needs_escapes = |c: char| matches!(c, '\'' | '\\' | '\r');
    if value.chars().all(is_bare) {
        out.push_str(value);
    } else if !value.contains(needs_escapes) {
        out.push('\'');
        out.push_str(value);
        out.push('\'');
    } else {
        out.push('"');
        for character in value.chars() {
            match character {
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '"' | '\\' | '$' => out.extend(['\\', character]),
                _ => out.push(character),
            }
        }
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        parse(text)
            .variables
            .iter()
            .map(|variable| (variable.name.clone(), variable.value.expose().to_owned()))
            .collect()
    }

    fn value(text: &str) -> String {
        let pairs = pairs(text);
        assert_eq!(pairs.len(), 1, "{text}");
        pairs[0].1.clone()
    }

    #[test]
    fn values_are_read_as_compose_reads_them() {
        for (text, expected) in [
            ("A=b", "b"),
            ("export A=b", "b"),
            ("  A = b c  # comment", "b c"),
            ("A=b#c", "b#c"),
            ("A=", ""),
            ("A= # nothing", ""),
            ("A='b # c' # comment", "b # c"),
            ("A=\"b # c\"# comment", "b # c"),
            (r#"A="x\ty\n\"z\" \\ \q""#, "x\ty\n\"z\" \\ \\q"),
            (r"A='x\n\'y\\'", "x\\n'y\\\\"),
            ("A=\"first\nsecond\"", "first\nsecond"),
            ("A='first\r\nsecond'\r\n", "first\nsecond"),
            ("A: b", "b"),
            ("A=postgres://u:p@db:5432/x?y=z", "postgres://u:p@db:5432/x?y=z"),
            ("A=$$5", "$5"),
            ("A=\"\\$HOME\"", "$HOME"),
            ("A='$HOME'", "$HOME"),
            ("A=${B:-c}", "c"),
            ("\u{feff}A=密码", "密码"),
        ] {
            assert_eq!(value(text), expected, "{text}");
            assert!(parse(text).wrong.is_empty(), "{text}");
        }
        assert_eq!(
            pairs("# first\n\nHOST=db\nURL=http://${HOST}:$HOST/\nHOST=other\n"),
            [("HOST".into(), "other".into()), ("URL".into(), "http://db:db/".into())]
        );
    }

    #[test]
    fn what_is_wrong_has_its_line() {
        let text = "1A=x\nGOOD=1\nNAME\nB='never\nC=\"x\ny\" z\nD=$NOT_HERE\nGOOD=2\nE F\n";
        let parsed = parse(text);
        assert_eq!(
            parsed.wrong,
            [
                (1, LineError::Name(EnvNameError::Digit { digit: '1' })),
                (3, LineError::NoValue { name: "NAME".into() }),
                (4, LineError::UnclosedQuote),
                (6, LineError::AfterQuote),
                (
                    7,
                    LineError::Unknown {
                        name: "NOT_HERE".into()
                    }
                ),
                (8, LineError::Again { name: "GOOD".into() }),
                (9, LineError::Name(EnvNameError::Character { character: ' ' })),
            ]
        );
        let names: Vec<&str> = parsed.variables.iter().map(|variable| variable.name.as_str()).collect();
        assert_eq!(names, ["GOOD", "C", "D"]);
    }

    #[test]
    fn values_are_quoted_only_where_they_must() {
        let variables = |pairs: &[(&str, &str)]| -> Vec<EnvVar> {
            pairs
                .iter()
                .map(|(name, value)| EnvVar {
                    name: (*name).to_owned(),
                    value: (*value).into(),
                })
                .collect()
        };
        let text = write(&variables(&[
            ("A", "plain"),
            ("B", "two words"),
            ("C", "it's $5"),
            ("D", "a\nb"),
            ("E", ""),
            ("F", "a\\"),
        ]));
        assert_eq!(
            text,
            "A=plain\nB='two words'\nC=\"it's \\$5\"\nD='a\nb'\nE=\nF=\"a\\\\\"\n"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(?s).{0,200}|([A-C](=|: )?['\"\\\\\\$ #\n{}:-]?[a-c]{0,2}['\"]?\n?){0,12}") {
            let parsed = parse(&text);
            let lines = text.matches('\n').count() + 1;
            prop_assert!(parsed.wrong.iter().all(|(line, _)| (1..=lines).contains(line)));
        }

        #[test]
        fn what_was_written_is_read_back(values in prop::collection::vec("(?s)[\\PC\n\r\t]{0,20}|['\"\\\\$ #\n\r{}a]{0,8}", 0..6)) {
            let variables: Vec<EnvVar> = values
                .iter()
                .enumerate()
                .map(|(index, value)| EnvVar { name: format!("V{index}"), value: value.as_str().into() })
                .collect();
            let parsed = parse(&write(&variables));
            prop_assert!(parsed.wrong.is_empty());
            prop_assert_eq!(parsed.variables, variables);
        }
    }
}
