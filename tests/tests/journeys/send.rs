//! Sending coins: exactly, once, and told as it is.

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, CHECKBOX, Console, DIALOG, LINK, Paid, Setup, journey, until};
use serde_json::json;
use thirtyfour::Key;
use vsys::{Account, Network, SeedPhrase};

const BROADCAST: &str = "/node/vsys/broadcast/payment";
const LOOK_UP: &str = "/node/transactions/info/*";
const BALANCE: &str = "/node/addresses/balance/details/*";

/// Somebody who has nothing yet.
pub fn somebody() -> Result<String> {
    let account = Account::derive(&SeedPhrase::new("somebody else")?, 0, Network::Mainnet);
    Ok(account.address().to_string())
}

/// What the ledger has for that address.
pub async fn received(console: &Console, address: &str) -> Result<Vec<Paid>> {
    let all = console.platform().get("/dev/transactions").await?;
    let all = all["list"].as_array().context("no list of transactions")?;
    let theirs = all.iter().filter(|one| one["recipient"] == address);
    Ok(theirs
        .map(|one| Paid {
            id: one["id"].as_str().unwrap_or_default().to_owned(),
            units: one["units"].as_u64().unwrap_or_default(),
            contract: one["contractId"].as_str().unwrap_or_default().to_owned(),
        })
        .collect())
}

fn amount_label(console: &Console) -> String {
    console.t_with("payments.other_label", &[("coin", "VSYS")])
}

/// Types a transfer and asks for its review.
pub async fn review(console: &Console, address: &str, amount: &str) -> Result<()> {
    console.fill(console.t("send.to"), address).await?;
    console.fill(&amount_label(console), amount).await?;
    console.click(BUTTON, console.t("send.action")).await?;
    console.find(DIALOG, console.t("payments.review_title")).await?;
    Ok(())
}

/// Confirms it: now it is sent.
pub async fn confirm(console: &Console) -> Result<()> {
    console.click(BUTTON, console.t("send.confirm")).await
}

#[tokio::test]
async fn coins_are_sent_by_keyboard_with_an_attachment_that_the_chain_shows() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        let address = somebody()?;
        console.open_demo("/wallet/send").await?;
        console.page(console.t("send.title")).await?;
        let field = console.field(console.t("send.to")).await?;
        field.send_keys(&address[..20]).await?;
        console
            .see(&console.t_with("send.to_characters", &[("most", "35"), ("count", "20")]))
            .await?;
        // A mistake is told before anything can be reviewed.
        field.send_keys("0").await?;
        console.see(console.t("send.to_letters")).await?;
        field.send_keys(Key::Backspace + "").await?;
        field.send_keys(&address[20..]).await?;
        console
            .see(&console.t_with("send.to_right", &[("network", console.t("network.mainnet"))]))
            .await?;
        console.tab_to(&amount_label(console)).await?;
        console.press("1.000000001").await?;
        console
            .see(&console.t_with("payments.other_too_fine", &[("unit", "0.00000001")]))
            .await?;
        console.press(Key::Backspace + "").await?;
        console.press(Key::Backspace + "5").await?;
        console.tab_to(console.t("send.attachment")).await?;
        console.press("谢谢 for the tea").await?;
        console
            .see(&console.t_with("send.attachment_help", &[("count", "18"), ("most", "140")]))
            .await?;
        console.accessible().await?;
        console.picture("send-form").await?;
        console.tab_to(console.t("send.action")).await?;
        console.press(Key::Enter + "").await?;
        console.find(DIALOG, console.t("payments.review_title")).await?;
        console.see("1.00000005 VSYS").await?;
        console.see("谢谢 for the tea").await?;
        console.accessible().await?;
        console.picture("send-review").await?;
        console.tab_to(console.t("send.confirm")).await?;
        console.press(Key::Enter + "").await?;
        console.see(console.t("send.confirmed_title")).await?;
        console.accessible().await?;
        console.picture("send-made").await?;
        let got = received(console, &address).await?;
        assert_eq!(got.len(), 1, "{got:?}");
        assert_eq!(got[0].units, 100_000_005);
        console.see(&got[0].id).await?;
        let seen = console
            .platform()
            .get(&format!("/node/transactions/info/{}", got[0].id))
            .await?;
        let attachment = vsys::Attachment::new("谢谢 for the tea")?;
        assert_eq!(seen["attachment"], serde_json::to_value(&attachment)?);

        // It is in the journal, from where it can be removed now that it is at its end.
        console.click(LINK, console.t("payments.menu")).await?;
        console.click(LINK, &address).await?;
        console.click(BUTTON, console.t("send.dismiss")).await?;
        let dialog = console.find(DIALOG, console.t("send.dismiss_title")).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("send.dismiss"))
            .await?;
        console.see(console.t("payments.empty")).await
    })
    .await
}

#[tokio::test]
async fn a_lost_answer_and_a_reload_send_once_and_the_same_again_is_a_decision() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("net::ERR_");
        console.expect_error("status of 40");
        let address = somebody()?;
        console.open_demo("/wallet/send?from=0").await?;
        review(console, &address, "2").await?;
        let faults = json!([{ "path": BROADCAST, "loseAnswer": true }, { "path": LOOK_UP, "drop": true }]);
        console.platform().fault(faults).await?;
        // Two clicks of one moment.
        let script = format!(
            "const b = [...document.querySelectorAll('dialog button')].find(b => b.textContent.trim() === '{0}'); \
             if (!b || b.disabled) return false; b.click(); b.click(); return true",
            console.t("send.confirm")
        );
        until("the button that sends", async || {
            Ok((console.run(&script).await? == json!(true)).then_some(()))
        })
        .await?;
        console.see(console.t("payments.unknown_title")).await?;
        console.accessible().await?;
        console.picture("send-unknown").await?;

        console.reload().await?;
        console.sign_in_demo().await?;
        console.see(console.t("payments.unknown_title")).await?;
        console.click(LINK, console.t("send.another")).await?;
        review(console, &address, "2").await?;
        console.see(console.t("send.before")).await?;
        let button = console.find(BUTTON, console.t("send.confirm")).await?;
        assert!(!button.is_enabled().await?, "nothing is decided yet");
        console.accessible().await?;
        console.picture("send-before").await?;
        console.click(BUTTON, console.t("action.cancel")).await?;
        console.gone(DIALOG, console.t("payments.review_title")).await?;

        // The menu says that something is under way, and leads to it.
        let menu = format!(
            "{} {}",
            console.t("payments.menu"),
            console.counted("payments.unfinished", 1)
        );
        console.click(LINK, &menu).await?;
        console.see(console.t("payments.phase_unknown")).await?;
        console.click(LINK, &address).await?;
        let sent = console.requests_to(BROADCAST).await?.len();
        console.click(BUTTON, console.t("send.same_again")).await?;
        until("the same to be sent once more", async || {
            Ok((console.requests_to(BROADCAST).await?.len() > sent).then_some(()))
        })
        .await?;
        console.platform().no_faults().await?;
        console
            .click_until_seen(console.t("send.same_again"), console.t("send.confirmed_title"))
            .await?;
        let got = received(console, &address).await?;
        assert_eq!(got.len(), 1, "{got:?}");
        assert_eq!(got[0].units, 200_000_000);

        // With open eyes as much is sent once more, as it was typed and taken back before.
        console.click(LINK, console.t("send.another")).await?;
        console.click(BUTTON, console.t("draft.continue")).await?;
        console.click(BUTTON, console.t("send.action")).await?;
        console.click(CHECKBOX, console.t("send.agree")).await?;
        confirm(console).await?;
        console.see(console.t("send.confirmed_title")).await?;
        assert_eq!(received(console, &address).await?.len(), 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn of_two_tabs_with_the_same_review_one_sends() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        let address = somebody()?;
        console.open_demo("/wallet/send").await?;
        review(console, &address, "3").await?;
        let first = console.driver().window().await?;
        let second = console.driver().new_tab().await?;
        console.driver().switch_to_window(second.clone()).await?;
        console.open_demo("/wallet/send").await?;
        console.click(BUTTON, console.t("draft.discard")).await?;
        review(console, &address, "3").await?;
        console.driver().switch_to_window(first).await?;
        confirm(console).await?;
        console.see(console.t("send.confirmed_title")).await?;
        console.driver().switch_to_window(second).await?;
        // What the first one sent is in view, and has to be agreed to.
        console.see(console.t("send.before")).await?;
        let button = console.find(BUTTON, console.t("send.confirm")).await?;
        assert!(!button.is_enabled().await?, "nothing is decided");
        assert_eq!(received(console, &address).await?.len(), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn too_little_is_said_before_anything_is_signed_and_nothing_typed_is_lost() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        console.expect_error("net::ERR_");
        let address = somebody()?;
        let fee = vsys::transaction::PAYMENT_FEE;
        console.platform().leave_demo(500_000_000 + fee).await?;
        console.open_demo("/wallet/send").await?;
        console.fill(&amount_label(console), "5.00000001").await?;
        console
            .see(&console.t_with("payments.shortage", &[("missing", "0.00000001 VSYS")]))
            .await?;
        console
            .click(BUTTON, &console.t_with("send.all", &[("amount", "5 VSYS")]))
            .await?;
        review(console, &address, "5").await?;
        console.see("0 VSYS").await?;
        // The account is emptied between the review and the confirmation.
        console.platform().leave_demo(100_000_000).await?;
        confirm(console).await?;
        console.see(console.t("payments.too_little")).await?;
        console.see(console.t("payments.nothing_signed")).await?;
        assert!(received(console, &address).await?.is_empty());
        console.click(BUTTON, console.t("action.cancel")).await?;
        let amount = console.field(&amount_label(console)).await?;
        assert_eq!(
            amount.prop("value").await?.as_deref(),
            Some("5"),
            "nothing typed is lost"
        );

        // The node is down while it is confirmed.
        review(console, &address, "0.5").await?;
        until("the balance in the review", async || {
            Ok(console
                .find(BUTTON, console.t("send.confirm"))
                .await?
                .is_enabled()
                .await?
                .then_some(()))
        })
        .await?;
        console
            .platform()
            .fault(json!({ "path": BALANCE, "drop": true }))
            .await?;
        confirm(console).await?;
        console.see(console.t("payments.nothing_signed")).await?;
        console.platform().no_faults().await?;
        console.click(BUTTON, console.t("payments.review_again")).await?;
        confirm(console).await?;
        console.see(console.t("send.confirmed_title")).await?;
        assert_eq!(received(console, &address).await?.len(), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn coins_are_sent_in_chinese_on_a_phone() -> Result<()> {
    let setup = Setup {
        language: "zh-CN",
        size: (390, 844),
        dark: true,
        ..Setup::default()
    };
    journey(setup, async |console| {
        console.expect_error("status of 404");
        let address = somebody()?;
        console.open_demo("/wallet/send").await?;
        console.fill(console.t("send.attachment"), &"谢".repeat(47)).await?;
        console
            .see(&console.t_with("send.attachment_long", &[("count", "141"), ("most", "140")]))
            .await?;
        console.fits().await?;
        console.picture("send-form-zh").await?;
        console.fill(console.t("send.attachment"), "谢谢").await?;
        // What was typed outlives the page, is offered, and is gone where it is not wanted.
        console.reload().await?;
        console.sign_in_demo().await?;
        console.click(BUTTON, console.t("draft.continue")).await?;
        let note = console.field(console.t("send.attachment")).await?;
        assert_eq!(note.prop("value").await?.as_deref(), Some("谢谢"));
        review(console, &address, "1.5").await?;
        console.fits().await?;
        console.picture("send-review-zh").await?;
        confirm(console).await?;
        console.see(console.t("send.confirmed_title")).await?;
        console.fits().await?;
        console.picture("send-made-zh").await?;
        Ok(())
    })
    .await
}
