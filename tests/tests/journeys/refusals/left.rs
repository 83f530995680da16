//! Pages that are left while what was confirmed in them is still on its way.

use anyhow::Result;
use browser_tests::{BUTTON, Console, LINK, Setup, journey, until};
use serde_json::json;

use super::{look_once, sent};

const UPDATE: (&str, &str) = ("PUT", "/api/v1/k8s/pod/update");

/// Types another file, confirms it, and leaves for the overview before the host has answered with this status; none for the
/// real answer.
async fn send_and_leave(console: &Console, text: &str, status: Option<u16>) -> Result<()> {
    let before = sent(console, UPDATE).await?;
    let mut fault = json!({ "path": UPDATE.1, "method": UPDATE.0, "hold": true });
    if let Some(status) = status {
        fault["status"] = json!(status);
    }
    console.platform().fault(fault).await?;
    let file = console.t_with("config_files.file_of", &[("container", "app")]);
    console.fill(&file, text).await?;
    console.click(BUTTON, console.t("config_files.review")).await?;
    console.click(BUTTON, console.t("config_files.send")).await?;
    console.see(console.t("config_files.sending")).await?;
    until("the change on its way", async || {
        Ok((sent(console, UPDATE).await? > before).then_some(()))
    })
    .await?;
    console.click(LINK, console.t("service.tab_overview")).await?;
    console.page(console.t("service.options")).await?;
    console.platform().no_faults().await
}

#[tokio::test]
async fn a_configuration_that_was_left_while_it_was_sent_is_in_force_or_still_typed() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 4");
        console.expect_error("status of 5");
        let id = console.platform().service_in("Europe", "ServiceStop").await?;
        look_once(console).await?;
        console.open_demo(&format!("/service/{id}/config")).await?;
        let official = console.official().await?;
        let file = console.t_with("config_files.file_of", &[("container", "app")]);
        let in_force =
            async || Ok::<_, anyhow::Error>(official.run(&["service", "configmap", &id]).await?["app"].clone());
        let before = in_force().await?;
        console.click(BUTTON, console.t("config_files.edit")).await?;

        // Refused: said on the page that is shown now, and what was typed is there where it was.
        for (status, key, title) in [
            (403, "operation.failed", "error.forbidden"),
            (500, "operation.uncertain", "error.server"),
        ] {
            let text = format!("answered: {status}\n");
            send_and_leave(console, &text, Some(status)).await?;
            let said = console.t_with(key, &[("id", &id), ("reason", "")]);
            console.see(said.trim_end()).await?;
            console.see(console.t(title)).await?;
            console.accessible().await?;
            assert_eq!(in_force().await?, before);
            console.click(LINK, console.t("config_files.tab")).await?;
            let typed = console.field(&file).await?.prop("value").await?;
            assert_eq!(typed.as_deref(), Some(text.as_str()));
        }

        // Accepted: said as well, and nothing is offered again.
        send_and_leave(console, "answered: yes\n", None).await?;
        console.see(console.t("config_files.saved")).await?;
        assert_eq!(in_force().await?, "answered: yes\n");
        console.click(LINK, console.t("config_files.tab")).await?;
        console.find(BUTTON, console.t("config_files.edit")).await?;
        console.see("answered: yes").await?;
        assert!(!console.has(BUTTON, console.t("draft.continue")).await?);
        let stored = console
            .run("return JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
            .await?;
        assert!(
            !stored.to_string().contains("config/"),
            "a draft is left behind: {stored}"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_deployment_that_was_left_while_it_was_sent_says_elsewhere_why_it_was_refused() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 403");
        let update = ("POST", "/api/v1/k8s/deployment/update");
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        console.open_demo(&format!("/service/{id}")).await?;
        console.click(LINK, console.t("deploy.update")).await?;
        let image = console.t("deploy.image");
        console.fill(image, "vcloud/counter:1").await?;
        console.see(console.t("deploy.image_found")).await?;
        console
            .platform()
            .fault(json!({ "path": update.1, "method": update.0, "hold": true, "status": 403 }))
            .await?;
        console.run("window.scrollTo(0, 0)").await?;
        console.click(BUTTON, console.t("deploy.review")).await?;
        console.click(BUTTON, console.t("deploy.send_update")).await?;
        until("the deployment on its way", async || {
            Ok((sent(console, update).await? == 1).then_some(()))
        })
        .await?;
        // The browser's own way back leads out of the open question as well.
        console.driver().back().await?;
        console.page(console.t("service.options")).await?;
        console.platform().no_faults().await?;
        let said = console.t_with("operation.failed", &[("id", &id), ("reason", "")]);
        console.see(said.trim_end()).await?;
        console.see(console.t("error.forbidden")).await?;
        let deployed = console
            .platform()
            .ask_region(&id, "/api/v1/k8s/deployment/info")
            .await?;
        assert_eq!(deployed["containers"][0]["imageName"], "vcloud/json-logger:2.4");

        console.click(LINK, console.t("deploy.update")).await?;
        let typed = console.field(image).await?.prop("value").await?;
        assert_eq!(typed.as_deref(), Some("vcloud/counter:1"));
        console.run("window.scrollTo(0, 0)").await?;
        console.click(BUTTON, console.t("deploy.review")).await?;
        console.click(BUTTON, console.t("deploy.send_update")).await?;
        console.see(console.t("deploy.running")).await
    })
    .await
}
