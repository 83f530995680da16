//! Above the charts: which container, how often, how far back, pause, table, file; and how measuring goes.

use leptos::prelude::*;

use super::View;
use super::params::{Params, Span};
use crate::components::{Icon, Shape, download};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::explain;
use crate::state::App;
use crate::state::monitor::{INTERVALS, Status};

/// The tools and the line below them.
#[component]
pub fn Tools(app: App, view: View) -> impl IntoView {
    let pause = {
        let feed = view.feed.clone();
        move |_| {
            let paused = untrack(|| feed.status()) == Status::Paused;
            feed.set_paused(!paused);
        }
    };
    let is_paused = {
        let feed = view.feed.clone();
        Memo::new(move |_| feed.status() == Status::Paused)
    };
    let is_empty = {
        let feed = view.feed.clone();
        Memo::new(move |_| {
            feed.version();
            feed.with(metrics::History::is_empty)
        })
    };
    let save = {
        let (feed, id) = (view.feed.clone(), view.id.clone());
        move |_| {
            let text = feed.with(metrics::csv::of_history);
            download(&format!("{id}-monitor.csv"), "text/csv;charset=utf-8", text.as_bytes());
        }
    };
    let (params, change) = (view.params, view.change);
    view! {
        <div class="stack-tight monitor-tools">
            <div class="toolbar">
                <Choices app view=view.clone() />
                <button class="button" type="button" aria-pressed=move || is_paused.get().to_string() on:click=pause>
                    {move || {
                        if is_paused.get() {
                            view! { <Icon shape=Shape::Play /> }
                        } else {
                            view! { <Icon shape=Shape::Pause /> }
                        }
                    }}
                    {t(Text::MonitorPause)}
                </button>
                <div class="row spread">
                    <button
                        class="button"
                        type="button"
                        aria-pressed=move || params.with(|params| params.table).to_string()
                        on:click=move |_| {
                            let params = params.get_untracked();
                            change.run(Params { table: !params.table, ..params });
                        }
                    >
                        <Icon shape=Shape::Columns />
                        {t(Text::MonitorTable)}
                    </button>
                    <button class="button" type="button" disabled=move || is_empty.get() on:click=save>
                        <Icon shape=Shape::Download />
                        {t(Text::MonitorDownloadCsv)}
                    </button>
                </div>
            </div>
            <StatusLine app view />
        </div>
    }
}

/// Container, interval and span.
#[component]
fn Choices(app: App, view: View) -> impl IntoView {
    let View {
        params,
        change,
        containers,
        ..
    } = view;
    let names = move || {
        let chosen = params.with(|params| params.container.clone());
        let mut names = containers.get();
        if !chosen.is_empty() && !names.contains(&chosen) {
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
    let span_name = |span: Span| {
        move || match span {
            Span::Minutes(minutes) => i18n::plural(Plural::MonitorLastMinutes, u64::from(minutes)),
            Span::All => i18n::text(Text::MonitorSinceOpened).to_owned(),
        }
    };
    view! {
        <select
            class="select"
            aria-label=t(Text::MonitorContainer)
            on:change:target=move |event| {
                change.run(Params { container: event.target().value(), ..params.get_untracked() });
            }
        >
            <option value="" selected=move || params.with(|params| params.container.is_empty())>
                {t(Text::MonitorAllContainers)}
            </option>
            {names}
        </select>
        <select
            class="select"
            aria-label=t(Text::MonitorSpan)
            on:change:target=move |event| {
                if let Some(span) = Span::from_id(&event.target().value()) {
                    change.run(Params { span, ..params.get_untracked() });
                }
            }
        >
            {Span::OFFERED
                .map(|span| {
                    view! {
                        <option value=span.id() selected=move || params.with(|params| params.span == span)>
                            {span_name(span)}
                        </option>
                    }
                })
                .collect_view()}
        </select>
        <select
            class="select"
            aria-label=t(Text::MonitorInterval)
            on:change:target=move |event| {
                if let Ok(seconds) = event.target().value().parse() {
                    app.monitors.set_interval(seconds);
                }
            }
        >
            {INTERVALS
                .map(|seconds| {
                    view! {
                        <option value=seconds.to_string() selected=move || app.monitors.interval() == seconds>
                            {move || i18n::plural(Plural::MonitorEvery, u64::from(seconds))}
                        </option>
                    }
                })
                .collect_view()}
        </select>
    }
}

/// How measuring goes, in one line that is always there, so that nothing below it moves.
#[component]
fn StatusLine(app: App, view: View) -> impl IntoView {
    let feed = view.feed.clone();
    let how = {
        let feed = feed.clone();
        Memo::new(move |_| feed.status())
    };
    let retry = {
        let feed = feed.clone();
        move || {
            let feed = feed.clone();
            matches!(how.get(), Status::Failing { .. }).then(|| {
                view! {
                    <button class="button-link" type="button" on:click=move |_| feed.measure_now()>
                        {t(Text::MonitorRetryNow)}
                    </button>
                }
            })
        }
    };
    // Announced when it changes, not with every second of a countdown.
    let state = Memo::new(move |_| match how.get() {
        Status::Starting => (i18n::text(Text::MonitorStarting).to_owned(), "badge badge-busy"),
        Status::Live => (i18n::text(Text::MonitorLive).to_owned(), "badge badge-good"),
        Status::Paused => (i18n::text(Text::MonitorPaused).to_owned(), "badge badge-warn"),
        Status::Failing { since, why, .. } => {
            let explained = explain(&why);
            let reason = match explained.detail {
                Some(detail) => format!("{} ({detail})", explained.title),
                None => explained.title.to_owned(),
            };
            let text = i18n::text_with(
                Text::MonitorFailing,
                &[("time", &i18n::time_of_day(since)), ("reason", &reason)],
            );
            (text, "badge badge-bad")
        }
    });
    let next = move || match how.get() {
        Status::Failing { next, .. } => {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Not negative, a minute at most.
            let seconds = ((next - app.clock.ms()) / 1000.0).ceil().max(0.0) as u64;
            i18n::text_with(Text::MonitorNext, &[("time", &i18n::duration(seconds))])
        }
        _ => String::new(),
    };
    let count = move || {
        feed.version();
        let (count, first) = feed.with(|history| (history.len() as u64, history.time(0)));
        match (first, how.get()) {
            (Some(first), Status::Live | Status::Paused) => i18n::text_with(
                Text::MonitorSamples,
                &[("count", &i18n::number(count)), ("time", &i18n::time_of_day(first))],
            ),
            _ => String::new(),
        }
    };
    view! {
        <div class="row small monitor-status">
            <span role="status">
                {move || {
                    let (text, class) = state.get();
                    view! { <span class=class>{text}</span> }
                }}
            </span>
            <span class="soft">{next}{count}</span>
            {retry}
        </div>
    }
}
