//! The wallet: its accounts with what they have, and what becomes of the seed phrase.

mod accounts;
mod address;
mod addresses;
mod back_up;
mod names;
mod number;
mod password;
mod phrase;
mod prover;
pub mod send;

use leptos::prelude::*;

pub use names::{name_of, short};

use self::accounts::Accounts;
use self::address::AddressDialog;
use self::addresses::Line;
use self::back_up::BackUpDialog;
use self::number::NumberDialog;
use self::password::PasswordDialog;
use self::phrase::PhraseDialog;
use self::prover::Prover;
use super::extension::WhatWorks;
use super::fetched::{Failed, Stale};
use super::{Age, set_title};
use crate::components::{Confirm, Icon, Shape, download};
use crate::i18n::{self, Text, t};
use crate::state::query::use_query;
use crate::state::session::MOST_ACCOUNTS;
use crate::state::{App, use_app};

/// So many accounts are asked for as often as anything else; more of them accordingly more rarely.
const OFTEN: usize = 20;

/// The page.
#[component]
pub fn WalletPage() -> impl IntoView {
    let app = use_app();
    set_title(|| i18n::text(Text::WalletTitle).to_owned());
    // Somebody else signing in makes the page anew.
    let by_phrase = untrack(|| app.session.is_wallet());
    let addresses = Memo::new(move |_| app.session.addresses());
    let known = use_query(
        app.clock,
        app.balances.all,
        move || Some(addresses.get()),
        move || {
            let times = addresses.with(Vec::len).div_ceil(OFTEN).max(1);
            app.refresh_ms() * f64::from(u32::try_from(times).unwrap_or(1))
        },
        move |addresses, abort| app.balances.fetch_all(app, addresses, abort),
    );
    on_cleanup(move || app.balances.each.abandon());
    let (number_open, address_open) = (RwSignal::new(false), RwSignal::new(false));
    let address = RwSignal::new(String::new());
    let show = Callback::new(move |wanted: String| {
        address.set(wanted);
        address_open.set(true);
    });
    let is_full = Memo::new(move |_| addresses.with(Vec::len) >= MOST_ACCOUNTS as usize);
    let add = move |_: leptos::ev::MouseEvent| {
        let accounts = addresses.with_untracked(Vec::len) + 1;
        app.session
            .set_accounts(u32::try_from(accounts).unwrap_or(MOST_ACCOUNTS));
    };
    view! {
        <header class="page-head">
            <h1>{t(Text::WalletTitle)}</h1>
            <div class="row spread">
                <Age at=known.at() busy=Signal::derive(move || known.busy()) />
                <button class="button" type="button" on:click=move |_| known.refresh()>
                    <Icon shape=Shape::Refresh />
                    {t(Text::ActionRefresh)}
                </button>
                {by_phrase
                    .then(|| {
                        view! {
                            <button class="button" type="button" on:click=move |_| number_open.set(true)>{t(Text::WalletNumberOpen)}</button>
                            <button
                                class="button button-primary"
                                type="button"
                                disabled=move || is_full.get()
                                on:click=add
                            >
                                <Icon shape=Shape::Plus />
                                {t(Text::WalletAdd)}
                            </button>
                        }
                    })}
            </div>
        </header>
        <p class="soft">{t(if by_phrase { Text::WalletAbout } else { Text::ExtensionWalletAbout })}</p>
        <Failed why=known.failure() on_retry=known.on_refresh() />
        <Stale why=known.stale() />
        <Accounts app addresses on_show=show />
        {if by_phrase {
            view! {
                <div class="facts">
                    <Kept app />
                    <BackUp app addresses />
                    <Phrase app />
                </div>
                <NumberDialog app open=number_open />
            }
                .into_any()
        } else {
            view! { <InExtension /> }.into_any()
        }}
        <AddressDialog app open=address_open address />
    }
}

/// What the browser extension keeps to itself.
#[component]
fn InExtension() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="wallet-extension">
            <div class="card-head"><h2 id="wallet-extension">{t(Text::ExtensionSignedIn)}</h2></div>
            <div class="card-body">
                <p>{t(Text::ExtensionWalletKeeps)}</p>
                <WhatWorks />
            </div>
        </section>
    }
}

/// What this browser keeps of the wallet.
#[component]
fn Kept(app: App) -> impl IntoView {
    let (password, forget) = (RwSignal::new(false), RwSignal::new(false));
    let about = move || {
        i18n::text(if app.session.has_vault() {
            Text::WalletKeptAbout
        } else {
            Text::WalletKeptNot
        })
    };
    let change = move || {
        i18n::text(if app.session.has_vault() {
            Text::WalletChange
        } else {
            Text::WalletKeep
        })
    };
    view! {
        <section class="card" aria-labelledby="wallet-kept">
            <div class="card-head"><h2 id="wallet-kept">{t(Text::WalletKept)}</h2></div>
            <div class="card-body">
                <p>{about}</p>
                <div class="row">
                    <button class="button" type="button" on:click=move |_| password.set(true)>
                        <Icon shape=Shape::Lock />
                        {change}
                    </button>
                    <Show when=move || app.session.has_vault()>
                        <button class="button button-danger" type="button" on:click=move |_| forget.set(true)>
                            <Icon shape=Shape::Trash />
                            {t(Text::WalletForget)}
                        </button>
                    </Show>
                </div>
            </div>
            <PasswordDialog app open=password />
            <Confirm
                open=forget
                title=Signal::derive(|| i18n::text(Text::WalletForgetTitle).to_owned())
                target=Signal::derive(move || app.session.address().unwrap_or_default())
                effect=Signal::derive(|| i18n::text(Text::WalletForgetEffect).to_owned())
                action=Signal::derive(|| i18n::text(Text::WalletForgetAction).to_owned())
                danger=true
                on_confirm=Callback::new(move |()| app.forget())
            />
        </section>
    }
}

#[component]
fn BackUp(app: App, addresses: Memo<Vec<String>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let list = move |_| {
        let keys = app.session.public_keys();
        let lines: Vec<Line> = untrack(|| addresses.get())
            .into_iter()
            .zip(keys)
            .enumerate()
            .map(|(index, (address, public_key))| Line {
                number: index + 1,
                name: untrack(|| app.names.get(&address)).unwrap_or_default(),
                address,
                public_key,
            })
            .collect();
        download("addresses.csv", "text/csv", addresses::table(&lines).as_bytes());
    };
    view! {
        <section class="card" aria-labelledby="wallet-back-up">
            <div class="card-head"><h2 id="wallet-back-up">{t(Text::WalletBackUp)}</h2></div>
            <div class="card-body">
                <p>{t(Text::WalletBackUpAbout)}</p>
                <p>{t(Text::WalletCsvAbout)}</p>
                <div class="row">
                    <button class="button" type="button" on:click=move |_| open.set(true)>
                        <Icon shape=Shape::Download />
                        {t(Text::WalletBackUpAction)}
                    </button>
                    <button class="button" type="button" on:click=list>
                        <Icon shape=Shape::Download />
                        {t(Text::WalletCsv)}
                    </button>
                </div>
            </div>
            <BackUpDialog app open />
        </section>
    }
}

#[component]
fn Phrase(app: App) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <section class="card" aria-labelledby="wallet-phrase">
            <div class="card-head"><h2 id="wallet-phrase">{t(Text::WalletPhrase)}</h2></div>
            <div class="card-body">
                <p>{t(Text::WalletPhraseAbout)}</p>
                <div class="row">
                    <button class="button" type="button" on:click=move |_| open.set(true)>
                        <Icon shape=Shape::Eye />
                        {t(Text::WalletPhraseShow)}
                    </button>
                </div>
            </div>
            <PhraseDialog app open />
        </section>
    }
}

/// The end of a dialog's form: leaves it, or does what it is for and shows that it is being done.
#[component]
fn Doing(
    open: RwSignal<bool>,
    prover: Prover,
    action: Signal<&'static str>,
    #[prop(into, optional)] disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <div class="dialog-actions">
            <button class="button" type="button" on:click=move |_| open.set(false)>{t(Text::ActionCancel)}</button>
            <button class="button button-primary" type="submit" disabled=move || prover.busy() || disabled.get()>
                {move || {
                    if prover.busy() {
                        view! { <span class="spinner"></span> }.into_any()
                    } else {
                        view! { <Icon shape=Shape::Check /> }.into_any()
                    }
                }}
                {move || if prover.busy() { i18n::text(Text::WalletWorking) } else { action.get() }}
            </button>
        </div>
    }
}
