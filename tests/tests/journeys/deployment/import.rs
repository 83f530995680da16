//! Deployments and variables from other formats, and to them.

use std::fs;

use anyhow::Result;
use browser_tests::{BUTTON, CHECKBOX, DIALOG, Setup, journey};

use super::{COMPOSE, click, numbered, open, paste, row, says, value};

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
