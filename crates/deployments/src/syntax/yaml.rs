//! Colours of YAML, line by line.

use super::scanner::{Scanner, word_kind};
use super::{Kind, Span};

pub(super) fn scan(text: &str) -> Vec<Span> {
    let mut yaml = Yaml {
        scanner: Scanner::new(text),
        flow: 0,
    };
    while yaml.scanner.peek().is_some() {
        yaml.line();
    }
    yaml.scanner.finish()
}

struct Yaml<'a> {
    scanner: Scanner<'a>,
    /// How many flow lists and maps (`[…]`, `{…}`) are open.
    flow: usize,
}

impl Yaml<'_> {
    /// One line, and the block scalar that begins in it.
    fn line(&mut self) {
        let start = self.scanner.at();
        if self.flow == 0 && self.is_division() {
            for _ in 0..3 {
                self.scanner.next();
            }
            self.scanner.colour(start, Kind::Section);
        }
        // The column of the key or dash that a block scalar would belong to.
        let mut owner = None;
        let mut at_value = true;
        loop {
            self.scanner.skip_spaces();
            let at = self.scanner.at();
            let Some(character) = self.scanner.peek() else { return };
            match character {
                '\n' => {
                    self.scanner.next();
                    return;
                }
                '#' => {
                    self.scanner.take_line();
                    self.scanner.colour(at, Kind::Comment);
                }
                '|' | '>' if at_value && self.flow == 0 && self.is_block_header() => {
                    self.block_scalar(owner);
                    return;
                }
                '-' | '?' if self.flow == 0 && at_value && self.is_followed_by_space() => {
                    owner = Some(at - start);
                    self.scanner.punctuation();
                }
                '[' | '{' => {
                    self.flow += 1;
                    self.scanner.punctuation();
                }
                ']' | '}' | ',' if self.flow > 0 => {
                    if character != ',' {
                        self.flow -= 1;
                    }
                    self.scanner.punctuation();
                }
                ':' if self.flow > 0 || self.is_followed_by_space() => {
                    self.scanner.punctuation();
                    at_value = true;
                }
                '&' | '*' | '!' => {
                    let flow = self.flow > 0;
                    let ends = |c: char| c.is_whitespace() || (flow && matches!(c, ',' | ']' | '}'));
                    self.scanner.take_while(|c| !ends(c));
                    self.scanner.colour(at, Kind::Literal);
                }
                '"' | '\'' => {
                    let escape = (character == '"').then_some('\\');
                    self.scanner.take_quoted(escape, true);
                    // Two single quotes are one inside of the text.
                    while character == '\'' && self.scanner.peek() == Some('\'') {
                        self.scanner.take_quoted(None, true);
                    }
                    let is_key = self.colour_scalar(at, None);
                    if is_key {
                        owner = Some(at - start);
                    }
                    at_value = is_key;
                }
                _ => {
                    let is_key = self.plain(at);
                    if is_key {
                        owner = Some(at - start);
                    }
                    at_value = is_key;
                }
            }
        }
    }

    /// `---` or `...` alone at the start of a line.
    fn is_division(&self) -> bool {
        let rest = self.scanner.rest();
        ["---", "..."].iter().any(|mark| {
            rest.strip_prefix(mark)
                .is_some_and(|after| after.is_empty() || after.starts_with(char::is_whitespace))
        })
    }

    fn is_followed_by_space(&self) -> bool {
        self.scanner.rest().chars().nth(1).is_none_or(char::is_whitespace)
    }

    /// A `|` or `>` with at most two signs, and nothing but a comment after it.
    fn is_block_header(&self) -> bool {
        let rest = &self.scanner.rest()[1..];
        let signs = rest
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '+')))
            .unwrap_or(rest.len());
        let after = &rest[signs..];
        let spaces = after.trim_start_matches([' ', '\t', '\r']);
        signs <= 2
            && (spaces.is_empty()
                || spaces.starts_with('\n')
                || (spaces.starts_with('#') && spaces.len() < after.len()))
    }

    /// The header, and the lines that lie deeper than what it belongs to.
    fn block_scalar(&mut self, owner: Option<usize>) {
        let start = self.scanner.at();
        self.scanner
            .take_while(|c| c.is_ascii_digit() || matches!(c, '|' | '>' | '-' | '+'));
        self.scanner.colour(start, Kind::Punctuation);
        self.scanner.skip_spaces();
        let comment = self.scanner.at();
        self.scanner.take_line();
        self.scanner.colour(comment, Kind::Comment);
        self.scanner.next();
        while self.scanner.peek().is_some() {
            let line = self.scanner.rest().split('\n').next().unwrap_or_default();
            let depth = line.len() - line.trim_start_matches(' ').len();
            let is_blank = line.trim().is_empty();
            if !is_blank && owner.is_some_and(|owner| depth <= owner) {
                return;
            }
            let at = self.scanner.at();
            self.scanner.take_line();
            if !is_blank {
                self.scanner.colour(at, Kind::String);
            }
            self.scanner.next();
        }
    }

    /// A scalar without quotes. Says whether it is a key.
    fn plain(&mut self, start: usize) -> bool {
        let in_flow = self.flow > 0;
        let mut before = ' ';
        let mut end = 0;
        let rest = self.scanner.rest();
        for (at, character) in rest.char_indices() {
            let stops = match character {
                '\n' => true,
                '#' => before.is_whitespace(),
                ':' => rest[at + 1..].chars().next().is_none_or(|next| {
                    next.is_whitespace() || (in_flow && matches!(next, ',' | '[' | ']' | '{' | '}'))
                }),
                ',' | '[' | ']' | '{' | '}' => in_flow,
                _ => false,
            };
            // At least one character, so that every step goes on.
            if stops && at > 0 {
                break;
            }
            end = at + character.len_utf8();
            before = character;
        }
        let word = rest[..end].trim_end();
        while self.scanner.at() < start + word.len() {
            self.scanner.next();
        }
        self.colour_scalar(start, word_kind(word))
    }

    /// Colours a scalar that ends here; it is a key where a colon follows.
    fn colour_scalar(&mut self, start: usize, kind: Option<Kind>) -> bool {
        let after = self.scanner.rest().trim_start_matches([' ', '\t']);
        let is_key = after
            .strip_prefix(':')
            .is_some_and(|after| self.flow > 0 || after.is_empty() || after.starts_with(char::is_whitespace));
        self.scanner.colour(
            start,
            if is_key {
                Kind::Key
            } else {
                kind.unwrap_or(Kind::String)
            },
        );
        is_key
    }
}
