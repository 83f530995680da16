//! One chart: what is used now, the lines over time, and what they are called.

use std::collections::BTreeSet;

use leptos::prelude::*;
use metrics::{Axis, History, Measure};

use super::legend::Legend;
use super::plot::Plot;
use super::units::{quantity, value, value_or_dash};
use super::{Line, Subject, View};
use crate::i18n::{self, Text, t};

/// The moment that is pointed at, in all charts at once: the time of a sample.
#[derive(Clone, Copy)]
pub struct Cursor {
    /// By the pointer.
    pub pointed: RwSignal<Option<f64>>,
    /// By the keyboard; stays while a chart has the focus.
    pub kept: RwSignal<Option<f64>>,
    /// In which chart.
    pub place: RwSignal<Option<Subject>>,
}

impl Cursor {
    /// Nowhere.
    pub fn new() -> Cursor {
        Cursor {
            pointed: RwSignal::new(None),
            kept: RwSignal::new(None),
            place: RwSignal::new(None),
        }
    }

    /// The time pointed at, if any (tracked).
    pub fn get(self) -> Option<f64> {
        self.pointed.get().or_else(|| self.kept.get())
    }
}

/// What one chart draws, shared by its parts.
#[derive(Clone)]
pub struct Drawing {
    /// What all charts share.
    pub view: View,
    /// What it is about.
    pub subject: Subject,
    /// Its lines, hidden ones among them.
    pub lines: Memo<Vec<Line>>,
    /// Whether it is as high as what is used needs, and not as the limit.
    pub fitted: RwSignal<bool>,
    /// Those that were hidden.
    pub hidden: RwSignal<BTreeSet<Measure>>,
    /// The values beside it.
    pub axis: Memo<Axis>,
    /// The moment pointed at.
    pub cursor: Cursor,
}

impl Drawing {
    /// The lines that are drawn (tracked).
    pub fn shown(&self) -> Vec<Line> {
        self.lines.with(|lines| {
            self.hidden.with(|hidden| {
                lines
                    .iter()
                    .filter(|line| !hidden.contains(&line.measure))
                    .cloned()
                    .collect()
            })
        })
    }

    /// The most that what is drawn may reach, each height once (tracked).
    pub fn limits(&self) -> Vec<f64> {
        self.view.feed.version();
        let mut limits: Vec<f64> = match self.subject {
            Subject::Storage => self.view.disk.into_iter().collect(),
            _ => self.view.feed.with(|history| {
                let measures = self.shown().into_iter().filter_map(|line| line.limit());
                measures.filter_map(|limit| last_known(history, &limit)).collect()
            }),
        };
        limits.sort_by(f64::total_cmp);
        limits.dedup();
        limits
    }
}

/// The newest value that there is, also where the newest sample lacks it: a limit stays in force during a gap.
fn last_known(history: &History, measure: &Measure) -> Option<f64> {
    let column = history.column(measure)?;
    (0..history.len()).rev().find_map(|index| column.get(index))
}

/// The highest value in view (tracked).
fn highest(view: &View, lines: &[Line]) -> f64 {
    let (from, _) = view.window();
    view.feed.with(|history| {
        let first = history.first_since(from);
        let columns = lines.iter().filter_map(|line| history.column(&line.measure));
        columns
            .flat_map(|column| (first..history.len()).filter_map(move |index| column.get(index)))
            .fold(0.0, f64::max)
    })
}

/// The least height of an axis: what is hardly used shall not look busy.
const fn least(subject: Subject) -> f64 {
    match subject {
        Subject::Cpu => 0.1,
        Subject::Memory | Subject::Storage => 1_048_576.0,
        Subject::Network => 1_000.0,
    }
}

/// The card.
#[component]
pub fn Chart(view: View, subject: Subject, cursor: Cursor) -> impl IntoView {
    let lines = {
        let view = view.clone();
        Memo::new(move |_| view.lines(subject))
    };
    let mut drawing = Drawing {
        view: view.clone(),
        subject,
        lines,
        fitted: RwSignal::new(false),
        hidden: RwSignal::new(BTreeSet::new()),
        axis: Memo::new(move |_| Axis::new(quantity(subject), 0.0, least(subject))),
        cursor,
    };
    drawing.axis = {
        let drawing = drawing.clone();
        Memo::new(move |_| {
            let highest = highest(&drawing.view, &drawing.shown());
            let limit = drawing.limits().last().copied().filter(|_| !drawing.fitted.get());
            Axis::new(
                quantity(subject),
                highest.max(limit.unwrap_or_default()),
                least(subject),
            )
        })
    };
    let is_missing = {
        let view = view.clone();
        Memo::new(move |_| {
            view.feed.version();
            let has_none = |line: &Line| view.feed.with(|history| history.column(&line.measure).is_none());
            subject == Subject::Storage
                && view.feed.with(|history| !history.is_empty())
                && lines.with(|lines| lines.iter().all(has_none))
        })
    };
    let body = {
        let drawing = drawing.clone();
        move || {
            if is_missing.get() {
                let text = if drawing.view.disk.is_some() {
                    Text::MonitorStorageUnknown
                } else {
                    Text::MonitorNoStorage
                };
                view! { <p class="chart-missing soft">{t(text)}</p> }.into_any()
            } else {
                view! {
                    <Plot drawing=drawing.clone() />
                    <Legend drawing=drawing.clone() />
                }
                .into_any()
            }
        }
    };
    let title = subject.title();
    let fitted = drawing.fitted;
    let fit = (subject == Subject::Memory || (subject == Subject::Storage && view.disk.is_some())).then(|| {
        view! {
            <button
                class="button chart-fit"
                type="button"
                aria-pressed=move || fitted.get().to_string()
                on:click=move |_| fitted.update(|fitted| *fitted = !*fitted)
            >
                {t(Text::MonitorFit)}
            </button>
        }
    });
    view! {
        <section class="card chart" aria-label=t(title)>
            <div class="card-head">
                <h2>{t(title)}</h2>
                {fit}
                <Now drawing />
            </div>
            {body}
        </section>
    }
}

/// What is used now, all lines together.
#[component]
fn Now(drawing: Drawing) -> impl IntoView {
    let Drawing {
        view, subject, lines, ..
    } = drawing.clone();
    let quantity = quantity(subject);
    let sum = move |measures: &[Measure]| {
        view.feed.version();
        view.feed.with(|history| {
            let mut values = measures.iter().filter_map(|measure| history.latest(measure)).peekable();
            values.peek().is_some().then(|| values.sum::<f64>())
        })
    };
    move || {
        let lines = lines.get();
        let measures: Vec<Measure> = lines.iter().map(|line| line.measure.clone()).collect();
        match subject {
            Subject::Network => {
                let (down, up) = (sum(&measures[..1]), sum(&measures[1..]));
                let text = i18n::text_with(
                    Text::MonitorInAndOut,
                    &[
                        ("in", &value_or_dash(quantity, down)),
                        ("out", &value_or_dash(quantity, up)),
                    ],
                );
                view! { <p class="chart-now"><span>{text}</span></p> }.into_any()
            }
            Subject::Cpu => view! {
                <p class="chart-now">
                    <span>{value_or_dash(quantity, sum(&measures))}</span>
                    <span class="soft small">{t(Text::MonitorOfCore)}</span>
                </p>
            }
            .into_any(),
            Subject::Memory | Subject::Storage => {
                let limits: Vec<Measure> = lines.iter().filter_map(Line::limit).collect();
                let limit = match subject {
                    Subject::Storage => drawing.view.disk,
                    _ => sum(&limits),
                };
                let of = limit.map(|limit| i18n::text_with(Text::MonitorOf, &[("limit", &value(quantity, limit))]));
                view! {
                    <p class="chart-now">
                        <span>{value_or_dash(quantity, sum(&measures))}</span>
                        <span class="soft small">{of}</span>
                    </p>
                }
                .into_any()
            }
        }
    }
}
