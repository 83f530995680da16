//! What became of a transaction so far, and what to do next.

use serde::{Deserialize, Serialize};

use crate::{CLOCK_TOLERANCE, WINDOW};

/// Seconds of the first and the longest pause between two looks after a transaction.
const FIRST_PAUSE: i64 = 1;
const LONGEST_PAUSE: i64 = 30;

/// Seconds after which a node that had taken a transaction, and does not know it, is sent it again.
const TAKEN_AGAIN: i64 = 60;

/// Where a transaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// In the journal; nothing was sent.
    Journalled,
    /// Being sent, or the page was closed while it was.
    Sending,
    /// Sent, and nobody said what became of it.
    Unknown,
    /// A node took it, or has it; it is not seen in the chain yet.
    Taken,
    /// The node refused it. Looked up before that is believed.
    Refused,
    /// In the chain and carried out: paid.
    Confirmed,
    /// In the chain and not carried out: only the fee is gone.
    Failed,
    /// Refused before it was accepted: nothing is paid.
    Rejected,
    /// Its time has passed and the chain does not have it: nothing is paid, and it can no longer be.
    Expired,
    /// Never sent, and the order no longer asks for it: nothing is paid.
    Withdrawn,
}

impl Phase {
    /// Every phase, in the order in which a payment can reach them.
    pub const ALL: [Phase; 10] = [
        Phase::Journalled,
        Phase::Sending,
        Phase::Unknown,
        Phase::Taken,
        Phase::Refused,
        Phase::Confirmed,
        Phase::Failed,
        Phase::Rejected,
        Phase::Expired,
        Phase::Withdrawn,
    ];

    /// Whether nothing can happen to it any more.
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Phase::Confirmed | Phase::Failed | Phase::Rejected | Phase::Expired | Phase::Withdrawn
        )
    }

    /// Whether it is certain that it pays nothing.
    pub const fn pays_nothing(self) -> bool {
        self.is_final() && !matches!(self, Phase::Confirmed)
    }
}

/// Why a node refused, as far as its words tell. For explaining only: nothing is decided by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// Too little on the account.
    Balance,
    /// The fee.
    Fee,
    /// The time of the transaction is too far from the node's.
    Time,
    /// The signature, a key or an address.
    Signature,
    /// Something else.
    Other,
}

/// A node's refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// What it is about.
    pub reason: Reason,
    /// The node's number for it.
    pub code: i64,
    /// The node's words.
    pub message: String,
}

/// What came of sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The node took it.
    Taken,
    /// The node has it already.
    Duplicate,
    /// The node refused it.
    Refused(Refusal),
    /// No answer, or none that says anything: it may or may not have been taken. With what was heard instead.
    Unclear(String),
}

/// What came of looking the id up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// It is in the chain.
    InChain {
        /// Whether it was carried out.
        carried_out: bool,
        /// The height of its block.
        height: u64,
    },
    /// The node has it, not in a block yet.
    Waiting,
    /// The node does not have it.
    Absent,
    /// No answer, or none that says anything. With what was heard instead.
    Unclear(String),
}

/// What came of asking the platform whether the order still wants this payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderLook {
    /// It does.
    Due,
    /// It is paid, gone, or less is due by now.
    NotDue,
    /// The platform did not say.
    Unclear,
}

/// Something that happened to a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The entry was added to the journal just now, after it was confirmed.
    Added,
    /// Time to go on: a pause is over, or the console starts again.
    Resumed,
    /// Somebody asks for the very same body to be sent once more, instead of waiting.
    SendAgain,
    /// The answer to [`Effect::Broadcast`].
    Broadcast(Sent),
    /// The answer to [`Effect::LookUp`].
    LookedUp(Look),
    /// The answer to [`Effect::AskOrder`].
    Order(OrderLook),
}

/// What to do next. Effects are carried out in their order, and where one fails the following ones are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Write the progress into the journal.
    Write,
    /// Send the entry's body to the node, as it is.
    Broadcast,
    /// Ask the node for the entry's id.
    LookUp,
    /// Ask the platform whether the order still wants the payment.
    AskOrder,
    /// Do nothing for so many seconds, then go on with [`Event::Resumed`].
    Wait(i64),
}

/// What became of a transaction so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Where it is.
    pub phase: Phase,
    /// When it came there, Unix seconds.
    pub since: i64,
    /// How often its body was sent.
    pub sends: u32,
    /// When it was sent last, Unix seconds; 0 for never.
    pub sent_at: i64,
    /// Whether a node may have it, although none says so: then no refusal is believed any more, and only the chain and time
    /// decide.
    pub may_be_taken: bool,
    /// The height of its block, once it is in the chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u64>,
    /// The last refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// What was heard last instead of an answer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub heard: String,
    /// How often it was looked up in this phase. Not worth writing down by itself.
    #[serde(skip)]
    pub looks: u32,
}

impl Progress {
    /// That of a payment which is signed and will be in the journal.
    pub fn new(now: i64) -> Self {
        Self {
            phase: Phase::Journalled,
            since: now,
            sends: 0,
            sent_at: 0,
            may_be_taken: false,
            height: None,
            refusal: None,
            heard: String::new(),
            looks: 0,
        }
    }

    /// What becomes of it by an event, and what to do then. `made_at` is the time of the transaction; all times are Unix
    /// seconds.
    #[must_use]
    pub fn step(&self, event: Event, now: i64, made_at: i64) -> (Progress, Vec<Effect>) {
        let mut next = self.clone();
        let then = next.apply(event, now, made_at);
        let mut effects = Vec::new();
        let written = Progress {
            looks: self.looks,
            ..next.clone()
        };
        if written != *self {
            effects.push(Effect::Write);
        }
        effects.extend(then);
        (next, effects)
    }

    fn apply(&mut self, event: Event, now: i64, made_at: i64) -> Option<Effect> {
        match event {
            // A look into the chain is true whatever was thought before, after the end as well.
            Event::LookedUp(Look::InChain { carried_out, height }) => {
                let phase = if carried_out { Phase::Confirmed } else { Phase::Failed };
                self.height = Some(height);
                self.enter(phase, now);
                None
            }
            _ if self.phase.is_final() => None,
            Event::Added => self.send(now, made_at),
            // Sending it once more pays nothing twice; whether it is still wanted is asked all the same.
            Event::SendAgain if self.phase != Phase::Sending && now < made_at.saturating_add(WINDOW) => {
                Some(Effect::AskOrder)
            }
            Event::Resumed | Event::SendAgain => self.resume(now, made_at),
            Event::Broadcast(sent) => self.sent(sent, now),
            Event::LookedUp(Look::Waiting) => {
                self.may_be_taken = true;
                self.enter(Phase::Taken, now);
                Some(self.pause())
            }
            Event::LookedUp(Look::Absent) => self.absent(now, made_at),
            Event::LookedUp(Look::Unclear(heard)) => {
                self.heard = heard;
                Some(self.pause())
            }
            Event::Order(look) => self.order(look, now, made_at),
        }
    }

    fn enter(&mut self, phase: Phase, now: i64) {
        if self.phase != phase {
            self.phase = phase;
            self.since = now;
            self.looks = 0;
        }
    }

    fn pause(&mut self) -> Effect {
        let pause = FIRST_PAUSE << self.looks.min(5);
        self.looks = self.looks.saturating_add(1);
        Effect::Wait(pause.min(LONGEST_PAUSE))
    }

    /// Sends it, if the chain can still take it.
    fn send(&mut self, now: i64, made_at: i64) -> Option<Effect> {
        if now >= made_at.saturating_add(WINDOW) {
            return Some(Effect::LookUp);
        }
        // Written before it is sent: a page that is closed in between leaves a payment behind that may have been sent.
        self.sends = self.sends.saturating_add(1);
        self.sent_at = now;
        self.enter(Phase::Sending, now);
        Some(Effect::Broadcast)
    }

    fn resume(&mut self, now: i64, made_at: i64) -> Option<Effect> {
        match self.phase {
            // Nothing was sent, but time has passed since it was confirmed: the order may have been paid in another way.
            Phase::Journalled if now < made_at.saturating_add(WINDOW) => Some(Effect::AskOrder),
            Phase::Sending => {
                self.may_be_taken = true;
                self.enter(Phase::Unknown, now);
                Some(Effect::LookUp)
            }
            _ => Some(Effect::LookUp),
        }
    }

    fn sent(&mut self, sent: Sent, now: i64) -> Option<Effect> {
        match sent {
            Sent::Taken | Sent::Duplicate => {
                self.may_be_taken = true;
                self.heard.clear();
                self.enter(Phase::Taken, now);
            }
            Sent::Unclear(heard) => {
                self.may_be_taken = true;
                self.heard = heard;
                if self.phase != Phase::Taken {
                    self.enter(Phase::Unknown, now);
                }
            }
            Sent::Refused(refusal) => {
                self.refusal = Some(refusal);
                // Where it was sent before without an answer, the refusal may be about its own first copy.
                let phase = if self.may_be_taken {
                    Phase::Unknown
                } else {
                    Phase::Refused
                };
                if self.phase != Phase::Taken {
                    self.enter(phase, now);
                }
            }
        }
        Some(Effect::LookUp)
    }

    fn absent(&mut self, now: i64, made_at: i64) -> Option<Effect> {
        self.heard.clear();
        let window = made_at.saturating_add(WINDOW);
        if now >= window.saturating_add(CLOCK_TOLERANCE) {
            self.enter(Phase::Expired, now);
            return None;
        }
        match self.phase {
            Phase::Refused if !self.may_be_taken => {
                self.enter(Phase::Rejected, now);
                None
            }
            Phase::Unknown | Phase::Taken | Phase::Refused if now < window && now >= self.send_again_at() => {
                Some(Effect::AskOrder)
            }
            _ => Some(self.pause()),
        }
    }

    /// When the same body may be sent again: soon where nobody is known to have it, later and later where that did not help.
    fn send_again_at(&self) -> i64 {
        let pause = if self.phase == Phase::Taken {
            TAKEN_AGAIN
        } else {
            (FIRST_PAUSE << self.sends.min(6)).min(TAKEN_AGAIN)
        };
        self.sent_at.saturating_add(pause)
    }

    fn order(&mut self, look: OrderLook, now: i64, made_at: i64) -> Option<Effect> {
        match look {
            OrderLook::Due => self.send(now, made_at),
            OrderLook::NotDue if self.phase == Phase::Journalled => {
                self.enter(Phase::Withdrawn, now);
                None
            }
            OrderLook::NotDue | OrderLook::Unclear => Some(self.pause()),
        }
    }
}

#[cfg(test)]
mod tests;
