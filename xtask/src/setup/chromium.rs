//! Chromium and its driver, for tests in a real browser.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::{apt, program, ready};
use crate::process;

/// Chromium without the windows around its pages, which nobody sees in tests: the same engine for 6 of 10 seconds of processor
/// time. Debian's command in PATH is a script that stays between the driver and the browser, so the program itself comes first.
const SHELLS: &[&str] = &["/usr/lib/chromium/chromium-headless-shell", "chrome-headless-shell"];
const BROWSERS: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];
/// What Debian calls the packages.
const SHELL: &str = "chromium-headless-shell";
const FONTS: &str = "fonts-noto-cjk";
const INSTEAD: &str = "Install Chromium or Chrome and the chromedriver of the same version, and put both in PATH or name them by the \
                       environment variables CHROME and CHROMEDRIVER.";

/// A browser and the program that drives it.
pub struct Browser {
    /// The browser.
    pub chromium: PathBuf,
    /// Its driver.
    pub chromedriver: PathBuf,
}

impl Browser {
    /// What the driver calls the browser: the `browserName` of the WebDriver protocol.
    pub fn name(&self) -> &'static str {
        let program = self.chromium.file_name().unwrap_or_default().to_string_lossy();
        if program.ends_with("headless-shell") {
            "chrome-headless-shell"
        } else {
            "chrome"
        }
    }
}

/// Finds the browser and its driver, or installs Debian's.
pub fn ensure() -> Result<Browser> {
    if browsers().is_empty() || driver().is_none() {
        apt::install(
            &["chromium", "chromium-driver"],
            "the browser in which the console is tested, and its driver",
            "1 to 5 minutes",
            INSTEAD,
        )?;
    }
    ensure_useful(SHELL, "browser tests in 6 of 10 minutes");
    ensure_fonts();
    let chromedriver = driver().with_context(missing)?;
    let version = major(&chromedriver)?;
    // The packages are updated one by one, so the shell may be of another version than the rest: then the browser itself is opened.
    let mut others = Vec::new();
    for chromium in browsers() {
        let found = major(&chromium)?;
        if found == version {
            ready(
                &format!("Chromium {version} and chromedriver"),
                &chromium.display().to_string(),
            );
            return Ok(Browser { chromium, chromedriver });
        }
        others.push(format!("{} is of version {found}", chromium.display()));
    }
    ensure!(!others.is_empty(), missing());
    bail!(
        "{}, but {} of version {version}: they work together only with the same one. {INSTEAD}",
        others.join(", "),
        chromedriver.display()
    )
}

fn missing() -> String {
    format!("chromium and chromium-driver were installed but are not in PATH. {INSTEAD}")
}

/// Every browser there is, the best one first; the one that `CHROME` names alone.
fn browsers() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = [SHELLS, BROWSERS]
        .iter()
        .filter_map(|names| program("CHROME", names))
        .collect();
    found.dedup();
    found
}

fn driver() -> Option<PathBuf> {
    // Some distributions keep the driver beside the browser, out of PATH.
    program("CHROMEDRIVER", &["chromedriver", "/usr/lib/chromium/chromedriver"])
}

/// Chinese fonts, which every browser draws with.
pub fn ensure_fonts() {
    ensure_useful(FONTS, "Chinese text in screenshots");
}

/// Installs a package that tests are better with, where that is possible. They pass without it, so it is no error to lack it.
fn ensure_useful(package: &str, why: &str) {
    if apt::available().is_ok() && !apt::installed(package) {
        let _ = apt::install(&[package], why, "under a minute", "");
    }
}

fn major(program: &Path) -> Result<u64> {
    let answer = process::ask(program, &["--version"])
        .with_context(|| format!("{} does not run. {INSTEAD}", program.display()))?;
    process::version(&answer)
        .and_then(|version| version.first().copied())
        .with_context(|| format!("{} answers no version: {answer}", program.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_driver_is_told_which_browser_it_starts() {
        let name = |chromium: &str| {
            Browser {
                chromium: PathBuf::from(chromium),
                chromedriver: PathBuf::new(),
            }
            .name()
        };
        assert_eq!(name("/usr/bin/chromium"), "chrome");
        assert_eq!(name("/opt/google/chrome"), "chrome");
        for shell in SHELLS {
            assert_eq!(name(shell), "chrome-headless-shell");
        }
    }
}
