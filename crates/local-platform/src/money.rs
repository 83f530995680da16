//! Amounts of money on the wire: JSON numbers with every digit.

use std::str::FromStr as _;

use rust_decimal::Decimal;
use serde_json::{Number, Value};

/// The amount as a JSON number, digit for digit and without needless zeros.
#[must_use]
pub fn number(amount: Decimal) -> Value {
    let text = amount.normalize().to_string();
    Number::from_str(&text).map_or(Value::String(text), Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_is_kept() {
        assert_eq!(
            number(Decimal::from_str("0.00250").expect("a decimal")).to_string(),
            "0.0025"
        );
        let long = "123456789012345678.123456789";
        assert_eq!(number(Decimal::from_str(long).expect("a decimal")).to_string(), long);
    }
}
