//! A stand-in for the browser extension "V Wallet": it is in the page as the real one is, and the journey is the person in front of
//! its dialogs. What it signs it really signs, and what it sends it really sends.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use vcloud_api::Decimal;
use vsys::{Account, Attachment, ContractId, Network, Payment, SeedPhrase, TokenSend};

use crate::console::Console;
use crate::find::BUTTON;
use crate::platform::Platform;
use crate::wait::until;

/// Units of one coin.
const UNIT: u64 = 100_000_000;

/// Whole coins in the units that one of them has.
fn units(coins: Decimal, unit: u64) -> Result<u64> {
    let units = coins.checked_mul(Decimal::from(unit)).context("too much")?;
    u64::try_from(units)
        .ok()
        .filter(|exact| Decimal::from(*exact) == units)
        .context("a part of a unit")
}

/// The contract of a token that orders can be paid in.
async fn contract_of(platform: &Platform, token: &str) -> Result<ContractId> {
    let currencies = platform.get("/api/v1/currency").await?;
    let currencies = currencies["list"].as_array().context("no list of currencies")?;
    let contracts = currencies
        .iter()
        .filter_map(|one| one["contractId"].as_str()?.parse::<ContractId>().ok());
    let mut found = contracts.filter(|contract| contract.token(0).to_string() == token);
    found.next().with_context(|| format!("no currency {token}"))
}

/// Requests wait until the journey answers them. What is known of the real one, the stand-in does as well: there is one dialog for
/// all tabs, which outlives the page that asked; another request closes it and is told so; what was asked in it notices only at
/// its next look, and lives on where a new dialog is open by then (the real one looks every half second, this one takes longer, so
/// that whoever does not wait is found out); answers are told apart by their method alone,
/// and whoever ever asked hears them. All that is what the browser keeps, as the real one keeps it in its background page.
const SCRIPT: &str = r#"
window.vsys ??= (() => {
    const PLACE = 'stand-in for the extension';
    const tab = (sessionStorage[PLACE] ??= crypto.randomUUID());
    const read = () => JSON.parse(localStorage.getItem(PLACE) ?? '{"open":false,"asked":[]}');
    const write = (dialog) => localStorage.setItem(PLACE, JSON.stringify(dialog));
    const channel = new BroadcastChannel(PLACE);
    const waiting = [];
    const handlers = {};
    const listeners = {};
    const inDialog = (method) => method === 'send' || method === 'signContent';
    const counts = { closed: 0, asked: {} };
    const hear = (method, answer) => (handlers[method] ?? []).forEach((handler) => handler(answer));
    const tell = (asked, answer) =>
        asked.tab === tab ? hear(asked.data.method, answer) : channel.postMessage({ asked, answer });
    channel.onmessage = ({ data: { asked, answer } }) => asked.tab === tab && hear(asked.data.method, answer);
    const end = (answer) => {
        const { asked } = read();
        write({ open: false, asked: [] });
        asked.forEach((one) => tell(one, answer));
    };
    setInterval(() => {
        const dialog = read();
        if (!dialog.open && dialog.asked.length > 0) end({ result: false, message: 'User denied the action' });
    }, 1200);
    return {
        isInstalled: true,
        counts,
        end,
        tell,
        take: () => {
            const { asked } = read();
            write({ open: false, asked: [] });
            return asked;
        },
        pending: (method) => waiting[0] ?? (inDialog(method) && read().open ? read().asked.at(-1).data : null),
        answer: (answer) => hear(waiting.shift().method, answer),
        on: (name, listener) => (listeners[name] ??= []).push(listener),
        emit: (name) => (listeners[name] ?? []).forEach((listener) => listener({})),
        request: (data) =>
            new Promise((resolve) => {
                const dialog = read();
                (handlers[data.method] ??= []).push(resolve);
                counts.asked[data.method] = (counts.asked[data.method] ?? 0) + 1;
                if (data.method !== 'info' && dialog.open) {
                    counts.closed += 1;
                    write({ ...dialog, open: false });
                    hear(data.method, { result: false, message: 'Popup Closed' });
                } else if (inDialog(data.method)) {
                    write({ open: true, asked: [...dialog.asked, { tab, data }] });
                } else {
                    waiting.push(data);
                }
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
            let asked = console.run(&format!("return window.vsys.pending('{method}')")).await?;
            Ok((!asked.is_null()).then_some(asked))
        })
        .await?;
        if asked["method"] != method {
            bail!("asked for {asked} instead of {method}");
        }
        Ok(asked["params"].clone())
    }

    async fn answer(&self, console: &Console, method: &str, answer: &Value) -> Result<()> {
        let is_in_dialog = matches!(method, "send" | "signContent");
        let how = if is_in_dialog { "end" } else { "answer" };
        console.run(&format!("window.vsys.{how}({answer})")).await?;
        Ok(())
    }

    /// Waits until it is asked for this, and refuses in these words.
    ///
    /// # Errors
    /// When it is not asked.
    pub async fn refuse(&self, console: &Console, method: &str, words: &str) -> Result<()> {
        self.asked(console, method).await?;
        self.answer(console, method, &json!({ "result": false, "message": words }))
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
            // One confirmation is one of everything that is still alive behind the dialog.
            "send" => {
                for asked in self.confirm(console).await? {
                    answer["transactionId"] = json!(self.send(console, &asked["data"]["params"]).await?);
                    console.run(&format!("window.vsys.tell({asked}, {answer})")).await?;
                }
                return Ok(());
            }
            other => bail!("no such request: {other}"),
        }
        self.answer(console, method, &answer).await
    }

    /// Confirms its dialog, which closes it: what was asked behind it, of which nothing is done yet.
    async fn confirm(&self, console: &Console) -> Result<Vec<Value>> {
        let asked = console.run("return window.vsys.take()").await?;
        let asked = asked.as_array().context("no list of requests")?;
        if asked.is_empty() {
            bail!("there is nothing to be confirmed");
        }
        Ok(asked.clone())
    }

    /// Confirms its dialog, and pays, and nobody hears of it.
    ///
    /// # Errors
    /// When there is nothing to be confirmed, or the node refuses it.
    pub async fn pay_unheard(&self, console: &Console) -> Result<()> {
        for asked in self.confirm(console).await? {
            self.send(console, &asked["data"]["params"]).await?;
        }
        Ok(())
    }

    /// Builds, signs and broadcasts a payment as the extension does, with the moment as its time, and answers its id.
    ///
    /// # Errors
    /// When the node refuses it.
    pub async fn send(&self, console: &Console, params: &Value) -> Result<String> {
        let text = |name: &str| params[name].as_str().context("a text is missing");
        let (recipient, note) = (text("recipient")?.parse()?, Attachment::new(text("description")?)?);
        let coins: Decimal = text("amount")?.parse()?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let timestamp = u64::try_from(now.as_millis())? * 1_000_000;
        let platform = console.platform();
        let (path, signed) = match params["tokenId"].as_str() {
            None => {
                let payment = Payment::new(recipient, units(coins, UNIT)?, note, timestamp);
                let signed = payment.sign_with_os_randomness(self.account.private_key())?;
                ("/node/vsys/broadcast/payment", serde_json::to_value(&signed)?)
            }
            // What one coin of a token is, it asks the chain.
            Some(token) => {
                let path = format!("/node/contract/balance/{}/{token}", self.account.address());
                let unity = platform.get(&path).await?["unity"].as_u64().context("no unity")?;
                let contract = contract_of(platform, token).await?;
                let send = TokenSend::new(contract, recipient, units(coins, unity)?, note, timestamp);
                let signed = send.sign_with_os_randomness(self.account.private_key())?;
                ("/node/contract/broadcast/execute", serde_json::to_value(&signed)?)
            }
        };
        let answer = platform.post(path, &signed).await?;
        Ok(answer["id"].as_str().context("no id")?.to_owned())
    }

    /// Pays something else than it was asked for, and answers with the id of that.
    ///
    /// # Errors
    /// When there is nothing to be confirmed, or the node refuses it.
    pub async fn name(&self, console: &Console, other: &Value) -> Result<String> {
        let id = self.send(console, other).await?;
        let answer = json!({ "result": true, "message": "OK", "transactionId": id });
        self.answer(console, "send", &answer).await?;
        Ok(id)
    }

    /// Has the page wait only for a moment when it asks for a payment.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn make_impatient(&self, console: &Console) -> Result<()> {
        let script = "const wait = window.setTimeout.bind(window);
            const pays = () => window.vsys.pending('send')?.method === 'send';
            window.setTimeout = (what, time, ...more) => wait(what, time === 240000 && pays() ? 300 : time, ...more);";
        console.run(script).await?;
        Ok(())
    }

    /// Has the page look for a payment more often than it would.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn hurry(&self, console: &Console) -> Result<()> {
        let script = "const wait = window.setTimeout.bind(window);
            window.setTimeout = (what, time, ...more) => wait(what, time === 3000 ? 300 : time, ...more);";
        console.run(script).await?;
        Ok(())
    }

    /// Lets minutes pass in the page at once, in which it would look for a payment, and has it look again.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn let_minutes_pass(&self, console: &Console) -> Result<()> {
        self.hurry(console).await?;
        console.set_ahead(200).await?;
        console.click(BUTTON, console.t("payments.look_again")).await
    }

    /// Whether there is anything of it to be confirmed.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn asks(&self, console: &Console) -> Result<bool> {
        let pending = console.run("return window.vsys.pending('send')").await?;
        Ok(!pending.is_null())
    }

    /// Ends the extension with whatever it was asked for: nobody hears of it again.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn vanish(&self, console: &Console) -> Result<()> {
        console.run("window.vsys.take()").await?;
        Ok(())
    }

    /// Answers that account and network are as they should be, and once more after a moment in which whatever was asked before has
    /// died: then it may be asked to pay.
    ///
    /// # Errors
    /// When it is not asked.
    pub async fn serve_settled(&self, console: &Console) -> Result<()> {
        self.serve_selected(console).await?;
        self.serve(console, "publicKey").await
    }

    /// Answers that account and network are as they should be.
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

    /// How often this page asked for something while its dialog was open, which closed it.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn closed(&self, console: &Console) -> Result<u64> {
        let closed = console.run("return window.vsys.counts.closed").await?;
        closed.as_u64().context("no count")
    }

    /// Makes sure that it was never asked for anything while it was still busy.
    ///
    /// # Errors
    /// When it was.
    pub async fn never_overlapped(&self, console: &Console) -> Result<()> {
        match self.closed(console).await? {
            0 => Ok(()),
            closed => bail!("asked {closed} times while its dialog was open"),
        }
    }
}
