//! Before anything is done: to which services, with which effect, and which are left out and why.

use leptos::prelude::*;
use vcloud_api::validate::{MAXIMUM_NAME_LENGTH, NameError, label};

use super::super::columns::Row;
use super::{BulkDialog, JobTexts, Question, obstacle, texts};
use crate::components::{Field, Icon, Shape};
use crate::i18n::{self, Plural, Text, t};
use crate::state::App;
use crate::state::bulk::{Batch, Job, numbered};
use crate::state::drafts::Resumable;

/// What is wrong with a label, in the person's words (tracked).
fn label_error(error: NameError) -> String {
    match error {
        NameError::Empty => i18n::text(Text::BulkLabelEmpty).to_owned(),
        NameError::TooLong { length } => i18n::text_with(
            Text::BulkLabelTooLong,
            &[
                ("length", &i18n::number(length as u64)),
                ("most", &i18n::number(MAXIMUM_NAME_LENGTH as u64)),
            ],
        ),
        NameError::Character { character } => {
            i18n::text_with(Text::BulkLabelCharacter, &[("character", &character.to_string())])
        }
        NameError::Edge { character } => i18n::text_with(Text::BulkLabelEdge, &[("character", &character.to_string())]),
    }
}

/// The question.
#[component]
pub fn Ask(app: App, dialog: BulkDialog, question: Question, draft: Resumable<String>) -> impl IntoView {
    let Question { job, rows } = question;
    let JobTexts { effect, action, .. } = texts(job);
    let rows = StoredValue::new(rows);
    // Follows the services: what ends or changes while it is read is left out by then.
    let parts = Memo::new(move |_| {
        let mut parts = (Vec::new(), Vec::new());
        for row in rows.get_value() {
            match obstacle(app, job, &row) {
                None => parts.0.push(row),
                Some(why) => parts.1.push((row, why)),
            }
        }
        parts
    });
    let count = move || parts.with(|(targets, _)| targets.len());
    let template = RwSignal::new(String::new());
    if job == Job::Label {
        template.set(draft.take().unwrap_or_default());
        draft.keep(move || {
            let template = template.get();
            (!template.is_empty()).then_some(template)
        });
    }
    let tried = RwSignal::new(false);
    // The first label that is against the rules; the number makes the last one the longest.
    let problem = Memo::new(move |_| {
        if job != Job::Label {
            return None;
        }
        template.with(|template| {
            let mut numbers = (1..=count().max(1)).rev();
            numbers.find_map(|number| label(&numbered(template, number)).err())
        })
    });
    let error = Signal::derive(move || {
        let typed = template.with(|template| !template.is_empty());
        problem.get().filter(|_| typed || tried.get()).map(label_error)
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if problem.get_untracked().is_some() || untrack(count) == 0 {
            return;
        }
        let targets = parts.with_untracked(|(targets, _)| targets.clone());
        let template = template.get_untracked();
        let batch = Batch::new(targets.into_iter().enumerate().map(|(index, row)| {
            let new_label = if job == Job::Label {
                numbered(&template, index + 1)
            } else {
                String::new()
            };
            (row.service.id, row.label, new_label)
        }));
        app.bulk.start(app, job, batch);
        dialog.question.set(None);
    };
    let field = (job == Job::Label).then(|| {
        view! {
            <div class="bulk-part">
                <Field
                    label=Signal::derive(|| i18n::text(Text::ColumnLabel).to_owned())
                    value=template
                    help=Signal::derive(|| i18n::text(Text::BulkLabelHelp).to_owned())
                    error
                    mono=true
                />
                <button
                    class="button-link small"
                    type="button"
                    on:click=move |_| template.update(|template| {
                        if !template.contains(NUMBER) {
                            let separator = if template.is_empty() { "" } else { "-" };
                            template.push_str(separator);
                            template.push_str(NUMBER);
                        }
                    })
                >
                    {t(Text::BulkLabelNumber)}
                </button>
            </div>
        }
    });
    let targets = move || {
        parts.with(|(targets, _)| {
            (!targets.is_empty()).then(|| {
                let rows = targets
                    .iter()
                    .enumerate()
                    .map(|(index, row)| {
                        let label = move || {
                            (job == Job::Label && problem.get().is_none())
                                .then(|| template.with(|template| numbered(template, index + 1)))
                        };
                        view! {
                            <li class="bulk-item">
                                {name(row)}
                                <span class="mono">{move || label().map(|label| format!("→ {label}"))}</span>
                            </li>
                        }
                    })
                    .collect_view();
                view! {
                    <div class="bulk-part">
                        <h3>{i18n::plural(Plural::BulkTargets, targets.len() as u64)}</h3>
                        <ul class="bulk-list" tabindex="0" aria-label=t(Text::BulkTargetsName)>{rows}</ul>
                    </div>
                }
            })
        })
    };
    let left_out = move || {
        parts.with(|(_, left_out)| {
            (!left_out.is_empty()).then(|| {
                let rows = left_out
                    .iter()
                    .map(|(row, why)| {
                        view! {
                            <li class="bulk-item">
                                {name(row)}
                                <span class="bulk-why">{t(*why)}</span>
                            </li>
                        }
                    })
                    .collect_view();
                view! {
                    <div class="bulk-part">
                        <h3>{i18n::plural(Plural::BulkLeftOut, left_out.len() as u64)}</h3>
                        <ul class="bulk-list" tabindex="0" aria-label=t(Text::BulkLeftOutName)>{rows}</ul>
                    </div>
                }
            })
        })
    };
    let is_pause = job == Job::Operate(crate::state::pending::Operation::Pause);
    let class = if is_pause {
        "button button-danger"
    } else {
        "button button-primary"
    };
    view! {
        <form class="form" on:submit=send novalidate>
            {field}
            {targets}
            <p>{t(effect)}</p>
            {left_out}
            <div class="dialog-actions">
                <button class="button" type="button" autofocus on:click=move |_| dialog.open.set(false)>
                    {t(Text::ActionCancel)}
                </button>
                <button class=class type="submit" disabled=move || count() == 0>
                    <Icon shape=Shape::Check />
                    {move || i18n::plural(action, count() as u64)}
                </button>
            </div>
        </form>
    }
}

/// What stands for the number in a label.
const NUMBER: &str = "{n}";

fn name(row: &Row) -> impl IntoView + use<> {
    view! {
        <span class="bulk-name">
            <span class="mono">{row.service.id.clone()}</span>
            <span>{row.label.clone()}</span>
        </span>
    }
}
