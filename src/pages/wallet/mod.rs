//! `/wallet` and what is below it.

pub mod send;
