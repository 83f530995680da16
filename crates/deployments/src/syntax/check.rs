//! Whether a text keeps the rules of its syntax.

use serde::de::IgnoredAny;

use super::{Syntax, SyntaxError};
use crate::tree;

/// Checks JSON and YAML (also several documents); texts of other syntaxes are taken as right.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(syntax: Syntax, text: &str) -> Result<(), SyntaxError> {
    match syntax {
        Syntax::Json => {
            let text = without_mark(text);
            serde_json::from_str::<IgnoredAny>(text)
                .map(|_| ())
                .map_err(|error| json_error(text, &error))
        }
        Syntax::Yaml => tree::yaml(text).map(|_| ()),
        Syntax::Plain | Syntax::Ini | Syntax::Nginx => Ok(()),
    }
}

/// Without the byte order mark that some editors put first.
pub(crate) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Where and what, from an error of `serde_json` about a text.
pub(crate) fn json_error(text: &str, error: &serde_json::Error) -> SyntaxError {
    let said = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = said.strip_suffix(&place).unwrap_or(&said);
    // It counts in bytes, and 0 before the first of a line.
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let column = line.char_indices().take_while(|(at, _)| *at < error.column()).count();
    SyntaxError {
        line: error.line().max(1),
        column: column.max(1),
        message: without_quotations(message),
    }
}

/// What stands between quotation marks is from the text, and may be secret.
fn without_quotations(message: &str) -> String {
    for (opening, closing) in [('"', '"'), ('“', '”')] {
        let inside = message.find(opening).map(|at| at + opening.len_utf8());
        if let (Some(from), Some(to)) = (inside, message.rfind(closing))
            && from < to
        {
            return format!("{}…{}", &message[..from], &message[to..]);
        }
    }
    message.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line and column of what is wrong.
    fn wrong(syntax: Syntax, text: &str) -> Option<(usize, usize)> {
        check(syntax, text).err().map(|error| (error.line, error.column))
    }

    #[test]
    fn json_errors_have_a_place_in_characters() {
        assert_eq!(wrong(Syntax::Json, "{\"名\": [1, 2.5e3, true, null]}"), None);
        assert_eq!(wrong(Syntax::Json, "\u{feff}{}"), None);
        assert_eq!(wrong(Syntax::Json, "{\n  \"名字\": x\n}"), Some((2, 9)));
        assert_eq!(wrong(Syntax::Json, "{\"a\": 1,}"), Some((1, 9)));
        assert_eq!(wrong(Syntax::Json, ""), Some((1, 1)));
        assert_eq!(wrong(Syntax::Json, "{} {}"), Some((1, 4)));
        assert!(check(Syntax::Json, &"[".repeat(100_000)).is_err());
    }

    #[test]
    fn yaml_errors_have_a_place_in_characters() {
        assert_eq!(wrong(Syntax::Yaml, "a: 1\n---\nb: [1, 2]\n...\n"), None);
        assert_eq!(wrong(Syntax::Yaml, ""), None);
        assert_eq!(wrong(Syntax::Yaml, "? [a, b]\n: c\n"), None);
        assert!(wrong(Syntax::Yaml, "a: [1, 2\nb: 3\n").is_some());
        assert_eq!(wrong(Syntax::Yaml, "名: 1\n字: 2\n名: 3\n"), Some((3, 1)));
        assert_eq!(wrong(Syntax::Yaml, "a: 1\n---\n  b: *none\n"), Some((3, 6)));
        assert_eq!(wrong(Syntax::Yaml, "a:\n\tb: 1\n").map(|(line, _)| line), Some(2));
        // An editor shows one line.
        assert_eq!(wrong(Syntax::Yaml, "a: 1\ra: 2").map(|(line, _)| line), Some(1));
    }

    #[test]
    fn other_syntaxes_are_not_judged() {
        for syntax in [Syntax::Plain, Syntax::Ini, Syntax::Nginx] {
            assert_eq!(check(syntax, "{{{ not [ closed"), Ok(()));
        }
    }
}
