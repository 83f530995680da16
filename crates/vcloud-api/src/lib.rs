//! The V Cloud wire contract, without I/O: types, requests, decoding, input rules and prices.
//!
//! * [`types`]: what the hosts answer and take.
//! * [`hosts`]: which host serves what.
//! * [`call`] and [`calls`]: every call of the contract, from its values to a request and from the answer to a value.
//! * [`error`]: everything that can go wrong with a call.
//! * [`signing`]: signed requests, for the client and for the server.
//! * [`sealed`]: fields that only the owner of a service can read; access tokens.

pub mod call;
pub mod calls;
pub mod error;
pub mod hosts;
mod json_path;
pub mod money;
pub mod sealed;
pub mod secret;
pub mod signing;
pub mod types;
mod wire;

pub use call::{Auth, AuthKind, BuildError, Call, Signer, Signing};
pub use error::{ApiError, ErrorKind, RawAnswer};
pub use hosts::{BaseUrl, Hosts};
pub use secret::{Confidential, ServiceSecret};
