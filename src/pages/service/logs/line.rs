//! One line: text in the colours it was printed in, with what was searched for marked, whose it is, what happened before it, and
//! its fields where it is a JSON object.

use leptos::prelude::*;
use logs::ansi::{self, Color, Rendered, Style};
use logs::{Mark, MarkKind, json};

use super::containers::colour;
use super::{Display, Items};
use crate::components::{Icon, Shape};
use crate::i18n::{self, Text, t};
use crate::state::log_tail::LogTail;

/// One line of a log.
#[component]
pub fn Line(
    tail: LogTail,
    items: Items,
    /// Its number.
    line: u64,
    /// That of the line shown before it.
    before: Option<u64>,
    display: Display,
    /// The service's containers.
    all: Memo<Vec<String>>,
) -> impl IntoView {
    let (rendered, source) = tail.with(|buffer| {
        (
            buffer.line(line).map(ansi::render).unwrap_or_default(),
            buffer.source(line),
        )
    });
    let pieces = pieces(&rendered, display);
    let is_object = json::is_object(&rendered.text);
    let name = StoredValue::new(
        tail.containers()
            .nth(usize::from(source))
            .unwrap_or_default()
            .to_owned(),
    );
    let is_merged = tail.containers().len() > 1;
    let is_current = move || display.finder.current.get() == Some(line) || display.pointed.get() == Some(line);
    let class = move || {
        let mut class = String::from("log-line");
        if is_merged {
            class.push_str(" log-of ");
            class.push_str(&all.with(|all| name.with_value(|name| colour(all, name))));
        }
        if is_current() {
            class.push_str(" log-current");
        }
        class
    };
    let is_expanded = Memo::new(move |_| is_object && display.expanded.with(|lines| lines.contains(&line)));
    let fields = StoredValue::new(if is_object { rendered.text } else { String::new() });
    view! {
        <div class=class>
            <Marks tail=tail.clone() marks=items.marks_before(line, before) />
            <div class="log-text">
                {is_merged.then(|| view! { <span class="log-source">{name.get_value()}</span> })}
                {is_object.then(|| view! { <Expand line display is_expanded /> })}
                {pieces}
            </div>
            {move || is_expanded.get().then(|| fields.with_value(|text| layout(text)))}
        </div>
    }
}

/// What is highlighted: what was searched for, or else what lines are filtered by.
fn pieces(rendered: &Rendered, display: Display) -> impl IntoView + use<> {
    let matches = display
        .finder
        .query
        .with_untracked(|query| query.as_ref().map(|query| query.find_in(&rendered.text)))
        .or_else(|| {
            let by = display.filter.matcher;
            by.with_untracked(|matcher| matcher.as_ref().map(|matcher| matcher.find_in(&rendered.text)))
        })
        .unwrap_or_default();
    rendered
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
        .collect_view()
}

/// What happened to containers, a row each.
#[component]
pub fn Marks(tail: LogTail, marks: Vec<Mark>) -> impl IntoView {
    let names: Vec<String> = tail.containers().map(str::to_owned).collect();
    marks
        .into_iter()
        .map(|mark| {
            // Of one container alone it is said what would be no sentence without.
            let is_plain = matches!(mark.kind, MarkKind::Gap | MarkKind::Paused);
            let name = names
                .get(usize::from(mark.source))
                .filter(|_| names.len() > 1 || !is_plain);
            let name = name.cloned();
            let class = if mark.kind == MarkKind::Gap {
                "log-mark log-gap"
            } else {
                "log-mark"
            };
            let text = move || match &name {
                Some(name) => i18n::text_with(Text::LogsMarkOf, &[("container", name), ("what", &happened(mark.kind))]),
                None => happened(mark.kind),
            };
            view! { <div class=class><span>{text}</span></div> }
        })
        .collect_view()
}

fn happened(kind: MarkKind) -> String {
    let with_code = |text: Text, code: i32| i18n::text_with(text, &[("code", &code.to_string())]);
    match kind {
        MarkKind::Gap => i18n::text(Text::LogsGap).to_owned(),
        MarkKind::Paused => i18n::text(Text::LogsMarkPaused).to_owned(),
        MarkKind::Ended(None) => i18n::text(Text::LogsMarkEnded).to_owned(),
        MarkKind::Ended(Some(code)) => with_code(Text::LogsMarkEndedCode, code),
        MarkKind::Restarted(None) => i18n::text(Text::LogsMarkRestarted).to_owned(),
        MarkKind::Restarted(Some(code)) => with_code(Text::LogsMarkRestartedCode, code),
    }
}

/// The button that shows a line's fields.
#[component]
fn Expand(line: u64, display: Display, is_expanded: Memo<bool>) -> impl IntoView {
    let toggle = move |_| {
        // Who reads a line wants it to stay where it is.
        display.follow.set(false);
        display.expanded.update(|lines| {
            if !lines.remove(&line) {
                lines.insert(line);
            }
        });
    };
    view! {
        <button
            class="log-expand"
            type="button"
            aria-expanded=move || is_expanded.get().to_string()
            aria-label=t(Text::LogsFields)
            title=t(Text::LogsFields)
            on:click=toggle
        >
            <Icon shape=Shape::Next />
        </button>
    }
}

/// A line's fields, a row each.
fn layout(text: &str) -> impl IntoView + use<> {
    let layout = json::layout(text)?;
    let rows = layout
        .rows
        .into_iter()
        .map(|row| {
            let parts = row
                .parts
                .into_iter()
                .map(|(kind, range)| {
                    let part = text[range].to_owned();
                    match kind {
                        json::Kind::Name => view! { <span class="json-name">{part}</span> }.into_any(),
                        json::Kind::Text => view! { <span class="json-text">{part}</span> }.into_any(),
                        json::Kind::Number => view! { <span class="json-number">{part}</span> }.into_any(),
                        json::Kind::Word => view! { <span class="json-word">{part}</span> }.into_any(),
                        json::Kind::Mark => part.into_any(),
                        json::Kind::Colon => ": ".into_any(),
                    }
                })
                .collect_view();
            view! { <div>{"  ".repeat(row.depth)}{parts}</div> }
        })
        .collect_view();
    let is_cut = layout.is_cut;
    Some(view! {
        <div class="log-json">
            {rows}
            {is_cut.then(|| view! { <div class="soft">{t(Text::LogsFieldsCut)}</div> })}
        </div>
    })
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
