//! Which lines of a log are shown, what is in them, and that the reader's place stays.

use anyhow::{Result, ensure};
use browser_tests::{BUTTON, Console, LOG_PATH, Setup, consecutive, journey, until};
use serde_json::json;
use thirtyfour::Key;

fn passing(console: &Console, count: &str) -> String {
    console.t_with("logs.passing.other", &[("count", count)])
}

/// The number in what the filter says.
async fn passing_now(console: &Console) -> Result<u64> {
    let text = console
        .run("return [...document.querySelectorAll('.log-find [aria-live]')].at(-1)?.textContent ?? ''")
        .await?;
    let digits: String = text
        .as_str()
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    Ok(digits.parse().unwrap_or(0))
}

async fn invalid(console: &Console) -> Result<Option<String>> {
    let field = console.field(console.t("logs.filter")).await?;
    Ok(field.attr("aria-invalid").await?)
}

/// Answers every request for the log with these lines.
async fn answer(console: &Console, lines: &[String]) -> Result<String> {
    let service = console.platform().run_image("vcloud/counter:1", &[]).await?;
    let body: String = lines.iter().map(|line| format!("data:{line}\n")).collect();
    let fault = json!({ "path": LOG_PATH, "body": body, "contentType": "text/event-stream" });
    console.platform().fault(fault).await?;
    Ok(service.id)
}

#[tokio::test]
async fn only_lines_that_pass_are_shown_while_others_come() -> Result<()> {
    journey(Setup::default(), async |console| {
        let service = console
            .platform()
            .run_image("vcloud/counter:1", &[("RATE", "40"), ("BURST", "1000")])
            .await?;
        console.open_logs(&service.id, "?tail=0").await?;
        console.wait_count(1000).await?;
        let label = console.t("logs.filter");

        // By text.
        console.fill(label, "LINE 0001").await?;
        console.filter_says(&passing(console, "100")).await?;
        until("only lines that pass", async || {
            let lines = console.log_lines().await?;
            Ok((!lines.is_empty() && lines.iter().all(|line| line.starts_with("line 0001"))).then_some(()))
        })
        .await?;
        ensure!(console.saved_log("counter").await?.lines().count() == 100);
        console.click(BUTTON, console.t("logs.filter_case")).await?;
        console.see(console.t("logs.nothing_passes")).await?;
        console.click(BUTTON, console.t("logs.filter_case")).await?;

        // By an expression: also lines that come.
        console.fill(label, "^LINE [0-9]+0 ").await?;
        console.click(BUTTON, console.t("logs.filter_pattern")).await?;
        until("lines to pass", async || {
            Ok((passing_now(console).await? >= 100).then_some(()))
        })
        .await?;
        let before = passing_now(console).await?;
        until("more lines to pass", async || {
            Ok((passing_now(console).await? >= before + 8).then_some(()))
        })
        .await?;
        let newest = console.newest_line().await?;
        ensure!(newest % 10 == 0 && newest > 1000, "line {newest} is shown");
        let tens = console.saved_log("counter").await?;
        ensure!(
            tens.lines()
                .all(|line| line.split(' ').nth(1).is_some_and(|number| number.ends_with('0'))),
            "{tens}"
        );

        // A wrong one says what is wrong, and the one before it goes on.
        console.fill(label, "^LINE [0-9]+0 (").await?;
        console.see(console.t("logs.wrong_unclosed_group")).await?;
        ensure!(invalid(console).await?.as_deref() == Some("true"));
        ensure!(console.newest_line().await? % 10 == 0);
        console.fill(label, "^LINE [0-9]+0 [^ ]+ (a|b)").await?;
        console.not_see(console.t("logs.wrong_unclosed_group")).await?;
        ensure!(invalid(console).await?.is_none());
        until("two words only", async || {
            let lines = console.log_lines().await?;
            let word = |line: &String| line.split(' ').nth(3).is_some_and(|word| word.starts_with(['a', 'b']));
            Ok((!lines.is_empty() && lines.iter().all(word)).then_some(()))
        })
        .await?;

        // And the other way round.
        console.fill(label, "^LINE [0-9]+0 ").await?;
        console.click(BUTTON, console.t("logs.filter_invert")).await?;
        until("all but every tenth", async || {
            let lines = console.log_lines().await?;
            let tenth = |line: &String| line.split(' ').nth(1).is_some_and(|number| number.ends_with('0'));
            Ok((lines.len() > 30 && !lines.iter().any(tenth)).then_some(()))
        })
        .await?;

        // A search goes through what passes.
        console.fill(console.t("logs.search"), "line 00012").await?;
        console
            .search_says(&console.t_with("logs.matches.other", &[("count", "9")]))
            .await?;
        console.click(BUTTON, console.t("logs.next")).await?;
        until("the first match", async || {
            Ok(console.match_in_view().await?.starts_with("line 000121 ").then_some(()))
        })
        .await?;
        console.click(BUTTON, console.t("logs.previous")).await?;
        until("the last match", async || {
            Ok(console.match_in_view().await?.starts_with("line 000129 ").then_some(()))
        })
        .await?;

        // Without a filter everything is there again.
        console.field(label).await?.send_keys(Key::Escape + "").await?;
        console.filter_says("").await?;
        ensure!(*consecutive(&console.saved_log("counter").await?)?.start() == 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn filtering_many_lines_leaves_the_page_quick() -> Result<()> {
    journey(Setup::default(), async |console| {
        let environment = [("BURST", "200000"), ("TOTAL", "200000"), ("KEEP_LINES", "200000")];
        let service = console.platform().run_image("vcloud/flood:1", &environment).await?;
        console.open_logs(&service.id, "?tail=0").await?;
        console.wait_count(200_000).await?;
        console.click(BUTTON, console.t("logs.filter_pattern")).await?;
        console.watch_tasks().await?;
        // Nothing in it can be looked for first, so the engine has to go through every line.
        console.fill(console.t("logs.filter"), "^[0-9]+[05] ").await?;
        console.filter_says(&passing(console, "40,000")).await?;
        let task = console.longest_task().await?;
        println!("200,000 lines filtered by an expression, a task of {task:.0} ms at most");
        ensure!(task < 1_000.0, "nothing was answered for {task} ms");
        ensure!(console.log_lines().await?.len() < 200);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_line_that_is_an_object_shows_its_fields() -> Result<()> {
    journey(Setup::default(), async |console| {
        let mut lines: Vec<String> = (0..40).map(|number| format!("plain line {number}")).collect();
        lines[2] = r#"{"time":"2026-01-01T00:00:00Z","order":12345678901234567890.50,"text":"支付 <b>\"x\"</b>","tags":["a",null],"none":{}}"#.to_owned();
        lines[3] = r#"{"broken":1"#.to_owned();
        lines[30] = format!("{{\"deep\":{}1{}}}", "[".repeat(500), "]".repeat(500));
        let service = answer(console, &lines).await?;
        console.open_logs(&service, "").await?;
        until("the lines", async || Ok((console.log_lines().await?.len() == lines.len()).then_some(()))).await?;
        ensure!(console.run("return document.querySelectorAll('.log-expand').length").await? == 2);

        // With the keyboard alone.
        let log = console.find("log", console.t("logs.lines")).await?;
        log.send_keys(Key::Home + "").await?;
        console.press(Key::Tab + "").await?;
        console.press(Key::Enter + "").await?;
        let fields = "return [...document.querySelectorAll('.log-json > div')].map((row) => row.textContent)";
        until("the fields", async || Ok(console.run(fields).await?.as_array().is_some_and(|rows| !rows.is_empty()).then_some(()))).await?;
        ensure!(
            console.run(fields).await?
                == json!([
                    "{",
                    "  \"time\": \"2026-01-01T00:00:00Z\",",
                    "  \"order\": 12345678901234567890.50,",
                    "  \"text\": \"支付 <b>\\\"x\\\"</b>\",",
                    "  \"tags\": [",
                    "    \"a\",",
                    "    null",
                    "  ],",
                    "  \"none\": {}",
                    "}"
                ]),
            "{}",
            console.run(fields).await?
        );
        let expanded = "return document.activeElement.getAttribute('aria-expanded')";
        ensure!(console.run(expanded).await? == "true");
        ensure!(console.run("return document.querySelectorAll('.log b').length").await? == 0);
        // The rows below make room.
        let height = "return document.querySelector('.log-sizer').getBoundingClientRect().height";
        until("the height of all rows", async || Ok((console.run(height).await? == 18 * 50).then_some(()))).await?;
        let overlapping = "const boxes = [...document.querySelectorAll('.log-line')].map((line) => line.getBoundingClientRect());
            return boxes.some((box, index) => index > 0 && Math.abs(box.top - boxes[index - 1].bottom) > 0.5)";
        ensure!(console.run(overlapping).await? == false);
        console.accessible().await?;

        console.press(Key::Enter + "").await?;
        until("the fields to go", async || {
            Ok((console.run(fields).await? == json!([])).then_some(()))
        })
        .await?;
        until("the height of all rows", async || Ok((console.run(height).await? == 18 * 40).then_some(()))).await?;
        // What is nested without end stays short.
        console.press(Key::Tab + "").await?;
        console.press(Key::Enter + "").await?;
        until("the bounded fields", async || {
            let rows = console.run(fields).await?.as_array().map_or(0, Vec::len);
            Ok((rows > 10 && rows < 100).then_some(()))
        })
        .await
    })
    .await
}

/// 2022-11-23T03:00:00Z.
const BEGIN: i64 = 1_669_172_400;

#[tokio::test]
async fn a_time_can_be_gone_to() -> Result<()> {
    journey(Setup::default(), async |console| {
        let time = |second: u64| {
            format!(
                "2022-11-23T{:02}:{:02}:{:02}Z",
                3 + second / 3600,
                second / 60 % 60,
                second % 60
            )
        };
        let lines: Vec<String> = (0..2_000_u64)
            .map(|number| match number % 3 {
                0 => format!("{} event {number}", time(number)),
                1 => format!("    at frame {number}"),
                _ => format!(
                    r#"{{"level":"info","ts":{}.5,"event":{number}}}"#,
                    BEGIN + i64::try_from(number).unwrap_or(0)
                ),
            })
            .collect();
        let service = answer(console, &lines).await?;
        console.open_logs(&service, "?tail=0").await?;
        console.wait_count(2_000).await?;
        console.click(BUTTON, console.t("logs.jump")).await?;
        console.click(BUTTON, console.t("logs.jump_go")).await?;
        console.see(console.t("logs.jump_when")).await?;
        console.accessible().await?;
        for (second, found) in [(1_230, "event 1230"), (1_231, "\"event\":1232}"), (0, "event 0")] {
            if !console.has(BUTTON, console.t("logs.jump_go")).await? {
                console.click(BUTTON, console.t("logs.jump")).await?;
            }
            console.fill_time(console.t("logs.jump_time"), BEGIN + second).await?;
            console.click(BUTTON, console.t("logs.jump_go")).await?;
            until(&format!("{found} in view"), async || {
                Ok(console.match_in_view().await?.ends_with(found).then_some(()))
            })
            .await?;
        }
        // The keyboard goes on in the lines.
        ensure!(
            console
                .run("return document.activeElement.className")
                .await?
                .as_str()
                .is_some_and(|class| class.starts_with("log"))
        );
        console.click(BUTTON, console.t("logs.jump")).await?;
        console.fill_time(console.t("logs.jump_time"), BEGIN + 10_000).await?;
        console.click(BUTTON, console.t("logs.jump_go")).await?;
        console.see(console.t("logs.jump_earlier")).await?;
        console.fill(console.t("logs.filter"), "frame").await?;
        console.filter_says(&passing(console, "667")).await?;
        if !console.has(BUTTON, console.t("logs.jump_go")).await? {
            console.click(BUTTON, console.t("logs.jump")).await?;
        }
        console.fill_time(console.t("logs.jump_time"), BEGIN).await?;
        console.click(BUTTON, console.t("logs.jump_go")).await?;
        console.see(console.t("logs.jump_no_times")).await
    })
    .await
}

/// Waits until a line is at the top of the view as it was.
async fn stays(console: &Console, place: &(String, f64), why: &str) -> Result<()> {
    until(&format!("the reader's place {place:?} after {why}"), async || {
        let (line, above) = console.top_line().await?;
        Ok((line == place.0 && (above - place.1).abs() < 1.5).then_some(()))
    })
    .await
}

#[tokio::test]
async fn the_readers_place_stays_whatever_happens() -> Result<()> {
    journey(Setup::default(), async |console| {
        for part in ["net::ERR_", "status of 5"] {
            console.expect_error(part);
        }
        let service = console
            .platform()
            .run_image("vcloud/counter:1", &[("RATE", "50"), ("BURST", "2000")])
            .await?;
        console.open_logs(&service.id, "?tail=0").await?;
        let held = console.wait_count(2_000).await?;
        console.log_is("logs.live").await?;
        console
            .run("document.querySelector('.log').scrollTop = 18 * 999 + 7")
            .await?;
        until("another place", async || {
            Ok(console.top_line().await?.0.starts_with("line 001000 ").then_some(()))
        })
        .await?;
        let place = console.top_line().await?;
        ensure!((place.1 - 7.0).abs() < 1.0, "{place:?}");
        console.wait_count(held + 100).await?;
        stays(console, &place, "new lines").await?;

        // Filtered, the line itself, or the next one that passes; and back.
        let label = console.t("logs.filter");
        console.fill(label, "line 001").await?;
        console.filter_says(&passing(console, "1,000")).await?;
        stays(console, &place, "a filter that it passes").await?;
        console.fill(label, "line 0012").await?;
        console.filter_says(&passing(console, "100")).await?;
        until("the next line that passes", async || {
            Ok(console.top_line().await?.0.starts_with("line 001200 ").then_some(()))
        })
        .await?;
        console.fill(label, "line 0000").await?;
        console.filter_says(&passing(console, "99")).await?;
        until("the end of what passes", async || {
            Ok(console.top_line().await?.0.starts_with("line 0000").then_some(()))
        })
        .await?;
        console.fill(label, "").await?;
        console.filter_says("").await?;
        stays(console, &place, "filters").await?;

        console.click(BUTTON, console.t("logs.wrap")).await?;
        stays(console, &place, "wrapping").await?;
        console.size(900, 800).await?;
        stays(console, &place, "another width").await?;
        console.size(1280, 800).await?;
        console.click(BUTTON, console.t("logs.wrap")).await?;
        stays(console, &place, "not wrapping").await?;
        console.click(BUTTON, console.t("logs.pause")).await?;
        console.click(BUTTON, console.t("logs.pause")).await?;
        stays(console, &place, "a pause").await?;

        console.platform().stop()?;
        console.see(console.t("error.network")).await?;
        console.platform().start_again()?;
        console.log_is("logs.live").await?;
        let held = console.wait_count(held + 101).await?;
        console.wait_count(held + 100).await?;
        stays(console, &place, "a new connection").await
    })
    .await
}

#[tokio::test]
async fn unfolding_leaves_what_is_read_where_it_is() -> Result<()> {
    journey(Setup::default(), async |console| {
        let lines: Vec<String> = (0..300)
            .map(|number| format!(r#"{{"number":{number},"list":[1,2,3]}}"#))
            .collect();
        let service = answer(console, &lines).await?;
        console.open_logs(&service, "?tail=0").await?;
        console.wait_count(300).await?;
        console.run("document.querySelector('.log').scrollTop = 18 * 99 + 5").await?;
        until("another place", async || {
            Ok(console.top_line().await?.0.contains("\"number\":99,").then_some(()))
        })
        .await?;
        let place = console.top_line().await?;
        // One in view, then one above it.
        let toggle = "const [number] = arguments;
            const line = [...document.querySelectorAll('.log-line')].find((line) => line.textContent.includes(`\"number\":${number},`));
            line.querySelector('.log-expand').click()";
        for number in [105, 97, 96] {
            console.driver().execute(toggle, vec![json!(number)]).await?;
            stays(console, &place, "unfolding").await?;
        }
        until("fields of three lines", async || {
            Ok((console.run("return document.querySelectorAll('.log-json').length").await? == 3).then_some(()))
        })
        .await?;
        stays(console, &place, "measuring").await?;
        console.driver().execute(toggle, vec![json!(97)]).await?;
        stays(console, &place, "folding").await?;
        // The end can still be reached.
        console.find("log", console.t("logs.lines")).await?.send_keys(Key::End + "").await?;
        until("the last line", async || {
            let last = console.log_lines().await?;
            Ok(last.last().is_some_and(|line| line.contains("\"number\":299,")).then_some(()))
        })
        .await
    })
    .await
}
