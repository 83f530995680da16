//! cargo-deny: checks what is depended on against deny.toml.

use std::path::PathBuf;

use anyhow::Result;

use super::cargo_install::Program;

/// The cargo-deny in PATH or in the cache.
pub fn ensure() -> Result<PathBuf> {
    Program {
        package: "cargo-deny",
        binary: "cargo-deny",
        version: "0.20.2".to_owned(),
        why: "checks licences, versions and sources of dependencies",
        time: "1 to 2 minutes on two cores",
        locked: true,
        // It looks at some hundred packages.
        opt_level: "0",
    }
    .ensure()
}
