//! What the market sells.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::ServiceOptions;
use crate::{money, visible, wire};

/// A kind of service that can be ordered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceType {
    /// Its id.
    #[serde(deserialize_with = "wire::identifier")]
    pub id: String,
    /// Name of the provider that runs it.
    #[serde(deserialize_with = "wire::name")]
    pub provider: String,
    /// Its name.
    #[serde(deserialize_with = "wire::name")]
    pub name: String,
    /// Name of its category.
    #[serde(deserialize_with = "wire::name")]
    pub category: String,
    /// What it is, in the provider's words.
    #[serde(deserialize_with = "wire::words")]
    pub description: String,
    /// Whether an unused part can be paid back.
    #[serde(deserialize_with = "wire::flag")]
    pub refundable: bool,
    /// Option → the values one can choose from.
    #[serde(deserialize_with = "choices")]
    pub service_options: BTreeMap<String, Vec<String>>,
    /// The prices; see [`crate::price`].
    #[serde(deserialize_with = "wire::list")]
    pub duration_to_price: Vec<PriceSet>,
}

/// What certain options cost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PriceSet {
    /// USD per hour.
    #[serde(with = "money")]
    pub price: Decimal,
    /// The options that this price is for.
    pub charging_options: ServiceOptions,
    /// Hours → factor on the price from that many hours on.
    #[serde(deserialize_with = "factors", serialize_with = "write_factors")]
    pub duration: BTreeMap<u64, Decimal>,
}

fn choices<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Vec<String>>, D::Error> {
    Option::<BTreeMap<String, Value>>::deserialize(deserializer)?
        .unwrap_or_default()
        .into_iter()
        .map(|(option, values)| {
            let name = |value: Value| wire::text_of(value).map(|text| visible::name(&text));
            let values: Result<Vec<String>, String> = match values {
                Value::Null => Ok(Vec::new()),
                Value::Array(values) => values.into_iter().map(name).collect(),
                single => name(single).map(|single| vec![single]),
            };
            Ok((visible::name(&option), values.map_err(D::Error::custom)?))
        })
        .collect()
}

fn factors<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<u64, Decimal>, D::Error> {
    Option::<BTreeMap<String, Value>>::deserialize(deserializer)?
        .unwrap_or_default()
        .into_iter()
        .map(|(hours, factor)| {
            // A key that is no number is an error, not skipped: without it the price would be wrong.
            let hours = hours
                .trim()
                .parse()
                .map_err(|_| D::Error::custom(format!("expected hours, found {}", wire::excerpt(&hours))))?;
            let factor = money::of_value(&factor)
                .map_err(D::Error::custom)?
                .ok_or_else(|| D::Error::custom("expected a price factor, found nothing"))?;
            Ok((hours, factor))
        })
        .collect()
}

fn write_factors<S: Serializer>(factors: &BTreeMap<u64, Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Factor<'a>(#[serde(serialize_with = "money::serialize")] &'a Decimal);
    let mut map = serializer.serialize_map(Some(factors.len()))?;
    for (hours, factor) in factors {
        map.serialize_entry(&hours.to_string(), &Factor(factor))?;
    }
    map.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOLD: &str = r#"{"id":"61f0","provider":"v-kube-service","name":"Basic","category":"Container","refundable":true,
        "serviceOptions":{"region":["Europe","Asia"],"resourceUnit":["1-Unit-Resource",2],"odd":"single","none":null},
        "durationToPrice":[{"price":0.015,"chargingOptions":{"resourceUnit":"1-Unit-Resource"},"duration":{"1":1,"720":"0.9"}}]}"#;

    #[test]
    fn prices_are_exact_and_survive_the_way_back() {
        let sold: ServiceType = serde_json::from_str(SOLD).unwrap();
        assert_eq!(sold.service_options["resourceUnit"], ["1-Unit-Resource", "2"]);
        assert_eq!(sold.service_options["odd"], ["single"]);
        assert!(sold.service_options["none"].is_empty());
        let prices = &sold.duration_to_price[0];
        assert_eq!(prices.price.to_string(), "0.015");
        assert_eq!(prices.duration[&720].to_string(), "0.9");
        let json = serde_json::to_string(&sold).unwrap();
        assert!(
            json.contains("\"price\":0.015") && json.contains("\"720\":0.9"),
            "{json}"
        );
        assert_eq!(serde_json::from_str::<ServiceType>(&json).unwrap(), sold);
    }

    #[test]
    fn a_price_that_cannot_be_understood_is_an_error() {
        for broken in ["\"a year\":1", "\"24\":null", "\"24\":\"cheap\""] {
            let json = format!("{{\"durationToPrice\":[{{\"price\":1,\"duration\":{{{broken}}}}}]}}");
            assert!(serde_json::from_str::<ServiceType>(&json).is_err(), "{broken}");
        }
    }
}
