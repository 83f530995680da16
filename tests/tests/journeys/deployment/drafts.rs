//! What was typed and not sent.

use anyhow::{Result, ensure};
use browser_tests::{BUTTON, COMBOBOX, Console, DIALOG, HEADING, LINK, Setup, journey, until};

use super::{card, click, fill, kept, numbered, open, row, says, to_top, value};

/// Fills the form with something that is and something that is no secret.
async fn type_a_draft(console: &Console) -> Result<()> {
    let first = numbered(console, "1");
    fill(console, &first, console.t("deploy.image"), "nginx:1.27").await?;
    fill(console, &first, console.t("deploy.name"), "web").await?;
    click(console, "web", "deploy.add_variable").await?;
    fill(console, "web", &row(console, "deploy.variable_name", "1"), "TOKEN").await?;
    fill(console, "web", &row(console, "deploy.variable_value", "1"), "swordfish").await?;
    click(console, "web", "deploy.add_config").await?;
    fill(console, "web", console.t("deploy.config_path"), "/etc/app.yaml").await?;
    fill(console, "web", console.t("deploy.config_file"), "pass: hunter2").await?;
    until("the draft in the browser's storage", async || {
        Ok(kept(console).await?.contains("/etc/app.yaml").then_some(()))
    })
    .await?;
    let kept = kept(console).await?;
    ensure!(
        !kept.contains("swordfish") && !kept.contains("hunter2"),
        "a secret is in the browser's storage: {kept}"
    );
    Ok(())
}

#[tokio::test]
async fn a_draft_survives_a_reload_and_a_lock_without_its_secrets() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Europe", "ServicePending").await?;
        console.open_kept(&format!("/service/{id}/deployment")).await?;
        console.find(BUTTON, console.t("deploy.review")).await?;
        type_a_draft(console).await?;

        // Another tab of the same service takes nothing away, not even what is secret.
        to_top(console).await?;
        console.click(LINK, console.t("service.tab_logs")).await?;
        console.click(LINK, console.t("service.tab_deployment")).await?;
        assert_eq!(
            value(console, "web", &row(console, "deploy.variable_value", "1")).await?,
            "swordfish"
        );
        assert_eq!(
            value(console, "web", console.t("deploy.config_file")).await?,
            "pass: hunter2"
        );

        console.leave("shell.lock").await?;
        console.unlock().await?;
        console.find(BUTTON, console.t("draft.continue")).await?;
        console.see(console.t("deploy.draft_left_out")).await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("draft.continue")).await?;
        assert_eq!(value(console, "web", console.t("deploy.image")).await?, "nginx:1.27");
        assert_eq!(
            value(console, "web", &row(console, "deploy.variable_name", "1")).await?,
            "TOKEN"
        );
        assert_eq!(
            value(console, "web", &row(console, "deploy.variable_value", "1")).await?,
            ""
        );

        console.reload().await?;
        console.unlock().await?;
        console.click(BUTTON, console.t("draft.discard")).await?;
        let first = numbered(console, "1");
        assert_eq!(value(console, &first, console.t("deploy.image")).await?, "");
        assert!(
            !kept(console).await?.contains("/etc/app.yaml"),
            "the draft was not removed"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn typed_things_are_discarded_only_after_a_question() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Hong Kong", "ServiceRunning").await?;
        says(console, "relay", console.t("deploy.ports_free")).await?;
        assert_eq!(
            value(console, "relay", &row(console, "deploy.host_port", "1")).await?,
            "27777"
        );
        let protocol = card(console, "relay").await?;
        let first = row(console, "deploy.protocol", "1");
        let protocol = console.find_within(Some(&protocol), COMBOBOX, &first).await?;
        assert_eq!(protocol.prop("value").await?.as_deref(), Some("UDP"));
        fill(console, "relay", console.t("deploy.image"), "vcloud/counter:2").await?;
        console.click(BUTTON, console.t("deploy.reset")).await?;
        let dialog = console.find(DIALOG, console.t("deploy.reset_title")).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("deploy.reset"))
            .await?;
        console.gone(HEADING, console.t("deploy.reset_title")).await?;
        assert_eq!(
            value(console, "relay", console.t("deploy.image")).await?,
            "vcloud/counter:1"
        );
        Ok(())
    })
    .await
}
