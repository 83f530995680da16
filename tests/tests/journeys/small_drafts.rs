//! Texts and dialogs that were open when the console was locked, or its page loaded again: what was typed is offered where it was.

use anyhow::{Result, ensure};
use browser_tests::{BUTTON, CHECKBOX, Console, DIALOG, Setup, journey, until};
use serde_json::json;

/// Everything that the browser keeps, as whoever gets at the disk would read it.
async fn stored(console: &Console) -> Result<String> {
    let stored = console
        .run("return JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
        .await?;
    Ok(stored.to_string())
}

/// Waits until a draft of that place is stored; nobody can read in it what was typed.
async fn is_kept(console: &Console, place: &str, typed: &str) -> Result<()> {
    let stored = until(&format!("a draft of {place}"), async || {
        let stored = stored(console).await?;
        Ok(stored.contains(place).then_some(stored))
    })
    .await?;
    ensure!(!stored.contains(typed), "{typed} is stored in clear");
    Ok(())
}

async fn nothing_kept(console: &Console, place: &str) -> Result<()> {
    until(&format!("no draft of {place}"), async || {
        Ok((!stored(console).await?.contains(place)).then_some(()))
    })
    .await
}

async fn typed(console: &Console, label: &str) -> Result<String> {
    Ok(console.field(label).await?.prop("value").await?.unwrap_or_default())
}

#[tokio::test]
async fn a_text_that_was_not_saved_is_there_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        console.open_kept(&format!("/service/{id}")).await?;
        for (part, name, label, text) in [
            ("label", "overview_edit.label", "service.label", "half-a-label"),
            (
                "description",
                "overview_edit.description",
                "service.description",
                "half a description",
            ),
        ] {
            let (edit, label) = (console.t_with(name, &[("id", &id)]), console.t(label));
            console.click(BUTTON, &edit).await?;
            let before = typed(console, label).await?;
            console.fill(label, text).await?;
            is_kept(console, &format!("{part}/{id}"), text).await?;
            console.leave("shell.lock").await?;
            console.unlock().await?;
            console.find(BUTTON, console.t("draft.unsaved")).await?;
            console.accessible().await?;
            console.reload().await?;
            console.unlock().await?;
            console.click(BUTTON, console.t("draft.unsaved")).await?;
            assert_eq!(typed(console, label).await?, text);

            // Whoever cancels has done with it.
            console.click(BUTTON, console.t("action.cancel")).await?;
            nothing_kept(console, &format!("{part}/{id}")).await?;
            console.gone(BUTTON, console.t("draft.unsaved")).await?;
            console.click(BUTTON, &edit).await?;
            assert_eq!(typed(console, label).await?, before);
            console.click(BUTTON, console.t("action.cancel")).await?;
        }

        // What is saved leaves nothing behind, and what is discarded is gone.
        let (edit, label) = (
            console.t_with("overview_edit.label", &[("id", &id)]),
            console.t("service.label"),
        );
        console.click(BUTTON, &edit).await?;
        console.fill(label, "whole").await?;
        is_kept(console, &format!("label/{id}"), "whole").await?;
        console.click(BUTTON, console.t("overview_edit.save")).await?;
        nothing_kept(console, &format!("label/{id}")).await?;
        console.not_see(console.t("overview_edit.pending")).await?;
        console.click(BUTTON, &edit).await?;
        console.fill(label, "unwanted").await?;
        is_kept(console, &format!("label/{id}"), "unwanted").await?;
        console.leave("shell.lock").await?;
        console.unlock().await?;
        console.click(BUTTON, console.t("draft.discard")).await?;
        nothing_kept(console, &format!("label/{id}")).await?;
        console.reload().await?;
        console.unlock().await?;
        console.find(BUTTON, &edit).await?;
        assert!(!console.has(BUTTON, console.t("draft.unsaved")).await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_domain_that_was_not_bound_is_there_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        let place = format!("domain/{id}");
        console.open_kept(&format!("/service/{id}/domains")).await?;
        console.click(BUTTON, console.t("domains.bind")).await?;
        console.find(DIALOG, console.t("domains.bind_title")).await?;
        console.fill(console.t("domains.domain"), "half.example.org").await?;
        console.choose(console.t("domains.port"), "443 · web").await?;
        console.click(CHECKBOX, console.t("domains.https_ask")).await?;
        is_kept(console, &place, "half.example.org").await?;
        console.reload().await?;
        console.unlock().await?;
        console.see(console.t("draft.unsent")).await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("draft.continue")).await?;
        assert_eq!(typed(console, console.t("domains.domain")).await?, "half.example.org");
        assert_eq!(typed(console, console.t("domains.port")).await?, "443");
        let https = console.field(console.t("domains.https_ask")).await?;
        assert!(!https.is_selected().await?);
        let dialog = console.find(DIALOG, console.t("domains.bind_title")).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("domains.bind_action"))
            .await?;
        nothing_kept(console, &place).await?;
        console.see("half.example.org").await?;
        console.not_see(console.t("draft.unsent")).await
    })
    .await
}

#[tokio::test]
async fn an_image_that_was_not_sent_is_there_again_without_its_token() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        let id = console.platform().service_in("North America", "ServiceRunning").await?;
        let place = format!("image/{id}/cache");
        console.open_kept(&format!("/service/{id}/containers")).await?;
        let button = console.t_with("image.update_of", &[("container", "cache")]);
        console.click(BUTTON, &button).await?;
        console.fill(console.t("image.new"), "redis:half").await?;
        console.click(CHECKBOX, console.t("image.private")).await?;
        console.fill(console.t("image.username"), "me").await?;
        console.fill(console.t("image.token"), "swordfish").await?;
        is_kept(console, &place, "redis:half").await?;
        console.reload().await?;
        console.unlock().await?;
        console.see(console.t("image.draft")).await?;
        console.click(BUTTON, console.t("draft.continue")).await?;
        assert_eq!(typed(console, console.t("image.new")).await?, "redis:half");
        assert_eq!(typed(console, console.t("image.username")).await?, "me");
        assert_eq!(typed(console, console.t("image.token")).await?, "");
        console.click(BUTTON, console.t("action.cancel")).await?;
        nothing_kept(console, &place).await
    })
    .await
}

#[tokio::test]
async fn an_address_whose_code_is_in_the_mail_is_there_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        let of_service = (format!("/service/{id}/access"), format!("email/{id}"));
        let of_account = ("/email".to_owned(), "email/of-account/v-kube-service".to_owned());
        console.open_kept(&of_service.0).await?;
        for (number, (route, place)) in [(1, of_service), (2, of_account)] {
            if number > 1 {
                console.goto(&route).await?;
                console.unlock().await?;
            }
            console.click(BUTTON, console.t("email.bind")).await?;
            console.fill(console.t("email.address"), "half@example.org").await?;
            is_kept(console, &place, "half@example.org").await?;
            console.leave("shell.lock").await?;
            console.unlock().await?;
            console.see(console.t("email.draft")).await?;
            console.accessible().await?;
            console.click(BUTTON, console.t("draft.continue")).await?;
            assert_eq!(typed(console, console.t("email.address")).await?, "half@example.org");
            console.click(BUTTON, console.t("email.send")).await?;
            let sent = console.t_with("email.sent_to", &[("email", "half@example.org")]);
            console.see(&sent).await?;

            // The code is good for five minutes, wherever the console was meanwhile.
            console.reload().await?;
            console.unlock().await?;
            console.click(BUTTON, console.t("draft.continue")).await?;
            console.see(&sent).await?;
            console.find("timer", "").await?;
            let code = console.platform().mailed_code("half@example.org", number).await?;
            console.fill(console.t("email.code"), &code).await?;
            console.click(BUTTON, console.t("email.confirm")).await?;
            console.see("half@example.org").await?;
            nothing_kept(console, &place).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_label_for_many_and_a_text_to_import_are_there_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        console.open_kept("/services/running").await?;
        let select = console.t_with("list.select_service", &[("id", &id)]);
        console.click(CHECKBOX, &select).await?;
        console.click(BUTTON, console.t("bulk.label")).await?;
        console.fill(console.t("column.label"), "fleet-{n}").await?;
        is_kept(console, "bulk-label", "fleet-{n}").await?;
        console.reload().await?;
        console.unlock().await?;
        console.click(CHECKBOX, &select).await?;
        console.click(BUTTON, console.t("bulk.label")).await?;
        assert_eq!(typed(console, console.t("column.label")).await?, "fleet-{n}");
        console.click(BUTTON, console.t("action.cancel")).await?;
        nothing_kept(console, "bulk-label").await?;

        console.goto(&format!("/service/{id}/deployment")).await?;
        console.unlock().await?;
        console.click(BUTTON, console.t("import.action")).await?;
        console
            .fill(console.t("import.source"), "docker run -e PASS=swordfish nginx")
            .await?;
        is_kept(console, &format!("import/{id}"), "swordfish").await?;
        console.reload().await?;
        console.unlock().await?;
        console.see(console.t("import.draft")).await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("draft.continue")).await?;
        let text = typed(console, console.t("import.source")).await?;
        assert_eq!(text, "docker run -e PASS=swordfish nginx");
        console.click(BUTTON, console.t("action.cancel")).await?;
        nothing_kept(console, &format!("import/{id}")).await
    })
    .await
}

#[tokio::test]
async fn what_was_typed_with_a_token_outlives_a_session_that_ended_by_itself() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.platform().configure(&json!({ "idleLockMinutes": 0.1 })).await?;
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        let token = console.platform().access_token(&id, "active").await?;
        console.goto(&format!("/service/{id}/config")).await?;
        console.sign_in_token(&token).await?;
        console.click(BUTTON, console.t("config_files.edit")).await?;
        let file = console.t_with("config_files.file_of", &[("container", "web")]);
        console.fill(&file, "secret: swordfish").await?;
        is_kept(console, &format!("config/{id}"), "swordfish").await?;
        // Nobody does anything for six seconds.
        console.page(console.t("sign_in.title")).await?;
        console.sign_in_token(&token).await?;
        console.see(console.t("config_files.draft")).await?;
        console.click(BUTTON, console.t("draft.continue")).await?;
        assert_eq!(typed(console, &file).await?, "secret: swordfish");
        Ok(())
    })
    .await
}
