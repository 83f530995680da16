//! An entry of the journal: a signed transaction, what it is for, and what became of it. No keys.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;
use vcloud_api::calls::{Broadcast, BroadcastKind};
use vcloud_api::money;
use vsys::{
    Account, Address, Attachment, ContractId, Network, Payment, SignedPayment, SignedTokenSend, TokenSend,
    TransactionId,
};

use crate::progress::{Effect, Event, OrderLook, Phase, Progress};

/// The version of the form in which entries are written.
pub const ENTRY_VERSION: u32 = 2;

/// The version before, in which every entry was for an order.
const ORDERS_ONLY: u64 = 1;

/// Where an entry is in the journal. There is one entry for a key, for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A payment of an order.
    Order {
        /// The network.
        network: Network,
        /// Id of the order.
        order_id: String,
        /// Which payment of the order, from 0.
        attempt: u32,
    },
    /// Coins sent to somebody.
    Transfer {
        /// The network.
        network: Network,
        /// The transfer's own id.
        id: String,
    },
}

/// What the keys of transfers begin with. No network is called like this, so no order's key can be the same.
const START_OF_TRANSFERS: &str = "transfer:";

impl Key {
    /// Whether a text is the key of a transfer, as it can be told where the entry itself can't be read.
    pub fn is_of_transfer(text: &str) -> bool {
        text.starts_with(START_OF_TRANSFERS)
    }

    /// What all keys of an order begin with.
    pub fn start_of_order(network: Network, order_id: &str) -> String {
        format!("{}/", Self::subject_of_order(network, order_id))
    }

    /// The [`Key::subject`] of an order.
    pub fn subject_of_order(network: Network, order_id: &str) -> String {
        format!("{network}/{order_id}")
    }

    /// What only one tab works on at a time: the order with all its payments, or the transfer.
    pub fn subject(&self) -> String {
        match self {
            Key::Order { network, order_id, .. } => Key::subject_of_order(*network, order_id),
            Key::Transfer { network, id } => format!("{START_OF_TRANSFERS}{network}/{id}"),
        }
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Key::Order { attempt, .. } => write!(f, "{}/{attempt}", self.subject()),
            Key::Transfer { .. } => f.write_str(&self.subject()),
        }
    }
}

/// What a transaction is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// A payment of an order.
    #[serde(rename_all = "camelCase")]
    Order {
        /// Id of the order.
        order_id: String,
        /// Which payment of the order, from 0.
        attempt: u32,
        /// What was due when it was signed, in USD.
        #[serde(with = "money")]
        due: Decimal,
    },
    /// Coins sent to somebody, as often as somebody confirms it: each with an id of its own.
    Transfer {
        /// The id, chosen before anything is signed.
        id: String,
    },
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
    /// What it is for.
    pub purpose: Purpose,
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
    /// The note that travels with it. It tells the platform which order it is for.
    pub attachment: String,
    /// The transaction's time, Unix nanoseconds.
    pub timestamp: u64,
    /// What became of it so far.
    pub progress: Progress,
}

impl Entry {
    /// Its place in the journal.
    pub fn key(&self) -> Key {
        let network = self.network;
        match &self.purpose {
            Purpose::Order { order_id, attempt, .. } => Key::Order {
                network,
                order_id: order_id.clone(),
                attempt: *attempt,
            },
            Purpose::Transfer { id } => Key::Transfer {
                network,
                id: id.clone(),
            },
        }
    }

    /// The id of the transfer that it is, if it is one.
    pub fn transfer_id(&self) -> Option<&str> {
        match &self.purpose {
            Purpose::Order { .. } => None,
            Purpose::Transfer { id } => Some(id),
        }
    }

    /// The order that it pays, if it pays one.
    pub fn order_id(&self) -> Option<&str> {
        match &self.purpose {
            Purpose::Order { order_id, .. } => Some(order_id),
            Purpose::Transfer { .. } => None,
        }
    }

    /// Which payment of its order it is, from 0.
    pub fn attempt(&self) -> u32 {
        match self.purpose {
            Purpose::Order { attempt, .. } => attempt,
            Purpose::Transfer { .. } => 0,
        }
    }

    /// What was due for its order when it was signed, in USD; nothing for a transfer.
    pub fn due(&self) -> Decimal {
        match self.purpose {
            Purpose::Order { due, .. } => due,
            Purpose::Transfer { .. } => Decimal::ZERO,
        }
    }

    /// Whether a transfer is still wanted, which nobody else can say. The platform is asked about an order instead.
    ///
    /// What may have been sent is sent again as it is. What never was, and was left lying, is not sent long after somebody
    /// looked at it last.
    pub fn look_at_transfer(&self, now: i64) -> OrderLook {
        let is_left = self.progress.phase == Phase::Journalled && now > self.made_at() + crate::TRANSFER_PATIENCE;
        if is_left { OrderLook::NotDue } else { OrderLook::Due }
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
        let entry: Entry = if version == u64::from(ENTRY_VERSION) {
            serde_json::from_str(text).map_err(unreadable)?
        } else if version == ORDERS_ONLY {
            serde_json::from_value(with_purpose(text).map_err(unreadable)?).map_err(unreadable)?
        } else {
            return Err(EntryError::Version(version));
        };
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

/// An entry as it was written when all were for orders, in the form of today.
fn with_purpose(text: &str) -> Result<Value, serde_json::Error> {
    let mut entry: Map<String, Value> = serde_json::from_str(text)?;
    let order = ["orderId", "attempt", "due"].map(|name| (name.to_owned(), entry.remove(name).unwrap_or_default()));
    let order = Value::Object(Map::from_iter(order));
    entry.insert("purpose".to_owned(), serde_json::json!({ "order": order }));
    entry.insert("version".to_owned(), ENTRY_VERSION.into());
    Ok(Value::Object(entry))
}

/// A transaction that nobody has signed yet.
pub(crate) struct Unsigned {
    pub purpose: Purpose,
    pub sender: Address,
    pub recipient: Address,
    pub contract: Option<ContractId>,
    pub symbol: String,
    pub unit: u64,
    pub units: u64,
    pub fee: u64,
    pub attachment: Attachment,
}

impl Unsigned {
    /// Signs it with 64 bytes of fresh randomness. `now` in Unix nanoseconds.
    ///
    /// # Panics
    /// When the account is not the sender: another account's signature would pay for nothing.
    pub(crate) fn sign(self, payer: &Account, now: u64, random: &[u8; 64]) -> Entry {
        assert_eq!(*payer.address(), self.sender, "a plan is signed by who it is for");
        let key = payer.private_key();
        let (id, body) = if let Some(contract) = self.contract {
            let send = TokenSend::new(contract, self.recipient, self.units, self.attachment.clone(), now);
            let signed = send.sign(key, random);
            (signed.id(), serde_json::to_string(&signed))
        } else {
            let payment = Payment::new(self.recipient, self.units, self.attachment.clone(), now);
            let signed = payment.sign(key, random);
            (signed.id(), serde_json::to_string(&signed))
        };
        // Texts and whole numbers are always JSON.
        let body = body.unwrap_or_default();
        let seconds = i64::try_from(now / 1_000_000_000).unwrap_or(i64::MAX);
        Entry {
            version: ENTRY_VERSION,
            revision: 0,
            network: payer.network(),
            purpose: self.purpose,
            transaction_id: id,
            body,
            sender: self.sender,
            recipient: self.recipient,
            contract: self.contract,
            symbol: self.symbol,
            unit: self.unit,
            units: self.units,
            fee: self.fee,
            attachment: self.attachment.as_text().unwrap_or_default().to_owned(),
            timestamp: now,
            progress: Progress::new(seconds),
        }
    }
}
