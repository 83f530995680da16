//! User services: the list at the platform, one by id at its provider, one by its secret at its region.

use crate::call::{AuthKind, BuildError, Call, Draft};
use crate::error::{self, ApiError, RawAnswer, Reading};
use crate::types::{
    OwnFields, Page, PageRequest, SealedFields, SealedUserService, ServiceDetails, UserService, UserServiceStatus,
};

/// Platform: the account's services with certain statuses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListUserServices {
    /// Which page.
    pub page: PageRequest,
    /// Which statuses; all where empty.
    pub statuses: Vec<UserServiceStatus>,
}

impl Call for ListUserServices {
    type Answer = Page<UserService>;
    const AUTH: AuthKind = AuthKind::Address;

    fn draft(&self) -> Result<Draft, BuildError> {
        let draft = Draft::get("/api/v1/userService").page(self.page);
        Ok(self
            .statuses
            .iter()
            .fold(draft, |draft, status| draft.query("statuses", status.as_str())))
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::page(answer, self.page, |service: &UserService| &service.id)
    }
}

/// Provider: one service with its sealed fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetSealedService {
    /// Id of the user service.
    pub id: String,
}

impl Call for GetSealedService {
    type Answer = SealedUserService;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Draft::get("/api/v1/userService").segment(&self.id)
    }

    /// Reads the two parts one after the other: that way an error names the field.
    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        let service: UserService = super::identified(answer, |service: &UserService| &service.id, "id")?;
        let sealed: SealedFields = error::read(answer, Reading::default())?;
        Ok(SealedUserService { service, sealed })
    }
}

/// Region: the service whose secret is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GetServiceDetails;

impl Call for GetServiceDetails {
    type Answer = ServiceDetails;
    const AUTH: AuthKind = AuthKind::Secret;

    fn draft(&self) -> Result<Draft, BuildError> {
        Ok(Draft::get("/api/v1/k8s/userService"))
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        let service: UserService = super::identified(answer, |service: &UserService| &service.id, "id")?;
        let own: OwnFields = error::read(answer, Reading::default())?;
        Ok(ServiceDetails { service, own })
    }
}
