//! A container of the form.

use leptos::prelude::*;
use vcloud_api::ErrorKind;
use vcloud_api::validate::Field as Part;

use super::editing::Editing;
use super::fields::ContainerFields;
use super::files::Files;
use super::form::{At, usual_user};
use super::inputs::Stepper;
use super::ports::Ports;
use super::variables::Variables;
use super::wording;
use crate::components::{CheckField, Field, Icon, PasswordField, Shape, TextArea, fresh_id};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::explain;
use crate::state::deployments::Check;

fn label(key: Text) -> Signal<String> {
    Signal::derive(move || i18n::text(key).to_owned())
}

/// A card with everything about the container.
#[component]
pub fn ContainerCard(editing: Editing, container: ContainerFields) -> impl IntoView {
    let check_again = editing.check_image_of(container);
    let body = fresh_id("container");
    let controls = body.clone();
    let index = Memo::new(move |_| editing.fields.index_of(container.key).unwrap_or(0));
    let title = Signal::derive(move || container.name.with(|name| wording::container_title(index.get(), name)));
    let wrong =
        Memo::new(move |_| editing.insisted.get() && editing.checked.with(|checked| checked.has_wrong(index.get())));
    let extent = move || {
        let units = container.units.with(|units| units.trim().parse().unwrap_or(0));
        let ports = container.ports.with(Vec::len) as u64;
        let image = container.image.get();
        let parts = [
            image.trim().to_owned(),
            i18n::plural(Plural::DeployUnitCount, units),
            i18n::plural(Plural::DeployPortCount, ports),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" · ")
    };
    let named = move |key: Text| move || i18n::text_with(key, &[("container", &title.get())]);
    view! {
        <section class="card deploy-container" aria-label=move || title.get()>
            <div class="card-head">
                <h3 class="deploy-title">
                    <button
                        class="button button-quiet"
                        type="button"
                        aria-expanded=move || (!container.collapsed.get()).to_string()
                        aria-controls=controls
                        on:click=move |_| container.collapsed.update(|collapsed| *collapsed = !*collapsed)
                    >
                        {move || {
                            if container.collapsed.get() {
                                view! { <Icon shape=Shape::Next /> }
                            } else {
                                view! { <Icon shape=Shape::ArrowDown /> }
                            }
                        }}
                        <span class="mono">{move || title.get()}</span>
                    </button>
                </h3>
                <span class="soft small deploy-extent">{extent}</span>
                {move || wrong.get().then(|| view! { <span class="badge badge-bad">{t(Text::DeployNeedsAttention)}</span> })}
                <div class="row spread">
                    <button
                        class="button button-quiet button-icon"
                        type="button"
                        aria-label=named(Text::DeployDuplicate)
                        title=named(Text::DeployDuplicate)
                        on:click=move |_| editing.fields.duplicate(container)
                    >
                        <Icon shape=Shape::Copy />
                    </button>
                    <button
                        class="button button-quiet button-icon"
                        type="button"
                        aria-label=named(Text::DeployRemove)
                        title=named(Text::DeployRemove)
                        on:click=move |_| editing.fields.remove(container.key)
                    >
                        <Icon shape=Shape::Trash />
                    </button>
                </div>
            </div>
            <div id=body hidden=move || container.collapsed.get()>
                <Show when=move || !container.collapsed.get()>
                    <div class="deploy-body">
                        <div class="deploy-grid deploy-grid-main">
                            <Field
                                label=label(Text::DeployName)
                                value=container.name
                                error=editing.error_at(container, Part::Name)
                                mono=true
                            />
                            <Image editing container check_again />
                            <Stepper
                                label=label(Text::DeployUnits)
                                value=container.units
                                error=editing.error_at(container, Part::ResourceUnit)
                                less=label(Text::DeployUnitLess)
                                more=label(Text::DeployUnitMore)
                            />
                        </div>
                        <Ports editing container />
                        <Variables editing container />
                        <div class="deploy-part">
                            <h4>{t(Text::DeployCommandTitle)}</h4>
                            <p class="field-help">{t(Text::DeployCommandHelp)}</p>
                            <div class="deploy-grid">
                                <TextArea
                                    label=label(Text::DeployCommand)
                                    value=container.command.typed
                                    error=editing.error(Some(container), || Some(At::Command))
                                    rows=1
                                />
                                <TextArea
                                    label=label(Text::DeployArgs)
                                    value=container.args.typed
                                    error=editing.error(Some(container), || Some(At::Args))
                                    rows=1
                                />
                            </div>
                        </div>
                        <Files editing container />
                    </div>
                </Show>
            </div>
        </section>
    }
}

/// The image, whether it can be fetched, and the login that it may need.
#[component]
fn Image(editing: Editing, container: ContainerFields, check_again: Callback<()>) -> impl IntoView {
    // A user name that nobody typed follows the image.
    let suggested = StoredValue::new(untrack(|| container.image.with(|image| usual_user(image))));
    let suggest = move || {
        let usual = container.image.with_untracked(|image| usual_user(image));
        let is_untouched = container
            .username
            .with_untracked(|name| name.is_empty() || suggested.with_value(|suggested| suggested == name));
        if container.private.get_untracked() && is_untouched {
            container.username.set(usual.clone());
        }
        suggested.set_value(usual);
    };
    // Runs when the image or the choice was changed, not when they are shown.
    let changed = Memo::new(move |_| (container.image.get(), container.private.get()));
    Effect::watch(move || changed.get(), move |_, _, _| suggest(), false);
    let error = editing.image_error(container);
    view! {
        <div class="deploy-image">
            <Field label=label(Text::DeployImage) value=container.image error help=label(Text::DeployImageHelp) mono=true />
            <div class="row">
                <CheckField label=label(Text::DeployPrivate) value=container.private />
                <ImageState container check_again />
            </div>
            <Show when=move || container.private.get()>
                <div class="deploy-grid">
                    <Field
                        label=label(Text::DeployUsername)
                        value=container.username
                        error=editing.error_at(container, Part::Username)
                    />
                    <PasswordField
                        label=label(Text::DeployPassword)
                        value=container.password
                        error=editing.error_at(container, Part::Password)
                        help=label(if editing.is_update { Text::DeployPasswordAgain } else { Text::DeployPasswordHelp })
                        autocomplete="off"
                    />
                </div>
            </Show>
        </div>
    }
}

/// Whether the provider can fetch the image.
#[component]
fn ImageState(container: ContainerFields, check_again: Callback<()>) -> impl IntoView {
    let state = move || {
        match container.image_check.get() {
        Check::Idle => None,
        Check::Busy => {
            Some(view! { <span class="spinner"></span><span class="soft">{t(Text::DeployImageChecking)}</span> }.into_any())
        }
        Check::Known(()) => Some(
            view! { <span class="good"><Icon shape=Shape::Check /></span><span>{t(Text::DeployImageFound)}</span> }.into_any(),
        ),
        // Said at the field.
        Check::Failed(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Refused) => Some(
            view! { <span class="bad"><Icon shape=Shape::Cross /></span><span>{t(Text::DeployImageNotFound)}</span> }.into_any(),
        ),
        Check::Failed(error) => Some(
            view! {
                <span class="warn"><Icon shape=Shape::Warning /></span>
                <span title=move || explain(&error).advice>{t(Text::DeployImageUnknown)}</span>
                <button class="button-link" type="button" on:click=move |_| check_again.run(())>{t(Text::ActionRetry)}</button>
            }
            .into_any(),
        ),
    }
    };
    view! { <div class="deploy-state small" role="status">{state}</div> }
}
