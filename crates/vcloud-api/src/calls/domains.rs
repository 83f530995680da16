//! The domains that lead to a service. At the region host, with signature and secret.
//!
//! An old provider cannot change one domain at a time: it answers with the error
//! [`OneDomainUnsupported`](crate::error::ErrorKind::OneDomainUnsupported). Then unbind all and bind again what should stay.

use http::Method;

use crate::call::{AuthKind, BuildError, Call, Draft};
use crate::error::{self, ApiError, RawAnswer, Reading};
use crate::types::{Acknowledged, BindDomain, UnbindDomains};

const PATH: &str = "/api/v1/k8s/pod/ingress";

fn acknowledged(answer: RawAnswer<'_>) -> Result<Acknowledged, ApiError> {
    error::read(
        answer,
        Reading {
            may_be_empty: true,
            changes_domains: true,
            ..Reading::default()
        },
    )
}

/// Leads one domain to a container port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindOneDomain(pub BindDomain);

impl Call for BindOneDomain {
    type Answer = Acknowledged;
    const AUTH: AuthKind = AuthKind::SignedAndSecret;

    fn draft(&self) -> Result<Draft, BuildError> {
        Draft::post(PATH).json(&self.0)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        acknowledged(answer)
    }
}

/// Unbinds some domains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnbindSomeDomains {
    /// The domains.
    pub domains: Vec<String>,
}

impl Call for UnbindSomeDomains {
    type Answer = Acknowledged;
    const AUTH: AuthKind = AuthKind::SignedAndSecret;

    fn draft(&self) -> Result<Draft, BuildError> {
        if self.domains.is_empty() {
            return Err(BuildError::Nothing);
        }
        let body = UnbindDomains {
            domains: self.domains.clone(),
            ..UnbindDomains::default()
        };
        Draft::new(Method::PATCH, PATH).json(&body)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        acknowledged(answer)
    }
}

/// Unbinds all domains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnbindAllDomains;

impl Call for UnbindAllDomains {
    type Answer = Acknowledged;
    const AUTH: AuthKind = AuthKind::SignedAndSecret;

    fn draft(&self) -> Result<Draft, BuildError> {
        Ok(Draft::new(Method::DELETE, PATH))
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        acknowledged(answer)
    }
}
