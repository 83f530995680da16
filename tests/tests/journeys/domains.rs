//! The domains of a service: seen, bound, unbound, at providers that change one at a time and at those that change all or none, and
//! where they point.

use anyhow::{Context as _, Result, ensure};
use browser_tests::{
    BUTTON, CHECKBOX, COMBOBOX, Console, DIALOG, HEADING, LINK, Setup, TEXTBOX, Table, journey, until,
};
use serde_json::{Value, json};
use thirtyfour::Key;

const INGRESS: &str = "/api/v1/k8s/pod/ingress";
const POD: &str = "/api/v1/k8s/pod/status";
const OLDER: &str = "v-kube-legacy";

/// Opens the domains of the service at the older provider, by way of the list, which names its provider.
async fn open_older(console: &Console) -> Result<String> {
    let id = console.platform().service_in("Asia", "ServiceRunning").await?;
    console.open_demo("/services/running").await?;
    by_list(console, &id).await?;
    Ok(id)
}

async fn by_list(console: &Console, id: &str) -> Result<()> {
    console.click(LINK, id).await?;
    console.click(LINK, console.t("domains.tab")).await?;
    console.page(console.t("domains.rules")).await
}

/// Opens the domains of a service of the demo account.
async fn open(console: &Console, region: &str, status: &str) -> Result<String> {
    let id = console.platform().service_in(region, status).await?;
    console.open_demo(&format!("/service/{id}/domains")).await?;
    console.page(console.t("domains.rules")).await?;
    Ok(id)
}

async fn table(console: &Console, what: &str, is_so: impl Fn(&Table) -> bool) -> Result<Table> {
    console.table_where(console.t("service.domains"), what, is_so).await
}

/// Waits until a domain's row has this text in it.
async fn row_says(console: &Console, domain: &str, text: &str) -> Result<Table> {
    table(console, &format!("{text} at {domain}"), |table| {
        table
            .row(domain)
            .is_some_and(|row| row.iter().any(|cell| cell.contains(text)))
    })
    .await
}

/// The address of the host, as the page shows it.
async fn host(console: &Console) -> Result<String> {
    let region = console.find("region", console.t("service.host_ip")).await?;
    until("the host's address", async || {
        let text = region.text().await?;
        let found = text
            .split_whitespace()
            .find(|word| word.parse::<std::net::IpAddr>().is_ok());
        Ok(found.map(str::to_owned))
    })
    .await
}

/// What the official client lists.
async fn listed(console: &Console, arguments: &[&str]) -> Result<Vec<(String, bool)>> {
    let official = console.official().await?;
    let mut command = vec!["service", "domain", "list"];
    command.extend(arguments);
    let list = official.run(&command).await?;
    let pair = |domain: &Value| {
        (
            domain["domain"].as_str().unwrap_or_default().to_owned(),
            domain["isHttps"] == true,
        )
    };
    Ok(list.as_array().into_iter().flatten().map(pair).collect())
}

fn names(listed: &[(String, bool)]) -> Vec<&str> {
    listed.iter().map(|(domain, _)| domain.as_str()).collect()
}

/// Requests that change domains: method and body.
async fn changes(console: &Console) -> Result<Vec<(String, String)>> {
    let sent = console.requests_to(INGRESS).await?;
    Ok(sent
        .into_iter()
        .filter(|exchange| exchange.method != "OPTIONS")
        .map(|exchange| (exchange.method, exchange.body))
        .collect())
}

async fn begin_binding(console: &Console, domain: &str) -> Result<thirtyfour::WebElement> {
    console.click(BUTTON, console.t("domains.bind")).await?;
    let dialog = console.find(DIALOG, console.t("domains.bind_title")).await?;
    console.fill(console.t("domains.domain"), domain).await?;
    Ok(dialog)
}

async fn bind(console: &Console, domain: &str) -> Result<()> {
    let dialog = begin_binding(console, domain).await?;
    console
        .click_within(Some(&dialog), BUTTON, console.t("domains.bind_action"))
        .await
}

/// What is wrong with a domain that was typed, or nothing.
async fn says_of(console: &Console, domain: &str, expected: &str) -> Result<()> {
    console.fill(console.t("domains.domain"), domain).await?;
    until(&format!("\"{expected}\" of {domain:.20}"), async || {
        let script = "return document.querySelector('dialog[open] .field-error')?.textContent ?? ''";
        Ok((console.run(script).await? == expected).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_domain_has_a_length_and_the_first_one_under_a_base_decided_on_https() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Europe", "ServiceRunning").await?;
        let dialog = begin_binding(console, "x.example.net").await?;
        let first = [("domain", "status.example.net"), ("base", "example.net")];
        console
            .see(&console.t_with("domains.https_decided_off", &first))
            .await?;
        ensure!(!dialog.text().await?.contains(console.t("domains.https_ask")));
        console.accessible().await?;
        let labels = |last: usize| {
            let label = "a".repeat(62);
            format!("{label}.{label}.{label}.{}.net", "b".repeat(last))
        };
        // 255 characters, and one more.
        says_of(console, &labels(62), "").await?;
        says_of(console, &labels(63), console.t("domains.wrong_length")).await?;
        says_of(console, "ab", "").await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("domains.bind_action"))
            .await?;
        console.see(console.t("domains.wrong_length")).await?;
        says_of(console, "a.bc", "").await?;
        ensure!(
            console
                .requests_to(INGRESS)
                .await?
                .iter()
                .all(|request| request.method == "GET")
        );
        Ok(())
    })
    .await
}

async fn in_both_themes(console: &Console) -> Result<()> {
    console.accessible().await?;
    console.dark(true).await?;
    console.accessible().await?;
    console.dark(false).await
}

#[tokio::test]
async fn domains_stand_in_a_table_with_where_they_point() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Europe", "ServiceRunning").await?;
        let headings = ["domains.domain", "domains.port", "domains.https", "domains.dns"].map(|key| console.t(key));
        let shown = row_says(console, "shop.example.com", console.t("domains.dns_here")).await?;
        assert_eq!(shown.headings, headings);
        assert_eq!(shown.rows.len(), 3);
        row_says(console, "shop.example.com", console.t("domains.certificate_ready")).await?;
        row_says(
            console,
            "www.example.com",
            &console.t_with("domains.dns_alias", &[("names", "shop.example.com")]),
        )
        .await?;
        let elsewhere = console.t_with("domains.dns_elsewhere", &[("addresses", "192.0.2.44")]);
        row_says(console, "status.example.net", &elsewhere).await?;
        let host = host(console).await?;
        row_says(
            console,
            "status.example.net",
            &format!("status.example.net. 300 IN A {host}"),
        )
        .await?;
        let shown = table(console, "all of it", |_| true).await?;
        let row = shown.row("status.example.net").context("the row")?;
        assert!(row.iter().any(|cell| cell == console.t("domains.https_off")) && row.iter().any(|cell| cell == "443"));
        console
            .find(
                BUTTON,
                &console.t_with("action.copy_what", &[("what", console.t("domains.record"))]),
            )
            .await?;
        in_both_themes(console).await?;
        // The list of suffixes was loaded, once, for this page alone.
        let lists = console.requests_to("public-suffixes").await?;
        assert_eq!(lists.len(), 1, "{lists:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_first_domain_under_a_base_decides_about_https() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = open(console, "Helsinki", "ServiceRunning").await?;
        console.page(console.t("domains.none_title")).await?;
        in_both_themes(console).await?;
        let dialog = begin_binding(console, "a..example.co.uk").await?;
        console.see(console.t("domains.wrong_empty")).await?;
        console.fill(console.t("domains.domain"), "-a.example.co.uk").await?;
        console
            .see(&console.t_with("domains.wrong_label", &[("label", "-a")]))
            .await?;
        console.fill(console.t("domains.domain"), "localhost").await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("domains.bind_action"))
            .await?;
        console.see(console.t("domains.wrong_no_dot")).await?;
        in_both_themes(console).await?;
        assert!(changes(console).await?.is_empty(), "something was sent");
        console.fill(console.t("domains.domain"), "a.example.co.uk").await?;
        let first = console.t_with("domains.https_first", &[("base", "example.co.uk")]);
        console.see(&first).await?;
        let https = console.find(CHECKBOX, console.t("domains.https_ask")).await?;
        assert!(https.is_selected().await?);
        let port = console.find(COMBOBOX, console.t("domains.port")).await?;
        assert!(port.text().await?.contains("9090 · collector"));
        in_both_themes(console).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("domains.bind_action"))
            .await?;
        console.gone(DIALOG, console.t("domains.bind_title")).await?;
        row_says(console, "a.example.co.uk", console.t("domains.https_on")).await?;
        row_says(console, "a.example.co.uk", console.t("domains.dns_nowhere")).await?;
        row_says(console, "a.example.co.uk", console.t("domains.certificate_waits")).await?;

        // Another registration below the same suffix chooses for itself, the same one does not.
        begin_binding(console, "b.other.co.uk").await?;
        console
            .see(&console.t_with("domains.https_first", &[("base", "other.co.uk")]))
            .await?;
        console.fill(console.t("domains.domain"), "b.example.co.uk").await?;
        let values = [("base", "example.co.uk"), ("domain", "a.example.co.uk")];
        console
            .see(&console.t_with("domains.https_decided_on", &values))
            .await?;
        assert!(!console.has(CHECKBOX, console.t("domains.https_ask")).await?);
        console.accessible().await?;
        console.click(BUTTON, console.t("domains.bind_action")).await?;
        row_says(console, "b.example.co.uk", console.t("domains.https_on")).await?;

        let sent: Vec<Value> = changes(console)
            .await?
            .iter()
            .map(|(_, body)| serde_json::from_str(body).unwrap_or_default())
            .collect();
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[0]["isLetsencrypt"], true);
        assert!(sent[1].get("isLetsencrypt").is_none(), "{}", sent[1]);
        let listed = listed(console, &[&id]).await?;
        assert_eq!(names(&listed), ["a.example.co.uk", "b.example.co.uk"]);
        assert!(listed.iter().all(|(_, https)| *https));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_domain_is_looked_at_until_it_points_here() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Helsinki", "ServiceRunning").await?;
        let host = host(console).await?;
        bind(console, "new.example.com").await?;
        row_says(console, "new.example.com", console.t("domains.dns_nowhere")).await?;
        row_says(console, "new.example.com", &format!("new.example.com. 300 IN A {host}")).await?;
        let set = |addresses: Value| json!({ "name": "new.example.com", "addresses": addresses });
        console.platform().post("/dev/dns", &set(json!([host]))).await?;
        // Nobody clicks anything.
        row_says(console, "new.example.com", console.t("domains.dns_here")).await?;

        let check = console.t_with("domains.dns_check", &[("domain", "new.example.com")]);
        console
            .platform()
            .post("/dev/dns", &set(json!([host, "192.0.2.9"])))
            .await?;
        console.click(BUTTON, &check).await?;
        let partly = console.t_with("domains.dns_partly", &[("addresses", "192.0.2.9")]);
        row_says(console, "new.example.com", &partly).await?;
        let failing = json!({ "name": "new.example.com", "status": 2 });
        console.platform().post("/dev/dns", &failing).await?;
        console.click(BUTTON, &check).await?;
        row_says(console, "new.example.com", console.t("domains.dns_failed")).await?;
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn nobody_is_asked_where_the_operator_switched_it_off() -> Result<()> {
    journey(Setup::default(), async |console| {
        let mut configuration = console.platform().get("/config.json").await?;
        configuration["dnsResolver"] = Value::Null;
        let fault = json!({ "path": "/config.json", "body": configuration.to_string() });
        console.platform().fault(fault).await?;
        open(console, "Europe", "ServiceRunning").await?;
        row_says(console, "shop.example.com", console.t("domains.dns_off")).await?;
        row_says(console, "shop.example.com", "300 IN A").await?;
        assert!(console.requests_to("/dns-query").await?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn several_domains_are_unbound_and_then_all() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = open(console, "Europe", "ServiceRunning").await?;
        table(console, "three rows", |table| table.rows.len() == 3).await?;
        for domain in ["shop.example.com", "status.example.net"] {
            console
                .click(CHECKBOX, &console.t_with("domains.select", &[("domain", domain)]))
                .await?;
        }
        let unbind = console.t_with("domains.unbind_some.other", &[("count", "2")]);
        console.click(BUTTON, &unbind).await?;
        let title = console.t_with("domains.unbind_title.other", &[("count", "2")]);
        let dialog = console.find(DIALOG, &title).await?;
        let text = dialog.text().await?;
        assert!(text.contains("shop.example.com") && text.contains("status.example.net") && !text.contains("www."));
        in_both_themes(console).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("domains.unbind_action"))
            .await?;
        table(console, "one row", |table| table.rows.len() == 1).await?;
        assert_eq!(names(&listed(console, &[&id]).await?), ["www.example.com"]);

        bind(console, "again.example.com").await?;
        table(console, "two rows", |table| table.rows.len() == 2).await?;
        console.click(BUTTON, console.t("domains.clean")).await?;
        let dialog = console.find(DIALOG, console.t("domains.clean_title")).await?;
        let clean = console
            .find_within(Some(&dialog), BUTTON, console.t("domains.clean_action"))
            .await?;
        assert!(!clean.is_enabled().await?, "it does not wait for the id");
        in_both_themes(console).await?;
        console.fill(console.t("domains.clean_type"), &id).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("domains.clean_action"))
            .await?;
        console.page(console.t("domains.none_title")).await?;
        let methods: Vec<String> = changes(console).await?.into_iter().map(|(method, _)| method).collect();
        assert_eq!(methods, ["PATCH", "POST", "DELETE"]);
        assert!(listed(console, &[&id]).await?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_binding_that_is_not_seen_yet_goes_with_all_others() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = open(console, "Europe", "ServiceRunning").await?;
        table(console, "three rows", |table| table.rows.len() == 3).await?;
        // What the platform tells of the service comes late: the new row is only what was accepted.
        console
            .platform()
            .fault(json!({ "path": POD, "method": "GET", "latencyMs": 4_000 }))
            .await?;
        bind(console, "again.example.com").await?;
        table(console, "four rows", |table| table.rows.len() == 4).await?;
        console.click(BUTTON, console.t("domains.clean")).await?;
        let dialog = console.find(DIALOG, console.t("domains.clean_title")).await?;
        console.fill(console.t("domains.clean_type"), &id).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("domains.clean_action"))
            .await?;
        console.gone(DIALOG, console.t("domains.clean_title")).await?;
        console.platform().no_faults().await?;
        console.page(console.t("domains.none_title")).await?;
        assert!(listed(console, &[&id]).await?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_the_platform_refuses_is_said_and_what_was_typed_stays() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 400");
        open(console, "Helsinki", "ServiceRunning").await?;
        bind(console, "shop.example.com").await?;
        console.see("shop.example.com is bound to another service").await?;
        let field = console.find(TEXTBOX, console.t("domains.domain")).await?;
        assert_eq!(field.prop("value").await?.as_deref(), Some("shop.example.com"));
        in_both_themes(console).await
    })
    .await
}

/// Where a provider changes all domains or none: confirms what it will do.
async fn confirm_change(console: &Console) -> Result<()> {
    let dialog = console.find(DIALOG, console.t("domains.change_title")).await?;
    console
        .click_within(Some(&dialog), BUTTON, console.t("domains.change_begin"))
        .await
}

#[tokio::test]
async fn an_older_provider_is_unbound_and_bound_anew_and_a_failure_is_mended() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 501");
        console.expect_error("status of 500");
        let id = open_older(console).await?;
        row_says(console, "blog.example.org", console.t("domains.dns_nowhere")).await?;
        bind(console, "news.example.org").await?;
        let dialog = console.find(DIALOG, console.t("domains.change_title")).await?;
        let text = dialog.text().await?;
        assert!(
            text.contains("blog.example.org") && text.contains("news.example.org"),
            "{text}"
        );
        in_both_themes(console).await?;
        // The first binding after everything was unbound fails.
        let fault =
            json!({ "host": "*.legacy.localhost", "path": INGRESS, "method": "POST", "status": 500, "times": 1 });
        console.platform().fault(fault).await?;
        confirm_change(console).await?;
        console.page(console.t("domains.steps_stopped")).await?;
        console.see(console.t("domains.steps_kept")).await?;
        let failed = console.t("domains.step_failed");
        let bind_blog = console.t_with("domains.step_bind", &[("domain", "blog.example.org"), ("port", "80")]);
        let steps = console.css(".steps").await?.text().await?;
        assert!(steps.contains(&bind_blog) && steps.contains(failed), "{steps}");
        assert!(
            !console
                .find(BUTTON, console.t("domains.bind"))
                .await?
                .is_enabled()
                .await?
        );
        in_both_themes(console).await?;
        let arguments = [id.as_str(), "--provider", OLDER];
        assert!(
            listed(console, &arguments).await?.is_empty(),
            "nothing is bound half-way"
        );

        console.click(BUTTON, console.t("action.retry")).await?;
        console.page(console.t("domains.steps_done")).await?;
        console.accessible().await?;
        assert_eq!(
            names(&listed(console, &arguments).await?),
            ["blog.example.org", "news.example.org"]
        );
        console.click(BUTTON, console.t("action.dismiss")).await?;
        console.gone(HEADING, console.t("domains.steps_done")).await?;
        table(console, "both", |table| table.rows.len() == 2).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_change_that_was_left_half_way_is_offered_after_a_reload() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 501");
        console.expect_error("status of 500");
        let id = open_older(console).await?;
        row_says(console, "blog.example.org", console.t("domains.dns_nowhere")).await?;
        bind(console, "news.example.org").await?;
        confirm_change(console).await?;
        console.page(console.t("domains.steps_done")).await?;
        console.click(BUTTON, console.t("action.dismiss")).await?;
        table(console, "both", |table| table.rows.len() == 2).await?;

        let fault =
            json!({ "host": "*.legacy.localhost", "path": INGRESS, "method": "POST", "status": 500, "times": 1 });
        console.platform().fault(fault).await?;
        console
            .click(
                CHECKBOX,
                &console.t_with("domains.select", &[("domain", "blog.example.org")]),
            )
            .await?;
        console
            .click(BUTTON, &console.t_with("domains.unbind_some.one", &[("count", "1")]))
            .await?;
        console.click(BUTTON, console.t("domains.unbind_action")).await?;
        confirm_change(console).await?;
        console.page(console.t("domains.steps_stopped")).await?;

        console.goto("/services/running").await?;
        console.sign_in_demo().await?;
        by_list(console, &id).await?;
        console.see(console.t("domains.left_title")).await?;
        in_both_themes(console).await?;
        console.click(BUTTON, console.t("domains.left_finish")).await?;
        console.page(console.t("domains.steps_done")).await?;
        let arguments = [id.as_str(), "--provider", OLDER];
        assert_eq!(names(&listed(console, &arguments).await?), ["news.example.org"]);
        console.click(BUTTON, console.t("action.dismiss")).await?;
        console.goto("/services/running").await?;
        console.sign_in_demo().await?;
        by_list(console, &id).await?;
        row_says(console, "news.example.org", "80").await?;
        assert!(
            !console.text().await?.contains(console.t("domains.left_title")),
            "it is offered again"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_access_token_shows_domains_and_says_why_it_changes_none() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        let token = console.platform().access_token(&id, "active").await?;
        console.goto(&format!("/service/{id}/domains")).await?;
        console.sign_in_token(&token).await?;
        row_says(console, "shop.example.com", console.t("domains.dns_here")).await?;
        console.see(console.t("domains.why_token")).await?;
        for button in ["domains.bind", "domains.unbind", "domains.clean"] {
            assert!(
                !console.find(BUTTON, console.t(button)).await?.is_enabled().await?,
                "{button}"
            );
        }
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn a_paused_service_says_that_its_domains_are_not_known_and_takes_new_ones() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = open(console, "Europe", "ServiceStop").await?;
        console.page(console.t("domains.paused_title")).await?;
        in_both_themes(console).await?;
        bind(console, "qa.example.org").await?;
        console
            .see(&console.t_with("domains.bound", &[("domain", "qa.example.org")]))
            .await?;
        console.click(BUTTON, console.t("operation.resume")).await?;
        let dialog = console.find(DIALOG, console.t("operation.resume_title")).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("operation.resume"))
            .await?;
        table(console, "both", |table| {
            table.row("qa.example.org").is_some() && table.row("staging.example.com").is_some()
        })
        .await?;
        assert_eq!(listed(console, &[&id]).await?.len(), 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn services_that_do_not_live_have_no_domains() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Tokyo", "ServiceDone").await?;
        console.open_demo(&format!("/service/{id}/domains")).await?;
        console.page(console.t("domains.absent_title")).await?;
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn a_domain_is_bound_by_keyboard_alone() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Helsinki", "ServiceRunning").await?;
        console.page(console.t("domains.none_title")).await?;
        let focused = "return (document.activeElement?.textContent ?? '').trim()";
        for _ in 0..60 {
            console.press(Key::Tab + "").await?;
            if console.run(focused).await? == console.t("domains.bind") {
                break;
            }
        }
        console.press(Key::Enter + "").await?;
        console.find(DIALOG, console.t("domains.bind_title")).await?;
        console.press("keys.example.com").await?;
        console
            .see(&console.t_with("domains.https_first", &[("base", "example.com")]))
            .await?;
        console.press(Key::Enter + "").await?;
        row_says(console, "keys.example.com", console.t("domains.https_on")).await?;
        let back = console.run(focused).await?;
        assert_eq!(back, console.t("domains.bind"), "the focus is given back");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn domains_fit_on_a_phone_in_chinese() -> Result<()> {
    let setup = Setup {
        language: "zh-CN",
        size: (390, 844),
        ..Setup::default()
    };
    journey(setup, async |console| {
        open(console, "Europe", "ServiceRunning").await?;
        row_says(console, "shop.example.com", console.t("domains.dns_here")).await?;
        console.fits().await?;
        in_both_themes(console).await?;
        begin_binding(console, "very-long-name-of-a-domain.with-many-parts.example.com.cn").await?;
        console
            .see(&console.t_with("domains.https_first", &[("base", "example.com.cn")]))
            .await?;
        console.fits().await?;
        console.accessible().await?;
        console.press(Key::Escape + "").await?;
        console.gone(DIALOG, console.t("domains.bind_title")).await?;
        console.click(LINK, console.t("config_files.tab")).await?;
        console.find("region", "web").await?;
        console.fits().await
    })
    .await
}
