//! Which format a text is in.

use serde_json::Value;

use super::{Format, ImportError, Imported, LONGEST, client_json, compose, docker_run, manifest};
use crate::syntax::{SyntaxError, json_error, without_mark};
use crate::tree::{self, Node};

/// Reads a text in a format, or in whichever it is.
pub(super) fn read(format: Option<Format>, text: &str) -> Result<Imported, ImportError> {
    if text.len() > LONGEST {
        return Err(ImportError::TooLarge);
    }
    let text = without_mark(text);
    match format {
        Some(Format::ClientJson) => client_json::read(text),
        Some(Format::DockerRun) => docker_run::read(text),
        Some(Format::Compose) => compose::read(&documents(text)?),
        Some(Format::Manifest) => manifest::read(&documents(text)?),
        None => detect(text),
    }
}

/// The documents of a text, which is YAML, or JSON: that is nearly YAML, but may be indented by tabs.
fn documents(text: &str) -> Result<Vec<Node>, ImportError> {
    if text.trim_start().starts_with(['{', '[']) {
        match serde_json::from_str::<Value>(text) {
            Ok(value) => return Ok(vec![value.into()]),
            Err(error) => {
                // YAML may begin with a bracket too.
                return tree::yaml(text).map_err(|_| ImportError::Syntax(json_error(text, &error)));
            }
        }
    }
    tree::yaml(text).map_err(ImportError::Syntax)
}

fn detect(text: &str) -> Result<Imported, ImportError> {
    if docker_run::begins_with_command(text) {
        return docker_run::read(text);
    }
    let documents = match documents(text) {
        Ok(documents) => documents,
        Err(ImportError::Syntax(error)) => return Err(wrong_or_unknown(text, error)),
        Err(error) => return Err(error),
    };
    if documents.iter().any(manifest::is_one) {
        return manifest::read(&documents);
    }
    let is_json = text.trim_start().starts_with('{');
    if is_json && documents.iter().any(|document| document.get("containers").is_some()) {
        return client_json::read(text);
    }
    if documents.iter().any(compose::is_one) {
        return compose::read(&documents);
    }
    if docker_run::has_command(text) {
        return docker_run::read(text);
    }
    Err(ImportError::NotRecognised)
}

/// A text that breaks the rules of YAML may well be no YAML at all: then where it breaks them tells nobody anything.
fn wrong_or_unknown(text: &str, error: SyntaxError) -> ImportError {
    const KEYS: &[&str] = &["services", "apiVersion", "kind", "version", "containers", "name", "x-"];
    let looks_right = text.trim_start().starts_with('{')
        || text.lines().any(|line| {
            let line = line.trim_end();
            line.split_once(':').is_some_and(|(key, _)| {
                KEYS.iter()
                    .any(|known| key == *known || (known.ends_with('-') && key.starts_with(known)))
            })
        });
    if looks_right {
        ImportError::Syntax(error)
    } else {
        ImportError::NotRecognised
    }
}
