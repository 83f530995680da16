//! Unlocking the vault of this browser.

use std::time::Duration;

use leptos::prelude::*;
use zeroize::Zeroize;

use super::extension::ByExtension;
use super::{DoorHead, EndedMessage};
use crate::components::{Confirm, Icon, Message, PasswordField, Shape, Tone};
use crate::i18n::{self, Text, t};
use crate::net::extension;
use crate::pages::set_title;
use crate::state::session::UnlockError;
use crate::state::{tries, use_app};

/// The page.
#[component]
pub fn Unlock() -> impl IntoView {
    let app = use_app();
    set_title(|| i18n::text(Text::UnlockTitle).to_owned());
    let password = RwSignal::new(String::new());
    let wrong = RwSignal::new(false);
    let damaged = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let forget = RwSignal::new(false);
    // Wrong passwords of other tabs and of before a reload count as well, so it is looked up with every tick.
    let pause = Memo::new(move |_| {
        app.clock.ms();
        busy.get();
        tries::remaining_seconds()
    });
    let waits = Memo::new(move |_| pause.get() > 0);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || pause.get_untracked() > 0 {
            return;
        }
        busy.set(true);
        wrong.set(false);
        damaged.set(false);
        // The key derivation keeps the page busy for a moment: first let it show that it is.
        set_timeout(
            move || {
                let answer = password.with_untracked(|password| app.session.unlock(password));
                busy.set(false);
                match answer {
                    Ok(()) => password.update(Zeroize::zeroize),
                    Err(UnlockError::WrongPassword) => wrong.set(true),
                    // The pause says so.
                    Err(UnlockError::TooSoon) => {}
                    Err(UnlockError::Damaged) => damaged.set(true),
                }
            },
            Duration::from_millis(30),
        );
    };
    view! {
        <main class="door">
            <DoorHead />
            <EndedMessage />
            <div class="card door-card">
                <div class="card-body">
                    <h1>{t(Text::UnlockTitle)}</h1>
                    <form class="form" on:submit=submit>
                        <PasswordField
                            label=Signal::derive(|| i18n::text(Text::UnlockPassword).to_owned())
                            value=password
                            error=Signal::derive(move || wrong.get().then(|| i18n::text(Text::UnlockWrong).to_owned()))
                            autocomplete="current-password"
                        />
                        {move || {
                            damaged
                                .get()
                                .then(|| {
                                    view! {
                                        <Message tone=Tone::Bad title=i18n::text(Text::UnlockDamaged)>
                                            <p>{t(Text::UnlockDamagedAdvice)}</p>
                                        </Message>
                                    }
                                })
                        }}
                        {move || {
                            waits.get().then(|| view! { <Message tone=Tone::Warn title=i18n::text(Text::UnlockPause) /> })
                        }}
                        <div class="form-actions">
                            <button class="button button-primary" type="submit" disabled=move || busy.get() || waits.get()>
                                {move || {
                                    if busy.get() {
                                        view! { <span class="spinner"></span> }.into_any()
                                    } else {
                                        view! { <Icon shape=Shape::Lock /> }.into_any()
                                    }
                                }}
                                {move || match pause.get() {
                                    _ if busy.get() => i18n::text(Text::UnlockBusy).to_owned(),
                                    0 => i18n::text(Text::UnlockAction).to_owned(),
                                    seconds => i18n::text_with(Text::UnlockPauseLeft, &[("seconds", &seconds.to_string())]),
                                }}
                            </button>
                            <button class="button button-quiet" type="button" on:click=move |_| forget.set(true)>
                                {t(Text::UnlockForget)}
                            </button>
                        </div>
                    </form>
                    {move || {
                        extension::is_present()
                            .then(|| {
                                view! {
                                    <details class="disclosure">
                                        <summary>{t(Text::ExtensionAction)}</summary>
                                        <ByExtension />
                                    </details>
                                }
                            })
                    }}
                </div>
            </div>
            <Confirm
                open=forget
                title=Signal::derive(|| i18n::text(Text::UnlockForgetTitle).to_owned())
                target=Signal::derive(|| window().location().host().unwrap_or_default())
                effect=Signal::derive(|| i18n::text(Text::UnlockForgetEffect).to_owned())
                action=Signal::derive(|| i18n::text(Text::UnlockForget).to_owned())
                danger=true
                on_confirm=Callback::new(move |()| app.forget())
            />
        </main>
    }
}
