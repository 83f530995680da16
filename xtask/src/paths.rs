//! Where things are: the project, its build output and what setup keeps between clones.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The project's root folder.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// Cargo's target folder of native builds.
pub fn target() -> PathBuf {
    root().join("target")
}

/// Cargo's target folder of wasm builds. They may use another rustc than the native ones, and sharing a folder would make
/// each invalidate the other.
pub fn wasm_target() -> PathBuf {
    target().join("wasm")
}

/// The optimised console, ready for a static host.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The files for servers that belong to it.
pub fn hosting() -> PathBuf {
    root().join("hosting")
}

/// A binary of the workspace built by `cargo build` without `--release`.
pub fn debug_binary(name: &str) -> PathBuf {
    target()
        .join("debug")
        .join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// The per-user folder for tools, shared by all clones on the machine so that a fresh clone does not install them again.
pub fn cache() -> Result<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .context("neither XDG_CACHE_HOME nor a home directory is known, so there is no place for tools")?;
    Ok(base.join("v-cloud-console"))
}

/// `path` relative to the project's root where it is inside, for messages.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
