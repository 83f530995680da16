//! Coins sent to somebody, by the same journal as the payments of orders.

use leptos::prelude::*;
use payments::{Decision, Entry, Event, Key, Obstacle, Shortage, Transfer};
use vcloud_api::ApiError;
use vsys::os_random;

use super::{Keeping, PATIENCE, Payments, funds};
use crate::net::Abort;
use crate::state::App;
use crate::state::clock::{now_nanoseconds, now_seconds};
use crate::state::storage::journal::{self, Journal, Unavailable};

/// Why nothing was sent. Nothing is signed in any of these cases.
#[derive(Clone, Debug, PartialEq)]
pub enum NotSent {
    /// It can't be written down, so it is not done.
    Journal(Unavailable),
    /// Another tab writes a transfer down, and does not come to an end.
    Elsewhere,
    /// The account is not among those signed in any more.
    NoAccount,
    /// As much was sent to the same address before, and it was not decided to do so again, or its state has changed since.
    Before(Obstacle),
    /// The balance could not be had.
    Request(ApiError),
    /// The account has too little.
    Shortage(Shortage),
    /// The browser gives no randomness.
    Randomness,
}

/// The id of a transfer to be: what two clicks on one review have in common.
///
/// # Errors
/// When the browser gives no randomness.
pub fn fresh_transfer_id() -> Result<String, NotSent> {
    let random: [u8; 16] = os_random().map_err(|_| NotSent::Randomness)?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

impl Payments {
    /// The transfer with this id (tracked).
    pub fn transfer(self, id: &str) -> Option<Entry> {
        self.entries
            .with(|entries| entries.iter().find(|entry| entry.transfer_id() == Some(id)).cloned())
    }

    /// Earlier transfers of as much to the same address, which may arrive or did so lately (tracked).
    pub fn like(self, transfer: &Transfer) -> Vec<Entry> {
        let now = now_seconds();
        self.entries.with(|entries| {
            let like = entries.iter().filter(|entry| transfer.is_like(entry, now));
            like.cloned().collect()
        })
    }

    /// Sends what was reviewed: signs it once, writes it down and sends it. Where the same was sent before, `decisions` says
    /// that this was seen. A transfer that is in the journal already is not sent by this again. Answers when it is written
    /// down; what becomes of it is seen in [`Payments::transfer`].
    ///
    /// # Errors
    /// Why nothing was signed.
    pub async fn send(self, app: App, transfer: Transfer, decisions: &[Decision]) -> Result<(), NotSent> {
        let journal = self.journal().map_err(NotSent::Journal)?;
        let account = untrack(|| app.session.account_of(&transfer.sender)).ok_or(NotSent::NoAccount)?;
        let network = app.config().network;
        // One after the other over all tabs, so that each sees what the one before it has written.
        let turn = journal::hold(&format!("transfers:{network}"), Some(PATIENCE))
            .await
            .ok_or(NotSent::Elsewhere)?;
        let key = Key::Transfer {
            network,
            id: transfer.id.clone(),
        };
        if journal.get(&key.to_string()).await.map_err(NotSent::Journal)?.is_some() {
            return Ok(());
        }
        let (sender, abort) = (transfer.sender.to_string(), Abort::new());
        let has = funds(app, &sender, None, &abort).await.map_err(NotSent::Request)?;
        transfer.left(has.native).map_err(NotSent::Shortage)?;
        let before = self.written(app, &journal).await?;
        transfer
            .allow(&before, decisions, now_seconds())
            .map_err(NotSent::Before)?;
        let entry = transfer.sign(&account, now_nanoseconds());
        let entry = entry.map_err(|_| NotSent::Randomness)?;
        // Held before anybody can read of it, so that this page is the one that goes on with it.
        let hold = journal::hold(&key.subject(), Some(PATIENCE))
            .await
            .ok_or(NotSent::Elsewhere)?;
        let added = journal.add(&key.to_string(), &entry.to_json()).await;
        if !added.map_err(NotSent::Journal)? {
            // Another click was quicker: what was signed here is forgotten.
            return Ok(());
        }
        drop(turn);
        self.show(app, &entry);
        self.work(app, journal, entry, Event::Added, hold);
        Ok(())
    }

    /// What the journal has of the accounts signed in, as it is now.
    async fn written(self, app: App, journal: &Journal) -> Result<Vec<Entry>, NotSent> {
        let (network, addresses) = (app.config().network, untrack(|| app.session.addresses()));
        let written = journal.all().await.map_err(NotSent::Journal)?;
        // What can't be read is told on the page; it does not stand in the way of every transfer for ever.
        let entries = written.iter().filter_map(|(_, text)| Entry::parse(text).ok());
        Ok(entries
            .filter(|entry| entry.network == network && addresses.contains(&entry.sender.to_string()))
            .collect())
    }

    /// Sends the same transaction once more now, where it waits for the next look.
    pub fn send_again(self, key: &Key) {
        let waits = self.waiting.try_update_value(|waiting| waiting.remove(key)).flatten();
        if let Some(waits) = waits {
            let _ = waits.send(Event::SendAgain);
        }
    }

    /// Removes a transfer that is at its end from the journal.
    ///
    /// # Errors
    /// When the browser can't.
    pub async fn dismiss(self, key: &Key) -> Result<(), Unavailable> {
        let Keeping::Kept(journal) = self.keeping.get_untracked() else {
            return Ok(());
        };
        let is_final = |text: &str| {
            Entry::parse(text).is_ok_and(|entry| entry.transfer_id().is_some() && entry.progress.phase.is_final())
        };
        if journal.remove(&key.to_string(), is_final).await? {
            self.entries
                .try_update(|entries| entries.retain(|entry| entry.key() != *key));
        }
        Ok(())
    }
}
