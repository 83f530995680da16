//! Whether an order may be paid (again).

use thiserror::Error;
use vsys::TransactionId;

use crate::entry::Entry;
use crate::progress::Phase;

/// Somebody's decision to pay an order once more, made with the state of the payment before in view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    after: TransactionId,
    seen: Phase,
}

impl Decision {
    /// The decision of somebody who sees this entry as it is.
    pub fn after(entry: &Entry) -> Self {
        Self {
            after: entry.transaction_id,
            seen: entry.progress.phase,
        }
    }

    /// Whether it was made about this entry, in whatever state that is now.
    pub(crate) fn is_about(&self, entry: &Entry) -> bool {
        self.after == entry.transaction_id
    }
}

/// Why an order can't be paid now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Obstacle {
    /// What became of the payment before is not certain yet.
    #[error("a payment of this order is under way")]
    UnderWay,
    /// There was a payment before, and nobody decided to make another one.
    #[error("a payment of this order was made before")]
    PaidBefore,
    /// The payment before is another one, or in another state, than when it was decided.
    #[error("the payment before has changed")]
    Changed,
}

/// The number of an order's next payment. `entries` are all entries of the journal for the order, in any order.
///
/// # Errors
/// Why there must not be one now.
pub fn next_attempt(entries: &[Entry], decision: Option<&Decision>) -> Result<u32, Obstacle> {
    let Some(last) = entries.iter().max_by_key(|entry| entry.attempt()) else {
        return if decision.is_some() {
            Err(Obstacle::Changed)
        } else {
            Ok(0)
        };
    };
    if entries.iter().any(|entry| !entry.progress.phase.is_final()) {
        return Err(Obstacle::UnderWay);
    }
    match decision {
        None => Err(Obstacle::PaidBefore),
        Some(decision) if *decision != Decision::after(last) => Err(Obstacle::Changed),
        Some(_) => Ok(last.attempt() + 1),
    }
}
