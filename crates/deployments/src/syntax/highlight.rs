//! The colours of a text. The scanners judge nothing: whatever the text, they colour what they make of it.

use super::{Span, Syntax, ini, json, nginx, yaml};

/// The coloured parts of a text: in order, not overlapping, none empty, at character boundaries. What is in none has no colour.
/// Takes time in proportion to the text's length.
pub fn highlight(syntax: Syntax, text: &str) -> Vec<Span> {
    match syntax {
        Syntax::Plain => Vec::new(),
        Syntax::Json => json::scan(text),
        Syntax::Yaml => yaml::scan(text),
        Syntax::Ini => ini::scan(text),
        Syntax::Nginx => nginx::scan(text),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::syntax::Kind;

    /// Each part with the first letters of its kind.
    fn shown(syntax: Syntax, text: &str) -> String {
        highlight(syntax, text)
            .iter()
            .map(|span| {
                let kind = match span.kind {
                    Kind::Key => "k",
                    Kind::String => "s",
                    Kind::Number => "n",
                    Kind::Literal => "l",
                    Kind::Comment => "c",
                    Kind::Punctuation => return text[span.range.clone()].to_owned(),
                    Kind::Section => "S",
                };
                format!("{kind}<{}>", &text[span.range.clone()])
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn json() {
        assert_eq!(
            shown(Syntax::Json, "{\"名\" : \"a\\\"b\", \"n\": [-1.5e3, true]} // x"),
            "{ k<\"名\"> : s<\"a\\\"b\"> , k<\"n\"> : [ n<-1.5e3> , l<true> ] } c<// x>"
        );
        assert_eq!(
            shown(Syntax::Json, "{\"open: 1\n\"a\": nul"),
            "{ s<\"open: 1> k<\"a\"> :"
        );
    }

    #[test]
    fn yaml() {
        assert_eq!(
            shown(
                Syntax::Yaml,
                "# 注释\nkey: value # c\n\"q\": 'it''s'\nn: 1.5\nb: true\nurl: http://x:80/#a\n"
            ),
            "c<# 注释> k<key> : s<value> c<# c> k<\"q\"> : s<'it''s'> k<n> : n<1.5> k<b> : l<true> k<url> : s<http://x:80/#a>"
        );
        assert_eq!(
            shown(
                Syntax::Yaml,
                "---\n- a: {b: [1, x]}\n  c: &anchor !tag v\n- *anchor\n- <<: *anchor\n"
            ),
            "S<---> - k<a> : { k<b> : [ n<1> , s<x> ] } k<c> : l<&anchor> l<!tag> s<v> - l<*anchor> - k<<<> : l<*anchor>"
        );
        assert_eq!(
            shown(
                Syntax::Yaml,
                "run: |\n  # no comment\n  a: b\n\nnext: >-\n  text\n- |2\n  x\nlast: 1\n"
            ),
            "k<run> : | s<  # no comment> s<  a: b> k<next> : >- s<  text> - |2 s<  x> k<last> : n<1>"
        );
        assert_eq!(
            shown(Syntax::Yaml, "a: \"two\r\n  lines\"\r\nb: 1\r\n"),
            "k<a> : s<\"two\r\n  lines\"> k<b> : n<1>"
        );
    }

    #[test]
    fn ini() {
        assert_eq!(
            shown(
                Syntax::Ini,
                "; c\n[server]\nport = 80\nname=\"a b\" # x\nexport A=b\ndir /data\n"
            ),
            "c<; c> S<[server]> k<port> = n<80> k<name> = s<\"a b\"> c<# x> k<export A> = s<b> k<dir> s</data>"
        );
    }

    #[test]
    fn nginx() {
        assert_eq!(
            shown(
                Syntax::Nginx,
                "server { # c\n  listen 80;\n  return 301 https://$host\"/a;b\";\n}"
            ),
            "k<server> { c<# c> k<listen> n<80> ; k<return> n<301> s<https://> l<$host> s<\"/a;b\"> ; }"
        );
    }

    #[test]
    fn long_texts_take_time_in_proportion() {
        for (syntax, text) in [
            (Syntax::Json, "\"".to_owned() + &"\\\" ".repeat(300_000)),
            (Syntax::Json, "\"a\"  ".repeat(200_000)),
            (Syntax::Yaml, "[".repeat(500_000)),
            (Syntax::Yaml, "a: ".repeat(300_000)),
            (Syntax::Yaml, "- ".repeat(300_000)),
            (Syntax::Yaml, "'".to_owned() + &"a: |\n".repeat(100_000)),
            (Syntax::Ini, "=".repeat(500_000)),
            // White space that is no space.
            (Syntax::Ini, "a=\u{a0}\u{2003}".repeat(100_000)),
            (Syntax::Yaml, "\u{a0}\u{2003}a: \u{b}".repeat(100_000)),
            (Syntax::Nginx, "$a{".repeat(300_000)),
        ] {
            let spans = highlight(syntax, &text);
            assert!(!spans.is_empty());
        }
    }

    proptest! {
        #[test]
        fn parts_are_in_order_and_at_boundaries(
            text in "(?s).{0,200}|([ \t]{0,4}([-?:|>\\[\\]{},#&*!'\"\\\\$;=/]|ab|密|1|true|---| |\r?\n)){0,60}"
        ) {
            for syntax in [Syntax::Plain, Syntax::Json, Syntax::Yaml, Syntax::Ini, Syntax::Nginx] {
                let mut end = 0;
                for span in highlight(syntax, &text) {
                    prop_assert!(span.range.start >= end && span.range.start < span.range.end, "{:?} {:?}", syntax, span);
                    prop_assert!(text.get(span.range.clone()).is_some());
                    end = span.range.end;
                }
            }
        }

        #[test]
        fn checks_do_not_panic(text in "(?s).{0,200}|([ ]{0,4}([-?:|>\\[\\]{},#&*!'\"%@`\\\\]|ab|密|1|---|<<| |\r?\n|\t)){0,60}") {
            for syntax in [Syntax::Json, Syntax::Yaml] {
                if let Err(error) = crate::syntax::check(syntax, &text) {
                    let lines = text.split('\n').count();
                    prop_assert!((1..=lines + 1).contains(&error.line) && error.column > 0, "{:?}", error);
                }
            }
        }
    }
}
