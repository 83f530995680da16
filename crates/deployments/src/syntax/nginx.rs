//! Colours of directives and blocks, as nginx has them.

use super::scanner::{Scanner, word_kind};
use super::{Kind, Span};

pub(super) fn scan(text: &str) -> Vec<Span> {
    let mut scanner = Scanner::new(text);
    // A directive begins the text, and comes after `;`, `{` and `}`.
    let mut begins = true;
    while let Some(character) = scanner.peek() {
        let start = scanner.at();
        match character {
            '#' => {
                scanner.take_line();
                scanner.colour(start, Kind::Comment);
            }
            ';' | '{' | '}' => {
                scanner.punctuation();
                begins = true;
            }
            '"' | '\'' => {
                scanner.take_quoted(Some('\\'), true);
                scanner.colour(start, Kind::String);
                begins = false;
            }
            '$' => {
                scanner.next();
                scanner.take_while(|c| c.is_alphanumeric() || c == '_');
                scanner.colour(start, Kind::Literal);
                begins = false;
            }
            character if character.is_whitespace() => {
                scanner.next();
            }
            _ => {
                let word =
                    scanner.take_while(|c| !c.is_whitespace() && !matches!(c, ';' | '{' | '}' | '"' | '\'' | '$'));
                let kind = if begins {
                    Kind::Key
                } else {
                    word_kind(word).unwrap_or(Kind::String)
                };
                scanner.colour(start, kind);
                begins = false;
            }
        }
    }
    scanner.finish()
}
