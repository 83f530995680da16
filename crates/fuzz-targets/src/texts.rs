//! Texts that people paste or drop: deployments in four formats, `.env` files, configuration files.

use deployments::diff::{Change, lines};
use deployments::export::export;
use deployments::import::{Format, import, import_as};
use deployments::syntax::{Syntax, check, highlight, of_path, of_text};
use vcloud_api::types::{Deployment, ServiceOptions, UserService};

use crate::{first_line, text};

/// The official client's file.
pub fn client_json(input: &[u8]) {
    deployment(Format::ClientJson, &text(input));
}

/// Compose files.
pub fn compose(input: &[u8]) {
    deployment(Format::Compose, &text(input));
}

/// `docker run` lines.
pub fn docker_run(input: &[u8]) {
    deployment(Format::DockerRun, &text(input));
}

/// Kubernetes manifests.
pub fn manifest(input: &[u8]) {
    deployment(Format::Manifest, &text(input));
}

/// What is read has containers, can be checked, and is read back from every format that it is written in.
fn deployment(format: Format, text: &str) {
    let _ = import(text);
    let Ok(imported) = import_as(format, text) else { return };
    assert!(!imported.deployment.containers.is_empty());
    let _ = imported.deployment.validate(&UserService::default());
    let _ = imported.deployment.validate_for(&ServiceOptions::default());
    if has_long_names(&imported.deployment) {
        return;
    }
    for format in Format::ALL {
        let written = export(format, &imported.deployment, "服务");
        let read = import(&written);
        assert!(read.is_ok(), "{format:?} is not read back: {:?}\n{written}", read.err());
    }
}

/// Names that no rule allows, and that are too long for the keys of a YAML file (YAML 1.2, 7.4.3: 1024 characters).
fn has_long_names(deployment: &Deployment) -> bool {
    let is_long = |name: &str| name.len() > 256;
    deployment
        .containers
        .iter()
        .any(|container| is_long(&container.name) || container.envs.iter().any(|variable| is_long(&variable.name)))
}

/// `.env` files: what is read is written in a form that is read the same.
pub fn env_file(input: &[u8]) {
    let parsed = deployments::env_file::parse(&text(input));
    let written = deployments::env_file::write(&parsed.variables);
    let again = deployments::env_file::parse(&written);
    assert_eq!(again.variables, parsed.variables, "{written:?}");
}

/// Checks and colours: spans are parts of the text, in order. The first line is the file's name.
pub fn syntax(input: &[u8]) {
    let whole = text(input);
    let (name, text) = first_line(&whole);
    let guessed = [of_path(name), of_text(text)];
    for syntax in guessed
        .into_iter()
        .chain([Syntax::Json, Syntax::Yaml, Syntax::Ini, Syntax::Nginx])
    {
        if let Err(error) = check(syntax, text) {
            assert!(error.line >= 1 && error.column >= 1);
        }
        let mut end = 0;
        for span in highlight(syntax, text) {
            assert!(
                span.range.start >= end && text.get(span.range.clone()).is_some(),
                "{syntax:?} {:?}",
                span.range
            );
            end = span.range.end;
        }
    }
}

/// Differences between the two halves: both can be put together from them.
pub fn diff(input: &[u8]) {
    let whole = text(input);
    let (before, after) = whole
        .split_once('\0')
        .unwrap_or_else(|| whole.split_at(whole.floor_char_boundary(whole.len() / 2)));
    let lines = lines(before, after);
    let side = |other: Change| -> String {
        let kept = lines.iter().filter(|line| line.change != other);
        kept.flat_map(|line| [line.text, line.end]).collect()
    };
    assert_eq!(side(Change::Added), before);
    assert_eq!(side(Change::Removed), after);
    for hunk in deployments::diff::hunks(&lines, 3) {
        assert!(lines.get(hunk).is_some());
    }
}
