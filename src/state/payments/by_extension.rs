//! Payments that the browser extension signs: written down, asked for once, and followed or looked for until it is known what
//! became of them.

use leptos::prelude::*;
use leptos::task::spawn_local;
use payments::{Amount, Consent, Heard, Intent, Key, Look, Obstacle, Plan, PlanError, Record, Todo, of_look_up};
use vcloud_api::Auth;
use vcloud_api::calls::{GetTokenBalance, GetTransaction};
use vsys::extension::{Failure, Refusal};
use vsys::transaction::UNITS_PER_VSYS;

use super::settle::{claimed, search};
use super::{Keeping, NotPaid, PATIENCE, Payments, Review, Written, write};
use crate::net::extension::{self, Selected};
use crate::net::{self, Abort};
use crate::state::App;
use crate::state::clock::now_seconds;
use crate::state::storage::journal::{self, Hold, Journal};

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
        self.may_pay(app, &journal, &plan.order_id, consent.as_ref()).await?;
        let selected = extension::selected(network).await.map_err(NotPaid::Extension)?;
        if selected.account.address != plan.sender {
            return Err(NotPaid::Extension(Failure::other_account()));
        }
        let (attempt, now) = self.as_reviewed(app, &journal, plan, amount, consent.as_ref()).await?;
        let coins = coins(app, plan).await?;
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
            let heard = ask(selected, coins, &intent).await;
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

    /// Looks for what may still turn up of an order: something has changed that may come of it.
    pub fn look_for_late(self, app: App, order_id: &str) {
        for intent in untrack(|| self.asked_of_order(order_id)) {
            if intent.stage.may_be_late() {
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
            let (next, todo) = intent.step(heard.clone(), now_seconds());
            intent = next;
            let stepped_by = std::mem::replace(&mut heard, Heard::Resumed);
            let mut goes_on = intent.stage.is_open();
            // What is to be written is shown once it is.
            if !todo.contains(&Todo::Write) {
                self.show_intent(app, &intent);
            }
            for what in todo {
                match what {
                    Todo::Write => match write(journal, &intent.key(), intent.to_json(), before).await {
                        Written::Yes => self.show_intent(app, &intent),
                        // Another page wrote: what it wrote counts, and so does what was heard here.
                        Written::Other(other) => {
                            let Record::Asked(other) = *other else { return };
                            intent = other;
                            heard = stepped_by;
                            goes_on = true;
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
                    Todo::LookUp => heard = look_up(app, journal, &intent).await,
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
}

/// What is paid in whole coins, which is what the extension is told. It works the units out again with what the chain says is one
/// coin: where that is not what the platform says, it would pay another amount.
async fn coins(app: App, plan: &Plan) -> Result<String, NotPaid> {
    let coins = plan.currency.coins(plan.units);
    let coins = coins.map_err(|error| NotPaid::Plan(PlanError::Price(error)))?;
    let unit = match plan.contract {
        None => UNITS_PER_VSYS,
        Some(contract) => {
            let call = GetTokenBalance {
                address: plan.sender.to_string(),
                token_id: contract.token(0).to_string(),
            };
            let answer = net::send(&call, &app.config().node, &Auth::None, &Abort::new()).await;
            answer.map_err(NotPaid::Request)?.unity
        }
    };
    if unit != plan.currency.unit {
        return Err(NotPaid::Unit);
    }
    Ok(coins.to_string())
}

/// Has the extension pay: the one place where it is asked to, after it was written down.
async fn ask(selected: Selected, coins: String, intent: &Intent) -> Heard {
    let token = intent.contract.map(|contract| contract.token(0).to_string());
    let (recipient, note) = (intent.recipient.to_string(), intent.attachment.clone());
    match selected.send(recipient, coins, note, token).await {
        Ok(id) => Heard::Named(id),
        Err(failure) if failure.refusal == Refusal::Silent => Heard::Unanswered,
        Err(failure) if failure.refusal.is_certain() => Heard::Declined(failure.detail().unwrap_or_default()),
        Err(failure) => Heard::Lost(failure.detail().unwrap_or_default()),
    }
}

async fn look_up(app: App, journal: &Journal, intent: &Intent) -> Heard {
    let Some(id) = intent.transaction_id else {
        return Heard::LookedUp(Look::Unclear(String::new()));
    };
    let id = id.to_string();
    let call = GetTransaction { id: id.clone() };
    let answer = net::send(&call, &app.config().node, &Auth::None, &Abort::new()).await;
    let look = of_look_up(&id, answer.clone());
    let (Look::InChain { .. }, Ok(found)) = (&look, answer) else {
        return Heard::LookedUp(look);
    };
    // Whoever named it may have meant another one.
    match claimed(app, journal, intent).await {
        Ok(claimed) => match intent.difference_of(&found, &claimed) {
            Some(difference) => Heard::Differs(difference),
            None => Heard::LookedUp(look),
        },
        Err(_) => Heard::LookedUp(Look::Unclear(String::new())),
    }
}
