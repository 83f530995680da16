//! Building and running the local platform.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::process;

/// How long the platform may take to answer: the first start fills its database.
const START_LIMIT: Duration = Duration::from_secs(120);

/// How long it may take to end before it is killed. Its database survives either way.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// How often [`Platform::wait_until`] looks.
const POLL: Duration = Duration::from_millis(200);

/// What the line on standard output starts with when the platform answers.
const READY: &str = "listening on ";

/// Compiles the local platform.
pub fn build() -> Result<()> {
    let mut command = process::cargo("build");
    command.args(["--package", "local-platform"]);
    process::run("building the local platform", &mut command)
}

/// A running local platform, which is stopped when dropped.
pub struct Platform {
    child: Child,
    /// Its address for a browser.
    pub address: String,
}

/// Refuses a port that another program uses, before minutes are spent on building.
pub fn check_port(port: u16) -> Result<()> {
    if port == 0 {
        return Ok(());
    }
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(drop).with_context(|| {
        format!(
            "port {port} cannot be used, most likely because another program listens there. Stop it, or choose another port: \
             `--port {}` (`--port 0` takes any free one)",
            port.checked_add(1).unwrap_or(8081)
        )
    })
}

/// Starts the platform with the console in `page` and waits until it answers.
pub fn start(port: u16, data: &Path, page: &Path, options: &[String]) -> Result<Platform> {
    std::fs::create_dir_all(data).with_context(|| format!("cannot create {}", data.display()))?;
    let mut child = process::command(paths::debug_binary("local-platform"))
        .args(["--port", &port.to_string(), "--data"])
        .arg(data)
        .arg("--static")
        .arg(page)
        .args(options)
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the local platform")?;
    let output = child
        .stdout
        .take()
        .context("the local platform has no standard output")?;
    let (ready, address) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(address) = line.strip_prefix(READY) {
                let _ = ready.send(address.trim().to_owned());
            } else {
                println!("{line}");
            }
        }
    });
    match address.recv_timeout(START_LIMIT) {
        Ok(address) => Ok(Platform { child, address }),
        Err(mpsc::RecvTimeoutError::Timeout) => {
            process::stop(&mut child, STOP_LIMIT)?;
            bail!("the local platform did not answer within {} s", START_LIMIT.as_secs());
        }
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            let status = child.wait()?;
            bail!("the local platform ended before it answered ({status}); what it said is above");
        }
    }
}

impl Platform {
    /// Waits until the platform ends by itself, which is an error, or until `stop` says so.
    pub fn wait_until(&mut self, mut stop: impl FnMut() -> bool) -> Result<()> {
        loop {
            if stop() {
                return process::stop(&mut self.child, STOP_LIMIT);
            }
            if let Some(status) = self.child.try_wait()? {
                // A terminal sends Ctrl-C to both at once; the platform may have ended before we looked.
                if stop() {
                    return Ok(());
                }
                bail!("the local platform ended by itself ({status})");
            }
            thread::sleep(POLL);
        }
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        let _ = process::stop(&mut self.child, STOP_LIMIT);
    }
}
