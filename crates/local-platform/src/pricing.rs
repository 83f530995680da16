//! What hours of service cost (contract, `ServiceType`). The platform decides prices, so it counts for itself and does not
//! ask the library that the console counts with; a difference between the two shows as a refused renewal.

use std::str::FromStr as _;

use rust_decimal::Decimal;
use serde_json::Value;

/// USD that `hours` cost with these options: the price of the first price set whose charging options are all among the
/// options' values, times the factor of the largest step of hours that is reached, times the hours. None without such a set.
#[must_use]
pub fn amount(price_sets: &Value, options: &Value, hours: i64) -> Option<Decimal> {
    let chosen: Vec<&Value> = options.as_object()?.values().collect();
    let set = price_sets.as_array()?.iter().find(|set| {
        let charging = set.get("chargingOptions").and_then(Value::as_object);
        charging.is_none_or(|charging| charging.values().all(|value| chosen.contains(&value)))
    })?;
    let steps = set.get("duration").and_then(Value::as_object);
    let factor = steps
        .into_iter()
        .flatten()
        .filter_map(|(step, factor)| Some((step.parse::<i64>().ok()?, factor)))
        .filter(|(step, _)| *step <= hours)
        .max_by_key(|(step, _)| *step)
        .map_or(Some(Decimal::ONE), |(_, factor)| number(factor))?;
    Some((number(set.get("price")?)? * factor * Decimal::from(hours)).normalize())
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => Decimal::from_str(&number.to_string()).ok(),
        Value::String(text) => Decimal::from_str(text).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_fitting_set_and_the_largest_reached_step_count() {
        let sets = json!([
            {"price": 0.0025, "chargingOptions": {"resourceUnit": "1-Unit-Resource"}, "duration": {"1": 1, "24": 0.95, "720": 0.8}},
            {"price": 0.005, "chargingOptions": {"resourceUnit": "2-Unit-Resource"}, "duration": {"1": 1}},
        ]);
        let one = json!({"resourceUnit": "1-Unit-Resource", "region": "Europe"});
        let two = json!({"resourceUnit": "2-Unit-Resource", "region": "Europe"});
        let cost = |options, hours| amount(&sets, options, hours).map(|amount| amount.to_string());
        assert_eq!(cost(&one, 10), Some("0.025".to_owned()));
        assert_eq!(cost(&one, 24), Some("0.057".to_owned()));
        assert_eq!(cost(&one, 1000), Some("2".to_owned()));
        assert_eq!(cost(&two, 1000), Some("5".to_owned()));
        assert_eq!(cost(&json!({"resourceUnit": "3-Unit-Resource"}), 1), None);
    }
}
