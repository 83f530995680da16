//! The market, the cart and what becomes of an order: as the page, the platform and the official client tell it.

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, COMBOBOX, Console, DIALOG, HEADING, LINK, Setup, journey, until};
use serde_json::{Value, json};
use thirtyfour::Key;
use vcloud_api::{Decimal, money};

use super::payments::{confirm, review};

const ADD: &str = "/api/v1/order/add";
const OLDER: &str = "v-kube-legacy";

/// The service type of that name at that provider, as the platform sells it.
async fn sold(console: &Console, name: &str, is_older: bool) -> Result<Value> {
    let all = console
        .platform()
        .get("/api/v1/service/type?current=1&pageSize=100")
        .await?;
    let all = all["list"].as_array().context("a list of service types")?.clone();
    let found = all
        .into_iter()
        .find(|sold| sold["name"] == name && (sold["provider"] == OLDER) == is_older);
    found.context("no such service type")
}

/// The address of a service type's page.
pub async fn address(console: &Console, name: &str, is_older: bool) -> Result<String> {
    let sold = sold(console, name, is_older).await?;
    let text = |key: &str| sold[key].as_str().map(str::to_owned).context("a text");
    Ok(format!("/market/{}/{}", text("provider")?, text("id")?))
}

/// Puts a day of the event watcher and two months of two containers of the older provider into the cart: two orders.
async fn fill_cart(console: &Console) -> Result<()> {
    console
        .open_demo(&address(console, "Node Watcher", false).await?)
        .await?;
    console.page("Node Watcher").await?;
    console.fill(console.t("market.duration"), "1").await?;
    console.click(BUTTON, console.t("market.add")).await?;
    console.see(&console.counted("market.in_cart", 1)).await?;
    console.click(LINK, console.t("market.title")).await?;
    console.fill(console.t("market.search"), "older").await?;
    console
        .table_where(console.t("market.title"), "what was looked for", |table| {
            table.rows.len() == 1
        })
        .await?;
    console.click(LINK, "Container Service").await?;
    console.page("Container Service").await?;
    console.choose(console.t("service.region"), "Asia").await?;
    console.choose(console.t("market.size"), "2-Unit-Resource").await?;
    console.fill(console.t("market.duration"), "60").await?;
    console.fill(console.t("market.number"), "2").await?;
    console.click(BUTTON, console.t("market.order_now")).await?;
    console.page(console.t("cart.title")).await?;
    // 0.004 × 24, and 2 × 0.004 × 0.9 × 1440.
    console.see("0.096 USD").await?;
    console.see("10.368 USD").await?;
    console.see("10.464 USD").await
}

/// The order whose page opens.
pub async fn made(console: &Console) -> Result<String> {
    until("the order's page", async || {
        let route = console.route().await?;
        Ok(route.strip_prefix("/order/").map(str::to_owned))
    })
    .await
}

/// The demo account's orders that wait for payment.
pub async fn pending(console: &Console) -> Result<Vec<Value>> {
    let official = console.official().await?;
    let list = official.run(&["order", "list", "--status", "OrderPending"]).await?;
    let list = list.as_array().or_else(|| list["list"].as_array()).context("a list")?;
    Ok(list.clone())
}

#[tokio::test]
async fn a_service_is_chosen_ordered_paid_and_offered_to_be_started() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.open_demo("/market").await?;
        console
            .table_where(console.t("market.title"), "all that is on sale", |table| {
                table.rows.len() == 4
            })
            .await?;
        console.picture("market").await?;
        console.accessible().await?;
        console.fill(console.t("market.search"), "one network").await?;
        console
            .table_where(console.t("market.title"), "what was looked for", |table| {
                table.rows.len() == 1
            })
            .await?;
        console.click(LINK, "Container Service").await?;
        console.page("Container Service").await?;

        // What is missing is said, and nothing is put into the cart.
        console.click(BUTTON, console.t("market.add")).await?;
        console.see(console.t("market.choose_one")).await?;
        console.choose(console.t("service.region"), "Tokyo").await?;
        console.choose(console.t("market.size"), "2-Unit-Resource").await?;
        console.fill(console.t("market.duration"), "1.5").await?;
        console.see(console.t("market.not_whole")).await?;
        console.fill(console.t("market.duration"), "23").await?;
        console
            .choose(console.t("market.unit"), console.t("market.hours"))
            .await?;
        // 0.005 × 23: a day would make it cheaper an hour.
        console.see("0.115 USD").await?;
        console.fill(console.t("market.duration"), "24").await?;
        console.see("0.1176 USD").await?;
        console.fill(console.t("market.number"), "101").await?;
        console.see(console.t("market.no_count")).await?;
        console.fill(console.t("market.number"), "2").await?;
        console.see("0.2352 USD").await?;
        console.picture("market-form").await?;
        console.accessible().await?;
        console.dark(true).await?;
        console.accessible().await?;
        console.picture("market-form-dark").await?;
        console.dark(false).await?;

        console.click(BUTTON, console.t("market.order_now")).await?;
        console.page(console.t("cart.title")).await?;
        console.see("0.2352 USD").await?;
        console.click(BUTTON, &console.counted("renew.action", 1)).await?;
        let order = made(console).await?;
        let made = console.platform().get_order(&order).await?;
        assert_eq!(made.amount, money::parse("0.2352")?);
        assert_eq!(made.user_services.len(), 2);
        let sent = console.posted(ADD).await?;
        assert_eq!(sent.len(), 1, "{sent:?}");

        review(console).await?;
        confirm(console).await?;
        console.see(console.t("payments.confirmed_title")).await?;
        let filed = console.filed(&order).await?;
        let first = filed.user_services[0].id.clone();
        let name = console.t_with("market.start_of", &[("id", &first)]);
        console.find(LINK, &name).await?;
        console.accessible().await?;
        console.picture("market-start").await?;
        console.click(LINK, &name).await?;
        console.wait_route(&format!("/service/{first}/deployment")).await?;
        console.find(BUTTON, console.t("deploy.review")).await?;

        let official = console.official().await?;
        let seen = official.run(&["order", "get", &order]).await?;
        assert_eq!(seen["status"], "OrderFiled", "{seen}");
        let services = official
            .run(&["service", "list", "--status", "ServicePending"])
            .await?
            .to_string();
        for service in &filed.user_services {
            assert!(services.contains(&service.id), "{services}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_cart_over_two_providers_survives_a_reload_and_a_refusal() -> Result<()> {
    journey(Setup::default(), async |console| {
        let before = pending(console).await?.len();
        fill_cart(console).await?;
        console.accessible().await?;
        console.picture("cart").await?;
        console.size(390, 844).await?;
        console.fits().await?;
        console.picture("cart-narrow").await?;
        console.size(1280, 800).await?;
        console.reload().await?;
        console.sign_in_demo().await?;
        console.see("10.464 USD").await?;

        // A line is changed and goes back to its place.
        console
            .click(LINK, &console.t_with("cart.edit_of", &[("name", "Node Watcher")]))
            .await?;
        console.page("Node Watcher").await?;
        console.fill(console.t("market.duration"), "2").await?;
        console.click(BUTTON, console.t("market.save")).await?;
        console.page(console.t("cart.title")).await?;
        console.see("10.56 USD").await?;

        // One provider's order is refused: the other's is made, and its lines stay.
        console.expect_error("status of 400");
        let refusal = json!({ "code": 2, "message": "the region is full" }).to_string();
        console
            .platform()
            .fault(json!({ "path": ADD, "method": "POST", "status": 400, "body": refusal, "times": 1 }))
            .await?;
        console.click(BUTTON, &console.counted("renew.action", 2)).await?;
        console.see("the region is full").await?;
        console.see(console.t("cart.kept")).await?;
        until("one order made", async || {
            Ok((pending(console).await?.len() == before + 1).then_some(()))
        })
        .await?;
        console.accessible().await?;
        console.click(BUTTON, &console.counted("renew.action", 1)).await?;
        until("both orders made", async || {
            Ok((pending(console).await?.len() == before + 2).then_some(()))
        })
        .await?;
        let made: Vec<Decimal> = pending(console)
            .await?
            .iter()
            .filter_map(|order| money::parse(order["amount"].to_string().trim_matches('"')).ok())
            .collect();
        for amount in ["0.192", "10.368"] {
            assert!(made.contains(&money::parse(amount)?), "{made:?}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_order_whose_answer_is_lost_is_found_and_not_made_twice() -> Result<()> {
    journey(Setup::default(), async |console| {
        let before = pending(console).await?.len();
        console.expect_error("net::ERR_");
        fill_cart(console).await?;
        // Broken off after its headers: a browser sends what was not answered at all again by itself on a connection it used before.
        console
            .platform()
            .fault(json!({ "path": ADD, "method": "POST", "cutAfterBytes": 3 }))
            .await?;
        let both = console.find(BUTTON, &console.counted("renew.action", 2)).await?;
        // A double click, as fast as a program can.
        console
            .driver()
            .execute("arguments[0].click(); arguments[0].click();", vec![both.to_json()?])
            .await?;
        console.see(console.t("cart.was_found")).await?;
        console.find(HEADING, console.t("cart.empty")).await?;
        assert_eq!(pending(console).await?.len(), before + 2);
        assert_eq!(console.posted(ADD).await?.len(), 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_moment_is_turned_into_hours_and_the_market_is_there_in_chinese() -> Result<()> {
    let setup = Setup {
        language: "zh-CN",
        ..Setup::default()
    };
    journey(setup, async |console| {
        let route = address(console, "Container Service", true).await?;
        console.open_demo(&route).await?;
        console.page("Container Service").await?;
        console.choose(console.t("service.region"), "Asia").await?;
        console.choose(console.t("market.size"), "1-Unit-Resource").await?;
        let field = console.css("input[type=datetime-local]").await?;
        // A moment a little over ten days ahead, as the browser's own picker would give it.
        console
            .driver()
            .execute(
                "const ahead = new Date(Date.now() + 240.5 * 3600e3 - new Date().getTimezoneOffset() * 60e3);
                 arguments[0].value = ahead.toISOString().slice(0, 16);
                 arguments[0].dispatchEvent(new Event('input', { bubbles: true }));",
                vec![field.to_json()?],
            )
            .await?;
        // 0.002 × 0.95 × 241: hours that have begun count.
        console.see("0.4579 USD").await?;
        console.click(BUTTON, console.t("market.add")).await?;
        console
            .see(&console.t_with("market.in_cart.other", &[("count", "1")]))
            .await?;
        console.size(390, 844).await?;
        console.fits().await?;
        console.accessible().await?;
        console.picture("market-form-chinese-narrow").await?;
        console.goto("/market").await?;
        console.sign_in_demo().await?;
        console
            .table_where(console.t("market.title"), "all that is on sale", |table| {
                table.rows.len() == 4
            })
            .await?;
        console.fits().await?;
        console.accessible().await?;
        console.picture("market-chinese-narrow").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_service_is_ordered_by_keyboard_alone() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.open_demo("/services/running").await?;
        console.page(console.t("list.running")).await?;
        console.press(Key::Control + "k").await?;
        console.find(DIALOG, console.t("palette.title")).await?;
        console.press(console.t("market.title")).await?;
        console.press(Key::Enter + "").await?;
        console.wait_route("/market").await?;
        console.find(LINK, "Log Host").await?;
        console.tab_to(console.t("market.search")).await?;
        console.press("one network").await?;
        console.gone(LINK, "Log Host").await?;
        console.tab_to("Container Service").await?;
        console.press(Key::Enter + "").await?;
        console.page("Container Service").await?;
        console.tab_to(console.t("service.region")).await?;
        console.press("Tok").await?;
        console.tab_to(console.t("market.duration")).await?;
        console.press(Key::Control + "a").await?;
        console.press("7").await?;
        // 0.0025 × 0.95 × 168.
        console.see("0.399 USD").await?;
        console.tab_to(console.t("market.order_now")).await?;
        console.press(Key::Enter + "").await?;
        console.page(console.t("cart.title")).await?;
        console.see("0.399 USD").await?;
        console.tab_to(&console.counted("renew.action", 1)).await?;
        console.press(Key::Enter + "").await?;
        let order = made(console).await?;
        let order = console.platform().get_order(&order).await?;
        assert_eq!(order.amount, money::parse("0.399")?);
        assert_eq!(order.user_services[0].service_options.region(), "Tokyo");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_price_that_changed_is_shown_before_anything_is_ordered() -> Result<()> {
    journey(Setup::default(), async |console| {
        let watcher = sold(console, "Node Watcher", false).await?;
        let (id, provider) = (&watcher["id"], &watcher["provider"]);
        let (id, provider) = (id.as_str().context("an id")?, provider.as_str().context("a name")?);
        console.open_demo(&format!("/market/{provider}/{id}")).await?;
        console.page("Node Watcher").await?;
        console.fill(console.t("market.duration"), "1").await?;
        console.click(BUTTON, console.t("market.order_now")).await?;
        console.see("0.096 USD").await?;
        let mut dearer = watcher.clone();
        dearer["durationToPrice"][0]["price"] = json!(0.008);
        console
            .platform()
            .fault(json!({ "path": format!("/api/v1/service/type/{id}"), "body": dearer.to_string() }))
            .await?;
        // Younger than a second, what is known of a price is not asked for again.
        until("the price to be a second old", async || {
            let script = "const asked = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/service/type/'));
                return performance.now() - asked.at(-1).responseEnd > 1000";
            Ok((console.run(script).await? == true).then_some(()))
        })
        .await?;
        let order = console.counted("renew.action", 1);
        console.click(BUTTON, &order).await?;
        console
            .see(&console.t_with("cart.changed", &[("provider", provider)]))
            .await?;
        console
            .see(&console.t_with("cart.price_changed", &[("price", "0.004 × 1")]))
            .await?;
        console.see("0.192 USD").await?;
        assert!(console.posted(ADD).await?.is_empty());
        console.accessible().await?;
        // Confirmed, and the platform asks for something else after all.
        console.click(BUTTON, &order).await?;
        console
            .see(&console.t_with("cart.other_amount", &[("amount", "0.096 USD")]))
            .await?;
        assert_eq!(console.route().await?, "/cart");
        assert_eq!(console.posted(ADD).await?.len(), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_order_that_the_browser_sent_twice_is_said_to_be_there_twice() -> Result<()> {
    journey(Setup::default(), async |console| {
        let before = pending(console).await?.len();
        console
            .open_demo(&address(console, "Node Watcher", false).await?)
            .await?;
        console.page("Node Watcher").await?;
        console.click(BUTTON, console.t("market.order_now")).await?;
        let order = console.counted("renew.action", 1);
        until("the order to be priced", async || {
            Ok(console.find(BUTTON, &order).await?.is_enabled().await?.then_some(()))
        })
        .await?;
        console
            .platform()
            .fault(json!({ "path": ADD, "method": "POST", "loseAnswer": true, "times": 1 }))
            .await?;
        console.click(BUTTON, &order).await?;
        console.see(console.t("cart.twins.one")).await?;
        assert_eq!(
            console.route().await?,
            "/cart",
            "nobody is led to a payment without a word"
        );
        assert_eq!(pending(console).await?.len(), before + 2);
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn what_was_chosen_and_not_ordered_is_offered_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        console.open_demo("/market/v-kube-service/nothing").await?;
        console.page(console.t("market.absent")).await?;
        console.accessible().await?;
        let route = address(console, "Container Service", true).await?;
        console.open_demo(&route).await?;
        console.page("Container Service").await?;
        console.choose(console.t("service.region"), "Asia").await?;
        console.fill(console.t("market.duration"), "3").await?;
        console.fill(console.t("market.number"), "4").await?;
        console.reload().await?;
        console.sign_in_demo().await?;
        console.see(console.t("market.draft")).await?;
        // Nothing can be typed that going on with the draft would take away.
        assert!(!console.has(BUTTON, console.t("market.add")).await?);
        console.accessible().await?;
        console.click(BUTTON, console.t("draft.continue")).await?;
        // 4 × 0.002 × 0.98 × 72.
        console.see("0.56448 USD").await?;
        let region = console.find(COMBOBOX, console.t("service.region")).await?;
        assert_eq!(region.prop("value").await?.as_deref(), Some("Asia"));
        console.click(BUTTON, console.t("market.order_now")).await?;
        console.page(console.t("cart.title")).await?;
        console.open_demo(&route).await?;
        console.page("Container Service").await?;
        console.not_see(console.t("market.draft")).await
    })
    .await
}
