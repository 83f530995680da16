//! Above the lines: which log, which part of it, how it is shown, the search, copy and download.

use leptos::prelude::*;
use leptos::task::spawn_local;
use logs::Escapes;
use send_wrapper::SendWrapper;

use super::{Display, Params, TAILS};
use crate::components::{Icon, Popup, Shape, Tone, copy_text, download, toast};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::explain;
use crate::state::log_tail::{LogTail, Status};
use crate::state::use_app;

/// So many of the last lines are copied: more than a clipboard is good for.
const MOST_COPIED: u64 = 10_000;

/// The two rows of tools.
#[component]
pub fn Tools(
    tail: LogTail,
    display: Display,
    containers: Memo<Vec<String>>,
    container: Memo<Option<String>>,
    params: Memo<Params>,
    change: Callback<Params>,
) -> impl IntoView {
    view! {
        <div class="log-tools">
            <div class="toolbar">
                <Which containers container params change />
                <How tail=tail.clone() display />
                <div class="row spread">
                    <Take tail=tail.clone() display container />
                </div>
            </div>
            <div class="toolbar">
                <Find display />
                <div class="row spread">
                    <StatusLine tail display />
                </div>
            </div>
        </div>
    }
}

/// The container and the part of its log.
#[component]
fn Which(
    containers: Memo<Vec<String>>,
    container: Memo<Option<String>>,
    params: Memo<Params>,
    change: Callback<Params>,
) -> impl IntoView {
    let options = move || {
        let chosen = container.get().unwrap_or_default();
        let mut names = containers.get();
        if !names.contains(&chosen) {
            names.push(chosen.clone());
        }
        names
            .into_iter()
            .map(|name| {
                let selected = name == chosen;
                view! { <option value=name.clone() selected=selected>{name.clone()}</option> }
            })
            .collect_view()
    };
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
            aria-label=t(Text::LogsContainer)
            on:change:target=move |event| {
                change.run(Params { container: event.target().value(), ..params.get_untracked() });
            }
        >
            {options}
        </select>
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
        <Range params change />
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
                    {move || i18n::text(if is_set() { Text::LogsRangeSet } else { Text::LogsRange })}
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
fn How(tail: LogTail, display: Display) -> impl IntoView {
    let tail = SendWrapper::new(tail);
    let pause = move |_| {
        let end = tail.with(|buffer| buffer.numbers().end);
        display
            .paused_at
            .update(|paused| *paused = if paused.is_some() { None } else { Some(end) });
    };
    let toggle = |name: Text, shape: Shape, value: RwSignal<bool>| {
        view! {
            <button
                class="button"
                type="button"
                aria-pressed=move || value.get().to_string()
                on:click=move |_| value.update(|value| *value = !*value)
            >
                <Icon shape />
                {t(name)}
            </button>
        }
    };
    view! {
        <button
            class="button"
            type="button"
            aria-pressed=move || display.paused_at.with(Option::is_some).to_string()
            on:click=pause
        >
            <Icon shape=Shape::Pause />
            {t(Text::LogsPause)}
        </button>
        {toggle(Text::LogsFollow, Shape::Follow, display.follow)}
        {toggle(Text::LogsWrap, Shape::Wrap, display.wrap)}
    }
}

/// Copy, download, clear.
#[component]
fn Take(tail: LogTail, display: Display, container: Memo<Option<String>>) -> impl IntoView {
    let tail = SendWrapper::new(tail);
    let copy = {
        let tail = tail.clone();
        move |_| {
            let (text, count) = tail.with(|buffer| {
                let numbers = buffer.numbers();
                let range = numbers.start.max(numbers.end.saturating_sub(MOST_COPIED))..numbers.end;
                let count = range.end - range.start;
                (
                    String::from_utf8_lossy(&buffer.export(range, Escapes::Strip)).into_owned(),
                    count,
                )
            });
            spawn_local(async move {
                if copy_text(&text).await {
                    toast(Tone::Good, untrack(|| i18n::plural(Plural::LogsCopied, count)));
                } else {
                    toast(Tone::Bad, untrack(|| i18n::text(Text::ErrorClipboard)).to_owned());
                }
            });
        }
    };
    let save = {
        let tail = tail.clone();
        move |_| {
            let content = tail.with(|buffer| buffer.export(buffer.numbers(), Escapes::Strip));
            let name = container.get_untracked().unwrap_or_else(|| "container".to_owned());
            download(&format!("{name}.log"), "text/plain;charset=utf-8", &content);
        }
    };
    let clear = move |_| {
        tail.clear();
        if display.paused_at.get_untracked().is_some() {
            display.paused_at.set(Some(tail.with(|buffer| buffer.numbers().end)));
        }
    };
    view! {
        {icon_button(Text::LogsCopy, Shape::Copy, copy)}
        {icon_button(Text::LogsDownload, Shape::Download, save)}
        {icon_button(Text::LogsClear, Shape::Close, clear)}
    }
}

fn icon_button(name: Text, shape: Shape, action: impl Fn(leptos::ev::MouseEvent) + 'static) -> impl IntoView {
    view! {
        <button class="button button-icon" type="button" aria-label=t(name) title=t(name) on:click=action>
            <Icon shape />
        </button>
    }
}

/// The search.
#[component]
fn Find(display: Display) -> impl IntoView {
    let finder = display.finder;
    let result = move || {
        if finder.text.with(String::is_empty) {
            return String::new();
        }
        let count = finder.count.get() as u64;
        let text = match finder.position() {
            Some(position) => i18n::text_with(
                Text::LogsMatchOf,
                &[
                    ("position", &i18n::number(position as u64)),
                    ("count", &i18n::number(count)),
                ],
            ),
            None => i18n::plural(Plural::LogsMatches, count),
        };
        if finder.complete.get() {
            text
        } else {
            format!("{text}…")
        }
    };
    let none = move || finder.count.get() == 0;
    view! {
        <div class="search">
            <Icon shape=Shape::Search />
            <input
                class="input"
                type="search"
                aria-label=t(Text::LogsSearch)
                placeholder=t(Text::LogsSearch)
                prop:value=move || finder.text.get()
                on:input:target=move |event| finder.text.set(event.target().value())
                on:keydown=move |event| match event.key().as_str() {
                    "Enter" if event.shift_key() => finder.previous(),
                    "Enter" => finder.next(),
                    "Escape" => finder.text.set(String::new()),
                    _ => {}
                }
            />
        </div>
        <button
            class="button button-icon"
            type="button"
            aria-pressed=move || finder.case_sensitive.get().to_string()
            aria-label=t(Text::LogsCase)
            title=t(Text::LogsCase)
            on:click=move |_| finder.case_sensitive.update(|case| *case = !*case)
        >
            "Aa"
        </button>
        <button
            class="button button-icon"
            type="button"
            aria-label=t(Text::LogsPrevious)
            title=t(Text::LogsPrevious)
            disabled=none
            on:click=move |_| finder.previous()
        >
            <Icon shape=Shape::ArrowUp />
        </button>
        <button
            class="button button-icon"
            type="button"
            aria-label=t(Text::LogsNext)
            title=t(Text::LogsNext)
            disabled=none
            on:click=move |_| finder.next()
        >
            <Icon shape=Shape::ArrowDown />
        </button>
        <span class="soft small" aria-live="polite">{result}</span>
    }
}

/// How the connection stands, and how many lines are held.
#[component]
fn StatusLine(tail: LogTail, display: Display) -> impl IntoView {
    let app = use_app();
    let tail = SendWrapper::new(tail);
    let count = {
        let tail = tail.clone();
        move || {
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
        }
    };
    let retry = {
        let tail = tail.clone();
        move |_| tail.retry_now()
    };
    let waits = {
        let tail = tail.clone();
        Memo::new(move |_| matches!(tail.status(), Status::Waiting(..)))
    };
    // Why it has to connect again, where the host or the way there is to blame.
    let reason = {
        let tail = tail.clone();
        Memo::new(move |_| match tail.status() {
            Status::Waiting(_, Some(error)) => {
                let explained = explain(&error);
                match explained.detail {
                    Some(detail) => format!("{} ({detail})", explained.title),
                    None => explained.title.to_owned(),
                }
            }
            _ => String::new(),
        })
    };
    let status = move || match tail.status() {
        Status::Connecting => (i18n::text(Text::LogsConnecting).to_owned(), "badge badge-busy"),
        Status::Live if display.paused_at.with(Option::is_some) => {
            (i18n::text(Text::LogsPaused).to_owned(), "badge badge-warn")
        }
        Status::Live => (i18n::text(Text::LogsLive).to_owned(), "badge badge-good"),
        Status::Complete => (i18n::text(Text::LogsComplete).to_owned(), "badge"),
        Status::Failed(_) => (i18n::text(Text::LogsFailed).to_owned(), "badge badge-bad"),
        Status::Waiting(at, _) => {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Not negative.
            let seconds = ((at - app.clock.ms()).max(0.0) / 1000.0).ceil() as u64;
            (
                i18n::text_with(Text::LogsWaiting, &[("time", &i18n::duration(seconds))]),
                "badge badge-warn",
            )
        }
    };
    view! {
        <span class="soft small">{count}</span>
        <span class="soft small">{move || reason.get()}</span>
        {move || {
            let (text, class) = status();
            view! { <span class=class>{text}</span> }
        }}
        <Show when=move || waits.get()>
            <button class="button" type="button" on:click=retry.clone()>{t(Text::LogsRetryNow)}</button>
        </Show>
    }
}
