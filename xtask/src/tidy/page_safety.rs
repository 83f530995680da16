//! What the Content-Security-Policy and the rule "every text from the network is text" forbid, and texts outside the locales.

use super::{Finding, Source, without_comments, word_positions};

const MARKUP_FROM_TEXT: &[&str] = &[
    "inner_html",
    "set_inner_html",
    "outer_html",
    "set_outer_html",
    "insert_adjacent_html",
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
];

/// Attributes that people read or hear.
const SPOKEN: &[&str] = &[
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "placeholder",
    "title",
];

/// So few letters are a sign (`Aa` for upper and lower case), not a text to be translated.
const GLYPH: usize = 2;

/// Checks one file.
pub fn check(source: &Source, findings: &mut Vec<Finding>) {
    if source.is_rust_in("src/") {
        let code = without_comments(&source.text);
        for word in MARKUP_FROM_TEXT {
            findings.extend(
                word_positions(&code, word).map(|at| source.finding(at, format!("`{word}` would take text as markup"))),
            );
        }
        for at in style_attributes(&code) {
            findings.push(source.finding(
                at,
                "a style attribute is against the page's policy: use a class, or `style:property=`",
            ));
        }
        if is_view(&source.path) {
            for (at, text) in texts_in_views(&code) {
                findings.push(source.finding(at, format!("\"{text}\" is a text in code: give it a key in locales/")));
            }
        }
    }
    if source.path.starts_with("public/") && source.path.ends_with(".js") {
        for word in MARKUP_FROM_TEXT.iter().chain(&["eval"]) {
            findings.extend(
                word_positions(&source.text, word)
                    .map(|at| source.finding(at, format!("`{word}` is against the page's policy"))),
            );
        }
    }
    if source.path == "index.html" {
        for at in style_attributes(&source.text) {
            findings.push(source.finding(at, "a style attribute is against the page's policy"));
        }
        for (at, _) in source.text.match_indices("<script") {
            let tag = source.text[at..].split('>').next().unwrap_or_default();
            if !tag.contains(" src=") {
                findings.push(source.finding(at, "an inline script is against the page's policy"));
            }
        }
        for (at, _) in source.text.match_indices("<style") {
            findings.push(source.finding(at, "an inline style sheet is against the page's policy"));
        }
    }
}

fn is_view(path: &str) -> bool {
    path == "src/app.rs"
        || path.starts_with("src/shell/")
        || path.starts_with("src/pages/")
        || path.starts_with("src/components/")
}

fn style_attributes(text: &str) -> impl Iterator<Item = usize> {
    text.match_indices("style=")
        .map(|(at, _)| at)
        .filter(|at| text[..*at].ends_with(char::is_whitespace))
}

/// Texts written between tags, or as the value of an attribute that people read or hear.
fn texts_in_views(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (at, text) in strings(code) {
        let before = code[..at].trim_end();
        let after = code[at + text.len() + 2..].trim_start();
        let between_tags =
            before.ends_with('>') && !before.ends_with("=>") && !before.ends_with("->") && after.starts_with('<');
        let spoken = before.strip_suffix('=').is_some_and(|before| {
            SPOKEN.iter().any(|name| {
                before
                    .strip_suffix(name)
                    .is_some_and(|before| before.ends_with(char::is_whitespace))
            })
        });
        if (between_tags || spoken) && text.chars().filter(|c| c.is_alphabetic()).count() > GLYPH {
            found.push((at, text));
        }
    }
    found
}

/// The string literals of Rust code without comments: where they start, and what is between the quotation marks.
fn strings(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = code[at..].find('"').map(|next| at + next) {
        if code[..next].ends_with('\'') && code[next + 1..].starts_with('\'') {
            at = next + 1;
            continue;
        }
        let length = super::string_length(&code[next..]);
        if length >= 2 && code[next..next + length].ends_with('"') {
            found.push((next, &code[next + 1..next + length - 1]));
        }
        at = next + length.max(1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::problems;
    use super::*;

    #[test]
    fn markup_is_never_made_of_text() {
        assert_eq!(problems(check, "src/pages/a.rs", "<p inner_html=text/>").len(), 1);
        assert!(problems(check, "src/pages/a.rs", "// no inner_html").is_empty());
    }

    #[test]
    fn style_attributes_are_found() {
        assert_eq!(problems(check, "src/pages/a.rs", "<p style=\"a: b\"/>").len(), 1);
        assert_eq!(problems(check, "src/pages/a.rs", "<p\n style=move || a/>").len(), 1);
        assert!(problems(check, "src/pages/a.rs", "<p style:width=move || a/>").is_empty());
        assert_eq!(problems(check, "index.html", "<script>a()</script>").len(), 1);
        assert!(problems(check, "index.html", "<script type=\"module\" src=\"boot.js\"></script>").is_empty());
    }

    #[test]
    fn texts_belong_to_the_locales() {
        assert_eq!(problems(check, "src/pages/a.rs", "<p>\"Two words\"</p>").len(), 1);
        assert_eq!(problems(check, "src/pages/a.rs", "<p aria-label=\"Menu\"/>").len(), 1);
        for fine in [
            "<p class=\"two words\">{t(Text::A)}</p>",
            "<p>\"–\"</p>",
            "match a { 1 => \"one\", _ => \"two\" }",
            "f(\"key\")",
        ] {
            assert!(problems(check, "src/pages/a.rs", fine).is_empty(), "{fine}");
        }
    }
}
