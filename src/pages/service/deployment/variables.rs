//! The environment of a container.

use deployments::env_file;
use leptos::prelude::*;
use vcloud_api::validate::Field as Part;

use super::editing::Editing;
use super::fields::{ContainerFields, EnvFields};
use super::form::At;
use super::inputs::{Cell, SecretCell};
use super::wording;
use crate::components::{Dialog, Icon, Shape, TextArea};
use crate::i18n::{self, Plural, Text, t};

/// The rows, and ways to add more.
#[component]
pub fn Variables(editing: Editing, container: ContainerFields) -> impl IntoView {
    let shown = RwSignal::new(false);
    let pasting = RwSignal::new(false);
    let has_rows = Memo::new(move |_| container.envs.with(|envs| !envs.is_empty()));
    view! {
        <div class="deploy-part">
            <h4>{t(Text::ContainersEnv)}</h4>
            <Show when=move || has_rows.get()>
                <div class="deploy-row deploy-row-variable deploy-head small soft" aria-hidden="true">
                    <span>{t(Text::ContainersEnvName)}</span>
                    <span>{t(Text::ContainersEnvValue)}</span>
                </div>
            </Show>
            <For each=move || container.envs.get() key=|variable| variable.key let:variable>
                <VariableRow editing container variable shown />
            </For>
            <div class="row">
                <button class="button" type="button" on:click=move |_| editing.fields.add_variable(container)>
                    <Icon shape=Shape::Plus />
                    {t(Text::DeployAddVariable)}
                </button>
                <button class="button" type="button" on:click=move |_| pasting.set(true)>{t(Text::DeployPasteEnv)}</button>
                <Show when=move || has_rows.get()>
                    <button
                        class="button button-quiet"
                        type="button"
                        aria-pressed=move || shown.get().to_string()
                        on:click=move |_| shown.update(|shown| *shown = !*shown)
                    >
                        <Icon shape=Shape::Lock />
                        {move || i18n::text(if shown.get() { Text::ContainersHideValues } else { Text::ContainersShowValues })}
                    </button>
                </Show>
            </div>
            <PasteEnv editing container open=pasting />
        </div>
    }
}

#[component]
fn VariableRow(
    editing: Editing,
    container: ContainerFields,
    variable: EnvFields,
    shown: RwSignal<bool>,
) -> impl IntoView {
    let index = Memo::new(move |_| {
        container
            .envs
            .with(|envs| envs.iter().position(|other| other.key == variable.key))
    });
    let numbered = move |key: Text| {
        Signal::derive(move || {
            let number = (index.get().unwrap_or(0) + 1).to_string();
            i18n::text_with(key, &[("number", &number)])
        })
    };
    // A whole .env file pasted where one name belongs is taken as what it is.
    let paste = Callback::new(move |text: String| {
        let parsed = env_file::parse(&text);
        let is_file = text.trim().contains('\n') && !parsed.variables.is_empty();
        if is_file {
            editing.fields.set_variables(container, &parsed.variables);
        }
        is_file
    });
    let name_error = editing.error(Some(container), move || index.get().map(Part::EnvName).map(At::Part));
    let value_error = editing.error(Some(container), move || index.get().map(Part::EnvValue).map(At::Part));
    view! {
        <div class="deploy-row deploy-row-variable">
            <Cell label=numbered(Text::DeployVariableName) value=variable.name error=name_error on_paste=paste />
            <SecretCell label=numbered(Text::DeployVariableValue) value=variable.value error=value_error shown />
            <button
                class="button button-quiet button-icon"
                type="button"
                aria-label=move || numbered(Text::DeployRemoveVariable).get()
                title=move || numbered(Text::DeployRemoveVariable).get()
                on:click=move |_| container.envs.update(|envs| envs.retain(|other| other.key != variable.key))
            >
                <Icon shape=Shape::Close />
            </button>
        </div>
    }
}

/// Takes the text of a `.env` file.
#[component]
fn PasteEnv(editing: Editing, container: ContainerFields, open: RwSignal<bool>) -> impl IntoView {
    let label = move |key: Text| Signal::derive(move || i18n::text(key).to_owned());
    view! {
        <Dialog open title=label(Text::DeployPasteEnvTitle)>
            {move || {
                let text = RwSignal::new(String::new());
                let parsed = Memo::new(move |_| text.with(|text| env_file::parse(text)));
                let count = move || parsed.with(|parsed| parsed.variables.len() as u64);
                view! {
                    <TextArea label=label(Text::DeployPasteEnvLabel) value=text help=label(Text::DeployPasteEnvHelp) rows=10 />
                    <div role="status">
                        <p>{move || (!text.with(String::is_empty)).then(|| i18n::plural(Plural::DeployEnvFound, count()))}</p>
                        <ul class="lines small">
                            {move || {
                                parsed
                                    .with(|parsed| {
                                        parsed
                                            .wrong
                                            .iter()
                                            .map(|(line, error)| view! { <li class="field-warning">{wording::env_line(*line, error)}</li> })
                                            .collect_view()
                                    })
                            }}
                        </ul>
                    </div>
                    <div class="dialog-actions">
                        <button class="button" type="button" on:click=move |_| open.set(false)>{t(Text::ActionCancel)}</button>
                        <button
                            class="button button-primary"
                            type="button"
                            disabled=move || count() == 0
                            on:click=move |_| {
                                parsed.with_untracked(|parsed| editing.fields.set_variables(container, &parsed.variables));
                                open.set(false);
                            }
                        >
                            {t(Text::DeployPasteEnvApply)}
                        </button>
                    </div>
                }
            }}
        </Dialog>
    }
}
