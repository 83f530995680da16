//! `/email`: where notices about all services of the account go.

mod binding;
mod flow;
mod form;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::params::ParamsMap;

pub use binding::Binding;

use crate::components::{Copyable, ErrorMessage, Icon, Message, Shape, Tone};
use crate::i18n::{self, Text, t};
use crate::pages::fetched::Stale;
use crate::pages::provider::ProviderChoice;
use crate::pages::{Age, explain, set_title};
use crate::route::Page;
use crate::state::contacts::{ContactKey, Owner};
use crate::state::providers::use_providers;
use crate::state::query::use_query;
use crate::state::{Remote, use_app};

/// The page.
#[component]
pub fn EmailPage() -> impl IntoView {
    let app = use_app();
    set_title(|| i18n::text(Text::EmailTitle).to_owned());
    let providers = use_providers(app);
    let query_map = use_query_map();
    let navigate = use_navigate();
    let chosen = Memo::new(move |_| {
        let asked = query_map
            .with(|query| query.get("provider"))
            .filter(|name| !name.is_empty());
        asked.unwrap_or_else(|| app.config().provider.clone())
    });
    let choose = Callback::new(move |provider: String| {
        let mut query = ParamsMap::new();
        if provider != app.config().provider {
            query.insert("provider", provider);
        }
        let address = format!("{}{}", Page::Email.path(), query.to_query_string());
        navigate(&address, NavigateOptions::default());
    });
    // The extension asks for every signature: nothing is asked of it before somebody wants it, nor again by itself.
    let by_extension = move || app.session.extension().is_some();
    let asked = RwSignal::new(false);
    let key = move || {
        if by_extension() && !asked.get() {
            return None;
        }
        Some(ContactKey {
            account: app.session.address()?,
            provider: chosen.get(),
        })
    };
    let query = use_query(
        app.clock,
        app.contacts.known,
        key,
        move || {
            if by_extension() {
                f64::INFINITY
            } else {
                app.refresh_ms()
            }
        },
        move |key, abort| app.contacts.fetch(app, key, abort),
    );
    let refresh = Callback::new(move |()| query.refresh());
    let current = Signal::derive(move || query.get().value().map(|contact| contact.email.clone()));
    let changed = Memo::new(move |_| {
        let contact = query.get();
        contact.value().map(|contact| contact.update_at).filter(|at| *at > 0)
    });
    // The form changes only with who it is about; what is in it follows its own signals.
    let kind = Memo::new(move |_| {
        let kind = match query.get() {
            Remote::Failed(_) => 0,
            Remote::Loading => 1,
            Remote::Ready { .. } => 2,
        };
        (kind.min(1), chosen.get(), app.session.address())
    });
    let body = move || {
        if by_extension() && !asked.get() {
            return view! {
                <Message tone=Tone::Info title=i18n::text(Text::ExtensionEmail)>
                    <p>{t(Text::ExtensionEmailAdvice)}</p>
                    <button class="button" type="button" on:click=move |_| asked.set(true)>{t(Text::ExtensionEmailAction)}</button>
                </Message>
            }
            .into_any();
        }
        match kind.get() {
        (0, ..) => {
            let Remote::Failed(error) = untrack(|| query.get()) else {
                return ().into_any();
            };
            let explained = explain(&error);
            view! {
                <ErrorMessage
                    title=explained.title
                    advice=explained.advice
                    detail=Signal::stored(explained.detail)
                    on_retry=refresh
                />
            }
            .into_any()
        }
        (_, provider, _) => view! {
            <Binding app owner=Signal::stored(Owner::Account(provider)) current refresh />
            {move || {
                changed
                    .get()
                    .map(|at| {
                        view! { <p class="soft small">{i18n::text_with(Text::EmailSince, &[("time", &i18n::date_time(at))])}</p> }
                    })
            }}
        }
        .into_any(),
    }
    };
    view! {
        <header class="page-head">
            <h1>{t(Text::EmailTitle)}</h1>
            <div class="row spread">
                <Age
                    at=query.at()
                    busy=Signal::derive(move || query.busy())
                />
                <button class="button" type="button" on:click=move |_| refresh.run(())>
                    <Icon shape=Shape::Refresh />
                    {t(Text::ActionRefresh)}
                </button>
            </div>
        </header>
        <Stale why=query.stale() />
        <section class="card narrow" aria-labelledby="email-heading">
            <div class="card-head">
                <h2 id="email-heading">{t(Text::EmailOfAccount)}</h2>
                <ProviderChoice
                    providers
                    chosen=chosen.into()
                    on_choose=choose
                />
            </div>
            <div class="card-body">
                <p class="soft">{t(Text::EmailAccountAbout)}</p>
                <Copyable
                    value=Signal::derive(move || app.session.address().unwrap_or_default())
                    what=Signal::derive(|| i18n::text(Text::AccountAddress).to_owned())
                />
                {body}
            </div>
        </section>
    }
}
