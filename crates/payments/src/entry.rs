//! An entry of the journal: a signed transaction, what it is for, and what became of it. No keys.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use vcloud_api::calls::{Broadcast, BroadcastKind};
use vcloud_api::money;
use vsys::{Address, ContractId, Network, SignedPayment, SignedTokenSend, TransactionId};

use crate::progress::{Effect, Event, Progress};

/// The version of the form in which entries are written.
pub const ENTRY_VERSION: u32 = 1;

/// Where an entry is in the journal. There is one entry for a key, for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The network.
    pub network: Network,
    /// Id of the order.
    pub order_id: String,
    /// Which payment of the order, from 0.
    pub attempt: u32,
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.network, self.order_id, self.attempt)
    }
}

/// Why a text of the journal is no entry that may be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EntryError {
    /// Not an entry at all.
    #[error("it can't be read: {0}")]
    Unreadable(String),
    /// Written by a later version of the console.
    #[error("it was written in version {0}")]
    Version(u64),
    /// The transaction in it is not what the entry says.
    #[error("its transaction is another one than it says")]
    Altered,
}

/// An entry of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// [`ENTRY_VERSION`].
    pub version: u32,
    /// How often it was written: whoever writes it says which one was read before.
    pub revision: u64,
    /// The network.
    pub network: Network,
    /// Id of the order.
    pub order_id: String,
    /// Which payment of the order, from 0.
    pub attempt: u32,
    /// The id that the chain knows the transaction by.
    pub transaction_id: TransactionId,
    /// What is sent to the node, to the byte.
    pub body: String,
    /// Who pays.
    pub sender: Address,
    /// Who is paid.
    pub recipient: Address,
    /// The token's contract; none for the native coin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// The currency's short name.
    pub symbol: String,
    /// Smallest units in one coin.
    pub unit: u64,
    /// How many are paid.
    pub units: u64,
    /// The fee, in units of the native coin.
    pub fee: u64,
    /// What tells the platform which order it is for.
    pub attachment: String,
    /// What was due when it was signed, in USD.
    #[serde(with = "money")]
    pub due: Decimal,
    /// The transaction's time, Unix nanoseconds.
    pub timestamp: u64,
    /// What became of it so far.
    pub progress: Progress,
}

impl Entry {
    /// Its place in the journal.
    pub fn key(&self) -> Key {
        Key {
            network: self.network,
            order_id: self.order_id.clone(),
            attempt: self.attempt,
        }
    }

    /// When the transaction was made, Unix seconds.
    pub fn made_at(&self) -> i64 {
        i64::try_from(self.timestamp / 1_000_000_000).unwrap_or(i64::MAX)
    }

    /// Until when the chain can take it, Unix seconds.
    pub fn valid_until(&self) -> i64 {
        self.made_at().saturating_add(crate::WINDOW)
    }

    /// What the entry becomes by an event, and what to do then, see [`Progress::step`]. Where it is to be written, it is the
    /// next revision.
    #[must_use]
    pub fn step(&self, event: Event, now: i64) -> (Entry, Vec<Effect>) {
        let (progress, effects) = self.progress.step(event, now, self.made_at());
        let mut next = Entry {
            progress,
            ..self.clone()
        };
        if effects.contains(&Effect::Write) {
            next.revision += 1;
        }
        (next, effects)
    }

    /// The text of the journal.
    pub fn to_json(&self) -> String {
        // Texts, whole numbers and decimals are always JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a text of the journal, and makes sure that what would be sent is what the entry says.
    ///
    /// # Errors
    /// See [`EntryError`].
    pub fn parse(text: &str) -> Result<Entry, EntryError> {
        #[derive(Deserialize)]
        struct Version {
            version: u64,
        }
        let unreadable = |error: serde_json::Error| EntryError::Unreadable(error.to_string());
        let Version { version } = serde_json::from_str(text).map_err(unreadable)?;
        if version != u64::from(ENTRY_VERSION) {
            return Err(EntryError::Version(version));
        }
        let entry: Entry = serde_json::from_str(text).map_err(unreadable)?;
        entry.check()?;
        Ok(entry)
    }

    fn check(&self) -> Result<(), EntryError> {
        let said = (
            self.transaction_id,
            self.recipient,
            self.units,
            self.fee,
            self.timestamp,
        );
        let (sender, found, contract, attachment) = match self.contract {
            None => {
                let signed: SignedPayment = serde_json::from_str(&self.body).map_err(|_| EntryError::Altered)?;
                let payment = &signed.payment;
                let found = (
                    signed.id(),
                    payment.recipient,
                    payment.amount,
                    payment.fee,
                    payment.timestamp,
                );
                (signed.sender, found, None, payment.attachment.clone())
            }
            Some(_) => {
                let signed: SignedTokenSend = serde_json::from_str(&self.body).map_err(|_| EntryError::Altered)?;
                let send = &signed.token_send;
                let found = (signed.id(), send.recipient, send.amount, send.fee, send.timestamp);
                (signed.sender, found, Some(send.contract), send.attachment.clone())
            }
        };
        let same = found == said
            && contract == self.contract
            && Address::of(&sender, self.network) == self.sender
            && attachment.as_text() == Some(&self.attachment);
        if same { Ok(()) } else { Err(EntryError::Altered) }
    }

    /// The call that hands the transaction to a node: the very same bytes each time.
    pub fn broadcast(&self) -> Broadcast {
        Broadcast {
            kind: if self.contract.is_some() {
                BroadcastKind::Contract
            } else {
                BroadcastKind::Payment
            },
            body: self.body.clone(),
        }
    }
}
