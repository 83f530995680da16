//! The password that the wallet is kept under: a new one in place of the old, or a first one.

use leptos::prelude::*;

use super::Doing;
use super::prover::{Prover, ProverFields};
use crate::components::{Dialog, Message, Tone, toast};
use crate::i18n::{self, Text, t};
use crate::pages::new_password::{NewPassword, NewPasswordFields};
use crate::state::App;

/// The dialog.
#[component]
pub fn PasswordDialog(app: App, open: RwSignal<bool>) -> impl IntoView {
    let title = move || {
        i18n::text(if app.session.has_vault() {
            Text::WalletChangeTitle
        } else {
            Text::WalletKeepTitle
        })
    };
    view! {
        <Dialog open title=Signal::derive(move || title().to_owned())>
            <Form app open />
        </Dialog>
    }
}

#[component]
fn Form(app: App, open: RwSignal<bool>) -> impl IntoView {
    let prover = Prover::new(app);
    let new = NewPassword::new();
    let failed = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !new.validate() {
            return;
        }
        failed.set(false);
        let done = if app.session.has_vault_untracked() {
            Text::WalletChangeDone
        } else {
            Text::WalletKeepDone
        };
        prover.ask(move |proof| {
            if new.with(|password| app.session.keep(proof, password)) {
                toast(Tone::Good, untrack(|| i18n::text(done)).to_owned());
                open.set(false);
            } else {
                failed.set(true);
            }
        });
    };
    let action = Signal::derive(move || {
        i18n::text(if app.session.has_vault() {
            Text::WalletChangeAction
        } else {
            Text::WalletKeepAction
        })
    });
    view! {
        <form class="form" on:submit=submit>
            <ProverFields prover />
            <NewPasswordFields new label=Text::KeepPassword help=Text::KeepHelp />
            {move || {
                failed
                    .get()
                    .then(|| {
                        view! {
                            <Message tone=Tone::Bad title=i18n::text(Text::WalletKeepFailed)>
                                <p>{t(Text::WalletKeepFailedAdvice)}</p>
                            </Message>
                        }
                    })
            }}
            <Doing open prover action />
        </form>
    }
}
