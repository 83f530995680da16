//! The configuration of a service: read, changed with a comparison before it is sent, and its images.

use std::fs;

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, CHECKBOX, Console, DIALOG, LINK, Setup, TEXTBOX, journey, until};
use serde_json::{Value, json};
use thirtyfour::{Key, WebElement};

const UPDATE: &str = "/api/v1/k8s/pod/update";
const IMAGES: &str = "/api/v1/k8s/pod/images";

/// Opens a tab of a service of the demo account.
async fn open(console: &Console, region: &str, status: &str, tab: &str) -> Result<String> {
    let id = console.platform().service_in(region, status).await?;
    console.open_demo(&format!("/service/{id}/{tab}")).await?;
    Ok(id)
}

fn file_of(console: &Console, container: &str) -> String {
    console.t_with("config_files.file_of", &[("container", container)])
}

async fn edit(console: &Console) -> Result<()> {
    console.click(BUTTON, console.t("config_files.edit")).await?;
    // The form stands where the reader was, with regions of the same names.
    console.find(BUTTON, console.t("config_files.review")).await?;
    Ok(())
}

async fn review(console: &Console) -> Result<()> {
    console.click(BUTTON, console.t("config_files.review")).await?;
    console.page(console.t("config_files.review_title")).await
}

async fn send(console: &Console) -> Result<()> {
    console.click(BUTTON, console.t("config_files.send")).await
}

async fn in_both_themes(console: &Console) -> Result<()> {
    console.accessible().await?;
    console.dark(true).await?;
    console.accessible().await?;
    console.dark(false).await
}

/// The changes that were sent: method and body.
async fn sent(console: &Console, path: &str) -> Result<Vec<Value>> {
    let sent = console.requests_to(path).await?;
    Ok(sent
        .into_iter()
        .filter(|exchange| exchange.method != "OPTIONS")
        .map(|exchange| serde_json::from_str(&exchange.body).unwrap_or_default())
        .collect())
}

/// What the official client says is deployed in a container.
async fn deployed(console: &Console, id: &str, container: &str) -> Result<Value> {
    let official = console.official().await?;
    let info = official.run(&["service", "deployment-info", id]).await?;
    let found = info["containers"]
        .as_array()
        .and_then(|containers| containers.iter().find(|known| known["name"] == container));
    found.cloned().with_context(|| format!("no {container} in {info}"))
}

#[tokio::test]
async fn a_file_is_read_copied_and_saved() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Europe", "ServiceRunning", "config").await?;
        let web = console.find("region", "web").await?;
        until("the file", async || {
            let text = web.text().await?;
            Ok((text.contains("worker_connections 1024;") && text.contains("/etc/nginx/nginx.conf")).then_some(()))
        })
        .await?;
        let file = file_of(console, "web");
        let save = console.t_with("editor.download", &[("what", &file)]);
        console.click(BUTTON, &save).await?;
        let saved = fs::read_to_string(console.downloaded("nginx.conf").await?)?;
        assert!(
            saved.starts_with("worker_processes auto;\n") && saved.ends_with("}\n"),
            "{saved}"
        );
        console.may_use_clipboard().await?;
        console
            .click(BUTTON, &console.t_with("action.copy_what", &[("what", &file)]))
            .await?;
        until("the file to be copied", async || {
            Ok((console.clipboard().await? == saved).then_some(()))
        })
        .await?;
        in_both_themes(console).await
    })
    .await
}

#[tokio::test]
async fn a_container_without_a_file_says_so_and_hides_its_variables() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        open(console, "North America", "ServiceRunning", "config").await?;
        let api = console.find("region", "api").await?;
        let text = until("the container", async || {
            let text = api.text().await?;
            Ok(text.contains("LOG_LEVEL").then_some(text))
        })
        .await?;
        assert!(
            text.contains(console.t("config_files.no_file")) && !text.contains("debug"),
            "{text}"
        );
        console
            .click_within(Some(&api), BUTTON, console.t("containers.show_values"))
            .await?;
        console.see("debug").await?;
        in_both_themes(console).await
    })
    .await
}

#[tokio::test]
async fn a_file_is_changed_with_a_comparison_and_the_pod_restarts() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = open(console, "Europe", "ServiceRunning", "config").await?;
        edit(console).await?;
        let field = console.field(&file_of(console, "web")).await?;
        let before = field.prop("value").await?.context("a value")?;
        let review_button = console.find(BUTTON, console.t("config_files.review")).await?;
        assert!(!review_button.is_enabled().await?, "nothing has changed");
        in_both_themes(console).await?;
        let after = before.replace("worker_connections 1024;", "worker_connections 2048;");
        console.fill(&file_of(console, "web"), &after).await?;
        review(console).await?;
        let diff = console.find("table", &file_of(console, "web")).await?;
        let text = diff.text().await?;
        assert!(
            text.contains("worker_connections 1024;") && text.contains("worker_connections 2048;"),
            "{text}"
        );
        assert!(
            text.contains('+') && text.contains('−'),
            "signs, not colours alone: {text}"
        );
        assert!(!text.contains("try_files"), "what stays is folded away: {text}");
        console.see(console.t("config_files.effect_running")).await?;
        in_both_themes(console).await?;
        console
            .platform()
            .fault(json!({ "path": "/api/v1/k8s/pod/status", "latencyMs": 1500 }))
            .await?;
        send(console).await?;
        console.see(console.t("status.restarting")).await?;
        console.see(console.t("config_files.saved")).await?;
        console.platform().no_faults().await?;
        console.find(BUTTON, console.t("config_files.edit")).await?;
        let web = console.find("region", "web").await?;
        until("the new file", async || {
            Ok(web.text().await?.contains("worker_connections 2048;").then_some(()))
        })
        .await?;
        let changes = sent(console, UPDATE).await?;
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0], json!({ "config": { "web": after } }), "only what changed");
        let official = console.official().await?;
        assert_eq!(official.run(&["service", "configmap", &id]).await?["web"], after);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_environment_is_changed_as_a_whole() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        let id = open(console, "North America", "ServiceRunning", "config").await?;
        edit(console).await?;
        let api = console.find("region", "api").await?;
        console
            .click_within(
                Some(&api),
                BUTTON,
                &console.t_with("config_files.remove", &[("name", "REDIS_HOST")]),
            )
            .await?;
        console
            .click_within(Some(&api), BUTTON, console.t("config_files.paste"))
            .await?;
        let pasted = "export LOG_LEVEL=info\nTOKEN=\"a b\"\n9LIVES=x\n";
        console.fill(console.t("config_files.paste_label"), pasted).await?;
        console.see(console.t("config_files.paste_wrong")).await?;
        in_both_themes(console).await?;
        console
            .click(
                BUTTON,
                &console.t_with("config_files.take_over.other", &[("count", "2")]),
            )
            .await?;
        // A row of one's own, wrong at first.
        console
            .click_within(Some(&api), BUTTON, console.t("config_files.add"))
            .await?;
        let names = console.all_within(Some(&api), TEXTBOX).await?;
        let name: &WebElement = names
            .iter()
            .rev()
            .find(|field| field.name == console.t("containers.env_name"))
            .map(|field| &field.element)
            .context("the new row")?;
        name.send_keys("TOKEN").await?;
        console.see(console.t("config_files.twice")).await?;
        assert!(
            !console
                .find(BUTTON, console.t("config_files.review"))
                .await?
                .is_enabled()
                .await?
        );
        name.send_keys("_2").await?;
        console.see(console.t("config_files.no_value")).await?;
        in_both_themes(console).await?;
        console
            .fill(
                &console.t_with("config_files.value_of", &[("name", "TOKEN_2")]),
                "second",
            )
            .await?;
        review(console).await?;
        let table = console.t_with("config_files.env_of", &[("container", "api")]);
        let shown = console.find("table", &table).await?.text().await?;
        for name in ["LOG_LEVEL", "REDIS_HOST", "TOKEN", "TOKEN_2"] {
            assert!(shown.contains(name), "{name}: {shown}");
        }
        for value in ["debug", "info", "second", "a b"] {
            assert!(!shown.contains(value), "{value} is shown: {shown}");
        }
        console
            .see(&console.t_with("config_files.replaces", &[("containers", "api")]))
            .await?;
        in_both_themes(console).await?;
        send(console).await?;
        console.see(console.t("config_files.saved")).await?;
        let wanted = json!({ "environment": { "api": { "LOG_LEVEL": "info", "TOKEN": "a b", "TOKEN_2": "second" } } });
        assert_eq!(sent(console, UPDATE).await?, [wanted]);
        let container = deployed(console, &id, "api").await?;
        let names: Vec<&str> = container["envs"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|variable| variable["name"].as_str())
            .collect();
        assert_eq!(names, ["LOG_LEVEL", "TOKEN", "TOKEN_2"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_mistake_is_named_with_line_and_column_and_jumped_to() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = open(console, "Europe", "ServiceStop", "config").await?;
        edit(console).await?;
        console.see(console.t("config_files.effect_paused")).await?;
        let label = file_of(console, "app");
        console.fill(&label, "stage: live\nport: 1\nstage: test\n").await?;
        let start = console.t_with("editor.problem", &[("line", "3"), ("column", "1"), ("problem", "")]);
        console.see(start.trim_end()).await?;
        in_both_themes(console).await?;
        console.click(BUTTON, console.t("editor.jump")).await?;
        let at = console.run("return document.activeElement.selectionStart").await?;
        assert_eq!(at, 20, "the cursor is at the mistake");
        // Tab indents; after Escape it leaves.
        console.press(Key::Home + "").await?;
        console.press(Key::Tab + "").await?;
        let field = console.field(&label).await?;
        let value = field.prop("value").await?.context("a value")?;
        assert!(value.contains("\n  stage: test"), "{value}");
        console.press(Key::Escape + "").await?;
        console.press(Key::Tab + "").await?;
        let left = console.run("return document.activeElement.tagName").await?;
        assert_ne!(left, "TEXTAREA");
        console.fill(&label, "stage: live\n").await?;
        console.not_see(start.trim_end()).await?;
        review(console).await?;
        send(console).await?;
        console.see(console.t("config_files.saved")).await?;
        console.see(console.t("status.paused")).await?;
        let official = console.official().await?;
        assert_eq!(
            official.run(&["service", "configmap", &id]).await?["app"],
            "stage: live\n"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_file_is_loaded_into_the_editor() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Europe", "ServiceStop", "config").await?;
        edit(console).await?;
        let label = file_of(console, "app");
        console.field(&label).await?;
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("new.yaml");
        fs::write(&file, "loaded: true\n")?;
        console.upload("input[type=file]", &file).await?;
        until("the loaded file", async || {
            let value = console.field(&label).await?.prop("value").await?;
            Ok((value.as_deref() == Some("loaded: true\n")).then_some(()))
        })
        .await?;
        fs::write(&file, [0xff, 0xfe, 0x00])?;
        console.drop_file(".editor-frame", &file).await?;
        console.see(console.t("editor.binary")).await?;
        fs::write(&file, "dropped: true\n")?;
        console.drop_file(".editor-frame", &file).await?;
        until("the dropped file", async || {
            let value = console.field(&label).await?.prop("value").await?;
            Ok((value.as_deref() == Some("dropped: true\n")).then_some(()))
        })
        .await?;
        // A large one is typed into as quickly as a small one.
        let large: String = (0..40_000).map(|line| format!("key{line}: value {line}\n")).collect();
        fs::write(&file, &large)?;
        console.upload("input[type=file]", &file).await?;
        until("the large file", async || {
            let length = console.field(&label).await?.prop("textLength").await?;
            Ok((length.as_deref() == Some(&large.len().to_string())).then_some(()))
        })
        .await?;
        let slowest = console
            .run(
                "const area = document.querySelector('.editor-text');
                 area.focus();
                 area.setSelectionRange(0, 0);
                 let slowest = 0;
                 for (const letter of 'abcde') {
                     const start = performance.now();
                     document.execCommand('insertText', false, letter);
                     area.getBoundingClientRect();
                     slowest = Math.max(slowest, performance.now() - start);
                 }
                 return slowest",
            )
            .await?;
        assert!(
            slowest.as_f64().unwrap_or(f64::MAX) < 1_500.0,
            "a key takes {slowest} ms"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_was_typed_outlives_another_page_a_new_sign_in_and_a_refusal() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 500");
        let id = open(console, "Europe", "ServiceStop", "config").await?;
        edit(console).await?;
        let label = file_of(console, "app");
        console.fill(&label, "typed: by hand\n").await?;
        console.click(LINK, console.t("service.tab_overview")).await?;
        console.page(console.t("service.options")).await?;
        console.click(LINK, console.t("config_files.tab")).await?;
        let field = console.field(&label).await?;
        assert_eq!(field.prop("value").await?.as_deref(), Some("typed: by hand\n"));

        // A console that starts anew has nothing in memory, and what is stored says nothing to who reads it.
        console.leave("shell.sign_out").await?;
        console.open_demo(&format!("/service/{id}/config")).await?;
        console.see(console.t("config_files.draft")).await?;
        let stored = "return JSON.stringify({ ...localStorage, ...sessionStorage })";
        assert!(!console.run(stored).await?.to_string().contains("by hand"));
        in_both_themes(console).await?;
        console.click(BUTTON, console.t("draft.continue")).await?;
        let field = console.field(&label).await?;
        assert_eq!(field.prop("value").await?.as_deref(), Some("typed: by hand\n"));
        let fault = json!({ "path": UPDATE, "method": "PUT", "status": 500, "times": 1 });
        console.platform().fault(fault).await?;
        review(console).await?;
        send(console).await?;
        console.see(console.t("error.server")).await?;
        in_both_themes(console).await?;
        console.click(BUTTON, console.t("config_files.back")).await?;
        let field = console.field(&label).await?;
        assert_eq!(field.prop("value").await?.as_deref(), Some("typed: by hand\n"));
        review(console).await?;
        send(console).await?;
        console.see(console.t("config_files.saved")).await?;
        let official = console.official().await?;
        assert_eq!(
            official.run(&["service", "configmap", &id]).await?["app"],
            "typed: by hand\n"
        );
        // What arrived is not offered again.
        console.find(BUTTON, console.t("config_files.edit")).await?;
        let stored = console.run(stored).await?.to_string();
        assert!(!stored.contains("config/"), "{stored}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn changes_are_discarded_only_after_a_question() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Europe", "ServiceStop", "config").await?;
        edit(console).await?;
        let label = file_of(console, "app");
        console.fill(&label, "").await?;
        console.see(console.t("config_files.empty_file")).await?;
        console.click(BUTTON, console.t("config_files.discard")).await?;
        let dialog = console.find(DIALOG, console.t("config_files.discard_title")).await?;
        console.accessible().await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("config_files.discard"))
            .await?;
        console.find(BUTTON, console.t("config_files.edit")).await?;
        console.see("authenticationEnable").await?;
        assert!(sent(console, UPDATE).await?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_change_made_elsewhere_meanwhile_is_said() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = open(console, "Europe", "ServiceStop", "config").await?;
        edit(console).await?;
        console.fill(&file_of(console, "app"), "mine: 1\n").await?;
        let official = console.official().await?;
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("change.json");
        fs::write(&file, json!({ "config": { "app": "theirs: 1\n" } }).to_string())?;
        let file = file.to_str().context("a path")?;
        official
            .run(&["service", "update-config", &id, "--config-file", file])
            .await?;
        review(console).await?;
        console.see(console.t("config_files.meanwhile")).await?;
        console.see("theirs: 1").await?;
        in_both_themes(console).await
    })
    .await
}

async fn image_dialog(console: &Console, container: &str) -> Result<WebElement> {
    let button = console.t_with("image.update_of", &[("container", container)]);
    console.click(BUTTON, &button).await?;
    let title = console.t_with("image.title", &[("container", container)]);
    console.find(DIALOG, &title).await
}

#[tokio::test]
async fn an_image_is_updated_once_it_is_found() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        let id = open(console, "North America", "ServiceRunning", "containers").await?;
        console.page("cache").await?;
        let dialog = image_dialog(console, "cache").await?;
        let update = console
            .find_within(Some(&dialog), BUTTON, console.t("image.update"))
            .await?;
        console.fill(console.t("image.new"), "Redis:7").await?;
        console
            .see(&console.t_with("rule.image_upper_case", &[("segment", "Redis")]))
            .await?;
        console.fill(console.t("image.new"), "valkey:8").await?;
        console
            .see(&console.t_with("image.other_repository", &[("repository", "docker.io/library/redis")]))
            .await?;
        assert!(!update.is_enabled().await?);
        in_both_themes(console).await?;
        console.fill(console.t("image.new"), "redis:does-not-exist").await?;
        console.see(console.t("image.missing")).await?;
        assert!(!update.is_enabled().await?);
        in_both_themes(console).await?;
        console.click(CHECKBOX, console.t("image.private")).await?;
        console.see(console.t("image.needs_login")).await?;
        in_both_themes(console).await?;
        console.click(CHECKBOX, console.t("image.private")).await?;
        console.fill(console.t("image.new"), "redis:7.4").await?;
        console.see(console.t("image.found")).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("image.update"))
            .await?;
        console.see(console.t("status.restarting")).await?;
        until("the new image", async || {
            let section = console.find("region", "cache").await?;
            let text = section.text().await?;
            Ok((text.contains("redis:7.4") && text.contains(console.t("container.running"))).then_some(()))
        })
        .await?;
        let changes = sent(console, IMAGES).await?;
        assert_eq!(changes.len(), 1, "{changes:?}");
        assert_eq!(changes[0][0]["image"], "redis:7.4");
        assert_eq!(deployed(console, &id, "cache").await?["imageName"], "redis:7.4");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_refused_image_keeps_what_was_typed() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        console.expect_error("status of 409");
        let id = open(console, "Helsinki", "ServiceRunning", "containers").await?;
        console.page("collector").await?;
        let body = json!({ "error": { "code": 409, "message": "another operation is under way" } }).to_string();
        console
            .platform()
            .fault(json!({ "path": IMAGES, "method": "PATCH", "status": 409, "body": body }))
            .await?;
        let dialog = image_dialog(console, "collector").await?;
        // A container alone takes another image.
        console.fill(console.t("image.new"), "alice/private-thing:2").await?;
        console.see(console.t("image.missing")).await?;
        console.click(CHECKBOX, console.t("image.private")).await?;
        let user = console.find(TEXTBOX, console.t("image.username")).await?;
        assert_eq!(user.prop("value").await?.as_deref(), Some("alice"));
        console.fill(console.t("image.token"), "swordfish").await?;
        console.see(console.t("image.found")).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("image.update"))
            .await?;
        console.see("another operation is under way").await?;
        let field = console.find(TEXTBOX, console.t("image.new")).await?;
        assert_eq!(field.prop("value").await?.as_deref(), Some("alice/private-thing:2"));
        in_both_themes(console).await?;
        let source = console.driver().source().await?;
        assert!(!source.contains("swordfish"), "the token is in the document");

        // Sent again as it stands, token and all.
        console.platform().no_faults().await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("image.update"))
            .await?;
        until("the private image", async || {
            let section = console.find("region", "collector").await?;
            let text = section.text().await?;
            let runs = text.contains("alice/private-thing:2") && text.contains(console.t("container.running"));
            Ok(runs.then_some(()))
        })
        .await?;
        let changes = sent(console, IMAGES).await?;
        assert_eq!(changes.len(), 2, "{changes:?}");
        assert_eq!(changes[1], changes[0]);
        let seen = deployed(console, &id, "collector").await?;
        assert_eq!(seen["imageName"], "alice/private-thing:2");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_access_token_cannot_update_an_image_and_says_so() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Europe", "ServiceRunning").await?;
        let token = console.platform().access_token(&id, "active").await?;
        console.goto(&format!("/service/{id}/containers")).await?;
        console.sign_in_token(&token).await?;
        console.page("web").await?;
        console.see(console.t("image.why_token")).await?;
        let button = console.t_with("image.update_of", &[("container", "web")]);
        assert!(!console.find(BUTTON, &button).await?.is_enabled().await?);
        // The configuration needs no signature.
        console.click(LINK, console.t("config_files.tab")).await?;
        let edit = console.find(BUTTON, console.t("config_files.edit")).await?;
        assert!(edit.is_enabled().await?);
        Ok(())
    })
    .await
}
