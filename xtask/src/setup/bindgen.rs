//! wasm-bindgen's command: must be of exactly the version of the library in Cargo.lock.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::cargo_install::Program;
use crate::paths;

/// The wasm-bindgen in PATH or in the cache.
pub fn ensure() -> Result<PathBuf> {
    Program {
        package: "wasm-bindgen-cli",
        binary: "wasm-bindgen",
        version: locked_version()?,
        why: "writes the JavaScript between the browser and the compiled console; its version is that of Cargo.lock",
        time: "about 2 minutes on two cores",
        // The lock file that the package ships names a crate that was withdrawn.
        locked: false,
        // It reads and writes the whole program: without optimisation that takes minutes for one with debug information.
        opt_level: "2",
    }
    .ensure()
}

fn locked_version() -> Result<String> {
    let file = paths::root().join("Cargo.lock");
    let lock = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    version_in(&lock).context("Cargo.lock names no wasm-bindgen")
}

fn version_in(lock: &str) -> Option<String> {
    let mut lines = lock
        .lines()
        .skip_while(|line| *line != "name = \"wasm-bindgen\"")
        .skip(1);
    let version = lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_library_itself() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock).as_deref(), Some("0.2.130"));
        assert_eq!(version_in("[[package]]\nname = \"other\"\n"), None);
    }
}
