//! Starts a usable service, or changes what runs in a running one.

mod budget;
mod container;
mod editing;
mod export;
mod fields;
mod files;
mod form;
mod import;
mod inputs;
mod ports;
mod progress;
mod review;
mod sheet;
mod summary;
mod variables;
mod wording;

use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use vcloud_api::capability::{Action, Reason, can};
use vcloud_api::types::Deployment;

use super::data::ServiceData;
use crate::components::ErrorMessage;
use crate::i18n::{Text, t};
use crate::net::Abort;
use crate::pages::explain;
use crate::state::clock::now_ms;
use crate::state::deployments;
use crate::state::services::AccessError;
use crate::state::services::{Access, Known};
use crate::state::{App, Remote};
use progress::{Progress, Sent};
use review::Sending;
use sheet::{Failure, Sheet};

/// Where the draft of a service's deployment is kept.
fn draft_name(service: &str) -> String {
    format!("deployment/{service}")
}

/// What the tab is for, by the state of the service.
#[derive(Clone, Debug, PartialEq)]
enum Purpose {
    Start(Box<(Known, Access)>),
    Update(Box<(Known, Access)>),
    /// Neither, and why.
    Nothing(Text, Text),
}

fn purpose(known: &Known) -> Purpose {
    let start = can(Action::Deploy, &known.service);
    let update = can(Action::UpdateDeployment, &known.service);
    let reason = match (&start, &update) {
        (Ok(()), _) | (_, Ok(())) => None,
        (_, Err(reason)) => Some(*reason),
    };
    if let Some(reason) = reason {
        return match reason {
            Reason::Stopped => Purpose::Nothing(Text::DeployWhyPaused, Text::DeployWhyPausedAdvice),
            Reason::Ended | Reason::Aborted => Purpose::Nothing(Text::DeployWhyEnded, Text::DeployWhyEndedAdvice),
            _ => Purpose::Nothing(Text::DeployWhyUnknown, Text::DeployWhyUnknownAdvice),
        };
    }
    if known.service.service_options.resource_unit().is_err() {
        return Purpose::Nothing(Text::DeployWhyNoContainers, Text::DeployWhyNoContainersAdvice);
    }
    match &known.access {
        Err(AccessError::Sealed) => Purpose::Nothing(Text::ExtensionSealed, Text::ExtensionSealedAdvice),
        Err(_) => Purpose::Nothing(Text::ServiceForeign, Text::DeployWhyForeignAdvice),
        Ok(access) => {
            let both = Box::new((known.clone(), access.clone()));
            if start.is_ok() {
                Purpose::Start(both)
            } else {
                Purpose::Update(both)
            }
        }
    }
}

/// The tab.
#[component]
pub fn DeploymentTab(app: App, data: ServiceData) -> impl IntoView {
    // The form stays while nothing about the service changes that it depends on: time passes, and refreshes come.
    let purpose = Memo::new_with_compare(
        move |_| data.known().map(|known| purpose(&known)),
        |before, after| !is_same(before.and_then(Option::as_ref), after.and_then(Option::as_ref)),
    );
    let sent = RwSignal::new(None::<Sent>);
    // Somebody else may have started or paused the service meanwhile: then another form or none stands here in a moment, and why
    // nothing was sent has to stay.
    let sending = Sending::new();
    move || {
        if let Some(sent_now) = sent.get() {
            let id = untrack(|| data.known())
                .map(|known| known.service.id.clone())
                .unwrap_or_default();
            let again = Callback::new(move |()| sent.set(None));
            return view! { <Progress app data id sent=sent_now on_again=again /> }.into_any();
        }
        let on_sent = move |is_update: bool| {
            Callback::new(move |()| {
                sent.set(Some(Sent {
                    at: now_ms(),
                    is_update,
                }));
            })
        };
        match purpose.get() {
            None => view! { <super::Loading /> }.into_any(),
            Some(Purpose::Nothing(title, advice)) => view! {
                <div class="stack">
                    <Failure sending hidden=Signal::stored(false) />
                    <div class="card empty">
                        <h2>{t(title)}</h2>
                        <p>{t(advice)}</p>
                    </div>
                </div>
            }
            .into_any(),
            Some(Purpose::Start(both)) => {
                let (known, access) = *both;
                view! { <Sheet app known access running=None sending on_sent=on_sent(false) /> }.into_any()
            }
            Some(Purpose::Update(both)) => {
                let (known, access) = *both;
                view! { <Update app known access sending on_sent=on_sent(true) /> }.into_any()
            }
        }
    }
}

/// Whether the form of one serves for the other.
fn is_same(before: Option<&Purpose>, after: Option<&Purpose>) -> bool {
    match (before, after) {
        (Some(Purpose::Start(before)), Some(Purpose::Start(after)))
        | (Some(Purpose::Update(before)), Some(Purpose::Update(after))) => {
            let of = |both: &(Known, Access)| {
                (
                    both.0.service.id.clone(),
                    both.0.service.service_options.clone(),
                    both.1.clone(),
                )
            };
            of(before) == of(after)
        }
        (before, after) => before == after,
    }
}

/// The form of what runs, as soon as that is known.
#[component]
fn Update(app: App, known: Known, access: Access, sending: Sending, on_sent: Callback<()>) -> impl IntoView {
    let running = RwSignal::new(Remote::<Deployment>::Loading);
    let under_way = StoredValue::new(None::<SendWrapper<Abort>>);
    let load = {
        let access = access.clone();
        move || {
            let abort = Abort::new();
            under_way.set_value(Some(SendWrapper::new(abort.clone())));
            running.set(Remote::Loading);
            let access = access.clone();
            spawn_local(async move {
                let answer = deployments::running(&access, &abort).await;
                if !abort.is_aborted() {
                    running.try_set(Remote::Loading.after(answer, now_ms()));
                }
            });
        }
    };
    load();
    on_cleanup(move || {
        under_way.with_value(|abort| {
            if let Some(abort) = abort {
                abort.abort();
            }
        });
    });
    let retry = Callback::new({
        let load = SendWrapper::new(load);
        move |()| load()
    });
    move || match running.get() {
        Remote::Loading => view! { <super::Loading /> }.into_any(),
        Remote::Failed(error) => {
            let explained = explain(&error);
            view! {
                <ErrorMessage
                    title=explained.title
                    advice=explained.advice
                    detail=Signal::stored(explained.detail)
                    on_retry=retry
                />
            }
            .into_any()
        }
        Remote::Ready { value, .. } => {
            let running = Some((*value).clone());
            view! { <Sheet app known=known.clone() access=access.clone() running sending on_sent /> }.into_any()
        }
    }
}
