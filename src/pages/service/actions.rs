//! Restart, pause, resume, refund: asked about, sent once, shown as pending until the platform confirms. And the ways to the
//! form that starts the service or changes what runs in it, and to more time.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use vcloud_api::capability::{self, can_in};
use vcloud_api::types::UserServiceStatus;

use super::data::ServiceData;
use crate::components::{Confirm, Icon, Shape, Tone, toast};
use crate::i18n::{self, Text, t};
use crate::net::Abort;
use crate::pages::explain_briefly;
use crate::pages::extension::closed;
use crate::route::{Page, Tab};
use crate::state::App;
use crate::state::bulk::Failure;
use crate::state::commands::Asked;
use crate::state::orders::Target;
use crate::state::pending::{Operation, started_at};
use crate::state::services::Known;

const fn texts(operation: Operation) -> (Text, Text, Text) {
    match operation {
        Operation::Restart => (
            Text::OperationRestart,
            Text::OperationRestartTitle,
            Text::OperationRestartEffect,
        ),
        Operation::Pause => (
            Text::OperationPause,
            Text::OperationPauseTitle,
            Text::OperationPauseEffect,
        ),
        Operation::Resume => (
            Text::OperationResume,
            Text::OperationResumeTitle,
            Text::OperationResumeEffect,
        ),
    }
}

/// The icon of an operation.
pub const fn operation_shape(operation: Operation) -> Shape {
    match operation {
        Operation::Restart => Shape::Restart,
        Operation::Pause => Shape::Pause,
        Operation::Resume => Shape::Play,
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
    known.access.as_ref().err().map(closed)
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
            <DeployLink data />
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

/// Leads to the form of the deployment, where there is something to do in it.
#[component]
fn DeployLink(data: ServiceData) -> impl IntoView {
    let known = untrack(|| data.known())?;
    let runs_containers = known.service.service_options.resource_unit().is_ok();
    let (name, shape, class) = match known.service.status {
        UserServiceStatus::Pending if runs_containers => (Text::DeployStart, Shape::Play, "button button-primary"),
        UserServiceStatus::Running if runs_containers => (Text::DeployUpdate, Shape::Box, "button"),
        _ => return None,
    };
    let href = Page::Service(known.service.id.clone(), Tab::Deployment).href();
    let location = use_location();
    let here = href.clone();
    // Not where it leads to.
    Some(move || {
        let is_here = location.pathname.with(|path| path.trim_end_matches('/') == here);
        (!is_here).then(|| {
            view! {
                <a class=class href=href.clone()>
                    <Icon shape />
                    {t(name)}
                </a>
            }
        })
    })
}

#[component]
fn Action(app: App, data: ServiceData, operation: Operation) -> impl IntoView {
    let (name, ..) = texts(operation);
    let why_not = move || data.known().and_then(|known| obstacle(app, &known, operation));
    let sending = move || {
        data.known()
            .is_some_and(|known| app.commands.is_sending(&known.service.id))
    };
    let ask = move |_| {
        if let Some(known) = untrack(|| data.known()) {
            app.commands.asked.set(Some(Asked {
                operation,
                id: known.service.id.clone(),
                label: known.label.text(),
            }));
        }
    };
    view! {
        <button
            class="button"
            type="button"
            disabled=move || why_not().is_some() || sending()
            title=move || why_not().map(i18n::text)
            on:click=ask
        >
            {move || {
                if sending() {
                    view! { <span class="spinner"></span> }.into_any()
                } else {
                    view! { <Icon shape=operation_shape(operation) /> }.into_any()
                }
            }}
            {t(name)}
        </button>
    }
}

/// The question before an operation, wherever it was asked for: once in the frame around the pages.
#[component]
pub fn AskOperation(app: App) -> impl IntoView {
    move || {
        app.commands.asked.get().map(|asked| {
            let (name, title, effect) = texts(asked.operation);
            let target = format!("{} {}", asked.id, asked.label).trim_end().to_owned();
            let danger = asked.operation == Operation::Pause;
            view! {
                <Confirm
                    open=RwSignal::new(true)
                    title=Signal::derive(move || i18n::text(title).to_owned())
                    target=Signal::stored(target)
                    effect=Signal::derive(move || i18n::text(effect).to_owned())
                    action=Signal::derive(move || i18n::text(name).to_owned())
                    danger
                    on_confirm=Callback::new(move |()| carry_out(app, asked.clone()))
                />
            }
        })
    }
}

/// Sends what was confirmed, and says what came of it. It is not given up when the page is left.
fn carry_out(app: App, asked: Asked) {
    app.commands.set_sending(&asked.id, true);
    spawn_local(async move {
        let answer = send(app, &asked).await;
        app.commands.set_sending(&asked.id, false);
        match answer {
            Ok(()) => toast(Tone::Good, untrack(|| i18n::text(Text::OperationSent)).to_owned()),
            Err(Failure { why, may_be_done }) => {
                let reason = untrack(|| explain_briefly(&why));
                let values = [("id", asked.id.as_str()), ("reason", reason.as_str())];
                let words = if may_be_done {
                    // What came of it is to be seen as soon as it can be.
                    app.services.expect_change();
                    Text::OperationUnclear
                } else {
                    Text::OperationFailed
                };
                toast(Tone::Bad, untrack(|| i18n::text_with(words, &values)));
            }
        }
    });
}

async fn send(app: App, asked: &Asked) -> Result<(), Failure> {
    let services = app.services;
    let known = services.look_up(app, &asked.id).await.map_err(Failure::before)?;
    // A restart is confirmed by containers that started later than those of now.
    let before = match asked.operation {
        Operation::Restart if services.pods.is_followed(&asked.id) => untrack(|| services.pods.peek(&asked.id))
            .value()
            .map(|pod| started_at(pod))
            .unwrap_or_default(),
        Operation::Restart => {
            let pod = services
                .pod(known.open().map_err(Failure::before)?, &Abort::new())
                .await;
            pod.map(|pod| started_at(&pod)).unwrap_or_default()
        }
        Operation::Pause | Operation::Resume => Vec::new(),
    };
    let sent = services.operate(&known, asked.operation, &Abort::new()).await;
    sent.map_err(Failure::of_change)?;
    app.pending.begin(&asked.id, asked.operation, before);
    services.expect_change();
    Ok(())
}
