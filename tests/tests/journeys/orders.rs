//! More time and the orders that it makes: what the platform, its ledger and the official client say of each.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};
use browser_tests::{BUTTON, Console, DIALOG, HEADING, LINK, RADIO, Setup, Table, Texts, journey, until};
use serde_json::{Value, json};
use vcloud_api::calls::AddOrder;
use vcloud_api::types::{Currency, NewOrder, NewOrderItem};
use vcloud_api::{Auth, BaseUrl, Call as _, Decimal, Signing, money};
use vsys::{Account, Network, SeedPhrase, os_random};

use super::payments::{confirm, review};

const BROADCAST: &str = "/node/vsys/broadcast/payment";
const RENEW: &str = "/api/v1/order/renew";

fn decimal(number: &Value) -> Result<Decimal> {
    Ok(money::parse(number.to_string().trim_matches('"'))?)
}

/// Makes so many orders, as another program of the same account would.
async fn order_many(console: &Console, count: usize) -> Result<Vec<String>> {
    let (seed, _) = console.platform().demo_account().await?;
    let account = Account::derive(&SeedPhrase::new(seed)?, 0, Network::Mainnet);
    let host = BaseUrl::parse(console.platform().address())?;
    let sold = console
        .platform()
        .get("/api/v1/service/type?current=1&pageSize=100")
        .await?;
    let sold = sold["list"].as_array().context("a list of service types")?;
    let watcher = sold
        .iter()
        .find(|sold| sold["name"] == "Node Watcher")
        .context("a watcher")?;
    let http = reqwest::Client::new();
    let mut ids = Vec::new();
    for number in 0..count {
        let item = NewOrderItem {
            service_id: watcher["id"].as_str().unwrap_or_default().to_owned(),
            duration: 24 + number as u64,
            service_options: [("region", "Europe")].into_iter().collect(),
            expired_date: None,
        };
        let signing = Signing {
            signer: &account,
            user_agent: "orders",
            time: SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs(),
            random: &os_random()?,
        };
        let call = AddOrder(NewOrder {
            user_services: vec![item],
        });
        let mut request = reqwest::Request::try_from(call.request(&host, &Auth::Signed(signing))?)?;
        request.headers_mut().insert("user-agent", "orders".parse()?);
        let answer: Value = http.execute(request).await?.json().await?;
        ids.push(
            answer["id"]
                .as_str()
                .with_context(|| format!("no id in {answer}"))?
                .to_owned(),
        );
    }
    Ok(ids)
}

/// Opens the renewal of a service of each provider from the list.
async fn renew_two(console: &Console) -> Result<[String; 2]> {
    let modern = console.platform().service_in("Europe", "ServiceRunning").await?;
    let legacy = console.platform().service_in("Asia", "ServiceRunning").await?;
    console.open_demo("/services/running").await?;
    console.select_services(&[&modern, &legacy]).await?;
    console.click(BUTTON, console.t("renew.title")).await?;
    console.page(console.t("renew.title")).await?;
    let ids = [modern, legacy];
    for id in &ids {
        console.field(&format!("{}: {id}", console.t("renew.hours"))).await?;
    }
    Ok(ids)
}

/// Waits until there are orders to pay, and answers them as the official client sees them.
async fn pending_orders(console: &Console, count: usize) -> Result<Vec<Value>> {
    let official = console.official().await?;
    let list = official
        .run(&["order", "list", "--status", "OrderPending", "--page-size", "100"])
        .await?;
    let list = list["list"].as_array().cloned().unwrap_or_default();
    ensure!(list.len() == count, "there are {} orders: {list:?}", list.len());
    Ok(list)
}

#[tokio::test]
async fn services_of_two_providers_are_renewed_by_two_orders_with_exact_amounts() -> Result<()> {
    journey(Setup::default(), async |console| {
        let [modern, legacy] = renew_two(console).await?;
        let hours = |id: &str| format!("{}: {id}", console.t("renew.hours"));
        let table = console.t("renew.services");
        console.accessible().await?;
        // What makes no sense is said at its field, and nothing can be ordered.
        for wrong in ["0", "1.5"] {
            console.fill(&hours(&modern), wrong).await?;
            console.see(console.t("renew.no_hours")).await?;
        }
        console.accessible().await?;
        let action = |count| console.counted("renew.action", count);
        console.click(BUTTON, console.t("renew.one_day")).await?;
        console.not_see(console.t("renew.no_hours")).await?;
        let amounts = |table: &Table| -> Vec<String> {
            table
                .column(console.t("renew.amount"))
                .into_iter()
                .map(str::to_owned)
                .collect()
        };
        let shown = console
            .table_where(table, "prices", |table| {
                amounts(table).iter().all(|amount| amount.ends_with("USD"))
            })
            .await?;
        // In the order of the list: 1 unit at 0.002 and 2 units at 0.0025 USD an hour, with the factor of a day.
        assert_eq!(amounts(&shown), ["0.04704 USD", "0.1176 USD"]);
        assert_eq!(shown.column(console.t("renew.price")), ["0.002 × 0.98", "0.005 × 0.98"]);
        console.see("0.16464 USD").await?;

        // A date in local time: the hours until then, rounded up.
        let end = console.platform().service(&legacy).await?["endAt"]
            .as_i64()
            .context("an end")?;
        set_until(console, &legacy, end + 47 * 3600 + 60).await?;
        let field = console.field(&hours(&legacy)).await?;
        assert_eq!(field.prop("value").await?.as_deref(), Some("48"));
        set_until(console, &legacy, end - 60).await?;
        console.see(console.t("renew.too_early")).await?;
        set_until(console, &legacy, end + 47 * 3600 + 60).await?;
        console.not_see(console.t("renew.too_early")).await?;
        console.see("0.09408 USD").await?;
        let text = console.text().await?;
        assert!(text.contains(&iso(end + 48 * 3600)), "the new end is missing: {text}");

        console.click(BUTTON, &action(2)).await?;
        console.wait_route("/orders").await?;
        console
            .table_where(console.t("orders.pending"), "both orders", |table| {
                table.rows.len() == 2
            })
            .await?;
        assert_eq!(console.posted(RENEW).await?.len(), 2);
        let orders = pending_orders(console, 2).await?;
        for (id, amount, hours) in [(&modern, "0.1176", 24), (&legacy, "0.09408", 48)] {
            let order = orders
                .iter()
                .find(|order| order["userServices"][0]["id"] == id.as_str())
                .with_context(|| format!("no order for {id}"))?;
            assert_eq!(decimal(&order["amount"])?.to_string(), amount);
            assert_eq!(order["type"], "OrderRenew");
            assert_eq!(order["userServices"][0]["duration"], hours);
            let sent = console.posted(RENEW).await?;
            let body =
                format!(r#"{{"userServices":[{{"userServiceID":"{id}","duration":{hours},"amount":{amount}}}]}}"#);
            assert!(
                sent.iter().any(|call| call.body == body),
                "{body} is not among {sent:?}"
            );
        }
        Ok(())
    })
    .await
}

fn iso(seconds: i64) -> String {
    // The journey's zone is UTC, and the console writes dates the Swedish way.
    let days = seconds.div_euclid(86_400);
    let (z, rest) = (days + 719_468, seconds.rem_euclid(86_400));
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let (day, month) = (day_of_year - (153 * shifted + 2) / 5 + 1, (shifted + 2) % 12 + 1);
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}",
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}

/// Enters a moment in the field of a service, as a date picker does.
async fn set_until(console: &Console, id: &str, seconds: i64) -> Result<()> {
    let field = console
        .css(&format!("input[type=datetime-local][aria-label$='{id}']"))
        .await?;
    let moment = iso(seconds).replace(' ', "T");
    let script = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', { bubbles: true }))";
    console
        .driver()
        .execute(script, vec![field.to_json()?, json!(moment)])
        .await?;
    Ok(())
}

#[tokio::test]
async fn orders_are_made_once_and_a_failed_one_is_named_and_made_later() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("the server responded with a status of 400");
        // Opened by its address, the page does not know which provider to ask for a service.
        console.expect_error("the server responded with a status of 404");
        let ids = renew_two(console).await?;
        console.click(BUTTON, console.t("renew.one_week")).await?;
        let hours_of = |id: &str| format!("{}: {id}", console.t("renew.hours"));
        console.fill(&hours_of(&ids[1]), "24").await?;
        until("the hours to be kept", async || {
            let stored = console.run("return JSON.stringify({ ...localStorage })").await?;
            Ok(stored.to_string().contains(r#"\\\":\\\"24"#).then_some(()))
        })
        .await?;
        let route = console.route().await?;
        console.open_demo(&route).await?;
        console.see(console.t("renew.draft")).await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("draft.continue")).await?;
        for (id, hours) in ids.iter().zip(["168", "24"]) {
            let field = console.field(&hours_of(id)).await?;
            assert_eq!(field.prop("value").await?.as_deref(), Some(hours));
        }
        let body = json!({ "error": { "code": 400, "message": "the shop is closed" } }).to_string();
        console
            .platform()
            .fault(json!([
                { "path": RENEW, "method": "POST", "status": 400, "body": body, "times": 1 },
                { "path": RENEW, "method": "POST", "latencyMs": 800 },
            ]))
            .await?;
        let action = console.counted("renew.action", 2);
        let button = console.find(BUTTON, &action).await?;
        until("the orders to be possible", async || {
            Ok(button.is_enabled().await?.then_some(()))
        })
        .await?;
        // Two clicks before the page could do anything about the first one.
        console
            .driver()
            .execute("arguments[0].click(); arguments[0].click()", vec![button.to_json()?])
            .await?;
        console.see("the shop is closed").await?;
        console.see("USD").await?;
        let again = console.t("renew.action.one");
        until("one order to be left", async || {
            Ok(console.find(BUTTON, again).await?.is_enabled().await?.then_some(()))
        })
        .await?;
        console.accessible().await?;
        assert_eq!(console.posted(RENEW).await?.len(), 2);
        pending_orders(console, 1).await?;
        console.click(BUTTON, again).await?;
        console.wait_route("/orders").await?;
        assert_eq!(console.posted(RENEW).await?.len(), 3);
        pending_orders(console, 2).await?;
        // What is ordered is not offered to be ordered again.
        console.open_demo(&route).await?;
        console.field(&hours_of(&ids[0])).await?;
        assert!(!console.has(BUTTON, console.t("draft.continue")).await?);
        Ok(())
    })
    .await
}

/// What is beside a term of a list of facts.
async fn fact(console: &Console, term: &str) -> Result<String> {
    let script = format!(
        "const term = [...document.querySelectorAll('dt')].find((term) => term.textContent.trim() === {});
         return term?.nextElementSibling?.querySelector('.mono')?.textContent ?? null",
        Value::from(term)
    );
    until(&format!("the fact {term}"), async || {
        Ok(console.run(&script).await?.as_str().map(str::to_owned))
    })
    .await
}

#[tokio::test]
async fn an_order_is_paid_by_what_its_page_says_and_the_page_follows_it() -> Result<()> {
    journey(Setup::default(), async |console| {
        let (seed, address) = console.platform().demo_account().await?;
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        let end = console.platform().service(&id).await?["endAt"]
            .as_i64()
            .context("an end")?;
        console.open_demo(&format!("/service/{id}")).await?;
        console.page("metrics").await?;
        console.click(BUTTON, console.t("renew.title")).await?;
        console.page(console.t("renew.title")).await?;
        console.field(&format!("{}: {id}", console.t("renew.hours"))).await?;
        console.click(BUTTON, console.t("renew.one_month")).await?;
        console.click(BUTTON, console.t("renew.action.one")).await?;
        console.page(console.t("orders.pay")).await?;
        console.see(console.t("orders.waiting_title")).await?;
        let order = console.route().await?.trim_start_matches("/order/").to_owned();

        // The amounts are those of the contract; the client's own, in binary fractions, is at most a unit away.
        let official = console.official().await?;
        let known = official.run(&["order", "get", &order]).await?;
        let usd = decimal(&known["amount"])?;
        let currencies = official.run(&["order", "currencies"]).await?;
        let currencies: Vec<Currency> = serde_json::from_value(currencies["list"].clone())?;
        for currency in &currencies {
            let amount = currency.coins(currency.units_for(usd)?)?.to_string();
            let choice = console.find(RADIO, &choice(console, currency, &amount)).await?;
            choice.click().await?;
            until("the amount of the currency", async || {
                Ok((fact(console, console.t("orders.pay_amount")).await? == amount).then_some(()))
            })
            .await?;
            let has_code = console.has("image", console.t("orders.code")).await?
                || console.has("img", console.t("orders.code")).await?;
            assert_eq!(has_code, currency.is_native(), "{}", currency.symbol_name);
            console.accessible().await?;
        }
        let account = Account::derive(&SeedPhrase::new(seed)?, 0, Network::Mainnet);
        assert_eq!(account.address().to_string(), address);
        let attachment = fact(console, console.t("orders.attachment")).await?;
        assert_eq!(attachment, format!("{order};{}", account.public_key()));
        assert_eq!(
            fact(console, console.t("orders.recipient")).await?,
            known["recipient"].as_str().unwrap_or_default()
        );

        // A part first, by the command that the page shows, with half the amount.
        let native = &currencies[0];
        let half = native.coins(native.units_for(usd)? / 2)?.to_string();
        official
            .run(&["order", "pay", &order, "--amount", &half, "--currency-index", "0"])
            .await?;
        console.see(console.t("orders.partly_title")).await?;
        console
            .click(RADIO, &{
                let known = official.run(&["order", "get", &order]).await?;
                let due = usd - decimal(&known["amountPaid"])?;
                choice(console, native, &native.coins(native.units_for(due)?)?.to_string())
            })
            .await?;
        console.accessible().await?;
        let command = until("the command", async || {
            let text = console.text().await?;
            let line = text.lines().find(|line| line.trim().starts_with("vcloud "));
            Ok(line.map(|line| line.trim().to_owned()))
        })
        .await?;
        let arguments: Vec<&str> = command.split(' ').skip(1).collect();
        assert_eq!(arguments[..3], ["order", "pay", order.as_str()]);
        let paid = official.run(&arguments).await?;
        assert_eq!(paid["status"], "paid");
        console.see(console.t("orders.filed_title")).await?;
        console.accessible().await?;
        assert!(!console.has(HEADING, console.t("orders.pay")).await?);
        assert_eq!(official.run(&["order", "get", &order]).await?["status"], "OrderFiled");
        console.click(LINK, &id).await?;
        let extended = console.platform().service(&id).await?["endAt"]
            .as_i64()
            .context("an end")?;
        assert_eq!(extended, end + 720 * 3600);
        console.see(&iso(extended)).await
    })
    .await
}

/// The name of the choice of a currency: its coin, rate and amount.
fn choice(console: &Console, currency: &Currency, amount: &str) -> String {
    let rate = currency.exchange_rate.normalize().to_string();
    let rate = console.t_with("orders.rate", &[("coin", &currency.symbol_name), ("rate", &rate)]);
    format!("{0} {rate} {amount} {0}", currency.symbol_name)
}

#[tokio::test]
async fn a_changed_rate_and_a_refusal_are_said() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        console.platform().configure(&json!({ "refreshSeconds": 1 })).await?;
        let id = order_many(console, 1).await?.remove(0);
        console.open_demo(&format!("/order/{id}")).await?;
        console.page(console.t("orders.pay")).await?;
        let mut currencies = console.platform().get("/api/v1/currency").await?;
        currencies["list"][0]["exchangeRate"] = json!(2000);
        let fault = json!({ "path": "/api/v1/currency", "body": currencies.to_string() });
        console.platform().fault(fault).await?;
        console.see(console.t("orders.rate_changed")).await?;
        // 24 hours at 0.004 USD.
        until("the new amount", async || {
            Ok((fact(console, console.t("orders.pay_amount")).await? == "192").then_some(()))
        })
        .await?;
        console.accessible().await?;
        console.goto("/order/63a029afbf1a142380a26c8a").await?;
        console.sign_in_demo().await?;
        console.see(console.t("error.not_found")).await?;
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn an_order_whose_time_is_over_is_not_paid() -> Result<()> {
    journey(Setup::default(), async |console| {
        let expire = async |order: &str| {
            console
                .platform()
                .post(&format!("/dev/orders/{order}/expire"), &json!({}))
                .await
        };
        // While its payment was reviewed: nothing is signed.
        let order = console.platform().order(24).await?;
        console.open_demo(&format!("/order/{order}")).await?;
        review(console).await?;
        expire(&order).await?;
        confirm(console).await?;
        console.see(console.t("orders.closed_title")).await?;
        console.see("OrderExpired").await?;
        console.gone(DIALOG, console.t("payments.review_title")).await?;
        assert!(!console.has(BUTTON, console.t("payments.confirm")).await?);
        console.accessible().await?;
        assert!(console.platform().paid_for(&order).await?.is_empty());
        assert!(console.requests_to(BROADCAST).await?.is_empty());

        // While its payment was on the way: the coins are where they were sent, and nobody says that it counts.
        let order = console.platform().order(24).await?;
        let fault = json!({ "path": BROADCAST, "latencyMs": 1500 });
        console.platform().fault(fault).await?;
        console.open_demo(&format!("/order/{order}")).await?;
        review(console).await?;
        confirm(console).await?;
        until("the payment to be on its way", async || {
            Ok((!console.requests_to(BROADCAST).await?.is_empty()).then_some(()))
        })
        .await?;
        expire(&order).await?;
        console.see(console.t("payments.confirmed_title")).await?;
        console.see(console.t("orders.closed_title")).await?;
        assert!(!console.has(DIALOG, console.t("payments.review_title")).await?);
        assert_eq!(console.platform().paid_for(&order).await?.len(), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn orders_are_turned_filtered_and_searched_in_both_languages_and_on_a_phone() -> Result<()> {
    journey(Setup::default(), async |console| {
        let ids = order_many(console, 23).await?;
        console.open_demo("/orders").await?;
        let pending = console.t("orders.pending");
        let first = console
            .table_where(pending, "a page", |table| table.rows.len() == 20)
            .await?;
        // Made within one second, they are in any order.
        let newest = first.column(console.t("orders.id"))[0].to_owned();
        console.see(&console.counted("orders.count", 23)).await?;
        console.accessible().await?;
        console.dark(true).await?;
        console.accessible().await?;
        console.dark(false).await?;
        console.click(BUTTON, console.t("pager.next")).await?;
        console.wait_route("/orders?page=2").await?;
        let second = console
            .table_where(pending, "the rest", |table| table.rows.len() == 3)
            .await?;
        let older = second.column(console.t("orders.id"))[0].to_owned();
        for id in &ids {
            assert_ne!(
                first.row(id).is_some(),
                second.row(id).is_some(),
                "{id} is on one of the pages"
            );
        }
        console.fill(console.t("orders.search"), &older).await?;
        console
            .table_where(pending, "what is looked for", |table| {
                table.rows.len() == 1 && table.row(&older).is_some()
            })
            .await?;
        console.fill(console.t("orders.search"), "nothing of that kind").await?;
        console.page(console.t("list.nothing_found")).await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("list.show_all")).await?;
        console
            .table_where(pending, "the rest", |table| table.rows.len() == 3)
            .await?;
        console.click(LINK, console.t("orders.filed")).await?;
        console.wait_route("/orders?status=filed").await?;
        console.page(console.t("orders.empty_filed")).await?;
        console.click(LINK, console.t("orders.paid")).await?;
        console.page(console.t("orders.empty_paid")).await?;
        console.accessible().await?;
        console.click(LINK, pending).await?;
        console
            .click(LINK, &console.t_with("orders.pay_of", &[("id", &newest)]))
            .await?;
        console.wait_route(&format!("/order/{newest}")).await?;
        console.page(console.t("orders.pay")).await?;
        console.see(console.t("orders.attachment")).await?;

        console.size(390, 844).await?;
        console.fits().await?;
        console.accessible().await?;
        console.goto("/orders").await?;
        console.sign_in_demo().await?;
        console
            .table_where(pending, "a page", |table| table.rows.len() == 20)
            .await?;
        console.fits().await?;
        console.accessible().await?;
        let running = console.platform().service_in("Europe", "ServiceRunning").await?;
        let usable = console.platform().service_in("North America", "ServicePending").await?;
        console
            .goto(&format!("/renew?service={running}&service={usable}"))
            .await?;
        console.sign_in_demo().await?;
        console.see(console.t("keys.why_not_deployed")).await?;
        console.click(BUTTON, console.t("renew.one_year")).await?;
        console.see("USD").await?;
        console.fits().await?;
        console.accessible().await?;

        let texts = Texts::load("zh-CN")?;
        console.click(BUTTON, console.t("settings.name")).await?;
        console.click(BUTTON, texts.text("_name")).await?;
        console.page(texts.text("renew.title")).await?;
        console.see(texts.text("renew.total")).await?;
        console.fits().await?;
        console.accessible().await
    })
    .await
}
