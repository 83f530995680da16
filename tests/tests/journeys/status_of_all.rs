//! The status of all: every container of every running service on one page.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, COMBOBOX, Console, LINK, Setup, Table, journey, until};
use serde_json::json;

/// How often each host was asked for this path.
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
        let pod = console.platform().ask_region(&shop, "/api/v1/k8s/pod/status").await?;
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
            for variable in container["env"].as_array().into_iter().flatten() {
                assert!(
                    row[5].contains(variable["name"].as_str().context("no name")?),
                    "{row:?}"
                );
            }
            for port in container["ports"].as_array().into_iter().flatten() {
                for number in [&port["hostPort"], &port["containerPort"]] {
                    assert!(row[7].contains(&number.to_string()), "{row:?}");
                }
            }
        }
        for container in shown["podStatus"]["containerStatuses"]
            .as_array()
            .context("no states")?
        {
            let row = rows.iter().find(|row| container["name"] == row[1].as_str());
            let row = row.with_context(|| format!("no {container}"))?;
            assert!(container["state"]["running"].is_object(), "{container}");
            let image = container["image"].as_str().context("no image")?;
            assert!(
                image.ends_with(row[3].rsplit('/').next().unwrap_or_default()),
                "{row:?} is not {image}"
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
async fn it_is_accessible_in_both_themes_on_a_phone_and_in_chinese() -> Result<()> {
    let setup = Setup {
        language: "zh-CN",
        size: (390, 844),
        ..Setup::default()
    };
    journey(setup, async |console| {
        console.open_demo("/status").await?;
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
