//! The local platform as a console meets it: over HTTP, with the requests that `vcloud-api` builds.

mod accounts;
mod bench;
mod contacts;
mod deployments;
mod dns;
mod domains;
mod faults;
mod ledger;
mod lifetime;
mod logs;
mod market;
mod orders;
mod rules;
mod settings;
mod static_files;
