//! One style sheet out of the many that the page names.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::html;
use crate::page::INDEX;

/// The bundle's name, in the folder of the first style sheet.
const BUNDLE: &str = "console.css";

/// Joins the page's style sheets in their order into one file without comments, deletes the parts, and answers the page with
/// the one link in place of the many.
pub fn bundle(folder: &Path, page: &str) -> Result<String> {
    let links: Vec<_> = html::tags(page, "link")
        .into_iter()
        .filter(|link| link.attribute("rel") == Some("stylesheet"))
        .collect();
    let Some(first) = links.first() else {
        return Ok(page.to_owned());
    };
    let place = Path::new(first.attribute("href").context("a style sheet link has no href")?);
    let styles = place.parent().unwrap_or(Path::new(""));

    let mut text = String::new();
    let mut parts = Vec::new();
    for link in &links {
        let href = link.attribute("href").context("a style sheet link has no href")?;
        let file = folder.join(href);
        ensure!(
            Path::new(href).parent() == Some(styles),
            "{href}: all style sheets must be in one folder, for their relative addresses to stay right in the bundle"
        );
        ensure!(
            link.attribute("media").is_none(),
            "{href}: write the media query into the file, not at the link"
        );
        let part = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        ensure!(
            !part.contains("@import"),
            "{href}: name the imported file in {INDEX} instead of @import"
        );
        text.push_str(&minify(&part));
        text.push('\n');
        parts.push(file);
    }
    for part in parts {
        fs::remove_file(&part).with_context(|| format!("cannot remove {}", part.display()))?;
    }
    let bundle = styles.join(BUNDLE);
    fs::write(folder.join(&bundle), text).with_context(|| format!("cannot write {}", bundle.display()))?;

    let mut bundled = page.to_owned();
    for (index, link) in links.iter().enumerate().rev() {
        let replacement = if index == 0 {
            format!(r#"<link rel="stylesheet" href="{}">"#, bundle.display())
        } else {
            String::new()
        };
        bundled.replace_range(link.range.clone(), &replacement);
    }
    Ok(bundled)
}

/// The style sheet without comments and without white space that means nothing. Strings stay as they are.
fn minify(css: &str) -> String {
    let mut small = String::with_capacity(css.len());
    let mut rest = css;
    // White space seen, but not yet written: whether it is needed depends on what follows.
    let mut space = false;
    while let Some(next) = rest.chars().next() {
        if rest.starts_with("/*") {
            rest = rest.find("*/").map_or("", |end| &rest[end + 2..]);
            space = true;
            continue;
        }
        if next.is_whitespace() {
            rest = &rest[next.len_utf8()..];
            space = true;
            continue;
        }
        let after_separator = small
            .chars()
            .next_back()
            .is_none_or(|last| matches!(last, '{' | '}' | ';' | ','));
        if space && !after_separator && !matches!(next, '{' | '}' | ';' | ',') {
            small.push(' ');
        }
        space = false;
        let length = if matches!(next, '"' | '\'') {
            string_length(rest, next)
        } else {
            next.len_utf8()
        };
        small.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    small
}

/// The length of the string that starts the text, quotation marks included.
fn string_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return at + 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minified_style_sheets_mean_the_same() {
        let css = "/* head */\n.a :hover,\n.b > .c {\n  color: red; /* why */\n  content: \"a  /* b */ \\\" ; c\";\n  width: calc(1px + 2px);\n}\n";
        let small = ".a :hover,.b > .c{color: red;content: \"a  /* b */ \\\" ; c\";width: calc(1px + 2px);}";
        assert_eq!(minify(css), small);
    }

    #[test]
    fn a_comment_between_words_keeps_them_apart() {
        assert_eq!(minify("a/* x */b{}"), "a b{}");
    }

    #[test]
    fn links_become_one_in_their_order() {
        let folder = std::env::temp_dir().join(format!("xtask-css-{}", std::process::id()));
        fs::create_dir_all(folder.join("style")).expect("a folder");
        fs::write(folder.join("style/one.css"), "a { b: c }").expect("a file");
        fs::write(folder.join("style/two.css"), "d { e: f }").expect("a file");
        let page = r#"<link rel="stylesheet" href="style/one.css"><link rel="icon" href="i.svg"><link rel="stylesheet" href="style/two.css">"#;
        let bundled = bundle(&folder, page).expect("the bundle");
        assert_eq!(
            bundled,
            r#"<link rel="stylesheet" href="style/console.css"><link rel="icon" href="i.svg">"#
        );
        assert_eq!(
            fs::read_to_string(folder.join("style/console.css")).expect("the bundle"),
            "a{b: c}\nd{e: f}\n"
        );
        assert!(!folder.join("style/one.css").exists());
        fs::remove_dir_all(&folder).expect("cleaning up");
    }
}
