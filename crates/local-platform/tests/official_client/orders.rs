//! `vcloud order …`: from an order to a usable service.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    market::net_error,
    platform::eventually,
    scene::{Owner, Scene, decimal},
};

/// Orders that are refused, paid in parts, paid with a token, listed.
pub fn order(scene: &Scene) {
    let owner = scene.owner();
    let client = &owner.client;
    let service_type = owner.service_type();
    let type_id = service_type["id"].as_str().expect("a service has an id");
    let options = first_options(service_type);

    let create = |service: &str, hours: &str, options: &str| {
        client.refused(&[
            "order",
            "create",
            "--service-id",
            service,
            "--duration",
            hours,
            "--options",
            options,
        ])
    };
    net_error(&create("no-such-service", "24", &options.to_string()));
    net_error(&create(type_id, "0", &options.to_string()));
    net_error(&create(type_id, "-3", &options.to_string()));
    net_error(&create(type_id, "24", "{}"));
    net_error(&create(type_id, "24", r#"{"region":"Atlantis"}"#));
    assert!(
        create(type_id, "24", "{").contains("--options"),
        "the client itself refuses what is not JSON"
    );
    net_error(&client.refused(&["order", "get", "no-such-order"]));

    let hours = 200;
    let (id, amount) = owner.order(hours, &options);
    assert_eq!(
        amount,
        price(service_type, &options, hours),
        "the amount follows the price rule"
    );
    let pending = client.json(&["order", "get", &id]);
    assert_eq!(pending["status"], "OrderPending");
    assert_eq!(decimal(&pending["amount"]), amount);
    assert_eq!(decimal(&pending["amountPaid"]), Decimal::ZERO);
    assert_eq!(pending["address"], scene.demo.address);
    assert_eq!(pending["userServices"][0]["serviceActivated"], false);
    assert_eq!(pending["userServices"][0]["serviceOptions"], options);
    assert!(listed(&owner, "OrderPending", &id));
    let foreign = client.refused(&["--address-index", "2", "order", "get", &id]);
    net_error(&foreign);

    // A part first: the order keeps what was paid and still waits for the rest.
    owner.pay(&id, amount / Decimal::TWO, 0);
    let part = eventually("the part to be booked", || {
        let answer = client.json(&["order", "get", &id]);
        (decimal(&answer["amountPaid"]) > Decimal::ZERO).then_some(answer)
    });
    assert_eq!(part["status"], "OrderPending");
    assert!(decimal(&part["amountPaid"]) < amount, "{part}");
    owner.pay(&id, amount - decimal(&part["amountPaid"]), 0);
    let filed = owner.filed(&id);
    assert!(decimal(&filed["amountPaid"]) >= amount, "{filed}");
    assert_eq!(filed["userServices"][0]["serviceActivated"], true);
    assert!(
        listed(&owner, "OrderFiled", &id) && !listed(&owner, "OrderPending", &id) && !listed(&owner, "OrderPaid", &id)
    );
    let service = filed["userServices"][0]["id"].as_str().expect("a service").to_owned();
    assert!(owner.listed("ServicePending", &service), "what was paid can be used");

    // The same with a token, which the node books by a contract.
    let (id, amount) = owner.order(1, &options);
    owner.pay(&id, amount, 1);
    assert_eq!(owner.filed(&id)["status"], "OrderFiled");
    let beyond = client.refused(&["order", "pay", &id, "--amount", "1", "--currency-index", "99"]);
    assert!(beyond.contains("out of range"), "{beyond}");
}

/// The first value of every option.
pub fn first_options(service_type: &Value) -> Value {
    let options = service_type["serviceOptions"].as_object().expect("options");
    options
        .iter()
        .map(|(name, values)| (name.clone(), values[0].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// The contract's price rule, computed anew from what the market shows.
fn price(service_type: &Value, options: &Value, hours: u32) -> Decimal {
    let chosen: Vec<&Value> = options.as_object().expect("options").values().collect();
    let sets = service_type["durationToPrice"].as_array().expect("prices");
    let set = sets
        .iter()
        .find(|set| {
            set["chargingOptions"]
                .as_object()
                .is_some_and(|charged| charged.values().all(|value| chosen.contains(&value)))
        })
        .expect("a price for these options");
    let factor = set["duration"]
        .as_object()
        .expect("factors")
        .iter()
        .filter_map(|(from, factor)| Some((from.parse::<u32>().ok()?, factor)))
        .filter(|(from, _)| *from <= hours)
        .max_by_key(|(from, _)| *from)
        .map_or(Decimal::ONE, |(_, factor)| decimal(factor));
    decimal(&set["price"]) * factor * Decimal::from(hours)
}

fn listed(owner: &Owner<'_>, status: &str, order: &str) -> bool {
    let answer = owner
        .client
        .json(&["order", "list", "--status", status, "--page", "1", "--page-size", "100"]);
    let list = answer["list"].as_array().expect("a list of orders");
    assert!(
        list.iter()
            .all(|listed| listed["status"] == status && listed["address"] == owner.scene.demo.address.as_str())
    );
    list.iter().any(|listed| listed["id"] == order)
}

/// Options of a container service: a region, so many units, and whether ports are chosen and data is kept.
pub fn container_options(region: &str, units: u32, choose_ports: bool, keep_data: bool) -> Value {
    json!({
        "region": region,
        "resourceUnit": format!("{units}-Unit-Resource"),
        "portSpecification": if choose_ports { "User Specified Service Port" } else { "System Random Map Port" },
        "persistStorage": if keep_data { "Yes" } else { "No" },
    })
}
