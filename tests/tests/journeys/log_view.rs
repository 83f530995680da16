//! A log on the screen: followed or held, searched, in its colours, and quick however long it is.

use std::time::Instant;

use anyhow::{Result, ensure};
use browser_tests::{BUTTON, Console, LOG_PATH, SEARCHBOX, Setup, consecutive, journey, until};
use serde_json::{Value, json};
use thirtyfour::{Key, WebElement};

async fn log(console: &Console) -> Result<WebElement> {
    console.find("log", console.t("logs.lines")).await
}

async fn pressed(console: &Console, key: &str) -> Result<bool> {
    let button = console.find(BUTTON, console.t(key)).await?;
    Ok(button.attr("aria-pressed").await?.as_deref() == Some("true"))
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
        console.wait_count(newest + 40).await?;
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
        let held = console.wait_count(newest + 50).await?;
        console.wait_count(held + 20).await?;
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
        console.click(BUTTON, console.t("logs.pause")).await?;
        console.log_is("logs.paused").await?;
        // What came before the pause is painted by the next frame.
        console
            .run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            .await?;
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
        console.click(BUTTON, console.t("logs.pause")).await?;
        console.log_is("logs.live").await?;

        // Cleared, only what comes is held.
        let newest = console.newest_line().await?;
        console.click(BUTTON, console.t("logs.clear")).await?;
        console.wait_line(newest + 20).await?;
        ensure!(*console.numbers_held().await?.start() > newest);

        // What is copied is what is held.
        console.may_use_clipboard().await?;
        console.click(BUTTON, console.t("logs.copy")).await?;
        console
            .see(console.t("logs.copied.other").replace("{count}", "").trim())
            .await?;
        let copied = console.clipboard().await?;
        ensure!(*consecutive(&copied)?.start() > newest);
        Ok(())
    })
    .await
}

fn matching(console: &Console, count: &str) -> String {
    console.t_with("logs.matches.other", &[("count", count)])
}

fn position(console: &Console, position: &str, count: &str) -> String {
    console.t_with("logs.match_of", &[("position", position), ("count", count)])
}

#[tokio::test]
async fn a_search_finds_marks_and_steps_through_its_matches() -> Result<()> {
    journey(Setup::default(), async |console| {
        let environment = [("BURST", "3000"), ("TOTAL", "3000"), ("KEEP_LINES", "3000")];
        let service = console.platform().run_image("vcloud/counter:1", &environment).await?;
        console.open_logs(&service.id, "?tail=0").await?;
        console.wait_count(3000).await?;
        let label = console.t("logs.search");
        console.fill(label, "LINE 0010").await?;
        console.search_says(&matching(console, "100")).await?;
        for (key, at, line) in [
            ("logs.next", "1", "line 001000"),
            ("logs.next", "2", "line 001001"),
            ("logs.previous", "1", "line 001000"),
            ("logs.previous", "100", "line 001099"),
            ("logs.next", "1", "line 001000"),
        ] {
            console.click(BUTTON, console.t(key)).await?;
            console.search_says(&position(console, at, "100")).await?;
            until(&format!("{line} in view"), async || {
                Ok(console.match_in_view().await?.starts_with(line).then_some(()))
            })
            .await?;
        }
        ensure!(!pressed(console, "logs.follow").await?);
        let marks = console
            .run("return [...new Set([...document.querySelectorAll('.log mark')].map((mark) => mark.textContent))]");
        ensure!(marks.await? == json!(["line 0010"]));

        console.click(BUTTON, console.t("logs.case")).await?;
        console.search_says(&matching(console, "0")).await?;
        console.fill(label, "line 0010").await?;
        console.search_says(&matching(console, "100")).await?;
        console.fill(label, "回声").await?;
        console.find(SEARCHBOX, label).await?.send_keys(Key::Enter + "").await?;
        until("a line with 回声", async || {
            Ok(console.match_in_view().await?.ends_with("回声").then_some(()))
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
        console.search_says("").await?;
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
async fn hundreds_of_thousands_of_lines_leave_the_page_quick() -> Result<()> {
    journey(Setup::default(), async |console| {
        let environment = [("BURST", "300000"), ("KEEP_LINES", "400000"), ("RATE", "3000")];
        let service = console.platform().run_image("vcloud/flood:1", &environment).await?;
        console.open_logs(&service.id, "").await?;
        console.wait_count(500).await?;
        console.watch_tasks().await?;
        let started = Instant::now();
        console
            .choose(console.t("logs.tail_name"), console.t("logs.tail_all"))
            .await?;
        console.wait_count(300_000).await?;
        let replay = started.elapsed();
        let task = console.longest_task().await?;
        ensure!(task < 1_000.0, "nothing was answered for {task} ms");
        ensure!(console.log_lines().await?.len() < 200);

        // Clicks are answered while lines come.
        let script = "const [paused] = arguments;
            addEventListener('click', (event) => {
                const look = () => {
                    if (document.querySelector('.log-status .spread .badge')?.textContent === paused) {
                        window.answered = performance.now() - event.timeStamp;
                    } else {
                        requestAnimationFrame(look);
                    }
                };
                look();
            }, { capture: true, once: true });";
        let arguments = vec![json!(console.t("logs.paused"))];
        console.driver().execute(script, arguments).await?;
        console.click(BUTTON, console.t("logs.pause")).await?;
        console.log_is("logs.paused").await?;
        // From the browser's taking the click, so that the driver's own slowness does not count.
        let click = console.run("return window.answered").await?.as_f64().unwrap_or(f64::INFINITY);
        ensure!(click < 2_000.0, "a click took {click} ms");
        console.click(BUTTON, console.t("logs.pause")).await?;
        console.fill(console.t("logs.search"), "000150000").await?;
        console.search_says(&console.t_with("logs.matches.one", &[("count", "1")])).await?;
        console.click(BUTTON, console.t("logs.next")).await?;
        until("the line in view", async || {
            Ok(console.match_in_view().await?.starts_with("000150000").then_some(()))
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
            "300,000 lines received in {replay:?}, a task of {task:.0} ms at most, a click in {click:.0} ms, {} lines saved in {:?}, {heap:.0} MiB of JavaScript",
            held.end(),
            started.elapsed()
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_million_lines_are_held_and_the_readers_place_outlasts_the_oldest() -> Result<()> {
    journey(Setup::default(), async |console| {
        let environment = [("BURST", "1000000"), ("KEEP_LINES", "2000000"), ("RATE", "2000")];
        let service = console.platform().run_image("vcloud/flood:1", &environment).await?;
        let started = Instant::now();
        console.open_logs(&service.id, "?tail=0").await?;
        let mut held = 0;
        while held < 1_000_000 {
            held = console.wait_count((held + 150_000).min(1_000_000)).await?;
        }
        let replay = started.elapsed();
        ensure!(held == 1_000_000, "{held} lines are held");
        ensure!(console.log_lines().await?.len() < 200);

        // A place far from both ends, while the oldest lines go.
        console
            .run("document.querySelector('.log').scrollTop = 5_000_000")
            .await?;
        wait_pressed(console, "logs.follow", false).await?;
        let place = console.top_line().await?;
        let top = scroll_top(console).await?;
        until("the oldest lines to go", async || {
            Ok((scroll_top(console).await? < top - 36_000.0).then_some(()))
        })
        .await?;
        let (line, above) = console.top_line().await?;
        ensure!(
            line == place.0 && (above - place.1).abs() < 2.5,
            "{:?} became {:?}",
            place,
            (line, above)
        );

        let clicked = Instant::now();
        console.click(BUTTON, console.t("logs.pause")).await?;
        console.log_is("logs.paused").await?;
        let click = clicked.elapsed();
        console.click(BUTTON, console.t("logs.pause")).await?;
        log(console).await?.send_keys(Key::End + "").await?;
        wait_pressed(console, "logs.follow", true).await?;
        until("the end to be in view", async || {
            Ok((below(console).await? < 2.0).then_some(()))
        })
        .await?;
        ensure!(console.newest_line().await? > 1_000_000);
        ensure!(console.log_lines().await?.len() < 200);
        println!("1,000,000 lines received in {replay:?}, paused within {click:?}");
        ensure!(click.as_secs_f64() < 5.0, "a click took {click:?}");
        Ok(())
    })
    .await
}
