//! What all parts of the form share: the fields, what they come to, and what is said about each of them.

use leptos::prelude::*;
use vcloud_api::ErrorKind;
use vcloud_api::types::{Deployment, PortCheck, PortCheckRequest, ServiceOptions};
use vcloud_api::validate::{Field, ImageReference, MAXIMUM_PORT};

use super::fields::{ContainerFields, Fields};
use super::form::{At, Checked, Form, Wrong};
use super::wording;
use crate::i18n::{self, Text};
use crate::state::deployments::{Check, WantedImage, check_image, check_ports, use_check};
use crate::state::services::{Access, Known};

/// A refusal of the platform that names a part of the form, and the deployment that it was about.
type Refusal = (Deployment, Wrong);

/// The form as its parts see it.
#[derive(Clone, Copy)]
pub struct Editing {
    /// The service.
    pub known: StoredValue<Known>,
    /// How it is reached.
    pub access: StoredValue<Access>,
    /// Whether something runs in it already.
    pub is_update: bool,
    /// The fields.
    pub fields: Fields,
    /// What they come to.
    pub checked: Memo<Checked>,
    /// Whether what is missing is said as well: somebody wanted to go on.
    pub insisted: RwSignal<bool>,
    /// Where the platform's last refusal belongs.
    pub refusal: RwSignal<Option<Refusal>>,
    /// Whether the host ports are free.
    pub ports: RwSignal<Check<PortCheck>>,
    /// Asks about the host ports again.
    pub check_ports: Callback<()>,
}

impl Editing {
    /// The form of a service, beginning with `form`.
    pub fn new(known: &Known, access: Access, is_update: bool, form: Form) -> Editing {
        let fields = Fields::new(form);
        let options = known.service.service_options.clone();
        let rules = options.clone();
        let checked = Memo::new(move |_| fields.read().check(&rules));
        let ports = RwSignal::new(Check::Idle);
        let ask = ports_to_ask(checked, &options, known.service.id.clone());
        let host = access.clone();
        let check_ports = use_check(ask, ports, move |request, abort| {
            let access = host.clone();
            Box::pin(async move { check_ports(&access, request, &abort).await })
        });
        Editing {
            known: StoredValue::new(known.clone()),
            access: StoredValue::new(access),
            is_update,
            fields,
            checked,
            insisted: RwSignal::new(false),
            refusal: RwSignal::new(None),
            ports,
            check_ports,
        }
    }

    /// What the service was bought with.
    pub fn options(self) -> ServiceOptions {
        self.known.with_value(|known| known.service.service_options.clone())
    }

    /// Whether the owner chooses ports on the host.
    pub fn chooses_host_ports(self) -> bool {
        self.options().lets_choose_host_ports()
    }

    /// Has a container's image checked while the current owner lives. Gives what checks again.
    pub fn check_image_of(self, container: ContainerFields) -> Callback<()> {
        let wanted = Memo::new(move |_| {
            let image = ImageReference::parse(container.image.get().trim()).ok()?;
            let login = container.read().login();
            // Half a login says nothing about the image.
            let is_whole = login.is_public() || !(login.username.is_empty() || login.password.is_empty());
            let is_asked = !container.private.get() || !login.is_public();
            (is_whole && is_asked).then_some(WantedImage { image, login })
        });
        use_check(wanted, container.image_check, move |wanted, abort| {
            let access = self.access.get_value();
            Box::pin(async move { check_image(&access, wanted, &abort).await })
        })
    }

    /// What is wrong with a part of a container, or of all of them, in words.
    pub fn error(
        self,
        container: Option<ContainerFields>,
        at: impl Fn() -> Option<At> + Send + Sync + 'static,
    ) -> Signal<Option<String>> {
        Memo::new(move |_| {
            let at = at()?;
            let index = match container {
                Some(container) => Some(self.fields.index_of(container.key)?),
                None => None,
            };
            let insisted = self.insisted.get();
            self.checked.with(|checked| {
                let wrong = checked.at(index, at).filter(|wrong| insisted || !wrong.missing);
                if let Some(wrong) = wrong {
                    return Some(wording::problem(&wrong.problem, &checked.deployment));
                }
                self.refusal.with(|refusal| {
                    let (about, wrong) = refusal.as_ref()?;
                    let is_here = wrong.container == index && wrong.at == at && *about == checked.deployment;
                    is_here.then(|| wording::problem(&wrong.problem, &checked.deployment))
                })
            })
        })
        .into()
    }

    /// The same for a part that is there once.
    pub fn error_at(self, container: ContainerFields, part: Field) -> Signal<Option<String>> {
        self.error(Some(container), move || Some(At::Part(part)))
    }

    /// What is wrong with a container's image, also by what the provider knows of it.
    pub fn image_error(self, container: ContainerFields) -> Signal<Option<String>> {
        let by_rules = self.error_at(container, Field::Image);
        Signal::derive(move || by_rules.get().or_else(|| image_refusal(container)))
    }

    /// Whether a host port belongs to another service (tracked).
    pub fn is_occupied(self, port: u32) -> bool {
        self.ports
            .with(|ports| matches!(ports, Check::Known(known) if known.occupied.contains(&port)))
    }

    /// Whether something is still being looked up (tracked).
    pub fn is_checking(self) -> bool {
        self.ports.with(|ports| *ports == Check::Busy)
            || self.fields.containers.with(|containers| {
                containers
                    .iter()
                    .any(|container| container.image_check.with(|check| *check == Check::Busy))
            })
    }

    /// Everything that keeps it from being sent, with the container that it is in (tracked).
    pub fn obstacles(self) -> Vec<(Option<String>, String)> {
        self.checked.with(|checked| {
            let deployment = &checked.deployment;
            let title = |index: usize| {
                let name = deployment
                    .containers
                    .get(index)
                    .map(|container| container.name.as_str());
                wording::container_title(index, name.unwrap_or_default())
            };
            let mut all: Vec<_> = checked
                .wrong
                .iter()
                .map(|wrong| (wrong.container.map(title), wording::problem(&wrong.problem, deployment)))
                .collect();
            self.fields.containers.with(|containers| {
                for (index, container) in containers.iter().enumerate() {
                    all.extend(image_refusal(*container).map(|text| (Some(title(index)), text)));
                }
            });
            for (index, container) in deployment.containers.iter().enumerate() {
                let taken = container
                    .ports
                    .iter()
                    .filter_map(|port| port.host_port)
                    .filter(|port| self.is_occupied(*port));
                all.extend(taken.map(|port| (Some(title(index)), occupied(port))));
            }
            all
        })
    }
}

/// That a host port is taken (tracked).
pub fn occupied(port: u32) -> String {
    i18n::text_with(Text::DeployOccupied, &[("port", &port.to_string())])
}

/// Why the provider can't fetch an image, where it said so (tracked).
fn image_refusal(container: ContainerFields) -> Option<String> {
    container.image_check.with(|check| match check {
        Check::Failed(error) if error.kind == ErrorKind::NotFound => {
            let key = if container.private.get() {
                Text::DeployImageDenied
            } else {
                Text::DeployImageMissing
            };
            Some(i18n::text(key).to_owned())
        }
        Check::Failed(error) if error.kind == ErrorKind::Refused => Some(i18n::text_with(
            Text::DeployPlatformSays,
            &[("message", &error.message)],
        )),
        _ => None,
    })
}

/// The host ports that were chosen and can be asked about.
fn ports_to_ask(checked: Memo<Checked>, options: &ServiceOptions, service: String) -> Memo<Option<PortCheckRequest>> {
    let (chooses, region) = (options.lets_choose_host_ports(), options.region().to_owned());
    Memo::new(move |_| {
        let mut ports: Vec<u32> = checked.with(|checked| {
            let ports = checked
                .deployment
                .containers
                .iter()
                .flat_map(|container| &container.ports);
            ports
                .filter_map(|port| port.host_port)
                .filter(|port| (1..=MAXIMUM_PORT).contains(port))
                .collect()
        });
        ports.sort_unstable();
        ports.dedup();
        (chooses && !ports.is_empty()).then(|| PortCheckRequest {
            region: region.clone(),
            ports,
            user_service_id: service.clone(),
        })
    })
}
