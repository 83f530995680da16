//! `vcloud market …`, `version` and `order currencies`: what works without a wallet.

use std::sync::Arc;

use official_client::{Client, Installation};

/// The provider whose services the client manages when none is named.
pub const PROVIDER: &str = "v-kube-service";

/// Walk through the market as somebody who is only looking.
pub fn browse(installation: &Arc<Installation>) {
    let client = Client::without_wallet(installation);

    let version = client.json(&["version"]);
    assert_eq!(version["current"], "0.12.0");
    assert_eq!(version["supported"], true, "{version}");
    assert_eq!(version["updateAvailable"], false, "{version}");

    let providers = client.json(&["market", "list-providers", "--page", "1", "--page-size", "5"]);
    assert!(
        providers["list"]
            .as_array()
            .is_some_and(|list| list.iter().any(|provider| provider["name"] == PROVIDER)),
        "{providers}"
    );
    assert_eq!(providers["pagination"]["current"], 1, "{providers}");
    assert_eq!(providers["pagination"]["pageSize"], 5, "{providers}");

    let beyond = client.json(&["market", "list-providers", "--page", "99"]);
    assert_eq!(beyond["list"], serde_json::json!([]));
    assert_eq!(beyond["pagination"]["total"], providers["pagination"]["total"]);

    let provider = client.json(&["market", "get-provider", PROVIDER]);
    assert_eq!(provider["name"], PROVIDER);
    assert!(
        provider["apiHost"]
            .as_str()
            .is_some_and(|host| host.starts_with("http://")),
        "{provider}"
    );
    for field in ["id", "walletAddress", "signAddress"] {
        assert!(provider[field].is_string(), "{field} is missing: {provider}");
    }
    net_error(&client.refused(&["market", "get-provider", "nobody"]));

    let categories = client.json(&[
        "market",
        "list-categories",
        "--provider",
        PROVIDER,
        "--page",
        "1",
        "--page-size",
        "50",
    ]);
    let category = &categories["list"][0];
    let category_id = category["categoryID"].as_str().expect("a category has an id");
    let category_name = category["name"].as_str().expect("a category has a name");
    assert_eq!(category["provider"], PROVIDER);
    assert_eq!(
        client.json(&["market", "get-category", category_id])["name"],
        category["name"]
    );
    net_error(&client.refused(&["market", "get-category", "no-such-category"]));
    assert_eq!(
        client.json(&["market", "list-categories", "--provider", "nobody"])["list"],
        serde_json::json!([])
    );

    let services = client.json(&[
        "market",
        "list-services",
        "--provider",
        PROVIDER,
        "--category",
        category_name,
        "--page",
        "1",
        "--page-size",
        "50",
    ]);
    let listed = services["list"].as_array().expect("a list of services");
    assert!(!listed.is_empty());
    for service in listed {
        assert_eq!(service["category"], category["name"]);
        let id = service["id"].as_str().expect("a service has an id");
        assert_eq!(
            &client.json(&["market", "get-service", id]),
            service,
            "the list and the service itself differ"
        );
        assert!(service["refundable"].is_boolean(), "{service}");
        assert!(
            service["durationToPrice"][0]["price"].is_number(),
            "prices are numbers: {service}"
        );
    }
    net_error(&client.refused(&["market", "get-service", "no-such-service"]));

    let currencies = client.json(&["order", "currencies"]);
    let currencies = currencies["list"].as_array().expect("a list of currencies");
    let native = currencies
        .iter()
        .find(|currency| currency["symbolName"] == "VSYS")
        .expect("the native coin");
    assert_eq!(native["unit"], 100_000_000);
    assert!(native["exchangeRate"].is_number(), "{native}");
    assert!(currencies.len() > 1, "there is a token to pay with: {currencies:?}");
}

/// The platform's own message, which the client passes on after a prefix.
pub fn net_error(message: &str) -> &str {
    let own = message
        .strip_prefix("Net Error: ")
        .unwrap_or_else(|| panic!("not the platform's message: {message}"));
    assert!(
        !own.is_empty() && !own.starts_with("<Response"),
        "the platform gave no message: {message}"
    );
    own
}
