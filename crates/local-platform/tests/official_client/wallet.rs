//! `vcloud wallet …` and `credential …`: accounts, balances and payments on the node.

use std::fs;
use std::sync::Arc;

use official_client::{Client, Installation};

use crate::{platform::eventually, scene::DemoAccount};

/// Keys, balances and payments of the demonstration account.
pub fn manage(installation: &Arc<Installation>, demo: &DemoAccount) {
    let mut client = Client::without_wallet(installation);
    assert!(client.refused(&["wallet", "balance"]).starts_with("No wallet found"));

    let restored = client.json(&["wallet", "restore", "--seed", &demo.seed, "--count", "2"]);
    let accounts = restored["accounts"].as_array().expect("accounts");
    assert_eq!(
        accounts[0]["addr"], demo.address,
        "the platform names the address that belongs to its seed phrase"
    );
    assert!(
        accounts[0]["balance"].as_u64().is_some_and(|balance| balance > 0),
        "the node knows the balance"
    );
    let first = accounts[0]["addr"].as_str().expect("an address");
    let second = accounts[1]["addr"].as_str().expect("an address");
    assert!(
        client
            .refused(&["wallet", "restore", "--seed", &demo.seed])
            .contains("--force")
    );

    let balance = client.json(&["wallet", "balance"]);
    assert_eq!(balance["address"], demo.address);
    for field in ["regular", "mintingAverage", "available", "effective", "height"] {
        assert!(balance["balance"][field].is_u64(), "{field} is missing: {balance}");
    }
    assert!(balance["balance"]["available"].as_u64() > Some(0));
    let detailed = client.json(&["wallet", "info", "--balance-detail"]);
    assert_eq!(detailed["accounts"].as_array().map(Vec::len), Some(2));
    assert!(
        detailed["accounts"][0]["balanceDetail"]["regular"].is_u64(),
        "{detailed}"
    );

    // A payment arrives, to the last unit, and the other account can then spend it, less the fee of 0.1.
    let available =
        |index: &str| client.json(&["--address-index", index, "wallet", "balance"])["balance"]["available"].as_u64();
    let before = available("2").expect("a balance");
    let paid = client.json(&[
        "wallet",
        "pay",
        "--recipient",
        second,
        "--amount",
        "1.5",
        "--attachment",
        "thanks; merci",
    ]);
    assert_eq!(paid["status"], "sent");
    eventually("the payment to arrive", || {
        (available("2") == Some(before + 150_000_000)).then_some(())
    });
    client.json(&[
        "--address-index",
        "2",
        "wallet",
        "pay",
        "--recipient",
        first,
        "--amount",
        "0.4",
    ]);
    eventually("the payment back to be booked", || {
        (available("2") == Some(before + 100_000_000)).then_some(())
    });
    let poor = client.refused(&[
        "--address-index",
        "2",
        "wallet",
        "pay",
        "--recipient",
        first,
        "--amount",
        "1000000",
    ]);
    assert_eq!(poor, "Insufficient VSYS balance");

    let shown = client.json(&["wallet", "generate-address", "--count", "2", "--no-save"]);
    let more = client.json(&["wallet", "generate-address", "--count", "1"]);
    assert_eq!(shown["accounts"][0]["addr"], more["accounts"][0]["addr"]);
    assert_eq!(more["saved"], true);
    assert_eq!(
        client.json(&["wallet", "info"])["accounts"][2]["addr"],
        more["accounts"][0]["addr"]
    );

    client.json(&["wallet", "change-password", "--new-password", "correct horse"]);
    assert!(client.refused(&["wallet", "balance"]).contains("VCLOUD_PASSWORD"));
    client.set_password(Some("wrong horse"));
    assert!(client.refused(&["wallet", "balance"]).contains("Incorrect"));
    client.set_password(Some("correct horse"));
    assert_eq!(client.json(&["wallet", "balance"])["address"], demo.address);

    let backup = client.json(&["wallet", "backup"]);
    let table = fs::read_to_string(backup["path"].as_str().expect("a path")).expect("the exported table");
    assert!(table.contains(second), "{table}");

    client.set_password(None);
    let fresh = client.json(&["wallet", "generate", "--count", "1", "--password", "new", "--force"]);
    assert_eq!(fresh["seed"].as_str().expect("a seed phrase").split(' ').count(), 15);
    assert_eq!(fresh["accounts"][0]["balance"], 0, "a new account is empty");
    assert!(client.refused(&["wallet", "balance"]).contains("VCLOUD_PASSWORD"));
    let again = [
        "wallet",
        "restore",
        "--seed",
        &demo.seed,
        "--password",
        "old",
        "--force",
    ];
    assert_eq!(client.json(&again)["accounts"][0]["addr"], demo.address);
}

/// The client's own store of registry logins, which its deployments use.
pub fn keep_credentials(installation: &Arc<Installation>) {
    let client = Client::without_wallet(installation);
    client.json(&[
        "credential",
        "add",
        "--registry",
        "registry.example.com",
        "--username",
        "ann",
        "--password",
        "token",
    ]);
    let listed = client.json(&["credential", "list"]);
    assert_eq!(listed["credentials"][0]["username"], "ann");
    client.json(&["credential", "remove", "--registry", "registry.example.com"]);
    assert_eq!(
        client.json(&["credential", "list"])["credentials"],
        serde_json::json!([])
    );
}
