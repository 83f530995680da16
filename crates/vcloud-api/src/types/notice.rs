//! What happened to services.

use serde::{Deserialize, Serialize};

use crate::wire;

/// One event in the life of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Notice {
    /// When it happened, Unix seconds.
    #[serde(deserialize_with = "wire::integer")]
    pub timestamp: i64,
    /// The user service it happened to.
    #[serde(rename = "serviceID", deserialize_with = "wire::identifier")]
    pub service_id: String,
    /// What happened, in the platform's words.
    #[serde(deserialize_with = "wire::name")]
    pub notice_type: String,
}
