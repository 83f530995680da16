//! Money on the wire: exact decimals, read from a JSON number or string and written as a JSON number, digit for digit.

use std::str::FromStr;

use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Number, Value};

/// Why a text is not an amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseMoneyError {
    /// Not a decimal number at all.
    #[error("not a decimal number")]
    NotANumber,
    /// More digits than an exact decimal holds (28).
    #[error("more digits than can be kept exactly")]
    TooPrecise,
}

/// Reads a decimal number exactly, with or without an exponent. Never rounds: what cannot be kept is an error.
///
/// # Errors
/// Where the text is no number, or has more than 28 significant digits.
pub fn parse(text: &str) -> Result<Decimal, ParseMoneyError> {
    let (digits, exponent) = match text.find(['e', 'E']) {
        Some(at) => {
            let exponent = i32::from_str(&text[at + 1..]).map_err(|_| ParseMoneyError::NotANumber)?;
            (&text[..at], exponent)
        }
        None => (text, 0),
    };
    let plain = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    let shape_is_right = plain.bytes().any(|byte| byte.is_ascii_digit())
        && plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && plain.bytes().filter(|&byte| byte == b'.').count() <= 1;
    if !shape_is_right {
        return Err(ParseMoneyError::NotANumber);
    }
    // Zeros behind the point carry nothing, but would count against the digits that can be kept.
    let significant = if digits.contains('.') {
        digits.trim_end_matches('0').trim_end_matches('.')
    } else {
        digits
    };
    let significant = if significant.trim_start_matches(['-', '+']).is_empty() {
        "0"
    } else {
        significant
    };
    let value = Decimal::from_str_exact(significant).map_err(|_| ParseMoneyError::TooPrecise)?;
    shift(value, exponent)
}

/// The value times ten to the power of `exponent`, exactly.
fn shift(value: Decimal, exponent: i32) -> Result<Decimal, ParseMoneyError> {
    if value.is_zero() || exponent == 0 {
        return Ok(value);
    }
    let value = value.normalize();
    let scale = i64::from(value.scale()) - i64::from(exponent);
    let (mantissa, scale) = if scale < 0 {
        let power = u32::try_from(-scale).map_err(|_| ParseMoneyError::TooPrecise)?;
        let factor = 10_i128.checked_pow(power).ok_or(ParseMoneyError::TooPrecise)?;
        (
            value
                .mantissa()
                .checked_mul(factor)
                .ok_or(ParseMoneyError::TooPrecise)?,
            0,
        )
    } else {
        (
            value.mantissa(),
            u32::try_from(scale).map_err(|_| ParseMoneyError::TooPrecise)?,
        )
    };
    Decimal::try_from_i128_with_scale(mantissa, scale).map_err(|_| ParseMoneyError::TooPrecise)
}

pub(crate) fn of_value(value: &Value) -> Result<Option<Decimal>, String> {
    let written = match value {
        Value::Null => return Ok(None),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => text.trim().to_owned(),
        _ => return Err("expected an amount".to_owned()),
    };
    parse(&written)
        .map(Some)
        .map_err(|error| format!("expected an amount, found {}: {error}", crate::wire::excerpt(&written)))
}

/// Every digit of an amount for somebody to read or copy, with at least two behind the point and without needless zeros. Nothing
/// groups the digits: such an amount is typed and pasted elsewhere.
pub fn exact_text(amount: Decimal) -> String {
    let mut amount = amount.normalize();
    if amount.scale() < 2 {
        // Two more zeros always fit where so few decimals are used, unless the number is too large to be any price.
        amount.rescale(2);
    }
    amount.to_string()
}

/// Writes the amount as a JSON number with all its digits.
///
/// # Errors
/// Never in practice: a decimal is always a JSON number.
pub fn serialize<S: Serializer>(amount: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    Number::from_str(&amount.to_string())
        .map_err(S::Error::custom)?
        .serialize(serializer)
}

/// Reads a JSON number or a string; `null` and the empty string are 0.
///
/// # Errors
/// Where the value is no number or cannot be kept exactly.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    Ok(of_value(&Value::deserialize(deserializer)?)
        .map_err(D::Error::custom)?
        .unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize, Serialize)]
    struct Priced {
        #[serde(with = "crate::money")]
        price: Decimal,
    }

    fn price(json: &str) -> Result<String, serde_json::Error> {
        serde_json::from_str::<Priced>(&format!("{{\"price\":{json}}}")).map(|priced| priced.price.to_string())
    }

    #[test]
    fn amounts_are_read_digit_for_digit() {
        assert_eq!(price("0.1").unwrap(), "0.1");
        assert_eq!(price("\"0.1\"").unwrap(), "0.1");
        assert_eq!(
            price("123456789012345678.123456789").unwrap(),
            "123456789012345678.123456789"
        );
        assert_eq!(price("700.0").unwrap(), "700");
        assert_eq!(price("1e-7").unwrap(), "0.0000001");
        assert_eq!(price("1.5E3").unwrap(), "1500");
        assert_eq!(price("-2.50").unwrap(), "-2.5");
        assert_eq!(price("0.000000000000000000000000000000000000").unwrap(), "0");
        assert_eq!(price("null").unwrap(), "0");
    }

    #[test]
    fn what_cannot_be_kept_is_refused_not_rounded() {
        assert_eq!(
            parse("0.12345678901234567890123456789"),
            Err(ParseMoneyError::TooPrecise)
        );
        assert_eq!(parse("1e40"), Err(ParseMoneyError::TooPrecise));
        assert_eq!(parse("1e-40"), Err(ParseMoneyError::TooPrecise));
        for text in ["", ".", "-", "1_000", "0x10", "1.2.3", "1e", "e5", "NaN", "１"] {
            assert_eq!(parse(text), Err(ParseMoneyError::NotANumber), "{text}");
        }
        assert!(price("true").is_err());
        assert!(price("\"ten\"").is_err());
    }

    #[test]
    fn amounts_are_shown_with_every_digit_and_at_least_two_decimals() {
        for (amount, shown) in [
            ("0", "0.00"),
            ("7", "7.00"),
            ("1234567.5", "1234567.50"),
            ("0.3564", "0.3564"),
            ("1.2300", "1.23"),
            ("0.0000000001", "0.0000000001"),
        ] {
            assert_eq!(exact_text(parse(amount).unwrap()), shown);
        }
    }

    #[test]
    fn amounts_are_written_as_numbers_with_all_digits() {
        let priced = Priced {
            price: parse("123456789012345678.123456789").unwrap(),
        };
        let json = serde_json::to_string(&priced).unwrap();
        assert_eq!(json, "{\"price\":123456789012345678.123456789}");
        assert_eq!(serde_json::from_str::<Priced>(&json).unwrap(), priced);
        // Through a tree as well: servers build their answers that way.
        assert_eq!(serde_json::to_value(&priced).unwrap().to_string(), json);
    }
}
