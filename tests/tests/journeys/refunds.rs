//! Money back: which services, asked about how, sent once, and what the platform and the official client say of it.

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, CHECKBOX, Console, DIALOG, Setup, journey};
use serde_json::json;
use thirtyfour::WebElement;

use crate::market::made;

const REFUND: &str = "/api/v1/order/refund";

/// The status that the platform has for a service.
async fn status(console: &Console, id: &str) -> Result<String> {
    let service = console.platform().service(id).await?;
    Ok(service["status"].as_str().unwrap_or_default().to_owned())
}

/// The question about refunding so many services.
async fn question(console: &Console, count: usize) -> Result<WebElement> {
    let title = console.counted("refund.title", count);
    console.find(DIALOG, &title).await
}

#[tokio::test]
async fn usable_services_are_refunded_and_what_cannot_be_is_named_and_left_out() -> Result<()> {
    journey(Setup::default(), async |console| {
        let services = console.platform().services().await?;
        let usable = |name: &str| {
            let mut found = services
                .iter()
                .filter(|service| service["status"] == "ServicePending" && service["service"] == name);
            found
                .next()
                .and_then(|service| service["id"].as_str())
                .map(str::to_owned)
        };
        let container = usable("Container Service").context("a usable container service")?;
        let watcher = usable("Node Watcher").context("a usable watcher")?;
        console.open_demo("/services/usable").await?;
        console.select_services(&[&container, &watcher]).await?;
        assert!(
            !console.has(BUTTON, console.t("renew.title")).await?,
            "what has not started is not renewed"
        );
        console.click(BUTTON, console.t("refund.name")).await?;
        let dialog = question(console, 2).await?;
        console.see(console.t("refund.why_type")).await?;
        let text = dialog.text().await?;
        for part in [
            container.as_str(),
            watcher.as_str(),
            "v-kube-service",
            console.t("refund.left_out"),
            console.t("refund.effect_usable"),
            console.t("refund.no_way_back"),
        ] {
            assert!(text.contains(part), "the question lacks {part}: {text}");
        }
        console.accessible().await?;
        assert!(console.posted(REFUND).await?.is_empty());
        console
            .click_within(Some(&dialog), BUTTON, &console.counted("refund.action", 1))
            .await?;
        console.see(&console.counted("refund.accepted", 1)).await?;
        console
            .table_where(console.t("list.usable"), "the service gone", |table| {
                table.row(&container).is_none() && table.row(&watcher).is_some()
            })
            .await?;
        let calls = console.posted(REFUND).await?;
        assert_eq!(calls.len(), 1, "{calls:?}");
        assert_eq!(calls[0].body, json!({ "userServiceIDs": [container] }).to_string());
        let aborted = console.official().await?;
        let aborted = aborted
            .run(&["service", "list", "--status", "ServiceAbort", "--page-size", "100"])
            .await?;
        let aborted = aborted["list"].as_array().context("a list")?;
        assert!(aborted.iter().any(|service| service["id"] == container.as_str()));
        assert_eq!(status(console, &watcher).await?, "ServicePending");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_running_service_is_refunded_from_its_page_after_an_explicit_yes() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        console.open_demo(&format!("/service/{id}")).await?;
        console.page("metrics").await?;
        console.click(BUTTON, console.t("refund.name")).await?;
        let dialog = question(console, 1).await?;
        let action = console.counted("refund.action", 1);
        let button = console.find_within(Some(&dialog), BUTTON, &action).await?;
        assert!(!button.is_enabled().await?, "it can be sent without a yes");
        let text = dialog.text().await?;
        for part in [id.as_str(), "metrics", "Helsinki", console.t("refund.effect_deployed")] {
            assert!(text.contains(part), "the question lacks {part}: {text}");
        }
        console.accessible().await?;
        console.dark(true).await?;
        console.accessible().await?;
        console.dark(false).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("action.cancel"))
            .await?;
        console.gone(DIALOG, console.t("refund.title.one")).await?;
        assert!(console.posted(REFUND).await?.is_empty());

        // Answers about the service take a while, so that what is pending can be seen.
        let held = json!({ "path": "/api/v1/userService/*", "method": "GET", "latencyMs": 2000 });
        console.platform().fault(held).await?;
        console.click(BUTTON, console.t("refund.name")).await?;
        let dialog = question(console, 1).await?;
        console
            .click_within(Some(&dialog), CHECKBOX, &console.counted("refund.understood", 1))
            .await?;
        console.click_within(Some(&dialog), BUTTON, &action).await?;
        console.see(console.t("refund.pending")).await?;
        console.gone(DIALOG, console.t("refund.title.one")).await?;
        console.platform().no_faults().await?;
        console.not_see(console.t("refund.pending")).await?;
        console.see(console.t("status.aborted")).await?;
        for gone in ["refund.name", "renew.title", "operation.restart"] {
            assert!(!console.has(BUTTON, console.t(gone)).await?, "{gone} is offered");
        }
        assert_eq!(console.posted(REFUND).await?.len(), 1);
        assert_eq!(status(console, &id).await?, "ServiceAbort");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_paused_service_is_renewed_and_refunded() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Europe", "ServiceStop").await?;
        console.open_demo(&format!("/renew?service={id}")).await?;
        console.click(BUTTON, console.t("renew.one_week")).await?;
        console.click(BUTTON, &console.counted("renew.action", 1)).await?;
        let order = made(console).await?;
        let order = console.platform().get_order(&order).await?;
        assert_eq!(order.kind, "OrderRenew");
        let renewed: Vec<&str> = order.user_services.iter().map(|service| service.id.as_str()).collect();
        assert_eq!(renewed, [id.as_str()]);

        console.visit(&format!("/service/{id}")).await?;
        console.page("staging").await?;
        console.click(BUTTON, console.t("refund.name")).await?;
        let dialog = question(console, 1).await?;
        assert!(dialog.text().await?.contains(console.t("refund.effect_deployed")));
        console
            .click_within(Some(&dialog), CHECKBOX, &console.counted("refund.understood", 1))
            .await?;
        console
            .click_within(Some(&dialog), BUTTON, &console.counted("refund.action", 1))
            .await?;
        console.see(console.t("status.aborted")).await?;
        assert_eq!(console.official().await?.status(&id).await?, "ServiceAbort");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_refused_refund_keeps_the_selection_and_only_it_is_tried_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("the server responded with a status of 409");
        let modern = console.platform().service_in("Tokyo", "ServiceRunning").await?;
        let legacy = console.platform().service_in("Asia", "ServiceRunning").await?;
        console.open_demo("/services/running").await?;
        console.select_services(&[&modern, &legacy]).await?;
        let body = json!({ "error": { "code": 409, "message": "another refund is under way" } }).to_string();
        let refused = json!({ "path": REFUND, "method": "POST", "status": 409, "body": body });
        console.platform().fault(refused.clone()).await?;
        console.click(BUTTON, console.t("refund.name")).await?;
        let dialog = question(console, 2).await?;
        console
            .click_within(Some(&dialog), CHECKBOX, &console.counted("refund.understood", 2))
            .await?;
        console
            .click_within(Some(&dialog), BUTTON, &console.counted("refund.action", 2))
            .await?;
        console
            .find_within(Some(&dialog), BUTTON, console.t("refund.retry"))
            .await?;
        console.see("another refund is under way").await?;
        console.accessible().await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("orders.close"))
            .await?;
        console.gone(DIALOG, &console.counted("refund.title", 2)).await?;
        console.see(&console.counted("list.selected", 2)).await?;
        assert_eq!(status(console, &modern).await?, "ServiceRunning");

        // Now one of the two: what was accepted is not sent again.
        console.platform().no_faults().await?;
        let mut once = refused;
        once["times"] = json!(1);
        console.platform().fault(once).await?;
        console.click(BUTTON, console.t("refund.name")).await?;
        let dialog = question(console, 2).await?;
        console
            .click_within(Some(&dialog), CHECKBOX, &console.counted("refund.understood", 2))
            .await?;
        console
            .click_within(Some(&dialog), BUTTON, &console.counted("refund.action", 2))
            .await?;
        console
            .find_within(Some(&dialog), BUTTON, console.t("refund.retry"))
            .await?;
        console.see(console.t("refund.group_accepted")).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("refund.retry"))
            .await?;
        console.gone(DIALOG, &console.counted("refund.title", 2)).await?;
        for id in [&modern, &legacy] {
            assert_eq!(status(console, id).await?, "ServiceAbort");
        }
        let calls = console.posted(REFUND).await?;
        assert_eq!(
            calls.len(),
            5,
            "two refused, two of which one was refused, one again: {calls:?}"
        );
        let accepted: Vec<_> = calls.iter().filter(|call| call.status == Some(200)).collect();
        assert_eq!(accepted.len(), 2, "{calls:?}");
        assert_ne!(accepted[0].body, accepted[1].body);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_access_token_says_that_it_cannot_sign() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        let (_, address) = console.platform().demo_account().await?;
        let token = console.platform().access_token(&id, "active").await?;
        console.goto("/").await?;
        console.sign_in_token(&token).await?;
        console.page("metrics").await?;
        console.click(BUTTON, console.t("refund.name")).await?;
        let dialog = question(console, 1).await?;
        console.see(console.t("orders.token_title")).await?;
        console
            .see(&console.t_with("orders.token_advice", &[("address", &address)]))
            .await?;
        assert!(!console.has(BUTTON, &console.counted("refund.action", 1)).await?);
        console.accessible().await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("orders.close"))
            .await?;
        console.click(BUTTON, console.t("renew.title")).await?;
        console.see(console.t("renew.token_advice")).await?;
        assert!(!console.has(BUTTON, console.t("renew.action.one")).await?);
        console.accessible().await?;
        assert!(console.requests_to("/api/v1/order").await?.is_empty());
        Ok(())
    })
    .await
}
