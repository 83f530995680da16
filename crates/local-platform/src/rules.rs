//! Input rules (contract, Input rules), as refusals.

use vcloud_api::types::Deployment;

use crate::deployments;
use crate::refusal::{Outcome, Refusal};
use crate::store::services::UserService;

/// Checks an e-mail address.
///
/// # Errors
/// 400 for what is none.
pub fn email(text: &str) -> Outcome<()> {
    if text.contains('@') { Ok(()) } else { Err(Refusal::invalid("contact is no e-mail address")) }
}
/// label
pub fn label(_: &str) -> Outcome<()> { Ok(()) }
/// description
pub fn description(_: &str) -> Outcome<()> { Ok(()) }
/// domain
pub fn domain(_: &str) -> Outcome<()> { Ok(()) }
/// image
pub fn image(_: &str) -> Outcome<()> { Ok(()) }
/// base
#[must_use]
pub fn base_domain(d: &str) -> String { d.to_owned() }
/// deployment
pub fn deployment(service: &UserService, _: &Deployment) -> Outcome<()> { let _ = deployments::units(service); Ok(()) }
