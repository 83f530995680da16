//! When hosts fail: what happened is said, what is there stays, and trying again helps.

use anyhow::Result;
use browser_tests::{BUTTON, Console, LINK, Setup, journey};
use serde_json::{Value, json};

const LIST: &str = "/api/v1/userService";

/// Opens the running services while a fault strikes, sees what it is called, and recovers by trying again.
async fn strikes_and_passes(
    fault: Value,
    expected_error: Option<&str>,
    title: &str,
    detail: Option<&str>,
) -> Result<()> {
    journey(Setup::default(), async |console| {
        if let Some(error) = expected_error {
            console.expect_error(error);
        }
        console.platform().fault(fault).await?;
        console.open_demo("/services/running").await?;
        console.see(console.t(title)).await?;
        console.see(console.t(&format!("{title}_advice"))).await?;
        if let Some(detail) = detail {
            console.see(detail).await?;
        }
        console.accessible().await?;
        console.platform().no_faults().await?;
        console.click(BUTTON, console.t("action.retry")).await?;
        eight_rows(console).await?;
        console.not_see(console.t(title)).await
    })
    .await
}

async fn eight_rows(console: &Console) -> Result<()> {
    console
        .table_where(console.t("list.running"), "all services", |table| table.rows.len() == 8)
        .await?;
    Ok(())
}

#[tokio::test]
async fn an_error_of_the_platform_is_said_and_passes() -> Result<()> {
    let fault = json!({ "path": LIST, "status": 500 });
    strikes_and_passes(fault, Some("status of 500"), "error.server", Some("HTTP 500")).await
}

#[tokio::test]
async fn an_error_page_of_a_gateway_is_said_and_passes() -> Result<()> {
    let page = "<!doctype html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>";
    let fault = json!({ "path": LIST, "status": 200, "body": page, "contentType": "text/html" });
    strikes_and_passes(fault, None, "error.not_json", None).await
}

#[tokio::test]
async fn json_of_another_shape_is_said_and_passes() -> Result<()> {
    let fault = json!({ "path": LIST, "body": "{\"list\": \"none\"}" });
    strikes_and_passes(fault, None, "error.malformed", None).await
}

#[tokio::test]
async fn an_error_inside_of_a_success_is_an_error() -> Result<()> {
    let body = json!({ "error": { "code": 500, "message": "the ledger is closed" } }).to_string();
    let fault = json!({ "path": LIST, "status": 200, "body": body });
    journey(Setup::default(), async |console| {
        console.platform().fault(fault).await?;
        console.open_demo("/services/running").await?;
        console.find(BUTTON, console.t("action.retry")).await?;
        console.see("the ledger is closed").await?;
        console.platform().no_faults().await?;
        console.click(BUTTON, console.t("action.retry")).await?;
        eight_rows(console).await
    })
    .await
}

#[tokio::test]
async fn a_connection_that_breaks_is_said_and_passes() -> Result<()> {
    let fault = json!({ "path": LIST, "drop": true });
    strikes_and_passes(fault, Some("net::ERR_"), "error.network", None).await
}

#[tokio::test]
async fn a_slow_answer_shows_that_it_is_awaited() -> Result<()> {
    journey(Setup::default(), async |console| {
        console
            .platform()
            .fault(json!({ "path": LIST, "latencyMs": 3000, "times": 1 }))
            .await?;
        console.open_demo("/services/running").await?;
        console.css(".skeleton").await?;
        console.see(console.t("age.loading")).await?;
        console.accessible().await?;
        eight_rows(console).await?;

        // Who leaves does not wait for what they left.
        let service = console.platform().service_in("Tokyo", "ServiceRunning").await?;
        console
            .platform()
            .fault(json!({ "path": "/api/v1/userService/*", "latencyMs": 2000, "times": 1 }))
            .await?;
        console.click(LINK, &service).await?;
        console.see(console.t("age.loading")).await?;
        console.page("orders-db").await
    })
    .await
}

#[tokio::test]
async fn a_failed_refresh_keeps_what_was_there() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("net::ERR_");
        console.open_demo("/services/running").await?;
        eight_rows(console).await?;
        console.platform().stop()?;
        console.click(BUTTON, console.t("action.refresh")).await?;
        console.see(console.t("error.stale_title")).await?;
        console.see(console.t("error.network")).await?;
        eight_rows(console).await?;
        console.accessible().await?;
        console.platform().start_again()?;
        console.click(BUTTON, console.t("action.refresh")).await?;
        console.not_see(console.t("error.stale_title")).await?;
        eight_rows(console).await
    })
    .await
}

#[tokio::test]
async fn a_platform_that_is_down_at_sign_in_loses_nothing() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("net::ERR_");
        let service = console.platform().service_in("Tokyo", "ServiceRunning").await?;
        let token = console.platform().access_token(&service, "active").await?;
        console.goto("/").await?;
        console.platform().stop()?;
        console.click(BUTTON, console.t("demo.action")).await?;
        console.see(console.t("error.network")).await?;
        console.sign_in_token(&token).await?;
        console.see(console.t("error.network_advice")).await?;
        let typed = console.field(console.t("token.label")).await?.prop("value").await?;
        assert_eq!(typed, Some(token));
        console.platform().start_again()?;
        console.click(BUTTON, console.t("sign_in.action")).await?;
        console.page("orders-db").await
    })
    .await
}

#[tokio::test]
async fn a_host_that_refuses_this_page_says_what_its_operator_must_allow() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("blocked by CORS policy");
        console.expect_error("net::ERR_FAILED");
        // To tell a host that refuses this page from one that is down, the console asks without showing the secret.
        console.expect_error("status of 401");
        let service = console.platform().service_in("Europe", "ServiceRunning").await?;
        console
            .platform()
            .fault(json!({ "path": "/api/v1/k8s/*", "host": "europe.localhost", "cors": false }))
            .await?;
        console.open_demo(&format!("/service/{service}/containers")).await?;
        console.see(console.t("error.cors")).await?;
        let advice = console.t_with("error.cors_advice", &[("origin", console.platform().address())]);
        console.see(&advice).await?;
        console.accessible().await?;
        console.platform().no_faults().await?;
        console.click(BUTTON, console.t("action.retry")).await?;
        console.page("web").await
    })
    .await
}

#[tokio::test]
async fn a_region_that_is_down_leaves_the_rest_of_the_list_readable() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 503");
        console
            .platform()
            .fault(json!({ "path": "/api/v1/*", "host": "tokyo.localhost", "status": 503 }))
            .await?;
        console.open_demo("/services/running").await?;
        let table = console.table_where(console.t("list.running"), "the other labels", |table| {
            table.rows.len() == 8 && table.row("web-frontend").is_some() && table.row("metrics").is_some()
        });
        table.await?;
        let service = console.platform().service_in("Tokyo", "ServiceRunning").await?;
        console.click(LINK, &service).await?;
        console.page(console.t("service.options")).await?;
        console.click(LINK, console.t("service.tab_containers")).await?;
        console.see(console.t("error.server")).await?;
        console.see("HTTP 503").await
    })
    .await
}

#[tokio::test]
async fn a_console_that_is_not_configured_tells_its_operator() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        for (fault, named) in [
            (json!({ "path": "/config.json", "body": "{\n  \"platform\": " }), "line 2"),
            (json!({ "path": "/config.json", "body": "{\"platform\": \"https://example.com\", \"network\": \"mainnet\"}" }), "node"),
            (json!({ "path": "/config.json", "status": 404 }), "HTTP 404"),
        ] {
            console.platform().fault(fault).await?;
            console.goto("/services/running").await?;
            console.page(console.t("config.title")).await?;
            console.see(console.t("config.advice")).await?;
            console.see(named).await?;
            console.platform().no_faults().await?;
        }
        console.accessible().await?;
        console.click(BUTTON, console.t("action.retry")).await?;
        console.page(console.t("sign_in.title")).await
    })
    .await
}

#[tokio::test]
async fn a_platform_at_a_wrong_address_cannot_be_reached_and_says_so() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("net::ERR_");
        // A port that nobody listens on.
        console
            .platform()
            .configure(&json!({ "platform": "http://localhost:1" }))
            .await?;
        console.open_demo("/services/running").await?;
        console.see(console.t("error.network")).await?;
        console.see("localhost:1").await
    })
    .await
}
