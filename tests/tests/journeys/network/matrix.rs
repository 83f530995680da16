//! Every operation under every fault: what happened is said in words, nothing is stuck, a button helps once the fault is over, what
//! was typed is still there, and what changes something was sent once.
//!
//! An ordinary run takes one fault for each operation, chosen by `NETWORK_SEED`; nine seeds in a row are the whole matrix, which
//! `NETWORK_MATRIX=all` takes at once.

use std::env;

use anyhow::{Context as _, Result, ensure};
use browser_tests::{BUTTON, Console, DIALOG, Setup, journey, until};
use thirtyfour::WebElement;

use super::faults::{Fault, HURRY};
use super::reads::{READS, Read, Seen};
use super::writes::{Step, WRITES, Write};

/// A page that asks for nothing.
const NOTHING: &str = "/payments";

/// In each round every operation has one fault, and in all of them all.
fn rounds() -> Vec<usize> {
    if env::var("NETWORK_MATRIX").is_ok_and(|which| which == "all") {
        return (0..Fault::ALL.len()).collect();
    }
    let seed = env::var("NETWORK_SEED").ok().and_then(|seed| seed.parse().ok());
    vec![seed.unwrap_or(0)]
}

fn fault_of(operation: usize, round: usize) -> Fault {
    Fault::ALL[(operation + round) % Fault::ALL.len()]
}

/// What is said of a fault, once it is.
async fn said(console: &Console, fault: Fault) -> Result<()> {
    let titles = fault.titles();
    until(&format!("one of {titles:?}"), async || {
        let text = console.text().await?;
        Ok(titles.iter().any(|title| text.contains(console.t(title))).then_some(()))
    })
    .await
}

async fn not_busy(console: &Console) -> Result<()> {
    until("nothing to be on its way", async || {
        let busy = "return !!document.querySelector('.skeleton, main [aria-busy=true], dialog [aria-busy=true]')";
        Ok((console.run(busy).await? == serde_json::json!(false)).then_some(()))
    })
    .await
}

/// How often this was sent.
async fn sent(console: &Console, method: &str, path: &str) -> Result<usize> {
    let all = console.requests_to(path).await?;
    Ok(all.iter().filter(|exchange| exchange.method == method).count())
}

impl Read {
    async fn under(&self, console: &Console, fault: Fault, id: &str) -> Result<()> {
        let route = self.route.replace("{id}", id);
        let seen = match self.seen {
            Seen::Key(key) => console.t(key),
            Seen::Text(text) => text,
        };
        console.sign_in_demo().await?;
        console.page(console.t("payments.title")).await?;
        fault.begin(console, self.path, "GET").await?;
        console.visit(&route).await?;
        if fault == Fault::Left {
            console.visit(NOTHING).await?;
            console.page(console.t("payments.title")).await?;
            fault.end(console).await?;
            console.visit(&route).await?;
        } else if fault == Fault::Slow {
            until("a sign that something is on its way", async || {
                let waits = "return !!document.querySelector('.skeleton, progress, [aria-busy=true]')";
                let loads = console.text().await?.contains(console.t("age.loading"));
                Ok((loads || console.run(waits).await? == serde_json::json!(true)).then_some(()))
            })
            .await?;
            console.see(seen).await?;
            fault.end(console).await?;
        } else {
            said(console, fault).await?;
            not_busy(console).await?;
            // What the frame around the page knows already stays there, and is said to be older.
            let is_known = console.text().await?.contains(console.t("error.stale_title"));
            let button = console.t(if is_known { "action.refresh" } else { "action.retry" });
            console.find(BUTTON, button).await?;
            fault.end(console).await?;
            console.click_until_seen(button, seen).await?;
        }
        console.see(seen).await?;
        for title in fault.titles() {
            console.not_see(console.t(title)).await?;
        }
        not_busy(console).await?;
        console.visit(NOTHING).await?;
        console.leave("shell.sign_out").await
    }
}

impl Write {
    fn named(console: &Console, id: &str, key: &str, values: &[(&str, &str)]) -> String {
        let values: Vec<(&str, &str)> = values
            .iter()
            .map(|(name, value)| (*name, if *value == "{id}" { id } else { *value }))
            .collect();
        console.t_with(key, &values)
    }

    async fn prepare(&self, console: &Console, id: &str) -> Result<()> {
        for step in self.begin {
            match step {
                Step::Click(role, key, values) => {
                    console.click(role, &Self::named(console, id, key, values)).await?;
                }
                Step::Fill(key, values, text) => {
                    console.fill(&Self::named(console, id, key, values), text).await?;
                }
                Step::Asked => {
                    until("the question", async || Self::dialog(console).await).await?;
                }
            }
        }
        Ok(())
    }

    /// The dialog that it is sent from, where there is one.
    async fn dialog(console: &Console) -> Result<Option<WebElement>> {
        let dialogs = console.all(DIALOG).await?;
        Ok(dialogs.into_iter().next().map(|dialog| dialog.element))
    }

    async fn send(&self, console: &Console) -> Result<()> {
        let dialog = Self::dialog(console).await?;
        console
            .click_within(dialog.as_ref(), BUTTON, console.t(self.send))
            .await
    }

    /// Whether it is still there to be sent: not so where only a question was answered.
    async fn is_open(&self, console: &Console) -> Result<bool> {
        Ok(Self::dialog(console).await?.is_some() || self.begin.iter().any(|step| matches!(step, Step::Fill(..))))
    }

    /// Nothing that was typed is lost.
    async fn keeps(&self, console: &Console, id: &str) -> Result<()> {
        // What is reviewed is not in fields any more.
        if !matches!(self.begin.last(), Some(Step::Fill(..))) {
            return Ok(());
        }
        for step in self.begin {
            if let Step::Fill(key, values, text) = step {
                let field = console.field(&Self::named(console, id, key, values)).await?;
                assert_eq!(field.prop("value").await?.as_deref(), Some(*text), "{}", self.route);
            }
        }
        Ok(())
    }

    async fn accepted(&self, console: &Console) -> Result<()> {
        if self.begin.iter().any(|step| matches!(step, Step::Asked)) && self.accepted.is_empty() {
            until("the question to go", async || {
                Ok(Self::dialog(console).await?.is_none().then_some(()))
            })
            .await
        } else if self.accepted.is_empty() {
            console.gone(BUTTON, console.t(self.send)).await
        } else {
            console.see(console.t(self.accepted)).await
        }
    }

    async fn under(&self, console: &Console, fault: Fault) -> Result<()> {
        let id = console.platform().service_in(self.service.0, self.service.1).await?;
        let route = self.route.replace("{id}", &id);
        let (method, path) = self.call;
        console.goto(&route).await?;
        console.sign_in_demo().await?;
        self.prepare(console, &id).await?;
        let before = sent(console, method, path).await?;
        fault.begin(console, path, method).await?;
        self.send(console).await?;
        if fault == Fault::Left {
            until("it to be sent", async || {
                Ok((sent(console, method, path).await? > before).then_some(()))
            })
            .await?;
            fault.end(console).await?;
            console.goto("/payments").await?;
            assert_eq!(sent(console, method, path).await?, before + 1);
            return Ok(());
        }
        if fault.titles().is_empty() {
            self.accepted(console).await?;
        } else {
            said(console, fault).await?;
            not_busy(console).await?;
            self.keeps(console, &id).await?;
        }
        let times = sent(console, method, path).await?;
        ensure!(times == before + 1, "it was sent {} times", times - before);
        if matches!(fault, Fault::ServerError | Fault::GatewayPage | Fault::ErrorInside) {
            assert_eq!(console.platform().struck().await?, [1], "at the platform");
        }
        fault.end(console).await?;
        if !fault.is_carried_out() {
            if !self.is_open(console).await? {
                self.prepare(console, &id).await?;
            }
            self.send(console).await?;
            self.accepted(console).await?;
            assert_eq!(sent(console, method, path).await?, before + 2);
        }
        Ok(())
    }
}

#[tokio::test]
async fn what_is_read_survives_every_fault() -> Result<()> {
    journey(Setup::default(), async |console| {
        Fault::announce(console);
        console.before_every_page(HURRY).await?;
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        for round in rounds() {
            // What is everybody's, as the market, is kept when somebody signs out: it is forgotten with the page.
            console.goto(NOTHING).await?;
            for (number, read) in READS.iter().enumerate() {
                let fault = fault_of(number, round);
                read.under(console, fault, &id)
                    .await
                    .with_context(|| format!("{} under {fault:?}", read.route))?;
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_changed_survives_every_fault_and_is_sent_once() -> Result<()> {
    for round in rounds() {
        // Each round with services of its own: what was changed is changed.
        journey(Setup::default(), async |console| {
            Fault::announce(console);
            console.before_every_page(HURRY).await?;
            for (number, write) in WRITES.iter().enumerate() {
                // Other faults than the read in the same place has.
                let fault = fault_of(number + 4, round);
                write
                    .under(console, fault)
                    .await
                    .with_context(|| format!("{} of {} under {fault:?}", write.send, write.route))?;
                console.goto("/payments").await?;
            }
            Ok(())
        })
        .await?;
    }
    Ok(())
}
