//! Input rules (contract, Input rules), as refusals. The rules themselves are those of `vcloud-api`.

use std::sync::LazyLock;

use domains::PublicSuffixes;
use vcloud_api::types::{Deployment, ServiceOptions};
use vcloud_api::validate::{self, ImageReference};

use crate::deployments;
use crate::refusal::{Outcome, Refusal};
use crate::store::services::UserService;

fn refused(what: &str, error: &dyn std::fmt::Display) -> Refusal {
    Refusal::invalid(format!("{what}: {error}"))
}

/// Checks an e-mail address.
///
/// # Errors
/// 400 for what is none.
pub fn email(text: &str) -> Outcome<()> {
    validate::email(text).map_err(|error| refused("contact", &error))
}

/// Checks a label.
///
/// # Errors
/// 400 for what is none.
pub fn label(text: &str) -> Outcome<()> {
    validate::label(text).map_err(|error| refused("customizedLabel", &error))
}

/// Checks a description.
///
/// # Errors
/// 400 for what is none.
pub fn description(text: &str) -> Outcome<()> {
    validate::description(text).map_err(|error| refused("description", &error))
}

/// Checks a domain.
///
/// # Errors
/// 400 for what is none.
pub fn domain(text: &str) -> Outcome<()> {
    validate::domain(text).map_err(|error| refused("domain", &error))
}

/// The registrable domain that a domain is under.
#[must_use]
pub fn base_domain(domain: &str) -> String {
    static SUFFIXES: LazyLock<PublicSuffixes> = LazyLock::new(|| {
        // The same list that the console has; a test makes sure that it can be read.
        PublicSuffixes::parse(include_str!("../../../public/public-suffixes.txt")).unwrap_or_default()
    });
    validate::base_domain(domain, &*SUFFIXES)
}

/// Takes an image's name apart.
///
/// # Errors
/// 400 for what is none.
pub fn image(text: &str) -> Outcome<ImageReference> {
    ImageReference::parse(text).map_err(|error| refused("image", &error))
}

/// Checks a deployment as its owner sends it, against what was bought.
///
/// # Errors
/// 400 that names everything that is wrong.
pub fn deployment(service: &UserService, deployment: &Deployment) -> Outcome<()> {
    let options: ServiceOptions =
        serde_json::from_value(service.service_options.clone()).map_err(|error| Refusal::internal(&error))?;
    deployment.validate_for(&options).map_err(|errors| {
        let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Refusal::invalid(texts.join("; "))
    })
}

/// Checks a deployment that the service keeps, after a change to it: the platform's own choice of ports is not its owner's.
///
/// # Errors
/// As [`deployment`].
pub fn changed_deployment(service: &UserService, changed: &Deployment) -> Outcome<()> {
    let mut sent = changed.clone();
    if !deployments::chooses_ports(service) {
        for port in sent.containers.iter_mut().flat_map(|container| &mut container.ports) {
            port.host_port = None;
        }
    }
    deployment(service, &sent)
}
