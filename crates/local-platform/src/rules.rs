//! Input rules (contract, Input rules), as refusals.

use crate::refusal::{Outcome, Refusal};

/// Checks an e-mail address.
///
/// # Errors
/// 400 for what is none.
pub fn email(text: &str) -> Outcome<()> {
    if text.contains('@') {
        Ok(())
    } else {
        Err(Refusal::invalid("contact is no e-mail address"))
    }
}
