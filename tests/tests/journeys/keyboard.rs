//! By keyboard: the guide's letters on a service, the list of them, and the palette that finds everything.

use anyhow::{Context as _, Result, ensure};
use browser_tests::{BUTTON, Console, DIALOG, LINK, SEARCHBOX, Setup, TEXTBOX, Table, journey, until};
use serde_json::{Value, json};
use thirtyfour::Key;

const PHONE: (u32, u32) = (390, 844);

async fn in_both_themes(console: &Console) -> Result<()> {
    console.dark(false).await?;
    console.accessible().await?;
    console.dark(true).await?;
    console.accessible().await?;
    console.dark(false).await
}

/// Opens the running services and waits for them and their labels.
async fn open_list(console: &Console) -> Result<Table> {
    console.open_demo("/services/running").await?;
    console
        .table_where(console.t("list.running"), "everything in it", Table::is_complete)
        .await
}

/// The id of the service that the row cursor is on; empty where it is nowhere.
async fn cursor(console: &Console) -> Result<String> {
    let row = console
        .run("return document.querySelector('tr[aria-current=true]')?.id ?? ''")
        .await?;
    Ok(row.as_str().unwrap_or_default().trim_start_matches("row-").to_owned())
}

/// Walks down, then up, until the cursor is on the service.
async fn walk_to(console: &Console, service: &str) -> Result<()> {
    for key in ["j"; 10].into_iter().chain(["k"; 10]) {
        if cursor(console).await? == service {
            return Ok(());
        }
        console.press(key).await?;
    }
    anyhow::bail!("neither j nor k leads to {service}")
}

/// What the palette shows, each entry as it reads.
async fn entries(console: &Console) -> Result<Vec<String>> {
    let shown = console
        .run("return [...document.querySelectorAll('.palette [role=option]')].map((option) => option.querySelector('.palette-name').textContent)")
        .await?;
    Ok(serde_json::from_value(shown)?)
}

/// The entry that Enter would choose.
async fn active(console: &Console) -> Result<String> {
    let script = "const field = document.querySelector('.palette input');
        return document.getElementById(field?.getAttribute('aria-activedescendant'))?.querySelector('.palette-name').textContent ?? ''";
    Ok(console.run(script).await?.as_str().unwrap_or_default().to_owned())
}

async fn palette(console: &Console) -> Result<()> {
    console.press(Key::Control + "k").await?;
    console.find(DIALOG, console.t("palette.title")).await?;
    Ok(())
}

async fn no_palette(console: &Console) -> Result<()> {
    console.gone(DIALOG, console.t("palette.title")).await
}

/// Types into the palette, in place of what is there, and waits for the best answer.
async fn look_for(console: &Console, text: &str, best: &str) -> Result<()> {
    console.press(Key::Control + "a").await?;
    console.press(text).await?;
    until(&format!("\"{best}\" as the best answer to {text}"), async || {
        Ok((active(console).await? == best).then_some(()))
    })
    .await
}

#[tokio::test]
async fn rows_are_walked_and_opened() -> Result<()> {
    journey(Setup::default(), async |console| {
        let table = open_list(console).await?;
        let ids: Vec<String> = table
            .column(console.t("column.id"))
            .into_iter()
            .map(str::to_owned)
            .collect();
        assert_eq!(cursor(console).await?, "");
        for (keys, row) in [("j", 0), ("j", 1), ("k", 0), ("k", 0)] {
            console.press(keys).await?;
            assert_eq!(cursor(console).await?, ids[row], "after {keys}");
        }
        console.press(Key::Down + "").await?;
        assert_eq!(cursor(console).await?, ids[1]);
        console.press(Key::Up + "").await?;
        assert_eq!(cursor(console).await?, ids[0]);
        // A screen reader reads the row: it has the focus.
        let focused = console.run("return document.activeElement.id").await?;
        assert_eq!(focused, format!("row-{}", ids[0]));
        in_both_themes(console).await?;
        console.press(Key::Enter + "").await?;
        console.wait_route(&format!("/service/{}", ids[0])).await?;
        console.driver().back().await?;
        console.page(console.t("list.running")).await
    })
    .await
}

#[tokio::test]
async fn letters_lead_from_the_row_to_the_parts_of_its_service() -> Result<()> {
    journey(Setup::default(), async |console| {
        // Of three containers two have no configuration file.
        console.expect_error("status of 404");
        let id = console.platform().service_in("North America", "ServiceRunning").await?;
        open_list(console).await?;
        // Without a row there is nothing to act on, and that is said.
        console.press("t").await?;
        console.see(console.t("keys.no_row")).await?;
        for (letter, part) in [
            ("t", "/logs"),
            ("s", "/containers"),
            ("a", "/access"),
            ("n", "/access"),
            ("b", "/domains"),
            ("c", "/config"),
            ("v", "/deployment"),
            ("d", ""),
        ] {
            walk_to(console, &id).await?;
            console.press(letter).await?;
            console.wait_route(&format!("/service/{id}{part}")).await?;
            // On the service's page they are about that service.
            console.page("shop-backend").await?;
            console.press("s").await?;
            console.wait_route(&format!("/service/{id}/containers")).await?;
            console.press("d").await?;
            console.wait_route(&format!("/service/{id}")).await?;
            console.click(LINK, console.t("list.running")).await?;
            console.page(console.t("list.running")).await?;
            console
                .table_where(console.t("list.running"), "everything in it", Table::is_complete)
                .await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn letters_begin_what_they_name() -> Result<()> {
    journey(Setup::default(), async |console| {
        // The service has no configuration file.
        console.expect_error("status of 404");
        let single = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        let several = console.platform().service_in("North America", "ServiceRunning").await?;
        let usable = console.platform().service_in("Europe", "ServicePending").await?;
        open_list(console).await?;
        walk_to(console, &single).await?;
        // Of the only container it is asked at once.
        console.press("h").await?;
        let title = console.t_with("image.title", &[("container", "collector")]);
        console.find(DIALOG, &title).await?;
        console.press(Key::Escape + "").await?;
        console.gone(DIALOG, &title).await?;
        console.press("n").await?;
        console.wait_route(&format!("/service/{single}/access")).await?;
        console.has_focus(console.t("email.of_service")).await?;
        console.press("u").await?;
        console.find(BUTTON, console.t("config_files.review")).await?;
        // Asked for once more while it is open, it does not open again when it is left.
        console.run("document.activeElement.blur()").await?;
        console.press("u").await?;
        console.click(BUTTON, console.t("action.cancel")).await?;
        console.find(BUTTON, console.t("config_files.edit")).await?;
        assert!(!console.has(BUTTON, console.t("config_files.review")).await?);

        console.click(LINK, console.t("list.running")).await?;
        console
            .table_where(console.t("list.running"), "everything in it", Table::is_complete)
            .await?;
        walk_to(console, &several).await?;
        // Of several containers the first is ready to be chosen.
        console.press("h").await?;
        console.wait_route(&format!("/service/{several}/containers")).await?;
        let first = console.t_with("image.update_of", &[("container", "gateway")]);
        console.has_focus(&first).await?;

        console.click(LINK, console.t("list.usable")).await?;
        console
            .table_where(console.t("list.usable"), "everything in it", Table::is_complete)
            .await?;
        walk_to(console, &usable).await?;
        console.press("s").await?;
        console.wait_route(&format!("/service/{usable}/deployment")).await?;
        console.find(BUTTON, console.t("deploy.review")).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn g_leads_to_the_renewal_and_f_asks_whether_to_refund() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("North America", "ServiceRunning").await?;
        open_list(console).await?;
        walk_to(console, &id).await?;
        console.press("f").await?;
        let dialog = console.find(DIALOG, console.t("refund.title.one")).await?;
        ensure!(dialog.text().await?.contains(&id));
        console.press(Key::Escape + "").await?;
        console.gone(DIALOG, console.t("refund.title.one")).await?;
        ensure!(cursor(console).await? == id, "the row loses the cursor");
        console.press("g").await?;
        console.wait_route(&format!("/renew?service={id}")).await?;
        console.page(console.t("renew.title")).await?;
        console.field(&format!("{}: {id}", console.t("renew.hours"))).await?;
        let services = console.platform().services().await?;
        let status = services.iter().find(|service| service["id"] == id.as_str());
        ensure!(status.is_some_and(|service| service["status"] == "ServiceRunning"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn letters_ask_before_they_change_a_service() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("North America", "ServiceRunning").await?;
        let paused = console.platform().service_in("Europe", "ServiceStop").await?;
        open_list(console).await?;
        walk_to(console, &id).await?;
        for (letter, key) in [("r", "operation.restart_title"), ("p", "operation.pause_title")] {
            console.press(letter).await?;
            let dialog = console.find(DIALOG, console.t(key)).await?;
            let text = dialog.text().await?;
            assert!(text.contains(&id) && text.contains("shop-backend"), "{text}");
            in_both_themes(console).await?;
            // No letter does anything while the question is open.
            console.press("l").await?;
            console.press("?").await?;
            assert!(!console.has(DIALOG, console.t("keys.title")).await?);
            console.press(Key::Escape + "").await?;
            console.gone(DIALOG, console.t(key)).await?;
            assert_eq!(cursor(console).await?, id, "the row loses the cursor");
        }
        assert!(console.requests_to("/api/v1/k8s/pod/restart").await?.is_empty());
        // What can't be done says why.
        console.press("q").await?;
        console.see(console.t("keys.why_running")).await?;
        walk_to(console, &paused).await?;
        console.press("t").await?;
        console.see(console.t("keys.why_stopped")).await?;
        console.wait_route("/services/running").await?;

        console.press("q").await?;
        let dialog = console.find(DIALOG, console.t("operation.resume_title")).await?;
        assert!(dialog.text().await?.contains("staging"));
        console
            .click_within(Some(&dialog), BUTTON, console.t("operation.resume"))
            .await?;
        console.see(console.t("operation.sent")).await?;
        console
            .table_where(console.t("list.running"), "the service resumed", |table| {
                let row = table.row("staging");
                row.is_some_and(|row| row.iter().any(|cell| cell == console.t("status.running")))
            })
            .await?;
        // A restart from the list is confirmed by the containers as well.
        walk_to(console, &id).await?;
        console.press("r").await?;
        let dialog = console.find(DIALOG, console.t("operation.restart_title")).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("operation.restart"))
            .await?;
        console.see(console.t("status.restarting")).await?;
        console.not_see(console.t("status.restarting")).await?;
        let sent = console.requests_to("/api/v1/k8s/pod/restart").await?;
        assert_eq!(sent.iter().filter(|exchange| exchange.method == "POST").count(), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn l_and_m_open_the_fields_of_label_and_description() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        open_list(console).await?;
        walk_to(console, &id).await?;
        console.press("l").await?;
        let (label, description) = (console.t("service.label"), console.t("service.description"));
        console.find(TEXTBOX, label).await?;
        console.wait_route("/services/running").await?;
        // The letters are text now.
        console.press(Key::Control + "a").await?;
        console.press("trap-jkl").await?;
        let typed = console.field(label).await?.prop("value").await?;
        assert_eq!(typed.as_deref(), Some("trap-jkl"));
        console.wait_route("/services/running").await?;
        console.press(Key::Enter + "").await?;
        console
            .table_where(console.t("list.running"), "the new label", |table| {
                table.row("trap-jkl").is_some()
            })
            .await?;
        // The description has its field on the service's page.
        walk_to(console, &id).await?;
        console.press("m").await?;
        console.wait_route(&format!("/service/{id}")).await?;
        console.find(TEXTBOX, description).await?;
        until("the field to have the focus", async || {
            let focused = console.run("return document.activeElement.tagName").await?;
            Ok((focused == "TEXTAREA").then_some(()))
        })
        .await?;
        console.press("written by keyboard alone").await?;
        console.press(Key::Enter + "").await?;
        console.see("written by keyboard alone").await?;
        console.not_see(console.t("overview_edit.pending")).await?;
        assert_eq!(
            console.platform().details(&id).await?["description"],
            "written by keyboard alone"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn nothing_fires_while_somebody_types_composes_or_holds_a_modifier() -> Result<()> {
    journey(Setup::default(), async |console| {
        let table = open_list(console).await?;
        let id = table.column(console.t("column.id"))[0].to_owned();
        console.press("j").await?;
        // In a field the letters are letters.
        let search = console.find(SEARCHBOX, console.t("list.search")).await?;
        search.send_keys("trapqk?d").await?;
        assert_eq!(search.prop("value").await?.as_deref(), Some("trapqk?d"));
        assert!(!console.has(DIALOG, console.t("keys.title")).await?);
        console.fill(console.t("list.search"), "").await?;
        console
            .table_where(console.t("list.running"), "all rows", |table| table.rows.len() == 8)
            .await?;
        // In a drop-down list they choose an entry.
        let list = console.find("combobox", console.t("list.filter_region")).await?;
        list.send_keys("t").await?;
        assert!(console.route().await?.starts_with("/services/running"));
        console.fill(console.t("list.search"), "").await?;
        // With a modifier, composed, or held down.
        let press = async |event: Value| -> Result<()> {
            console
                .run(&format!(
                    "document.querySelector('#page').dispatchEvent(new KeyboardEvent('keydown', {{ bubbles: true, cancelable: true, ...{event} }}))"
                ))
                .await?;
            Ok(())
        };
        console.goto("/services/running").await?;
        console.sign_in_demo().await?;
        console
            .table_where(console.t("list.running"), "everything in it", Table::is_complete)
            .await?;
        walk_to(console, &id).await?;
        for event in [
            json!({ "key": "t", "ctrlKey": true }),
            json!({ "key": "t", "metaKey": true }),
            json!({ "key": "t", "altKey": true }),
            json!({ "key": "T", "shiftKey": true }),
            json!({ "key": "t", "isComposing": true }),
            json!({ "key": "Process" }),
            json!({ "key": "t", "repeat": true }),
            json!({ "key": "?", "isComposing": true }),
            json!({ "key": "k", "ctrlKey": true, "isComposing": true }),
        ] {
            press(event).await?;
        }
        console.settled().await?;
        console.wait_route("/services/running").await?;
        assert!(console.names(DIALOG).await?.is_empty(), "{:?}", console.names(DIALOG).await?);
        // The same letter alone does it.
        press(json!({ "key": "T" })).await?;
        console.wait_route(&format!("/service/{id}/logs")).await
    })
    .await
}

#[tokio::test]
async fn the_question_mark_lists_the_letters() -> Result<()> {
    journey(Setup::default(), async |console| {
        let paused = console.platform().service_in("Europe", "ServiceStop").await?;
        console.open_demo(&format!("/service/{paused}")).await?;
        console.page("staging").await?;
        console.press("?").await?;
        let dialog = console.find(DIALOG, console.t("keys.title")).await?;
        let text = dialog.text().await?;
        for key in [
            "logs",
            "status",
            "restart",
            "pause",
            "resume",
            "label",
            "description",
            "email",
            "detail",
            "access",
            "palette",
            "down",
        ] {
            let name = console.t(&format!("keys.{key}"));
            assert!(text.contains(name), "{name} is not in the list: {text}");
        }
        assert!(
            text.contains("staging") && text.contains(console.t("keys.why_stopped")),
            "{text}"
        );
        in_both_themes(console).await?;
        console.press("a").await?;
        console.find(DIALOG, console.t("keys.title")).await?;
        console.press(Key::Escape + "").await?;
        console.gone(DIALOG, console.t("keys.title")).await?;
        console.press("a").await?;
        console.wait_route(&format!("/service/{paused}/access")).await
    })
    .await
}

#[tokio::test]
async fn the_palette_finds_pages_services_and_actions() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Tokyo", "ServiceRunning").await?;
        console.open_demo("/services/past").await?;
        console.page(console.t("list.past")).await?;
        palette(console).await?;
        let field = console.find("combobox", console.t("palette.title")).await?;
        assert_eq!(field.attr("aria-expanded").await?.as_deref(), Some("true"));
        in_both_themes(console).await?;
        // Pages.
        look_for(console, "aborted", console.t("list.aborted")).await?;
        console.press(Key::Enter + "").await?;
        no_palette(console).await?;
        console.wait_route("/services/aborted").await?;
        // Services by label, id and description, though this list has none of them.
        palette(console).await?;
        for text in ["ordersdb", &id[id.len() - 8..], "订单 备份", "数据库"] {
            look_for(console, text, "orders-db").await?;
        }
        in_both_themes(console).await?;
        console.press(Key::Enter + "").await?;
        console.wait_route(&format!("/service/{id}")).await?;
        no_palette(console).await?;
        console.page("orders-db").await?;
        // What was chosen last is offered first.
        palette(console).await?;
        let shown = entries(console).await?;
        assert_eq!(
            shown[..2],
            ["orders-db".to_owned(), console.t("list.aborted").to_owned()]
        );
        // Actions on the service shown.
        look_for(console, "pause", console.t("keys.pause")).await?;
        console.press(Key::Enter + "").await?;
        let dialog = console.find(DIALOG, console.t("operation.pause_title")).await?;
        assert!(dialog.text().await?.contains("orders-db"));
        console.press(Key::Escape + "").await?;
        console.gone(DIALOG, console.t("operation.pause_title")).await?;
        palette(console).await?;
        look_for(console, "resume", console.t("keys.resume")).await?;
        console.press(Key::Enter + "").await?;
        console.see(console.t("keys.why_running")).await?;
        // Nothing: says so. Escape and Ctrl-K close it, the focus comes back.
        palette(console).await?;
        console.press("qqqqq zzzz").await?;
        console.see(console.t("palette.nothing")).await?;
        in_both_themes(console).await?;
        console.press(Key::Escape + "").await?;
        no_palette(console).await?;
        palette(console).await?;
        console.press(Key::Control + "k").await?;
        no_palette(console).await
    })
    .await
}

#[tokio::test]
async fn the_palette_is_walked_by_arrows_and_used_by_pointer_and_button() -> Result<()> {
    journey(Setup::default(), async |console| {
        open_list(console).await?;
        console.click(BUTTON, console.t("palette.open")).await?;
        console.find(DIALOG, console.t("palette.title")).await?;
        let shown = entries(console).await?;
        assert!(shown.len() > 10, "{shown:?}");
        assert_eq!(active(console).await?, shown[0]);
        console.press(Key::Down + "").await?;
        assert_eq!(active(console).await?, shown[1]);
        console.press(Key::Up + "").await?;
        console.press(Key::Up + "").await?;
        assert_eq!(&active(console).await?, shown.last().context("nothing")?);
        // The browser scrolls with its next frame.
        until("the chosen entry to be scrolled into view", async || {
            let in_view = console
                .run(
                    "const list = document.querySelector('.palette-list').getBoundingClientRect();
                    const line = document.querySelector('.palette [aria-selected=true]').getBoundingClientRect();
                    return line.top >= list.top - 1 && line.bottom <= list.bottom + 1",
                )
                .await?;
            Ok((in_view == true).then_some(()))
        })
        .await?;
        console.press(Key::Escape + "").await?;
        no_palette(console).await?;
        let focused = console
            .run("return document.activeElement.querySelector('span')?.textContent")
            .await?;
        assert_eq!(focused, console.t("palette.open"), "the focus does not come back");
        palette(console).await?;
        console
            .click("option", &{
                let names = console.names("option").await?;
                let usable = console.t("list.usable");
                names
                    .into_iter()
                    .find(|name| name.starts_with(usable))
                    .context("no entry for the usable services")?
            })
            .await?;
        console.wait_route("/services/usable").await
    })
    .await
}

#[tokio::test]
async fn the_palette_opens_within_a_frame() -> Result<()> {
    journey(Setup::default(), async |console| {
        open_list(console).await?;
        // The frame that follows the key shows it.
        let open = console
            .run(
                "return new Promise((answer) => requestAnimationFrame(() => {
                    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true, cancelable: true }));
                    requestAnimationFrame(() => answer(
                        !!document.querySelector('dialog.palette[open]') && document.activeElement.getAttribute('role') === 'combobox'));
                }))",
            )
            .await?;
        assert_eq!(open, true, "it takes more than a frame");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn with_an_access_token_letters_and_palette_are_about_its_service() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("North America", "ServiceRunning").await?;
        let token = console.platform().access_token(&id, "active").await?;
        console.goto("/").await?;
        console.sign_in_token(&token).await?;
        console.page("shop-backend").await?;
        console.press("t").await?;
        console.wait_route(&format!("/service/{id}/logs")).await?;
        palette(console).await?;
        let shown = entries(console).await?;
        assert!(!shown.iter().any(|name| name == console.t("list.running")), "{shown:?}");
        look_for(console, "detail", console.t("keys.detail")).await?;
        console.press(Key::Enter + "").await?;
        console.wait_route(&format!("/service/{id}")).await?;
        assert!(console.requests_to("/api/v1/userService?").await?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_phone_and_chinese_have_them_too() -> Result<()> {
    let setup = Setup {
        language: "zh-CN",
        size: PHONE,
        ..Setup::default()
    };
    journey(setup, async |console| {
        open_list(console).await?;
        console.fits().await?;
        console.click(BUTTON, console.t("palette.open")).await?;
        console.find(DIALOG, console.t("palette.title")).await?;
        console.fits().await?;
        in_both_themes(console).await?;
        look_for(console, "通知", console.t("notices.title")).await?;
        look_for(console, "快捷", console.t("keys.title")).await?;
        console.press(Key::Enter + "").await?;
        console.find(DIALOG, console.t("keys.title")).await?;
        console.fits().await?;
        in_both_themes(console).await
    })
    .await
}
