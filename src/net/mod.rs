//! Everything that leaves the browser: requests, log streams. No other module touches the network.

mod dns;
mod fetch;
pub mod log_stream;
mod owner;

pub use dns::resolve;
pub use fetch::{Abort, load_config, load_demo_account, load_list, send};
pub use owner::send_as_owner;
