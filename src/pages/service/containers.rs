//! What runs in the service: each container with its state, image, memory, ports and environment.

use std::collections::BTreeSet;

use leptos::prelude::*;
use vcloud_api::ApiError;
use vcloud_api::types::{ContainerSpec, ContainerStatus, PodStatus, UserServiceStatus};

use super::data::ServiceData;
use crate::components::{Copyable, ErrorMessage, Icon, Shape};
use crate::i18n::{self, Text, t};
use crate::pages::explain;
use crate::pages::status::container_text;
use crate::state::{Remote, use_app};

/// The tab.
#[component]
pub fn Containers(data: ServiceData) -> impl IntoView {
    let known_status = Memo::new(move |_| data.known().map(|known| known.service.status.clone()));
    // A refresh that brings nothing new leaves the page as it is, with what is selected and shown there.
    let pod = Memo::new(move |_| match data.pod.get() {
        Remote::Ready { value, .. } => Pod::Known((*value).clone()),
        Remote::Failed(error) => Pod::Failed(error),
        Remote::Loading => Pod::Loading,
    });
    // The containers whose environment is shown: stays so when one of them restarts.
    let shown = RwSignal::new(BTreeSet::<String>::new());
    move || match pod.get() {
        Pod::Known(pod) if !pod.is_absent() => {
            let cards = merged(&pod.spec.containers, &pod.state.container_statuses);
            view! {
                <div class="stack">
                    {move || (!use_app().session.can_sign()).then(|| view! { <p class="soft">{t(Text::ImageWhyToken)}</p> })}
                    {cards.into_iter().map(|(spec, status)| view! { <Container data spec status shown /> }).collect_view()}
                </div>
            }
            .into_any()
        }
        Pod::Failed(error) => {
            let explained = explain(&error);
            view! {
                <ErrorMessage
                    title=explained.title
                    advice=explained.advice
                    detail=Signal::stored(explained.detail)
                    on_retry=data.refresh
                />
            }
            .into_any()
        }
        Pod::Loading if known_status.get() == Some(UserServiceStatus::Running) => {
            view! { <super::Loading /> }.into_any()
        }
        _ => {
            let paused = known_status.get() == Some(UserServiceStatus::Stop);
            let advice = if paused {
                Text::ContainersPausedAdvice
            } else {
                Text::ContainersAbsentAdvice
            };
            view! {
                <div class="card empty">
                    <h2>{t(Text::ContainersAbsentTitle)}</h2>
                    <p>{t(advice)}</p>
                </div>
            }
            .into_any()
        }
    }
}

/// What is known of the pod, compared by what it says and not by when it came.
#[derive(Clone, PartialEq)]
enum Pod {
    Loading,
    Failed(ApiError),
    Known(PodStatus),
}

/// Specification and status of each container by name; either may be missing.
pub fn merged(specs: &[ContainerSpec], statuses: &[ContainerStatus]) -> Vec<(ContainerSpec, ContainerStatus)> {
    let mut containers: Vec<(ContainerSpec, ContainerStatus)> = specs
        .iter()
        .map(|spec| {
            let status = statuses
                .iter()
                .find(|status| status.name == spec.name)
                .cloned()
                .unwrap_or_default();
            (spec.clone(), status)
        })
        .collect();
    for status in statuses
        .iter()
        .filter(|status| specs.iter().all(|spec| spec.name != status.name))
    {
        containers.push((
            ContainerSpec {
                name: status.name.clone(),
                ..ContainerSpec::default()
            },
            status.clone(),
        ));
    }
    containers
}

#[component]
fn Container(
    data: ServiceData,
    spec: ContainerSpec,
    status: ContainerStatus,
    shown: RwSignal<BTreeSet<String>>,
) -> impl IntoView {
    let (state, class) = container_text(&status.state);
    let since = status
        .state
        .running
        .as_ref()
        .map(|running| running.started_at.clone())
        .unwrap_or_default();
    let detail = if let Some(terminated) = &status.state.terminated {
        let (time, code) = (terminated.finished_at.clone(), terminated.exit_code.to_string());
        i18n::text_with(
            Text::ContainersFinished,
            &[("time", &i18n::date_time_of(&time)), ("code", &code)],
        )
    } else if let Some(waiting) = &status.state.waiting {
        waiting.message.clone()
    } else if since.is_empty() {
        String::new()
    } else {
        i18n::text_with(Text::ContainersSince, &[("time", &i18n::date_time_of(&since))])
    };
    let memory = if spec.resources.limits.memory.is_empty() {
        "-".to_owned()
    } else {
        spec.resources.limits.memory.clone()
    };
    let image = status.image.clone();
    view! {
        <section class="card" aria-label=spec.name.clone()>
            <div class="card-head">
                <h2 class="mono">{spec.name.clone()}</h2>
                <div class="row">
                    <span class=class>{state}</span>
                    <super::image::UpdateImage data container=spec.name.clone() image=status.image.clone() />
                </div>
            </div>
            <dl class="fact-list">
                <dt>{t(Text::ContainersState)}</dt>
                <dd>{if detail.is_empty() { "-".to_owned() } else { detail }}</dd>
                <dt>{t(Text::ContainersRestarts)}</dt>
                <dd>{i18n::number(status.restart_count)}</dd>
                <dt>{t(Text::ContainersImage)}</dt>
                <dd>
                    {if image.is_empty() {
                        "-".into_any()
                    } else {
                        view! { <Copyable value=image what=i18n::text(Text::ContainersImage) /> }.into_any()
                    }}
                </dd>
                <dt>{t(Text::ContainersMemory)}</dt>
                <dd>{memory}</dd>
                <dt>{t(Text::ContainersPorts)}</dt>
                <dd>{ports(&spec)}</dd>
                <dt>{t(Text::ContainersEnv)}</dt>
                <dd>
                    <Environment spec=spec.clone() shown />
                </dd>
            </dl>
        </section>
    }
}

fn ports(spec: &ContainerSpec) -> AnyView {
    if spec.ports.is_empty() {
        return t(Text::ContainersNoPorts).into_any();
    }
    view! {
        <table class="table table-small" aria-label=t(Text::ContainersPorts)>
            <thead>
                <tr>
                    <th scope="col">{t(Text::ContainersHostPort)}</th>
                    <th scope="col">{t(Text::ContainersContainerPort)}</th>
                    <th scope="col">{t(Text::ContainersProtocol)}</th>
                </tr>
            </thead>
            <tbody>
                {spec
                    .ports
                    .iter()
                    .map(|port| {
                        view! {
                            <tr>
                                <td>{port.host_port.to_string()}</td>
                                <td>{port.container_port.to_string()}</td>
                                <td>{port.protocol.to_string()}</td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </tbody>
        </table>
    }
    .into_any()
}

/// The environment; the values may be passwords, so they are shown only on request.
#[component]
fn Environment(spec: ContainerSpec, shown: RwSignal<BTreeSet<String>>) -> impl IntoView {
    let name = StoredValue::new(spec.name);
    let is_shown = move || name.with_value(|name| shown.with(|shown| shown.contains(name)));
    let toggle = move |_| {
        shown.update(|shown| {
            let name = name.get_value();
            if !shown.remove(&name) {
                shown.insert(name);
            }
        });
    };
    if spec.env.is_empty() {
        return t(Text::ContainersNoEnv).into_any();
    }
    let env = StoredValue::new(spec.env);
    view! {
        <div class="stack-tight">
            <table class="table table-small" aria-label=t(Text::ContainersEnv)>
                <thead>
                    <tr>
                        <th scope="col">{t(Text::ContainersEnvName)}</th>
                        <th scope="col">{t(Text::ContainersEnvValue)}</th>
                    </tr>
                </thead>
                <tbody>
                    {move || {
                        env.get_value()
                            .into_iter()
                            .map(|variable| {
                                let value = if is_shown() {
                                    view! { <span class="mono">{variable.value.expose().to_owned()}</span> }.into_any()
                                } else {
                                    view! { <span class="soft">{t(Text::ContainersValueHidden)}</span> }.into_any()
                                };
                                view! {
                                    <tr>
                                        <td class="mono">{variable.name}</td>
                                        <td class="wrap">{value}</td>
                                    </tr>
                                }
                            })
                            .collect_view()
                    }}
                </tbody>
            </table>
            <button class="button button-quiet" type="button" on:click=toggle>
                <Icon shape=Shape::Lock />
                {move || i18n::text(if is_shown() { Text::ContainersHideValues } else { Text::ContainersShowValues })}
            </button>
        </div>
    }
    .into_any()
}
