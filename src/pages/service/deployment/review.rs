//! The last look before it is sent: what will run, and for an update what changes. Sent once.

use leptos::prelude::*;
use leptos::task::spawn_local;
use vcloud_api::ApiError;
use vcloud_api::types::Deployment;

use super::editing::Editing;
use super::form::{Form, located};
use super::summary::{Labels, summary};
use crate::components::{Dialog, DiffView, ErrorMessage, Icon, Message, Shape, Tone, toast};
use crate::i18n::{self, Plural, Text, t};
use crate::net::Abort;
use crate::pages::{explain, explain_change, tell_failure};
use crate::state::bulk;
use crate::state::deployments;
use crate::state::drafts::Place;
use crate::state::{Remote, use_app};

/// What the parts are called (tracked).
fn labels() -> Labels {
    Labels {
        image: i18n::text(Text::DeployImage),
        login: i18n::text(Text::DeployLogin),
        units: i18n::text(Text::DeployUnits),
        port: i18n::text(Text::DeployPort),
        host_port: i18n::text(Text::ContainersHostPort),
        variable: i18n::text(Text::DeployVariable),
        new_value: i18n::text(Text::DeployNewValue),
        command: i18n::text(Text::DeployCommand),
        args: i18n::text(Text::DeployArgs),
        mount_path: i18n::text(Text::DeployMountPath),
        config: i18n::text(Text::DeployConfigFile),
    }
}

/// What becomes of sending.
#[derive(Clone, Copy)]
pub struct Sending {
    /// It is on its way.
    pub busy: RwSignal<bool>,
    /// It failed.
    pub failure: RwSignal<Option<ApiError>>,
}

impl Sending {
    /// Nothing was sent.
    pub fn new() -> Sending {
        Sending {
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
        }
    }
}

/// The dialog.
#[component]
pub fn Review(
    editing: Editing,
    open: RwSignal<bool>,
    sending: Sending,
    /// What ran when the form was opened.
    running: StoredValue<Option<Deployment>>,
    on_sent: Callback<()>,
) -> impl IntoView {
    let title = move || {
        i18n::text(if editing.is_update {
            Text::DeployReviewUpdate
        } else {
            Text::DeployReviewStart
        })
        .to_owned()
    };
    view! {
        <Dialog open title=Signal::derive(title) wide=true>
            <Content editing open sending running on_sent />
        </Dialog>
    }
}

#[component]
fn Content(
    editing: Editing,
    open: RwSignal<bool>,
    sending: Sending,
    running: StoredValue<Option<Deployment>>,
    on_sent: Callback<()>,
) -> impl IntoView {
    let app = use_app();
    // What is looked at is what is sent, whatever happens behind the dialog.
    let deployment = StoredValue::new(editing.checked.with_untracked(|checked| checked.deployment.clone()));
    let target = editing.known.with_value(|known| {
        let label = known.label.text();
        format!("{} {label}", known.service.id).trim_end().to_owned()
    });
    let current = use_current(editing);
    let before = Memo::new(move |_| current.get().value().map(|current| (**current).clone()));
    let changed_meanwhile = move || {
        editing.is_update
            && before
                .get()
                .is_some_and(|now| running.get_value().as_ref() != Some(&now))
    };
    let text = Signal::derive(move || {
        let before = before.get();
        deployment.with_value(|deployment| summary(deployment, before.as_ref(), &labels()))
    });
    let text_before = Signal::derive(move || {
        before
            .get()
            .map(|before| summary(&before, Some(&before), &labels()))
            .unwrap_or_default()
    });
    let changes_nothing = move || editing.is_update && before.with(Option::is_some) && text.get() == text_before.get();
    let send = move |_| {
        if sending.busy.get_untracked() {
            return;
        }
        sending.busy.set(true);
        sending.failure.set(None);
        let (access, wanted) = (editing.access.get_value(), deployment.get_value());
        let id = editing.known.with_value(|known| known.service.id.clone());
        let place = Place::of(app.session, &super::draft_name(&id));
        spawn_local(async move {
            // Not aborted when the page is left: what was confirmed is carried out.
            let sent = wanted.clone();
            let answer = deployments::deploy(&access, sent, editing.is_update, &Abort::new()).await;
            // Also after a failure: an answer that was lost on the way says nothing about what was done.
            app.services.expect_change();
            sending.busy.try_set(false);
            match answer {
                Ok(()) => {
                    // Also where the page was left meanwhile.
                    if let Some(place) = place {
                        place.remove();
                        drop(app.unsent.take::<Form>(&place));
                    }
                    if open.try_set(false).is_some() {
                        toast(Tone::Good, untrack(|| i18n::text(Text::OperationSent)).to_owned());
                    }
                    on_sent.try_run(());
                }
                Err(error) => {
                    if let Some(wrong) = located(&error.message, &wanted) {
                        editing.refusal.try_set(Some((wanted, wrong)));
                    }
                    // Where the page was left meanwhile, it is said wherever the person is now.
                    if let Some(Some(error)) = sending.failure.try_set(Some(error)) {
                        tell_failure(&id, &bulk::Failure::of_change(error));
                    }
                }
            }
        });
    };
    let effect = move || {
        if editing.is_update {
            return i18n::text(Text::DeployEffectUpdate).to_owned();
        }
        let hours = editing.known.with_value(|known| known.service.duration);
        i18n::text_with(
            Text::DeployEffectStart,
            &[("hours", &i18n::plural(Plural::ServiceHours, hours))],
        )
    };
    let waits = move || matches!(current.get(), Remote::Loading) || editing.is_checking();
    view! {
        <p class="mono">{target}</p>
        <p>{effect}</p>
        {move || changed_meanwhile().then(|| view! { <Message tone=Tone::Warn title=i18n::text(Text::DeployChangedMeanwhile) /> })}
        {move || changes_nothing().then(|| view! { <Message tone=Tone::Info title=i18n::text(Text::DeployChangesNothing) /> })}
        {move || match current.get() {
            Remote::Loading => view! { <span class="skeleton" role="status" aria-label=t(Text::DeployLoadingRunning)></span> }.into_any(),
            Remote::Ready { .. } if editing.is_update => {
                view! { <DiffView label=Signal::derive(|| i18n::text(Text::DeployDiff).to_owned()) before=text_before after=text /> }
                    .into_any()
            }
            Remote::Failed(error) => {
                view! {
                    <Message tone=Tone::Warn title=i18n::text(Text::DeployNoComparison)>
                        <p>{explain(&error).title}</p>
                    </Message>
                    <Whole text />
                }
                    .into_any()
            }
            Remote::Ready { .. } => view! { <Whole text /> }.into_any(),
        }}
        {move || {
            sending
                .failure
                .get()
                .map(|error| {
                    let explained = explain_change(&error);
                    view! {
                        <ErrorMessage
                            title=explained.title
                            advice=explained.advice
                            detail=Signal::stored(explained.detail)
                        />
                    }
                })
        }}
        <div class="dialog-actions">
            {move || {
                editing.is_checking().then(|| view! { <span class="pending"><span class="spinner"></span>{t(Text::DeployStillChecking)}</span> })
            }}
            <button class="button" type="button" autofocus on:click=move |_| open.set(false)>{t(Text::DeployBack)}</button>
            <button class="button button-primary" type="button" disabled=move || waits() || sending.busy.get() on:click=send>
                {move || {
                    if sending.busy.get() {
                        view! { <span class="spinner"></span> }.into_any()
                    } else {
                        view! { <Icon shape=Shape::Check /> }.into_any()
                    }
                }}
                {move || {
                    i18n::text(
                        match (sending.busy.get(), editing.is_update) {
                            (true, _) => Text::DeploySending,
                            (false, true) => Text::DeploySendUpdate,
                            (false, false) => Text::DeploySendStart,
                        },
                    )
                }}
            </button>
        </div>
    }
}

/// Everything that is sent.
#[component]
fn Whole(text: Signal<String>) -> impl IntoView {
    view! { <pre class="deploy-summary" tabindex="0" role="region" aria-label=t(Text::DeployWhatIsSent)>{move || text.get()}</pre> }
}

/// What runs at the moment of the review; for a first start there is nothing.
fn use_current(editing: Editing) -> RwSignal<Remote<Deployment>> {
    let current = RwSignal::new(Remote::Loading);
    if !editing.is_update {
        current.set(Remote::Loading.after(Ok(Deployment::default()), 0.0));
        return current;
    }
    let abort = Abort::new();
    let asked = abort.clone();
    let access = editing.access.get_value();
    spawn_local(async move {
        let answer = deployments::running(&access, &asked).await;
        if !asked.is_aborted() {
            current.try_set(Remote::Loading.after(answer, 0.0));
        }
    });
    let abort = send_wrapper::SendWrapper::new(abort);
    on_cleanup(move || abort.abort());
    current
}
