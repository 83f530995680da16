//! Deployments that end badly, and what cannot be looked up or has changed before they are sent.

use std::fs;

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, Console, Official, Setup, TEXTBOX, journey, until};
use serde_json::{Value, json};

use super::{
    another_image, card, click, deployed, fill, name_and_image, numbered, open, review, row, says, sent, update, value,
};
use crate::refusals::{ask_and_confirm, look_once};

const INFO: &str = "/api/v1/k8s/deployment/info";
const CHECK_PORTS: &str = "/api/v1/k8s/checkports";

/// Has the official client start a service or change what runs in it: `deploy` or `update`, with one container of this image.
async fn deploy_elsewhere(official: &Official, what: &str, id: &str, image: &str) -> Result<Value> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("deployment.json");
    let container = json!({ "name": "theirs", "imageName": image, "resourceUnit": 1, "ports": [] });
    fs::write(&file, json!({ "containers": [container] }).to_string())?;
    let file = file.to_str().context("the path is no text")?;
    official.run(&["service", what, id, "--config-file", file]).await
}

/// The image of the first container that the platform has in force.
async fn image_of(console: &Console, id: &str, region: &str) -> Result<Value> {
    Ok(deployed(console, id, region).await?["containers"][0]["imageName"].clone())
}

#[tokio::test]
async fn a_container_that_never_runs_says_why_in_plain_words() -> Result<()> {
    journey(Setup::default(), async |console| {
        for (image, variable, key, word) in [
            ("vcloud/unpullable:1", None, "deploy.pull_fails", "pull rate limit"),
            ("vcloud/uncreatable:1", None, "deploy.cannot_create", "runAsNonRoot"),
            (
                "vcloud/oom:1",
                Some(("OOM_AFTER", "1")),
                "deploy.out_of_memory",
                "CrashLoopBackOff",
            ),
        ] {
            open(console, "Helsinki", "ServiceRunning").await?;
            let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
            says(console, "collector", console.t("deploy.image_found")).await?;
            another_image(console, "collector", image).await?;
            if let Some((name, text)) = variable {
                click(console, "collector", "deploy.add_variable").await?;
                fill(console, "collector", &row(console, "deploy.variable_name", "1"), name).await?;
                fill(console, "collector", &row(console, "deploy.variable_value", "1"), text).await?;
            }
            update(console).await?;
            for text in [word, console.t(key), console.t("deploy.failing")] {
                console.see(text).await?;
            }
            console.accessible().await?;
            // It is in force all the same, and the way on begins with it.
            assert_eq!(image_of(console, &id, "helsinki").await?, image);
            console.click(BUTTON, console.t("deploy.again")).await?;
            assert_eq!(value(console, "collector", console.t("deploy.image")).await?, image);
        }
        another_image(console, "collector", "vcloud/counter:1").await?;
        update(console).await?;
        console.see(console.t("deploy.running")).await
    })
    .await
}

#[tokio::test]
async fn what_runs_is_looked_up_again_where_that_failed_and_compared_where_it_changed() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 503");
        let unknown = json!({ "path": INFO, "method": "GET", "status": 503 });
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        console.platform().fault(unknown.clone()).await?;
        console.open_demo(&format!("/service/{id}/deployment")).await?;
        console.see(console.t("error.server")).await?;
        console.accessible().await?;
        console.platform().no_faults().await?;
        console.click(BUTTON, console.t("action.retry")).await?;
        says(console, "collector", console.t("deploy.image_found")).await?;
        another_image(console, "collector", "vcloud/counter:1").await?;

        // Without what runs there is nothing to compare with: all of it is shown.
        console.platform().fault(unknown).await?;
        let dialog = review(console, "deploy.review_update").await?;
        console.see(console.t("deploy.no_comparison")).await?;
        console.see(console.t("error.server")).await?;
        assert!(dialog.text().await?.contains("vcloud/counter:1"));
        console.accessible().await?;
        console.platform().no_faults().await?;
        console.click(BUTTON, console.t("deploy.back")).await?;

        let official = console.official().await?;
        deploy_elsewhere(&official, "update", &id, "vcloud/json-logger:3").await?;
        let dialog = review(console, "deploy.review_update").await?;
        console.see(console.t("deploy.changed_meanwhile")).await?;
        until("the comparison with what runs now", async || {
            let text = dialog.text().await?;
            Ok((text.contains("vcloud/json-logger:3") && text.contains("vcloud/counter:1")).then_some(()))
        })
        .await?;
        console.accessible().await?;
        assert!(
            sent(console).await?.is_empty(),
            "something was sent before it was confirmed"
        );
        console.click(BUTTON, console.t("deploy.send_update")).await?;
        console.see(console.t("deploy.running")).await?;
        assert_eq!(image_of(console, &id, "helsinki").await?, "vcloud/counter:1");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_service_that_was_started_elsewhere_is_changed_with_what_was_typed() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 400");
        look_once(console).await?;
        let id = open(console, "Europe", "ServicePending").await?;
        let first = numbered(console, "1");
        name_and_image(console, &first, "mine", "nginx:1.27").await?;
        let official = console.official().await?;
        deploy_elsewhere(&official, "deploy", &id, "redis:7").await?;
        review(console, "deploy.review_start").await?;
        console.click(BUTTON, console.t("deploy.send_start")).await?;
        // Why it was refused stays, though another form stands there now: with what was typed.
        console.page(console.t("deploy.update_title")).await?;
        console.see("the service is deployed already").await?;
        console.see(console.t("error.refused")).await?;
        assert_eq!(value(console, "mine", console.t("deploy.image")).await?, "nginx:1.27");
        console.accessible().await?;
        assert_eq!(image_of(console, &id, "europe").await?, "redis:7", "theirs runs on");
        let dialog = review(console, "deploy.review_update").await?;
        until("the comparison with theirs", async || {
            Ok(dialog.text().await?.contains("redis:7").then_some(()))
        })
        .await?;
        console.click(BUTTON, console.t("deploy.send_update")).await?;
        console.see(console.t("deploy.running")).await?;
        assert_eq!(image_of(console, &id, "europe").await?, "nginx:1.27");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_service_that_was_paused_elsewhere_keeps_what_was_typed_for_when_it_runs() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 400");
        look_once(console).await?;
        let id = open(console, "Helsinki", "ServiceRunning").await?;
        says(console, "collector", console.t("deploy.image_found")).await?;
        another_image(console, "collector", "vcloud/counter:1").await?;
        let official = console.official().await?;
        official.run(&["service", "pause", &id]).await?;
        update(console).await?;
        console.page(console.t("deploy.why_paused")).await?;
        console.see("the service is stopped").await?;
        console.see(console.t("error.refused")).await?;
        console.accessible().await?;
        assert_eq!(official.status(&id).await?, "ServiceStop");

        let resume = console.t("operation.resume");
        ask_and_confirm(console, resume, console.t("operation.resume_title")).await?;
        says(console, "collector", console.t("deploy.image_found")).await?;
        assert_eq!(
            value(console, "collector", console.t("deploy.image")).await?,
            "vcloud/counter:1"
        );
        update(console).await?;
        console.see(console.t("deploy.running")).await?;
        assert_eq!(image_of(console, &id, "helsinki").await?, "vcloud/counter:1");
        Ok(())
    })
    .await
}

/// A port of the machines that another service of the region has.
async fn taken_port(console: &Console) -> Result<String> {
    let other = console.platform().service_in("North America", "ServiceRunning").await?;
    let pod = console.platform().ask_region(&other, "/api/v1/k8s/pod/status").await?;
    let port = &pod["podSpec"]["containers"][0]["ports"][0]["hostPort"];
    Ok(port.as_u64().context("no port")?.to_string())
}

#[tokio::test]
async fn host_ports_that_cannot_be_checked_are_checked_again_and_a_taken_one_is_said_at_its_field() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 400");
        console.expect_error("status of 503");
        let id = open(console, "North America", "ServicePending").await?;
        let first = numbered(console, "1");
        name_and_image(console, &first, "web", "nginx:1.27").await?;
        fill(console, "web", console.t("deploy.mount_path"), "/data").await?;
        click(console, "web", "deploy.add_port").await?;
        fill(console, "web", &row(console, "deploy.container_port", "1"), "80").await?;
        let host_port = row(console, "deploy.host_port", "1");
        let no_room = json!({ "status": "NoResource", "occupied": [] }).to_string();
        let failing = json!({ "status": "InternalErr", "occupied": [] }).to_string();
        for (number, (answer, key)) in [
            (json!({ "body": no_room }), "deploy.ports_no_room"),
            (json!({ "body": failing }), "deploy.ports_unknown"),
            (json!({ "status": 503 }), "deploy.ports_unknown"),
        ]
        .into_iter()
        .enumerate()
        {
            let mut fault = answer;
            fault["path"] = json!(CHECK_PORTS);
            console.platform().fault(fault).await?;
            let port = (31_000 + number).to_string();
            fill(console, "web", &host_port, &port).await?;
            says(console, "web", console.t(key)).await?;
            console.accessible().await?;
            console.platform().no_faults().await?;
            click(console, "web", "action.retry").await?;
            says(console, "web", console.t("deploy.ports_free")).await?;
            assert_eq!(value(console, "web", &host_port).await?, port);
        }

        // Free when it was checked, and taken when it was sent.
        let taken = taken_port(console).await?;
        let free = json!({ "status": "NotOccupied", "occupied": [] }).to_string();
        console
            .platform()
            .fault(json!({ "path": CHECK_PORTS, "body": free }))
            .await?;
        fill(console, "web", &host_port, &taken).await?;
        says(console, "web", console.t("deploy.ports_free")).await?;
        console.platform().no_faults().await?;
        review(console, "deploy.review_start").await?;
        console.click(BUTTON, console.t("deploy.send_start")).await?;
        let message = format!("host port {taken} is occupied");
        console.see(&message).await?;
        console.click(BUTTON, console.t("deploy.back")).await?;
        says(
            console,
            "web",
            &console.t_with("deploy.platform_says", &[("message", &message)]),
        )
        .await?;
        let field = card(console, "web").await?;
        let field = console.find_within(Some(&field), TEXTBOX, &host_port).await?;
        assert_eq!(field.attr("aria-invalid").await?.as_deref(), Some("true"));
        assert_eq!(value(console, "web", &host_port).await?, taken);
        console.accessible().await?;
        fill(console, "web", &host_port, "31080").await?;
        says(console, "web", console.t("deploy.ports_free")).await?;
        review(console, "deploy.review_start").await?;
        console.click(BUTTON, console.t("deploy.send_start")).await?;
        console.see(console.t("deploy.running")).await?;
        let info = deployed(console, &id, "north-america").await?;
        assert_eq!(info["containers"][0]["ports"][0]["hostPort"], 31_080);
        Ok(())
    })
    .await
}
