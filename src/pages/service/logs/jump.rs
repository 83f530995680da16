//! Going to a time: to the first line shown that was printed then or later.

use leptos::prelude::*;
use logs::{Reached, TimeSearch};

use super::Display;
use super::filter::{Slice, in_slice};
use crate::components::{Icon, Popup, Shape};
use crate::i18n::{self, Text, t};
use crate::state::log_tail::LogTail;

/// Bytes looked at between two looks at the clock.
const BUDGET: usize = 256 << 10;

/// A button with a field for the time.
#[component]
pub fn Jump(display: Display) -> impl IntoView {
    let open = RwSignal::new(false);
    let time = RwSignal::new(String::new());
    // Why the last jump led nowhere.
    let problem: RwSignal<Option<Text>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let go = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // The button stays enabled meanwhile: who has the focus on it would lose it.
        if busy.get_untracked() {
            return;
        }
        let Some(seconds) = i18n::from_local_input(&time.get_untracked()) else {
            problem.set(Some(Text::LogsJumpWhen));
            return;
        };
        let Some(tail) = display.tail_now() else { return };
        problem.set(None);
        busy.set(true);
        #[allow(clippy::cast_possible_wrap)] // Seconds stay far below.
        let search = TimeSearch::new(seconds as i64 * 1_000);
        look(
            display,
            tail,
            search,
            Slice::default(),
            Callback::new(move |reached| {
                busy.set(false);
                match reached {
                    Reached::Found(line) => {
                        open.set(false);
                        display.pointed.set(Some(line));
                        // What was gone to can be read on from the keyboard.
                        if let Some(log) = display.scroller.get_untracked() {
                            let _ = log.focus();
                        }
                    }
                    Reached::AllEarlier => problem.set(Some(Text::LogsJumpEarlier)),
                    Reached::NoTimes | Reached::Searching => problem.set(Some(Text::LogsJumpNoTimes)),
                }
            }),
        );
    };
    view! {
        <Popup
            label=Signal::derive(|| i18n::text(Text::LogsJump).to_owned())
            class="button"
            named_by_text=true
            open
            button=move || {
                view! {
                    <Icon shape=Shape::Next />
                    <span class="log-label">{t(Text::LogsJump)}</span>
                }
            }
        >
            <form class="form popup-form" on:submit=go>
                <label class="field">
                    <span class="field-label">{t(Text::LogsJumpTime)}</span>
                    <input
                        class="input"
                        type="datetime-local"
                        step="1"
                        prop:value=move || time.get()
                        on:input:target=move |event| time.set(event.target().value())
                    />
                </label>
                <p class="field-help">{t(Text::LogsJumpHelp)}</p>
                <div aria-live="polite">
                    {move || problem.get().map(|text| view! { <p class="field-error">{t(text)}</p> })}
                    {move || busy.get().then(|| view! { <p class="field-help">{t(Text::LogsJumpBusy)}</p> })}
                </div>
                <div class="form-actions">
                    <button class="button button-primary" type="submit">{t(Text::LogsJumpGo)}</button>
                </div>
            </form>
        </Popup>
    }
}

/// Goes on looking, a slice a frame, as long as this log is shown.
fn look(display: Display, tail: LogTail, mut search: TimeSearch, slice: Slice, then: Callback<Reached>) {
    let mut reached = Reached::Searching;
    let is_paused = display.paused_at.try_get_untracked().flatten();
    in_slice(&slice, || {
        reached = display.filter.with_search(|filter| {
            tail.with(|buffer| search.step(buffer, filter, is_paused.unwrap_or(u64::MAX), BUDGET))
        });
        (true, reached != Reached::Searching)
    });
    if reached == Reached::Searching {
        request_animation_frame(move || look(display, tail, search, slice, then));
    } else {
        then.try_run(reached);
    }
}
