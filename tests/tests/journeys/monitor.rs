//! What a service uses: charts that move, read out and listed, kept while somebody looks elsewhere, honest about gaps.

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, COMBOBOX, Console, LINK, Setup, journey, until};
use serde_json::json;
use thirtyfour::{By, Key, WebElement};

/// The path that is asked for every sample.
const PATH: &str = "/api/v1/monitor";

/// The role of a drawing: a slider over time.
const SLIDER: &str = "slider";

/// Opens the monitor of a service of the demo account, with this query.
async fn open(console: &Console, region: &str, query: &str) -> Result<String> {
    let id = console.platform().service_in(region, "ServiceRunning").await?;
    console.open_demo(&format!("/service/{id}/monitor{query}")).await?;
    console.see(console.t("monitor.live")).await?;
    Ok(id)
}

/// The part of the page about one thing: the key of its heading.
async fn chart(console: &Console, key: &str) -> Result<WebElement> {
    console.find("region", console.t(key)).await
}

/// The drawing that is moved along with keys.
async fn drawing(console: &Console, key: &str) -> Result<WebElement> {
    let name = console.t_with("monitor.readout", &[("what", console.t(key))]);
    console.find(SLIDER, &name).await
}

/// The lines of a chart, as path data.
async fn lines(console: &Console, key: &str) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for path in chart(console, key).await?.find_all(By::Css(".plot-line")).await? {
        lines.push(path.attr("d").await?.unwrap_or_default());
    }
    Ok(lines)
}

/// How often the platform was asked.
async fn asked(console: &Console) -> Result<usize> {
    let sent = console.requests_to(PATH).await?;
    Ok(sent.iter().filter(|exchange| exchange.method == "GET").count())
}

/// Lets time pass in which something must not happen.
async fn pass(time: Duration) -> Result<()> {
    let since = Instant::now();
    until("time to pass", async || Ok((since.elapsed() >= time).then_some(()))).await
}

/// The line that says how many samples there are since when.
async fn samples(console: &Console) -> Result<String> {
    Ok(console.css(".monitor-status").await?.text().await?)
}

#[tokio::test]
async fn every_container_has_its_line_and_they_move() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = open(console, "North America", "").await?;
        // The official client measures the same things.
        let official = console.official().await?;
        let measured = official.run(&["service", "monitor", &id]).await?;
        for key in ["cpu", "memory"] {
            let containers = measured[key].as_object().context("no containers")?;
            let containers: BTreeSet<&str> = containers.keys().map(String::as_str).collect();
            assert_eq!(containers, BTreeSet::from(["api", "cache", "gateway"]), "{key}");
        }
        for key in ["networkDownload", "networkUpload", "storage"] {
            assert!(measured[key]["value"].is_number(), "{key} of {measured}");
        }
        for (key, count) in [
            ("monitor.cpu", 3),
            ("monitor.memory", 3),
            ("monitor.network", 2),
            ("monitor.storage", 1),
        ] {
            let before = until("lines of more than one point", async || {
                let lines = lines(console, key).await?;
                Ok((lines.len() == count && lines.iter().all(|line| line.contains('L'))).then_some(lines))
            })
            .await?;
            until("every line to move", async || {
                let now = lines(console, key).await?;
                Ok(now.iter().zip(&before).all(|(now, before)| now != before).then_some(()))
            })
            .await?;
        }
        let memory = chart(console, "monitor.memory").await?.text().await?;
        for part in ["gateway", "api", "cache", "of 4.00 GiB", "of 2.00 GiB", "MiB", "%"] {
            assert!(memory.contains(part), "the memory lacks {part}: {memory}");
        }
        let cpu = chart(console, "monitor.cpu").await?.text().await?;
        assert!(
            cpu.contains(console.t("monitor.of_core")) && cpu.contains(" %"),
            "{cpu}"
        );
        let network = chart(console, "monitor.network").await?.text().await?;
        assert!(network.contains("bit/s"), "{network}");
        let storage = chart(console, "monitor.storage").await?.text().await?;
        assert!(storage.contains("of 32.0 GiB"), "{storage}");
        // As high as what is used needs, the lines are apart.
        let memory = chart(console, "monitor.memory").await?;
        console
            .click_within(Some(&memory), BUTTON, console.t("monitor.fit"))
            .await?;
        until("a scale without the limit", async || {
            Ok((!memory.text().await?.contains("1.5 GiB")).then_some(()))
        })
        .await?;
        // A line can be taken out of its chart and put back; the others stay.
        let cpu = chart(console, "monitor.cpu").await?;
        console.click_within(Some(&cpu), BUTTON, "api").await?;
        until("one line less", async || {
            Ok((lines(console, "monitor.cpu").await?.len() == 2).then_some(()))
        })
        .await?;
        assert_eq!(lines(console, "monitor.memory").await?.len(), 3);
        let switch = console.find_within(Some(&cpu), BUTTON, "api").await?;
        assert_eq!(switch.attr("aria-pressed").await?.as_deref(), Some("false"));
        console.click_within(Some(&cpu), BUTTON, "api").await?;
        until("the line again", async || {
            Ok((lines(console, "monitor.cpu").await?.len() == 3).then_some(()))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn what_is_not_there_is_explained() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Europe", "").await?;
        console.see(console.t("monitor.no_storage")).await?;
        let paused = console.platform().service_in("Europe", "ServiceStop").await?;
        let done = console.platform().service_in("Tokyo", "ServiceDone").await?;
        for (id, advice) in [(&paused, "containers.paused_advice"), (&done, "monitor.absent_advice")] {
            let before = asked(console).await?;
            console.goto(&format!("/service/{id}/monitor")).await?;
            console.sign_in_demo().await?;
            console.page(console.t("monitor.absent_title")).await?;
            console.see(console.t(advice)).await?;
            assert_eq!(asked(console).await?, before);
        }
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn a_pause_asks_for_nothing_and_leaves_a_gap() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Helsinki", "").await?;
        until("a line", async || {
            Ok(lines(console, "monitor.cpu").await?[0].contains('L').then_some(()))
        })
        .await?;
        console.click(BUTTON, console.t("monitor.pause")).await?;
        console.see(console.t("monitor.paused")).await?;
        // What was on its way has arrived by then.
        pass(Duration::from_millis(500)).await?;
        let (before, drawn) = (asked(console).await?, lines(console, "monitor.cpu").await?);
        pass(Duration::from_secs(3)).await?;
        assert_eq!(asked(console).await?, before, "it goes on asking");
        assert_eq!(lines(console, "monitor.cpu").await?, drawn, "it goes on moving");
        console.click(BUTTON, console.t("monitor.pause")).await?;
        console.see(console.t("monitor.live")).await?;
        until("a line with a gap", async || {
            Ok((lines(console, "monitor.cpu").await?[0].matches('M').count() == 2).then_some(()))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn a_hidden_tab_asks_for_nothing() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Helsinki", "").await?;
        let hide = async |hidden: bool| -> Result<()> {
            console
                .run(&format!(
                    "Object.defineProperty(document, 'hidden', {{ configurable: true, get: () => {hidden} }});
                     document.dispatchEvent(new Event('visibilitychange', {{ bubbles: true }}))"
                ))
                .await?;
            Ok(())
        };
        hide(true).await?;
        pass(Duration::from_millis(500)).await?;
        let before = asked(console).await?;
        pass(Duration::from_millis(2500)).await?;
        assert_eq!(asked(console).await?, before, "it asks while nobody can see it");
        hide(false).await?;
        until("it to go on", async || {
            Ok((asked(console).await? > before + 1).then_some(()))
        })
        .await?;
        assert_eq!(lines(console, "monitor.cpu").await?[0].matches('M').count(), 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_interval_is_chosen_and_remembered() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Helsinki", "").await?;
        let every = |seconds: &str| console.t_with("monitor.every.other", &[("count", seconds)]);
        console.choose(console.t("monitor.interval"), &every("60")).await?;
        pass(Duration::from_millis(500)).await?;
        let before = asked(console).await?;
        pass(Duration::from_secs(3)).await?;
        assert_eq!(asked(console).await?, before);
        console.choose(console.t("monitor.interval"), &every("2")).await?;
        until("two more samples", async || {
            Ok((asked(console).await? >= before + 2).then_some(()))
        })
        .await?;
        console.reload().await?;
        console.sign_in_demo().await?;
        console.see(console.t("monitor.live")).await?;
        let chosen = console.find(COMBOBOX, console.t("monitor.interval")).await?;
        assert_eq!(chosen.prop("value").await?.as_deref(), Some("2"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn one_container_is_chosen_in_the_address() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = open(console, "North America", "").await?;
        console.choose(console.t("monitor.container"), "api").await?;
        console
            .wait_route(&format!("/service/{id}/monitor?container=api"))
            .await?;
        until("one line", async || {
            Ok((lines(console, "monitor.cpu").await?.len() == 1).then_some(()))
        })
        .await?;
        let memory = chart(console, "monitor.memory").await?.text().await?;
        assert!(
            memory.contains("of 2.00 GiB") && !memory.contains("gateway"),
            "{memory}"
        );
        let last = console.t_with("monitor.last_minutes.other", &[("count", "15")]);
        console.choose(console.t("monitor.span"), &last).await?;
        console
            .wait_route(&format!("/service/{id}/monitor?container=api&span=15"))
            .await?;
        console.reload().await?;
        console.sign_in_demo().await?;
        console.see(console.t("monitor.live")).await?;
        let chosen = console.find(COMBOBOX, console.t("monitor.container")).await?;
        assert_eq!(chosen.prop("value").await?.as_deref(), Some("api"));
        console
            .choose(console.t("monitor.container"), console.t("monitor.all_containers"))
            .await?;
        until("three lines", async || {
            Ok((lines(console, "monitor.cpu").await?.len() == 3).then_some(()))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn a_sample_is_read_out_under_the_pointer_and_by_keyboard() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "North America", "").await?;
        let count = async || -> Result<usize> { Ok(lines(console, "monitor.cpu").await?[0].matches('L').count()) };
        until("four samples", async || Ok((count().await? >= 3).then_some(()))).await?;
        let cpu = drawing(console, "monitor.cpu").await?;
        let said = async |drawing: &WebElement| -> Result<(i64, String)> {
            let now = drawing.attr("aria-valuenow").await?.context("no value")?.parse()?;
            Ok((now, drawing.attr("aria-valuetext").await?.context("no text")?))
        };
        cpu.focus().await?;
        let (newest, text) = said(&cpu).await?;
        for part in ["gateway", "api", "cache", " %", ":"] {
            assert!(text.contains(part), "{part} is not read out: {text}");
        }
        console.css(".readout").await?;
        // What is read out stays while others come.
        let before = count().await?;
        until("another sample", async || Ok((count().await? > before).then_some(()))).await?;
        assert_eq!(said(&cpu).await?, (newest, text));
        console.press(Key::Home + "").await?;
        let (first, _) = said(&cpu).await?;
        assert!(first < newest, "{first} is not before {newest}");
        console.press(Key::Right + "").await?;
        let (second, text) = said(&cpu).await?;
        assert!(first < second && second <= newest, "{first} {second} {newest}");
        let readout = console.css(".readout").await?.text().await?;
        for part in ["gateway", "api", "cache"] {
            assert!(readout.contains(part), "{readout}");
        }
        assert!(
            readout.contains(text.split(": ").next().unwrap_or_default()),
            "{readout} is not of {text}"
        );
        console.press(Key::Left + "").await?;
        assert_eq!(said(&cpu).await?.0, first);
        console.press(Key::End + "").await?;
        assert!(said(&cpu).await?.0 > newest);
        console.press(Key::Escape + "").await?;
        until("the readout to go", async || {
            Ok(console
                .driver()
                .find_all(By::Css(".readout"))
                .await?
                .is_empty()
                .then_some(()))
        })
        .await?;
        // The pointer at the right edge, where samples are.
        let network = drawing(console, "monitor.network").await?;
        let bounds = network.rect().await?;
        #[allow(clippy::cast_possible_truncation)]
        let right = (bounds.width / 2.0) as i64 - 3;
        console
            .driver()
            .action_chain()
            .move_to_element_with_offset(&network, right, 0)
            .perform()
            .await?;
        until("the readout under the pointer", async || {
            let text = console.css(".readout").await?.text().await?;
            Ok((text.contains("bit/s") && text.contains(console.t("monitor.upload"))).then_some(()))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn samples_are_listed_and_saved_as_they_were_measured() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = open(console, "North America", "").await?;
        console.click(BUTTON, console.t("monitor.table")).await?;
        console.wait_route(&format!("/service/{id}/monitor?view=table")).await?;
        let table = console
            .table_where(console.t("monitor.samples_name"), "three samples", |table| {
                table.rows.len() >= 3
            })
            .await?;
        let heading = |key: &str, name: &str| format!("{} · {name}", console.t(key));
        assert_eq!(table.headings[0], console.t("monitor.time"));
        for heading in [
            heading("monitor.cpu", "gateway"),
            heading("monitor.memory", "cache"),
            heading("monitor.network", console.t("monitor.download")),
            console.t("monitor.storage").to_owned(),
        ] {
            let column = table.column(&heading);
            assert!(!column.is_empty(), "no column {heading}: {:?}", table.headings);
            assert!(
                column.iter().all(|cell| cell.chars().any(|c| c.is_ascii_digit())),
                "{column:?}"
            );
        }
        let times = table.column(console.t("monitor.time"));
        assert!(
            times.is_sorted_by(|one, other| one >= other),
            "not the newest first: {times:?}"
        );
        console.accessible().await?;

        console.click(BUTTON, console.t("monitor.download_csv")).await?;
        let file = console.downloaded(&format!("{id}-monitor.csv")).await?;
        let text = fs::read_to_string(file)?;
        assert!(text.ends_with("\r\n"));
        let rows: Vec<Vec<&str>> = text
            .trim_end()
            .split("\r\n")
            .map(|row| row.split(',').collect())
            .collect();
        assert!(rows.len() >= table.rows.len(), "{text}");
        let column = |name: &str| -> Result<Vec<f64>> {
            let index = rows[0].iter().position(|known| *known == name);
            let index = index.with_context(|| format!("no column {name}: {:?}", rows[0]))?;
            rows[1..]
                .iter()
                .map(|row| row[index].parse().with_context(|| format!("{name}: {row:?}")))
                .collect()
        };
        assert_eq!(rows[0][0], "time");
        for row in &rows[1..] {
            assert_eq!(row.len(), rows[0].len());
            assert!(row[0].starts_with("20") && row[0].ends_with('Z'), "{row:?}");
        }
        assert!(column("cpu_cores:api")?.iter().all(|cores| (0.0..4.0).contains(cores)));
        let official = console.official().await?;
        let usage = official.run(&["service", "monitor", &id]).await?;
        for (name, gib) in [("gateway", 1.0), ("api", 2.0), ("cache", 1.0)] {
            let limits = column(&format!("memory_limit_bytes:{name}"))?;
            assert!(
                limits.iter().all(|limit| (limit / 1_073_741_824.0 - gib).abs() < 1e-9),
                "{limits:?}"
            );
            // The official client is told the same.
            assert_eq!(usage["memory"][name]["limitValue"].as_f64(), limits.first().copied());
            let used = column(&format!("memory_bytes:{name}"))?;
            assert!(used.iter().zip(&limits).all(|(used, limit)| used <= limit), "{used:?}");
        }
        for name in [
            "network_in_bits_per_second",
            "network_out_bits_per_second",
            "storage_bytes",
        ] {
            column(name)?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_was_measured_is_kept_while_somebody_looks_elsewhere_and_forgotten_when_they_leave() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "North America", "").await?;
        until("a few samples", async || {
            Ok(lines(console, "monitor.cpu").await?[0].contains('L').then_some(()))
        })
        .await?;
        let since = |text: &str| text.rsplit(' ').next().unwrap_or_default().to_owned();
        let began = since(&samples(console).await?);
        assert!(began.contains(':'), "{began}");
        console.click(LINK, console.t("service.tab_containers")).await?;
        console.page("cache").await?;
        let before = asked(console).await?;
        pass(Duration::from_secs(2)).await?;
        assert_eq!(asked(console).await?, before, "it asks for what nobody looks at");
        console.click(LINK, console.t("list.running")).await?;
        let other = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        console.click(LINK, &other).await?;
        console.click(LINK, console.t("service.tab_monitor")).await?;
        console.see(console.t("monitor.live")).await?;
        console.click(LINK, console.t("list.running")).await?;
        let first = console.platform().service_in("North America", "ServiceRunning").await?;
        console.click(LINK, &first).await?;
        console.click(LINK, console.t("service.tab_monitor")).await?;
        console.see(console.t("monitor.live")).await?;
        assert_eq!(since(&samples(console).await?), began);
        until("both parts of the line", async || {
            Ok((lines(console, "monitor.cpu").await?[0].matches('M').count() == 2).then_some(()))
        })
        .await?;
        console.leave("shell.sign_out").await?;
        console.sign_in_demo().await?;
        console.see(console.t("monitor.live")).await?;
        assert_ne!(since(&samples(console).await?), began, "somebody else would see it");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_measurement_that_fails_leaves_a_gap_says_so_and_is_tried_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 503");
        open(console, "North America", "").await?;
        until("a line", async || {
            Ok(lines(console, "monitor.cpu").await?[0].contains('L').then_some(()))
        })
        .await?;
        console.platform().fault(json!({ "path": PATH, "status": 503 })).await?;
        console.see(console.t("error.server")).await?;
        console.see("HTTP 503").await?;
        console
            .see(console.t("monitor.next").split('{').next().unwrap_or_default())
            .await?;
        console.accessible().await?;
        let before = asked(console).await?;
        console.click(BUTTON, console.t("monitor.retry_now")).await?;
        until("another try", async || {
            Ok((asked(console).await? > before).then_some(()))
        })
        .await?;
        // Less and less often: in two seconds it would have been asked twice.
        let before = asked(console).await?;
        pass(Duration::from_secs(2)).await?;
        assert!(asked(console).await? <= before + 1, "no back-off");
        console.platform().no_faults().await?;
        console.click(BUTTON, console.t("monitor.retry_now")).await?;
        console.see(console.t("monitor.live")).await?;
        until("a line with a gap", async || {
            let lines = lines(console, "monitor.cpu").await?;
            Ok(lines.iter().all(|line| line.matches('M').count() == 2).then_some(()))
        })
        .await?;
        console.not_see("HTTP 503").await
    })
    .await
}

#[tokio::test]
async fn missing_values_are_gaps_and_not_noughts() -> Result<()> {
    journey(Setup::default(), async |console| {
        let body = json!({
            "cpu": { "web": { "value": 0.5 } },
            "memory": {}, "networkDownload": null, "networkUpload": { "value": 1500 }, "storage": null,
        });
        let fault = json!({ "path": PATH, "method": "GET", "body": body.to_string() });
        console.platform().fault(fault).await?;
        open(console, "Europe", "").await?;
        until("the processor's line", async || {
            Ok(lines(console, "monitor.cpu").await?[0].contains('L').then_some(()))
        })
        .await?;
        assert_eq!(lines(console, "monitor.memory").await?, [""]);
        let network = lines(console, "monitor.network").await?;
        assert!(network[0].is_empty() && !network[1].is_empty(), "{network:?}");
        let text = chart(console, "monitor.network").await?.text().await?;
        assert!(text.contains("1.50 kbit/s") && text.contains('–'), "{text}");
        let text = chart(console, "monitor.cpu").await?.text().await?;
        assert!(text.contains("50.0 %"), "{text}");
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
        open(console, "North America", "").await?;
        for dark in [false, true] {
            console.dark(dark).await?;
            console.accessible().await?;
        }
        drawing(console, "monitor.cpu").await?.focus().await?;
        console.css(".readout").await?;
        console.accessible().await?;
        console.size(390, 844).await?;
        console.fits().await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("monitor.table")).await?;
        console.find("table", console.t("monitor.samples_name")).await?;
        console.fits().await?;
        console.accessible().await
    })
    .await
}
