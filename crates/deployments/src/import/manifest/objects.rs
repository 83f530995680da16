//! The objects of a manifest, by what they are for.

use std::collections::{HashMap, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::import::Reason;
use crate::import::fields::{Fields, join};
use crate::import::notes::Notes;
use crate::tree::Node;

/// Kinds with a pod in them that runs until it is stopped.
const WORKLOADS: &[&str] = &[
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "ReplicationController",
    "Pod",
];

/// An object.
#[derive(Clone)]
pub(super) struct Object<'a> {
    /// Its kind.
    pub(super) kind: &'a str,
    /// Where it is: nothing where it is the only one.
    pub(super) path: String,
    /// What is in it.
    pub(super) node: &'a Node,
}

/// What a ConfigMap or Secret has.
pub(super) struct Data<'a> {
    path: String,
    /// What is in it, by key.
    pub(super) entries: Vec<(&'a str, String)>,
    used: HashSet<String>,
}

/// The objects of a manifest.
#[derive(Default)]
pub(super) struct Objects<'a> {
    /// What has containers.
    pub(super) workloads: Vec<Object<'a>>,
    config_maps: HashMap<&'a str, Data<'a>>,
    secrets: HashMap<&'a str, Data<'a>>,
    /// Secrets that something else than their entries was wanted of.
    used_secrets: HashSet<String>,
    claims: Vec<(&'a str, String, &'a Node)>,
    used_claims: HashSet<String>,
    services: Vec<(&'a str, &'a Node)>,
}

impl<'a> Objects<'a> {
    /// Sorts the objects of all documents.
    pub(super) fn gather(documents: &'a [Node], notes: &mut Notes) -> Self {
        let mut all: Vec<&'a Node> = Vec::new();
        for document in documents.iter().filter(|document| !document.is_null()) {
            let is_list = document
                .text_of("kind")
                .is_some_and(|kind| kind == "List" || kind.ends_with("List"));
            match document.get("items") {
                Some(Node::List(items)) if is_list => all.extend(items),
                _ => all.push(document),
            }
        }
        let mut objects = Self::default();
        let mut paths = HashSet::new();
        for (index, &node) in all.iter().enumerate() {
            let kind = node.text_of("kind").unwrap_or_default();
            let name = node
                .get("metadata")
                .and_then(|metadata| metadata.text_of("name"))
                .unwrap_or_default();
            let mut path = String::new();
            if all.len() > 1 {
                path = format!("{kind}/{name}");
                if kind.is_empty() || !paths.insert(path.clone()) {
                    path = format!("[{index}]");
                }
            }
            objects.sort(kind, name, path, node, notes);
        }
        objects
    }

    fn sort(&mut self, kind: &'a str, name: &'a str, path: String, node: &'a Node, notes: &mut Notes) {
        match kind {
            _ if WORKLOADS.contains(&kind) => self.workloads.push(Object { kind, path, node }),
            "ConfigMap" => {
                self.config_maps.insert(name, data(node, path, false, notes));
            }
            "Secret" => {
                self.secrets.insert(name, data(node, path, true, notes));
            }
            "PersistentVolumeClaim" => self.claims.push((name, path, node)),
            "" => notes.add_node(path, "", node, Reason::NotUnderstood),
            _ => {
                if kind == "Service" {
                    self.services.push((name, node));
                }
                let reason = Reason::OtherKind { kind: kind.to_owned() };
                notes.add(if path.is_empty() { kind.to_owned() } else { path }, name, reason);
            }
        }
    }

    /// The ConfigMap or Secret with a name.
    pub(super) fn data(&mut self, kind: &str, name: &str) -> Option<&mut Data<'a>> {
        match kind {
            "ConfigMap" => self.config_maps.get_mut(name),
            _ => self.secrets.get_mut(name),
        }
    }

    /// Notes that a Secret is used as a whole; says whether it is there.
    pub(super) fn use_secret(&mut self, name: &str) -> bool {
        let is_there = self.secrets.contains_key(name);
        if is_there {
            self.used_secrets.insert(name.to_owned());
        }
        is_there
    }

    /// Notes that a claim is used.
    pub(super) fn use_claim(&mut self, name: &str) {
        self.used_claims.insert(name.to_owned());
    }

    /// The names of the Services that lead to the pods of a workload.
    pub(super) fn services_of(&self, workload: &Object<'_>) -> Vec<String> {
        let template = if workload.kind == "Pod" {
            Some(workload.node)
        } else {
            workload.node.get("spec").and_then(|spec| spec.get("template"))
        };
        let labels = template
            .and_then(|pod| pod.get("metadata"))
            .and_then(|metadata| metadata.get("labels"));
        let Some(labels) = labels else { return Vec::new() };
        let leads_here = |service: &Node| match service.get("spec").and_then(|spec| spec.get("selector")) {
            Some(Node::Map(selector)) => {
                !selector.is_empty() && selector.iter().all(|(key, value)| labels.text_of(key) == value.text())
            }
            _ => false,
        };
        self.services
            .iter()
            .filter(|(_, service)| leads_here(service))
            .map(|(name, _)| (*name).to_owned())
            .collect()
    }

    /// Notes what nothing used.
    pub(super) fn finish(self, notes: &mut Notes) {
        for (kind, all) in [("ConfigMap", self.config_maps), ("Secret", self.secrets)] {
            let mut all: Vec<(&str, Data<'_>)> = all.into_iter().collect();
            all.sort_by_key(|(name, _)| *name);
            for (name, data) in all {
                if kind == "Secret" && self.used_secrets.contains(name) {
                    continue;
                }
                if data.used.is_empty() {
                    let reason = Reason::OtherKind { kind: kind.to_owned() };
                    notes.add(
                        if data.path.is_empty() {
                            kind.to_owned()
                        } else {
                            data.path
                        },
                        name,
                        reason,
                    );
                    continue;
                }
                for (key, _) in data.entries.iter().filter(|(key, _)| !data.used.contains(*key)) {
                    notes.add(join(&join(&data.path, "data"), key), "", Reason::NotSupported);
                }
            }
        }
        for (name, path, node) in self.claims {
            if self.used_claims.contains(name) {
                // The disk and its size were bought with the service.
                let size = node.get("spec").and_then(|spec| spec.get("resources"));
                let path = join(&path, "spec");
                match size {
                    Some(size) => notes.add_node(path, "", size, Reason::UnitsDecide),
                    None => notes.add(path, name, Reason::UnitsDecide),
                }
            } else {
                let kind = "PersistentVolumeClaim".to_owned();
                notes.add(path, name, Reason::OtherKind { kind });
            }
        }
    }
}

impl Data<'_> {
    /// What a key has.
    pub(super) fn take(&mut self, key: &str) -> Option<&str> {
        let (_, value) = self.entries.iter().find(|(name, _)| *name == key)?;
        self.used.insert(key.to_owned());
        Some(value)
    }

    /// Notes that all of it is used.
    pub(super) fn take_all(&mut self) {
        self.used.extend(self.entries.iter().map(|(key, _)| (*key).to_owned()));
    }
}

/// What is in a ConfigMap or Secret.
fn data<'a>(node: &'a Node, path: String, is_secret: bool, notes: &mut Notes) -> Data<'a> {
    let mut entries: Vec<(&'a str, String)> = Vec::new();
    let mut fields = Fields::of(node, path.clone(), notes);
    for key in ["apiVersion", "kind", "metadata", "type", "immutable"] {
        fields.take(key);
    }
    let at = fields.path("data");
    if let Some(map) = fields.fields("data", notes) {
        for (key, value) in map.rest() {
            let text = match value {
                Node::Scalar { text, .. } if is_secret => decoded(text),
                Node::Scalar { .. } => Some(value.text().unwrap_or_default().to_owned()),
                Node::List(_) | Node::Map(_) => None,
            };
            match text {
                Some(text) => entries.push((key, text)),
                None => notes.add(join(&at, key), "", Reason::NotUnderstood),
            }
        }
    }
    let at = fields.path("stringData");
    if let Some(map) = fields.fields("stringData", notes) {
        for (key, value) in map.rest() {
            match value {
                Node::Scalar { .. } => {
                    // It comes before what `data` has.
                    let text = value.text().unwrap_or_default().to_owned();
                    match entries.iter_mut().find(|(name, _)| *name == key) {
                        Some((_, other)) => *other = text,
                        None => entries.push((key, text)),
                    }
                }
                Node::List(_) | Node::Map(_) => notes.add(join(&at, key), "", Reason::NotUnderstood),
            }
        }
    }
    let at = fields.path("binaryData");
    if let Some(map) = fields.fields("binaryData", notes) {
        for (key, _) in map.rest() {
            notes.add(join(&at, key), "", Reason::NotSupported);
        }
    }
    fields.finish(notes);
    Data {
        path,
        entries,
        used: HashSet::new(),
    }
}

/// A text in Base64, which may have line ends in it.
fn decoded(text: &str) -> Option<String> {
    let text: String = text.split_whitespace().collect();
    String::from_utf8(STANDARD.decode(text).ok()?).ok()
}
