//! `cargo xtask dist`: the console for static hosting, as small as it gets.
//!
//! trunk's page goes through four steps: style sheets become one file, wasm-opt shrinks the program, every script, program and
//! style sheet gets a name that tells its content (so that servers can let browsers keep them for ever), and compressed copies
//! are laid beside the files for servers that send such copies as they are.

mod assets;
mod compress;
mod css;
mod html;
mod size_report;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::progress::{Ticker, detail, say};
use crate::setup::{self, Need, Tools};
use crate::wasm_build::{self, Profile, Warnings};
use crate::{paths, process};

/// The page's file, whose name must stay.
const INDEX: &str = "index.html";

/// What the operator edits after deployment: kept readable, under its own name, and without compressed copies, which a server
/// would go on sending after an edit.
const CONFIGURATION: &str = "config.json";

/// Sets up, builds and reports.
pub fn run(base: &str) -> Result<()> {
    let tools = setup::ensure(&[Need::Build, Need::WasmOpt])?;
    build(&tools, base, Warnings::Show)
}

/// Builds `dist/` for pages below `base` (`/` or `/console/`). An earlier `dist/` stays until the new one is complete.
pub fn build(tools: &Tools, base: &str, warnings: Warnings) -> Result<()> {
    ensure!(
        base.starts_with('/') && base.ends_with('/'),
        "--base {base}: it must start and end with a slash, as `/console/` does"
    );
    let _lock = process::lock("dist")?;
    say("Building the optimised console (some minutes the first time)");
    let page = wasm_build::build(tools, Profile::Release, base, warnings)?;
    let staging = paths::target().join("dist-staging");
    remove(&staging)?;
    copy(&page, &staging)?;

    say("Shrinking the program by wasm-opt");
    for program in files_with(&staging, "wasm")? {
        optimise(tools, &program)?;
    }
    say("Bundling style sheets and naming files by their content");
    let index = staging.join(INDEX);
    let page = fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    let page = css::bundle(&staging, &page)?;
    let page = html::without_build_instructions(&page);
    let page = assets::name_by_content(&staging, &page, base)?;
    fs::write(&index, page).with_context(|| format!("cannot write {}", index.display()))?;

    say("Compressing");
    let sizes = {
        let _ticker = Ticker::start("brotli and gzip");
        compress::copies(&staging)?
    };
    replace(&staging, &paths::dist())?;
    size_report::print(&sizes)?;
    say(&format!("Ready in {}", paths::shown(&paths::dist())));
    Ok(())
}

fn optimise(tools: &Tools, program: &Path) -> Result<()> {
    let before = fs::metadata(program)?.len();
    let optimised = program.with_extension("wasm.optimised");
    let mut command = tools.wasm_opt()?.command();
    // The features to use are read from the program. `--all-features` would make a file that browsers refuse.
    command
        .args(["-Oz", "--strip-debug", "--strip-producers"])
        .arg(program)
        .arg("-o")
        .arg(&optimised);
    process::run("wasm-opt", &mut command)?;
    let after = fs::metadata(&optimised)?.len();
    fs::rename(&optimised, program).with_context(|| format!("cannot replace {}", program.display()))?;
    detail(&format!("{before} bytes before, {after} after"));
    Ok(())
}

/// Puts the finished folder in place: whoever serves `dist/` sees either all of the old one or all of the new one.
fn replace(staging: &Path, dist: &Path) -> Result<()> {
    let old = paths::target().join("dist-old");
    remove(&old)?;
    if dist.exists() {
        fs::rename(dist, &old).with_context(|| format!("cannot move {} away", dist.display()))?;
    }
    fs::rename(staging, dist).with_context(|| format!("cannot move the new files to {}", dist.display()))?;
    remove(&old)
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in files(from)? {
        let target = to.join(file.strip_prefix(from)?);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        }
        fs::copy(&file, &target).with_context(|| format!("cannot copy {}", file.display()))?;
    }
    Ok(())
}

/// Every file below a folder in a stable order, hidden ones (trunk's staging folder) left out.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

fn files_with(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    Ok(files(folder)?
        .into_iter()
        .filter(|file| extension_of(file) == extension)
        .collect())
}

fn extension_of(file: &Path) -> &str {
    file.extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
}
