//! The form itself, with its draft.

use std::time::Duration;

use leptos::prelude::*;
use vcloud_api::types::Deployment;
use wasm_bindgen::JsCast;

use super::budget::BudgetBar;
use super::container::ContainerCard;
use super::editing::Editing;
use super::export::Export;
use super::form::Form;
use super::import::Import;
use super::review::{Review, Sending};
use crate::components::{Confirm, DraftOffer, ErrorMessage, Icon, Message, Shape, Tone};
use crate::i18n::{self, Text, t};
use crate::pages::explain_change;
use crate::state::App;
use crate::state::drafts::{Draft, Keep, Place};
use crate::state::services::{Access, Known};

/// The form of a service: empty for a first start, else of what runs.
#[component]
pub fn Sheet(
    app: App,
    known: Known,
    access: Access,
    /// What runs now.
    running: Option<Deployment>,
    sending: Sending,
    on_sent: Callback<()>,
) -> impl IntoView {
    let is_update = running.is_some();
    let beginning = running.as_ref().map_or_else(Form::new, Form::from_deployment);
    let place = Place::of(app.session, &super::draft_name(&known.service.id));
    // What was left for another page comes back whole; what was left longer ago is offered.
    let held = place.as_ref().and_then(|place| app.unsent.take::<Form>(place));
    let draft = place
        .as_ref()
        .filter(|_| held.is_none())
        .and_then(Place::load::<Form>)
        .filter(|draft| draft.content != beginning.clone().draft(running.as_ref()).without_secrets());
    let offered = RwSignal::new(draft);
    let editing = Editing::new(&known, access, is_update, held.unwrap_or_else(|| beginning.clone()));
    let running = StoredValue::new(running);
    let beginning = StoredValue::new(beginning);

    let keeper = place.clone().map(|place| {
        place.keep(move || {
            let form = editing.fields.read();
            if offered.with(Option::is_some) {
                Keep::AsItIs
            } else if beginning.with_value(|beginning| *beginning == form) {
                Keep::Nothing
            } else {
                Keep::This(running.with_value(|running| form.draft(running.as_ref())))
            }
        })
    });
    // The fields are gone when the page goes, so what is in them is held as well.
    let latest = StoredValue::new(None::<Form>);
    Effect::new(move |_| latest.set_value(Some(editing.fields.read())));
    let is_sent = StoredValue::new(false);
    if let Some(place) = place {
        on_cleanup(move || {
            let form = latest.try_update_value(Option::take).flatten();
            let is_new = |form: &Form| beginning.with_value(|beginning| beginning != form);
            if let Some(form) = form.filter(|form| !is_sent.get_value() && is_new(form)) {
                app.unsent.put(&place, form);
            }
        });
    }
    let on_sent = Callback::new(move |()| {
        is_sent.set_value(true);
        if let Some(keeper) = keeper {
            keeper.forget();
        }
        on_sent.run(());
    });
    let take_draft = move |draft: Draft<Form>| {
        let mut form = draft.content;
        running.with_value(|running| form.complete(running.as_ref()));
        offered.set(None);
        editing.fields.replace(form);
    };
    move || match offered.get() {
        Some(draft) => {
            let at = draft.at;
            view! {
                <DraftOffer
                    at
                    left_out=Signal::derive(|| i18n::text(Text::DeployDraftLeftOut).to_owned())
                    on_continue=Callback::new(move |()| take_draft(draft.clone()))
                    on_discard=Callback::new(move |()| {
                        if let Some(keeper) = keeper {
                            keeper.forget();
                        }
                        offered.set(None);
                    })
                />
            }
            .into_any()
        }
        None => view! { <Open editing running beginning sending on_sent /> }.into_any(),
    }
}

/// The form, open for typing.
#[component]
fn Open(
    editing: Editing,
    running: StoredValue<Option<Deployment>>,
    beginning: StoredValue<Form>,
    sending: Sending,
    on_sent: Callback<()>,
) -> impl IntoView {
    let reviewing = RwSignal::new(false);
    let importing = RwSignal::new(false);
    let exporting = RwSignal::new(false);
    let resetting = RwSignal::new(false);
    let review = Callback::new(move |()| {
        if editing_is_right(editing) {
            sending.failure.set(None);
            reviewing.set(true);
        } else {
            editing.insisted.set(true);
            show_what_is_wrong(editing);
        }
    });
    let is_changed = Memo::new(move |_| {
        let form = editing.fields.read();
        beginning.with_value(|beginning| *beginning != form)
    });
    let target = editing.known.with_value(|known| known.service.id.clone());
    let title = if editing.is_update {
        Text::DeployUpdateTitle
    } else {
        Text::DeployStartTitle
    };
    let about = if editing.is_update {
        Text::DeployUpdateAbout
    } else {
        Text::DeployStartAbout
    };
    view! {
        <div class="deploy">
            <div class="deploy-intro">
                <div class="stack-tight">
                    <h2>{t(title)}</h2>
                    <p class="soft">{t(about)}</p>
                </div>
                <div class="row spread">
                    <button class="button" type="button" on:click=move |_| importing.set(true)>
                        <Icon shape=Shape::Upload />
                        {t(Text::ImportAction)}
                    </button>
                    <button class="button" type="button" on:click=move |_| exporting.set(true)>
                        <Icon shape=Shape::Download />
                        {t(Text::ImportExport)}
                    </button>
                    <button
                        class="button button-quiet"
                        type="button"
                        disabled=move || !is_changed.get()
                        title=move || (!is_changed.get()).then(|| i18n::text(Text::DeployNothingChanged))
                        on:click=move |_| resetting.set(true)
                    >
                        {t(Text::DeployReset)}
                    </button>
                </div>
            </div>
            <Failure sending hidden=reviewing.into() />
            <BudgetBar editing on_review=review />
            <WhatIsWrong editing />
            <div class="deploy-form">
                <For each=move || editing.fields.containers.get() key=|container| container.key let:container>
                    <ContainerCard editing container />
                </For>
                {move || {
                    editing
                        .fields
                        .containers
                        .with(Vec::is_empty)
                        .then(|| view! { <div class="card empty"><p>{t(Text::DeployNoContainer)}</p></div> })
                }}
            </div>
            // Where the bar does not stay in sight, the way on is at the end as well.
            <div class="form-actions deploy-end">
                <button class="button button-primary" type="button" on:click=move |_| review.run(())>
                    {t(Text::DeployReview)}
                    <Icon shape=Shape::Next />
                </button>
            </div>
            <p class="soft small">{t(Text::DeployDraftKept)}</p>
            <Review editing open=reviewing sending running on_sent />
            <Import editing open=importing />
            <Export editing open=exporting />
            <Confirm
                open=resetting
                title=Signal::derive(|| i18n::text(Text::DeployResetTitle).to_owned())
                target=Signal::stored(target)
                effect=Signal::derive(move || {
                    i18n::text(if editing.is_update { Text::DeployResetEffectUpdate } else { Text::DeployResetEffect }).to_owned()
                })
                action=Signal::derive(|| i18n::text(Text::DeployReset).to_owned())
                danger=true
                on_confirm=Callback::new(move |()| {
                    editing.insisted.set(false);
                    editing.fields.replace(beginning.get_value());
                })
            />
        </div>
    }
}

fn editing_is_right(editing: Editing) -> bool {
    untrack(|| editing.obstacles()).is_empty()
}

/// Opens what is closed and has something wrong in it, and brings the first such field into sight.
fn show_what_is_wrong(editing: Editing) {
    for (index, container) in editing.fields.containers.get_untracked().into_iter().enumerate() {
        if editing.checked.with_untracked(|checked| checked.has_wrong(index)) {
            container.collapsed.set(false);
        }
    }
    let focus = || {
        let first = document()
            .query_selector(".deploy-form [aria-invalid=true]")
            .ok()
            .flatten();
        if let Some(field) = first.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = field.focus();
        }
    };
    // The page is drawn anew first.
    set_timeout(focus, Duration::from_millis(50));
}

/// Everything that keeps it from being sent, once somebody tried.
#[component]
fn WhatIsWrong(editing: Editing) -> impl IntoView {
    let all = Memo::new(move |_| {
        if editing.insisted.get() {
            editing.obstacles()
        } else {
            Vec::new()
        }
    });
    move || {
        let all = all.get();
        (!all.is_empty()).then(|| {
            view! {
                <Message tone=Tone::Bad title=i18n::text(Text::DeployNotYet)>
                    <ul class="lines">
                        {all
                            .into_iter()
                            .map(|(container, text)| {
                                view! {
                                    <li>
                                        {container.map(|name| view! { <span class="mono">{name}</span>": " })}
                                        {text}
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                </Message>
            }
        })
    }
}

/// Why it was not sent, where nothing else says it, as the open review does.
#[component]
pub fn Failure(sending: Sending, hidden: Signal<bool>) -> impl IntoView {
    move || {
        let error = sending.failure.get().filter(|_| !hidden.get())?;
        let explained = explain_change(&error);
        Some(view! {
            <ErrorMessage title=explained.title advice=explained.advice detail=Signal::stored(explained.detail) />
        })
    }
}
