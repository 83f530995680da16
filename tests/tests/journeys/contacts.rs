//! Where notices go: the e-mail address of a service and of the account, bound by a code that is mailed to it.

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, Console, DIALOG, LINK, Setup, TEXTBOX, journey, until};
use serde_json::json;
use thirtyfour::Key;

const PHONE: (u32, u32) = (390, 844);

async fn in_both_themes(console: &Console) -> Result<()> {
    console.dark(false).await?;
    console.accessible().await?;
    console.dark(true).await?;
    console.accessible().await?;
    console.dark(false).await
}

/// Asks for a code for an address, from where nothing is asked yet.
pub(super) async fn ask_code(console: &Console, opener: &str, address: &str) -> Result<()> {
    console.click(BUTTON, console.t(opener)).await?;
    console.fill(console.t("email.address"), address).await?;
    console.click(BUTTON, console.t("email.send")).await?;
    console
        .see(&console.t_with("email.sent_to", &[("email", address)]))
        .await
}

/// Enters a code and sends it.
pub(super) async fn enter(console: &Console, code: &str) -> Result<()> {
    console.fill(console.t("email.code"), code).await?;
    console.click(BUTTON, console.t("email.confirm")).await
}

/// The way from nothing bound to bound, replaced and unbound: the same for a service and an account.
async fn bind_replace_unbind(console: &Console, first: &str, second: &str) -> Result<()> {
    console.see(console.t("email.none")).await?;
    in_both_themes(console).await?;

    // The rule, in words, before anything is sent.
    console.click(BUTTON, console.t("email.bind")).await?;
    in_both_themes(console).await?;
    for (text, key) in [
        ("", "email.empty"),
        ("nobody", "email.at"),
        ("a@b@c.de", "email.at"),
        (".a@example.com", "email.local"),
        ("a@example..com", "email.domain"),
        ("a@localhost", "email.dot"),
    ] {
        console.fill(console.t("email.address"), text).await?;
        console.click(BUTTON, console.t("email.send")).await?;
        console.see(console.t(key)).await?;
    }
    console.accessible().await?;
    assert!(
        console.requests_to("/bind/sendCode").await?.is_empty(),
        "an address against the rule was sent"
    );
    console.click(BUTTON, console.t("action.cancel")).await?;

    ask_code(console, "email.bind", first).await?;
    console.find("timer", "").await?;
    in_both_themes(console).await?;
    let again = |time: &str| console.t_with("email.send_again_in", &[("time", time)]);
    until("the button that waits before it sends again", async || {
        let names = console.names(BUTTON).await?;
        Ok(names
            .iter()
            .any(|name| name.starts_with(again("0:").trim_end_matches("0:")) || *name == again("1:00"))
            .then_some(()))
    })
    .await?;

    // A wrong code is said to be one, and stays.
    enter(console, "not-it").await?;
    console.see(console.t("email.code_refused")).await?;
    console.see("wrong verification code").await?;
    let typed = console.field(console.t("email.code")).await?.prop("value").await?;
    assert_eq!(typed.as_deref(), Some("not-it"));
    in_both_themes(console).await?;

    // Another one can be had after a minute; the first is good no more.
    let old = console.platform().mailed_code(first, 1).await?;
    console.set_ahead(61).await?;
    console.click(BUTTON, console.t("email.send_again")).await?;
    let code = console.platform().mailed_code(first, 2).await?;
    console.set_ahead(0).await?;
    if old != code {
        enter(console, &old).await?;
        console.see("wrong verification code").await?;
    }
    enter(console, &format!(" {code} ")).await?;
    console.see(console.t("email.bound_now")).await?;
    console.find(BUTTON, console.t("email.replace")).await?;
    console.see(first).await?;
    in_both_themes(console).await?;

    // Expired: says so, and another can be had at once.
    ask_code(console, "email.replace", second).await?;
    // Not by the whole five minutes: the page goes on signing, and nobody signs so far in the future.
    console.set_ahead(297).await?;
    console.see(console.t("email.expired")).await?;
    console.accessible().await?;
    let again = console.find(BUTTON, console.t("email.send_again")).await?;
    assert!(again.is_enabled().await?, "no other code can be had");
    console.set_ahead(0).await?;
    console.not_see(console.t("email.expired")).await?;
    let code = console.platform().mailed_code(second, 1).await?;
    // Somebody who closed the page meanwhile has the code already.
    console.click(BUTTON, console.t("action.cancel")).await?;
    console.see(first).await?;
    console.click(BUTTON, console.t("email.replace")).await?;
    console.click(BUTTON, console.t("email.have_code")).await?;
    in_both_themes(console).await?;
    // The address typed before is still there.
    let typed = console.field(console.t("email.address")).await?.prop("value").await?;
    assert_eq!(typed.as_deref(), Some(second));
    console.fill(console.t("email.address"), "").await?;
    console.click(BUTTON, console.t("email.confirm")).await?;
    console.see(console.t("email.empty")).await?;
    console.see(console.t("email.code_empty")).await?;
    console.fill(console.t("email.address"), second).await?;
    enter(console, &code).await?;
    console.see(second).await?;
    console.not_see(first).await
}

/// Takes the address away, not without being asked.
async fn unbind(console: &Console, address: &str) -> Result<()> {
    console.click(BUTTON, console.t("email.unbind")).await?;
    let dialog = console.find(DIALOG, console.t("email.unbind_title")).await?;
    assert!(
        dialog.text().await?.contains(address),
        "the question does not name the address"
    );
    in_both_themes(console).await?;
    console
        .click_within(Some(&dialog), BUTTON, console.t("action.cancel"))
        .await?;
    console.gone(DIALOG, console.t("email.unbind_title")).await?;
    console.see(address).await?;
    console.click(BUTTON, console.t("email.unbind")).await?;
    let dialog = console.find(DIALOG, console.t("email.unbind_title")).await?;
    console
        .click_within(Some(&dialog), BUTTON, console.t("email.unbind"))
        .await?;
    console.see(console.t("email.none")).await?;
    console.see(console.t("email.unbound_now")).await
}

#[tokio::test]
async fn an_address_is_bound_to_a_service_replaced_and_unbound() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("the server responded with a status of 400");
        let id = console.platform().service_in("North America", "ServiceRunning").await?;
        console.open_demo(&format!("/service/{id}/access")).await?;
        bind_replace_unbind(console, "first@example.com", "second+alerts@example.org").await?;
        assert_eq!(
            console.platform().details(&id).await?["email"],
            "second+alerts@example.org"
        );
        console.click(LINK, console.t("service.tab_overview")).await?;
        console.see("second+alerts@example.org").await?;
        console.click(LINK, console.t("service.tab_access")).await?;
        unbind(console, "second+alerts@example.org").await?;
        assert_eq!(console.platform().details(&id).await?["email"], "");

        // The official client takes away what was bound here, which it could not if nothing were.
        ask_code(console, "email.bind", "third@example.org").await?;
        let code = console.platform().mailed_code("third@example.org", 1).await?;
        enter(console, &code).await?;
        console.find(BUTTON, console.t("email.replace")).await?;
        let official = console.official().await?;
        official.run(&["service", "email", "service-unbind", &id]).await?;
        console.click(BUTTON, console.t("action.refresh")).await?;
        console.see(console.t("email.none")).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_address_is_bound_to_the_account_and_the_official_client_sees_it() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("the server responded with a status of 400");
        console.open_demo("/services/running").await?;
        console.click(LINK, console.t("email.title")).await?;
        console.wait_route("/email").await?;
        console.page(console.t("email.title")).await?;
        let (_, account) = console.platform().demo_account().await?;
        console.see(&account).await?;
        bind_replace_unbind(console, "owner@example.com", "team@example.org").await?;
        let official = console.official().await?;
        let seen = ["service", "email", "get", "--provider", "v-kube-service"];
        assert_eq!(official.run(&seen).await?["email"], "team@example.org");
        unbind(console, "team@example.org").await?;
        let email = official.run(&seen).await?["email"].clone();
        assert!(email.as_str().is_none_or(str::is_empty), "{email}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn each_provider_keeps_an_address_of_its_own() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.open_demo("/email").await?;
        ask_code(console, "email.bind", "owner@example.com").await?;
        let code = console.platform().mailed_code("owner@example.com", 1).await?;
        enter(console, &code).await?;
        console.find(BUTTON, console.t("email.replace")).await?;
        console.choose(console.t("service.provider"), "v-kube-legacy").await?;
        console.wait_route("/email?provider=v-kube-legacy").await?;
        console.see(console.t("email.none")).await?;
        console.find(BUTTON, console.t("email.bind")).await?;
        console.choose(console.t("service.provider"), "v-kube-service").await?;
        console.wait_route("/email").await?;
        console.see("owner@example.com").await
    })
    .await
}

#[tokio::test]
async fn a_host_that_fails_is_named_and_nothing_typed_is_lost() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("the server responded with a status of 50");
        let fault = json!({ "path": "/api/v1/contact/addressContact/get", "status": 500 });
        console.platform().fault(fault).await?;
        console.open_demo("/email").await?;
        console.see(console.t("error.server")).await?;
        in_both_themes(console).await?;
        console.platform().no_faults().await?;
        console.click(BUTTON, console.t("action.retry")).await?;
        console.see(console.t("email.none")).await?;
        let fault = json!({ "path": "/api/v1/contact/addressContact/bind/sendCode", "status": 503, "times": 1 });
        console.platform().fault(fault).await?;
        console.click(BUTTON, console.t("email.bind")).await?;
        console.fill(console.t("email.address"), "owner@example.com").await?;
        console.press(Key::Enter + "").await?;
        console.see(console.t("error.server")).await?;
        let typed = console.field(console.t("email.address")).await?.prop("value").await?;
        assert_eq!(typed.as_deref(), Some("owner@example.com"));
        console.accessible().await?;
        console.click(BUTTON, console.t("email.send")).await?;
        console.find(TEXTBOX, console.t("email.code")).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_access_token_binds_the_address_of_its_service_but_not_the_accounts() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Tokyo", "ServiceRunning").await?;
        let token = console.platform().access_token(&id, "active").await?;
        console.goto("/email").await?;
        console.sign_in_token(&token).await?;
        console.wait_route(&format!("/service/{id}")).await?;
        assert!(!console.has(LINK, console.t("email.title")).await?);
        console.click(LINK, console.t("service.tab_access")).await?;
        ask_code(console, "email.bind", "mate@example.com").await?;
        let code = console.platform().mailed_code("mate@example.com", 1).await?;
        enter(console, &code).await?;
        console.find(BUTTON, console.t("email.replace")).await?;
        let bound = console.platform().details(&id).await?;
        assert_eq!(bound["email"].as_str().context("no e-mail")?, "mate@example.com");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_phone_shows_it_without_scrolling_sideways_in_chinese_too() -> Result<()> {
    let setup = Setup {
        language: "zh-CN",
        size: PHONE,
        ..Setup::default()
    };
    journey(setup, async |console| {
        console.open_demo("/email").await?;
        console.see(console.t("email.none")).await?;
        console.fits().await?;
        ask_code(
            console,
            "email.bind",
            "a-rather-long.address-of-somebody@mail.department.example.com",
        )
        .await?;
        console.fits().await?;
        in_both_themes(console).await?;
        let id = console.platform().service_in("Tokyo", "ServiceRunning").await?;
        console.goto(&format!("/service/{id}/access")).await?;
        console.sign_in_demo().await?;
        ask_code(console, "email.bind", "owner@example.com").await?;
        console.fits().await?;
        console.accessible().await
    })
    .await
}
