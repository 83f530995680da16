//! The browser extension "V Wallet": signing in by it, having it sign, and what it refuses.

use anyhow::{Result, ensure};
use browser_tests::{BUTTON, Console, FakeExtension, HEADING, LINK, Setup, TAB, Texts, journey, until};
use thirtyfour::Key;

const DENIED: &str = "User denied the action";

pub async fn open_at(console: &Console, route: &str) -> Result<FakeExtension> {
    let extension = FakeExtension::install(console).await?;
    console.goto(route).await?;
    console.click(TAB, console.t("extension.name")).await?;
    Ok(extension)
}

async fn open(console: &Console) -> Result<FakeExtension> {
    open_at(console, "/").await
}

pub async fn sign_in(console: &Console, extension: &FakeExtension) -> Result<()> {
    console.click(BUTTON, console.t("extension.action")).await?;
    extension.serve_selected(console).await?;
    console.gone(BUTTON, console.t("extension.asking")).await
}

async fn in_both_themes(console: &Console) -> Result<()> {
    console.accessible().await?;
    console.dark(true).await?;
    console.accessible().await?;
    console.dark(false).await
}

#[tokio::test]
async fn the_extension_signs_in_says_what_works_and_ends_the_session_when_its_account_changes() -> Result<()> {
    journey(Setup::default(), async |console| {
        // Without it, its tab says what it is; found by the keyboard.
        console.goto("/").await?;
        console.find(TAB, console.t("sign_in.seed")).await?.focus().await?;
        for _ in 0..3 {
            console.press(Key::Right).await?;
        }
        console.see(console.t("extension.absent")).await?;
        ensure!(!console.has(BUTTON, console.t("extension.action")).await?);

        let mut extension = open(console).await?;
        in_both_themes(console).await?;
        // The wrong network, a locked extension and a no are explained, and nobody is signed in.
        let action = console.t("extension.action").to_owned();
        console.click(BUTTON, &action).await?;
        extension.network = vsys::Network::Testnet;
        extension.serve(console, "info").await?;
        console.see(console.t("extension.network_advice")).await?;
        extension.network = vsys::Network::Mainnet;
        for (words, key) in [
            ("account is locked", "extension.locked"),
            ("User denied the website access extension wallet", "extension.denied"),
        ] {
            console.click(BUTTON, &action).await?;
            extension.serve(console, "info").await?;
            extension.refuse(console, "publicKey", words).await?;
            console.see(console.t(key)).await?;
        }
        sign_in(console, &extension).await?;

        // The lists are there, and looking at them asks for no signature.
        console.page(console.t("list.running")).await?;
        let running = console.platform().service_in("North America", "ServiceRunning").await?;
        console.see(&running).await?;
        let address = extension.account.address().to_string();
        console.click(BUTTON, &console.account_name(&address)).await?;
        console.see(console.t("extension.signed_in")).await?;
        console.see(console.t("extension.works_not_advice")).await?;
        in_both_themes(console).await?;
        console.press(Key::Escape).await?;
        ensure!(extension.count(console, "signContent").await? == 0);

        // Its one account is on the wallet page, which says what the extension keeps to itself; so does the page that sends.
        console.click(LINK, console.t("wallet.title")).await?;
        console.page(console.t("wallet.title")).await?;
        console.see(console.t("extension.wallet_keeps")).await?;
        console.see(console.t("wallet.in_use")).await?;
        for absent in [
            "wallet.add",
            "wallet.phrase_show",
            "wallet.back_up_action",
            "wallet.keep",
        ] {
            ensure!(!console.has(BUTTON, console.t(absent)).await?, "{absent} is offered");
        }
        console.accessible().await?;
        console.picture("extension-wallet").await?;
        console
            .run("history.pushState({}, '', '/wallet/send'); dispatchEvent(new PopStateEvent('popstate'))")
            .await?;
        console.see(console.t("extension.send_advice")).await?;
        console.run("history.back()").await?;
        console.page(console.t("wallet.title")).await?;

        // Another account: signed out, and told why.
        extension.select_other(console).await?;
        extension.serve_selected(console).await?;
        console.find(HEADING, console.t("sign_in.title")).await?;
        console.see(console.t("extension.ended_account")).await?;
        extension.never_overlapped(console).await?;

        // After a reload its tab is the first one, and one click signs in.
        extension = FakeExtension::install(console).await?;
        console.reload().await?;
        sign_in(console, &extension).await?;
        console.page(console.t("wallet.title")).await
    })
    .await
}

#[tokio::test]
async fn what_is_sealed_is_said_and_a_renewal_is_signed_once_after_a_no() -> Result<()> {
    journey(Setup::default(), async |console| {
        let extension = open(console).await?;
        sign_in(console, &extension).await?;
        let id = console.platform().service_in("North America", "ServiceRunning").await?;
        console.click_text("a", &id).await?;
        console.see(console.t("extension.sealed_advice")).await?;
        let restart = console.find(BUTTON, console.t("operation.restart")).await?;
        ensure!(!restart.is_enabled().await?, "a restart is offered that cannot be");

        console.click(BUTTON, console.t("renew.title")).await?;
        console.page(console.t("renew.title")).await?;
        console.field(&format!("{}: {id}", console.t("renew.hours"))).await?;
        console.click(BUTTON, console.t("renew.one_week")).await?;
        let action = console.t("renew.action.one").to_owned();
        console.click(BUTTON, &action).await?;
        extension.refuse(console, "signContent", DENIED).await?;
        console.see(console.t("extension.denied")).await?;
        ensure!(
            console.posted("/api/v1/order/renew").await?.is_empty(),
            "sent without a signature"
        );
        console.click(BUTTON, &action).await?;
        extension.serve(console, "signContent").await?;
        until("the renewal to be sent", async || {
            let sent = console.posted("/api/v1/order/renew").await?;
            Ok((!sent.is_empty()).then_some(()))
        })
        .await?;
        ensure!(console.posted("/api/v1/order/renew").await?.len() == 1);
        extension.never_overlapped(console).await
    })
    .await
}

#[tokio::test]
async fn the_extension_is_explained_in_chinese_on_a_phone() -> Result<()> {
    let setup = Setup {
        language: "zh-CN",
        size: (390, 844),
        ..Setup::default()
    };
    journey(setup, async |console| {
        let texts = Texts::load("zh-CN")?;
        let extension = open(console).await?;
        console.see(texts.text("extension.works_advice")).await?;
        console.fits().await?;
        in_both_themes(console).await?;
        console.click(BUTTON, texts.text("extension.action")).await?;
        extension.refuse(console, "info", "account is not created").await?;
        console.see(texts.text("extension.no_account_advice")).await
    })
    .await
}
