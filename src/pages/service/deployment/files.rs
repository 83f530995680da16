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

/// The mount path and the config file.
#[component]
pub fn Files(editing: Editing, container: ContainerFields) -> impl IntoView {
    let disk = Memo::new(move |_| editing.checked.with(|checked| checked.budget.disk));
    let mount_help = Signal::derive(move || match disk.get() {
        0 => i18n::text(Text::DeployMountHelpNone).to_owned(),
        disk => i18n::text_with(Text::DeployMountHelp, &[("disk", &disk.to_string())]),
    });
    // The one disk must be mounted somewhere: said in the first container, where nobody has done so.
    let is_first = Memo::new(move |_| editing.fields.index_of(container.key) == Some(0));
    let own = editing.error_at(container, Part::MountPath);
    let whole = editing.error(None, || Some(At::Part(Part::MountPath)));
    let mount_error = Signal::derive(move || own.get().or_else(|| is_first.get().then(|| whole.get()).flatten()));
    let has_config = Memo::new(move |_| {
        container.config.with(|config| !config.is_empty()) || container.config_path.with(|path| !path.is_empty())
    });
    let wants_config = RwSignal::new(has_config.get_untracked());
    let shows_config = Memo::new(move |_| wants_config.get() || has_config.get());
    let file_syntax = Signal::derive(move || {
        let by_path = container.config_path.with(|path| syntax::of_path(path));
        if by_path == Syntax::Plain {
            container.config.with(|text| syntax::of_text(text))
        } else {
            by_path
        }
    });
    let file_label = Signal::derive(move || {
        let path = container.config_path.with(|path| path.trim().to_owned());
        if path.is_empty() {
            i18n::text(Text::DeployConfigFile).to_owned()
        } else {
            path
        }
    });
    view! {
        <div class="deploy-part">
            <h4>{t(Text::DeployFilesTitle)}</h4>
            <div class="deploy-grid">
                <Field
                    label=label(Text::DeployMountPath)
                    value=container.mount_path
                    error=mount_error
                    help=mount_help
                    mono=true
                />
                <Show
                    when=move || shows_config.get()
                    fallback=move || {
                        view! {
                            <div class="deploy-aside">
                                <button class="button" type="button" on:click=move |_| wants_config.set(true)>
                                    <Icon shape=Shape::Plus />
                                    {t(Text::DeployAddConfig)}
                                </button>
                            </div>
                        }
                    }
                >
                    <Field
                        label=label(Text::DeployConfigPath)
                        value=container.config_path
                        error=editing.error_at(container, Part::ConfigMountPath)
                        help=label(Text::DeployConfigPathHelp)
                        mono=true
                    />
                </Show>
            </div>
            <Show when=move || shows_config.get()>
                <Editor
                    label=file_label
                    value=container.config
                    syntax=file_syntax
                    error=editing.error_at(container, Part::Config)
                />
                <div class="row">
                    <button
                        class="button button-quiet"
                        type="button"
                        on:click=move |_| {
                            container.config.set(String::new());
                            container.config_path.set(String::new());
                            wants_config.set(false);
                        }
                    >
                        <Icon shape=Shape::Trash />
                        {t(Text::DeployRemoveConfig)}
                    </button>
                </div>
            </Show>
        </div>
    }
}
