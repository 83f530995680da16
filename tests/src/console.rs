//! The console in a browser, with the platform behind it.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::WebDriver;

use crate::browser::Driver;
use crate::engine::Engine;
use crate::locale::Texts;
use crate::platform::Platform;
use crate::traffic::Exchange;
use crate::wait::until;

/// How a journey starts.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The language that the browser asks for: a file of `locales/`.
    pub language: &'static str,
    /// Whether the system is set to dark colours.
    pub dark: bool,
    /// The page's width and height, in CSS pixels.
    pub size: (u32, u32),
    /// The browser's time zone.
    pub time_zone: &'static str,
    /// More options for the local platform, such as `--services`, `1000`.
    pub platform: Vec<String>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            language: "en",
            dark: false,
            size: (1280, 800),
            time_zone: "UTC",
            platform: Vec::new(),
        }
    }
}

/// The console in a browser.
pub struct Console {
    // The order matters: the browser ends before its driver, and both before their folders.
    pub(crate) driver: WebDriver,
    pub(crate) engine: Engine,
    pub(crate) platform: Platform,
    pub(crate) texts: Texts,
    pub(crate) traffic: Mutex<Vec<Exchange>>,
    pub(crate) messages: Mutex<Vec<String>>,
    pub(crate) expected: Mutex<Vec<String>>,
    process: Driver,
    downloads: TempDir,
    _profile: TempDir,
}

impl Console {
    /// Starts a platform and a browser. The browser shows nothing yet.
    pub(crate) async fn open(setup: Setup) -> Result<Self> {
        let platform = Platform::start(&setup.platform)?;
        let engine = Engine::chosen()?;
        let profile = TempDir::new().context("no temporary folder")?;
        let downloads = TempDir::new().context("no temporary folder")?;
        let process = Driver::start(engine, &profile, &setup)?;
        let driver = process.open(&profile, &downloads, &setup).await?;
        let console = Self {
            driver,
            engine,
            platform,
            texts: Texts::load(setup.language)?,
            traffic: Mutex::default(),
            messages: Mutex::default(),
            expected: Mutex::default(),
            process,
            downloads,
            _profile: profile,
        };
        console.size(setup.size.0, setup.size.1).await?;
        // The others were told how to look, where they are and what to save when they were started.
        if engine == Engine::Chromium {
            console.dark(setup.dark).await?;
            let zone = json!({ "timezoneId": setup.time_zone });
            console.send("Emulation.setTimezoneOverride", zone).await?;
            let allowed = json!({ "behavior": "allow", "downloadPath": console.downloads.path() });
            console.send("Browser.setDownloadBehavior", allowed).await?;
            console.watch_policy().await?;
        }
        Ok(console)
    }

    /// The browser itself, for what this harness has no word for.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// The platform behind the console.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Opens an address of the console, such as `/services/running?page=2`, as if it were typed: the console starts anew.
    ///
    /// # Errors
    /// When the page does not load, or the console in it does not start.
    pub async fn goto(&self, route: &str) -> Result<()> {
        self.leaving().await?;
        self.driver.goto(format!("{}{route}", self.platform.address())).await?;
        self.started().await
    }

    /// Loads the page again: what was only in memory is gone.
    ///
    /// # Errors
    /// When the console does not start again.
    pub async fn reload(&self) -> Result<()> {
        self.leaving().await?;
        self.driver.refresh().await?;
        self.started().await
    }

    async fn started(&self) -> Result<()> {
        // index.html shows a boot screen, which goes when the program runs. The program's first own page awaits its configuration.
        let script = "return !document.getElementById('boot') && !document.querySelector('main.boot') && !!document.querySelector('main')";
        until("the console to start", async || {
            Ok((self.run(script).await? == json!(true)).then_some(()))
        })
        .await?;
        self.listen().await
    }

    /// The address shown, below the host: path, query and fragment.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn route(&self) -> Result<String> {
        let url = self.driver.current_url().await?.to_string();
        Ok(url.strip_prefix(self.platform.address()).unwrap_or(&url).to_owned())
    }

    /// Waits until the address is this one.
    ///
    /// # Errors
    /// When it does not become so.
    pub async fn wait_route(&self, route: &str) -> Result<()> {
        until(&format!("the address {route}"), async || {
            Ok((self.route().await? == route).then_some(()))
        })
        .await
    }

    /// Runs JavaScript in the page; `return` gives a value back.
    ///
    /// # Errors
    /// When the script throws.
    pub async fn run(&self, script: &str) -> Result<Value> {
        Ok(self.driver.execute(script, Vec::new()).await?.json().clone())
    }

    /// Begins to watch for how long the page answers nothing, see [`Console::longest_task`].
    ///
    /// # Errors
    /// When the browser can't say.
    pub async fn watch_tasks(&self) -> Result<()> {
        let script = "window.longest = 0;
            window.tasks = new PerformanceObserver((list) => {
                for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
            });
            window.tasks.observe({ type: 'longtask' });";
        self.run(script).await?;
        Ok(())
    }

    /// How long the longest task of the page took since it is watched, in milliseconds: nothing is painted and no click is answered
    /// meanwhile. None that takes less than 50 ms is counted. Pictures are not timed: where the machine has other work, the browser's
    /// other processes keep them waiting, whatever the page does.
    ///
    /// # Errors
    /// When the page is not watched.
    pub async fn longest_task(&self) -> Result<f64> {
        let script = "for (const { duration } of window.tasks.takeRecords()) window.longest = Math.max(window.longest, duration);
            return window.longest";
        self.run(script).await?.as_f64().context("not watched")
    }

    /// Lets the page use the clipboard, which a browser that nobody looks at refuses, and the journey read it.
    ///
    /// # Errors
    /// When the browser does not.
    pub async fn may_use_clipboard(&self) -> Result<()> {
        let permissions = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        self.send("Browser.grantPermissions", permissions).await?;
        Ok(())
    }

    /// What was copied last. Needs [`Console::may_use_clipboard`].
    ///
    /// # Errors
    /// When the browser does not let it be read.
    pub async fn clipboard(&self) -> Result<String> {
        let copied = self.run("return navigator.clipboard.readText()").await?;
        Ok(copied.as_str().context("no text")?.to_owned())
    }

    /// A command of Chromium's own protocol.
    pub(crate) async fn send(&self, method: &str, parameters: Value) -> Result<Value> {
        self.driver
            .cdp()
            .send_raw(method, parameters)
            .await
            .with_context(|| method.to_owned())
    }

    /// Waits for a file that the page lets the browser save, and answers where it is.
    ///
    /// # Errors
    /// When none of that name comes.
    pub async fn downloaded(&self, name: &str) -> Result<PathBuf> {
        let file = self.downloads.path().join(name);
        until(&format!("the file {name}"), async || {
            Ok(complete(&file).then(|| file.clone()))
        })
        .await
    }

    /// Ends the browser, its driver and the platform.
    pub(crate) async fn close(self) {
        let Self { driver, process, .. } = self;
        // A browser that does not end takes no test down: its driver is stopped right after.
        let _ = driver.quit().await;
        drop(process);
    }
}

fn complete(file: &Path) -> bool {
    // Chromium reserves the name with an empty file, writes under another name and renames at the end.
    file.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0)
}
