//! An order that no list has: what that means, and the only way to learn what became of it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use vcloud_api::ApiError;

use crate::components::{Message, Tone};
use crate::i18n::{self, Text, t};
use crate::pages::explain_briefly;
use crate::state::{App, orders};

/// The message, with a button that asks for the order itself, which the extension signs.
#[component]
pub fn Unlisted(app: App, id: String) -> impl IntoView {
    let asking = RwSignal::new(false);
    let failed: RwSignal<Option<ApiError>> = RwSignal::new(None);
    let ask = move |_| {
        let id = id.clone();
        asking.set(true);
        failed.set(None);
        spawn_local(async move {
            match orders::ask_for(app, id.clone()).await {
                Ok(order) => app.orders.known.put(&id, order),
                Err(error) => {
                    failed.try_set(Some(error));
                }
            }
            asking.try_set(false);
        });
    };
    view! {
        <Message tone=Tone::Warn title=i18n::text(Text::OrdersUnlistedTitle)>
            <p>{t(Text::OrdersUnlistedAdvice)}</p>
            <div aria-live="polite">
                {move || failed.get().map(|error| view! { <p class="field-error">{explain_briefly(&error)}</p> })}
            </div>
            <div class="form-actions">
                <button class="button" type="button" disabled=asking on:click=ask>
                    {move || asking.get().then(|| view! { <span class="spinner"></span> })}
                    {t(Text::OrdersUnlistedAsk)}
                </button>
            </div>
        </Message>
    }
}
