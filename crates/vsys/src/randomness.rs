//! Randomness from the operating system, or from `crypto.getRandomValues` in a browser.

use thiserror::Error;

/// The operating system or the browser gives no randomness; nothing secret can be made.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the system gives no randomness")]
pub struct RandomnessUnavailable;

/// `N` bytes of cryptographic randomness.
///
/// # Errors
/// [`RandomnessUnavailable`] when the system has no source.
pub fn os_random<const N: usize>() -> Result<[u8; N], RandomnessUnavailable> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| RandomnessUnavailable)?;
    Ok(bytes)
}
