//! Everything that leaves the browser: requests, log streams. No other module touches the network.

mod fetch;
pub mod log_stream;
mod signed;

pub use fetch::{Abort, load_config, load_demo_account, send};
pub use signed::send_signed;
