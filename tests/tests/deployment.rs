//! Deployments: starting a service, changing what runs in it, and what becomes of it.

use anyhow::{Context as _, Result, ensure};
use browser_tests::{BUTTON, CHECKBOX, COMBOBOX, Console, DIALOG, HEADING, LINK, Setup, TEXTBOX, journey, until};
use serde_json::{Value, json};
use thirtyfour::{Key, WebElement};

const PASSWORD: &str = "correct horse battery";

/// Opens the form of the demo account's service of that status in that region.
async fn open(console: &Console, region: &str, status: &str) -> Result<String> {
    let id = console.platform().service_in(region, status).await?;
    console.open_demo(&format!("/service/{id}/deployment")).await?;
    console.find(BUTTON, console.t("deploy.review")).await?;
    Ok(id)
}

/// What a container is called before it has a name.
fn numbered(console: &Console, number: &str) -> String {
    console.t_with("deploy.container_number", &[("number", number)])
}

fn row(console: &Console, key: &str, number: &str) -> String {
    console.t_with(key, &[("number", number)])
}

/// The card of a container.
async fn card(console: &Console, container: &str) -> Result<WebElement> {
    console.find("region", container).await
}

/// Types into a field of a container's card.
async fn fill(console: &Console, container: &str, label: &str, text: &str) -> Result<()> {
    let field = console
        .find_within(Some(&card(console, container).await?), TEXTBOX, label)
        .await?;
    field.send_keys(Key::Control + "a").await?;
    field.send_keys(text).await?;
    Ok(())
}

async fn click(console: &Console, container: &str, key: &str) -> Result<()> {
    let card = card(console, container).await?;
    console.click_within(Some(&card), BUTTON, console.t(key)).await
}

/// What a card says.
async fn says(console: &Console, container: &str, text: &str) -> Result<()> {
    until(&format!("{container} to say \"{text}\""), async || {
        let card = card(console, container).await?;
        Ok(card.text().await?.contains(text).then_some(()))
    })
    .await
}

async fn value(console: &Console, container: &str, label: &str) -> Result<String> {
    let card = card(console, container).await?;
    let field = console.find_within(Some(&card), TEXTBOX, label).await?;
    Ok(field.prop("value").await?.unwrap_or_default())
}

/// Gives a container a name and an image that is there.
async fn name_and_image(console: &Console, container: &str, name: &str, image: &str) -> Result<()> {
    fill(console, container, console.t("deploy.image"), image).await?;
    fill(console, container, console.t("deploy.name"), name).await?;
    says(console, name, console.t("deploy.image_found")).await
}

/// Opens the review.
async fn review(console: &Console, title: &str) -> Result<WebElement> {
    console.click(BUTTON, console.t("deploy.review")).await?;
    console.find(DIALOG, console.t(title)).await
}

/// What the platform has in force, asked for with the service's own secret.
async fn deployed(console: &Console, service: &str, region: &str) -> Result<Value> {
    let token = json!({ "userServiceID": service, "state": "active" });
    let token = console.platform().post("/dev/tokens", &token).await?;
    let secret = token["secret"].as_str().context("no secret")?;
    let address = console.platform().address();
    let port = address.rsplit(':').next().context("no port")?;
    let answer = reqwest::Client::new()
        .get(format!("{address}/api/v1/k8s/deployment/info"))
        .header("host", format!("{region}.localhost:{port}"))
        .header("secret", secret)
        .send()
        .await?;
    Ok(answer.json().await?)
}

/// Makes sure that the two containers of the first journey are there as they were typed.
fn check_start(info: &Value) {
    let (web, cache) = (&info["containers"][0], &info["containers"][1]);
    assert_eq!(web["imageName"], "nginx:1.27");
    assert_eq!(
        web["ports"][0],
        json!({ "containerPort": 80, "hostPort": 30080, "protocol": "TCP" })
    );
    assert_eq!(web["envs"], json!([{ "name": "TOKEN", "value": "swordfish" }]));
    assert_eq!(web["args"], json!(["-g", "daemon off;"]));
    assert_eq!(
        (&web["configMountPath"], &web["config"]),
        (&json!("/etc/app/app.yaml"), &json!("mode: live"))
    );
    assert_eq!(
        (&cache["name"], &cache["mountPath"]),
        (&json!("cache"), &json!("/data"))
    );
}

/// Requests that deploy something.
async fn sent(console: &Console) -> Result<Vec<Value>> {
    let requests = console.requests_to("/api/v1/k8s/deployment").await?;
    let bodies = requests
        .into_iter()
        .filter(|request| request.method == "POST")
        .map(|request| serde_json::from_str(&request.body));
    Ok(bodies.collect::<Result<_, _>>()?)
}

/// Everything that the browser keeps of the page.
async fn kept(console: &Console) -> Result<String> {
    let kept = console
        .run("return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])")
        .await?;
    Ok(kept.as_str().context("no text")?.to_owned())
}

#[tokio::test]
async fn a_usable_service_is_started_with_two_containers() -> Result<()> {
    journey(Setup::default(), async |console| {
        // Two units, a disk, and host ports to choose.
        console.open_demo("/services/usable").await?;
        let id = console.platform().service_in("North America", "ServicePending").await?;
        console
            .click(LINK, &console.t_with("deploy.start_what", &[("id", &id)]))
            .await?;
        console.wait_route(&format!("/service/{id}/deployment")).await?;
        console.page(console.t("deploy.start_title")).await?;
        console.accessible().await?;

        let first = numbered(console, "1");
        name_and_image(console, &first, "web", "nginx:1.27").await?;
        for (number, container, host) in [("1", "80", "30080"), ("2", "443", "")] {
            click(console, "web", "deploy.add_port").await?;
            fill(
                console,
                "web",
                &row(console, "deploy.container_port", number),
                container,
            )
            .await?;
            fill(console, "web", &row(console, "deploy.host_port", number), host).await?;
        }
        says(console, "web", console.t("deploy.ports_free")).await?;
        // All ports are used up, which is said.
        console
            .see(&console.t_with("deploy.ports_used_up", &[("ports", "2")]))
            .await?;
        click(console, "web", "deploy.add_variable").await?;
        fill(console, "web", &row(console, "deploy.variable_name", "1"), "TOKEN").await?;
        fill(console, "web", &row(console, "deploy.variable_value", "1"), "swordfish").await?;
        fill(console, "web", console.t("deploy.command"), "nginx").await?;
        fill(console, "web", console.t("deploy.args"), "-g 'daemon off;'").await?;
        click(console, "web", "deploy.add_config").await?;
        fill(console, "web", console.t("deploy.config_path"), "/etc/app/app.yaml").await?;
        fill(console, "web", console.t("deploy.config_file"), "mode: live").await?;

        console.click(BUTTON, console.t("deploy.add_container")).await?;
        let second = numbered(console, "2");
        name_and_image(console, &second, "cache", "redis:7").await?;
        console
            .see(&console.t_with("deploy.disk_waits", &[("disk", "16")]))
            .await?;
        fill(console, "cache", console.t("deploy.mount_path"), "/data").await?;
        console
            .see(&console.t_with("deploy.disk_mounted", &[("disk", "16")]))
            .await?;

        let dialog = review(console, "deploy.review_start").await?;
        console.accessible().await?;
        let text = dialog.text().await?;
        for part in [
            &id,
            "nginx:1.27",
            "TOKEN = ••••••",
            "30080",
            "/etc/app/app.yaml",
            "mode: live",
            "/data",
        ] {
            assert!(text.contains(part), "{part} is not in the review:\n{text}");
        }
        assert!(!text.contains("swordfish"), "{text}");
        assert!(
            sent(console).await?.is_empty(),
            "something was sent before it was confirmed"
        );
        console.click(BUTTON, console.t("deploy.send_start")).await?;
        console.page(console.t("deploy.progress")).await?;
        console.see(console.t("deploy.running")).await?;
        console.accessible().await?;
        assert_eq!(sent(console).await?.len(), 1, "it is sent once");

        let info = deployed(console, &id, "north-america").await?;
        let official = console.official().await?;
        let told = official.run(&["service", "deployment-info", &id]).await?;
        for info in [&info, &told] {
            check_start(info);
        }

        // The draft is gone, and the list has it where it belongs now.
        assert!(!kept(console).await?.contains("redis:7"), "the draft was not removed");
        console.click(LINK, console.t("list.running")).await?;
        console.find(LINK, &id).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_while_it_is_typed() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        open(console, "North America", "ServicePending").await?;
        let first = numbered(console, "1");
        // Nothing is held against an empty form before somebody wants to go on.
        assert!(
            console
                .driver()
                .find_all(thirtyfour::By::Css(".field-error"))
                .await?
                .is_empty()
        );
        console.click(BUTTON, console.t("deploy.review")).await?;
        for key in ["rule.name_empty", "rule.image_empty", "deploy.disk_not_mounted"] {
            says(console, &first, console.t(key)).await?;
        }
        console.see(console.t("deploy.not_yet")).await?;
        let focused = console
            .run("return document.activeElement.getAttribute('aria-invalid')")
            .await?;
        assert_eq!(focused, "true", "the first wrong field has the focus");
        console.accessible().await?;

        let image = console.t("deploy.image");
        fill(console, &first, image, "NGINX").await?;
        says(
            console,
            &first,
            &console.t_with("rule.image_upper_case", &[("segment", "NGINX")]),
        )
        .await?;
        fill(console, &first, image, "nginx:does-not-exist").await?;
        says(console, &first, console.t("deploy.image_missing")).await?;
        fill(console, &first, image, "nginx").await?;
        says(console, &first, console.t("deploy.image_found")).await?;
        fill(console, &first, console.t("deploy.name"), "Web").await?;
        says(
            console,
            "Web",
            &console.t_with("rule.name_character", &[("character", "W")]),
        )
        .await?;
        fill(console, "Web", console.t("deploy.name"), "web").await?;

        click(console, "web", "deploy.add_port").await?;
        fill(console, "web", &row(console, "deploy.container_port", "1"), "65536").await?;
        says(console, "web", console.t("deploy.not_a_port")).await?;
        fill(console, "web", &row(console, "deploy.container_port", "1"), "65535").await?;
        // A port of the machines themselves is never free.
        fill(console, "web", &row(console, "deploy.host_port", "1"), "22").await?;
        says(console, "web", &console.t_with("deploy.occupied", &[("port", "22")])).await?;
        fill(console, "web", &row(console, "deploy.host_port", "1"), "30022").await?;
        says(console, "web", console.t("deploy.ports_free")).await?;
        fill(console, "web", console.t("deploy.mount_path"), "data").await?;
        says(console, "web", console.t("rule.path_relative")).await?;
        fill(console, "web", console.t("deploy.mount_path"), "/data").await?;
        fill(console, "web", console.t("deploy.command"), "sh -c 'x").await?;
        says(console, "web", console.t("deploy.unclosed_quote")).await?;
        fill(console, "web", console.t("deploy.command"), "sh").await?;

        // A copy has to differ, and takes up what is left.
        console
            .click(BUTTON, &console.t_with("deploy.duplicate", &[("container", "web")]))
            .await?;
        says(
            console,
            "web-2",
            &console.t_with("deploy.same_image", &[("container", "web")]),
        )
        .await?;
        fill(console, "web-2", console.t("deploy.image"), "redis:7").await?;
        says(console, "web-2", console.t("deploy.image_found")).await?;
        click(console, "web-2", "deploy.add_port").await?;
        fill(console, "web-2", &row(console, "deploy.container_port", "1"), "65535").await?;
        let same = console.t_with("deploy.same_port", &[("port", "65535"), ("container", "web")]);
        says(console, "web-2", &same).await?;
        console
            .see(&console.t_with("deploy.containers_used_up", &[("units", "2")]))
            .await?;
        click(console, "web-2", "deploy.unit_more").await?;
        let sum = console.t_with("deploy.too_many_units", &[("sum", "3"), ("units", "2")]);
        console.see(&sum).await?;
        console.accessible().await?;
        click(console, "web-2", "deploy.unit_less").await?;
        console.not_see(&sum).await?;
        console
            .click(BUTTON, &console.t_with("deploy.remove", &[("container", "web-2")]))
            .await?;
        console.not_see(console.t("deploy.not_yet")).await?;
        assert!(sent(console).await?.is_empty());
        review(console, "deploy.review_start").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_update_shows_what_changes_and_keeps_the_rest() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.open_demo("/services/running").await?;
        let id = console.platform().service_in("North America", "ServiceRunning").await?;
        console.click(LINK, &id).await?;
        console.click(LINK, console.t("deploy.update")).await?;
        console.page(console.t("deploy.update_title")).await?;
        says(console, "gateway", console.t("deploy.image_found")).await?;
        assert_eq!(
            value(console, "api", console.t("deploy.args")).await?,
            "server.js --port 3000"
        );
        let secret = row(console, "deploy.variable_value", "1");
        assert_eq!(value(console, "api", &secret).await?, "debug");
        assert!(
            !console.driver().source().await?.contains("debug"),
            "a value is in the document before it is asked for"
        );

        fill(console, "api", &secret, "warning").await?;
        fill(console, "gateway", console.t("deploy.image"), "nginx:1.28").await?;
        says(console, "gateway", console.t("deploy.image_found")).await?;
        let dialog = review(console, "deploy.review_update").await?;
        console.accessible().await?;
        until("the changes", async || {
            let text = dialog.text().await?;
            let new_value = format!("LOG_LEVEL = •••••• ({})", console.t("deploy.new_value"));
            let all = ["nginx:1.27-alpine", "nginx:1.28", &new_value];
            Ok(all.iter().all(|part| text.contains(part)).then_some(()))
        })
        .await?;
        let text = dialog.text().await?;
        assert!(!text.contains("warning") && !text.contains("debug"), "{text}");
        console.click(BUTTON, console.t("deploy.send_update")).await?;
        console.see(console.t("deploy.running")).await?;

        let official = console.official().await?;
        let info = official.run(&["service", "deployment-info", &id]).await?;
        assert_eq!(info["containers"][0]["imageName"], "nginx:1.28");
        assert_eq!(
            info["containers"][1]["envs"],
            json!([{ "name": "LOG_LEVEL", "value": "warning" }, { "name": "REDIS_HOST", "value": "localhost" }])
        );
        assert_eq!(info["containers"][2]["mountPath"], "/data");
        console.click(LINK, console.t("service.tab_containers")).await?;
        console.see("nginx:1.28").await
    })
    .await
}

#[tokio::test]
async fn a_container_that_does_not_come_up_says_why() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Singapore", "ServiceRunning").await?;
        says(console, "importer", console.t("deploy.image_found")).await?;
        fill(console, "importer", &row(console, "deploy.variable_value", "1"), "1").await?;
        review(console, "deploy.review_update").await?;
        console.click(BUTTON, console.t("deploy.send_update")).await?;
        console.see("CrashLoopBackOff").await?;
        console.see(console.t("deploy.crashes")).await?;
        console.see(console.t("deploy.failing")).await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("deploy.again")).await?;
        assert_eq!(
            value(console, "importer", &row(console, "deploy.variable_value", "1")).await?,
            "1"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_private_image_needs_its_token_each_time() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        let id = open(console, "Europe", "ServicePending").await?;
        let first = numbered(console, "1");
        fill(console, &first, console.t("deploy.image"), "alice/shop:2").await?;
        fill(console, &first, console.t("deploy.name"), "shop").await?;
        says(console, "shop", console.t("deploy.image_missing")).await?;
        let private = card(console, "shop").await?;
        console
            .click_within(Some(&private), CHECKBOX, console.t("deploy.private"))
            .await?;
        let user = console.t("deploy.username");
        assert_eq!(
            value(console, "shop", user).await?,
            "alice",
            "the user name follows from the image"
        );
        fill(console, "shop", console.t("deploy.password"), "wrong").await?;
        says(console, "shop", console.t("deploy.image_denied")).await?;
        fill(console, "shop", console.t("deploy.password"), "hunter2").await?;
        says(console, "shop", console.t("deploy.image_found")).await?;
        let dialog = review(console, "deploy.review_start").await?;
        let text = dialog.text().await?;
        assert!(text.contains("alice ••••••") && !text.contains("hunter2"), "{text}");
        console.click(BUTTON, console.t("deploy.send_start")).await?;
        console.see(console.t("deploy.running")).await?;
        assert!(!kept(console).await?.contains("hunter2"));

        console.click(BUTTON, console.t("deploy.again")).await?;
        says(console, "shop", console.t("deploy.password_again")).await?;
        assert_eq!(value(console, "shop", console.t("deploy.password")).await?, "");
        console.click(BUTTON, console.t("deploy.review")).await?;
        says(console, "shop", console.t("deploy.no_password")).await?;
        assert_eq!(sent(console).await?.len(), 1);
        let info = deployed(console, &id, "europe").await?;
        assert_eq!(info["pvtLogin"][0]["username"], "alice");
        Ok(())
    })
    .await
}

const COMPOSE: &str = "services:
  web:
    image: nginx:1.27
    ports: [\"8080:80\"]
    environment:
      TOKEN: swordfish
    restart: always
    healthcheck:
      test: curl localhost
  cache:
    image: redis:7
    volumes: [\"data:/data\"]
volumes:
  data:
";

/// Puts a text into a field as pasting does.
async fn paste(console: &Console, label: &str, text: &str) -> Result<()> {
    let field = console.field(label).await?;
    let script = format!(
        "const field = document.activeElement; field.value = {}; field.dispatchEvent(new Event('input', {{ bubbles: true }}))",
        Value::from(text)
    );
    field.focus().await?;
    console.run(&script).await?;
    Ok(())
}

#[tokio::test]
async fn a_compose_file_is_imported_and_what_is_left_out_is_listed() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Europe", "ServicePending").await?;
        console.click(BUTTON, console.t("import.action")).await?;
        let dialog = console.find(DIALOG, console.t("import.title")).await?;
        paste(console, console.t("import.source"), "nothing that is known").await?;
        console.see(console.t("import.not_recognised")).await?;
        paste(console, console.t("import.source"), COMPOSE).await?;
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

/// Fills the form with something that is and something that is no secret.
async fn type_a_draft(console: &Console) -> Result<()> {
    let first = numbered(console, "1");
    fill(console, &first, console.t("deploy.image"), "nginx:1.27").await?;
    fill(console, &first, console.t("deploy.name"), "web").await?;
    click(console, "web", "deploy.add_variable").await?;
    fill(console, "web", &row(console, "deploy.variable_name", "1"), "TOKEN").await?;
    fill(console, "web", &row(console, "deploy.variable_value", "1"), "swordfish").await?;
    click(console, "web", "deploy.add_config").await?;
    fill(console, "web", console.t("deploy.config_path"), "/etc/app.yaml").await?;
    fill(console, "web", console.t("deploy.config_file"), "pass: hunter2").await?;
    until("the draft in the browser's storage", async || {
        Ok(kept(console).await?.contains("/etc/app.yaml").then_some(()))
    })
    .await?;
    let kept = kept(console).await?;
    ensure!(
        !kept.contains("swordfish") && !kept.contains("hunter2"),
        "a secret is in the browser's storage: {kept}"
    );
    Ok(())
}

#[tokio::test]
async fn a_draft_survives_a_reload_and_a_lock_without_its_secrets() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Europe", "ServicePending").await?;
        let (seed, _) = console.platform().demo_account().await?;
        console.goto(&format!("/service/{id}/deployment")).await?;
        console.fill(console.t("seed.label"), &seed).await?;
        console.click(CHECKBOX, console.t("keep.label")).await?;
        console.fill(console.t("keep.password"), PASSWORD).await?;
        console.fill(console.t("keep.again"), PASSWORD).await?;
        console.click(BUTTON, console.t("sign_in.action")).await?;
        console.find(BUTTON, console.t("deploy.review")).await?;
        type_a_draft(console).await?;

        // Another tab of the same service takes nothing away, not even what is secret.
        console.click(LINK, console.t("service.tab_logs")).await?;
        console.click(LINK, console.t("service.tab_deployment")).await?;
        assert_eq!(
            value(console, "web", &row(console, "deploy.variable_value", "1")).await?,
            "swordfish"
        );
        assert_eq!(
            value(console, "web", console.t("deploy.config_file")).await?,
            "pass: hunter2"
        );

        console.leave("shell.lock").await?;
        let unlock = async || -> Result<()> {
            console.page(console.t("unlock.title")).await?;
            console.fill(console.t("unlock.password"), PASSWORD).await?;
            console.click(BUTTON, console.t("unlock.action")).await
        };
        unlock().await?;
        console.find(BUTTON, console.t("draft.continue")).await?;
        console.see(console.t("deploy.draft_left_out")).await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("draft.continue")).await?;
        assert_eq!(value(console, "web", console.t("deploy.image")).await?, "nginx:1.27");
        assert_eq!(
            value(console, "web", &row(console, "deploy.variable_name", "1")).await?,
            "TOKEN"
        );
        assert_eq!(
            value(console, "web", &row(console, "deploy.variable_value", "1")).await?,
            ""
        );

        console.reload().await?;
        unlock().await?;
        console.click(BUTTON, console.t("draft.discard")).await?;
        let first = numbered(console, "1");
        assert_eq!(value(console, &first, console.t("deploy.image")).await?, "");
        assert!(
            !kept(console).await?.contains("/etc/app.yaml"),
            "the draft was not removed"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_refusal_of_the_platform_loses_nothing() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 400");
        console.expect_error("status of 503");
        let id = open(console, "Europe", "ServicePending").await?;
        let first = numbered(console, "1");
        name_and_image(console, &first, "web", "nginx:1.27").await?;
        let refusal = |status: u16, message: &str| {
            json!({
                "path": "/api/v1/k8s/deployment", "method": "POST", "status": status, "times": 1,
                "body": json!({ "error": { "code": status, "message": message } }).to_string(),
            })
        };
        console
            .platform()
            .fault(refusal(503, "the region is being moved"))
            .await?;
        review(console, "deploy.review_start").await?;
        console.click(BUTTON, console.t("deploy.send_start")).await?;
        console.see("the region is being moved").await?;
        console.click(BUTTON, console.t("deploy.back")).await?;
        console.see("the region is being moved").await?;
        console.accessible().await?;

        let message = "image nginx:1.27 does not exist.";
        console.platform().fault(refusal(400, message)).await?;
        review(console, "deploy.review_start").await?;
        console.click(BUTTON, console.t("deploy.send_start")).await?;
        console.see(message).await?;
        console.click(BUTTON, console.t("deploy.back")).await?;
        // Where it belongs, and only as long as nothing was changed.
        says(
            console,
            "web",
            &console.t_with("deploy.platform_says", &[("message", message)]),
        )
        .await?;
        assert_eq!(value(console, "web", console.t("deploy.image")).await?, "nginx:1.27");
        review(console, "deploy.review_start").await?;
        console.click(BUTTON, console.t("deploy.send_start")).await?;
        console.see(console.t("deploy.running")).await?;
        assert_eq!(deployed(console, &id, "europe").await?["containers"][0]["name"], "web");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_image_that_cannot_be_checked_can_be_checked_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 503");
        open(console, "Europe", "ServicePending").await?;
        console
            .platform()
            .fault(json!({ "path": "/api/v1/k8s/images", "method": "GET", "status": 503 }))
            .await?;
        let first = numbered(console, "1");
        fill(console, &first, console.t("deploy.image"), "nginx:1.27").await?;
        says(console, &first, console.t("deploy.image_unknown")).await?;
        console.platform().no_faults().await?;
        click(console, &first, "action.retry").await?;
        says(console, &first, console.t("deploy.image_found")).await?;
        // Typing asks once for what was typed, not for every letter.
        let asked = console.requests_to("/api/v1/k8s/images").await?;
        let asked = asked.iter().filter(|request| request.method == "GET").count();
        assert!(asked <= 4, "{asked} requests");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn where_nothing_can_be_deployed_it_is_said_why() -> Result<()> {
    journey(Setup::default(), async |console| {
        let paused = console.platform().service_in("Europe", "ServiceStop").await?;
        let past = console.platform().service_in("Tokyo", "ServiceDone").await?;
        let services = console.platform().services().await?;
        let watcher = services
            .iter()
            .find(|service| {
                service["status"] == "ServicePending" && service["serviceOptions"]["resourceUnit"].is_null()
            })
            .and_then(|service| service["id"].as_str())
            .context("no service without containers")?;
        console.open_demo(&format!("/service/{paused}/deployment")).await?;
        console.page(console.t("deploy.why_paused")).await?;
        console.goto(&format!("/service/{past}/deployment")).await?;
        console.sign_in_demo().await?;
        console.page(console.t("deploy.why_ended")).await?;
        console.goto(&format!("/service/{watcher}/deployment")).await?;
        console.sign_in_demo().await?;
        console.page(console.t("deploy.why_no_containers")).await?;
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn an_access_token_is_enough_to_update() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        let token = console.platform().access_token(&id, "active").await?;
        console.goto(&format!("/service/{id}/deployment")).await?;
        console.click(browser_tests::TAB, console.t("sign_in.token")).await?;
        console.fill(console.t("token.label"), &token).await?;
        console.click(BUTTON, console.t("sign_in.action")).await?;
        says(console, "collector", console.t("deploy.image_found")).await?;
        fill(
            console,
            "collector",
            console.t("deploy.image"),
            "vcloud/json-logger:2.5",
        )
        .await?;
        says(console, "collector", console.t("deploy.image_found")).await?;
        review(console, "deploy.review_update").await?;
        console.click(BUTTON, console.t("deploy.send_update")).await?;
        console.see(console.t("deploy.running")).await?;
        let info = deployed(console, &id, "helsinki").await?;
        assert_eq!(info["containers"][0]["imageName"], "vcloud/json-logger:2.5");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn everything_fits_a_phone_and_speaks_chinese() -> Result<()> {
    let setup = Setup {
        language: "zh-CN",
        size: (390, 844),
        dark: true,
        ..Setup::default()
    };
    journey(setup, async |console| {
        open(console, "North America", "ServicePending").await?;
        console.fits().await?;
        console.click(BUTTON, console.t("deploy.review")).await?;
        console.see("请填写名称。").await?;
        console.accessible().await?;
        let first = numbered(console, "1");
        name_and_image(console, &first, "web", "nginx:1.27").await?;
        click(console, "web", "deploy.add_port").await?;
        fill(console, "web", &row(console, "deploy.container_port", "1"), "80").await?;
        click(console, "web", "deploy.add_variable").await?;
        fill(console, "web", &row(console, "deploy.variable_name", "1"), "A B").await?;
        fill(console, "web", console.t("deploy.mount_path"), "/data").await?;
        click(console, "web", "deploy.add_config").await?;
        console.fits().await?;
        console.accessible().await?;
        let remove = row(console, "deploy.remove_variable", "1");
        console.click(BUTTON, &remove).await?;
        click(console, "web", "deploy.remove_config").await?;
        review(console, "deploy.review_start").await?;
        console.fits().await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("deploy.back")).await?;
        console.gone(DIALOG, console.t("deploy.review_start")).await?;
        console.click(BUTTON, console.t("import.action")).await?;
        paste(console, console.t("import.source"), COMPOSE).await?;
        console.find("table", console.t("import.not_carried")).await?;
        console.fits().await?;
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn typed_things_are_discarded_only_after_a_question() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Hong Kong", "ServiceRunning").await?;
        says(console, "relay", console.t("deploy.ports_free")).await?;
        assert_eq!(
            value(console, "relay", &row(console, "deploy.host_port", "1")).await?,
            "27777"
        );
        let protocol = card(console, "relay").await?;
        let first = row(console, "deploy.protocol", "1");
        let protocol = console.find_within(Some(&protocol), COMBOBOX, &first).await?;
        assert_eq!(protocol.prop("value").await?.as_deref(), Some("UDP"));
        fill(console, "relay", console.t("deploy.image"), "vcloud/counter:2").await?;
        console.click(BUTTON, console.t("deploy.reset")).await?;
        let dialog = console.find(DIALOG, console.t("deploy.reset_title")).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("deploy.reset"))
            .await?;
        console.gone(HEADING, console.t("deploy.reset_title")).await?;
        assert_eq!(
            value(console, "relay", console.t("deploy.image")).await?,
            "vcloud/counter:1"
        );
        Ok(())
    })
    .await
}
