//! Configuration files, environment and images of services.

use std::sync::Arc;

use vcloud_api::calls::{ChangeImages, GetConfigFiles, GetDeployment, UpdateConfig};
use vcloud_api::types::{ConfigFiles, ConfigUpdate, Deployment, ImageChange};
use vcloud_api::{ApiError, Auth, ErrorKind};

use super::App;
use super::query::{Answer, Cache};
use super::services::Access;
use crate::net::{self, Abort, Signer};

/// What runs in a service, with its configuration files.
#[derive(Clone, Debug, PartialEq)]
pub struct Configured {
    /// What runs in it.
    pub deployment: Deployment,
    /// The files by container; none where the platform says that there are none.
    pub files: ConfigFiles,
}

/// What is known of the services' settings.
#[derive(Clone, Copy)]
pub struct Settings {
    /// By service.
    pub configured: Cache<String, Configured>,
}

impl Settings {
    /// Nothing known yet.
    pub fn new() -> Settings {
        Settings {
            configured: Cache::new(),
        }
    }

    /// Forgets everything: it belongs to an account.
    pub fn clear(self) {
        self.configured.clear();
    }

    /// One look at the settings of a service that is known.
    pub fn fetch(self, app: App, id: String, abort: Abort) -> Answer<Configured> {
        let access = leptos::prelude::untrack(|| app.services.known.peek(&id))
            .value()
            .and_then(|known| known.access.clone().ok());
        Box::pin(async move {
            let Some(access) = access else {
                return Err(ApiError::without_answer(ErrorKind::Aborted, ""));
            };
            configured(&access, &abort).await
        })
    }

    /// The settings of a service that is known, asked for anew, and shown from then on.
    ///
    /// # Errors
    /// When they can't be had and nothing older is known.
    pub async fn look_anew(self, app: App, id: &str) -> Result<Arc<Configured>, ApiError> {
        self.configured.invalidate();
        let wanted = id.to_owned();
        let request = move |abort| self.fetch(app, wanted, abort);
        self.configured.load(&id.to_owned(), request).await
    }
}

/// What runs in a service, and its files, asked for at the same time.
///
/// # Errors
/// When its host can't be reached or refused.
pub async fn configured(access: &Access, abort: &Abort) -> Result<Configured, ApiError> {
    let auth = Auth::Secret(&access.secret);
    let (deployment, files) = futures_util::future::join(
        net::send(&GetDeployment, &access.host, &auth, abort),
        net::send(&GetConfigFiles, &access.host, &auth, abort),
    )
    .await;
    let files = match files {
        // An error is how the platform says that no container has a file.
        Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Refused) => ConfigFiles::default(),
        files => files?,
    };
    Ok(Configured {
        deployment: deployment?,
        files,
    })
}

/// Changes files and variables; sent once. The pod restarts.
///
/// # Errors
/// When its host can't be reached or refused.
pub async fn update(access: &Access, update: ConfigUpdate) -> Result<(), ApiError> {
    // Not aborted when the page is left: what was confirmed is carried out.
    net::send(
        &UpdateConfig(update),
        &access.host,
        &Auth::Secret(&access.secret),
        &Abort::new(),
    )
    .await?;
    Ok(())
}

/// Changes an image; signed by the owner, sent once. The pod restarts.
///
/// # Errors
/// When its host can't be reached or refused.
pub async fn change_image(access: &Access, signer: &Signer, change: ImageChange) -> Result<(), ApiError> {
    let call = ChangeImages(vec![change]);
    net::send_as_owner(&call, &access.host, signer, &access.secret, &Abort::new()).await?;
    Ok(())
}
