//! One service: everything known about it, what runs in it, and what can be done to it.

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, Console, DIALOG, HEADING, LINK, Setup, journey, until};
use serde_json::json;

/// Opens a service of the demo account, at one of its tabs.
async fn open(console: &Console, region: &str, status: &str, tab: &str) -> Result<String> {
    let id = console.platform().service_in(region, status).await?;
    console.open_demo(&format!("/service/{id}{tab}")).await?;
    Ok(id)
}

/// The text of a container's part of the page.
async fn container(console: &Console, name: &str) -> Result<String> {
    let section = console.find("region", name).await?;
    Ok(section.text().await?)
}

/// Requests that change a pod.
async fn changes(console: &Console) -> Result<Vec<String>> {
    let sent = console.requests_to("/api/v1/k8s/pod/").await?;
    Ok(sent
        .into_iter()
        .filter(|exchange| exchange.method != "GET" && exchange.method != "OPTIONS")
        .map(|exchange| format!("{} {}", exchange.method, exchange.url))
        .collect())
}

/// Answers about services and pods take a while, so that what is pending can be seen.
async fn hold_answers_back(console: &Console) -> Result<()> {
    let held = |path: &str| json!({ "path": path, "method": "GET", "latencyMs": 1500 });
    console
        .platform()
        .fault(json!([held("/api/v1/userService/*"), held("/api/v1/k8s/*")]))
        .await?;
    Ok(())
}

#[tokio::test]
async fn the_overview_has_everything_known() -> Result<()> {
    journey(Setup::default(), async |console| {
        let (_, address) = console.platform().demo_account().await?;
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        console.open_demo("/services/running").await?;
        console.click(LINK, &id).await?;
        console.wait_route(&format!("/service/{id}")).await?;
        console.page("web-frontend").await?;
        for part in ["service.what", "service.time", "service.options", "service.where"] {
            console.page(console.t(part)).await?;
        }
        for fact in [
            id.as_str(),
            address.as_str(),
            "官网前端与静态资源，生产环境。",
            "v-kube-service",
            "https://shop.example.com → 80",
            "http://status.example.net → 443",
            "2-Unit-Resource",
            "System Random Map Port",
            "http://europe.localhost",
            console.t("status.running"),
        ] {
            console.see(fact).await?;
        }
        console
            .find(
                BUTTON,
                &console.t_with("action.copy_what", &[("what", console.t("service.host_ip"))]),
            )
            .await?;
        let bar = console.find("progressbar", console.t("service.left")).await?;
        let left: u32 = bar.attr("aria-valuenow").await?.context("no value")?.parse()?;
        assert!((800..900).contains(&left), "{left} of 1000");
        let width = bar.find(thirtyfour::By::Css("div")).await?.rect().await?.width / bar.rect().await?.width;
        assert!(
            (width * 1000.0 - f64::from(left)).abs() < 20.0,
            "{width} is not {left} of 1000"
        );
        console
            .see(&console.t_with("service.hours.other", &[("count", "8,760")]))
            .await?;
        console.click(LINK, console.t("list.running")).await?;
        console.wait_route("/services/running").await
    })
    .await
}

#[tokio::test]
async fn a_service_that_nearly_ends_says_so() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Hong Kong", "ServiceRunning", "").await?;
        console.page("game-relay").await?;
        let bar = console.find("progressbar", console.t("service.left")).await?;
        let left: u32 = bar.attr("aria-valuenow").await?.context("no value")?.parse()?;
        assert!(left <= 50, "{left} of 1000");
        console.see("1 h 5").await?;
        console.click(LINK, console.t("service.tab_containers")).await?;
        console.page("relay").await?;
        // The ports that were chosen, not ones given at random.
        console.see("27777").await
    })
    .await
}

#[tokio::test]
async fn every_container_is_there_and_its_environment_only_on_request() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "North America", "ServiceRunning", "/containers").await?;
        for (name, image, port) in [
            ("gateway", "nginx:1.27-alpine", "8080"),
            ("api", "vcloud/json-logger:2.4", "3000"),
            ("cache", "redis:7", "6379"),
        ] {
            console.page(name).await?;
            let text = container(console, name).await?;
            for part in [
                image,
                port,
                "TCP",
                console.t("container.running"),
                console.t("containers.restarts"),
            ] {
                assert!(text.contains(part), "{name} lacks {part}: {text}");
            }
        }
        let hidden = container(console, "api").await?;
        assert!(
            hidden.contains("LOG_LEVEL") && hidden.contains(console.t("containers.value_hidden")),
            "{hidden}"
        );
        assert!(
            !console.driver().source().await?.contains("debug"),
            "a value is in the page before it is asked for"
        );
        let api = console.find("region", "api").await?;
        console
            .click_within(Some(&api), BUTTON, console.t("containers.show_values"))
            .await?;
        console.see("debug").await?;
        console
            .click_within(Some(&api), BUTTON, console.t("containers.hide_values"))
            .await?;
        console.not_see("debug").await?;
        assert!(
            container(console, "gateway")
                .await?
                .contains(console.t("containers.no_env"))
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_crash_loop_can_be_seen() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = open(console, "Singapore", "ServiceRunning", "").await?;
        console.page("importer").await?;
        console.click(LINK, console.t("service.tab_containers")).await?;
        console.wait_route(&format!("/service/{id}/containers")).await?;
        let waiting = format!("{}: CrashLoopBackOff", console.t("container.waiting"));
        let restarts = until("a container that waits after it crashed", async || {
            let text = container(console, "importer").await?;
            let mut lines = text.lines();
            let count = lines
                .find(|line| line.trim() == console.t("containers.restarts"))
                .and_then(|_| lines.next());
            Ok(text.contains(&waiting).then(|| count.unwrap_or_default().to_owned()))
        })
        .await?;
        assert!(
            restarts.trim().parse::<u32>().is_ok_and(|count| count > 0),
            "{restarts} restarts"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_paused_service_says_why_it_has_no_containers() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Europe", "ServiceStop", "/containers").await?;
        console.page("staging").await?;
        console.page(console.t("containers.absent_title")).await?;
        console.see(console.t("containers.paused_advice")).await?;
        console.find(BUTTON, console.t("operation.resume")).await?;
        for other in ["operation.restart", "operation.pause"] {
            assert!(!console.has(BUTTON, console.t(other)).await?, "{other} is offered");
        }
        console.click(LINK, console.t("service.tab_overview")).await?;
        console.see(console.t("service.no_pod")).await
    })
    .await
}

#[tokio::test]
async fn services_that_do_not_run_offer_nothing_that_needs_them_to() -> Result<()> {
    journey(Setup::default(), async |console| {
        let pending = console.platform().service_in("North America", "ServicePending").await?;
        let done = console.platform().service_in("Tokyo", "ServiceDone").await?;
        console.open_demo("/services/usable").await?;
        console.click(LINK, &pending).await?;
        console.page(console.t("service.options")).await?;
        console.see("User Specified Service Port").await?;
        console.click(LINK, console.t("list.past")).await?;
        console.click(LINK, &done).await?;
        console.see("双十一活动页面").await?;
        console.see(console.t("service.done")).await?;
        for operation in ["operation.restart", "operation.pause", "operation.resume"] {
            assert!(
                !console.has(BUTTON, console.t(operation)).await?,
                "{operation} is offered"
            );
        }
        console.click(LINK, console.t("service.tab_containers")).await?;
        console.page(console.t("containers.absent_title")).await
    })
    .await
}

#[tokio::test]
async fn a_restart_is_asked_about_and_pending_until_the_containers_run_anew() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = open(console, "North America", "ServiceRunning", "/containers").await?;
        console.page("cache").await?;
        let restart = console.t("operation.restart");
        console.click(BUTTON, restart).await?;
        let dialog = console.find(DIALOG, console.t("operation.restart_title")).await?;
        let text = dialog.text().await?;
        for part in [id.as_str(), "shop-backend", console.t("operation.restart_effect")] {
            assert!(text.contains(part), "the question lacks {part}: {text}");
        }
        console
            .click_within(Some(&dialog), BUTTON, console.t("action.cancel"))
            .await?;
        console.gone(DIALOG, console.t("operation.restart_title")).await?;
        assert_eq!(changes(console).await?, Vec::<String>::new());

        let official = console.official().await?;
        let before = official.started(&id).await?;
        hold_answers_back(console).await?;
        console.click(BUTTON, restart).await?;
        let dialog = console.find(DIALOG, console.t("operation.restart_title")).await?;
        console.click_within(Some(&dialog), BUTTON, restart).await?;
        console.see(console.t("operation.sent")).await?;
        console.see(console.t("status.restarting")).await?;
        let button = console.find(BUTTON, restart).await?;
        assert!(!button.is_enabled().await?, "it can be asked for twice");
        assert_eq!(
            button.attr("title").await?.as_deref(),
            Some(console.t("operation.why_pending"))
        );
        console.platform().no_faults().await?;

        console.not_see(console.t("status.restarting")).await?;
        console.see(console.t("status.running")).await?;
        let sent = changes(console).await?;
        assert!(
            sent.len() == 1 && sent[0].ends_with("/api/v1/k8s/pod/restart"),
            "{sent:?}"
        );
        until("the button to be usable again", async || {
            Ok(console.find(BUTTON, restart).await?.is_enabled().await?.then_some(()))
        })
        .await?;
        // The same containers, each started anew.
        let after = official.started(&id).await?;
        assert!(
            before.len() > 1 && before.keys().eq(after.keys()),
            "{before:?} {after:?}"
        );
        for (name, started) in &after {
            assert!(
                started > &before[name],
                "{name} is as old as before: {before:?} {after:?}"
            );
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_service_is_paused_and_resumed() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = open(console, "Tokyo", "ServiceRunning", "").await?;
        console.page("orders-db").await?;
        hold_answers_back(console).await?;
        let official = console.official().await?;
        for (operation, pending, done, told) in [
            ("operation.pause", "status.pausing", "status.paused", "ServiceStop"),
            (
                "operation.resume",
                "status.resuming",
                "status.running",
                "ServiceRunning",
            ),
        ] {
            console.click(BUTTON, console.t(operation)).await?;
            let title = console.t(&format!("{operation}_title"));
            let dialog = console.find(DIALOG, title).await?;
            assert!(dialog.text().await?.contains(console.t(&format!("{operation}_effect"))));
            console
                .click_within(Some(&dialog), BUTTON, console.t(operation))
                .await?;
            console.see(console.t(pending)).await?;
            console.not_see(console.t(pending)).await?;
            console.see(console.t(done)).await?;
            assert_eq!(official.status(&id).await?, told);
            assert_eq!(official.started(&id).await?.is_empty(), told == "ServiceStop");
        }
        console.platform().no_faults().await?;
        console.find(BUTTON, console.t("operation.restart")).await?;
        console.click(LINK, console.t("list.running")).await?;
        let table = console
            .table_where(console.t("list.running"), "the service", |table| {
                table.row("orders-db").is_some()
            })
            .await?;
        assert!(
            table
                .row(&id)
                .is_some_and(|row| row.iter().any(|cell| cell == console.t("status.running"))),
            "{table:#?}"
        );
        let sent = changes(console).await?;
        assert!(
            sent.len() == 2 && sent[0].ends_with("/stop") && sent[1].ends_with("/start"),
            "{sent:?}"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_the_platform_refuses_to_change_is_said_and_not_shown_as_changed() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("the server responded with a status of 409");
        let id = open(console, "Helsinki", "ServiceRunning", "").await?;
        console.page("metrics").await?;
        let body = json!({ "error": { "code": 409, "message": "another operation is under way" } }).to_string();
        let fault = json!({ "path": "/api/v1/k8s/pod/stop", "status": 409, "body": body });
        console.platform().fault(fault).await?;
        console.click(BUTTON, console.t("operation.pause")).await?;
        let dialog = console.find(DIALOG, console.t("operation.pause_title")).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("operation.pause"))
            .await?;
        console.see("another operation is under way").await?;
        console.see(&id).await?;
        assert!(!console.text().await?.contains(console.t("status.pausing")));
        assert!(
            console
                .find(BUTTON, console.t("operation.pause"))
                .await?
                .is_enabled()
                .await?
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_address_of_nothing_says_so() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("the server responded with a status of 4");
        console.open_demo("/nothing/here").await?;
        console.page(console.t("not_found.title")).await?;
        console.accessible().await?;
        console.click(LINK, console.t("list.running")).await?;
        console.page(console.t("list.running")).await?;
        console.goto("/service/63a029afbf1a142380a26c8a").await?;
        console.sign_in_demo().await?;
        console.page(console.t("service.unknown")).await?;
        // Asking again would not bring it; the way on is the list.
        assert!(!console.has(BUTTON, console.t("action.retry")).await?);
        let page = console.css("main").await?;
        console
            .click_within(Some(&page), LINK, console.t("list.running"))
            .await?;
        console.page(console.t("list.running")).await?;
        assert!(!console.has(HEADING, console.t("service.options")).await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_service_of_another_provider_is_found_by_its_address_alone() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Asia", "ServiceRunning").await?;
        // The usual provider is asked first, and has no such service.
        console.expect_error("the server responded with a status of 404");
        console.open_demo(&format!("/service/{id}")).await?;
        console.page(console.t("service.options")).await?;
        console.see("v-kube-legacy").await?;
        Ok(())
    })
    .await
}
