//! The options a service was bought with.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use crate::visible;
use crate::wire;

/// The value of `portSpecification` that lets the owner choose host ports.
pub const USER_SPECIFIED_PORTS: &str = "User Specified Service Port";

/// Option → value, as chosen in the market. The names below have a meaning to the console, others are shown as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ServiceOptions(pub BTreeMap<String, String>);

impl<'de> Deserialize<'de> for ServiceOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let options: Vec<(String, String)> = wire::texts(deserializer)?;
        Ok(options
            .into_iter()
            .map(|(option, value)| (option, visible::name(&value)))
            .collect())
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for ServiceOptions {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        )
    }
}

impl ServiceOptions {
    /// An option's value.
    pub fn get(&self, option: &str) -> Option<&str> {
        self.0.get(option).map(String::as_str)
    }

    /// Name of the region the service runs in, for example `North America`; empty when not given.
    pub fn region(&self) -> &str {
        self.get("region").unwrap_or_default()
    }

    /// The size bought.
    ///
    /// # Errors
    /// Where `resourceUnit` is missing or is not `N-Unit-Resource`.
    pub fn resource_unit(&self) -> Result<ResourceUnit, ParseResourceUnitError> {
        self.get("resourceUnit").unwrap_or_default().parse()
    }

    /// Whether the owner may choose the ports on the host.
    pub fn lets_choose_host_ports(&self) -> bool {
        self.get("portSpecification") == Some(USER_SPECIFIED_PORTS)
    }

    /// Whether the service has a disk that survives restarts.
    pub fn has_persistent_storage(&self) -> bool {
        self.get("persistStorage") == Some("Yes")
    }
}

/// A size: `N-Unit-Resource`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceUnit {
    units: u32,
}

/// A size that is not `N-Unit-Resource` with N of at least 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is not a size of the form N-Unit-Resource")]
pub struct ParseResourceUnitError {
    /// What stands in its place.
    pub found: String,
}

impl ResourceUnit {
    /// A size of so many units; `None` for 0.
    pub fn new(units: u32) -> Option<Self> {
        (units > 0).then_some(Self { units })
    }

    /// How many units: the sum of what its containers may use.
    pub fn units(self) -> u32 {
        self.units
    }

    /// Memory in GiB.
    pub fn memory_gib(self) -> u32 {
        self.units
    }

    /// How many ports all containers together may have.
    pub fn ports(self) -> u32 {
        self.units
    }

    /// Disk in GiB, where the service has persistent storage.
    pub fn disk_gib(self) -> u64 {
        u64::from(self.units) * 8
    }
}

impl std::str::FromStr for ResourceUnit {
    type Err = ParseResourceUnitError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_suffix("-Unit-Resource")
            .filter(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|number| number.parse().ok())
            .and_then(Self::new)
            .ok_or_else(|| ParseResourceUnitError { found: text.to_owned() })
    }
}

impl std::fmt::Display for ResourceUnit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-Unit-Resource", self.units)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_say_what_they_hold() {
        let size: ResourceUnit = "4-Unit-Resource".parse().unwrap();
        assert_eq!(
            (size.units(), size.memory_gib(), size.ports(), size.disk_gib()),
            (4, 4, 4, 32)
        );
        assert_eq!(size.to_string(), "4-Unit-Resource");
        for text in [
            "",
            "0-Unit-Resource",
            "-Unit-Resource",
            "+1-Unit-Resource",
            "4",
            "4-unit-resource",
            "4-Unit-Resource ",
        ] {
            assert!(text.parse::<ResourceUnit>().is_err(), "{text}");
        }
    }

    #[test]
    fn options_keep_what_they_do_not_know() {
        let options: ServiceOptions = serde_json::from_str(
            "{\"region\":\"North America\",\"resourceUnit\":\"2-Unit-Resource\",\"portSpecification\":\"User Specified Service Port\",\
             \"persistStorage\":\"Yes\",\"gpu\":1}",
        )
        .unwrap();
        assert_eq!(options.region(), "North America");
        assert_eq!(options.resource_unit().unwrap().units(), 2);
        assert!(options.lets_choose_host_ports() && options.has_persistent_storage());
        assert_eq!(options.get("gpu"), Some("1"));
        let none: ServiceOptions = serde_json::from_str("null").unwrap();
        assert!(none.resource_unit().is_err());
        assert!(!none.lets_choose_host_ports() && !none.has_persistent_storage());
    }
}
