//! An order of the cart, or of more time: what is wanted, and what is known of it once it was sent. Pure, so that it is tested without a
//! browser.

use serde::{Deserialize, Serialize};
use vcloud_api::Decimal;
use vcloud_api::price::PriceError;
use vcloud_api::types::{NewOrderItem, Order, RenewItem};

use super::Line;

/// An order whose answer was lost is looked for so many seconds, wherever it was sent: a request can be under way that long, and a slow
/// platform can still be making it.
const LONGEST_REQUEST: i64 = 60;

/// What only one order at a time is made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// New services of a provider.
    New(String),
    /// More time for services of a provider.
    Renewal(String),
}

impl Subject {
    /// The provider's name.
    pub fn provider(&self) -> &str {
        match self {
            Subject::New(provider) | Subject::Renewal(provider) => provider,
        }
    }

    /// Whether it is about more time.
    pub fn is_renewal(&self) -> bool {
        matches!(self, Subject::Renewal(_))
    }
}

/// What an order is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Ordered {
    /// New services.
    New(Vec<NewOrderItem>),
    /// More time for services.
    Renewal(Vec<RenewItem>),
}

/// One order to be made, of one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The provider's name.
    pub provider: String,
    /// The lines of the cart that are in it; none where it is for more time.
    pub lines: Vec<u64>,
    /// What is ordered.
    pub ordered: Ordered,
    /// What it costs.
    pub total: Result<Decimal, PriceError>,
    /// Since when what it is for is looked at, Unix seconds: one for the same that was made later is not known to whoever orders.
    pub since: i64,
}

impl Wanted {
    /// What it is made for.
    pub fn subject(&self) -> Subject {
        match self.ordered {
            Ordered::New(_) => Subject::New(self.provider.clone()),
            Ordered::Renewal(_) => Subject::Renewal(self.provider.clone()),
        }
    }

    /// How many services are in it.
    pub fn services(&self) -> usize {
        match &self.ordered {
            Ordered::New(items) => items.len(),
            Ordered::Renewal(items) => items.len(),
        }
    }
}

/// What is known of an order that was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// It is about to be sent, or was, and its outcome is not known.
    #[default]
    Open,
    /// It was not there when it was looked for, and somebody wanted to order again. It may still come.
    GivenUp,
    /// It was made.
    Made,
}

/// The last order that was sent, or is about to be, for a subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// When, Unix seconds.
    pub at: i64,
    /// The lines of the cart that are in it.
    pub lines: Vec<u64>,
    /// What was ordered.
    pub ordered: Ordered,
    /// Orders of just this that there were before.
    pub before: Vec<String>,
    /// What is known of it.
    #[serde(default)]
    pub stage: Stage,
}

impl Attempt {
    /// Until when an order that is not there yet is looked for.
    pub fn decided_at(&self) -> i64 {
        self.at.saturating_add(LONGEST_REQUEST)
    }

    /// The orders that it made: none or one, or more where the browser sent it again by itself.
    pub fn made<'a>(&self, provider: &str, orders: &'a [Order]) -> Vec<&'a Order> {
        orders
            .iter()
            .filter(|order| !self.before.contains(&order.id) && is_just(order, provider, &self.ordered))
            .collect()
    }

    /// Whether it is about more time for one of these services.
    pub fn renews_any(&self, services: &[String]) -> bool {
        match &self.ordered {
            Ordered::New(_) => false,
            Ordered::Renewal(items) => items.iter().any(|item| services.contains(&item.user_service_id)),
        }
    }

    /// Whether it is this one, whatever is known of it.
    pub(super) fn is(&self, other: &Attempt) -> bool {
        (self.at, &self.lines, &self.ordered) == (other.at, &other.lines, &other.ordered)
    }
}

/// Whether an order is for exactly this.
pub fn is_just(order: &Order, provider: &str, ordered: &Ordered) -> bool {
    let (is_renewal, had) = (order.kind == "OrderRenew", &order.user_services);
    order.provider == provider
        && match ordered {
            Ordered::New(items) => {
                let had = had
                    .iter()
                    .map(|had| (&had.service_id, had.duration, &had.service_options.0));
                let wanted = items
                    .iter()
                    .map(|item| (&item.service_id, item.duration, &item.service_options.0));
                !is_renewal && are_same(had, wanted)
            }
            Ordered::Renewal(items) => {
                let had = had.iter().map(|had| (&had.id, had.duration));
                let wanted = items.iter().map(|item| (&item.user_service_id, item.duration));
                is_renewal && are_same(had, wanted)
            }
        }
}

/// Whether the same is in both, in whichever order.
fn are_same<T: Ord>(one: impl Iterator<Item = T>, other: impl Iterator<Item = T>) -> bool {
    let (mut one, mut other): (Vec<T>, Vec<T>) = (one.collect(), other.collect());
    one.sort();
    other.sort();
    one == other
}

/// What was seen when an order was asked for: it is made if it is still so right before it is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The lines that are in it; `None` where one had gone.
    pub(super) lines: Option<Vec<Line>>,
    /// The last one for the same subject.
    pub last: Option<Attempt>,
}
