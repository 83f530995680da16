//! `cargo xtask dev`: the edit loop. Saving a file rebuilds what depends on it; reloading the page shows it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Result;

use crate::interrupt::Interrupt;
use crate::platform::Platform;
use crate::progress::{detail, duration, say};
use crate::run::announce;
use crate::setup::{self, Need, Tools};
use crate::wasm_build::{self, Profile};
use crate::{page, paths, platform};

/// How often the sources are looked at. They are a few hundred files: looking costs a millisecond.
const POLL: Duration = Duration::from_millis(300);

/// What the console is made of.
const CONSOLE: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "build.rs",
    "crates/deployments",
    "crates/logs",
    "crates/vcloud-api",
    "crates/vsys",
    "index.html",
    "locales",
    "public",
    "src",
    "style",
];

/// What the local platform is made of.
const PLATFORM: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "crates/local-platform",
    "crates/page-policy",
    "crates/vcloud-api",
    "crates/vsys",
];

/// Builds, starts, and rebuilds on every save until Ctrl-C. A failed build leaves the last good one in place.
pub fn dev(port: u16, options: &[String]) -> Result<()> {
    platform::check_port(port)?;
    let tools = setup::ensure(&[Need::Build])?;
    let interrupt = Interrupt::catch()?;
    let mut console = Sources::of(CONSOLE);
    let mut server = Sources::of(PLATFORM);
    say("Building the local platform");
    platform::build()?;
    build_console(&tools);

    let page = wasm_build::output(Profile::Dev);
    let data = paths::root().join(".data/local-platform");
    let mut running: Option<Platform> = Some(platform::start(port, &data, &page, options)?);
    announce_all(running.as_ref());
    while !interrupt.asked() {
        thread::sleep(POLL);
        if server.changed() {
            say("The local platform changed");
            if let Err(error) = platform::build() {
                detail(&format!("{error:#}"));
            } else {
                // The old one is stopped first: it holds the port and the database.
                drop(running.take());
                match platform::start(port, &data, &page, options) {
                    Ok(started) => running = Some(started),
                    Err(error) => detail(&format!("{error:#}")),
                }
                announce_all(running.as_ref());
            }
        }
        if console.changed() {
            build_console(&tools);
        }
    }
    drop(running);
    say("Stopped.");
    Ok(())
}

fn announce_all(platform: Option<&Platform>) {
    if let Some(platform) = platform {
        announce(&platform.address);
        detail("Saving a source file rebuilds; then reload the page.");
    }
}

fn build_console(tools: &Tools) {
    let started = Instant::now();
    say("Building the console");
    match page::build(tools, Profile::Dev) {
        Ok(_) => detail(&format!(
            "The console was built in {}: reload the page.",
            duration(started.elapsed())
        )),
        Err(error) => detail(&format!("{error:#}. The page stays as it was.")),
    }
}

/// Files and when they were changed.
struct Sources {
    roots: &'static [&'static str],
    seen: BTreeMap<PathBuf, SystemTime>,
}

impl Sources {
    fn of(roots: &'static [&'static str]) -> Self {
        Self {
            roots,
            seen: scan(roots),
        }
    }

    /// Whether a file was changed, added or removed since the last question.
    fn changed(&mut self) -> bool {
        let now = scan(self.roots);
        let changed = now != self.seen;
        self.seen = now;
        changed
    }
}

fn scan(roots: &[&str]) -> BTreeMap<PathBuf, SystemTime> {
    let mut files = BTreeMap::new();
    for root in roots {
        collect(&paths::root().join(root), &mut files);
    }
    files
}

fn collect(path: &Path, files: &mut BTreeMap<PathBuf, SystemTime>) {
    // A file may vanish between the listing and the look: an editor that writes by renaming does that.
    let Ok(data) = path.metadata() else { return };
    if data.is_dir() {
        let Ok(entries) = path.read_dir() else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            if !name.to_string_lossy().starts_with('.') && name != "target" {
                collect(&entry.path(), files);
            }
        }
    } else if let Ok(modified) = data.modified() {
        files.insert(path.to_path_buf(), modified);
    }
}
