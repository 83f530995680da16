//! Which client version the platform recommends.

use serde::{Deserialize, Serialize};

use crate::wire;

/// The newest terminal client. The platform need not have it; nothing depends on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClientVersion {
    /// The newest version.
    #[serde(deserialize_with = "wire::name")]
    pub version: String,
    /// The oldest version that still works.
    #[serde(deserialize_with = "wire::name")]
    pub minimal_supported: String,
    /// What changed.
    #[serde(deserialize_with = "wire::words")]
    pub change_log: String,
}
