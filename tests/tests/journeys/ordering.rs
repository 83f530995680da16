//! Orders whose answer is lost or late, and orders of two tabs: never made twice without a word, never said not to be there while they
//! may still come.

use anyhow::{Context as _, Result, ensure};
use browser_tests::{BUTTON, Console, LINK, Setup, journey, until};
use serde_json::json;
use thirtyfour::WindowHandle;

use crate::market::{address, made, pending};
use crate::payments::{confirm, review};

const ADD: &str = "/api/v1/order/add";
const RENEW: &str = "/api/v1/order/renew";
const ORDERS: &str = "/api/v1/order";
const PROVIDER: &str = "v-kube-service";

/// Carried out, and broken off after its headers: what is not answered at all on a connection that was used before, a browser sends
/// again by itself.
fn cut(path: &str) -> serde_json::Value {
    json!({ "path": path, "method": "POST", "cutAfterBytes": 3, "times": 1 })
}

/// Types a week for a service that runs, so that it can be ordered; answers the page's address.
async fn a_week(console: &Console) -> Result<String> {
    let service = console.platform().service_in("Europe", "ServiceRunning").await?;
    let route = format!("/renew?service={service}");
    console.open_demo(&route).await?;
    console
        .field(&format!("{}: {service}", console.t("renew.hours")))
        .await?;
    console.click(BUTTON, console.t("renew.one_week")).await?;
    can_order(console).await?;
    // Another tab finds it only once it is stored.
    let stored =
        "return Object.keys(localStorage).some((name) => name.startsWith('vcloud.draft.') && name.endsWith('/renew'))";
    until("the hours to be kept", async || {
        Ok((console.run(stored).await? == json!(true)).then_some(()))
    })
    .await?;
    Ok(route)
}

/// Waits until the order can be made, and answers the button's name.
async fn can_order(console: &Console) -> Result<String> {
    let name = console.counted("renew.action", 1);
    until("the order to be priced", async || {
        Ok(console.find(BUTTON, &name).await?.is_enabled().await?.then_some(()))
    })
    .await?;
    Ok(name)
}

/// Clicks the button that orders twice within one moment.
async fn order_twice(console: &Console) -> Result<()> {
    let name = can_order(console).await?;
    let button = console.find(BUTTON, &name).await?;
    let script = "arguments[0].click(); arguments[0].click();";
    console.driver().execute(script, vec![button.to_json()?]).await?;
    Ok(())
}

async fn second_tab(console: &Console) -> Result<(WindowHandle, WindowHandle)> {
    let first = console.driver().window().await?;
    let second = console.driver().new_tab().await?;
    console.driver().switch_to_window(second.clone()).await?;
    Ok((first, second))
}

/// How many looks at the orders are held.
async fn looks(console: &Console) -> Result<u64> {
    let faults = console.platform().get("/dev/faults").await?;
    faults["list"][0]["struck"].as_u64().context("no fault")
}

/// Both tabs have what they order in view, and the first one is held while it looks at the orders, before it says that it orders: then
/// the second one is told to order as well. It is in front afterwards.
async fn in_the_same_instant(console: &Console, first: &WindowHandle, second: &WindowHandle) -> Result<()> {
    console
        .platform()
        .fault(json!({ "path": ORDERS, "hold": true }))
        .await?;
    console.driver().switch_to_window(first.clone()).await?;
    order_twice(console).await?;
    until("the first one to look at the orders", async || {
        Ok((looks(console).await? == 3).then_some(()))
    })
    .await?;
    console.driver().switch_to_window(second.clone()).await?;
    order_twice(console).await
}

/// Lets the time pass in the page at once in which it looks for an order.
async fn let_a_minute_pass(console: &Console) -> Result<()> {
    let script = "const wait = window.setTimeout.bind(window);
        window.setTimeout = (what, time, ...more) => wait(what, time === 3000 ? 100 : time, ...more);";
    console.run(script).await?;
    console.set_ahead(61).await
}

#[tokio::test]
async fn a_renewal_whose_answer_is_lost_is_found_and_not_made_twice() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("net::ERR_");
        console.expect_error("status of 404");
        console.expect_error("status of 503");
        let before = pending(console).await?.len();
        a_week(console).await?;
        console.platform().fault(cut(RENEW)).await?;
        order_twice(console).await?;
        let order = made(console).await?;
        ensure!(console.platform().get_order(&order).await?.kind == "OrderRenew");
        ensure!(console.posted(RENEW).await?.len() == 1, "sent twice");
        ensure!(pending(console).await?.len() == before + 1);

        // The page is left before anything is found out: it is found when somebody comes back, and not ordered again meanwhile.
        let route = a_week(console).await?;
        let down = json!({ "path": ORDERS, "status": 503, "skip": 3 });
        console.platform().fault(json!([cut(RENEW), down])).await?;
        order_twice(console).await?;
        let not_looked = console.t_with("cart.not_looked", &[("provider", PROVIDER)]);
        console.see(&not_looked).await?;
        console.see(console.t("renew.looking_advice")).await?;
        console.accessible().await?;
        console.picture("renew-not-looked").await?;
        console.open_demo(&route).await?;
        console.see(&not_looked).await?;
        console.click(BUTTON, console.t("renew.one_week")).await?;
        let button = console.find(BUTTON, &console.counted("renew.action", 1)).await?;
        ensure!(!button.is_enabled().await?, "it can be ordered again");
        console.platform().no_faults().await?;
        console.click(BUTTON, console.t("cart.look_again")).await?;
        console.see(console.t("cart.was_found")).await?;
        ensure!(console.posted(RENEW).await?.len() == 2, "sent again");
        ensure!(pending(console).await?.len() == before + 2);
        console.accessible().await
    })
    .await
}

#[tokio::test]
async fn a_renewal_that_the_browser_sent_twice_is_said_to_be_there_twice() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        let before = pending(console).await?.len();
        let route = a_week(console).await?;
        let lost = json!({ "path": RENEW, "method": "POST", "loseAnswer": true, "times": 1 });
        console.platform().fault(lost).await?;
        console.click(BUTTON, &console.counted("renew.action", 1)).await?;
        console.see(console.t("cart.twins.one")).await?;
        ensure!(console.route().await? == route, "led to a payment without a word");
        ensure!(pending(console).await?.len() == before + 2);
        console.accessible().await?;
        console.picture("renew-twins").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn of_two_tabs_that_order_in_the_same_instant_one_orders() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        let before = pending(console).await?.len();
        console
            .open_demo(&address(console, "Node Watcher", false).await?)
            .await?;
        console.page("Node Watcher").await?;
        console.click(BUTTON, console.t("market.order_now")).await?;
        can_order(console).await?;
        let (first, second) = second_tab(console).await?;
        console.open_demo("/cart").await?;
        can_order(console).await?;
        in_the_same_instant(console, &first, &second).await?;
        // The other one does not even begin.
        console.see(console.t("cart.edited_advice")).await?;
        ensure!(looks(console).await? == 3, "both of them are ordering");
        console.platform().no_faults().await?;
        console.driver().switch_to_window(first.clone()).await?;
        made(console).await?;
        ensure!(pending(console).await?.len() == before + 1);

        // Of more time, the second one finds what the first one did while it waited.
        let route = a_week(console).await?;
        console.driver().switch_to_window(second.clone()).await?;
        console.open_demo(&route).await?;
        console.click(BUTTON, console.t("draft.continue")).await?;
        can_order(console).await?;
        in_the_same_instant(console, &first, &second).await?;
        console.platform().no_faults().await?;
        console.see(console.t("renew.elsewhere_advice")).await?;
        console.driver().switch_to_window(first).await?;
        made(console).await?;
        ensure!(pending(console).await?.len() == before + 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_order_that_may_still_come_is_looked_for_before_the_same_is_ordered_again() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 502");
        let route = address(console, "Container Service", false).await?;
        for is_given_up in [false, true] {
            console.open_demo(&route).await?;
            console.page("Container Service").await?;
            console.choose(console.t("service.region"), "Europe").await?;
            console.choose(console.t("market.size"), "1-Unit-Resource").await?;
            console.fill(console.t("market.duration"), "1").await?;
            console.click(BUTTON, console.t("market.order_now")).await?;
            let order = can_order(console).await?;
            let sent = console.posted(ADD).await?.len();
            // A gateway gives up, and the platform is not done.
            let page = json!({ "path": ADD, "method": "POST", "status": 502, "body": "<h1>Bad Gateway</h1>", "contentType": "text/html" });
            console.platform().fault(page).await?;
            console.click(BUTTON, &order).await?;
            console.see(&console.t_with("cart.looking", &[("provider", PROVIDER)])).await?;
            let_a_minute_pass(console).await?;
            console.see(&console.t_with("cart.absent", &[("provider", PROVIDER)])).await?;
            console.see(console.t("cart.absent_advice")).await?;
            console.accessible().await?;
            console.picture("cart-absent").await?;
            if is_given_up {
                console.click(BUTTON, console.t("cart.give_up")).await?;
                can_order(console).await?;
            }
            // Now it comes.
            console.platform().no_faults().await?;
            let late = console.platform().order(24).await?;
            let next = if is_given_up { &order } else { console.t("cart.look_again") };
            console.click(BUTTON, next).await?;
            ensure!(made(console).await? == late, "another one was made");
            ensure!(console.posted(ADD).await?.len() == sent + 1, "sent again");
            console.click(LINK, console.t("cart.title")).await?;
            console.see(console.t("cart.empty")).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_order_of_the_official_client_is_paid_here_and_both_see_what_came_of_it() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        let official = console.official().await?;
        let route = address(console, "Node Watcher", false).await?;
        let service = route.rsplit('/').next().context("an id")?;
        let options = json!({ "region": "Europe" }).to_string();
        let create = [
            "order",
            "create",
            "--service-id",
            service,
            "--duration",
            "30",
            "--options",
            &options,
        ];
        let order = official.run(&create).await?;
        let order = order["id"].as_str().context("no id")?;
        console.open_demo("/orders").await?;
        console
            .click(LINK, &console.t_with("orders.pay_of", &[("id", order)]))
            .await?;
        console.wait_route(&format!("/order/{order}")).await?;
        review(console).await?;
        confirm(console).await?;
        console.see(console.t("payments.confirmed_title")).await?;
        let filed = console.filed(order).await?;
        ensure!(official.run(&["order", "get", order]).await?["status"] == "OrderFiled");
        let usable = official.run(&["service", "list", "--status", "ServicePending"]).await?;
        let made = &filed.user_services[0].id;
        ensure!(usable.to_string().contains(made), "{usable}");
        console.click(LINK, console.t("list.usable")).await?;
        console.find(LINK, made).await?;
        Ok(())
    })
    .await
}
