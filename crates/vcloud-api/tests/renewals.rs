//! What renewals cost, against a table worked out with the exact decimals of another language: `data/renewals.py` makes
//! `data/renewals.json`, and a test runs it again.

use std::collections::BTreeMap;
use std::process::Command;

use serde::Deserialize;
use vcloud_api::price::{PriceError, total};
use vcloud_api::types::{Currency, ServiceOptions, ServiceType, UserService, UserServiceStatus};
use vcloud_api::{Decimal, money};

#[derive(Deserialize)]
struct Table {
    types: BTreeMap<String, ServiceType>,
    currencies: Vec<Currency>,
    cases: Vec<Case>,
    totals: Vec<Total>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    #[serde(rename = "type")]
    service_type: String,
    options: ServiceOptions,
    hours: u64,
    now: i64,
    end_at: i64,
    new_end: i64,
    /// None where these options have no price.
    price: Option<String>,
    #[serde(default)]
    factor: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    payments: Vec<Payment>,
}

#[derive(Deserialize)]
struct Payment {
    units: u64,
    coins: String,
}

#[derive(Deserialize)]
struct Total {
    cases: Vec<usize>,
    total: String,
}

fn table() -> Table {
    serde_json::from_str(include_str!("data/renewals.json")).expect("a table of renewals")
}

fn decimal(text: &str) -> Decimal {
    money::parse(text).expect("a decimal")
}

#[test]
fn the_table_is_what_the_other_language_works_out() {
    // The same Python as for the official client, where one is named.
    let python = std::env::var("OFFICIAL_CLIENT_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/renewals.py");
    let run = Command::new(&python).arg(script).output();
    let run = run.unwrap_or_else(|error| panic!("{python} works out the table and is not here: {error}"));
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let worked_out: serde_json::Value = serde_json::from_slice(&run.stdout).expect("JSON");
    let stored: serde_json::Value = serde_json::from_str(include_str!("data/renewals.json")).expect("JSON");
    assert!(
        worked_out == stored,
        "data/renewals.json is not what data/renewals.py works out now"
    );
}

#[test]
fn renewals_cost_what_another_language_works_out() {
    let table = table();
    let mut priced = 0;
    for case in &table.cases {
        let what = format!("{} hours of {} {:?}", case.hours, case.service_type, case.options);
        let quote = table.types[&case.service_type].quote(&case.options, case.hours);
        let Some(price) = &case.price else {
            assert_eq!(quote, Err(PriceError::NoPrice), "{what}");
            continue;
        };
        priced += 1;
        let quote = quote.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(quote.price, decimal(price), "{what}");
        assert_eq!(quote.factor, decimal(&case.factor), "{what}");
        assert_eq!(quote.amount.to_string(), case.amount, "{what}");
        // What is sent has the digits of what is quoted.
        let sent = serde_json::to_string(&quote.renewal("s1")).expect("JSON");
        let expected = format!(
            r#"{{"userServiceID":"s1","duration":{},"amount":{}}}"#,
            case.hours, case.amount
        );
        assert_eq!(sent, expected, "{what}");
        for (currency, payment) in table.currencies.iter().zip(&case.payments) {
            let units = currency.units_for(quote.amount).expect("an amount in units");
            assert_eq!(units, payment.units, "{what} in {}", currency.symbol_name);
            let coins = currency.coins(units).expect("an amount in coins");
            assert_eq!(coins.to_string(), payment.coins, "{what} in {}", currency.symbol_name);
        }
    }
    assert!(priced >= 60, "only {priced} cases have a price");
}

#[test]
fn renewals_end_when_another_language_works_out() {
    for case in table().cases {
        let service = UserService {
            status: UserServiceStatus::Running,
            end_at: case.end_at,
            ..UserService::default()
        };
        assert_eq!(service.end_after_renewal(case.now, case.hours), case.new_end);
        // The other way round: to reach that end takes these hours, a second more takes one more.
        assert_eq!(service.hours_until(case.now, case.new_end), Some(case.hours));
        assert_eq!(service.hours_until(case.now, case.new_end + 1), Some(case.hours + 1));
    }
}

#[test]
fn several_renewals_cost_their_sum() {
    let table = table();
    assert!(table.totals.len() >= 5);
    for wanted in &table.totals {
        let amounts = wanted.cases.iter().map(|index| decimal(&table.cases[*index].amount));
        assert_eq!(total(amounts).expect("a sum").to_string(), wanted.total);
    }
}
