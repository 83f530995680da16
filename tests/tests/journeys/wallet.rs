//! The wallet page: what the accounts have and are called, and what becomes of the seed phrase and the password.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use browser_tests::{BUTTON, CHECKBOX, Console, DIALOG, HEADING, LINK, RADIO, Setup, TAB, Table, journey, until};
use serde_json::{Value, json};
use thirtyfour::{Key, WebElement};
use vcloud_api::types::Currency;
use vsys::transaction::UNITS_PER_VSYS;
use vsys::{Account, Network, SeedPhrase, WalletFile};

use crate::identity::scanned;

const PASSWORD: &str = "correct horse battery";
const OTHER_PASSWORD: &str = "staple of the next one";
const BALANCES: &str = "/node/addresses/balance/details/";

async fn in_both_themes(console: &Console) -> Result<()> {
    console.accessible().await?;
    console.dark(true).await?;
    console.accessible().await?;
    console.dark(false).await
}

/// The addresses of the demo account's seed phrase.
async fn addresses(console: &Console, count: u32) -> Result<Vec<String>> {
    let (seed, _) = console.platform().demo_account().await?;
    let seed = SeedPhrase::new(seed.as_str())?;
    let address = |index| Account::derive(&seed, index, Network::Mainnet).address().to_string();
    Ok((0..count).map(address).collect())
}

/// Opens the wallet page with the demo account's seed phrase, which is kept under [`PASSWORD`].
async fn open_kept(console: &Console) -> Result<()> {
    let (seed, _) = console.platform().demo_account().await?;
    console.goto("/wallet").await?;
    console.fill(console.t("seed.label"), &seed).await?;
    console.click(CHECKBOX, console.t("keep.label")).await?;
    console.fill(console.t("keep.password"), PASSWORD).await?;
    console.fill(console.t("keep.again"), PASSWORD).await?;
    console.click(BUTTON, console.t("sign_in.action")).await?;
    console.page(console.t("wallet.title")).await
}

/// Every attribute's value.
async fn attributes(console: &Console) -> Result<String> {
    let script = "return [...document.querySelectorAll('*')]
        .flatMap((element) => [...element.attributes].map((attribute) => attribute.value)).join(' ')";
    let values = console.run(script).await?;
    Ok(values.as_str().context("no text")?.to_owned())
}

async fn unlock(console: &Console, password: &str) -> Result<()> {
    console.fill(console.t("unlock.password"), password).await?;
    console.click(BUTTON, console.t("unlock.action")).await
}

/// The name of an account without one of its own.
fn numbered(console: &Console, number: u32) -> String {
    console.t_with("account.number", &[("number", &number.to_string())])
}

/// The table of accounts, once it is as asked for.
async fn accounts(console: &Console, what: &str, is_so: impl Fn(&Table) -> bool) -> Result<Table> {
    console.table_where(console.t("wallet.accounts"), what, is_so).await
}

/// What the node says that an account has, as the page writes it: regular, available, effective, minting average.
async fn balances(console: &Console, address: &str) -> Result<[String; 4]> {
    let answer = console.platform().get(&format!("{BALANCES}{address}")).await?;
    let vsys = Currency {
        unit: UNITS_PER_VSYS,
        ..Currency::default()
    };
    let amount = |field: &str| -> Result<String> {
        let units = answer[field].as_u64().with_context(|| format!("no {field}"))?;
        Ok(vsys.coins(units)?.to_string())
    };
    Ok([
        amount("regular")?,
        amount("available")?,
        amount("effective")?,
        amount("mintingAverage")?,
    ])
}

/// Presses keys on an element, for who has no pointer.
async fn keys(element: &WebElement, keys: impl Into<thirtyfour::TypingData>) -> Result<()> {
    element.focus().await?;
    element.send_keys(keys).await?;
    Ok(())
}

/// Presses Enter on a button.
async fn enter(console: &Console, button: &str) -> Result<()> {
    keys(&console.find(BUTTON, button).await?, Key::Enter + "").await
}

/// Whether a text is anywhere in the document, shown or not, in the address or in what the browser keeps.
async fn is_anywhere(console: &Console, text: &str) -> Result<bool> {
    let script = format!(
        "const fields = [...document.querySelectorAll('input, textarea')].map((field) => field.value);
         const all = [document.documentElement.outerHTML, location.href, ...fields, ...Object.values(localStorage), ...Object.values(sessionStorage)];
         return all.some((each) => each.includes({}))",
        Value::from(text)
    );
    Ok(console.run(&script).await? == true)
}

#[tokio::test]
async fn accounts_are_added_named_and_chosen_by_keyboard() -> Result<()> {
    journey(Setup::default(), async |console| {
        let addresses = addresses(console, 12).await?;
        open_kept(console).await?;
        let table = accounts(console, "the balances", Table::is_complete).await?;
        assert_eq!(table.rows.len(), 1);
        assert_eq!(table.rows[0][2..6], balances(console, &addresses[0]).await?);

        // One more, which is not used by itself.
        enter(console, console.t("wallet.add")).await?;
        let table = accounts(console, "two accounts", |table| {
            table.rows.len() == 2 && table.is_complete()
        })
        .await?;
        assert_eq!(table.rows[1][2..6], balances(console, &addresses[1]).await?);
        console.see(console.t("wallet.total")).await?;
        console.find(BUTTON, &console.account_name(&addresses[0])).await?;

        // A name, which stays in this browser.
        let rename = |number| console.t_with("wallet.name_of", &[("name", &numbered(console, number))]);
        enter(console, &rename(2)).await?;
        console.field(console.t("wallet.name")).await?;
        console.see(console.t("wallet.name_rule")).await?;
        console.press("x".repeat(41)).await?;
        console.press(Key::Enter + "").await?;
        console
            .see(&console.t_with("overview_edit.too_long", &[("count", "41"), ("limit", "40")]))
            .await?;
        console.press(Key::Control + "a").await?;
        console.press("=储蓄").await?;
        console.press(Key::Enter + "").await?;
        let use_it = console.t_with("wallet.select_name", &[("name", "=储蓄")]);
        enter(console, &use_it).await?;
        console
            .find(BUTTON, &console.t_with("account.name", &[("address", "=储蓄")]))
            .await?;
        console
            .find(
                BUTTON,
                &console.t_with("wallet.select_name", &[("name", &numbered(console, 1))]),
            )
            .await?;

        // The address in full, and as a scanner reads it.
        let short = format!("{}…{}", &addresses[1][..6], &addresses[1][addresses[1].len() - 4..]);
        assert!(!console.text().await?.contains(&addresses[1]));
        enter(console, &console.t_with("wallet.address_show", &[("short", &short)])).await?;
        let title = console.t_with("wallet.address_of", &[("name", "=储蓄")]);
        let dialog = console.find(DIALOG, &title).await?;
        assert!(dialog.text().await?.contains(&addresses[1]));
        console.css("svg.qr").await?;
        assert_eq!(scanned(console).await?, addresses[1]);
        in_both_themes(console).await?;
        console.press(Key::Escape + "").await?;
        console.gone(DIALOG, &title).await?;

        // As many as wanted, but never without the one in use.
        enter(console, console.t("wallet.number_open")).await?;
        for (typed, key, value) in [
            ("101", "wallet.number_wrong", ("most", "100")),
            ("1", "wallet.number_in_use", ("number", "2")),
        ] {
            console.fill(console.t("wallet.number_label"), typed).await?;
            console.press(Key::Enter + "").await?;
            console.see(&console.t_with(key, &[value])).await?;
        }
        console.fill(console.t("wallet.number_label"), "12").await?;
        console.press(Key::Enter + "").await?;
        accounts(console, "twelve accounts", |table| {
            table.rows.len() == 12 && table.is_complete()
        })
        .await?;
        in_both_themes(console).await?;

        // The list of them has no private keys, and no formulas.
        console.click(BUTTON, console.t("wallet.csv")).await?;
        let list = fs::read_to_string(console.downloaded("addresses.csv").await?)?;
        let lines: Vec<&str> = list.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!((lines.len(), lines[0]), (13, "index,name,address,public_key"));
        assert!(
            lines[2].starts_with(&format!("2,'=储蓄,{},", addresses[1])),
            "{}",
            lines[2]
        );
        assert!(lines[1].starts_with(&format!("1,,{},", addresses[0])), "{}", lines[1]);

        // All of it is there the next time.
        console.reload().await?;
        unlock(console, PASSWORD).await?;
        let table = accounts(console, "the accounts again", |table| table.rows.len() == 12).await?;
        assert!(table.rows[1][1].contains("=储蓄"), "{:?}", table.rows[1]);
        console
            .find(BUTTON, &console.t_with("account.name", &[("address", "=储蓄")]))
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn balances_that_cannot_be_had_are_said_to_be_unknown_and_asked_for_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("the server responded with a status of 503");
        let addresses = addresses(console, 2).await?;
        let fault = json!({ "path": format!("{BALANCES}{}", addresses[1]), "status": 503 });
        console.platform().fault(fault).await?;
        console.open_demo("/wallet").await?;
        accounts(console, "the first balance", Table::is_complete).await?;
        console.click(BUTTON, console.t("wallet.add")).await?;
        console.see(console.t("error.server")).await?;
        let table = accounts(console, "one balance only", |table| {
            table.rows.len() == 2 && table.is_complete()
        })
        .await?;
        assert_eq!(table.rows[0][2..6], balances(console, &addresses[0]).await?);
        assert!(
            table.rows[1][2..6]
                .iter()
                .all(|cell| cell == console.t("wallet.unknown")),
            "{table:?}"
        );
        console
            .see(&console.t_with("wallet.total_known", &[("known", "1"), ("all", "2")]))
            .await?;
        in_both_themes(console).await?;

        console.platform().no_faults().await?;
        console.click(BUTTON, console.t("action.retry")).await?;
        let known = accounts(console, "both balances", |table| {
            table.rows.len() == 2 && table.rows[1][2] != console.t("wallet.unknown") && table.is_complete()
        })
        .await?;
        console.not_see(console.t("error.server")).await?;

        // What is known stays when the node is down, and is said to be old.
        console
            .platform()
            .fault(json!({ "path": format!("{BALANCES}*"), "status": 503 }))
            .await?;
        until("the balances to be old", async || {
            console.click(BUTTON, console.t("action.refresh")).await?;
            Ok(console
                .text()
                .await?
                .contains(console.t("error.stale_title"))
                .then_some(()))
        })
        .await?;
        assert_eq!(console.table(console.t("wallet.accounts")).await?, known);
        console.platform().no_faults().await?;
        until("the balances to be new", async || {
            console.click(BUTTON, console.t("action.refresh")).await?;
            Ok((!console.text().await?.contains(console.t("error.stale_title"))).then_some(()))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn the_seed_phrase_is_shown_for_its_password_only_and_the_password_can_be_changed() -> Result<()> {
    journey(Setup::default(), async |console| {
        let (seed, _) = console.platform().demo_account().await?;
        open_kept(console).await?;

        // A wrong password, no confirmation, and the right one.
        let title = console.t("wallet.phrase_title");
        enter(console, console.t("wallet.phrase_show")).await?;
        console.find(DIALOG, title).await?;
        console.fill(console.t("wallet.password_now"), "wrong password").await?;
        console.press(Key::Enter + "").await?;
        console.see(console.t("wallet.phrase_sure_missing")).await?;
        console.click(CHECKBOX, console.t("wallet.phrase_sure")).await?;
        console.click(BUTTON, console.t("wallet.phrase_action")).await?;
        console.see(console.t("unlock.wrong")).await?;
        in_both_themes(console).await?;
        ensure!(
            !is_anywhere(console, &seed).await?,
            "the phrase is there before it is shown"
        );
        let before = attributes(console).await?;
        console.fill(console.t("wallet.password_now"), PASSWORD).await?;
        console.press(Key::Enter + "").await?;
        console
            .see(console.t_with("access.hidden_in", &[("time", "")]).trim())
            .await?;
        let words = console
            .run("return [...document.querySelectorAll('dialog ol li')].map((item) => item.innerText.trim()).join(' ')")
            .await?;
        assert_eq!(words, seed);
        in_both_themes(console).await?;
        // The phrase is another one each time, and one or two of its words may be the page's own, such as "payment".
        let now = attributes(console).await?;
        let new: Vec<&str> = seed
            .split(' ')
            .filter(|word| now.contains(*word) && !before.contains(*word))
            .collect();
        ensure!(new.len() < 3, "attributes have {new:?}");
        console.click(BUTTON, console.t("wallet.phrase_hide")).await?;
        console.gone(DIALOG, title).await?;
        let (first, _) = seed.split_once(' ').context("one word")?;
        ensure!(
            !is_anywhere(console, &format!(">{first}<")).await?,
            "a word stays in the page"
        );
        // It is asked about again, and goes with its page too.
        console.click(LINK, console.t("list.running")).await?;
        console.page(console.t("list.running")).await?;
        console.click(LINK, console.t("wallet.title")).await?;
        enter(console, console.t("wallet.phrase_show")).await?;
        console.fill(console.t("wallet.password_now"), PASSWORD).await?;
        console.click(CHECKBOX, console.t("wallet.phrase_sure")).await?;
        console.click(BUTTON, console.t("wallet.phrase_action")).await?;
        console.find(BUTTON, console.t("wallet.phrase_copy")).await?;
        console.driver().back().await?;
        console.gone(DIALOG, title).await?;
        ensure!(
            !is_anywhere(console, &format!(">{first}<")).await?,
            "a word stays after the page"
        );
        console.driver().forward().await?;
        console.page(console.t("wallet.title")).await?;

        // The password: the current one is needed, and typed text stays where something is wrong.
        enter(console, console.t("wallet.change")).await?;
        console.find(DIALOG, console.t("wallet.change_title")).await?;
        console.fill(console.t("wallet.password_now"), "wrong password").await?;
        console.fill(console.t("keep.password"), "short").await?;
        console.press(Key::Enter + "").await?;
        console.see(console.t("keep.too_short")).await?;
        console.fill(console.t("keep.password"), OTHER_PASSWORD).await?;
        console.fill(console.t("keep.again"), OTHER_PASSWORD).await?;
        console.press(Key::Enter + "").await?;
        console.see(console.t("unlock.wrong")).await?;
        let typed = console.field(console.t("keep.again")).await?.prop("value").await?;
        assert_eq!(typed.as_deref(), Some(OTHER_PASSWORD));
        console.fill(console.t("wallet.password_now"), PASSWORD).await?;
        console.press(Key::Enter + "").await?;
        console.see(console.t("wallet.change_done")).await?;
        for secret in [seed.as_str(), PASSWORD, OTHER_PASSWORD] {
            ensure!(
                !is_anywhere(console, secret).await?,
                "a secret stays in the page or is stored"
            );
        }
        console.leave("shell.lock").await?;
        unlock(console, PASSWORD).await?;
        console.see(console.t("unlock.wrong")).await?;
        unlock(console, OTHER_PASSWORD).await?;
        console.page(console.t("wallet.title")).await?;

        // Forgotten, with the names, after a question that can be taken back.
        let rename = console.t_with("wallet.name_of", &[("name", &numbered(console, 1))]);
        enter(console, &rename).await?;
        console.fill(console.t("wallet.name"), "Savings").await?;
        console.press(Key::Enter + "").await?;
        console
            .find(BUTTON, &console.t_with("wallet.name_of", &[("name", "Savings")]))
            .await?;
        let title = console.t("wallet.forget_title");
        enter(console, console.t("wallet.forget")).await?;
        console.find(DIALOG, title).await?;
        console.see(console.t("wallet.forget_effect")).await?;
        console.click(BUTTON, console.t("action.cancel")).await?;
        console.gone(DIALOG, title).await?;
        enter(console, console.t("wallet.forget")).await?;
        let dialog = console.find(DIALOG, title).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("wallet.forget_action"))
            .await?;
        console.page(console.t("sign_in.title")).await?;
        ensure!(!is_anywhere(console, "Savings").await?, "a name is still stored");
        ensure!(!is_anywhere(console, "vsys-vault").await?, "the vault is still stored");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn wallet_files_are_exchanged_with_the_official_client_both_ways() -> Result<()> {
    journey(Setup::default(), async |console| {
        let (seed, _) = console.platform().demo_account().await?;
        let expected = addresses(console, 3).await?;
        open_kept(console).await?;
        console.click(BUTTON, console.t("wallet.number_open")).await?;
        console.fill(console.t("wallet.number_label"), "3").await?;
        console.press(Key::Enter + "").await?;
        accounts(console, "three accounts", |table| table.rows.len() == 3).await?;

        // From here to there, under a password of its own.
        console.click(BUTTON, console.t("wallet.back_up_action")).await?;
        console.find(DIALOG, console.t("wallet.back_up_title")).await?;
        console.fill(console.t("wallet.password_now"), "wrong password").await?;
        console
            .fill(console.t("wallet.back_up_password"), OTHER_PASSWORD)
            .await?;
        console.fill(console.t("keep.again"), OTHER_PASSWORD).await?;
        console.press(Key::Enter + "").await?;
        console.see(console.t("unlock.wrong")).await?;
        console.fill(console.t("wallet.password_now"), PASSWORD).await?;
        console.press(Key::Enter + "").await?;
        console.see(console.t("wallet.back_up_made")).await?;
        let file = console.downloaded("wallet.dat").await?;
        let text = fs::read_to_string(&file)?;
        assert_eq!(WalletFile::is_encrypted(&text), Ok(true));
        console.click(BUTTON, console.t("wallet.close")).await?;

        let client = console.official_with(&file, Some(OTHER_PASSWORD)).await?;
        let listed = client.run(&["wallet", "info"]).await?;
        assert_eq!(listed_addresses(&listed), expected);

        // Without a password only who says that they know what it means. The file holds what it must and nothing else.
        fs::remove_file(&file)?;
        console.click(BUTTON, console.t("wallet.back_up_action")).await?;
        console.fill(console.t("wallet.password_now"), PASSWORD).await?;
        console.click(RADIO, console.t("wallet.back_up_plain")).await?;
        console.see(console.t("wallet.back_up_plain_why")).await?;
        let save = console.find(BUTTON, console.t("wallet.back_up_save")).await?;
        assert!(!save.is_enabled().await?, "it can be saved without a decision");
        in_both_themes(console).await?;
        console.click(CHECKBOX, console.t("wallet.back_up_plain_sure")).await?;
        console.click(BUTTON, console.t("wallet.back_up_save")).await?;
        console.see(console.t("wallet.back_up_made")).await?;
        let plain: Value = serde_json::from_str(&fs::read_to_string(console.downloaded("wallet.dat").await?)?)?;
        let fields: Vec<&String> = plain.as_object().context("no object")?.keys().collect();
        assert_eq!(fields, ["seed", "nonce", "agent"]);
        assert_eq!((&plain["seed"], &plain["nonce"]), (&json!(seed), &json!(3)));
        console.click(BUTTON, console.t("wallet.close")).await?;

        // From there to here: the client gives its file another password and one more account.
        client.run(&["wallet", "generate-address", "--count", "1"]).await?;
        let more = client.run(&["wallet", "info"]).await?;
        client
            .run(&["wallet", "change-password", "--new-password", "of the client"])
            .await?;
        console.click(BUTTON, console.t("wallet.forget")).await?;
        let dialog = console.find(DIALOG, console.t("wallet.forget_title")).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("wallet.forget_action"))
            .await?;
        console.click(TAB, console.t("sign_in.file")).await?;
        console.upload("input[type=file]", &client.wallet()).await?;
        console.fill(console.t("file.password"), "of the client").await?;
        console.click(BUTTON, console.t("sign_in.action")).await?;
        console.page(console.t("wallet.title")).await?;
        accounts(console, "the client's accounts", |table| table.rows.len() == 4).await?;
        console.see(console.t("wallet.kept_not")).await?;
        console.click(BUTTON, console.t("wallet.csv")).await?;
        let list = fs::read_to_string(console.downloaded("addresses.csv").await?)?;
        let here: Vec<&str> = list.lines().skip(1).filter_map(|line| line.split(',').nth(2)).collect();
        assert_eq!(here, listed_addresses(&more));
        Ok(())
    })
    .await
}

fn listed_addresses(info: &Value) -> Vec<String> {
    let accounts = info["accounts"].as_array().cloned().unwrap_or_default();
    let address = |account: &Value| account["addr"].as_str().unwrap_or_default().to_owned();
    accounts.iter().map(address).collect()
}

#[tokio::test]
async fn the_wallet_is_looked_after_in_chinese_on_a_phone() -> Result<()> {
    let setup = Setup {
        language: "zh-CN",
        size: (390, 844),
        ..Setup::default()
    };
    journey(setup, async |console| {
        console.open_demo("/wallet").await?;
        console.page(console.t("wallet.title")).await?;
        console.click(BUTTON, console.t("wallet.add")).await?;
        accounts(console, "both accounts", |table| {
            table.rows.len() == 2 && table.is_complete()
        })
        .await?;
        console.fits().await?;
        in_both_themes(console).await?;

        // Nothing is kept, so nothing can be asked for but a confirmation.
        console.click(BUTTON, console.t("wallet.phrase_show")).await?;
        assert!(!console.text().await?.contains(console.t("wallet.password_now")));
        console.click(CHECKBOX, console.t("wallet.phrase_sure")).await?;
        console.click(BUTTON, console.t("wallet.phrase_action")).await?;
        console.find(BUTTON, console.t("wallet.phrase_copy")).await?;
        console.fits().await?;
        console.click(BUTTON, console.t("wallet.phrase_hide")).await?;

        // It can be kept from here on.
        console.see(console.t("wallet.kept_not")).await?;
        console.click(BUTTON, console.t("wallet.keep")).await?;
        console.find(DIALOG, console.t("wallet.keep_title")).await?;
        console.fill(console.t("keep.password"), PASSWORD).await?;
        console.fill(console.t("keep.again"), PASSWORD).await?;
        console.click(BUTTON, console.t("wallet.keep_action")).await?;
        console.see(console.t("wallet.kept_about")).await?;
        console.reload().await?;
        unlock(console, PASSWORD).await?;
        accounts(console, "both accounts again", |table| table.rows.len() == 2).await?;

        // An access token has no wallet: who follows the link is told so.
        let service = console.platform().service_in("Tokyo", "ServiceRunning").await?;
        let token = console.platform().access_token(&service, "active").await?;
        console.leave("shell.lock").await?;
        console.click(BUTTON, console.t("unlock.forget")).await?;
        let dialog = console.find(DIALOG, console.t("unlock.forget_title")).await?;
        console
            .click_within(Some(&dialog), BUTTON, console.t("unlock.forget"))
            .await?;
        console.sign_in_token(&token).await?;
        console.find(HEADING, console.t("access.elsewhere")).await?;
        assert!(!console.has(LINK, console.t("wallet.title")).await?);
        Ok(())
    })
    .await
}
