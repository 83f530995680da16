//! What all scanners share: a position in a text, and the coloured parts before it.

use super::{Kind, Span};

/// Walks through a text once.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    spans: Vec<Span>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            spans: Vec::new(),
        }
    }

    /// The coloured parts.
    pub(super) fn finish(self) -> Vec<Span> {
        self.spans
    }

    /// Where it is, in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What comes.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes the next character.
    pub(super) fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += character.len_utf8();
        Some(character)
    }

    /// Takes characters as long as they fit; says which.
    pub(super) fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !fits(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// Takes what is left of the line, without its end.
    pub(super) fn take_line(&mut self) -> &'a str {
        self.take_while(|c| c != '\n')
    }

    /// Takes white space, as far as the line goes.
    pub(super) fn skip_spaces(&mut self) {
        self.take_while(|c| c != '\n' && c.is_whitespace());
    }

    /// Colours from a position to here.
    pub(super) fn colour(&mut self, start: usize, kind: Kind) {
        let end = self.text[start..self.at].trim_end_matches(['\r', '\n']).len() + start;
        if start < end {
            self.spans.push(Span {
                range: start..end,
                kind,
            });
        }
    }

    /// Takes the next character and colours it.
    pub(super) fn punctuation(&mut self) {
        let start = self.at;
        self.next();
        self.colour(start, Kind::Punctuation);
    }

    /// Takes a quoted text, up to its closing quote or a place where it cannot go on: the end of the line, unless it may have several.
    pub(super) fn take_quoted(&mut self, escape: Option<char>, lines: bool) {
        let Some(quote) = self.next() else { return };
        while let Some(character) = self.peek() {
            if character == '\n' && !lines {
                return;
            }
            self.next();
            if character == quote {
                return;
            }
            if Some(character) == escape && self.peek().is_some_and(|next| next != '\n' || lines) {
                self.next();
            }
        }
    }
}

/// What a word without quotes is: a number, a literal, or nothing in particular.
pub(super) fn word_kind(word: &str) -> Option<Kind> {
    if is_number(word) {
        return Some(Kind::Number);
    }
    let lower = word.to_ascii_lowercase();
    let is_literal = matches!(
        lower.as_str(),
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "~"
    );
    is_literal.then_some(Kind::Literal)
}

/// A number as configuration files have them: signs, fractions, exponents, other bases, and a unit of few letters after it (`10m`, `1.5Gi`).
fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix(['-', '+']).unwrap_or(word);
    if let Some(digits) = digits.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let unit = digits
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '_')))
        .map_or("", |at| &digits[at..]);
    let exponent = unit
        .strip_prefix(['e', 'E'])
        .map(|e| e.strip_prefix(['-', '+']).unwrap_or(e));
    let is_exponent = exponent.is_some_and(|e| !e.is_empty() && e.bytes().all(|byte| byte.is_ascii_digit()));
    is_exponent || (unit.len() <= 2 && unit.bytes().all(|byte| byte.is_ascii_alphabetic())) || unit == "%"
}
