//! What is done before an order is paid again, whoever signs: nothing that the browser extension was asked for before may still be
//! confirmed, and nothing of it may be on its way.

use std::time::Duration;

use payments::{Amount, Consent, Heard, Intent, Key, Plan, Record, next_payment};
use vcloud_api::Auth;
use vcloud_api::calls::{ListTransactions, ListUnconfirmed};
use vsys::TransactionId;

use super::{NotPaid, Payments, Review, write};
use crate::net::{self, Abort};
use crate::state::App;
use crate::state::clock::{now_seconds, sleep};
use crate::state::storage::journal::Journal;

/// So many of an address's newest transactions are looked through.
const NEWEST: u32 = 200;

/// How often the chain is looked at before an order is paid again of which a payment may be on its way.
const LOOKS: u32 = 8;

/// The time between two of these looks: all of them take more than three blocks of the chain.
const BETWEEN: Duration = Duration::from_secs(3);

impl Payments {
    /// Makes sure that an order may be paid as things are, before anything is asked of anybody because of it.
    ///
    /// # Errors
    /// What stands in the way.
    pub(super) async fn may_pay(
        self,
        app: App,
        journal: &Journal,
        order_id: &str,
        consent: Option<&Consent>,
    ) -> Result<Vec<Record>, NotPaid> {
        let records = written(journal, app, order_id).await?;
        next_payment(&records, consent).map_err(NotPaid::Obstacle)?;
        Ok(records)
    }

    /// The last look, once nothing that was asked for before can be confirmed any more: the number of the order's next payment, and
    /// what was reviewed, if it still is what it was and there is enough for it.
    ///
    /// # Errors
    /// What stands in the way.
    pub(super) async fn as_reviewed(
        self,
        app: App,
        journal: &Journal,
        plan: &Plan,
        amount: Amount,
        consent: Option<&Consent>,
    ) -> Result<(u32, Review), NotPaid> {
        let attempt = settle_before_paying_again(self, app, journal, &plan.order_id, consent).await?;
        let now = self
            .review(app, &plan.order_id, &plan.currency.contract_id, amount)
            .await?;
        if now.plan != *plan {
            return Err(NotPaid::Changed(Box::new(now)));
        }
        now.left().map_err(NotPaid::Shortage)?;
        Ok((attempt, now))
    }
}

/// Looks in the chain for what the extension was asked for and is not known to have paid: once for what is thought to be unpaid for
/// certain, for more than three blocks for what is not. Nothing that was asked for before may be confirmed from here on. Answers the
/// number of the order's next payment.
///
/// # Errors
/// What stands in the way, as a payment that has turned up; or that the chain can't be looked at.
async fn settle_before_paying_again(
    payments: Payments,
    app: App,
    journal: &Journal,
    order_id: &str,
    consent: Option<&Consent>,
) -> Result<u32, NotPaid> {
    let mut records = payments.may_pay(app, journal, order_id, consent).await?;
    let is_uncertain = records
        .iter()
        .filter_map(Record::late)
        .any(|intent| intent.stage.is_uncertain());
    let looks = if is_uncertain { LOOKS } else { 1 };
    for look in 0..looks {
        if look > 0 {
            sleep(BETWEEN).await;
        }
        for record in &mut records {
            let Some(intent) = record.late() else { continue };
            if let Some(id) = search(app, journal, intent).await? {
                let (found, _) = intent.step(Heard::Searched(Some(id)), now_seconds());
                // Where another page writes, it has found it as well.
                write(journal, &found.key(), found.to_json(), intent.revision).await;
                payments.show_intent(app, &found);
                payments.go_on(app, found.key());
                *record = Record::Asked(found);
            }
        }
        next_payment(&records, consent).map_err(NotPaid::Obstacle)?;
    }
    next_payment(&records, consent).map_err(NotPaid::Obstacle)
}

/// Everything in the journal for an order.
async fn written(journal: &Journal, app: App, order_id: &str) -> Result<Vec<Record>, NotPaid> {
    let place = Key::start_of_order(app.config().network, order_id);
    let written = journal.all().await.map_err(NotPaid::Journal)?;
    let written = written.iter().filter(|(key, _)| key.starts_with(&place));
    let records: Result<Vec<Record>, _> = written.map(|(_, text)| Record::parse(text)).collect();
    records.map_err(|_| NotPaid::Unreadable)
}

/// The transactions that are other payments of the same order.
///
/// # Errors
/// When the journal can't be read.
pub async fn claimed(app: App, journal: &Journal, intent: &Intent) -> Result<Vec<TransactionId>, NotPaid> {
    let records = written(journal, app, &intent.order_id).await?;
    let others = records.iter().filter(|record| record.attempt() != intent.attempt);
    Ok(others.filter_map(Record::own_transaction).collect())
}

/// Looks for it among the address's transactions and those that wait for a block, leaving out what other payments of the order are.
///
/// # Errors
/// When they can't be had.
pub async fn search(app: App, journal: &Journal, intent: &Intent) -> Result<Option<TransactionId>, NotPaid> {
    let (node, abort) = (&app.config().node, Abort::new());
    let call = ListTransactions {
        address: intent.sender.to_string(),
        limit: NEWEST,
    };
    // What waits is asked for first: what leaves it for a block in between is in the list then. Not every node tells what waits, and
    // what it tells nothing of is found in a block later on.
    let waiting = net::send(&ListUnconfirmed, node, &Auth::None, &abort).await;
    let mut listed = net::send(&call, node, &Auth::None, &abort)
        .await
        .map_err(NotPaid::Request)?;
    listed.extend(waiting.unwrap_or_default());
    Ok(intent.find(&listed, &claimed(app, journal, intent).await?))
}
