//! The V Cloud wire contract, without I/O: types, requests, decoding, input rules and prices.
//!
//! * [`types`]: what the hosts answer and take.

pub mod error;
mod json_path;
pub mod money;
pub mod sealed;
pub mod secret;
pub mod types;
mod wire;
