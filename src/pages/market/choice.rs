//! What is typed in the form of a service type, and what that comes to. Pure, so that it is tested without a browser.

use std::collections::BTreeMap;

use vcloud_api::Decimal;
use vcloud_api::price::{PriceError, Quote};
use vcloud_api::types::{ServiceOptions, ServiceType};

use crate::pages::length::whole_number;
use crate::state::cart::{Choice, Length, MOST_OF_A_KIND, Obstacle, rate};

/// What is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// The chosen values.
    pub options: BTreeMap<String, String>,
    /// How long, in hours or days.
    pub length: String,
    /// Whether that is in days.
    pub in_days: bool,
    /// A moment instead, Unix seconds; the text of the field where it is none.
    pub until: Option<Result<i64, ()>>,
    /// How many.
    pub count: String,
}

/// What is wrong with how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthError {
    /// Nothing is typed.
    Empty,
    /// No whole number.
    NotWhole,
    /// No moment.
    NoMoment,
    /// The moment is over.
    Over,
}

/// What the form comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The options that are still to be chosen.
    pub missing: Vec<String>,
    /// How long.
    pub length: Result<Length, LengthError>,
    /// How many.
    pub count: Option<u32>,
    /// What one costs; `None` while it can't be said.
    pub quote: Option<Result<Quote, PriceError>>,
    /// What all of them cost.
    pub total: Option<Result<Decimal, PriceError>>,
}

/// The values that are chosen from the beginning: the first of each option, which is the plainest. Where a service runs is
/// not for the console to choose, unless there is one region.
pub fn first_values(sold: &ServiceType) -> BTreeMap<String, String> {
    let options = sold.service_options.iter();
    options
        .filter(|(option, values)| option.as_str() != "region" || values.len() == 1)
        .filter_map(|(option, values)| Some((option.clone(), values.first()?.clone())))
        .collect()
}

/// How long what is typed is.
///
/// # Errors
/// [`LengthError`].
pub fn length(typed: &Typed, now: i64) -> Result<Length, LengthError> {
    match typed.until {
        Some(Ok(moment)) => {
            let until = Length::Until(moment);
            until.hours(now).map(|_| until).ok_or(LengthError::Over)
        }
        Some(Err(())) => Err(LengthError::NoMoment),
        None if typed.length.trim().is_empty() => Err(LengthError::Empty),
        None => {
            let number = whole_number(&typed.length).ok_or(LengthError::NotWhole)?;
            Ok(Length::Hours(if typed.in_days { number * 24 } else { number }))
        }
    }
}

impl Checked {
    /// Works it out.
    pub fn of(sold: &ServiceType, typed: &Typed, now: i64) -> Checked {
        let missing = sold
            .service_options
            .iter()
            .filter(|(option, values)| {
                !values.is_empty() && !values.iter().any(|value| typed.options.get(*option) == Some(value))
            })
            .map(|(option, _)| option.clone())
            .collect();
        let length = length(typed, now);
        let count = whole_number(&typed.count)
            .and_then(|count| u32::try_from(count).ok())
            .filter(|count| *count <= MOST_OF_A_KIND);
        let hours = length.ok().and_then(|length| length.hours(now));
        let quote = hours.and_then(|hours| match sold.quote(&chosen(sold, typed), hours) {
            // As long as something is to be chosen, what will have a price is not known.
            Err(PriceError::NoPrice) if !Vec::is_empty(&missing) => None,
            quote => Some(quote),
        });
        let total = quote.zip(count).map(|(quote, count)| {
            let amount = quote?.amount;
            vcloud_api::price::total(std::iter::repeat_n(amount, count as usize))
        });
        Checked {
            missing,
            length,
            count,
            quote,
            total,
        }
    }

    /// What can be put into the cart; `None` as long as something is missing or wrong.
    pub fn choice(&self, sold: &ServiceType, typed: &Typed, now: i64) -> Option<Choice> {
        let quote = self.quote?.ok()?;
        self.total?.ok()?;
        let choice = Choice {
            provider: sold.provider.clone(),
            service_id: sold.id.clone(),
            name: sold.name.clone(),
            options: chosen(sold, typed),
            length: self.length.ok()?,
            count: self.count?,
            rate: rate(&quote),
        };
        let is_sold = !matches!(choice.quote(sold, now), Err(Obstacle::NotSold));
        (self.missing.is_empty() && is_sold).then_some(choice)
    }
}

/// What is chosen of what there is to choose.
fn chosen(sold: &ServiceType, typed: &Typed) -> ServiceOptions {
    typed
        .options
        .iter()
        .filter(|(option, value)| {
            sold.service_options
                .get(*option)
                .is_some_and(|values| values.contains(value))
        })
        .map(|(option, value)| (option.clone(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_764_057_600;

    fn sold() -> ServiceType {
        let json = r#"{"id":"t1","provider":"one","name":"Basic","serviceOptions":{"region":["Europe","Asia"],"size":["S","L"],"none":[]},
            "durationToPrice":[{"price":0.0025,"chargingOptions":{"size":"S"},"duration":{"1":1,"24":0.98}},
                {"price":0.1,"chargingOptions":{"size":"L","region":"Asia"}}]}"#;
        serde_json::from_str(json).expect("a service type")
    }

    fn typed() -> Typed {
        Typed {
            options: first_values(&sold()),
            length: "1".to_owned(),
            in_days: true,
            until: None,
            count: "1".to_owned(),
        }
    }

    #[test]
    fn the_plainest_is_chosen_but_never_where_it_runs() {
        let sold = sold();
        assert_eq!(
            first_values(&sold),
            BTreeMap::from([("size".to_owned(), "S".to_owned())])
        );
        let checked = Checked::of(&sold, &typed(), NOW);
        assert_eq!(checked.missing, ["region"]);
        // The price does not depend on it, so it is there already.
        assert_eq!(checked.total.expect("a total").expect("a price").to_string(), "0.0588");
        assert_eq!(checked.choice(&sold, &typed(), NOW), None);
    }

    #[test]
    fn what_is_chosen_has_a_price_and_can_be_ordered() {
        let sold = sold();
        let mut typed = typed();
        typed.options.insert("region".to_owned(), "Europe".to_owned());
        typed.count = "3".to_owned();
        let checked = Checked::of(&sold, &typed, NOW);
        let choice = checked.choice(&sold, &typed, NOW).expect("a choice");
        assert_eq!(
            (choice.length, choice.count, choice.rate.as_str()),
            (Length::Hours(24), 3, "0.0025 × 0.98")
        );
        assert_eq!(checked.total.expect("a total").expect("a price").to_string(), "0.1764");
        // This size is sold in another region only.
        typed.options.insert("size".to_owned(), "L".to_owned());
        let checked = Checked::of(&sold, &typed, NOW);
        assert_eq!(checked.quote, Some(Err(PriceError::NoPrice)));
        assert_eq!(checked.choice(&sold, &typed, NOW), None);
        // Nothing is chosen that is not on offer.
        typed.options.insert("size".to_owned(), "XL".to_owned());
        assert_eq!(Checked::of(&sold, &typed, NOW).missing, ["size"]);
    }

    #[test]
    fn how_long_and_how_many_are_whole_numbers_or_a_moment_to_come() {
        let sold = sold();
        let check = |change: &dyn Fn(&mut Typed)| {
            let mut typed = typed();
            change(&mut typed);
            Checked::of(&sold, &typed, NOW)
        };
        for (text, error) in [
            ("", LengthError::Empty),
            ("0", LengthError::NotWhole),
            ("1.5", LengthError::NotWhole),
        ] {
            let checked = check(&|typed| typed.length = text.to_owned());
            assert_eq!((checked.length, checked.quote), (Err(error), None), "{text}");
        }
        assert_eq!(check(&|typed| typed.in_days = false).length, Ok(Length::Hours(1)));
        let until = |moment| check(&|typed| typed.until = Some(moment)).length;
        assert_eq!(until(Ok(NOW + 1)), Ok(Length::Until(NOW + 1)));
        assert_eq!(until(Ok(NOW)), Err(LengthError::Over));
        assert_eq!(until(Err(())), Err(LengthError::NoMoment));
        for text in ["", "0", "-1", "101", "two"] {
            let checked = check(&|typed| typed.count = text.to_owned());
            assert_eq!((checked.count, checked.total), (None, None), "{text}");
        }
    }
}
