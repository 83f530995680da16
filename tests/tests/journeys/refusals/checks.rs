//! What is looked up while somebody types, where that fails or takes its time.

use anyhow::{Result, ensure};
use browser_tests::{BUTTON, Console, DIALOG, Setup, journey, until};
use serde_json::json;

const IMAGES: &str = "/api/v1/k8s/images";

/// The images that were asked for, with their tags.
async fn asked(console: &Console) -> Result<Vec<String>> {
    let requests = console.requests_to(IMAGES).await?;
    Ok(requests
        .into_iter()
        .filter(|request| request.method == "GET")
        .map(|request| request.url)
        .collect())
}

/// Opens the question for another image of a container.
async fn open_question(console: &Console, container: &str) -> Result<()> {
    console
        .click(BUTTON, &console.t_with("image.update_of", &[("container", container)]))
        .await?;
    console
        .find(DIALOG, &console.t_with("image.title", &[("container", container)]))
        .await?;
    Ok(())
}

/// Whether the button that sends can be used.
async fn can_send(console: &Console) -> Result<bool> {
    let dialog = console.all(DIALOG).await?.into_iter().next();
    let send = console
        .find_within(
            dialog.as_ref().map(|dialog| &dialog.element),
            BUTTON,
            console.t("image.update"),
        )
        .await?;
    Ok(send.is_enabled().await?)
}

#[tokio::test]
async fn an_image_is_looked_for_once_it_is_typed_and_again_where_that_failed() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 503");
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        console.open_demo(&format!("/service/{id}/containers")).await?;
        open_question(console, "collector").await?;
        console.see(console.t("image.found")).await?;

        // While it is asked for, that is said, and nothing can be sent.
        console
            .platform()
            .fault(json!({ "path": IMAGES, "method": "GET", "hold": true }))
            .await?;
        let before = asked(console).await?.len();
        let typed = "vcloud/json-logger:2.5.1-slim";
        console.fill(console.t("image.new"), typed).await?;
        console.see(console.t("image.checking")).await?;
        until("the request", async || {
            Ok((asked(console).await?.len() > before).then_some(()))
        })
        .await?;
        ensure!(!can_send(console).await?, "it can be sent before it is found");
        console.accessible().await?;
        console.platform().no_faults().await?;
        console.see(console.t("image.found")).await?;
        // Not for every letter; a machine that stalls may make two of one text.
        let new = asked(console).await?.split_off(before);
        ensure!(new.len() <= 2, "{} letters were asked for as {new:?}", typed.len());
        ensure!(new.last().is_some_and(|url| url.contains("2.5.1-slim")), "{new:?}");

        console
            .platform()
            .fault(json!({ "path": IMAGES, "method": "GET", "status": 503 }))
            .await?;
        console.fill(console.t("image.new"), "vcloud/json-logger:2.7").await?;
        console.see(console.t("image.unchecked")).await?;
        ensure!(!can_send(console).await?, "it can be sent without having been found");
        console.accessible().await?;
        console.platform().no_faults().await?;
        console.click(BUTTON, console.t("action.retry")).await?;
        console.see(console.t("image.found")).await?;
        let field = console.field(console.t("image.new")).await?;
        assert_eq!(
            field.prop("value").await?.as_deref(),
            Some("vcloud/json-logger:2.7"),
            "what was typed"
        );
        ensure!(can_send(console).await?, "it was found and cannot be sent");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_image_that_several_containers_run_is_not_changed_here() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("North America", "ServiceRunning").await?;
        // A service of an older time, from before containers had to differ.
        console
            .platform()
            .fault(json!({ "path": "/api/v1/k8s/pod/status", "members": { "image": "docker.io/library/redis:7" } }))
            .await?;
        console.open_demo(&format!("/service/{id}/containers")).await?;
        open_question(console, "cache").await?;
        console.fill(console.t("image.new"), "redis:7.4").await?;
        console
            .see(&console.t_with("image.ambiguous", &[("repository", "docker.io/library/redis")]))
            .await?;
        ensure!(
            !can_send(console).await?,
            "it can be sent though nobody knows for which"
        );
        console.accessible().await
    })
    .await
}
