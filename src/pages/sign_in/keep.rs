//! "Keep me signed in": a password for the vault, asked for at the end of every way to sign in.

use leptos::prelude::*;

use crate::components::{CheckField, Tone, toast};
use crate::i18n::{self, Text};
use crate::pages::new_password::{NewPassword, NewPasswordFields};
use crate::state::App;

/// What was typed about keeping the session.
#[derive(Clone, Copy)]
pub struct Keep {
    wanted: RwSignal<bool>,
    new: NewPassword,
}

impl Keep {
    /// Nothing typed yet.
    pub fn new() -> Keep {
        Keep {
            wanted: RwSignal::new(false),
            new: NewPassword::new(),
        }
    }

    /// Whether what was typed will do; says at the field what will not.
    pub fn validate(self) -> bool {
        !self.wanted.get_untracked() || self.new.validate()
    }

    /// Stores the session that was just opened, where that was wanted, and wipes the passwords.
    pub fn finish(self, app: App) {
        if self.wanted.get_untracked() {
            let kept = self.new.with(|password| app.session.store(password));
            if !kept {
                toast(Tone::Bad, untrack(|| i18n::text(Text::KeepFailed)).to_owned());
            }
        }
        self.new.wipe();
    }
}

/// The part of a form that asks for it.
#[component]
pub fn KeepFields(keep: Keep) -> impl IntoView {
    view! {
        <CheckField label=Signal::derive(|| i18n::text(Text::KeepLabel).to_owned()) value=keep.wanted />
        <Show when=move || keep.wanted.get()>
            <NewPasswordFields new=keep.new label=Text::KeepPassword help=Text::KeepHelp />
        </Show>
    }
}
