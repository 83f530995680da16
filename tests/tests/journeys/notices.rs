//! What happened to the services: all notices or those of one service, and which of them are new.

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, Console, LINK, Setup, Table, journey, until};
use serde_json::{Value, json};

const PHONE: (u32, u32) = (390, 844);

async fn in_both_themes(console: &Console) -> Result<()> {
    console.dark(false).await?;
    console.accessible().await?;
    console.dark(true).await?;
    console.accessible().await?;
    console.dark(false).await
}

async fn table(console: &Console, what: &str, is_so: impl Fn(&Table) -> bool) -> Result<Table> {
    console.table_where(console.t("notices.title"), what, is_so).await
}

/// What the platform has: notices of the demo account at the default provider, newest first.
async fn notices(console: &Console, service: &str) -> Result<Vec<Value>> {
    let (_, address) = console.platform().demo_account().await?;
    let port = console
        .platform()
        .address()
        .rsplit(':')
        .next()
        .unwrap_or_default()
        .to_owned();
    let url = format!(
        "{}/api/v1/k8s/notice?current=1&pageSize=1000&serviceID={service}",
        console.platform().address()
    );
    let answer: Value = reqwest::Client::new()
        .get(url)
        .header("host", format!("notice.localhost:{port}"))
        .header("address", address)
        .send()
        .await?
        .json()
        .await?;
    answer["list"]
        .as_array()
        .cloned()
        .with_context(|| format!("no list in {answer}"))
}

/// The number on the menu's entry; empty where there is none.
async fn badge(console: &Console) -> Result<String> {
    let badge = console
        .run("return document.querySelector('.menu .count')?.textContent ?? ''")
        .await?;
    Ok(badge.as_str().unwrap_or_default().to_owned())
}

async fn wait_badge(console: &Console, expected: &str) -> Result<()> {
    until(&format!("the badge \"{expected}\""), async || {
        Ok((badge(console).await? == expected).then_some(()))
    })
    .await
}

#[tokio::test]
async fn every_notice_is_there_newest_first_in_words_with_its_service() -> Result<()> {
    journey(Setup::default(), async |console| {
        // Soon after the start one of the services is found to end soon.
        let expected = until("the notice of the service that nearly ends", async || {
            let all = notices(console, "").await?;
            Ok(all
                .iter()
                .any(|notice| notice["noticeType"] == "ServiceExpiringSoon")
                .then_some(all))
        })
        .await?;
        assert!(expected.len() > 20, "too few for two pages");
        // The official client lists the same, of all services and of one.
        let official = console.official().await?;
        let one = expected[0]["serviceID"].as_str().context("no service")?;
        for service in ["", one] {
            let list = ["service", "notice", "--page-size", "1000", "--service-id", service];
            let told = official.run(&list).await?;
            assert_eq!(
                told["list"],
                json!(notices(console, service).await?),
                "of \"{service}\""
            );
        }
        console.open_demo("/services/running").await?;
        // Nothing was seen yet: the badge says so before the page is opened.
        wait_badge(console, "20+").await?;
        let name = format!(
            "{} {}",
            console.t("notices.title"),
            console.t_with("notices.unseen", &[("count", "20+")])
        );
        console.click(LINK, &name).await?;
        console.wait_route("/notices").await?;
        console.page(console.t("notices.title")).await?;
        let first = table(console, "a page", |table| table.rows.len() == 20).await?;
        assert_eq!(
            first.headings,
            ["notices.time", "notices.what", "notices.service"].map(|key| console.t(key).to_owned())
        );
        let words = |kind: &str| -> String {
            let key = match kind {
                "ServiceActivated" => "activated",
                "ServiceDeployed" => "deployed",
                "ServiceStopped" => "stopped",
                "ServiceExpired" => "expired",
                "ServiceExpiringSoon" => "expiring_soon",
                "ServiceRefunded" => "refunded",
                other => panic!("the demonstration has a notice {other}"),
            };
            console.t(&format!("notices.{key}")).to_owned()
        };
        for (row, notice) in first.rows.iter().zip(&expected) {
            let kind = notice["noticeType"].as_str().context("no type")?;
            let id = notice["serviceID"].as_str().context("no service")?;
            assert!(row[1].starts_with(&words(kind)), "{row:?} is not {kind}");
            assert!(row[2].ends_with(id), "{row:?} is not about {id}");
            assert!(row[0].starts_with("20"), "{row:?}");
        }
        table(console, "labels", |table| {
            table.rows.iter().any(|row| row[2].starts_with("game-relay"))
        })
        .await?;
        console
            .see(&console.t_with("notices.count.other", &[("count", &expected.len().to_string())]))
            .await?;
        // They are marked as new as long as they are looked at, and seen for the menu.
        assert!(
            first.rows.iter().all(|row| row[1].ends_with(console.t("notices.new"))),
            "{first:#?}"
        );
        wait_badge(console, "").await?;
        in_both_themes(console).await?;

        console.click(BUTTON, console.t("pager.next")).await?;
        console.wait_route("/notices?page=2").await?;
        let rest = table(console, "the rest", |table| table.rows.len() == expected.len() - 20).await?;
        let last = expected
            .last()
            .and_then(|notice| notice["serviceID"].as_str())
            .context("no service")?;
        assert!(rest.rows.last().is_some_and(|row| row[2].ends_with(last)), "{rest:#?}");
        console.driver().back().await?;
        console.wait_route("/notices").await?;
        table(console, "the first page again", |table| table.rows.len() == 20).await?;

        // A click leads to the service.
        let id = expected[0]["serviceID"].as_str().context("no service")?.to_owned();
        let link = console.css("td a[href*='/service/']").await?;
        link.click().await?;
        console.wait_route(&format!("/service/{id}")).await
    })
    .await
}

#[tokio::test]
async fn what_is_new_since_is_marked_and_stays_seen_after_a_reload() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.platform().configure(&json!({ "refreshSeconds": 1 })).await?;
        console.open_demo("/notices").await?;
        let soon = console.t("notices.expiring_soon");
        table(console, "the service that nearly ends", |table| {
            table.rows.first().is_some_and(|row| row[1].starts_with(soon))
        })
        .await?;
        wait_badge(console, "").await?;
        console.reload().await?;
        console.sign_in_demo().await?;
        let seen = table(console, "a page", |table| table.rows.len() == 20).await?;
        assert!(
            !seen.rows.iter().any(|row| row[1].ends_with(console.t("notices.new"))),
            "{seen:#?}"
        );
        // Elsewhere in the console something happens.
        let id = console.platform().service_in("Tokyo", "ServiceRunning").await?;
        console.click(LINK, console.t("list.running")).await?;
        console.click(LINK, &id).await?;
        console.click(BUTTON, console.t("operation.restart")).await?;
        let dialog = console.find("dialog", console.t("operation.restart_title")).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("operation.restart"))
            .await?;
        // The menu learns of it by itself.
        wait_badge(console, "1").await?;
        let name = format!(
            "{} {}",
            console.t("notices.title"),
            console.t_with("notices.unseen", &[("count", "1")])
        );
        console.click(LINK, &name).await?;
        let page = table(console, "the restart", |table| {
            table
                .rows
                .first()
                .is_some_and(|row| row[1].starts_with(console.t("notices.restarted")))
        })
        .await?;
        assert!(page.rows[0][1].ends_with(console.t("notices.new")), "{page:#?}");
        assert!(!page.rows[1][1].ends_with(console.t("notices.new")), "{page:#?}");
        wait_badge(console, "").await?;
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn the_notices_of_one_service_are_linked_from_it_and_filtered_by_type() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Europe", "ServiceStop").await?;
        let expected = notices(console, &id).await?;
        console.open_demo(&format!("/service/{id}")).await?;
        console.click(LINK, console.t("notices.of_service")).await?;
        console.wait_route(&format!("/notices?service={id}")).await?;
        let page = table(console, "those of the service", |table| {
            table.rows.len() == expected.len()
        })
        .await?;
        assert!(page.rows.iter().all(|row| row[2].ends_with(&id)), "{page:#?}");
        console.see(console.t("notices.only")).await?;
        console.find(LINK, "staging").await?;
        in_both_themes(console).await?;
        // Looking at one service does not make the others seen.
        assert!(!badge(console).await?.is_empty());

        console
            .choose(console.t("notices.type"), console.t("notices.stopped"))
            .await?;
        console
            .wait_route(&format!("/notices?service={id}&type=ServiceStopped"))
            .await?;
        table(console, "the pause alone", |table| table.rows.len() == 1).await?;
        console
            .choose(console.t("notices.type"), console.t("notices.renewed"))
            .await?;
        console.page(console.t("notices.nothing_found")).await?;
        in_both_themes(console).await?;
        console.click(BUTTON, console.t("notices.all_services")).await?;
        console.wait_route("/notices?type=ServiceRenewed").await?;
        console.page(console.t("notices.nothing_found")).await?;
        console.click(BUTTON, console.t("notices.all")).await?;
        console.wait_route("/notices").await?;
        table(console, "a page", |table| table.rows.len() == 20).await?;

        // Of one type among all: the platform's pages are looked through.
        let all = notices(console, "").await?;
        let ended = all
            .iter()
            .filter(|notice| notice["noticeType"] == "ServiceExpired")
            .count();
        console
            .choose(console.t("notices.type"), console.t("notices.expired"))
            .await?;
        let page = table(console, "what expired", |table| table.rows.len() == ended).await?;
        assert!(
            page.rows
                .iter()
                .all(|row| row[1].starts_with(console.t("notices.expired"))),
            "{page:#?}"
        );
        // The address has it all.
        console.reload().await?;
        console.sign_in_demo().await?;
        table(console, "what expired", |table| table.rows.len() == ended).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn another_provider_has_notices_of_its_own() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.open_demo("/notices").await?;
        table(console, "a page", |table| table.rows.len() == 20).await?;
        console.choose(console.t("service.provider"), "v-kube-legacy").await?;
        console.wait_route("/notices?provider=v-kube-legacy").await?;
        table(console, "those of the old blog", |table| {
            table.rows.len() == 2 && table.rows.iter().all(|row| row[2].starts_with("old-blog"))
        })
        .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_type_that_nobody_has_heard_of_is_shown_as_it_is_and_emptiness_and_failure_say_so() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("the server responded with a status of 500");
        let id = console.platform().service_in("Tokyo", "ServiceRunning").await?;
        let body = json!({
            "list": [{ "timestamp": 1_700_000_000, "serviceID": id, "noticeType": "ServiceTeleported <b>" }],
            "pagination": { "total": 1, "current": 1, "pageSize": 20 },
        });
        let fault = |body: &Value| json!({ "path": "/api/v1/k8s/notice", "body": body.to_string() });
        console.platform().fault(fault(&body)).await?;
        console.open_demo("/notices").await?;
        table(console, "the new type", |table| {
            table
                .rows
                .first()
                .is_some_and(|row| row[1].starts_with("ServiceTeleported <b>"))
        })
        .await?;
        console.platform().no_faults().await?;
        console
            .platform()
            .fault(fault(
                &json!({ "list": [], "pagination": { "total": 0, "current": 1, "pageSize": 20 } }),
            ))
            .await?;
        console.click(BUTTON, console.t("action.refresh")).await?;
        console.page(console.t("notices.empty")).await?;
        in_both_themes(console).await?;
        console.platform().no_faults().await?;
        console
            .platform()
            .fault(json!({ "path": "/api/v1/k8s/notice", "status": 500 }))
            .await?;
        console.reload().await?;
        console.sign_in_demo().await?;
        console.see(console.t("error.server")).await?;
        in_both_themes(console).await?;
        console.platform().no_faults().await?;
        console.click(BUTTON, console.t("action.retry")).await?;
        table(console, "a page", |table| table.rows.len() == 20).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_phone_shows_them_without_scrolling_sideways_in_chinese_too() -> Result<()> {
    let setup = Setup {
        language: "zh-CN",
        size: PHONE,
        ..Setup::default()
    };
    journey(setup, async |console| {
        console.open_demo("/notices").await?;
        table(console, "a page", |table| table.rows.len() == 20).await?;
        console.see(console.t("notices.deployed")).await?;
        console.fits().await?;
        in_both_themes(console).await?;
        console.click(BUTTON, console.t("shell.menu")).await?;
        console.fits().await?;
        console.accessible().await
    })
    .await
}
