//! Deployments and variables from other formats, and to them.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use browser_tests::{BUTTON, CHECKBOX, DIALOG, Setup, journey, until};
use serde_json::json;
use thirtyfour::Key;

use super::{COMPOSE, click, fill, name_and_image, numbered, open, paste, row, says, to_top, value};

#[tokio::test]
async fn a_compose_file_is_imported_and_what_is_left_out_is_listed() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Europe", "ServicePending").await?;
        console.click(BUTTON, console.t("import.action")).await?;
        let dialog = console.find(DIALOG, console.t("import.title")).await?;
        paste(console, console.t("import.source"), "nothing that is known").await?;
        console.see(console.t("import.not_recognised")).await?;
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("docker-compose.yaml");
        fs::write(&file, COMPOSE)?;
        console.drop_file(".deploy-drop", &file).await?;
        let counted = console.t_with("import.containers.other", &[("count", "2")]);
        let found = [
            ("format", console.t("import.format_compose")),
            ("containers", counted.as_str()),
        ];
        console.see(&console.t_with("import.detected", &found)).await?;
        console
            .table_where(console.t("import.not_carried"), "the health check", |table| {
                table
                    .column(console.t("import.where"))
                    .iter()
                    .any(|path| path.contains("healthcheck"))
            })
            .await?;
        // The host port as well: the platform chooses those of this service.
        console
            .see(&console.t_with("import.host_ports.one", &[("count", "1")]))
            .await?;
        console.accessible().await?;
        assert!(!dialog.text().await?.contains("swordfish"));
        console.click(BUTTON, console.t("import.apply")).await?;
        console.gone(DIALOG, console.t("import.title")).await?;
        assert_eq!(value(console, "web", console.t("deploy.image")).await?, "nginx:1.27");
        assert_eq!(
            value(console, "web", &row(console, "deploy.variable_value", "1")).await?,
            "swordfish"
        );
        assert_eq!(value(console, "cache", console.t("deploy.mount_path")).await?, "/data");

        // The same again, as the official client's file and command.
        console.click(BUTTON, console.t("import.export")).await?;
        let dialog = console.find(DIALOG, console.t("import.export_title")).await?;
        console.accessible().await?;
        let text = dialog.text().await?;
        assert!(
            text.contains("vcloud service") && text.contains("nginx:1.27") && !text.contains("swordfish"),
            "{text}"
        );
        console.click(CHECKBOX, console.t("import.with_secrets")).await?;
        console.see("swordfish").await?;
        for (format, part) in [
            ("import.format_compose", "services:"),
            ("import.format_docker", "docker run"),
            ("import.format_manifest", "kind: Deployment"),
        ] {
            console.choose(console.t("import.format"), console.t(format)).await?;
            console.see(part).await?;
        }
        Ok(())
    })
    .await
}

/// A deployment in a format: its text, what the format is called, and the container, image and variable that it means.
type Imported<'a> = (&'a str, &'a str, [&'a str; 4]);

const OF_THE_CLIENT: &str = r#"{"containers":[{"name":"shop","imageName":"acme/shop:2","resourceUnit":1,
  "ports":[{"containerPort":8080,"protocol":"TCP"}],"envs":[{"name":"LEVEL","value":"debug"}],"mountPath":"/data"}]}"#;

const MANIFEST: &str = "apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: 1
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers:
        - name: shop
          image: acme/shop:2
          ports: [{ containerPort: 8080 }]
          env: [{ name: LEVEL, value: debug }]
";

#[tokio::test]
async fn a_command_line_a_manifest_and_a_file_of_the_client_fill_the_form() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Europe", "ServicePending").await?;
        let imported: &[Imported] = &[
            (
                "docker run -d --name proxy -p 8443:443 -e MODE=\"two words\" nginx:1.27",
                "import.format_docker",
                ["proxy", "nginx:1.27", "MODE", "two words"],
            ),
            (
                MANIFEST,
                "import.format_manifest",
                ["shop", "acme/shop:2", "LEVEL", "debug"],
            ),
            (
                OF_THE_CLIENT,
                "import.format_client",
                ["shop", "acme/shop:2", "LEVEL", "debug"],
            ),
        ];
        let one = console.t_with("import.containers.one", &[("count", "1")]);
        for (text, format, [name, image, variable, set]) in imported {
            console.click(BUTTON, console.t("import.action")).await?;
            console.find(DIALOG, console.t("import.title")).await?;
            paste(console, console.t("import.source"), text).await?;
            let found = [("format", console.t(format)), ("containers", one.as_str())];
            console.see(&console.t_with("import.detected", &found)).await?;
            console.click(BUTTON, console.t("import.apply")).await?;
            console.gone(DIALOG, console.t("import.title")).await?;
            ensure!(value(console, name, console.t("deploy.image")).await? == *image);
            for (field, holds) in [("deploy.variable_name", variable), ("deploy.variable_value", set)] {
                let has = value(console, name, &row(console, field, "1")).await?;
                ensure!(has == *holds, "{format}: {has}");
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_error_in_a_file_is_shown_by_line_and_column_and_the_form_stays() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Europe", "ServicePending").await?;
        let first = numbered(console, "1");
        fill(console, &first, console.t("deploy.name"), "mine").await?;
        console.click(BUTTON, console.t("import.action")).await?;
        for (text, line, column) in [
            ("services:\n  web:\n    image: [nginx\n", "4", "1"),
            (
                "{\n  \"containers\": [\n    {\"name\": \"web\" \"imageName\": \"nginx\"}\n  ]\n}",
                "3",
                "20",
            ),
            ("docker run -e \"A=1 nginx", "1", "15"),
        ] {
            paste(console, console.t("import.source"), text).await?;
            let place = console.t_with("editor.problem", &[("line", line), ("column", column), ("problem", "")]);
            console.see(place.trim_end()).await?;
            let take = console.find(BUTTON, console.t("import.apply")).await?;
            ensure!(!take.is_enabled().await?, "{text} can be taken");
        }
        console.accessible().await?;
        console.press(Key::Escape + "").await?;
        console.gone(DIALOG, console.t("import.title")).await?;
        ensure!(value(console, "mine", console.t("deploy.name")).await? == "mine");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_config_file_is_chosen_or_dropped_into_the_form() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Europe", "ServicePending").await?;
        let first = numbered(console, "1");
        click(console, &first, "deploy.add_config").await?;
        let folder = tempfile::tempdir()?;
        for (name, text) in [("nginx.conf", "events {}\n# 网站\n"), ("app.yaml", "level: debug\n")] {
            fs::write(folder.path().join(name), text)?;
        }
        let holds = async |text: &str| {
            until("the file in the editor", async || {
                let script = "return document.querySelector('.editor-frame textarea')?.value ?? null";
                Ok((console.run(script).await? == text).then_some(()))
            })
            .await
        };
        console
            .upload("input[type=file]", &folder.path().join("nginx.conf"))
            .await?;
        holds("events {}\n# 网站\n").await?;
        console
            .drop_file(".editor-frame", &folder.path().join("app.yaml"))
            .await?;
        holds("level: debug\n").await
    })
    .await
}

#[tokio::test]
async fn what_is_shown_for_the_official_client_is_deployed_by_it() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = open(console, "Europe", "ServicePending").await?;
        let first = numbered(console, "1");
        name_and_image(console, &first, "web", "nginx:1.27").await?;
        click(console, "web", "deploy.add_variable").await?;
        fill(console, "web", &row(console, "deploy.variable_name", "1"), "LEVEL").await?;
        fill(console, "web", &row(console, "deploy.variable_value", "1"), "two words").await?;
        fill(console, "web", console.t("deploy.args"), "-g 'daemon off;'").await?;
        to_top(console).await?;
        console.click(BUTTON, console.t("import.export")).await?;
        let dialog = console.find(DIALOG, console.t("import.export_title")).await?;
        console.click(CHECKBOX, console.t("import.with_secrets")).await?;
        let save = console.t_with("editor.download", &[("what", "deployment.json")]);
        console.click(BUTTON, &save).await?;
        let file = console.downloaded("deployment.json").await?;
        let command = format!("service deploy {id}");
        ensure!(dialog.text().await?.contains(&command), "another command is shown");

        let official = console.official().await?;
        let file = file.to_str().context("no path")?;
        let done = official.run(&["service", "deploy", &id, "--config-file", file]).await?;
        ensure!(done["status"] == "deployed", "{done}");
        let info = official.run(&["service", "deployment-info", &id]).await?;
        let container = &info["containers"][0];
        ensure!(
            container["name"] == "web" && container["imageName"] == "nginx:1.27",
            "{container}"
        );
        ensure!(
            container["envs"] == json!([{ "name": "LEVEL", "value": "two words" }]),
            "{container}"
        );
        ensure!(container["args"] == json!(["-g", "daemon off;"]), "{container}");
        // And what the client did is seen here, without anything being loaded anew.
        console.press(Key::Escape + "").await?;
        console.see(console.t("status.running")).await
    })
    .await
}

#[tokio::test]
async fn variables_come_from_an_env_file() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Europe", "ServicePending").await?;
        let first = numbered(console, "1");
        click(console, &first, "deploy.paste_env").await?;
        let text = "# settings\nLEVEL=debug\nKEY=\"two\\nlines\"\n1X=no\n";
        paste(console, console.t("deploy.paste_env_label"), text).await?;
        console
            .see(&console.t_with("deploy.env_found.other", &[("count", "2")]))
            .await?;
        let digit = console.t_with("rule.env_digit", &[("digit", "1")]);
        console
            .see(&console.t_with("deploy.env_line", &[("line", "4"), ("problem", &digit)]))
            .await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("deploy.paste_env_apply")).await?;
        assert_eq!(
            value(console, &first, &row(console, "deploy.variable_name", "2")).await?,
            "KEY"
        );
        // Several lines are not lost in a line of dots.
        says(console, &first, console.t("deploy.several_lines")).await?;
        click(console, &first, "containers.show_values").await?;
        assert_eq!(
            value(console, &first, &row(console, "deploy.variable_value", "2")).await?,
            "two\nlines"
        );
        Ok(())
    })
    .await
}
