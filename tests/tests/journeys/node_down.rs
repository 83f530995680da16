//! A wallet whose node is gone, or takes its time: balances are said to be old, and coins are sent once.

use anyhow::{Result, ensure};
use browser_tests::{BUTTON, Console, LINK, Setup, Table, journey, until};
use serde_json::json;

use crate::payment_seeds::page;
use crate::send::{confirm, received, review, somebody};

const BALANCES: &str = "/node/addresses/balance/details/*";
const BROADCAST: &str = "/node/vsys/broadcast/payment";

/// The first account's row, once its balance is known.
async fn known(console: &Console) -> Result<Vec<String>> {
    let is_known = |table: &Table| {
        table.is_complete()
            && table
                .rows
                .first()
                .is_some_and(|row| row[2].chars().any(|character| character.is_ascii_digit()))
    };
    let table = console.table_where(console.t("wallet.accounts"), "the balance", is_known);
    Ok(table.await?.rows.remove(0))
}

#[tokio::test]
async fn a_node_that_refuses_connections_loses_no_balance_and_sends_once() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("net::ERR_");
        console.expect_error("status of 404");
        console.before_every_page(page::GATE).await?;
        console.open_demo("/wallet").await?;
        let before = known(console).await?;
        console.platform().stop()?;
        until("the balances to be old", async || {
            console.click(BUTTON, console.t("action.refresh")).await?;
            let text = console.text().await?;
            Ok(text.contains(console.t("error.stale_title")).then_some(()))
        })
        .await?;
        ensure!(known(console).await? == before, "what was known is gone");
        console.accessible().await?;
        console.platform().start_again()?;
        until("the balances to be new", async || {
            console.click(BUTTON, console.t("action.refresh")).await?;
            let text = console.text().await?;
            Ok((!text.contains(console.t("error.stale_title"))).then_some(()))
        })
        .await?;

        // Gone before it is confirmed: nothing is signed.
        let address = somebody()?;
        console
            .click(
                LINK,
                &console.t_with("wallet.send_name", &[("name", &numbered(console))]),
            )
            .await?;
        review(console, &address, "2").await?;
        can_confirm(console).await?;
        console.platform().stop()?;
        confirm(console).await?;
        console.see(console.t("payments.nothing_signed")).await?;
        console.platform().start_again()?;
        ensure!(received(console, &address).await?.is_empty());

        // Gone when it is signed and written down: it is sent once the node is back, and once.
        console.click(BUTTON, console.t("payments.review_again")).await?;
        can_confirm(console).await?;
        page::hold(console, Some("/broadcast/")).await?;
        confirm(console).await?;
        until("the transfer to be about to be sent", async || {
            Ok(page::is_true(console, "return window.held > 0").await?.then_some(()))
        })
        .await?;
        console.platform().stop()?;
        page::hold(console, None).await?;
        console.see(console.t("payments.unknown_title")).await?;
        console.platform().start_again()?;
        console.see(console.t("send.confirmed_title")).await?;
        let got = received(console, &address).await?;
        ensure!(got.len() == 1 && got[0].units == 200_000_000, "{got:?}");
        Ok(())
    })
    .await
}

/// What the first account is called.
fn numbered(console: &Console) -> String {
    console.t_with("account.number", &[("number", "1")])
}

async fn can_confirm(console: &Console) -> Result<()> {
    until("the review", async || {
        let button = console.find(BUTTON, console.t("send.confirm")).await?;
        Ok(button.is_enabled().await?.then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_node_that_answers_late_is_waited_for() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        // As long as the balance is on its way, it is neither unknown nor nought.
        console
            .platform()
            .fault(json!({ "path": BALANCES, "hold": true }))
            .await?;
        console.open_demo("/wallet").await?;
        let table = console.table_where(console.t("wallet.accounts"), "the account", |table| {
            table.rows.len() == 1
        });
        let row = table.await?.rows.remove(0);
        let says_something =
            |cell: &String| cell.contains(|one: char| one.is_ascii_digit()) || *cell == console.t("wallet.unknown");
        ensure!(!row[2..6].iter().any(says_something), "{row:?}");
        console.platform().no_faults().await?;
        known(console).await?;

        // Sent, and the node is in no hurry: it is said to be on its way, and not sent again meanwhile.
        let address = somebody()?;
        console
            .click(
                LINK,
                &console.t_with("wallet.send_name", &[("name", &numbered(console))]),
            )
            .await?;
        review(console, &address, "2").await?;
        can_confirm(console).await?;
        console
            .platform()
            .fault(json!({ "path": BROADCAST, "hold": true }))
            .await?;
        confirm(console).await?;
        console.see(console.t("payments.sending_title")).await?;
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        console.see(console.t("payments.sending_title")).await?;
        ensure!(console.requests_to(BROADCAST).await?.len() == 1, "sent again");
        console.accessible().await?;
        console.platform().no_faults().await?;
        console.see(console.t("send.confirmed_title")).await?;
        let got = received(console, &address).await?;
        ensure!(got.len() == 1 && got[0].units == 200_000_000, "{got:?}");
        Ok(())
    })
    .await
}
