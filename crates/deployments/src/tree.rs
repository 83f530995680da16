//! A tree of what stands in a JSON or YAML text, with scalars as they are written: `1.10` stays `1.10`, `0755` stays `0755`.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};
use serde_json::Value;

use crate::import::LONGEST;
use crate::syntax::{SyntaxError, without_mark};

/// How deep lists and maps may lie in each other.
const DEEPEST: usize = 64;

/// How much a text may grow to by its aliases, in bytes and nodes. A text that is not built to explode stays far below.
pub(crate) const HEAVIEST: usize = 8 * LONGEST;

/// The same for a short text: without aliases none weighs more than nine bytes for each of its own, and editors check it at every key.
const GROWTH: usize = 16;

/// What the shortest text may grow to.
const LEAST: usize = 64 * 1024;

const TOO_DEEP: &str = "lists and maps lie too deep in each other";

/// What one node weighs beside its text.
const NODE: usize = 16;

/// A list, a map or a scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// A scalar.
    Scalar {
        /// What it says.
        text: String,
        /// Whether it stands without quotes, so that it may be a number, a boolean or nothing.
        plain: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the text.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// Whether it says that there is nothing.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Node::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// The scalar's text; `None` for lists, maps and where there is nothing.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Node::Scalar { text, .. } if !self.is_null() => Some(text),
            _ => None,
        }
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        match self {
            Node::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text of a key's value.
    pub(crate) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Node::text)
    }

    /// How deep lists and maps lie in it, with itself.
    fn depth(&self) -> usize {
        match self {
            Node::Scalar { .. } => 0,
            Node::List(items) => 1 + items.iter().map(Node::depth).max().unwrap_or_default(),
            Node::Map(entries) => 1 + entries.iter().map(|(_, value)| value.depth()).max().unwrap_or_default(),
        }
    }

    /// How much room it takes.
    pub(crate) fn weight(&self) -> usize {
        NODE + match self {
            Node::Scalar { text, .. } => text.len(),
            Node::List(items) => items.iter().map(Node::weight).sum(),
            Node::Map(entries) => entries.iter().map(|(key, value)| key.len() + value.weight()).sum(),
        }
    }
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        let plain = |text: String| Node::Scalar { text, plain: true };
        match value {
            Value::Null => plain("null".to_owned()),
            Value::Bool(flag) => plain(flag.to_string()),
            Value::Number(number) => plain(number.to_string()),
            Value::String(text) => Node::Scalar { text, plain: false },
            Value::Array(items) => Node::List(items.into_iter().map(Node::from).collect()),
            Value::Object(entries) => Node::Map(entries.into_iter().map(|(key, value)| (key, value.into())).collect()),
        }
    }
}

/// The documents of a YAML text, with aliases and merge keys resolved.
pub(crate) fn yaml(text: &str) -> Result<Vec<Node>, SyntaxError> {
    let text = without_mark(text);
    let mut parser = Parser::new_from_str(text);
    let mut loader = Loader {
        heaviest: (text.len().saturating_mul(GROWTH) + LEAST).min(HEAVIEST),
        ..Loader::default()
    };
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| Wrong::at(*error.marker(), error.info()).in_text(text))?;
        loader.event(event, span.start).map_err(|wrong| wrong.in_text(text))?;
    }
    Ok(loader.documents)
}

/// What is wrong, and after how many characters.
struct Wrong {
    index: usize,
    message: String,
}

impl Wrong {
    fn at(marker: Marker, message: &str) -> Self {
        Self {
            index: marker.index(),
            message: message.to_owned(),
        }
    }

    /// With its line and column as editors count them: a lone carriage return, which ends a line in YAML, does not.
    fn in_text(self, text: &str) -> SyntaxError {
        let (mut line, mut column) = (1, 1);
        for character in text.chars().take(self.index) {
            if character == '\n' {
                line += 1;
                column = 1;
            } else {
                column += 1;
            }
        }
        SyntaxError {
            line,
            column,
            message: self.message,
        }
    }
}

/// A list or map that is not complete yet.
struct Open {
    anchor: usize,
    items: Items,
}

enum Items {
    List(Vec<Node>),
    Map {
        entries: Vec<(String, Node)>,
        keys: HashSet<String>,
        key: Option<String>,
    },
}

/// What an alias stands for.
struct Anchored {
    node: Node,
    weight: usize,
    depth: usize,
}

#[derive(Default)]
struct Loader {
    documents: Vec<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    weight: usize,
    heaviest: usize,
}

impl Loader {
    fn event(&mut self, event: Event<'_>, marker: Marker) -> Result<(), Wrong> {
        match event {
            Event::Alias(anchor) => {
                let Some(anchored) = self.anchors.get(&anchor) else {
                    return Err(Wrong::at(marker, "nothing that is complete has this anchor"));
                };
                if self.open.len() + anchored.depth > DEEPEST {
                    return Err(Wrong::at(marker, TOO_DEEP));
                }
                self.grow(anchored.weight, marker)?;
                let node = self.anchors[&anchor].node.clone();
                self.complete(node, 0, marker)
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.grow(NODE + text.len(), marker)?;
                let is_text = tag.as_deref().is_some_and(is_text_tag);
                let node = Node::Scalar {
                    text: text.into_owned(),
                    plain: style == ScalarStyle::Plain && !is_text,
                };
                self.complete(node, anchor, marker)
            }
            Event::SequenceStart(anchor, _) => self.begin(anchor, Items::List(Vec::new()), marker),
            Event::MappingStart(anchor, _) => {
                let items = Items::Map {
                    entries: Vec::new(),
                    keys: HashSet::new(),
                    key: None,
                };
                self.begin(anchor, items, marker)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open { anchor, items }) => {
                    let node = match items {
                        Items::List(items) => Node::List(items),
                        Items::Map { entries, .. } => Node::Map(self.merged(entries, marker)?),
                    };
                    self.complete(node, anchor, marker)
                }
                None => Ok(()),
            },
            Event::DocumentStart(_) => {
                self.anchors.clear();
                Ok(())
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn begin(&mut self, anchor: usize, items: Items, marker: Marker) -> Result<(), Wrong> {
        self.grow(NODE, marker)?;
        if self.open.len() == DEEPEST {
            return Err(Wrong::at(marker, TOO_DEEP));
        }
        self.open.push(Open { anchor, items });
        Ok(())
    }

    fn grow(&mut self, weight: usize, marker: Marker) -> Result<(), Wrong> {
        self.weight = self.weight.saturating_add(weight);
        if self.weight > self.heaviest {
            return Err(Wrong::at(marker, "the aliases make it too large"));
        }
        Ok(())
    }

    /// Puts a complete node where it belongs.
    fn complete(&mut self, node: Node, anchor: usize, marker: Marker) -> Result<(), Wrong> {
        if anchor != 0 {
            let weight = node.weight();
            self.grow(weight, marker)?;
            let anchored = Anchored {
                depth: node.depth(),
                node: node.clone(),
                weight,
            };
            self.anchors.insert(anchor, anchored);
        }
        match self.open.last_mut().map(|open| &mut open.items) {
            None => self.documents.push(node),
            Some(Items::List(items)) => items.push(node),
            Some(Items::Map { entries, keys, key }) => match key.take() {
                Some(name) => entries.push((name, node)),
                None => {
                    let name = match node {
                        Node::Scalar { text, .. } => {
                            // `<<` is no key but an instruction, and may come again.
                            if !keys.insert(text.clone()) && text != "<<" {
                                return Err(Wrong::at(marker, "this key is there already"));
                            }
                            text
                        }
                        // Allowed in YAML, but no format read here has such keys.
                        Node::List(_) | Node::Map(_) => "?".to_owned(),
                    };
                    *key = Some(name);
                }
            },
        }
        Ok(())
    }

    /// The entries with those of `<<` among them: its own come before merged ones, those merged first before later ones.
    fn merged(&mut self, entries: Vec<(String, Node)>, marker: Marker) -> Result<Vec<(String, Node)>, Wrong> {
        if !entries.iter().any(|(key, _)| key == "<<") {
            return Ok(entries);
        }
        let mut own = Vec::new();
        let mut merged = Vec::new();
        for (key, value) in entries {
            match value {
                Node::Map(inner) if key == "<<" => merged.extend(inner),
                Node::List(maps) if key == "<<" && maps.iter().all(|map| matches!(map, Node::Map(_))) => {
                    for map in maps {
                        if let Node::Map(inner) = map {
                            merged.extend(inner);
                        }
                    }
                }
                value => own.push((key, value)),
            }
        }
        let mut keys: HashSet<String> = own.iter().map(|(key, _)| key.clone()).collect();
        for (key, value) in merged {
            if keys.insert(key.clone()) {
                self.grow(NODE, marker)?;
                own.push((key, value));
            }
        }
        Ok(own)
    }
}

fn is_text_tag(tag: &Tag) -> bool {
    tag.is_yaml_core_schema() && tag.suffix == "str"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(text: &str, plain: bool) -> Node {
        Node::Scalar {
            text: text.to_owned(),
            plain,
        }
    }

    #[test]
    fn scalars_stay_as_they_are_written() {
        let documents = yaml("a: 1.10\nb: 0755\nc: \"1\"\nd:\ne: !!str 5\nf: |\n  x\n").unwrap();
        let node = &documents[0];
        assert_eq!(node.get("a"), Some(&scalar("1.10", true)));
        assert_eq!(node.text_of("b"), Some("0755"));
        assert_eq!(node.get("c"), Some(&scalar("1", false)));
        assert!(node.get("d").unwrap().is_null());
        assert_eq!(node.get("e"), Some(&scalar("5", false)));
        assert_eq!(node.text_of("f"), Some("x\n"));
        let json: Value = serde_json::from_str("{\"a\":1.10,\"b\":null}").unwrap();
        assert_eq!(Node::from(json).text_of("a"), Some("1.10"));
    }

    #[test]
    fn merge_keys_give_way_to_own_keys() {
        let text = "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\none:\n  b: own\n  <<: *x\ntwo:\n  <<: [*y, *x]\n";
        let documents = yaml(text).unwrap();
        let one = documents[0].get("one").unwrap();
        assert_eq!((one.text_of("a"), one.text_of("b")), (Some("1"), Some("own")));
        let two = documents[0].get("two").unwrap();
        assert_eq!(
            (two.text_of("a"), two.text_of("b"), two.text_of("c")),
            (Some("1"), Some("3"), Some("4"))
        );
        assert!(two.get("<<").is_none());
    }

    #[test]
    fn texts_that_are_built_to_explode_are_refused() {
        let mut laughs = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for level in 1..12 {
            let before = format!("*a{}, ", level - 1).repeat(10);
            laughs.push_str(&format!("a{level}: &a{level} [{before}]\n"));
        }
        assert!(yaml(&laughs).unwrap_err().message.contains("too large"));
        assert!(yaml("a: &a [*a]\n").is_err());
        assert!(yaml(&"[".repeat(50_000)).is_err());
        assert!(yaml(&"- ".repeat(50_000)).is_err());
        let chain: String = (1..100)
            .map(|level| format!("a{level}: &a{level} [[*a{}]]\n", level - 1))
            .collect();
        assert!(
            yaml(&format!("a0: &a0 x\n{chain}"))
                .unwrap_err()
                .message
                .contains("too deep")
        );
        let deep: String = (0..200).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        assert!(yaml(&deep).is_err());
    }

    #[test]
    fn documents_have_their_own_anchors() {
        assert_eq!(yaml("a: 1\n---\nb: 2\n").unwrap().len(), 2);
        assert!(yaml("a: &x 1\n---\nb: *x\n").is_err());
    }
}
