//! Fuzz targets: everything that reads what others wrote, each as one function of bytes.
//!
//! A target panics where something is wrong: the code under it does, or what it promises is not so. The same functions run in two
//! ways. `cargo xtask fuzz` has libFuzzer look for new inputs, led by coverage; `tests/corpus.rs`, a part of the whole check, runs
//! every file of `corpus/` with a bounded number of mutations. What the fuzzer finds is added to the corpus and so never
//! comes back.

mod answers;
mod keys;
mod lines;
pub mod mutation;
mod names;
mod streams;
mod texts;

use std::borrow::Cow;

/// One way in.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, and its folder's in `corpus/`.
    pub name: &'static str,
    /// Reads an input. Panics where something is wrong.
    pub run: fn(&[u8]),
}

/// Every target.
pub const TARGETS: &[Target] = &[
    target("access_token", keys::access_token),
    target("ansi", lines::ansi),
    target("answers", answers::answers),
    target("client_json", texts::client_json),
    target("compose", texts::compose),
    target("diff", texts::diff),
    target("dns", answers::dns),
    target("docker_run", texts::docker_run),
    target("domain", names::domain),
    target("env_file", texts::env_file),
    target("event_stream", streams::event_stream),
    target("extension", answers::extension),
    target("identifiers", keys::identifiers),
    target("image_reference", names::image_reference),
    target("input_rules", names::input_rules),
    target("journal", answers::journal),
    target("log_json", lines::json),
    target("log_resume", streams::resume),
    target("log_search", lines::search),
    target("manifest", texts::manifest),
    target("money", names::money),
    target("sealed_box", keys::sealed_box),
    target("syntax", texts::syntax),
    target("timestamp", lines::timestamp),
    target("vault", keys::vault),
    target("wallet_file", keys::wallet_file),
];

const fn target(name: &'static str, run: fn(&[u8])) -> Target {
    Target { name, run }
}

/// The target of a name.
#[must_use]
pub fn find(name: &str) -> Option<Target> {
    TARGETS.iter().copied().find(|target| target.name == name)
}

/// An input as a text. Most readers are given texts, which a browser has made of whatever bytes there were.
fn text(input: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(input)
}

/// The first line of an input, and the rest.
fn first_line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}
