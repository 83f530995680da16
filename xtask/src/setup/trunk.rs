//! trunk: compiles the console, runs wasm-bindgen and puts the page together.

use std::path::PathBuf;

use anyhow::Result;

use super::cargo_install::Program;

/// The trunk in PATH or in the cache.
pub fn ensure() -> Result<PathBuf> {
    Program {
        package: "trunk",
        binary: "trunk",
        version: "0.21.14".to_owned(),
        why: "bundles the console",
        time: "3 to 5 minutes on two cores",
        locked: true,
        // It only calls others.
        opt_level: "0",
    }
    .ensure()
}
