//! Changes that are a question and a button: refused in every way, for one service and for many.

use anyhow::{Context as _, Result, ensure};
use browser_tests::{BUTTON, Console, DIALOG, Setup, journey, until};
use serde_json::json;

use super::{answer_with, answers, ask_and_confirm, dismiss, hurry, sent};
use crate::contacts::{ask_code, enter};
use crate::many::{THREE, confirm, item, select, started, status};

const RESTART: &str = "/api/v1/k8s/pod/restart";
const DELETE_EMAIL: &str = "/api/v1/contact/userServiceContact/delete/email";
const VERIFY: &str = "/api/v1/contact/userServiceContact/bind/verifyCode";

/// How a service stands: its status, and since when it runs.
async fn stands(console: &Console, id: &str) -> Result<(String, String)> {
    Ok((status(console, id).await?, started(console, id).await?))
}

/// What the corner says of an operation that failed, without the reason.
fn failed(console: &Console, key: &str, id: &str) -> String {
    console.t_with(key, &[("id", id), ("reason", "")]).trim_end().to_owned()
}

#[tokio::test]
async fn every_failure_of_an_operation_is_named_and_the_service_shown_as_it_is() -> Result<()> {
    journey(Setup::default(), async |console| {
        for part in ["status of 4", "status of 5"] {
            console.expect_error(part);
        }
        for (operation, path, (region, before)) in [
            ("operation.restart", RESTART, ("Helsinki", "ServiceRunning")),
            ("operation.pause", "/api/v1/k8s/pod/stop", ("Tokyo", "ServiceRunning")),
            ("operation.resume", "/api/v1/k8s/pod/start", ("Europe", "ServiceStop")),
        ] {
            let id = console.platform().service_in(region, before).await?;
            console.open_demo(&format!("/service/{id}")).await?;
            let (name, title) = (console.t(operation), console.t(&format!("{operation}_title")));
            let stood = stands(console, &id).await?;
            let badge = console.t(if before == "ServiceStop" {
                "status.paused"
            } else {
                "status.running"
            });
            for (count, answer) in answers().into_iter().enumerate() {
                let at = format!("{} of {path}", answer.title);
                answer_with(console, ("POST", path), &answer).await?;
                ask_and_confirm(console, name, title).await?;
                let key = if answer.leaves_open() {
                    "operation.uncertain"
                } else {
                    "operation.failed"
                };
                for text in [&failed(console, key, &id), console.t(answer.title)] {
                    console.see(text).await.context(at.clone())?;
                }
                console.see(answer.words.as_deref().unwrap_or_default()).await?;
                console.platform().no_faults().await?;
                ensure!(sent(console, ("POST", path)).await? == count + 1, "{at}: not sent once");
                ensure!(stands(console, &id).await? == stood, "{at}: carried out");
                console.see(badge).await?;
                if count == 0 {
                    console.accessible().await?;
                }
                dismiss(console).await?;
            }
            ask_and_confirm(console, name, title).await?;
            console.see(console.t("operation.sent")).await?;
            until("the service to be another", async || {
                let now = stands(console, &id).await?;
                let runs_anew = operation != "operation.restart" || !now.1.is_empty();
                Ok((now != stood && runs_anew).then_some(()))
            })
            .await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_host_that_never_answers_is_given_up_and_what_it_did_is_left_open() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        console.open_demo(&format!("/service/{id}")).await?;
        let restart = console.t("operation.restart");
        console.find(BUTTON, restart).await?;
        hurry(console).await?;
        let silent = |path: &str| json!({ "path": path, "method": "POST", "hold": true, "status": 503 });
        console.platform().fault(silent(RESTART)).await?;
        ask_and_confirm(console, restart, console.t("operation.restart_title")).await?;
        console.see(&failed(console, "operation.uncertain", &id)).await?;
        console.see(console.t("error.timeout")).await?;
        console.accessible().await?;
        dismiss(console).await?;

        // A form says it where it was typed, and keeps that.
        let label = "/api/v1/k8s/deployment/metadata/label";
        console.platform().fault(silent(label)).await?;
        let edit = console.t_with("overview_edit.label", &[("id", &id)]);
        console.click(BUTTON, &edit).await?;
        console.fill(console.t("service.label"), "late").await?;
        console.click(BUTTON, console.t("overview_edit.save")).await?;
        console.see(console.t("error.timeout")).await?;
        let typed = console.field(console.t("service.label")).await?.prop("value").await?;
        assert_eq!(typed.as_deref(), Some("late"));
        assert_eq!(sent(console, ("POST", RESTART)).await?, 1);
        assert_eq!(sent(console, ("POST", label)).await?, 1);

        console.platform().no_faults().await?;
        console.click(BUTTON, console.t("overview_edit.save")).await?;
        until("the label at the platform", async || {
            let details = console.platform().details(&id).await?;
            Ok((details["customizedLabel"] == "late").then_some(()))
        })
        .await?;
        ask_and_confirm(console, restart, console.t("operation.restart_title")).await?;
        console.see(console.t("operation.sent")).await
    })
    .await
}

#[tokio::test]
async fn a_code_and_an_address_outlive_every_failure_of_binding_and_unbinding() -> Result<()> {
    journey(Setup::default(), async |console| {
        for part in ["status of 4", "status of 5"] {
            console.expect_error(part);
        }
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        let bound = async || Ok::<_, anyhow::Error>(console.platform().details(&id).await?["email"].clone());
        console.open_demo(&format!("/service/{id}/access")).await?;
        ask_code(console, "email.bind", "kept@example.org").await?;
        let code = console.platform().mailed_code("kept@example.org", 1).await?;
        for (count, answer) in answers().into_iter().enumerate() {
            answer_with(console, ("POST", VERIFY), &answer).await?;
            enter(console, &code).await?;
            // A code that is refused is the everyday case, and has words of its own.
            let title = if answer.title == "error.refused" {
                "email.code_refused"
            } else {
                answer.title
            };
            console.see(console.t(title)).await?;
            console.platform().no_faults().await?;
            ensure!(
                sent(console, ("POST", VERIFY)).await? == count + 1,
                "{title}: not sent once"
            );
            let typed = console.field(console.t("email.code")).await?.prop("value").await?;
            ensure!(typed.as_ref() == Some(&code), "{title}: {typed:?} instead of {code}");
            ensure!(bound().await? != "kept@example.org", "{title}: bound");
        }
        console.accessible().await?;
        console.click(BUTTON, console.t("email.confirm")).await?;
        console.see(console.t("email.bound_now")).await?;
        console.find(BUTTON, console.t("email.unbind")).await?;
        for (count, answer) in answers().into_iter().enumerate() {
            answer_with(console, ("POST", DELETE_EMAIL), &answer).await?;
            ask_and_confirm(console, console.t("email.unbind"), console.t("email.unbind_title")).await?;
            console.see(console.t(answer.title)).await?;
            console.platform().no_faults().await?;
            let title = answer.title;
            ensure!(
                sent(console, ("POST", DELETE_EMAIL)).await? == count + 1,
                "{title}: not sent once"
            );
            ensure!(bound().await? == "kept@example.org", "{title}: unbound");
            console.see("kept@example.org").await?;
        }
        console.accessible().await?;
        ask_and_confirm(console, console.t("email.unbind"), console.t("email.unbind_title")).await?;
        console.see(console.t("email.none")).await?;
        ensure!(bound().await? == "", "still bound");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn of_many_only_the_failed_one_is_paused_or_labelled_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 4");
        let label = "/api/v1/k8s/deployment/metadata/label";
        for (button, title, action, path) in [
            ("bulk.label", "bulk.label_title", "bulk.label_do", label),
            (
                "operation.pause",
                "bulk.pause_title",
                "bulk.pause_do",
                "/api/v1/k8s/pod/stop",
            ),
        ] {
            let ids = select(console, &THREE).await?;
            let refusal = json!({ "error": { "code": 403, "message": "this one not" } }).to_string();
            console
                .platform()
                .fault(json!({
                    "path": path, "method": "POST", "host": "north-america.localhost", "status": 403, "body": refusal,
                }))
                .await?;
            console.click(BUTTON, console.t(button)).await?;
            let dialog = console.find(DIALOG, console.t(title)).await?;
            if path == label {
                console.fill(console.t("column.label"), "fleet").await?;
            }
            confirm(console, &dialog, action, 3).await?;
            item(console, &ids[0], "bulk.accepted").await?;
            item(console, &ids[1], "bulk.failed").await?;
            item(console, &ids[1], "error.forbidden").await?;
            item(console, &ids[2], "bulk.accepted").await?;
            console.see("this one not").await?;
            console.accessible().await?;
            let (took, refused) = (
                is_done(console, &ids[0], path).await?,
                is_done(console, &ids[1], path).await?,
            );
            assert!(took && !refused, "{path}: {took} {refused}");
            console.platform().no_faults().await?;
            console.click(BUTTON, console.t("bulk.retry")).await?;
            item(console, &ids[1], "bulk.accepted").await?;
            assert!(is_done(console, &ids[1], path).await?, "{path}: accepted, but not done");
            assert_eq!(
                sent(console, ("POST", path)).await?,
                4,
                "{path}: the others were sent again"
            );
            console.click(BUTTON, console.t("bulk.close")).await?;
        }
        Ok(())
    })
    .await
}

/// Whether a service was labelled or paused.
async fn is_done(console: &Console, id: &str, path: &str) -> Result<bool> {
    if path.ends_with("/stop") {
        return Ok(status(console, id).await? == "ServiceStop");
    }
    Ok(console.platform().details(id).await?["customizedLabel"] == "fleet")
}
