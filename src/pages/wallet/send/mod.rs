//! `/wallet/send?from=INDEX`: coins of the native currency for somebody, typed, reviewed and sent once;
//! `/wallet/send?transfer=ID`: what became of it.

mod form;
mod input;
mod made;
mod parts;
mod review;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{Message, Tone};
use crate::i18n::{self, Text, t};
use crate::pages::set_title;
use crate::state::use_app;

/// The page.
#[component]
pub fn SendPage() -> impl IntoView {
    let app = use_app();
    set_title(|| i18n::text(Text::SendTitle).to_owned());
    let query = use_query_map();
    let transfer = Memo::new(move |_| query.read().get("transfer"));
    let from = Memo::new(move |_| query.read().get("from").and_then(|index| index.parse::<u32>().ok()));
    move || match transfer.get() {
        Some(id) => view! { <made::Made app id /> }.into_any(),
        None if !app.session.is_wallet() => view! { <NotByExtension /> }.into_any(),
        None => view! { <form::Form app from /> }.into_any(),
    }
}

/// Why the console does not have the browser extension send, and where it can be done.
#[component]
fn NotByExtension() -> impl IntoView {
    view! {
        <h1>{t(Text::SendTitle)}</h1>
        <Message tone=Tone::Info title=i18n::text(Text::ExtensionSend)>
            <p>{t(Text::ExtensionSendAdvice)}</p>
        </Message>
    }
}
