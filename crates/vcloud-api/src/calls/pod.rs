//! A running service: its status, restarting, pausing and starting it, its files, images and use. At the region host.

use crate::call::{AuthKind, BuildError, Call, Draft};
use crate::error::{self, ApiError, RawAnswer, Reading};
use crate::types::{Acknowledged, ConfigFiles, ConfigUpdate, ImageChange, Monitor, PodStatus};

/// How a service runs. A stopped one answers `{}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GetPodStatus;

impl Call for GetPodStatus {
    type Answer = PodStatus;
    const AUTH: AuthKind = AuthKind::Secret;

    fn draft(&self) -> Result<Draft, BuildError> {
        Ok(Draft::get("/api/v1/k8s/pod/status"))
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        error::read(answer, Reading::default())
    }
}

macro_rules! simple_action {
    ($(#[$meta:meta])* $name:ident, $path:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name;

        impl Call for $name {
            type Answer = Acknowledged;
            const AUTH: AuthKind = AuthKind::Secret;

            fn draft(&self) -> Result<Draft, BuildError> {
                Ok(Draft::post($path))
            }

            fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
                super::acknowledged(answer)
            }
        }
    };
}

simple_action!(
    /// Restarts all containers.
    RestartPod,
    "/api/v1/k8s/pod/restart"
);
simple_action!(
    /// Stops all containers. Its time runs on.
    StopPod,
    "/api/v1/k8s/pod/stop"
);
simple_action!(
    /// Starts the containers of a stopped service.
    StartPod,
    "/api/v1/k8s/pod/start"
);

/// The config files of all containers. A service without any answers with an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GetConfigFiles;

impl Call for GetConfigFiles {
    type Answer = ConfigFiles;
    const AUTH: AuthKind = AuthKind::Secret;

    fn draft(&self) -> Result<Draft, BuildError> {
        Ok(Draft::get("/api/v1/k8s/pod/configmap"))
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        error::read(
            answer,
            Reading {
                keys_are_free: true,
                ..Reading::default()
            },
        )
    }
}

/// Changes config files and environments, and restarts the containers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateConfig(pub ConfigUpdate);

impl Call for UpdateConfig {
    type Answer = Acknowledged;
    const AUTH: AuthKind = AuthKind::Secret;

    fn draft(&self) -> Result<Draft, BuildError> {
        if self.0.config.is_empty() && self.0.environment.is_empty() {
            return Err(BuildError::Nothing);
        }
        Draft::new(http::Method::PUT, "/api/v1/k8s/pod/update").json(&self.0)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::acknowledged(answer)
    }
}

/// Changes images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeImages(pub Vec<ImageChange>);

impl Call for ChangeImages {
    type Answer = Acknowledged;
    const AUTH: AuthKind = AuthKind::SignedAndSecret;

    fn draft(&self) -> Result<Draft, BuildError> {
        if self.0.is_empty() {
            return Err(BuildError::Nothing);
        }
        Draft::new(http::Method::PATCH, "/api/v1/k8s/pod/images").json(&self.0)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::acknowledged(answer)
    }
}

/// What a service uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GetMonitor {
    /// One container; all where `None`.
    pub container: Option<String>,
}

impl Call for GetMonitor {
    type Answer = Monitor;
    const AUTH: AuthKind = AuthKind::Secret;

    fn draft(&self) -> Result<Draft, BuildError> {
        let draft = Draft::get("/api/v1/monitor").query("allTypes", "True");
        Ok(match &self.container {
            Some(container) => draft.query("containers", container),
            None => draft.query("allContainers", "True"),
        })
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        error::read(answer, Reading::default())
    }
}
