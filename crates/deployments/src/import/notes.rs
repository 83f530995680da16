//! What is gathered of things that are not carried over.

use super::{NotCarried, Reason};
use crate::tree::Node;

/// How many characters of a value are shown.
const SHOWN: usize = 60;

/// How many things are listed: a text that has more is not what it seems, and nobody reads on.
const MOST: usize = 1000;

/// What is shown of a value that may be secret.
pub(super) const MASK: &str = "•••";

/// The list of what is not carried over.
#[derive(Default)]
pub(super) struct Notes {
    list: Vec<NotCarried>,
}

impl Notes {
    /// Adds something with a value that is not secret.
    pub(super) fn add(&mut self, path: impl Into<String>, value: &str, reason: Reason) {
        if self.list.len() < MOST {
            self.list.push(NotCarried {
                path: path.into(),
                value: shortened(value),
                reason,
            });
        }
    }

    /// Adds something with what stands in a tree, whose key says whether it may be secret.
    pub(super) fn add_node(&mut self, path: impl Into<String>, key: &str, node: &Node, reason: Reason) {
        if self.list.len() < MOST {
            let mut value = String::new();
            show(node, is_secret(key), &mut value);
            self.add(path, &value, reason);
        }
    }

    /// The list.
    pub(super) fn into_list(self) -> Vec<NotCarried> {
        self.list
    }
}

/// On one line, and not longer than people read.
fn shortened(value: &str) -> String {
    let mut short = String::new();
    let mut characters = value.trim().chars();
    for character in characters.by_ref().take(SHOWN) {
        short.push(if character.is_control() { ' ' } else { character });
    }
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

/// As YAML writes it on one line, no further than is shown.
fn show(node: &Node, masked: bool, out: &mut String) {
    if out.len() > 4 * SHOWN {
        return;
    }
    match node {
        Node::Scalar { text, .. } if masked && !text.is_empty() => out.push_str(MASK),
        Node::Scalar { text, .. } => out.push_str(&without_login(text.get(..LOOKED_AT).unwrap_or(text))),
        Node::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                show(item, masked, out);
                if out.len() > 4 * SHOWN {
                    return;
                }
            }
            out.push(']');
        }
        Node::Map(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                out.push_str(key);
                out.push_str(": ");
                show(value, masked || is_secret(key), out);
                if out.len() > 4 * SHOWN {
                    return;
                }
            }
            out.push('}');
        }
    }
}

/// So much of a long text is looked at, in bytes.
const LOOKED_AT: usize = 4096;

/// Words in names of what must not be seen.
const SECRET_WORDS: &[&str] = &[
    "pass",
    "secret",
    "token",
    "credential",
    "private",
    "apikey",
    "api_key",
    "api-key",
    "accesskey",
    "access_key",
    "auth",
    "seed",
    "env",
    "stringdata",
    "args",
    "command",
    "test",
    "cmd",
    "label",
    "annotation",
    "content",
];

/// Whether what has this name may be secret. Environments, labels and command lines may contain anything.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_WORDS.iter().any(|word| name.contains(word))
}

/// What is shown of a text that may be secret: the name of what is assigned, where it is an assignment.
pub(super) fn masked(text: &str) -> String {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    match text.split_once('=') {
        Some((name, _)) if is_name(name) => format!("{name}={MASK}"),
        _ => MASK.to_owned(),
    }
}

/// Without the password of an address (`scheme://user:password@host`), and without what is assigned to a secret name (`password=…`).
pub(super) fn without_login(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let login = word.find("://").and_then(|at| {
            let start = at + 3;
            let end = start + word[start..].rfind('@')?;
            let colon = start + word[start..end].find(':')?;
            Some((colon + 1, end))
        });
        match login {
            Some((from, to)) => out.extend([&word[..from], MASK, &word[to..]]),
            None => without_assigned(word, &mut out),
        }
    }
    out
}

fn without_assigned(word: &str, out: &mut String) {
    let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '&' | '?');
    for part in word.split_inclusive(is_end) {
        match part.split_once('=') {
            Some((name, value)) if is_secret(name) => {
                let end = value.find(is_end).unwrap_or(value.len());
                out.extend([name, "=", MASK, &value[end..]]);
            }
            _ => out.push_str(part),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(key: &str, yaml: &str) -> String {
        let node = crate::tree::yaml(yaml).unwrap().remove(0);
        let mut notes = Notes::default();
        notes.add_node("p", key, &node, Reason::NotSupported);
        notes.into_list().remove(0).value
    }

    #[test]
    fn secrets_are_masked() {
        assert_eq!(shown("volumes", "[a, {b: c}]"), "[a, {b: c}]");
        assert_eq!(
            shown("db", "{user: me, password: hunter2}"),
            "{user: me, password: •••}"
        );
        assert_eq!(shown("environment", "[A=hunter2]"), "[•••]");
        assert_eq!(shown("x-url", "postgres://me:hunter2@db/x"), "postgres://me:•••@db/x");
        assert_eq!(
            shown("x", "--requirepass=hunter2 --port=1"),
            "--requirepass=••• --port=1"
        );
    }

    #[test]
    fn long_values_are_shortened() {
        let value = shown("x", &format!("[{}]", "很长, ".repeat(10_000)));
        assert_eq!(value.chars().count(), SHOWN + 1);
        assert_eq!(shown("x", "|\n  a\n  b\n"), "a b");
    }
}
