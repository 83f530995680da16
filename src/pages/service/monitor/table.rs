//! The samples as a table, newest first. Who turns to older ones is not moved on by what comes.

use leptos::prelude::*;
use metrics::Measure;

use super::units::{quantity_of, value_or_dash};
use super::{LineKind, LineName, Subject, View};
use crate::components::{Icon, Shape};
use crate::i18n::{self, Text, t};

/// Rows a page.
const ROWS: u64 = 50;

/// A column: what it shows, and the two parts of its heading.
#[derive(Clone, PartialEq)]
struct Column {
    measure: Measure,
    subject: Text,
    name: Option<LineName>,
}

fn columns(view: &View) -> Vec<Column> {
    let mut columns = Vec::new();
    for subject in Subject::ALL {
        for line in view.lines(subject) {
            let name = match line.name {
                LineName::Known(LineKind::Storage) => None,
                name => Some(name),
            };
            columns.push(Column {
                measure: line.measure,
                subject: subject.title(),
                name,
            });
        }
    }
    columns
}

/// The table and the way to older samples.
#[component]
pub fn Samples(view: View) -> impl IntoView {
    let columns = {
        let view = view.clone();
        Memo::new(move |_| columns(&view))
    };
    // The number of the newest sample shown; none while the newest of all is.
    let newest = RwSignal::new(None::<u64>);
    let feed = view.feed.clone();
    let bounds = {
        let feed = feed.clone();
        Memo::new(move |_| {
            feed.version();
            feed.with(|history| (history.first_number(), history.first_number() + history.len() as u64))
        })
    };
    // First and last number shown, the last not included.
    let shown = Memo::new(move |_| {
        let (first, end) = bounds.get();
        let last = newest.get().map_or(end, |newest| (newest + 1).clamp(first, end));
        (last.saturating_sub(ROWS).max(first), last)
    });
    let numbers = move || {
        let (first, last) = shown.get();
        (first..last).rev().collect::<Vec<_>>()
    };
    let older = move |_| {
        let (first, _) = shown.get_untracked();
        newest.set(Some(first.saturating_sub(1)));
    };
    let newer = move |_| {
        let (_, last) = shown.get_untracked();
        let (_, end) = bounds.get_untracked();
        let wanted = last + ROWS - 1;
        newest.set((wanted < end.saturating_sub(1)).then_some(wanted));
    };
    let heading = |column: &Column| {
        let (subject, name) = (column.subject, column.name.clone());
        let text = move || {
            let subject = i18n::text(subject);
            name.as_ref()
                .map_or_else(|| subject.to_owned(), |name| format!("{subject} · {}", name.text()))
        };
        view! { <th scope="col" class="number">{text}</th> }
    };
    let row = move |number: u64| {
        let feed = feed.clone();
        let cells = move || {
            let index =
                usize::try_from(number.saturating_sub(feed.with(metrics::History::first_number))).unwrap_or_default();
            let time = feed.with(|history| history.time(index)).map(i18n::time_of_day);
            let cells = columns
                .get()
                .into_iter()
                .map(|column| {
                    let value = feed.with(|history| history.value(&column.measure, index));
                    view! { <td class="number">{value_or_dash(quantity_of(&column.measure), value)}</td> }
                })
                .collect_view();
            view! {
                <td>{time}</td>
                {cells}
            }
        };
        view! { <tr>{cells}</tr> }
    };
    let range = move || {
        let (first, last) = shown.get();
        let (_, end) = bounds.get();
        i18n::text_with(
            Text::PagerRange,
            &[
                ("first", &i18n::number(if end == 0 { 0 } else { end - last + 1 })),
                ("last", &i18n::number(end - first)),
                ("total", &i18n::number(end - bounds.get().0)),
            ],
        )
    };
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label=t(Text::MonitorTable)>
            <table class="table" aria-label=t(Text::MonitorSamplesName)>
                <thead>
                    <tr>
                        <th scope="col">{t(Text::MonitorTime)}</th>
                        {move || columns.get().iter().map(heading).collect_view()}
                    </tr>
                </thead>
                <tbody>
                    <For each=numbers key=|number| *number let:number>
                        {row(number)}
                    </For>
                </tbody>
            </table>
        </div>
        <nav class="pager" aria-label=t(Text::PagerName)>
            <span class="soft">{range}</span>
            <div class="row">
                <button class="button" type="button" disabled=move || newest.get().is_none() on:click=newer>
                    <Icon shape=Shape::Previous />
                    {t(Text::MonitorNewer)}
                </button>
                <button class="button" type="button" disabled=move || { shown.get().0 <= bounds.get().0 } on:click=older>
                    {t(Text::MonitorOlder)}
                    <Icon shape=Shape::Next />
                </button>
            </div>
        </nav>
    }
}
