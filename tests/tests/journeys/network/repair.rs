//! What a broken connection is called; reads that are repaired without anybody doing anything, and writes that are sent once.

use anyhow::{Result, ensure};
use browser_tests::{BUTTON, Console, Setup, journey, until};
use serde_json::json;

const LIST: &str = "/api/v1/userService";
const LABEL: &str = "/api/v1/k8s/deployment/metadata/label";

/// How often this was asked for with that method.
async fn sent(console: &Console, method: &str, path: &str) -> Result<usize> {
    let ends = |url: &str| url.split('?').next().is_some_and(|url| url.ends_with(path));
    let requests = console.requests_to(path).await?;
    Ok(requests
        .iter()
        .filter(|request| request.method == method && ends(&request.url))
        .count())
}

/// Lets so many milliseconds pass in the page.
async fn pass(console: &Console, milliseconds: u32) -> Result<()> {
    let begin = console.run("return performance.now()").await?;
    let script = format!("return performance.now() - {begin} > {milliseconds}");
    until("the page's time to pass", async || {
        Ok((console.run(&script).await? == json!(true)).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_change_whose_connection_breaks_is_not_called_a_refusal_of_this_page_and_is_sent_once() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("net::ERR_");
        // Whether the host is there is found out by a plain GET, which means nothing to it.
        console.expect_error("status of 405");
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        console.open_demo(&format!("/service/{id}")).await?;
        console.page("metrics").await?;
        console
            .click(BUTTON, &console.t_with("overview_edit.label", &[("id", &id)]))
            .await?;
        console.fill(console.t("service.label"), "kept-label").await?;
        // Every time: a browser sends once more by itself what a kept connection did not carry.
        let fault = json!({ "path": LABEL, "method": "POST", "drop": true });
        console.platform().fault(fault).await?;
        console.click(BUTTON, console.t("overview_edit.save")).await?;
        console.see(console.t("error.interrupted")).await?;
        console.not_see(console.t("error.cors")).await?;
        ensure!(
            sent(console, "POST", LABEL).await? == 1,
            "the console itself sent it again"
        );
        let typed = console.field(console.t("service.label")).await?.prop("value").await?;
        assert_eq!(typed.as_deref(), Some("kept-label"));
        console.accessible().await?;

        console.platform().no_faults().await?;
        console.click(BUTTON, console.t("overview_edit.save")).await?;
        console.page("kept-label").await?;
        assert_eq!(sent(console, "POST", LABEL).await?, 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_list_that_failed_twice_is_there_without_anybody_pressing_anything() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 503");
        let fault = json!({ "path": LIST, "status": 503, "times": 2 });
        console.platform().fault(fault).await?;
        console.open_demo("/services/running").await?;
        console
            .table_where(console.t("list.running"), "all services", |table| table.rows.len() == 8)
            .await?;
        let lists = sent(console, "GET", LIST).await?;
        ensure!(lists == 3, "it took {lists} requests");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_goes_on_failing_is_said_and_asked_for_ever_more_rarely_until_it_is_there() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 503");
        console.platform().configure(&json!({ "refreshSeconds": 1 })).await?;
        console.platform().fault(json!({ "path": LIST, "status": 503 })).await?;
        console.open_demo("/services/running").await?;
        console.see(console.t("error.server")).await?;
        let said = sent(console, "GET", LIST).await?;
        ensure!(said == 3, "it was said after {said} requests");
        // At every second it would be asked for four times more; 3 and 6 seconds lie between these.
        until("a further try by itself", async || {
            Ok((sent(console, "GET", LIST).await? > said).then_some(()))
        })
        .await?;
        console.find(BUTTON, console.t("action.retry")).await?;
        console.platform().no_faults().await?;
        console.not_see(console.t("error.server")).await?;
        console
            .table_where(console.t("list.running"), "all services", |table| table.rows.len() == 8)
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_host_that_asks_for_a_pause_is_left_alone_and_a_page_that_was_left_asks_no_more() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 503");
        let fault = json!({ "path": LIST, "status": 503, "headers": { "retry-after": "90" } });
        console.platform().configure(&json!({ "refreshSeconds": 1 })).await?;
        console.platform().fault(fault).await?;
        console.open_demo("/services/running").await?;
        console.see(console.t("error.server")).await?;
        console
            .see(&console.t_with("error.retry_after", &[("time", "1 min 30 s")]))
            .await?;
        // The page ticks, and would have asked again at each of these seconds.
        pass(console, 4_500).await?;
        assert_eq!(sent(console, "GET", LIST).await?, 1, "it was not left alone");

        // Nobody waits for what was left in the midst of the pauses.
        console.platform().no_faults().await?;
        console.visit("/payments").await?;
        let fault = json!({ "path": "/api/v1/service/type", "status": 503 });
        console.platform().fault(fault).await?;
        console.visit("/market").await?;
        until("the market to be asked", async || {
            Ok((sent(console, "GET", "/api/v1/service/type").await? > 0).then_some(()))
        })
        .await?;
        console.visit("/payments").await?;
        let asked = sent(console, "GET", "/api/v1/service/type").await?;
        pass(console, 2_500).await?;
        assert_eq!(sent(console, "GET", "/api/v1/service/type").await?, asked);
        Ok(())
    })
    .await
}
