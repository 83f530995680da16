//! A payment that somebody else signs: a browser extension, which builds, signs and broadcasts it by itself.
//!
//! Its id is not known before it answers, so what is written down first is what it is asked for. Where its answer is lost, the
//! payment is looked for among the transactions of the address, by everything that it was asked for. What is not found may still
//! be sent, as long as its dialog is open somewhere, or be on its way: that is why another one needs an explicit decision.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use vcloud_api::money;
use vcloud_api::types::Transaction;
use vsys::{Address, Attachment, ContractId, Network, TokenSend, TransactionId};

use crate::decision::{Decision, Obstacle};
use crate::entry::{Entry, EntryError, Key};
use crate::plan::Plan;
use crate::progress::Look;
use crate::{CLOCK_TOLERANCE, WINDOW};

/// The version of the form in which intents are written.
pub const INTENT_VERSION: u32 = 1;

/// Seconds for which a payment is looked for before it counts as missing, where its dialog was left open: more than three blocks of
/// the chain after the last moment at which it can have been sent.
const LOOK_FOR_UNANSWERED: i64 = 20;

/// Seconds for which a payment is looked for where the answer does not rule out that it is on its way, through a node that may be
/// slow to pass it on.
const LOOK_FOR: i64 = 180;

/// Seconds between two looks.
const PAUSE: i64 = 3;

/// The functions of a token's contract that send: of one that can't be split, and of one that can. With the arguments of a send no
/// other function has either number.
const SEND_FUNCTIONS: [u16; 2] = [3, 4];

/// Where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// The extension is asked, or the page was closed while it was.
    Asked,
    /// Its answer was lost, or does not say what became of it: it is looked for.
    Lost,
    /// Looked for, and not found: nothing is paid, unless its dialog is still open somewhere or it comes late.
    Missing,
    /// Its transaction is known, and looked up.
    Named,
    /// The transaction that the extension named is in the chain, and is not the payment that it was asked for.
    Different,
    /// In the chain and carried out: paid.
    Confirmed,
    /// In the chain and not carried out: only the fee is gone.
    Failed,
    /// The chain does not have the transaction, and its time has passed: nothing is paid.
    Expired,
    /// The extension refused before it signed anything: nothing is paid.
    Declined,
}

impl Stage {
    /// Whether it is being found out what became of it.
    pub const fn is_open(self) -> bool {
        matches!(self, Stage::Asked | Stage::Lost | Stage::Named)
    }

    /// Whether a payment may still turn up, so that the chain is looked at once more before the order is paid again.
    pub const fn may_be_late(self) -> bool {
        matches!(
            self,
            Stage::Missing | Stage::Different | Stage::Declined | Stage::Expired
        )
    }

    /// Whether it is not certain that nothing is paid.
    pub const fn is_uncertain(self) -> bool {
        matches!(self, Stage::Missing | Stage::Different)
    }
}

/// How a transaction differs from the payment that the extension was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Difference {
    /// Another account signed it.
    Sender,
    /// It has another note, so that it counts for another order or for none.
    Note,
    /// It pays another amount, to another recipient or in another coin.
    Payment,
    /// It is another payment of the order, or older than the request.
    Earlier,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It is taken up, by this page or another.
    Resumed,
    /// The extension named the transaction.
    Named(TransactionId),
    /// The extension certainly signed nothing. In its words.
    Declined(String),
    /// It said nothing that tells what became of it. With what it said.
    Lost(String),
    /// It said nothing at all, and its dialog was left open.
    Unanswered,
    /// The address's transactions were looked through: its own one, if it is among them.
    Searched(Option<TransactionId>),
    /// They could not be had.
    NotSearched(String),
    /// Its transaction was looked up.
    LookedUp(Look),
    /// The transaction that the extension named is in the chain, and is another one.
    Differs(Difference),
}

/// What to do, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Todo {
    /// Write it down.
    Write,
    /// Look through the address's transactions.
    Search,
    /// Look its transaction up.
    LookUp,
    /// Wait so many seconds.
    Wait(i64),
}

/// An intent of the journal. No keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Intent {
    /// [`INTENT_VERSION`]. No signed entry has this field.
    pub intent: u32,
    /// How often it was written.
    pub revision: u64,
    /// The network.
    pub network: Network,
    /// Id of the order.
    pub order_id: String,
    /// Which payment of the order, from 0, signed ones included.
    pub attempt: u32,
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
    /// The fee that the extension is known to take, in units of the native coin.
    pub fee: u64,
    /// What tells the platform which order it is for.
    pub attachment: String,
    /// What was due when it was asked for, in USD.
    #[serde(with = "money")]
    pub due: Decimal,
    /// When the extension was asked, Unix seconds.
    pub asked_at: i64,
    /// Where it is.
    pub stage: Stage,
    /// Since when, Unix seconds.
    pub since: i64,
    /// The transaction, as soon as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<TransactionId>,
    /// Whether the extension never answered, with its dialog left open.
    #[serde(default)]
    pub unanswered: bool,
    /// How the transaction differs, where it is another one than the extension was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<Difference>,
    /// What was heard last that says nothing for certain.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub heard: String,
    /// Whether the last look for it failed, in the words of `heard`. Not written down.
    #[serde(skip)]
    pub not_searched: bool,
}

impl Intent {
    /// What the extension is going to be asked for.
    pub fn new(plan: Plan, network: Network, attempt: u32, now: i64) -> Self {
        Self {
            intent: INTENT_VERSION,
            revision: 0,
            network,
            order_id: plan.order_id,
            attempt,
            sender: plan.sender,
            recipient: plan.recipient,
            contract: plan.contract,
            symbol: plan.currency.symbol_name,
            unit: plan.currency.unit,
            units: plan.units,
            fee: plan.fee,
            attachment: plan.attachment.as_text().unwrap_or_default().to_owned(),
            due: plan.due,
            asked_at: now,
            stage: Stage::Asked,
            since: now,
            transaction_id: None,
            unanswered: false,
            difference: None,
            heard: String::new(),
            not_searched: false,
        }
    }

    /// Until when it is looked for at least, Unix seconds.
    pub fn looked_for_until(&self) -> i64 {
        let patience = if self.unanswered { LOOK_FOR_UNANSWERED } else { LOOK_FOR };
        self.since + patience
    }

    /// Its transaction, unless that is known to be another payment.
    pub fn own_transaction(&self) -> Option<TransactionId> {
        self.transaction_id.filter(|_| self.difference.is_none())
    }

    /// Its place in the journal, which a signed entry may have as well: there is one for a key.
    pub fn key(&self) -> Key {
        Key::Order {
            network: self.network,
            order_id: self.order_id.clone(),
            attempt: self.attempt,
        }
    }

    /// The text of the journal.
    pub fn to_json(&self) -> String {
        // Texts, whole numbers and decimals are always JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether a transaction is this payment, by everything that it was asked for.
    pub fn is(&self, transaction: &Transaction) -> bool {
        self.difference_of(transaction, &[]).is_none()
    }

    /// How a transaction differs from this payment. `claimed` are the ids of the order's other payments.
    pub fn difference_of(&self, transaction: &Transaction, claimed: &[TransactionId]) -> Option<Difference> {
        let sender = self.sender.to_string();
        let by_sender = transaction.proofs.iter().any(|proof| proof.address == sender);
        let note = transaction.attachment.parse::<Attachment>();
        let is_for_order = note.is_ok_and(|note| note.as_text() == Some(&self.attachment));
        // Both times are of this machine's clock, which may have been set in between.
        let made_at = i64::try_from(transaction.timestamp / 1_000_000_000).unwrap_or_default();
        let is_earlier = made_at < self.asked_at - CLOCK_TOLERANCE;
        let is_claimed = claimed.iter().any(|id| id.to_string() == transaction.id);
        if !by_sender {
            Some(Difference::Sender)
        } else if !is_for_order {
            Some(Difference::Note)
        } else if !self.pays(transaction) {
            Some(Difference::Payment)
        } else if is_earlier || is_claimed {
            Some(Difference::Earlier)
        } else {
            None
        }
    }

    /// Whether a transaction pays as much to the same in the same coin.
    fn pays(&self, transaction: &Transaction) -> bool {
        match self.contract {
            None => transaction.recipient == self.recipient.to_string() && transaction.amount == self.units,
            Some(contract) => {
                let send = TokenSend::new(contract, self.recipient, self.units, Attachment::default(), 0);
                let function = transaction.function_index;
                transaction.contract_id == contract.to_string()
                    && function.is_some_and(|function| SEND_FUNCTIONS.contains(&function))
                    && transaction.function_data == vsys::extension::content(&send.function_data())
            }
        }
    }

    /// Its transaction among those of the address. `claimed` are the ids of the order's other payments.
    pub fn find(&self, transactions: &[Transaction], claimed: &[TransactionId]) -> Option<TransactionId> {
        let own = transactions.iter().filter(|transaction| self.is(transaction));
        let ids = own.filter_map(|transaction| Some((transaction.timestamp, transaction.id.parse().ok()?)));
        // The oldest: a later one is a later payment's.
        let unclaimed = ids.filter(|(_, id)| !claimed.contains(id));
        unclaimed.min_by_key(|(timestamp, _)| *timestamp).map(|(_, id)| id)
    }

    fn at(&self, stage: Stage, now: i64) -> Self {
        Self {
            stage,
            since: now,
            heard: String::new(),
            not_searched: false,
            revision: self.revision + 1,
            ..self.clone()
        }
    }

    /// What it becomes by what happened, and what to do then.
    #[must_use]
    pub fn step(&self, heard: Heard, now: i64) -> (Self, Vec<Todo>) {
        let go_on = || match self.stage {
            Stage::Lost | Stage::Missing | Stage::Different | Stage::Declined | Stage::Expired => vec![Todo::Search],
            Stage::Named => vec![Todo::LookUp],
            Stage::Asked | Stage::Confirmed | Stage::Failed => Vec::new(),
        };
        let saying = |words: String, not_searched: bool| Self {
            heard: words,
            not_searched,
            ..self.clone()
        };
        match (self.stage, heard) {
            // The page that asked is gone.
            (Stage::Asked, Heard::Resumed) => (self.at(Stage::Lost, now), vec![Todo::Write, Todo::Search]),
            (_, Heard::Resumed) => (self.clone(), go_on()),
            // Also where another page has taken it up meanwhile: this is the answer itself.
            (Stage::Asked | Stage::Lost | Stage::Missing, Heard::Declined(words)) => {
                let mut next = self.at(Stage::Declined, now);
                next.heard = words;
                (next, vec![Todo::Write])
            }
            (Stage::Asked, Heard::Lost(words)) => {
                let mut next = self.at(Stage::Lost, now);
                next.heard = words;
                (next, vec![Todo::Write, Todo::Search])
            }
            (Stage::Asked, Heard::Unanswered) => {
                let mut next = self.at(Stage::Lost, now);
                next.unanswered = true;
                (next, vec![Todo::Write, Todo::Search])
            }
            (
                Stage::Asked | Stage::Lost | Stage::Missing | Stage::Different | Stage::Declined | Stage::Expired,
                Heard::Named(id) | Heard::Searched(Some(id)),
            ) => {
                let mut next = self.at(Stage::Named, now);
                next.transaction_id = Some(id);
                next.difference = None;
                (next, vec![Todo::Write, Todo::LookUp])
            }
            (Stage::Lost, Heard::Searched(None)) if now >= self.looked_for_until() => {
                (self.at(Stage::Missing, now), vec![Todo::Write])
            }
            (Stage::Lost, Heard::Searched(None)) if self.not_searched => {
                (saying(String::new(), false), vec![Todo::Wait(PAUSE)])
            }
            (Stage::Lost, Heard::Searched(None)) => (self.clone(), vec![Todo::Wait(PAUSE)]),
            (Stage::Lost, Heard::NotSearched(words)) => (saying(words, true), vec![Todo::Wait(PAUSE)]),
            // Nothing has changed, also where the extension's own words are kept.
            (stage, Heard::NotSearched(words)) if stage.may_be_late() => (saying(words, true), Vec::new()),
            (stage, Heard::Searched(None)) if stage.may_be_late() && self.not_searched => {
                (saying(String::new(), false), Vec::new())
            }
            (Stage::Named, Heard::Differs(difference)) => {
                let mut next = self.at(Stage::Different, now);
                next.difference = Some(difference);
                (next, vec![Todo::Write])
            }
            (Stage::Named, Heard::LookedUp(look)) => match look {
                Look::InChain { carried_out, .. } => {
                    let stage = if carried_out { Stage::Confirmed } else { Stage::Failed };
                    (self.at(stage, now), vec![Todo::Write])
                }
                Look::Absent if now - self.since > WINDOW + CLOCK_TOLERANCE => {
                    (self.at(Stage::Expired, now), vec![Todo::Write])
                }
                Look::Absent | Look::Waiting => (saying(String::new(), false), vec![Todo::Wait(PAUSE)]),
                Look::Unclear(words) => (saying(words, false), vec![Todo::Wait(PAUSE)]),
            },
            (_, _) => (self.clone(), Vec::new()),
        }
    }
}

/// Anything in the journal.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// Signed here.
    Signed(Entry),
    /// Asked of an extension.
    Asked(Intent),
}

/// Somebody's decision to pay an order once more, with every payment before in view, whoever signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent(Vec<(u32, Seen)>);

/// Where a payment was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Signed(Decision),
    Asked(Stage),
}

impl Consent {
    /// The decision of somebody who sees these, all of the journal for an order, as they are.
    pub fn after(records: &[Record]) -> Self {
        let mut seen: Vec<(u32, Seen)> = records
            .iter()
            .map(|record| {
                let seen = match record {
                    Record::Signed(entry) => Seen::Signed(Decision::after(entry)),
                    Record::Asked(intent) => Seen::Asked(intent.stage),
                };
                (record.attempt(), seen)
            })
            .collect();
        seen.sort_by_key(|(attempt, _)| *attempt);
        Self(seen)
    }
}

impl Record {
    /// Reads a text of the journal.
    ///
    /// # Errors
    /// See [`EntryError`].
    pub fn parse(text: &str) -> Result<Self, EntryError> {
        #[derive(Deserialize)]
        struct Which {
            intent: Option<u64>,
        }
        let unreadable = |error: serde_json::Error| EntryError::Unreadable(error.to_string());
        match serde_json::from_str::<Which>(text).map_err(unreadable)?.intent {
            None => Entry::parse(text).map(Self::Signed),
            Some(version) if version == u64::from(INTENT_VERSION) => {
                serde_json::from_str(text).map(Self::Asked).map_err(unreadable)
            }
            Some(version) => Err(EntryError::Version(version)),
        }
    }

    /// Which payment of its order it is, from 0.
    pub fn attempt(&self) -> u32 {
        match self {
            Self::Signed(entry) => entry.attempt(),
            Self::Asked(intent) => intent.attempt,
        }
    }

    /// Where it is in the journal.
    pub fn key(&self) -> Key {
        match self {
            Self::Signed(entry) => entry.key(),
            Self::Asked(intent) => intent.key(),
        }
    }

    /// When it was signed or asked for, Unix seconds.
    pub fn made_at(&self) -> i64 {
        match self {
            Self::Signed(entry) => entry.made_at(),
            Self::Asked(intent) => intent.asked_at,
        }
    }

    /// Who is paid.
    pub fn recipient(&self) -> Address {
        match self {
            Self::Signed(entry) => entry.recipient,
            Self::Asked(intent) => intent.recipient,
        }
    }

    /// How often it was written.
    pub fn revision(&self) -> u64 {
        match self {
            Self::Signed(entry) => entry.revision,
            Self::Asked(intent) => intent.revision,
        }
    }

    /// Its transaction, where it is known; of a request also one that turned out to be another payment.
    pub fn transaction_id(&self) -> Option<TransactionId> {
        match self {
            Self::Signed(entry) => Some(entry.transaction_id),
            Self::Asked(intent) => intent.transaction_id,
        }
    }

    /// Its transaction, where it is known to be or may be this payment.
    pub fn own_transaction(&self) -> Option<TransactionId> {
        match self {
            Self::Signed(entry) => Some(entry.transaction_id),
            Self::Asked(intent) => intent.own_transaction(),
        }
    }

    /// What an extension was asked for, where it may still turn up in the chain.
    pub fn late(&self) -> Option<&Intent> {
        match self {
            Self::Asked(intent) if intent.stage.may_be_late() => Some(intent),
            Self::Asked(_) | Self::Signed(_) => None,
        }
    }

    /// Whether it is being found out what became of it.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Signed(entry) => !entry.progress.phase.is_final(),
            Self::Asked(intent) => intent.stage.is_open(),
        }
    }
}

/// The number of an order's next payment, whoever signs it. `records` are all of the journal for the order, in any order.
///
/// # Errors
/// Why there must not be one now.
pub fn next_payment(records: &[Record], consent: Option<&Consent>) -> Result<u32, Obstacle> {
    if records.iter().any(Record::is_open) {
        return Err(Obstacle::UnderWay);
    }
    match (records.iter().max_by_key(|record| record.attempt()), consent) {
        (None, None) => Ok(0),
        (None, Some(_)) => Err(Obstacle::Changed),
        (Some(_), None) => Err(Obstacle::PaidBefore),
        // Not the last one alone: one before it may have turned up in the meantime.
        (Some(_), Some(consent)) if *consent != Consent::after(records) => Err(Obstacle::Changed),
        (Some(last), Some(_)) => Ok(last.attempt() + 1),
    }
}
