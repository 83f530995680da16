//! Payments that were signed here: their journal, and the work that brings each of them to its end.
//!
//! [`payments`] says what to do next; here it is done. What the journal is to remember is written before anything else, and the
//! page that writes is the only one that works on a payment, as long as it lives: another tab takes over when it is gone.

mod by_extension;
mod settle;
mod transfers;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use leptos::prelude::*;
use leptos::task::spawn_local;
use payments::{
    Amount, Consent, Effect, Entry, Event, Funds, Intent, Key, Look, Obstacle, OrderLook, Payer, Plan, PlanError,
    Purpose, Record, Sent, Shortage, of_broadcast, of_look_up,
};
use vcloud_api::calls::{GetBalanceDetails, GetTokenBalance, GetTransaction, ListCurrencies};
use vcloud_api::types::{Currency, Order, OrderStatus};
use vcloud_api::{ApiError, Auth, ErrorKind};
use vsys::ContractId;
use vsys::extension::Failure;

use super::App;
use super::clock::{now_nanoseconds, now_seconds, sleep};
use super::orders;
use super::query::{Answer, Cache};
use super::storage::journal::{self, Hold, Journal, Unavailable};
use crate::net::{self, Abort, Signer, extension};

pub use transfers::{NotSent, fresh_transfer_id};

/// How long a payment waits for its order before it says that another tab works on it.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whether payments can be written down.
#[derive(Clone)]
pub enum Keeping {
    /// The journal is being opened.
    Opening,
    /// They can.
    Kept(Journal),
    /// The browser keeps nothing here, in its words.
    Impossible(Unavailable),
}

/// What would be paid, and what the account has for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// What would be paid.
    pub plan: Plan,
    /// What the account has.
    pub funds: Funds,
}

impl Review {
    /// What is left afterwards, or what is missing.
    ///
    /// # Errors
    /// [`Shortage`].
    pub fn left(&self) -> Result<Funds, Shortage> {
        self.plan.left(self.funds)
    }
}

/// Why nothing was paid. Nothing is signed in any of these cases.
#[derive(Clone, Debug, PartialEq)]
pub enum NotPaid {
    /// It can't be written down, so it is not done.
    Journal(Unavailable),
    /// An entry of the journal for this order can't be read.
    Unreadable,
    /// Another tab works on a payment of this order.
    Elsewhere,
    /// A payment before stands in the way.
    Obstacle(Obstacle),
    /// Order, rate or balance could not be had.
    Request(ApiError),
    /// The order can't be paid so.
    Plan(PlanError),
    /// Order, rate or recipient are no longer what was reviewed: this is what they are now.
    Changed(Box<Review>),
    /// The account has too little.
    Shortage(Shortage),
    /// The browser gives no randomness to sign with.
    Randomness,
    /// The browser extension did not name the paying account, or may still have something from before confirmed.
    Extension(Failure),
    /// The platform counts the currency in other units than the chain, by which the extension would pay another amount.
    Unit,
}

/// What an account's balance is asked by: its address, and the token's contract where it is not the native coin.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FundsKey {
    /// The address.
    pub address: String,
    /// The contract; empty or `vsys` for the native coin.
    pub contract: String,
}

/// The payments, shared by the whole console.
#[derive(Clone, Copy)]
pub struct Payments {
    keeping: RwSignal<Keeping>,
    entries: RwSignal<Vec<Entry>>,
    intents: RwSignal<Vec<Intent>>,
    unreadable: RwSignal<Vec<String>>,
    read: RwSignal<bool>,
    working: StoredValue<HashSet<Key>>,
    waiting: StoredValue<HashMap<Key, oneshot::Sender<Event>>>,
    /// What accounts have.
    pub funds: Cache<FundsKey, Funds>,
}

impl Payments {
    /// Nothing known yet.
    pub fn new() -> Payments {
        Payments {
            keeping: RwSignal::new(Keeping::Opening),
            entries: RwSignal::new(Vec::new()),
            intents: RwSignal::new(Vec::new()),
            unreadable: RwSignal::new(Vec::new()),
            read: RwSignal::new(false),
            working: StoredValue::new(HashSet::new()),
            waiting: StoredValue::new(HashMap::new()),
            funds: Cache::new(),
        }
    }

    /// Opens the journal, and goes on with what is unfinished whenever somebody is signed in.
    pub fn start(self, app: App) {
        spawn_local(async move {
            let keeping = match Journal::open().await {
                Ok(journal) => Keeping::Kept(journal),
                Err(error) => Keeping::Impossible(error),
            };
            self.keeping.try_set(keeping);
        });
        leptos::prelude::Effect::new(move |_| {
            app.session.addresses();
            self.keeping.track();
            self.load(app);
        });
        journal::on_change(move || self.load(app));
        // Back on the network: whoever waits need not wait any longer.
        let online = window_event_listener(leptos::ev::online, move |_| self.look_again());
        on_cleanup(move || online.remove());
    }

    /// Whether payments can be written down (tracked).
    pub fn keeping(self) -> Keeping {
        self.keeping.get()
    }

    /// Whether the journal was read, so that what is not shown is not there (tracked).
    pub fn is_read(self) -> bool {
        self.read.get()
    }

    /// Every payment of the accounts signed in, the latest first (tracked).
    pub fn all(self) -> Vec<Entry> {
        self.entries.get()
    }

    /// The payments of an order, the latest first (tracked).
    pub fn of_order(self, order_id: &str) -> Vec<Entry> {
        self.entries.with(|entries| {
            let of_order = entries.iter().filter(|entry| entry.order_id() == Some(order_id));
            of_order.cloned().collect()
        })
    }

    /// How many are not at their end (tracked).
    pub fn unfinished(self) -> usize {
        let signed = self.entries.with(|entries| {
            let unfinished = entries.iter().filter(|entry| !entry.progress.phase.is_final());
            unfinished.count()
        });
        let asked = self.intents.with(|intents| {
            let unfinished = intents.iter().filter(|intent| intent.stage.is_open());
            unfinished.count()
        });
        signed + asked
    }

    /// The keys of entries that this version can't read (tracked).
    pub fn unreadable(self) -> Vec<String> {
        self.unreadable.get()
    }

    /// Ends the pauses between two looks.
    pub fn look_again(self) {
        self.waiting.update_value(HashMap::clear);
    }

    fn journal(self) -> Result<Journal, Unavailable> {
        match self.keeping.get_untracked() {
            Keeping::Kept(journal) => Ok(journal),
            Keeping::Opening => Err(Unavailable(String::new())),
            Keeping::Impossible(error) => Err(error),
        }
    }

    /// Reads the journal, shows what belongs to the accounts signed in, and goes on with what is unfinished.
    fn load(self, app: App) {
        let Ok(journal) = self.journal() else { return };
        spawn_local(async move {
            let read = journal.all().await;
            // Whoever is signed in by now, not whoever was when it was asked.
            let addresses = untrack(|| app.session.addresses());
            let network = app.config().network;
            let (mut entries, mut intents, mut unreadable) = (Vec::new(), Vec::new(), Vec::new());
            match read {
                Ok(read) => {
                    for (key, text) in read {
                        match Record::parse(&text) {
                            Ok(Record::Signed(entry)) => entries.push(entry),
                            Ok(Record::Asked(intent)) => intents.push(intent),
                            Err(_) => unreadable.push(key),
                        }
                    }
                }
                Err(error) => {
                    self.keeping.try_set(Keeping::Impossible(error));
                    return;
                }
            }
            entries.retain(|entry| entry.network == network && addresses.contains(&entry.sender.to_string()));
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.timestamp));
            for entry in entries.iter().filter(|entry| !entry.progress.phase.is_final()) {
                self.go_on(app, entry.key());
            }
            intents.retain(|intent| intent.network == network && addresses.contains(&intent.sender.to_string()));
            intents.sort_by_key(|intent| std::cmp::Reverse(intent.asked_at));
            for intent in &intents {
                // What may be late is looked for again when it is first seen, not whenever something is written.
                let is_new = || {
                    self.intents
                        .with_untracked(|before| before.iter().all(|old| old.key() != intent.key()))
                };
                if intent.stage.is_open() || (intent.stage.may_be_late() && is_new()) {
                    self.go_on(app, intent.key());
                }
            }
            if self.intents.with_untracked(|before| *before != intents) {
                self.intents.try_set(intents);
            }
            if self.entries.with_untracked(|before| *before != entries) {
                self.entries.try_set(entries);
            }
            self.read.try_set(true);
            if self.unreadable.with_untracked(|before| *before != unreadable) {
                self.unreadable.try_set(unreadable);
            }
        });
    }

    fn show(self, app: App, entry: &Entry) {
        // Work goes on when the console is locked; what is shown belongs to whoever is signed in.
        let sender = entry.sender.to_string();
        if !untrack(|| app.session.addresses()).contains(&sender) {
            return;
        }
        self.entries.try_update(
            |entries| match entries.iter_mut().find(|shown| shown.key() == entry.key()) {
                Some(shown) => *shown = entry.clone(),
                None => entries.insert(0, entry.clone()),
            },
        );
    }

    /// One request for what an account has.
    pub fn fetch_funds(self, app: App, key: FundsKey, abort: Abort) -> Answer<Funds> {
        Box::pin(async move { funds(app, &key.address, key.contract.parse().ok(), &abort).await })
    }

    /// What paying an order in a currency would be, all of it asked for now.
    ///
    /// # Errors
    /// Why it can't be paid so, or what could not be had.
    pub async fn review(self, app: App, order: &str, contract: &str, amount: Amount) -> Result<Review, NotPaid> {
        let (Some(signer), Some(payer)) = untrack(|| (app.session.signer(), app.session.payer())) else {
            return Err(NotPaid::Plan(PlanError::Foreign));
        };
        let order = fetch_order(app, order, &signer).await;
        let order = order.map_err(|error| match signer {
            // Looked for in the lists, it is not among those to be paid.
            Signer::Extension(_) if error.kind == ErrorKind::NotFound => NotPaid::Plan(PlanError::NotPending),
            _ => NotPaid::Request(error),
        })?;
        let currencies = net::send(&ListCurrencies, &app.config().platform, &Auth::None, &Abort::new())
            .await
            .map_err(NotPaid::Request)?;
        let currency = currencies.list.iter().find(|currency| currency.contract_id == contract);
        let currency =
            currency.ok_or_else(|| NotPaid::Request(ApiError::without_answer(ErrorKind::NotFound, contract)))?;
        review(app, &order, currency, &payer, amount).await
    }

    /// Pays what was reviewed, if it still is what it was: signs it once, writes it down and sends it. A further payment of the
    /// same order needs a decision. Answers when it is written down; what becomes of it is seen in [`Payments::of_order`].
    ///
    /// # Errors
    /// Why nothing was signed.
    pub async fn pay(
        self,
        app: App,
        reviewed: &Review,
        amount: Amount,
        consent: Option<Consent>,
    ) -> Result<Key, NotPaid> {
        let journal = self.journal().map_err(NotPaid::Journal)?;
        let plan = &reviewed.plan;
        let account = untrack(|| app.session.account()).ok_or(NotPaid::Plan(PlanError::Foreign))?;
        // From here to the end of the payment no other click and no other tab does anything for this order.
        let subject = Key::subject_of_order(app.config().network, &plan.order_id);
        let hold = journal::hold(&subject, Some(PATIENCE))
            .await
            .ok_or(NotPaid::Elsewhere)?;
        let before = self.may_pay(app, &journal, &plan.order_id, consent.as_ref()).await?;
        // What the extension was asked for must not be confirmed beside this. Where it is gone, its dialogs are as well.
        let asked_before = before.iter().any(|record| record.late().is_some());
        let settled = if asked_before && extension::is_present() {
            Some(extension::settled().await.map_err(NotPaid::Extension)?)
        } else {
            None
        };
        let (attempt, now) = self.as_reviewed(app, &journal, plan, amount, consent.as_ref()).await?;
        let entry = now
            .plan
            .sign(&account, attempt, now_nanoseconds())
            .map_err(|_| NotPaid::Randomness)?;
        let key = entry.key();
        let added = journal.add(&key.to_string(), &entry.to_json()).await;
        if !added.map_err(NotPaid::Journal)? {
            // Somebody was quicker: what was signed here is forgotten.
            return Err(NotPaid::Obstacle(Obstacle::UnderWay));
        }
        drop(settled);
        self.show(app, &entry);
        self.work(app, journal, entry, Event::Added, hold);
        Ok(key)
    }

    /// Goes on with an unfinished payment, unless this page or another tab does already.
    fn go_on(self, app: App, key: Key) {
        if self.working.with_value(|working| working.contains(&key)) {
            return;
        }
        let Ok(journal) = self.journal() else { return };
        self.working.update_value(|working| {
            working.insert(key.clone());
        });
        spawn_local(async move {
            let Some(hold) = journal::hold(&key.subject(), None).await else {
                return;
            };
            self.working.try_update_value(|working| working.remove(&key));
            let read = journal.get(&key.to_string()).await;
            match read.ok().flatten().and_then(|text| Record::parse(&text).ok()) {
                Some(Record::Signed(entry)) => {
                    self.show(app, &entry);
                    self.work(app, journal, entry, Event::Resumed, hold);
                }
                Some(Record::Asked(intent)) => {
                    self.show_intent(app, &intent);
                    self.follow(app, journal, intent, hold);
                }
                None => {}
            }
        });
    }

    /// Does what there is to do for a payment until it is at its end.
    fn work(self, app: App, journal: Journal, entry: Entry, event: Event, hold: Hold) {
        let key = entry.key();
        self.working.update_value(|working| {
            working.insert(key.clone());
        });
        spawn_local(async move {
            self.until_the_end(app, &journal, entry, event).await;
            self.at_the_end(app, &key, hold);
        });
    }

    /// Lets others work on it, and has what a payment changes asked for anew.
    fn at_the_end(self, app: App, key: &Key, hold: Hold) {
        self.working.try_update_value(|working| working.remove(key));
        drop(hold);
        self.funds.invalidate();
        app.balances.invalidate();
        if matches!(key, Key::Order { .. }) {
            app.orders.expect_change();
        }
    }

    async fn until_the_end(self, app: App, journal: &Journal, mut entry: Entry, mut event: Event) {
        loop {
            let (next, effects) = entry.step(event, now_seconds());
            event = Event::Resumed;
            let before = entry.revision;
            entry = next;
            for effect in effects {
                match effect {
                    Effect::Write => match write(journal, &entry.key(), entry.to_json(), before).await {
                        Written::Yes => self.show(app, &entry),
                        // Another page wrote: what it wrote counts.
                        Written::Other(other) => {
                            let Record::Signed(other) = *other else { return };
                            entry = other;
                            self.show(app, &entry);
                            break;
                        }
                        Written::Not(error) => {
                            self.keeping.try_set(Keeping::Impossible(error));
                            return;
                        }
                    },
                    Effect::Broadcast => event = Event::Broadcast(broadcast(app, &entry).await),
                    Effect::LookUp => event = Event::LookedUp(look_up(app, &entry).await),
                    Effect::AskOrder => event = Event::Order(ask_order(app, &entry).await),
                    Effect::Wait(seconds) => event = self.pause(&entry.key(), seconds).await,
                }
            }
            if entry.progress.phase.is_final() {
                return;
            }
        }
    }

    /// What ends a pause: time, or somebody who does not want to wait.
    async fn pause(self, key: &Key, seconds: i64) -> Event {
        let (wake, woken) = oneshot::channel();
        self.waiting
            .try_update_value(|waiting| waiting.insert(key.clone(), wake));
        let pause = sleep(Duration::from_secs(u64::try_from(seconds).unwrap_or_default()));
        match select(Box::pin(pause), woken).await {
            Either::Left(_) => {
                self.waiting.try_update_value(|waiting| waiting.remove(key));
                Event::Resumed
            }
            Either::Right((asked, _)) => asked.unwrap_or(Event::Resumed),
        }
    }
}

enum Written {
    Yes,
    Other(Box<Record>),
    Not(Unavailable),
}

/// Writes a text over the revision that it was made from.
async fn write(journal: &Journal, key: &Key, text: String, before: u64) -> Written {
    let key = key.to_string();
    let is_before = |stored: &str| Record::parse(stored).is_ok_and(|stored| stored.revision() == before);
    let unusable = || Unavailable("DataError".to_owned());
    match journal.replace(&key, is_before, &text).await {
        Ok(true) => Written::Yes,
        Ok(false) => match journal.get(&key).await {
            Ok(Some(text)) => {
                Record::parse(&text).map_or_else(|_| Written::Not(unusable()), |other| Written::Other(Box::new(other)))
            }
            Ok(None) => Written::Not(unusable()),
            Err(error) => Written::Not(error),
        },
        Err(error) => Written::Not(error),
    }
}

async fn broadcast(app: App, entry: &Entry) -> Sent {
    let answer = net::send(&entry.broadcast(), &app.config().node, &Auth::None, &Abort::new()).await;
    of_broadcast(&entry.transaction_id.to_string(), answer)
}

async fn look_up(app: App, entry: &Entry) -> Look {
    let id = entry.transaction_id.to_string();
    let call = GetTransaction { id: id.clone() };
    of_look_up(
        &id,
        net::send(&call, &app.config().node, &Auth::None, &Abort::new()).await,
    )
}

async fn ask_order(app: App, entry: &Entry) -> OrderLook {
    let (order_id, due) = match &entry.purpose {
        Purpose::Order { order_id, due, .. } => (order_id, *due),
        Purpose::Transfer { .. } => return entry.look_at_transfer(now_seconds()),
    };
    // Nobody, or somebody else, is signed in: only the account itself may ask.
    let Some(account) = untrack(|| app.session.signer_of(&entry.sender)) else {
        return OrderLook::Unclear;
    };
    match fetch_order(app, order_id, &account).await {
        Ok(order) if order.status == OrderStatus::Pending && order.amount_due() >= due => OrderLook::Due,
        Ok(order) if order.id == *order_id => OrderLook::NotDue,
        Ok(_) | Err(_) => OrderLook::Unclear,
    }
}

async fn fetch_order(app: App, id: &str, signer: &Signer) -> Result<Order, ApiError> {
    orders::one(app, id.to_owned(), signer, &Abort::new()).await
}

async fn funds(app: App, address: &str, contract: Option<ContractId>, abort: &Abort) -> Result<Funds, ApiError> {
    let node = &app.config().node;
    let address = address.to_owned();
    let native = GetBalanceDetails {
        address: address.clone(),
    };
    let native = net::send(&native, node, &Auth::None, abort).await?.available;
    let token = match contract {
        Some(contract) => {
            let call = GetTokenBalance {
                address,
                token_id: contract.token(0).to_string(),
            };
            net::send(&call, node, &Auth::None, abort).await?.balance
        }
        None => 0,
    };
    Ok(Funds { native, token })
}

async fn review(
    app: App,
    order: &Order,
    currency: &Currency,
    payer: &Payer,
    amount: Amount,
) -> Result<Review, NotPaid> {
    let plan = Plan::by(order, currency, payer, amount).map_err(NotPaid::Plan)?;
    let address = payer.address.to_string();
    let funds = funds(app, &address, plan.contract, &Abort::new())
        .await
        .map_err(NotPaid::Request)?;
    Ok(Review { plan, funds })
}
