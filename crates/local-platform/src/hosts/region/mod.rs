//! A region's host: everything of a running service. The `secret` header says which one.

mod contacts;
mod domains;
mod information;
mod lifecycle;
mod logs;
mod settings;
mod status;

pub use self::domains::Rebindings;

use axum::Router;
use axum::routing::{get, patch, post, put};

use crate::deployments;
use crate::platform::{Platform, SharedPlatform};
use crate::refusal::{Outcome, Refusal};
use crate::runtime::{ImageCheck, PodRecord, RegistryLogin, RuntimeError};
use crate::store::notices::{self, NoticeType};
use crate::store::pods;
use crate::store::services::{self, Status, UserService};
use vcloud_api::types::Deployment;

/// The calls of a region's host.
pub fn routes() -> Router<SharedPlatform> {
    Router::new()
        .route("/k8s/userService", get(information::user_service))
        .route("/k8s/images", get(information::image))
        .route("/k8s/checkports", post(information::check_ports))
        .route("/k8s/deployment", post(lifecycle::deploy))
        .route("/k8s/deployment/update", post(lifecycle::update))
        .route("/k8s/deployment/info", get(lifecycle::info))
        .route("/k8s/pod/restart", post(lifecycle::restart))
        .route("/k8s/pod/stop", post(lifecycle::stop))
        .route("/k8s/pod/start", post(lifecycle::start))
        .route("/k8s/pod/status", get(status::status))
        .route("/monitor", get(status::monitor))
        .route("/k8s/pod/logs", get(logs::logs))
        .route("/k8s/pod/configmap", get(settings::config_map))
        .route("/k8s/pod/update", put(settings::update_config))
        .route("/k8s/pod/images", patch(settings::update_images))
        .route("/k8s/deployment/metadata/label", post(settings::label))
        .route("/k8s/deployment/metadata/annotation", post(settings::annotation))
        .route(
            "/k8s/pod/ingress",
            post(domains::bind)
                .patch(domains::unbind_some)
                .delete(domains::unbind_all),
        )
        .route("/contact/userServiceContact/bind/sendCode", post(contacts::send_code))
        .route(
            "/contact/userServiceContact/bind/verifyCode",
            post(contacts::verify_code),
        )
        .route("/contact/userServiceContact/delete/email", post(contacts::unbind))
}

/// What every host of a provider answers.
pub fn routes_of_any_host() -> Router<SharedPlatform> {
    Router::new().route("/k8s/regions", get(information::regions))
}

impl From<RuntimeError> for Refusal {
    fn from(error: RuntimeError) -> Self {
        match error {
            RuntimeError::NoSuchPod(_) => Self::missing("nothing is deployed"),
            RuntimeError::Stopped(_) => Self::invalid("the service is stopped"),
            RuntimeError::NoSuchContainer(_) => Self::missing(error.to_string()),
            RuntimeError::NotStarted { .. } | RuntimeError::Invalid(_) => Self::invalid(error.to_string()),
            RuntimeError::BadRecord { .. } | RuntimeError::Engine(_) => Self::internal(&error),
        }
    }
}

/// Lets only a running service pass.
fn require_running(service: &UserService) -> Outcome<()> {
    match service.status {
        Status::Running => Ok(()),
        Status::Stop => Err(Refusal::invalid("the service is stopped")),
        Status::Pending => Err(Refusal::invalid("the service is not deployed yet")),
        Status::Done | Status::Abort => Err(Refusal::invalid("the service has ended")),
    }
}

/// Lets only a deployed service pass, running or stopped.
fn require_deployed(service: &UserService) -> Outcome<()> {
    if service.status == Status::Stop {
        Ok(())
    } else {
        require_running(service)
    }
}

/// Brings a deployment into force: gives it to the runtime, then stores what came of it. The caller holds the lock of pod
/// changes, and has checked everything.
///
/// A stopped service stays stopped: it starts with the new deployment.
async fn bring_into_force(
    platform: &Platform,
    mut service: UserService,
    deployment: Deployment,
    notice: NoticeType,
) -> Outcome<()> {
    let now = platform.clock.now();
    let at = u64::try_from(platform.clock.now_millis()).unwrap_or_default();
    let host_ip = deployments::host_ip(&service);
    let mut record = platform
        .runtime
        .deploy(deployments::pod_spec(&service, &deployment, &host_ip)?, at)
        .await?;
    match service.status {
        Status::Pending => {
            service.status = Status::Running;
            service.running_ts = now;
            service.end_at = now + platform.clock.seconds_of_service(service.duration as f64);
        }
        Status::Stop => record = platform.runtime.stop(&service.id, at).await?,
        Status::Running | Status::Done | Status::Abort => {}
    }
    service.updated_at = now;
    service.deployment = Some(deployments::to_keep(&deployment));
    let ports = deployments::host_ports(&deployment);
    platform
        .store
        .run(move |transaction| {
            services::update(transaction, &service)?;
            pods::keep(transaction, &record, &host_ip)?;
            pods::hold_ports(transaction, &service.provider, &service.region, &service.id, &ports)?;
            notices::add(transaction, &service, notice, now)
        })
        .await
}

/// Stores a service whose pod was changed.
async fn store_change(
    platform: &Platform,
    mut service: UserService,
    record: PodRecord,
    notice: NoticeType,
) -> Outcome<()> {
    let now = platform.clock.now();
    service.updated_at = now;
    platform
        .store
        .run(move |transaction| {
            services::update(transaction, &service)?;
            pods::keep(transaction, &record, &deployments::host_ip(&service))?;
            notices::add(transaction, &service, notice, now)
        })
        .await
}

/// Refuses a deployment with an image that cannot be pulled.
async fn require_images(platform: &Platform, deployment: &Deployment) -> Outcome<()> {
    for (index, container) in deployment.containers.iter().enumerate() {
        let login = deployment
            .pvt_login
            .get(index)
            .filter(|login| !login.is_public())
            .map(|login| RegistryLogin {
                username: login.username.clone(),
                password: login.password.expose().to_owned(),
            });
        require_image(platform, &container.image_name, login.as_ref()).await?;
    }
    Ok(())
}

async fn require_image(platform: &Platform, image: &str, login: Option<&RegistryLogin>) -> Outcome<()> {
    match platform.runtime.check_image(image, login).await? {
        ImageCheck::Exists => Ok(()),
        ImageCheck::BadFormat => Err(Refusal::invalid("image format not allow.Format: image:tag")),
        ImageCheck::Missing | ImageCheck::NeedsLogin => Err(Refusal::invalid(format!("image {image} does not exist."))),
    }
}
