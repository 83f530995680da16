//! Above the lines: which logs, which part of them, how they are shown, copy and download.

use leptos::prelude::*;
use leptos::task::spawn_local;
use logs::Escapes;

use super::containers::{Legend, Which};
use super::find::{FilterBar, Find};
use super::jump::Jump;
use super::params::{Params, TAILS};
use super::status::StatusLine;
use super::{Choice, Display};
use crate::components::{Icon, Popup, Shape, Tone, copy_text, download, toast};
use crate::i18n::{self, Plural, Text, t};
use crate::state::log_tail::LogTail;

/// So many of the last lines are copied: more than a clipboard is good for.
const MOST_COPIED: u64 = 10_000;

/// The longest name of a saved file, in bytes. Names of containers are ASCII.
const LONGEST_NAME: usize = 100;

/// The rows of tools.
#[component]
pub fn Tools(display: Display, choice: Choice) -> impl IntoView {
    view! {
        <div class="log-tools">
            <div class="toolbar">
                <Which choice />
                <HowMany choice />
                <Range params=choice.params change=choice.change />
                <Jump display />
                <How display />
            </div>
            <div class="toolbar">
                <Find display />
                <FilterBar display />
            </div>
            <div class="toolbar log-status">
                <Legend display choice />
                <div class="row spread">
                    <StatusLine display />
                    <Take display />
                </div>
            </div>
        </div>
    }
}

/// How many of the last lines.
#[component]
fn HowMany(choice: Choice) -> impl IntoView {
    let (params, change) = (choice.params, choice.change);
    let tail_name = |tail: u64| {
        move || {
            if tail == 0 {
                i18n::text(Text::LogsTailAll).to_owned()
            } else {
                i18n::plural(Plural::LogsTail, tail)
            }
        }
    };
    view! {
        <select
            class="select"
            aria-label=t(Text::LogsTailName)
            on:change:target=move |event| {
                if let Ok(tail) = event.target().value().parse() {
                    change.run(Params { tail, ..params.get_untracked() });
                }
            }
        >
            {TAILS
                .map(|tail| {
                    view! {
                        <option value=tail.to_string() selected=move || params.with(|params| params.tail == tail)>
                            {tail_name(tail)}
                        </option>
                    }
                })
                .collect_view()}
        </select>
    }
}

/// From when until when.
#[component]
fn Range(params: Memo<Params>, change: Callback<Params>) -> impl IntoView {
    let open = RwSignal::new(false);
    let from = RwSignal::new(i18n::local_input(params.get_untracked().start));
    let to = RwSignal::new(i18n::local_input(params.get_untracked().end));
    let wrong = RwSignal::new(false);
    let is_set = move || params.with(|params| params.start.is_some() || params.end.is_some());
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (start, end) = (
            i18n::from_local_input(&from.get_untracked()),
            i18n::from_local_input(&to.get_untracked()),
        );
        let backwards = matches!((start, end), (Some(start), Some(end)) if end <= start);
        wrong.set(backwards);
        if !backwards {
            open.set(false);
            change.run(Params {
                start,
                end,
                ..params.get_untracked()
            });
        }
    };
    let clear = move |_| {
        from.set(String::new());
        to.set(String::new());
        open.set(false);
        change.run(Params {
            start: None,
            end: None,
            ..params.get_untracked()
        });
    };
    let field = |label: Text, value: RwSignal<String>| {
        view! {
            <label class="field">
                <span class="field-label">{t(label)}</span>
                <input
                    class="input"
                    type="datetime-local"
                    step="1"
                    prop:value=move || value.get()
                    on:input:target=move |event| value.set(event.target().value())
                />
            </label>
        }
    };
    view! {
        <Popup
            label=Signal::derive(|| i18n::text(Text::LogsRange).to_owned())
            class="button"
            named_by_text=true
            open
            button=move || {
                view! {
                    <Icon shape=Shape::Clock />
                    <span class="log-label">
                        {move || i18n::text(if is_set() { Text::LogsRangeSet } else { Text::LogsRange })}
                    </span>
                }
            }
        >
            <form class="form popup-form" on:submit=apply>
                {field(Text::LogsFrom, from)}
                {field(Text::LogsTo, to)}
                <p class="field-help">{t(Text::LogsRangeHelp)}</p>
                <div aria-live="polite">
                    {move || wrong.get().then(|| view! { <p class="field-error">{t(Text::LogsRangeWrong)}</p> })}
                </div>
                <div class="form-actions">
                    <button class="button button-primary" type="submit">{t(Text::LogsRangeApply)}</button>
                    <button class="button" type="button" on:click=clear>{t(Text::LogsRangeClear)}</button>
                </div>
            </form>
        </Popup>
    }
}

/// Pause, follow, wrap.
#[component]
fn How(display: Display) -> impl IntoView {
    let pause = move |_| {
        let end = display.tail_now().map(|tail| tail.with(|buffer| buffer.numbers().end));
        display
            .paused_at
            .update(|paused| *paused = if paused.is_some() { None } else { end });
    };
    let toggle = |name: Text, shape: Shape, value: RwSignal<bool>| {
        view! {
            <button
                class="button"
                type="button"
                title=t(name)
                aria-pressed=move || value.get().to_string()
                on:click=move |_| value.update(|value| *value = !*value)
            >
                <Icon shape />
                <span class="log-label">{t(name)}</span>
            </button>
        }
    };
    view! {
        <button
            class="button"
            type="button"
            title=t(Text::LogsPause)
            aria-pressed=move || display.paused_at.with(Option::is_some).to_string()
            on:click=pause
        >
            <Icon shape=Shape::Pause />
            <span class="log-label">{t(Text::LogsPause)}</span>
        </button>
        {toggle(Text::LogsFollow, Shape::Follow, display.follow)}
        {toggle(Text::LogsWrap, Shape::Wrap, display.wrap)}
    }
}

/// Lines as text: those that the filter lets pass, of several containers each with its name before it. `last` of them at most.
/// Answers how many there are as well.
fn export(display: Display, tail: &LogTail, last: u64) -> (Vec<u8>, u64) {
    let names: Vec<String> = tail.containers().map(str::to_owned).collect();
    let with_name = |source: u8, out: &mut Vec<u8>| {
        if let Some(name) = names.get(usize::from(source)).filter(|_| names.len() > 1) {
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b" | ");
        }
    };
    display.filter.with_search(|search| {
        tail.with(|buffer| match search {
            Some(search) => {
                let count = search.count() as u64;
                let skipped = count.saturating_sub(last);
                let numbers = search.matches().skip(usize::try_from(skipped).unwrap_or(usize::MAX));
                let text = buffer.export_lines(numbers, Escapes::Strip, with_name);
                (text, count - skipped)
            }
            None => {
                let numbers = buffer.numbers();
                let range = numbers.start.max(numbers.end.saturating_sub(last))..numbers.end;
                let count = range.end - range.start;
                let text = if names.len() > 1 {
                    buffer.export_lines(range, Escapes::Strip, with_name)
                } else {
                    buffer.export(range, Escapes::Strip)
                };
                (text, count)
            }
        })
    })
}

/// Copy, download, clear.
#[component]
fn Take(display: Display) -> impl IntoView {
    let copy = move |_| {
        let Some(tail) = display.tail_now() else { return };
        let (text, count) = export(display, &tail, MOST_COPIED);
        spawn_local(async move {
            if copy_text(&String::from_utf8_lossy(&text)).await {
                toast(Tone::Good, untrack(|| i18n::plural(Plural::LogsCopied, count)));
            } else {
                toast(Tone::Bad, untrack(|| i18n::text(Text::ErrorClipboard)).to_owned());
            }
        });
    };
    let save = move |_| {
        let Some(tail) = display.tail_now() else { return };
        let (content, _) = export(display, &tail, u64::MAX);
        let mut name = tail.containers().collect::<Vec<_>>().join("+");
        name.truncate(LONGEST_NAME);
        download(&format!("{name}.log"), "text/plain;charset=utf-8", &content);
    };
    let clear = move |_| {
        let Some(tail) = display.tail_now() else { return };
        tail.clear();
        if display.paused_at.get_untracked().is_some() {
            display.paused_at.set(Some(tail.with(|buffer| buffer.numbers().end)));
        }
    };
    let is_filtered = display.filter.is_on;
    let copy_name = move || {
        if is_filtered.get() {
            Text::LogsCopyFiltered
        } else {
            Text::LogsCopy
        }
    };
    let save_name = move || {
        if is_filtered.get() {
            Text::LogsDownloadFiltered
        } else {
            Text::LogsDownload
        }
    };
    view! {
        {icon_button(copy_name, Shape::Copy, copy)}
        {icon_button(save_name, Shape::Download, save)}
        {icon_button(|| Text::LogsClear, Shape::Close, clear)}
    }
}

fn icon_button(
    name: impl Fn() -> Text + Copy + Send + Sync + 'static,
    shape: Shape,
    action: impl Fn(leptos::ev::MouseEvent) + 'static,
) -> impl IntoView {
    let text = move || i18n::text(name());
    view! {
        <button class="button button-icon" type="button" aria-label=text title=text on:click=action>
            <Icon shape />
        </button>
    }
}
