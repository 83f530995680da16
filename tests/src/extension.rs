//! A stand-in for the browser extension "V Wallet": it is in the page as the real one is, and the journey is the person in front of
//! its dialogs. What it signs it really signs, and what it sends it really sends.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use vsys::{Account, Attachment, Network, Payment, SeedPhrase};

use crate::console::Console;
use crate::wait::until;

/// Units of one coin.
const UNIT: u64 = 100_000_000;

/// Requests wait in the page until the journey answers them. Like the real one, it has one dialog: a request that comes while
/// another one waits is counted, as it would close that dialog.
const SCRIPT: &str = r#"
window.vsys = (() => {
    const waiting = [];
    const listeners = {};
    const counts = { overlaps: 0, asked: {} };
    return {
        isInstalled: true,
        waiting,
        counts,
        on: (name, listener) => (listeners[name] ??= []).push(listener),
        emit: (name) => (listeners[name] ?? []).forEach((listener) => listener({})),
        request: (data) =>
            new Promise((resolve) => {
                counts.overlaps += waiting.length > 0 ? 1 : 0;
                counts.asked[data.method] = (counts.asked[data.method] ?? 0) + 1;
                waiting.push({ data, resolve });
            }),
    };
})();
"#;

/// The stand-in, with the account and the network that are selected in it.
pub struct FakeExtension {
    /// The account.
    pub account: Account,
    /// The network.
    pub network: Network,
}

impl FakeExtension {
    /// Puts it into every page from now on, with the demo account selected.
    ///
    /// # Errors
    /// When the browser or the platform does not answer.
    pub async fn install(console: &Console) -> Result<Self> {
        console.before_every_page(SCRIPT).await?;
        Ok(Self {
            account: console.platform().demo_keys().await?,
            network: Network::Mainnet,
        })
    }

    /// Selects another account, as a person does in its window, and has it say so.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn select_other(&mut self, console: &Console) -> Result<()> {
        let phrase = SeedPhrase::new("somebody else's phrase")?;
        self.account = Account::derive(&phrase, 0, self.network);
        console.run("window.vsys.emit('accountsChanged')").await?;
        Ok(())
    }

    /// Waits until it is asked for this, and answers which parameters came along. Nothing is answered yet.
    ///
    /// # Errors
    /// When it is not asked, or for something else.
    pub async fn asked(&self, console: &Console, method: &str) -> Result<Value> {
        let asked = until(&format!("the extension to be asked for {method}"), async || {
            let asked = console.run("return window.vsys.waiting[0]?.data ?? null").await?;
            Ok((!asked.is_null()).then_some(asked))
        })
        .await?;
        if asked["method"] != method {
            bail!("asked for {asked} instead of {method}");
        }
        Ok(asked["params"].clone())
    }

    async fn answer(&self, console: &Console, answer: &Value) -> Result<()> {
        console
            .run(&format!("window.vsys.waiting.shift().resolve({answer})"))
            .await?;
        Ok(())
    }

    /// Waits until it is asked for this, and refuses in these words.
    ///
    /// # Errors
    /// When it is not asked.
    pub async fn refuse(&self, console: &Console, method: &str, words: &str) -> Result<()> {
        self.asked(console, method).await?;
        self.answer(console, &json!({ "result": false, "message": words }))
            .await
    }

    /// Waits until it is asked for this, and does it.
    ///
    /// # Errors
    /// When it is not asked.
    pub async fn serve(&self, console: &Console, method: &str) -> Result<()> {
        let params = self.asked(console, method).await?;
        let mut answer = json!({ "result": true, "message": "OK" });
        match method {
            "info" => {
                answer["name"] = json!("V Systems Browser Extension Wallet");
                answer["network"] = json!(match self.network {
                    Network::Mainnet => "Mainnet",
                    Network::Testnet => "Testnet",
                });
            }
            "publicKey" => {
                answer["address"] = json!(self.account.address().to_string());
                answer["publicKey"] = json!(self.account.public_key().to_string());
            }
            "signContent" => {
                let content = params["content"].as_str().context("no content")?;
                // A digest has as many bytes as a key.
                let digest: vsys::PublicKey = content.parse()?;
                let signature = self.account.sign_with_os_randomness(digest.as_bytes())?;
                answer["signture"] = json!(signature.to_string());
            }
            "send" => answer["transactionId"] = json!(self.send(console, &params).await?),
            other => bail!("no such request: {other}"),
        }
        self.answer(console, &answer).await
    }

    /// Builds, signs and broadcasts a payment as the extension does, with the moment as its time, and answers its id.
    ///
    /// # Errors
    /// When the node refuses it.
    pub async fn send(&self, console: &Console, params: &Value) -> Result<String> {
        let text = |name: &str| params[name].as_str().context("a text is missing");
        let (whole, part) = text("amount")?.split_once('.').unwrap_or((text("amount")?, ""));
        let units = whole.parse::<u64>()? * UNIT + format!("{part:0<8}").parse::<u64>()?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let payment = Payment::new(
            text("recipient")?.parse()?,
            units,
            Attachment::new(text("description")?)?,
            u64::try_from(now.as_millis())? * 1_000_000,
        );
        let signed = payment.sign_with_os_randomness(self.account.private_key())?;
        let answer = console
            .platform()
            .post("/node/vsys/broadcast/payment", &serde_json::to_value(&signed)?)
            .await?;
        Ok(answer["id"].as_str().context("no id")?.to_owned())
    }

    /// Has the page wait only for a moment when it asks for a payment.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn make_impatient(&self, console: &Console) -> Result<()> {
        let script = "const wait = window.setTimeout.bind(window);
            const pays = () => window.vsys.waiting[0]?.data.method === 'send';
            window.setTimeout = (what, time, ...more) => wait(what, time === 240000 && pays() ? 300 : time, ...more);";
        console.run(script).await?;
        Ok(())
    }

    /// Closes its dialog without an answer, as when the extension is ended.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn vanish(&self, console: &Console) -> Result<()> {
        console.run("window.vsys.waiting.shift()").await?;
        Ok(())
    }

    /// Answers that account and network are as they should be, which comes before it is asked to pay.
    ///
    /// # Errors
    /// When it is not asked.
    pub async fn serve_selected(&self, console: &Console) -> Result<()> {
        self.serve(console, "info").await?;
        self.serve(console, "publicKey").await
    }

    /// How often it was asked for this since the page was opened.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn count(&self, console: &Console, method: &str) -> Result<u64> {
        let count = console
            .run(&format!("return window.vsys.counts.asked['{method}'] ?? 0"))
            .await?;
        count.as_u64().context("no count")
    }

    /// Makes sure that it was never asked for anything while it was still busy.
    ///
    /// # Errors
    /// When it was.
    pub async fn never_overlapped(&self, console: &Console) -> Result<()> {
        let overlaps = console.run("return window.vsys.counts.overlaps").await?;
        if overlaps != json!(0) {
            bail!("asked {overlaps} times while its dialog was open");
        }
        Ok(())
    }
}
