//! The question whether whoever is there may have the seed phrase.

use std::time::Duration;

use leptos::prelude::*;
use zeroize::Zeroize;

use crate::components::PasswordField;
use crate::i18n::{self, Text};
use crate::state::App;
use crate::state::session::{NotProven, Proof};

/// What was typed to prove it. It is wiped when its owner goes.
#[derive(Clone, Copy)]
pub struct Prover {
    app: App,
    password: RwSignal<String>,
    error: RwSignal<Option<Text>>,
    busy: RwSignal<bool>,
}

impl Prover {
    /// Nothing typed yet.
    pub fn new(app: App) -> Prover {
        let password = RwSignal::new(String::new());
        on_cleanup(move || {
            password.try_update(Zeroize::zeroize);
        });
        Prover {
            app,
            password,
            error: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// Whether the answer, or what follows from it, is being worked on (tracked).
    pub fn busy(self) -> bool {
        self.busy.get()
    }

    /// Says at the field what is wrong, or does what follows.
    pub fn ask(self, then: impl FnOnce(Proof) + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        // The key derivation keeps the page busy for a moment: first let it show that it is.
        set_timeout(
            move || {
                let needs_password = self.app.session.has_vault_untracked();
                let answer = self.password.try_with_untracked(|password| {
                    let given = needs_password.then_some(password.as_str());
                    self.app.session.prove(given)
                });
                match answer {
                    Some(Ok(proof)) => then(proof),
                    Some(Err(why)) => self.error.set(Some(words(why))),
                    // The question was closed.
                    None => {}
                }
                self.busy.try_set(false);
            },
            Duration::from_millis(30),
        );
    }
}

const fn words(why: NotProven) -> Text {
    match why {
        NotProven::WrongPassword => Text::UnlockWrong,
        NotProven::TooSoon => Text::UnlockPause,
        NotProven::Damaged => Text::WalletDamaged,
        NotProven::Foreign => Text::WalletForeign,
        NotProven::Changed => Text::WalletChangedElsewhere,
    }
}

/// The field for the password, where one is kept, and what is wrong.
#[component]
pub fn ProverFields(prover: Prover) -> impl IntoView {
    let error = Signal::derive(move || prover.error.get().map(|error| i18n::text(error).to_owned()));
    move || {
        if prover.app.session.has_vault() {
            view! {
                <PasswordField
                    label=Signal::derive(|| i18n::text(Text::WalletPasswordNow).to_owned())
                    value=prover.password
                    error
                    autocomplete="current-password"
                />
            }
            .into_any()
        } else {
            view! { <div class="live-line" aria-live="polite">{move || error.get().map(|error| view! { <p class="field-error">{error}</p> })}</div> }
                .into_any()
        }
    }
}
