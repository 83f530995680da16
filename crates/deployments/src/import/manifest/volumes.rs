//! The volumes of a pod, and where a container mounts them.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use super::objects::Objects;
use crate::import::Reason;
use crate::import::draft::Draft;
use crate::import::fields::Fields;
use crate::import::mounts::{self, Mount};
use crate::import::notes::Notes;
use crate::tree::Node;

/// What a volume is made of.
enum Source<'a> {
    /// The disk, by the name of its claim.
    Disk(&'a str),
    /// Entries of a ConfigMap or Secret.
    Data {
        kind: &'static str,
        name: &'a str,
        /// Which entries, and the files that they become; `None` for all of them by their own names.
        items: Option<Vec<(&'a str, &'a str)>>,
    },
    /// A path on the machine, and whether it is said to be a file.
    Host(&'a str, bool),
    /// Space that begins empty and goes with the pod.
    Scratch,
    /// Something that services do not have.
    Other,
}

/// The volumes of a pod.
pub(super) struct Volumes<'a> {
    all: HashMap<&'a str, (Source<'a>, String, &'a Node)>,
    names: Vec<&'a str>,
    /// How many containers mount each.
    mounted: RefCell<HashMap<&'a str, usize>>,
}

impl<'a> Volumes<'a> {
    /// Reads the volumes of a pod and the templates of its claims.
    pub(super) fn read(spec: &mut Fields<'a>, claims: &'a [Node], notes: &mut Notes) -> Self {
        let mut volumes = Self {
            all: HashMap::new(),
            names: Vec::new(),
            mounted: RefCell::default(),
        };
        let list = spec.path("volumes");
        for (index, node) in spec.list("volumes", notes).iter().enumerate() {
            let path = format!("{list}[{index}]");
            match node.text_of("name") {
                Some(name) => volumes.add(name, source(node), path, node),
                None => notes.add_node(path, "", node, Reason::NotUnderstood),
            }
        }
        for claim in claims {
            if let Some(name) = claim.get("metadata").and_then(|metadata| metadata.text_of("name")) {
                volumes.add(name, Source::Disk(name), String::new(), claim);
            }
        }
        volumes
    }

    fn add(&mut self, name: &'a str, source: Source<'a>, path: String, node: &'a Node) {
        if self.all.insert(name, (source, path, node)).is_none() {
            self.names.push(name);
        }
    }

    /// Mounts a volume into a container.
    pub(super) fn mount(
        &self,
        node: &Node,
        path: String,
        objects: &mut Objects<'_>,
        draft: &mut Draft,
        notes: &mut Notes,
    ) {
        let mut fields = Fields::of(node, path.clone(), notes);
        let name = fields.text("name", notes).unwrap_or_default();
        let target = fields.text("mountPath", notes).unwrap_or_default();
        let part = fields.text("subPath", notes).unwrap_or_default();
        let reads_only = fields.take("readOnly").is_some_and(|flag| flag.text() == Some("true"));
        fields.finish(notes);
        let Some((&name, (source, _, _))) = self.all.get_key_value(name).filter(|_| target.starts_with('/')) else {
            notes.add_node(path, "", node, Reason::NotUnderstood);
            return;
        };
        *self.mounted.borrow_mut().entry(name).or_default() += 1;
        let shown = format!("{name}: {target}");
        let mut mount = Mount {
            source: name,
            target,
            has_options: reads_only || !part.is_empty(),
            path: &path,
            shown: &shown,
        };
        match source {
            Source::Disk(claim) => {
                objects.use_claim(claim);
                mounts::add(&mount, None, draft, notes);
            }
            Source::Host(host, is_file) => {
                if *is_file {
                    if draft.config(target, "", &path, &shown, notes) {
                        let file = (*host).to_owned();
                        notes.add(path, &shown, Reason::NeedsAFile { path: file });
                    }
                } else {
                    mount.source = host;
                    mounts::add(&mount, None, draft, notes);
                }
            }
            Source::Data { kind, name, items } => {
                let wanted = Wanted {
                    kind,
                    name,
                    items: items.as_deref(),
                    part,
                };
                wanted.mount(target, &path, &shown, objects, draft, notes);
            }
            Source::Scratch => {
                // A container can write anywhere; only what several share is missing.
                let is_shared = self.mounted.borrow()[name] > 1;
                let reason = if is_shared {
                    Reason::NotSupported
                } else {
                    Reason::NothingLost
                };
                notes.add(path, &shown, reason);
            }
            Source::Other => notes.add(path, &shown, Reason::NotSupported),
        }
    }

    /// Notes the volumes that no container mounts, and what others are made of where services have no such thing.
    pub(super) fn finish(&self, notes: &mut Notes) {
        let mounted = self.mounted.borrow();
        for name in &self.names {
            let (source, path, node) = &self.all[name];
            if !path.is_empty() && (!mounted.contains_key(name) || matches!(source, Source::Other)) {
                notes.add_node(path.clone(), "", node, Reason::NotSupported);
            }
        }
    }
}

fn source(node: &Node) -> Source<'_> {
    if let Some(claim) = node.get("persistentVolumeClaim") {
        Source::Disk(claim.text_of("claimName").unwrap_or_default())
    } else if let Some(map) = node.get("configMap") {
        Source::Data {
            kind: "ConfigMap",
            name: map.text_of("name").unwrap_or_default(),
            items: items(map),
        }
    } else if let Some(secret) = node.get("secret") {
        Source::Data {
            kind: "Secret",
            name: secret.text_of("secretName").unwrap_or_default(),
            items: items(secret),
        }
    } else if let Some(host) = node.get("hostPath") {
        let is_file = host.text_of("type").is_some_and(|kind| kind.starts_with("File"));
        Source::Host(host.text_of("path").unwrap_or_default(), is_file)
    } else if let Some(scratch) = node.get("emptyDir") {
        if scratch.text_of("medium").is_some() {
            Source::Other
        } else {
            Source::Scratch
        }
    } else {
        Source::Other
    }
}

fn items(node: &Node) -> Option<Vec<(&str, &str)>> {
    match node.get("items") {
        Some(Node::List(items)) => Some(
            items
                .iter()
                .filter_map(|item| Some((item.text_of("key")?, item.text_of("path")?)))
                .collect(),
        ),
        _ => None,
    }
}

/// Files of a ConfigMap or Secret that a container wants to see.
struct Wanted<'a> {
    kind: &'a str,
    name: &'a str,
    items: Option<&'a [(&'a str, &'a str)]>,
    /// The one file of them that is mounted; empty where all are, in a folder.
    part: &'a str,
}

impl Wanted<'_> {
    fn mount(
        &self,
        target: &str,
        path: &str,
        shown: &str,
        objects: &mut Objects<'_>,
        draft: &mut Draft,
        notes: &mut Notes,
    ) {
        let data = objects.data(self.kind, self.name);
        let is_there = data.is_some();
        let mut files: Vec<(String, String, Option<String>)> = Vec::new();
        if let Some(data) = data {
            let all: Vec<(String, String)> = match self.items {
                Some(items) => items
                    .iter()
                    .map(|(key, file)| ((*key).to_owned(), (*file).to_owned()))
                    .collect(),
                None => data
                    .entries
                    .iter()
                    .map(|(key, _)| ((*key).to_owned(), (*key).to_owned()))
                    .collect(),
            };
            let mut seen = HashSet::new();
            for (key, file) in all {
                if (self.part.is_empty() || self.part == file) && seen.insert(file.clone()) {
                    let contents = data.take(&key).map(str::to_owned);
                    files.push((key, file, contents));
                }
            }
        }
        if files.is_empty() {
            // The path is known where one file is mounted, or the only one of a folder.
            let only = match self.items {
                Some([(_, file)]) => Some(*file),
                _ => None,
            };
            let file = match (self.part, only) {
                ("", Some(file)) => Some(format!("{}/{file}", target.trim_end_matches('/'))),
                ("", None) => None,
                _ => Some(target.to_owned()),
            };
            let reason = if is_there {
                Reason::NotUnderstood
            } else {
                Reason::NotInTheText {
                    kind: self.kind.to_owned(),
                    name: self.name.to_owned(),
                }
            };
            if file.is_none_or(|file| draft.config(&file, "", path, shown, notes)) {
                notes.add(path, shown, reason);
            }
            return;
        }
        let is_secret = self.kind == "Secret";
        for (key, file, contents) in files {
            let target = if self.part.is_empty() {
                format!("{}/{file}", target.trim_end_matches('/'))
            } else {
                target.to_owned()
            };
            match contents {
                Some(contents) => {
                    draft.config(&target, &contents, path, if is_secret { "" } else { &file }, notes);
                }
                None => notes.add(path, &key, Reason::NotUnderstood),
            }
        }
    }
}
