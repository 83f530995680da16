//! Chromium and its driver, one of each for a journey.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use anyhow::{Context, Result};
use serde_json::json;
use tempfile::TempDir;
use thirtyfour::{Capabilities, WebDriver};

use crate::environment;

/// chromedriver's announcement ends with the port and a full stop.
const READY: &str = "started successfully on port ";

/// So that the browser does nothing of its own accord, runs without a screen, and as root in a container too.
const FLAGS: &[&str] = &[
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

/// So often the driver is started before that counts as a failure.
const STARTS: usize = 4;

/// The driver's process, stopped when dropped.
pub struct Driver {
    child: Child,
    address: String,
}

impl Driver {
    /// Starts one on a free port. It takes one for IPv4 and then the same for IPv6, and ends where somebody else has that by now:
    /// then it is started again.
    pub fn start() -> Result<Self> {
        let mut started = Self::try_to_start();
        for _ in 1..STARTS {
            started = started.or_else(|_| Self::try_to_start());
        }
        started
    }

    fn try_to_start() -> Result<Self> {
        let mut child = Command::new(environment::chromedriver()?)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("chromedriver does not start")?;
        let mut lines = BufReader::new(child.stdout.take().context("no standard output")?).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            line.split_once(READY)
                .map(|(_, port)| port.trim_end_matches('.').to_owned())
        });
        let driver = Self {
            address: format!("http://127.0.0.1:{}", port.clone().unwrap_or_default()),
            child,
        };
        port.context("chromedriver ended before it listened")?;
        thread::spawn(move || lines.for_each(drop));
        Ok(driver)
    }

    /// Opens a browser with an empty profile that speaks `language`, and saves files in `downloads`.
    pub async fn open(&self, profile: &TempDir, downloads: &Path, language: &str) -> Result<WebDriver> {
        let mut arguments: Vec<String> = FLAGS.iter().map(|&flag| flag.to_owned()).collect();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        arguments.push(format!("--lang={language}"));
        arguments.push(format!("--accept-lang={language}"));
        let wanted = json!({
            "browserName": environment::browser_name()?,
            "unhandledPromptBehavior": "ignore",
            "goog:chromeOptions": {
                "binary": environment::chromium()?,
                "args": arguments,
                "prefs": {
                    "intl.accept_languages": language,
                    "download.default_directory": downloads,
                    "download.prompt_for_download": false,
                },
            },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let capabilities: Capabilities = serde_json::from_value(wanted)?;
        WebDriver::new(&self.address, capabilities)
            .await
            .context("chromedriver opens no browser")
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
