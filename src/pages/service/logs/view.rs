//! The lines: a million of them held, those in sight in the document.
//!
//! The reader's place is a line and how far it is scrolled out at the top, not a number of pixels: whatever comes, goes, is
//! filtered, unfolds or wraps anew, that line stays where it is.

use std::rc::Rc;
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use logs::{Rows, Scale};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::Display;
use super::line::{Line, Marks};
use super::place::{Geometry, Place, ROW_HEIGHT};
use crate::i18n::{self, Text, t};
use crate::state::log_tail::LogTail;

/// Rows rendered beyond what is visible, on either side.
const OVERSCAN: u64 = 20;

/// The end of so long ago is still what people see and aim at.
const REACTION: Duration = Duration::from_millis(100);

/// How near to the end counts as being there, in pixels.
const AT_END: f64 = 4.0;

/// How many lines are kept at most, as the buffer does: the size of the index of lines with several rows.
const MOST_LINES: usize = 1_000_000;

/// What is in the document at the moment.
#[derive(Clone, Debug, Default, PartialEq)]
struct Shown {
    positions: std::ops::Range<u64>,
    /// Whether also what comes after the last line.
    has_end: bool,
    offset: f64,
}

/// The scrolling view of a log.
#[component]
pub fn LogView(
    tail: LogTail,
    display: Display,
    /// The service's containers.
    all: Memo<Vec<String>>,
    /// A chosen container that does not run yet, and what it waits for.
    waiting: Signal<Option<(String, String)>>,
) -> impl IntoView {
    let scroller = display.scroller;
    let sizer = NodeRef::<html::Div>::new();
    let lines_node = NodeRef::<html::Div>::new();
    let viewport = RwSignal::new((0.0_f64, 600.0_f64));
    let measured = RwSignal::new(0_u32);
    let items = SendWrapper::new(display.items(&tail));
    let is_merged = tail.containers().len() > 1;
    let place = SendWrapper::new(Place {
        items: (*items).clone(),
        heights: Rc::default(),
        anchor: Rc::default(),
        placed: Rc::default(),
        scroll_top: RwSignal::new(0.0_f64),
    });
    let scroll_top = place.scroll_top;
    let tail = SendWrapper::new(tail);

    watch_size(scroller, viewport);
    let marks_version = {
        let tail = tail.clone();
        Memo::new(move |_| {
            tail.version();
            tail.with(logs::LogBuffer::marks_version)
        })
    };
    // Most logs have one row a line: they need no index.
    let has_tall = {
        let tail = tail.clone();
        Memo::new(move |_| {
            marks_version.track();
            display.wrap.get()
                || !display.expanded.with(std::collections::BTreeSet::is_empty)
                || tail.with(|buffer| buffer.marks(0..u64::MAX).next().is_some())
        })
    };
    let geometry = {
        let (items, heights) = (items.clone(), SendWrapper::new(Rc::clone(&place.heights)));
        Memo::new(move |_| {
            items.track();
            marks_version.track();
            let generation = display.filter.generation.get();
            let (width, height) = viewport.get();
            let positions = items.positions();
            let after = items.marks_after().len() as u64;
            let mut heights = heights.borrow_mut();
            // Another width wraps differently, and another filter has other positions.
            let wanted = has_tall
                .get()
                .then(|| (generation, display.wrap.get().then_some(width)));
            if heights.made_for != wanted {
                heights.made_for = wanted;
                heights.rows = wanted.is_some().then(|| Rows::new(MOST_LINES));
            }
            let rows = match heights.rows.as_mut() {
                Some(rows) => {
                    rows.keep(positions.clone());
                    rows.row_of(positions.end)
                }
                None => positions.end - positions.start,
            };
            Geometry {
                scale: Scale::new(rows + after, ROW_HEIGHT, height),
                measured: measured.get(),
                positions,
                generation,
                after,
            }
        })
    };
    let shown = {
        let heights = SendWrapper::new(Rc::clone(&place.heights));
        Memo::new(move |_| {
            let geometry = geometry.get();
            let positions = geometry.positions;
            let window = geometry.scale.window(scroll_top.get(), OVERSCAN);
            let heights = heights.borrow();
            let (first, above) = heights.at(window.rows.start, positions.start);
            let (last, _) = heights.at(window.rows.end, positions.start);
            #[allow(clippy::cast_precision_loss)] // The rows of one line.
            let offset = window.offset - above as f64 * ROW_HEIGHT;
            let end = (last + u64::from(heights.rows.is_some())).min(positions.end);
            Shown {
                positions: first.min(end)..end,
                has_end: geometry.after > 0 && end == positions.end,
                offset,
            }
        })
    };

    // Where the end was a moment ago: who scrolls down to there means the end.
    let end_before = StoredValue::new(f64::INFINITY);
    let place_of = place.clone();
    // Takes in that somebody scrolled; what the view did itself is known already. Answers whether it was somebody.
    let scrolled = move |element: &web_sys::HtmlDivElement, is_same: bool| {
        let (top, before) = (f64::from(element.scroll_top()), scroll_top.get_untracked());
        let Some(placed) = place_of.placed.borrow().clone() else {
            return;
        };
        if (top - before).abs() < 1.0 {
            return;
        }
        scroll_top.set(top);
        if is_same {
            place_of.anchor.set(place_of.anchor_at(&placed, top));
        }
        let at_end = if top > before {
            top + AT_END >= end_before.get_value()
        } else {
            placed.scale.is_at_end(top, AT_END)
        };
        if display.paused_at.get_untracked().is_none() && display.follow.get_untracked() != at_end {
            display.follow.set(at_end);
        }
    };
    let scrolled = SendWrapper::new(Rc::new(scrolled));
    // Keeps the newest line in view, or the reader's place.
    {
        let (place, scrolled) = (place.clone(), scrolled.clone());
        Effect::new(move |_| {
            let now = geometry.get();
            let is_followed = display.follow.get();
            let is_paused = display.paused_at.get().is_some();
            let (Some(element), Some(sizer)) = (scroller.get(), sizer.get()) else {
                return;
            };
            // What somebody scrolled before this counts, even if it was not told of yet.
            let is_same = place
                .placed
                .borrow()
                .as_ref()
                .is_some_and(|placed| placed.generation == now.generation);
            scrolled(&element, is_same);
            let end = now.scale.scroll_to_end();
            end_before.update_value(|before| *before = before.min(end));
            set_timeout(
                move || {
                    end_before.try_update_value(|before| *before = end);
                },
                REACTION,
            );
            let height = now.scale.element_height();
            let had = place.placed.borrow_mut().replace(now.clone());
            if had.is_none_or(|had| (had.scale.element_height() - height).abs() >= 0.5) {
                let _ = web_sys::HtmlElement::style(&sizer).set_property("height", &format!("{height}px"));
            }
            if is_followed && !is_paused && display.follow.get_untracked() {
                place.anchor.set(None);
                place.set_scroll(&element, end);
                return;
            }
            match place.anchor.get() {
                Some(anchor) => place.set_scroll(&element, place.back_to(anchor, &now)),
                None => place.anchor.set(place.anchor_at(&now, scroll_top.get_untracked())),
            }
        });
    }
    // Goes to the line that was asked for.
    {
        let place = place.clone();
        let go = move |line: u64| {
            display.follow.set(false);
            let now = geometry.get_untracked();
            let position = place.items.position_from(line);
            let row = place.heights.borrow().row_of(position, now.positions.start);
            if let Some(element) = scroller.get_untracked() {
                place.set_scroll(&element, now.scale.scroll_to_row(row));
                place.anchor.set(place.anchor_at(&now, scroll_top.get_untracked()));
            }
        };
        let go = SendWrapper::new(Rc::new(go));
        for wanted in [display.finder.current, display.pointed] {
            let go = go.clone();
            Effect::new(move |_| {
                if let Some(line) = wanted.get() {
                    go(line);
                }
            });
        }
    }
    // Measures the lines in the document where they may have several rows.
    {
        let heights = SendWrapper::new(Rc::clone(&place.heights));
        Effect::new(move |_| {
            let expected = shown.get();
            marks_version.track();
            display.expanded.track();
            if !has_tall.get() {
                return;
            }
            let generation = display.filter.generation.get();
            let heights = heights.clone();
            request_animation_frame(move || {
                let Some(node) = lines_node.try_get_untracked().flatten() else {
                    return;
                };
                // Other lines are in the document by now: they have a measurement of their own.
                let is_current = shown.try_get_untracked().as_ref() == Some(&expected)
                    && display.filter.generation.try_get_untracked() == Some(generation);
                if !is_current {
                    return;
                }
                let mut heights = heights.borrow_mut();
                let Some(rows) = heights.rows.as_mut() else { return };
                let before = rows.total();
                let children = node.children();
                for (index, position) in (0..children.length()).zip(expected.positions.clone()) {
                    let height = children
                        .item(index)
                        .map_or(ROW_HEIGHT, |child| child.get_bounding_client_rect().height());
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // At least 1.
                    rows.set(position, (height / ROW_HEIGHT).round().max(1.0) as u32);
                }
                let is_changed = rows.total() != before;
                drop(heights);
                if is_changed {
                    measured.try_update(|count| *count += 1);
                }
            });
        });
    }

    let on_scroll = {
        let scrolled = scrolled.clone();
        move |_| {
            if let Some(element) = scroller.get_untracked() {
                scrolled(&element, true);
            }
        }
    };
    // However quickly lines come, this key goes to the newest.
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "End" && display.paused_at.get_untracked().is_none() {
            event.prevent_default();
            display.follow.set(true);
        }
    };
    let empty = move || {
        let geometry = geometry.get();
        if !geometry.positions.is_empty() || geometry.after > 0 {
            return None;
        }
        Some(if display.filter.is_on.get() {
            i18n::text(Text::LogsNothingPasses).to_owned()
        } else if let Some((container, reason)) = waiting.get() {
            i18n::text_with(
                Text::LogsEmptyWaiting,
                &[("container", &container), ("reason", &reason)],
            )
        } else {
            i18n::text(Text::LogsEmpty).to_owned()
        })
    };
    let each = {
        let items = items.clone();
        move || {
            let generation = (
                display.finder.generation.get(),
                display.filter.generation.get(),
                marks_version.get(),
            );
            let positions = shown.get().positions;
            let mut before = items.before(positions.start);
            let lines = positions.filter_map(|position| {
                let line = items.line(position)?;
                Some((line, before.replace(line), generation))
            });
            lines.collect::<Vec<_>>()
        }
    };
    let marks_after = {
        let (tail, items) = (tail.clone(), items.clone());
        move || {
            marks_version.track();
            let has_end = shown.get().has_end;
            has_end.then(|| view! { <Marks tail=(*tail).clone() marks=items.marks_after() /> })
        }
    };
    view! {
        <div
            class="log"
            class:log-wrap=move || display.wrap.get()
            class:log-merged=is_merged
            node_ref=scroller
            tabindex="0"
            role="log"
            aria-live="off"
            aria-label=t(Text::LogsLines)
            on:scroll=on_scroll
            on:keydown=on_key
        >
            <div class="log-sizer" node_ref=sizer>
                <div class="log-lines" style:transform=move || format!("translateY({}px)", shown.get().offset)>
                    <div node_ref=lines_node>
                        <For
                            each=each
                            key=|(line, _, generation)| (*line, *generation)
                            children=move |(line, before, _)| {
                                view! { <Line tail=(*tail).clone() items=(*items).clone() line before display all /> }
                            }
                        />
                    </div>
                    {marks_after}
                </div>
            </div>
            {move || empty().map(|text| view! { <p class="log-empty">{text}</p> })}
        </div>
    }
}

/// Follows the size of the view.
fn watch_size(scroller: NodeRef<html::Div>, viewport: RwSignal<(f64, f64)>) {
    Effect::new(move |_| {
        let Some(element) = scroller.get() else { return };
        let watched = element.clone();
        let measure = Closure::<dyn FnMut()>::new(move || {
            let size = (f64::from(watched.client_width()), f64::from(watched.client_height()));
            if viewport.try_get_untracked().is_some_and(|before| before != size) {
                viewport.set(size);
            }
        });
        if let Ok(observer) = web_sys::ResizeObserver::new(measure.as_ref().unchecked_ref()) {
            observer.observe(&element);
            let kept = SendWrapper::new((observer, measure));
            on_cleanup(move || kept.0.disconnect());
        }
    });
}
