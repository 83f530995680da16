//! Pages that are left while what was confirmed in them is still on its way.

use anyhow::Result;
use browser_tests::{BUTTON, Console, LINK, Setup, journey, until};
use serde_json::json;

use super::{dismiss, look_once, press, sent};

const UPDATE: (&str, &str) = ("PUT", "/api/v1/k8s/pod/update");

/// Holds requests until the faults are switched off, then answers with this status; with the real answer where there is none.
async fn hold(console: &Console, (method, path): (&str, &str), status: Option<u16>) -> Result<()> {
    let mut fault = json!({ "path": path, "method": method, "hold": true });
    if let Some(status) = status {
        fault["status"] = json!(status);
    }
    console.platform().fault(fault).await?;
    Ok(())
}

/// Types another file, confirms it, and leaves for the overview before the host has answered with this status; none for the
/// real answer.
async fn send_and_leave(console: &Console, text: &str, status: Option<u16>) -> Result<()> {
    let before = sent(console, UPDATE).await?;
    hold(console, UPDATE, status).await?;
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

/// A change that is confirmed in a dialog.
struct Question {
    /// The key of the link that leads to its tab.
    tab: &'static str,
    /// What opens the dialog that it is typed in; nothing where it is typed in the page.
    opener: Option<fn(&Console) -> String>,
    /// The key of the label of its field, and what is typed there.
    field: (&'static str, &'static str),
    /// The key of the button that leads to a review, where there is one.
    review: Option<&'static str>,
    /// The key of the button that sends it.
    send: &'static str,
    /// Method and path of its request.
    request: (&'static str, &'static str),
    /// The path of the region's host that tells what was typed, once it is carried out.
    told_by: &'static str,
    /// The key of what is said of it where it was accepted after the page was left.
    accepted: Option<&'static str>,
}

const QUESTIONS: [Question; 3] = [
    Question {
        tab: "domains.tab",
        opener: Some(|console| console.t("domains.bind").to_owned()),
        field: ("domains.domain", "left.example.org"),
        review: None,
        send: "domains.bind_action",
        request: ("POST", "/api/v1/k8s/pod/ingress"),
        told_by: "/api/v1/k8s/pod/status",
        accepted: None,
    },
    Question {
        tab: "service.tab_containers",
        opener: Some(|console| console.t_with("image.update_of", &[("container", "collector")])),
        field: ("image.new", "vcloud/json-logger:2.5"),
        review: None,
        send: "image.update",
        request: ("PATCH", "/api/v1/k8s/pod/images"),
        told_by: "/api/v1/k8s/deployment/info",
        accepted: Some("image.sent"),
    },
    Question {
        tab: "deploy.update",
        opener: None,
        field: ("deploy.image", "vcloud/counter:1"),
        review: Some("deploy.review"),
        send: "deploy.send_update",
        request: ("POST", "/api/v1/k8s/deployment/update"),
        told_by: "/api/v1/k8s/deployment/info",
        accepted: Some("operation.sent"),
    },
];

impl Question {
    async fn is_told(&self, console: &Console, id: &str) -> Result<bool> {
        let told = console.platform().ask_region(id, self.told_by).await?;
        Ok(told.to_string().contains(self.field.1))
    }

    /// Confirms it and leaves by the browser's own way back, which leads out of an open dialog as well, before the host has
    /// answered with this status; none for the real answer.
    async fn send_and_leave(&self, console: &Console, status: Option<u16>) -> Result<()> {
        let before = sent(console, self.request).await?;
        hold(console, self.request, status).await?;
        if let Some(review) = self.review {
            console.run("window.scrollTo(0, 0)").await?;
            console.click(BUTTON, console.t(review)).await?;
        }
        press(console, console.t(self.send)).await?;
        until("the change on its way", async || {
            Ok((sent(console, self.request).await? > before).then_some(()))
        })
        .await?;
        console.driver().back().await?;
        console.page(console.t("service.options")).await?;
        console.platform().no_faults().await
    }
}

#[tokio::test]
async fn what_was_confirmed_in_a_dialog_and_left_says_elsewhere_what_became_of_it() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 403");
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        console.open_demo(&format!("/service/{id}")).await?;
        for question in QUESTIONS {
            let (label, text) = question.field;
            console.click(LINK, console.t(question.tab)).await?;
            if let Some(opener) = question.opener {
                console.click(BUTTON, &opener(console)).await?;
            }
            console.fill(console.t(label), text).await?;
            question.send_and_leave(console, Some(403)).await?;
            let said = console.t_with("operation.failed", &[("id", &id), ("reason", "")]);
            console.see(said.trim_end()).await?;
            console.see(console.t("error.forbidden")).await?;
            assert!(!question.is_told(console, &id).await?, "{text}: carried out");
            dismiss(console).await?;

            console.click(LINK, console.t(question.tab)).await?;
            if question.opener.is_some() {
                console.click(BUTTON, console.t("draft.continue")).await?;
            }
            let typed = console.field(console.t(label)).await?.prop("value").await?;
            assert_eq!(typed.as_deref(), Some(text));
            question.send_and_leave(console, None).await?;
            if let Some(key) = question.accepted {
                console.see(console.t(key)).await?;
            }
            until("the change at the platform", async || {
                Ok(question.is_told(console, &id).await?.then_some(()))
            })
            .await?;
            dismiss(console).await?;
            // Until what was asked for is there, nothing more can be asked for.
            console.see(console.t("status.running")).await?;
            console.click(LINK, console.t(question.tab)).await?;
            let there = question
                .opener
                .map_or_else(|| console.t("deploy.review").to_owned(), |opener| opener(console));
            console.find(BUTTON, &there).await?;
            assert!(
                !console.has(BUTTON, console.t("draft.continue")).await?,
                "{text} is offered"
            );
            console.click(LINK, console.t("service.tab_overview")).await?;
        }
        Ok(())
    })
    .await
}
