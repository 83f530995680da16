//! The browsers that a journey can be made in. Chromium is driven by its own protocol as well, which tells most; in the others journeys
//! make do with what every driver has.

use std::path::Path;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use crate::console::Setup;
use crate::environment;

/// So that the browser does nothing of its own accord, runs without a screen, and as root in a container too.
const CHROMIUM_FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, by chromedriver.
    Chromium,
    /// Firefox, by geckodriver.
    Firefox,
    /// WebKit in GTK's small browser, by `WebKitWebDriver`. It needs a screen.
    WebKit,
}

impl Engine {
    /// The one that the environment names.
    pub fn chosen() -> Result<Self> {
        Ok(match environment::browser_name()?.as_str() {
            "chrome" | "chrome-headless-shell" => Self::Chromium,
            "firefox" => Self::Firefox,
            "MiniBrowser" => Self::WebKit,
            other => bail!("no journey can be made in {other}"),
        })
    }

    /// The arguments by which its driver listens on a port; 0 is a free one, which it announces.
    pub fn driver_arguments(self, port: u16) -> Vec<String> {
        let port = format!("--port={port}");
        match self {
            Self::Chromium | Self::WebKit => vec![port],
            // Two at a time would else listen for the newer protocol on the same port.
            Self::Firefox => vec![port, "--websocket-port=0".to_owned()],
        }
    }

    /// What its driver says right before the port that it listens on, where it says that.
    pub fn announcement(self) -> Option<&'static str> {
        match self {
            Self::Chromium => Some("started successfully on port "),
            Self::Firefox => Some("Listening on 127.0.0.1:"),
            Self::WebKit => None,
        }
    }

    /// What a session is asked for: an empty profile in `profile`, files saved in `downloads`, and how `setup` says that a page looks.
    pub fn capabilities(self, profile: &Path, downloads: &Path, setup: &Setup) -> Result<Value> {
        let (name, binary) = (environment::browser_name()?, environment::browser()?);
        let language = setup.language;
        Ok(match self {
            Self::Chromium => {
                let mut arguments: Vec<String> = CHROMIUM_FLAGS.iter().map(|&flag| flag.to_owned()).collect();
                arguments.push(format!("--user-data-dir={}", profile.display()));
                arguments.push(format!("--lang={language}"));
                arguments.push(format!("--accept-lang={language}"));
                json!({
                    "browserName": name,
                    "unhandledPromptBehavior": "ignore",
                    "goog:chromeOptions": {
                        "binary": binary,
                        "args": arguments,
                        "prefs": {
                            "intl.accept_languages": language,
                            "download.default_directory": downloads,
                            "download.prompt_for_download": false,
                        },
                    },
                    "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
                })
            }
            Self::Firefox => json!({
                "browserName": name,
                "unhandledPromptBehavior": "ignore",
                "moz:firefoxOptions": {
                    "binary": binary,
                    "args": ["-headless"],
                    "prefs": {
                        "intl.accept_languages": language,
                        "layout.css.prefers-color-scheme.content-override": i32::from(!setup.dark),
                        "ui.prefersReducedMotion": 1,
                        "browser.download.folderList": 2,
                        "browser.download.dir": downloads,
                    },
                },
            }),
            Self::WebKit => json!({
                "browserName": name,
                "unhandledPromptBehavior": "ignore",
                "webkitgtk:browserOptions": { "binary": binary, "args": ["--automation"] },
            }),
        })
    }

    /// What the driver's process and its browser find in their environment.
    pub fn environment(self, profile: &Path, setup: &Setup) -> Vec<(&'static str, String)> {
        match self {
            // Told what it needs by its own protocol.
            Self::Chromium => Vec::new(),
            Self::Firefox => vec![("TZ", setup.time_zone.to_owned())],
            Self::WebKit => {
                let home = profile.display().to_string();
                vec![
                    ("TZ", setup.time_zone.to_owned()),
                    (
                        "GTK_THEME",
                        if setup.dark { "Adwaita:dark" } else { "Adwaita" }.to_owned(),
                    ),
                    // There is no graphics card here that could draw.
                    ("LIBGL_ALWAYS_SOFTWARE", "1".to_owned()),
                    ("GTK_A11Y", "none".to_owned()),
                    ("XDG_DATA_HOME", home.clone()),
                    ("XDG_CACHE_HOME", home.clone()),
                    ("XDG_CONFIG_HOME", home),
                ]
            }
        }
    }
}
