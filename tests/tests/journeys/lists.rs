//! The lists of services: what stands in them, and every way to find something in them.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, CHECKBOX, COMBOBOX, Console, LINK, SEARCHBOX, Setup, Table, journey, until};
use serde_json::Value;

fn headings(console: &Console, keys: &[&str]) -> Vec<String> {
    keys.iter()
        .map(|key| console.t(&format!("column.{key}")).to_owned())
        .collect()
}

/// How many of the demo account's services have one of these statuses.
async fn count(console: &Console, statuses: &[&str]) -> Result<usize> {
    let services = console.platform().services().await?;
    let has = |service: &&Value| statuses.iter().any(|status| service["status"] == *status);
    Ok(services.iter().filter(has).count())
}

/// Waits until the list is there with all that is looked up for it.
async fn complete(console: &Console, key: &str) -> Result<Table> {
    console
        .table_where(console.t(key), "everything in it", Table::is_complete)
        .await
}

fn is_time(text: &str) -> bool {
    text.contains("20") && text.contains(':')
}

#[tokio::test]
async fn running_services_stand_in_the_guides_table_the_paused_one_among_them() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.open_demo("/").await?;
        console.wait_route("/services/running").await?;
        let table = complete(console, "list.running").await?;
        let expected = [
            "id",
            "label",
            "status",
            "type",
            "started",
            "duration",
            "expires",
            "refundable",
            "description",
        ];
        assert_eq!(table.headings, headings(console, &expected));
        assert_eq!(
            table.rows.len(),
            count(console, &["ServiceRunning", "ServiceStop"]).await?
        );
        assert_eq!(table.rows.len(), 8);

        let text = |row: &str, key: &str| -> Result<String> {
            let cells = table.row(row).with_context(|| format!("no row {row}"))?;
            let heading = console.t(&format!("column.{key}"));
            let column = table
                .headings
                .iter()
                .position(|known| known == heading)
                .context("no such column")?;
            Ok(cells[column].clone())
        };
        assert_eq!(text("web-frontend", "status")?, console.t("status.running"));
        assert_eq!(text("web-frontend", "description")?, "官网前端与静态资源，生产环境。");
        assert_eq!(text("web-frontend", "type")?, "Container Service");
        assert_eq!(text("web-frontend", "duration")?, "8,760");
        assert_eq!(text("staging", "status")?, console.t("status.paused"));
        assert_eq!(text("metrics", "description")?, "-");
        for key in ["started", "expires"] {
            let cell = text("staging", key)?;
            assert!(is_time(&cell), "{cell}");
        }
        for answer in table.column(console.t("column.refundable")) {
            assert!(
                answer == console.t("answer.yes") || answer == console.t("answer.no"),
                "{answer}"
            );
        }
        console
            .see(&console.t_with("list.count.other", &[("count", "8")]))
            .await
    })
    .await
}

#[tokio::test]
async fn the_menu_leads_to_the_other_lists_each_with_its_columns() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.open_demo("/").await?;
        for (key, path, expected, statuses) in [
            (
                "list.usable",
                "usable",
                &["id", "type", "created", "duration", "expires", "refundable"][..],
                "ServicePending",
            ),
            (
                "list.past",
                "past",
                &["id", "type", "created", "started", "duration", "expires", "refundable"],
                "ServiceDone",
            ),
            (
                "list.aborted",
                "aborted",
                &["id", "type", "created", "started", "duration", "expires", "refundable"],
                "ServiceAbort",
            ),
        ] {
            console.click(LINK, console.t(key)).await?;
            console.wait_route(&format!("/services/{path}")).await?;
            console.page(console.t(key)).await?;
            let table = complete(console, key).await?;
            assert_eq!(table.headings, headings(console, expected), "{path}");
            assert_eq!(table.rows.len(), count(console, &[statuses]).await?, "{path}");
            for cell in table.column(console.t("column.created")) {
                assert!(is_time(cell), "{path}: {cell}");
            }
            let expires = table.column(console.t("column.expires"));
            if path == "usable" {
                // What was never started has no end yet.
                assert!(expires.iter().all(|cell| *cell == "—"), "{expires:?}");
            } else {
                assert!(expires.iter().all(|cell| is_time(cell)), "{path}: {expires:?}");
            }
        }
        // Back through the lists, as in every browser.
        console.driver().back().await?;
        console.page(console.t("list.past")).await?;
        complete(console, "list.past").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_long_list_comes_page_by_page_from_the_platform() -> Result<()> {
    let setup = Setup {
        platform: vec!["--services".to_owned(), "300".to_owned()],
        ..Setup::default()
    };
    journey(setup, async |console| {
        let total = count(console, &["ServiceRunning", "ServiceStop"]).await?;
        console.open_demo("/services/running").await?;
        let name = console.t("list.running");
        let range = |first: usize, last: usize| {
            let [first, last, total] = [first, last, total].map(|number| number.to_string());
            console.t_with("pager.range", &[("first", &first), ("last", &last), ("total", &total)])
        };
        console.see(&range(1, 20)).await?;
        let first = console.table(name).await?;
        assert_eq!(first.rows.len(), 20);
        console.click(BUTTON, console.t("pager.next")).await?;
        console.wait_route("/services/running?page=2").await?;
        console.see(&range(21, 40)).await?;
        let second = console
            .table_where(name, "other rows", |table| {
                table.rows.len() == 20 && table.rows[0] != first.rows[0]
            })
            .await?;
        let ids = |table: &Table| table.rows.iter().map(|row| row[0].clone()).collect::<BTreeSet<_>>();
        assert!(ids(&first).is_disjoint(&ids(&second)));
        let asked = console.requests_to("/api/v1/userService?").await?;
        assert!(
            asked
                .iter()
                .any(|exchange| exchange.url.contains("current=2") && exchange.url.contains("pageSize=20")),
            "{asked:?}"
        );
        assert!(
            asked.iter().all(|exchange| exchange.url.contains("pageSize=20")),
            "{asked:?}"
        );

        console.reload().await?;
        console.sign_in_demo().await?;
        console.see(&range(21, 40)).await?;
        console.click(BUTTON, console.t("pager.previous")).await?;
        console.wait_route("/services/running").await?;
        console
            .choose(
                console.t("pager.size"),
                &console.t_with("pager.rows.other", &[("count", "50")]),
            )
            .await?;
        console.wait_route("/services/running?size=50").await?;
        console.see(&range(1, 50)).await?;
        console
            .table_where(name, "50 rows", |table| table.rows.len() == 50)
            .await?;

        // A page that is not there (any more): the last one.
        console.goto("/services/running?page=99").await?;
        console.sign_in_demo().await?;
        console.see(&range(total - (total - 1) % 20, total)).await?;
        console
            .wait_route(&format!("/services/running?page={}", total.div_ceil(20)))
            .await?;
        let next = console.find(BUTTON, console.t("pager.next")).await?;
        assert!(!next.is_enabled().await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn back_and_forward_turn_the_pages() -> Result<()> {
    let setup = Setup {
        platform: vec!["--services".to_owned(), "100".to_owned()],
        ..Setup::default()
    };
    journey(setup, async |console| {
        console.open_demo("/services/running").await?;
        console.click(BUTTON, console.t("pager.next")).await?;
        console.wait_route("/services/running?page=2").await?;
        console.click(BUTTON, console.t("pager.next")).await?;
        console.wait_route("/services/running?page=3").await?;
        console.driver().back().await?;
        console.wait_route("/services/running?page=2").await?;
        console.see("21–40").await?;
        console.driver().forward().await?;
        console.wait_route("/services/running?page=3").await?;
        console.see("41–60").await?;
        // What was typed letter by letter is one step at most.
        console.fill(console.t("list.search"), "worker").await?;
        console.wait_route("/services/running?q=worker").await?;
        console.driver().back().await?;
        console.wait_route("/services/running?page=2").await
    })
    .await
}

#[tokio::test]
async fn sorting_looks_at_all_services_and_stands_in_the_address() -> Result<()> {
    let setup = Setup {
        platform: vec!["--services".to_owned(), "100".to_owned()],
        ..Setup::default()
    };
    journey(setup, async |console| {
        console.open_demo("/services/running").await?;
        let (name, heading) = (console.t("list.running"), console.t("column.expires"));
        complete(console, "list.running").await?;
        console.click(BUTTON, heading).await?;
        console.wait_route("/services/running?sort=expires").await?;
        // The one that ends within two hours, wherever it stood before.
        console
            .table_where(name, "game-relay first", |table| {
                table
                    .rows
                    .first()
                    .is_some_and(|row| row.contains(&"game-relay".to_owned()))
            })
            .await?;
        let sorted = console.css("th[aria-sort]").await?;
        assert_eq!(sorted.attr("aria-sort").await?.as_deref(), Some("ascending"));
        console.click(BUTTON, heading).await?;
        console.wait_route("/services/running?sort=expires-desc").await?;
        let down = console
            .table_where(name, "another first", |table| {
                table
                    .rows
                    .first()
                    .is_some_and(|row| !row.contains(&"game-relay".to_owned()))
            })
            .await?;
        console.reload().await?;
        console.sign_in_demo().await?;
        let again = console.table_where(name, "the same order", |table| {
            table.rows.first().is_some_and(|row| row[0] == down.rows[0][0])
        });
        again.await?;
        console.click(BUTTON, heading).await?;
        console.wait_route("/services/running").await?;

        // Labels are sealed: sorting by them unseals all.
        console.goto("/services/running?sort=label").await?;
        console.sign_in_demo().await?;
        let label = console.t("column.label");
        console
            .table_where(name, "labels in their order", |table| {
                let labels = table.column(label);
                labels.first() == Some(&"api") && labels.iter().all(|label| !label.is_empty()) && labels.is_sorted()
            })
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_search_finds_labels_and_chinese_descriptions_and_is_kept_in_the_address() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.open_demo("/services/running").await?;
        let (name, search) = (console.t("list.running"), console.t("list.search"));
        console.find(SEARCHBOX, search).await?;
        console.fill(search, "staging").await?;
        console.wait_route("/services/running?q=staging").await?;
        console
            .table_where(name, "only staging", |table| {
                table.rows.len() == 1 && table.row("staging").is_some()
            })
            .await?;
        console.fill(search, "订单数据库").await?;
        console
            .table_where(name, "only the database", |table| {
                table.rows.len() == 1 && table.row("orders-db").is_some()
            })
            .await?;

        console.reload().await?;
        console.sign_in_demo().await?;
        console
            .table_where(name, "only the database", |table| {
                table.rows.len() == 1 && table.row("orders-db").is_some()
            })
            .await?;
        assert_eq!(
            console.field(search).await?.prop("value").await?.as_deref(),
            Some("订单数据库")
        );
        console
            .see(&console.t_with("list.count.one", &[("count", "1")]))
            .await?;

        console.fill(search, "nothing has this").await?;
        console.page(console.t("list.nothing_found")).await?;
        console.see(console.t("list.nothing_found_advice")).await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("list.show_all")).await?;
        console.wait_route("/services/running").await?;
        console
            .table_where(name, "all services", |table| table.rows.len() == 8)
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn filters_narrow_by_status_and_region() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.open_demo("/services/running").await?;
        let name = console.t("list.running");
        console
            .table_where(name, "all services", |table| table.rows.len() == 8)
            .await?;
        console
            .choose(console.t("list.filter_status"), console.t("status.paused"))
            .await?;
        console.wait_route("/services/running?status=ServiceStop").await?;
        console
            .table_where(name, "the paused one", |table| {
                table.rows.len() == 1 && table.row("staging").is_some()
            })
            .await?;
        console.reload().await?;
        console.sign_in_demo().await?;
        console
            .table_where(name, "the paused one", |table| {
                table.rows.len() == 1 && table.row("staging").is_some()
            })
            .await?;
        let chosen = console.find(COMBOBOX, console.t("list.filter_status")).await?;
        assert_eq!(chosen.prop("value").await?.as_deref(), Some("ServiceStop"));

        console.choose(console.t("list.filter_region"), "Europe").await?;
        console
            .wait_route("/services/running?status=ServiceStop&region=Europe")
            .await?;
        console
            .choose(console.t("list.filter_status"), console.t("list.any_status"))
            .await?;
        console.wait_route("/services/running?region=Europe").await?;
        console
            .table_where(name, "the two of Europe", |table| {
                table.rows.len() == 2 && table.row("staging").is_some() && table.row("web-frontend").is_some()
            })
            .await?;
        console
            .choose(console.t("list.filter_region"), console.t("list.any_region"))
            .await?;
        console.wait_route("/services/running").await?;
        console
            .table_where(name, "all services", |table| table.rows.len() == 8)
            .await?;

        // The other lists have one status only, so nothing to choose.
        console.click(LINK, console.t("list.usable")).await?;
        console.find(COMBOBOX, console.t("list.filter_region")).await?;
        assert!(!console.has(COMBOBOX, console.t("list.filter_status")).await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn chosen_columns_stay_chosen() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.open_demo("/services/running").await?;
        let name = console.t("list.running");
        let guide = complete(console, "list.running").await?;
        console.click(BUTTON, console.t("list.columns")).await?;
        console.click(CHECKBOX, console.t("column.region")).await?;
        console.click(CHECKBOX, console.t("column.time_left")).await?;
        console.click(CHECKBOX, console.t("column.description")).await?;
        let expected = headings(
            console,
            &[
                "id",
                "label",
                "status",
                "type",
                "started",
                "duration",
                "expires",
                "time_left",
                "refundable",
                "region",
            ],
        );
        let is_chosen = |table: &Table| table.headings == expected && table.is_complete();
        let table = console.table_where(name, "the chosen columns", is_chosen).await?;
        assert_eq!(
            table
                .column(console.t("column.region"))
                .iter()
                .filter(|region| **region == "Tokyo")
                .count(),
            1
        );

        console.reload().await?;
        console.sign_in_demo().await?;
        console.table_where(name, "the chosen columns", is_chosen).await?;
        // Each list has a choice of its own.
        console.click(LINK, console.t("list.past")).await?;
        let past = complete(console, "list.past").await?;
        assert!(past.column(console.t("column.region")).is_empty());
        console.click(LINK, console.t("list.running")).await?;
        console.click(BUTTON, console.t("list.columns")).await?;
        console.click(BUTTON, console.t("list.columns_reset")).await?;
        console
            .table_where(name, "the guide's columns", |table| table.headings == guide.headings)
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn selected_services_are_counted_and_their_ids_copied() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.may_use_clipboard().await?;
        console.open_demo("/services/running").await?;
        let table = complete(console, "list.running").await?;
        console.click(CHECKBOX, console.t("list.select_page")).await?;
        console
            .see(&console.t_with("list.selected.other", &[("count", "8")]))
            .await?;
        let first = &table.rows[0][0];
        console
            .click(CHECKBOX, &console.t_with("list.select_service", &[("id", first)]))
            .await?;
        console
            .see(&console.t_with("list.selected.other", &[("count", "7")]))
            .await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("list.copy_ids")).await?;
        console
            .see(&console.t_with("list.ids_copied.other", &[("count", "7")]))
            .await?;
        let copied = console.clipboard().await?;
        let expected: BTreeSet<&str> = table.column(console.t("column.id")).into_iter().skip(1).collect();
        assert_eq!(copied.lines().collect::<BTreeSet<_>>(), expected);
        console.click(BUTTON, console.t("list.select_none")).await?;
        console.gone(BUTTON, console.t("list.copy_ids")).await
    })
    .await
}

#[tokio::test]
async fn a_list_says_how_old_it_is_and_refreshes() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.open_demo("/services/running").await?;
        complete(console, "list.running").await?;
        console.see(&console.t_with("age.seconds", &[("age", "2 s")])).await?;
        let before = console.requests_to("/api/v1/userService?").await?.len();
        console.click(BUTTON, console.t("action.refresh")).await?;
        until("the list to be asked for again", async || {
            let asked = console.requests_to("/api/v1/userService?").await?;
            Ok((asked.len() > before && asked.iter().all(|exchange| exchange.finished)).then_some(()))
        })
        .await?;
        console.see(console.t("age.now")).await?;
        // The rows have stayed where they were.
        assert_eq!(console.table(console.t("list.running")).await?.rows.len(), 8);
        Ok(())
    })
    .await
}
