//! "Keep me signed in": a password for the vault, asked for at the end of every way to sign in.

use leptos::prelude::*;
use zeroize::Zeroize;

use crate::components::{CheckField, PasswordField, Tone, toast};
use crate::i18n::{self, Text};
use crate::state::App;

/// Shorter passwords are refused: the vault can be copied from the browser's profile and guessed at.
pub const SHORTEST_PASSWORD: usize = 8;

/// What was typed about keeping the session.
#[derive(Clone, Copy)]
pub struct Keep {
    wanted: RwSignal<bool>,
    password: RwSignal<String>,
    again: RwSignal<String>,
    error: RwSignal<Option<Text>>,
}

impl Keep {
    /// Nothing typed yet.
    pub fn new() -> Keep {
        Keep {
            wanted: RwSignal::new(false),
            password: RwSignal::new(String::new()),
            again: RwSignal::new(String::new()),
            error: RwSignal::new(None),
        }
    }

    /// Whether what was typed will do; says at the field what will not.
    pub fn validate(self) -> bool {
        let error = if !self.wanted.get_untracked() {
            None
        } else if self
            .password
            .with_untracked(|password| password.chars().count() < SHORTEST_PASSWORD)
        {
            Some(Text::KeepTooShort)
        } else if self.password.get_untracked() != self.again.get_untracked() {
            Some(Text::KeepDiffers)
        } else {
            None
        };
        self.error.set(error);
        error.is_none()
    }

    /// Stores the session that was just opened, where that was wanted, and wipes the passwords.
    pub fn finish(self, app: App) {
        if self.wanted.get_untracked() {
            let kept = self.password.with_untracked(|password| app.session.store(password));
            if !kept {
                toast(Tone::Bad, untrack(|| i18n::text(Text::KeepFailed)).to_owned());
            }
        }
        for text in [self.password, self.again] {
            text.update(Zeroize::zeroize);
        }
    }
}

/// The part of a form that asks for it.
#[component]
pub fn KeepFields(keep: Keep) -> impl IntoView {
    let label = |key: Text| Signal::derive(move || i18n::text(key).to_owned());
    let error_at = move |here: &'static [Text]| {
        Signal::derive(move || {
            keep.error
                .get()
                .filter(|error| here.contains(error))
                .map(|error| i18n::text(error).to_owned())
        })
    };
    view! {
        <CheckField label=label(Text::KeepLabel) value=keep.wanted />
        <Show when=move || keep.wanted.get()>
            <PasswordField
                label=label(Text::KeepPassword)
                help=label(Text::KeepHelp)
                value=keep.password
                error=error_at(&[Text::KeepTooShort])
                autocomplete="new-password"
            />
            <PasswordField
                label=label(Text::KeepAgain)
                value=keep.again
                error=error_at(&[Text::KeepDiffers])
                autocomplete="new-password"
            />
        </Show>
    }
}
