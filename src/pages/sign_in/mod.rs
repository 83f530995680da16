//! The door: every way to sign in, and the unlocking of a vault. It is shown in place of whatever page was asked for, so
//! that the page is there once somebody is signed in.

mod demo;
mod extension;
mod keep;
mod new_wallet;
mod seed;
mod token;
mod unlock;
mod wallet_file;

use leptos::prelude::*;

pub use unlock::Unlock;

use crate::app::Settings;
use crate::components::{Message, Tone};
use crate::i18n::{self, Text, t};
use crate::net::portal;
use crate::pages::set_title;
use crate::state::session::Ended;
use crate::state::use_app;

/// The ways to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Seed,
    File,
    Token,
    Extension,
    New,
}

impl Way {
    const ALL: [Way; 5] = [Way::Seed, Way::File, Way::Token, Way::Extension, Way::New];

    const fn title(self) -> Text {
        match self {
            Way::Seed => Text::SignInSeed,
            Way::File => Text::SignInFile,
            Way::Token => Text::SignInToken,
            Way::Extension => Text::ExtensionName,
            Way::New => Text::SignInNew,
        }
    }

    const fn id(self) -> &'static str {
        match self {
            Way::Seed => "sign-in-seed",
            Way::File => "sign-in-file",
            Way::Token => "sign-in-token",
            Way::Extension => "sign-in-extension",
            Way::New => "sign-in-new",
        }
    }
}

/// The heading of the door: name, language and looks.
#[component]
fn DoorHead() -> impl IntoView {
    let app = use_app();
    view! {
        <header class="door-head">
            <img src="icon.svg" alt="" width="32" height="32" />
            <strong>{t(Text::ShellName)}</strong>
            <span class="soft small">{app.config().platform.host().to_owned()}</span>
            <div class="spread">
                <Settings />
            </div>
        </header>
    }
}

/// Why the session before ended, where that is not obvious.
#[component]
fn EndedMessage() -> impl IntoView {
    let app = use_app();
    move || {
        let text = match app.session.ended()? {
            Ended::ByHand => return None,
            Ended::Idle if app.session.has_vault() => Text::UnlockIdle,
            Ended::Idle => Text::SignInIdle,
            Ended::OtherTab if app.session.has_vault() => Text::UnlockOtherTab,
            Ended::OtherTab => Text::SignInOtherTab,
            Ended::OtherAccount => Text::ExtensionEndedAccount,
            Ended::OtherNetwork => Text::ExtensionEndedNetwork,
        };
        let minutes = app.config().idle_lock_minutes.to_string();
        Some({
            view! {
                <div class="door-card">
                    <Message tone=Tone::Info title=i18n::text_with(text, &[("minutes", &minutes)]) />
                </div>
            }
        })
    }
}

/// Every way to sign in.
#[component]
pub fn SignIn() -> impl IntoView {
    let app = use_app();
    set_title(|| i18n::text(Text::SignInTitle).to_owned());
    let first = if app.session.was_by_extension() || portal::signs() {
        Way::Extension
    } else {
        Way::Seed
    };
    let way = RwSignal::new(first);
    // The arrow keys move between tabs, as everywhere.
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => Way::ALL.len() - 1,
            _ => return,
        };
        event.prevent_default();
        let index = Way::ALL
            .iter()
            .position(|other| *other == way.get_untracked())
            .unwrap_or(0);
        let next = Way::ALL[(index + step) % Way::ALL.len()];
        way.set(next);
        use wasm_bindgen::JsCast;
        if let Some(tab) = document()
            .get_element_by_id(next.id())
            .and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok())
        {
            let _ = tab.focus();
        }
    };
    view! {
        <main class="door">
            <DoorHead />
            <EndedMessage />
            <div class="card door-card">
                <div class="card-body">
                    <h1>{t(Text::SignInTitle)}</h1>
                    <p class="soft">{t(Text::SignInAbout)}</p>
                    {app.config().demo_account.is_some().then(|| view! { <demo::Demo /> })}
                </div>
                <div class="tabs" role="tablist" aria-label=t(Text::SignInWays) on:keydown=on_key>
                    {Way::ALL
                        .map(|each| {
                            view! {
                                <button
                                    class="tab"
                                    type="button"
                                    role="tab"
                                    id=each.id()
                                    aria-controls="sign-in-panel"
                                    aria-selected=move || (way.get() == each).to_string()
                                    tabindex=move || if way.get() == each { "0" } else { "-1" }
                                    on:click=move |_| way.set(each)
                                >
                                    {t(each.title())}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
                // Every form stays in the page, so that nothing typed is lost by looking at another one.
                <div class="card-body" role="tabpanel" id="sign-in-panel" aria-labelledby=move || way.get().id()>
                    <div hidden=move || way.get() != Way::Seed>
                        <seed::SeedForm />
                    </div>
                    <div hidden=move || way.get() != Way::File>
                        <wallet_file::FileForm />
                    </div>
                    <div hidden=move || way.get() != Way::Token>
                        <token::TokenForm />
                    </div>
                    <div hidden=move || way.get() != Way::Extension>
                        <extension::ByExtension />
                    </div>
                    <div hidden=move || way.get() != Way::New>
                        <new_wallet::NewWallet />
                    </div>
                </div>
            </div>
        </main>
    }
}
