//! Compose files.

mod service;
mod variables;

use std::collections::HashSet;

use super::draft::{self, MOST_CONTAINERS};
use super::fields::{Fields, join};
use super::notes::Notes;
use super::{Format, ImportError, Imported, Reason};
use crate::tree::Node;

/// Whether a document is a Compose file, also one of the first generation, whose services stand at the top.
pub(super) fn is_one(document: &Node) -> bool {
    document.get("services").is_some() || is_first_generation(document)
}

fn is_first_generation(document: &Node) -> bool {
    let Node::Map(entries) = document else { return false };
    !entries.is_empty()
        && entries
            .iter()
            .filter(|(key, _)| key != "version")
            .all(|(_, service)| service.text_of("image").is_some() || service.get("build").is_some())
}

/// Reads the services of a file. Of several documents the first that has services counts.
pub(super) fn read(documents: &[Node]) -> Result<Imported, ImportError> {
    let Some(chosen) = documents.iter().position(is_one) else {
        return Err(ImportError::NotRecognised);
    };
    let mut notes = Notes::default();
    for (index, document) in documents.iter().enumerate().filter(|(index, _)| *index != chosen) {
        if !document.is_null() {
            notes.add_node(format!("[{index}]"), "", document, Reason::NotSupported);
        }
    }
    let file = variables::interpolated(&documents[chosen], &mut notes);
    // In the first generation the services stand at the top, beside the version alone.
    let is_first_generation = file.get("services").is_none();
    let mut top = Fields::of(&file, "", &mut notes);
    top.note(&["version"], &Reason::NothingLost, &mut notes);
    let (root, services) = if is_first_generation {
        let services = top.drain().map(|(name, service)| (name.to_owned(), service.clone()));
        ("", Node::Map(services.collect()))
    } else {
        let services = top.take("services").cloned();
        ("services", services.unwrap_or(Node::Map(Vec::new())))
    };
    let mut reader = Reader {
        services: &services,
        configs: top.take("configs"),
        used: HashSet::new(),
        merged: 0,
        notes,
    };
    let mut drafts = Vec::new();
    for (name, service) in Fields::of(&services, root, &mut reader.notes).rest() {
        let path = join(root, name);
        if drafts.len() == MOST_CONTAINERS {
            reader.notes.add(path, "", Reason::NotSupported);
        } else {
            let draft = reader.service(name, service, path, &drafts);
            drafts.push(draft);
        }
    }
    let Reader {
        configs,
        used,
        mut notes,
        ..
    } = reader;
    rest(top, configs, &used, &mut notes);
    draft::finish(Format::Compose, drafts, notes)
}

/// What stands beside the services.
fn rest(mut top: Fields<'_>, configs: Option<&Node>, used: &HashSet<String>, notes: &mut Notes) {
    if let Some(Node::Map(entries)) = configs {
        for (name, config) in entries.iter().filter(|(name, _)| !used.contains(name)) {
            notes.add_node(join("configs", name), "", config, Reason::NotSupported);
        }
    }
    // That there is a volume is carried over by what mounts it; what it is made of is not.
    if let Some(volumes) = top.fields("volumes", notes) {
        volumes.finish(notes);
    }
    top.note(&["name"], &Reason::NothingLost, notes);
    match top.take("include") {
        Some(Node::List(files)) => {
            for (index, file) in files.iter().enumerate() {
                let name = file.text().or_else(|| file.text_of("path")).unwrap_or_default();
                let reason = Reason::NeedsAFile { path: name.to_owned() };
                notes.add(format!("include[{index}]"), name, reason);
            }
        }
        Some(other) => notes.add_node("include", "include", other, Reason::NotUnderstood),
        None => {}
    }
    for (key, node) in top.rest() {
        let is_extension = key.starts_with("x-");
        let is_empty = node.is_null() || matches!(node, Node::Map(entries) if entries.is_empty());
        if is_extension {
            notes.add(key, "", Reason::NothingLost);
        } else if !is_empty {
            notes.add_node(key, key, node, Reason::NotSupported);
        }
    }
}

struct Reader<'a> {
    services: &'a Node,
    configs: Option<&'a Node>,
    /// The configs that a service uses.
    used: HashSet<String>,
    /// How much was merged for services that extend others.
    merged: usize,
    notes: Notes,
}
