//! What `cargo xtask test` tells the tests: where the programs and the files are.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// The optimised console.
pub fn dist() -> Result<PathBuf> {
    named("CONSOLE_DIST")
}

/// The local platform's program.
pub fn local_platform() -> Result<PathBuf> {
    named("LOCAL_PLATFORM")
}

/// The browser.
pub fn browser() -> Result<PathBuf> {
    named("BROWSER")
}

/// What the driver calls the browser.
pub fn browser_name() -> Result<String> {
    set("BROWSER_NAME")?
        .into_string()
        .ok()
        .context("BROWSER_NAME is no text")
}

/// The browser's driver.
pub fn browser_driver() -> Result<PathBuf> {
    named("BROWSER_DRIVER")
}

/// The accessibility checker's script.
pub fn axe() -> Result<PathBuf> {
    named("AXE")
}

/// The project's root folder.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

fn named(variable: &str) -> Result<PathBuf> {
    let path = PathBuf::from(set(variable)?);
    ensure!(
        path.exists(),
        "{variable} names {}, which does not exist",
        path.display()
    );
    Ok(path)
}

fn set(variable: &str) -> Result<OsString> {
    env::var_os(variable)
        .with_context(|| format!("{variable} is not set: run the browser tests by `cargo xtask test --only browser`"))
}
