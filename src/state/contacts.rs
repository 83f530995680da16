//! Where notices go: the e-mail address of an account at a provider, and that of one service.

use leptos::prelude::*;
use vcloud_api::calls::{
    BindAccountEmail, BindServiceEmail, GetAccountContact, SendAccountEmailCode, SendServiceEmailCode,
    UnbindAccountEmail, UnbindServiceEmail,
};
use vcloud_api::types::AddressContact;
use vcloud_api::{ApiError, Auth, BaseUrl, ErrorKind};

use super::App;
use super::query::{Answer, Cache};
use crate::net::{self, Abort, Signer};

/// Whose address it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// The account's in use, at this provider.
    Account(String),
    /// The service's with this id.
    Service(String),
}

/// A change of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Has a code sent to an address.
    SendCode {
        /// The address.
        email: String,
    },
    /// Binds an address by the code that was sent there.
    Bind {
        /// The address.
        email: String,
        /// The code.
        code: String,
    },
    /// Takes the address away.
    Unbind,
}

/// One account at one provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ContactKey {
    /// The account's address.
    pub account: String,
    /// The provider's name.
    pub provider: String,
}

/// What is known of the accounts' addresses; those of services are known with the services.
#[derive(Clone, Copy)]
pub struct Contacts {
    /// By account and provider.
    pub known: Cache<ContactKey, AddressContact>,
}

impl Contacts {
    /// Nothing known yet.
    pub fn new() -> Contacts {
        Contacts { known: Cache::new() }
    }

    /// Forgets everything.
    pub fn clear(self) {
        self.known.clear();
    }

    /// One request for an account's address.
    pub fn fetch(self, app: App, key: ContactKey, abort: Abort) -> Answer<AddressContact> {
        let account = untrack(|| app.session.signer());
        Box::pin(async move {
            let (account, host) = signer(app, account, &key.provider).await?;
            net::send_signed(&GetAccountContact, &host, &account, &abort).await
        })
    }

    /// Changes an address; sent once.
    ///
    /// # Errors
    /// When the host can't be reached or refused.
    pub async fn change(self, app: App, owner: &Owner, change: Change, abort: &Abort) -> Result<(), ApiError> {
        match owner {
            Owner::Account(provider) => {
                let account = untrack(|| app.session.signer());
                let (account, host) = signer(app, account, provider).await?;
                match change {
                    Change::SendCode { email } => {
                        net::send_signed(&SendAccountEmailCode { email }, &host, &account, abort).await?
                    }
                    Change::Bind { email, code } => {
                        net::send_signed(&BindAccountEmail { email, code }, &host, &account, abort).await?
                    }
                    Change::Unbind => net::send_signed(&UnbindAccountEmail, &host, &account, abort).await?,
                };
            }
            Owner::Service(id) => {
                let known = app.services.look_up(app, id).await?;
                let access = known.open()?;
                let auth = Auth::Secret(&access.secret);
                match change {
                    Change::SendCode { email } => {
                        net::send(&SendServiceEmailCode { email }, &access.host, &auth, abort).await?
                    }
                    Change::Bind { email, code } => {
                        net::send(&BindServiceEmail { email, code }, &access.host, &auth, abort).await?
                    }
                    Change::Unbind => net::send(&UnbindServiceEmail, &access.host, &auth, abort).await?,
                };
            }
        }
        Ok(())
    }
}

/// Who signs, and the provider's notice host.
async fn signer(app: App, account: Option<Signer>, provider: &str) -> Result<(Signer, BaseUrl), ApiError> {
    let account = account.ok_or_else(|| ApiError::without_answer(ErrorKind::Aborted, ""))?;
    let hosts = app.services.hosts(app, provider).await?;
    let host = hosts
        .notice()
        .map_err(|error| ApiError::without_answer(ErrorKind::Unsendable, error.to_string()))?;
    Ok((account, host))
}
