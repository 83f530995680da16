//! The console in a portal's frame: shown, spoken to and heard across origins, and not shown to anybody else.

use anyhow::{Result, ensure};
use browser_tests::{BUTTON, Console, FakeExtension, Portal, Setup, journey, until};
use serde_json::{Value, json};

fn framed_by(origins: &[&str]) -> Setup {
    let options = origins.iter().flat_map(|origin| ["--embed-origin", origin]);
    Setup {
        platform: options.map(str::to_owned).collect(),
        ..Setup::default()
    }
}

/// Goes into the frame, or out of another document into it.
async fn into_frame(console: &Console) -> Result<()> {
    console.driver().enter_default_frame().await?;
    until("the frame", async || Ok(console.driver().enter_frame(0).await.ok())).await
}

/// Clicks a button in the frame by what is on it: the harness looks for names in the page that is on top.
async fn click(console: &Console, text: &str) -> Result<()> {
    let script = format!(
        "const button = [...document.querySelectorAll('button')].find((button) => button.textContent.trim() === {});
         button?.click();
         return !!button",
        Value::from(text)
    );
    until(&format!("the button {text} in the frame"), async || {
        Ok((console.run(&script).await? == json!(true)).then_some(()))
    })
    .await
}

/// Waits until a script says so, in the frame.
async fn in_frame(console: &Console, what: &str, script: &str) -> Result<()> {
    into_frame(console).await?;
    until(what, async || {
        Ok((console.run(script).await? == json!(true)).then_some(()))
    })
    .await
}

/// Uses one of the portal's own controls.
async fn portal_does(console: &Console, script: &str) -> Result<()> {
    console.driver().enter_default_frame().await?;
    console.run(script).await?;
    Ok(())
}

#[tokio::test]
async fn a_portal_shows_the_console_and_both_speak() -> Result<()> {
    let portal = Portal::serve()?;
    journey(framed_by(&[portal.origin()]), async |console| {
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        let token = console.platform().access_token(&id, "active").await?;
        portal.open(console).await?;
        portal.hears(console, "ready", |_| true).await?;
        portal.hears(console, "session", |session| session["state"] == "signed-out").await?;
        into_frame(console).await?;
        ensure!(console.run("return document.documentElement.hasAttribute('data-embed')").await? == json!(true));
        click(console, console.t("demo.action")).await?;
        let session = portal.hears(console, "session", |session| session["state"] == "open").await?;
        let (_, address) = console.platform().demo_account().await?;
        assert_eq!(session, json!({ "state": "open", "by": "wallet", "address": address, "service": null }));
        portal.hears(console, "route", |route| route == "/services/running").await?;
        in_frame(console, "the list", &format!("return document.body.innerText.includes('{id}')")).await?;
        // The frame has the height of what is in it.
        let height = portal.hears(console, "height", |height| height.as_i64() > Some(300)).await?;
        let frame = console.run("return Number(document.querySelector('iframe').height)").await?;
        assert_eq!(frame, height);
        in_frame(console, "no scroll bar", "return document.documentElement.scrollHeight <= innerHeight + 1").await?;

        // The menu is there on request.
        ensure!(console.run("return getComputedStyle(document.getElementById('menu')).display").await? == json!("none"));
        console.run("document.querySelector('.menu-toggle').click()").await?;
        in_frame(console, "the menu", "return getComputedStyle(document.getElementById('menu')).display === 'flex'").await?;
        console.run("document.querySelector('.menu-toggle').click()").await?;

        // Pages, looks and language, from the portal.
        portal_does(console, "document.querySelector('[data-route=\"/notices\"]').click()").await?;
        portal.hears(console, "route", |route| route == "/notices").await?;
        let choose = |what: &str, value: &str| {
            format!("const list = document.getElementById('{what}'); list.value = '{value}'; list.dispatchEvent(new Event('change'))")
        };
        portal_does(console, &choose("theme", "dark")).await?;
        in_frame(console, "dark looks", "return document.documentElement.dataset.theme === 'dark'").await?;
        portal_does(console, &choose("locale", "zh-CN")).await?;
        in_frame(console, "Chinese", "return document.documentElement.lang === 'zh-CN'").await?;
        // For this visit: what the person chose for the console's own window stays.
        ensure!(console.run("return localStorage.getItem('vcloud.preference.theme')").await?.is_null());
        console.driver().enter_default_frame().await?;
        console.picture("embedded").await?;

        // A token is handed in where nobody is signed in, and only there.
        let hand_in = |token: &str| {
            format!("document.getElementById('token').value = '{token}'; document.getElementById('token-form').requestSubmit()")
        };
        portal_does(console, &hand_in(&token)).await?;
        portal_does(console, &choose("locale", "en")).await?;
        in_frame(console, "English", "return document.documentElement.lang === 'en'").await?;
        let now = portal.hears(console, "session", |_| true).await?;
        assert_eq!(now["by"], "wallet");
        portal_does(console, "document.getElementById('sign-out').click()").await?;
        portal.hears(console, "session", |session| session["state"] == "signed-out").await?;
        portal_does(console, &hand_in("nonsense")).await?;
        let refused = portal.hears(console, "refused", |_| true).await?;
        assert_eq!(refused, json!({ "what": "token", "why": "malformed" }));
        portal_does(console, &hand_in(&token)).await?;
        let session = portal.hears(console, "session", |session| session["state"] == "open").await?;
        assert_eq!(session, json!({ "state": "open", "by": "token", "address": null, "service": id }));
        let said = console.run("return document.getElementById('said').textContent").await?;
        ensure!(!said.to_string().contains(&token), "the token was told: {said}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_portal_signs_so_that_no_key_is_in_the_frame() -> Result<()> {
    let portal = Portal::serve()?;
    journey(framed_by(&[portal.origin()]), async |console| {
        let extension = FakeExtension::install(console).await?;
        portal.open(console).await?;
        portal.hears(console, "ready", |_| true).await?;
        into_frame(console).await?;
        click(console, console.t("extension.action")).await?;
        console.driver().enter_default_frame().await?;
        extension.serve_selected(console).await?;
        let session = portal
            .hears(console, "session", |session| session["state"] == "open")
            .await?;
        assert_eq!(
            (&session["by"], &session["address"]),
            (&json!("signer"), &json!(extension.account.address().to_string()))
        );
        // There is a stand-in in the frame as well: it was not asked.
        into_frame(console).await?;
        assert_eq!(extension.count(console, "publicKey").await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn nobody_else_shows_it() -> Result<()> {
    let (portal, other) = (Portal::serve()?, Portal::serve()?);
    journey(framed_by(&[portal.origin(), other.origin()]), async |console| {
        // The header lets both frame it, the configuration only one: what the console itself decides is looked at.
        console.platform().configure(&json!({ "embedOrigins": [portal.origin()] })).await?;
        other.open(console).await?;
        into_frame(console).await?;
        console.see(console.t("embed.refused_title")).await?;
        ensure!(console.run("return document.querySelectorAll('button').length").await? == json!(0));
        // Whatever it says: it is not heard, and hears nothing.
        portal_does(
            console,
            "const { contentWindow } = document.querySelector('iframe');
             for (const type of ['welcome', 'theme', 'route']) {
                 contentWindow.postMessage({ vCloudConsole: 1, type, theme: 'dark', route: '/notices' }, '*');
             }",
        )
        .await?;
        portal.open(console).await?;
        portal.hears(console, "ready", |_| true).await?;
        // Of another version, malformed or by another window: nothing happens.
        portal_does(
            console,
            "const { contentWindow } = document.querySelector('iframe');
             const say = (message) => contentWindow.postMessage(message, '*');
             for (const message of [null, 7, 'theme', [], { type: 'theme', theme: 'dark' }, { vCloudConsole: 2, type: 'theme', theme: 'dark' },
                 { vCloudConsole: '1', type: 'theme', theme: 'dark' }, { vCloudConsole: 1, type: 'theme' }, { vCloudConsole: 1, type: 'theme', theme: 7 },
                 { vCloudConsole: 1, type: 'route', route: '//evil.example/' }, { vCloudConsole: 1, type: 'route', route: 'javascript:alert(1)' },
                 { vCloudConsole: 1, type: 'answer', id: 1, result: {} }, { vCloudConsole: 1, type: 'no-such' }]) say(message);
             const inner = document.createElement('iframe');
             inner.srcdoc = `<script>parent.frames[0].postMessage({ vCloudConsole: 1, type: 'theme', theme: 'dark' }, '*')</scr` + 'ipt>';
             document.body.append(inner);
             say({ vCloudConsole: 1, type: 'locale', locale: 'zh-CN' });",
        )
        .await?;
        // What was said last has arrived, so what was said before has as well.
        in_frame(console, "the language", "return document.documentElement.lang === 'zh-CN'").await?;
        ensure!(console.run("return document.documentElement.dataset.theme").await? == json!("light"));
        ensure!(console.run("return location.pathname").await? == json!("/"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn without_storage_it_works_and_says_what_is_not_kept() -> Result<()> {
    journey(Setup::default(), async |console| {
        console
            .before_every_page(
                "for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) {
                     Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });
                 }",
            )
            .await?;
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        console.open_demo("/services/running").await?;
        console.see(&id).await?;
        let label = console.t_with("overview_edit.label", &[("id", &id)]);
        console.click(BUTTON, &label).await?;
        console.fill(console.t("service.label"), "no-storage").await?;
        console.click(BUTTON, console.t("overview_edit.save")).await?;
        console.see("no-storage").await?;
        console.click("link", console.t("wallet.title")).await?;
        let send = console.t_with("wallet.send_name", &[("name", &console.t_with("account.number", &[("number", "1")]))]);
        console.click("link", &send).await?;
        console.see(console.t("payments.no_journal")).await
    })
    .await
}
