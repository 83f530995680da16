//! The operations of a service without a pointer, from the list to what the platform has in the end.

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, Console, DIALOG, Setup, Table, journey, until};
use serde_json::json;
use thirtyfour::Key;

/// Opens the list of running services and walks to the row of one of them.
async fn walk_to(console: &Console, list: &str, service: &str) -> Result<()> {
    console
        .table_where(console.t(list), "everything in it", Table::is_complete)
        .await?;
    let row = format!("row-{service}");
    for _ in 0..40 {
        console.keys("j").await?;
        if console.run("return document.activeElement?.id ?? ''").await? == json!(row) {
            return Ok(());
        }
    }
    anyhow::bail!("j does not lead to {service}")
}

/// What the official client says is deployed.
async fn deployed(console: &Console, service: &str) -> Result<serde_json::Value> {
    let official = console.official().await?;
    official.run(&["service", "deployment-info", service]).await
}

#[tokio::test]
async fn a_service_is_started_and_changed_by_keyboard() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Europe", "ServicePending").await?;
        console.open_demo("/services/usable").await?;
        walk_to(console, "list.usable", &id).await?;
        console.keys("s").await?;
        console.wait_route(&format!("/service/{id}/deployment")).await?;
        console.find(BUTTON, console.t("deploy.review")).await?;
        console.type_into(console.t("deploy.image"), "nginx:1.27").await?;
        console.type_into(console.t("deploy.name"), "web").await?;
        console.see(console.t("deploy.image_found")).await?;
        console.enter(console.t("deploy.add_port")).await?;
        let port = console.t_with("deploy.container_port", &[("number", "1")]);
        console.type_into(&port, "80").await?;
        console.enter(console.t("deploy.add_variable")).await?;
        let name = console.t_with("deploy.variable_name", &[("number", "1")]);
        let value = console.t_with("deploy.variable_value", &[("number", "1")]);
        console.type_into(&name, "MODE").await?;
        console.type_into(&value, "first").await?;
        console.enter(console.t("deploy.add_config")).await?;
        console
            .type_into(console.t("deploy.config_path"), "/etc/app/app.yaml")
            .await?;
        console
            .type_into(console.t("deploy.config_file"), "mode: first")
            .await?;
        // In an editor Tab indents; Escape lets it lead on.
        console.keys(Key::Escape).await?;
        console.enter(console.t("deploy.review")).await?;
        console.find(DIALOG, console.t("deploy.review_start")).await?;
        console.enter(console.t("deploy.send_start")).await?;
        console.see(console.t("deploy.running")).await?;
        assert_eq!(
            deployed(console, &id).await?["containers"][0]["imageName"],
            "nginx:1.27"
        );

        // Its configuration, and then its image.
        console.keys("u").await?;
        console.wait_route(&format!("/service/{id}/config")).await?;
        console.find(BUTTON, console.t("config_files.review")).await?;
        let file = console.t_with("config_files.file_of", &[("container", "web")]);
        console.type_into(&file, "mode: second").await?;
        console.keys(Key::Escape).await?;
        console.enter(console.t("config_files.review")).await?;
        console.page(console.t("config_files.review_title")).await?;
        console.enter(console.t("config_files.send")).await?;
        until("the new file", async || {
            let info = deployed(console, &id).await?;
            Ok((info["containers"][0]["config"] == "mode: second").then_some(()))
        })
        .await?;
        console.not_see(console.t("status.restarting")).await?;
        console.keys("h").await?;
        let title = console.t_with("image.title", &[("container", "web")]);
        console.find(DIALOG, &title).await?;
        console.type_into(console.t("image.new"), "nginx:1.28").await?;
        console.see(console.t("image.found")).await?;
        console.enter(console.t("image.update")).await?;
        console.gone(DIALOG, &title).await?;
        until("the new image", async || {
            let info = deployed(console, &id).await?;
            Ok((info["containers"][0]["imageName"] == "nginx:1.28").then_some(()))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn domains_are_bound_and_unbound_by_keyboard() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        console.open_demo("/services/running").await?;
        walk_to(console, "list.running", &id).await?;
        console.keys("b").await?;
        console.wait_route(&format!("/service/{id}/domains")).await?;
        console.page(console.t("domains.none_title")).await?;
        let domains = console.t("service.domains");
        for domain in ["a.example.org", "b.example.org"] {
            console.enter(console.t("domains.bind")).await?;
            console.find(DIALOG, console.t("domains.bind_title")).await?;
            console.type_into(console.t("domains.domain"), domain).await?;
            console.enter(console.t("domains.bind_action")).await?;
            console.gone(DIALOG, console.t("domains.bind_title")).await?;
            console
                .table_where(domains, domain, |table| table.row(domain).is_some())
                .await?;
        }
        console
            .toggle(&console.t_with("domains.select", &[("domain", "a.example.org")]))
            .await?;
        console
            .enter(&console.t_with("domains.unbind_some.one", &[("count", "1")]))
            .await?;
        console
            .find(DIALOG, &console.t_with("domains.unbind_title.one", &[("count", "1")]))
            .await?;
        console.enter(console.t("domains.unbind_action")).await?;
        console
            .table_where(domains, "one row", |table| table.rows.len() == 1)
            .await?;
        console.enter(console.t("domains.clean")).await?;
        console.find(DIALOG, console.t("domains.clean_title")).await?;
        console.type_into(console.t("domains.clean_type"), &id).await?;
        console.enter(console.t("domains.clean_action")).await?;
        console.page(console.t("domains.none_title")).await?;
        let official = console.official().await?;
        let left = official.run(&["service", "domain", "list", &id]).await?;
        assert_eq!(left.as_array().context("a list")?.len(), 0, "{left}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_token_is_shown_an_address_bound_and_notices_read_by_keyboard() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        console.open_demo("/services/running").await?;
        walk_to(console, "list.running", &id).await?;
        console.keys("a").await?;
        console.wait_route(&format!("/service/{id}/access")).await?;
        console.enter(console.t("access.show")).await?;
        console.see(console.t("access.warning")).await?;
        console.enter(console.t("email.bind")).await?;
        console
            .type_into(console.t("email.address"), "keys@example.org")
            .await?;
        console.keys(Key::Enter).await?;
        console
            .see(&console.t_with("email.sent_to", &[("email", "keys@example.org")]))
            .await?;
        let code = console.platform().mailed_code("keys@example.org", 1).await?;
        console.type_into(console.t("email.code"), &code).await?;
        console.keys(Key::Enter).await?;
        console.find(BUTTON, console.t("email.replace")).await?;
        assert_eq!(
            console.platform().ask_region(&id, "/api/v1/k8s/userService").await?["email"],
            "keys@example.org"
        );
        console.enter(console.t("email.unbind")).await?;
        console.find(DIALOG, console.t("email.unbind_title")).await?;
        console.enter(console.t("email.unbind")).await?;
        console.see(console.t("email.none")).await?;
        console.press(Key::Control + "k").await?;
        console.find(DIALOG, console.t("palette.title")).await?;
        console.keys(console.t("notices.title")).await?;
        console.keys(Key::Enter).await?;
        console.wait_route("/notices").await?;
        console.page(console.t("notices.title")).await
    })
    .await
}

#[tokio::test]
async fn many_are_restarted_by_keyboard() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.open_demo("/services/running").await?;
        let list = console.t("list.running");
        console
            .table_where(list, "everything in it", Table::is_complete)
            .await?;
        let mut ids = Vec::new();
        for region in ["Europe", "North America"] {
            let id = console.platform().service_in(region, "ServiceRunning").await?;
            console
                .toggle(&console.t_with("list.select_service", &[("id", &id)]))
                .await?;
            ids.push(id);
        }
        console.enter(console.t("operation.restart")).await?;
        console.find(DIALOG, console.t("bulk.restart_title")).await?;
        console
            .enter(&console.t_with("bulk.restart_do.other", &[("count", "2")]))
            .await?;
        console.find(BUTTON, console.t("bulk.close")).await?;
        console.enter(console.t("bulk.close")).await?;
        for region in ["europe", "north-america"] {
            let sent = console.requests_to("/api/v1/k8s/pod/restart").await?;
            let host = format!("http://{region}.localhost");
            assert_eq!(
                sent.iter()
                    .filter(|sent| sent.method == "POST" && sent.url.starts_with(&host))
                    .count(),
                1,
                "{region}"
            );
        }
        Ok(())
    })
    .await
}
