//! What changes from one text to another: line by line, with what stays folded away.

use std::collections::BTreeSet;
use std::ops::Range;

use deployments::diff::{self, Change};
use leptos::prelude::*;

use super::{Icon, Shape};
use crate::i18n::{self, Plural, Text, t};

/// So many unchanged lines are shown around a change.
const CONTEXT: usize = 3;
/// Fewer unchanged lines than this are not worth folding.
const SHORTEST_FOLD: usize = 4;
/// So many lines are shown at first: a file that changed altogether must not hold the page up.
const MOST_LINES: usize = 1_000;

/// A line of one or both texts.
#[derive(Clone, PartialEq)]
struct Line {
    change: Change,
    before: Option<usize>,
    after: Option<usize>,
    text: String,
    end: LineEnd,
}

/// How a line ends, where that may be all that changes.
#[derive(Clone, Copy, PartialEq)]
enum LineEnd {
    Feed,
    ReturnAndFeed,
    Nothing,
}

impl From<diff::Line<'_>> for Line {
    fn from(line: diff::Line<'_>) -> Self {
        Self {
            change: line.change,
            before: line.before,
            after: line.after,
            text: line.text.to_owned(),
            end: match line.end {
                "\n" => LineEnd::Feed,
                "" => LineEnd::Nothing,
                _ => LineEnd::ReturnAndFeed,
            },
        }
    }
}

/// A run of lines that are shown, or folded away.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    lines: Range<usize>,
    folded: bool,
}

/// Divides lines into what is shown and what is folded away.
fn parts(changes: &[Change]) -> Vec<Part> {
    let mut near = vec![false; changes.len()];
    for at in (0..changes.len()).filter(|at| changes[*at] != Change::Same) {
        let around = at.saturating_sub(CONTEXT)..(at + CONTEXT + 1).min(changes.len());
        near[around].fill(true);
    }
    let mut parts = Vec::<Part>::new();
    let mut at = 0;
    while at < near.len() {
        let run = near[at..].iter().take_while(|is_near| **is_near == near[at]).count();
        let folded = !near[at] && run >= SHORTEST_FOLD;
        match parts.last_mut() {
            Some(last) if !last.folded && !folded => last.lines.end = at + run,
            _ => parts.push(Part {
                lines: at..at + run,
                folded,
            }),
        }
        at += run;
    }
    parts
}

/// The change from one text to another, for the eye and for a screen reader.
#[component]
pub fn DiffView(
    /// What changes.
    #[prop(into)]
    label: Signal<String>,
    #[prop(into)] before: Signal<String>,
    #[prop(into)] after: Signal<String>,
) -> impl IntoView {
    let lines = Memo::new(move |_| {
        let found = |before: &String, after: &String| diff::lines(before, after).into_iter().map(Line::from).collect();
        before.with(|before| after.with(|after| -> Vec<Line> { found(before, after) }))
    });
    let opened = RwSignal::new(BTreeSet::<usize>::new());
    let most = RwSignal::new(MOST_LINES);
    // What was opened belongs to another comparison.
    Effect::new(move |_| {
        lines.track();
        opened.set(BTreeSet::new());
        most.set(MOST_LINES);
    });
    let counts = Memo::new(move |_| {
        lines.with(|lines| {
            let count = |change: Change| lines.iter().filter(|line| line.change == change).count() as u64;
            (count(Change::Added), count(Change::Removed))
        })
    });
    let summary = move || {
        let (added, removed) = counts.get();
        let texts = [(Plural::DiffAdded, added), (Plural::DiffRemoved, removed)];
        let texts: Vec<String> = texts
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(text, count)| i18n::plural(text, count))
            .collect();
        texts.join(" · ")
    };
    let opened_by = move |start: usize| {
        Callback::new(move |()| {
            opened.update(|opened| {
                opened.insert(start);
            });
        })
    };
    let rows = move || {
        lines.with(|lines| {
            let changes: Vec<Change> = lines.iter().map(|line| line.change).collect();
            let opened = opened.get();
            let mut left = most.get();
            let mut rows = Vec::new();
            for part in parts(&changes) {
                if part.folded && !opened.contains(&part.lines.start) {
                    rows.push(fold(part.lines.len(), opened_by(part.lines.start)));
                    continue;
                }
                let shown = part.lines.start..part.lines.end.min(part.lines.start + left);
                left -= shown.len();
                rows.extend(lines[shown].iter().map(row));
                if left == 0 {
                    break;
                }
            }
            rows
        })
    };
    let is_cut = move || {
        let all = lines.with(|lines| {
            let changes: Vec<Change> = lines.iter().map(|line| line.change).collect();
            let opened = opened.get();
            parts(&changes)
                .iter()
                .filter(|part| !part.folded || opened.contains(&part.lines.start))
                .map(|part| part.lines.len())
                .sum::<usize>()
        });
        all > most.get()
    };
    view! {
        <section class="diff" aria-label=move || label.get()>
            <div class="code-head">
                <h3>{move || label.get()}</h3>
                <span class="soft small">{summary}</span>
            </div>
            {move || {
                if counts.get() == (0, 0) {
                    view! { <p class="diff-none soft">{t(Text::DiffNone)}</p> }.into_any()
                } else {
                    view! {
                        <div class="diff-frame" role="group" tabindex="0" aria-label=move || label.get()>
                            <table class="diff-table" aria-label=move || label.get()>
                                <thead class="visually-hidden">
                                    <tr>
                                        <th scope="col">{t(Text::DiffBefore)}</th>
                                        <th scope="col">{t(Text::DiffAfter)}</th>
                                        <th scope="col">{t(Text::DiffChange)}</th>
                                        <th scope="col">{t(Text::DiffLine)}</th>
                                    </tr>
                                </thead>
                                <tbody>{rows}</tbody>
                            </table>
                        </div>
                    }
                        .into_any()
                }
            }}
            {move || {
                is_cut()
                    .then(|| {
                        view! {
                            <button class="button button-quiet" type="button" on:click=move |_| most.set(usize::MAX)>
                                {t(Text::DiffAll)}
                            </button>
                        }
                    })
            }}
        </section>
    }
}

fn row(line: &Line) -> AnyView {
    let (class, sign, spoken) = match line.change {
        Change::Same => ("diff-same", "", None),
        Change::Added => ("diff-added", "+", Some(Text::DiffIsAdded)),
        Change::Removed => ("diff-removed", "−", Some(Text::DiffIsRemoved)),
    };
    let number = |number: Option<usize>| number.map(|number| number.to_string());
    let text = line.text.clone();
    // Where a line changes, its end may be all that does.
    let end = match line.end {
        _ if line.change == Change::Same => None,
        LineEnd::Feed => None,
        LineEnd::ReturnAndFeed => Some(Text::DiffReturn),
        LineEnd::Nothing => Some(Text::DiffNoEnd),
    };
    view! {
        <tr class=class>
            <td class="diff-number">{number(line.before)}</td>
            <td class="diff-number">{number(line.after)}</td>
            <td class="diff-sign">
                <span aria-hidden="true">{sign}</span>
                {spoken.map(|spoken| view! { <span class="visually-hidden">{t(spoken)}</span> })}
            </td>
            <td>
                {text}
                {end.map(|end| view! { <span class="diff-end">{t(end)}</span> })}
            </td>
        </tr>
    }
    .into_any()
}

fn fold(count: usize, on_open: Callback<()>) -> AnyView {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    view! {
        <tr class="diff-fold">
            <td colspan="4">
                <button class="button-link" type="button" on:click=move |_| on_open.run(())>
                    <Icon shape=Shape::ArrowDown />
                    {move || i18n::plural(Plural::DiffUnchanged, count)}
                </button>
            </td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn divided(changes: &str) -> Vec<(Range<usize>, bool)> {
        let changes: Vec<Change> = changes
            .chars()
            .map(|change| match change {
                '+' => Change::Added,
                '-' => Change::Removed,
                _ => Change::Same,
            })
            .collect();
        parts(&changes)
            .into_iter()
            .map(|part| (part.lines, part.folded))
            .collect()
    }

    #[test]
    fn what_stays_is_folded_away_but_for_a_few_lines() {
        assert_eq!(
            divided("..........-+.........."),
            [(0..7, true), (7..15, false), (15..22, true)]
        );
        assert_eq!(divided("+.........-"), [(0..11, false)], "too little to fold");
        assert_eq!(divided("+..........-"), [(0..4, false), (4..8, true), (8..12, false)]);
        assert_eq!(divided("++--"), [(0..4, false)]);
        assert_eq!(divided("....."), [(0..5, true)]);
        assert!(divided("").is_empty());
    }
}
