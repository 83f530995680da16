//! Coins sent to somebody: reviewed, compared with the balance, then signed once.

use vsys::transaction::{PAYMENT_FEE, UNITS_PER_VSYS};
use vsys::{Account, Address, Attachment, IdentifierError, Network, RandomnessUnavailable, os_random};

use crate::decision::{Decision, Obstacle};
use crate::entry::{Entry, Purpose, Unsigned};
use crate::plan::{Shortage, native_left};
use crate::progress::Phase;

/// Short name of the native coin.
pub const NATIVE_SYMBOL: &str = "VSYS";

/// A transfer of the native coin to be reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// What tells it from every other one. Two clicks on one review have the same, so the journal takes only one of them.
    pub id: String,
    /// Who sends.
    pub sender: Address,
    /// Who gets it.
    pub recipient: Address,
    /// How much, in units.
    pub units: u64,
    /// What the chain takes for it, in units.
    pub fee: u64,
    /// The note that travels with it.
    pub attachment: Attachment,
}

/// The address in a text that somebody typed, if it is one of that network.
///
/// # Errors
/// What is wrong with it.
pub fn recipient(text: &str, network: Network) -> Result<Address, IdentifierError> {
    text.trim().parse::<Address>()?.expect_network(network)
}

/// All that can be sent of what is available, in units; none where the fee takes it all.
pub fn most(available: u64) -> Option<u64> {
    available.checked_sub(PAYMENT_FEE).filter(|units| *units > 0)
}

impl Transfer {
    /// A transfer with the usual fee.
    pub fn new(id: String, sender: Address, recipient: Address, units: u64, attachment: Attachment) -> Self {
        Self {
            id,
            sender,
            recipient,
            units,
            fee: PAYMENT_FEE,
            attachment,
        }
    }

    /// What is left of what is available, in units.
    ///
    /// # Errors
    /// [`Shortage::Native`].
    pub fn left(&self, available: u64) -> Result<u64, Shortage> {
        native_left(available, self.units, self.fee)
    }

    /// Whether an entry of the journal sends as much to the same address, and may still arrive or did so lately: then sending
    /// this one as well may be a mistake. From which account does not matter to who gets it twice.
    pub fn is_like(&self, entry: &Entry, now: i64) -> bool {
        let is_transfer = matches!(entry.purpose, Purpose::Transfer { ref id } if *id != self.id);
        let same = (entry.recipient, entry.units) == (self.recipient, self.units);
        let phase = entry.progress.phase;
        let counts = !phase.is_final() || (phase == Phase::Confirmed && now < entry.made_at() + crate::ALIKE);
        is_transfer && same && counts
    }

    /// Whether it may be sent now: every entry that is like it needs a decision that was made with its state in view.
    ///
    /// # Errors
    /// What stands in the way.
    pub fn allow(&self, entries: &[Entry], decisions: &[Decision], now: i64) -> Result<(), Obstacle> {
        for entry in entries.iter().filter(|entry| self.is_like(entry, now)) {
            if decisions.contains(&Decision::after(entry)) {
                continue;
            }
            let is_known = decisions.iter().any(|decision| decision.is_about(entry));
            return Err(match entry.progress.phase {
                _ if is_known => Obstacle::Changed,
                Phase::Confirmed => Obstacle::PaidBefore,
                _ => Obstacle::UnderWay,
            });
        }
        Ok(())
    }

    /// Signs it, which can be done only once, with randomness from the operating system or the browser. `now` in Unix
    /// nanoseconds.
    ///
    /// # Errors
    /// When there is no randomness.
    ///
    /// # Panics
    /// When the account is not the sender.
    pub fn sign(self, sender: &Account, now: u64) -> Result<Entry, RandomnessUnavailable> {
        Ok(self.sign_with(sender, now, &os_random()?))
    }

    /// The same with 64 bytes of fresh randomness.
    ///
    /// # Panics
    /// When the account is not the sender.
    pub fn sign_with(self, sender: &Account, now: u64, random: &[u8; 64]) -> Entry {
        let unsigned = Unsigned {
            purpose: Purpose::Transfer { id: self.id },
            sender: self.sender,
            recipient: self.recipient,
            contract: None,
            symbol: NATIVE_SYMBOL.to_owned(),
            unit: UNITS_PER_VSYS,
            units: self.units,
            fee: self.fee,
            attachment: self.attachment,
        };
        unsigned.sign(sender, now, random)
    }
}
