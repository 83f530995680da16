//! The form by itself: its rules, its checks, how it looks.

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, DIALOG, Setup, journey};
use serde_json::json;

use super::{COMPOSE, click, fill, name_and_image, numbered, open, paste, review, row, says, sent, to_top};

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_while_it_is_typed() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        open(console, "North America", "ServicePending").await?;
        let first = numbered(console, "1");
        // Nothing is held against an empty form before somebody wants to go on.
        assert!(
            console
                .driver()
                .find_all(thirtyfour::By::Css(".field-error"))
                .await?
                .is_empty()
        );
        console.click(BUTTON, console.t("deploy.review")).await?;
        for key in ["rule.name_empty", "rule.image_empty", "deploy.disk_not_mounted"] {
            says(console, &first, console.t(key)).await?;
        }
        console.see(console.t("deploy.not_yet")).await?;
        let focused = console
            .run("return document.activeElement.getAttribute('aria-invalid')")
            .await?;
        assert_eq!(focused, "true", "the first wrong field has the focus");
        console.accessible().await?;

        let image = console.t("deploy.image");
        fill(console, &first, image, "NGINX").await?;
        says(
            console,
            &first,
            &console.t_with("rule.image_upper_case", &[("segment", "NGINX")]),
        )
        .await?;
        fill(console, &first, image, "nginx:does-not-exist").await?;
        says(console, &first, console.t("deploy.image_missing")).await?;
        fill(console, &first, image, "nginx").await?;
        says(console, &first, console.t("deploy.image_found")).await?;
        fill(console, &first, console.t("deploy.name"), "Web").await?;
        says(
            console,
            "Web",
            &console.t_with("rule.name_character", &[("character", "W")]),
        )
        .await?;
        fill(console, "Web", console.t("deploy.name"), "web").await?;

        click(console, "web", "deploy.add_port").await?;
        fill(console, "web", &row(console, "deploy.container_port", "1"), "65536").await?;
        says(console, "web", console.t("deploy.not_a_port")).await?;
        fill(console, "web", &row(console, "deploy.container_port", "1"), "65535").await?;
        // A port of the machines themselves is never free.
        fill(console, "web", &row(console, "deploy.host_port", "1"), "22").await?;
        says(console, "web", &console.t_with("deploy.occupied", &[("port", "22")])).await?;
        fill(console, "web", &row(console, "deploy.host_port", "1"), "30022").await?;
        says(console, "web", console.t("deploy.ports_free")).await?;
        fill(console, "web", console.t("deploy.mount_path"), "data").await?;
        says(console, "web", console.t("rule.path_relative")).await?;
        fill(console, "web", console.t("deploy.mount_path"), "/data").await?;
        fill(console, "web", console.t("deploy.command"), "sh -c 'x").await?;
        says(console, "web", console.t("deploy.unclosed_quote")).await?;
        fill(console, "web", console.t("deploy.command"), "sh").await?;

        // A copy has to differ, and takes up what is left.
        console
            .click(BUTTON, &console.t_with("deploy.duplicate", &[("container", "web")]))
            .await?;
        says(
            console,
            "web-2",
            &console.t_with("deploy.same_image", &[("container", "web")]),
        )
        .await?;
        fill(console, "web-2", console.t("deploy.image"), "redis:7").await?;
        says(console, "web-2", console.t("deploy.image_found")).await?;
        click(console, "web-2", "deploy.add_port").await?;
        fill(console, "web-2", &row(console, "deploy.container_port", "1"), "65535").await?;
        let same = console.t_with("deploy.same_port", &[("port", "65535"), ("container", "web")]);
        says(console, "web-2", &same).await?;
        console
            .see(&console.t_with("deploy.containers_used_up", &[("units", "2")]))
            .await?;
        click(console, "web-2", "deploy.unit_more").await?;
        let sum = console.t_with("deploy.too_many_units", &[("sum", "3"), ("units", "2")]);
        console.see(&sum).await?;
        console.accessible().await?;
        click(console, "web-2", "deploy.unit_less").await?;
        console.not_see(&sum).await?;
        console
            .click(BUTTON, &console.t_with("deploy.remove", &[("container", "web-2")]))
            .await?;
        console.not_see(console.t("deploy.not_yet")).await?;
        assert!(sent(console).await?.is_empty());
        review(console, "deploy.review_start").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_image_that_cannot_be_checked_can_be_checked_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 503");
        open(console, "Europe", "ServicePending").await?;
        console
            .platform()
            .fault(json!({ "path": "/api/v1/k8s/images", "method": "GET", "status": 503 }))
            .await?;
        let first = numbered(console, "1");
        fill(console, &first, console.t("deploy.image"), "nginx:1.27").await?;
        says(console, &first, console.t("deploy.image_unknown")).await?;
        console.platform().no_faults().await?;
        click(console, &first, "action.retry").await?;
        says(console, &first, console.t("deploy.image_found")).await?;
        // Typing asks once for what was typed, not for every letter.
        let asked = console.requests_to("/api/v1/k8s/images").await?;
        let asked = asked.iter().filter(|request| request.method == "GET").count();
        assert!(asked <= 4, "{asked} requests");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn where_nothing_can_be_deployed_it_is_said_why() -> Result<()> {
    journey(Setup::default(), async |console| {
        let paused = console.platform().service_in("Europe", "ServiceStop").await?;
        let past = console.platform().service_in("Tokyo", "ServiceDone").await?;
        let services = console.platform().services().await?;
        let watcher = services
            .iter()
            .find(|service| {
                service["status"] == "ServicePending" && service["serviceOptions"]["resourceUnit"].is_null()
            })
            .and_then(|service| service["id"].as_str())
            .context("no service without containers")?;
        console.open_demo(&format!("/service/{paused}/deployment")).await?;
        console.page(console.t("deploy.why_paused")).await?;
        console.goto(&format!("/service/{past}/deployment")).await?;
        console.sign_in_demo().await?;
        console.page(console.t("deploy.why_ended")).await?;
        console.goto(&format!("/service/{watcher}/deployment")).await?;
        console.sign_in_demo().await?;
        console.page(console.t("deploy.why_no_containers")).await?;
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn everything_fits_a_phone_and_speaks_chinese() -> Result<()> {
    let setup = Setup {
        language: "zh-CN",
        size: (390, 844),
        dark: true,
        ..Setup::default()
    };
    journey(setup, async |console| {
        open(console, "North America", "ServicePending").await?;
        console.fits().await?;
        console.click(BUTTON, console.t("deploy.review")).await?;
        console.see("请填写名称。").await?;
        console.accessible().await?;
        let first = numbered(console, "1");
        name_and_image(console, &first, "web", "nginx:1.27").await?;
        click(console, "web", "deploy.add_port").await?;
        fill(console, "web", &row(console, "deploy.container_port", "1"), "80").await?;
        click(console, "web", "deploy.add_variable").await?;
        fill(console, "web", &row(console, "deploy.variable_name", "1"), "A B").await?;
        fill(console, "web", console.t("deploy.mount_path"), "/data").await?;
        click(console, "web", "deploy.add_config").await?;
        console.fits().await?;
        console.accessible().await?;
        let remove = row(console, "deploy.remove_variable", "1");
        console.click(BUTTON, &remove).await?;
        click(console, "web", "deploy.remove_config").await?;
        review(console, "deploy.review_start").await?;
        console.fits().await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("deploy.back")).await?;
        console.gone(DIALOG, console.t("deploy.review_start")).await?;
        to_top(console).await?;
        console.click(BUTTON, console.t("import.action")).await?;
        paste(console, console.t("import.source"), COMPOSE).await?;
        console.find("table", console.t("import.not_carried")).await?;
        console.fits().await?;
        console.accessible().await
    })
    .await
}
