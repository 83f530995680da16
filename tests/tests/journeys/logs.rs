//! The log of a container as it arrives: every line once, whatever happens on the way.

use std::env;
use std::time::Instant;

use anyhow::{Result, ensure};
use browser_tests::{
    BUTTON, COMBOBOX, Console, LINK, LOG_PATH, Running, Setup, WEB_SOCKET, consecutive, journey, until,
};
use serde_json::{Value, json};

/// What a broken connection makes the browser's console say.
const BROKEN: [&str; 4] = ["net::ERR_", "WebSocket connection to", "status of 5", "status of 4"];

fn broken_connections_are_expected(console: &Console) {
    for part in BROKEN {
        console.expect_error(part);
    }
}

/// Notes every state that the log's badge shows, however short.
async fn watch_badge(console: &Console) -> Result<()> {
    console
        .run(
            "window.badges = [];
             const note = () => {
                 const text = document.querySelector('.log-status .spread .badge')?.textContent;
                 if (text && window.badges.at(-1) !== text) window.badges.push(text);
             };
             new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
             note();",
        )
        .await?;
    Ok(())
}

async fn badges(console: &Console) -> Result<Vec<String>> {
    let badges = console.run("return window.badges").await?;
    Ok(badges
        .as_array()
        .into_iter()
        .flatten()
        .map(|text| text.as_str().unwrap_or_default().to_owned())
        .collect())
}

/// The requests for logs that the page has not ended yet.
async fn open_streams(console: &Console) -> Result<usize> {
    let requests = console.requests_to(LOG_PATH).await?;
    Ok(requests
        .iter()
        .filter(|request| request.method != "OPTIONS" && request.failure.is_none() && !request.finished)
        .count())
}

async fn wait_streams(console: &Console, count: usize) -> Result<()> {
    until(&format!("{count} open streams"), async || {
        Ok((open_streams(console).await? == count).then_some(()))
    })
    .await
}

#[tokio::test]
async fn lines_arrive_live_and_each_is_held_once() -> Result<()> {
    journey(Setup::default(), async |console| {
        let service = console
            .platform()
            .run_image("vcloud/counter:1", &[("RATE", "20"), ("BURST", "1200")])
            .await?;
        console.open_logs(&service.id, "").await?;
        console.log_is("logs.live").await?;
        let first = console.wait_line(1201).await?;
        console.wait_line(first + 20).await?;
        let held = console.numbers_held().await?;
        ensure!(
            *held.end() - held.start() >= 500,
            "the last 500 lines and new ones, not {held:?}"
        );

        // All that are kept, by the list, and in the address.
        console
            .choose(console.t("logs.tail_name"), console.t("logs.tail_all"))
            .await?;
        console
            .wait_route(&format!("/service/{}/logs?tail=0", service.id))
            .await?;
        console.wait_count(1200).await?;
        ensure!(*console.numbers_held().await?.start() == 1);
        // The tab of the last 500 is not read any more.
        wait_streams(console, 1).await?;

        console.click(LINK, console.t("service.tab_overview")).await?;
        wait_streams(console, 0).await
    })
    .await
}

#[tokio::test]
async fn a_range_with_an_end_is_read_once() -> Result<()> {
    journey(Setup::default(), async |console| {
        let service = console
            .platform()
            .run_image("vcloud/counter:1", &[("RATE", "10")])
            .await?;
        console.open_logs(&service.id, "").await?;
        console.wait_line(30).await?;
        let begin = times(&console.saved_log("counter").await?)?;
        // From the second second to the third, typed into the form.
        let (from, to) = (begin + 1, begin + 2);
        console.click(BUTTON, console.t("logs.range")).await?;
        for (label, value) in [("logs.from", from), ("logs.to", to)] {
            console.fill_time(console.t(label), value).await?;
        }
        console.click(BUTTON, console.t("logs.range_apply")).await?;
        console
            .wait_route(&format!("/service/{}/logs?from={from}&to={to}", service.id))
            .await?;
        console.log_is("logs.complete").await?;
        console.find(BUTTON, console.t("logs.range_set")).await?;
        let part = console.saved_log("counter").await?;
        ensure!(*consecutive(&part)?.start() > 1 && part.lines().count() == 10, "{part}");
        wait_streams(console, 0).await?;

        // The same from the address alone; and a cut in the middle loses nothing of it.
        broken_connections_are_expected(console);
        console
            .platform()
            .fault(json!({ "path": LOG_PATH, "cutAfterBytes": 123, "times": 1 }))
            .await?;
        console.open_logs(&service.id, &format!("?from={from}&to={to}")).await?;
        console.log_is("logs.complete").await?;
        ensure!(console.saved_log("counter").await? == part);

        console.click(BUTTON, console.t("logs.range_set")).await?;
        console.click(BUTTON, console.t("logs.range_clear")).await?;
        console.log_is("logs.live").await
    })
    .await
}

/// The second, as Unix time, at which the first line held was printed, rounded up: `line 000001 2026-01-01T00:00:00Z word`.
fn times(text: &str) -> Result<i64> {
    let time = text.split(' ').nth(2).unwrap_or_default();
    let number = |range: std::ops::Range<usize>| time.get(range).and_then(|part| part.parse::<i64>().ok());
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
        anyhow::bail!("no date in {time}");
    };
    let (Some(hour), Some(minute), Some(second)) = (number(11..13), number(14..16), number(17..19)) else {
        anyhow::bail!("no time in {time}");
    };
    // Days since 1970 by the civil calendar.
    let (year, month) = if month <= 2 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    Ok(((days * 24 + hour) * 60 + minute) * 60 + second + 1)
}

async fn cuts(transport: &str) -> Result<()> {
    let setup = Setup {
        platform: vec!["--log-transport".to_owned(), transport.to_owned()],
        ..Setup::default()
    };
    journey(setup, async |console| {
        broken_connections_are_expected(console);
        let service = console
            .platform()
            .run_image("vcloud/counter:1", &[("RATE", "150"), ("BURST", "700")])
            .await?;
        // Inside lines, inside characters, inside the replay, long after it.
        for bytes in [26_011, 24_507, 5_003, 30_018] {
            console
                .platform()
                .fault(json!({ "path": LOG_PATH, "cutAfterBytes": bytes, "times": 1 }))
                .await?;
        }
        console.open_logs(&service.id, "").await?;
        watch_badge(console).await?;
        until("all cuts", async || {
            let faults = console.platform().get("/dev/faults").await?;
            Ok(faults["list"].as_array().is_some_and(Vec::is_empty).then_some(()))
        })
        .await?;
        console.log_is("logs.live").await?;
        let newest = console.newest_line().await?;
        console.wait_line(newest + 150).await?;
        let held = console.numbers_held().await?;
        ensure!(held.end() - held.start() > 900, "{held:?}");
        let badges = badges(console).await?;
        let waiting = console.t("logs.waiting").replace("{time}", "");
        ensure!(
            badges.iter().any(|badge| badge.starts_with(waiting.trim())),
            "{badges:?}"
        );
        ensure!(
            console
                .run("return document.querySelector('.log-gap')")
                .await?
                .is_null(),
            "a gap is marked"
        );

        let requests = console.requests_to(LOG_PATH).await?;
        let sockets = requests.iter().filter(|request| request.method == WEB_SOCKET).count();
        ensure!(
            if transport == "websocket" {
                sockets == requests.len()
            } else {
                sockets == 0
            },
            "{requests:#?}"
        );
        wait_streams(console, 1).await?;
        console.click(LINK, console.t("service.tab_overview")).await?;
        wait_streams(console, 0).await
    })
    .await
}

#[tokio::test]
async fn a_stream_that_is_cut_goes_on_with_every_line_once() -> Result<()> {
    cuts("fetch").await
}

#[tokio::test]
async fn a_socket_that_is_cut_goes_on_with_every_line_once() -> Result<()> {
    cuts("websocket").await
}

/// Where connections are cut: by numbers that look like chance and are the same every time.
fn random_bytes(count: usize) -> Vec<u64> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(count);
    for _ in 0..count {
        // Xorshift (Marsaglia, 2003).
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        // Behind what is sent again after a cut, so that each connection has something new.
        bytes.push(20_000 + state % 20_000);
    }
    bytes
}

#[tokio::test]
async fn however_often_and_wherever_it_is_cut_every_line_is_there_once() -> Result<()> {
    journey(Setup::default(), async |console| {
        broken_connections_are_expected(console);
        // A hundred take minutes: `LOG_CUTS=100`.
        let count = env::var("LOG_CUTS")
            .ok()
            .and_then(|count| count.parse().ok())
            .unwrap_or(8);
        let service = console
            .platform()
            .run_image("vcloud/counter:1", &[("RATE", "300"), ("BURST", "600")])
            .await?;
        let faults: Vec<Value> = random_bytes(count)
            .into_iter()
            .map(|bytes| json!({ "path": LOG_PATH, "cutAfterBytes": bytes, "times": 1 }))
            .collect();
        console.platform().fault(json!(faults)).await?;
        console.open_logs(&service.id, "").await?;
        let began = Instant::now();
        let mut left = count;
        while left > 0 {
            // The patience of a wait is for one cut, however many there are.
            left = until(&format!("a cut, {left} to go"), async || {
                let faults = console.platform().get("/dev/faults").await?;
                let now = faults["list"].as_array().map_or(0, Vec::len);
                Ok((now < left).then_some(now))
            })
            .await?;
        }
        console.log_is("logs.live").await?;
        let newest = console.newest_line().await?;
        console.wait_line(newest + 150).await?;
        let held = console.numbers_held().await?;
        println!("{count} cuts in {:?}, lines {held:?}", began.elapsed());
        ensure!(held.end() - held.start() > 150 * count as u64, "{held:?}");
        let gap = console.run("return document.querySelector('.log-gap')").await?;
        ensure!(gap.is_null(), "a gap is marked");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_platform_that_comes_back_goes_on_with_every_line_once() -> Result<()> {
    journey(Setup::default(), async |console| {
        broken_connections_are_expected(console);
        let service = console
            .platform()
            .run_image("vcloud/counter:1", &[("RATE", "60"), ("BURST", "100")])
            .await?;
        console.open_logs(&service.id, "").await?;
        console.log_is("logs.live").await?;
        let before = console.wait_line(200).await?;
        console.platform().stop()?;
        console.see(console.t("error.network")).await?;
        console.platform().start_again()?;
        console.log_is("logs.live").await?;
        console.wait_line(before + 120).await?;
        ensure!(*console.numbers_held().await?.start() == 1);

        // Another run begins to count anew, behind a mark.
        console.platform().restart(&service).await?;
        console.fill(console.t("logs.search"), "line 000001 ").await?;
        console
            .search_says(&console.t_with("logs.matches.other", &[("count", "2")]))
            .await?;
        console.click(BUTTON, console.t("logs.previous")).await?;
        until("the mark before the new run", async || {
            let shown = console.match_in_view().await?;
            let marked = ["logs.gap", "logs.mark_restarted", "logs.mark_ended"]
                .iter()
                .any(|key| {
                    shown
                        .split("line ")
                        .next()
                        .is_some_and(|mark| mark.contains(console.t(key)))
                });
            Ok(marked.then_some(()))
        })
        .await?;
        let text = console.saved_log("counter").await?;
        let at = text.rfind("line 000001 ").unwrap_or_default();
        ensure!(at > 0, "no new run in {text}");
        consecutive(&text[..at])?;
        consecutive(&text[at..])?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_official_client_reads_the_same_lines() -> Result<()> {
    journey(Setup::default(), async |console| {
        let environment = [("BURST", "300"), ("TOTAL", "300"), ("KEEP_LINES", "400")];
        let service = console.platform().run_image("vcloud/flood:1", &environment).await?;
        console.open_logs(&service.id, "?tail=0").await?;
        console.wait_count(300).await?;
        let held = console.saved_log("counter").await?;
        let read = console.official().await?;
        let read = read
            .text(&["service", "logs", &service.id, "--container", "counter"])
            .await?;
        // It passes on the colours, which are no part of what is saved here.
        let bare = |line: &str| -> String {
            let parts = line.split("\u{1b}[").enumerate();
            let texts = parts.map(|(number, part)| match part.split_once('m') {
                Some((_, text)) if number > 0 => text,
                _ => part,
            });
            texts.collect()
        };
        let held: Vec<String> = held.lines().map(str::to_owned).collect();
        let read: Vec<String> = read.lines().map(bare).collect();
        ensure!(held == read, "{} lines here, {} there", held.len(), read.len());
        ensure!(held.len() >= 300, "only {} lines", held.len());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn each_container_has_its_log_and_a_paused_service_none() -> Result<()> {
    journey(Setup::default(), async |console| {
        let service = console.platform().service_in("North America", "ServiceRunning").await?;
        console.open_logs(&service, "").await?;
        console
            .find("region", &console.t_with("logs.of", &[("container", "gateway")]))
            .await?;
        console.log_is("logs.live").await?;
        for container in ["cache", "api"] {
            console.choose(console.t("logs.container"), container).await?;
            console
                .wait_route(&format!("/service/{service}/logs?container={container}"))
                .await?;
            console
                .find("region", &console.t_with("logs.of", &[("container", container)]))
                .await?;
            console.log_is("logs.live").await?;
            wait_streams(console, 1).await?;
            let requests = console.requests_to(LOG_PATH).await?;
            let wanted = format!("container={container}");
            ensure!(
                requests.last().is_some_and(|request| request.url.contains(&wanted)),
                "{requests:#?}"
            );
            ensure!(
                console
                    .find(COMBOBOX, console.t("logs.container"))
                    .await?
                    .prop("value")
                    .await?
                    .as_deref()
                    == Some(container)
            );
        }

        let paused = console.platform().service_in("Europe", "ServiceStop").await?;
        for query in ["", "?container=app"] {
            console.open_logs(&paused, query).await?;
            console.page(console.t("logs.absent_title")).await?;
            console.see(console.t("containers.paused_advice")).await?;
        }
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn a_container_that_crashes_shows_its_new_run_behind_a_mark_with_the_exit_code() -> Result<()> {
    journey(Setup::default(), async |console| {
        let service = console
            .platform()
            .run_image("vcloud/crash:1", &[("CRASH_AFTER", "1")])
            .await?;
        console.open_logs(&service.id, "").await?;
        console.see("Exception in thread").await?;
        console
            .see(&console.t_with("logs.mark_restarted_code", &[("code", "1")]))
            .await?;
        let begin = "Picked up JAVA_TOOL_OPTIONS";
        let text = console.saved_log("counter").await?;
        ensure!(text.matches(begin).count() >= 2, "{text}");
        ensure!(
            text.matches("Exception in thread").count() <= text.matches(begin).count(),
            "{text}"
        );
        Ok(())
    })
    .await
}

async fn refuse(console: &Console, service: &Running, code: u16, status: u16) -> Result<()> {
    let body = json!({ "error": { "code": code, "message": "as the test wants it", "userServiceID": service.id } });
    let fault = json!({ "path": LOG_PATH, "body": body.to_string(), "status": status, "times": 1 });
    console.platform().fault(fault).await?;
    Ok(())
}

#[tokio::test]
async fn a_refusal_says_why_and_can_be_tried_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        broken_connections_are_expected(console);
        let service = console
            .platform()
            .run_image("vcloud/counter:1", &[("RATE", "10")])
            .await?;
        refuse(console, &service, 411, 200).await?;
        console.open_logs(&service.id, "").await?;
        console.see(console.t("error.token_expired")).await?;
        console.log_is("logs.failed").await?;
        console.see("as the test wants it").await?;
        for (code, status, message) in [
            (422, 403, "error.token_inactive"),
            (433, 403, "error.token_deleted"),
            (404, 404, "error.not_found"),
        ] {
            refuse(console, &service, code, status).await?;
            console.click(BUTTON, console.t("action.retry")).await?;
            console.see(console.t(message)).await?;
        }
        console.click(BUTTON, console.t("action.retry")).await?;
        console.log_is("logs.live").await?;
        let newest = console.newest_line().await?;
        console.wait_line(newest + 5).await?;

        // What may pass by itself is tried again by itself, and at once where somebody wants it.
        let failing = json!({ "path": LOG_PATH, "status": 500 });
        console.platform().fault(failing).await?;
        console.platform().restart(&service).await?;
        console.see(console.t("error.server")).await?;
        console.click(BUTTON, console.t("logs.retry_now")).await?;
        console.platform().no_faults().await?;
        console.log_is("logs.live").await?;
        console.wait_line(5).await?;
        Ok(())
    })
    .await
}
