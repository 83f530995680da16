//! Short messages in the corner, announced by screen readers, gone by themselves.

use std::sync::OnceLock;
use std::time::Duration;

use leptos::prelude::*;

use super::{Icon, Shape, Tone};
use crate::i18n::{Text, t};

const SHOWN_FOR: Duration = Duration::from_secs(6);

#[derive(Clone, Debug, PartialEq)]
struct Toast {
    id: u32,
    tone: Tone,
    text: String,
}

static TOASTS: OnceLock<RwSignal<Vec<Toast>>> = OnceLock::new();

/// Shows a message in the corner. A failure stays until it is dismissed.
pub fn toast(tone: Tone, text: String) {
    let Some(toasts) = TOASTS.get().copied() else { return };
    let id = toasts.with_untracked(|shown| shown.last().map_or(0, |toast| toast.id + 1));
    toasts.update(|shown| shown.push(Toast { id, tone, text }));
    if tone != Tone::Bad {
        set_timeout(move || dismiss(id), SHOWN_FOR);
    }
}

fn dismiss(id: u32) {
    if let Some(toasts) = TOASTS.get() {
        toasts.update(|shown| shown.retain(|toast| toast.id != id));
    }
}

/// The corner where they appear; once in the application, under its root owner.
#[component]
pub fn Toasts() -> impl IntoView {
    let toasts = *TOASTS.get_or_init(|| RwSignal::new(Vec::new()));
    view! {
        <div class="toasts" role="region" aria-live="polite" aria-label=t(Text::ShellMessages)>
            <For each=move || toasts.get() key=|toast| toast.id let:toast>
                <div class=toast.tone.class()>
                    <Icon shape=toast.tone.shape() />
                    <div class="message-body">{toast.text.clone()}</div>
                    <button class="button button-quiet button-icon" type="button" aria-label=t(Text::ActionDismiss) on:click=move |_| dismiss(toast.id)>
                        <Icon shape=Shape::Close />
                    </button>
                </div>
            </For>
        </div>
    }
}
