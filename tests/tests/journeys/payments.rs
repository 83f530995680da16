//! Paying an order by the account signed in: exactly, once, and told as it is.

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, CHECKBOX, Console, DIALOG, LINK, Setup, journey, until};
use serde_json::{Value, json};
use thirtyfour::By;

const BROADCAST: &str = "/node/vsys/broadcast/payment";
const LOOK_UP: &str = "/node/transactions/info/*";
const CURRENCIES: &str = "/api/v1/currency";

/// Opens an order's page with the demo account.
async fn open(console: &Console, order: &str) -> Result<()> {
    console.open_demo(&format!("/order/{order}")).await
}

/// The name of the button that asks for the review, once it can be clicked.
pub async fn pay_button(console: &Console) -> Result<String> {
    let (before, after) = console
        .t("payments.review")
        .split_once("{amount}")
        .context("a placeholder")?;
    let (before, after) = (before.to_owned(), after.to_owned());
    until("the button that pays", async || {
        let names = console.names(BUTTON).await?;
        let found = names.into_iter().find(|name| {
            name.starts_with(&before) && name.ends_with(&after) && name.len() > before.len() + after.len()
        });
        let Some(found) = found else { return Ok(None) };
        let button = console.find(BUTTON, &found).await?;
        Ok(button.is_enabled().await?.then_some(found))
    })
    .await
}

/// Asks for the review and waits for it.
pub async fn review(console: &Console) -> Result<()> {
    let name = pay_button(console).await?;
    console.click(BUTTON, &name).await?;
    console.find(DIALOG, console.t("payments.review_title")).await?;
    Ok(())
}

/// Confirms the review: now it is paid.
pub async fn confirm(console: &Console) -> Result<()> {
    console.click(BUTTON, console.t("payments.confirm")).await
}

/// Waits until the order is filed, and makes sure that it was paid by exactly one transaction of exactly what is due.
async fn paid_once(console: &Console, order: &str, units: u64, contract: &str) -> Result<()> {
    let filed = console.filed(order).await?;
    assert!(filed.amount_paid >= filed.amount);
    let paid = console.platform().paid_for(order).await?;
    assert_eq!(paid.len(), 1, "{paid:?}");
    assert_eq!((paid[0].units, paid[0].contract.as_str()), (units, contract));
    Ok(())
}

/// What is due for an order in the smallest units of a currency, and the currency's contract as the ledger names it.
pub async fn due(console: &Console, order: &str, symbol: &str) -> Result<(u64, String)> {
    let order = console.platform().get_order(order).await?;
    let currencies = console.platform().get(CURRENCIES).await?;
    let currencies: vcloud_api::types::Currencies = serde_json::from_value(currencies)?;
    let currency = currencies.list.iter().find(|currency| currency.symbol_name == symbol);
    let currency = currency.context("no such currency")?;
    let contract = if currency.is_native() {
        String::new()
    } else {
        currency.contract_id.clone()
    };
    Ok((currency.units_for(order.amount_due())?, contract))
}

/// The name of a currency that is a token.
pub async fn token(console: &Console) -> Result<String> {
    let currencies = console.platform().get(CURRENCIES).await?;
    let currencies = currencies["list"].as_array().context("a list")?;
    let token = currencies.iter().find(|one| one["contractId"] != "vsys");
    let token = token.context("a token")?["symbolName"].as_str();
    Ok(token.context("a name")?.to_owned())
}

/// Chooses a token to pay in, and waits until it is known what is left of it.
pub async fn choose(console: &Console, token: &str) -> Result<()> {
    pay_button(console).await?;
    for choice in console.driver().find_all(By::Css("label.method")).await? {
        if choice.text().await?.contains(token) {
            choice.click().await?;
        }
    }
    console.see(console.t("payments.left_for_fees")).await
}

#[tokio::test]
async fn an_order_is_paid_in_the_native_coin_and_the_official_client_sees_it() -> Result<()> {
    journey(Setup::default(), async |console| {
        let order = console.platform().order(24).await?;
        let (units, _) = due(console, &order, "VSYS").await?;
        open(console, &order).await?;
        console.see(console.t("payments.balance")).await?;
        pay_button(console).await?;
        console.accessible().await?;
        review(console).await?;
        console.see(console.t("payments.sender")).await?;
        console.see(&order).await?;
        console.accessible().await?;
        console.picture("payment-review").await?;
        confirm(console).await?;
        console.see(console.t("payments.confirmed_title")).await?;
        paid_once(console, &order, units, "").await?;
        console.see(console.t("orders.filed_title")).await?;
        console.see(&console.platform().paid_for(&order).await?[0].id).await?;
        console.accessible().await?;
        console.picture("payment-made").await?;
        console.size(390, 844).await?;
        console.fits().await?;
        console.picture("payment-made-narrow").await?;
        console.size(1280, 800).await?;

        console.click(LINK, console.t("payments.menu")).await?;
        console.page(console.t("payments.title")).await?;
        console.see(&order).await?;
        console.accessible().await?;
        console.picture("payment-journal").await?;

        let official = console.official().await?;
        let seen = official.run(&["order", "get", &order]).await?;
        assert_eq!(seen["status"], "OrderFiled", "{seen}");
        let services = official.run(&["service", "list", "--status", "ServicePending"]).await?;
        let bought = console.platform().get_order(&order).await?.user_services[0].id.clone();
        assert!(services.to_string().contains(&bought), "{services}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_order_is_paid_in_a_token() -> Result<()> {
    journey(Setup::default(), async |console| {
        let order = console.platform().order(24).await?;
        let token = token(console).await?;
        let (units, contract) = due(console, &order, &token).await?;
        open(console, &order).await?;
        choose(console, &token).await?;
        review(console).await?;
        console.see(&contract).await?;
        console.picture("payment-review-token").await?;
        confirm(console).await?;
        console.see(console.t("payments.confirmed_title")).await?;
        paid_once(console, &order, units, &contract).await
    })
    .await
}

#[tokio::test]
async fn too_little_on_the_account_is_said_before_anything_is_signed() -> Result<()> {
    journey(Setup::default(), async |console| {
        let order = console.platform().order(24).await?;
        let (units, _) = due(console, &order, "VSYS").await?;
        // One unit too little for the fee: to the unit.
        let fee = vsys::transaction::PAYMENT_FEE;
        console.platform().leave_demo(units + fee - 1).await?;
        open(console, &order).await?;
        let missing = console.t_with("payments.shortage", &[("missing", "0.00000001 VSYS")]);
        console.see(&missing).await?;
        console.accessible().await?;
        console.picture("payment-shortage").await?;
        assert!(console.platform().paid_for(&order).await?.is_empty());

        // With exactly enough it can be paid.
        let (_, address) = console.platform().demo_account().await?;
        console
            .platform()
            .post("/dev/faucet", &json!({ "address": address, "units": 1 }))
            .await?;
        console.reload().await?;
        console.sign_in_demo().await?;
        review(console).await?;
        console.see("0 VSYS").await?;
        confirm(console).await?;
        console.see(console.t("payments.confirmed_title")).await?;
        paid_once(console, &order, units, "").await
    })
    .await
}

/// Pays while faults strike the node, and sees it through.
async fn through(faults: Value, errors: &[&str], seen: Option<&str>) -> Result<()> {
    journey(Setup::default(), async |console| {
        for error in errors {
            console.expect_error(error);
        }
        // Looked up before the chain has it.
        console.expect_error("status of 404");
        let order = console.platform().order(24).await?;
        let (units, _) = due(console, &order, "VSYS").await?;
        open(console, &order).await?;
        review(console).await?;
        console.platform().fault(faults).await?;
        confirm(console).await?;
        if let Some(seen) = seen {
            console.see(console.t(seen)).await?;
            console.accessible().await?;
            console.picture(&seen.replace('.', "-")).await?;
            console.platform().no_faults().await?;
            console
                .click_until_seen(console.t("payments.look_again"), console.t("payments.confirmed_title"))
                .await?;
        }
        console.see(console.t("payments.confirmed_title")).await?;
        paid_once(console, &order, units, "").await
    })
    .await
}

#[tokio::test]
async fn a_node_that_is_down_before_it_takes_the_payment_gets_the_same_one_again() -> Result<()> {
    let faults = json!([{ "path": BROADCAST, "drop": true }]);
    through(faults, &["net::ERR_"], Some("payments.unknown_title")).await
}

#[tokio::test]
async fn an_answer_lost_after_the_payment_was_taken_pays_once() -> Result<()> {
    let faults = json!([{ "path": BROADCAST, "loseAnswer": true }, { "path": LOOK_UP, "drop": true }]);
    through(faults, &["net::ERR_", "status of 400"], Some("payments.unknown_title")).await
}

#[tokio::test]
async fn a_page_of_a_gateway_in_place_of_an_answer_pays_once() -> Result<()> {
    let page = json!({ "path": BROADCAST, "status": 502, "body": "<h1>Bad Gateway</h1>", "contentType": "text/html", "times": 2 });
    through(json!([page]), &["status of 502"], None).await
}

#[tokio::test]
async fn a_node_that_answers_late_is_waited_for() -> Result<()> {
    let faults = json!([{ "path": BROADCAST, "latencyMs": 3000, "times": 1 }]);
    through(faults, &[], None).await
}

#[tokio::test]
async fn a_node_that_has_the_payment_already_is_believed_after_a_look() -> Result<()> {
    let said =
        json!({ "error": 112, "message": "State check failed. Reason: the transaction is already in the state" })
            .to_string();
    // The node says so without having it: the look finds nothing, and it is sent again.
    let faults = json!([{ "path": BROADCAST, "status": 400, "body": said, "times": 1 }]);
    journey(Setup::default(), async |console| {
        console.expect_error("status of 400");
        console.expect_error("status of 404");
        let order = console.platform().order(24).await?;
        open(console, &order).await?;
        review(console).await?;
        console.platform().fault(faults).await?;
        console
            .platform()
            .fault(json!({ "path": LOOK_UP, "latencyMs": 400, "times": 1 }))
            .await?;
        confirm(console).await?;
        console.see(console.t("payments.taken_title")).await?;
        // It is taken on trust for a minute; the chain has the last word.
        assert!(console.platform().paid_for(&order).await?.is_empty());
        console.not_see(console.t("payments.confirmed_title")).await?;
        console.see(console.t("payments.under_way")).await
    })
    .await
}

#[tokio::test]
async fn a_refusal_ends_the_payment_and_leads_to_another_one() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 400");
        console.expect_error("status of 404");
        let order = console.platform().order(24).await?;
        let (units, _) = due(console, &order, "VSYS").await?;
        open(console, &order).await?;
        review(console).await?;
        let said = json!({ "error": 112, "message": "State check failed. Reason: insufficient balance" }).to_string();
        console
            .platform()
            .fault(json!({ "path": BROADCAST, "status": 400, "body": said, "times": 1 }))
            .await?;
        confirm(console).await?;
        console.see(console.t("payments.rejected_title")).await?;
        console.see("insufficient balance (112)").await?;
        console.see(console.t("payments.nothing_paid")).await?;
        console.accessible().await?;
        console.picture("payment-rejected").await?;

        // Another payment is a decision, with the state of the first one in view.
        review(console).await?;
        let button = console.find(BUTTON, console.t("payments.confirm")).await?;
        assert!(!button.is_enabled().await?, "nothing is decided yet");
        console.click(CHECKBOX, console.t("payments.decide_again")).await?;
        confirm(console).await?;
        console.see(console.t("payments.confirmed_title")).await?;
        paid_once(console, &order, units, "").await
    })
    .await
}

#[tokio::test]
async fn a_rate_that_changes_during_the_review_is_reviewed_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        let order = console.platform().order(24).await?;
        let (units, _) = due(console, &order, "VSYS").await?;
        let mut cheaper = console.platform().get(CURRENCIES).await?;
        for currency in cheaper["list"].as_array_mut().context("a list")? {
            currency["exchangeRate"] = json!(7);
        }
        console
            .platform()
            .fault(json!({ "path": CURRENCIES, "body": cheaper.to_string() }))
            .await?;
        open(console, &order).await?;
        review(console).await?;
        console.platform().no_faults().await?;
        confirm(console).await?;
        console.see(console.t("payments.changed")).await?;
        assert!(console.platform().paid_for(&order).await?.is_empty());
        console.accessible().await?;
        confirm(console).await?;
        console.see(console.t("payments.confirmed_title")).await?;
        paid_once(console, &order, units, "").await
    })
    .await
}

#[tokio::test]
async fn a_part_is_paid_with_open_eyes_and_then_the_rest() -> Result<()> {
    journey(Setup::default(), async |console| {
        let order = console.platform().order(24).await?;
        let (units, _) = due(console, &order, "VSYS").await?;
        open(console, &order).await?;
        pay_button(console).await?;
        console.click_text("summary", console.t("payments.other")).await?;
        let label = console.t_with("payments.other_label", &[("coin", "VSYS")]);
        console.fill(&label, "0.000000001").await?;
        console
            .see(&console.t_with("payments.other_too_fine", &[("unit", "0.00000001")]))
            .await?;
        console.fill(&label, "1.5").await?;
        let name = console.t_with("payments.review", &[("amount", "1.5 VSYS")]);
        assert!(
            !console.find(BUTTON, &name).await?.is_enabled().await?,
            "not understood yet"
        );
        console.click(CHECKBOX, console.t("payments.other_understood")).await?;
        review(console).await?;
        console.accessible().await?;
        console.picture("payment-part").await?;
        confirm(console).await?;
        console.see(console.t("orders.partly_title")).await?;
        console.see(console.t("payments.rest")).await?;
        // Both parts together are the whole, to the unit.
        let (rest, _) = due(console, &order, "VSYS").await?;
        assert_eq!(rest, units - 150_000_000);
        review(console).await?;
        console.click(CHECKBOX, console.t("payments.decide_rest")).await?;
        confirm(console).await?;
        console.filed(&order).await?;
        let paid = console.platform().paid_for(&order).await?;
        assert_eq!(paid.len(), 2);
        assert_eq!((paid[0].units, paid[1].units), (150_000_000, rest));
        console
            .see(&console.t_with("payments.numbered", &[("number", "1"), ("amount", "1.5 VSYS")]))
            .await?;
        console.picture("payment-two").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_double_click_pays_once() -> Result<()> {
    journey(Setup::default(), async |console| {
        let order = console.platform().order(24).await?;
        let (units, _) = due(console, &order, "VSYS").await?;
        open(console, &order).await?;
        review(console).await?;
        console.find(BUTTON, console.t("payments.confirm")).await?;
        until("the review", async || {
            let ready = console.run("return !document.querySelector('dialog[open] .button-primary')?.disabled").await?;
            Ok((ready == json!(true)).then_some(()))
        })
        .await?;
        console
            .run("const button = document.querySelector('dialog[open] .button-primary'); for (let i = 0; i < 5; i++) button.click();")
            .await?;
        console.see(console.t("payments.confirmed_title")).await?;
        paid_once(console, &order, units, "").await
    })
    .await
}

#[tokio::test]
async fn two_tabs_pay_once() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("net::ERR_");
        console.expect_error("status of 404");
        let order = console.platform().order(24).await?;
        let (units, _) = due(console, &order, "VSYS").await?;
        open(console, &order).await?;
        review(console).await?;
        let first = console.driver().window().await?;
        let second = console.driver().new_tab().await?;
        console.driver().switch_to_window(second).await?;
        open(console, &order).await?;
        review(console).await?;
        // The first pays and hears nothing of it; the second one, which had its review open, must not pay again.
        console.driver().switch_to_window(first.clone()).await?;
        console
            .platform()
            .fault(json!([{ "path": BROADCAST, "loseAnswer": true }, { "path": LOOK_UP, "drop": true }]))
            .await?;
        confirm(console).await?;
        console.see(console.t("payments.unknown_title")).await?;
        console
            .driver()
            .switch_to_window(second_of(console, &first).await?)
            .await?;
        console.see(console.t("payments.unknown_title")).await?;
        console.see(console.t("payments.under_way")).await?;
        // Its own review is gone: there is nothing left to confirm.
        console.gone(BUTTON, console.t("payments.confirm")).await?;
        console.accessible().await?;
        console.platform().no_faults().await?;
        // The first tab is closed: the second one takes over and sees it through.
        console.driver().switch_to_window(first.clone()).await?;
        let second = second_of(console, &first).await?;
        console.driver().close_window().await?;
        console.driver().switch_to_window(second).await?;
        console.see(console.t("payments.confirmed_title")).await?;
        paid_once(console, &order, units, "").await
    })
    .await
}

async fn second_of(console: &Console, first: &thirtyfour::WindowHandle) -> Result<thirtyfour::WindowHandle> {
    let windows = console.driver().windows().await?;
    windows
        .into_iter()
        .find(|window| window != first)
        .context("a second window")
}

#[tokio::test]
async fn a_payment_goes_on_by_itself_after_the_page_was_left() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("net::ERR_");
        console.expect_error("status of 404");
        console.expect_error("status of 400");
        // Killed while it is being sent, while it is looked up, and after the answer.
        for faults in [
            json!([{ "path": BROADCAST, "latencyMs": 1500, "times": 1 }]),
            json!([{ "path": BROADCAST, "drop": true, "times": 1 }, { "path": LOOK_UP, "latencyMs": 1500, "times": 1 }]),
            json!([{ "path": BROADCAST, "loseAnswer": true, "times": 1 }, { "path": LOOK_UP, "latencyMs": 1500, "times": 1 }]),
        ] {
            let order = console.platform().order(24).await?;
            let (units, _) = due(console, &order, "VSYS").await?;
            open(console, &order).await?;
            review(console).await?;
            console.platform().fault(faults).await?;
            confirm(console).await?;
            console.see(console.t("payments.made")).await?;
            console.leave_page().await?;
            // Signed in again on another page, it goes on by itself.
            console.open_demo("/payments").await?;
            console.see(&order).await?;
            paid_once(console, &order, units, "").await?;
            console.platform().no_faults().await?;
        }
        console.goto("/payments").await?;
        console.sign_in_demo().await?;
        console.not_see(console.t("payments.phase_sending")).await?;
        console.picture("payment-journal-three").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_payment_is_not_kept_by_a_page_that_was_left() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("net::ERR_");
        console.expect_error("status of 404");
        console.expect_error("status of 400");
        let order = console.platform().order(24).await?;
        let (units, _) = due(console, &order, "VSYS").await?;
        open(console, &order).await?;
        review(console).await?;
        console
            .platform()
            .fault(json!([{ "path": BROADCAST, "drop": true }, { "path": LOOK_UP, "drop": true }]))
            .await?;
        confirm(console).await?;
        console.see(console.t("payments.unknown_title")).await?;
        // The browser keeps the page for going back, with its hold on the order; the next one ends it and goes on.
        console.leave_page().await?;
        console.platform().no_faults().await?;
        open(console, &order).await?;
        console.see(console.t("payments.confirmed_title")).await?;
        paid_once(console, &order, units, "").await
    })
    .await
}

#[tokio::test]
async fn a_page_that_can_keep_no_journal_does_not_pay() -> Result<()> {
    journey(Setup::default(), async |console| {
        let order = console.platform().order(24).await?;
        console
            .before_every_page("Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('denied', 'SecurityError'); } });")
            .await?;
        open(console, &order).await?;
        console.see(console.t("payments.no_journal")).await?;
        console.see(console.t("orders.code_help")).await?;
        console.accessible().await?;
        console.picture("payment-no-journal").await?;
        assert!(!console.has(BUTTON, console.t("payments.confirm")).await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_access_token_is_told_that_it_cannot_pay() -> Result<()> {
    journey(Setup::default(), async |console| {
        let order = console.platform().order(24).await?;
        let service = console.platform().service_in("Europe", "ServiceRunning").await?;
        let token = console.platform().access_token(&service, "active").await?;
        console.goto(&format!("/order/{order}")).await?;
        console.sign_in_token(&token).await?;
        console.page(console.t("access.elsewhere")).await?;
        console.accessible().await?;
        console.click(LINK, console.t("access.elsewhere_action")).await?;
        console.wait_route(&format!("/service/{service}")).await?;
        // Nobody asks for an order that the token may not see.
        assert!(console.requests_to(&format!("/api/v1/order/{order}")).await?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_words_are_there_in_chinese_and_in_the_dark() -> Result<()> {
    let setup = Setup {
        language: "zh-CN",
        dark: true,
        ..Setup::default()
    };
    journey(setup, async |console| {
        let order = console.platform().order(24).await?;
        open(console, &order).await?;
        review(console).await?;
        console.accessible().await?;
        console.picture("payment-review-zh").await?;
        confirm(console).await?;
        console.see(console.t("payments.confirmed_title")).await?;
        console.filed(&order).await?;
        console.see(console.t("orders.filed_title")).await?;
        console.accessible().await?;
        console.picture("payment-made-zh").await?;
        Ok(())
    })
    .await
}
