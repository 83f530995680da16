//! Running other programs: with progress, with an environment of their own, and with errors that name the command.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::progress::{Ticker, detail};

/// How often a child is asked whether it ended, where a deadline forbids a plain wait.
const POLL: Duration = Duration::from_millis(50);

/// A command that runs in the project's root, without what the cargo that runs this very program put into the
/// environment: build scripts would see another package's name and version, and a second rustc the first one's libraries.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(paths::root());
    for (name, _) in env::vars_os() {
        if let Some(name) = name.to_str()
            && (name == "CARGO"
                || name == "LD_LIBRARY_PATH"
                || name == "CARGO_TARGET_DIR"
                || name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
                || name.starts_with("CARGO_BIN_"))
        {
            command.env_remove(name);
        }
    }
    if let Some(original) = env::var_os("LD_LIBRARY_PATH").and_then(|value| without_cargos_libraries(&value)) {
        command.env("LD_LIBRARY_PATH", original);
    }
    command
}

/// A command of cargo that compiles: exactly the versions of the lock file, or nothing.
pub fn cargo(subcommand: &str) -> Command {
    let mut command = command("cargo");
    command.args([subcommand, "--locked"]);
    command
}

/// What the user had in `LD_LIBRARY_PATH` before `cargo run` put the toolchain's and the target's folders in front.
fn without_cargos_libraries(value: &OsStr) -> Option<OsString> {
    let kept: Vec<PathBuf> = env::split_paths(value)
        .filter(|path| {
            !path.starts_with(paths::target()) && !path.components().any(|part| part.as_os_str() == "toolchains")
        })
        .collect();
    if kept.is_empty() {
        None
    } else {
        env::join_paths(kept).ok()
    }
}

/// Runs a command whose own output is the progress, ticking while it is quiet. An exit code other than zero is an error.
pub fn run(label: &str, command: &mut Command) -> Result<()> {
    let shown = describe(command);
    let _ticker = Ticker::start(label);
    let status = command.status().with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        bail!("{label} failed: `{shown}` ended with {status}");
    }
    Ok(())
}

/// The same as [`run`], showing every line of the error output, where cargo reports, to `read` as well.
pub fn run_reading(label: &str, command: &mut Command, mut read: impl FnMut(&str)) -> Result<()> {
    let shown = describe(command);
    let _ticker = Ticker::start(label);
    let mut child = command
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{shown}`"))?;
    let output = child.stderr.take().context("a child has no error output")?;
    for line in BufReader::new(output).lines() {
        let line = line.with_context(|| format!("cannot read what `{shown}` says"))?;
        eprintln!("{line}");
        read(&line);
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{label} failed: `{shown}` ended with {status}");
    }
    Ok(())
}

/// The standard output of a quick command, trimmed; none where it cannot be started or fails. For asking tools about themselves.
pub fn ask(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = command(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Waits for a child until `limit`, then kills it. Answers whether it succeeded in time.
pub fn succeeds_within(child: &mut Child, limit: Duration) -> Result<bool> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if Instant::now() >= deadline {
            child.kill().context("cannot stop a child that takes too long")?;
            child.wait()?;
            return Ok(false);
        }
        thread::sleep(POLL);
    }
}

/// Asks a child to end as a terminal would, and kills it where it has not ended after `limit`.
pub fn stop(child: &mut Child, limit: Duration) -> Result<()> {
    if child.try_wait()?.is_some() {
        return Ok(());
    }
    if cfg!(unix) {
        let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        let deadline = Instant::now() + limit;
        while Instant::now() < deadline {
            if child.try_wait()?.is_some() {
                return Ok(());
            }
            thread::sleep(POLL);
        }
    }
    child.kill().context("cannot stop a child")?;
    child.wait()?;
    Ok(())
}

/// Waits until no other `cargo xtask` holds the lock of that name, and holds it until the answer is dropped. For work on files
/// that two of them would take from under each other.
pub fn lock(name: &str) -> Result<File> {
    let path = paths::target().join(format!("{name}.lock"));
    fs::create_dir_all(paths::target()).context("cannot create target/")?;
    let file = File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
    if file.try_lock().is_err() {
        detail(&format!("waiting for another `cargo xtask` ({name})"));
        let _ticker = Ticker::start("waiting");
        file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    }
    Ok(file)
}

/// The first program of that name in PATH.
pub fn find(name: &str) -> Option<PathBuf> {
    find_in(name, &env::var_os("PATH")?)
}

fn find_in(name: &str, path: &OsStr) -> Option<PathBuf> {
    env::split_paths(path)
        .map(|folder| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        .find(|file| is_executable(file))
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}

/// The numbers of the first dotted version in a tool's answer: `trunk 0.21.14 (abc)` is `[0, 21, 14]`. A number alone
/// (`wasm-opt version 119`) counts as a version too.
pub fn version(text: &str) -> Option<Vec<u64>> {
    text.split(|c: char| c.is_whitespace() || c == '(' || c == ')')
        .map(|word| word.trim_start_matches('v'))
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .map(|word| {
            word.split(|c: char| !c.is_ascii_digit())
                .map_while(|part| part.parse().ok())
                .collect()
        })
}

/// The command as somebody would type it.
pub fn describe(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_tools_answer() {
        assert_eq!(version("trunk 0.21.14"), Some(vec![0, 21, 14]));
        assert_eq!(version("wasm-opt version 119 (version_119)"), Some(vec![119]));
        assert_eq!(
            version("Chromium 156.0.8078.79 built on Debian GNU/Linux 12"),
            Some(vec![156, 0, 8078, 79])
        );
        assert_eq!(version("v20.20.2"), Some(vec![20, 20, 2]));
        assert_eq!(version("rustc 1.97.0-nightly (abc 2026-05-01)"), Some(vec![1, 97, 0]));
        assert_eq!(version("no number here"), None);
    }

    #[test]
    fn a_child_that_takes_too_long_is_stopped() {
        let mut child = Command::new("sleep").arg("600").spawn().expect("sleep starts");
        assert!(!succeeds_within(&mut child, Duration::from_millis(100)).expect("the child can be stopped"));
        let mut child = Command::new("true").spawn().expect("true starts");
        assert!(succeeds_within(&mut child, Duration::from_secs(20)).expect("the child can be waited for"));
    }

    #[test]
    fn the_error_output_is_read_line_by_line() {
        let mut lines = Vec::new();
        let mut command = command("sh");
        command.args(["-c", "echo out; echo one >&2; echo two >&2"]);
        run_reading("a shell", &mut command, |line| lines.push(line.to_owned())).expect("the shell succeeds");
        assert_eq!(lines, ["one", "two"]);
    }

    #[test]
    fn a_failing_command_is_named_in_the_error() {
        let error = run("nothing", &mut command("false")).expect_err("false fails");
        assert!(error.to_string().contains("`false` ended with"), "{error}");
    }
}
