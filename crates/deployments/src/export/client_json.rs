//! The JSON file of the official client.

use vcloud_api::types::Deployment;

/// Indented, in the order of the official client's own examples.
pub(super) fn write(deployment: &Deployment) -> String {
    // A deployment consists of texts and numbers: nothing in it can fail to be written.
    let mut text = serde_json::to_string_pretty(deployment).unwrap_or_default();
    text.push('\n');
    text
}
