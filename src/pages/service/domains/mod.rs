//! `/service/{id}/domains`: the domains that lead to a service, where they point, and how they are changed.

mod awaited;
mod bind;
mod change;
mod pointing;
mod table;
mod unbind;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use ::domains::rebind::Plan;
use leptos::prelude::*;
use vcloud_api::capability::{Action, can};
use vcloud_api::types::{Domain, UserServiceStatus};

use super::data::ServiceData;
use crate::components::{Copyable, ErrorMessage, Icon, Message, Shape, Tone};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::extension::closed;
use crate::pages::{explain, tell_failure};
use crate::state::bulk::Failure;
use crate::state::domains::Trouble;
use crate::state::services::Known;
use crate::state::{App, Remote};
use awaited::Awaited;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Shared {
    app: App,
    data: ServiceData,
    /// The domains that the platform names; nothing while it names none, as when the service is paused.
    bound: Memo<Option<Vec<Domain>>>,
    /// The address of the host.
    host: Memo<String>,
    /// The domains that are ticked.
    chosen: RwSignal<BTreeSet<String>>,
    /// What was asked for and is not confirmed yet.
    awaited: Awaited,
    /// A plan for a provider that changes all domains or none, to be confirmed.
    proposed: RwSignal<Option<Plan>>,
}

impl Shared {
    fn id(self) -> Option<String> {
        self.data.known().map(|known| known.service.id.clone())
    }

    fn known_untracked(self) -> Option<Arc<Known>> {
        untrack(|| self.data.known())
    }

    /// Has it said where it was asked for why a change was not made, or in the corner where that was closed meanwhile. What is bound
    /// is looked at anew: somebody else may have changed it, or it was changed all the same.
    fn failed(self, id: &str, trouble: RwSignal<Option<Trouble>>, why: Trouble) {
        self.app.services.pods.invalidate();
        if let Some(Some(Trouble::Refused(error))) = trouble.try_set(Some(why)) {
            tell_failure(id, &Failure::of_change(error));
        }
    }

    /// Why nothing can be changed now (tracked).
    fn obstacle(self) -> Option<Text> {
        let known = self.data.known()?;
        if !self.app.session.can_sign() {
            return Some(Text::DomainsWhyToken);
        }
        if let Err(why) = &known.access {
            return Some(closed(why));
        }
        let changing = self.app.domains.change(&known.service.id);
        if changing.is_some_and(|change| *change.steps.phase() != ::domains::rebind::Phase::Done) {
            return Some(Text::DomainsWhyChanging);
        }
        can(Action::ManageDomains, &known.service)
            .is_err()
            .then_some(Text::DomainsWhyStatus)
    }
}

/// The tab.
#[component]
pub fn DomainsTab(app: App, data: ServiceData) -> impl IntoView {
    app.domains.want_suffixes();
    let bound = Memo::new(move |_| match data.pod.get() {
        Remote::Ready { value, .. } if !value.is_absent() => Some(value.domains.clone()),
        _ => None,
    });
    let host = Memo::new(move |_| {
        let pod = data.pod.get();
        pod.value().map(|pod| pod.state.host_ip.clone()).unwrap_or_default()
    });
    let shared = Shared {
        app,
        data,
        bound,
        host,
        chosen: RwSignal::new(BTreeSet::new()),
        awaited: awaited::follow(app, data, bound),
        proposed: RwSignal::new(None),
    };
    // What is not there any more is not chosen either.
    Effect::new(move |_| {
        let there = bound.get().unwrap_or_default();
        let is_there = |domain: &String| there.iter().any(|known| known.domain == *domain);
        if shared.chosen.with_untracked(|chosen| !chosen.iter().all(is_there)) {
            shared.chosen.update(|chosen| chosen.retain(is_there));
        }
    });
    let status = Memo::new(move |_| data.known().map(|known| known.service.status.clone()));
    let is_over = move || {
        let lives = [UserServiceStatus::Running, UserServiceStatus::Stop];
        status.get().is_some_and(|status| !lives.contains(&status))
    };
    let pod_failed = move || match data.pod.get() {
        Remote::Failed(error) => Some(error),
        _ => None,
    };
    view! {
        <Show
            when=move || !is_over()
            fallback=|| {
                view! {
                    <div class="card empty">
                        <h2>{t(Text::DomainsAbsentTitle)}</h2>
                        <p>{t(Text::DomainsAbsentAdvice)}</p>
                    </div>
                }
            }
        >
            <div class="stack">
                <Host shared />
                <change::ChangeView shared />
                <Toolbar shared />
                {move || {
                    pod_failed()
                        .map(|error| {
                            let explained = explain(&error);
                            view! {
                                <ErrorMessage
                                    title=explained.title
                                    advice=explained.advice
                                    detail=Signal::stored(explained.detail)
                                    on_retry=data.refresh
                                />
                            }
                        })
                }}
                <Show when=move || pod_failed().is_none()>
                    <table::DomainTable shared />
                </Show>
                <Rules />
            </div>
        </Show>
        <change::Proposal shared />
    }
}

/// The address that domains have to point at.
#[component]
fn Host(shared: Shared) -> impl IntoView {
    let what = Signal::derive(|| i18n::text(Text::ServiceHostIp).to_owned());
    view! {
        <section class="card host-card" aria-label=t(Text::ServiceHostIp)>
            <div>
                <p class="soft small">{t(Text::ServiceHostIp)}</p>
                <Show when=move || !shared.host.with(String::is_empty) fallback=|| view! { <p class="soft">{t(Text::ServiceNoPod)}</p> }>
                    <p class="host-address">
                        <Copyable value=shared.host what />
                    </p>
                </Show>
            </div>
            <p class="soft">{t(Text::DomainsHostHelp)}</p>
        </section>
    }
}

#[component]
fn Toolbar(shared: Shared) -> impl IntoView {
    let binding = RwSignal::new(false);
    let unbinding = RwSignal::new(false);
    let cleaning = RwSignal::new(false);
    let why_not = move || shared.obstacle();
    let title = move || why_not().map(i18n::text);
    let count = move || shared.chosen.with(|chosen| chosen.len() as u64);
    // While a service is paused nobody says whether there is anything to clean up.
    let may_clean = move || {
        shared
            .bound
            .with(|bound| bound.as_ref().is_none_or(|bound| !bound.is_empty()))
    };
    view! {
        <div class="toolbar">
            <button
                class="button button-primary"
                type="button"
                disabled=move || why_not().is_some()
                title=title
                on:click=move |_| binding.set(true)
            >
                <Icon shape=Shape::Plus />
                {t(Text::DomainsBind)}
            </button>
            <button
                class="button"
                type="button"
                disabled=move || why_not().is_some() || count() == 0
                title=title
                on:click=move |_| unbinding.set(true)
            >
                <Icon shape=Shape::Close />
                {move || if count() == 0 { i18n::text(Text::DomainsUnbind).to_owned() } else { i18n::plural(Plural::DomainsUnbindSome, count()) }}
            </button>
            <button
                class="button spread"
                type="button"
                disabled=move || why_not().is_some() || !may_clean()
                title=title
                on:click=move |_| cleaning.set(true)
            >
                <Icon shape=Shape::Trash />
                {t(Text::DomainsClean)}
            </button>
        </div>
        {move || {
            (why_not() == Some(Text::DomainsWhyToken))
                .then(|| view! { <Message tone=Tone::Info title=Signal::derive(|| i18n::text(Text::DomainsWhyToken).to_owned()) /> })
        }}
        <bind::BindDialog shared open=binding may_open=Signal::derive(move || why_not().is_none()) />
        <unbind::UnbindDialog shared open=unbinding />
        <unbind::CleanDialog shared open=cleaning />
    }
}

/// How the platform treats domains.
#[component]
fn Rules() -> impl IntoView {
    view! {
        <section class="card card-body" aria-label=t(Text::DomainsRules)>
            <h2>{t(Text::DomainsRules)}</h2>
            <ul class="rules">
                <li>{t(Text::DomainsRuleOne)}</li>
                <li>{t(Text::DomainsRuleBase)}</li>
                <li>{t(Text::DomainsRuleCertificate)}</li>
            </ul>
        </section>
    }
}
