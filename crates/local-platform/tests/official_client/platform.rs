//! The local platform as a process of its own, the way a developer starts it.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// How long a mail, an order or a pod may take to become what it should.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How long to wait before asking again; every question is a run of the client.
const PAUSE: Duration = Duration::from_millis(300);

/// A running local platform with fresh data; stopped and deleted when dropped.
pub struct LocalPlatform {
    child: Child,
    data: TempDir,
    base: String,
    http: reqwest::Client,
    runtime: Runtime,
}

impl LocalPlatform {
    /// Start the program on a free port and wait until it says that it listens.
    ///
    /// # Panics
    /// When it ends before it listens; its messages are in the panic.
    pub fn start() -> Self {
        let data = TempDir::new().expect("a temporary directory");
        let log = data.path().join("stderr.log");
        let mut child = Command::new(env!("CARGO_BIN_EXE_local-platform"))
            .args(["--port", "0", "--node-prefix", "/node", "--data"])
            .arg(data.path().join("data"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).expect("the log file"))
            .spawn()
            .expect("the local platform starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its stdout is piped")).lines();
        let base = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                line.strip_prefix("listening on ")
                    .map(|base| base.trim_end_matches('/').to_owned())
            })
            .unwrap_or_else(|| {
                let messages = fs::read_to_string(&log).unwrap_or_default();
                panic!("the local platform ended before it listened:\n{messages}")
            });
        // Keep reading: a full pipe would stop the program.
        thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            data,
            base,
            http: reqwest::Client::new(),
            runtime: Builder::new_current_thread().enable_all().build().expect("a runtime"),
        }
    }

    /// The platform's address, without a slash at the end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The node's address, without a slash at the end.
    pub fn node(&self) -> String {
        format!("{}/node", self.base)
    }

    /// The JSON answer of a page for developers, such as `/dev/demo-account`.
    pub fn developer_page(&self, path: &str) -> Value {
        let request = self
            .http
            .get(format!("{}{path}", self.base))
            .header("accept", "application/json");
        let text = self
            .runtime
            .block_on(async { request.send().await?.text().await })
            .expect("the local platform answers");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path} is not JSON ({error}): {text}"))
    }
}

impl Drop for LocalPlatform {
    fn drop(&mut self) {
        // Already gone is as good as stopped.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            let messages = fs::read_to_string(self.data.path().join("stderr.log")).unwrap_or_default();
            eprintln!("the local platform's messages:\n{messages}");
        }
    }
}

/// Ask again until there is an answer.
///
/// # Panics
/// After [`PATIENCE`], with what was waited for.
pub fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(
            Instant::now() < deadline,
            "waited {} s in vain for {what}",
            PATIENCE.as_secs()
        );
        thread::sleep(PAUSE);
    }
}
