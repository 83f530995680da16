//! The whole V Cloud platform on one machine, for development, demonstration and tests.
//!
//! One server answers for every host of the wire contract, told apart by the `Host` header: the platform, providers,
//! their regions and notices, a V Systems node, and the console's files. `docs/LOCAL_PLATFORM.md` says how to run it and
//! where it differs from production.

pub mod accounts;
pub mod authorise;
pub mod clock;
pub mod connection;
pub mod cors;
pub mod deployments;
pub mod faults;
pub mod front;
pub mod hosts;
pub mod money;
pub mod options;
pub mod payments;
pub mod platform;
pub mod pricing;
pub mod query;
pub mod random;
pub mod refusal;
pub mod rules;
pub mod runtime;
pub mod seed;
pub mod server;
pub mod static_files;
pub mod store;
pub mod ticker;

pub use options::{LogTransport, Options};
pub use server::Server;
