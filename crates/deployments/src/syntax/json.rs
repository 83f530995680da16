//! Colours of JSON, also with comments.

use super::scanner::{Scanner, word_kind};
use super::{Kind, Span};

pub(super) fn scan(text: &str) -> Vec<Span> {
    let mut scanner = Scanner::new(text);
    while let Some(character) = scanner.peek() {
        let start = scanner.at();
        match character {
            '"' => {
                scanner.take_quoted(Some('\\'), false);
                let kind = if scanner.rest().trim_start().starts_with(':') {
                    Kind::Key
                } else {
                    Kind::String
                };
                scanner.colour(start, kind);
            }
            '{' | '}' | '[' | ']' | ',' | ':' => scanner.punctuation(),
            '/' if scanner.rest().starts_with("//") => {
                scanner.take_line();
                scanner.colour(start, Kind::Comment);
            }
            character if is_word(character) => {
                let word = scanner.take_while(is_word);
                if let Some(kind) = word_kind(word).filter(|kind| *kind == Kind::Number || is_literal(word)) {
                    scanner.colour(start, kind);
                }
            }
            _ => {
                scanner.next();
            }
        }
    }
    scanner.finish()
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '-' | '+' | '.' | '_')
}

fn is_literal(word: &str) -> bool {
    matches!(word, "true" | "false" | "null")
}
