//! Sign-in by the browser extension "V Wallet": its account, whose key stays in it.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use vsys::Network;
use vsys::extension::Failure;

use crate::components::{ErrorMessage, Icon, Message, Shape, Tone};
use crate::i18n::{self, Text, t};
use crate::net::extension;
use crate::pages::extension::{WhatWorks, refusal};
use crate::state::use_app;

/// How often it is looked for, as it comes a while after the page.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What can go wrong.
#[derive(Clone)]
enum Problem {
    Network(Network),
    Refused(Failure),
}

/// The panel.
#[component]
pub fn ByExtension() -> impl IntoView {
    let app = use_app();
    let present = RwSignal::new(extension::is_present());
    if !present.get_untracked() {
        let look = move || {
            if extension::is_present() {
                present.set(true);
            }
        };
        if let Ok(timer) = set_interval_with_handle(look, LOOK_EVERY) {
            Effect::new(move |_| {
                if present.get() {
                    timer.clear();
                }
            });
            on_cleanup(move || timer.clear());
        }
    }
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    let open = move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let network = app.config().network;
            let answer = match extension::network().await {
                Ok(theirs) if theirs != network => Err(Problem::Network(theirs)),
                Ok(_) => extension::account(network).await.map_err(Problem::Refused),
                Err(failure) => Err(Problem::Refused(failure)),
            };
            // Whoever has left the panel, as by signing in another way, does not want it any more.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(account) => app.session.open_extension(account),
                Err(why) => {
                    problem.try_set(Some(why));
                }
            }
        });
    };
    let network_name = |network: Network| {
        i18n::text(match network {
            Network::Mainnet => Text::NetworkMainnet,
            Network::Testnet => Text::NetworkTestnet,
        })
    };
    view! {
        <div class="stack">
            <p class="soft">{t(Text::ExtensionAbout)}</p>
            <WhatWorks />
            {move || {
                problem
                    .get()
                    .map(|problem| {
                        let (title, advice, detail) = match problem {
                            Problem::Network(theirs) => {
                                let names = [("theirs", network_name(theirs)), ("ours", network_name(app.config().network))];
                                (i18n::text_with(Text::ExtensionNetwork, &names), Text::ExtensionNetworkAdvice, None)
                            }
                            Problem::Refused(failure) => {
                                let (title, advice) = refusal(failure.refusal);
                                (i18n::text(title).to_owned(), advice, failure.detail())
                            }
                        };
                        view! { <ErrorMessage title advice=i18n::text(advice) detail=Signal::stored(detail) /> }
                    })
            }}
            {move || {
                if present.get() {
                    view! {
                        <div class="form-actions">
                            <button class="button button-primary" type="button" disabled=move || busy.get() on:click=move |_| open(())>
                                {move || {
                                    if busy.get() {
                                        view! { <span class="spinner"></span> }.into_any()
                                    } else {
                                        view! { <Icon shape=Shape::Check /> }.into_any()
                                    }
                                }}
                                {move || i18n::text(if busy.get() { Text::ExtensionAsking } else { Text::ExtensionAction })}
                            </button>
                        </div>
                    }
                    .into_any()
                } else {
                    view! {
                        <Message tone=Tone::Info title=Signal::derive(|| i18n::text(Text::ExtensionAbsent).to_owned())>
                            <p>{t(Text::ExtensionAbsentAdvice)}</p>
                        </Message>
                    }
                    .into_any()
                }
            }}
        </div>
    }
}
