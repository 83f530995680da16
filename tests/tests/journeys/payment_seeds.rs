//! Payments under fire: pages killed, the network cut, clicks doubled, second tabs, nodes that mislead – at random moments, from
//! seeds. At the end the ledger is compared with the orders: none is paid twice, none is lost.
//!
//! `PAYMENT_SEEDS` says how many (a few by default), `PAYMENT_FIRST_SEED` where to begin: a failure names its seed.

use std::env;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use browser_tests::{Console, Setup, journey};
use serde_json::{Value, json};
use vcloud_api::types::OrderStatus;

const BROADCAST: &str = "/node/vsys/broadcast/payment";
const LOOK_UP: &str = "/node/transactions/info/*";

/// How many seeds an ordinary run takes: they cost less than ten seconds each.
const SEEDS: u64 = 8;

/// How long an order may take to be filed once everything is well again.
const PATIENCE: Duration = Duration::from_secs(60);

/// Clicks the button that opens the review, if it can be clicked.
const PAY: &str = "const button = document.querySelector('.from-account .button-primary:not(:disabled)'); button?.click(); return !!button;";

/// Clicks the button that signs and pays, as often as asked within one moment, if it can be clicked.
const CONFIRM: &str = "const button = document.querySelector('dialog[open] .button-primary:not(:disabled)');
    for (let i = 0; button && i < TIMES; i++) button.click(); return !!button;";

/// Random numbers of a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(choices.len() as u64)).expect("small")]
    }
}

/// What was done to the pages, for the report.
#[derive(Debug, Default)]
struct Tally {
    kills: u32,
    left: u32,
    cuts: u32,
    doubled: u32,
    tabs: u32,
    faults: u32,
}

fn number(variable: &str, otherwise: u64) -> u64 {
    env::var(variable)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

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

async fn is_true(console: &Console, script: &str) -> Result<bool> {
    Ok(console.run(script).await? == json!(true))
}

/// Tries for a while; what cannot be done at this moment is left.
async fn attempt(console: &Console, script: &str, patience: Duration) -> Result<bool> {
    let deadline = Instant::now() + patience;
    while Instant::now() < deadline {
        if is_true(console, script).await? {
            return Ok(true);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(false)
}

/// Opens the order, reviews and confirms, and has something happen at a random moment.
async fn round(console: &Console, order: &str, dice: &mut Dice, tally: &mut Tally) -> Result<()> {
    console.open_demo(&format!("/order/{order}")).await?;
    let struck = faults(dice);
    if !struck.is_empty() {
        tally.faults += 1;
        console.platform().fault(json!(struck)).await?;
    }
    let reviewed = attempt(console, PAY, Duration::from_secs(3)).await?;
    let times = dice.one_of(&[1, 1, 2, 4]);
    tally.doubled += u32::from(times > 1);
    let confirm = CONFIRM.replace("TIMES", &times.to_string());
    let second = reviewed && dice.below(4) == 0;
    if second {
        // Both tabs have the review open before either of them confirms.
        tally.tabs += 1;
        let first = console.driver().window().await?;
        let tab = console.driver().new_tab().await?;
        console.driver().switch_to_window(tab).await?;
        console.open_demo(&format!("/order/{order}")).await?;
        if attempt(console, PAY, Duration::from_secs(3)).await? {
            attempt(console, &confirm, Duration::from_secs(2)).await?;
        }
        console.driver().switch_to_window(first).await?;
    }
    if reviewed {
        attempt(console, &confirm, Duration::from_secs(3)).await?;
    }
    // From at once to long after: signing, writing, sending, looking up and the platform's own work all lie in between.
    tokio::time::sleep(Duration::from_millis(
        dice.one_of(&[0, 0, 5, 15, 30, 60, 120, 250, 500, 1000]),
    ))
    .await;
    match dice.below(4) {
        0 => {
            tally.cuts += 1;
            console.offline(true).await?;
            tokio::time::sleep(Duration::from_millis(200 + dice.below(800))).await;
            console.offline(false).await?;
        }
        1 => {}
        2 => {
            tally.left += 1;
            console.leave_page().await?;
        }
        _ => {
            tally.kills += 1;
            console.kill_page().await?;
        }
    }
    if second {
        let here = console.driver().window().await?;
        for window in console.driver().windows().await? {
            if window != here {
                console.driver().switch_to_window(window).await?;
                console.driver().close_window().await?;
            }
        }
        console.driver().switch_to_window(here).await?;
    }
    Ok(())
}

/// Everything is well again: whoever opens the order sees it paid, or pays it if nothing was.
async fn settle(console: &Console, order: &str) -> Result<()> {
    console.platform().no_faults().await?;
    console.open_demo(&format!("/order/{order}")).await?;
    let nothing_paid = serde_json::to_string(console.t("payments.nothing_paid"))?;
    let again = serde_json::to_string(console.t("payments.review_again"))?;
    // A further payment is decided on only where the console says that the one before paid nothing.
    let pay = format!(
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
    let confirm = CONFIRM.replace("TIMES", "1");
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if console.platform().get_order(order).await?.status == OrderStatus::Filed {
            return Ok(());
        }
        console.run(&pay).await?;
        console.run(&confirm).await?;
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    bail!("the order {order} is lost: {}", console.text().await?)
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
        let first = number("PAYMENT_FIRST_SEED", 1);
        let count = number("PAYMENT_SEEDS", SEEDS);
        let began = Instant::now();
        let mut tally = Tally::default();
        let mut orders = Vec::new();
        for seed in first..first + count {
            let mut dice = Dice(seed);
            let order = console.platform().order(1 + dice.below(48)).await?;
            let rounds = 1 + dice.below(3);
            for _ in 0..rounds {
                round(console, &order, &mut dice, &mut tally)
                    .await
                    .with_context(|| format!("seed {seed}"))?;
            }
            settle(console, &order).await.with_context(|| format!("seed {seed}"))?;
            let paid = console.platform().paid_for(&order).await?;
            assert_eq!(paid.len(), 1, "seed {seed}: {paid:?}");
            orders.push(order);
        }
        let (mut lost, mut twice) = (0, 0);
        for order in &orders {
            let paid = console.platform().paid_for(order).await?.len();
            let filed = console.platform().get_order(order).await?;
            lost += u32::from(filed.status != OrderStatus::Filed || paid == 0);
            twice += u32::from(paid > 1);
        }
        println!(
            "{count} seeds in {} s: {twice} paid twice, {lost} lost; {tally:?}",
            began.elapsed().as_secs()
        );
        assert_eq!((lost, twice), (0, 0));
        Ok(())
    })
    .await
}
