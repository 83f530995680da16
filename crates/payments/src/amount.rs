//! Smallest units and coins, as people read and type them.

use rust_decimal::Decimal;
use thiserror::Error;
use vcloud_api::money;
use vcloud_api::types::Currency;

/// Why a text is no amount of a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AmountError {
    /// Not a number above 0.
    #[error("not an amount")]
    NotAnAmount,
    /// Finer than the smallest unit.
    #[error("finer than the smallest unit")]
    TooFine,
    /// More than any account can have.
    #[error("too much")]
    TooMuch,
}

/// Smallest units as coins, with every digit; as they are where a coin is not a power of ten of them.
pub fn coins(units: u64, unit: u64) -> Decimal {
    let currency = Currency {
        unit,
        ..Currency::default()
    };
    currency.coins(units).unwrap_or_else(|_| Decimal::from(units))
}

/// The smallest units of an amount in coins that somebody typed. Nothing is rounded.
///
/// # Errors
/// Where it is no amount that can be paid.
pub fn units(coins: &str, unit: u64) -> Result<u64, AmountError> {
    let amount = money::parse(coins.trim()).map_err(|_| AmountError::NotAnAmount)?;
    if amount.is_zero() || amount.is_sign_negative() {
        return Err(AmountError::NotAnAmount);
    }
    let digits = unit
        .checked_ilog10()
        .filter(|digits| 10_u64.pow(*digits) == unit)
        .ok_or(AmountError::TooFine)?;
    let amount = amount.normalize();
    let rest = digits.checked_sub(amount.scale()).ok_or(AmountError::TooFine)?;
    let power = 10_i128.checked_pow(rest).ok_or(AmountError::TooMuch)?;
    let units = amount.mantissa().checked_mul(power).ok_or(AmountError::TooMuch)?;
    u64::try_from(units).map_err(|_| AmountError::TooMuch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_taken_to_the_unit_or_not_at_all() {
        assert_eq!(units("73.5294", 100_000_000), Ok(7_352_940_000));
        assert_eq!(units(" 1 ", 1_000_000), Ok(1_000_000));
        assert_eq!(units("0.00000001", 100_000_000), Ok(1));
        assert_eq!(units("184467440737.09551615", 100_000_000), Ok(u64::MAX));
        assert_eq!(units("184467440737.09551616", 100_000_000), Err(AmountError::TooMuch));
        assert_eq!(units("0.000000001", 100_000_000), Err(AmountError::TooFine));
        assert_eq!(units("1.10", 10), Ok(11));
        for text in ["", "0", "-1", "1,5", "ten", "0.00"] {
            assert_eq!(units(text, 100), Err(AmountError::NotAnAmount), "{text}");
        }
        assert_eq!(coins(7_352_940_000, 100_000_000).to_string(), "73.5294");
        assert_eq!(coins(u64::MAX, 100_000_000).to_string(), "184467440737.09551615");
        assert_eq!(coins(5, 3).to_string(), "5");
    }
}
