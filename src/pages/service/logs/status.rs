//! How the connections stand, and how many lines are held.

use leptos::prelude::*;

use super::Display;
use crate::i18n::{self, Plural, Text, t};
use crate::pages::explain;
use crate::state::log_tail::Status;
use crate::state::use_app;

/// The words and the badge of a status (tracked).
pub fn describe(status: &Status, now_ms: f64) -> (String, &'static str) {
    match status {
        Status::Connecting => (i18n::text(Text::LogsConnecting).to_owned(), "badge badge-busy"),
        Status::Live => (i18n::text(Text::LogsLive).to_owned(), "badge badge-good"),
        Status::Held => (i18n::text(Text::LogsHeld).to_owned(), "badge"),
        Status::Complete => (i18n::text(Text::LogsComplete).to_owned(), "badge"),
        Status::Failed(_) => (i18n::text(Text::LogsFailed).to_owned(), "badge badge-bad"),
        Status::Waiting(at, _) => {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Not negative.
            let seconds = ((at - now_ms).max(0.0) / 1000.0).ceil() as u64;
            let time = i18n::duration(seconds);
            (
                i18n::text_with(Text::LogsWaiting, &[("time", &time)]),
                "badge badge-warn",
            )
        }
    }
}

/// The line below the tools.
#[component]
pub fn StatusLine(display: Display) -> impl IntoView {
    let app = use_app();
    let statuses = move || display.tail.get().map(|tail| tail.statuses()).unwrap_or_default();
    let count = move || {
        let Some(tail) = display.tail.get() else {
            return String::new();
        };
        tail.version();
        let (held, new) = tail.with(|buffer| {
            let end = buffer.numbers().end;
            (
                buffer.len() as u64,
                display.paused_at.get().map_or(0, |paused| end.saturating_sub(paused)),
            )
        });
        if new > 0 {
            i18n::plural(Plural::LogsNewLines, new)
        } else {
            i18n::plural(Plural::LogsLineCount, held)
        }
    };
    let waits = Memo::new(move |_| statuses().iter().any(|status| matches!(status, Status::Waiting(..))));
    // Why it has to connect again, where the host or the way there is to blame.
    let reason = Memo::new(move |_| {
        let error = statuses().into_iter().find_map(|status| match status {
            Status::Waiting(_, error) => error,
            _ => None,
        });
        error.map_or_else(String::new, |error| {
            let explained = explain(&error);
            match explained.detail {
                Some(detail) => format!("{} ({detail})", explained.title),
                None => explained.title.to_owned(),
            }
        })
    });
    let status = move || {
        let statuses = statuses();
        let first = statuses.first()?;
        let live = statuses.iter().filter(|status| **status == Status::Live).count();
        if live > 0 && display.paused_at.with(Option::is_some) {
            return Some((i18n::text(Text::LogsPaused).to_owned(), "badge badge-warn"));
        }
        // Times differ by moments: what counts is how many are well.
        if live < statuses.len() && statuses.len() > 1 && statuses.iter().any(|status| status != first) {
            let (live, all) = (i18n::number(live as u64), i18n::number(statuses.len() as u64));
            let text = i18n::text_with(Text::LogsSomeLive, &[("count", &live), ("total", &all)]);
            return Some((text, "badge badge-warn"));
        }
        Some(describe(first, app.clock.ms()))
    };
    view! {
        <span class="soft small">{count}</span>
        <span class="soft small">{move || reason.get()}</span>
        {move || status().map(|(text, class)| view! { <span class=class>{text}</span> })}
        <Show when=move || waits.get()>
            <button
                class="button"
                type="button"
                on:click=move |_| {
                    if let Some(tail) = display.tail_now() {
                        tail.retry_now();
                    }
                }
            >
                {t(Text::LogsRetryNow)}
            </button>
        </Show>
    }
}
