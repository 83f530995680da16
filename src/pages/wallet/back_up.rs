//! The wallet file that the official client opens, and the list of addresses.

use leptos::prelude::*;
use vsys::{SecretText, SeedPhrase, WalletFile};

use super::Doing;
use super::prover::{Prover, ProverFields};
use crate::components::{CheckField, Dialog, Message, Tone, download, fresh_id};
use crate::i18n::{self, Text, t};
use crate::pages::new_password::{NewPassword, NewPasswordFields};
use crate::state::App;

/// The name under which the official client looks for its wallet.
const FILE: &str = "wallet.dat";

/// The text of the wallet file; `None` where it could not be made, or would not open again.
fn file(seed: SeedPhrase, accounts: u32, password: Option<&str>) -> Option<SecretText> {
    let wallet = WalletFile::new(seed, accounts);
    let text = match password {
        Some(password) => SecretText::new(wallet.write_encrypted_with_os_randomness(password).ok()?),
        None => wallet.write_plain(),
    };
    let again = WalletFile::read(text.expose(), password).ok()?;
    (again == wallet).then_some(text)
}

/// The dialog.
#[component]
pub fn BackUpDialog(app: App, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open title=Signal::derive(|| i18n::text(Text::WalletBackUpTitle).to_owned())>
            <Asked app open />
        </Dialog>
    }
}

#[component]
fn Asked(app: App, open: RwSignal<bool>) -> impl IntoView {
    let made = RwSignal::new(false);
    move || {
        if made.get() {
            return view! {
                <Message tone=Tone::Good title=i18n::text(Text::WalletBackUpMade)>
                    <p>{t(Text::WalletBackUpMadeAdvice)}</p>
                </Message>
                <div class="dialog-actions">
                    <button class="button button-primary" type="button" autofocus on:click=move |_| open.set(false)>
                        {t(Text::WalletClose)}
                    </button>
                </div>
            }
            .into_any();
        }
        view! { <Form app open made /> }.into_any()
    }
}

#[component]
fn Form(app: App, open: RwSignal<bool>, made: RwSignal<bool>) -> impl IntoView {
    let prover = Prover::new(app);
    let new = NewPassword::new();
    let plain = RwSignal::new(false);
    let sure = RwSignal::new(false);
    let failed = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let is_plain = plain.get_untracked();
        if is_plain && !sure.get_untracked() || !is_plain && !new.validate() {
            return;
        }
        failed.set(false);
        prover.ask(move |proof| {
            let text = app.session.seed(proof).and_then(|(seed, accounts)| {
                if is_plain {
                    file(seed, accounts, None)
                } else {
                    new.with(|password| file(seed, accounts, Some(password)))
                }
            });
            match text {
                Some(text) => {
                    download(FILE, "application/octet-stream", text.expose().as_bytes());
                    made.set(true);
                }
                None => failed.set(true),
            }
        });
    };
    let action = Signal::derive(|| i18n::text(Text::WalletBackUpSave));
    let group = fresh_id("kind");
    let kind = move |is_plain: bool, name: Text| {
        let group = group.clone();
        view! {
            <label class="check">
                <input type="radio" name=group prop:checked=move || plain.get() == is_plain on:change=move |_| plain.set(is_plain) />
                <span>{t(name)}</span>
            </label>
        }
    };
    view! {
        <form class="form" on:submit=submit>
            <ProverFields prover />
            <fieldset class="choices">
                <legend class="field-label">{t(Text::WalletBackUpKind)}</legend>
                {kind(false, Text::WalletBackUpEncrypted)}
                {kind(true, Text::WalletBackUpPlain)}
            </fieldset>
            {move || {
                if plain.get() {
                    view! {
                        <Message tone=Tone::Warn title=i18n::text(Text::WalletPhraseWarning)>
                            <p>{t(Text::WalletBackUpPlainWhy)}</p>
                        </Message>
                        <CheckField label=Signal::derive(|| i18n::text(Text::WalletBackUpPlainSure).to_owned()) value=sure />
                    }
                        .into_any()
                } else {
                    view! { <NewPasswordFields new label=Text::WalletBackUpPassword help=Text::WalletBackUpPasswordHelp /> }.into_any()
                }
            }}
            {move || {
                failed
                    .get()
                    .then(|| {
                        view! {
                            <Message tone=Tone::Bad title=i18n::text(Text::WalletBackUpFailed)>
                                <p>{t(Text::WalletBackUpFailedAdvice)}</p>
                            </Message>
                        }
                    })
            }}
            <Doing open prover action disabled=Signal::derive(move || plain.get() && !sure.get()) />
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_opens_again_with_its_password_or_without() {
        let seed = || SeedPhrase::new(" exactly  as it is ").expect("a phrase");
        let wallet = WalletFile::new(seed(), 3);
        let encrypted = file(seed(), 3, Some("密码 of the file")).expect("a file");
        assert!(!encrypted.expose().contains("exactly"));
        assert_eq!(
            WalletFile::read(encrypted.expose(), Some("密码 of the file")),
            Ok(wallet.clone())
        );
        let plain = file(seed(), 3, None).expect("a file");
        assert_eq!(WalletFile::read(plain.expose(), None), Ok(wallet));
    }
}
