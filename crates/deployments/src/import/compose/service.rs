//! One service of a Compose file.

use std::collections::HashMap;

use vcloud_api::types::CommandLine;

use super::Reader;
use crate::import::Reason;
use crate::import::draft::{Draft, command_line};
use crate::import::fields::{Fields, join};
use crate::import::mounts::{self, Mount};
use crate::import::names;
use crate::import::notes::Notes;
use crate::import::ports;
use crate::import::sizes::{Suffixes, units};
use crate::tree::{HEAVIEST, Node};

/// How many services may extend each other in a row.
const LONGEST_CHAIN: usize = 8;

/// What services do anyway.
const NOTHING_LOST: &[&str] = &["pull_policy"];

/// What follows from the units.
const UNITS_DECIDE: &[&str] = &[
    "cpus",
    "cpu_count",
    "cpu_percent",
    "cpu_shares",
    "cpu_quota",
    "cpu_period",
    "cpuset",
    "mem_reservation",
    "memswap_limit",
    "mem_swappiness",
    "storage_opt",
];

impl Reader<'_> {
    /// Reads a service.
    pub(super) fn service(&mut self, name: &str, service: &Node, path: String, before: &[Draft]) -> Draft {
        let extended = self.extended(name, service, &path);
        let service = extended.as_ref().unwrap_or(service);
        let mut fields = Fields::of(service, path.clone(), &mut self.notes);
        let container_name = fields.text("container_name", &mut self.notes);
        let others = before.iter().map(|draft| draft.container.name.as_str());
        let named_at = match container_name {
            Some(_) => fields.path("container_name"),
            None => path,
        };
        let valid = names::unique(container_name.unwrap_or(name), named_at, others, &mut self.notes);
        let mut draft = Draft::new(valid);
        draft.env_path = fields.path("environment");
        draft.host_names.push(name.to_owned());
        draft.host_names.extend(container_name.map(str::to_owned));
        if let Some(host_name) = fields.text("hostname", &mut self.notes) {
            draft.host_names.push(host_name.to_owned());
            self.notes.add(fields.path("hostname"), host_name, Reason::NotSupported);
        }

        if let Some(image) = fields.text("image", &mut self.notes) {
            draft.container.image_name = names::image(image, fields.path("image"), &mut self.notes);
        }
        fields.note(&["build"], &Reason::BuildsAnImage, &mut self.notes);
        self.ports(&mut fields, &mut draft);
        self.environment(&mut fields, &mut draft);
        let notes = &mut self.notes;
        draft.container.command = words(&mut fields, "entrypoint", notes);
        draft.container.args = words(&mut fields, "command", notes);
        self.volumes(&mut fields, &mut draft);
        self.configs(&mut fields, &mut draft);
        self.size(&mut fields, &mut draft);
        let notes = &mut self.notes;
        match fields.take("restart") {
            Some(restart) if restart.text() == Some("no") => {
                notes.add_node(fields.path("restart"), "", restart, Reason::NotSupported);
            }
            Some(restart) => notes.add_node(fields.path("restart"), "", restart, Reason::NothingLost),
            None => {}
        }
        fields.note(NOTHING_LOST, &Reason::NothingLost, notes);
        fields.note(UNITS_DECIDE, &Reason::UnitsDecide, notes);
        fields.finish(notes);
        draft
    }

    /// The service with what it extends, where it does.
    fn extended(&mut self, name: &str, service: &Node, path: &str) -> Option<Node> {
        service.get("extends")?;
        let mut whole = service.clone();
        let mut seen = vec![name.to_owned()];
        while let Some(extends) = remove(&mut whole, "extends") {
            let at = join(path, "extends");
            if let Some(file) = extends.text_of("file") {
                let reason = Reason::NeedsAFile { path: file.to_owned() };
                self.notes.add(at, file, reason);
                break;
            }
            let base_name = extends
                .text()
                .or_else(|| extends.text_of("service"))
                .unwrap_or_default();
            let base = self.services.get(base_name);
            let is_circle = seen.iter().any(|name| name == base_name) || seen.len() > LONGEST_CHAIN;
            let Some(base) = base.filter(|_| !is_circle) else {
                self.notes.add_node(at, "", &extends, Reason::NotUnderstood);
                break;
            };
            self.merged = self.merged.saturating_add(base.weight());
            if self.merged > HEAVIEST {
                self.notes.add_node(at, "", &extends, Reason::NotSupported);
                break;
            }
            seen.push(base_name.to_owned());
            whole = merge(base.clone(), whole);
        }
        Some(whole)
    }

    fn ports(&mut self, fields: &mut Fields<'_>, draft: &mut Draft) {
        let notes = &mut self.notes;
        for key in ["ports", "expose"] {
            let path = fields.path(key);
            for (index, item) in fields.list(key, notes).iter().enumerate() {
                let path = format!("{path}[{index}]");
                match item {
                    Node::Map(_) if key == "ports" => long_port(item, path, draft, notes),
                    item => match item.text() {
                        Some(text) if key == "ports" => ports::published(text, &path, draft, notes),
                        Some(text) => ports::exposed(text, &path, draft, notes),
                        None => notes.add_node(path, "", item, Reason::NotUnderstood),
                    },
                }
            }
        }
    }

    fn environment(&mut self, fields: &mut Fields<'_>, draft: &mut Draft) {
        let notes = &mut self.notes;
        let path = fields.path("environment");
        let mut add = |name: &str, value: Option<&str>, path: &str, notes: &mut Notes| {
            if value.is_none() {
                // It comes from the machine's own environment.
                let reason = Reason::Interpolation { name: name.to_owned() };
                notes.add(path, "", reason);
            }
            draft.variable(name, value.unwrap_or_default(), path, notes);
        };
        match fields.take("environment") {
            Some(Node::Map(entries)) => {
                for (name, value) in entries {
                    let path = join(&path, name);
                    match value {
                        Node::List(_) | Node::Map(_) => notes.add(path, "", Reason::NotUnderstood),
                        Node::Scalar { .. } => add(name, value.text(), &path, notes),
                    }
                }
            }
            Some(Node::List(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let path = format!("{path}[{index}]");
                    match item.text() {
                        Some(text) => match text.split_once('=') {
                            Some((name, value)) => add(name.trim(), Some(value), &path, notes),
                            None => add(text.trim(), None, &path, notes),
                        },
                        None => notes.add(path, "", Reason::NotUnderstood),
                    }
                }
            }
            Some(Node::Scalar { .. }) => notes.add(path, "", Reason::NotUnderstood),
            None => {}
        }
        let path = fields.path("env_file");
        let mut file = |node: &Node, path: String| match node.text().or_else(|| node.text_of("path")) {
            Some(name) => {
                let reason = Reason::NeedsAFile { path: name.to_owned() };
                notes.add(path, name, reason);
            }
            None => notes.add_node(path, "", node, Reason::NotUnderstood),
        };
        match fields.take("env_file") {
            Some(Node::List(items)) => {
                for (index, item) in items.iter().enumerate() {
                    file(item, format!("{path}[{index}]"));
                }
            }
            Some(node) => file(node, path),
            None => {}
        }
    }

    fn volumes(&mut self, fields: &mut Fields<'_>, draft: &mut Draft) {
        let notes = &mut self.notes;
        let list = fields.path("volumes");
        for (index, item) in fields.list("volumes", notes).iter().enumerate() {
            let path = format!("{list}[{index}]");
            match item {
                Node::Map(_) => long_volume(item, path, draft, notes),
                item => match item.text() {
                    Some(text) => {
                        let (source, target, options) = mounts::divide(text);
                        let mount = Mount {
                            source: source.unwrap_or_default(),
                            target,
                            has_options: mounts::asks_for_more(options),
                            path: &path,
                            shown: text,
                        };
                        mounts::add(&mount, None, draft, notes);
                    }
                    None => notes.add_node(path, "", item, Reason::NotUnderstood),
                },
            }
        }
    }

    fn configs(&mut self, fields: &mut Fields<'_>, draft: &mut Draft) {
        let list = fields.path("configs");
        for (index, item) in fields.list("configs", &mut self.notes).iter().enumerate() {
            let path = format!("{list}[{index}]");
            let mut long = None;
            let (source, target) = match item {
                Node::Map(_) => {
                    let fields = long.insert(Fields::of(item, path.clone(), &mut self.notes));
                    (
                        fields.text("source", &mut self.notes),
                        fields.text("target", &mut self.notes),
                    )
                }
                item => (item.text(), None),
            };
            let Some(source) = source else {
                self.notes.add_node(path, "", item, Reason::NotUnderstood);
                continue;
            };
            let target = target.map_or_else(|| format!("/{source}"), str::to_owned);
            self.used.insert(source.to_owned());
            let config = self.configs.and_then(|configs| configs.get(source));
            let (contents, reason) = contents_of(source, config);
            let notes = &mut self.notes;
            if draft.config(&target, contents, &path, source, notes) {
                if let Some(reason) = reason {
                    notes.add(path, source, reason);
                }
                if let Some(mut fields) = long {
                    // Whoever runs in the container may read the file.
                    fields.note(&["uid", "gid", "mode"], &Reason::NotSupported, notes);
                    fields.finish(notes);
                }
            }
        }
    }

    fn size(&mut self, fields: &mut Fields<'_>, draft: &mut Draft) {
        let notes = &mut self.notes;
        let mut set = |size: &str, path: String, notes: &mut Notes| match units(size, Suffixes::Docker) {
            Some(units) => draft.container.resource_unit = units,
            None => notes.add(path, size, Reason::NotUnderstood),
        };
        if let Some(size) = fields.text("mem_limit", notes) {
            set(size, fields.path("mem_limit"), notes);
        }
        let Some(mut deploy) = fields.fields("deploy", notes) else {
            return;
        };
        if let Some(mut resources) = deploy.fields("resources", notes) {
            if let Some(mut limits) = resources.fields("limits", notes) {
                if let Some(size) = limits.text("memory", notes) {
                    set(size, limits.path("memory"), notes);
                }
                limits.note(&["cpus"], &Reason::UnitsDecide, notes);
                limits.finish(notes);
            }
            resources.note(&["reservations"], &Reason::UnitsDecide, notes);
            resources.finish(notes);
        }
        if let Some(replicas) = deploy.take("replicas") {
            let reason = if replicas.text() == Some("1") {
                Reason::NothingLost
            } else {
                Reason::NotSupported
            };
            notes.add_node(deploy.path("replicas"), "", replicas, reason);
        }
        deploy.note(&["restart_policy"], &Reason::NothingLost, notes);
        deploy.finish(notes);
    }
}

/// What is in a config, and why that is not known where it is not.
fn contents_of<'a>(name: &str, config: Option<&'a Node>) -> (&'a str, Option<Reason>) {
    let missing = || Reason::NotInTheText {
        kind: "config".to_owned(),
        name: name.to_owned(),
    };
    let Some(config) = config else {
        return ("", Some(missing()));
    };
    if let Some(contents) = config.text_of("content") {
        (contents, None)
    } else if let Some(file) = config.text_of("file") {
        ("", Some(Reason::NeedsAFile { path: file.to_owned() }))
    } else if let Some(variable) = config.text_of("environment") {
        (
            "",
            Some(Reason::Interpolation {
                name: variable.to_owned(),
            }),
        )
    } else {
        ("", Some(missing()))
    }
}

/// A command: a text that is divided as a shell would, or a list of words.
fn words(fields: &mut Fields<'_>, key: &str, notes: &mut Notes) -> CommandLine {
    let path = fields.path(key);
    match fields.take(key) {
        Some(Node::List(items)) => {
            let mut words = Vec::new();
            for (index, item) in items.iter().enumerate() {
                match item {
                    Node::Scalar { text, .. } => words.push(text.clone()),
                    Node::List(_) | Node::Map(_) => notes.add(format!("{path}[{index}]"), "", Reason::NotUnderstood),
                }
            }
            CommandLine::Words(words)
        }
        Some(node) => match node.text() {
            Some(text) => command_line(text, &path, notes),
            None => {
                notes.add(path, "", Reason::NotUnderstood);
                CommandLine::default()
            }
        },
        None => CommandLine::default(),
    }
}

fn long_port(item: &Node, path: String, draft: &mut Draft, notes: &mut Notes) {
    let mut fields = Fields::of(item, path.clone(), notes);
    let target = fields.text("target", notes).unwrap_or_default();
    let published = fields.text("published", notes).unwrap_or_default();
    let protocol = fields.text("protocol", notes).unwrap_or_default();
    let address = fields.text("host_ip", notes).unwrap_or_default();
    let separator = |text: &str, sign: &'static str| if text.is_empty() { "" } else { sign };
    let short = format!(
        "{address}{}{published}{}{target}{}{protocol}",
        separator(address, ":"),
        // Before an address there is always a host port, if only an empty one.
        separator(&format!("{address}{published}"), ":"),
        separator(protocol, "/")
    );
    ports::published(&short, &path, draft, notes);
    fields.note(&["mode", "name", "app_protocol"], &Reason::NothingLost, notes);
    fields.finish(notes);
}

fn long_volume(item: &Node, path: String, draft: &mut Draft, notes: &mut Notes) {
    let mut fields = Fields::of(item, path.clone(), notes);
    let kind = fields.text("type", notes).unwrap_or("volume");
    let source = fields.text("source", notes).unwrap_or_default();
    let target = fields.text("target", notes).unwrap_or_default();
    let shown = format!("{source}:{target}");
    match kind {
        "volume" | "bind" => {
            // Without a slash, a bind is meant to lie beside the file.
            let beside = format!("./{source}");
            let mount = Mount {
                source: if kind == "bind" && !mounts::is_path(source) {
                    &beside
                } else {
                    source
                },
                target,
                has_options: fields.take("read_only").is_some_and(|flag| flag.text() == Some("true")),
                path: &path,
                shown: &shown,
            };
            mounts::add(&mount, None, draft, notes);
            fields.note(&["bind", "consistency"], &Reason::NothingLost, notes);
            fields.finish(notes);
        }
        _ => notes.add_node(path, "", item, Reason::NotSupported),
    }
}

fn remove(node: &mut Node, key: &str) -> Option<Node> {
    let Node::Map(entries) = node else { return None };
    let at = entries.iter().position(|(name, _)| name == key)?;
    Some(entries.remove(at).1)
}

/// A service over the one that it extends: maps and lists grow together, commands and everything else is replaced.
fn merge(base: Node, own: Node) -> Node {
    match (base, own) {
        (Node::Map(mut entries), Node::Map(own)) => {
            let places: HashMap<String, usize> =
                (0..).zip(&entries).map(|(at, (name, _))| (name.clone(), at)).collect();
            for (key, value) in own {
                match places.get(&key) {
                    Some(&at) if !matches!(key.as_str(), "command" | "entrypoint") => {
                        let base = std::mem::replace(&mut entries[at].1, Node::List(Vec::new()));
                        entries[at].1 = merge(base, value);
                    }
                    Some(&at) => entries[at].1 = value,
                    None => entries.push((key, value)),
                }
            }
            Node::Map(entries)
        }
        (Node::List(mut items), Node::List(own)) => {
            items.extend(own);
            Node::List(items)
        }
        (_, own) => own,
    }
}
