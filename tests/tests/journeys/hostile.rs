//! A platform that means harm: whatever it answers, nothing of it runs, nothing looks like something else, the page answers within a
//! second, and everything else goes on working.

use anyhow::{Result, ensure};
use browser_tests::{BUTTON, Console, LOG_PATH, Setup, journey, until};
use serde_json::{Value, json};
use vcloud_api::sealed::Sealed;

const LIST: &str = "/api/v1/userService";

/// What would run where it became markup.
const MARKUP: &str =
    "<img src=x onerror=\"window.hacked=1\"><svg onload=\"window.hacked=1\"></svg><script>window.hacked=1</script>";

/// Remembers the longest that the page was busy without a break, in milliseconds.
const WATCH: &str = "window.longest = 0;
    new PerformanceObserver((list) => {
        for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
    }).observe({ type: 'longtask' });";

/// The longest that a page may be busy, in milliseconds.
const PATIENCE: f64 = 1000.0;

/// Signs in at a page that asks for nothing that the faults strike, and watches from then on.
async fn begin(console: &Console, faults: Value) -> Result<()> {
    console.before_every_page(WATCH).await?;
    console.platform().fault(faults).await?;
    console.open_demo("/wallet").await?;
    console.page(console.t("wallet.title")).await?;
    console.settled().await?;
    console.run("window.longest = 0").await?;
    Ok(())
}

/// Goes on to another page of the console, without starting it anew.
async fn go(console: &Console, route: &str) -> Result<()> {
    let script = format!(
        "history.pushState(null, '', {}); dispatchEvent(new PopStateEvent('popstate'))",
        Value::from(route)
    );
    console.run(&script).await?;
    console.css("main h1").await?;
    console.settled().await
}

/// Nothing ran, nothing became markup or leads to a script, and the page was never busy for long.
async fn unharmed(console: &Console, where_: &str) -> Result<()> {
    let script = "return [
        window.hacked ?? 0,
        document.querySelectorAll('img[src=\"x\"], svg[onload], [onerror], main script, a[href^=\"javascript:\"]').length,
        window.longest,
        window.longest = 0]";
    let found = console.run(script).await?;
    ensure!(found[0] == 0, "{where_}: a script of the platform ran");
    ensure!(found[1] == 0, "{where_}: a text of the platform became markup");
    let longest = found[2].as_f64().unwrap_or(f64::INFINITY);
    ensure!(longest < PATIENCE, "{where_}: the page was busy for {longest} ms");
    Ok(())
}

#[tokio::test]
async fn markup_in_every_text_stays_text_on_every_page() -> Result<()> {
    journey(Setup::default(), async |console| {
        let evil = format!("{{}}{MARKUP}");
        let faults = json!([
            { "path": "/api/v1/userService*", "members": { "service": evil } },
            { "path": "/api/v1/k8s/userService", "members": { "email": evil, "description": evil, "customizedLabel": evil } },
            { "path": "/api/v1/k8s/pod/status", "members": { "image": evil, "reason": evil, "message": evil, "domain": evil } },
            { "path": "/api/v1/k8s/pod/configmap", "members": { "web": evil } },
            { "path": "/api/v1/k8s/deployment/info", "members": { "imageName": evil, "config": evil, "mountPath": evil, "command": evil } },
            { "path": "/api/v1/k8s/notice", "members": { "noticeType": evil } },
            { "path": "/api/v1/contact/*", "members": { "email": evil } },
            { "path": "/api/v1/order*", "members": { "service": evil, "type": evil, "status": evil } },
            { "path": "/api/v1/service/type*", "members": { "name": evil, "category": evil, "description": evil } },
            { "path": "/api/v1/service/category*", "members": { "name": evil, "description": evil } },
        ]);
        begin(console, faults).await?;
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        let mut routes = vec!["/services/running".to_owned(), "/services/usable".to_owned(), "/services/past".to_owned()];
        routes.extend(["/status", "/notices", "/orders", "/orders?status=filed", "/market", "/cart", "/email", "/payments"].map(str::to_owned));
        for tab in ["", "/containers", "/config", "/domains", "/monitor", "/access", "/deployment", "/logs"] {
            routes.push(format!("/service/{id}{tab}"));
        }
        let mut seen = 0;
        for route in routes {
            go(console, &route).await?;
            unharmed(console, &route).await?;
            seen += usize::from(console.text().await?.contains("<script>"));
        }
        // Else the faults would have hit nothing.
        ensure!(seen >= 6, "the markup is to be read on {seen} pages only");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn no_text_looks_like_another() -> Result<()> {
    journey(Setup::default(), async |console| {
        let owner = console.platform().demo_keys().await?;
        let label = Sealed::seal(owner.public_key(), "orders\u{200b}-db\u{202e}", &[7; 32])?;
        let faults = json!([
            { "path": "/api/v1/userService/*", "members": { "customizedLabel": label.as_str() } },
            { "path": "/api/v1/k8s/pod/status", "members": { "image": "ngin\u{445}:1", "domain": "shop\u{200b}.example.com\u{202e}" } },
        ]);
        begin(console, faults).await?;
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        go(console, "/services/running").await?;
        console.see("orders[U+200B]-db[U+202E]").await?;
        go(console, &format!("/service/{id}/containers")).await?;
        console.see("ngin[U+0445]:1").await?;
        go(console, &format!("/service/{id}/domains")).await?;
        console.see("shop[U+200B].example.com[U+202E]").await?;
        let hidden = console.run("return /[\\u200b\\u202e]/.test(document.body.innerText)").await?;
        assert_eq!(hidden, json!(false), "nothing hidden is left");
        // What runs from right to left turns nothing that stands beside it.
        let isolated = console
            .run("return [...document.querySelectorAll('main a, main span, main code')].every((part) => getComputedStyle(part).unicodeBidi.startsWith('isolate'))")
            .await?;
        assert_eq!(isolated, json!(true));
        unharmed(console, "the domains").await
    })
    .await
}

#[tokio::test]
async fn no_answer_holds_the_page_up_or_breaks_another_page() -> Result<()> {
    journey(Setup::default(), async |console| {
        // What the redirects come to.
        console.expect_error("net::ERR_");
        console.expect_error("status of 500");
        // The id that is too long to be asked for.
        console.expect_error("/api/v1/userService/xxxx");
        let own = format!("{}{LIST}", console.platform().address());
        let many = |entry: &str, count: usize| format!("{{\"list\":[{}{entry}]}}", format!("{entry},").repeat(count));
        let answers = [
            ("a gzip bomb", json!({ "body": " ".repeat(1 << 20), "repeat": 256, "gzip": true })),
            ("no end", json!({ "body": "{\"list\":[".repeat(100_000), "repeat": 100 })),
            ("redirects", json!({ "status": 302, "body": "", "headers": { "location": own } })),
            ("deep JSON", json!({ "body": format!("{{\"list\":{}", "[".repeat(500_000)) })),
            ("deep objects", json!({ "body": "{\"list\":".repeat(100_000) })),
            ("half a million entries", json!({ "body": many("{}", 500_000) })),
            ("a long text", json!({ "body": many(&format!("{{\"id\":\"{}\"}}", "x".repeat(1_500_000)), 0) })),
            ("a long message", json!({ "status": 500, "body": json!({ "error": { "code": 500, "message": MARKUP.repeat(10_000) } }).to_string() })),
            ("bytes that are no text", json!({ "body": "/////wA=", "base64": true, "repeat": 10_000 })),
            ("wrong types", json!({ "body": "{\"list\":{\"id\":[true]},\"pagination\":\"1\"}" })),
            ("nothing", json!({ "body": "" })),
            ("a huge number", json!({ "members": { "endAt": 1e300 } })),
            ("a page count without end", json!({ "members": { "total": 18_446_744_073_709_551_615_u64 } })),
            ("missing members", json!({ "members": { "id": null, "status": null, "serviceOptions": null, "endAt": null } })),
        ];
        for (what, mut fault) in answers {
            fault["path"] = LIST.into();
            // Anew each time, so that nothing is known of the list.
            begin(console, fault).await?;
            go(console, "/services/running").await?;
            until(&format!("an end to \"{what}\""), async || {
                let is_loading = console.run("return !!document.querySelector('main .skeleton')").await?;
                Ok((is_loading == false).then_some(()))
            })
            .await?;
            let table = console.table(console.t("list.running")).await?;
            ensure!(table.rows.len() != 8 || !table.is_complete(), "\"{what}\" changed nothing");
            unharmed(console, what).await?;
            go(console, "/notices").await?;
            console.page(console.t("notices.title")).await?;
            unharmed(console, &format!("the notices after {what}")).await?;
            // Once the platform behaves, so does the list.
            console.platform().no_faults().await?;
            go(console, "/services/running").await?;
            console.click(BUTTON, console.t("action.refresh")).await?;
            console
                .table_where(console.t("list.running"), "all services", |table| table.rows.len() == 8)
                .await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn more_than_was_asked_for_is_not_more_than_a_page_can_show() -> Result<()> {
    journey(Setup::default(), async |console| {
        // Of services that are not there, nothing can be told.
        console.expect_error("status of 404");
        let numbered = |entry: &str, count: usize| -> String {
            let entries: Vec<String> = (0..count).map(|number| entry.replace("{n}", &number.to_string())).collect();
            format!("[{}]", entries.join(","))
        };
        let page = |entry: &str| format!("{{\"list\":{},\"pagination\":{{\"total\":9000,\"current\":1,\"pageSize\":10}}}}", numbered(entry, 9000));
        let pod = |domains: String, statuses: String| format!(
            "{{\"podStatus\":{{\"phase\":\"Running\",\"containerStatuses\":{statuses}}},\"podSpec\":{{\"containers\":[]}},\"domains\":{domains}}}"
        );
        let service = "{\"id\":\"s{n}\",\"status\":\"ServiceRunning\",\"service\":\"x\",\"duration\":1,\"endAt\":1900000000}";
        let order = "{\"id\":\"o{n}\",\"type\":\"OrderNew\",\"amount\":1,\"status\":\"OrderPending\"}";
        let faults = json!([
            { "path": LIST, "body": page(service) },
            { "path": "/api/v1/order", "body": page(order) },
            { "path": "/api/v1/k8s/notice", "body": page("{\"serviceID\":\"s{n}\",\"noticeType\":\"t{n}\",\"timestamp\":{n}}") },
            { "path": "/api/v1/service/type", "body": page("{\"id\":\"t{n}\",\"name\":\"n{n}\",\"provider\":\"p{n}\",\"category\":\"c{n}\"}") },
            { "path": "/api/v1/k8s/pod/status", "body": pod(numbered("{\"domain\":\"a{n}.b\",\"containerPort\":80}", 250), numbered("{\"name\":\"c{n}\"}", 100)) },
        ]);
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        begin(console, faults).await?;
        let tabs = ["", "/containers", "/domains", "/config", "/logs"].map(|tab| format!("/service/{id}{tab}"));
        let lists = ["/services/running", "/status", "/orders", "/notices", "/market"].map(str::to_owned);
        for route in tabs.into_iter().chain(lists) {
            go(console, &route).await?;
            unharmed(console, &route).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_log_is_text_whatever_is_in_it() -> Result<()> {
    journey(Setup::default(), async |console| {
        let service = console.platform().run_image("vcloud/counter:1", &[]).await?;
        let attacks = [
            "data:\u{1b}]0;another title\u{7}after a title",
            "data:\u{1b}]8;;javascript:window.hacked=1\u{1b}\\a link\u{1b}]8;;\u{1b}\\",
            "data:\u{1b}[2J\u{1b}[999A\u{1b}[Hat the top\u{1b}c\u{1b}[?1049h",
            "data:nul\0 bell\u{7} back\u{8}\u{8}\u{8}",
            "data:\u{202e}turned\u{2066}",
            &format!("data:{MARKUP}"),
            &format!("data:{}", "\u{1b}[31mx\u{1b}[0m".repeat(20_000)),
            &format!("data:{}", "{\"a\":".repeat(50_000)),
            "data:the last attack",
            "",
        ]
        .join("\n");
        let headers = json!({ "contentType": "text/event-stream", "times": 1, "path": LOG_PATH });
        let with = |body: Value| {
            let mut fault = headers.clone();
            fault
                .as_object_mut()
                .into_iter()
                .for_each(|fault| fault.extend(body.as_object().cloned().unwrap_or_default()));
            fault
        };
        let faults = json!([
            with(json!({ "body": attacks })),
            // A line of ten megabytes without an end, then bytes that are no text.
            with(json!({ "body": "x".repeat(1 << 20), "repeat": 10 })),
            with(json!({ "body": "ZGF0YTr//sMoCg==", "base64": true, "repeat": 1000 })),
        ]);
        begin(console, faults).await?;
        let title = console.driver().title().await?;
        go(console, &format!("/service/{}/logs", service.id)).await?;
        console.see("the last attack").await?;
        let lines = console.log_lines().await?.join("\n");
        for text in ["after a title", "a link", "at the top", "nul␀ bell␇", MARKUP] {
            ensure!(lines.contains(text), "{text:?} is not in {lines:.2000}");
        }
        unharmed(console, "the log").await?;
        ensure!(
            !console.driver().title().await?.contains("another title"),
            "it was {title}"
        );
        // The container itself goes on where the attacks are over.
        console.log_is("logs.live").await?;
        unharmed(console, "the log after ten megabytes").await?;
        go(console, "/services/running").await?;
        unharmed(console, "the list after the log").await
    })
    .await
}

#[tokio::test]
async fn a_large_configuration_is_read_and_edited() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        let files = [
            format!("{{\"a\": [{}0]}}", "{\"b\": [1, true, \"x\"]}, ".repeat(20_000)),
            // As long as what is coloured, in as many parts as can be.
            format!("[{}0]", "{\"b\":1},".repeat(11_000)),
            "[".repeat(300_000),
            format!("a: {}\n", "&a [*a, ".repeat(30_000)),
            format!("{}\n", MARKUP.repeat(3_000)),
            "x".repeat(500_000),
        ];
        begin(console, json!([])).await?;
        for file in files {
            console.platform().no_faults().await?;
            let fault = json!({ "path": "/api/v1/k8s/pod/configmap", "members": { "web": file } });
            console.platform().fault(fault).await?;
            go(console, &format!("/service/{id}/config")).await?;
            let what = format!("a file that begins with {file:.20}");
            let shown = console.run("return document.querySelector('main').textContent").await?;
            ensure!(
                shown.as_str().is_some_and(|text| text.contains(&file[..20])),
                "{what} is not shown"
            );
            unharmed(console, &what).await?;
            console.click(BUTTON, console.t("config_files.edit")).await?;
            console.find(BUTTON, console.t("config_files.review")).await?;
            console.settled().await?;
            unharmed(console, &format!("{what}, edited")).await?;
            console.open_demo("/wallet").await?;
            console.settled().await?;
        }
        Ok(())
    })
    .await
}
