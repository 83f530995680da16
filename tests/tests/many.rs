//! Many services at once: the status of all of them, and one thing done to all that are selected.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, CHECKBOX, COMBOBOX, Console, DIALOG, LINK, Official, Setup, Table, journey, until};
use serde_json::{Value, json};
use thirtyfour::WebElement;

const RESTART: &str = "/api/v1/k8s/pod/restart";

/// Asks a region's host for a service as the platform knows it, past the console.
async fn region(console: &Console, id: &str, path: &str) -> Result<Value> {
    let platform = console.platform();
    let token = platform.post("/dev/tokens", &json!({ "userServiceID": id })).await?;
    let services = platform.services().await?;
    let service = services
        .iter()
        .find(|service| service["id"] == id)
        .context("no such service")?;
    let region = service["serviceOptions"]["region"].as_str().context("no region")?;
    let host = region.to_lowercase().replace(' ', "-");
    let port = platform.address().rsplit(':').next().unwrap_or_default();
    // The machine need not know the region's name: the host is named in the header alone.
    let answer = reqwest::Client::new()
        .get(format!("{}{path}", platform.address()))
        .header("host", format!("{host}.localhost:{port}"))
        .header("secret", token["secret"].as_str().context("no secret")?)
        .send()
        .await?
        .error_for_status()?;
    Ok(answer.json().await?)
}

/// When the first container of a service started.
async fn started(console: &Console, id: &str) -> Result<String> {
    let pod = region(console, id, "/api/v1/k8s/pod/status").await?;
    let state = &pod["podStatus"]["containerStatuses"][0]["state"];
    Ok(state["running"]["startedAt"].as_str().unwrap_or_default().to_owned())
}

/// The status of a service, as the platform lists it.
async fn status(console: &Console, id: &str) -> Result<String> {
    let services = console.platform().services().await?;
    let service = services
        .iter()
        .find(|service| service["id"] == id)
        .context("no such service")?;
    Ok(service["status"].as_str().unwrap_or_default().to_owned())
}

/// The status of a service, as the official client shows it.
async fn shown_status(official: &Official, id: &str) -> Result<String> {
    let get = ["service", "get", id, "--provider", "v-kube-service"];
    let service = official.run(&get).await?;
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

/// The table of the status of all, once nothing in it is on its way.
async fn all_rows(console: &Console) -> Result<Table> {
    console
        .table_where(console.t("status_all.title"), "everything in it", Table::is_complete)
        .await
}

/// The rows about a service: every row names it first.
fn rows_of<'a>(table: &'a Table, id: &str) -> Vec<&'a Vec<String>> {
    table.rows.iter().filter(|row| row[0] == id).collect()
}

/// Opens the running services and selects those of these regions and statuses.
async fn select(console: &Console, wanted: &[(&str, &str)]) -> Result<Vec<String>> {
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
async fn item(console: &Console, id: &str, key: &str) -> Result<()> {
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
async fn confirm(console: &Console, dialog: &WebElement, key: &str, count: usize) -> Result<()> {
    let form = if count == 1 { "one" } else { "other" };
    let name = console.t_with(&format!("{key}.{form}"), &[("count", &count.to_string())]);
    console.click_within(Some(dialog), BUTTON, &name).await
}

const THREE: [(&str, &str); 3] = [
    ("Europe", "ServiceRunning"),
    ("Tokyo", "ServiceRunning"),
    ("Helsinki", "ServiceRunning"),
];

#[tokio::test]
async fn every_container_of_every_running_service_is_on_one_page() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.open_demo("/services/running").await?;
        console.page(console.t("list.running")).await?;
        console.click(LINK, console.t("status_all.link")).await?;
        console.wait_route("/status").await?;
        console.page(console.t("status_all.title")).await?;
        let table = all_rows(console).await?;
        let shop = console.platform().service_in("North America", "ServiceRunning").await?;
        let rows = rows_of(&table, &shop);
        assert_eq!(rows.len(), 3, "{table:#?}");
        let pod = region(console, &shop, "/api/v1/k8s/pod/status").await?;
        for (name, image, memory) in [
            ("gateway", "nginx:1.27-alpine", "1Gi"),
            ("api", "vcloud/json-logger:2.4", "2Gi"),
            ("cache", "redis:7", "1Gi"),
        ] {
            let row = rows
                .iter()
                .find(|row| row[1] == name)
                .with_context(|| format!("no {name}"))?;
            assert_eq!(row[2], console.t("container.running"));
            assert!(row[3].contains(image), "{row:?}");
            assert_eq!(row[4], memory);
            assert!(
                row[6].contains(pod["podStatus"]["hostIP"].as_str().context("no IP")?),
                "{row:?}"
            );
            let spec = pod["podSpec"]["containers"].as_array().context("no containers")?;
            let spec = spec.iter().find(|spec| spec["name"] == name).context("no spec")?;
            assert!(row[7].contains(&spec["ports"][0]["hostPort"].to_string()), "{row:?}");
        }
        // The official client shows the same of it.
        let official = console.official().await?;
        let shown = official.run(&["service", "status", &shop]).await?;
        assert_eq!(shown["podStatus"]["hostIP"], pod["podStatus"]["hostIP"]);
        for container in shown["podSpec"]["containers"].as_array().context("no containers")? {
            let name = container["name"].as_str().context("no name")?;
            let row = rows
                .iter()
                .find(|row| row[1] == name)
                .with_context(|| format!("no {name}"))?;
            assert_eq!(
                row[4],
                container["resources"]["limits"]["memory"].as_str().unwrap_or_default()
            );
        }
        let paused = console.platform().service_in("Europe", "ServiceStop").await?;
        let rows = rows_of(&table, &paused);
        assert_eq!((rows.len(), rows[0][2].as_str()), (1, console.t("status.paused")));
        console.see("staging · Europe").await?;
        // The names of variables are there, their values only on request.
        assert!(table.rows.iter().any(|row| row[5].contains("LOG_LEVEL")));
        assert!(
            !console.driver().source().await?.contains("debug"),
            "a value is in the page before it is asked for"
        );
        let values = |key: &str| console.t_with(key, &[("container", "api")]);
        console.click(BUTTON, &values("status_all.show_values")).await?;
        console.see("LOG_LEVEL=debug").await?;
        console.click(BUTTON, &values("status_all.hide_values")).await?;
        console.not_see("LOG_LEVEL=debug").await?;
        // Both ways lead here, and a row leads on.
        console.click(LINK, console.t("list.usable")).await?;
        console.page(console.t("list.usable")).await?;
        console.click(LINK, console.t("status_all.title")).await?;
        console.click(LINK, &shop).await?;
        console.page("shop-backend").await
    })
    .await
}

#[tokio::test]
async fn what_other_pages_know_is_not_asked_for_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Tokyo", "ServiceRunning").await?;
        console.open_demo(&format!("/service/{id}/containers")).await?;
        console.page("postgres").await?;
        console.click(LINK, console.t("status_all.title")).await?;
        all_rows(console).await?;
        let asked = async |host: &str| -> Result<usize> {
            Ok(sent(console, "/api/v1/k8s/pod/status")
                .await?
                .get(host)
                .copied()
                .unwrap_or_default())
        };
        assert_eq!(asked("tokyo.localhost").await?, 1);
        assert_eq!(asked("singapore.localhost").await?, 1);
        console.click(BUTTON, console.t("action.refresh")).await?;
        until("everything to be asked anew", async || {
            Ok((asked("tokyo.localhost").await? == 2 && asked("singapore.localhost").await? == 2).then_some(()))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn rows_are_searched_and_filtered_in_the_address() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.open_demo("/status?q=redis:7").await?;
        let name = console.t("status_all.title");
        console
            .table_where(name, "the one row", |table| {
                table.rows.len() == 1 && table.rows[0][1] == "cache"
            })
            .await?;
        console.fill(console.t("status_all.search"), "log_level shop").await?;
        console
            .table_where(name, "the other row", |table| {
                table.rows.len() == 1 && table.rows[0][1] == "api"
            })
            .await?;
        console.wait_route("/status?q=log_level%20shop").await?;
        console.fill(console.t("status_all.search"), "").await?;
        console
            .choose(console.t("status_all.filter"), console.t("status.paused"))
            .await?;
        console.wait_route("/status?state=paused").await?;
        console
            .table_where(name, "what is paused", |table| {
                table.rows.len() == 1 && table.rows[0][2] == console.t("status.paused")
            })
            .await?;
        console.fill(console.t("status_all.search"), "nothing has this").await?;
        console.page(console.t("list.nothing_found")).await?;
        console.click(BUTTON, console.t("list.show_all")).await?;
        console.wait_route("/status").await?;
        assert!(all_rows(console).await?.rows.len() >= 10);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_region_that_fails_costs_its_own_rows_only() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 503");
        let tokyo = console.platform().service_in("Tokyo", "ServiceRunning").await?;
        let singapore = console.platform().service_in("Singapore", "ServiceRunning").await?;
        let down = |host: &str| json!({ "path": "/api/v1/*", "host": host, "status": 503 });
        console
            .platform()
            .fault(json!([down("tokyo.localhost"), down("singapore.localhost")]))
            .await?;
        console.open_demo("/status").await?;
        let failed = |count: &str| {
            let form = if count == "1" { "one" } else { "other" };
            console.t_with(&format!("status_all.failed.{form}"), &[("count", count)])
        };
        console.see(&failed("2")).await?;
        let table = all_rows(console).await?;
        assert_eq!(table.rows.len(), 10, "{table:#?}");
        for id in [&tokyo, &singapore] {
            let row = rows_of(&table, id);
            assert!(
                row[0][2].contains(console.t("status_all.not_loaded")) && row[0][2].contains("HTTP 503"),
                "{row:?}"
            );
        }
        assert!(table.rows.iter().any(|row| row[1] == "cache"));
        console.accessible().await?;
        console
            .choose(console.t("status_all.filter"), console.t("status_all.not_loaded"))
            .await?;
        console
            .table_where(console.t("status_all.title"), "what failed", |table| {
                table.rows.len() == 2
            })
            .await?;
        console
            .choose(console.t("status_all.filter"), console.t("status_all.any_state"))
            .await?;
        console.platform().no_faults().await?;
        console
            .click(BUTTON, &console.t_with("status_all.retry_one", &[("id", &tokyo)]))
            .await?;
        console.see("postgres").await?;
        console.see(&failed("1")).await?;
        console.click(BUTTON, console.t("status_all.retry_failed")).await?;
        console.not_see(&failed("1")).await?;
        let table = all_rows(console).await?;
        assert_eq!(rows_of(&table, &singapore)[0][1], "importer");
        // A refresh that fails keeps what was there and says so.
        console.platform().fault(down("tokyo.localhost")).await?;
        console.click(BUTTON, console.t("action.refresh")).await?;
        console.see(console.t("status_all.older")).await?;
        console.see("postgres").await
    })
    .await
}

#[tokio::test]
async fn hundreds_of_services_come_with_their_progress_and_by_page() -> Result<()> {
    let setup = Setup {
        platform: ["--services", "120", "--latency", "60"].map(str::to_owned).to_vec(),
        ..Setup::default()
    };
    journey(setup, async |console| {
        console.open_demo("/status").await?;
        console.find("progressbar", console.t("status_all.progress")).await?;
        // The first page is there long before the rest.
        all_rows(console).await?;
        assert!(console.has("progressbar", console.t("status_all.progress")).await?);
        console.gone("progressbar", console.t("status_all.progress")).await?;
        let before = sent(console, "/api/v1/k8s/pod/status").await?.values().sum::<usize>();
        console.click(BUTTON, console.t("pager.next")).await?;
        console.wait_route("/status?page=2").await?;
        all_rows(console).await?;
        assert_eq!(
            sent(console, "/api/v1/k8s/pod/status").await?.values().sum::<usize>(),
            before
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_restart_of_many_says_what_is_left_out_and_tries_only_the_failed_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 409");
        let ids = select(console, &[&THREE[..], &[("Europe", "ServiceStop")]].concat()).await?;
        let (web, orders, paused) = (&ids[0], &ids[1], &ids[3]);
        let before = (started(console, web).await?, started(console, orders).await?);
        let body = json!({ "error": { "code": 409, "message": "another operation is under way" } }).to_string();
        let fault = json!({ "path": RESTART, "host": "tokyo.localhost", "method": "POST", "status": 409, "body": body, "times": 1 });
        console.platform().fault(fault).await?;
        console.click(BUTTON, console.t("operation.restart")).await?;
        let dialog = console.find(DIALOG, console.t("bulk.restart_title")).await?;
        let text = dialog.text().await?;
        for part in [web, orders, paused, "web-frontend", "staging", console.t("bulk.restart_effect"), console.t("bulk.why_stopped")] {
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
        item(console, orders, "bulk.failed").await?;
        item(console, orders, "error.refused").await?;
        console.see("another operation is under way").await?;
        console.accessible().await?;
        let text = console.find(DIALOG, console.t("operation.restart")).await?.text().await?;
        assert!(!text.contains(paused.as_str()), "what was left out is in it: {text}");
        console.click(BUTTON, console.t("bulk.retry")).await?;
        item(console, orders, "bulk.accepted").await?;
        let expected = [("europe.localhost", 1), ("helsinki.localhost", 1), ("tokyo.localhost", 2)];
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
            let now = (started(console, web).await?, started(console, orders).await?);
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
        assert_eq!(shown_status(&official, &ids[0]).await?, "ServiceStop");
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
        assert_eq!(shown_status(&official, &ids[1]).await?, "ServiceRunning");
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
            let details = region(console, id, "/api/v1/k8s/userService").await?;
            let label = details["customizedLabel"].as_str().unwrap_or_default().to_owned();
            let place = table.rows.iter().position(|row| row[0] == *id).context("no row")?;
            assert!(table.rows[place].contains(&label), "{label}");
            numbered.push((place, label));
        }
        numbered.sort();
        let labels: Vec<&str> = numbered.iter().map(|(_, label)| label.as_str()).collect();
        assert_eq!(labels, ["batch-1", "batch-2", "batch-3"]);
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
            .fault(json!({ "path": RESTART, "host": "tokyo.localhost", "method": "POST", "drop": true }))
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
async fn both_are_accessible_in_both_themes_on_a_phone_and_in_chinese() -> Result<()> {
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
        console.accessible().await?;
        console.goto("/status").await?;
        console.sign_in_demo().await?;
        all_rows(console).await?;
        console.fits().await?;
        console.accessible().await?;
        console.size(1280, 800).await?;
        console.find(COMBOBOX, console.t("status_all.filter")).await?;
        for dark in [true, false] {
            console.dark(dark).await?;
            console.accessible().await?;
        }
        Ok(())
    })
    .await
}
