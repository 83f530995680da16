//! Unbinding some domains, or all.

use ::domains::rebind::Plan;
use leptos::prelude::*;
use leptos::task::spawn_local;
use vcloud_api::ErrorKind;

use super::{Shared, words};
use crate::components::{Dialog, ErrorMessage, Field, Icon, Shape};
use crate::i18n::{self, Plural, Text, t};
use crate::state::domains::Trouble;

/// Asks before the ticked domains are unbound.
#[component]
pub fn UnbindDialog(shared: Shared, open: RwSignal<bool>) -> impl IntoView {
    // What was asked about stays what it was, also where some of it is gone meanwhile.
    let asked = RwSignal::new(0);
    let title = Signal::derive(move || i18n::plural(Plural::DomainsUnbindTitle, asked.get()));
    view! {
        <Dialog open title>
            <UnbindForm shared open asked />
        </Dialog>
    }
}

#[component]
fn UnbindForm(shared: Shared, open: RwSignal<bool>, asked: RwSignal<u64>) -> impl IntoView {
    // What was ticked when the question was asked.
    let domains = StoredValue::new(shared.chosen.get_untracked().into_iter().collect::<Vec<String>>());
    asked.set(domains.with_value(|domains| domains.len() as u64));
    let sending = RwSignal::new(false);
    let trouble = RwSignal::new(None::<Trouble>);
    let send = move |_| {
        let Some(known) = shared.known_untracked() else { return };
        sending.set(true);
        trouble.set(None);
        spawn_local(async move {
            let wanted = domains.try_get_value().unwrap_or_default();
            let answer = shared.app.domains.unbind(shared.app, &known, wanted.clone()).await;
            sending.try_set(false);
            match answer {
                Ok(()) => {
                    shared.app.services.pods.invalidate();
                    shared.awaited.unbinding(wanted);
                    open.try_set(false);
                }
                Err(Trouble::Refused(error)) if error.kind == ErrorKind::OneDomainUnsupported => {
                    open.try_set(false);
                    shared.proposed.try_set(Some(Plan {
                        remove: wanted,
                        ..Plan::default()
                    }));
                }
                Err(why) => shared.failed(&known.service.id, trouble, why),
            }
        });
    };
    view! {
        <ul class="names mono">
            {domains.get_value().into_iter().map(|domain| view! { <li>{domain}</li> }).collect_view()}
        </ul>
        <p>{t(Text::DomainsUnbindEffect)}</p>
        <TroubleView trouble />
        <div class="dialog-actions">
            <button class="button" type="button" autofocus on:click=move |_| open.set(false)>{t(Text::ActionCancel)}</button>
            <button class="button button-danger" type="button" disabled=move || sending.get() on:click=send>
                <Sending sending />
                {t(Text::DomainsUnbindAction)}
            </button>
        </div>
    }
}

/// Asks before everything is unbound: the service's id has to be typed.
#[component]
pub fn CleanDialog(shared: Shared, open: RwSignal<bool>) -> impl IntoView {
    let title = Signal::derive(|| i18n::text(Text::DomainsCleanTitle).to_owned());
    view! {
        <Dialog open title>
            <CleanForm shared open />
        </Dialog>
    }
}

#[component]
fn CleanForm(shared: Shared, open: RwSignal<bool>) -> impl IntoView {
    let id = shared
        .known_untracked()
        .map(|known| known.service.id.clone())
        .unwrap_or_default();
    let id = StoredValue::new(id);
    let typed = RwSignal::new(String::new());
    let sending = RwSignal::new(false);
    let trouble = RwSignal::new(None::<Trouble>);
    let matches = move || typed.with(|typed| id.with_value(|id| typed.trim() == id));
    let bound = shared.bound.get_untracked();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(known) = shared.known_untracked().filter(|_| untrack(matches)) else {
            return;
        };
        let gone: Vec<String> = shared
            .bound
            .get_untracked()
            .unwrap_or_default()
            .into_iter()
            .map(|known| known.domain)
            .collect();
        sending.set(true);
        trouble.set(None);
        spawn_local(async move {
            let answer = shared.app.domains.unbind_all(shared.app, &known).await;
            sending.try_set(false);
            match answer {
                Ok(()) => {
                    shared.app.services.pods.invalidate();
                    shared.awaited.unbinding_all(gone);
                    open.try_set(false);
                }
                Err(why) => shared.failed(&known.service.id, trouble, why),
            }
        });
    };
    view! {
        <form class="form" on:submit=send>
            {match bound {
                Some(bound) => {
                    view! {
                        <ul class="names mono">
                            {bound.into_iter().map(|domain| view! { <li>{domain.domain}</li> }).collect_view()}
                        </ul>
                    }
                        .into_any()
                }
                None => view! { <p>{t(Text::DomainsPausedAdvice)}</p> }.into_any(),
            }}
            <p>{t(Text::DomainsCleanEffect)}</p>
            <p class="mono">{id.get_value()}</p>
            <Field label=Signal::derive(|| i18n::text(Text::DomainsCleanType).to_owned()) value=typed mono=true />
            <TroubleView trouble />
            <div class="dialog-actions">
                <button class="button" type="button" on:click=move |_| open.set(false)>{t(Text::ActionCancel)}</button>
                <button class="button button-danger" type="submit" disabled=move || sending.get() || !matches()>
                    <Sending sending />
                    {t(Text::DomainsCleanAction)}
                </button>
            </div>
        </form>
    }
}

/// Why it was not done.
#[component]
fn TroubleView(trouble: RwSignal<Option<Trouble>>) -> impl IntoView {
    move || {
        trouble.get().map(|why| {
            let explained = words::trouble(&why);
            view! {
                <ErrorMessage title=explained.title advice=explained.advice detail=Signal::stored(explained.detail) />
            }
        })
    }
}

#[component]
fn Sending(sending: RwSignal<bool>) -> impl IntoView {
    move || {
        if sending.get() {
            view! { <span class="spinner"></span> }.into_any()
        } else {
            view! { <Icon shape=Shape::Trash /> }.into_any()
        }
    }
}
