//! What the owner writes about a service. At the region host.

use crate::call::{AuthKind, BuildError, Call, Draft};
use crate::error::{ApiError, RawAnswer};
use crate::types::{Acknowledged, DescriptionChange, LabelChange};

/// Sets the label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetLabel {
    /// See [`crate::validate::label`].
    pub label: String,
}

impl Call for SetLabel {
    type Answer = Acknowledged;
    const AUTH: AuthKind = AuthKind::Secret;

    fn draft(&self) -> Result<Draft, BuildError> {
        Draft::post("/api/v1/k8s/deployment/metadata/label").json(&LabelChange {
            customized_label: self.label.clone(),
        })
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::acknowledged(answer)
    }
}

/// Sets the description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetDescription {
    /// See [`crate::validate::description`].
    pub description: String,
}

impl Call for SetDescription {
    type Answer = Acknowledged;
    const AUTH: AuthKind = AuthKind::Secret;

    fn draft(&self) -> Result<Draft, BuildError> {
        Draft::post("/api/v1/k8s/deployment/metadata/annotation").json(&DescriptionChange {
            description: self.description.clone(),
        })
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::acknowledged(answer)
    }
}
