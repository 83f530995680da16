//! Variables in a Compose file. None has a value here: its default is taken, or nothing stands in its place.

use crate::import::Reason;
use crate::import::fields::join;
use crate::import::notes::{Notes, is_secret, masked, without_login};
use crate::interpolation::{Missing, interpolate};
use crate::tree::Node;

/// The file with what stands in the place of variables, each of which is noted.
pub(super) fn interpolated(file: &Node, notes: &mut Notes) -> Node {
    match file {
        Node::Map(entries) => Node::Map(
            entries
                .iter()
                .map(|(key, node)| {
                    // What others are made of is noted where it is used.
                    let is_extension = key.starts_with("x-");
                    let node = if is_extension {
                        node.clone()
                    } else {
                        replaced(node, key, key, notes)
                    };
                    (key.clone(), node)
                })
                .collect(),
        ),
        other => other.clone(),
    }
}

fn replaced(node: &Node, path: &str, key: &str, notes: &mut Notes) -> Node {
    match node {
        Node::Scalar { text, .. } if text.contains('$') => Node::Scalar {
            text: text_of(text, path, key, notes),
            plain: false,
        },
        Node::Scalar { .. } => node.clone(),
        Node::List(items) => Node::List(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| replaced(item, &format!("{path}[{index}]"), key, notes))
                .collect(),
        ),
        Node::Map(entries) => Node::Map(
            entries
                .iter()
                .map(|(name, value)| {
                    // In an environment everything may be secret, whatever its name.
                    let secrecy = if is_secret(key) { key } else { name };
                    (name.clone(), replaced(value, &join(path, name), secrecy, notes))
                })
                .collect(),
        ),
    }
}

fn text_of(text: &str, path: &str, key: &str, notes: &mut Notes) -> String {
    let mut missing = Vec::new();
    let out = interpolate(text, &|_| None, &mut |variable| missing.push(variable));
    let shown = if is_secret(key) {
        masked(&out)
    } else {
        without_login(&out)
    };
    for variable in missing {
        let reason = match variable {
            Missing::Default(name) => Reason::InterpolationDefault { name },
            Missing::Empty(name) => Reason::Interpolation { name },
        };
        notes.add(path, &shown, reason);
    }
    out
}
