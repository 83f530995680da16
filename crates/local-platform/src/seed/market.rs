//! The market of the demonstration: two providers, their service types with prices, the currencies.

use rusqlite::Connection;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::DEFAULT_PROVIDER;
use crate::accounts::{self, Account};
use crate::money;
use crate::refusal::Outcome;
use crate::store::ledger::{self, NATIVE};
use crate::store::market::{self, Category, Currency, Provider, ServiceType};

/// The provider of the older kind, which cannot change one domain at a time.
pub const LEGACY_PROVIDER: &str = "v-kube-legacy";
/// Containers at the first provider.
pub const CONTAINER_SERVICE: &str = "0d6f4a52-6f0b-4c1e-9d57-3b8a1c2e7f90";
/// Kept logs at the first provider.
pub const LOG_HOST: &str = "68b1c0de5a3f2e1d0c9b8a77";
/// A subscription without containers at the first provider; not refundable.
pub const NODE_WATCHER: &str = "68b1c0de5a3f2e1d0c9b8a78";
/// Containers at the second provider.
pub const LEGACY_CONTAINER_SERVICE: &str = "68b1c0de5a3f2e1d0c9b8a79";
/// Regions of the first provider.
pub const REGIONS: [&str; 6] = ["Europe", "North America", "Tokyo", "Hong Kong", "Singapore", "Helsinki"];
/// Resource units that are sold together.
const UNITS: [u32; 9] = [1, 2, 4, 8, 16, 32, 64, 128, 256];
/// A token that is worth one USD.
pub const USD_TOKEN: &str = "CC5aP2nYNFJiGsuKKM3Ff47cu26x5zBvnqk";
/// A token that is worth one EUR.
pub const EUR_TOKEN: &str = "CC5YzxSR6Jjn63QofFrTm5REAvRpN2zy7xx";
/// Units of VSYS that a provider's wallet begins with: enough for every refund.
const PROVIDER_UNITS: i64 = 100_000_000_000_000_000;

/// Makes it.
pub fn make(connection: &Connection) -> Outcome<()> {
    providers(connection)?;
    categories(connection)?;
    service_types(connection)?;
    currencies(connection)
}

fn providers(connection: &Connection) -> Outcome<()> {
    let known = [
        (DEFAULT_PROVIDER, "5f3c9a7e1b2d4c6f8a0e1d21", "", false),
        (LEGACY_PROVIDER, "5f3c9a7e1b2d4c6f8a0e1d22", "legacy", true),
    ];
    for (position, (name, id, label, legacy_ingress)) in (0..).zip(known) {
        let seed = accounts::new_seed();
        let wallet_address = Account::of_seed(&seed, 0)?.address();
        let sign_address = Account::of_seed(&seed, 1)?.address();
        ledger::change(connection, &wallet_address, NATIVE, PROVIDER_UNITS)?;
        let provider = Provider {
            name: name.to_owned(),
            id: id.to_owned(),
            label: label.to_owned(),
            seed,
            wallet_address,
            sign_address,
            legacy_ingress,
        };
        market::add_provider(connection, &provider, position)?;
    }
    Ok(())
}

fn container_options(regions: &[&str], units: &[u32]) -> Value {
    let units: Vec<String> = units.iter().map(|units| unit_name(*units)).collect();
    json!({
        "region": regions,
        "resourceUnit": units,
        "portSpecification": ["System Random Map Port", "User Specified Service Port"],
        "persistStorage": ["No", "Yes"],
    })
}

fn unit_name(units: u32) -> String {
    format!("{units}-Unit-Resource")
}

/// One price set for each number of units; longer durations cost less an hour.
fn prices(units: &[u32], of_one_unit: Decimal) -> Value {
    units
        .iter()
        .map(|units| {
            json!({
                "price": money::number(of_one_unit * Decimal::from(*units)),
                "chargingOptions": { "resourceUnit": unit_name(*units) },
                "duration": { "1": 1, "24": 0.98, "168": 0.95, "720": 0.9, "8760": 0.8 },
            })
        })
        .collect()
}

fn categories(connection: &Connection) -> Outcome<()> {
    let categories = [
        (
            "61e6a7f04a1b2c3d4e5f6a01",
            DEFAULT_PROVIDER,
            "Container-Service",
            "Run container images on managed Kubernetes.",
        ),
        (
            "61e6a7f04a1b2c3d4e5f6a02",
            DEFAULT_PROVIDER,
            "Log-Service",
            "Keep and search the logs of your services.",
        ),
        (
            "61e6a7f04a1b2c3d4e5f6a03",
            DEFAULT_PROVIDER,
            "Event-Watcher",
            "Be told what happens on the chain.",
        ),
        (
            "61e6a7f04a1b2c3d4e5f6a04",
            LEGACY_PROVIDER,
            "Container-Service",
            "Container images on an older cluster.",
        ),
    ];
    for (position, (id, provider, name, description)) in (0..).zip(categories) {
        let service_options = match (provider, name) {
            (DEFAULT_PROVIDER, "Container-Service") => container_options(&REGIONS, &UNITS),
            (LEGACY_PROVIDER, _) => container_options(&["Europe", "Asia"], &[1, 2, 4]),
            (_, "Log-Service") => {
                json!({ "region": ["Europe", "North America"], "resourceUnit": ["1-Unit-Resource", "2-Unit-Resource"] })
            }
            _ => json!({ "region": ["Europe"] }),
        };
        let category = Category {
            id: id.to_owned(),
            provider: provider.to_owned(),
            name: name.to_owned(),
            description: description.to_owned(),
            service_options,
        };
        market::add_category(connection, &category, position)?;
    }
    Ok(())
}

fn service_types(connection: &Connection) -> Outcome<()> {
    let types = [
        ServiceType {
            id: CONTAINER_SERVICE.to_owned(),
            provider: DEFAULT_PROVIDER.to_owned(),
            category: "Container-Service".to_owned(),
            name: "Container Service".to_owned(),
            description: "Containers that share one network, with 1 GiB of memory and one port for each unit."
                .to_owned(),
            refundable: true,
            service_options: container_options(&REGIONS, &UNITS),
            duration_to_price: prices(&UNITS, Decimal::new(25, 4)),
        },
        ServiceType {
            id: LOG_HOST.to_owned(),
            provider: DEFAULT_PROVIDER.to_owned(),
            category: "Log-Service".to_owned(),
            name: "Log Host".to_owned(),
            description: "4 GiB of kept logs for each unit.".to_owned(),
            refundable: true,
            service_options: json!({ "region": ["Europe", "North America"], "resourceUnit": ["1-Unit-Resource", "2-Unit-Resource"] }),
            duration_to_price: prices(&[1, 2], Decimal::new(1, 2)),
        },
        ServiceType {
            id: NODE_WATCHER.to_owned(),
            provider: DEFAULT_PROVIDER.to_owned(),
            category: "Event-Watcher".to_owned(),
            name: "Node Watcher".to_owned(),
            description: "Calls your webhook for events of the chain. Nothing is deployed and nothing is refunded."
                .to_owned(),
            refundable: false,
            service_options: json!({ "region": ["Europe"] }),
            duration_to_price: json!([{ "price": 0.004, "chargingOptions": {}, "duration": { "1": 1, "720": 0.9 } }]),
        },
        ServiceType {
            id: LEGACY_CONTAINER_SERVICE.to_owned(),
            provider: LEGACY_PROVIDER.to_owned(),
            category: "Container-Service".to_owned(),
            name: "Container Service".to_owned(),
            description: "Containers on an older cluster, which changes all domains of a service at once.".to_owned(),
            refundable: true,
            service_options: container_options(&["Europe", "Asia"], &[1, 2, 4]),
            duration_to_price: prices(&[1, 2, 4], Decimal::new(2, 3)),
        },
    ];
    for (position, service) in (0..).zip(&types) {
        market::add_service_type(connection, service, position)?;
    }
    Ok(())
}

fn currencies(connection: &Connection) -> Outcome<()> {
    let currencies = [
        ("vsys", "VSYS", 100_000_000, Decimal::new(12_505, 1)),
        (USD_TOKEN, "USDT-VSYS", 1_000_000, Decimal::ONE),
        (EUR_TOKEN, "EURT-VSYS", 100_000_000, Decimal::new(917, 3)),
    ];
    for (position, (contract_id, symbol, unit, exchange_rate)) in (0..).zip(currencies) {
        let currency = Currency {
            contract_id: contract_id.to_owned(),
            symbol: symbol.to_owned(),
            unit,
            exchange_rate,
        };
        market::add_currency(connection, &currency, position)?;
    }
    Ok(())
}
