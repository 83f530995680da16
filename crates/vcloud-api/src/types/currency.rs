//! What orders can be paid in.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{money, wire};

/// A coin or token that the platform takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Currency {
    /// Its short name, for example `VSYS`.
    #[serde(deserialize_with = "wire::name")]
    pub symbol_name: String,
    /// Id of the token's contract; `vsys` or empty for the native coin.
    #[serde(deserialize_with = "wire::identifier")]
    pub contract_id: String,
    /// Smallest units in one coin, a power of ten.
    #[serde(deserialize_with = "wire::integer")]
    pub unit: u64,
    /// Coins for one USD.
    #[serde(with = "money")]
    pub exchange_rate: Decimal,
}

impl Currency {
    /// Whether it is the native coin, paid by a payment transaction instead of a token send.
    pub fn is_native(&self) -> bool {
        self.contract_id.is_empty() || self.contract_id == "vsys"
    }
}

/// All currencies that the platform takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Currencies {
    /// The currencies.
    #[serde(deserialize_with = "wire::list")]
    pub list: Vec<Currency>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_are_read_exactly() {
        let json = r#"{"list":[{"symbolName":"VSYS","contractId":"vsys","unit":100000000,"exchangeRate":1234.567890123456789}]}"#;
        let currencies: Currencies = serde_json::from_str(json).unwrap();
        assert!(currencies.list[0].is_native());
        assert_eq!(currencies.list[0].exchange_rate.to_string(), "1234.567890123456789");
        assert_eq!(serde_json::to_string(&currencies).unwrap(), json);
        let token: Currency = serde_json::from_str("{\"contractId\":\"CF1\",\"unit\":\"1000000\"}").unwrap();
        assert!(!token.is_native());
        assert_eq!(token.unit, 1_000_000);
    }
}
