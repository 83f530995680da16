//! Orders to be paid, made in the ways that there are.

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, Console, until};
use serde_json::json;

use super::dice::Dice;

/// How an order is made.
#[derive(Clone, Copy, Debug)]
pub enum Sort {
    /// By another program of the account.
    Elsewhere,
    /// In the market, through the cart.
    Cart,
    /// More time for a service that runs.
    Renewal,
}

impl Sort {
    const ALL: [Sort; 3] = [Sort::Elsewhere, Sort::Cart, Sort::Renewal];

    /// The sorts take turns.
    pub fn of_seed(seed: u64) -> Sort {
        Sort::ALL[usize::try_from(seed % 3).expect("small")]
    }
}

/// Makes an order, and leaves its page open.
pub async fn order(console: &Console, sort: Sort, dice: &mut Dice) -> Result<String> {
    match sort {
        Sort::Elsewhere => {
            let order = console.platform().order(1 + dice.below(48)).await?;
            console.open_demo(&format!("/order/{order}")).await?;
            return Ok(order);
        }
        Sort::Cart => {
            console.open_demo(&watcher(console).await?).await?;
            console.click(BUTTON, console.t("market.order_now")).await?;
            console.page(console.t("cart.title")).await?;
        }
        Sort::Renewal => {
            let service = console.platform().service_in("Europe", "ServiceRunning").await?;
            console.open_demo(&format!("/renew?service={service}")).await?;
            console
                .field(&format!("{}: {service}", console.t("renew.hours")))
                .await?;
            console.click(BUTTON, console.t("renew.one_day")).await?;
        }
    }
    // One click or some within one moment: one order.
    let clicks = dice.one_of(&[1, 2, 3]);
    let name = console.counted("renew.action", 1);
    let script = format!(
        "const button = [...document.querySelectorAll('.form-actions .button-primary:not(:disabled)')].find((one) => one.textContent.trim() === {});
         for (let i = 0; button && i < {clicks}; i++) button.click(); return !!button;",
        json!(name)
    );
    until("the order to be possible", async || {
        Ok((console.run(&script).await? == json!(true)).then_some(()))
    })
    .await?;
    until("the order's page", async || {
        let route = console.route().await?;
        Ok(route.strip_prefix("/order/").map(str::to_owned))
    })
    .await
}

/// The address of the service type that is ordered in the market.
async fn watcher(console: &Console) -> Result<String> {
    let all = console
        .platform()
        .get("/api/v1/service/type?current=1&pageSize=100")
        .await?;
    let all = all["list"].as_array().context("a list of service types")?;
    let found = all.iter().find(|sold| sold["name"] == "Node Watcher");
    let found = found.context("no such service type")?;
    let text = |key: &str| found[key].as_str().context("a text");
    Ok(format!("/market/{}/{}", text("provider")?, text("id")?))
}

/// How many orders the account has.
pub async fn count(console: &Console) -> Result<u64> {
    let (_, address) = console.platform().demo_account().await?;
    let path = format!("/api/v1/order?address={address}&current=1&pageSize=1");
    let page = console.platform().get(&path).await?;
    page["pagination"]["total"].as_u64().context("no total")
}
