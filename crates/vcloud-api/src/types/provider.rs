//! Who runs services.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::wire;

/// A provider of services.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Provider {
    /// Its name, which is how it is asked for.
    #[serde(deserialize_with = "wire::name")]
    pub name: String,
    /// Its id.
    #[serde(deserialize_with = "wire::identifier")]
    pub id: String,
    /// The address that it is paid at.
    #[serde(deserialize_with = "wire::identifier")]
    pub wallet_address: String,
    /// The address that it signs with.
    #[serde(deserialize_with = "wire::identifier")]
    pub sign_address: String,
    /// Base URL of its host; region and notice hosts follow from it, see [`crate::hosts::Hosts`].
    #[serde(deserialize_with = "wire::name")]
    pub api_host: String,
    /// Category name → category id.
    #[serde(rename = "category2ID", deserialize_with = "wire::texts")]
    pub category_to_id: BTreeMap<String, String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_read_as_the_platform_writes_it() {
        let json = r#"{"name":"v-kube-service","id":"1","walletAddress":"AR1","signAddress":"AR2","apiHost":"https://vkube.example","category2ID":{"Container":"c1"}}"#;
        let provider: Provider = serde_json::from_str(json).unwrap();
        assert_eq!(provider.api_host, "https://vkube.example");
        assert_eq!(provider.category_to_id["Container"], "c1");
        assert_eq!(serde_json::to_string(&provider).unwrap(), json);
    }
}
