//! `/service/{id}`: one service, with what can be done to it.

mod access;
mod actions;
mod config;
mod containers;
mod data;
mod deployment;
mod domains;
mod image;
mod leaving;
mod logs;
mod monitor;
mod overview;

pub use actions::{AskOperation, operation_shape};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use vcloud_api::ErrorKind;

use crate::components::{Copyable, ErrorMessage, Icon, Shape};
use crate::i18n::{self, Text, t};
use crate::pages::fetched::Stale;
use crate::pages::status::StatusBadge;
use crate::pages::{Age, NotFound, explain, services, set_title};
use crate::route::{List, Page, Tab};
use crate::state::commands::Target;
use crate::state::edits::Part;
use crate::state::{Remote, use_app};
pub use containers::merged;
use data::ServiceData;

/// The page at `/service/:id` and `/service/:id/:tab`.
#[component]
pub fn ServicePage() -> impl IntoView {
    let route = use_params_map();
    let id = Memo::new(move |_| route.with(|params| params.get("id").unwrap_or_default()));
    let tab = Memo::new(move |_| {
        let segment = route.with(|params| params.get("tab").unwrap_or_default());
        Tab::from_segment(&segment)
    });
    // Another service is another page; another tab of the same service keeps what is loaded.
    move || {
        let id = id.get();
        view! { <Service id tab /> }
    }
}

/// The list that a service is in.
fn list_of(status: &vcloud_api::types::UserServiceStatus) -> List {
    List::ALL
        .into_iter()
        .find(|list| services::columns::statuses(*list).contains(status))
        .unwrap_or(List::Running)
}

const fn tab_title(tab: Tab) -> Text {
    match tab {
        Tab::Overview => Text::ServiceTabOverview,
        Tab::Containers => Text::ServiceTabContainers,
        Tab::Logs => Text::ServiceTabLogs,
        Tab::Monitor => Text::ServiceTabMonitor,
        Tab::Domains => Text::DomainsTab,
        Tab::Config => Text::ConfigFilesTab,
        Tab::Deployment => Text::ServiceTabDeployment,
        Tab::Access => Text::ServiceTabAccess,
    }
}

#[component]
fn Service(id: String, tab: Memo<Option<Tab>>) -> impl IntoView {
    let app = use_app();
    let data = data::use_service(app, id.clone());
    let id = StoredValue::new(id);
    let name = move || {
        let label = data
            .service
            .get()
            .value()
            .map(|service| service.label.text())
            .unwrap_or_default();
        if label.is_empty() { id.get_value() } else { label }
    };
    app.commands.offer(Signal::derive(move || {
        let known = data.known()?;
        let in_place = if tab.get() == Some(Tab::Overview) {
            vec![Part::Label, Part::Description]
        } else {
            Vec::new()
        };
        Some(Target {
            service: known.service.clone(),
            label: known.label.text(),
            in_place,
        })
    }));
    set_title(move || format!("{} · {}", name(), i18n::text(tab_title(tab.get().unwrap_or_default()))));
    // The frame changes only with the kind of state; what is in it follows its own signals.
    let kind = Memo::new(move |_| match data.service.get() {
        Remote::Loading => 0,
        Remote::Failed(_) => 1,
        Remote::Ready { .. } => 2,
    });
    let head = move || {
        let back = data
            .service
            .get()
            .value()
            .map(|service| list_of(&service.service.status))
            .unwrap_or(List::Running);
        let is_token = app.session.token_service().is_some();
        view! {
            <div class="stack-tight">
                {(!is_token)
                    .then(|| {
                        view! {
                            <a class="breadcrumb" href=Page::Services(back).href()>
                                <Icon shape=Shape::Previous />
                                {t(services::title(back))}
                            </a>
                        }
                    })}
                <div class="page-head">
                    <h1 class="title-text">{name}</h1>
                    {move || {
                        data.service
                            .get()
                            .value()
                            .map(|service| view! { <StatusBadge app service=service.service.clone() /> })
                    }}
                    <span class="spread">
                        <Age at=data.at busy=data.busy />
                    </span>
                </div>
            </div>
        }
    };
    view! {
        {head}
        <div class="page-head">
            <Copyable value=id.get_value() what=Signal::derive(|| i18n::text(Text::ColumnId).to_owned()) />
            <div class="row spread">
                <button class="button" type="button" on:click=move |_| data.refresh.run(())>
                    <Icon shape=Shape::Refresh />
                    {t(Text::ActionRefresh)}
                </button>
                <actions::Actions app data />
            </div>
        </div>
        <Stale why=data.stale />
        <nav class="tabs" aria-label=t(Text::ServiceTabs)>
            {Tab::ALL
                .map(|each| {
                    view! {
                        <a
                            class="tab"
                            href=Page::Service(id.get_value(), each).href()
                            aria-current=move || (tab.get() == Some(each)).then_some("page")
                        >
                            {t(tab_title(each))}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
        {move || match kind.get() {
            0 => view! { <Loading /> }.into_any(),
            1 => view! { <Failed data /> }.into_any(),
            _ => match tab.get() {
                Some(Tab::Overview) => view! { <overview::Overview app data /> }.into_any(),
                Some(Tab::Containers) => view! { <containers::Containers data /> }.into_any(),
                Some(Tab::Logs) => view! { <logs::Logs app data /> }.into_any(),
                Some(Tab::Monitor) => view! { <monitor::MonitorTab app data /> }.into_any(),
                Some(Tab::Domains) => view! { <domains::DomainsTab app data /> }.into_any(),
                Some(Tab::Config) => view! { <config::ConfigTab app data /> }.into_any(),
                Some(Tab::Deployment) => view! { <deployment::DeploymentTab app data /> }.into_any(),
                Some(Tab::Access) => view! { <access::AccessTab app data /> }.into_any(),
                None => view! { <NotFound /> }.into_any(),
            },
        }}
    }
}

#[component]
fn Loading() -> impl IntoView {
    view! {
        <div class="card card-body" role="status">
            <span class="visually-hidden">{t(Text::ServiceLoading)}</span>
            {(0..6).map(|_| view! { <span class="skeleton"></span> }).collect_view()}
        </div>
    }
}

#[component]
fn Failed(data: ServiceData) -> impl IntoView {
    move || {
        let Remote::Failed(error) = data.service.get() else {
            return None;
        };
        // Asking again does not bring back what is not there: the way on is another service.
        if error.kind == ErrorKind::NotFound {
            return Some(view! { <Unknown /> }.into_any());
        }
        let explained = explain(&error);
        Some(
            view! {
                <ErrorMessage
                    title=explained.title
                    advice=explained.advice
                    detail=Signal::stored(explained.detail)
                    on_retry=data.refresh
                />
            }
            .into_any(),
        )
    }
}

/// No service has this id.
#[component]
fn Unknown() -> impl IntoView {
    view! {
        <div class="card empty">
            <h2>{t(Text::ServiceUnknown)}</h2>
            <p>{t(Text::ServiceUnknownAdvice)}</p>
            <a class="button" href=Page::Services(List::Running).href()>{t(Text::ListRunning)}</a>
        </div>
    }
}
