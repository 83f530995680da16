//! The drawing: lines over time with round numbers beside and below, and a cursor that reads them out.
//!
//! The drawing is stretched to whatever width there is, so nothing measures the page. A sample changes one attribute of each
//! line, nothing else.

use leptos::html;
use leptos::prelude::*;
use metrics::{Frame, HEIGHT, Measure, WIDTH, line, spread, time_steps};

use super::Line;
use super::chart::Drawing;
use super::units::{quantity, tick, value, value_or_dash};
use crate::i18n::{self, Text, t};

/// The distance between two names at the ends of lines, in hundredths of the drawing's height.
const NAME_HEIGHT: f64 = 10.5;

/// More names than this do not fit beside the drawing.
const MOST_NAMES: usize = 8;

/// Samples that a page key moves on by.
const PAGE: usize = 10;

/// The time of a sample, and the value of each line then.
type Reading = (f64, Vec<(Line, Option<f64>)>);

impl Drawing {
    /// Which part of the samples is drawn (tracked).
    fn frame(&self) -> Frame {
        let (from, to) = self.view.window();
        Frame {
            from,
            to,
            top: self.axis.with(|axis| axis.top),
        }
    }

    /// The sample pointed at: its place in the history, and its time (tracked).
    fn sample(&self) -> Option<(usize, f64)> {
        let at = self.cursor.get()?;
        self.view.feed.version();
        self.view.feed.with(|history| {
            let index = history.nearest(at)?;
            Some((index, history.time(index)?))
        })
    }

    /// The values of the sample pointed at, by line (tracked).
    fn readout(&self) -> Option<Reading> {
        let (index, time) = self.sample()?;
        let values = self.view.feed.with(|history| {
            self.shown()
                .into_iter()
                .map(|line| {
                    let value = history.value(&line.measure, index);
                    (line, value)
                })
                .collect()
        });
        Some((time, values))
    }

    /// Points at a sample by its place in the history.
    fn keep(&self, index: usize) {
        let time = self
            .view
            .feed
            .with(|history| history.time(index.min(history.len().saturating_sub(1))));
        self.cursor.pointed.set(None);
        self.cursor.kept.set(time);
        self.cursor.place.set(Some(self.subject));
    }

    /// What a key does to the cursor; whether it does anything.
    fn key(&self, key: &str) -> bool {
        let length = self.view.feed.with(metrics::History::len);
        if length == 0 {
            return false;
        }
        let current = untrack(|| self.sample()).map_or(length - 1, |(index, _)| index);
        let first = {
            let (from, _) = untrack(|| self.view.window());
            self.view.feed.with(|history| history.first_since(from))
        };
        let wanted = match key {
            "ArrowLeft" | "ArrowDown" => current.saturating_sub(1),
            "ArrowRight" | "ArrowUp" => current + 1,
            "PageDown" => current.saturating_sub(PAGE),
            "PageUp" => current + PAGE,
            "Home" => first,
            "End" => length - 1,
            "Escape" => {
                self.cursor.kept.set(None);
                return true;
            }
            _ => return false,
        };
        self.keep(wanted.max(first));
        true
    }

    /// Points at the sample nearest to a place between the left edge (0) and the right one (1).
    fn point(&self, share: f64) {
        let (from, to) = untrack(|| self.view.window());
        let at = from + share.clamp(0.0, 1.0) * (to - from);
        let time = self
            .view
            .feed
            .with(|history| history.nearest(at).and_then(|index| history.time(index)));
        self.cursor.pointed.set(time.filter(|time| *time >= from));
        self.cursor.place.set(Some(self.subject));
    }
}

/// The drawing with its axes.
#[component]
pub fn Plot(drawing: Drawing) -> impl IntoView {
    let area = NodeRef::<html::Div>::new();
    let point = {
        let drawing = drawing.clone();
        move |event: leptos::ev::PointerEvent| {
            let Some(area) = area.get_untracked() else { return };
            let bounds = area.get_bounding_client_rect();
            if bounds.width() > 0.0 {
                drawing.point((f64::from(event.client_x()) - bounds.left()) / bounds.width());
            }
        }
    };
    let down = point.clone();
    let cursor = drawing.cursor;
    let press = {
        let drawing = drawing.clone();
        move |event: leptos::ev::KeyboardEvent| {
            if !event.ctrl_key() && !event.alt_key() && !event.meta_key() && drawing.key(&event.key()) {
                event.prevent_default();
                event.stop_propagation();
            }
        }
    };
    let focus = {
        let drawing = drawing.clone();
        move |_| {
            // From the newest sample, which stays chosen while others come: what is read out must not change by itself.
            if untrack(|| drawing.cursor.get()).is_none() {
                drawing.keep(usize::MAX);
            }
        }
    };
    let spoken = {
        let drawing = drawing.clone();
        Memo::new(move |_| match drawing.readout() {
            None => i18n::text(Text::MonitorNotMeasured).to_owned(),
            Some((time, values)) => {
                let quantity = quantity(drawing.subject);
                let values: Vec<String> = values
                    .into_iter()
                    .map(|(line, measured)| {
                        let read = measured.map_or_else(
                            || i18n::text(Text::MonitorNotMeasured).to_owned(),
                            |measured| value(quantity, measured),
                        );
                        format!("{} {read}", line.name.text())
                    })
                    .collect();
                format!("{}: {}", i18n::time_of_day(time), values.join(", "))
            }
        })
    };
    // A slider over time: its value is the second that is read out.
    let seconds = |ms: f64| (ms / 1000.0).round().to_string();
    let (now, first, last) = {
        let (now, first, last) = (drawing.clone(), drawing.clone(), drawing.clone());
        (
            move || now.sample().map_or_else(|| now.view.window().1, |(_, time)| time),
            move || first.view.window().0,
            move || last.view.window().1,
        )
    };
    let label = {
        let title = drawing.subject.title();
        move || i18n::text_with(Text::MonitorReadout, &[("what", i18n::text(title))])
    };
    view! {
        <div class="plot">
            <Heights drawing=drawing.clone() />
            <div
                class="plot-area"
                node_ref=area
                tabindex="0"
                role="slider"
                aria-label=label
                aria-orientation="horizontal"
                aria-valuemin=move || seconds(first())
                aria-valuemax=move || seconds(last())
                aria-valuenow=move || seconds(now())
                aria-valuetext=spoken
                on:pointermove=point
                on:pointerdown=down
                on:pointerleave=move |_| cursor.pointed.set(None)
                on:focus=focus
                on:blur=move |_| cursor.kept.set(None)
                on:keydown=press
            >
                <Lines drawing=drawing.clone() />
                <Readout drawing=drawing.clone() />
            </div>
            <Names drawing=drawing.clone() />
            <Times drawing />
        </div>
    }
}

/// The values beside the drawing.
#[component]
fn Heights(drawing: Drawing) -> impl IntoView {
    let axis = drawing.axis;
    view! {
        <div class="plot-heights" aria-hidden="true">
            {move || {
                axis.with(|axis| {
                    axis.ticks
                        .iter()
                        .map(|height| {
                            let top = format!("{:.2}%", 100.0 - height / axis.top * 100.0);
                            view! { <span class="plot-height" style:top=top>{tick(axis, *height)}</span> }
                        })
                        .collect_view()
                })
            }}
        </div>
    }
}

/// The times below the drawing, as distances from now: they stay where they are while the lines move.
#[component]
fn Times(drawing: Drawing) -> impl IntoView {
    let length = Memo::new(move |_| {
        let (from, to) = drawing.view.window();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Positive, 60 hours at most.
        let seconds = ((to - from) / 1000.0).round() as u64;
        seconds
    });
    view! {
        <div class="plot-times" aria-hidden="true">
            {move || {
                let length = length.get();
                time_steps(length)
                    .into_iter()
                    .map(|ago| {
                        #[allow(clippy::cast_precision_loss)]
                        let left = format!("{:.2}%", 100.0 - ago as f64 / length.max(1) as f64 * 100.0);
                        let text = if ago == 0 {
                            i18n::text(Text::MonitorNow).to_owned()
                        } else {
                            i18n::text_with(Text::MonitorAgo, &[("time", &i18n::duration(ago))])
                        };
                        view! { <span class="plot-time" style:left=left>{text}</span> }
                    })
                    .collect_view()
            }}
        </div>
    }
}

/// The lines themselves, the limits, and the cursor.
#[component]
fn Lines(drawing: Drawing) -> impl IntoView {
    let grid = {
        let axis = drawing.axis;
        move || {
            axis.with(|axis| {
                let frame = Frame {
                    from: 0.0,
                    to: 1.0,
                    top: axis.top,
                };
                let heights = axis.ticks.iter().map(|tick| format!("M0 {}H{WIDTH}", frame.y(*tick)));
                heights.collect::<String>()
            })
        }
    };
    let limits = {
        let drawing = drawing.clone();
        move || {
            let frame = drawing.frame();
            let heights = drawing.limits().into_iter().filter(|limit| *limit <= frame.top);
            heights
                .map(|limit| format!("M0 {}H{WIDTH}", frame.y(limit)))
                .collect::<String>()
        }
    };
    let pointer = {
        let drawing = drawing.clone();
        move || {
            drawing.sample().map_or_else(String::new, |(_, time)| {
                format!("M{} 0V{HEIGHT}", drawing.frame().x(time))
            })
        }
    };
    let shown = {
        let drawing = drawing.clone();
        Memo::new(move |_| drawing.shown())
    };
    let lines = {
        let drawing = drawing.clone();
        move || {
            shown
                .get()
                .into_iter()
                .map(|line| view! { <OneLine drawing=drawing.clone() line /> })
                .collect_view()
        }
    };
    // Room above and below for the width of a line at the edge.
    view! {
        <svg class="plot-lines" viewBox="0 -12 10000 1024" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <path class="plot-grid" d=grid></path>
            <path class="plot-limit" d=limits></path>
            <path class="plot-cursor" d=pointer></path>
            {lines}
        </svg>
    }
}

#[component]
fn OneLine(drawing: Drawing, line: Line) -> impl IntoView {
    let class = format!("plot-line {}", line.class());
    let dot_class = format!("plot-dot {}", line.class());
    let measure = line.measure;
    let dot = {
        let (drawing, measure) = (drawing.clone(), measure.clone());
        move || {
            let value = drawing.sample().and_then(|(index, time)| {
                let value = drawing.view.feed.with(|history| history.value(&measure, index))?;
                Some((time, value))
            });
            value.map_or_else(String::new, |(time, value)| {
                let frame = drawing.frame();
                format!("M{} {}h0", frame.x(time), frame.y(value))
            })
        }
    };
    let path = move || {
        let frame = drawing.frame();
        drawing.view.feed.with(|history| path_of(history, &measure, &frame))
    };
    view! {
        <path class=class d=path></path>
        <path class=dot_class d=dot></path>
    }
}

fn path_of(history: &metrics::History, measure: &Measure, frame: &Frame) -> String {
    let Some(column) = history.column(measure) else {
        return String::new();
    };
    // One sample before the edge, so that the line reaches it.
    let first = history.first_since(frame.from).saturating_sub(1);
    let samples = (first..history.len()).map(|index| (history.time(index).unwrap_or_default(), column.get(index)));
    line(frame, history.len() - first, samples)
}

/// The names at the ends of the lines.
#[component]
fn Names(drawing: Drawing) -> impl IntoView {
    let names = move || {
        drawing.view.feed.version();
        let lines = drawing.shown();
        if lines.len() < 2 || lines.len() > MOST_NAMES {
            return None;
        }
        let top = drawing.axis.with(|axis| axis.top);
        let ends: Vec<(Line, f64)> = drawing.view.feed.with(|history| {
            lines
                .into_iter()
                .filter_map(|line| {
                    let value = history.latest(&line.measure)?;
                    Some((line, (1.0 - value / top) * 100.0))
                })
                .collect()
        });
        let mut heights: Vec<f64> = ends.iter().map(|(_, height)| *height).collect();
        spread(&mut heights, NAME_HEIGHT, 100.0);
        Some(
            ends.into_iter()
                .zip(heights)
                .map(|((line, _), height)| {
                    let class = format!("plot-name {}", line.class());
                    view! { <span class=class style:top=format!("{height:.1}%")>{line.name.text()}</span> }
                })
                .collect_view(),
        )
    };
    view! { <div class="plot-names" aria-hidden="true">{names}</div> }
}

/// What the sample pointed at says, beside the cursor of the chart that is pointed at.
#[component]
fn Readout(drawing: Drawing) -> impl IntoView {
    move || {
        if drawing.cursor.place.get() != Some(drawing.subject) {
            return None;
        }
        let (time, values) = drawing.readout()?;
        let quantity = quantity(drawing.subject);
        let place = f64::from(drawing.frame().x(time)) / f64::from(WIDTH);
        let class = if place > 0.5 { "readout readout-left" } else { "readout" };
        let rows = values
            .into_iter()
            .map(|(line, measured)| {
                let swatch = format!("readout-swatch {}", line.class());
                view! {
                    <span class="readout-row">
                        <span class=swatch></span>
                        <span class="readout-name">{line.name.text()}</span>
                        <span class="readout-value">{value_or_dash(quantity, measured)}</span>
                    </span>
                }
            })
            .collect_view();
        let none = values_missing(&drawing).then(|| view! { <span class="soft">{t(Text::MonitorNotMeasured)}</span> });
        Some(view! {
            <div class=class style:left=format!("{:.2}%", place * 100.0) aria-hidden="true">
                <span class="readout-time">{i18n::time_of_day(time)}</span>
                {none}
                {rows}
            </div>
        })
    }
}

/// Whether nothing was measured at the moment pointed at.
fn values_missing(drawing: &Drawing) -> bool {
    drawing
        .sample()
        .is_some_and(|(index, _)| drawing.view.feed.with(|history| history.is_gap(index)))
}
