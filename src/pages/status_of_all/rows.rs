//! The rows: one a container, one for a service that has none to show.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use vcloud_api::ApiError;
use vcloud_api::types::{ContainerSpec, ContainerStatus, UserService};

use super::entry::{Content, Entry};
use super::params::Params;
use crate::components::{Copyable, Icon, Shape};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::explain;
use crate::pages::status::{StatusBadge, container_text};
use crate::route::{Page, Tab};
use crate::state::App;
use crate::state::services::AccessError;

/// The containers whose environment is shown: service and container.
type Shown = RwSignal<BTreeSet<(String, String)>>;

const HEADINGS: [Text; 8] = [
    Text::StatusAllService,
    Text::StatusAllContainer,
    Text::ContainersState,
    Text::ContainersImage,
    Text::StatusAllMemory,
    Text::ContainersEnv,
    Text::ServiceHostIp,
    Text::ContainersPorts,
];

/// How many of them come before those that only a container fills.
const AFTER_STATE: usize = 3;

/// The table.
#[component]
pub fn Table(
    app: App,
    ids: Memo<Vec<String>>,
    by_id: Memo<BTreeMap<String, UserService>>,
    params: Memo<Params>,
    retry: Callback<Vec<String>>,
) -> impl IntoView {
    let shown: Shown = RwSignal::new(BTreeSet::new());
    view! {
        <div class="table-frame">
            <table class="table table-cards many-table" role="table" aria-label=t(Text::StatusAllTitle)>
                <thead role="rowgroup">
                    <tr role="row">
                        {HEADINGS
                            .map(|heading| view! { <th role="columnheader" scope="col">{t(heading)}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    <For each=move || ids.get() key=String::clone let:id>
                        <ServiceRows app id by_id params shown retry />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

/// All rows of one service. They change only with what is known of it.
#[component]
fn ServiceRows(
    app: App,
    id: String,
    by_id: Memo<BTreeMap<String, UserService>>,
    params: Memo<Params>,
    shown: Shown,
    retry: Callback<Vec<String>>,
) -> impl IntoView {
    let entry = Memo::new(move |_| {
        let listed = by_id.with(|all| all.get(&id).cloned())?;
        // A refresh that brings nothing new leaves the rows as they are.
        params.with(|params| Entry::of(app, &listed).narrowed(&params.search, params.state))
    });
    move || {
        let entry = entry.get()?;
        let rows = match entry.content.clone() {
            Content::Containers(containers) if !containers.is_empty() => containers
                .into_iter()
                .map(|(spec, status)| view! { <ContainerRow app entry=entry.clone() spec status shown retry /> })
                .collect_view()
                .into_any(),
            content => view! { <OtherRow app entry=entry content retry /> }.into_any(),
        };
        Some(rows)
    }
}

/// Which service it is: every row says so, as rows are read and copied alone.
fn service_cell(app: App, entry: &Entry) -> impl IntoView + use<> {
    let id = entry.service.id.clone();
    let href = Page::Service(id.clone(), Tab::Overview).href();
    let region = entry.service.service_options.region().to_owned();
    let about = [entry.label.clone(), region]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let service = entry.service.clone();
    let under_way = move || {
        app.pending
            .of(&service.id)
            .map(|_| view! { <StatusBadge app service=service.clone() /> })
    };
    view! {
        <td role="cell" data-label=t(Text::StatusAllService)>
            <span class="many-service">
                <a class="mono" href=href>{id}</a>
                <span class="soft">{about}</span>
                {under_way}
            </span>
        </td>
    }
}

#[component]
fn ContainerRow(
    app: App,
    entry: Entry,
    spec: ContainerSpec,
    status: ContainerStatus,
    shown: Shown,
    retry: Callback<Vec<String>>,
) -> impl IntoView {
    let state = {
        let state = status.state.clone();
        move || {
            let (text, class) = container_text(&state);
            view! { <span class=class>{text}</span> }
        }
    };
    let stale = entry
        .stale
        .clone()
        .map(|error| view! { <Failure id=entry.service.id.clone() error title=Text::StatusAllOlder retry /> });
    let ports = spec
        .ports
        .iter()
        .map(|port| {
            let text = format!("{} → {} {}", port.host_port, port.container_port, port.protocol);
            view! { <span>{text}</span> }
        })
        .collect_view();
    let dash = |text: &str| {
        if text.is_empty() {
            "-".to_owned()
        } else {
            text.to_owned()
        }
    };
    let host_ip = if entry.host_ip.is_empty() {
        "-".into_any()
    } else {
        view! { <Copyable value=entry.host_ip.clone() what=Signal::derive(|| i18n::text(Text::ServiceHostIp).to_owned()) /> }
            .into_any()
    };
    let restarts = status.restart_count;
    let restarted = (restarts > 0).then(|| {
        view! { <span class="soft">{move || i18n::plural(Plural::StatusAllRestarts, restarts)}</span> }
    });
    let name = spec.name.clone();
    view! {
        <tr role="row">
            {service_cell(app, &entry)}
            <td role="cell" data-label=t(Text::StatusAllContainer)>
                <span class="mono">{name}</span>
            </td>
            <td role="cell" data-label=t(Text::ContainersState)>
                <span class="many-lines">{state}{restarted}{stale}</span>
            </td>
            <td role="cell" class="wrap" data-label=t(Text::ContainersImage)>
                <span class="mono">{broken_at_slashes(&dash(&status.image))}</span>
            </td>
            <td role="cell" data-label=t(Text::StatusAllMemory)>{dash(&spec.resources.limits.memory)}</td>
            <td role="cell" class="wrap" data-label=t(Text::ContainersEnv)>
                <Environment id=entry.service.id.clone() spec shown />
            </td>
            <td role="cell" data-label=t(Text::ServiceHostIp)>{host_ip}</td>
            <td role="cell" data-label=t(Text::ContainersPorts)>
                <span class="many-lines">{if ports.is_empty() { "-".into_any() } else { ports.into_any() }}</span>
            </td>
        </tr>
    }
}

/// The row of a service without containers to show.
#[component]
fn OtherRow(app: App, entry: Entry, content: Content, retry: Callback<Vec<String>>) -> impl IntoView {
    let is_loading = content == Content::Loading;
    let id = entry.service.id.clone();
    let state = match content {
        Content::Failed(error) => view! { <Failure id error title=Text::StatusAllNotLoaded retry /> }.into_any(),
        Content::Closed(why) => view! { <span class="badge badge-bad">{closed(why)}</span> }.into_any(),
        Content::Paused => view! { <span class="badge badge-warn">{t(Text::StatusPaused)}</span> }.into_any(),
        Content::Over => view! { <span class="badge">{t(Text::StatusAllOver)}</span> }.into_any(),
        Content::Containers(_) => {
            view! { <span class="badge badge-busy">{t(Text::StatusAllNoContainers)}</span> }.into_any()
        }
        Content::Loading => view! {
            <span class="visually-hidden">{t(Text::AgeLoading)}</span>
            <span class="skeleton"></span>
        }
        .into_any(),
    };
    let blank = move || {
        if is_loading {
            view! { <span class="skeleton"></span> }.into_any()
        } else {
            "-".into_any()
        }
    };
    let rest = HEADINGS[AFTER_STATE..]
        .iter()
        .map(|heading| {
            view! {
                <td role="cell" data-label=t(*heading)>
                    {blank()}
                </td>
            }
        })
        .collect_view();
    view! {
        <tr role="row">
            {service_cell(app, &entry)}
            <td role="cell" data-label=t(Text::StatusAllContainer)>{blank()}</td>
            <td role="cell" data-label=t(Text::ContainersState)>
                <span class="many-lines">{state}</span>
            </td>
            {rest}
        </tr>
    }
}

fn closed(why: AccessError) -> impl Fn() -> String {
    move || match &why {
        AccessError::Sealed => i18n::text(Text::ExtensionSealed).to_owned(),
        AccessError::Foreign => i18n::text(Text::ServiceForeign).to_owned(),
        AccessError::Unusable(why) => why.clone(),
    }
}

/// What could not be had, why, and a way to try again.
#[component]
fn Failure(id: String, error: ApiError, title: Text, retry: Callback<Vec<String>>) -> impl IntoView {
    let explained = explain(&error);
    let why = match explained.detail {
        Some(detail) => format!("{} ({detail})", explained.title),
        None => explained.title.to_owned(),
    };
    let name = {
        let id = id.clone();
        move || i18n::text_with(Text::StatusAllRetryOne, &[("id", &id)])
    };
    view! {
        <span class="badge badge-bad">{t(title)}</span>
        <span class="soft many-why">{why}</span>
        <button class="button-link" type="button" aria-label=name on:click=move |_| retry.run(vec![id.clone()])>
            {t(Text::ActionRetry)}
        </button>
    }
}

/// The variables' names; their values may be passwords, so they are shown only on request.
#[component]
fn Environment(id: String, spec: ContainerSpec, shown: Shown) -> impl IntoView {
    if spec.env.is_empty() {
        return "-".into_any();
    }
    let key = StoredValue::new((id, spec.name.clone()));
    let is_shown = move || key.with_value(|key| shown.with(|shown| shown.contains(key)));
    let toggle = move |_| {
        shown.update(|shown| {
            let key = key.get_value();
            if !shown.remove(&key) {
                shown.insert(key);
            }
        });
    };
    let name = spec.name.clone();
    let label = move || {
        let text = if is_shown() {
            Text::StatusAllHideValues
        } else {
            Text::StatusAllShowValues
        };
        i18n::text_with(text, &[("container", &name)])
    };
    let env = StoredValue::new(spec.env);
    let lines = move || {
        let is_shown = is_shown();
        env.get_value()
            .into_iter()
            .map(|variable| {
                let text = if is_shown {
                    format!("{}={}", variable.name, variable.value.expose())
                } else {
                    variable.name
                };
                view! { <span class="mono">{text}</span> }
            })
            .collect_view()
    };
    view! {
        <span class="many-env">
            <span class="many-lines">{lines}</span>
            <button
                class="button button-quiet button-icon"
                type="button"
                aria-label=label
                aria-pressed=move || is_shown().to_string()
                on:click=toggle
            >
                <Icon shape=Shape::Lock />
            </button>
        </span>
    }
    .into_any()
}

/// An image's name that goes on in the next line after a slash, where it has to, and not in the middle of a word.
fn broken_at_slashes(name: &str) -> Vec<AnyView> {
    name.split_inclusive('/')
        .map(|part| view! { {part.to_owned()}<wbr /> }.into_any())
        .collect()
}
