//! Packages from npm, each pinned and in a folder of its own in the cache.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use super::{apt, install_into, installing, ready};
use crate::{paths, process};

const AXE_VERSION: &str = "4.14.1";

/// `axe.min.js`: checks a page for accessibility defects.
pub fn ensure_axe() -> Result<PathBuf> {
    package(
        "axe-core",
        AXE_VERSION,
        "axe.min.js",
        "checks every page for accessibility defects",
    )
}

/// A file of an npm package, which is installed where the cache lacks it.
pub fn package(name: &str, version: &str, file: &str, why: &str) -> Result<PathBuf> {
    let shown = format!("{name} {version}");
    let folder = paths::cache()?.join(format!("{name}-{version}"));
    let wanted = folder.join("node_modules").join(name).join(file);
    if wanted.is_file() {
        ready(&shown, &folder.display().to_string());
        return Ok(wanted);
    }
    let npm = npm()?;
    installing(&shown, why, "npm install, under a minute");
    install_into(&folder, |unfinished| {
        let mut command = process::command(npm);
        command
            .args([
                "install",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--no-package-lock",
                "--prefix",
            ])
            .arg(unfinished)
            .arg(format!("{name}@{version}"));
        process::run(&format!("npm install {name}"), &mut command)
    })?;
    ensure!(wanted.is_file(), "{shown} was installed but has no {file}");
    Ok(wanted)
}

/// node, to run what npm installed.
pub fn node() -> Result<PathBuf> {
    if let Some(node) = process::find("node").or_else(|| process::find("nodejs")) {
        return Ok(node);
    }
    install_node()?;
    process::find("node")
        .or_else(|| process::find("nodejs"))
        .context("nodejs was installed but is not in PATH")
}

fn npm() -> Result<PathBuf> {
    node()?;
    if let Some(npm) = process::find("npm") {
        return Ok(npm);
    }
    install_node()?;
    process::find("npm").context("npm was installed but is not in PATH")
}

fn install_node() -> Result<()> {
    apt::install(
        &["nodejs", "npm"],
        "node and npm, which bring wasm-opt and the accessibility checker",
        "1 to 3 minutes",
        "Install Node.js 18 or newer from https://nodejs.org.",
    )
}
