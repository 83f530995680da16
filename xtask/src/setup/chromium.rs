//! Chromium and its driver, for tests in a real browser.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::{apt, installing, program, ready};
use crate::process;

const BROWSERS: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];
const INSTEAD: &str = "Install Chromium or Chrome and the chromedriver of the same version, and put both in PATH or name them by the \
                       environment variables CHROME and CHROMEDRIVER.";

/// A browser and the program that drives it.
pub struct Browser {
    /// The browser.
    pub chromium: PathBuf,
    /// Its driver.
    pub chromedriver: PathBuf,
}

/// Finds the browser and its driver, or installs Debian's.
pub fn ensure() -> Result<Browser> {
    if let Some(browser) = find() {
        let (version, driver) = (major(&browser.chromium)?, major(&browser.chromedriver)?);
        ensure!(
            version == driver,
            "{} is of version {version}, but {} of version {driver}: they work together only with the same one. {INSTEAD}",
            browser.chromium.display(),
            browser.chromedriver.display()
        );
        ready(
            &format!("Chromium {version} and chromedriver"),
            &browser.chromium.display().to_string(),
        );
        ensure_fonts();
        return Ok(browser);
    }
    apt::install(
        &["chromium", "chromium-driver", "fonts-noto-cjk"],
        "the browser in which the console is tested, its driver, and a font for Chinese",
        "1 to 5 minutes",
        INSTEAD,
    )?;
    find().with_context(|| format!("chromium and chromium-driver were installed but are not in PATH. {INSTEAD}"))
}

fn find() -> Option<Browser> {
    let chromium = program("CHROME", BROWSERS)?;
    // Some distributions keep the driver beside the browser, out of PATH.
    let chromedriver = program("CHROMEDRIVER", &["chromedriver"])
        .or_else(|| Some(PathBuf::from("/usr/lib/chromium/chromedriver")).filter(|path| path.is_file()))?;
    Some(Browser { chromium, chromedriver })
}

/// Chinese text in screenshots needs a font with its characters. Tests pass without it, so it is no error to lack it.
fn ensure_fonts() {
    if apt::available().is_ok() && !apt::installed("fonts-noto-cjk") {
        installing(
            "fonts-noto-cjk",
            "Chinese text in screenshots",
            "apt-get, under a minute",
        );
        let _ = apt::install(&["fonts-noto-cjk"], "Chinese text in screenshots", "under a minute", "");
    }
}

fn major(program: &Path) -> Result<u64> {
    let answer = process::ask(program, &["--version"])
        .with_context(|| format!("{} does not run. {INSTEAD}", program.display()))?;
    process::version(&answer)
        .and_then(|version| version.first().copied())
        .with_context(|| format!("{} answers no version: {answer}", program.display()))
}
