//! Compiles and bundles the console, by trunk.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

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

/// What becomes of the compiler's warnings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Warnings {
    /// They are shown.
    Show,
    /// They are shown and fail the build. A compiler flag would do the same at the price of compiling every dependency again.
    Deny,
}

/// Compiles the console for pages below `base` (`/` or `/console/`) and answers the folder of the page.
pub fn build(tools: &Tools, profile: Profile, base: &str, warnings: Warnings) -> Result<PathBuf> {
    // trunk and wasm-bindgen write to folders that do not depend on the profile.
    let _lock = process::lock("wasm-build")?;
    let output = output(profile);
    fs::create_dir_all(&output).with_context(|| format!("cannot create {}", output.display()))?;
    let mut command = process::command(tools.trunk()?);
    command
        .arg("build")
        .args(["--skip-version-check", "--locked=true"])
        .arg("--dist")
        .arg(&output);
    command.args(["--cargo-profile", profile.name(), "--public-url", base]);
    if profile == Profile::Release {
        command.arg("--release");
    }
    // Where the code has an error, the output ends with what the compiler says, not with the stack of the tool.
    command.env("RUST_BACKTRACE", "0");
    // trunk reads NO_COLOR as `true` or `false` and refuses the usual `1`.
    command.env_remove("NO_COLOR");
    tools.prepare_wasm_build(&mut command)?;
    if warnings == Warnings::Show {
        process::run("building the console", &mut command)?;
        return Ok(output);
    }
    let mut warned = Vec::new();
    command.env("CARGO_TERM_COLOR", "never");
    process::run_reading("building the console", &mut command, |line| {
        if is_warning_count(line) {
            warned.push(line.to_owned());
        }
    })?;
    if !warned.is_empty() {
        bail!("the console compiles with warnings: {}", warned.join("; "));
    }
    Ok(output)
}

/// Whether this is cargo's closing line about a package with warnings: ``warning: `console` (bin "console") generated 2 warnings``.
fn is_warning_count(line: &str) -> bool {
    line.starts_with("warning: `") && line.contains(" generated ") && line.contains(" warning")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_count_of_warnings_is_recognised() {
        assert!(is_warning_count(
            "warning: `console` (bin \"console\") generated 1 warning (run `cargo fix` to apply 1 suggestion)"
        ));
        assert!(!is_warning_count("warning: unused variable: `generated`"));
    }
}
