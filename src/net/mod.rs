//! Everything that leaves the browser: requests, log streams. No other module touches the network.

mod fetch;
pub mod log_stream;

pub use fetch::{Abort, load_config, load_demo_account, send};
