//! The whole V Cloud platform on one machine.

pub mod runtime;
