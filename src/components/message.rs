//! Messages in the flow of a page: what happened, what was not lost, what to do.

use leptos::prelude::*;

use super::{Icon, Shape};
use crate::i18n::{Text, t};

/// How serious a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something to know.
    Info,
    /// Something was done.
    Good,
    /// Something needs attention.
    Warn,
    /// Something failed.
    Bad,
}

impl Tone {
    /// The class of a box of this tone.
    pub const fn class(self) -> &'static str {
        match self {
            Tone::Info => "message",
            Tone::Good => "message message-good",
            Tone::Warn => "message message-warn",
            Tone::Bad => "message message-bad",
        }
    }

    /// The icon that goes with it.
    pub const fn shape(self) -> Shape {
        match self {
            Tone::Info => Shape::Info,
            Tone::Good => Shape::Check,
            Tone::Warn => Shape::Warning,
            Tone::Bad => Shape::Cross,
        }
    }
}

/// A box with a message. Failures are announced at once.
#[component]
pub fn Message(
    tone: Tone,
    #[prop(into)] title: Signal<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class=tone.class() role=if tone == Tone::Bad { "alert" } else { "status" }>
            <Icon shape=tone.shape() />
            <div class="message-body">
                <p class="message-title">{move || title.get()}</p>
                {children.map(|children| children())}
            </div>
        </div>
    }
}

/// A failed request: what happened, what to do, and a way to try again.
#[component]
pub fn ErrorMessage(
    /// What happened.
    #[prop(into)]
    title: Signal<String>,
    /// What to do about it.
    #[prop(into)]
    advice: Signal<String>,
    /// The platform's own words, where it had some.
    #[prop(into, optional)]
    detail: Signal<Option<String>>,
    /// Called to try again.
    #[prop(into, optional)]
    on_retry: Option<Callback<()>>,
) -> impl IntoView {
    view! {
        <Message tone=Tone::Bad title>
            <p>{move || advice.get()}</p>
            {move || detail.get().map(|detail| view! { <p class="mono small">{detail}</p> })}
            {on_retry.map(|retry| view! {
                <button class="button" type="button" on:click=move |_| retry.run(())>
                    <Icon shape=Shape::Refresh />
                    {t(Text::ActionRetry)}
                </button>
            })}
        </Message>
    }
}
