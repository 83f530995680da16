//! Changing configuration files and environment: typed, then reviewed.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use vcloud_api::types::{ConfigUpdate, UserServiceStatus};

use super::super::leaving::ask_before_unload;
use super::changes::{ContainerConfig, update, wrong_variables};
use super::env::EnvironmentFields;
use super::fields::ContainerFields;
use super::review::Review;
use super::{Shared, syntax_of};
use crate::components::{Confirm, Editor, Icon, Message, Shape, Tone};
use crate::i18n::{self, Text, t};
use crate::state::commands::Begin;
use crate::state::drafts::{Keep, Sealed};

/// What is being changed. It may be secret: held in memory, and stored only sealed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// What was in force when it was begun.
    pub before: Vec<ContainerConfig>,
    /// What is typed.
    pub after: Vec<ContainerConfig>,
}

impl Draft {
    /// Nothing typed yet.
    pub fn of(before: Vec<ContainerConfig>) -> Draft {
        Draft {
            after: before.clone(),
            before,
        }
    }
}

/// Whether something in it breaks a rule, so that it can't be sent.
fn is_wrong(after: &[ContainerConfig]) -> bool {
    after.iter().any(|container| {
        let rows: Vec<(String, String)> = container
            .env
            .iter()
            .map(|variable| (variable.name.clone(), variable.value.expose().to_owned()))
            .collect();
        let is_empty = container
            .file
            .as_ref()
            .is_some_and(|file| file.expose().trim().is_empty());
        is_empty || wrong_variables(&rows).iter().any(Option::is_some)
    })
}

/// The form.
#[component]
pub fn Edit(shared: Shared) -> impl IntoView {
    let session = shared.app.session;
    let draft = shared.draft.get_untracked().unwrap_or(Draft::of(Vec::new()));
    let containers: Vec<ContainerFields> = draft.after.iter().map(ContainerFields::new).collect();
    let containers = StoredValue::new(containers);
    let before = StoredValue::new(draft.before);
    let after = Memo::new(move |_| {
        containers.with_value(|containers| {
            containers
                .iter()
                .map(|container| container.read())
                .collect::<Vec<ContainerConfig>>()
        })
    });
    let changes = Memo::new(move |_| before.with_value(|before| after.with(|after| update(before, after))));
    let has_changes = Memo::new(move |_| changes.with(|changes| *changes != ConfigUpdate::default()));
    let wrong = Memo::new(move |_| after.with(|after| is_wrong(after)));
    let reviewing = RwSignal::new(false);
    let discarding = RwSignal::new(false);
    let accepted = RwSignal::new(false);
    let place = StoredValue::new(shared.place());
    // Asked for once more while it is open, it is open.
    Effect::new(move |_| {
        if let Some(known) = shared.data.known() {
            shared.app.commands.take(&known.service.id, Begin::Config);
        }
    });
    // After a reload, a lock or an expired session it is offered again.
    let keeper = shared.place().map(|place| {
        place.keep(move || match (accepted.get(), has_changes.get()) {
            (true, _) => Keep::AsItIs,
            (false, false) => Keep::Nothing,
            (false, true) => {
                let draft = Draft {
                    before: before.get_value(),
                    after: after.get(),
                };
                Sealed::of(session, &draft).map_or(Keep::AsItIs, Keep::This)
            }
        })
    });
    let forget = move || {
        if let Some(keeper) = keeper {
            keeper.forget();
        }
    };
    Effect::new(move |_| {
        if accepted.get() {
            forget();
        }
    });
    // Left for another page, it is there again when this one is shown again.
    on_cleanup(move || {
        let is_open = shared.draft.try_with_untracked(Option::is_some) == Some(true)
            && accepted.try_get_untracked() == Some(false);
        let typed = after.try_get_untracked().zip(before.try_get_value());
        let place = place.try_get_value().flatten();
        if let (true, Some(true), Some((after, before)), Some(place)) =
            (is_open, has_changes.try_get_untracked(), typed, place)
        {
            shared.app.unsent.put(&place, Draft { before, after });
        }
    });
    ask_before_unload(move || shared.draft.with(Option::is_some) && has_changes.get() && !accepted.get());
    let close = move || shared.draft.set(None);
    let discard = move |_| {
        if has_changes.get_untracked() {
            discarding.set(true);
        } else {
            close();
        }
    };
    let is_paused = move || {
        let known = shared.data.known();
        known.is_some_and(|known| known.service.status == UserServiceStatus::Stop)
    };
    view! {
        <Show
            when=move || !reviewing.get()
            fallback=move || {
                view! {
                    <Review
                        shared
                        began_with=before
                        after
                        accepted
                        on_back=Callback::new(move |()| reviewing.set(false))
                        on_done=Callback::new(move |()| close())
                    />
                }
            }
        >
            <form
                class="stack"
                on:submit=move |event| {
                    event.prevent_default();
                    if has_changes.get_untracked() && !wrong.get_untracked() {
                        reviewing.set(true);
                    }
                }
            >
                <Message tone=Tone::Info title=Signal::derive(|| i18n::text(Text::ConfigFilesEffect).to_owned())>
                    <p>{move || i18n::text(if is_paused() { Text::ConfigFilesEffectPaused } else { Text::ConfigFilesEffectRunning })}</p>
                </Message>
                {containers
                    .get_value()
                    .into_iter()
                    .map(|container| view! { <ContainerForm container /> })
                    .collect_view()}
                <div class="form-actions form-foot">
                    <button class="button button-primary" type="submit" disabled=move || !has_changes.get() || wrong.get()>
                        <Icon shape=Shape::Next />
                        {t(Text::ConfigFilesReview)}
                    </button>
                    <button class="button" type="button" on:click=discard>
                        {move || i18n::text(if has_changes.get() { Text::ConfigFilesDiscard } else { Text::ActionCancel })}
                    </button>
                    <span class="soft small" aria-live="polite">
                        {move || {
                            i18n::text(
                                if wrong.get() {
                                    Text::ConfigFilesWrong
                                } else if has_changes.get() {
                                    Text::ConfigFilesUnsaved
                                } else {
                                    Text::ConfigFilesUnchanged
                                },
                            )
                        }}
                    </span>
                </div>
            </form>
        </Show>
        <Confirm
            open=discarding
            title=Signal::derive(|| i18n::text(Text::ConfigFilesDiscardTitle).to_owned())
            target=Signal::derive(move || {
                shared.data.known().map(|known| format!("{} {}", known.service.id, known.label.text())).unwrap_or_default()
            })
            effect=Signal::derive(|| i18n::text(Text::ConfigFilesDiscardEffect).to_owned())
            action=Signal::derive(|| i18n::text(Text::ConfigFilesDiscard).to_owned())
            danger=true
            on_confirm=Callback::new(move |()| {
                forget();
                close();
            })
        />
    }
}

#[component]
fn ContainerForm(container: ContainerFields) -> impl IntoView {
    let name = container.name.get_value();
    let (title, heading) = (name.clone(), name.clone());
    let path = container.path.get_value();
    let label = Signal::derive(move || i18n::text_with(Text::ConfigFilesFileOf, &[("container", &name)]));
    let syntax = Signal::derive(move || {
        container
            .path
            .with_value(|path| container.file.with(|file| syntax_of(path, file)))
    });
    let error = Signal::derive(move || {
        let is_empty = container.file.with(|file| file.trim().is_empty());
        is_empty.then(|| i18n::text(Text::ConfigFilesEmptyFile).to_owned())
    });
    view! {
        <section class="card" aria-label=title>
            <div class="card-head">
                <h2 class="mono">{heading}</h2>
                <span class="mono small soft">{path}</span>
            </div>
            <div class="config-body">
                {if container.has_file {
                    view! { <Editor label value=container.file syntax error /> }.into_any()
                } else {
                    view! { <p class="soft">{t(Text::ConfigFilesNoFile)}</p> }.into_any()
                }}
                <EnvironmentFields container />
            </div>
        </section>
    }
}
