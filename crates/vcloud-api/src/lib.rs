//! The V Cloud wire contract, without I/O: types, requests, decoding, input rules and prices.
//!
//! * [`types`]: what the hosts answer and take.
//! * [`hosts`]: which host serves what.
//! * [`call`] and [`calls`]: every call of the contract, from its values to a request and from the answer to a value.
//! * [`error`]: everything that can go wrong with a call.
//! * [`signing`]: signed requests, for the client and for the server.
//! * [`sealed`]: fields that only the owner of a service can read; access tokens.
//! * [`log_stream`]: log lines out of an event stream.
//! * [`price`] and [`payment`]: what a service costs, and how it is paid.
//! * [`capability`]: what can be done with a service, and why not.
//! * [`validate`]: the input rules.
//! * [`visible`]: texts of others, without what nobody sees.

pub mod call;
pub mod calls;
pub mod capability;
pub mod error;
pub mod hosts;
mod json_path;
pub mod log_stream;
pub mod money;
pub mod payment;
pub mod price;
pub mod sealed;
pub mod secret;
pub mod signing;
pub mod types;
pub mod validate;
pub mod visible;
mod wire;

pub use call::{Auth, AuthKind, BuildError, Call, Signer, Signing};
pub use error::{ApiError, ErrorKind, RawAnswer};
pub use hosts::{BaseUrl, Hosts};
pub use rust_decimal::Decimal;
pub use secret::{Confidential, ServiceSecret};
