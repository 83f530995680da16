//! Installs what the other commands need, and nothing that is there already.
//!
//! A tool of the right version in PATH is used as it is. Others go to a per-user cache, so that the next clone on the
//! same machine starts at once. Nothing is remembered in a file: looking is cheap, and what is found is the truth.

mod apt;
mod binaryen;
mod bindgen;
mod cargo_deny;
mod cargo_install;
mod chromium;
mod engines;
mod npm;
mod python;
mod rust_target;
mod trunk;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

pub use binaryen::WasmOpt;
pub use chromium::Browser;
pub use engines::Engine;
pub use rust_target::WasmToolchain;

use crate::process;
use crate::progress::{detail, say};

/// Something that a command cannot do without.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Compile and bundle the console.
    Build,
    /// Shrink the compiled console.
    WasmOpt,
    /// Drive a real browser and check accessibility.
    Browser,
    /// Run the official client against the local platform.
    Python,
    /// Check what is depended on.
    Deny,
    /// Make journeys in the other engines too.
    Engines,
}

/// Everything for `cargo xtask setup` and the whole test. The other engines are set up when they are asked for.
pub const ALL: &[Need] = &[Need::Build, Need::WasmOpt, Need::Browser, Need::Python, Need::Deny];

/// Where the tools are. A field is there when its need was named.
#[derive(Default)]
pub struct Tools {
    wasm: Option<WasmToolchain>,
    trunk: Option<PathBuf>,
    wasm_bindgen: Option<PathBuf>,
    wasm_opt: Option<WasmOpt>,
    browser: Option<Browser>,
    axe: Option<PathBuf>,
    python: Option<PathBuf>,
    cargo_deny: Option<PathBuf>,
    engines: Vec<Engine>,
}

/// Makes sure that everything needed is there, installing what is missing.
pub fn ensure(needs: &[Need]) -> Result<Tools> {
    say("Tools");
    let mut tools = Tools::default();
    if needs.contains(&Need::Build) {
        tools.wasm = Some(rust_target::ensure()?);
        tools.trunk = Some(trunk::ensure()?);
        tools.wasm_bindgen = Some(bindgen::ensure()?);
    }
    if needs.contains(&Need::WasmOpt) {
        tools.wasm_opt = Some(binaryen::ensure()?);
    }
    if needs.contains(&Need::Browser) {
        tools.browser = Some(chromium::ensure()?);
        tools.axe = Some(npm::ensure_axe()?);
    }
    if needs.contains(&Need::Python) {
        tools.python = Some(python::ensure()?);
    }
    if needs.contains(&Need::Deny) {
        tools.cargo_deny = Some(cargo_deny::ensure()?);
    }
    if needs.contains(&Need::Engines) {
        tools.engines = engines::ensure()?;
    }
    Ok(tools)
}

impl Tools {
    /// The trunk to call.
    pub fn trunk(&self) -> Result<&PathBuf> {
        self.trunk.as_ref().context("trunk was not set up")
    }

    /// The wasm-opt to call.
    pub fn wasm_opt(&self) -> Result<&WasmOpt> {
        self.wasm_opt.as_ref().context("wasm-opt was not set up")
    }

    /// The browser and its driver.
    pub fn browser(&self) -> Result<&Browser> {
        self.browser.as_ref().context("the browser was not set up")
    }

    /// The accessibility checker's script, to be injected into pages.
    pub fn axe(&self) -> Result<&PathBuf> {
        self.axe.as_ref().context("axe-core was not set up")
    }

    /// The engines beside the browser's.
    pub fn engines(&self) -> &[Engine] {
        &self.engines
    }

    /// A Python that can make virtual environments.
    pub fn python(&self) -> Result<&PathBuf> {
        self.python.as_ref().context("python was not set up")
    }

    /// The cargo-deny to call.
    pub fn cargo_deny(&self) -> Result<&PathBuf> {
        self.cargo_deny.as_ref().context("cargo-deny was not set up")
    }

    /// The headless test runner that comes with wasm-bindgen.
    pub fn wasm_test_runner(&self) -> Result<PathBuf> {
        let bindgen = self.wasm_bindgen.as_ref().context("wasm-bindgen was not set up")?;
        let runner = bindgen.with_file_name(format!("wasm-bindgen-test-runner{}", env::consts::EXE_SUFFIX));
        if !runner.is_file() {
            bail!(
                "{} has no wasm-bindgen-test-runner beside it: reinstall wasm-bindgen-cli",
                bindgen.display()
            );
        }
        Ok(runner)
    }

    /// Gives a command that compiles for the browser its compiler and its tools.
    pub fn prepare_wasm_build(&self, command: &mut Command) -> Result<()> {
        let wasm = self.wasm.as_ref().context("the wasm target was not set up")?;
        let tools = [&self.trunk, &self.wasm_bindgen]
            .into_iter()
            .flatten()
            .filter_map(|tool| tool.parent())
            .map(PathBuf::from);
        // What stands in PATH keeps its place; only a cached tool needs a folder of its own, and none of those holds a cargo
        // that could hide the right one.
        let path = env::var_os("PATH").unwrap_or_default();
        let known: Vec<PathBuf> = env::split_paths(&path).collect();
        let cached = tools.filter(|folder| !known.contains(folder));
        let folders: Vec<PathBuf> = wasm
            .path_front()
            .into_iter()
            .chain(cached)
            .chain(known.iter().cloned())
            .collect();
        let path: OsString = env::join_paths(folders).context("a folder of PATH cannot be written into PATH")?;
        command
            .env("PATH", path)
            .env("CARGO_TARGET_DIR", crate::paths::wasm_target());
        wasm.apply(command);
        Ok(())
    }
}

/// Says that a tool is there.
fn ready(what: &str, place: &str) {
    detail(&format!("ready    {what} ({place})"));
}

/// Says what is installed, why, from where and how long that may take.
fn installing(what: &str, why: &str, how: &str) {
    detail(&format!("install  {what}: {why} [{how}]"));
}

/// A program named by an environment variable, or found in PATH under one of the names.
fn program(variable: &str, names: &[&str]) -> Option<PathBuf> {
    if let Some(path) = env::var_os(variable).filter(|value| !value.is_empty()) {
        return Some(PathBuf::from(path));
    }
    names.iter().find_map(|name| process::find(name))
}

/// Fills a folder of the cache by way of one beside it that is renamed at the end, so that an interrupted installation
/// leaves nothing half done.
fn install_into(folder: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let mut name = folder
        .file_name()
        .context("a folder of the cache has a name")?
        .to_owned();
    name.push(format!(".unfinished-{}", std::process::id()));
    let unfinished = folder.with_file_name(name);
    fs::create_dir_all(&unfinished).with_context(|| format!("cannot create {}", unfinished.display()))?;
    let filled = fill(&unfinished).and_then(|()| {
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("cannot replace {}", folder.display()))?;
        }
        fs::rename(&unfinished, folder).with_context(|| format!("cannot create {}", folder.display()))
    });
    if filled.is_err() {
        let _ = fs::remove_dir_all(&unfinished);
    }
    filled
}
