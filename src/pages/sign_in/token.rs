//! Sign-in by access token: one service, without a wallet. The token is tried before it is accepted.

use leptos::prelude::*;
use leptos::task::spawn_local;
use vcloud_api::ApiError;
use vsys::{AccessToken, AccessTokenError};
use zeroize::Zeroize;

use super::keep::{Keep, KeepFields};
use crate::components::{ErrorMessage, Icon, Shape, TextArea};
use crate::i18n::{self, Text};
use crate::net::Abort;
use crate::pages::explain;
use crate::state::use_app;

/// The form.
#[component]
pub fn TokenForm() -> impl IntoView {
    let app = use_app();
    let text = RwSignal::new(String::new());
    let malformed = RwSignal::new(None::<Text>);
    let refused = RwSignal::new(None::<ApiError>);
    let busy = RwSignal::new(false);
    let keep = Keep::new();
    let abort = StoredValue::new_local(None::<Abort>);
    on_cleanup(move || {
        abort.try_with_value(|abort| abort.as_ref().map(Abort::abort));
    });
    let try_it = move || {
        malformed.set(None);
        refused.set(None);
        let token = match text.with_untracked(|text| AccessToken::parse(text)) {
            Ok(token) => token,
            Err(AccessTokenError::Empty) => return malformed.set(Some(Text::TokenEmpty)),
            Err(_) => return malformed.set(Some(Text::TokenMalformed)),
        };
        if !keep.validate() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        let signal = Abort::new();
        abort.set_value(Some(signal.clone()));
        spawn_local(async move {
            let answer = app.services.try_token(&token, &signal).await;
            if signal.is_aborted() {
                return;
            }
            busy.set(false);
            match answer {
                Ok(service) => {
                    text.update(Zeroize::zeroize);
                    app.session.open_token(token, service.service.id);
                    keep.finish(app);
                }
                Err(error) => refused.set(Some(error)),
            }
        });
    };
    view! {
        <form
            class="form"
            on:submit=move |event| {
                event.prevent_default();
                try_it();
            }
        >
            <TextArea
                label=Signal::derive(|| i18n::text(Text::TokenLabel).to_owned())
                help=Signal::derive(|| i18n::text(Text::TokenHelp).to_owned())
                value=text
                error=Signal::derive(move || malformed.get().map(|key| i18n::text(key).to_owned()))
            />
            {move || {
                refused
                    .get()
                    .map(|error| {
                        let explained = explain(&error);
                        view! { <ErrorMessage title=explained.title advice=explained.advice detail=Signal::stored(explained.detail) /> }
                    })
            }}
            <KeepFields keep />
            <div class="form-actions">
                <button class="button button-primary" type="submit" disabled=move || busy.get()>
                    {move || {
                        if busy.get() {
                            view! { <span class="spinner"></span> }.into_any()
                        } else {
                            view! { <Icon shape=Shape::Check /> }.into_any()
                        }
                    }}
                    {move || i18n::text(if busy.get() { Text::TokenTrying } else { Text::SignInAction })}
                </button>
            </div>
        </form>
    }
}
