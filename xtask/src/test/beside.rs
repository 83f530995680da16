//! Steps that run beside others, as the same program started once more: compiling the optimised console keeps one core busy for
//! minutes, and the other one need not wait.

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use super::{Ended, Step};
use crate::{paths, process};

/// Steps that are running, one after the other.
pub struct Beside {
    thread: JoinHandle<Vec<Ended>>,
}

impl Beside {
    /// Starts the steps. Every line that they print bears their name.
    pub fn start(steps: Vec<&'static Step>, arguments: &[String]) -> Result<Self> {
        let program = copy_of_this()?;
        let arguments = arguments.to_vec();
        let thread = thread::spawn(move || {
            steps
                .into_iter()
                .map(|step| {
                    let started = Instant::now();
                    let result = run(&program, step.name, &arguments);
                    (step, started.elapsed(), result)
                })
                .collect()
        });
        Ok(Self { thread })
    }

    /// Waits for all of them.
    pub fn wait(self) -> Result<Vec<Ended>> {
        match self.thread.join() {
            Ok(outcomes) => Ok(outcomes),
            Err(_) => bail!("the steps beside the others ended by a panic"),
        }
    }
}

/// The native steps compile this very program anew, in its place.
fn copy_of_this() -> Result<PathBuf> {
    let this = std::env::current_exe().context("the path of this program is unknown")?;
    let copy = paths::target().join(format!("xtask-beside{}", std::env::consts::EXE_SUFFIX));
    fs::copy(&this, &copy).with_context(|| format!("cannot write {}", copy.display()))?;
    Ok(copy)
}

fn run(program: &Path, step: &'static str, arguments: &[String]) -> Result<()> {
    let mut command = process::command(program);
    command.args(["test", "--only", step]);
    if !arguments.is_empty() {
        command.arg("--").args(arguments);
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start the step {step}"))?;
    let readers = readers(step, &mut child);
    let status = child.wait()?;
    for reader in readers {
        let _ = reader.join();
    }
    if !status.success() {
        bail!("it ended with {status}; what it said bears [{step}]");
    }
    Ok(())
}

fn readers(step: &'static str, child: &mut Child) -> Vec<JoinHandle<()>> {
    let mut readers = Vec::new();
    if let Some(output) = child.stdout.take() {
        readers.push(thread::spawn(move || relay(step, output)));
    }
    if let Some(output) = child.stderr.take() {
        readers.push(thread::spawn(move || relay(step, output)));
    }
    readers
}

fn relay(step: &str, output: impl Read) {
    for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
        // On the error output, as cargo's own lines, so that none is cut in two by a line of the steps in front.
        eprintln!("[{step}] {}", String::from_utf8_lossy(&line).trim_end());
    }
}
