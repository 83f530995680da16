//! The lines: a million of them held, those in sight in the document.

use leptos::html;
use leptos::prelude::*;
use logs::ansi::{self, Color, Style};
use logs::{Rows, Scale};
use send_wrapper::SendWrapper;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::Display;
use crate::i18n::{Text, t};
use crate::state::log_tail::LogTail;

/// The height of a row in CSS pixels, as in `style/logs.css`.
const ROW_HEIGHT: f64 = 18.0;

/// Rows rendered beyond what is visible, on either side.
const OVERSCAN: u64 = 20;

/// The end of so long ago is still what people see and aim at.
const REACTION: Duration = Duration::from_millis(100);

/// How near to the end counts as being there, in pixels.
const AT_END: f64 = 4.0;

/// How many lines are kept at most, as the buffer does: the size of the index of wrapped lines.
const MOST_LINES: usize = 1_000_000;

/// What is in the document at the moment.
#[derive(Clone, Debug, Default, PartialEq)]
struct Shown {
    lines: std::ops::Range<u64>,
    offset: f64,
    height: f64,
}

/// The scrolling view of a log.
#[component]
pub fn LogView(tail: LogTail, display: Display) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let lines_node = NodeRef::<html::Div>::new();
    let scroll_top = RwSignal::new(0.0_f64);
    let viewport = RwSignal::new((0.0_f64, 600.0_f64));
    let rows: SendWrapper<Rc<RefCell<Option<Rows>>>> = SendWrapper::new(Rc::default());
    let measured = RwSignal::new(0_u32);
    let tail = SendWrapper::new(tail);

    watch_size(scroller, viewport);
    // Another width wraps differently.
    {
        let rows = rows.clone();
        Effect::new(move |before: Option<(f64, bool)>| {
            let now = (viewport.get().0, display.wrap.get());
            if before != Some(now) {
                *rows.borrow_mut() = now.1.then(|| Rows::new(MOST_LINES));
                measured.update(|count| *count += 1);
            }
            now
        });
    }

    let numbers = {
        let tail = tail.clone();
        move || {
            tail.version();
            let numbers = tail.with(logs::LogBuffer::numbers);
            match display.paused_at.get() {
                Some(end) => numbers.start..end.clamp(numbers.start, numbers.end),
                None => numbers,
            }
        }
    };
    let scale = {
        let (numbers, rows) = (numbers.clone(), rows.clone());
        move || {
            measured.track();
            let numbers = numbers();
            let total = match rows.borrow_mut().as_mut() {
                Some(rows) => {
                    rows.keep(numbers.clone());
                    rows.row_of(numbers.end)
                }
                None => numbers.end - numbers.start,
            };
            (numbers, Scale::new(total, ROW_HEIGHT, viewport.get().1))
        }
    };
    let shown = {
        let (scale, rows) = (SendWrapper::new(scale.clone()), rows.clone());
        Memo::new(move |_| {
            let (numbers, scale) = scale();
            let window = scale.window(scroll_top.get(), OVERSCAN);
            let (lines, above) = match rows.borrow().as_ref() {
                Some(rows) => {
                    let (first, within) = rows.line_at(window.rows.start);
                    let (last, _) = rows.line_at(window.rows.end);
                    (first..(last + 1).min(numbers.end), within)
                }
                None => (numbers.start + window.rows.start..numbers.start + window.rows.end, 0),
            };
            #[allow(clippy::cast_precision_loss)] // The rows of one line.
            let offset = window.offset - above as f64 * ROW_HEIGHT;
            Shown {
                lines,
                offset,
                height: scale.element_height(),
            }
        })
    };

    // Where the end was a moment ago: who scrolls down to there means the end.
    let end_before = StoredValue::new(f64::INFINITY);
    // Keeps the newest line in view, or the lines in view where they are while older ones are dropped.
    {
        let scale = SendWrapper::new(scale.clone());
        Effect::new(move |before: Option<(u64, Scale)>| {
            let (numbers, scale) = scale();
            let follow = display.follow.get() && display.paused_at.get().is_none();
            let end = scale.scroll_to_end();
            end_before.update_value(|before| *before = before.min(end));
            set_timeout(
                move || {
                    end_before.try_update_value(|before| *before = end);
                },
                REACTION,
            );
            let Some(element) = scroller.get() else {
                return (numbers.start, scale);
            };
            if follow {
                // After this frame's layout: the element has its new height only then.
                request_animation_frame(move || {
                    // Scrolled up in between: then that counts.
                    if display.follow.try_get_untracked() == Some(true) {
                        set_scroll(&element, end, scroll_top);
                    }
                });
            } else if let Some((start, before)) = before {
                #[allow(clippy::cast_precision_loss)]
                let gone = numbers.start.saturating_sub(start) as f64 * ROW_HEIGHT;
                let moved = |top: f64| scale.scroll_top((before.rows_top(top) - gone).max(0.0));
                let top = scroll_top.get_untracked();
                if (moved(top) - top).abs() >= 1.0 {
                    // The element knows of scrolling that was not told of yet.
                    set_scroll(&element, moved(f64::from(element.scroll_top())), scroll_top);
                }
            }
            (numbers.start, scale)
        });
    }
    // Goes to the match that was asked for.
    {
        let (scale, rows) = (SendWrapper::new(scale.clone()), rows.clone());
        Effect::new(move |_| {
            let Some(line) = display.finder.current.get() else {
                return;
            };
            display.follow.set(false);
            let (numbers, scale) = untrack(&*scale);
            let row = match rows.borrow().as_ref() {
                Some(rows) => rows.row_of(line),
                None => line.saturating_sub(numbers.start),
            };
            if let Some(element) = scroller.get_untracked() {
                set_scroll(&element, scale.scroll_to_row(row), scroll_top);
            }
        });
    }
    // Measures the lines in the document where they wrap.
    {
        let rows = rows.clone();
        Effect::new(move |_| {
            let expected = shown.get();
            if !display.wrap.get() {
                return;
            }
            let rows = rows.clone();
            request_animation_frame(move || {
                let Some(node) = lines_node.try_get_untracked().flatten() else {
                    return;
                };
                // Other lines are in the document by now: they have a measurement of their own.
                if shown.try_get_untracked().as_ref() != Some(&expected) {
                    return;
                }
                let mut rows = rows.borrow_mut();
                let Some(rows) = rows.as_mut() else { return };
                let before = rows.total();
                let children = node.children();
                for (index, line) in (0..children.length()).zip(expected.lines.clone()) {
                    let height = children
                        .item(index)
                        .map_or(ROW_HEIGHT, |child| child.get_bounding_client_rect().height());
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // At least 1.
                    rows.set(line, (height / ROW_HEIGHT).round().max(1.0) as u32);
                }
                if rows.total() != before {
                    measured.try_update(|count| *count += 1);
                }
            });
        });
    }

    let scale = SendWrapper::new(scale);
    let on_scroll = move |_| {
        let Some(element) = scroller.get_untracked() else {
            return;
        };
        let (top, before) = (f64::from(element.scroll_top()), scroll_top.get_untracked());
        // What the view did itself is known already.
        if (top - before).abs() < 1.0 {
            return;
        }
        scroll_top.set(top);
        let at_end = if top > before {
            top + AT_END >= end_before.get_value()
        } else {
            untrack(&*scale).1.is_at_end(top, AT_END)
        };
        if display.paused_at.get_untracked().is_none() && display.follow.get_untracked() != at_end {
            display.follow.set(at_end);
        }
    };
    // However quickly lines come, this key goes to the newest.
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "End" && display.paused_at.get_untracked().is_none() {
            event.prevent_default();
            display.follow.set(true);
        }
    };
    let empty = {
        let numbers = SendWrapper::new(numbers);
        move || numbers().is_empty()
    };
    view! {
        <div
            class="log"
            class:log-wrap=move || display.wrap.get()
            node_ref=scroller
            tabindex="0"
            role="log"
            aria-live="off"
            aria-label=t(Text::LogsLines)
            on:scroll=on_scroll
            on:keydown=on_key
        >
            <div class="log-sizer" style:height=move || format!("{}px", shown.get().height)>
                <div class="log-lines" node_ref=lines_node style:transform=move || format!("translateY({}px)", shown.get().offset)>
                    <For
                        each=move || {
                            let generation = display.finder.generation.get();
                            shown.get().lines.map(move |line| (line, generation)).collect::<Vec<_>>()
                        }
                        key=|key| *key
                        children=move |(line, _)| view! { <Line tail=(*tail).clone() line display /> }
                    />
                </div>
            </div>
            <Show when=empty>
                <p class="log-empty">{t(Text::LogsEmpty)}</p>
            </Show>
        </div>
    }
}

fn set_scroll(element: &web_sys::HtmlDivElement, top: f64, scroll_top: RwSignal<f64>) {
    #[allow(clippy::cast_possible_truncation)] // Below the tallest element there is.
    element.set_scroll_top(top.round() as i32);
    scroll_top.try_set(f64::from(element.scroll_top()));
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

/// One line: text in the colours it was printed in, with what was searched for marked.
#[component]
fn Line(tail: LogTail, line: u64, display: Display) -> impl IntoView {
    let (rendered, gap) = tail.with(|buffer| {
        (
            buffer.line(line).map(ansi::render).unwrap_or_default(),
            buffer.is_gap_before(line),
        )
    });
    let matches = display
        .finder
        .query
        .with_untracked(|query| query.as_ref().map(|query| query.find_in(&rendered.text)))
        .unwrap_or_default();
    let pieces = rendered
        .pieces(&matches)
        .into_iter()
        .map(|piece| {
            let text = rendered.text[piece.range].to_owned();
            if piece.matched {
                view! { <mark class=classes(piece.style)>{text}</mark> }.into_any()
            } else if piece.style == Style::default() {
                text.into_any()
            } else {
                styled(piece.style, text)
            }
        })
        .collect_view();
    let gap = gap.then(|| view! { <span class="log-gap">{t(Text::LogsGap)}</span> });
    view! {
        <div class="log-line" class:log-current=move || display.finder.current.get() == Some(line)>
            {gap}
            {pieces}
        </div>
    }
}

fn styled(style: Style, text: String) -> AnyView {
    let color = |color: Option<Color>| color.and_then(exact);
    view! {
        <span class=classes(style) style:color=color(style.foreground) style:background-color=color(style.background)>
            {text}
        </span>
    }
    .into_any()
}

/// The classes of a style; the sixteen colours of terminals follow the theme.
fn classes(style: Style) -> String {
    let mut classes = Vec::new();
    for (name, color) in [("ansi-fg", style.foreground), ("ansi-bg", style.background)] {
        if let Some(Color::Basic(number)) = color {
            classes.push(format!("{name}-{number}"));
        }
    }
    for (name, on) in [
        ("ansi-bold", style.bold),
        ("ansi-dim", style.dim),
        ("ansi-italic", style.italic),
        ("ansi-underline", style.underline),
        ("ansi-inverse", style.inverse),
        ("ansi-strike", style.strike),
    ] {
        if on {
            classes.push(name.to_owned());
        }
    }
    classes.join(" ")
}

/// The exact colour of what is beyond the sixteen.
fn exact(color: Color) -> Option<String> {
    let rgb = match color {
        Color::Basic(_) => return None,
        Color::Rgb(red, green, blue) => (red, green, blue),
        Color::Palette(index @ 232..) => {
            let gray = 8 + 10 * (index - 232);
            (gray, gray, gray)
        }
        Color::Palette(index) => {
            let index = index.saturating_sub(16);
            let channel = |value: u8| if value == 0 { 0 } else { 55 + 40 * value };
            (channel(index / 36), channel(index / 6 % 6), channel(index % 6))
        }
    };
    Some(format!("rgb({}, {}, {})", rgb.0, rgb.1, rgb.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_palette_has_the_colours_of_xterm() {
        assert_eq!(exact(Color::Palette(16)).as_deref(), Some("rgb(0, 0, 0)"));
        assert_eq!(exact(Color::Palette(196)).as_deref(), Some("rgb(255, 0, 0)"));
        assert_eq!(exact(Color::Palette(231)).as_deref(), Some("rgb(255, 255, 255)"));
        assert_eq!(exact(Color::Palette(255)).as_deref(), Some("rgb(238, 238, 238)"));
        assert_eq!(exact(Color::Basic(1)), None);
    }
}
