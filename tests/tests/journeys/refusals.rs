//! What the platform can answer to a change: each is said in words, what was typed stays, and it is sent again by hand.

use anyhow::{Context as _, Result, ensure};
use browser_tests::{BUTTON, Console, DIALOG, LINK, Setup, journey, until};
use serde_json::{Value, json};

/// A change that somebody makes of a service.
struct Change {
    /// The tab that it is made in.
    tab: &'static str,
    /// Method and path of its request.
    request: (&'static str, &'static str),
    /// The key of the label of its field, and what is typed there.
    field: (&'static str, &'static str),
    /// The key of the button that sends it.
    send: &'static str,
}

const CHANGES: [Change; 4] = [
    Change {
        tab: "",
        request: ("POST", "/api/v1/k8s/deployment/metadata/label"),
        field: ("service.label", "kept-label"),
        send: "overview_edit.save",
    },
    Change {
        tab: "/domains",
        request: ("POST", "/api/v1/k8s/pod/ingress"),
        field: ("domains.domain", "kept.example.org"),
        send: "domains.bind_action",
    },
    Change {
        tab: "/access",
        request: ("POST", "/api/v1/contact/userServiceContact/bind/sendCode"),
        field: ("email.address", "kept@example.org"),
        send: "email.send",
    },
    Change {
        tab: "/containers",
        request: ("PATCH", "/api/v1/k8s/pod/images"),
        field: ("image.new", "vcloud/json-logger:2.4"),
        send: "image.update",
    },
];

/// What a host can answer, and what that is called.
fn failures() -> Vec<(Value, &'static str)> {
    let refused = |code: u32| {
        let body = json!({ "error": { "code": code, "message": format!("no, says {code}") } });
        json!({ "status": code, "body": body.to_string() })
    };
    vec![
        (refused(400), "error.refused"),
        (refused(401), "error.unauthorised"),
        (refused(403), "error.forbidden"),
        (refused(411), "error.token_expired"),
        (refused(422), "error.token_inactive"),
        (refused(433), "error.token_deleted"),
        (refused(500), "error.server"),
        (
            json!({ "status": 502, "body": "<h1>Bad Gateway</h1>", "contentType": "text/html" }),
            "error.server",
        ),
        (
            json!({ "status": 200, "body": "<h1>Welcome</h1>", "contentType": "text/html" }),
            "error.not_json",
        ),
    ]
}

impl Change {
    /// Opens the form, with the text in it.
    async fn begin(&self, console: &Console, id: &str) -> Result<()> {
        let opener = match self.tab {
            "" => console.t_with("overview_edit.label", &[("id", id)]),
            "/domains" => console.t("domains.bind").to_owned(),
            "/access" => console.t("email.bind").to_owned(),
            _ => console.t_with("image.update_of", &[("container", "collector")]),
        };
        console.click(BUTTON, &opener).await?;
        console.fill(console.t(self.field.0), self.field.1).await
    }

    async fn send(&self, console: &Console) -> Result<()> {
        let dialog = console
            .all(DIALOG)
            .await?
            .into_iter()
            .next()
            .map(|dialog| dialog.element);
        console
            .click_within(dialog.as_ref(), BUTTON, console.t(self.send))
            .await
    }

    /// How often it was sent.
    async fn sent(&self, console: &Console) -> Result<usize> {
        let (method, path) = self.request;
        let requests = console.requests_to(path).await?;
        Ok(requests.iter().filter(|request| request.method == method).count())
    }
}

#[tokio::test]
async fn every_failure_of_a_change_is_named_and_what_was_typed_stays() -> Result<()> {
    journey(Setup::default(), async |console| {
        for part in ["status of 4", "status of 5"] {
            console.expect_error(part);
        }
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        for change in CHANGES {
            console.open_demo(&format!("/service/{id}{}", change.tab)).await?;
            change.begin(console, &id).await?;
            let (method, path) = change.request;
            let mut sent = change.sent(console).await?;
            for (mut fault, title) in failures() {
                for (name, value) in [("path", path), ("method", method)] {
                    fault[name] = json!(value);
                }
                let shown = fault["body"].as_str().is_some_and(|body| body.contains("no, says"));
                let words = format!("no, says {}", fault["status"]);
                console.platform().fault(fault).await?;
                change.send(console).await?;
                console
                    .see(console.t(title))
                    .await
                    .with_context(|| format!("{title} of {path}"))?;
                // A refusal is in the platform's own words.
                if shown && title == "error.refused" {
                    console.see(&words).await?;
                }
                console.platform().no_faults().await?;
                // It is sent once, and never again by itself.
                sent += 1;
                assert_eq!(change.sent(console).await?, sent, "{title} of {path}");
                let field = console.field(console.t(change.field.0)).await?;
                assert_eq!(
                    field.prop("value").await?.as_deref(),
                    Some(change.field.1),
                    "{title} of {path}"
                );
            }
            console.accessible().await?;
            change.send(console).await?;
            let open = console.t(change.field.0);
            until(&format!("{path} to be accepted"), async || {
                let fields = console.names("textbox").await?;
                Ok((!fields.iter().any(|name| name == open)).then_some(()))
            })
            .await?;
            if change.tab == "/access" {
                console.leave("shell.sign_out").await?;
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_domain_that_is_not_bound_any_more_is_said_to_be_gone() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 4");
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        console.open_demo("/services/running").await?;
        console.click(LINK, &id).await?;
        console.click(LINK, console.t("domains.tab")).await?;
        let domains = console.t("service.domains");
        console
            .table_where(domains, "three domains", |table| table.rows.len() == 3)
            .await?;
        let official = console.official().await?;
        official.run(&["service", "domain", "unbind", &id]).await?;
        console
            .click(
                "checkbox",
                &console.t_with("domains.select", &[("domain", "shop.example.com")]),
            )
            .await?;
        console
            .click(BUTTON, &console.t_with("domains.unbind_some.one", &[("count", "1")]))
            .await?;
        console.click(BUTTON, console.t("domains.unbind_action")).await?;
        console.see("shop.example.com").await?;
        let text = console.text().await?;
        ensure!(
            [console.t("error.not_found"), console.t("error.refused")]
                .iter()
                .any(|title| text.contains(title)),
            "{text}"
        );
        console.accessible().await
    })
    .await
}
