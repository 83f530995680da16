//! The little that must be understood of HTML: the tags of our own page, which trunk writes.

use std::ops::Range;

/// A tag such as `<link rel="stylesheet" href="a.css">`.
pub struct Tag<'a> {
    /// Where it is in the page.
    pub range: Range<usize>,
    text: &'a str,
}

/// All tags of that name, outside comments.
pub fn tags<'a>(page: &'a str, name: &str) -> Vec<Tag<'a>> {
    let opening = format!("<{name}");
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = page[at..].find('<').map(|next| at + next) {
        if page[next..].starts_with("<!--") {
            at = page[next..]
                .find("-->")
                .map_or(page.len(), |end| next + end + "-->".len());
            continue;
        }
        let end = page[next..].find('>').map_or(page.len(), |end| next + end + 1);
        let text = &page[next..end];
        let rest = text.strip_prefix(opening.as_str());
        if rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/')) {
            found.push(Tag { range: next..end, text });
        }
        at = end;
    }
    found
}

impl Tag<'_> {
    /// What it is: `link`.
    pub fn name(&self) -> &str {
        let name = self.text.trim_start_matches('<');
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        &name[..end]
    }

    /// The value of an attribute written with quotation marks.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let mut rest = self.text;
        loop {
            let at = rest.find(name)?;
            let own = rest[..at].ends_with(char::is_whitespace);
            rest = &rest[at + name.len()..];
            let Some(value) = rest.strip_prefix('=') else { continue };
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            if let Some(quote) = quote.filter(|_| own) {
                return value[1..].split(quote).next();
            }
        }
    }
}

/// The page without the tags that told trunk what to do, and without the lines that they and others left empty.
pub fn without_build_instructions(page: &str) -> String {
    let mut cleaned = page.to_owned();
    for tag in tags(page, "link")
        .iter()
        .rev()
        .filter(|tag| tag.text.contains(" data-trunk "))
    {
        cleaned.replace_range(tag.range.clone(), "");
    }
    let lines = cleaned.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn build_instructions_do_not_reach_the_browser() {
        let page = "<head>\n  <link data-trunk rel=\"rust\" />\n  <link rel=\"icon\" />\n\n</head>";
        assert_eq!(
            without_build_instructions(page),
            "<head>\n  <link rel=\"icon\" />\n</head>\n"
        );
    }

    #[test]
    fn tags_and_attributes_are_found() {
        let page = r#"<!-- <link href="no.css"> --><head><link data-href="x" rel="stylesheet" href='a.css'/><links><link></head>"#;
        let links = tags(page, "link");
        assert_eq!(links.len(), 2);
        assert_eq!(links[0].attribute("href"), Some("a.css"));
        assert_eq!(links[0].attribute("rel"), Some("stylesheet"));
        assert_eq!(links[1].attribute("href"), None);
        assert_eq!((links[0].name(), links[1].name()), ("link", "link"));
        assert_eq!(&page[links[1].range.clone()], "<link>");
    }
}
