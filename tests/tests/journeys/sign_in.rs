//! Every way in, and every way that one of them can fail: what happened is said, what was typed is kept.

use std::fs;

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, CHECKBOX, Console, HEADING, LINK, Setup, TAB, TEXTBOX, journey};
use serde_json::json;
use tempfile::TempDir;
use vsys::{Account, Network, SeedPhrase, WalletFile};

const PASSWORD: &str = "correct horse battery";

/// The phrase of a wallet that nobody has, so without services.
fn other_phrase() -> Result<String> {
    Ok(SeedPhrase::generate_with_os_randomness()?.expose().to_owned())
}

async fn sign_in(console: &Console) -> Result<()> {
    console.click(BUTTON, console.t("sign_in.action")).await
}

async fn way(console: &Console, key: &str) -> Result<()> {
    console.click(TAB, console.t(key)).await
}

async fn typed(console: &Console, label: &str) -> Result<String> {
    Ok(console
        .field(console.t(label))
        .await?
        .prop("value")
        .await?
        .unwrap_or_default())
}

/// Everything that the browser keeps of the page.
async fn kept(console: &Console) -> Result<String> {
    let kept = console
        .run("return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])")
        .await?;
    Ok(kept.as_str().context("no text")?.to_owned())
}

#[tokio::test]
async fn a_seed_phrase_opens_its_account_and_is_kept_nowhere() -> Result<()> {
    journey(Setup::default(), async |console| {
        let (seed, address) = console.platform().demo_account().await?;
        console.goto("/").await?;
        console.fill(console.t("seed.label"), &seed).await?;
        sign_in(console).await?;
        console.page(console.t("list.running")).await?;
        console.wait_route("/services/running").await?;

        console.click(BUTTON, &console.account_name(&address)).await?;
        console.see(&address).await?;
        console.click(BUTTON, console.t("account.add")).await?;
        let second = Account::derive(&SeedPhrase::new(seed.as_str())?, 1, Network::Mainnet)
            .address()
            .to_string();
        console.find(BUTTON, &console.account_name(&second)).await?;
        console.page(console.t("empty.running_title")).await?;

        assert!(!kept(console).await?.contains(&seed));
        console.leave("shell.sign_out").await?;
        console.page(console.t("sign_in.title")).await?;
        assert_eq!(typed(console, "seed.label").await?, "");
        assert!(!console.driver().source().await?.contains(&seed));
        console.reload().await?;
        console.page(console.t("sign_in.title")).await
    })
    .await
}

#[tokio::test]
async fn a_doubtful_seed_phrase_is_asked_about_and_what_was_typed_stays() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.goto("/").await?;
        sign_in(console).await?;
        console.see(console.t("seed.empty")).await?;

        let phrase = other_phrase()?;
        let (first, rest) = phrase.split_once(' ').context("one word")?;
        let mistyped = format!("{first}x {rest}");
        console.fill(console.t("seed.label"), &mistyped).await?;
        sign_in(console).await?;
        console
            .see(&console.t_with("seed.unknown_words", &[("words", &format!("{first}x"))]))
            .await?;
        console.see(console.t("seed.not_sure")).await?;
        assert_eq!(typed(console, "seed.label").await?, mistyped);
        console.accessible().await?;

        console.fill(console.t("seed.label"), "acid advice ahead").await?;
        console
            .see(&console.t_with("seed.word_count.other", &[("count", "3")]))
            .await?;
        console.click(CHECKBOX, console.t("seed.sure")).await?;
        sign_in(console).await?;
        console.page(console.t("empty.running_title")).await?;
        console.see(console.t("empty.running_advice")).await?;
        let address = Account::derive(&SeedPhrase::new("acid advice ahead")?, 0, Network::Mainnet)
            .address()
            .to_string();
        console.find(BUTTON, &console.account_name(&address)).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_wallet_file_opens_its_account_plain_or_with_its_password() -> Result<()> {
    journey(Setup::default(), async |console| {
        let folder = TempDir::new()?;
        let (seed, address) = console.platform().demo_account().await?;
        let wallet = WalletFile::new(SeedPhrase::new(seed.as_str())?, 2);
        let (plain, encrypted, damaged) = (
            folder.path().join("plain.dat"),
            folder.path().join("wallet.dat"),
            folder.path().join("damaged.dat"),
        );
        fs::write(&plain, wallet.write_plain().expose())?;
        let text = wallet.write_encrypted_with_os_randomness(PASSWORD)?;
        fs::write(&encrypted, &text)?;
        fs::write(&damaged, "{\"seed\": ")?;

        console.goto("/").await?;
        way(console, "sign_in.file").await?;
        sign_in(console).await?;
        console.see(console.t("file.missing")).await?;
        console.upload("input[type=file]", &damaged).await?;
        console.see("damaged.dat").await?;
        sign_in(console).await?;
        console.see(console.t("file.damaged")).await?;
        console.accessible().await?;

        console.upload("input[type=file]", &encrypted).await?;
        console.see("wallet.dat").await?;
        console.field(console.t("file.password")).await?;
        sign_in(console).await?;
        console.see(console.t("file.password_needed")).await?;
        console.fill(console.t("file.password"), "another password").await?;
        sign_in(console).await?;
        console.see(console.t("file.wrong_password")).await?;
        assert_eq!(typed(console, "file.password").await?, "another password");
        console.fill(console.t("file.password"), PASSWORD).await?;
        sign_in(console).await?;
        console.page(console.t("list.running")).await?;
        // The file's two accounts are both there, the first one in use.
        console.click(BUTTON, &console.account_name(&address)).await?;
        console
            .see(&console.t_with("account.number", &[("number", "2")]))
            .await?;

        console.reload().await?;
        way(console, "sign_in.file").await?;
        console.drop_file(".drop", &plain).await?;
        console.see("plain.dat").await?;
        sign_in(console).await?;
        console.find(BUTTON, &console.account_name(&address)).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_access_token_opens_just_its_service() -> Result<()> {
    journey(Setup::default(), async |console| {
        let service = console.platform().service_in("North America", "ServiceRunning").await?;
        let token = console.platform().access_token(&service, "active").await?;
        console.goto("/services/running").await?;
        way(console, "sign_in.token").await?;
        console.fill(console.t("token.label"), &token).await?;
        sign_in(console).await?;
        console.page("shop-backend").await?;
        console.wait_route(&format!("/service/{service}")).await?;
        console.see("Gateway, API and cache of the shop").await?;

        for list in ["list.running", "list.usable", "list.past", "list.aborted"] {
            assert!(!console.has(LINK, console.t(list)).await?, "there is a link to {list}");
        }
        console.find(LINK, &service).await?;
        console.click(LINK, console.t("service.tab_containers")).await?;
        console.page("gateway").await?;
        console.accessible().await?;
        assert!(!kept(console).await?.contains(&token));
        // An account's list is another account's business.
        assert!(console.requests_to("/api/v1/userService?").await?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_access_token_that_does_not_work_says_why_and_stays() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("the server responded with a status of 4");
        let service = console.platform().service_in("North America", "ServiceRunning").await?;
        console.goto("/").await?;
        way(console, "sign_in.token").await?;
        sign_in(console).await?;
        console.see(console.t("token.empty")).await?;
        console.fill(console.t("token.label"), "this is no token").await?;
        sign_in(console).await?;
        console.see(console.t("token.malformed")).await?;
        assert_eq!(typed(console, "token.label").await?, "this is no token");

        for (state, key) in [
            ("expired", "error.token_expired"),
            ("inactive", "error.token_inactive"),
            ("deleted", "error.token_deleted"),
        ] {
            let token = console.platform().access_token(&service, state).await?;
            console.fill(console.t("token.label"), &token).await?;
            sign_in(console).await?;
            console.see(console.t(key)).await?;
            console.see(console.t(&format!("{key}_advice"))).await?;
            assert_eq!(typed(console, "token.label").await?, token);
        }
        console.accessible().await?;
        console.platform().access_token(&service, "active").await?;
        sign_in(console).await?;
        console.page("shop-backend").await
    })
    .await
}

#[tokio::test]
async fn a_new_wallet_is_shown_once_and_three_words_are_asked_for() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.goto("/").await?;
        way(console, "sign_in.new").await?;
        console.click(BUTTON, console.t("new.action")).await?;
        console.see(console.t("new.write_down")).await?;
        let script = "return [...document.querySelectorAll('ol li')].map((item) => item.innerText.trim())";
        let words = console.run(script).await?;
        let words: Vec<String> = serde_json::from_value(words)?;
        assert_eq!(words.len(), 15, "{words:?}");
        console.accessible().await?;
        console.click(BUTTON, console.t("new.written")).await?;
        console.gone(BUTTON, console.t("new.written")).await?;
        console.see(console.t("new.confirm")).await?;

        let mut asked = Vec::new();
        for (number, word) in (1..).zip(&words) {
            let label = console.t_with("new.word_number", &[("number", &format!("{number}"))]);
            if console.has(TEXTBOX, &label).await? {
                asked.push((label, word.clone()));
            }
        }
        assert_eq!(asked.len(), 3, "{asked:?}");
        let (last, rest) = asked.split_last().context("no word is asked for")?;
        for (label, word) in rest {
            console.fill(label, word).await?;
        }
        console.fill(&last.0, "wrong").await?;
        sign_in(console).await?;
        console.see(console.t("new.word_wrong")).await?;
        for (label, word) in rest {
            assert_eq!(console.field(label).await?.prop("value").await?.as_ref(), Some(word));
        }
        console.accessible().await?;
        console.fill(&last.0, &last.1).await?;
        sign_in(console).await?;
        console.page(console.t("empty.running_title")).await?;
        let phrase = SeedPhrase::new(words.join(" "))?;
        let address = Account::derive(&phrase, 0, Network::Mainnet).address().to_string();
        console.find(BUTTON, &console.account_name(&address)).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_demo_account_of_another_network_is_refused() -> Result<()> {
    journey(Setup::default(), async |console| {
        let (_, address) = console.platform().demo_account().await?;
        console.platform().configure(&json!({ "network": "testnet" })).await?;
        console.goto("/").await?;
        console.click(BUTTON, console.t("demo.action")).await?;
        console.see(console.t("demo.foreign")).await?;
        console.see(&address).await?;
        console.see(console.t("demo.foreign_advice")).await?;
        console.accessible().await?;

        // Where none is advertised, none is offered; and a wallet's accounts are those of the configured network.
        console.platform().no_faults().await?;
        console
            .platform()
            .configure(&json!({ "network": "testnet", "demoAccount": null }))
            .await?;
        console.reload().await?;
        console.fill(console.t("seed.label"), &other_phrase()?).await?;
        assert!(!console.has(BUTTON, console.t("demo.action")).await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_stays_signed_in_unlocks_with_the_password_and_finds_the_page_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        let (seed, _) = console.platform().demo_account().await?;
        let service = console.platform().service_in("Tokyo", "ServiceRunning").await?;
        console.goto("/services/past?q=load").await?;
        console.fill(console.t("seed.label"), &seed).await?;
        console.click(CHECKBOX, console.t("keep.label")).await?;
        console.fill(console.t("keep.password"), "short").await?;
        sign_in(console).await?;
        console.see(console.t("keep.too_short")).await?;
        console.fill(console.t("keep.password"), PASSWORD).await?;
        console.fill(console.t("keep.again"), "another").await?;
        sign_in(console).await?;
        console.see(console.t("keep.differs")).await?;
        assert_eq!(typed(console, "seed.label").await?, seed);
        console.fill(console.t("keep.again"), PASSWORD).await?;
        sign_in(console).await?;
        console.page(console.t("list.past")).await?;
        // One of the three is called so, which only the account's key reveals.
        console
            .see(&console.t_with("list.count.one", &[("count", "1")]))
            .await?;
        let past = console.table(console.t("list.past")).await?;
        assert_eq!(past.rows.len(), 1, "{past:?}");
        let stored = kept(console).await?;
        for secret in [seed.as_str(), PASSWORD] {
            assert!(!stored.contains(secret), "it is stored in clear");
        }

        console.leave("shell.lock").await?;
        console.page(console.t("unlock.title")).await?;
        assert!(
            !console.text().await?.contains("load-test"),
            "what was shown is still there"
        );
        console.accessible().await?;
        console.fill(console.t("unlock.password"), "wrong password").await?;
        console.click(BUTTON, console.t("unlock.action")).await?;
        console.see(console.t("unlock.wrong")).await?;
        console.fill(console.t("unlock.password"), PASSWORD).await?;
        console.click(BUTTON, console.t("unlock.action")).await?;
        console.page(console.t("list.past")).await?;
        assert_eq!(console.route().await?, "/services/past?q=load");

        // Another start of the browser's page, at another address: locked, then there.
        console.goto(&format!("/service/{service}/containers")).await?;
        console.page(console.t("unlock.title")).await?;
        console.fill(console.t("unlock.password"), PASSWORD).await?;
        console.click(BUTTON, console.t("unlock.action")).await?;
        console.page("postgres").await?;
        assert_eq!(console.route().await?, format!("/service/{service}/containers"));

        console.leave("shell.lock").await?;
        console.click(BUTTON, console.t("unlock.forget")).await?;
        console.see(console.t("unlock.forget_effect")).await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("action.cancel")).await?;
        console.gone(HEADING, console.t("unlock.forget_title")).await?;
        console.page(console.t("unlock.title")).await?;
        console.click(BUTTON, console.t("unlock.forget")).await?;
        let dialog = console
            .find(browser_tests::DIALOG, console.t("unlock.forget_title"))
            .await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("unlock.forget"))
            .await?;
        console.page(console.t("sign_in.title")).await?;
        console.reload().await?;
        console.page(console.t("sign_in.title")).await
    })
    .await
}

#[tokio::test]
async fn an_access_token_can_be_kept_as_well() -> Result<()> {
    journey(Setup::default(), async |console| {
        let service = console.platform().service_in("North America", "ServiceRunning").await?;
        let token = console.platform().access_token(&service, "active").await?;
        console.goto("/").await?;
        way(console, "sign_in.token").await?;
        console.fill(console.t("token.label"), &token).await?;
        console.click(CHECKBOX, console.t("keep.label")).await?;
        console.fill(console.t("keep.password"), PASSWORD).await?;
        console.fill(console.t("keep.again"), PASSWORD).await?;
        sign_in(console).await?;
        console.page("shop-backend").await?;
        assert!(!kept(console).await?.contains(&token));
        console.reload().await?;
        console.page(console.t("unlock.title")).await?;
        console.fill(console.t("unlock.password"), PASSWORD).await?;
        console.click(BUTTON, console.t("unlock.action")).await?;
        console.page("shop-backend").await?;
        console.wait_route(&format!("/service/{service}")).await
    })
    .await
}

#[tokio::test]
async fn an_idle_console_locks_itself() -> Result<()> {
    journey(Setup::default(), async |console| {
        // Three seconds.
        console
            .platform()
            .configure(&json!({ "idleLockMinutes": 0.05 }))
            .await?;
        console.open_demo("/services/usable").await?;
        console.page(console.t("list.usable")).await?;
        console.page(console.t("sign_in.title")).await?;
        console
            .see(&console.t_with("sign_in.idle", &[("minutes", "0.05")]))
            .await?;

        let (seed, _) = console.platform().demo_account().await?;
        console.fill(console.t("seed.label"), &seed).await?;
        console.click(CHECKBOX, console.t("keep.label")).await?;
        console.fill(console.t("keep.password"), PASSWORD).await?;
        console.fill(console.t("keep.again"), PASSWORD).await?;
        sign_in(console).await?;
        console.page(console.t("unlock.title")).await?;
        console
            .see(&console.t_with("unlock.idle", &[("minutes", "0.05")]))
            .await?;
        console.accessible().await
    })
    .await
}
