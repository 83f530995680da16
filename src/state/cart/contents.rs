//! What is in a cart, and what was sent of it. Pure, so that it is tested without a browser.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vcloud_api::price::{PriceError, Quote, total};
use vcloud_api::types::{NewOrderItem, Order, ServiceOptions, ServiceType};
use vcloud_api::{Decimal, capability};

/// The most identical services of one line.
pub const MOST_OF_A_KIND: u32 = 100;

/// The most services of one order.
pub const MOST_OF_AN_ORDER: usize = 100;

/// A tab that was closed while it ordered can't have a request under way any more after so many seconds.
const LONGEST_REQUEST: i64 = 60;

/// How long a service is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Length {
    /// So many hours.
    Hours(u64),
    /// Until this moment, Unix seconds: fewer hours the later it is ordered.
    Until(i64),
}

impl Length {
    /// The whole hours of an order made now, rounded up; `None` where the moment is over.
    pub fn hours(self, now: i64) -> Option<u64> {
        match self {
            Length::Hours(hours) => Some(hours),
            Length::Until(moment) => u64::try_from(moment.saturating_sub(now))
                .ok()
                .filter(|seconds| *seconds > 0)
                .map(|seconds| seconds.div_ceil(3600)),
        }
    }
}

/// What is wanted, without its place in a cart.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Choice {
    /// The provider's name.
    pub provider: String,
    /// Id of the service type.
    pub service_id: String,
    /// Name of the service type, for when it can't be asked for.
    pub name: String,
    /// One value for every option.
    pub options: ServiceOptions,
    /// How long.
    pub length: Length,
    /// How many of these.
    pub count: u32,
    /// Price and factor when it was chosen, as they were shown.
    pub rate: String,
}

/// A line of a cart.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Line {
    /// Its number: no other line of the cart has it or ever had it.
    pub id: u64,
    /// What is wanted.
    #[serde(flatten)]
    pub choice: Choice,
}

/// Price and factor of a quote in one text, to be compared with that of another time.
pub fn rate(quote: &Quote) -> String {
    format!("{} × {}", quote.price.normalize(), quote.factor.normalize())
}

/// Why a line can't be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The moment it is wanted until is over.
    Over,
    /// The provider does not sell it with these options any more.
    NotSold,
    /// It has no price.
    NoPrice(PriceError),
}

impl Choice {
    /// What one of it costs now.
    ///
    /// # Errors
    /// [`Obstacle`].
    pub fn quote(&self, sold: &ServiceType, now: i64) -> Result<Quote, Obstacle> {
        let hours = self.length.hours(now).ok_or(Obstacle::Over)?;
        let offered = |(option, value): (&String, &String)| {
            let values = sold.service_options.get(option);
            values.is_some_and(|values| values.contains(value))
        };
        let is_whole = sold
            .service_options
            .iter()
            .all(|(option, values)| values.is_empty() || self.options.get(option).is_some());
        if !is_whole || !self.options.0.iter().all(offered) {
            return Err(Obstacle::NotSold);
        }
        sold.quote(&self.options, hours).map_err(Obstacle::NoPrice)
    }

    /// What all of it costs, where one of it costs so much.
    ///
    /// # Errors
    /// Where it can't be calculated exactly.
    pub fn total(&self, quote: &Quote) -> Result<Decimal, PriceError> {
        total(std::iter::repeat_n(quote.amount, self.count as usize))
    }

    /// The lines of an order for it.
    fn items(&self, hours: u64, date_of: impl Fn(i64) -> String) -> Vec<NewOrderItem> {
        let item = NewOrderItem {
            service_id: self.service_id.clone(),
            duration: hours,
            service_options: self.options.clone(),
            expired_date: match self.length {
                Length::Hours(_) => None,
                Length::Until(moment) => Some(date_of(moment)),
            },
        };
        vec![item; self.count as usize]
    }
}

/// One order to be made: what the cart has of one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The provider's name.
    pub provider: String,
    /// The lines of the cart that are in it.
    pub lines: Vec<u64>,
    /// What is ordered.
    pub items: Vec<NewOrderItem>,
    /// What it costs.
    pub total: Result<Decimal, PriceError>,
}

/// The orders that these lines with their quotes make. `date_of` writes the day of a moment.
pub fn orders(priced: &[(Line, Quote)], date_of: impl Fn(i64) -> String) -> Vec<Wanted> {
    capability::by_provider(priced, |(line, _)| &line.choice.provider)
        .into_iter()
        .map(|(provider, priced)| Wanted {
            provider,
            lines: priced.iter().map(|(line, _)| line.id).collect(),
            items: priced
                .iter()
                .flat_map(|(line, quote)| line.choice.items(quote.hours, &date_of))
                .collect(),
            total: priced
                .iter()
                .map(|(line, quote)| line.choice.total(quote))
                .collect::<Result<Vec<_>, _>>()
                .and_then(total),
        })
        .collect()
}

/// An order that was sent, or is about to be, and whose outcome is not known yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// When, Unix seconds.
    pub at: i64,
    /// The lines of the cart that are in it.
    pub lines: Vec<u64>,
    /// What was ordered.
    pub items: Vec<NewOrderItem>,
    /// Orders of just this that there were before.
    pub before: Vec<String>,
}

impl Attempt {
    /// Until when an order that is not there yet may still come, seen from a tab that did not send it.
    pub fn decided_at(&self) -> i64 {
        self.at.saturating_add(LONGEST_REQUEST)
    }

    /// The orders that it made: none or one, or more where the browser sent it again by itself.
    pub fn made<'a>(&self, provider: &str, orders: &'a [Order]) -> Vec<&'a Order> {
        orders
            .iter()
            .filter(|order| !self.before.contains(&order.id) && is_just(order, provider, &self.items))
            .collect()
    }
}

/// Whether an order is for exactly this.
pub fn is_just(order: &Order, provider: &str, items: &[NewOrderItem]) -> bool {
    let mut ordered: Vec<_> = order
        .user_services
        .iter()
        .map(|item| (&item.service_id, item.duration, &item.service_options.0))
        .collect();
    let mut wanted: Vec<_> = items
        .iter()
        .map(|item| (&item.service_id, item.duration, &item.service_options.0))
        .collect();
    ordered.sort();
    wanted.sort();
    order.provider == provider && order.kind != "OrderRenew" && ordered == wanted
}

/// A cart, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contents {
    /// Its lines, in the order in which they came.
    pub lines: Vec<Line>,
    /// The number of the next line.
    next: u64,
    /// By provider.
    pub attempts: BTreeMap<String, Attempt>,
}

impl Contents {
    /// How many services.
    pub fn services(&self) -> usize {
        self.lines.iter().map(|line| line.choice.count as usize).sum()
    }

    /// The line of this number.
    pub fn line(&self, id: u64) -> Option<&Line> {
        self.lines.iter().find(|line| line.id == id)
    }

    /// The lines of these numbers; `None` where one has gone.
    pub fn chosen(&self, ids: &[u64]) -> Option<Vec<Line>> {
        ids.iter().map(|id| self.line(*id).cloned()).collect()
    }

    /// Whether a line is in an order whose outcome is not known.
    pub fn is_locked(&self, id: u64) -> bool {
        self.attempts.values().any(|attempt| attempt.lines.contains(&id))
    }

    /// Puts more into it. What is there already in just this way becomes more of it.
    pub fn add(&mut self, choice: Choice) {
        let locked: Vec<u64> = self
            .attempts
            .values()
            .flat_map(|attempt| attempt.lines.clone())
            .collect();
        let same = self.lines.iter_mut().find(|line| {
            let known = &line.choice;
            let is_same = (&known.provider, &known.service_id, &known.options, known.length)
                == (&choice.provider, &choice.service_id, &choice.options, choice.length);
            is_same && known.count.saturating_add(choice.count) <= MOST_OF_A_KIND && !locked.contains(&line.id)
        });
        if let Some(line) = same {
            line.choice = Choice {
                count: line.choice.count + choice.count,
                ..choice
            };
            return;
        }
        self.lines.push(Line { id: self.next, choice });
        self.next += 1;
    }

    /// Has a line say something else, if it is still there and not being ordered.
    pub fn replace(&mut self, id: u64, choice: Choice) {
        if self.is_locked(id) {
            return;
        }
        match self.lines.iter_mut().find(|line| line.id == id) {
            Some(line) => line.choice = choice,
            None => self.add(choice),
        }
    }

    /// Takes a line out, unless it is being ordered.
    pub fn remove(&mut self, id: u64) {
        if !self.is_locked(id) {
            self.lines.retain(|line| line.id != id);
        }
    }

    /// Writes down that an order is about to be sent. `false` where another one of the provider is under way already, or a line
    /// has gone.
    pub fn begin(&mut self, provider: &str, attempt: Attempt) -> bool {
        let is_whole = attempt.lines.iter().all(|id| self.line(*id).is_some());
        if !is_whole || self.attempts.contains_key(provider) {
            return false;
        }
        self.attempts.insert(provider.to_owned(), attempt);
        true
    }

    /// An order was made: its lines go, even where it was given up in the meantime.
    pub fn made(&mut self, provider: &str, attempt: &Attempt) {
        self.not_made(provider, attempt);
        self.lines.retain(|line| !attempt.lines.contains(&line.id));
    }

    /// An order was not made: its lines stay and can be ordered again. One that was begun since, as in another tab, stays as well.
    pub fn not_made(&mut self, provider: &str, attempt: &Attempt) {
        if self.attempts.get(provider) == Some(attempt) {
            self.attempts.remove(provider);
        }
    }
}

#[cfg(test)]
mod tests;
