//! How the market is divided.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::wire;

/// A category of service types.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Category {
    /// Its id.
    #[serde(rename = "categoryID", deserialize_with = "wire::identifier")]
    pub category_id: String,
    /// Name of the provider whose category it is.
    #[serde(deserialize_with = "wire::name")]
    pub provider: String,
    /// Its name.
    #[serde(deserialize_with = "wire::name")]
    pub name: String,
    /// Service type name → service type id.
    #[serde(rename = "name2ID", deserialize_with = "wire::texts")]
    pub name_to_id: BTreeMap<String, String>,
    /// The options of its service types. The contract names the field but not its shape: kept as it comes.
    pub service_options: Value,
    /// What it is, in the provider's words.
    #[serde(deserialize_with = "wire::words")]
    pub description: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_read_as_the_platform_writes_it() {
        let json = r#"{"categoryID":"c1","provider":"v-kube-service","name":"Container","name2ID":{"Basic":"61f0"},"serviceOptions":["region"],"description":""}"#;
        let category: Category = serde_json::from_str(json).unwrap();
        assert_eq!(category.category_id, "c1");
        assert_eq!(category.name_to_id["Basic"], "61f0");
        assert_eq!(serde_json::to_string(&category).unwrap(), json);
    }
}
