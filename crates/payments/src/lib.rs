//! Paying orders, without I/O: what is paid, the entry of the journal, and what to do next, whatever happens.
//!
//! A payment begins as a [`Plan`]: computed from an order and a currency, shown, confirmed. Signing consumes the plan, so that a
//! plan becomes one transaction and no more, and gives an [`Entry`] of the journal. An entry that is not in the journal is never
//! sent: whoever keeps the journal adds it under its [`Key`] first, in one step that fails where the key is there already, so
//! that of two tabs one wins and the other goes on with what the first one signed.
//!
//! From then on [`Progress::step`] says what to do. Everything it wants to be remembered is written before anything is done
//! because of it, and the only thing that is ever sent is the very body in the entry. A node refuses an id that it has, so
//! sending it again pays nothing twice. What is not known for certain is looked up until it is.
//!
//! A payment that a browser extension signs is an [`Intent`]: written down before the extension is asked, looked for by what it was
//! asked for where the answer is lost. What is not found is not known to be unpaid.
//!
//! A further payment for the same order needs a [`Consent`], which names the state of the one before: [`next_payment`].
//!
//! A [`Transfer`] sends coins to somebody in the same way: it has an id of its own in place of an order's.

mod amount;
mod answer;
mod decision;
mod entry;
mod intent;
mod plan;
mod progress;
mod transfer;

pub use amount::{AmountError, coins, units};
pub use answer::{of_broadcast, of_look_up};
pub use decision::{Decision, Obstacle};
pub use entry::{ENTRY_VERSION, Entry, EntryError, Key, Purpose};
pub use intent::{Consent, Difference, Heard, INTENT_VERSION, Intent, Record, Stage, Todo, next_payment};
pub use plan::{Amount, Funds, Payer, Plan, PlanError, Shortage, native_left};
pub use progress::{Effect, Event, Look, OrderLook, Phase, Progress, Reason, Refusal, Sent};
pub use transfer::{NATIVE_SYMBOL, Transfer, most, recipient};

/// Seconds for which the chain takes a transaction after its own time.
pub const WINDOW: i64 = 2 * 3600;

/// Seconds by which this machine's clock and the chain's may differ before a transaction counts as expired.
pub const CLOCK_TOLERANCE: i64 = 15 * 60;

/// Seconds for which a transfer that arrived is pointed out where the same is to be sent once more.
pub const ALIKE: i64 = 24 * 3600;

/// Seconds after which a transfer that was confirmed and never sent is not sent any more.
pub const TRANSFER_PATIENCE: i64 = 10 * 60;
