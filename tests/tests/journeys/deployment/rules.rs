//! Each rule of a deployment: its words are at its field while it is broken, and nowhere else, and gone with what keeps it.

use anyhow::{Result, ensure};
use browser_tests::{BUTTON, CHECKBOX, Console, Setup, journey, until};
use serde_json::json;
use thirtyfour::{Key, WebElement};

use super::{card, click, fill, numbered, open, row, says, sent, to_top};

/// A field, what breaks its rules with the words for that, and what keeps them.
type Rules<'a> = (String, Vec<(&'a str, String)>, Vec<&'a str>);

/// What is wrong with a field, by its own description.
async fn complaint(console: &Console, field: &WebElement) -> Result<String> {
    let script = "const [field] = arguments;
        const described = (field.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id));
        const said = described.map((it) => it?.querySelector('.field-error')?.textContent ?? '').join('');
        return [said, field.getAttribute('aria-invalid') === 'true']";
    let answer = console.driver().execute(script, vec![field.to_json()?]).await?;
    let (said, is_invalid): (String, bool) = serde_json::from_value(answer.json().clone())?;
    ensure!(is_invalid != said.is_empty(), "\"{said}\" and aria-invalid disagree");
    Ok(said)
}

/// Types a text and waits for just this complaint, or for none.
async fn complains(console: &Console, container: &str, label: &str, text: &str, expected: &str) -> Result<()> {
    let fields = ["textbox", "spinbutton"];
    let field = until(&format!("the field {label}"), async || {
        let card = card(console, container).await?;
        for role in fields {
            let found = console.all_within(Some(&card), role).await?;
            if let Some(found) = found.into_iter().find(|found| found.name == label) {
                return Ok(Some(found.element));
            }
        }
        Ok(None)
    })
    .await?;
    field.send_keys(Key::Control + "a").await?;
    field.send_keys(Key::Backspace + text).await?;
    let wait = until(&format!("\"{expected}\" at {label} with {text:?}"), async || {
        Ok((complaint(console, &field).await? == expected).then_some(()))
    })
    .await;
    match wait {
        Ok(()) => Ok(()),
        Err(error) => {
            let said = complaint(console, &field).await.unwrap_or_default();
            Err(error.context(format!("it says \"{said}\"")))
        }
    }
}

#[tokio::test]
async fn each_rule_is_said_at_its_field_and_not_of_what_keeps_it() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        open(console, "North America", "ServicePending").await?;
        let first = numbered(console, "1");
        let label = |key: &str| console.t(key).to_owned();
        let with = |key: &str, name: &str, value: &str| console.t_with(key, &[(name, value)]);
        click(console, &first, "deploy.add_variable").await?;
        let variable = row(console, "deploy.variable_name", "1");
        let space = console.t("overview_edit.space");
        let long = "a".repeat(63);
        let rules: Vec<Rules> = vec![
            (
                label("deploy.image"),
                vec![
                    ("nginx@sha256:0", label("rule.image_digest")),
                    ("nginx:-a", with("rule.image_tag", "tag", "-a")),
                    (
                        "-bad.example/x",
                        with("rule.image_registry", "registry", "-bad.example"),
                    ),
                    ("localhost:0/x", with("rule.image_port", "port", "0")),
                    ("a//b", label("rule.image_empty_segment")),
                ],
                vec!["registry.example:5000/team/app:1.0_a", "nginx"],
            ),
            (
                variable,
                vec![
                    ("A B", with("rule.env_character", "character", space)),
                    ("1A", with("rule.env_digit", "digit", "1")),
                ],
                vec!["A.b-c_9", "PLAIN"],
            ),
            (
                label("deploy.mount_path"),
                vec![
                    ("data", label("rule.path_relative")),
                    ("/a/../b", label("rule.path_parent")),
                    ("/a b", label("rule.path_white_space")),
                    ("/a//b", label("rule.path_empty_segment")),
                ],
                vec!["/data/sub", "/data"],
            ),
            (
                label("deploy.units"),
                vec![("0", label("deploy.no_units")), ("1.5", label("deploy.no_units"))],
                vec!["1"],
            ),
        ];
        for (field, wrong, right) in &rules {
            for (text, said) in wrong {
                complains(console, &first, field, text, said).await?;
            }
            for text in right {
                complains(console, &first, field, text, "").await?;
            }
        }
        // The card is called by its container's name.
        let name = console.t("deploy.name");
        let too_long = format!("{long}a");
        for (text, said) in [
            (too_long.as_str(), with("rule.name_too_long", "length", "64")),
            (long.as_str(), String::new()),
            ("-a", with("rule.name_edge", "character", "-")),
            ("a-", with("rule.name_edge", "character", "-")),
            ("a b", with("rule.name_character", "character", space)),
            ("web", String::new()),
        ] {
            let script = "return document.querySelector('.deploy-container')?.getAttribute('aria-label')";
            let called = console.run(script).await?;
            let called = called.as_str().unwrap_or(&first).to_owned();
            complains(console, &called, name, text, &said).await?;
        }
        console.accessible().await?;

        // Two of the same name.
        console
            .click(BUTTON, &console.t_with("deploy.duplicate", &[("container", "web")]))
            .await?;
        let same = with("deploy.same_name", "container", "web");
        complains(console, "web-2", name, "web", &same).await?;
        ensure!(sent(console).await?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_missing_is_said_once_somebody_wants_to_go_on() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        open(console, "Europe", "ServicePending").await?;
        let first = numbered(console, "1");
        fill(console, &first, console.t("deploy.image"), "nginx").await?;
        fill(console, &first, console.t("deploy.name"), "web").await?;
        says(console, "web", console.t("deploy.image_found")).await?;
        click(console, "web", "deploy.add_variable").await?;
        fill(console, "web", &row(console, "deploy.variable_name", "1"), "TOKEN").await?;
        click(console, "web", "deploy.add_config").await?;
        fill(console, "web", console.t("deploy.config_path"), "/etc/app.conf").await?;
        to_top(console).await?;
        let card = card(console, "web").await?;
        console
            .click_within(Some(&card), CHECKBOX, console.t("deploy.private"))
            .await?;
        let missing = [
            "deploy.empty_value",
            "deploy.empty_config",
            "deploy.no_username",
            "deploy.no_password",
        ];
        for key in missing {
            ensure!(!console.text().await?.contains(console.t(key)), "{key} before Review");
        }
        to_top(console).await?;
        console.click(BUTTON, console.t("deploy.review")).await?;
        for key in missing {
            says(console, "web", console.t(key)).await?;
        }
        console.accessible().await?;
        fill(console, "web", console.t("deploy.username"), "me").await?;
        console.not_see(console.t("deploy.no_username")).await?;
        // A file that appears nowhere.
        let config = console.find_within(Some(&card), "textbox", console.t("deploy.config_file")).await?;
        config.send_keys("level: debug").await?;
        console.not_see(console.t("deploy.empty_config")).await?;
        complains(
            console,
            "web",
            console.t("deploy.config_path"),
            "",
            console.t("deploy.config_without_path"),
        )
        .await?;
        complains(console, "web", console.t("deploy.config_path"), "/etc/app.yaml", "").await?;
        let value = "return [...document.querySelectorAll('.deploy-container input[type=password]')].map((field) => field.getAttribute('value'))";
        ensure!(console.run(value).await? == json!([null, null]), "a secret is in an attribute");
        ensure!(sent(console).await?.is_empty());
        Ok(())
    })
    .await
}
