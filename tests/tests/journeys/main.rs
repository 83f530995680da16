//! What people do with the console, each in a browser of its own with a platform of its own.
//!
//! One program, so that the harness is linked once and one file never waits for the slowest journey of another.

mod accessibility;
mod by_keyboard;
mod config_files;
mod contacts;
mod deployment;
mod domains;
mod embedding;
mod extension;
mod extension_orders;
mod extension_payments;
mod faults;
mod hostile;
mod identity;
mod keyboard;
mod lists;
mod lock;
mod log_filter;
mod log_view;
mod logs;
mod many;
mod market;
mod merged_logs;
mod monitor;
mod network;
mod node_down;
mod notices;
mod ordering;
mod orders;
mod payment_seeds;
mod payments;
mod policy;
mod refunds;
mod refusals;
mod send;
mod service;
mod sign_in;
mod small_drafts;
mod smoke;
mod status_of_all;
mod wallet;
