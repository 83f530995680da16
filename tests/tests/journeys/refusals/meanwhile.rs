//! What somebody else did while the page showed how it was before: the platform's refusal is shown, then how it is now.

use anyhow::Result;
use browser_tests::{BUTTON, CHECKBOX, LINK, Setup, journey};

use super::{ask_and_confirm, look_once, press};
use crate::contacts::{ask_code, enter};

#[tokio::test]
async fn a_service_that_was_paused_elsewhere_is_not_restarted_but_shown_as_paused() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 400");
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        look_once(console).await?;
        console.open_demo(&format!("/service/{id}")).await?;
        let restart = console.t("operation.restart");
        console.find(BUTTON, restart).await?;
        let official = console.official().await?;
        official.run(&["service", "pause", &id]).await?;
        ask_and_confirm(console, restart, console.t("operation.restart_title")).await?;
        console.see("the service is stopped").await?;
        console.see(console.t("error.refused")).await?;
        console.see(console.t("status.paused")).await?;
        console.gone(BUTTON, restart).await?;
        console.accessible().await?;
        assert_eq!(official.status(&id).await?, "ServiceStop");

        let resume = console.t("operation.resume");
        ask_and_confirm(console, resume, console.t("operation.resume_title")).await?;
        console.see(console.t("status.running")).await?;
        console.find(BUTTON, restart).await?;
        assert_eq!(official.status(&id).await?, "ServiceRunning");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_domain_that_is_not_bound_any_more_is_said_to_be_gone() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        look_once(console).await?;
        console.open_demo("/services/running").await?;
        console.click(LINK, &id).await?;
        console.click(LINK, console.t("domains.tab")).await?;
        let domains = console.t("service.domains");
        console
            .table_where(domains, "three domains", |table| table.rows.len() == 3)
            .await?;
        let official = console.official().await?;
        official.run(&["service", "domain", "unbind", &id]).await?;
        let select = console.t_with("domains.select", &[("domain", "shop.example.com")]);
        console.click(CHECKBOX, &select).await?;
        console
            .click(BUTTON, &console.t_with("domains.unbind_some.one", &[("count", "1")]))
            .await?;
        press(console, console.t("domains.unbind_action")).await?;
        console.see(console.t("error.not_found")).await?;
        console.see("shop.example.com is not bound to this service").await?;
        // What was asked about is still named, though it is gone below.
        console
            .page(&console.t_with("domains.unbind_title.one", &[("count", "1")]))
            .await?;
        console.accessible().await?;
        press(console, console.t("action.cancel")).await?;
        console.page(console.t("domains.none_title")).await
    })
    .await
}

#[tokio::test]
async fn an_address_that_was_unbound_elsewhere_is_not_shown_any_more() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        look_once(console).await?;
        console.open_demo(&format!("/service/{id}/access")).await?;
        ask_code(console, "email.bind", "gone@example.org").await?;
        let code = console.platform().mailed_code("gone@example.org", 1).await?;
        enter(console, &code).await?;
        console.find(BUTTON, console.t("email.unbind")).await?;
        console.not_see(console.t("email.pending")).await?;
        let official = console.official().await?;
        official.run(&["service", "email", "service-unbind", &id]).await?;
        ask_and_confirm(console, console.t("email.unbind"), console.t("email.unbind_title")).await?;
        console.see(console.t("error.not_found")).await?;
        console.see(console.t("email.none")).await?;
        console.not_see("gone@example.org").await?;
        console.accessible().await
    })
    .await
}
