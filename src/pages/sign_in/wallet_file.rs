//! Sign-in by the wallet file of the terminal client.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use vsys::{WalletFile, WalletFileError};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use zeroize::Zeroize;

use super::keep::{Keep, KeepFields};
use crate::components::{Icon, PasswordField, Shape};
use crate::i18n::{self, Text, t};
use crate::state::use_app;

/// Larger files are not read: a wallet file has a few hundred bytes.
const LARGEST_FILE: f64 = 65_536.0;

/// The form.
#[component]
pub fn FileForm() -> impl IntoView {
    let app = use_app();
    let picker = NodeRef::<html::Input>::new();
    let name = RwSignal::new(None::<String>);
    let content = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let file_error = RwSignal::new(None::<Text>);
    let password_error = RwSignal::new(None::<Text>);
    let over = RwSignal::new(false);
    let keep = Keep::new();
    let encrypted = Memo::new(move |_| content.with(|content| WalletFile::is_encrypted(content) == Ok(true)));

    let take = move |files: Option<web_sys::FileList>| {
        let Some(file) = files.and_then(|files| files.get(0)) else {
            return;
        };
        file_error.set(None);
        password_error.set(None);
        if file.size() > LARGEST_FILE {
            return file_error.set(Some(Text::FileTooLarge));
        }
        spawn_local(async move {
            match JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()) {
                Some(text) => {
                    content.set(text);
                    name.set(Some(file.name()));
                }
                None => file_error.set(Some(Text::FileUnreadable)),
            }
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        file_error.set(None);
        password_error.set(None);
        if content.with_untracked(String::is_empty) {
            return file_error.set(Some(Text::FileMissing));
        }
        let given = password.get_untracked();
        let given = (!given.is_empty()).then_some(given.as_str());
        let wallet = match content.with_untracked(|content| WalletFile::read(content, given)) {
            Ok(wallet) => wallet,
            Err(WalletFileError::NeedsPassword) => return password_error.set(Some(Text::FilePasswordNeeded)),
            Err(WalletFileError::WrongPassword) => return password_error.set(Some(Text::FileWrongPassword)),
            Err(_) => return file_error.set(Some(Text::FileDamaged)),
        };
        if !keep.validate() {
            return;
        }
        password.update(Zeroize::zeroize);
        content.update(Zeroize::zeroize);
        name.set(None);
        app.session.open_wallet(wallet.phrase, wallet.accounts, 0);
        keep.finish(app);
    };
    let label = |key: Text| Signal::derive(move || i18n::text(key).to_owned());
    let said =
        |error: RwSignal<Option<Text>>| Signal::derive(move || error.get().map(|key| i18n::text(key).to_owned()));
    view! {
        <form class="form" on:submit=submit>
            <div
                class="drop"
                class:drop-over=move || over.get()
                on:dragover=move |event| {
                    event.prevent_default();
                    over.set(true);
                }
                on:dragleave=move |_| over.set(false)
                on:drop=move |event| {
                    event.prevent_default();
                    over.set(false);
                    take(event.data_transfer().and_then(|data| data.files()));
                }
            >
                <p>{move || name.get().unwrap_or_else(|| i18n::text(Text::FileDrop).to_owned())}</p>
                <input
                    class="visually-hidden"
                    type="file"
                    tabindex="-1"
                    aria-label=t(Text::FileChoose)
                    node_ref=picker
                    on:change=move |event| {
                        let input = event.target().map(JsCast::unchecked_into::<web_sys::HtmlInputElement>);
                        take(input.and_then(|input| input.files()));
                    }
                />
                <button
                    class="button"
                    type="button"
                    on:click=move |_| {
                        if let Some(picker) = picker.get_untracked() {
                            picker.click();
                        }
                    }
                >
                    {t(Text::FileChoose)}
                </button>
                <p class="field-help">{t(Text::FileHelp)}</p>
                <div aria-live="polite">{move || said(file_error).get().map(|text| view! { <p class="field-error">{text}</p> })}</div>
            </div>
            <Show when=move || encrypted.get() || password_error.with(Option::is_some)>
                <PasswordField
                    label=label(Text::FilePassword)
                    value=password
                    error=said(password_error)
                    autocomplete="current-password"
                />
            </Show>
            <KeepFields keep />
            <div class="form-actions">
                <button class="button button-primary" type="submit">
                    <Icon shape=Shape::Check />
                    {t(Text::SignInAction)}
                </button>
            </div>
        </form>
    }
}
