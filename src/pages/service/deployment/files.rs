//! What a container has on disk: the service's own disk, and a config file.

use deployments::syntax::{self, Syntax};
use leptos::prelude::*;
use vcloud_api::validate::Field as Part;

use super::editing::Editing;
use super::fields::ContainerFields;
use super::form::At;
use crate::components::{Editor, Field, Icon, Shape};
use crate::i18n::{self, Text, t};

fn label(key: Text) -> Signal<String> {
    Signal::derive(move || i18n::text(key).to_owned())
}

/// Where the service's disk appears.
#[component]
pub fn Disk(editing: Editing, container: ContainerFields) -> impl IntoView {
    let disk = Memo::new(move |_| editing.checked.with(|checked| checked.budget.disk));
    let help = Signal::derive(move || match disk.get() {
        0 => i18n::text(Text::DeployMountHelpNone).to_owned(),
        disk => i18n::text_with(Text::DeployMountHelp, &[("disk", &disk.to_string())]),
    });
    // The one disk must be mounted somewhere: said in the first container, where nobody has done so.
    let is_first = Memo::new(move |_| editing.fields.index_of(container.key) == Some(0));
    let own = editing.error_at(container, Part::MountPath);
    let whole = editing.error(None, || Some(At::Part(Part::MountPath)));
    let error = Signal::derive(move || own.get().or_else(|| is_first.get().then(|| whole.get()).flatten()));
    view! {
        <div class="deploy-part">
            <h4>{t(Text::DeployFilesTitle)}</h4>
            <Field label=label(Text::DeployMountPath) value=container.mount_path error help mono=true />
            <Show when=move || !container.has_config.get()>
                <div class="row">
                    <button class="button" type="button" on:click=move |_| container.has_config.set(true)>
                        <Icon shape=Shape::Plus />
                        {t(Text::DeployAddConfig)}
                    </button>
                </div>
            </Show>
        </div>
    }
}

/// The config file, where there is one.
#[component]
pub fn ConfigFile(editing: Editing, container: ContainerFields) -> impl IntoView {
    let syntax = Signal::derive(move || {
        let by_path = container.config_path.with(|path| syntax::of_path(path));
        if by_path == Syntax::Plain {
            container.config.with(|text| syntax::of_text(text))
        } else {
            by_path
        }
    });
    let remove = move |_| {
        container.config.set(String::new());
        container.config_path.set(String::new());
        container.has_config.set(false);
    };
    view! {
        <Show when=move || container.has_config.get()>
            <div class="deploy-part deploy-part-wide">
                <div class="deploy-config">
                    <Field
                        label=label(Text::DeployConfigPath)
                        value=container.config_path
                        error=editing.error_at(container, Part::ConfigMountPath)
                        help=label(Text::DeployConfigPathHelp)
                        mono=true
                    />
                    <button class="button button-quiet" type="button" on:click=remove>
                        <Icon shape=Shape::Trash />
                        {t(Text::DeployRemoveConfig)}
                    </button>
                </div>
                <Editor
                    label=label(Text::DeployConfigFile)
                    value=container.config
                    syntax
                    error=editing.error_at(container, Part::Config)
                />
            </div>
        </Show>
    }
}
