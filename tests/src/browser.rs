//! A browser and its driver, one of each for a journey.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{net, thread};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use thirtyfour::{Capabilities, WebDriver};

use crate::console::Setup;
use crate::engine::Engine;
use crate::environment;

/// So often the driver is started before that counts as a failure.
const STARTS: usize = 4;

/// How long a driver may take until it listens.
const PATIENCE: Duration = Duration::from_secs(20);

/// A process that is stopped when dropped.
struct Process(Child);

impl Process {
    fn start(command: &mut Command) -> Result<Self> {
        let program = command.get_program().to_string_lossy().into_owned();
        let started = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn();
        started.map(Self).with_context(|| format!("{program} does not start"))
    }

    fn output(&mut self) -> Result<ChildStdout> {
        self.0.stdout.take().context("no standard output")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The driver's process, stopped when dropped.
pub struct Driver {
    // The driver ends before its screen.
    _process: Process,
    _screen: Option<Process>,
    address: String,
    engine: Engine,
}

impl Driver {
    /// Starts one on a free port, and again where somebody else takes that first.
    pub fn start(engine: Engine, profile: &TempDir, setup: &Setup) -> Result<Self> {
        let mut started = Self::try_to_start(engine, profile.path(), setup);
        for _ in 1..STARTS {
            started = started.or_else(|_| Self::try_to_start(engine, profile.path(), setup));
        }
        started
    }

    fn try_to_start(engine: Engine, profile: &Path, setup: &Setup) -> Result<Self> {
        let mut command = Command::new(environment::browser_driver()?);
        command.envs(engine.environment(profile, setup));
        let screen = match engine {
            Engine::Chromium | Engine::Firefox => None,
            Engine::WebKit => {
                let (screen, display) = screen()?;
                command.env("DISPLAY", display);
                Some(screen)
            }
        };
        let (process, port) = match engine.announcement() {
            Some(before) => announced(command.args(engine.driver_arguments(0)), before)?,
            None => {
                let port = free_port()?;
                (listening(command.args(engine.driver_arguments(port)), port)?, port)
            }
        };
        Ok(Self {
            _process: process,
            _screen: screen,
            address: format!("http://127.0.0.1:{port}"),
            engine,
        })
    }

    /// Opens a browser with an empty profile, and has it save files in `downloads`.
    pub async fn open(&self, profile: &TempDir, downloads: &TempDir, setup: &Setup) -> Result<WebDriver> {
        let wanted = self.engine.capabilities(profile.path(), downloads.path(), setup)?;
        let capabilities: Capabilities = serde_json::from_value(wanted)?;
        WebDriver::new(&self.address, capabilities)
            .await
            .context("the driver opens no browser")
    }
}

/// Starts a driver that chooses its port, and waits until it names it. chromedriver takes one for IPv4 and then the same for IPv6, and
/// ends where somebody else has that by now.
fn announced(command: &mut Command, before: &str) -> Result<(Process, u16)> {
    let mut process = Process::start(command.stdout(Stdio::piped()))?;
    let mut lines = BufReader::new(process.output()?).lines();
    let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let (_, port) = line.split_once(before)?;
        port.trim_end_matches('.').parse().ok()
    });
    thread::spawn(move || lines.for_each(drop));
    Ok((process, port.context("the driver ended before it listened")?))
}

/// Starts a driver that says nothing, and waits until it listens.
fn listening(command: &mut Command, port: u16) -> Result<Process> {
    let mut process = Process::start(command.stdout(Stdio::null()))?;
    let started = Instant::now();
    while net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        if process.0.try_wait()?.is_some() || started.elapsed() > PATIENCE {
            bail!("the driver does not listen on port {port}");
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(process)
}

/// A port that is free, and that no other journey of this program is given.
fn free_port() -> Result<u16> {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    loop {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        if GIVEN.lock().unwrap_or_else(PoisonError::into_inner).insert(port) {
            return Ok(port);
        }
    }
}

/// A screen that nobody looks at, and its name.
fn screen() -> Result<(Process, String)> {
    let mut command = Command::new("Xvfb");
    command.args(["-displayfd", "1", "-screen", "0", "2600x2000x24", "-nolisten", "tcp"]);
    let mut process = Process::start(command.stdout(Stdio::piped()))?;
    let mut output = BufReader::new(process.output()?);
    let mut number = String::new();
    output.read_line(&mut number)?;
    thread::spawn(move || output.read_to_end(&mut Vec::new()));
    if number.trim().is_empty() {
        bail!("there is no screen to be had");
    }
    Ok((process, format!(":{}", number.trim())))
}
