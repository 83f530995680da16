//! What is in a cart, and the orders that were sent of it and for more time. Pure, so that it is tested without a browser.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vcloud_api::price::{PriceError, Quote, total};
use vcloud_api::types::{NewOrderItem, ServiceOptions, ServiceType};
use vcloud_api::{Decimal, capability};

use super::attempt::{Attempt, Ordered, Seen, Stage, Subject, Wanted};

/// The most identical services of one line.
pub const MOST_OF_A_KIND: u32 = 100;

/// The most services of one order.
pub const MOST_OF_AN_ORDER: usize = 100;

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

/// The orders that these lines with their quotes make. `date_of` writes the day of a moment.
pub fn orders(priced: &[(Line, Quote)], date_of: impl Fn(i64) -> String) -> Vec<Wanted> {
    capability::by_provider(priced, |(line, _)| &line.choice.provider)
        .into_iter()
        .map(|(provider, priced)| Wanted {
            provider,
            lines: priced.iter().map(|(line, _)| line.id).collect(),
            ordered: Ordered::New(
                priced
                    .iter()
                    .flat_map(|(line, quote)| line.choice.items(quote.hours, &date_of))
                    .collect(),
            ),
            total: priced
                .iter()
                .map(|(line, quote)| line.choice.total(quote))
                .collect::<Result<Vec<_>, _>>()
                .and_then(total),
            // What is ordered from the cart leaves it: what is still there is known.
            since: i64::MAX,
        })
        .collect()
}

/// A cart, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contents {
    /// Its lines, in the order in which they came.
    pub lines: Vec<Line>,
    /// The number of the next line.
    next: u64,
    /// The last orders of new services, by provider.
    orders: BTreeMap<String, Attempt>,
    /// The last orders of more time, by provider.
    renewals: BTreeMap<String, Attempt>,
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

    /// What whoever orders this sees now.
    pub fn seen(&self, wanted: &Wanted) -> Seen {
        Seen {
            lines: wanted.lines.iter().map(|id| self.line(*id).cloned()).collect(),
            last: self.last(&wanted.subject()).cloned(),
        }
    }

    fn book(&mut self, subject: &Subject) -> &mut BTreeMap<String, Attempt> {
        if subject.is_renewal() {
            &mut self.renewals
        } else {
            &mut self.orders
        }
    }

    /// The last order for a subject.
    pub fn last(&self, subject: &Subject) -> Option<&Attempt> {
        let book = if subject.is_renewal() {
            &self.renewals
        } else {
            &self.orders
        };
        book.get(subject.provider())
    }

    /// The last order for a subject, where its outcome is not known.
    pub fn open(&self, subject: &Subject) -> Option<&Attempt> {
        self.last(subject).filter(|attempt| attempt.stage == Stage::Open)
    }

    /// The subjects with an order whose outcome is not known.
    pub fn undecided(&self) -> Vec<Subject> {
        let new = self.orders.keys().cloned().map(Subject::New);
        let subjects = new.chain(self.renewals.keys().cloned().map(Subject::Renewal));
        subjects.filter(|subject| self.open(subject).is_some()).collect()
    }

    /// The lines that are in an order whose outcome is not known.
    fn locked(&self) -> Vec<u64> {
        let open = self.orders.values().filter(|attempt| attempt.stage == Stage::Open);
        open.flat_map(|attempt| attempt.lines.clone()).collect()
    }

    /// Whether a line is in an order whose outcome is not known.
    pub fn is_locked(&self, id: u64) -> bool {
        self.locked().contains(&id)
    }

    /// Puts more into it. What is there already in just this way becomes more of it.
    pub fn add(&mut self, choice: Choice) {
        let locked = self.locked();
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

    /// Writes down that an order is about to be sent. `false` where anything of it is not as it was seen: a line was changed or has
    /// gone, another one for the same subject is under way or was made.
    pub fn begin(&mut self, wanted: &Wanted, attempt: Attempt, seen: &Seen) -> bool {
        let subject = wanted.subject();
        // Of the same second nobody knows which was first: once told too often is better than once more time too often.
        let is_news = |last: &Attempt| last.stage == Stage::Made && last.at >= wanted.since;
        if seen.lines.is_none()
            || self.seen(wanted) != *seen
            || self.open(&subject).is_some()
            || self.last(&subject).is_some_and(is_news)
        {
            return false;
        }
        self.book(&subject).insert(wanted.provider.clone(), attempt);
        true
    }

    /// An order was made of these lines: they go, even where it was given up in the meantime.
    pub fn made(&mut self, subject: &Subject, attempt: &Attempt, lines: &[u64]) {
        self.note(subject, attempt, Stage::Made);
        self.lines.retain(|line| !lines.contains(&line.id));
    }

    /// An order that is not there is given up: its lines stay and can be ordered again.
    pub fn give_up(&mut self, subject: &Subject, attempt: &Attempt) {
        self.note(subject, attempt, Stage::GivenUp);
    }

    /// An order was not made: its lines stay and can be ordered again. One that was begun since, as in another tab, stays as well.
    pub fn not_made(&mut self, subject: &Subject, attempt: &Attempt) {
        if self.last(subject).is_some_and(|last| last.is(attempt)) {
            self.book(subject).remove(subject.provider());
        }
    }

    fn note(&mut self, subject: &Subject, attempt: &Attempt, stage: Stage) {
        let last = self.book(subject).get_mut(subject.provider());
        if let Some(last) = last.filter(|last| last.is(attempt)) {
            last.stage = stage;
        }
    }
}

#[cfg(test)]
mod tests;
