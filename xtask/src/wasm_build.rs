//! Compiles and bundles the console, by trunk.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::paths;
use crate::process;
use crate::setup::Tools;

/// How the console is compiled: the cargo profiles of the workspace's manifest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// As it is shipped.
    Release,
    /// Quick to compile, for the edit loop.
    Dev,
}

impl Profile {
    /// The name in Cargo.toml.
    pub fn name(self) -> &'static str {
        match self {
            Self::Release => "wasm-release",
            Self::Dev => "wasm-dev",
        }
    }
}

/// Where trunk puts the page: index.html and everything it loads, under names without hashes.
pub fn output(profile: Profile) -> PathBuf {
    paths::target().join("console").join(profile.name())
}

/// Compiles the console for pages below `base` (`/` or `/console/`) and answers the folder of the page.
pub fn build(tools: &Tools, profile: Profile, base: &str) -> Result<PathBuf> {
    let output = output(profile);
    std::fs::create_dir_all(&output).with_context(|| format!("cannot create {}", output.display()))?;
    let mut command = command(tools, profile, base, &output)?;
    process::run("building the console", &mut command)?;
    Ok(output)
}

/// The trunk command that `build` runs.
pub fn command(tools: &Tools, profile: Profile, base: &str, output: &Path) -> Result<std::process::Command> {
    let mut command = process::command(tools.trunk()?);
    command
        .arg("build")
        .arg("--skip-version-check")
        .arg("--dist")
        .arg(output);
    command.args(["--cargo-profile", profile.name(), "--public-url", base]);
    if profile == Profile::Release {
        command.arg("--release");
    }
    // Where the code has an error, compiler output ends with what counts, not with the stack of the tool.
    command.env("RUST_BACKTRACE", "0");
    // trunk reads NO_COLOR as `true` or `false` and refuses the usual `1`.
    command.env_remove("NO_COLOR");
    tools.prepare_wasm_build(&mut command)?;
    Ok(command)
}
