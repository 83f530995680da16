//! What a service uses at the moment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::wire;

/// What a service uses at the moment. What is missing was not measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Monitor {
    /// Container name → cores.
    #[serde(deserialize_with = "wire::by_name")]
    pub cpu: BTreeMap<String, CpuUsage>,
    /// Container name → bytes.
    #[serde(deserialize_with = "wire::by_name")]
    pub memory: BTreeMap<String, MemoryUsage>,
    /// Bits per second from outside.
    pub network_download: Option<Usage>,
    /// Bits per second to outside.
    pub network_upload: Option<Usage>,
    /// Bytes on the disk; `None` for a service without persistent storage.
    pub storage: Option<Usage>,
}

/// A processor's use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CpuUsage {
    /// As a fraction of one core.
    #[serde(deserialize_with = "wire::measurement")]
    pub value: f64,
}

/// Memory's use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MemoryUsage {
    /// Bytes.
    #[serde(deserialize_with = "wire::measurement")]
    pub value: f64,
    /// The most bytes it may use.
    #[serde(deserialize_with = "wire::optional_measurement")]
    pub limit_value: Option<f64>,
}

/// A measured value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// In the unit of its field.
    #[serde(deserialize_with = "wire::measurement")]
    pub value: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measurements_are_read_with_and_without_a_disk() {
        let json = r#"{"cpu":{"web":{"value":0.25}},"memory":{"web":{"value":"1048576","limitValue":1073741824}},
            "networkDownload":{"value":12.5},"networkUpload":{"value":0},"storage":null}"#;
        let monitor: Monitor = serde_json::from_str(json).unwrap();
        assert!((monitor.cpu["web"].value - 0.25).abs() < f64::EPSILON);
        assert!((monitor.memory["web"].value - 1_048_576.0).abs() < f64::EPSILON);
        assert!(monitor.memory["web"].limit_value.is_some());
        assert_eq!(monitor.storage, None);
        assert_eq!(serde_json::from_str::<Monitor>("{}").unwrap(), Monitor::default());
        let back: Monitor = serde_json::from_str(&serde_json::to_string(&monitor).unwrap()).unwrap();
        assert_eq!(back, monitor);
    }
}
