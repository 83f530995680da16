//! The small bodies of a provider's and a region's host.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::Login;
use crate::wire::{self, open_enum};

/// The answer of a call that only says that it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Acknowledged {
    /// `OK`.
    #[serde(deserialize_with = "wire::text")]
    pub status: String,
}

impl Default for Acknowledged {
    fn default() -> Self {
        Self {
            status: "OK".to_owned(),
        }
    }
}

/// Names of regions. The guide shows a bare list; an object with a `list` is taken as well.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Regions(pub Vec<String>);

impl<'de> Deserialize<'de> for Regions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut value = Value::deserialize(deserializer)?;
        if let Value::Object(object) = &mut value {
            value = ["list", "regions"]
                .iter()
                .find_map(|name| object.remove(*name))
                .unwrap_or(value);
        }
        match value {
            Value::Null => Ok(Self::default()),
            Value::Array(names) => names
                .into_iter()
                .map(|name| match name {
                    Value::Object(mut region) => wire::text_of(region.remove("name").unwrap_or_default()),
                    other => wire::text_of(other),
                })
                .collect::<Result<_, _>>()
                .map(Self)
                .map_err(D::Error::custom),
            _ => Err(D::Error::custom("expected a list of regions")),
        }
    }
}

/// Asks whether host ports are free.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PortCheckRequest {
    /// Name of the region.
    #[serde(deserialize_with = "wire::text")]
    pub region: String,
    /// The host ports.
    #[serde(deserialize_with = "wire::integers")]
    pub ports: Vec<u32>,
    /// The user service that wants them.
    #[serde(rename = "userServiceID", deserialize_with = "wire::text")]
    pub user_service_id: String,
}

open_enum! {
    /// Whether host ports are free.
    PortCheckStatus {
        /// All are free.
        NotOccupied = "NotOccupied",
        /// Some are taken.
        PortsOccupied = "PortsOccupied",
        /// No host has room for the service.
        NoResource = "NoResource",
        /// The provider could not find out.
        InternalErr = "InternalErr",
    }
}

/// Whether host ports are free.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PortCheck {
    /// The verdict.
    pub status: PortCheckStatus,
    /// The ports that are taken.
    #[serde(deserialize_with = "wire::integers")]
    pub occupied: Vec<u32>,
}

/// Container name → text of its config file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ConfigFiles(pub BTreeMap<String, String>);

impl<'de> Deserialize<'de> for ConfigFiles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        wire::texts(deserializer).map(Self)
    }
}

/// Changes config files and environment of a running service, which restarts. What is not named stays.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConfigUpdate {
    /// Container name → text of its config file.
    #[serde(deserialize_with = "wire::texts", skip_serializing_if = "BTreeMap::is_empty")]
    pub config: BTreeMap<String, String>,
    /// Container name → variable name → value.
    #[serde(deserialize_with = "environment", skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, BTreeMap<String, String>>,
}

/// Shows names only: files and variables hold passwords.
impl std::fmt::Debug for ConfigUpdate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let variables: BTreeMap<_, Vec<_>> = self
            .environment
            .iter()
            .map(|(container, variables)| (container, variables.keys().collect()))
            .collect();
        f.debug_struct("ConfigUpdate")
            .field("config", &self.config.keys())
            .field("environment", &variables)
            .finish()
    }
}

fn environment<'de, D>(deserializer: D) -> Result<BTreeMap<String, BTreeMap<String, String>>, D::Error>
where
    D: Deserializer<'de>,
{
    let containers = Option::<BTreeMap<String, Option<BTreeMap<String, Value>>>>::deserialize(deserializer)?;
    containers
        .unwrap_or_default()
        .into_iter()
        .map(|(container, variables)| {
            let variables = variables
                .unwrap_or_default()
                .into_iter()
                .map(|(name, value)| Ok((name, wire::text_of(value)?)))
                .collect::<Result<_, String>>()
                .map_err(D::Error::custom)?;
            Ok((container, variables))
        })
        .collect()
}

/// Replaces the image of the container that runs the same repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImageChange {
    /// The new image.
    #[serde(deserialize_with = "wire::text")]
    pub image: String,
    /// How to get it.
    #[serde(deserialize_with = "wire::null_default")]
    pub login: Login,
}

/// Leads a domain to a container port.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BindDomain {
    /// The domain.
    #[serde(deserialize_with = "wire::text")]
    pub domain: String,
    /// The container port.
    #[serde(deserialize_with = "wire::integer")]
    pub container_port: u32,
    /// Whether the containers encrypt by themselves; clients send `false`.
    #[serde(deserialize_with = "wire::flag")]
    pub is_encry_byself: bool,
    /// Whether the provider gets a certificate. Only said at the first binding under a base domain, see
    /// [`crate::validate::base_domain`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_letsencrypt: Option<bool>,
}

/// Unbinds some domains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UnbindDomains {
    /// `Del`.
    #[serde(deserialize_with = "wire::text")]
    pub action: String,
    /// The domains.
    #[serde(deserialize_with = "wire::list")]
    pub domains: Vec<String>,
}

impl Default for UnbindDomains {
    fn default() -> Self {
        Self {
            action: "Del".to_owned(),
            domains: Vec::new(),
        }
    }
}

/// Sets the label of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LabelChange {
    /// The label.
    #[serde(deserialize_with = "wire::text")]
    pub customized_label: String,
}

/// Sets the description of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DescriptionChange {
    /// The description.
    #[serde(deserialize_with = "wire::text")]
    pub description: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_read_in_every_shape() {
        for json in [
            "[\"Europe\",\"Asia\"]",
            "{\"list\":[\"Europe\",\"Asia\"]}",
            "{\"regions\":[{\"name\":\"Europe\"},{\"name\":\"Asia\"}]}",
        ] {
            assert_eq!(
                serde_json::from_str::<Regions>(json).unwrap().0,
                ["Europe", "Asia"],
                "{json}"
            );
        }
        assert!(serde_json::from_str::<Regions>("null").unwrap().0.is_empty());
        assert!(serde_json::from_str::<Regions>("{\"status\":1}").is_err());
    }

    #[test]
    fn a_port_check_keeps_verdicts_it_does_not_know() {
        let check: PortCheck =
            serde_json::from_str("{\"status\":\"PortsOccupied\",\"occupied\":[\"80\",443]}").unwrap();
        assert_eq!(
            check,
            PortCheck {
                status: PortCheckStatus::PortsOccupied,
                occupied: vec![80, 443]
            }
        );
        let check: PortCheck = serde_json::from_str("{\"status\":\"Maybe\",\"occupied\":null}").unwrap();
        assert_eq!(check.status.as_str(), "Maybe");
    }

    #[test]
    fn a_config_update_says_only_what_changes_and_prints_no_values() {
        let update: ConfigUpdate =
            serde_json::from_str("{\"environment\":{\"web\":{\"PORT\":8080,\"KEY\":\"swordfish\"}},\"config\":null}")
                .unwrap();
        assert_eq!(update.environment["web"]["PORT"], "8080");
        assert_eq!(
            serde_json::to_string(&update).unwrap(),
            r#"{"environment":{"web":{"KEY":"swordfish","PORT":"8080"}}}"#
        );
        assert!(!format!("{update:?}").contains("swordfish"));
    }

    #[test]
    fn the_certificate_is_asked_for_only_where_it_is_said() {
        let mut bind = BindDomain {
            domain: "a.example.com".into(),
            container_port: 80,
            ..BindDomain::default()
        };
        assert_eq!(
            serde_json::to_string(&bind).unwrap(),
            r#"{"domain":"a.example.com","containerPort":80,"isEncryByself":false}"#
        );
        bind.is_letsencrypt = Some(true);
        assert!(
            serde_json::to_string(&bind)
                .unwrap()
                .ends_with(r#","isLetsencrypt":true}"#)
        );
    }
}
