//! Payments under fire: the page killed, the network cut, clicks doubled and the same order paid in a second tab, at every step of a
//! payment, with nodes that mislead and at random moments besides – all from seeds. At the end the ledger is compared with the
//! orders: none is paid twice, none is lost.
//!
//! `PAYMENT_SEEDS` says how many (40 by default, which in a row meet every disturbance at every step), `PAYMENT_FIRST_SEED` where to
//! begin: a failure names its seed.

mod dice;
mod made;
pub mod page;
mod pairs;

use std::env;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use browser_tests::{Console, Setup, journey, until};
use serde_json::{Value, json};
use vcloud_api::types::OrderStatus;

use dice::Dice;
use made::Sort;
use page::{attempt, confirm, is_true, pay};
use pairs::{Coverage, Disturbance, Pair, ROUND, Step};

/// Payments in the native coin and in tokens.
const BROADCAST: &str = "/node/*/broadcast/*";
const LOOK_UP: &str = "/node/transactions/info/*";

/// How many seeds an ordinary run takes: every disturbance at every step.
const SEEDS: u64 = ROUND;

/// How long an order may take to be paid once everything is well again.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long is tried what somebody does who can't wait.
const SHORT: Duration = Duration::from_secs(3);

fn number(variable: &str, otherwise: u64) -> u64 {
    env::var(variable)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

/// A node that misleads, at random.
fn faults(dice: &mut Dice) -> Vec<Value> {
    let times = 1 + dice.below(2);
    let broadcast = match dice.below(8) {
        0 => Some(json!({ "path": BROADCAST, "drop": true, "times": times })),
        1 | 2 => Some(json!({ "path": BROADCAST, "loseAnswer": true, "times": times })),
        3 => Some(
            json!({ "path": BROADCAST, "status": 502, "body": "<h1>Bad Gateway</h1>", "contentType": "text/html", "times": times }),
        ),
        4 => Some(json!({ "path": BROADCAST, "latencyMs": 200 + dice.below(1200), "times": times })),
        5 => {
            let said = json!({ "error": 112, "message": "State check failed. Reason: insufficient balance" });
            Some(json!({ "path": BROADCAST, "status": 400, "body": said.to_string(), "times": 1 }))
        }
        _ => None,
    };
    let look_up = match dice.below(5) {
        0 => Some(json!({ "path": LOOK_UP, "drop": true, "times": 1 + dice.below(3) })),
        1 => Some(json!({ "path": LOOK_UP, "status": 503, "times": 1 + dice.below(3) })),
        2 => Some(json!({ "path": LOOK_UP, "latencyMs": 200 + dice.below(800), "times": 1 })),
        _ => None,
    };
    broadcast.into_iter().chain(look_up).collect()
}

/// What the node does so that a payment stays at a step until it is let go.
fn holding(step: Step) -> Value {
    match step {
        Step::OnItsWay => json!([{ "path": BROADCAST, "hold": true }]),
        Step::AnswerLost => json!([{ "path": BROADCAST, "loseAnswer": true }, { "path": LOOK_UP, "hold": true }]),
        Step::Answered => json!([{ "path": LOOK_UP, "hold": true }]),
        // A transaction that waits for a block is looked up in vain.
        Step::Waiting => {
            let said = json!({ "error": 311, "message": "transaction is not in blockchain" });
            json!([{ "path": LOOK_UP, "status": 404, "body": said.to_string() }])
        }
        _ => json!([]),
    }
}

/// Brings a payment to a step, where it stays.
async fn reach(console: &Console, order: &str, step: Step, token: bool, times: u64) -> Result<()> {
    let patience = browser_tests::PATIENCE;
    ensure!(
        page::choose(console, token, patience).await?,
        "there is nothing to choose"
    );
    let can_pay = "return !!document.querySelector('.from-account .button-primary:not(:disabled)')";
    ensure!(attempt(console, can_pay, patience).await?, "it can't be paid");
    if matches!(step, Step::Shown | Step::Chosen) {
        return Ok(());
    }
    ensure!(pay(console, 1, patience).await?, "there is no review");
    let can_confirm = "return !!document.querySelector('dialog[open] .dialog-actions .button-primary:not(:disabled)')";
    ensure!(attempt(console, can_confirm, patience).await?, "it can't be confirmed");
    match step {
        Step::Shown | Step::Chosen | Step::Reviewed => return Ok(()),
        Step::Confirmed => page::hold(console, Some("/api/v1/currency")).await?,
        Step::Written => page::hold(console, Some("/broadcast/")).await?,
        _ => {
            console.platform().fault(holding(step)).await?;
        }
    }
    ensure!(confirm(console, times, patience).await?, "it was not confirmed");
    until(&format!("the payment to be at the step {step:?}"), async || {
        let there = match step {
            Step::Confirmed => {
                is_true(
                    console,
                    "return window.held > 0 && !!document.querySelector('dialog[open] .button-primary .spinner')",
                )
                .await?
            }
            Step::Written => {
                is_true(
                    console,
                    "return window.held > 0 && !!document.querySelector('.payment')",
                )
                .await?
            }
            Step::Filed => console.platform().get_order(order).await?.status == OrderStatus::Filed,
            Step::Waiting => console.platform().struck().await?.iter().any(|times| *times > 1),
            _ => {
                let struck = console.platform().struck().await?;
                !struck.is_empty() && struck.iter().all(|times| *times > 0)
            }
        };
        Ok(there.then_some(()))
    })
    .await
}

/// Everything that was held goes on.
async fn let_go(console: &Console) -> Result<()> {
    console.platform().no_faults().await?;
    page::hold(console, None).await
}

/// Disturbs a payment at the step that it has reached, and lets it go on. Answers whether its page is gone.
async fn disturb(console: &Console, order: &str, pair: Pair, dice: &mut Dice) -> Result<bool> {
    let Pair { step, disturbance } = pair;
    // What happens first, the disturbance or the rest of the step, is left to chance.
    let late = dice.toss();
    match disturbance {
        Disturbance::Kill => {
            if late {
                let_go(console).await?;
            }
            if dice.toss() {
                console.leave_page().await?;
            } else {
                console.kill_page().await?;
            }
            console.platform().no_faults().await?;
            return Ok(true);
        }
        Disturbance::Cut => {
            console.offline(true).await?;
            if step.is_open() {
                pay(console, 1, Duration::from_millis(500)).await?;
                confirm(console, 1, Duration::from_millis(500)).await?;
            }
            tokio::time::sleep(Duration::from_millis(200 + dice.below(800))).await;
            if late {
                let_go(console).await?;
                tokio::time::sleep(Duration::from_millis(dice.below(200))).await;
            }
            console.offline(false).await?;
        }
        Disturbance::Doubled => {
            let times = dice.one_of(&[2, 3, 5]);
            match step {
                Step::Shown | Step::Chosen => {
                    pay(console, times, SHORT).await?;
                    confirm(console, times, SHORT).await?;
                }
                Step::Reviewed => {
                    confirm(console, times, SHORT).await?;
                }
                _ => page::click_again(console, times).await?,
            }
            page::click_again(console, times).await?;
        }
        Disturbance::SecondTab => {
            let first = page::other_tab(console).await?;
            console.open_demo(&format!("/order/{order}")).await?;
            let shown = "return !!document.querySelector('.payment, .from-account')";
            attempt(console, shown, browser_tests::PATIENCE).await?;
            // Where a payment is under way there is nothing to click.
            let patience = if step.is_open() {
                SHORT
            } else {
                Duration::from_millis(500)
            };
            if pay(console, 1, patience).await? {
                confirm(console, 1, SHORT).await?;
            }
            let second = console.driver().window().await?;
            console.driver().switch_to_window(first).await?;
            if step.is_open() {
                pay(console, 1, Duration::from_millis(300)).await?;
                confirm(console, 1, SHORT).await?;
            }
            if late {
                let_go(console).await?;
                tokio::time::sleep(Duration::from_millis(dice.below(500))).await;
            }
            // Whichever of them is closed, the other one goes on.
            if dice.toss() {
                let_go(console).await?;
                console.driver().switch_to_window(second).await?;
            }
            page::close_others(console).await?;
        }
    }
    let_go(console).await?;
    Ok(false)
}

/// Opens the order, reviews and confirms, and has something happen at a random moment, with a node that misleads.
async fn at_random(console: &Console, order: &str, dice: &mut Dice) -> Result<()> {
    console.open_demo(&format!("/order/{order}")).await?;
    let struck = faults(dice);
    if !struck.is_empty() {
        console.platform().fault(json!(struck)).await?;
    }
    let reviewed = pay(console, 1, SHORT).await?;
    let times = dice.one_of(&[1, 1, 2, 4]);
    let second = reviewed && dice.below(4) == 0;
    if second {
        // Both tabs have the review open before either of them confirms.
        let first = page::other_tab(console).await?;
        console.open_demo(&format!("/order/{order}")).await?;
        if pay(console, 1, SHORT).await? {
            confirm(console, times, SHORT).await?;
        }
        console.driver().switch_to_window(first).await?;
    }
    if reviewed {
        confirm(console, times, SHORT).await?;
    }
    // From at once to long after: signing, writing, sending, looking up and the platform's own work all lie in between.
    tokio::time::sleep(Duration::from_millis(
        dice.one_of(&[0, 0, 5, 15, 30, 60, 120, 250, 500, 1000]),
    ))
    .await;
    match dice.below(4) {
        0 => {
            console.offline(true).await?;
            tokio::time::sleep(Duration::from_millis(200 + dice.below(800))).await;
            console.offline(false).await?;
        }
        1 => {}
        2 => console.leave_page().await?,
        _ => console.kill_page().await?,
    }
    if second {
        page::close_others(console).await?;
    }
    Ok(())
}

/// Everything is well again: whoever looks at the order sees it paid, or pays it if nothing was.
async fn settle(console: &Console, order: &str, is_gone: bool) -> Result<()> {
    console.platform().no_faults().await?;
    if is_gone {
        console.open_demo(&format!("/order/{order}")).await?;
    }
    let nothing_paid = serde_json::to_string(console.t("payments.nothing_paid"))?;
    let again = serde_json::to_string(console.t("payments.review_again"))?;
    // A further payment is decided on only where the console says that the one before paid nothing.
    let go_on = format!(
        "const before = document.querySelector('.payment');
         if (before && !document.body.innerText.includes({nothing_paid})) return false;
         if (!document.querySelector('dialog[open]')) {{ document.querySelector('.from-account .button-primary:not(:disabled)')?.click(); return false; }}
         // Refused, by a page that is only just gone for example: asked again, as a person would.
         const again = [...document.querySelectorAll('dialog[open] .dialog-actions button')].find((button) => button.textContent.trim() === {again});
         if (again) {{ again.click(); return false; }}
         const agree = document.querySelector('dialog[open] input[type=checkbox]');
         if (agree && !agree.checked) agree.click();
         return false;"
    );
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if console.platform().get_order(order).await?.status != OrderStatus::Pending {
            return Ok(());
        }
        console.run(&go_on).await?;
        confirm(console, 1, Duration::from_millis(1)).await?;
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    bail!("the order {order} is lost: {}", console.text().await?)
}

/// Makes an order, disturbs its payment as the seed says, and sees it paid.
async fn one(console: &Console, seed: u64, coverage: &mut Coverage) -> Result<String> {
    let (pair, mut dice) = (Pair::of_seed(seed), Dice(seed));
    // The seed before may have ended in another tab.
    console.before_every_page(page::GATE).await?;
    let order = made::order(console, Sort::of_seed(seed), &mut dice).await?;
    // A node that misleads from the first time on.
    if dice.toss() && pair.step.is_open() {
        console.platform().fault(json!(faults(&mut dice))).await?;
    }
    let (token, times) = (dice.below(4) == 0, dice.one_of(&[1, 1, 2]));
    reach(console, &order, pair.step, token, times).await?;
    if pair.step.is_unpaid() {
        let paid = console.platform().paid_for(&order).await?;
        ensure!(paid.is_empty(), "paid before the step {:?}: {paid:?}", pair.step);
    }
    coverage.met(pair);
    let mut is_gone = disturb(console, &order, pair, &mut dice).await?;
    if dice.toss() && console.platform().paid_for(&order).await?.is_empty() {
        at_random(console, &order, &mut dice).await?;
        is_gone = true;
    }
    settle(console, &order, is_gone).await?;
    let paid = console.platform().paid_for(&order).await?;
    ensure!(paid.len() == 1, "not paid exactly once: {paid:?}");
    Ok(order)
}

#[tokio::test]
async fn nothing_is_paid_twice_and_nothing_is_lost() -> Result<()> {
    journey(Setup::default(), async |console| {
        for expected in [
            "net::ERR_",
            "status of 400",
            "status of 404",
            "status of 502",
            "status of 503",
        ] {
            console.expect_error(expected);
        }
        let first = number("PAYMENT_FIRST_SEED", 0);
        let count = number("PAYMENT_SEEDS", SEEDS);
        let (began, before) = (Instant::now(), made::count(console).await?);
        let mut coverage = Coverage::default();
        let mut orders = Vec::new();
        for seed in first..first + count {
            let paid = one(console, seed, &mut coverage).await;
            let pair = Pair::of_seed(seed);
            orders.push(paid.with_context(|| format!("seed {seed}, {:?}, {pair:?}", Sort::of_seed(seed)))?);
        }
        let (mut lost, mut twice) = (0, 0);
        for order in &orders {
            console.filed(order).await?;
            let paid = console.platform().paid_for(order).await?.len();
            lost += u32::from(paid == 0);
            twice += u32::from(paid > 1);
        }
        let made = made::count(console).await? - before;
        println!(
            "{count} seeds in {} s: {made} orders, {twice} paid twice, {lost} lost\n{coverage}",
            began.elapsed().as_secs()
        );
        assert_eq!((made, lost, twice), (count, 0, 0));
        if count >= ROUND {
            assert!(coverage.missing().is_empty(), "never met: {:?}", coverage.missing());
        }
        Ok(())
    })
    .await
}
