//! Notices, and where they go: the account's e-mail at the notice host, one service's e-mail at its region host.

use crate::call::{AuthKind, BuildError, Call, Draft};
use crate::error::{self, ApiError, RawAnswer, Reading};
use crate::types::{Acknowledged, AddressContact, ContactCode, ContactRequest, ContactType, Notice, Page, PageRequest};

/// Notice host: what happened to the account's services.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListNotices {
    /// Which page.
    pub page: PageRequest,
    /// Id of one user service; all where empty.
    pub service_id: String,
}

impl Call for ListNotices {
    type Answer = Page<Notice>;
    const AUTH: AuthKind = AuthKind::Address;

    fn draft(&self) -> Result<Draft, BuildError> {
        Ok(Draft::get("/api/v1/k8s/notice")
            .page(self.page)
            .query_unless_empty("serviceID", &self.service_id))
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        error::read(answer, Reading::default()).map(|page| self.page.no_more(page))
    }
}

/// Notice host: the account's e-mail. Without one, all fields are empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GetAccountContact;

impl Call for GetAccountContact {
    type Answer = AddressContact;
    const AUTH: AuthKind = AuthKind::Signed;

    fn draft(&self) -> Result<Draft, BuildError> {
        Ok(Draft::get("/api/v1/contact/addressContact/get"))
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        error::read(
            answer,
            Reading {
                may_be_empty: true,
                ..Reading::default()
            },
        )
    }
}

macro_rules! email_calls {
    ($owner:literal, $host:literal, $auth:ident, $base:literal, $send:ident, $bind:ident, $unbind:ident) => {
        #[doc = concat!($host, ": sends a code to an e-mail address, to bind it to ", $owner, ".")]
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $send {
            /// See [`crate::validate::email`].
            pub email: String,
        }

        impl Call for $send {
            type Answer = Acknowledged;
            const AUTH: AuthKind = AuthKind::$auth;

            fn draft(&self) -> Result<Draft, BuildError> {
                Draft::post(concat!($base, "/bind/sendCode"))
                    .json(&ContactRequest { kind: ContactType::Email, contact: self.email.clone() })
            }

            fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
                super::acknowledged(answer)
            }
        }

        #[doc = concat!($host, ": binds an e-mail address to ", $owner, " by the code that was sent there, within five minutes.")]
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $bind {
            /// The address that the code was sent to.
            pub email: String,
            /// The code.
            pub code: String,
        }

        impl Call for $bind {
            type Answer = Acknowledged;
            const AUTH: AuthKind = AuthKind::$auth;

            fn draft(&self) -> Result<Draft, BuildError> {
                Draft::post(concat!($base, "/bind/verifyCode")).json(&ContactCode {
                    kind: ContactType::Email,
                    contact: self.email.clone(),
                    code: self.code.clone(),
                })
            }

            fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
                super::acknowledged(answer)
            }
        }

        #[doc = concat!($host, ": takes the e-mail address from ", $owner, ".")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $unbind;

        impl Call for $unbind {
            type Answer = Acknowledged;
            const AUTH: AuthKind = AuthKind::$auth;

            fn draft(&self) -> Result<Draft, BuildError> {
                Ok(Draft::post(concat!($base, "/delete/email")))
            }

            fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
                super::acknowledged(answer)
            }
        }
    };
}

email_calls!(
    "the account",
    "Notice host",
    Signed,
    "/api/v1/contact/addressContact",
    SendAccountEmailCode,
    BindAccountEmail,
    UnbindAccountEmail
);
email_calls!(
    "one service",
    "Region host",
    Secret,
    "/api/v1/contact/userServiceContact",
    SendServiceEmailCode,
    BindServiceEmail,
    UnbindServiceEmail
);
