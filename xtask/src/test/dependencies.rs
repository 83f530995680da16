//! What is depended on: licences, versions and sources by deny.toml, and what is known against it.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::process;
use crate::progress::detail;

/// How long the database of advisories may take to arrive.
const PATIENCE: Duration = Duration::from_secs(60);

/// Checks licences, versions and sources. Advisories are shown where their database can be had, and fail nothing: they change
/// without anybody changing the project, and it lies on a host that not every machine reaches.
pub fn check(cargo_deny: &Path) -> Result<()> {
    let mut rules = deny(cargo_deny);
    rules.args(["check", "--deny", "warnings", "licenses", "bans", "sources"]);
    process::run("cargo deny", &mut rules)?;
    if !has_advisories(cargo_deny)? {
        detail(
            "advisories: their database (github.com/RustSec/advisory-db) can't be reached, so nothing is known of them",
        );
    } else if let Err(error) = advisories(cargo_deny) {
        detail(&format!("advisories: {error:#}"));
    }
    Ok(())
}

fn advisories(cargo_deny: &Path) -> Result<()> {
    let mut command = deny(cargo_deny);
    command.args(["check", "--disable-fetch", "advisories"]);
    process::run("cargo deny", &mut command)
}

/// Fetches the database.
fn has_advisories(cargo_deny: &Path) -> Result<bool> {
    let mut command = deny(cargo_deny);
    command.args(["fetch", "db"]).stdin(Stdio::null()).stderr(Stdio::null());
    // What git would ask for a password is not there.
    command.env("GIT_TERMINAL_PROMPT", "0");
    let mut child = command.spawn().context("cannot start cargo-deny")?;
    process::succeeds_within(&mut child, PATIENCE)
}

fn deny(cargo_deny: &Path) -> Command {
    let mut command = process::command(cargo_deny);
    command.arg("--locked");
    command
}
