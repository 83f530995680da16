//! What a renewal comes to. Pure, so that it is tested without a browser.

use vcloud_api::capability::{Action, Reason, by_provider, can};
use vcloud_api::price::{PriceError, Quote, total};
use vcloud_api::types::{RenewItem, ServiceType, UserService};

use crate::pages::length::whole_number;
use crate::state::cart::{Ordered, Wanted};

/// What can be said of a service and the hours typed for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Its service type is not known yet.
    Unpriced,
    /// It can't be renewed.
    NotPossible(Reason),
    /// No hours are typed.
    Empty,
    /// What is typed are no hours.
    NoHours,
    /// These hours have no price.
    NoPrice(PriceError),
    /// This is what they cost.
    Priced(Quote),
}

impl Line {
    /// Works it out.
    pub fn of(service: &UserService, service_type: Option<&ServiceType>, hours: &str) -> Line {
        if let Err(reason) = can(Action::Renew, service) {
            return Line::NotPossible(reason);
        }
        let Some(service_type) = service_type else {
            return Line::Unpriced;
        };
        if hours.trim().is_empty() {
            return Line::Empty;
        }
        match whole_number(hours) {
            Some(hours) => match service_type.quote(&service.service_options, hours) {
                Ok(quote) => Line::Priced(quote),
                Err(error) => Line::NoPrice(error),
            },
            None => Line::NoHours,
        }
    }

    /// Whether it keeps the order from being made. What can't be renewed at all is only left out.
    pub fn is_open(&self) -> bool {
        !matches!(self, Line::Priced(_) | Line::NotPossible(_))
    }
}

/// The orders that these quotes make: provider, service id and quote of each. `since`: when the form was opened, Unix seconds.
pub fn orders<'a>(priced: impl IntoIterator<Item = (&'a str, &'a str, Quote)>, since: i64) -> Vec<Wanted> {
    by_provider(priced, |(provider, ..)| provider)
        .into_iter()
        .map(|(provider, lines)| {
            let items: Vec<RenewItem> = lines.iter().map(|(_, id, quote)| quote.renewal(id)).collect();
            Wanted {
                total: total(items.iter().map(|item| item.amount)),
                provider,
                lines: Vec::new(),
                ordered: Ordered::Renewal(items),
                since,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use vcloud_api::types::UserServiceStatus;

    use super::*;
    use crate::pages::sum::{Part, overall};

    fn sold() -> ServiceType {
        let json = r#"{"durationToPrice":[{"price":0.0025,"chargingOptions":{},"duration":{"1":1,"24":0.98}}]}"#;
        serde_json::from_str(json).expect("a service type")
    }

    fn service(status: UserServiceStatus) -> UserService {
        UserService {
            status,
            ..UserService::default()
        }
    }

    #[test]
    fn only_whole_hours_are_priced() {
        let (running, sold) = (service(UserServiceStatus::Running), sold());
        let line = |hours| Line::of(&running, Some(&sold), hours);
        for hours in ["1", " 24 ", "8760"] {
            assert!(matches!(line(hours), Line::Priced(_)), "{hours}");
        }
        for hours in ["0", "-1", "+5", "1.5", "1e3", "a day", "99999999999"] {
            assert_eq!(line(hours), Line::NoHours, "{hours}");
        }
        assert_eq!(line("  "), Line::Empty);
        assert_eq!(Line::of(&running, None, "1"), Line::Unpriced);
        let Line::Priced(quote) = line("24") else {
            panic!("no price")
        };
        assert_eq!(
            (quote.factor.to_string(), quote.amount.to_string()),
            ("0.98".to_owned(), "0.0588".to_owned())
        );
    }

    #[test]
    fn what_is_over_or_not_started_is_left_out_with_its_reason() {
        let sold = sold();
        for (status, reason) in [
            (UserServiceStatus::Pending, Reason::NotDeployed),
            (UserServiceStatus::Done, Reason::Ended),
            (UserServiceStatus::Abort, Reason::Aborted),
        ] {
            let line = Line::of(&service(status), Some(&sold), "24");
            assert_eq!(line, Line::NotPossible(reason));
            assert!(!line.is_open());
        }
        let paused = service(UserServiceStatus::Stop);
        assert!(matches!(Line::of(&paused, Some(&sold), "24"), Line::Priced(_)));
        assert!(Line::of(&paused, Some(&sold), "").is_open());
    }

    #[test]
    fn each_provider_gets_one_order_with_the_amounts_as_quoted() {
        let (sold, running) = (sold(), service(UserServiceStatus::Running));
        let quote = |hours| match Line::of(&running, Some(&sold), hours) {
            Line::Priced(quote) => quote,
            other => panic!("{other:?}"),
        };
        let orders = orders(
            [
                ("one", "a", quote("1")),
                ("two", "b", quote("24")),
                ("one", "c", quote("24")),
            ],
            0,
        );
        let seen: Vec<_> = orders
            .iter()
            .map(|order| {
                let Ordered::Renewal(items) = &order.ordered else {
                    panic!("no renewal")
                };
                let ids: Vec<&str> = items.iter().map(|item| item.user_service_id.as_str()).collect();
                (order.provider.as_str(), ids, order.total.expect("a total").to_string())
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("one", vec!["a", "c"], "0.0613".to_owned()),
                ("two", vec!["b"], "0.0588".to_owned()),
            ]
        );
        let parts: Vec<Part> = orders.iter().map(Part::of).collect();
        assert_eq!(overall(&parts).expect("a total").to_string(), "0.1201");
    }
}
