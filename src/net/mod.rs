//! Everything that leaves the browser: requests, log streams. No other module touches the network.

mod dns;
pub mod extension;
mod fetch;
mod host_time;
pub mod log_stream;
pub mod portal;
mod reach;
mod signed;

pub use dns::resolve;
pub use fetch::{Abort, load_config, load_demo_account, load_list, send};
pub use host_time::look_at_the_time;
pub use signed::{Signer, send_as_owner, send_signed, send_signed_if};
