//! What pages say of data that could not be had, or is older than it should be.

use leptos::prelude::*;
use vcloud_api::ApiError;

use super::explain;
use crate::components::{ErrorMessage, Message, Tone};
use crate::i18n::{self, Text};

/// Nothing could be loaded: why, and another try. Nothing is shown where there is no reason.
#[component]
pub fn Failed(#[prop(into)] why: Signal<Option<ApiError>>, on_retry: Callback<()>) -> impl IntoView {
    move || {
        why.get().map(|error| {
            let explained = explain(&error);
            view! {
                <ErrorMessage
                    title=explained.title
                    advice=explained.advice
                    detail=Signal::stored(explained.detail)
                    on_retry
                />
            }
        })
    }
}

/// What is shown could not be refreshed: why. Nothing is shown where there is no reason.
#[component]
pub fn Stale(#[prop(into)] why: Signal<Option<ApiError>>) -> impl IntoView {
    move || {
        why.get().map(|error| {
            let explained = explain(&error);
            view! {
                <Message tone=Tone::Warn title=i18n::text(Text::ErrorStaleTitle)>
                    <p>{explained.title}" "{explained.advice}</p>
                </Message>
            }
        })
    }
}
