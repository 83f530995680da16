//! Payments that the browser extension signs: written down, asked for once, and followed or looked for until it is known what
//! became of them.

use leptos::prelude::*;
use leptos::task::spawn_local;
use payments::{
    Amount, Consent, Heard, Intent, Key, Look, Obstacle, Record, Stage, Todo, coins, next_payment, of_look_up,
};
use vcloud_api::Auth;
use vcloud_api::calls::{GetTransaction, ListTransactions};
use vsys::TransactionId;
use vsys::extension::{ExtensionAccount, Failure};

use super::{Keeping, NotPaid, PATIENCE, Payments, Review, Written, write};
use crate::net::{self, Abort, extension};
use crate::state::App;
use crate::state::clock::now_seconds;
use crate::state::storage::journal::{self, Hold, Journal};

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
        let journal = self.journal().map_err(NotPaid::Journal)?;
        let plan = &reviewed.plan;
        let network = app.config().network;
        let subject = Key::subject_of_order(network, &plan.order_id);
        let hold = journal::hold(&subject, Some(PATIENCE))
            .await
            .ok_or(NotPaid::Elsewhere)?;
        let selected = extension::selected(network).await.map_err(NotPaid::Extension)?;
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
        let records = self.payments_before(app, &journal, &plan.order_id).await?;
        let attempt = next_payment(&records, consent.as_ref()).map_err(NotPaid::Obstacle)?;
        let intent = Intent::new(now.plan, network, attempt, now_seconds());
        let key = intent.key();
        let added = journal.add(&key.to_string(), &intent.to_json()).await;
        if !added.map_err(NotPaid::Journal)? {
            return Err(NotPaid::Obstacle(Obstacle::UnderWay));
        }
        self.working.update_value(|working| {
            working.insert(key.clone());
        });
        self.show_intent(app, &intent);
        spawn_local(async move {
            let heard = ask(&selected, &intent).await;
            self.until_known(app, &journal, intent, heard).await;
            self.at_the_end(app, &key, hold);
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

    /// Everything in the journal of the accounts signed in, whoever signed it, the latest first (tracked).
    pub fn records(self) -> Vec<Record> {
        let signed = self.all().into_iter().map(Record::Signed);
        let asked = self.intents.get().into_iter().map(Record::Asked);
        let mut records: Vec<Record> = signed.chain(asked).collect();
        records.sort_by_key(|record| std::cmp::Reverse(record.made_at()));
        records
    }

    /// The payments of an order, whoever signed them, the latest first (tracked).
    pub fn records_of_order(self, order_id: &str) -> Vec<Record> {
        let signed = self.of_order(order_id).into_iter().map(Record::Signed);
        let asked = self.asked_of_order(order_id).into_iter().map(Record::Asked);
        let mut records: Vec<Record> = signed.chain(asked).collect();
        records.sort_by_key(|record| std::cmp::Reverse(record.attempt()));
        records
    }

    /// Looks for what was not found for an order: something has changed that may come of it.
    pub fn look_for_missing(self, app: App, order_id: &str) {
        for intent in untrack(|| self.asked_of_order(order_id)) {
            if intent.stage == Stage::Missing {
                self.go_on(app, intent.key());
            }
        }
    }

    /// Looks for a payment again now.
    pub fn look_for(self, app: App, key: Key) {
        self.look_again();
        self.go_on(app, key);
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

    /// Goes on with one whose page is gone, or whose transaction was not found.
    pub(super) fn follow(self, app: App, journal: Journal, intent: Intent, hold: Hold) {
        let key = intent.key();
        self.working.update_value(|working| {
            working.insert(key.clone());
        });
        spawn_local(async move {
            self.until_known(app, &journal, intent, Heard::Resumed).await;
            self.at_the_end(app, &key, hold);
        });
    }

    async fn until_known(self, app: App, journal: &Journal, mut intent: Intent, mut heard: Heard) {
        loop {
            let before = intent.revision;
            let (next, todo) = intent.step(heard, now_seconds());
            intent = next;
            heard = Heard::Resumed;
            let mut goes_on = intent.stage.is_open();
            for what in todo {
                if what != Todo::Write {
                    self.show_intent(app, &intent);
                }
                match what {
                    Todo::Write => match write(journal, &intent.key(), intent.to_json(), before).await {
                        Written::Yes => self.show_intent(app, &intent),
                        // Another page wrote: what it wrote counts.
                        Written::Other(other) => {
                            let Record::Asked(other) = *other else { return };
                            intent = other;
                            goes_on = intent.stage.is_open();
                            self.show_intent(app, &intent);
                            break;
                        }
                        Written::Not(error) => {
                            self.keeping.try_set(Keeping::Impossible(error));
                            return;
                        }
                    },
                    Todo::Search => {
                        heard = match search(app, journal, &intent).await {
                            Ok(found) => Heard::Searched(found),
                            Err(NotPaid::Request(error)) => Heard::NotSearched(error.to_string()),
                            Err(_) => Heard::NotSearched(String::new()),
                        };
                        goes_on = true;
                    }
                    Todo::LookUp => heard = look_up(app, &intent).await,
                    Todo::Wait(seconds) => {
                        self.pause(&intent.key(), seconds).await;
                    }
                }
            }
            if !goes_on {
                return;
            }
        }
    }

    /// Everything in the journal for an order. What the extension was asked for and is not known to have paid is looked for in the
    /// chain once more: its dialog may have been confirmed late.
    pub(super) async fn payments_before(
        self,
        app: App,
        journal: &Journal,
        order_id: &str,
    ) -> Result<Vec<Record>, NotPaid> {
        let mut records = written(journal, app, order_id).await?;
        for record in &mut records {
            let Record::Asked(intent) = record else { continue };
            if !intent.stage.may_be_late() {
                continue;
            }
            if let Some(id) = search(app, journal, intent).await? {
                let (found, _) = intent.step(Heard::Searched(Some(id)), now_seconds());
                // Where another page writes, it has found it as well.
                write(journal, &found.key(), found.to_json(), intent.revision).await;
                self.show_intent(app, &found);
                self.go_on(app, found.key());
                *intent = found;
            }
        }
        Ok(records)
    }
}

/// Has the extension pay: the one place where it is asked to, after it was written down.
async fn ask(account: &ExtensionAccount, intent: &Intent) -> Heard {
    let token = intent.contract.map(|contract| contract.token(0).to_string());
    let amount = coins(intent.units, intent.unit).to_string();
    let (recipient, note) = (intent.recipient.to_string(), intent.attachment.clone());
    match extension::send(account, recipient, amount, note, token).await {
        Ok(id) => Heard::Named(id),
        Err(failure) if failure.refusal.is_certain() => Heard::Declined(failure.words),
        Err(failure) => Heard::Lost(failure.detail().unwrap_or_default()),
    }
}

/// Everything in the journal for an order.
async fn written(journal: &Journal, app: App, order_id: &str) -> Result<Vec<Record>, NotPaid> {
    let place = Key::start_of_order(app.config().network, order_id);
    let written = journal.all().await.map_err(NotPaid::Journal)?;
    let written = written.iter().filter(|(key, _)| key.starts_with(&place));
    let records: Result<Vec<Record>, _> = written.map(|(_, text)| Record::parse(text)).collect();
    records.map_err(|_| NotPaid::Unreadable)
}

/// Looks for it among the address's transactions, leaving out what other payments of the order are.
async fn search(app: App, journal: &Journal, intent: &Intent) -> Result<Option<TransactionId>, NotPaid> {
    let call = ListTransactions {
        address: intent.sender.to_string(),
        limit: NEWEST,
    };
    let listed = net::send(&call, &app.config().node, &Auth::None, &Abort::new()).await;
    let listed = listed.map_err(NotPaid::Request)?;
    let records = written(journal, app, &intent.order_id).await?;
    let others = records.iter().filter(|record| record.attempt() != intent.attempt);
    let claimed: Vec<TransactionId> = others.filter_map(Record::transaction_id).collect();
    Ok(intent.find(&listed, &claimed))
}

async fn look_up(app: App, intent: &Intent) -> Heard {
    let Some(id) = intent.transaction_id else {
        return Heard::Lost(String::new());
    };
    let id = id.to_string();
    let call = GetTransaction { id: id.clone() };
    let answer = net::send(&call, &app.config().node, &Auth::None, &Abort::new()).await;
    match of_look_up(&id, answer.clone()) {
        Look::InChain { .. } if !answer.is_ok_and(|found| intent.pays(&found)) => Heard::Lost(id),
        look => Heard::LookedUp(look),
    }
}
