//! The official client's JSON deployment file.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use vcloud_api::types::{Deployment, Login};

use super::notes::Notes;
use super::{Format, ImportError, Imported, Reason};
use crate::syntax::{json_error, without_mark};
use crate::tree::Node;

const WHOLE: &[&str] = &["containers", "pvtLogin"];
const CONTAINER: &[&str] = &[
    "name",
    "imageName",
    "resourceUnit",
    "ports",
    "envs",
    "mountPath",
    "command",
    "args",
    "configMountPath",
    "config",
    "configFile",
];
const PORT: &[&str] = &["containerPort", "hostPort", "protocol"];
const VARIABLE: &[&str] = &["name", "value"];
const LOGIN: &[&str] = &["username", "password"];

/// Reads the file. What the client ignores in it is listed.
pub(super) fn read(text: &str) -> Result<Imported, ImportError> {
    let text = without_mark(text);
    let wrong = |error: serde_json::Error| ImportError::Syntax(json_error(text, &error));
    let whole: Value = serde_json::from_str(text).map_err(wrong)?;
    let Value::Object(whole) = whole else {
        return Err(ImportError::NotRecognised);
    };
    // From the text and not from the value: so an error has a place.
    let mut deployment: Deployment = serde_json::from_str(text).map_err(wrong)?;
    let mut notes = Notes::default();
    unknown("", &whole, WHOLE, &mut notes);
    let containers = entries(whole.get("containers"));
    if deployment.containers.is_empty() {
        return Err(ImportError::NoContainers);
    }
    // A `null` among the containers is dropped, with its login.
    let present: Vec<usize> = (0..containers.len())
        .filter(|&index| !containers[index].is_null())
        .collect();
    for (&index, container) in present.iter().zip(&mut deployment.containers) {
        let Value::Object(fields) = &containers[index] else {
            continue;
        };
        let path = format!("containers[{index}]");
        unknown(&path, fields, CONTAINER, &mut notes);
        unknown_in_list(&format!("{path}.ports"), fields.get("ports"), PORT, &mut notes);
        unknown_in_list(&format!("{path}.envs"), fields.get("envs"), VARIABLE, &mut notes);
        if let Some(file) = fields
            .get("configFile")
            .and_then(Value::as_str)
            .filter(|file| !file.is_empty())
        {
            if !container.config.is_empty() {
                notes.add(format!("{path}.config"), "", Reason::Overridden);
                container.config.clear();
            }
            let reason = Reason::NeedsAFile { path: file.to_owned() };
            notes.add(format!("{path}.configFile"), file, reason);
        }
    }
    unknown_in_list("pvtLogin", whole.get("pvtLogin"), LOGIN, &mut notes);
    let logins = std::mem::take(&mut deployment.pvt_login);
    deployment.pvt_login = if logins.iter().all(Login::is_public) {
        // The client fills this in itself; one entry each is what all others write.
        vec![Login::public(); deployment.containers.len()]
    } else if logins.len() == containers.len() {
        present.iter().map(|&index| logins[index].clone()).collect()
    } else {
        logins
    };
    Ok(Imported {
        format: Format::ClientJson,
        deployment,
        not_carried: notes.into_list(),
    })
}

fn entries(list: Option<&Value>) -> &[Value] {
    list.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn unknown_in_list(path: &str, list: Option<&Value>, known: &[&str], notes: &mut Notes) {
    for (index, entry) in entries(list).iter().enumerate() {
        if let Value::Object(fields) = entry {
            unknown(&format!("{path}[{index}]"), fields, known, notes);
        }
    }
}

fn unknown(path: &str, fields: &Map<String, Value>, known: &[&str], notes: &mut Notes) {
    // In an order of its own: that of the map depends on what else in the program uses the parser of JSON.
    let fields: BTreeMap<&String, &Value> = fields.iter().collect();
    for (key, value) in fields {
        if !known.contains(&key.as_str()) {
            let path = if path.is_empty() {
                key.clone()
            } else {
                format!("{path}.{key}")
            };
            notes.add_node(path, key, &Node::from(value.clone()), Reason::NotSupported);
        }
    }
}
