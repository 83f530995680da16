//! For everybody: no violation of axe's rules on any page and in any state of importance, in light and dark, on a phone, in both
//! languages, and by keyboard alone.

use anyhow::Result;
use browser_tests::{BUTTON, Console, DIALOG, LINK, Setup, TAB, Texts, journey, until};
use serde_json::{Value, json};
use thirtyfour::Key;

const PHONE: (u32, u32) = (390, 844);

/// The page as it is now, in light and in dark.
async fn in_both_themes(console: &Console) -> Result<()> {
    console.dark(false).await?;
    console.accessible().await?;
    console.dark(true).await?;
    console.accessible().await?;
    console.dark(false).await
}

#[tokio::test]
async fn signing_in_is_accessible_each_way() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.goto("/").await?;
        for key in ["sign_in.seed", "sign_in.file", "sign_in.token", "sign_in.new"] {
            console.click(TAB, console.t(key)).await?;
            in_both_themes(console).await?;
        }
        // The tabs are one stop of the Tab key; arrows go from one to the other.
        console.click(TAB, console.t("sign_in.seed")).await?;
        console.press(Key::Right + "").await?;
        assert_eq!(console.focused().await?, console.t("sign_in.file"));
        console.press(Key::Left + "").await?;
        console.press(Key::Left + "").await?;
        assert_eq!(console.focused().await?, console.t("sign_in.new"));
        console.find(BUTTON, console.t("new.action")).await?;
        console.click(BUTTON, console.t("settings.name")).await?;
        in_both_themes(console).await
    })
    .await
}

#[tokio::test]
async fn every_list_is_accessible() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.open_demo("/services/running").await?;
        for key in ["list.running", "list.usable", "list.past", "list.aborted"] {
            console.click(LINK, console.t(key)).await?;
            console.page(console.t(key)).await?;
            console
                .table_where(console.t(key), "everything in it", browser_tests::Table::is_complete)
                .await?;
            in_both_themes(console).await?;
        }
        console.click(LINK, console.t("list.running")).await?;
        console.click(BUTTON, console.t("list.columns")).await?;
        in_both_themes(console).await?;
        console.press(Key::Escape + "").await?;
        console.gone("checkbox", console.t("column.units")).await?;
        let (_, address) = console.platform().demo_account().await?;
        console.click(BUTTON, &console.account_name(&address)).await?;
        in_both_themes(console).await
    })
    .await
}

#[tokio::test]
async fn every_part_of_a_service_is_accessible() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("North America", "ServiceRunning").await?;
        console.open_demo(&format!("/service/{id}")).await?;
        console.page(console.t("service.options")).await?;
        in_both_themes(console).await?;
        console.click(LINK, console.t("service.tab_containers")).await?;
        console.page("cache").await?;
        in_both_themes(console).await?;
        console.click(BUTTON, console.t("operation.pause")).await?;
        console.find(DIALOG, console.t("operation.pause_title")).await?;
        in_both_themes(console).await?;
        console.press(Key::Escape + "").await?;
        console.gone(DIALOG, console.t("operation.pause_title")).await?;
        let crashing = console.platform().service_in("Singapore", "ServiceRunning").await?;
        console.click(LINK, console.t("list.running")).await?;
        console.click(LINK, &crashing).await?;
        console.click(LINK, console.t("service.tab_containers")).await?;
        console.page("importer").await?;
        in_both_themes(console).await
    })
    .await
}

#[tokio::test]
async fn errors_and_emptiness_are_accessible() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 500");
        console
            .platform()
            .fault(json!({ "path": "/api/v1/userService", "status": 500 }))
            .await?;
        console.open_demo("/services/running").await?;
        console.see(console.t("error.server")).await?;
        in_both_themes(console).await?;
        let empty = json!({ "path": "/api/v1/userService", "body": "{\"list\": [], \"total\": 0}" });
        console.platform().no_faults().await?;
        console.platform().fault(empty).await?;
        console.click(BUTTON, console.t("action.retry")).await?;
        console.page(console.t("empty.running_title")).await?;
        in_both_themes(console).await?;
        for (list, title) in [
            ("list.usable", "empty.usable_title"),
            ("list.past", "empty.past_title"),
            ("list.aborted", "empty.aborted_title"),
        ] {
            console.click(LINK, console.t(list)).await?;
            console.page(console.t(title)).await?;
        }
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn a_phone_shows_everything_without_scrolling_sideways() -> Result<()> {
    let setup = Setup {
        size: PHONE,
        ..Setup::default()
    };
    journey(setup, async |console| {
        console.goto("/").await?;
        for key in ["sign_in.file", "sign_in.token", "sign_in.new", "sign_in.seed"] {
            console.click(TAB, console.t(key)).await?;
            console.fits().await?;
        }
        console.sign_in_demo().await?;
        let table = console
            .table_where(
                console.t("list.running"),
                "everything in it",
                browser_tests::Table::is_complete,
            )
            .await?;
        assert_eq!(table.rows.len(), 8);
        console.fits().await?;
        in_both_themes(console).await?;
        console.click(BUTTON, console.t("list.columns")).await?;
        console.fits().await?;
        console.press(Key::Escape + "").await?;
        console.click(BUTTON, console.t("shell.menu")).await?;
        console.accessible().await?;
        console.click(LINK, console.t("list.past")).await?;
        console.page(console.t("list.past")).await?;
        console.fits().await?;

        let id = console.platform().service_in("North America", "ServiceRunning").await?;
        for (tab, heading) in [("", console.t("service.options")), ("/containers", "cache")] {
            console.goto(&format!("/service/{id}{tab}")).await?;
            console.sign_in_demo().await?;
            console.page(heading).await?;
            console.fits().await?;
            console.accessible().await?;
        }
        console.click(BUTTON, console.t("operation.restart")).await?;
        console.find(DIALOG, console.t("operation.restart_title")).await?;
        console.fits().await
    })
    .await
}

#[tokio::test]
async fn the_console_speaks_chinese_as_soon_as_it_is_asked_to_and_remembers_it() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.goto("/").await?;
        assert_eq!(console.run("return document.documentElement.lang").await?, "en");
        console.fill(console.t("seed.label"), "half a phrase").await?;
        console.click(BUTTON, console.t("settings.name")).await?;
        let texts = Texts::load("zh-CN")?;
        let chinese = |key: &str| texts.text(key);
        console.click(BUTTON, chinese("_name")).await?;
        console.page(chinese("sign_in.title")).await?;
        assert_eq!(console.run("return document.documentElement.lang").await?, "zh-CN");
        // Nothing typed is lost by it.
        let typed = console.field(chinese("seed.label")).await?.prop("value").await?;
        assert_eq!(typed.as_deref(), Some("half a phrase"));
        console.press(Key::Escape + "").await?;
        console.click(BUTTON, chinese("demo.action")).await?;
        console.page(chinese("list.running")).await?;
        for key in [
            "column.label",
            "column.expires",
            "column.refundable",
            "status.running",
            "status.paused",
        ] {
            console.see(chinese(key)).await?;
        }
        console.accessible().await?;
        console.reload().await?;
        console.page(chinese("sign_in.title")).await?;
        console.click(BUTTON, chinese("settings.name")).await?;
        console.click(BUTTON, "English").await?;
        console.page(console.t("sign_in.title")).await
    })
    .await
}

#[tokio::test]
async fn every_page_is_there_in_chinese() -> Result<()> {
    let setup = Setup {
        language: "zh-CN",
        ..Setup::default()
    };
    journey(setup, async |console| {
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        console.open_demo("/services/running").await?;
        for key in ["list.running", "list.usable", "list.past", "list.aborted"] {
            console.click(LINK, console.t(key)).await?;
            console.page(console.t(key)).await?;
            console.see(console.t("column.expires")).await?;
        }
        console.accessible().await?;
        console.click(LINK, console.t("list.running")).await?;
        console.click(LINK, &id).await?;
        for key in ["service.options", "service.where", "service.time"] {
            console.page(console.t(key)).await?;
        }
        console.accessible().await?;
        console.click(BUTTON, console.t("operation.restart")).await?;
        let dialog = console.find(DIALOG, console.t("operation.restart_title")).await?;
        assert!(dialog.text().await?.contains(console.t("operation.restart_effect")));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn colours_follow_the_system_or_the_choice() -> Result<()> {
    journey(Setup::default(), async |console| {
        let background = async || -> Result<Value> {
            console
                .run("return getComputedStyle(document.documentElement).backgroundColor")
                .await
        };
        console.goto("/").await?;
        let light = background().await?;
        console.dark(true).await?;
        let dark = until("the page to follow the system", async || {
            let now = background().await?;
            Ok((now != light).then_some(now))
        })
        .await?;
        console.click(BUTTON, console.t("settings.name")).await?;
        let becomes = async |color: &Value| {
            until("the page to change its colours", async || {
                Ok((background().await? == *color).then_some(()))
            })
            .await
        };
        console.click(BUTTON, console.t("settings.theme_light")).await?;
        becomes(&light).await?;
        console.accessible().await?;
        console.reload().await?;
        assert_eq!(background().await?, light, "the choice is forgotten");
        console.dark(false).await?;
        console.click(BUTTON, console.t("settings.name")).await?;
        console.click(BUTTON, console.t("settings.theme_dark")).await?;
        becomes(&dark).await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("settings.theme_system")).await?;
        becomes(&light).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_keyboard_is_enough() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("North America", "ServiceRunning").await?;
        console.goto("/").await?;
        console.tab_to(console.t("demo.action")).await?;
        console.press(Key::Enter + "").await?;
        console
            .table_where(
                console.t("list.running"),
                "everything in it",
                browser_tests::Table::is_complete,
            )
            .await?;
        console.tab_to(console.t("shell.skip")).await?;
        console.press(Key::Enter + "").await?;
        console
            .tab_to(&console.t_with("list.select_service", &[("id", &id)]))
            .await?;
        console.press(" ").await?;
        console
            .see(&console.t_with("list.selected.one", &[("count", "1")]))
            .await?;
        console.tab_to(&id).await?;
        console.press(Key::Enter + "").await?;
        console.page("shop-backend").await?;
        console.tab_to(console.t("operation.restart")).await?;
        console.press(Key::Enter + "").await?;
        console.find(DIALOG, console.t("operation.restart_title")).await?;
        // The harmless answer has the focus, and Escape is no.
        assert_eq!(console.focused().await?, console.t("action.cancel"));
        console.press(Key::Escape + "").await?;
        console.gone(DIALOG, console.t("operation.restart_title")).await?;
        assert_eq!(console.focused().await?, console.t("operation.restart"));
        console.press(Key::Enter + "").await?;
        console.find(DIALOG, console.t("operation.restart_title")).await?;
        console.tab_to(console.t("operation.restart")).await?;
        console.press(Key::Enter + "").await?;
        console.see(console.t("operation.sent")).await
    })
    .await
}
