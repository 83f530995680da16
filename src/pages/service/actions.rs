//! Restart, pause, resume, renew, refund: asked about, sent once, shown as pending until the platform confirms.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use vcloud_api::capability::{self, can_in};
use vcloud_api::types::UserServiceStatus;

use super::data::ServiceData;
use crate::components::{Confirm, Icon, Shape, Tone, toast};
use crate::i18n::{self, Text, t};
use crate::net::Abort;
use crate::pages::explain;
use crate::route::Page;
use crate::state::App;
use crate::state::orders::Target;
use crate::state::pending::{Operation, started_at};
use crate::state::services::Known;

const fn texts(operation: Operation) -> (Text, Text, Text, Shape) {
    match operation {
        Operation::Restart => (
            Text::OperationRestart,
            Text::OperationRestartTitle,
            Text::OperationRestartEffect,
            Shape::Restart,
        ),
        Operation::Pause => (
            Text::OperationPause,
            Text::OperationPauseTitle,
            Text::OperationPauseEffect,
            Shape::Pause,
        ),
        Operation::Resume => (
            Text::OperationResume,
            Text::OperationResumeTitle,
            Text::OperationResumeEffect,
            Shape::Play,
        ),
    }
}

/// Why an operation is not on offer now; `None` where it is.
fn obstacle(app: App, known: &Known, operation: Operation) -> Option<Text> {
    if app.pending.of(&known.service.id).is_some() {
        return Some(Text::OperationWhyPending);
    }
    let wanted = if operation == Operation::Resume {
        UserServiceStatus::Stop
    } else {
        UserServiceStatus::Running
    };
    if known.service.status != wanted {
        return Some(if operation == Operation::Resume {
            Text::OperationWhyNotPaused
        } else {
            Text::OperationWhyNotRunning
        });
    }
    known.access.is_err().then_some(Text::ServiceForeign)
}

/// The buttons.
#[component]
pub fn Actions(app: App, data: ServiceData) -> impl IntoView {
    let status = Memo::new(move |_| data.known().map(|known| known.service.status.clone()));
    move || {
        // Only what makes sense in this part of the service's life is there; what is not possible at the moment says why.
        let offered: &[Operation] = match status.get() {
            Some(UserServiceStatus::Running) => &[Operation::Restart, Operation::Pause],
            Some(UserServiceStatus::Stop) => &[Operation::Resume],
            _ => &[],
        };
        let buttons = offered
            .iter()
            .map(|operation| view! { <Action app data operation=*operation /> })
            .collect_view();
        let offers = |action| status.get().is_some_and(|status| can_in(action, &status).is_ok());
        view! {
            {buttons}
            {offers(capability::Action::Renew).then(|| view! { <Renew app data /> })}
            {offers(capability::Action::Refund).then(|| view! { <Refund app data /> })}
        }
    }
}

/// Leads to the page that orders more time.
#[component]
fn Renew(app: App, data: ServiceData) -> impl IntoView {
    let navigate = use_navigate();
    let is_pending = move || {
        data.known()
            .is_some_and(|known| app.pending.of(&known.service.id).is_some())
    };
    let go = move |_| {
        if let Some(known) = untrack(|| data.known()) {
            let page = Page::Renew(vec![known.service.id.clone()]);
            navigate(&page.path(), NavigateOptions::default());
        }
    };
    view! {
        <button
            class="button"
            type="button"
            disabled=is_pending
            title=move || is_pending().then(|| i18n::text(Text::OperationWhyPending))
            on:click=go
        >
            <Icon shape=Shape::Clock />
            {t(Text::RenewTitle)}
        </button>
    }
}

/// Asks whether the service is to be refunded.
#[component]
fn Refund(app: App, data: ServiceData) -> impl IntoView {
    let is_pending = move || {
        data.known()
            .is_some_and(|known| app.pending.of(&known.service.id).is_some())
    };
    let ask = move |_| {
        if let Some(known) = untrack(|| data.known()) {
            let target = Target {
                service: known.service.clone(),
                label: known.label.text(),
            };
            app.orders.refund.set(Some(Arc::new(vec![target])));
        }
    };
    view! {
        <button
            class="button"
            type="button"
            disabled=is_pending
            title=move || is_pending().then(|| i18n::text(Text::OperationWhyPending))
            on:click=ask
        >
            <Icon shape=Shape::Refund />
            {t(Text::RefundName)}
        </button>
    }
}

#[component]
fn Action(app: App, data: ServiceData, operation: Operation) -> impl IntoView {
    let open = RwSignal::new(false);
    let sending = RwSignal::new(false);
    let (name, title, effect, shape) = texts(operation);
    let why_not = move || data.known().and_then(|known| obstacle(app, &known, operation));
    let send = Callback::new(move |()| {
        let Some(known) = untrack(|| data.known()) else { return };
        let before = untrack(|| data.pod.get())
            .value()
            .map(|pod| started_at(pod))
            .unwrap_or_default();
        sending.set(true);
        spawn_local(async move {
            // Not aborted when the page is left: what was confirmed is carried out.
            let answer = app.services.operate(&known, operation, &Abort::new()).await;
            sending.try_set(false);
            match answer {
                Ok(()) => {
                    app.pending.begin(&known.service.id, operation, before);
                    app.services.expect_change();
                    toast(Tone::Good, untrack(|| i18n::text(Text::OperationSent)).to_owned());
                }
                Err(error) => {
                    let explained = untrack(|| explain(&error));
                    let reason = explained.detail.unwrap_or_else(|| explained.title.to_owned());
                    let id = known.service.id.clone();
                    toast(
                        Tone::Bad,
                        untrack(|| i18n::text_with(Text::OperationFailed, &[("id", &id), ("reason", &reason)])),
                    );
                }
            }
        });
    });
    view! {
        <button
            class="button"
            type="button"
            disabled=move || why_not().is_some() || sending.get()
            title=move || why_not().map(i18n::text)
            on:click=move |_| open.set(true)
        >
            {move || {
                if sending.get() {
                    view! { <span class="spinner"></span> }.into_any()
                } else {
                    view! { <Icon shape /> }.into_any()
                }
            }}
            {t(name)}
        </button>
        <Confirm
            open
            title=Signal::derive(move || i18n::text(title).to_owned())
            target=Signal::derive(move || {
                data.known()
                    .map(|known| format!("{} {}", known.service.id, known.label.text()).trim_end().to_owned())
                    .unwrap_or_default()
            })
            effect=Signal::derive(move || i18n::text(effect).to_owned())
            action=Signal::derive(move || i18n::text(name).to_owned())
            danger=operation == Operation::Pause
            on_confirm=send
        />
    }
}
