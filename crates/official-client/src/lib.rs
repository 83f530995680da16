//! The official terminal client for tests: installed once, pointed at a local platform, and run command by command.
//!
//! The published client goes into a virtual environment; `python/vcloud.py` only tells it where the platform is. README.md says
//! more. It judges what the local platform answers and what the console did.

mod environment;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

pub use environment::interpreter;

/// How long a command may take to print what is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// The variable that the client reads a wallet's password from.
const PASSWORD_VARIABLE: &str = "VCLOUD_PASSWORD";

/// The installed client, the hosts that it speaks to, and which of its commands were run.
pub struct Installation {
    interpreter: PathBuf,
    platform: String,
    node: String,
    /// The options of each command; forms of one option are joined by `/`.
    commands: OnceLock<BTreeMap<String, Vec<String>>>,
    /// The arguments of every run.
    noted: Mutex<BTreeSet<Vec<String>>>,
    runs: AtomicUsize,
}

impl Installation {
    /// The client behind `interpreter`, pointed at a platform and a node.
    pub fn new(interpreter: PathBuf, platform: &str, node: &str) -> Self {
        Self {
            interpreter,
            platform: platform.to_owned(),
            node: node.to_owned(),
            commands: OnceLock::new(),
            noted: Mutex::default(),
            runs: AtomicUsize::new(0),
        }
    }

    /// Every command that the client has.
    fn commands(&self) -> &BTreeMap<String, Vec<String>> {
        self.commands.get_or_init(|| {
            self.inspect(&["commands"])
                .lines()
                .map(|line| {
                    let (path, options) = line.split_once('\t').expect("a path and options");
                    (path.to_owned(), options.split_whitespace().map(str::to_owned).collect())
                })
                .collect()
        })
    }

    /// The text of a sealed field, opened by the client's own code.
    pub fn unseal(&self, private_key: &str, sealed: &str) -> String {
        self.inspect(&["unseal", private_key, sealed])
            .trim_end_matches('\n')
            .to_owned()
    }

    /// How many of its commands were run.
    pub fn exercised(&self) -> usize {
        let exercised = self.exercised_words();
        self.commands()
            .keys()
            .filter(|command| exercised.contains(*command))
            .count()
    }

    /// Commands that were not run, and options that no command was run with.
    pub fn left_out(&self) -> Vec<String> {
        let exercised = self.exercised_words();
        let mut left_out = Vec::new();
        for (command, options) in self.commands() {
            if !exercised.contains(command) {
                left_out.push(command.clone());
                continue;
            }
            let with = |option: &&String| {
                option
                    .split('/')
                    .any(|form| exercised.contains(&format!("{command} {form}")))
            };
            left_out.extend(
                options
                    .iter()
                    .filter(|option| !with(option))
                    .map(|option| format!("{command} {option}")),
            );
        }
        left_out
    }

    /// How often the client was started.
    pub fn runs(&self) -> usize {
        self.runs.load(Ordering::Relaxed)
    }

    fn inspect(&self, arguments: &[&str]) -> String {
        let home = TempDir::new().expect("a temporary directory");
        let output = self
            .python(home.path(), "inspect_client.py")
            .args(arguments)
            .output()
            .expect("Python starts");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "inspect_client.py {arguments:?} failed: {errors}"
        );
        String::from_utf8(output.stdout).expect("it prints UTF-8")
    }

    fn python(&self, home: &Path, script: &str) -> Command {
        let mut command = Command::new(&self.interpreter);
        command
            .arg(environment::python_file(script))
            .current_dir(home)
            .env("HOME", home)
            .env("USERPROFILE", home)
            .env("VCLOUD_PLATFORM_HOST", &self.platform)
            .env("VCLOUD_NODE_HOST", &self.node)
            .env("PYTHONUTF8", "1")
            .env("PYTHONIOENCODING", "utf-8")
            .env("PYTHONWARNINGS", "ignore")
            .env("TZ", "UTC")
            .env("COLUMNS", "200")
            .env_remove(PASSWORD_VARIABLE)
            .stdin(Stdio::null());
        // The client would send even requests to this machine through a proxy.
        for proxy in [
            "HTTP_PROXY",
            "http_proxy",
            "HTTPS_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "all_proxy",
        ] {
            command.env_remove(proxy);
        }
        command
    }

    /// Note that the client was run with these arguments.
    fn note(&self, arguments: &[&str]) {
        self.runs.fetch_add(1, Ordering::Relaxed);
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        self.noted.lock().expect("no run panics inside").insert(arguments);
    }

    /// Commands that were run, with and without each option that they were run with. Options before a command are left aside.
    fn exercised_words(&self) -> BTreeSet<String> {
        let mut exercised = BTreeSet::new();
        for arguments in self.noted.lock().expect("no run panics inside").iter() {
            let command = self.commands().keys().find(|command| {
                let words: Vec<&str> = command.split(' ').collect();
                arguments.windows(words.len()).take(3).any(|window| window == words)
            });
            let Some(command) = command else { continue };
            let options = arguments.iter().filter(|argument| argument.starts_with("--"));
            exercised.extend(options.map(|option| format!("{command} {option}")));
            exercised.insert(command.clone());
        }
        exercised
    }
}

/// A person at a terminal, with a home directory that holds the wallet.
pub struct Client {
    installation: Arc<Installation>,
    home: TempDir,
    password: Option<String>,
}

impl Client {
    /// Somebody without a wallet.
    pub fn without_wallet(installation: &Arc<Installation>) -> Self {
        Self {
            installation: Arc::clone(installation),
            home: TempDir::new().expect("a temporary directory"),
            password: None,
        }
    }

    /// The home directory.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// From now on, run with this password in the environment.
    pub fn set_password(&mut self, password: Option<&str>) {
        self.password = password.map(str::to_owned);
    }

    /// Write a file into the home directory and return its path.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).expect("the home directory is writable");
        path.to_str()
            .expect("temporary directories have plain names")
            .to_owned()
    }

    /// Run a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.installation.note(arguments);
        let output = self.command(arguments).output().expect("Python starts");
        Run {
            command: arguments.join(" "),
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Run a command that must succeed, and return the JSON that it prints.
    pub fn json(&self, arguments: &[&str]) -> Value {
        self.run(arguments).json()
    }

    /// Run a command that must fail, and return the message that it gives.
    pub fn refused(&self, arguments: &[&str]) -> String {
        self.run(arguments).refused()
    }

    /// Run a command that does not end by itself, read `count` lines of what it prints, then press Ctrl-C.
    pub fn first_lines(&self, arguments: &[&str], count: usize) -> Vec<String> {
        self.installation.note(arguments);
        let mut child = self
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Python starts");
        let stdout = BufReader::new(child.stdout.take().expect("its stdout is piped"));
        let (sender, receiver) = mpsc::channel();
        let reader = thread::spawn(move || {
            // Reads on after the lines that were asked for, so that the client never waits for a full pipe.
            for line in stdout.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let deadline = Instant::now() + PATIENCE;
        let lines: Vec<String> = (0..count)
            .map_while(|_| {
                receiver
                    .recv_timeout(deadline.saturating_duration_since(Instant::now()))
                    .ok()
            })
            .collect();
        interrupt(child.id());
        let status = ended(&mut child);
        reader.join().expect("reading does not fail");
        let command = arguments.join(" ");
        assert_eq!(
            lines.len(),
            count,
            "vcloud {command} did not print so many lines: {lines:#?}"
        );
        assert!(
            status.success(),
            "vcloud {command} did not end well after Ctrl-C: {status}"
        );
        lines
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.installation.python(self.home.path(), "vcloud.py");
        command.args(arguments);
        if let Some(password) = &self.password {
            command.env(PASSWORD_VARIABLE, password);
        }
        command
    }
}

/// Wait for a process that was told to end.
///
/// # Panics
/// When it has not ended after [`PATIENCE`].
fn ended(child: &mut Child) -> ExitStatus {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait().expect("the client can be waited for") {
            return status;
        }
        if Instant::now() >= deadline {
            let _ = child.kill();
            panic!("the client did not end {} s after Ctrl-C", PATIENCE.as_secs());
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// Press Ctrl-C for a process.
fn interrupt(process: u32) {
    let status = Command::new("kill")
        .args(["-INT", &process.to_string()])
        .status()
        .expect("kill starts");
    assert!(status.success(), "the client could not be interrupted");
}

/// A finished command.
#[derive(Debug)]
pub struct Run {
    command: String,
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What it printed for programs.
    pub stdout: String,
    /// What it printed for people.
    pub stderr: String,
}

impl Run {
    /// The JSON at the end of what it printed.
    ///
    /// # Panics
    /// When it failed or printed no JSON.
    pub fn json(&self) -> Value {
        assert_eq!(self.code, Some(0), "{self}");
        // A payment's prompt for ENTER stands before the JSON, on the same line.
        let line = self.stdout.lines().next_back().unwrap_or_default();
        let line = line.strip_prefix("Press ENTER to continue...").unwrap_or(line);
        serde_json::from_str(line).unwrap_or_else(|error| panic!("no JSON at the end ({error}): {self}"))
    }

    /// The message of its failure.
    ///
    /// # Panics
    /// When it succeeded or failed in another way than by a message.
    pub fn refused(&self) -> String {
        assert_eq!(self.code, Some(1), "{self}");
        let line = self.stderr.lines().next_back().unwrap_or_default();
        let answer: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("no error in JSON ({error}): {self}"));
        answer["error"]
            .as_str()
            .unwrap_or_else(|| panic!("no message: {self}"))
            .to_owned()
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "vcloud {}\nexit code: {:?}\nstdout: {}\nstderr: {}",
            self.command, self.code, self.stdout, self.stderr
        )
    }
}
