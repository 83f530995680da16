//! Domains that lead to a service.
//!
//! * [`PublicSuffixes`]: under which names domains are registered, by the whole public list.
//! * [`dns`]: whether a domain points at the service's host yet, by DNS over HTTPS.
//! * [`rebind`]: how the domains of a provider that cannot change one at a time are changed, without losing one on the way.
//!
//! No I/O: the console and the native tests run the same code.

pub mod dns;
pub mod rebind;
mod suffixes;

pub use suffixes::PublicSuffixes;
