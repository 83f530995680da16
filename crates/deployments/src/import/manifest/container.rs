//! One container of a pod.

use vcloud_api::types::{CommandLine, Port, Protocol};

use super::objects::Objects;
use super::volumes::Volumes;
use crate::import::Reason;
use crate::import::draft::Draft;
use crate::import::fields::Fields;
use crate::import::names;
use crate::import::notes::Notes;
use crate::import::sizes::{Suffixes, units};
use crate::tree::Node;

/// What says nothing about what runs.
const NOTHING_LOST: &[&str] = &["imagePullPolicy", "terminationMessagePath", "terminationMessagePolicy"];

/// Reads a container.
pub(super) fn read(
    node: &Node,
    path: String,
    objects: &mut Objects<'_>,
    volumes: &Volumes<'_>,
    before: &[Draft],
    notes: &mut Notes,
) -> Draft {
    let mut fields = Fields::of(node, path, notes);
    let image = fields.text("image", notes).unwrap_or_default();
    let name = fields.text("name", notes);
    let others = before.iter().map(|draft| draft.container.name.as_str());
    let valid = match name {
        Some(name) => names::unique(name, fields.path("name"), others, notes),
        None => names::unique(&names::of_image(image), fields.path("image"), others, notes),
    };
    let mut draft = Draft::new(valid);
    draft.env_path = fields.path("env");
    draft.container.image_name = names::image(image, fields.path("image"), notes);
    draft.container.command = words(&mut fields, "command", notes);
    draft.container.args = words(&mut fields, "args", notes);
    let list = fields.path("ports");
    for (index, port) in fields.list("ports", notes).iter().enumerate() {
        add_port(port, format!("{list}[{index}]"), &mut draft, notes);
    }
    environment(&mut fields, objects, &mut draft, notes);
    size(&mut fields, &mut draft, notes);
    let list = fields.path("volumeMounts");
    for (index, mount) in fields.list("volumeMounts", notes).iter().enumerate() {
        volumes.mount(mount, format!("{list}[{index}]"), objects, &mut draft, notes);
    }
    fields.note(NOTHING_LOST, &Reason::NothingLost, notes);
    fields.finish(notes);
    draft
}

fn words(fields: &mut Fields<'_>, key: &str, notes: &mut Notes) -> CommandLine {
    let path = fields.path(key);
    let mut words = Vec::new();
    for (index, item) in fields.list(key, notes).iter().enumerate() {
        match item {
            Node::Scalar { text, .. } => words.push(text.clone()),
            Node::List(_) | Node::Map(_) => notes.add(format!("{path}[{index}]"), "", Reason::NotUnderstood),
        }
    }
    CommandLine::Words(words)
}

fn add_port(node: &Node, path: String, draft: &mut Draft, notes: &mut Notes) {
    let mut fields = Fields::of(node, path.clone(), notes);
    let mut number = |key: &str, notes: &mut Notes| {
        let text = fields.text(key, notes)?;
        let number = text.parse::<u32>().ok();
        if number.is_none() {
            notes.add(fields.path(key), text, Reason::NotUnderstood);
        }
        number
    };
    let container_port = number("containerPort", notes);
    let host_port = number("hostPort", notes);
    let protocol = Protocol::from(fields.text("protocol", notes).unwrap_or_default());
    fields.take("name");
    fields.note(&["hostIP"], &Reason::HostAddress, notes);
    fields.finish(notes);
    match container_port {
        Some(container_port) => draft.port(Port {
            container_port,
            host_port,
            protocol,
        }),
        // One that is there and no number is noted by itself.
        None if node.get("containerPort").is_none() => notes.add_node(path, "", node, Reason::NotUnderstood),
        None => {}
    }
}

fn environment(fields: &mut Fields<'_>, objects: &mut Objects<'_>, draft: &mut Draft, notes: &mut Notes) {
    // What `env` says comes before what comes from elsewhere.
    let list = fields.path("envFrom");
    for (index, node) in fields.list("envFrom", notes).iter().enumerate() {
        from_all(node, format!("{list}[{index}]"), objects, draft, notes);
    }
    let list = fields.path("env");
    for (index, node) in fields.list("env", notes).iter().enumerate() {
        let path = format!("{list}[{index}]");
        let mut fields = Fields::of(node, path.clone(), notes);
        let Some(name) = fields.text("name", notes) else {
            notes.add(path, "", Reason::NotUnderstood);
            continue;
        };
        // An empty text is a value too.
        let value = match fields.take("value") {
            Some(Node::Scalar { text, .. }) => text.as_str(),
            Some(Node::List(_) | Node::Map(_)) => {
                notes.add(fields.path("value"), "", Reason::NotUnderstood);
                ""
            }
            None => "",
        };
        let mut value = value.to_owned();
        if let Some(source) = fields.take("valueFrom") {
            value = from_one(source, fields.path("valueFrom"), objects, notes);
        }
        fields.finish(notes);
        draft.variable(name, &value, &path, notes);
    }
}

/// All entries of a ConfigMap or Secret.
fn from_all(node: &Node, path: String, objects: &mut Objects<'_>, draft: &mut Draft, notes: &mut Notes) {
    let prefix = node.text_of("prefix").unwrap_or_default();
    let reference = [("configMapRef", "ConfigMap"), ("secretRef", "Secret")]
        .into_iter()
        .find_map(|(key, kind)| Some((kind, node.get(key)?.text_of("name")?)));
    let Some((kind, name)) = reference else {
        notes.add_node(path, "", node, Reason::NotUnderstood);
        return;
    };
    match objects.data(kind, name) {
        Some(data) => {
            data.take_all();
            for (key, value) in &data.entries {
                draft.variable(&format!("{prefix}{key}"), value, &path, notes);
            }
        }
        None => {
            let reason = Reason::NotInTheText {
                kind: kind.to_owned(),
                name: name.to_owned(),
            };
            notes.add(path, name, reason);
        }
    }
}

/// An entry of a ConfigMap or Secret, or something that only the cluster knows.
fn from_one(node: &Node, path: String, objects: &mut Objects<'_>, notes: &mut Notes) -> String {
    let reference = [("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")]
        .into_iter()
        .find_map(|(key, kind)| {
            let reference = node.get(key)?;
            Some((kind, reference.text_of("name")?, reference.text_of("key")?))
        });
    let Some((kind, name, key)) = reference else {
        notes.add_node(path, "", node, Reason::NotSupported);
        return String::new();
    };
    if let Some(value) = objects.data(kind, name).and_then(|data| data.take(key)) {
        return value.to_owned();
    }
    let reason = Reason::NotInTheText {
        kind: kind.to_owned(),
        name: name.to_owned(),
    };
    notes.add(path, key, reason);
    String::new()
}

/// The memory that it may take, or else the memory that it asks for, in units.
fn size(fields: &mut Fields<'_>, draft: &mut Draft, notes: &mut Notes) {
    let Some(mut resources) = fields.fields("resources", notes) else {
        return;
    };
    let mut is_known = false;
    for key in ["limits", "requests"] {
        let Some(mut amounts) = resources.fields(key, notes) else {
            continue;
        };
        if let Some(size) = amounts.text("memory", notes) {
            let path = amounts.path("memory");
            match units(size, Suffixes::Kubernetes) {
                _ if is_known => notes.add(path, size, Reason::UnitsDecide),
                Some(units) => {
                    draft.container.resource_unit = units;
                    is_known = true;
                }
                None => notes.add(path, size, Reason::NotUnderstood),
            }
        }
        amounts.note(&["cpu", "ephemeral-storage"], &Reason::UnitsDecide, notes);
        amounts.finish(notes);
    }
    resources.finish(notes);
}
