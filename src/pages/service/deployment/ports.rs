//! The ports of a container.

use leptos::prelude::*;
use vcloud_api::types::PortCheckStatus;
use vcloud_api::validate::Field as Part;

use super::editing::{Editing, occupied};
use super::fields::{ContainerFields, Key, PortFields};
use super::form::{At, PortForm};
use super::inputs::Cell;
use crate::components::{Icon, Shape};
use crate::i18n::{self, Text, t};
use crate::state::deployments::Check;

/// The rows, and a way to add one as long as there are ports left.
#[component]
pub fn Ports(editing: Editing, container: ContainerFields) -> impl IntoView {
    let chooses = editing.chooses_host_ports();
    let used_up = Memo::new(move |_| editing.checked.with(|checked| !checked.budget.has_port()));
    let why_not = move || {
        used_up.get().then(|| {
            let bought = editing.checked.with(|checked| checked.budget.ports);
            i18n::text_with(Text::DeployPortsUsedUp, &[("ports", &bought.to_string())])
        })
    };
    let has_rows = Memo::new(move |_| container.ports.with(|ports| !ports.is_empty()));
    view! {
        <div class="deploy-part">
            <h4>{t(Text::ContainersPorts)}</h4>
            <p class="field-help">
                {t(if chooses { Text::DeployPortsHelpChosen } else { Text::DeployPortsHelp })}
            </p>
            <Show when=move || has_rows.get()>
                <div class="deploy-row deploy-head small soft" class:deploy-row-ports=!chooses class:deploy-row-host=chooses aria-hidden="true">
                    <span>{t(Text::ContainersContainerPort)}</span>
                    {chooses.then(|| view! { <span>{t(Text::ContainersHostPort)}</span> })}
                    <span>{t(Text::ContainersProtocol)}</span>
                </div>
            </Show>
            <For each=move || container.ports.get() key=|port| port.key let:port>
                <PortRow editing container port />
            </For>
            <div class="row">
                <button
                    class="button"
                    type="button"
                    disabled=move || used_up.get()
                    title=why_not
                    on:click=move |_| editing.fields.add_port(container)
                >
                    <Icon shape=Shape::Plus />
                    {t(Text::DeployAddPort)}
                </button>
                {move || why_not().map(|why| view! { <span class="soft small">{why}</span> })}
                <HostPorts editing container />
            </div>
        </div>
    }
}

/// Whether the host ports that were chosen are free.
#[component]
fn HostPorts(editing: Editing, container: ContainerFields) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        container
            .ports
            .with(|ports| ports.iter().any(|port| port.host.with(|host| !host.is_empty())))
    });
    let state = move || {
        match editing.ports.get() {
        _ if !chosen.get() => None,
        Check::Idle => None,
        Check::Busy => {
            Some(view! { <span class="spinner"></span><span class="soft">{t(Text::DeployPortsChecking)}</span> }.into_any())
        }
        Check::Known(known) => match known.status {
            PortCheckStatus::NotOccupied => Some(
                view! { <span class="good"><Icon shape=Shape::Check /></span><span>{t(Text::DeployPortsFree)}</span> }.into_any(),
            ),
            // Said at the field.
            PortCheckStatus::PortsOccupied => None,
            PortCheckStatus::NoResource => Some(open_question(editing, Text::DeployPortsNoRoom)),
            _ => Some(open_question(editing, Text::DeployPortsUnknown)),
        },
        Check::Failed(_) => Some(open_question(editing, Text::DeployPortsUnknown)),
    }
    };
    view! { <div class="deploy-state small" role="status">{state}</div> }
}

/// What may be otherwise in a moment, with the way to ask again.
fn open_question(editing: Editing, text: Text) -> AnyView {
    view! {
        <span class="warn"><Icon shape=Shape::Warning /></span>
        <span>{t(text)}</span>
        <button class="button-link" type="button" on:click=move |_| editing.check_ports.run(())>{t(Text::ActionRetry)}</button>
    }
    .into_any()
}

#[component]
fn PortRow(editing: Editing, container: ContainerFields, port: PortFields) -> impl IntoView {
    let chooses = editing.chooses_host_ports();
    let index = Memo::new(move |_| place(container, port.key));
    let numbered = move |key: Text| {
        Signal::derive(move || {
            let number = (index.get().unwrap_or(0) + 1).to_string();
            i18n::text_with(key, &[("number", &number)])
        })
    };
    let container_error = editing.error(Some(container), move || {
        index.get().map(Part::ContainerPort).map(At::Part)
    });
    let by_rules = editing.error(Some(container), move || index.get().map(Part::HostPort).map(At::Part));
    let host_error = Signal::derive(move || {
        by_rules.get().or_else(|| {
            let form = PortForm {
                host: port.host.get(),
                ..PortForm::default()
            };
            form.host_port().filter(|host| editing.is_occupied(*host)).map(occupied)
        })
    });
    let host_placeholder = Signal::derive(move || i18n::text(Text::DeployHostPortAny).to_owned());
    view! {
        <div class="deploy-row" class:deploy-row-ports=!chooses class:deploy-row-host=chooses>
            <Cell label=numbered(Text::DeployContainerPort) value=port.container error=container_error mode="numeric" />
            {chooses
                .then(|| {
                    view! {
                        <Cell
                            label=numbered(Text::DeployHostPort)
                            value=port.host
                            error=host_error
                            placeholder=host_placeholder
                            mode="numeric"
                        />
                    }
                })}
            <select
                class="select"
                aria-label=move || numbered(Text::DeployProtocol).get()
                on:change:target=move |event| port.udp.set(event.target().value() == "UDP")
            >
                {[false, true]
                    .map(|udp| {
                        let name = if udp { "UDP" } else { "TCP" };
                        view! { <option value=name selected=move || port.udp.get() == udp>{name}</option> }
                    })}
            </select>
            <button
                class="button button-quiet button-icon"
                type="button"
                aria-label=move || numbered(Text::DeployRemovePort).get()
                title=move || numbered(Text::DeployRemovePort).get()
                on:click=move |_| container.ports.update(|ports| ports.retain(|other| other.key != port.key))
            >
                <Icon shape=Shape::Close />
            </button>
        </div>
    }
}

fn place(container: ContainerFields, key: Key) -> Option<usize> {
    container
        .ports
        .with(|ports| ports.iter().position(|port| port.key == key))
}
