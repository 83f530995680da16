//! Logs of several containers in one view, and of containers that do not run.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use browser_tests::{
    BUTTON, CHECKBOX, Console, LOG_PATH, Platform, Running, SEARCHBOX, Setup, consecutive, journey, lines_of, until,
};
use serde_json::{Value, json};

/// Three containers that print numbered lines.
async fn three(platform: &Platform) -> Result<Running> {
    platform
        .run_images(&[
            ("one", "vcloud/counter:1", &[("RATE", "15"), ("BURST", "300")]),
            ("two", "vcloud/counter:2", &[("RATE", "20"), ("BURST", "200")]),
            ("three", "vcloud/counter:3", &[("RATE", "25"), ("BURST", "100")]),
        ])
        .await
}

/// Three that print some lines and then nothing, so that the page comes to rest.
async fn three_quiet(platform: &Platform) -> Result<Running> {
    let some = &[("BURST", "60"), ("TOTAL", "60")];
    platform
        .run_images(&[
            ("one", "vcloud/counter:1", some),
            ("two", "vcloud/counter:2", some),
            ("three", "vcloud/counter:3", some),
        ])
        .await
}

/// The colours in which each container's name is written on lines in the document.
async fn colours(console: &Console) -> Result<BTreeMap<String, Vec<Value>>> {
    let script = "const found = {};
        for (const name of document.querySelectorAll('.log-source')) {
            const line = name.closest('.log-line');
            const look = `${getComputedStyle(name).color} ${getComputedStyle(line).boxShadow}`;
            const looks = (found[name.textContent] ??= []);
            if (!looks.includes(look)) looks.push(look);
        }
        return found";
    Ok(serde_json::from_value(console.run(script).await?)?)
}

/// Waits until lines of so many containers are in the document, and answers each one's only colour.
async fn wait_colours(console: &Console, count: usize) -> Result<BTreeMap<String, Value>> {
    let found = until(&format!("lines of {count} containers"), async || {
        let found = colours(console).await?;
        Ok((found.len() == count).then_some(found))
    })
    .await?;
    let one = |(name, looks): (String, Vec<Value>)| {
        ensure!(looks.len() == 1, "{name} has several colours: {looks:?}");
        Ok((name, looks[0].clone()))
    };
    found.into_iter().map(one).collect()
}

/// What the legend says of each container.
async fn legend(console: &Console) -> Result<Vec<String>> {
    let script = "return [...document.querySelectorAll('.log-legend-entry')].map((entry) => entry.innerText.replace(/\\s+/g, ' ').trim())";
    Ok(serde_json::from_value(console.run(script).await?)?)
}

async fn wait_legend(console: &Console, key: &str, names: &[&str]) -> Result<()> {
    let expected: Vec<String> = names.iter().map(|name| format!("{name} {}", console.t(key))).collect();
    until(&format!("the legend {expected:?}"), async || {
        Ok((legend(console).await? == expected).then_some(()))
    })
    .await
    .with_context(|| format!("every one of {names:?} {key}"))
}

#[tokio::test]
async fn several_containers_are_read_in_one_view_by_name_and_colour() -> Result<()> {
    journey(Setup::default(), async |console| {
        let service = three(console.platform()).await?;
        console.open_logs(&service.id, "").await?;
        console
            .find("region", &console.t_with("logs.of", &[("container", "one")]))
            .await?;
        console
            .choose(console.t("logs.container"), console.t("logs.all_containers"))
            .await?;
        console
            .wait_route(&format!("/service/{}/logs?container=*", service.id))
            .await?;
        console
            .find(
                "region",
                &console.t_with("logs.of", &[("container", "one, two, three")]),
            )
            .await?;
        console.log_is("logs.live").await?;
        wait_legend(console, "logs.live", &["one", "two", "three"]).await?;
        console.wait_count(700).await?;
        let colours = wait_colours(console, 3).await?;
        ensure!(
            colours["one"] != colours["two"]
                && colours["two"] != colours["three"]
                && colours["one"] != colours["three"],
            "{colours:?}"
        );
        // Each container's lines in their order, as they arrived between those of the others.
        let text = console.saved_log("one+two+three").await?;
        for (name, least) in [("one", 300), ("two", 200), ("three", 100)] {
            let held = consecutive(&lines_of(&text, name))?;
            ensure!(*held.start() == 1 && *held.end() > least, "{name}: {held:?}");
        }
        let owners: Vec<&str> = text
            .lines()
            .rev()
            .take(60)
            .filter_map(|line| line.split(" | ").next())
            .collect();
        let changes = owners.windows(2).filter(|pair| pair[0] != pair[1]).count();
        ensure!(changes > 10, "the live lines are not ordered by arrival: {owners:?}");

        // One less, by its check box, which keeps the focus; the others keep their colours.
        console.click(CHECKBOX, "two").await?;
        console
            .wait_route(&format!("/service/{}/logs?container=one,three", service.id))
            .await?;
        let focus = "return document.activeElement?.closest('label')?.textContent.trim()";
        ensure!(console.run(focus).await? == "two");
        console.log_is("logs.live").await?;
        let fewer = wait_colours(console, 2).await?;
        ensure!(
            fewer["one"] == colours["one"] && fewer["three"] == colours["three"],
            "{fewer:?}"
        );
        console.click(CHECKBOX, "one").await?;
        console
            .wait_route(&format!("/service/{}/logs?container=three", service.id))
            .await?;
        // The last one can't be taken away; a log alone has no names on its lines.
        ensure!(!console.find(CHECKBOX, "three").await?.is_enabled().await?);
        console.log_is("logs.live").await?;
        console.wait_line(100).await?;
        ensure!(
            *console
                .saved_log("three")
                .await?
                .lines()
                .next()
                .map(|line| line.starts_with("line "))
                .get_or_insert(false)
        );

        // The address alone opens the same.
        console.open_logs(&service.id, "?container=three,one").await?;
        let opened = wait_colours(console, 2).await?;
        ensure!(opened == fewer, "{opened:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn one_connection_that_breaks_is_resumed_alone() -> Result<()> {
    journey(Setup::default(), async |console| {
        for part in ["net::ERR_", "status of 5"] {
            console.expect_error(part);
        }
        let service = three(console.platform()).await?;
        console
            .platform()
            .fault(json!({ "path": LOG_PATH, "cutAfterBytes": 16_011, "times": 1 }))
            .await?;
        console.open_logs(&service.id, "?container=*&tail=0").await?;
        until("the cut", async || {
            let faults = console.platform().get("/dev/faults").await?;
            Ok(faults["list"].as_array().is_some_and(Vec::is_empty).then_some(()))
        })
        .await?;
        let requested = async || {
            let mut requested: BTreeMap<String, usize> = BTreeMap::new();
            for request in console.requests_to(LOG_PATH).await? {
                if request.method != "OPTIONS" {
                    let name = request
                        .url
                        .split("container=")
                        .nth(1)
                        .and_then(|rest| rest.split('&').next());
                    *requested.entry(name.unwrap_or_default().to_owned()).or_default() += 1;
                }
            }
            anyhow::Ok(requested)
        };
        until("one to be connected again", async || {
            Ok(requested().await?.values().any(|count| *count > 1).then_some(()))
        })
        .await?;
        wait_legend(console, "logs.live", &["one", "two", "three"]).await?;
        let held = console.wait_count(700).await?;
        console.wait_count(held + 120).await?;
        let text = console.saved_log("one+two+three").await?;
        for name in ["one", "two", "three"] {
            ensure!(*consecutive(&lines_of(&text, name))?.start() == 1);
        }
        let requested = requested().await?;
        ensure!(
            requested.values().filter(|count| **count == 1).count() == 2,
            "the others were disturbed: {requested:?}"
        );
        ensure!(
            console
                .run("return document.querySelector('.log-mark')")
                .await?
                .is_null()
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn another_container_keeps_how_the_log_is_shown() -> Result<()> {
    journey(Setup::default(), async |console| {
        let service = three(console.platform()).await?;
        console.open_logs(&service.id, "").await?;
        console.wait_line(300).await?;
        console.fill(console.t("logs.search"), "LINE 00001").await?;
        console.fill(console.t("logs.filter"), "line 0000[0-9]{2} ").await?;
        console.click(BUTTON, console.t("logs.filter_pattern")).await?;
        console.click(BUTTON, console.t("logs.wrap")).await?;
        console.click(BUTTON, console.t("logs.follow")).await?;
        let passing = console.t_with("logs.passing.other", &[("count", "99")]);
        console.filter_says(&passing).await?;
        console
            .search_says(&console.t_with("logs.matches.other", &[("count", "10")]))
            .await?;
        for container in ["two", "three"] {
            console.choose(console.t("logs.container"), container).await?;
            console
                .wait_route(&format!("/service/{}/logs?container={container}", service.id))
                .await?;
            console.filter_says(&passing).await?;
            console
                .search_says(&console.t_with("logs.matches.other", &[("count", "10")]))
                .await?;
            for (key, pressed) in [
                ("logs.wrap", "true"),
                ("logs.follow", "false"),
                ("logs.filter_pattern", "true"),
                ("logs.case", "false"),
            ] {
                let button = console.find(BUTTON, console.t(key)).await?;
                ensure!(button.attr("aria-pressed").await?.as_deref() == Some(pressed), "{key}");
            }
            ensure!(
                console
                    .find(SEARCHBOX, console.t("logs.search"))
                    .await?
                    .prop("value")
                    .await?
                    .as_deref()
                    == Some("LINE 00001")
            );
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_crash_beside_others_is_marked_with_name_and_exit_code() -> Result<()> {
    journey(Setup::default(), async |console| {
        let service = console
            .platform()
            .run_images(&[
                ("steady", "vcloud/counter:1", &[("RATE", "5")]),
                ("faller", "vcloud/crash:1", &[("CRASH_AFTER", "2")]),
            ])
            .await?;
        console.open_logs(&service.id, "?container=*").await?;
        console.see("Exception in thread").await?;
        let what = console.t_with("logs.mark_restarted_code", &[("code", "1")]);
        console
            .see(&console.t_with("logs.mark_of", &[("container", "faller"), ("what", &what)]))
            .await?;
        // The other one was not disturbed by it.
        let text = console.saved_log("steady+faller").await?;
        consecutive(&lines_of(&text, "steady"))?;
        ensure!(lines_of(&text, "faller").contains("Exception in thread"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_last_lines_of_a_crashed_container_can_be_read_while_it_waits() -> Result<()> {
    journey(Setup::default(), async |console| {
        let service = console
            .platform()
            .try_image("vcloud/crash:1", &[("CRASH_AFTER", "0.4")])
            .await?;
        console.platform().wait_reason(&service, "CrashLoopBackOff").await?;
        console.open_logs(&service.id, "").await?;
        console.see("Exception in thread").await?;
        console
            .see(&console.t_with("logs.mark_ended_code", &[("code", "1")]))
            .await?;
        let requests = console.requests_to(LOG_PATH).await?;
        ensure!(
            requests.iter().any(|request| request.url.contains("unfollow=true")),
            "{requests:#?}"
        );
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn a_container_that_never_started_says_what_it_waits_for() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 4");
        let service = console.platform().run_image("vcloud/counter:1", &[]).await?;
        let state = json!({ "waiting": { "reason": "ImagePullBackOff", "message": "Back-off pulling image" } });
        let pod = json!({ "podStatus": { "phase": "Pending", "containerStatuses": [{ "name": "counter", "state": state }] } });
        let refusal = json!({ "error": { "code": 400, "message": "container counter has not started: ImagePullBackOff" } });
        console
            .platform()
            .fault(json!([
                { "path": "/api/v1/k8s/pod/status", "body": pod.to_string() },
                { "path": LOG_PATH, "body": refusal.to_string(), "status": 400 },
            ]))
            .await?;
        console.open_logs(&service.id, "").await?;
        let values = [("container", "counter"), ("reason", "ImagePullBackOff")];
        console.see(&console.t_with("logs.empty_waiting", &values)).await
    })
    .await
}

#[tokio::test]
async fn what_was_read_stays_when_the_service_is_paused() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 4");
        let service = console
            .platform()
            .run_image("vcloud/counter:1", &[("RATE", "20"), ("BURST", "50")])
            .await?;
        console.open_logs(&service.id, "").await?;
        let before = console.wait_line(60).await?;
        console.platform().switch(&service, "stop").await?;
        console.see(console.t("logs.mark_paused")).await?;
        console.log_is("logs.held").await?;
        let held = console.numbers_held().await?;
        ensure!(*held.start() == 1 && *held.end() >= before, "{held:?}");
        console.accessible().await?;

        console.platform().switch(&service, "start").await?;
        console.click(BUTTON, console.t("action.refresh")).await?;
        console.log_is("logs.live").await?;
        console.wait_count(*held.end() + 20).await?;
        let text = console.saved_log("counter").await?;
        let again = text.rfind("line 000001 ").unwrap_or_default();
        ensure!(again > 0, "no new run in {text}");
        consecutive(&text[..again])?;
        consecutive(&text[again..])?;
        console.fill(console.t("logs.search"), "line 000001 ").await?;
        console
            .search_says(&console.t_with("logs.matches.other", &[("count", "2")]))
            .await?;
        console.click(BUTTON, console.t("logs.previous")).await?;
        until("the mark before the new run", async || {
            let shown = console.match_in_view().await?;
            Ok(shown.starts_with(console.t("logs.mark_paused")).then_some(()))
        })
        .await
    })
    .await
}

async fn looks(setup: Setup) -> Result<()> {
    journey(setup, async |console| {
        let service = three_quiet(console.platform()).await?;
        console.open_logs(&service.id, "?container=*").await?;
        console.log_is("logs.live").await?;
        console.wait_count(180).await?;
        console.run("document.querySelector('.log').scrollTop = 0").await?;
        console.see("line 000001 ").await?;
        console.fits().await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("logs.pause")).await?;
        console.log_is("logs.paused").await?;
        console.accessible().await?;
        console.fill(console.t("logs.filter"), "line (").await?;
        console.click(BUTTON, console.t("logs.filter_pattern")).await?;
        console.see(console.t("logs.wrong_unclosed_group")).await?;
        console.fits().await?;
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn merged_logs_fit_a_phone_in_dark() -> Result<()> {
    looks(Setup {
        dark: true,
        size: (390, 844),
        ..Setup::default()
    })
    .await
}

#[tokio::test]
async fn merged_logs_are_chinese_for_who_reads_chinese() -> Result<()> {
    looks(Setup {
        language: "zh-CN",
        ..Setup::default()
    })
    .await
}
