//! Many services at once: one thing done to all that are selected.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, CHECKBOX, Console, DIALOG, LINK, Setup, Table, journey, until};
use serde_json::{Value, json};
use thirtyfour::{Key, WebElement};

const RESTART: &str = "/api/v1/k8s/pod/restart";

/// When the first container of a service started.
pub(super) async fn started(console: &Console, id: &str) -> Result<String> {
    let pod = console.platform().ask_region(id, "/api/v1/k8s/pod/status").await?;
    let state = &pod["podStatus"]["containerStatuses"][0]["state"];
    Ok(state["running"]["startedAt"].as_str().unwrap_or_default().to_owned())
}

/// The status of a service, as the platform lists it.
pub(super) async fn status(console: &Console, id: &str) -> Result<String> {
    let services = console.platform().services().await?;
    let service = services
        .iter()
        .find(|service| service["id"] == id)
        .context("no such service")?;
    Ok(service["status"].as_str().unwrap_or_default().to_owned())
}

/// Changes that were sent to this path, by host.
async fn sent(console: &Console, path: &str) -> Result<BTreeMap<String, usize>> {
    let mut sent = BTreeMap::new();
    for exchange in console.requests_to(path).await? {
        if exchange.method != "OPTIONS" {
            let host = exchange.url.trim_start_matches("http://");
            let host = host.split(':').next().unwrap_or_default();
            *sent.entry(host.to_owned()).or_insert(0) += 1;
        }
    }
    Ok(sent)
}

async fn pass(time: Duration) -> Result<()> {
    let since = Instant::now();
    until("time to pass", async || Ok((since.elapsed() >= time).then_some(()))).await
}

/// Opens the running services and selects those of these regions and statuses.
pub(super) async fn select(console: &Console, wanted: &[(&str, &str)]) -> Result<Vec<String>> {
    console.open_demo("/services/running").await?;
    console
        .table_where(console.t("list.running"), "everything in it", Table::is_complete)
        .await?;
    let mut ids = Vec::new();
    for (region, status) in wanted {
        let id = console.platform().service_in(region, status).await?;
        console
            .click(CHECKBOX, &console.t_with("list.select_service", &[("id", &id)]))
            .await?;
        ids.push(id);
    }
    Ok(ids)
}

/// Waits until one of the dialog's rows says this about a service.
pub(super) async fn item(console: &Console, id: &str, key: &str) -> Result<()> {
    let text = console.t(key);
    until(&format!("{id} to be \"{text}\""), async || {
        let script = format!(
            "return [...document.querySelectorAll('dialog .bulk-item')].some((item) =>
                item.textContent.includes({}) && item.textContent.includes({}))",
            Value::from(id),
            Value::from(text)
        );
        Ok((console.run(&script).await? == json!(true)).then_some(()))
    })
    .await
}

/// The button of the dialog that does it to so many.
pub(super) async fn confirm(console: &Console, dialog: &WebElement, key: &str, count: usize) -> Result<()> {
    let form = if count == 1 { "one" } else { "other" };
    let name = console.t_with(&format!("{key}.{form}"), &[("count", &count.to_string())]);
    console.click_within(Some(dialog), BUTTON, &name).await
}

/// Regions and statuses of three services.
pub(super) const THREE: [(&str, &str); 3] = [
    ("Europe", "ServiceRunning"),
    ("North America", "ServiceRunning"),
    ("Helsinki", "ServiceRunning"),
];

#[tokio::test]
async fn a_restart_of_many_says_what_is_left_out_and_tries_only_the_failed_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 409");
        let ids = select(console, &[&THREE[..], &[("Europe", "ServiceStop")]].concat()).await?;
        let (web, shop, paused) = (&ids[0], &ids[1], &ids[3]);
        let before = (started(console, web).await?, started(console, shop).await?);
        let body = json!({ "error": { "code": 409, "message": "another operation is under way" } }).to_string();
        let refusal = json!({
            "path": RESTART, "host": "north-america.localhost", "method": "POST", "status": 409, "body": body, "times": 1,
        });
        console.platform().fault(refusal).await?;
        console.click(BUTTON, console.t("operation.restart")).await?;
        let dialog = console.find(DIALOG, console.t("bulk.restart_title")).await?;
        let text = dialog.text().await?;
        let texts = [console.t("bulk.restart_effect"), console.t("bulk.why_stopped")];
        for part in [web, shop, paused, "web-frontend", "staging", texts[0], texts[1]] {
            assert!(text.contains(part), "the question lacks {part}: {text}");
        }
        console.accessible().await?;
        console.click_within(Some(&dialog), BUTTON, console.t("action.cancel")).await?;
        console.gone(DIALOG, console.t("bulk.restart_title")).await?;
        assert!(sent(console, RESTART).await?.is_empty());

        console.click(BUTTON, console.t("operation.restart")).await?;
        let dialog = console.find(DIALOG, console.t("bulk.restart_title")).await?;
        confirm(console, &dialog, "bulk.restart_do", 3).await?;
        item(console, web, "bulk.accepted").await?;
        item(console, shop, "bulk.failed").await?;
        item(console, shop, "error.refused").await?;
        console.see("another operation is under way").await?;
        console.accessible().await?;
        let text = console.find(DIALOG, console.t("operation.restart")).await?.text().await?;
        assert!(!text.contains(paused.as_str()), "what was left out is in it: {text}");
        console.click(BUTTON, console.t("bulk.retry")).await?;
        item(console, shop, "bulk.accepted").await?;
        let expected = [("europe.localhost", 1), ("helsinki.localhost", 1), ("north-america.localhost", 2)];
        let expected: BTreeMap<_, _> = expected.map(|(host, count)| (host.to_owned(), count)).into();
        assert_eq!(sent(console, RESTART).await?, expected);
        console.click(BUTTON, console.t("bulk.close")).await?;
        console.gone(DIALOG, console.t("operation.restart")).await?;
        // The selection is as it was, and what is pending is shown until the containers are new.
        console
            .see(&console.t_with("list.selected.other", &[("count", "4")]))
            .await?;
        console.not_see(console.t("status.restarting")).await?;
        until("new containers", async || {
            let now = (started(console, web).await?, started(console, shop).await?);
            let is_new = |now: &str, before: &str| !now.is_empty() && now != before;
            Ok((is_new(&now.0, &before.0) && is_new(&now.1, &before.1)).then_some(()))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn many_are_paused_and_resumed_while_the_person_goes_elsewhere() -> Result<()> {
    journey(Setup::default(), async |console| {
        let ids = select(console, &THREE[..2]).await?;
        let slow = json!({ "path": "/api/v1/k8s/pod/stop", "latencyMs": 1500 });
        console.platform().fault(slow).await?;
        console.click(BUTTON, console.t("operation.pause")).await?;
        let dialog = console.find(DIALOG, console.t("bulk.pause_title")).await?;
        confirm(console, &dialog, "bulk.pause_do", 2).await?;
        item(console, &ids[0], "bulk.sending").await?;
        console.click(BUTTON, console.t("bulk.hide")).await?;
        console.find("group", console.t("bulk.progress")).await?;
        console.click(LINK, console.t("list.usable")).await?;
        console.page(console.t("list.usable")).await?;
        let ended = [
            ("name", console.t("operation.pause")),
            ("accepted", "2"),
            ("failed", "0"),
        ];
        console.see(&console.t_with("bulk.ended", &ended)).await?;
        for id in &ids {
            until("the platform to have it paused", async || {
                Ok((status(console, id).await? == "ServiceStop").then_some(()))
            })
            .await?;
        }
        let official = console.official().await?;
        assert_eq!(official.status(&ids[0]).await?, "ServiceStop");
        assert_eq!(
            official.run(&["service", "status", &ids[0]]).await?,
            json!({}),
            "it has no pod"
        );
        console.click(LINK, console.t("list.running")).await?;
        let paused = |table: &Table, count: usize| {
            table
                .column(console.t("column.status"))
                .iter()
                .filter(|cell| **cell == console.t("status.paused"))
                .count()
                == count
        };
        console
            .table_where(console.t("list.running"), "three paused", |table| paused(table, 3))
            .await?;
        // What came of it can still be looked at.
        console.click(BUTTON, console.t("bulk.show")).await?;
        item(console, &ids[1], "bulk.accepted").await?;
        console.click(BUTTON, console.t("bulk.close")).await?;

        for id in &ids {
            console
                .click(CHECKBOX, &console.t_with("list.select_service", &[("id", id)]))
                .await?;
        }
        let running = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        console
            .click(CHECKBOX, &console.t_with("list.select_service", &[("id", &running)]))
            .await?;
        console.click(BUTTON, console.t("operation.resume")).await?;
        let dialog = console.find(DIALOG, console.t("bulk.resume_title")).await?;
        assert!(dialog.text().await?.contains(console.t("bulk.why_running")));
        confirm(console, &dialog, "bulk.resume_do", 2).await?;
        for id in &ids {
            item(console, id, "bulk.accepted").await?;
        }
        console.click(BUTTON, console.t("bulk.close")).await?;
        console
            .table_where(console.t("list.running"), "one paused", |table| paused(table, 1))
            .await?;
        assert_eq!(status(console, &ids[0]).await?, "ServiceRunning");
        assert_eq!(official.status(&ids[1]).await?, "ServiceRunning");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn many_are_labelled_with_their_number() -> Result<()> {
    journey(Setup::default(), async |console| {
        let mut wanted = THREE.to_vec();
        wanted.push(("Europe", "ServiceStop"));
        let ids = select(console, &wanted).await?;
        console.click(BUTTON, console.t("bulk.label")).await?;
        let dialog = console.find(DIALOG, console.t("bulk.label_title")).await?;
        assert!(dialog.text().await?.contains(console.t("bulk.why_stopped")));
        for (typed, error) in [
            ("标签", console.t_with("bulk.label_character", &[("character", "标")])),
            ("-web", console.t_with("bulk.label_edge", &[("character", "-")])),
            (
                &"a".repeat(64),
                console.t_with("bulk.label_too_long", &[("length", "64"), ("most", "63")]),
            ),
        ] {
            console.fill(console.t("column.label"), typed).await?;
            console.see(&error).await?;
        }
        confirm(console, &dialog, "bulk.label_do", 3).await?;
        console.accessible().await?;
        console.fill(console.t("column.label"), "").await?;
        console.see(console.t("bulk.label_empty")).await?;
        console.fill(console.t("column.label"), "batch").await?;
        console.click(BUTTON, console.t("bulk.label_number")).await?;
        let field = console.field(console.t("column.label")).await?;
        assert_eq!(field.prop("value").await?.as_deref(), Some("batch-{n}"));
        console.see("→ batch-3").await?;
        confirm(console, &dialog, "bulk.label_do", 3).await?;
        for id in &ids[..3] {
            item(console, id, "bulk.accepted").await?;
        }
        console.click(BUTTON, console.t("bulk.close")).await?;
        let table = console
            .table_where(console.t("list.running"), "the new labels", |table| {
                ["batch-1", "batch-2", "batch-3", "staging"]
                    .iter()
                    .all(|label| table.row(label).is_some())
            })
            .await?;
        // Numbered in the order of the list.
        let mut numbered = Vec::new();
        for id in &ids[..3] {
            let details = console.platform().ask_region(id, "/api/v1/k8s/userService").await?;
            let label = details["customizedLabel"].as_str().unwrap_or_default().to_owned();
            let place = table.rows.iter().position(|row| row[0] == *id).context("no row")?;
            assert!(table.rows[place].contains(&label), "{label}");
            numbered.push((place, label));
        }
        numbered.sort();
        let labels: Vec<&str> = numbered.iter().map(|(_, label)| label.as_str()).collect();
        assert_eq!(labels, ["batch-1", "batch-2", "batch-3"]);
        let (official, owner) = (console.official().await?, console.platform().demo_keys().await?);
        let mut told = Vec::new();
        for id in &ids[..3] {
            told.push(official.own_text(&owner, id, "customizedLabel").await?);
        }
        told.sort();
        assert_eq!(told, labels);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_run_that_is_stopped_sends_nothing_more() -> Result<()> {
    journey(Setup::default(), async |console| {
        let wanted = [
            ("Europe", "ServiceRunning"),
            ("North America", "ServiceRunning"),
            ("Tokyo", "ServiceRunning"),
            ("Hong Kong", "ServiceRunning"),
            ("Helsinki", "ServiceRunning"),
            ("Asia", "ServiceRunning"),
        ];
        let ids = select(console, &wanted).await?;
        console
            .platform()
            .fault(json!({ "path": RESTART, "method": "POST", "latencyMs": 3000 }))
            .await?;
        console.click(BUTTON, console.t("operation.restart")).await?;
        let dialog = console.find(DIALOG, console.t("bulk.restart_title")).await?;
        confirm(console, &dialog, "bulk.restart_do", 6).await?;
        until("four under way", async || {
            Ok((sent(console, RESTART).await?.values().sum::<usize>() == 4).then_some(()))
        })
        .await?;
        console.click(BUTTON, console.t("bulk.stop")).await?;
        console.see(console.t("bulk.not_sent")).await?;
        console.find(BUTTON, console.t("bulk.go_on")).await?;
        assert_eq!(sent(console, RESTART).await?.values().sum::<usize>(), 4);
        console.platform().no_faults().await?;
        console.click(BUTTON, console.t("bulk.go_on")).await?;
        for id in &ids {
            item(console, id, "bulk.accepted").await?;
        }
        let sent = sent(console, RESTART).await?;
        assert!(sent.values().all(|count| *count == 1) && sent.len() == 6, "{sent:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_not_taken_for_a_refusal() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("net::ERR_");
        // The look whether the host is there at all.
        console.expect_error("status of 405");
        let ids = select(console, &THREE[1..]).await?;
        console
            .platform()
            .fault(json!({ "path": RESTART, "host": "north-america.localhost", "method": "POST", "drop": true }))
            .await?;
        console.click(BUTTON, console.t("operation.restart")).await?;
        let dialog = console.find(DIALOG, console.t("bulk.restart_title")).await?;
        confirm(console, &dialog, "bulk.restart_do", 2).await?;
        item(console, &ids[0], "bulk.uncertain").await?;
        item(console, &ids[0], "bulk.uncertain_advice").await?;
        item(console, &ids[1], "bulk.accepted").await?;
        // Nobody sends it again but the person.
        let before = sent(console, RESTART).await?;
        pass(Duration::from_secs(2)).await?;
        assert_eq!(sent(console, RESTART).await?, before);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn it_is_accessible_in_both_themes_on_a_phone_and_in_chinese() -> Result<()> {
    let setup = Setup {
        language: "zh-CN",
        ..Setup::default()
    };
    journey(setup, async |console| {
        select(console, &THREE).await?;
        console.click(BUTTON, console.t("bulk.label")).await?;
        let dialog = console.find(DIALOG, console.t("bulk.label_title")).await?;
        for dark in [true, false] {
            console.dark(dark).await?;
            console.accessible().await?;
        }
        console.size(390, 844).await?;
        console.fits().await?;
        console.accessible().await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("action.cancel"))
            .await?;
        console.gone(DIALOG, console.t("bulk.label_title")).await?;
        console.fits().await?;
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn a_selection_goes_over_all_pages() -> Result<()> {
    let setup = Setup {
        platform: vec!["--services".to_owned(), "90".to_owned()],
        ..Setup::default()
    };
    journey(setup, async |console| {
        console.open_demo("/services/running").await?;
        let list = console.t("list.running");
        let first = console.table_where(list, "the first page", Table::is_complete).await?;
        let services = console.platform().services().await?;
        let runs = |service: &&Value| {
            ["ServiceRunning", "ServiceStop"]
                .iter()
                .any(|status| service["status"] == *status)
        };
        let total = services.iter().filter(runs).count();
        anyhow::ensure!(total > 40, "{total} services are no three pages");
        let selected = async |count: usize| {
            console
                .see(&console.t_with("list.selected.other", &[("count", &count.to_string())]))
                .await
        };
        // The bar lies above the lower edge of the window: what has the focus is scrolled out from under it.
        let next = async || {
            console.find(BUTTON, console.t("pager.next")).await?.focus().await?;
            console.keys(Key::Enter).await
        };
        let row = |id: &str| console.t_with("list.select_service", &[("id", id)]);
        console.click(CHECKBOX, console.t("list.select_page")).await?;
        selected(20).await?;
        next().await?;
        let second = console
            .table_where(list, "the second page", |table| {
                table.is_complete() && table.rows[0][0] != first.rows[0][0]
            })
            .await?;
        // What is on another page is still selected.
        let one = &second.rows[4][0];
        console.click(CHECKBOX, &row(one)).await?;
        selected(21).await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("bulk.label")).await?;
        let dialog = console.find(DIALOG, console.t("bulk.label_title")).await?;
        let text = dialog.text().await?;
        assert!(text.contains(&first.rows[0][0]) && text.contains(one), "{text}");
        console
            .click_within(Some(&dialog), BUTTON, console.t("action.cancel"))
            .await?;

        // All of the list, though only a page of it was ever shown.
        console.click(CHECKBOX, console.t("list.select_page")).await?;
        let all = console.t_with("list.select_all.other", &[("count", &total.to_string())]);
        console.click(BUTTON, &all).await?;
        selected(total).await?;
        console.gone(BUTTON, &all).await?;
        next().await?;
        console
            .table_where(list, "the last page", |table| {
                table.is_complete() && table.rows[0][0] != second.rows[0][0]
            })
            .await?;
        let unselect = console.find(CHECKBOX, console.t("list.select_page")).await?;
        assert!(unselect.is_selected().await?);
        let on_page = console.names(CHECKBOX).await?.len() - 1;
        unselect.click().await?;
        selected(total - on_page).await?;

        // What a search hides is not selected any more: nothing happens to what is out of sight of it.
        console.fill(console.t("list.search"), one).await?;
        console
            .see(&console.t_with("list.selected.one", &[("count", "1")]))
            .await?;
        console.fill(console.t("list.search"), "").await?;
        console
            .table_where(list, "a full page", |table| table.rows.len() == 20)
            .await?;
        console.click(CHECKBOX, &row(&first.rows[0][0])).await?;
        selected(2).await
    })
    .await
}
