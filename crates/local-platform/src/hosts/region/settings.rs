//! Configuration files, environment, images, label and description of a service.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value};
use vcloud_api::types::{ConfigUpdate, Deployment, EnvVar, ImageChange};

use super::{bring_into_force, require_deployed, require_image, require_running};
use crate::authorise::{Plain, Secret, Signed};
use crate::hosts::Host;
use crate::platform::SharedPlatform;
use crate::refusal::{Outcome, Refusal, done};
use crate::runtime::RegistryLogin;
use crate::store::notices::NoticeType;
use crate::store::services::{self, UserService};
use crate::{deployments, rules};

/// The configuration file of each container that has one.
pub async fn config_map(State(platform): State<SharedPlatform>, host: Host, secret: Secret) -> Outcome<Json<Value>> {
    let service = platform
        .store
        .run(move |transaction| secret.open_living(transaction, &host))
        .await?;
    require_deployed(&service)?;
    let deployment = deployments::kept(&service)?;
    let configured = deployment
        .containers
        .into_iter()
        .filter(|container| !container.config_mount_path.is_empty());
    let files: Map<String, Value> = configured
        .map(|container| (container.name, container.config.into()))
        .collect();
    if files.is_empty() {
        return Err(Refusal::missing("no container has a configuration file"));
    }
    Ok(Json(files.into()))
}

/// Changes configuration files and environment variables, and restarts the pod. The environment of a container that is named is
/// replaced as a whole; everything else stays.
pub async fn update_config(
    State(platform): State<SharedPlatform>,
    host: Host,
    secret: Secret,
    Plain(wanted): Plain<ConfigUpdate>,
) -> Outcome<Json<Value>> {
    let _changing = platform.pod_changes.lock().await;
    let service = platform
        .store
        .run(move |transaction| secret.open_living(transaction, &host))
        .await?;
    require_deployed(&service)?;
    let mut deployment = deployments::kept(&service)?;
    apply_config(&mut deployment, wanted)?;
    rules::changed_deployment(&service, &deployment)?;
    bring_into_force(&platform, service, deployment, NoticeType::Updated).await?;
    Ok(done())
}

fn apply_config(deployment: &mut Deployment, wanted: ConfigUpdate) -> Outcome<()> {
    if wanted.config.is_empty() && wanted.environment.is_empty() {
        return Err(Refusal::invalid("config or environment is needed"));
    }
    for (name, text) in wanted.config {
        let container = container_named(deployment, &name)?;
        if container.config_mount_path.is_empty() {
            return Err(Refusal::invalid(format!("container {name} has no configuration file")));
        }
        container.config = text;
    }
    for (name, variables) in wanted.environment {
        let container = container_named(deployment, &name)?;
        // Those that stay keep their order, new ones follow.
        container.envs.retain(|known| variables.contains_key(&known.name));
        for (key, value) in variables {
            match container.envs.iter_mut().find(|known| known.name == key) {
                Some(known) => known.value = value.into(),
                None => container.envs.push(EnvVar {
                    name: key,
                    value: value.into(),
                }),
            }
        }
    }
    Ok(())
}

fn container_named<'a>(deployment: &'a mut Deployment, name: &str) -> Outcome<&'a mut vcloud_api::types::Container> {
    let found = deployment
        .containers
        .iter_mut()
        .find(|container| container.name == name);
    found.ok_or_else(|| Refusal::missing(format!("no container named {name}")))
}

/// Changes images. Each takes the place of the one with the same name in front of the tag; in a service with one container
/// it may be any image.
pub async fn update_images(
    State(platform): State<SharedPlatform>,
    host: Host,
    secret: Secret,
    signed: Signed,
) -> Outcome<Json<Value>> {
    let wanted: Vec<ImageChange> = signed.json()?;
    if wanted.is_empty() {
        return Err(Refusal::invalid("an image is needed"));
    }
    let _changing = platform.pod_changes.lock().await;
    let service = opened_by_owner(&platform, host, secret, &signed.address).await?;
    require_running(&service)?;
    let mut deployment = deployments::kept(&service)?;
    for change in &wanted {
        let wanted = rules::image(&change.image)?;
        let only_one = deployment.containers.len() == 1;
        let same_name = |image: &str| rules::image(image).is_ok_and(|image| image.is_same_repository_as(&wanted));
        let index = deployment
            .containers
            .iter()
            .position(|container| only_one || same_name(&container.image_name));
        let index =
            index.ok_or_else(|| Refusal::invalid(format!("no container runs another tag of {}", change.image)))?;
        deployment.containers[index].image_name.clone_from(&change.image);
        deployment.pvt_login[index] = change.login.clone();
    }
    rules::changed_deployment(&service, &deployment)?;
    for change in &wanted {
        let login = (!change.login.is_public()).then(|| RegistryLogin {
            username: change.login.username.clone(),
            password: change.login.password.expose().to_owned(),
        });
        require_image(&platform, &change.image, login.as_ref()).await?;
    }
    bring_into_force(&platform, service, deployment, NoticeType::Updated).await?;
    Ok(done())
}

/// The service that a secret opens, for a call that its owner has signed as well.
pub async fn opened_by_owner(
    platform: &SharedPlatform,
    host: Host,
    secret: Secret,
    signer: &str,
) -> Outcome<UserService> {
    let service = platform
        .store
        .run(move |transaction| secret.open_living(transaction, &host))
        .await?;
    if service.address != signer {
        return Err(Refusal::new(403, "only the service's owner can do this"));
    }
    Ok(service)
}

/// A label to set.
#[derive(Deserialize)]
pub struct LabelRequest {
    #[serde(rename = "customizedLabel")]
    label: String,
}

/// Sets the label.
pub async fn label(
    State(platform): State<SharedPlatform>,
    host: Host,
    secret: Secret,
    Plain(wanted): Plain<LabelRequest>,
) -> Outcome<Json<Value>> {
    rules::label(&wanted.label)?;
    change(&platform, host, secret, move |service| {
        service.label = wanted.label;
    })
    .await
}

/// A description to set.
#[derive(Deserialize)]
pub struct AnnotationRequest {
    description: String,
}

/// Sets the description.
pub async fn annotation(
    State(platform): State<SharedPlatform>,
    host: Host,
    secret: Secret,
    Plain(wanted): Plain<AnnotationRequest>,
) -> Outcome<Json<Value>> {
    rules::description(&wanted.description)?;
    change(&platform, host, secret, move |service| {
        service.description = wanted.description;
    })
    .await
}

/// Changes a running service in the database alone. Under the lock all the same: another change holds a copy of the service
/// that it will write back.
async fn change(
    platform: &SharedPlatform,
    host: Host,
    secret: Secret,
    apply: impl FnOnce(&mut UserService) + Send + 'static,
) -> Outcome<Json<Value>> {
    let _changing = platform.pod_changes.lock().await;
    let now = platform.clock.now();
    platform
        .store
        .run(move |transaction| {
            let mut service = secret.open_living(transaction, &host)?;
            require_running(&service)?;
            apply(&mut service);
            service.updated_at = now;
            services::update(transaction, &service)
        })
        .await?;
    Ok(done())
}
