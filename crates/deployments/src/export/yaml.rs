//! Writes YAML that people like to read: plain where it can be, quoted where it must be, files as blocks.

/// Text that grows line by line.
#[derive(Default)]
pub(super) struct Yaml {
    text: String,
}

impl Yaml {
    /// What was written.
    pub(super) fn finish(self) -> String {
        self.text
    }

    /// A line as it is, so deep.
    pub(super) fn line(&mut self, depth: usize, line: &str) {
        for _ in 0..depth {
            self.text.push_str("  ");
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A key with a scalar. The key may begin with the dash of a list.
    pub(super) fn scalar(&mut self, depth: usize, key: &str, value: &str) {
        self.line(depth, &format!("{key}: {}", scalar(value)));
    }

    /// A key with a list of scalars on one line.
    pub(super) fn words(&mut self, depth: usize, key: &str, words: &[String]) {
        if !words.is_empty() {
            let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
            self.line(depth, &format!("{key}: [{}]", words.join(", ")));
        }
    }

    /// A key with a text that may have many lines.
    pub(super) fn text(&mut self, depth: usize, key: &str, value: &str) {
        let Some((header, lines)) = block(value) else {
            return self.scalar(depth, key, value);
        };
        self.line(depth, &format!("{key}: {header}"));
        for line in lines.split('\n') {
            if line.is_empty() {
                self.text.push('\n');
            } else {
                self.line(depth + 1, line);
            }
        }
    }
}

/// The header of a block, and its lines without the last end; `None` for what a block cannot hold as it is.
fn block(value: &str) -> Option<(&'static str, &str)> {
    let (header, lines) = match value.strip_suffix('\n') {
        Some(lines) => ("|", lines),
        None => ("|-", value),
    };
    let begins_right = lines.starts_with(|c: char| !c.is_whitespace());
    let is_printable =
        |c: char| c == '\n' || c == '\t' || !(is_unprintable(c) || c == '\u{85}' || c == '\u{2028}' || c == '\u{2029}');
    let is_block = value.contains('\n')
        && begins_right
        && !lines.ends_with('\n')
        && lines.chars().all(is_printable)
        // Lines of nothing but white space look like empty ones.
        && lines.split('\n').all(|line| line.is_empty() || !line.trim().is_empty());
    is_block.then_some((header, lines))
}

fn is_unprintable(character: char) -> bool {
    character.is_control() || matches!(character, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// A scalar that is read as the same text again.
pub(super) fn scalar(value: &str) -> String {
    let mut characters = value.chars();
    let begins_right = characters
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '/' || c == '_');
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/_.-:@=+".contains(c);
    let is_special = matches!(
        value.to_ascii_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "null"
    );
    if begins_right && characters.all(is_plain) && !value.ends_with(':') && !is_special {
        value.to_owned()
    } else {
        quoted(value)
    }
}

/// In double quotes.
pub(super) fn quoted(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    out.push('"');
    for character in value.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_unprintable(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{a0}') => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
