//! A new password, typed twice.

use leptos::prelude::*;
use zeroize::Zeroize;

use crate::components::PasswordField;
use crate::i18n::{self, Text};

/// Shorter passwords are refused: what they encrypt can be copied and guessed at.
const SHORTEST_PASSWORD: usize = 8;

/// What was typed. It is wiped when its owner goes.
#[derive(Clone, Copy)]
pub struct NewPassword {
    password: RwSignal<String>,
    again: RwSignal<String>,
    error: RwSignal<Option<Text>>,
}

impl NewPassword {
    /// Nothing typed yet.
    pub fn new() -> NewPassword {
        let new = NewPassword {
            password: RwSignal::new(String::new()),
            again: RwSignal::new(String::new()),
            error: RwSignal::new(None),
        };
        on_cleanup(move || new.wipe());
        new
    }

    /// Whether what was typed will do; says at the field what will not.
    pub fn validate(self) -> bool {
        let is_short = |password: &String| password.chars().count() < SHORTEST_PASSWORD;
        let error = if self.password.with_untracked(is_short) {
            Some(Text::KeepTooShort)
        } else if self.password.get_untracked() != self.again.get_untracked() {
            Some(Text::KeepDiffers)
        } else {
            None
        };
        self.error.set(error);
        error.is_none()
    }

    /// Reads the password.
    pub fn with<T>(self, read: impl FnOnce(&str) -> T) -> T {
        self.password.with_untracked(|password| read(password))
    }

    /// Wipes what was typed.
    pub fn wipe(self) {
        for text in [self.password, self.again] {
            text.try_update(Zeroize::zeroize);
        }
    }
}

/// The two fields.
#[component]
pub fn NewPasswordFields(new: NewPassword, label: Text, help: Text) -> impl IntoView {
    let label_of = |key: Text| Signal::derive(move || i18n::text(key).to_owned());
    let error_at = move |here: Text| {
        Signal::derive(move || {
            let error = new.error.get().filter(|error| *error == here);
            error.map(|error| i18n::text(error).to_owned())
        })
    };
    view! {
        <PasswordField
            label=label_of(label)
            help=label_of(help)
            value=new.password
            error=error_at(Text::KeepTooShort)
            autocomplete="new-password"
        />
        <PasswordField
            label=label_of(Text::KeepAgain)
            value=new.again
            error=error_at(Text::KeepDiffers)
            autocomplete="new-password"
        />
    }
}
