//! The official terminal client beside the console: what one of them did, the other has to see.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use official_client::{Client, Installation, interpreter};
use serde_json::Value;
use tokio::task::spawn_blocking;
use vsys::Account;
use vsys::sealed_box::open_base58;

use crate::console::Console;

/// The client at a terminal of its own, with the demo account's wallet.
pub struct Official(Arc<Client>);

impl Console {
    /// The official client with the demo account, pointed at this journey's platform. The first one on a machine installs it.
    ///
    /// # Errors
    /// When it does not take the demo account's seed phrase.
    pub async fn official(&self) -> Result<Official> {
        let (seed, _) = self.platform.demo_account().await?;
        let official = Official(Arc::new(self.client().await?));
        official
            .run(&["wallet", "restore", "--seed", &seed, "--count", "1"])
            .await?;
        Ok(official)
    }

    /// The official client with a wallet file, put where it looks for its own, and the file's password.
    ///
    /// # Errors
    /// When the file cannot be put there.
    pub async fn official_with(&self, wallet: &Path, password: Option<&str>) -> Result<Official> {
        let mut client = self.client().await?;
        client.set_password(password);
        let official = Official(Arc::new(client));
        let place = official.wallet();
        fs::create_dir_all(place.parent().context("no folder")?)?;
        fs::copy(wallet, place)?;
        Ok(official)
    }

    async fn client(&self) -> Result<Client> {
        let platform = self.platform.address().to_owned();
        let client = spawn_blocking(move || {
            let installation = Installation::new(interpreter(), &platform, &format!("{platform}/node"));
            Client::without_wallet(&Arc::new(installation))
        });
        Ok(client.await?)
    }
}

impl Official {
    /// Where it keeps its wallet.
    pub fn wallet(&self) -> PathBuf {
        self.0.home().join(".vcloud").join("wallet.dat")
    }

    /// What the owner wrote about a service, as the official client gets it: `customizedLabel` or `description`, opened with the
    /// key of the service's owner.
    ///
    /// # Errors
    /// When the client does not get it, or it is not sealed for that owner.
    pub async fn own_text(&self, owner: &Account, service: &str, field: &str) -> Result<String> {
        let get = ["service", "get", service, "--provider", "v-kube-service"];
        let found = self.run(&get).await?;
        let sealed = found[field]
            .as_str()
            .with_context(|| format!("no {field} in {found}"))?;
        let opened =
            open_base58(owner.private_key(), sealed).with_context(|| format!("{field} is not sealed for its owner"))?;
        let text = opened.into_text().context("no text")?;
        Ok(text.expose().to_owned())
    }

    /// When the containers of a service started, by their names; empty while it has no pod.
    ///
    /// # Errors
    /// When the client does not get it.
    pub async fn started(&self, service: &str) -> Result<BTreeMap<String, String>> {
        let shown = self.run(&["service", "status", service]).await?;
        let containers = shown["podStatus"]["containerStatuses"].as_array().cloned();
        let started = |container: &Value| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            (
                text(&container["name"]),
                text(&container["state"]["running"]["startedAt"]),
            )
        };
        Ok(containers.unwrap_or_default().iter().map(started).collect())
    }

    /// The status of a service, such as `ServiceStop`.
    ///
    /// # Errors
    /// When the client does not get it.
    pub async fn status(&self, service: &str) -> Result<String> {
        let get = ["service", "get", service, "--provider", "v-kube-service"];
        let found = self.run(&get).await?;
        Ok(found["status"].as_str().unwrap_or_default().to_owned())
    }

    /// Runs a command, such as `["service", "deployment-info", ID]`, and answers the JSON that it prints last.
    ///
    /// # Errors
    /// When it fails, with what it said, or prints no JSON.
    pub async fn run(&self, arguments: &[&str]) -> Result<Value> {
        let printed = self.text(arguments).await?;
        let line = printed.lines().next_back().unwrap_or_default();
        // The client's own prompts may stand before the answer, on the same line.
        let line = &line[line.find(['{', '[']).unwrap_or_default()..];
        serde_json::from_str(line).with_context(|| format!("no JSON at the end: {printed}"))
    }

    /// Runs a command that prints lines, such as `["service", "logs", ID]`, and answers them.
    ///
    /// # Errors
    /// When it fails, with what it said.
    pub async fn text(&self, arguments: &[&str]) -> Result<String> {
        let client = Arc::clone(&self.0);
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let run = spawn_blocking(move || {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            client.run(&arguments)
        })
        .await?;
        ensure!(run.code == Some(0), "{run}");
        Ok(run.stdout)
    }
}
