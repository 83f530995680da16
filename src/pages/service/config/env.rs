//! The environment of a container, to be changed: row by row, or from a `.env` file.

use deployments::env_file::{self, LineError};
use leptos::prelude::*;

use super::changes::{VariableError, wrong_variables};
use super::fields::{ContainerFields, VariableFields};
use crate::components::{Icon, Message, Shape, TextArea, Tone};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::rule_words;

/// What is wrong with a variable (tracked).
fn wrong(error: VariableError) -> String {
    match error {
        VariableError::Name(error) => rule_words::env_name(error),
        VariableError::Twice => i18n::text(Text::ConfigFilesTwice).to_owned(),
        VariableError::NoValue => i18n::text(Text::ConfigFilesNoValue).to_owned(),
    }
}

/// What is wrong with a line of a `.env` file (tracked).
fn wrong_line(line: usize, error: &LineError) -> String {
    let named = |key: Text, name: &str| i18n::text_with(key, &[("name", name)]);
    let problem = match error {
        LineError::Name(error) => rule_words::env_name(*error),
        LineError::NoValue { name } => named(Text::ConfigFilesLineNoValue, name),
        LineError::UnclosedQuote => i18n::text(Text::ConfigFilesLineQuote).to_owned(),
        LineError::AfterQuote => i18n::text(Text::ConfigFilesLineAfterQuote).to_owned(),
        LineError::Unknown { name } => named(Text::ConfigFilesLineUnknown, name),
        LineError::Again { name } => named(Text::ConfigFilesLineAgain, name),
    };
    i18n::text_with(
        Text::ConfigFilesLine,
        &[("line", &line.to_string()), ("problem", &problem)],
    )
}

/// The rows.
#[component]
pub fn EnvironmentFields(container: ContainerFields) -> impl IntoView {
    let shown = RwSignal::new(false);
    let pasting = RwSignal::new(false);
    let errors = Memo::new(move |_| {
        let rows: Vec<(String, String)> = container
            .variables
            .with(|rows| rows.iter().map(|row| (row.name.get(), row.value.get())).collect());
        wrong_variables(&rows)
    });
    let rows = move || container.variables.get();
    let error_of = move |row: VariableFields| {
        let at = container
            .variables
            .with(|rows| rows.iter().position(|other| other.key == row.key))?;
        errors.with(|errors| errors.get(at).copied().flatten())
    };
    view! {
        <fieldset class="env">
            <legend class="field-label">{t(Text::ContainersEnv)}</legend>
            <p class="field-help">{t(Text::ConfigFilesEnvWhole)}</p>
            <Show when=move || !container.variables.with(Vec::is_empty) fallback=|| view! { <p class="soft">{t(Text::ContainersNoEnv)}</p> }>
                <For
                    each=rows
                    key=|row| row.key
                    children=move |row| {
                        view! { <Row container row shown error=Signal::derive(move || error_of(row)) /> }
                    }
                />
            </Show>
            <div class="row">
                <button class="button" type="button" on:click=move |_| container.add()>
                    <Icon shape=Shape::Plus />
                    {t(Text::ConfigFilesAdd)}
                </button>
                <button
                    class="button button-quiet"
                    type="button"
                    aria-expanded=move || pasting.get().to_string()
                    on:click=move |_| pasting.update(|pasting| *pasting = !*pasting)
                >
                    {t(Text::ConfigFilesPaste)}
                </button>
                <Show when=move || !container.variables.with(Vec::is_empty)>
                    <button class="button button-quiet" type="button" on:click=move |_| shown.update(|shown| *shown = !*shown)>
                        <Icon shape=Shape::Lock />
                        {move || i18n::text(if shown.get() { Text::ContainersHideValues } else { Text::ContainersShowValues })}
                    </button>
                </Show>
            </div>
            <Show when=move || pasting.get()>
                <Paste container pasting />
            </Show>
        </fieldset>
    }
}

#[component]
fn Row(
    container: ContainerFields,
    row: VariableFields,
    shown: RwSignal<bool>,
    error: Signal<Option<VariableError>>,
) -> impl IntoView {
    let is_wrong = move || error.get().is_some().then_some("true");
    let notes = format!("variable-{}", row.key);
    view! {
        <div class="env-row">
            <input
                class="input mono"
                type="text"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-label=t(Text::ContainersEnvName)
                aria-invalid=is_wrong
                aria-describedby=notes.clone()
                prop:value=move || row.name.get()
                on:input:target=move |event| row.name.set(event.target().value())
            />
            <input
                class="input mono"
                type=move || if shown.get() { "text" } else { "password" }
                autocomplete="new-password"
                autocapitalize="off"
                spellcheck="false"
                aria-label=move || i18n::text_with(Text::ConfigFilesValueOf, &[("name", &row.name.get())])
                aria-invalid=is_wrong
                aria-describedby=notes.clone()
                prop:value=move || row.value.get()
                on:input:target=move |event| row.value.set(event.target().value())
            />
            <button
                class="button button-quiet button-icon"
                type="button"
                aria-label=move || i18n::text_with(Text::ConfigFilesRemove, &[("name", &row.name.get())])
                title=t(Text::ConfigFilesRemoveShort)
                on:click=move |_| container.remove(row.key)
            >
                <Icon shape=Shape::Trash />
            </button>
            <div class="env-notes" id=notes aria-live="polite">
                {move || error.get().map(|error| view! { <p class="field-error">{wrong(error)}</p> })}
            </div>
        </div>
    }
}

/// Takes variables over from a `.env` file.
#[component]
fn Paste(container: ContainerFields, pasting: RwSignal<bool>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let parsed = Memo::new(move |_| text.with(|text| env_file::parse(text)));
    let count = move || parsed.with(|parsed| parsed.variables.len() as u64);
    let problems = move || {
        parsed.with(|parsed| {
            (!parsed.wrong.is_empty()).then(|| {
                let lines = parsed.wrong.iter().map(|(line, error)| wrong_line(*line, error));
                let lines = lines.map(|text| view! { <li>{text}</li> }).collect_view();
                view! {
                    <Message tone=Tone::Warn title=Signal::derive(|| i18n::text(Text::ConfigFilesPasteWrong).to_owned())>
                        <ul class="rules">{lines}</ul>
                    </Message>
                }
            })
        })
    };
    let take_over = move |_| {
        parsed.with_untracked(|parsed| container.take_over(&parsed.variables));
        text.set(String::new());
        pasting.set(false);
    };
    view! {
        <TextArea
            label=Signal::derive(|| i18n::text(Text::ConfigFilesPasteLabel).to_owned())
            value=text
            help=Signal::derive(|| i18n::text(Text::ConfigFilesPasteHelp).to_owned())
            rows=5
        />
        {problems}
        <div class="row">
            <button class="button button-primary" type="button" disabled=move || count() == 0 on:click=take_over>
                {move || i18n::plural(Plural::ConfigFilesTakeOver, count())}
            </button>
        </div>
    }
}
