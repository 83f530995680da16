//! Locking: what was secret is nowhere afterwards, every tab locks, and who guesses passwords has to wait.

use anyhow::{Context as _, Result, ensure};
use browser_tests::{BUTTON, CHECKBOX, Console, DIALOG, HEADING, LINK, Secret, Setup, TAB, journey, until};
use serde_json::json;
use thirtyfour::Key;
use vsys::{AccessToken, SeedPhrase};

const PASSWORD: &str = "correct horse battery";
const VARIABLE: &str = "swordfish of the deep";

/// Types the demo account's seed phrase, to be kept under [`PASSWORD`].
async fn type_kept(console: &Console) -> Result<()> {
    let (seed, _) = console.platform().demo_account().await?;
    console.fill(console.t("seed.label"), &seed).await?;
    console.click(CHECKBOX, console.t("keep.label")).await?;
    console.fill(console.t("keep.password"), PASSWORD).await?;
    console.fill(console.t("keep.again"), PASSWORD).await
}

async fn sign_in_kept(console: &Console, route: &str) -> Result<()> {
    console.goto(route).await?;
    type_kept(console).await?;
    console.click(BUTTON, console.t("sign_in.action")).await
}

async fn unlock(console: &Console, password: &str) -> Result<()> {
    console.fill(console.t("unlock.password"), password).await?;
    console.click(BUTTON, console.t("unlock.action")).await
}

/// Makes sure that each of the secrets is found somewhere: else it would prove nothing that none is found later.
async fn all_there(console: &Console, secrets: &[Secret]) -> Result<()> {
    let traces = console.traces(secrets).await?;
    for secret in secrets {
        let found = traces
            .iter()
            .any(|trace| trace.starts_with(&format!("{} is in", secret.name)));
        ensure!(found, "{} is looked for where it is not: {traces:#?}", secret.name);
    }
    Ok(())
}

/// Waits until none of the secrets is anywhere: what is under way when the console is locked may take a moment to end.
async fn none_left(console: &Console, secrets: &[Secret]) -> Result<()> {
    let mut left = Vec::new();
    let gone = until("no trace of a secret", async || {
        left = console.traces(secrets).await?;
        Ok(left.is_empty().then_some(()))
    })
    .await;
    gone.with_context(|| format!("left after the lock: {left:#?}"))
}

/// Shows, opens and types what is secret about a wallet's service: the token, the file, the variable. Each is there then.
async fn use_secrets(console: &Console, service: &str, [token, file, variable]: &[Secret; 3]) -> Result<()> {
    console.visit("/wallet").await?;
    console.click(BUTTON, console.t("wallet.phrase_show")).await?;
    console.find(DIALOG, console.t("wallet.phrase_title")).await?;
    console.fill(console.t("wallet.password_now"), PASSWORD).await?;
    console.click(CHECKBOX, console.t("wallet.phrase_sure")).await?;
    console.click(BUTTON, console.t("wallet.phrase_action")).await?;
    console
        .see(console.t_with("access.hidden_in", &[("time", "")]).trim())
        .await?;
    console.press(Key::Escape + "").await?;
    console.gone(DIALOG, console.t("wallet.phrase_title")).await?;

    console.visit(&format!("/service/{service}/access")).await?;
    console.click(BUTTON, console.t("access.show")).await?;
    console.find(BUTTON, console.t("access.hide")).await?;
    all_there(console, std::slice::from_ref(token)).await?;
    console.click(LINK, console.t("config_files.tab")).await?;
    console.see("worker_connections 1024;").await?;
    console.click(BUTTON, console.t("config_files.edit")).await?;
    console.click(BUTTON, console.t("config_files.paste")).await?;
    console
        .fill(console.t("config_files.paste_label"), &format!("DOOR=\"{VARIABLE}\""))
        .await?;
    console
        .click(BUTTON, &console.counted("config_files.take_over", 1))
        .await?;
    all_there(console, &[file.clone(), variable.clone()]).await
}

#[tokio::test]
async fn after_a_lock_nothing_secret_is_anywhere() -> Result<()> {
    journey(Setup::default(), async |console| {
        let (seed, _) = console.platform().demo_account().await?;
        let account = console.platform().demo_keys().await?;
        let service = console.platform().service_in("Europe", "ServiceRunning").await?;
        let token = console.platform().access_token(&service, "active").await?;
        let secret = AccessToken::parse(&token)?.secret().expose().to_owned();
        let wallet = Secret::of_wallet(&SeedPhrase::new(seed.as_str())?, &account);
        let password = Secret::text("the vault's password", PASSWORD);
        let secret = Secret::text("the service's secret", &secret);
        let others = [
            Secret::text("the access token", &token),
            Secret::text("the configuration file", "worker_connections 1024;"),
            Secret::text("a variable of the environment", VARIABLE),
        ];
        let all = [&wallet[..], &others, &[secret.clone(), password.clone()]].concat();

        console.goto("/").await?;
        type_kept(console).await?;
        all_there(console, &[wallet[0].clone(), password.clone()]).await?;
        console.click(BUTTON, console.t("sign_in.action")).await?;
        console.page(console.t("list.running")).await?;
        use_secrets(console, &service, &others).await?;
        all_there(console, &[wallet[0].clone(), wallet[1].clone(), secret]).await?;
        // The password is not needed any more.
        none_left(console, std::slice::from_ref(&password)).await?;

        console.leave("shell.lock").await?;
        console.page(console.t("unlock.title")).await?;
        none_left(console, &all).await?;

        // Unlocked and used once more, and locked by idleness as well as by hand.
        unlock(console, PASSWORD).await?;
        console.find(BUTTON, console.t("shell.lock")).await?;
        all_there(console, &wallet[..2]).await?;
        console.leave("shell.lock").await?;
        console.page(console.t("unlock.title")).await?;
        none_left(console, &all).await
    })
    .await
}

#[tokio::test]
async fn a_token_and_a_new_wallet_leave_nothing_either() -> Result<()> {
    journey(Setup::default(), async |console| {
        let service = console.platform().service_in("Europe", "ServiceRunning").await?;
        let token = console.platform().access_token(&service, "active").await?;
        let secrets = [
            Secret::text("the access token", &token),
            Secret::text("its secret", AccessToken::parse(&token)?.secret().expose()),
        ];
        console.goto("/").await?;
        console.click(TAB, console.t("sign_in.new")).await?;
        console.click(BUTTON, console.t("new.action")).await?;
        console.see(console.t("new.write_down")).await?;
        let script = "return [...document.querySelectorAll('ol li')].map((item) => item.innerText.trim()).join(' ')";
        let phrase = console.run(script).await?;
        let phrase = Secret::text("the new phrase", phrase.as_str().context("no words")?);
        all_there(console, std::slice::from_ref(&phrase)).await?;
        // It is not used: somebody signs in by a token instead.
        console.sign_in_token(&token).await?;
        console.find(LINK, &service).await?;
        none_left(console, &[phrase]).await?;
        all_there(console, &secrets[1..]).await?;
        console.leave("shell.sign_out").await?;
        console.page(console.t("sign_in.title")).await?;
        none_left(console, &secrets).await
    })
    .await
}

#[tokio::test]
async fn every_tab_is_locked_at_once() -> Result<()> {
    journey(Setup::default(), async |console| {
        sign_in_kept(console, "/services/usable").await?;
        console.page(console.t("list.usable")).await?;
        let first = console.driver().window().await?;
        let second = console.driver().new_tab().await?;
        console.driver().switch_to_window(second).await?;
        console.goto("/services/past").await?;
        unlock(console, PASSWORD).await?;
        console.page(console.t("list.past")).await?;
        console.leave("shell.lock").await?;
        console.page(console.t("unlock.title")).await?;
        ensure!(!console.text().await?.contains(console.t("unlock.other_tab")));

        console.driver().switch_to_window(first).await?;
        console.page(console.t("unlock.title")).await?;
        console.see(console.t("unlock.other_tab")).await?;
        console.accessible().await?;
        unlock(console, PASSWORD).await?;
        // Whoever unlocks again is not locked by what was before.
        console.page(console.t("list.usable")).await?;
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        console.find(HEADING, console.t("list.usable")).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn whoever_is_busy_in_another_tab_is_not_idle() -> Result<()> {
    journey(Setup::default(), async |console| {
        // Six seconds.
        console.platform().configure(&json!({ "idleLockMinutes": 0.1 })).await?;
        sign_in_kept(console, "/services/usable").await?;
        console.page(console.t("list.usable")).await?;
        let first = console.driver().window().await?;
        let second = console.driver().new_tab().await?;
        console.driver().switch_to_window(second.clone()).await?;
        console.goto("/services/past").await?;
        unlock(console, PASSWORD).await?;
        console.page(console.t("list.past")).await?;
        // Without a pause that would be worth telling.
        for _ in 0..30 {
            console.press("x").await?;
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        }
        console.find(BUTTON, console.t("shell.lock")).await?;
        console.driver().switch_to_window(first).await?;
        console.find(BUTTON, console.t("shell.lock")).await?;
        // Then nobody is anywhere.
        console.page(console.t("unlock.title")).await?;
        console.driver().switch_to_window(second).await?;
        console.page(console.t("unlock.title")).await
    })
    .await
}

#[tokio::test]
async fn wrong_passwords_have_to_wait_over_a_reload_and_lock_nobody_out() -> Result<()> {
    journey(Setup::default(), async |console| {
        sign_in_kept(console, "/services/past").await?;
        console.page(console.t("list.past")).await?;
        console.leave("shell.lock").await?;
        for password in ["one", "two", "three"] {
            unlock(console, password).await?;
            console.see(console.t("unlock.wrong")).await?;
        }
        console.see(console.t("unlock.pause")).await?;
        ensure!(!console.has(BUTTON, console.t("unlock.action")).await?);
        console.accessible().await?;
        console.reload().await?;
        console.see(console.t("unlock.pause")).await?;
        // It counts down, and then the right one opens as always.
        console
            .find(BUTTON, &console.t_with("unlock.pause_left", &[("seconds", "2")]))
            .await?;
        console.find(BUTTON, console.t("unlock.action")).await?;
        console.not_see(console.t("unlock.pause")).await?;
        unlock(console, PASSWORD).await?;
        console.page(console.t("list.past")).await
    })
    .await
}
