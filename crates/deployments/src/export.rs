//! Deployments in other formats.

mod client_json;
mod compose;
mod docker_run;
mod manifest;
mod shell;
mod yaml;

use vcloud_api::types::Deployment;

use crate::import::Format;

pub use shell::client_command;

/// The deployment in a format. Reading it again gives the same deployment, as far as the format can say it:
///
/// * Only [`Format::ClientJson`] has logins for private images; the others never contain one.
/// * `docker run` lines have an entry point of one word: more of them are read back as arguments.
/// * Sizes are written as memory, one GiB a unit.
///
/// `service_id` names the deployment where the format wants a name.
pub fn export(format: Format, deployment: &Deployment, service_id: &str) -> String {
    match format {
        Format::ClientJson => client_json::write(deployment),
        Format::Compose => compose::write(deployment, service_id),
        Format::DockerRun => docker_run::write(deployment),
        Format::Manifest => manifest::write(deployment, service_id),
    }
}

/// A name in lower case, as Compose and Kubernetes want it.
fn name(text: &str) -> String {
    let mut name: String = text
        .chars()
        .map(|c| c.to_ascii_lowercase())
        .map(|c| {
            if c.is_ascii_lowercase() || c.is_ascii_digit() {
                c
            } else {
                '-'
            }
        })
        .take(50)
        .collect();
    name = name.trim_matches('-').to_owned();
    if name.is_empty() { "service".to_owned() } else { name }
}
