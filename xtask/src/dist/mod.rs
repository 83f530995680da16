//! `cargo xtask dist`: the console for static hosting, as small as it gets.
//!
//! trunk's page goes through five steps: style sheets become one file, wasm-opt shrinks the program, every script, program and
//! style sheet gets a name that tells its content (so that servers can let browsers keep them for ever), the page gets its policy
//! and the digests of what it loads, and compressed copies are laid beside the files for servers that send such copies as they are.
//! Beside `dist/` come files for servers, with the headers of the same policy.

mod assets;
mod compress;
mod css;
mod size_report;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use page_policy::{Policy, hosting};

use crate::files::{self, extension_of};
use crate::page::{self, INDEX};
use crate::progress::{Ticker, detail, say};
use crate::setup::{self, Need, Tools};
use crate::wasm_build::{self, Profile, Warnings};
use crate::{html, paths, process};

/// What the operator edits after deployment: kept readable, under its own name, and without compressed copies, which a server
/// would go on sending after an edit.
const CONFIGURATION: &str = "config.json";

/// Sets up, builds and reports.
pub fn run(base: &str, policy: &Policy) -> Result<()> {
    let tools = setup::ensure(&[Need::Build, Need::WasmOpt])?;
    build(&tools, base, policy, Warnings::Show)
}

/// Builds `dist/` for pages below `base` (`/` or `/console/`), and `hosting/`. An earlier `dist/` stays until the new one is complete.
pub fn build(tools: &Tools, base: &str, policy: &Policy, warnings: Warnings) -> Result<()> {
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
    let page = finished(&staging, &page, base, policy)?;
    fs::write(&index, page).with_context(|| format!("cannot write {}", index.display()))?;

    say("Compressing");
    let sizes = {
        let _ticker = Ticker::start("brotli and gzip");
        compress::copies(&staging)?
    };
    replace(&staging, &paths::dist())?;
    size_report::print(&sizes)?;
    write_hosting(base, policy)?;
    say(&format!("Ready in {}", paths::shown(&paths::dist())));
    Ok(())
}

/// The page, and what it loads from the folder, as they are served.
fn finished(folder: &Path, page: &str, base: &str, policy: &Policy) -> Result<String> {
    let page = css::bundle(folder, page)?;
    let page = html::without_build_instructions(&page);
    let page = assets::name_by_content(folder, &page, base)?;
    page::secured(folder, &page, policy)
}

/// Writes the files for servers anew.
fn write_hosting(base: &str, policy: &Policy) -> Result<()> {
    let folder = paths::hosting();
    remove(&folder)?;
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for file in hosting::files(policy, base) {
        let path = folder.join(file.name);
        fs::write(&path, file.content).with_context(|| format!("cannot write {}", path.display()))?;
    }
    say(&format!("Headers for servers are in {}", paths::shown(&folder)));
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
    for file in files::below(from)? {
        let target = to.join(file.strip_prefix(from)?);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        }
        fs::copy(&file, &target).with_context(|| format!("cannot copy {}", file.display()))?;
    }
    Ok(())
}

fn files_with(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    Ok(files::below(folder)?
        .into_iter()
        .filter(|file| extension_of(file) == extension)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finished_page_names_every_file_by_its_content_and_its_digest() {
        let folder = std::env::temp_dir().join(format!("xtask-dist-{}", std::process::id()));
        fs::create_dir_all(folder.join("style")).expect("a folder");
        for (name, text) in [
            (
                "boot.js",
                "import(\"./console.js\"); new URL(\"./console_bg.wasm\", here);",
            ),
            ("console.js", "new URL('console_bg.wasm', here);"),
            ("console_bg.wasm", "program"),
            ("style/a.css", "a { b: c }"),
        ] {
            fs::write(folder.join(name), text).expect("a file");
        }
        let page = "<head><meta charset=\"utf-8\" />\n<link data-trunk rel=\"rust\" />\n<link rel=\"stylesheet\" href=\"style/a.css\">
            <script type=\"module\" src=\"boot.js\"></script></head>";
        let page = finished(&folder, page, "/", &Policy::default()).expect("a page");
        let mut files = files::below(&folder).expect("files");
        for file in &mut files {
            *file = file.strip_prefix(&folder).expect("inside").to_path_buf();
        }
        fs::remove_dir_all(&folder).expect("cleaning up");
        assert_eq!(files.len(), 4, "{files:?}");
        for file in files {
            let named = format!("\"{}\" ", files::slashed(&file));
            let tag = page.split('<').find(|tag| tag.contains(&named));
            let tag = tag.unwrap_or_else(|| panic!("{named} in {page}"));
            assert!(tag.contains("integrity=\"sha384-"), "{tag}");
        }
    }
}
