//! The log of a container as a person follows it: every line once, whatever happens on the way.

use std::time::Instant;

use anyhow::{Result, ensure};
use browser_tests::{
    BUTTON, COMBOBOX, Console, LINK, LOG_PATH, Running, SEARCHBOX, Setup, WEB_SOCKET, consecutive, journey, until,
};
use serde_json::{Value, json};
use thirtyfour::{Key, WebElement};

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
                 const text = document.querySelector('.log-tools .badge')?.textContent;
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

async fn log(console: &Console) -> Result<WebElement> {
    console.find("log", console.t("logs.lines")).await
}

async fn pressed(console: &Console, key: &str) -> Result<bool> {
    let button = console.find(BUTTON, console.t(key)).await?;
    Ok(button.attr("aria-pressed").await?.as_deref() == Some("true"))
}

/// Clicks one of the log's own tools: the service itself can be paused too.
async fn tool(console: &Console, key: &str) -> Result<()> {
    let panel = console.css(".log-panel").await?;
    console.click_within(Some(&panel), BUTTON, console.t(key)).await
}

async fn wait_pressed(console: &Console, key: &str, wanted: bool) -> Result<()> {
    until(&format!("{key} to be {wanted}"), async || {
        Ok((pressed(console, key).await? == wanted).then_some(()))
    })
    .await
}

async fn scroll_top(console: &Console) -> Result<f64> {
    Ok(console
        .run("return document.querySelector('.log').scrollTop")
        .await?
        .as_f64()
        .unwrap_or_default())
}

/// How far the end of the log is below what is in view, in CSS pixels.
async fn below(console: &Console) -> Result<f64> {
    let script =
        "const log = document.querySelector('.log'); return log.scrollHeight - log.clientHeight - log.scrollTop";
    Ok(console.run(script).await?.as_f64().unwrap_or_default())
}

/// How many lines the log says that it holds, beyond those that the document has.
async fn wait_count(console: &Console, at_least: u64) -> Result<u64> {
    let pattern = console.t("logs.line_count.other").replace("{count}", "");
    until(&format!("{at_least} lines"), async || {
        let text = console
            .run("return document.querySelector('.log-tools')?.innerText ?? ''")
            .await?;
        let count = text.as_str().unwrap_or_default().lines().find_map(|line| {
            let digits = line.trim().strip_suffix(pattern.as_str())?.replace(',', "");
            digits.parse::<u64>().ok()
        });
        Ok(count.filter(|count| *count >= at_least))
    })
    .await
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
        wait_count(console, 1200).await?;
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
            // A field for a time has no role of its own, and takes keys in the order of the system's language.
            let script = "const [label, seconds] = arguments;
                const field = [...document.querySelectorAll('input[type=datetime-local]')]
                    .find((field) => field.labels[0].textContent.trim() === label);
                field.value = new Date(seconds * 1000).toISOString().slice(0, 19);
                field.dispatchEvent(new Event('input', { bubbles: true }))";
            let arguments = vec![json!(console.t(label)), json!(value)];
            console.driver().execute(script, arguments).await?;
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
        found(console, &matching(console, "2")).await?;
        console.click(BUTTON, console.t("logs.previous")).await?;
        until("the mark before the new run", async || {
            Ok(current(console).await?.starts_with(console.t("logs.gap")).then_some(()))
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
async fn the_newest_line_is_followed_until_somebody_looks_elsewhere() -> Result<()> {
    journey(Setup::default(), async |console| {
        let service = console
            .platform()
            .run_image("vcloud/counter:1", &[("RATE", "30"), ("BURST", "400")])
            .await?;
        console.open_logs(&service.id, "").await?;
        let newest = console.wait_line(420).await?;
        console.wait_line(newest + 10).await?;
        ensure!(pressed(console, "logs.follow").await?);
        until("the end to be in view", async || {
            Ok((below(console).await? < 2.0).then_some(()))
        })
        .await?;

        // A small turn of the wheel while lines come is enough.
        let wheel = json!({ "type": "mouseWheel", "x": 600, "y": 600, "deltaX": 0, "deltaY": -60 });
        console
            .driver()
            .cdp()
            .send_raw("Input.dispatchMouseEvent", wheel)
            .await?;
        wait_pressed(console, "logs.follow", false).await?;
        let top = scroll_top(console).await?;
        wait_count(console, newest + 40).await?;
        ensure!(
            (scroll_top(console).await? - top).abs() < 61.0 && below(console).await? > 60.0,
            "it moved"
        );

        // From the keyboard: to the beginning, where it stays, and to the end.
        log(console).await?.send_keys(Key::Home + "").await?;
        until("the beginning", async || {
            Ok((scroll_top(console).await? < 1.0).then_some(()))
        })
        .await?;
        let lines = console.log_lines().await?;
        let held = wait_count(console, newest + 50).await?;
        wait_count(console, held + 20).await?;
        ensure!(scroll_top(console).await? < 1.0 && console.log_lines().await? == lines);
        log(console).await?.send_keys(Key::End + "").await?;
        wait_pressed(console, "logs.follow", true).await?;
        console.wait_line(held + 21).await?;

        // By its button.
        log(console).await?.send_keys(Key::Home + "").await?;
        wait_pressed(console, "logs.follow", false).await?;
        console.click(BUTTON, console.t("logs.follow")).await?;
        until("the end to be in view", async || {
            Ok((below(console).await? < 2.0).then_some(()))
        })
        .await?;

        // Paused, nothing moves; what comes is counted.
        tool(console, "logs.pause").await?;
        console.log_is("logs.paused").await?;
        let lines = console.log_lines().await?;
        let more = console.t("logs.new_lines.other").replace("{count}", "");
        until("new lines to be counted", async || {
            let text = console.text().await?;
            let count = text
                .lines()
                .find_map(|line| line.trim().strip_suffix(more.as_str())?.parse::<u64>().ok());
            Ok(count.filter(|count| *count > 20))
        })
        .await?;
        ensure!(console.log_lines().await? == lines, "the view is not frozen");
        tool(console, "logs.pause").await?;
        console.log_is("logs.live").await?;

        // Cleared, only what comes is held.
        let newest = console.newest_line().await?;
        console.click(BUTTON, console.t("logs.clear")).await?;
        console.wait_line(newest + 20).await?;
        ensure!(*console.numbers_held().await?.start() > newest);

        // What is copied is what is held.
        let grant = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        console
            .driver()
            .cdp()
            .send_raw("Browser.grantPermissions", grant)
            .await?;
        console.click(BUTTON, console.t("logs.copy")).await?;
        console
            .see(console.t("logs.copied.other").replace("{count}", "").trim())
            .await?;
        let copied = console.run("return navigator.clipboard.readText()").await?;
        ensure!(*consecutive(copied.as_str().unwrap_or_default())?.start() > newest);
        Ok(())
    })
    .await
}

/// The result of the search, once it is this.
async fn found(console: &Console, result: &str) -> Result<()> {
    let script = "return document.querySelector('.log-tools [aria-live]')?.textContent ?? ''";
    until(&format!("the search to say {result}"), async || {
        Ok((console.run(script).await? == result).then_some(()))
    })
    .await
}

fn matching(console: &Console, count: &str) -> String {
    console.t_with("logs.matches.other", &[("count", count)])
}

fn position(console: &Console, position: &str, count: &str) -> String {
    console.t_with("logs.match_of", &[("position", position), ("count", count)])
}

/// The line of the match that was gone to, if it is in view.
async fn current(console: &Console) -> Result<String> {
    let script = "const log = document.querySelector('.log').getBoundingClientRect();
        const line = document.querySelector('.log-current');
        const box = line?.getBoundingClientRect();
        return box && box.top >= log.top && box.bottom <= log.bottom ? line.textContent : ''";
    Ok(console.run(script).await?.as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_search_finds_marks_and_steps_through_its_matches() -> Result<()> {
    journey(Setup::default(), async |console| {
        let environment = [("BURST", "3000"), ("TOTAL", "3000"), ("KEEP_LINES", "3000")];
        let service = console.platform().run_image("vcloud/counter:1", &environment).await?;
        console.open_logs(&service.id, "?tail=0").await?;
        wait_count(console, 3000).await?;
        let label = console.t("logs.search");
        console.fill(label, "LINE 0010").await?;
        found(console, &matching(console, "100")).await?;
        for (key, at, line) in [
            ("logs.next", "1", "line 001000"),
            ("logs.next", "2", "line 001001"),
            ("logs.previous", "1", "line 001000"),
            ("logs.previous", "100", "line 001099"),
            ("logs.next", "1", "line 001000"),
        ] {
            console.click(BUTTON, console.t(key)).await?;
            found(console, &position(console, at, "100")).await?;
            until(&format!("{line} in view"), async || {
                Ok(current(console).await?.starts_with(line).then_some(()))
            })
            .await?;
        }
        ensure!(!pressed(console, "logs.follow").await?);
        let marks = console
            .run("return [...new Set([...document.querySelectorAll('.log mark')].map((mark) => mark.textContent))]");
        ensure!(marks.await? == json!(["line 0010"]));

        console.click(BUTTON, console.t("logs.case")).await?;
        found(console, &matching(console, "0")).await?;
        console.fill(label, "line 0010").await?;
        found(console, &matching(console, "100")).await?;
        console.fill(label, "回声").await?;
        console.find(SEARCHBOX, label).await?.send_keys(Key::Enter + "").await?;
        until("a line with 回声", async || {
            Ok(current(console).await?.ends_with("回声").then_some(()))
        })
        .await?;
        ensure!(
            console
                .run("return document.querySelector('.log-current mark').textContent")
                .await?
                == "回声"
        );
        console
            .find(SEARCHBOX, label)
            .await?
            .send_keys(Key::Escape + "")
            .await?;
        found(console, "").await?;
        ensure!(
            console
                .run("return document.querySelector('.log mark')")
                .await?
                .is_null()
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn colours_are_classes_and_markup_is_text() -> Result<()> {
    journey(Setup::default(), async |console| {
        let service = console.platform().run_image("vcloud/counter:1", &[]).await?;
        let long = "wide ".repeat(400);
        let lines = [
            "\u{1b}[31mred\u{1b}[0m and \u{1b}[1;38;5;160mexact\u{1b}[0m",
            "<img src=x onerror=\"window.broken = true\"><b>bold</b> &amp;",
            "订单服务已启动，监听端口 8080",
            "\u{1b}]0;title\u{7}after a title",
            &long,
        ];
        let body = lines.map(|line| format!("data:{line}\n")).concat();
        let fault = json!({ "path": LOG_PATH, "body": body, "contentType": "text/event-stream" });
        console.platform().fault(fault).await?;
        console.open_logs(&service.id, "").await?;
        until("the lines", async || Ok((console.log_lines().await?.len() == lines.len()).then_some(()))).await?;
        ensure!(
            console.log_lines().await?
                == ["red and exact", lines[1], lines[2], "after a title", &long],
            "{:?}",
            console.log_lines().await?
        );
        let script = "return [document.querySelector('.log .ansi-fg-1')?.textContent, document.querySelector('.log .ansi-bold')?.style.color,
            document.querySelectorAll('.log img, .log b').length, window.broken ?? null]";
        ensure!(console.run(script).await? == json!(["red", "rgb(215, 0, 0)", 0, null]));
        console.accessible().await?;

        let sideways = "const log = document.querySelector('.log'); return log.scrollWidth > log.clientWidth";
        ensure!(console.run(sideways).await? == true);
        console.click(BUTTON, console.t("logs.wrap")).await?;
        until("the long line to wrap", async || Ok((console.run(sideways).await? == false).then_some(()))).await?;
        console.size(390, 800).await?;
        console.fits().await?;
        // The host replays the same and ends, again and again: nothing of it is new.
        let requests = console.requests_to(LOG_PATH).await?.len();
        until("another connection", async || {
            Ok((console.requests_to(LOG_PATH).await?.len() > requests).then_some(()))
        })
        .await?;
        ensure!(console.saved_log("counter").await?.lines().count() == lines.len());
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
async fn a_container_that_crashes_shows_its_new_run_behind_a_mark() -> Result<()> {
    journey(Setup::default(), async |console| {
        let service = console
            .platform()
            .run_image("vcloud/crash:1", &[("CRASH_AFTER", "1")])
            .await?;
        console.open_logs(&service.id, "").await?;
        console.see("Exception in thread").await?;
        console.see(console.t("logs.gap")).await?;
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

#[tokio::test]
async fn hundreds_of_thousands_of_lines_leave_the_page_quick() -> Result<()> {
    journey(Setup::default(), async |console| {
        let environment = [("BURST", "300000"), ("KEEP_LINES", "400000"), ("RATE", "3000")];
        let service = console.platform().run_image("vcloud/flood:1", &environment).await?;
        console.open_logs(&service.id, "").await?;
        wait_count(console, 500).await?;
        // How long the page leaves its person waiting for the next picture.
        console
            .run(
                "window.longest = 0;
                 let last = performance.now();
                 const frame = (now) => { window.longest = Math.max(window.longest, now - last); last = now; requestAnimationFrame(frame); };
                 requestAnimationFrame(frame);",
            )
            .await?;
        let started = Instant::now();
        console
            .choose(console.t("logs.tail_name"), console.t("logs.tail_all"))
            .await?;
        wait_count(console, 300_000).await?;
        let replay = started.elapsed();
        let frame = console.run("return window.longest").await?.as_f64().unwrap_or_default();
        ensure!(frame < 2_000.0, "nothing was painted for {frame} ms");
        ensure!(console.log_lines().await?.len() < 200);

        // Clicks are answered while lines come.
        let script = "const [paused] = arguments;
            addEventListener('click', (event) => {
                const look = () => {
                    if (document.querySelector('.log-tools .badge')?.textContent === paused) {
                        window.answered = performance.now() - event.timeStamp;
                    } else {
                        requestAnimationFrame(look);
                    }
                };
                look();
            }, { capture: true, once: true });";
        let arguments = vec![json!(console.t("logs.paused"))];
        console.driver().execute(script, arguments).await?;
        tool(console, "logs.pause").await?;
        console.log_is("logs.paused").await?;
        // From the browser's taking the click, so that the driver's own slowness does not count.
        let click = console.run("return window.answered").await?.as_f64().unwrap_or(f64::INFINITY);
        ensure!(click < 2_000.0, "a click took {click} ms");
        tool(console, "logs.pause").await?;
        console.fill(console.t("logs.search"), "000150000").await?;
        found(console, &console.t_with("logs.matches.one", &[("count", "1")])).await?;
        console.click(BUTTON, console.t("logs.next")).await?;
        until("the line in view", async || {
            Ok(current(console).await?.starts_with("000150000").then_some(()))
        })
        .await?;
        ensure!(console.log_lines().await?.len() < 200);

        let heap = console
            .driver()
            .cdp()
            .send_raw("Runtime.getHeapUsage", Value::Null)
            .await?["usedSize"]
            .as_f64();
        let heap = heap.unwrap_or_default() / 1_048_576.0;
        ensure!(heap < 150.0, "{heap} MiB of JavaScript");
        let started = Instant::now();
        let held = console.numbers_held().await?;
        ensure!(*held.start() == 1 && *held.end() > 300_000, "{held:?}");
        println!(
            "300,000 lines received in {replay:?}, a frame in {frame:.0} ms at most, a click in {click:.0} ms, {} lines saved in {:?}, {heap:.0} MiB of JavaScript",
            held.end(),
            started.elapsed()
        );
        Ok(())
    })
    .await
}
