//! Paying an order by the browser extension "V Wallet": asked for once, looked for where its answer is lost, never twice.

use anyhow::{Context as _, Result, ensure};
use browser_tests::{BUTTON, CHECKBOX, Console, DIALOG, FakeExtension, LINK, Setup, journey, until};
use serde_json::json;
use thirtyfour::Key;
use vcloud_api::Decimal;

use crate::extension::{open_at, sign_in};
use crate::payments::{choose, due, pay_button, review, token};

/// Opens an order's page with the extension's account.
pub async fn open(console: &Console, order: &str) -> Result<FakeExtension> {
    let extension = open_at(console, &format!("/order/{order}")).await?;
    sign_in(console, &extension).await?;
    Ok(extension)
}

/// Confirms the review: the extension is asked to pay.
pub async fn confirm(console: &Console) -> Result<()> {
    console.click(BUTTON, console.t("extension.confirm")).await
}

/// How many transactions paid the order so far.
async fn payments(console: &Console, order: &str) -> Result<usize> {
    Ok(console.platform().paid_for(order).await?.len())
}

/// Waits until the order is filed, and makes sure that it was paid by exactly one transaction.
pub async fn paid_once(console: &Console, order: &str) -> Result<()> {
    console.see(console.t("extension.confirmed_title")).await?;
    console.filed(order).await?;
    ensure!(payments(console, order).await? == 1, "not paid exactly once");
    Ok(())
}

#[tokio::test]
async fn an_order_is_paid_by_the_extension_with_the_keyboard_after_a_no() -> Result<()> {
    journey(Setup::default(), async |console| {
        let order = console.platform().order(24).await?;
        let extension = open(console, &order).await?;
        let pay = pay_button(console).await?;
        console.find(BUTTON, &pay).await?.focus().await?;
        console.press(Key::Enter).await?;
        console.find(DIALOG, console.t("payments.review_title")).await?;
        console.see(console.t("payments.sender")).await?;
        console.picture("extension-review").await?;
        // The dialog begins at the way out; the next one confirms.
        console.press(Key::Tab).await?;
        console.press(Key::Enter).await?;
        extension.serve_settled(console).await?;
        let asked = extension.asked(console, "send").await?;
        let paid = console.platform().get_order(&order).await?;
        ensure!(asked["recipient"] == json!(paid.recipient), "{asked}");
        let note = format!("{order};{}", extension.account.public_key());
        ensure!(asked["description"] == json!(note), "{asked}");
        console.see(console.t("extension.asked_title")).await?;
        console.see(console.t("payments.under_way")).await?;
        extension.refuse(console, "send", "User denied the action").await?;
        console.see(console.t("extension.declined_title")).await?;
        ensure!(payments(console, &order).await? == 0);

        // Once more, after a look at what became of the first: now it is paid.
        review(console).await?;
        console.click(CHECKBOX, console.t("payments.decide_again")).await?;
        confirm(console).await?;
        extension.serve_settled(console).await?;
        extension.serve(console, "send").await?;
        paid_once(console, &order).await?;
        console.accessible().await?;
        console.dark(true).await?;
        console.accessible().await?;
        console.picture("extension-paid-dark").await?;
        console.dark(false).await?;
        extension.never_overlapped(console).await?;

        console.click(LINK, console.t("payments.menu")).await?;
        let rows = console.table_where(console.t("payments.title"), "two requests", |table| {
            table.rows.len() == 2
        });
        rows.await?;
        console.see(console.t("extension.stage_declined")).await?;
        console.see(&console.platform().paid_for(&order).await?[0].id).await
    })
    .await
}

#[tokio::test]
async fn what_the_extension_paid_while_the_page_was_reloaded_is_found_and_not_paid_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        // The answer is lost, as the page is gone before it comes: it is paid, and found in the chain.
        let order = console.platform().order(24).await?;
        let extension = open(console, &order).await?;
        review(console).await?;
        confirm(console).await?;
        extension.serve_settled(console).await?;
        extension.asked(console, "send").await?;
        extension.pay_unheard(console).await?;
        let extension = open(console, &order).await?;
        paid_once(console, &order).await?;
        ensure!(extension.count(console, "send").await? == 0, "asked again");

        // Not paid when it is looked for: that is said, also in a second tab, which goes on when the first one is gone.
        let order = console.platform().order(24).await?;
        let extension = open(console, &order).await?;
        let first = console.driver().window().await?;
        let second = console.driver().new_tab().await?;
        console.driver().switch_to_window(second.clone()).await?;
        open(console, &order).await?;
        console.driver().switch_to_window(first.clone()).await?;
        review(console).await?;
        confirm(console).await?;
        extension.serve_settled(console).await?;
        let asked = extension.asked(console, "send").await?;
        console.driver().switch_to_window(second.clone()).await?;
        console.see(console.t("extension.asked_title")).await?;
        console.see(console.t("payments.under_way")).await?;
        console.driver().switch_to_window(first).await?;
        console.driver().close_window().await?;
        console.driver().switch_to_window(second).await?;
        console.see(console.t("extension.lost_title")).await?;
        extension.let_minutes_pass(console).await?;
        console.see(console.t("extension.missing_title")).await?;
        console.picture("extension-missing").await?;
        ensure!(payments(console, &order).await? == 0);

        // It arrives late, after the decision to pay again: that is noticed before another one is asked for. Its dialog was still open
        // and is closed first.
        review(console).await?;
        console.click(CHECKBOX, console.t("extension.decide_missing")).await?;
        console.picture("extension-decide-missing").await?;
        confirm(console).await?;
        extension.serve(console, "info").await?;
        extension.serve(console, "publicKey").await?;
        console.see(console.t("extension.settling")).await?;
        ensure!(extension.closed(console).await? == 1, "its dialog was left open");
        extension.send(console, &asked).await?;
        paid_once(console, &order).await?;
        ensure!(extension.count(console, "send").await? == 0, "asked again");
        Ok(())
    })
    .await
}

/// Has the extension asked to pay an order, which never answers and leaves its dialog open, until the payment counts as missing.
async fn left_open(console: &Console, order: &str) -> Result<FakeExtension> {
    let extension = open(console, order).await?;
    review(console).await?;
    extension.make_impatient(console).await?;
    confirm(console).await?;
    extension.serve_settled(console).await?;
    console.see(console.t("extension.lost_title")).await?;
    extension.let_minutes_pass(console).await?;
    console.see(console.t("extension.missing_title")).await?;
    ensure!(extension.asks(console).await?, "there is nothing to be confirmed");
    Ok(extension)
}

#[tokio::test]
async fn a_dialog_that_was_left_open_pays_nothing_beside_the_next_payment_whoever_signs_that() -> Result<()> {
    journey(Setup::default(), async |console| {
        let order = console.platform().order(24).await?;
        let extension = left_open(console, &order).await?;
        // A look that fails is not said to have found nothing.
        console.expect_error("status of 503");
        let fault = json!({ "path": "/node/transactions/address/*", "status": 503 });
        console.platform().fault(fault).await?;
        console.click(BUTTON, console.t("payments.look_again")).await?;
        console.see(console.t("extension.not_searched")).await?;
        console.platform().no_faults().await?;

        // Paid again: the dialog is closed, and what was asked in it is dead before there is another one. Whoever confirms that confirms
        // one payment.
        review(console).await?;
        console.click(CHECKBOX, console.t("extension.decide_missing")).await?;
        confirm(console).await?;
        extension.serve(console, "info").await?;
        extension.serve(console, "publicKey").await?;
        ensure!(extension.closed(console).await? == 1, "its dialog was left open");
        extension.serve(console, "send").await?;
        paid_once(console, &order).await?;

        // The same where the account's own key pays.
        let order = console.platform().order(24).await?;
        left_open(console, &order).await?;
        console.open_demo(&format!("/order/{order}")).await?;
        console.see(console.t("extension.missing_title")).await?;
        extension.hurry(console).await?;
        review(console).await?;
        console.click(CHECKBOX, console.t("extension.decide_missing")).await?;
        crate::payments::confirm(console).await?;
        extension.serve(console, "publicKey").await?;
        ensure!(extension.closed(console).await? == 1, "its dialog was left open");
        console.see(console.t("payments.confirmed_title")).await?;
        console.filed(&order).await?;
        ensure!(!extension.asks(console).await?, "it can still be confirmed");
        ensure!(payments(console, &order).await? == 1, "not paid exactly once");

        // And where another order is paid: confirming that does not pay this one.
        let (order, other) = (console.platform().order(24).await?, console.platform().order(24).await?);
        let extension = left_open(console, &order).await?;
        let route =
            format!("history.pushState({{}}, '', '/order/{other}'); dispatchEvent(new PopStateEvent('popstate'))");
        console.run(&route).await?;
        console.see(&other).await?;
        review(console).await?;
        confirm(console).await?;
        extension.serve(console, "info").await?;
        extension.serve(console, "publicKey").await?;
        ensure!(extension.closed(console).await? == 1, "its dialog was left open");
        extension.serve(console, "send").await?;
        paid_once(console, &other).await?;
        ensure!(payments(console, &order).await? == 0, "paid along with another one");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_token_is_paid_by_what_the_chain_counts_it_in_and_another_payment_is_not_taken_for_it() -> Result<()> {
    journey(Setup::default(), async |console| {
        let order = console.platform().order(24).await?;
        let token = token(console).await?;
        let (units, contract) = due(console, &order, &token).await?;
        let extension = open(console, &order).await?;
        choose(console, &token).await?;
        review(console).await?;
        // The chain says that a coin has other units than the platform says: the extension would pay another amount.
        let funds = json!({ "balance": 1_000_000_000_000_u64, "unity": 7 }).to_string();
        let fault = json!({ "path": "/node/contract/balance/*", "body": funds });
        console.platform().fault(fault).await?;
        confirm(console).await?;
        extension.serve_settled(console).await?;
        console.see(console.t("payments.unpayable")).await?;
        ensure!(extension.count(console, "send").await? == 0, "asked for another amount");
        console.platform().no_faults().await?;

        console.click(BUTTON, console.t("payments.review_again")).await?;
        confirm(console).await?;
        extension.serve_settled(console).await?;
        let asked = extension.asked(console, "send").await?;
        let contract: vsys::ContractId = contract.parse()?;
        ensure!(asked["tokenId"] == json!(contract.token(0).to_string()), "{asked}");
        let address = extension.account.address();
        let path = format!("/node/contract/balance/{address}/{}", contract.token(0));
        let unity = console.platform().get(&path).await?["unity"].as_u64();
        let coins: Decimal = asked["amount"].as_str().context("no amount")?.parse()?;
        let told = coins * Decimal::from(unity.context("no unity")?);
        ensure!(told == Decimal::from(units), "{asked} is not {units} units");

        // What it names is in the chain and is another payment: shown, not taken for this one, and a decision of its own.
        let other = json!({ "recipient": asked["recipient"], "amount": "1", "description": "for something else" });
        let id = extension.name(console, &other).await?;
        console.see(console.t("extension.different_title")).await?;
        console.see(console.t("extension.differs_note")).await?;
        console.see(&id).await?;
        console.accessible().await?;
        console.picture("extension-different").await?;
        review(console).await?;
        console.find(CHECKBOX, console.t("extension.decide_different")).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn another_account_another_network_and_silence_lose_nothing_in_chinese_on_a_phone() -> Result<()> {
    let setup = Setup {
        language: "zh-CN",
        size: (390, 844),
        ..Setup::default()
    };
    journey(setup, async |console| {
        let order = console.platform().order(24).await?;
        let mut extension = open(console, &order).await?;
        review(console).await?;
        extension.network = vsys::Network::Testnet;
        confirm(console).await?;
        extension.serve(console, "info").await?;
        console.see(console.t("extension.other_network")).await?;
        console.see(console.t("payments.nothing_signed")).await?;
        extension.network = vsys::Network::Mainnet;
        console.click(BUTTON, console.t("payments.review_again")).await?;
        confirm(console).await?;
        extension.serve(console, "info").await?;
        extension.refuse(console, "publicKey", "account is locked").await?;
        console.see(console.t("extension.locked")).await?;
        console.click(BUTTON, console.t("payments.review_again")).await?;
        confirm(console).await?;
        let own = extension.account;
        extension.account = another_account()?;
        extension.serve_settled(console).await?;
        console.see(console.t("extension.other_account")).await?;
        console.fits().await?;
        ensure!(
            extension.count(console, "send").await? == 0,
            "another account was asked to pay"
        );

        // Asked, and it never answers: looked for, and said.
        extension.account = own;
        console.click(BUTTON, console.t("payments.review_again")).await?;
        until("the review", async || {
            let button = console.find(BUTTON, console.t("extension.confirm")).await?;
            Ok(button.is_enabled().await?.then_some(()))
        })
        .await?;
        extension.make_impatient(console).await?;
        confirm(console).await?;
        extension.serve_settled(console).await?;
        console.see(console.t("extension.lost_title")).await?;
        console.fits().await?;
        console.accessible().await?;
        console.picture("extension-lost-chinese").await?;
        extension.let_minutes_pass(console).await?;
        console.see(console.t("extension.missing_title")).await?;
        ensure!(payments(console, &order).await? == 0);
        let pay = pay_button(console).await?;
        ensure!(console.has(BUTTON, &pay).await?, "it can't be paid again");

        // The account is changed in the extension: signed out, told why, and the request is still written down afterwards.
        extension.vanish(console).await?;
        extension.select_other(console).await?;
        extension.serve_selected(console).await?;
        console.see(console.t("extension.ended_account")).await?;
        extension.account = console.platform().demo_keys().await?;
        sign_in(console, &extension).await?;
        console.see(console.t("extension.missing_title")).await
    })
    .await
}

fn another_account() -> Result<vsys::Account> {
    let phrase = vsys::SeedPhrase::new("somebody else's phrase").context("a phrase")?;
    Ok(vsys::Account::derive(&phrase, 0, vsys::Network::Mainnet))
}
