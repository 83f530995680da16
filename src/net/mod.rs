//! Everything that leaves the browser: requests, log streams. No other module touches the network.

mod dns;
pub mod extension;
mod fetch;
pub mod log_stream;
pub mod portal;
mod signed;

pub use dns::resolve;
pub use fetch::{Abort, load_config, load_demo_account, load_list, send};
pub use signed::{Signer, send_as_owner, send_signed, send_signed_if};
