//! What is said where the device's clock is wrong: by how much, what is done about it, and the choice.

use leptos::prelude::*;

use crate::components::{Message, Tone};
use crate::i18n::{self, Text, t};
use crate::state::clock;

/// Nothing where the clock is right.
#[component]
pub fn ClockNote() -> impl IntoView {
    move || {
        let ahead = clock::host_is_ahead_ms();
        let by_host = clock::is_by_host();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Not negative, and far below 2^53.
        let time = i18n::duration((ahead.abs() / 60_000.0).round() as u64 * 60);
        let (title, tone) = (
            if ahead > 0.0 {
                Text::ClockBehind
            } else {
                Text::ClockAhead
            },
            if by_host { Tone::Info } else { Tone::Warn },
        );
        let (words, action) = if by_host {
            (Text::ClockByHost, Text::ClockUseDevice)
        } else {
            (Text::ClockByDevice, Text::ClockUseHost)
        };
        (ahead != 0.0).then(|| {
            view! {
                <Message tone title=i18n::text_with(title, &[("time", &time)])>
                    <p>{t(words)}</p>
                    <button class="button" type="button" on:click=move |_| clock::set_by_host(!by_host)>
                        {t(action)}
                    </button>
                </Message>
            }
        })
    }
}
