//! The search and the filter above the lines.

use leptos::prelude::*;
use logs::PatternError;

use super::Display;
use crate::components::{Icon, Shape};
use crate::i18n::{self, Plural, Text, t};

fn toggle(name: Text, text: &'static str, value: RwSignal<bool>) -> impl IntoView {
    view! {
        <button
            class="button button-icon"
            type="button"
            aria-pressed=move || value.get().to_string()
            aria-label=t(name)
            title=t(name)
            on:click=move |_| value.update(|value| *value = !*value)
        >
            <span aria-hidden="true">{text}</span>
        </button>
    }
}

/// The search.
#[component]
pub fn Find(display: Display) -> impl IntoView {
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
        <div class="log-find">
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
            {toggle(Text::LogsCase, "Aa", finder.case_sensitive)}
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
            <span class="log-result soft small" aria-live="polite">{result}</span>
        </div>
    }
}

/// The filter.
#[component]
pub fn FilterBar(display: Display) -> impl IntoView {
    let filter = display.filter;
    let notes = crate::components::fresh_id("filter");
    let described = notes.clone();
    let result = move || {
        if !filter.is_on.get() {
            return String::new();
        }
        if let Some((done, total)) = filter.progress.get() {
            let percent = i18n::number(done * 100 / total.max(1));
            return i18n::text_with(Text::LogsFiltering, &[("percent", &percent)]);
        }
        i18n::plural(Plural::LogsPassing, filter.count())
    };
    view! {
        <div class="log-find">
            <div class="search">
                <Icon shape=Shape::Filter />
                <input
                    class="input"
                    type="search"
                    aria-label=t(Text::LogsFilter)
                    placeholder=t(Text::LogsFilter)
                    spellcheck="false"
                    autocapitalize="off"
                    aria-describedby=described
                    aria-invalid=move || filter.error.get().is_some().then_some("true")
                    prop:value=move || filter.text.get()
                    on:input:target=move |event| filter.text.set(event.target().value())
                    on:keydown=move |event| {
                        if event.key() == "Escape" {
                            filter.text.set(String::new());
                        }
                    }
                />
            </div>
            {toggle(Text::LogsFilterPattern, ".*", filter.is_pattern)}
            {toggle(Text::LogsFilterCase, "Aa", filter.case_sensitive)}
            {toggle(Text::LogsFilterInvert, "!", filter.inverted)}
            <div id=notes class="log-result small" aria-live="polite">
                {move || match filter.error.get() {
                    Some(error) => view! { <span class="field-error">{t(wrong(error))}</span> }.into_any(),
                    None => view! { <span class="soft">{result}</span> }.into_any(),
                }}
            </div>
        </div>
    }
}

/// What is wrong with an expression, in words.
const fn wrong(error: PatternError) -> Text {
    match error {
        PatternError::UnclosedGroup => Text::LogsWrongUnclosedGroup,
        PatternError::UnopenedGroup => Text::LogsWrongUnopenedGroup,
        PatternError::BadGroup => Text::LogsWrongGroup,
        PatternError::UnclosedClass => Text::LogsWrongUnclosedClass,
        PatternError::BadClass => Text::LogsWrongClass,
        PatternError::NothingToRepeat => Text::LogsWrongRepeat,
        PatternError::BadCount => Text::LogsWrongCount,
        PatternError::BadEscape => Text::LogsWrongEscape,
        PatternError::LookAround => Text::LogsWrongLookAround,
        PatternError::BackReference => Text::LogsWrongBackReference,
        PatternError::TooLarge => Text::LogsWrongTooLarge,
        PatternError::Other => Text::LogsWrongOther,
    }
}
