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
