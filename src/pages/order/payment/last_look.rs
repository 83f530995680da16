//! What every last look before something is signed has in common: it loads, it may be refused, and it ends in one confirmation.

use leptos::prelude::*;

use crate::components::{Icon, Message, Shape, Tone};
use crate::i18n::{Text, t};

/// What is looked at is being asked for.
pub fn loading() -> AnyView {
    view! {
        <div role="status">
            <span class="visually-hidden">{t(Text::PaymentsReviewLoading)}</span>
            {(0..4).map(|_| view! { <span class="skeleton"></span> }).collect_view()}
        </div>
    }
    .into_any()
}

/// Why nothing was signed, what to do about it, and somebody else's words.
pub fn refused((title, advice, detail): (&'static str, String, Option<String>)) -> AnyView {
    view! {
        <Message tone=Tone::Bad title>
            <p>{advice}</p>
            {detail.map(|detail| view! { <p class="mono small">{detail}</p> })}
            <p>{t(Text::PaymentsNothingSigned)}</p>
        </Message>
    }
    .into_any()
}

/// The ways out: leave, look again where it was refused, or confirm.
#[component]
pub fn Ending(
    open: RwSignal<bool>,
    /// Whether there is nothing to confirm.
    is_refused: Memo<bool>,
    /// Whether it can be confirmed.
    can: Memo<bool>,
    /// Whether what was confirmed is being done.
    busy: RwSignal<bool>,
    /// What confirming is called.
    action: Text,
    on_again: Callback<()>,
    on_confirm: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="dialog-actions">
            <button class="button" type="button" autofocus on:click=move |_| open.set(false)>{t(Text::ActionCancel)}</button>
            {move || {
                if is_refused.get() {
                    view! {
                        <button class="button" type="button" on:click=move |_| on_again.run(())>
                            <Icon shape=Shape::Refresh />
                            {t(Text::PaymentsReviewAgain)}
                        </button>
                    }
                        .into_any()
                } else {
                    view! {
                        <button class="button button-primary" type="button" disabled=move || !can.get() on:click=move |_| on_confirm.run(())>
                            {move || if busy.get() {
                                view! { <span class="spinner"></span> }.into_any()
                            } else {
                                view! { <Icon shape=Shape::Check /> }.into_any()
                            }}
                            {t(action)}
                        </button>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}
