//! The local platform of one journey: a process of its own with data of its own.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;

use crate::environment;

const READY: &str = "listening on ";

/// A local platform, stopped and deleted when dropped.
pub struct Platform {
    data: TempDir,
    options: Vec<String>,
    address: String,
    port: u16,
    child: Mutex<Child>,
    http: reqwest::Client,
}

impl Platform {
    /// Starts one on a free port, with the console, and with more options such as `--services 1000`.
    pub(crate) fn start(options: &[String]) -> Result<Self> {
        let data = TempDir::new().context("no temporary folder")?;
        let (child, address) = spawn(&data, 0, options)?;
        let port = address
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok())
            .with_context(|| format!("no port in {address}"))?;
        Ok(Self {
            data,
            options: options.to_vec(),
            address,
            port,
            child: Mutex::new(child),
            http: reqwest::Client::new(),
        })
    }

    /// Where it answers, without a slash at the end.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Ends the platform as a crash would: nothing answers any more.
    ///
    /// # Errors
    /// When the process cannot be ended.
    pub fn stop(&self) -> Result<()> {
        let mut child = self.child();
        child.kill().context("the platform cannot be stopped")?;
        child.wait()?;
        Ok(())
    }

    /// Starts a stopped platform again, with its data and under its address.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn start_again(&self) -> Result<()> {
        let (child, address) = spawn(&self.data, self.port, &self.options)?;
        ensure!(
            address == self.address,
            "the platform came back as {address}, not as {}",
            self.address
        );
        *self.child() = child;
        Ok(())
    }

    /// Switches a fault on, or a list of them: the body of `POST /dev/faults`.
    ///
    /// # Errors
    /// When the platform does not take it.
    pub async fn fault(&self, fault: Value) -> Result<Value> {
        self.post("/dev/faults", &fault).await
    }

    /// Switches all faults off.
    ///
    /// # Errors
    /// When the platform does not answer.
    pub async fn no_faults(&self) -> Result<()> {
        self.http
            .delete(format!("{}/dev/faults", self.address))
            .send()
            .await?
            .error_for_status()?;
        Ok(())
    }

    /// How often the faults that are switched on have struck, in the order in which they were.
    ///
    /// # Errors
    /// When the platform does not answer with them.
    pub async fn struck(&self) -> Result<Vec<u64>> {
        let all = self.get("/dev/faults").await?;
        let all = all["list"].as_array().context("no list of faults")?;
        Ok(all
            .iter()
            .map(|fault| fault["struck"].as_u64().unwrap_or_default())
            .collect())
    }

    /// The demo account's seed phrase and address.
    ///
    /// # Errors
    /// When the platform does not answer with them.
    pub async fn demo_account(&self) -> Result<(String, String)> {
        let account = self.get("/dev/demo-account").await?;
        let text = |field: &str| {
            account[field]
                .as_str()
                .map(str::to_owned)
                .with_context(|| format!("no {field} in {account}"))
        };
        Ok((text("seed")?, text("address")?))
    }

    /// The demo account's services, as the platform lists them.
    ///
    /// # Errors
    /// When the platform does not answer with a list.
    pub async fn services(&self) -> Result<Vec<Value>> {
        let (_, address) = self.demo_account().await?;
        let url = format!("{}/api/v1/userService?current=1&pageSize=1000", self.address);
        let answer: Value = self
            .http
            .get(url)
            .header("address", address)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        answer["list"]
            .as_array()
            .cloned()
            .with_context(|| format!("no list in {answer}"))
    }

    /// A service's access token, whose state is set: `active`, `inactive`, `expired`, `deleted`.
    ///
    /// # Errors
    /// When the platform does not answer with one.
    pub async fn access_token(&self, service: &str, state: &str) -> Result<String> {
        let answer = self
            .post(
                "/dev/tokens",
                &serde_json::json!({ "userServiceID": service, "state": state }),
            )
            .await?;
        answer["accessToken"]
            .as_str()
            .map(str::to_owned)
            .with_context(|| format!("no token in {answer}"))
    }

    /// A page for developers as JSON, such as `/dev/outbox`.
    ///
    /// # Errors
    /// When the platform does not answer with JSON.
    pub async fn get(&self, path: &str) -> Result<Value> {
        let request = self
            .http
            .get(format!("{}{path}", self.address))
            .header("accept", "application/json");
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    /// A file as it is served.
    ///
    /// # Errors
    /// When the platform does not answer with text.
    pub async fn text(&self, path: &str) -> Result<String> {
        let request = self.http.get(format!("{}{path}", self.address));
        Ok(request.send().await?.error_for_status()?.text().await?)
    }

    /// A call of the developer's pages.
    ///
    /// # Errors
    /// When the platform refuses it, or does not answer with JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let answer = self
            .http
            .post(format!("{}{path}", self.address))
            .json(body)
            .send()
            .await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "{path} answered {status}: {text}");
        serde_json::from_str(&text).with_context(|| format!("{path} answered no JSON: {text}"))
    }

    /// What sends requests to it.
    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// What the platform said on its error output.
    pub(crate) fn messages(&self) -> String {
        fs::read_to_string(self.data.path().join("stderr.log")).unwrap_or_default()
    }

    fn child(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        // Already gone is as good as stopped.
        let _ = self.stop();
    }
}

fn spawn(data: &TempDir, port: u16, options: &[String]) -> Result<(Child, String)> {
    let log = data.path().join("stderr.log");
    let mut child = Command::new(environment::local_platform()?)
        .args(["--port", &port.to_string(), "--data"])
        .arg(data.path().join("data"))
        .arg("--static")
        .arg(environment::dist()?)
        .args(options)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(
            File::options()
                .create(true)
                .append(true)
                .open(&log)
                .context("no log file")?,
        )
        .spawn()
        .context("the local platform does not start")?;
    let mut lines = BufReader::new(child.stdout.take().context("no standard output")?).lines();
    let ready = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix(READY).map(str::to_owned));
    let Some(address) = ready else {
        let _ = child.kill();
        let _ = child.wait();
        anyhow::bail!(
            "the local platform ended before it listened:\n{}",
            fs::read_to_string(&log).unwrap_or_default()
        );
    };
    // Somebody must go on reading: a full pipe would stop the program.
    thread::spawn(move || lines.for_each(drop));
    Ok((child, address.trim().trim_end_matches('/').to_owned()))
}
