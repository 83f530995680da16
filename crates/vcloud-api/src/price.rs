//! What a service costs, and how much of a coin that is (contract, Platform). All exact: nothing is rounded but the one
//! rounding up that the contract names.

use rust_decimal::Decimal;

use crate::types::{Currency, PriceSet, RenewItem, ServiceOptions, ServiceType};

/// Why there is no price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    /// No price set is for these options.
    #[error("these options have no price")]
    NoPrice,
    /// More digits than can be calculated with exactly.
    #[error("the amount is too large or has too many digits")]
    Overflow,
    /// A price, factor, rate or unit that is negative or 0 where it must not be.
    #[error("the amount is negative")]
    Negative,
    /// The currency has no unit or no exchange rate.
    #[error("the currency has no exchange rate")]
    NoRate,
}

impl ServiceType {
    /// The price set for certain options: the first whose every charging option value is among the values of the options.
    pub fn price_set(&self, options: &ServiceOptions) -> Option<&PriceSet> {
        self.duration_to_price.iter().find(|set| {
            set.charging_options
                .0
                .values()
                .all(|wanted| options.0.values().any(|value| value == wanted))
        })
    }

    /// What so many hours cost with certain options, in USD.
    ///
    /// # Errors
    /// Where no price is for these options, or it cannot be calculated exactly.
    pub fn amount(&self, options: &ServiceOptions, hours: u64) -> Result<Decimal, PriceError> {
        self.price_set(options).ok_or(PriceError::NoPrice)?.amount(hours)
    }

    /// The same with what it was worked out from.
    ///
    /// # Errors
    /// Where no price is for these options, or it cannot be calculated exactly.
    pub fn quote(&self, options: &ServiceOptions, hours: u64) -> Result<Quote, PriceError> {
        let set = self.price_set(options).ok_or(PriceError::NoPrice)?;
        Ok(Quote {
            hours,
            price: set.price,
            factor: set.factor(hours),
            amount: set.amount(hours)?,
        })
    }
}

/// What so many hours cost, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The hours.
    pub hours: u64,
    /// USD per hour.
    pub price: Decimal,
    /// The factor on the price for so many hours.
    pub factor: Decimal,
    /// USD for all of it: price × factor × hours.
    pub amount: Decimal,
}

impl Quote {
    /// The line of an order that renews a service for these hours: the amount is the one quoted, digit for digit.
    pub fn renewal(&self, user_service_id: &str) -> RenewItem {
        RenewItem {
            user_service_id: user_service_id.to_owned(),
            duration: self.hours,
            amount: self.amount,
        }
    }
}

impl PriceSet {
    /// The factor on the price for so many hours: that of the largest number of hours that is reached, 1 where none is.
    pub fn factor(&self, hours: u64) -> Decimal {
        self.duration
            .range(..=hours)
            .next_back()
            .map_or(Decimal::ONE, |(_, factor)| *factor)
    }

    /// What so many hours cost, in USD: price × factor × hours.
    ///
    /// # Errors
    /// Where it cannot be calculated exactly, or is negative.
    pub fn amount(&self, hours: u64) -> Result<Decimal, PriceError> {
        exact_product(&[self.price, self.factor(hours), Decimal::from(hours)])
    }
}

impl Currency {
    /// An amount in USD in the smallest units of this currency, rounded up to a whole unit: amount × exchange rate × unit.
    ///
    /// # Errors
    /// Where the currency has no rate, the amount is negative, or the result is too large.
    pub fn units_for(&self, amount: Decimal) -> Result<u64, PriceError> {
        if self.unit == 0 || self.exchange_rate.is_zero() {
            return Err(PriceError::NoRate);
        }
        let factors = [amount, self.exchange_rate, Decimal::from(self.unit)];
        let units = match product(&factors) {
            // A mantissa has at most 39 digits: behind more of them nothing is left but what is rounded up.
            Ok((mantissa, scale)) => match 10_u128.checked_pow(scale) {
                Some(power) => mantissa.div_ceil(power),
                None => u128::from(mantissa > 0),
            },
            // What a part left to be paid has as many digits as a decimal holds.
            Err(PriceError::Overflow) => long_product_rounded_up(&factors)?,
            Err(error) => return Err(error),
        };
        u64::try_from(units).map_err(|_| PriceError::Overflow)
    }

    /// Smallest units as a number of coins.
    ///
    /// # Errors
    /// Where the currency's unit is not a power of ten, so that there may be no finite fraction.
    pub fn coins(&self, units: u64) -> Result<Decimal, PriceError> {
        let digits = self
            .unit
            .checked_ilog10()
            .filter(|digits| 10_u64.pow(*digits) == self.unit)
            .ok_or(PriceError::NoRate)?;
        Ok(Decimal::from_i128_with_scale(i128::from(units), digits).normalize())
    }
}

/// The sum of amounts, with nothing rounded.
///
/// # Errors
/// Where it has more digits than can be kept.
pub fn total(amounts: impl IntoIterator<Item = Decimal>) -> Result<Decimal, PriceError> {
    let amounts: Vec<Decimal> = amounts.into_iter().map(|amount| amount.normalize()).collect();
    let scale = amounts.iter().map(Decimal::scale).max().unwrap_or(0);
    let sum = amounts.iter().try_fold(0_i128, |sum, amount| {
        let power = 10_i128.checked_pow(scale - amount.scale())?;
        sum.checked_add(amount.mantissa().checked_mul(power)?)
    });
    let sum = sum.ok_or(PriceError::Overflow)?;
    let sum = Decimal::try_from_i128_with_scale(sum, scale).map_err(|_| PriceError::Overflow)?;
    Ok(sum.normalize())
}

/// The product as mantissa and number of decimals, with nothing rounded.
fn product(factors: &[Decimal]) -> Result<(u128, u32), PriceError> {
    let mut mantissa: u128 = 1;
    let mut scale: u32 = 0;
    for factor in factors {
        if factor.is_sign_negative() && !factor.is_zero() {
            return Err(PriceError::Negative);
        }
        let factor = factor.normalize();
        mantissa = mantissa
            .checked_mul(factor.mantissa().unsigned_abs())
            .ok_or(PriceError::Overflow)?;
        scale += factor.scale();
        // Tens cancel decimals as they come, so that large whole factors do not overflow.
        while scale > 0 && mantissa.is_multiple_of(10) {
            mantissa /= 10;
            scale -= 1;
        }
        if mantissa == 0 {
            return Ok((0, 0));
        }
    }
    Ok((mantissa, scale))
}

/// The product of amounts that are not negative, rounded up to a whole number, however many digits it has on the way.
fn long_product_rounded_up(factors: &[Decimal]) -> Result<u128, PriceError> {
    // Digits by the nine, the least first: to divide by a power of ten is to leave digits out.
    const BASE: u128 = 1_000_000_000;
    let mut limbs: Vec<u128> = vec![1];
    let mut scale = 0;
    for factor in factors {
        let mut rest = factor.mantissa().unsigned_abs();
        scale += factor.scale() as usize;
        let mut product = vec![0; limbs.len() + 5];
        for place in 0.. {
            if rest == 0 {
                break;
            }
            let digits = rest % BASE;
            rest /= BASE;
            let mut carry = 0;
            for (index, limb) in limbs.iter().chain(std::iter::repeat(&0)).enumerate() {
                let at = index + place;
                if at >= product.len() {
                    break;
                }
                let sum = product[at] + limb * digits + carry;
                product[at] = sum % BASE;
                carry = sum / BASE;
            }
        }
        limbs = product;
    }
    let digits: String = limbs.iter().rev().map(|limb| format!("{limb:09}")).collect();
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(scale));
    let whole: u128 = match whole.trim_start_matches('0') {
        "" => 0,
        whole => whole.parse().map_err(|_| PriceError::Overflow)?,
    };
    let up = u128::from(fraction.bytes().any(|digit| digit != b'0'));
    whole.checked_add(up).ok_or(PriceError::Overflow)
}

fn exact_product(factors: &[Decimal]) -> Result<Decimal, PriceError> {
    let (mantissa, scale) = product(factors)?;
    let mantissa = i128::try_from(mantissa).map_err(|_| PriceError::Overflow)?;
    Decimal::try_from_i128_with_scale(mantissa, scale).map_err(|_| PriceError::Overflow)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        crate::money::parse(text).unwrap()
    }

    fn sold() -> ServiceType {
        serde_json::from_str(
            r#"{"durationToPrice":[
                {"price":0.02,"chargingOptions":{"resourceUnit":"1-Unit-Resource","region":"Asia"},"duration":{"1":1}},
                {"price":0.015,"chargingOptions":{"resourceUnit":"1-Unit-Resource"},"duration":{"24":"0.99","720":0.9,"100":0.95}},
                {"price":0.01,"chargingOptions":{"resourceUnit":"1-Unit-Resource"},"duration":{}},
                {"price":0.03,"chargingOptions":{"resourceUnit":"2-Unit-Resource"}}]}"#,
        )
        .unwrap()
    }

    fn options(region: &str, unit: &str) -> ServiceOptions {
        [("region", region), ("resourceUnit", unit)].into_iter().collect()
    }

    #[test]
    fn the_first_matching_price_set_counts() {
        let sold = sold();
        let price = |region, unit| sold.price_set(&options(region, unit)).map(|set| set.price.to_string());
        assert_eq!(price("Asia", "1-Unit-Resource").as_deref(), Some("0.02"));
        assert_eq!(price("Europe", "1-Unit-Resource").as_deref(), Some("0.015"));
        assert_eq!(price("Europe", "2-Unit-Resource").as_deref(), Some("0.03"));
        assert_eq!(price("Europe", "3-Unit-Resource"), None);
        assert_eq!(
            sold.amount(&options("Europe", "3-Unit-Resource"), 1),
            Err(PriceError::NoPrice)
        );
    }

    #[test]
    fn the_factor_is_that_of_the_largest_duration_reached() {
        let sold = sold();
        let set = &sold.duration_to_price[1];
        for (hours, factor) in [
            (1, "1"),
            (23, "1"),
            (24, "0.99"),
            (99, "0.99"),
            (100, "0.95"),
            (719, "0.95"),
            (720, "0.9"),
            (u64::MAX, "0.9"),
        ] {
            assert_eq!(set.factor(hours), decimal(factor), "{hours}");
        }
        assert_eq!(set.amount(23), Ok(decimal("0.345")));
        assert_eq!(set.amount(24), Ok(decimal("0.3564")));
        assert_eq!(set.amount(0), Ok(Decimal::ZERO));
    }

    #[test]
    fn what_is_to_be_paid_is_rounded_up_to_a_unit() {
        let vsys = |rate: &str| Currency {
            unit: 100_000_000,
            exchange_rate: decimal(rate),
            ..Currency::default()
        };
        assert_eq!(vsys("1").units_for(decimal("0.3564")), Ok(35_640_000));
        assert_eq!(
            vsys("1234.567890123456789").units_for(decimal("0.345")),
            Ok(42_592_592_210)
        );
        assert_eq!(vsys("3").units_for(decimal("0.000000001")), Ok(1));
        assert_eq!(vsys("1").units_for(decimal("0.00000001")), Ok(1));
        assert_eq!(vsys("1").units_for(decimal("0.000000010000000000000000001")), Ok(2));
        assert_eq!(
            vsys("0.0000000000000000000000000001").units_for(decimal("0.0000000000000000000000000001")),
            Ok(1)
        );
        // The rest of 12.345 after a part that was divided by a rate: 28 digits.
        let rest = decimal("12.202142857142857142857142857");
        assert_eq!(vsys("1234.56789").units_for(rest), Ok(1_506_437_376_063));
        assert_eq!(vsys("1234.567890123456789").units_for(rest), Ok(1_506_437_376_213));
        assert_eq!(vsys("1").units_for(Decimal::ZERO), Ok(0));
        // In binary fractions this is 29000000.000000004 and would be rounded to one unit too many.
        assert_eq!(vsys("1").units_for(decimal("0.29")), Ok(29_000_000));
    }

    #[test]
    fn what_cannot_be_calculated_is_an_error() {
        let currency = |unit, rate: &str| Currency {
            unit,
            exchange_rate: decimal(rate),
            ..Currency::default()
        };
        assert_eq!(currency(0, "1").units_for(Decimal::ONE), Err(PriceError::NoRate));
        assert_eq!(currency(1, "0").units_for(Decimal::ONE), Err(PriceError::NoRate));
        assert_eq!(currency(1, "1").units_for(decimal("-0.1")), Err(PriceError::Negative));
        assert_eq!(
            currency(1, "1").units_for(decimal("18446744073709551615")),
            Ok(u64::MAX)
        );
        assert_eq!(
            currency(1, "1").units_for(decimal("18446744073709551615.1")),
            Err(PriceError::Overflow)
        );
        let set = PriceSet {
            price: Decimal::MAX,
            ..PriceSet::default()
        };
        assert_eq!(set.amount(u64::MAX), Err(PriceError::Overflow));
        assert_eq!(
            PriceSet {
                price: decimal("-1"),
                ..PriceSet::default()
            }
            .amount(1),
            Err(PriceError::Negative)
        );
    }

    #[test]
    fn sums_lose_no_digit() {
        let sum = |amounts: &[&str]| total(amounts.iter().map(|amount| decimal(amount))).map(|sum| sum.to_string());
        assert_eq!(sum(&[]), Ok("0".to_owned()));
        assert_eq!(sum(&["0.1", "0.2", "1.70"]), Ok("2".to_owned()));
        assert_eq!(
            sum(&["1234567.000001", "0.0000000001"]),
            Ok("1234567.0000010001".to_owned())
        );
        // An ordinary sum of decimals would quietly drop the small one.
        let digits_apart = ["7922816251426433759354395033", "0.0000000000000000000000000001"];
        assert_eq!(sum(&digits_apart), Err(PriceError::Overflow));
    }

    #[test]
    fn units_are_shown_as_coins() {
        let vsys = Currency {
            unit: 100_000_000,
            ..Currency::default()
        };
        assert_eq!(vsys.coins(35_640_000).unwrap().to_string(), "0.3564");
        assert_eq!(vsys.coins(u64::MAX).unwrap().to_string(), "184467440737.09551615");
        assert_eq!(
            Currency {
                unit: 1,
                ..Currency::default()
            }
            .coins(7)
            .unwrap()
            .to_string(),
            "7"
        );
        assert!(
            Currency {
                unit: 3,
                ..Currency::default()
            }
            .coins(7)
            .is_err()
        );
    }

    proptest! {
        #[test]
        fn never_a_unit_too_few_and_less_than_one_too_many(amount in 0_u64..1_000_000_000, rate in 1_u64..1_000_000_000_000) {
            let (amount, rate) = (Decimal::new(i64::try_from(amount).unwrap(), 4), Decimal::new(i64::try_from(rate).unwrap(), 9));
            let currency = Currency { unit: 100_000_000, exchange_rate: rate, ..Currency::default() };
            let exact = amount * rate * Decimal::from(100_000_000);
            if let Ok(units) = currency.units_for(amount) {
                let units = Decimal::from(units);
                prop_assert!(units >= exact && units < exact + Decimal::ONE);
            }
        }
    }
}
