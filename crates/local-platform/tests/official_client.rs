//! The official client as judge: what it cannot do against the local platform, the local platform has wrong.
//!
//! Every non-interactive command of the published client is run against a freshly started platform. The crate `official-client`
//! installs and starts it.

#[path = "official_client/deployment.rs"]
mod deployment;
#[path = "official_client/logs.rs"]
mod logs;
#[path = "official_client/market.rs"]
mod market;
#[path = "official_client/operations.rs"]
mod operations;
#[path = "official_client/orders.rs"]
mod orders;
#[path = "official_client/platform.rs"]
mod platform;
#[path = "official_client/scene.rs"]
mod scene;
#[path = "official_client/wallet.rs"]
mod wallet;

use std::{sync::Arc, thread, time::Instant};

use official_client::Installation;
use platform::LocalPlatform;
use scene::{DemoAccount, Scene};

/// Commands that have nothing to do with the platform: they copy files that come with the client into the home directory.
const UNRELATED: &str = "skill ";

/// An option that most commands have and that is always treated alike: it is tried with some of them.
const EVERYWHERE: &str = "--provider";

/// A part of the test that needs nothing of the others.
type Scenario = (&'static str, fn(&Scene));

/// Those that take longest come first.
const SCENARIOS: [Scenario; 6] = [
    ("deployment", deployment::deploy_and_change),
    ("operations", operations::operate),
    ("logs", logs::read),
    ("orders", orders::order),
    ("wallet", |scene| wallet::manage(&scene.installation, &scene.demo)),
    ("the rest", |scene| {
        market::browse(&scene.installation);
        wallet::keep_credentials(&scene.installation);
        operations::bind_account_mail(scene);
        operations::change_domains_at_an_older_provider(scene);
    }),
];

#[test]
fn the_official_client_can_do_everything() {
    let interpreter = official_client::interpreter();
    let platform = LocalPlatform::start();
    let installation = Arc::new(Installation::new(interpreter, platform.base(), &platform.node()));
    let account = platform.developer_page("/dev/demo-account");
    let text = |field: &str| {
        account[field]
            .as_str()
            .unwrap_or_else(|| panic!("no {field}: {account}"))
            .to_owned()
    };
    let demo = DemoAccount {
        seed: text("seed"),
        address: text("address"),
    };
    let scene = Scene {
        platform,
        installation,
        demo,
    };

    let failed: Vec<&str> = thread::scope(|scope| {
        let running: Vec<_> = SCENARIOS
            .map(|(name, scenario)| {
                let scene = &scene;
                let thread = scope.spawn(move || {
                    let started = Instant::now();
                    scenario(scene);
                    eprintln!("official client: {name} done in {} s", started.elapsed().as_secs());
                });
                (name, thread)
            })
            .into();
        running
            .into_iter()
            .filter_map(|(name, thread)| thread.join().is_err().then_some(name))
            .collect()
    });

    println!(
        "official client: {} commands, {} runs",
        scene.installation.exercised(),
        scene.installation.runs()
    );
    assert!(
        failed.is_empty(),
        "failed: {} (each failure is explained above)",
        failed.join(", ")
    );
    let mut left_out = scene.installation.left_out();
    left_out.retain(|command| !command.starts_with(UNRELATED) && !command.ends_with(EVERYWHERE));
    assert!(left_out.is_empty(), "no scenario runs {left_out:#?}");
}
