//! Colours of sections, and keys with values.

use super::scanner::{Scanner, word_kind};
use super::{Kind, Span};

pub(super) fn scan(text: &str) -> Vec<Span> {
    let mut scanner = Scanner::new(text);
    while scanner.peek().is_some() {
        line(&mut scanner);
        scanner.next();
    }
    scanner.finish()
}

fn line(scanner: &mut Scanner<'_>) {
    scanner.skip_spaces();
    let start = scanner.at();
    match scanner.peek() {
        None | Some('\n') => return,
        Some('#' | ';' | '!') => {
            scanner.take_line();
            return scanner.colour(start, Kind::Comment);
        }
        Some('[') => {
            scanner.take_while(|c| !matches!(c, ']' | '\n'));
            scanner.take_while(|c| c == ']');
            scanner.colour(start, Kind::Section);
            return values(scanner);
        }
        Some(_) => {}
    }
    let line = scanner.rest().split('\n').next().unwrap_or_default();
    // `name=value`, `name: value`, or a directive with its arguments after a space.
    let separator = line.find(['=', ':']);
    let key = match separator {
        Some(at) => line[..at].trim_end().len(),
        None => line.find([' ', '\t']).unwrap_or(line.trim_end().len()),
    };
    let mut characters = line[..key].chars();
    while characters.next().is_some() {
        scanner.next();
    }
    scanner.colour(start, Kind::Key);
    scanner.skip_spaces();
    if separator.is_some() {
        scanner.punctuation();
    }
    values(scanner);
}

fn values(scanner: &mut Scanner<'_>) {
    loop {
        scanner.skip_spaces();
        let start = scanner.at();
        match scanner.peek() {
            None | Some('\n') => return,
            Some('#' | ';') => {
                scanner.take_line();
                scanner.colour(start, Kind::Comment);
            }
            Some('"' | '\'') => {
                scanner.take_quoted(Some('\\'), false);
                scanner.colour(start, Kind::String);
            }
            Some('[' | ']' | '{' | '}' | ',') => scanner.punctuation(),
            Some(_) => {
                let word = scanner.take_while(|c| !c.is_whitespace() && !matches!(c, ',' | '[' | ']' | '{' | '}'));
                scanner.colour(start, word_kind(word).unwrap_or(Kind::String));
            }
        }
    }
}
