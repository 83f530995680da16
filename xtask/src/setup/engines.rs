//! Firefox and WebKit with their drivers, in which a core set of journeys is made as well.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::cargo_install::Program;
use super::{apt, chromium, program, ready};
use crate::process;

/// The screen without a screen that WebKit's browser draws on.
const SCREEN: &str = "Xvfb";

/// An engine beside Chromium: its browser, the browser's driver and how the driver calls the browser.
pub struct Engine {
    /// What people call it.
    pub title: &'static str,
    /// The `browserName` of the WebDriver protocol.
    pub name: &'static str,
    /// The browser.
    pub browser: PathBuf,
    /// Its driver.
    pub driver: PathBuf,
}

/// Finds Firefox and WebKit, or installs Debian's.
pub fn ensure() -> Result<Vec<Engine>> {
    Ok(vec![firefox()?, webkit()?])
}

fn firefox() -> Result<Engine> {
    let found = || program("FIREFOX", &["firefox-esr", "firefox"]);
    let browser = found_or_installed(
        found,
        &["firefox-esr"],
        "Firefox",
        "Install Firefox and put it in PATH, or name it by the environment variable FIREFOX.",
    )?;
    ready("Firefox", &browser.display().to_string());
    let driver = Program {
        package: "geckodriver",
        binary: "geckodriver",
        version: "0.37.1".to_owned(),
        why: "drives Firefox",
        time: "1 to 3 minutes on two cores",
        locked: true,
        // It passes on what others say.
        opt_level: "0",
    }
    .ensure()?;
    Ok(Engine {
        title: "Firefox",
        name: "firefox",
        browser,
        driver,
    })
}

fn webkit() -> Result<Engine> {
    const INSTEAD: &str = "Install WebKitGTK's MiniBrowser and WebKitWebDriver, and Xvfb, and put them in PATH or name the first two by \
                           the environment variables MINI_BROWSER and WEBKIT_DRIVER.";
    let driver = || program("WEBKIT_DRIVER", &["WebKitWebDriver"]);
    let screen = || process::find(SCREEN);
    let packages = &["webkit2gtk-driver", "xvfb"];
    found_or_installed(screen, packages, "a screen for WebKit's browser", INSTEAD)?;
    let driver = found_or_installed(driver, packages, "WebKit's driver", INSTEAD)?;
    let browser = found_or_installed(mini_browser, packages, "WebKit's browser", INSTEAD)?;
    ready("WebKit", &browser.display().to_string());
    Ok(Engine {
        title: "WebKit",
        name: "MiniBrowser",
        browser,
        driver,
    })
}

/// WebKit's browser, which Debian keeps out of PATH, in a folder named by the interface's version.
fn mini_browser() -> Option<PathBuf> {
    let named = program("MINI_BROWSER", &["MiniBrowser"]);
    let kept = || {
        let libraries = Path::new("/usr/lib").join(format!("{}-linux-gnu", std::env::consts::ARCH));
        ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"]
            .map(|folder| libraries.join(folder).join("MiniBrowser"))
            .into_iter()
            .find(|path| path.is_file())
    };
    named.or_else(kept)
}

fn found_or_installed(
    find: impl Fn() -> Option<PathBuf>,
    packages: &[&str],
    why: &str,
    instead: &str,
) -> Result<PathBuf> {
    if find().is_none() {
        apt::install(packages, why, "1 to 3 minutes", instead)?;
        chromium::ensure_fonts();
    }
    find().with_context(|| {
        format!(
            "{} were installed but are not to be found. {instead}",
            packages.join(" ")
        )
    })
}
