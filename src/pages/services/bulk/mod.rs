//! What can be done to all selected services of the list at once.

mod ask;
mod run;

use leptos::prelude::*;
use vcloud_api::capability::{Reason, can};

use super::columns::Row;
use super::selected::Selected;
use crate::components::{Dialog, Icon, Shape, Tone, toast};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::extension::closed;
use crate::state::bulk::Job;
use crate::state::drafts::Resumable;
use crate::state::pending::Operation;
use crate::state::{App, Remote};

/// The texts and the icon of a job.
struct JobTexts {
    name: Text,
    title: Text,
    effect: Text,
    action: Plural,
    shape: Shape,
}

const fn texts(job: Job) -> JobTexts {
    match job {
        Job::Operate(Operation::Restart) => JobTexts {
            name: Text::OperationRestart,
            title: Text::BulkRestartTitle,
            effect: Text::BulkRestartEffect,
            action: Plural::BulkRestartDo,
            shape: Shape::Restart,
        },
        Job::Operate(Operation::Pause) => JobTexts {
            name: Text::OperationPause,
            title: Text::BulkPauseTitle,
            effect: Text::BulkPauseEffect,
            action: Plural::BulkPauseDo,
            shape: Shape::Pause,
        },
        Job::Operate(Operation::Resume) => JobTexts {
            name: Text::OperationResume,
            title: Text::BulkResumeTitle,
            effect: Text::BulkResumeEffect,
            action: Plural::BulkResumeDo,
            shape: Shape::Play,
        },
        Job::Label => JobTexts {
            name: Text::BulkLabel,
            title: Text::BulkLabelTitle,
            effect: Text::BulkLabelEffect,
            action: Plural::BulkLabelDo,
            shape: Shape::Tag,
        },
    }
}

/// Why a job is not done to a service as it is now (tracked); `None` where it is.
fn obstacle(app: App, job: Job, row: &Row) -> Option<Text> {
    let id = &row.service.id;
    if let Err(reason) = can(job.action(), &row.service) {
        return Some(match reason {
            Reason::Stopped => Text::BulkWhyStopped,
            Reason::Running => Text::BulkWhyRunning,
            Reason::NotDeployed => Text::BulkWhyNotDeployed,
            Reason::AlreadyDeployed => Text::BulkWhyDeployed,
            Reason::Ended => Text::BulkWhyEnded,
            Reason::Aborted => Text::BulkWhyAborted,
            Reason::UnknownStatus => Text::BulkWhyUnknown,
        });
    }
    if job != Job::Label && app.pending.of(id).is_some() {
        return Some(Text::OperationWhyPending);
    }
    match app.services.known.peek(id) {
        Remote::Ready { value, .. } => value.access.as_ref().err().map(closed),
        Remote::Loading | Remote::Failed(_) => None,
    }
}

/// What is asked about: a job, and the services that were selected when it was chosen.
#[derive(Clone, PartialEq)]
struct Question {
    job: Job,
    rows: Vec<Row>,
}

/// What the page keeps of it: the question, and whether the dialog is shown.
#[derive(Clone, Copy)]
pub struct BulkDialog {
    open: RwSignal<bool>,
    question: RwSignal<Option<Question>>,
}

impl BulkDialog {
    /// Nothing is asked.
    pub fn new() -> BulkDialog {
        BulkDialog {
            open: RwSignal::new(false),
            question: RwSignal::new(None),
        }
    }
}

/// The buttons beside the number of selected services.
#[component]
pub fn Buttons(app: App, selected: Selected, dialog: BulkDialog) -> impl IntoView {
    Job::ALL
        .map(|job| {
            let JobTexts { name, shape, .. } = texts(job);
            let ask = move |_| {
                let rows = selected.rows_untracked();
                dialog.question.set(Some(Question { job, rows }));
                dialog.open.set(true);
            };
            view! {
                <button
                    class="button"
                    type="button"
                    disabled=move || app.bulk.is_running()
                    title=move || app.bulk.is_running().then(|| i18n::text(Text::BulkWhyBusy))
                    on:click=ask
                >
                    <Icon shape />
                    {t(name)}
                </button>
            }
        })
        .collect_view()
}

/// The dialog that asks and then shows what comes of it; and, while it is closed, a line that says how far it is.
#[component]
pub fn BulkRun(app: App, dialog: BulkDialog) -> impl IntoView {
    let BulkDialog { open, question } = dialog;
    let asks_label =
        move || question.with(|question| question.as_ref().is_some_and(|question| question.job == Job::Label));
    let draft = Resumable::<String>::new(app.session, "bulk-label", asks_label);
    let title = Signal::derive(move || {
        let asked = question.with(|question| question.as_ref().map(|question| texts(question.job).title));
        let running = app.bulk.get().map(|run| texts(run.job).name);
        asked.or(running).map(i18n::text).unwrap_or_default().to_owned()
    });
    // Whoever closes it has seen what came of it; what is under way stays to be looked at.
    Effect::new(move |was_open: Option<bool>| {
        let is_open = open.get();
        if was_open == Some(true) && !is_open {
            if question.with_untracked(Option::is_some) {
                question.set(None);
            } else {
                app.bulk.dismiss();
            }
        }
        is_open
    });
    let content = move || match question.get() {
        Some(asked) => view! { <ask::Ask app dialog question=asked draft /> }.into_any(),
        None => view! { <run::Progress app open /> }.into_any(),
    };
    view! {
        <Dialog open title>{content}</Dialog>
        <Show when=move || !open.get()>
            <run::Bar app dialog />
        </Show>
    }
}

/// Says how it ended, wherever the person is by then, unless they look at it.
pub fn announce(app: App) {
    Effect::new(move |was_running: Option<bool>| {
        let is_running = app.bulk.is_running();
        if was_running == Some(true)
            && !is_running
            && !app.bulk.is_watched()
            && let Some(run) = untrack(|| app.bulk.get())
        {
            let counts = run.batch.counts();
            let text = untrack(|| {
                let name = i18n::text(texts(run.job).name);
                i18n::text_with(
                    Text::BulkEnded,
                    &[
                        ("name", name),
                        ("accepted", &i18n::number(counts.accepted as u64)),
                        ("failed", &i18n::number((counts.failed + counts.not_sent) as u64)),
                    ],
                )
            });
            let tone = if counts.failed > 0 { Tone::Bad } else { Tone::Good };
            toast(tone, text);
        }
        is_running
    });
}
