//! The entries of a map: what nobody asked for is listed as not carried over.

use super::Reason;
use super::notes::Notes;
use crate::tree::Node;

/// The entries of a map that are left to be read.
pub(super) struct Fields<'a> {
    path: String,
    entries: Vec<(&'a str, &'a Node)>,
}

impl<'a> Fields<'a> {
    /// The entries of a node; of one that is no map none, with a note.
    pub(super) fn of(node: &'a Node, path: impl Into<String>, notes: &mut Notes) -> Self {
        let path = path.into();
        let entries = match node {
            Node::Map(entries) => entries.iter().map(|(key, value)| (key.as_str(), value)).collect(),
            other => {
                if !other.is_null() {
                    notes.add_node(path.clone(), &path, other, Reason::NotUnderstood);
                }
                Vec::new()
            }
        };
        Self { path, entries }
    }

    /// Where an entry is.
    pub(super) fn path(&self, key: &str) -> String {
        join(&self.path, key)
    }

    /// Takes an entry. `None` also where it is there with nothing in it.
    pub(super) fn take(&mut self, key: &str) -> Option<&'a Node> {
        let at = self.entries.iter().position(|(name, _)| *name == key)?;
        let (_, node) = self.entries.remove(at);
        (!node.is_null()).then_some(node)
    }

    /// Takes an entry with a scalar; another is noted.
    pub(super) fn text(&mut self, key: &str, notes: &mut Notes) -> Option<&'a str> {
        let node = self.take(key)?;
        if node.text().is_none() {
            notes.add_node(self.path(key), key, node, Reason::NotUnderstood);
        }
        node.text()
    }

    /// Takes an entry with a list; another is noted.
    pub(super) fn list(&mut self, key: &str, notes: &mut Notes) -> &'a [Node] {
        match self.take(key) {
            Some(Node::List(items)) => items,
            Some(other) => {
                notes.add_node(self.path(key), key, other, Reason::NotUnderstood);
                &[]
            }
            None => &[],
        }
    }

    /// Takes an entry with a map.
    pub(super) fn fields(&mut self, key: &str, notes: &mut Notes) -> Option<Fields<'a>> {
        let path = self.path(key);
        self.take(key).map(|node| Fields::of(node, path, notes))
    }

    /// Takes entries and notes them for a reason.
    pub(super) fn note(&mut self, keys: &[&str], reason: &Reason, notes: &mut Notes) {
        for key in keys {
            if let Some(node) = self.take(key)
                && !is_empty(node)
            {
                notes.add_node(self.path(key), key, node, reason.clone());
            }
        }
    }

    /// The rest.
    pub(super) fn rest(self) -> impl Iterator<Item = (&'a str, &'a Node)> {
        self.entries.into_iter()
    }

    /// Takes all that is left.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = (&'a str, &'a Node)> {
        self.entries.drain(..)
    }

    /// Notes the rest as not supported. What is empty says nothing.
    pub(super) fn finish(self, notes: &mut Notes) {
        let path = self.path;
        for (key, node) in self.entries {
            if !node.is_null() && !is_empty(node) {
                notes.add_node(join(&path, key), key, node, Reason::NotSupported);
            }
        }
    }
}

fn is_empty(node: &Node) -> bool {
    match node {
        Node::List(items) => items.is_empty(),
        Node::Map(entries) => entries.is_empty(),
        Node::Scalar { .. } => false,
    }
}

/// Where an entry of a map is.
pub(super) fn join(path: &str, key: &str) -> String {
    let is_plain = !key.is_empty() && !key.contains(|c: char| c.is_whitespace() || matches!(c, '.' | '[' | ']' | '"'));
    match (path.is_empty(), is_plain) {
        (_, false) => format!("{path}[\"{key}\"]"),
        (true, true) => key.to_owned(),
        (false, true) => format!("{path}.{key}"),
    }
}
