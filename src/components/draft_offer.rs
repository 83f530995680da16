//! Offers what was typed before and not sent.

use leptos::prelude::*;

use super::{Message, Tone};
use crate::i18n::{self, Text, t};

/// A draft from before: go on with it, or not.
#[component]
pub fn DraftOffer(
    /// When it was last changed, in milliseconds since the Unix epoch.
    at: f64,
    /// Which parts of it were not kept.
    #[prop(into)]
    left_out: Signal<String>,
    #[prop(into)] on_continue: Callback<()>,
    #[prop(into)] on_discard: Callback<()>,
) -> impl IntoView {
    view! {
        <Message tone=Tone::Info title=Signal::derive(move || draft_from(at))>
            <p>{move || left_out.get()}</p>
            <div class="row">
                <button class="button button-primary" type="button" on:click=move |_| on_continue.run(())>
                    {t(Text::DraftContinue)}
                </button>
                <button class="button" type="button" on:click=move |_| on_discard.run(())>{t(Text::DraftDiscard)}</button>
            </div>
        </Message>
    }
}

/// Offers what was typed into a form that is closed now.
#[component]
pub fn ClosedDraft(
    /// When it was last changed, in milliseconds since the Unix epoch; none where there is none.
    at: Signal<Option<f64>>,
    /// Which parts of it were not kept.
    left_out: Signal<String>,
    on_continue: Callback<()>,
    on_discard: Callback<()>,
) -> impl IntoView {
    move || {
        at.get()
            .map(|at| view! { <DraftOffer at left_out on_continue on_discard /> })
    }
}

/// That there is a draft, and from when (tracked).
pub fn draft_from(at: f64) -> String {
    #[allow(clippy::cast_possible_truncation)] // A time, far below 2^53.
    let seconds = (at / 1000.0) as i64;
    i18n::text_with(Text::DraftFrom, &[("time", &i18n::date_time(seconds))])
}
