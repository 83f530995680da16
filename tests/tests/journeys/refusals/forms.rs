//! Forms whose change is refused: what was typed stays in them, whatever came back.

use anyhow::{Context as _, Result, ensure};
use browser_tests::{BUTTON, CHECKBOX, Console, DIALOG, Setup, journey, until};

use super::{answer_with, answers, press, sent};

/// What something is called in the language of the journey.
type Name = fn(&Console) -> String;

/// A change that somebody makes of a service in a form.
struct Change {
    /// Region and status of the service.
    of: (&'static str, &'static str),
    /// The tab that it is made in.
    tab: &'static str,
    /// Method and path of its request.
    request: (&'static str, &'static str),
    /// What is clicked to come to the form: role and name.
    opened_by: fn(&Console, &str) -> Vec<(&'static str, String)>,
    /// The label of the field that is looked at, where there is one, and what is typed there; `{id}` is the service's.
    field: Option<(Name, &'static str)>,
    /// What has to be typed as well, by the keys of the labels.
    also: &'static [(&'static str, &'static str)],
    /// The keys of the buttons that lead to a review and back, where there is one.
    review: Option<(&'static str, &'static str)>,
    /// The key of the button that sends it.
    send: &'static str,
    /// What tells that it was carried out: a path of the region's host, and a text that is in its answer from then on, or is not.
    told: Option<(&'static str, &'static str, bool)>,
}

/// A change without the parts that most do not have.
const PLAIN: Change = Change {
    of: ("Helsinki", "ServiceRunning"),
    tab: "",
    request: ("", ""),
    opened_by: |_, _| Vec::new(),
    field: None,
    also: &[],
    review: None,
    send: "",
    told: None,
};

const DETAILS: &str = "/api/v1/k8s/userService";
const POD: &str = "/api/v1/k8s/pod/status";
const DEPLOYED: &str = "/api/v1/k8s/deployment/info";
const INGRESS: &str = "/api/v1/k8s/pod/ingress";

const TYPED_AT_ONCE: [Change; 6] = [
    Change {
        request: ("POST", "/api/v1/k8s/deployment/metadata/label"),
        opened_by: |console, id| vec![(BUTTON, console.t_with("overview_edit.label", &[("id", id)]))],
        field: Some((|console| console.t("service.label").to_owned(), "kept-label")),
        send: "overview_edit.save",
        told: Some((DETAILS, "kept-label", true)),
        ..PLAIN
    },
    Change {
        request: ("POST", "/api/v1/k8s/deployment/metadata/annotation"),
        opened_by: |console, id| vec![(BUTTON, console.t_with("overview_edit.description", &[("id", id)]))],
        field: Some((|console| console.t("service.description").to_owned(), "Kept, in words.")),
        send: "overview_edit.save",
        told: Some((DETAILS, "Kept, in words.", true)),
        ..PLAIN
    },
    Change {
        tab: "/domains",
        request: ("POST", INGRESS),
        opened_by: |console, _| vec![(BUTTON, console.t("domains.bind").to_owned())],
        field: Some((|console| console.t("domains.domain").to_owned(), "kept.example.org")),
        send: "domains.bind_action",
        told: Some((POD, "kept.example.org", true)),
        ..PLAIN
    },
    Change {
        of: ("Europe", "ServiceRunning"),
        tab: "/domains",
        request: ("DELETE", INGRESS),
        opened_by: |console, _| vec![(BUTTON, console.t("domains.clean").to_owned())],
        field: Some((|console| console.t("domains.clean_type").to_owned(), "{id}")),
        send: "domains.clean_action",
        told: Some((POD, "www.example.com", false)),
        ..PLAIN
    },
    Change {
        tab: "/access",
        request: ("POST", "/api/v1/contact/userServiceContact/bind/sendCode"),
        opened_by: |console, _| vec![(BUTTON, console.t("email.bind").to_owned())],
        field: Some((|console| console.t("email.address").to_owned(), "kept@example.org")),
        send: "email.send",
        ..PLAIN
    },
    Change {
        tab: "/containers",
        request: ("PATCH", "/api/v1/k8s/pod/images"),
        opened_by: |console, _| vec![(BUTTON, console.t_with("image.update_of", &[("container", "collector")]))],
        field: Some((|console| console.t("image.new").to_owned(), "vcloud/json-logger:2.5")),
        send: "image.update",
        told: Some((DEPLOYED, "vcloud/json-logger:2.5", true)),
        ..PLAIN
    },
];

const REVIEWED: [Change; 4] = [
    Change {
        of: ("Europe", "ServiceRunning"),
        tab: "/domains",
        request: ("PATCH", INGRESS),
        opened_by: |console, _| {
            vec![
                (
                    CHECKBOX,
                    console.t_with("domains.select", &[("domain", "shop.example.com")]),
                ),
                (BUTTON, console.t_with("domains.unbind_some.one", &[("count", "1")])),
            ]
        },
        send: "domains.unbind_action",
        told: Some((POD, "shop.example.com", false)),
        ..PLAIN
    },
    Change {
        of: ("Europe", "ServiceStop"),
        tab: "/config",
        request: ("PUT", "/api/v1/k8s/pod/update"),
        opened_by: |console, _| vec![(BUTTON, console.t("config_files.edit").to_owned())],
        field: Some((
            |console| console.t_with("config_files.file_of", &[("container", "app")]),
            "kept: in the file\n",
        )),
        review: Some(("config_files.review", "config_files.back")),
        send: "config_files.send",
        told: Some((DEPLOYED, "kept: in the file", true)),
        ..PLAIN
    },
    Change {
        of: ("Europe", "ServicePending"),
        tab: "/deployment",
        request: ("POST", "/api/v1/k8s/deployment"),
        field: Some((|console| console.t("deploy.image").to_owned(), "nginx:1.27")),
        also: &[("deploy.name", "kept")],
        review: Some(("deploy.review", "deploy.back")),
        send: "deploy.send_start",
        told: Some((DEPLOYED, "nginx:1.27", true)),
        ..PLAIN
    },
    Change {
        tab: "/deployment",
        request: ("POST", "/api/v1/k8s/deployment/update"),
        field: Some((|console| console.t("deploy.image").to_owned(), "vcloud/json-logger:2.6")),
        review: Some(("deploy.review", "deploy.back")),
        send: "deploy.send_update",
        told: Some((DEPLOYED, "vcloud/json-logger:2.6", true)),
        ..PLAIN
    },
];

impl Change {
    /// What is typed for the service with this id.
    fn typed(&self, id: &str) -> Option<(Name, String)> {
        self.field.map(|(label, text)| (label, text.replace("{id}", id)))
    }

    /// Opens the form, with the text in it.
    async fn begin(&self, console: &Console, id: &str) -> Result<()> {
        console.open_demo(&format!("/service/{id}{}", self.tab)).await?;
        for (role, name) in (self.opened_by)(console, id) {
            console.click(role, &name).await?;
        }
        if let Some((label, text)) = self.typed(id) {
            console.fill(&label(console), &text).await?;
        }
        for (key, text) in self.also {
            console.fill(console.t(key), text).await?;
        }
        Ok(())
    }

    async fn send(&self, console: &Console) -> Result<()> {
        if let Some((review, _)) = self.review {
            // The bar that stays in sight covers what lies below it.
            console.run("window.scrollTo(0, 0)").await?;
            console.click(BUTTON, console.t(review)).await?;
        }
        press(console, console.t(self.send)).await
    }

    /// Goes back to where it was typed, and makes sure that it is still there.
    async fn still_typed(&self, console: &Console, id: &str) -> Result<()> {
        if let Some((_, back)) = self.review {
            press(console, console.t(back)).await?;
        }
        let Some((label, text)) = self.typed(id) else {
            return Ok(());
        };
        let value = console.field(&label(console)).await?.prop("value").await?;
        ensure!(value.as_deref() == Some(text.as_str()), "{value:?} instead of {text}");
        Ok(())
    }

    /// Whether the platform tells that it was carried out.
    async fn is_told(&self, console: &Console, id: &str) -> Result<bool> {
        let Some((path, text, is_there)) = self.told else {
            return Ok(false);
        };
        // What is not deployed yet has nothing to tell of.
        let Ok(answer) = console.platform().ask_region(id, path).await else {
            return Ok(false);
        };
        Ok(answer.to_string().contains(text) == is_there)
    }

    /// Is refused in every way, then accepted.
    async fn withstands(&self, console: &Console) -> Result<()> {
        let (region, status) = self.of;
        let id = console.platform().service_in(region, status).await?;
        self.begin(console, &id).await?;
        let (before, mut count) = (sent(console, self.request).await?, 0);
        for answer in answers() {
            answer_with(console, self.request, &answer).await?;
            self.send(console).await?;
            console.see(console.t(answer.title)).await.context(answer.title)?;
            if let Some(words) = &answer.words {
                console.see(words).await?;
            }
            if self.review.is_some() && answer.leaves_open() {
                console.see(console.t("bulk.uncertain_advice")).await?;
            }
            console.platform().no_faults().await?;
            // It is sent once, and never again by itself.
            count += 1;
            let now = sent(console, self.request).await? - before;
            ensure!(now == count, "{}: sent {now} times, not {count}", answer.title);
            ensure!(!self.is_told(console, &id).await?, "{}: carried out", answer.title);
            self.still_typed(console, &id).await.context(answer.title)?;
        }
        console.accessible().await?;
        self.send(console).await?;
        let label = self.typed(&id).map(|(label, _)| label(console));
        until("the form to be done with", async || {
            let is_open = match &label {
                Some(label) => console.names("textbox").await?.contains(label),
                None => !console.all(DIALOG).await?.is_empty(),
            };
            Ok((!is_open).then_some(()))
        })
        .await?;
        if self.told.is_some() {
            until("the change at the platform", async || {
                Ok(self.is_told(console, &id).await?.then_some(()))
            })
            .await?;
        }
        if self.send == "email.send" {
            // What is begun and not ended asks before the page goes.
            console.leave("shell.sign_out").await?;
        }
        Ok(())
    }
}

async fn withstand(changes: &[Change]) -> Result<()> {
    journey(Setup::default(), async |console| {
        for part in ["status of 4", "status of 5"] {
            console.expect_error(part);
        }
        for change in changes {
            let (method, path) = change.request;
            change
                .withstands(console)
                .await
                .with_context(|| format!("{method} {path}"))?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_failure_of_a_change_is_named_and_what_was_typed_stays() -> Result<()> {
    withstand(&TYPED_AT_ONCE).await
}

#[tokio::test]
async fn every_failure_of_a_change_that_is_looked_at_first_is_named_and_what_was_typed_stays() -> Result<()> {
    withstand(&REVIEWED).await
}
