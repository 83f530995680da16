//! The form in other formats, and as the official client's command.

use deployments::export::{client_command, export};
use deployments::import::Format;
use deployments::syntax::Syntax;
use leptos::prelude::*;
use vcloud_api::types::Deployment;

use super::editing::Editing;
use super::summary::MASK;
use super::wording;
use crate::components::{CheckField, CodeView, CopyButton, Dialog, Message, Tone};
use crate::i18n::{self, Text, t};

fn label(key: Text) -> Signal<String> {
    Signal::derive(move || i18n::text(key).to_owned())
}

/// The dialog.
#[component]
pub fn Export(editing: Editing, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open title=label(Text::ImportExportTitle) wide=true>
            <Content editing />
        </Dialog>
    }
}

/// The deployment without values of variables and passwords. Config files are not masked: they are shown in the form as well.
fn masked(mut deployment: Deployment) -> Deployment {
    let variables = deployment
        .containers
        .iter_mut()
        .flat_map(|container| &mut container.envs);
    for variable in variables.filter(|variable| !variable.value.is_empty()) {
        variable.value = MASK.into();
    }
    for login in deployment
        .pvt_login
        .iter_mut()
        .filter(|login| !login.password.is_empty())
    {
        login.password = MASK.into();
    }
    deployment
}

const fn syntax(format: Format) -> Syntax {
    match format {
        Format::ClientJson => Syntax::Json,
        Format::Compose | Format::Manifest => Syntax::Yaml,
        Format::DockerRun => Syntax::Plain,
    }
}

#[component]
fn Content(editing: Editing) -> impl IntoView {
    let format = RwSignal::new(Format::ClientJson);
    let with_secrets = RwSignal::new(false);
    let id = editing.known.with_value(|known| known.service.id.clone());
    let command = client_command(&id, Format::ClientJson.file_name(), editing.is_update);
    let id = StoredValue::new(id);
    let is_whole = Memo::new(move |_| editing.checked.with(|checked| checked.wrong.is_empty()));
    let text = Signal::derive(move || {
        let deployment = editing.checked.with(|checked| checked.deployment.clone());
        let deployment = if with_secrets.get() {
            deployment
        } else {
            masked(deployment)
        };
        id.with_value(|id| export(format.get(), &deployment, id))
    });
    let file_name = Signal::derive(move || format.get().file_name().to_owned());
    view! {
        {move || (!is_whole.get()).then(|| view! { <Message tone=Tone::Warn title=i18n::text(Text::ImportNotComplete) /> })}
        <label class="field">
            <span class="field-label">{t(Text::ImportFormat)}</span>
            <select
                class="select"
                on:change:target=move |event| {
                    let name = event.target().value();
                    if let Some(chosen) = Format::ALL.into_iter().find(|format| format.file_name() == name) {
                        format.set(chosen);
                    }
                }
            >
                {Format::ALL
                    .map(|each| {
                        view! {
                            <option value=each.file_name() selected=move || format.get() == each>
                                {move || wording::format(each)}
                            </option>
                        }
                    })}
            </select>
        </label>
        <Show when=move || format.get() == Format::ClientJson>
            <div class="stack-tight">
                <p class="field-label">{t(Text::ImportCommand)}</p>
                <div class="deploy-command">
                    <code>{command.clone()}</code>
                    <CopyButton value=command.clone() what=label(Text::ImportCommand) />
                </div>
                <p class="field-help">{move || i18n::text_with(Text::ImportCommandHelp, &[("file", &file_name.get())])}</p>
            </div>
        </Show>
        <div class="stack-tight">
        <CheckField label=label(Text::ImportWithSecrets) value=with_secrets />
        <p class="field-help">{move || i18n::text(if with_secrets.get() { Text::ImportSecretsShown } else { Text::ImportSecretsMasked })}</p>
        </div>
        <CodeView label=file_name text syntax=Signal::derive(move || syntax(format.get())) file_name />
    }
}
