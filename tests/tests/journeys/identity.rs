//! Who a service is and who may use it: label and description where they stand, and the access token, shown only on request.

use anyhow::{Context as _, Result, ensure};
use browser_tests::{BUTTON, Console, HEADING, LINK, Setup, TEXTBOX, Table, journey, until};
use serde_json::{Value, json};
use thirtyfour::{By, Key};

const PHONE: (u32, u32) = (390, 844);

async fn in_both_themes(console: &Console) -> Result<()> {
    console.dark(false).await?;
    console.accessible().await?;
    console.dark(true).await?;
    console.accessible().await?;
    console.dark(false).await
}

/// The button that opens the field of a text.
fn edit(console: &Console, key: &str, service: &str) -> String {
    console.t_with(key, &[("id", service)])
}

/// What is wrong with a text in that field, as it is said below it.
async fn complaint(console: &Console, label: &str, text: &str) -> Result<String> {
    console.fill(label, text).await?;
    let field = console.field(label).await?;
    let notes = field
        .attr("aria-describedby")
        .await?
        .context("nothing describes the field")?;
    let script = format!(
        "return document.getElementById({}).querySelector('.field-error')?.textContent ?? ''",
        Value::from(notes)
    );
    let said = console.run(&script).await?;
    let invalid = console.field(label).await?.attr("aria-invalid").await?;
    let said = said.as_str().unwrap_or_default().to_owned();
    assert_eq!(
        invalid.is_some(),
        !said.is_empty(),
        "\"{said}\" and aria-invalid disagree about {text}"
    );
    Ok(said)
}

/// How often a change was sent.
async fn sent(console: &Console, path: &str) -> Result<usize> {
    let sent = console.requests_to(path).await?;
    Ok(sent.iter().filter(|exchange| exchange.method == "POST").count())
}

#[tokio::test]
async fn a_label_is_changed_where_it_stands_and_the_platform_has_it() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("North America", "ServiceRunning").await?;
        console.open_demo(&format!("/service/{id}")).await?;
        console.page("shop-backend").await?;
        let (button, label) = (edit(console, "overview_edit.label", &id), console.t("service.label"));
        console.click(BUTTON, &button).await?;
        let field = console.find(TEXTBOX, label).await?;
        assert_eq!(field.prop("value").await?.as_deref(), Some("shop-backend"));
        // Whoever types replaces what was there.
        until("all of the text to be selected", async || {
            let script = "const it = document.activeElement; return it.selectionStart === 0 && it.selectionEnd === it.value.length";
            Ok((console.run(script).await? == json!(true)).then_some(()))
        })
        .await?;
        console.see(console.t("overview_edit.label_rule")).await?;
        console
            .see(&console.t_with("overview_edit.count", &[("count", "12"), ("limit", "63")]))
            .await?;
        in_both_themes(console).await?;

        // The rule, on each side of it.
        let character = |key: &str, character: &str| console.t_with(key, &[("character", character)]);
        for (text, expected) in [
            (String::new(), console.t("overview_edit.label_empty").to_owned()),
            ("a".to_owned(), String::new()),
            ("x".repeat(63), String::new()),
            (
                "x".repeat(64),
                console.t_with("overview_edit.too_long", &[("count", "64"), ("limit", "63")]),
            ),
            ("A.b_c-9".to_owned(), String::new()),
            (
                "a b".to_owned(),
                character("overview_edit.label_character", console.t("overview_edit.space")),
            ),
            ("标签".to_owned(), character("overview_edit.label_character", "标")),
            ("-a".to_owned(), character("overview_edit.label_edge", "-")),
            ("a.".to_owned(), character("overview_edit.label_edge", ".")),
        ] {
            assert_eq!(complaint(console, label, &text).await?, expected, "{text}");
        }
        // What is against the rule is not sent.
        console.fill(label, "not good").await?;
        console.press(Key::Enter + "").await?;
        assert_eq!(sent(console, "/metadata/label").await?, 0);
        in_both_themes(console).await?;

        // Escape leaves everything as it was, and the focus where it came from.
        console.press(Key::Escape + "").await?;
        console.gone(TEXTBOX, label).await?;
        until("the focus to come back", async || {
            let focused = console
                .run("return document.activeElement.getAttribute('aria-label')")
                .await?;
            Ok((focused == button).then_some(()))
        })
        .await?;
        console.page("shop-backend").await?;

        let held = json!({ "path": "/api/v1/k8s/userService", "latencyMs": 1500 });
        console.platform().fault(held).await?;
        console.press(Key::Enter + "").await?;
        console.fill(label, "shop-api.2").await?;
        console.press(Key::Enter + "").await?;
        // Pending until the platform shows it.
        console.see(console.t("overview_edit.pending")).await?;
        console.see("shop-api.2").await?;
        assert!(
            console.has(HEADING, "shop-backend").await?,
            "it is shown as done already"
        );
        console.page("shop-api.2").await?;
        console.not_see(console.t("overview_edit.pending")).await?;
        console.platform().no_faults().await?;
        assert_eq!(sent(console, "/metadata/label").await?, 1);
        assert_eq!(console.platform().details(&id).await?["customizedLabel"], "shop-api.2");
        let (official, owner) = (console.official().await?, console.platform().demo_keys().await?);
        assert_eq!(official.own_text(&owner, &id, "customizedLabel").await?, "shop-api.2");
        // The list has it as well, without being loaded anew.
        console.click(LINK, console.t("list.running")).await?;
        console
            .table_where(console.t("list.running"), "the new label", |table| {
                table.row("shop-api.2").is_some()
            })
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_description_is_changed_where_it_stands_in_chinese_too() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        console.open_demo(&format!("/service/{id}")).await?;
        console.page("metrics").await?;
        let (button, label) = (
            edit(console, "overview_edit.description", &id),
            console.t("service.description"),
        );
        console.click(BUTTON, &button).await?;
        let character =
            |character: &str| console.t_with("overview_edit.description_character", &[("character", character)]);
        let short = console.t_with("overview_edit.description_short", &[("least", "3")]);
        for (text, expected) in [
            ("abc".to_owned(), String::new()),
            ("中文".to_owned(), short.clone()),
            ("字".repeat(253), String::new()),
            (
                "a".repeat(254),
                console.t_with("overview_edit.too_long", &[("count", "254"), ("limit", "253")]),
            ),
            ("what?".to_owned(), character("?")),
            ("a/b, c.d-e_f 9，。".to_owned(), String::new()),
        ] {
            assert_eq!(complaint(console, label, &text).await?, expected, "{text}");
        }
        in_both_themes(console).await?;
        console.fill(label, "监控，生产环境。v2/3").await?;
        console.press(Key::Enter + "").await?;
        console.gone(TEXTBOX, label).await?;
        console.see("监控，生产环境。v2/3").await?;
        console.not_see(console.t("overview_edit.pending")).await?;
        let (official, owner) = (console.official().await?, console.platform().demo_keys().await?);
        assert_eq!(
            official.own_text(&owner, &id, "description").await?,
            "监控，生产环境。v2/3"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_the_platform_refuses_keeps_the_text_in_the_field() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("the server responded with a status of 409");
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        console.open_demo(&format!("/service/{id}")).await?;
        let label = console.t("service.label");
        console
            .click(BUTTON, &edit(console, "overview_edit.label", &id))
            .await?;
        let body = json!({ "error": { "code": 409, "message": "another change is under way" } }).to_string();
        let fault = json!({ "path": "/api/v1/k8s/deployment/metadata/label", "status": 409, "body": body, "times": 1 });
        console.platform().fault(fault).await?;
        console.fill(label, "kept-text").await?;
        console.click(BUTTON, console.t("overview_edit.save")).await?;
        console.see("another change is under way").await?;
        assert_eq!(
            console.field(label).await?.prop("value").await?.as_deref(),
            Some("kept-text")
        );
        console.accessible().await?;
        console.click(BUTTON, console.t("overview_edit.save")).await?;
        console.page("kept-text").await?;
        assert_eq!(console.platform().details(&id).await?["customizedLabel"], "kept-text");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_label_is_changed_in_its_row_but_not_of_a_paused_service() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Tokyo", "ServiceRunning").await?;
        let paused = console.platform().service_in("Europe", "ServiceStop").await?;
        console.open_demo("/services/running").await?;
        console
            .table_where(console.t("list.running"), "everything in it", Table::is_complete)
            .await?;
        let label = console.t("service.label");
        console
            .click(BUTTON, &edit(console, "overview_edit.label", &id))
            .await?;
        console.accessible().await?;
        console.fill(label, "orders-db.2").await?;
        console.press(Key::Enter + "").await?;
        console.gone(TEXTBOX, label).await?;
        console.wait_route("/services/running").await?;
        console
            .table_where(console.t("list.running"), "the new label", |table| {
                table.row("orders-db.2").is_some()
            })
            .await?;
        until("the platform to have it", async || {
            let details = console.platform().details(&id).await?;
            Ok((details["customizedLabel"] == "orders-db.2").then_some(()))
        })
        .await?;
        // A paused service says why not.
        let button = console
            .find(BUTTON, &edit(console, "overview_edit.label", &paused))
            .await?;
        assert_eq!(button.attr("aria-disabled").await?.as_deref(), Some("true"));
        assert_eq!(
            button.attr("title").await?.as_deref(),
            Some(console.t("keys.why_stopped"))
        );
        button.click().await?;
        console.see(console.t("keys.why_stopped")).await?;
        assert!(!console.has(TEXTBOX, label).await?);
        console.accessible().await
    })
    .await
}

/// Whether anything of the text, whole or in a long part, is anywhere in the document.
async fn is_in_page(console: &Console, secret: &str) -> Result<bool> {
    let source = console.driver().source().await?;
    let fields = console
        .run("return [...document.querySelectorAll('input, textarea')].map((field) => field.value).join(' ')")
        .await?;
    let fields = fields.as_str().unwrap_or_default().to_owned();
    Ok([secret, &secret[..20], &secret[secret.len() - 20..]]
        .iter()
        .any(|part| source.contains(part) || fields.contains(part)))
}

/// What a scanner reads from the QR code on the page.
pub async fn scanned(console: &Console) -> Result<String> {
    let drawing = console
        .run(
            "const picture = document.querySelector('svg.qr');
             return [picture.viewBox.baseVal.width, picture.querySelector('path').getAttribute('d')]",
        )
        .await?;
    let side = usize::try_from(drawing[0].as_u64().context("no size")?)?;
    let path = drawing[1].as_str().context("no path")?;
    let mut dark = vec![vec![false; side]; side];
    for stroke in path.split('M').filter(|stroke| !stroke.is_empty()) {
        let (start, rest) = stroke.split_once('h').context("no stroke")?;
        let (x, y) = start.split_once(' ').context("no start")?;
        let (x, y): (usize, usize) = (x.parse()?, y.parse()?);
        let length: usize = rest.split('v').next().context("no length")?.parse()?;
        dark[y][x..x + length].fill(true);
    }
    // As a camera sees it: several points a module.
    let scale = 4;
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side * scale, side * scale, |x, y| {
        if dark[y / scale][x / scale] { 0 } else { 255 }
    });
    let grids = picture.detect_grids();
    ensure!(grids.len() == 1, "{} codes are in the picture", grids.len());
    Ok(grids[0].decode()?.1)
}

#[tokio::test]
async fn an_access_token_is_shown_copied_and_scanned_only_on_request() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("North America", "ServiceRunning").await?;
        let token = console.platform().access_token(&id, "active").await?;
        console.open_demo(&format!("/service/{id}")).await?;
        console.click(LINK, console.t("service.tab_access")).await?;
        console.wait_route(&format!("/service/{id}/access")).await?;
        console.page(console.t("access.title")).await?;
        for part in ["access.warning", "access.grants", "access.grants_not"] {
            console.see(console.t(part)).await?;
        }
        console.see("http://north-america.localhost").await?;
        ensure!(
            !is_in_page(console, &token).await?,
            "the token is in the page before it is asked for"
        );
        assert!(!console.has("image", console.t("access.qr_name")).await?);
        in_both_themes(console).await?;

        // What the official client gives to be sealed in it is the same secret.
        let (official, owner) = (console.official().await?, console.platform().demo_keys().await?);
        let magic: Value = serde_json::from_str(&official.own_text(&owner, &id, "magic").await?)?;
        assert_eq!(magic["Secret"], vsys::AccessToken::parse(&token)?.secret().expose());

        // Copied without being shown.
        console.may_use_clipboard().await?;
        console.click(BUTTON, console.t("access.copy")).await?;
        console.see(console.t("access.copied")).await?;
        assert_eq!(console.clipboard().await?, token);
        ensure!(!is_in_page(console, &token).await?, "copying shows the token");

        console.click(BUTTON, console.t("access.show")).await?;
        console.see(&token).await?;
        console
            .see(console.t_with("access.hidden_in", &[("time", "")]).trim())
            .await?;
        in_both_themes(console).await?;
        console.click(BUTTON, console.t("access.hide")).await?;
        console.not_see(&token).await?;
        ensure!(!is_in_page(console, &token).await?, "the token stays in the page");

        console.click(BUTTON, console.t("access.qr")).await?;
        console.css("svg.qr").await?;
        assert_eq!(scanned(console).await?, token);
        in_both_themes(console).await?;
        // Scanners need dark on light, whatever the theme.
        console.dark(true).await?;
        let fills = console
            .run("return ['.qr-light', '.qr-dark'].map((part) => getComputedStyle(document.querySelector(part)).fill)")
            .await?;
        assert_eq!(fills, json!(["rgb(255, 255, 255)", "rgb(0, 0, 0)"]));
        console.dark(false).await?;
        ensure!(
            !console.text().await?.contains(&token),
            "the code shows the text as well"
        );

        // Gone when the page is left.
        console.click(BUTTON, console.t("access.show")).await?;
        console.see(&token).await?;
        console.click(LINK, console.t("service.tab_overview")).await?;
        console.page(console.t("service.options")).await?;
        ensure!(!is_in_page(console, &token).await?, "the token survives its page");
        console.click(LINK, console.t("service.tab_access")).await?;
        console.find(BUTTON, console.t("access.show")).await?;
        ensure!(!is_in_page(console, &token).await?, "the token is shown again unasked");

        // And when the console is left.
        console.click(BUTTON, console.t("access.show")).await?;
        console.see(&token).await?;
        console.leave("shell.sign_out").await?;
        console.page(console.t("sign_in.title")).await?;
        ensure!(!is_in_page(console, &token).await?, "the token survives signing out");
        let stored = console
            .run("return JSON.stringify({ ...localStorage, ...sessionStorage })")
            .await?;
        ensure!(
            !stored.as_str().unwrap_or_default().contains(&token),
            "the token is stored"
        );

        // It opens the service in another session, where it shows itself as the one in use.
        console.sign_in_token(&token).await?;
        console.page("shop-backend").await?;
        console.click(LINK, console.t("service.tab_access")).await?;
        console.see(console.t("access.in_use")).await?;
        ensure!(
            !is_in_page(console, &token).await?,
            "the token is in the page before it is asked for"
        );
        console.click(BUTTON, console.t("access.show")).await?;
        console.see(&token).await?;
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn a_token_is_hidden_again_after_a_minute() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Tokyo", "ServiceRunning").await?;
        let token = console.platform().access_token(&id, "active").await?;
        // The page's timers of a minute and more run in a twentieth of it.
        console
            .driver()
            .cdp()
            .send_raw(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": "const later = window.setTimeout; window.setTimeout = (act, ms, ...rest) => later(act, ms >= 60000 ? ms / 20 : ms, ...rest)" }),
            )
            .await?;
        console.open_demo(&format!("/service/{id}/access")).await?;
        console.click(BUTTON, console.t("access.show")).await?;
        console.see(&token).await?;
        console.not_see(&token).await?;
        ensure!(!is_in_page(console, &token).await?, "the token stays in the page");
        console.find(BUTTON, console.t("access.show")).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn usable_and_paused_services_have_a_token_and_ended_ones_say_why_not() -> Result<()> {
    journey(Setup::default(), async |console| {
        let usable = console.platform().service_in("North America", "ServicePending").await?;
        let paused = console.platform().service_in("Europe", "ServiceStop").await?;
        let done = console.platform().service_in("Tokyo", "ServiceDone").await?;
        console.open_demo(&format!("/service/{usable}/access")).await?;
        let token = console.platform().access_token(&usable, "active").await?;
        console.click(BUTTON, console.t("access.show")).await?;
        console.see(&token).await?;
        // It has no e-mail yet, and says why.
        console.see(console.t("email.unavailable")).await?;
        console.see(console.t("keys.why_not_deployed")).await?;
        console.accessible().await?;
        console.goto(&format!("/service/{paused}/access")).await?;
        console.sign_in_demo().await?;
        let token = console.platform().access_token(&paused, "active").await?;
        console.click(BUTTON, console.t("access.show")).await?;
        console.see(&token).await?;
        console.find(BUTTON, console.t("email.bind")).await?;
        console.goto(&format!("/service/{done}/access")).await?;
        console.sign_in_demo().await?;
        console.see(console.t("access.none")).await?;
        console.see(console.t("keys.why_ended")).await?;
        assert!(!console.has(BUTTON, console.t("access.show")).await?);
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn a_phone_shows_texts_and_token_without_scrolling_sideways_in_chinese_too() -> Result<()> {
    for language in ["en", "zh-CN"] {
        let setup = Setup {
            language,
            size: PHONE,
            ..Setup::default()
        };
        journey(setup, async |console| {
            let id = console.platform().service_in("North America", "ServiceRunning").await?;
            console.open_demo(&format!("/service/{id}")).await?;
            console
                .click(BUTTON, &edit(console, "overview_edit.description", &id))
                .await?;
            console.fits().await?;
            in_both_themes(console).await?;
            console.press(Key::Escape + "").await?;
            console.click(LINK, console.t("service.tab_access")).await?;
            console.click(BUTTON, console.t("access.show")).await?;
            console.fits().await?;
            console.click(BUTTON, console.t("access.qr")).await?;
            let picture = console.css("svg.qr").await?;
            console.fits().await?;
            assert!(picture.rect().await?.width > 200.0, "too small to be scanned");
            in_both_themes(console).await?;
            console.goto("/services/running").await?;
            console.sign_in_demo().await?;
            console
                .click(BUTTON, &edit(console, "overview_edit.label", &id))
                .await?;
            console.fits().await?;
            let field = console.field(console.t("service.label")).await?;
            assert!(field.find(By::XPath("ancestor::td")).await?.is_displayed().await?);
            console.accessible().await
        })
        .await?;
    }
    Ok(())
}
