//! Payments that the browser extension signs: written down, asked for once, and followed or looked for until it is known what
//! became of them.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use payments::{Amount, Consent, Heard, Intent, Obstacle, Record, Stage, Todo, coins, next_payment, of_look_up};
use vcloud_api::Auth;
use vcloud_api::calls::{GetTransaction, ListTransactions};
use vsys::extension::{Failure, Refusal};

use super::super::App;
use super::super::clock::{now_seconds, sleep};
use super::super::storage::journal::{self, Hold, Journal};
use super::{NotPaid, PATIENCE, Payments, Review, lock_name};
use crate::net::{self, Abort, extension};

/// So many of an address's newest transactions are looked through.
const NEWEST: u32 = 200;

impl Payments {
    /// Has the extension pay what was reviewed, if it still is what it was and the extension has the paying account selected. Answers
    /// when it is written down and the extension is being asked; what becomes of it is seen in [`Payments::asked_of_order`].
    ///
    /// # Errors
    /// Why the extension was not asked.
    pub async fn pay_by_extension(
        self,
        app: App,
        reviewed: &Review,
        amount: Amount,
        consent: Option<Consent>,
    ) -> Result<(), NotPaid> {
        let journal = self.journal()?;
        let plan = &reviewed.plan;
        let network = app.config().network;
        let hold = journal::hold(&lock_name(app, &plan.order_id), Some(PATIENCE))
            .await
            .ok_or(NotPaid::Elsewhere)?;
        // This closes a dialog of it that is still open from before, so that no older request can be confirmed later on.
        let selected = match extension::account(network).await {
            Err(failure) if failure.refusal == Refusal::Busy => extension::account(network).await,
            answer => answer,
        };
        let selected = selected.map_err(NotPaid::Extension)?;
        if selected.address != plan.sender {
            return Err(NotPaid::Extension(Failure::other_account()));
        }
        let now = self
            .review(app, &plan.order_id, &plan.currency.contract_id, amount)
            .await?;
        if now.plan != *plan {
            return Err(NotPaid::Changed(Box::new(now)));
        }
        now.left().map_err(NotPaid::Shortage)?;
        let records = written(&journal, app, &plan.order_id).await?;
        let attempt = next_payment(&records, consent.as_ref()).map_err(NotPaid::Obstacle)?;
        let intent = Intent::new(now.plan, network, attempt, now_seconds());
        let added = journal.add(&intent.key(), &intent.to_json()).await;
        if !added.map_err(NotPaid::Journal)? {
            return Err(NotPaid::Obstacle(Obstacle::UnderWay));
        }
        self.show_intent(app, &intent);
        self.asking.update_value(|asking| {
            asking.insert(intent.key());
        });
        spawn_local(async move {
            let token = intent.contract.map(|contract| contract.token(0).to_string());
            let amount = coins(intent.units, intent.unit).to_string();
            let answer = extension::send(
                &selected,
                intent.recipient.to_string(),
                amount,
                intent.attachment.clone(),
                token,
            )
            .await;
            let heard = match answer {
                Ok(id) => Heard::Named(id),
                Err(failure) if failure.refusal.is_certain() => Heard::Declined(failure.words),
                Err(failure) => Heard::Lost(failure.words),
            };
            self.follow(app, journal, intent, heard, hold).await;
        });
        Ok(())
    }

    /// What the extension was asked to pay for an order, the latest first (tracked).
    pub fn asked_of_order(self, order_id: &str) -> Vec<Intent> {
        self.intents.with(|intents| {
            let of_order = intents.iter().filter(|intent| intent.order_id == order_id);
            of_order.cloned().collect()
        })
    }

    /// Everything that the extension was asked to pay, the latest first (tracked).
    pub fn asked(self) -> Vec<Intent> {
        self.intents.get()
    }

    /// The payments of an order, whoever signed them, the latest first (tracked).
    pub fn records_of_order(self, order_id: &str) -> Vec<Record> {
        let signed = self.of_order(order_id).into_iter().map(Record::Signed);
        let asked = self.asked_of_order(order_id).into_iter().map(Record::Asked);
        let mut records: Vec<Record> = signed.chain(asked).collect();
        records.sort_by_key(|record| std::cmp::Reverse(record.attempt()));
        records
    }

    pub(super) fn show_intent(self, app: App, intent: &Intent) {
        let sender = intent.sender.to_string();
        if !untrack(|| app.session.addresses()).contains(&sender) {
            return;
        }
        self.intents.try_update(
            |intents| match intents.iter_mut().find(|shown| shown.key() == intent.key()) {
                Some(shown) => *shown = intent.clone(),
                None => intents.insert(0, intent.clone()),
            },
        );
    }

    /// Goes on with one that is not at its end, unless this page or another tab does already.
    pub(super) fn go_on_asked(self, app: App, intent: Intent) {
        let key = intent.key();
        if self.asking.with_value(|asking| asking.contains(&key)) {
            return;
        }
        let Ok(journal) = self.journal() else { return };
        self.asking.update_value(|asking| {
            asking.insert(key.clone());
        });
        spawn_local(async move {
            let name = lock_name(app, &intent.order_id);
            let Some(hold) = journal::hold(&name, None).await else {
                return;
            };
            match read(&journal, &key).await {
                Some(intent) => self.follow(app, journal, intent, Heard::Resumed, hold).await,
                None => {
                    self.asking.try_update_value(|asking| asking.remove(&key));
                }
            }
        });
    }

    async fn follow(self, app: App, journal: Journal, mut intent: Intent, mut heard: Heard, hold: Hold) {
        let key = intent.key();
        let mut busy = true;
        while busy {
            let before = intent.revision;
            let (next, todo) = intent.step(heard, now_seconds());
            intent = next;
            heard = Heard::Resumed;
            busy = intent.stage.is_open();
            for what in todo {
                match what {
                    Todo::Write => {
                        let is_before = |text: &str| matches!(Record::parse(text), Ok(Record::Asked(stored)) if stored.revision == before);
                        match journal.replace(&key, is_before, &intent.to_json()).await {
                            Ok(true) => {}
                            // Another page wrote: what it wrote counts.
                            Ok(false) => match read(&journal, &key).await {
                                Some(other) => {
                                    intent = other;
                                    busy = intent.stage.is_open();
                                    self.show_intent(app, &intent);
                                    break;
                                }
                                None => busy = false,
                            },
                            Err(error) => {
                                self.keeping.try_set(super::Keeping::Impossible(error));
                                busy = false;
                                break;
                            }
                        }
                    }
                    Todo::Search => {
                        heard = search(app, &journal, &intent).await;
                        busy = true;
                    }
                    Todo::LookUp => {
                        heard = look_up(app, &intent).await;
                        busy = true;
                    }
                    Todo::Wait(seconds) => sleep(Duration::from_secs(u64::try_from(seconds).unwrap_or(1))).await,
                }
                self.show_intent(app, &intent);
            }
            self.show_intent(app, &intent);
            // What is missing is looked for once at each start.
            if intent.stage == Stage::Missing && heard == Heard::Searched(None) {
                busy = false;
            }
        }
        drop(hold);
        self.asking.try_update_value(|asking| asking.remove(&key));
        self.funds.invalidate();
        app.orders.expect_change();
    }
}

async fn read(journal: &Journal, key: &str) -> Option<Intent> {
    let text = journal.get(key).await.ok().flatten()?;
    match Record::parse(&text) {
        Ok(Record::Asked(intent)) => Some(intent),
        Ok(Record::Signed(_)) | Err(_) => None,
    }
}

/// Everything in the journal for an order.
pub(super) async fn written(journal: &Journal, app: App, order_id: &str) -> Result<Vec<Record>, NotPaid> {
    let place = format!("{}/", lock_name(app, order_id));
    let written = journal.all().await.map_err(NotPaid::Journal)?;
    let written = written.iter().filter(|(key, _)| key.starts_with(&place));
    let records: Result<Vec<Record>, _> = written.map(|(_, text)| Record::parse(text)).collect();
    records.map_err(|_| NotPaid::Unreadable)
}

/// Looks for it among the address's transactions, leaving out what other payments of the order are.
async fn search(app: App, journal: &Journal, intent: &Intent) -> Heard {
    let call = ListTransactions {
        address: intent.sender.to_string(),
        limit: NEWEST,
    };
    let listed = net::send(&call, &app.config().node, &Auth::None, &Abort::new()).await;
    let records = written(journal, app, &intent.order_id).await;
    match (listed, records) {
        (Ok(listed), Ok(records)) => {
            let others = records.iter().filter(|record| record.attempt() != intent.attempt);
            let claimed: Vec<_> = others.filter_map(Record::transaction_id).collect();
            Heard::Searched(intent.find(&listed, &claimed))
        }
        (Err(error), _) => Heard::NotSearched(error.to_string()),
        (_, Err(_)) => Heard::NotSearched(String::new()),
    }
}

async fn look_up(app: App, intent: &Intent) -> Heard {
    let Some(id) = intent.transaction_id else {
        return Heard::Lost(String::new());
    };
    let id = id.to_string();
    let call = GetTransaction { id: id.clone() };
    let answer = net::send(&call, &app.config().node, &Auth::None, &Abort::new()).await;
    if answer.as_ref().is_ok_and(|found| !intent.is(found)) {
        return Heard::LookedUp(payments::Look::Unclear(id));
    }
    Heard::LookedUp(of_look_up(&id, answer))
}
