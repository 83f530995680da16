//! Orders of an account in the browser extension "V Wallet": made by its signature, paid in coins and tokens, looked at without asking
//! for signatures.

use anyhow::{Result, ensure};
use browser_tests::{BUTTON, Console, FakeExtension, Setup, journey, until};
use serde_json::json;

use crate::extension::{open_at, sign_in};
use crate::extension_payments::{confirm, open, paid_once};
use crate::market::{address, made};
use crate::payments::{choose, due, pay_button, review, token};

const ADD: &str = "/api/v1/order/add";

/// Puts a service into the cart of the extension's account, and orders it: the extension is asked to sign.
async fn order(console: &Console, extension: &FakeExtension) -> Result<()> {
    console.page("Node Watcher").await?;
    console.click(BUTTON, console.t("market.order_now")).await?;
    console.page(console.t("cart.title")).await?;
    console.click(BUTTON, &console.counted("renew.action", 1)).await?;
    extension.asked(console, "signContent").await?;
    Ok(())
}

#[tokio::test]
async fn a_cart_is_ordered_and_paid_by_the_extension_but_not_where_it_was_changed_while_that_was_asked() -> Result<()> {
    journey(Setup::default(), async |console| {
        let route = address(console, "Node Watcher", false).await?;
        let extension = open_at(console, &route).await?;
        sign_in(console, &extension).await?;
        order(console, &extension).await?;
        // While its dialog is open, the cart is emptied in another tab of the same account.
        let first = console.driver().window().await?;
        let second = console.driver().new_tab().await?;
        console.driver().switch_to_window(second).await?;
        console.open_demo("/cart").await?;
        let remove = console.t_with("cart.remove_of", &[("name", "Node Watcher")]);
        console.click(BUTTON, &remove).await?;
        console.see(console.t("cart.empty")).await?;
        console.driver().close_window().await?;
        console.driver().switch_to_window(first).await?;
        extension.serve(console, "signContent").await?;
        console.see(console.t("cart.edited_advice")).await?;
        ensure!(
            console.posted(ADD).await?.is_empty(),
            "what is not in the cart was ordered"
        );
        console.accessible().await?;

        // Ordered as it is, and paid by the same account.
        let extension = open_at(console, &route).await?;
        sign_in(console, &extension).await?;
        order(console, &extension).await?;
        extension.serve(console, "signContent").await?;
        let order = made(console).await?;
        ensure!(console.posted(ADD).await?.len() == 1);
        review(console).await?;
        confirm(console).await?;
        extension.serve_settled(console).await?;
        extension.serve(console, "send").await?;
        paid_once(console, &order).await?;
        extension.never_overlapped(console).await
    })
    .await
}

#[tokio::test]
async fn a_token_is_paid_by_the_extension_to_the_unit() -> Result<()> {
    journey(Setup::default(), async |console| {
        let order = console.platform().order(24).await?;
        let token = token(console).await?;
        let (units, contract) = due(console, &order, &token).await?;
        let extension = open(console, &order).await?;
        choose(console, &token).await?;
        review(console).await?;
        confirm(console).await?;
        extension.serve_settled(console).await?;
        extension.serve(console, "send").await?;
        paid_once(console, &order).await?;
        let paid = console.platform().paid_for(&order).await?;
        ensure!(
            (paid[0].units, paid[0].contract.as_str()) == (units, contract.as_str()),
            "{paid:?}"
        );
        console.see(&paid[0].id).await
    })
    .await
}

#[tokio::test]
async fn an_order_whose_time_is_over_is_said_to_be_in_no_list_and_asked_for_once() -> Result<()> {
    journey(Setup::default(), async |console| {
        let order = console.platform().order(24).await?;
        let extension = open(console, &order).await?;
        let pay = pay_button(console).await?;
        // While its payment is reviewed: nothing is asked of the extension, and nobody is told to pay any more.
        review(console).await?;
        console
            .platform()
            .post(&format!("/dev/orders/{order}/expire"), &json!({}))
            .await?;
        confirm(console).await?;
        extension.serve_settled(console).await?;
        console.see(console.t("orders.unlisted_title")).await?;
        ensure!(!console.has(BUTTON, &pay).await?, "it is still to be paid");
        console.not_see(console.t("orders.waiting_title")).await?;
        ensure!(extension.count(console, "send").await? == 0, "asked to pay for it");
        ensure!(
            extension.count(console, "signContent").await? == 0,
            "looking asked for a signature"
        );
        console.accessible().await?;
        console.picture("order-unlisted").await?;

        console.click(BUTTON, console.t("orders.unlisted_ask")).await?;
        extension
            .refuse(console, "signContent", "User denied the action")
            .await?;
        console.see(console.t("extension.denied")).await?;
        console.click(BUTTON, console.t("orders.unlisted_ask")).await?;
        extension.serve(console, "signContent").await?;
        console.see(console.t("orders.closed_title")).await?;
        console.see("OrderExpired").await?;
        // It stays so when it is looked at again, and asks nobody again.
        let lists = console.requests_to("/api/v1/order").await?.len();
        console.click(BUTTON, console.t("action.refresh")).await?;
        console.settled().await?;
        console.see(console.t("orders.closed_title")).await?;
        console.not_see(console.t("orders.unlisted_title")).await?;
        ensure!(console.requests_to("/api/v1/order").await?.len() == lists);
        ensure!(extension.count(console, "signContent").await? == 2, "asked again");

        // Opened anew, nothing is known of it but that no list has it.
        let extension = open(console, &order).await?;
        console.see(console.t("orders.unlisted_title")).await?;
        until("nothing to be asked", async || {
            Ok((extension.count(console, "signContent").await? == 0).then_some(()))
        })
        .await
    })
    .await
}
