//! The cart: kept in the browser for each account, ordered once for each provider. Orders of more time go the same way.
//!
//! Before an order is sent it is written down that it will be. Until its outcome is known its lines can neither be changed nor
//! ordered again, whatever becomes of the page: an answer that was lost is looked for among the account's orders. One that is not
//! there can be given up, but may still come: it is looked for once more before the same is ordered again.
//!
//! The browser's storage has no transactions, so that a lock of the browser lets one tab at a time order of a provider. What a tab
//! that waited reads afterwards is what the one before it wrote: it asks the platform in between, and asks for nothing that was seen
//! otherwise.

mod attempt;
mod contents;

use std::collections::BTreeSet;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use vcloud_api::types::{Order, OrderReceipt};
use vcloud_api::{ApiError, Decimal};

use attempt::{Attempt, Seen, Stage, is_just};
pub use attempt::{Ordered, Subject, Wanted};
pub use contents::{Choice, Contents, Length, Line, MOST_OF_A_KIND, MOST_OF_AN_ORDER, Obstacle, orders, rate};

use super::clock::{now_seconds, sleep};
use super::orders::{is_unclear, order, recent};
use super::{App, storage};
use crate::hold::hold;
use crate::i18n;

/// What was learnt of prices within so many milliseconds is what they are when it is ordered.
const FRESH_MS: f64 = 1_000.0;

/// How far apart the looks for an order are.
const LOOK_PAUSE: Duration = Duration::from_secs(3);

/// How long an order waits for one of another tab. Longer than this, somebody is being asked for a signature there.
const PATIENCE: Duration = Duration::from_secs(3);

/// What became of a provider's order.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// On its way.
    Sending,
    /// It is made.
    Made {
        /// Its id.
        id: String,
        /// What it costs, where that is not what was shown.
        other_amount: Option<Decimal>,
        /// No answer said so: it was found among the orders.
        was_found: bool,
        /// How many more orders for the same were made: a browser sends a request again by itself where the connection that it
        /// took closes without an answer.
        twins: usize,
    },
    /// Prices and orders could not be looked at, so nothing was sent.
    NotSent(ApiError),
    /// Prices have changed, so nothing was sent.
    Changed,
    /// The lines were changed or ordered elsewhere in the meantime, so nothing was sent.
    Edited,
    /// It was refused.
    Refused(ApiError),
    /// It was sent and no clear answer came: it is looked for.
    Looking,
    /// It could not be looked for.
    NotLooked(ApiError),
    /// It was sent and is not there so far.
    Absent,
}

impl Outcome {
    /// The order, where there is nothing to be said of it before it is paid.
    pub fn to_be_paid(&self) -> Option<&str> {
        match self {
            Outcome::Made {
                id,
                other_amount: None,
                twins: 0,
                ..
            } => Some(id),
            _ => None,
        }
    }

    /// Whether something is under way.
    pub fn is_busy(&self) -> bool {
        matches!(self, Outcome::Sending | Outcome::Looking)
    }
}

/// The cart of the account in use.
#[derive(Clone, Copy)]
pub struct Cart {
    contents: RwSignal<Contents>,
    outcomes: RwSignal<Vec<(Subject, Outcome)>>,
    /// Whether the browser keeps it.
    keeps: RwSignal<bool>,
}

impl Cart {
    /// An empty one.
    pub fn new() -> Cart {
        Cart {
            contents: RwSignal::new(Contents::default()),
            outcomes: RwSignal::new(Vec::new()),
            keeps: RwSignal::new(true),
        }
    }

    /// Follows what other tabs do to it; lives as long as the current owner.
    pub fn start(self, app: App) {
        let listener = window_event_listener_untyped("storage", move |_| self.read(app));
        on_cleanup(move || listener.remove());
    }

    /// Another account is in use, or none.
    pub fn switch(self, app: App) {
        self.outcomes.set(Vec::new());
        self.contents.set(Contents::default());
        self.read(app);
    }

    fn read(self, app: App) {
        let Some(address) = untrack(|| app.session.address()) else {
            return;
        };
        if self.keeps.get_untracked() {
            let stored = stored(&address);
            if self.contents.with_untracked(|known| *known != stored) {
                self.contents.set(stored);
            }
        }
    }

    /// What is in it (tracked).
    pub fn with<T>(self, read: impl FnOnce(&Contents) -> T) -> T {
        self.contents.with(read)
    }

    /// Whether it is there again after a reload (tracked).
    pub fn is_kept(self) -> bool {
        self.keeps.get()
    }

    /// What became of the orders made since the account was opened here (tracked).
    pub fn outcomes(self) -> Vec<(Subject, Outcome)> {
        self.outcomes.get()
    }

    /// What became of an order for that (tracked).
    pub fn outcome(self, subject: &Subject) -> Option<Outcome> {
        self.outcomes.with(|outcomes| {
            let found = outcomes.iter().find(|(known, _)| known == subject);
            found.map(|(_, outcome)| outcome.clone())
        })
    }

    /// Whether nothing can be ordered for that now, nor anything of it changed (tracked).
    pub fn is_locked(self, subject: &Subject) -> bool {
        self.with(|contents| contents.open(subject).is_some())
            || self.outcome(subject).is_some_and(|outcome| outcome.is_busy())
    }

    /// Puts something into it.
    pub fn add(self, app: App, choice: Choice) {
        self.change_own(app, |contents| contents.add(choice));
    }

    /// Has a line say something else.
    pub fn replace(self, app: App, id: u64, choice: Choice) {
        self.change_own(app, |contents| contents.replace(id, choice));
    }

    /// Takes a line out.
    pub fn remove(self, app: App, id: u64) {
        self.change_own(app, |contents| contents.remove(id));
    }

    /// What was said about orders of more time, or of new services, has been read.
    pub fn forget_outcomes(self, renewals: bool) {
        self.outcomes.update(|outcomes| {
            outcomes.retain(|(subject, outcome)| subject.is_renewal() != renewals || outcome.is_busy());
        });
    }

    /// An order that is not there is given up, so that the same can be ordered again.
    pub fn give_up(self, app: App, subject: &Subject) {
        if untrack(|| self.outcome(subject)) == Some(Outcome::Absent) {
            let shown = self.contents.with_untracked(|contents| contents.open(subject).cloned());
            if let Some(attempt) = shown {
                self.change_own(app, |contents| contents.give_up(subject, &attempt));
            }
            self.outcomes
                .update(|outcomes| outcomes.retain(|(known, _)| known != subject));
        }
    }

    fn change_own(self, app: App, change: impl FnOnce(&mut Contents)) {
        if let Some(address) = untrack(|| app.session.address()) {
            self.change(app, &address, change);
        }
    }

    /// Changes the cart of an account. What other tabs did to it since is read first.
    fn change<T>(self, app: App, address: &str, change: impl FnOnce(&mut Contents) -> T) -> T {
        let is_shown = untrack(|| app.session.address()).as_deref() == Some(address);
        let mut contents = if self.keeps.get_untracked() {
            stored(address)
        } else if is_shown {
            self.contents.get_untracked()
        } else {
            Contents::default()
        };
        let result = change(&mut contents);
        let keeps = serde_json::to_string(&contents).is_ok_and(|text| storage::carts().set(address, &text));
        self.keeps.set(keeps);
        if is_shown {
            self.contents.set(contents);
        }
        result
    }

    fn say(self, app: App, address: &str, subject: &Subject, outcome: impl Into<Option<Outcome>>) {
        if untrack(|| app.session.address()).as_deref() != Some(address) {
            return;
        }
        self.outcomes.update(|outcomes| {
            outcomes.retain(|(known, _)| known != subject);
            outcomes.extend(outcome.into().map(|outcome| (subject.clone(), outcome)));
        });
    }

    /// Makes an order, unless one for the same is under way. It is not given up when its page is left.
    pub fn order(self, app: App, wanted: Wanted) {
        if let Some(made) = self.ordering(app, wanted) {
            spawn_local(async move {
                made.await;
            });
        }
    }

    /// The same, for whoever carries it out and wants to know what became of it. Marked as under way at once.
    pub fn ordering(self, app: App, wanted: Wanted) -> Option<impl Future<Output = Option<Outcome>> + 'static> {
        let address = untrack(|| app.session.address())?;
        let subject = wanted.subject();
        if untrack(|| self.is_locked(&subject)) {
            return None;
        }
        // Said before anything is sent, so that a second click finds it under way.
        self.say(app, &address, &subject, Outcome::Sending);
        let seen = self.contents.with_untracked(|contents| contents.seen(&wanted));
        Some(async move {
            let outcome = self.make(app, &address, &wanted, seen).await;
            app.orders.expect_change();
            self.say(app, &address, &subject, outcome.clone());
            outcome
        })
    }

    async fn make(self, app: App, address: &str, wanted: &Wanted, seen: Seen) -> Option<Outcome> {
        let (subject, provider) = (wanted.subject(), &wanted.provider);
        let kind = if subject.is_renewal() { "renewal" } else { "order" };
        let Some(held) = hold(&format!("{kind}/{address}/{provider}"), Some(PATIENCE)).await else {
            return Some(Outcome::Edited);
        };
        let signer = untrack(|| app.session.signer()).filter(|signer| signer.address() == address)?;
        let (is_as_shown, orders) =
            futures_util::future::join(self.costs_as_shown(app, wanted), recent(app, address)).await;
        let orders = match (is_as_shown, orders) {
            (Ok(true), Ok(orders)) => orders,
            (Ok(false), _) => return Some(Outcome::Changed),
            (Err(error), _) | (_, Err(error)) => return Some(Outcome::NotSent(error)),
        };
        // The same that was given up may have come after all.
        let given_up = seen
            .last
            .clone()
            .filter(|last| last.stage == Stage::GivenUp && last.ordered == wanted.ordered);
        if let Some(late) = &given_up
            && let Some(found) = self.found(app, address, &subject, late, &wanted.lines, &orders)
        {
            return Some(found);
        }
        let just_this = orders.iter().filter(|order| is_just(order, provider, &wanted.ordered));
        let before = given_up.map_or_else(|| just_this.map(|order| order.id.clone()).collect(), |late| late.before);
        // Written down once it is signed, right before it is sent: an extension may ask for minutes, and what was not sent must not
        // look lost to another tab.
        let mut begun = None;
        let begin = || {
            let attempt = Attempt {
                at: now_seconds(),
                lines: wanted.lines.clone(),
                ordered: wanted.ordered.clone(),
                before,
                stage: Stage::Open,
            };
            let is_begun = self.change(app, address, |contents| contents.begin(wanted, attempt.clone(), &seen));
            begun = is_begun.then_some(attempt);
            is_begun
        };
        let answer = order(app, &signer, wanted.ordered.clone(), begin).await;
        match (begun, answer) {
            (Some(attempt), Ok(Some(receipt))) => Some(self.made(app, address, wanted, &attempt, receipt).await),
            (Some(attempt), Err(error)) if is_unclear(&error) => {
                drop(held);
                self.say(app, address, &subject, Outcome::Looking);
                self.look(app, address, &subject, &attempt).await
            }
            (Some(attempt), Err(error)) => {
                self.change(app, address, |contents| contents.not_made(&subject, &attempt));
                Some(Outcome::Refused(error))
            }
            (None, Err(error)) => Some(Outcome::NotSent(error)),
            (_, Ok(_)) => Some(Outcome::Edited),
        }
    }

    async fn made(self, app: App, address: &str, wanted: &Wanted, attempt: &Attempt, receipt: OrderReceipt) -> Outcome {
        self.change(app, address, |contents| {
            contents.made(&wanted.subject(), attempt, &attempt.lines);
        });
        let is_as_shown = wanted.total.is_ok_and(|total| total == receipt.amount);
        // Where this can't be looked at, the list of orders shows it later.
        let orders = recent(app, address).await.unwrap_or_default();
        let made = attempt.made(&wanted.provider, &orders);
        Outcome::Made {
            twins: made.iter().filter(|order| order.id != receipt.id).count(),
            other_amount: (!is_as_shown).then_some(receipt.amount),
            was_found: false,
            id: receipt.id,
        }
    }

    /// What an attempt has made of these lines, where that is among the orders.
    fn found(
        self,
        app: App,
        address: &str,
        subject: &Subject,
        attempt: &Attempt,
        lines: &[u64],
        orders: &[Order],
    ) -> Option<Outcome> {
        let made = attempt.made(subject.provider(), orders);
        let [order, twins @ ..] = made.as_slice() else {
            return None;
        };
        self.change(app, address, |contents| contents.made(subject, attempt, lines));
        app.orders.expect_change();
        Some(Outcome::Made {
            id: order.id.clone(),
            other_amount: None,
            was_found: true,
            twins: twins.len(),
        })
    }

    /// Whether what was shown is what the providers ask for now. What they ask for is shown from then on.
    async fn costs_as_shown(self, app: App, wanted: &Wanted) -> Result<bool, ApiError> {
        let items = match &wanted.ordered {
            Ordered::New(items) => items,
            // A renewal says what it costs, and the platform refuses what it does not cost.
            Ordered::Renewal(_) => return Ok(true),
        };
        let types: BTreeSet<&String> = items.iter().map(|item| &item.service_id).collect();
        let mut sold = Vec::new();
        for id in types {
            let request = |abort| app.services.fetch_type(app, id.clone(), abort);
            sold.push(app.services.types.load_within(id, FRESH_MS, request).await?);
        }
        let amounts: Option<Vec<Decimal>> = items
            .iter()
            .map(|item| {
                let sold = sold.iter().find(|sold| sold.id == item.service_id)?;
                sold.amount(&item.service_options, item.duration).ok()
            })
            .collect();
        let total = amounts.and_then(|amounts| vcloud_api::price::total(amounts).ok());
        Ok(total.is_some() && total == wanted.total.ok())
    }

    /// Looks for orders whose outcome is not known and that nobody here looks for, as after a reload.
    pub fn look_for_lost(self, app: App) {
        let Some(address) = untrack(|| app.session.address()) else {
            return;
        };
        for subject in self.contents.with_untracked(Contents::undecided) {
            let outcome = untrack(|| self.outcome(&subject));
            if outcome.is_some_and(|outcome| !matches!(outcome, Outcome::NotLooked(_) | Outcome::Absent)) {
                continue;
            }
            let Some(attempt) = self
                .contents
                .with_untracked(|contents| contents.open(&subject).cloned())
            else {
                continue;
            };
            self.say(app, &address, &subject, Outcome::Looking);
            let address = address.clone();
            spawn_local(async move {
                let outcome = self.look(app, &address, &subject, &attempt).await;
                self.say(app, &address, &subject, outcome);
            });
        }
    }

    async fn look(self, app: App, address: &str, subject: &Subject, attempt: &Attempt) -> Option<Outcome> {
        loop {
            if self.keeps.get_untracked() && stored(address).open(subject) != Some(attempt) {
                // The tab that sent it knows the outcome, and the cart is what that made of it.
                return None;
            }
            let orders: Vec<Order> = match recent(app, address).await {
                Ok(orders) => orders,
                Err(error) => return Some(Outcome::NotLooked(error)),
            };
            if let Some(found) = self.found(app, address, subject, attempt, &attempt.lines, &orders) {
                return Some(found);
            }
            if now_seconds() >= attempt.decided_at() {
                return Some(Outcome::Absent);
            }
            sleep(LOOK_PAUSE).await;
        }
    }
}

/// The day of a moment in the browser's time zone, as an order names it.
pub fn day_of(moment: i64) -> String {
    let local = i18n::local_input(u64::try_from(moment).ok());
    local.chars().take(10).collect()
}

/// The time that lines until a date are worked out for (tracked): it moves by the minute, so that nothing is worked out by the
/// second.
pub fn minute(app: App) -> i64 {
    app.clock.seconds() / 60 * 60
}

fn stored(address: &str) -> Contents {
    let text = storage::carts().get(address);
    text.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}
