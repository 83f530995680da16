//! Below a chart: what each line is called, what it is at now, and a switch for it.

use leptos::prelude::*;

use super::Line;
use super::chart::Drawing;
use super::units::{quantity, share, value, value_or_dash};
use crate::i18n::{self, Text, t};

/// The list; nothing where there is only one line, which the heading tells about.
#[component]
pub fn Legend(drawing: Drawing) -> impl IntoView {
    let lines = drawing.lines;
    let entries = move || {
        let lines = lines.get();
        (lines.len() > 1).then(|| {
            lines
                .into_iter()
                .map(|line| view! { <Entry drawing=drawing.clone() line /> })
                .collect_view()
        })
    };
    view! { <ul class="legend" aria-label=t(Text::MonitorLines)>{entries}</ul> }
}

#[component]
fn Entry(drawing: Drawing, line: Line) -> impl IntoView {
    let hidden = drawing.hidden;
    let feed = drawing.view.feed.clone();
    let quantity = quantity(drawing.subject);
    let measure = line.measure.clone();
    let is_shown = move || hidden.with(|hidden| !hidden.contains(&measure));
    let toggle = {
        let measure = line.measure.clone();
        move |_| {
            hidden.update(|hidden| {
                if !hidden.remove(&measure) {
                    hidden.insert(measure.clone());
                }
            });
        }
    };
    let now = {
        let line = line.clone();
        move || {
            feed.version();
            let (used, limit) = feed.with(|history| {
                let limit = line.limit().and_then(|limit| history.latest(&limit));
                (history.latest(&line.measure), limit)
            });
            match (used, limit) {
                (Some(used), Some(limit)) if limit > 0.0 => i18n::text_with(
                    Text::MonitorOfLimit,
                    &[
                        ("used", &value(quantity, used)),
                        ("limit", &value(quantity, limit)),
                        ("share", &share(used, limit)),
                    ],
                ),
                _ => value_or_dash(quantity, used),
            }
        }
    };
    let class = format!("legend-line {}", line.class());
    let name = line.name.clone();
    view! {
        <li class="legend-entry">
            <button class="legend-switch" type="button" aria-pressed=move || is_shown().to_string() on:click=toggle>
                <svg class=class viewBox="0 0 24 12" aria-hidden="true" focusable="false">
                    <path d="M1 6h22"></path>
                </svg>
                <span class="legend-name">{move || name.text()}</span>
            </button>
            <span class="legend-value">{now}</span>
        </li>
    }
}
