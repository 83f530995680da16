//! Programs from crates.io.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{install_into, installing, ready};
use crate::{paths, process};

/// A program from crates.io in exactly one version.
pub struct Program {
    /// The package's name.
    pub package: &'static str,
    /// The program that tells its version.
    pub binary: &'static str,
    /// The version wanted, as `--version` prints it.
    pub version: String,
    /// What it is for.
    pub why: &'static str,
    /// How long building it may take.
    pub time: &'static str,
    /// Whether the package's own lock file is used.
    pub locked: bool,
    /// How much the compiler optimises it, as in a cargo profile: little for what runs for seconds, more for what works hard.
    pub opt_level: &'static str,
}

impl Program {
    /// The program in PATH or in the cache, built now where it is in neither.
    pub fn ensure(&self) -> Result<PathBuf> {
        let name = format!("{} {}", self.package, self.version);
        if let Some(found) = process::find(self.binary).filter(|found| self.is_right(found)) {
            ready(&name, &found.display().to_string());
            return Ok(found);
        }
        let folder = paths::cache()?.join(format!("{}-{}", self.package, self.version));
        let cached = folder
            .join("bin")
            .join(format!("{}{}", self.binary, env::consts::EXE_SUFFIX));
        if self.is_right(&cached) {
            ready(&name, &cached.display().to_string());
            return Ok(cached);
        }
        installing(&name, self.why, &format!("cargo install, {}", self.time));
        install_into(&folder, |unfinished| self.build(unfinished))?;
        anyhow::ensure!(
            self.is_right(&cached),
            "{} was installed but does not answer as version {}",
            cached.display(),
            self.version
        );
        Ok(cached)
    }

    fn is_right(&self, program: &Path) -> bool {
        let wanted = process::version(&self.version);
        program.is_file()
            && process::ask(program, &["--version"]).and_then(|answer| process::version(&answer)) == wanted
    }

    fn build(&self, folder: &Path) -> Result<()> {
        let mut command = process::command("cargo");
        command
            .args(["install", self.package, "--version", &self.version, "--root"])
            .arg(folder);
        if self.locked {
            command.arg("--locked");
        }
        command
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.opt_level)
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        process::run(&format!("building {}", self.package), &mut command)
    }
}
