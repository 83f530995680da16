//! The demo account, where the platform advertises one.

use leptos::prelude::*;
use leptos::task::spawn_local;
use vsys::{Address, SeedPhrase};

use crate::components::{ErrorMessage, Icon, Message, Shape, Tone};
use crate::i18n::{self, Text, t};
use crate::net;
use crate::pages::explain;
use crate::state::use_app;

/// What can go wrong with it.
#[derive(Clone)]
enum Problem {
    Unreachable(vcloud_api::ApiError),
    /// The account's address is on another network than the console is configured for, or not an address at all.
    Foreign(String),
}

/// The button.
#[component]
pub fn Demo() -> impl IntoView {
    let app = use_app();
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    let open = move |()| {
        let Some(url) = app.config().demo_account.clone() else {
            return;
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let account = net::load_demo_account(&url).await;
            busy.set(false);
            let account = match account {
                Ok(account) => account,
                Err(error) => return problem.set(Some(Problem::Unreachable(error))),
            };
            let network = app.config().network;
            let belongs = account
                .address
                .parse::<Address>()
                .is_ok_and(|address| address.network() == network);
            match SeedPhrase::new(account.seed()) {
                Ok(seed) if belongs => app.session.open_wallet(seed, 1, 0),
                _ => problem.set(Some(Problem::Foreign(account.address.clone()))),
            }
        });
    };
    view! {
        <div class="message">
            <Icon shape=Shape::Info />
            <div class="message-body">
                <p>{t(Text::DemoAbout)}</p>
                <button class="button" type="button" disabled=move || busy.get() on:click=move |_| open(())>
                    {t(Text::DemoAction)}
                </button>
            </div>
        </div>
        {move || {
            problem
                .get()
                .map(|problem| match problem {
                    Problem::Unreachable(error) => {
                        let explained = explain(&error);
                        view! {
                            <ErrorMessage
                                title=explained.title
                                advice=explained.advice
                                detail=Signal::stored(explained.detail)
                                on_retry=Callback::new(open)
                            />
                        }
                            .into_any()
                    }
                    Problem::Foreign(address) => {
                        view! {
                            <Message tone=Tone::Bad title=i18n::text(Text::DemoForeign)>
                                <p class="mono">{address}</p>
                                <p>{t(Text::DemoForeignAdvice)}</p>
                            </Message>
                        }
                            .into_any()
                    }
                })
        }}
    }
}
