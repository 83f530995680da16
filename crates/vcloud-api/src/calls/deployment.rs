//! What runs in a service: checks beforehand, deploying, and what is in force. All at the region host.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::call::{AuthKind, BuildError, Call, Draft};
use crate::error::{self, ApiError, RawAnswer, Reading};
use crate::types::{Acknowledged, Deployment, Login, PortCheck, PortCheckRequest, Regions};

/// The regions of a provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListRegions;

impl Call for ListRegions {
    type Answer = Regions;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Ok(Draft::get("/api/v1/k8s/regions"))
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        error::read(
            answer,
            Reading {
                may_be_list: true,
                ..Reading::default()
            },
        )
    }
}

/// Whether an image exists and can be fetched. An image that does not exist is the error
/// [`NotFound`](crate::error::ErrorKind::NotFound).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckImage {
    /// Registry and path, see [`crate::validate::ImageReference::repository`].
    pub repository: String,
    /// The tag.
    pub tag: String,
    /// How to get it; [`Login::public`] for a public image.
    pub login: Login,
}

impl Call for CheckImage {
    type Answer = Acknowledged;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Ok(Draft::get("/api/v1/k8s/images")
            .query("image", &self.repository)
            .query("tag", &self.tag)
            .header("username", BASE64.encode(&self.login.username))
            .header("password", BASE64.encode(self.login.password.expose())))
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::acknowledged(answer)
    }
}

/// Whether host ports are free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckPorts(pub PortCheckRequest);

impl Call for CheckPorts {
    type Answer = PortCheck;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        if self.0.ports.is_empty() {
            return Err(BuildError::Nothing);
        }
        Draft::post("/api/v1/k8s/checkports").json(&self.0)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        let check: PortCheck = error::read(answer, Reading::default())?;
        // Without a verdict nothing may be taken for free.
        if check.status.as_str().is_empty() {
            return Err(error::malformed(answer.status, "status: missing"));
        }
        Ok(check)
    }
}

/// Deploys a usable service: from then on its time runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deploy(pub Deployment);

impl Call for Deploy {
    type Answer = Acknowledged;
    const AUTH: AuthKind = AuthKind::Secret;

    fn draft(&self) -> Result<Draft, BuildError> {
        Draft::post("/api/v1/k8s/deployment").json(&self.0)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::acknowledged(answer)
    }
}

/// Replaces what runs in a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateDeployment(pub Deployment);

impl Call for UpdateDeployment {
    type Answer = Acknowledged;
    const AUTH: AuthKind = AuthKind::Secret;

    fn draft(&self) -> Result<Draft, BuildError> {
        Draft::post("/api/v1/k8s/deployment/update").json(&self.0)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::acknowledged(answer)
    }
}

/// What runs in a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GetDeployment;

impl Call for GetDeployment {
    type Answer = Deployment;
    const AUTH: AuthKind = AuthKind::Secret;

    fn draft(&self) -> Result<Draft, BuildError> {
        Ok(Draft::get("/api/v1/k8s/deployment/info"))
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        error::read(answer, Reading::default())
    }
}
