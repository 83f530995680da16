//! Python, in which the official command line client is written that the local platform is checked against.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{apt, program, ready};
use crate::process;

const NAMES: &[&str] = &[
    "python3.11",
    "python3.12",
    "python3.10",
    "python3.9",
    "python3",
    "python",
];
const INSTEAD: &str =
    "Install Python 3.9, 3.10, 3.11 or 3.12 with its venv module, or name one by the environment variable PYTHON.";

/// A Python of a version that the official client supports and that can make virtual environments.
pub fn ensure() -> Result<PathBuf> {
    if let Some(python) = find() {
        ready("Python with venv", &python.display().to_string());
        return Ok(python);
    }
    apt::install(
        &["python3", "python3-venv"],
        "Python for the official client, which must work against the local platform",
        "under a minute",
        INSTEAD,
    )?;
    find().with_context(|| format!("no Python in PATH is of version 3.9 to 3.12 and has the venv module. {INSTEAD}"))
}

fn find() -> Option<PathBuf> {
    if let Some(named) = program("PYTHON", &[]) {
        return fits(&named).then_some(named);
    }
    NAMES
        .iter()
        .filter_map(|name| process::find(name))
        .find(|python| fits(python))
}

fn fits(python: &Path) -> bool {
    let question = "import sys, venv, ensurepip; sys.exit(not (3, 9) <= sys.version_info[:2] <= (3, 12))";
    process::ask(python, &["-c", question]).is_some()
}
