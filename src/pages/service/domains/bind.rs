//! Binding a domain.

use ::domains::rebind::{Binding, Plan};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use vcloud_api::ErrorKind;
use vcloud_api::types::{BindDomain, Deployment, Domain, Protocol};
use vcloud_api::validate::{self, base_domain};

use super::{Shared, words};
use crate::components::{CheckField, ClosedDraft, Dialog, ErrorMessage, Field, Icon, Shape};
use crate::i18n::{self, Text, t};
use crate::net::Abort;
use crate::state::deployments::running;
use crate::state::domains::Trouble;
use crate::state::drafts::Resumable;

/// A port that a domain can lead to.
#[derive(Clone, PartialEq)]
struct Port {
    container: String,
    number: u32,
}

/// The ports of the service's own containers; a domain leads to TCP.
fn ports(deployment: &Deployment) -> Vec<Port> {
    let of_container = |container: &vcloud_api::types::Container| {
        let name = container.name.clone();
        let tcp = container.ports.iter().filter(|port| port.protocol == Protocol::Tcp);
        tcp.map(|port| Port {
            container: name.clone(),
            number: port.container_port,
        })
        .collect::<Vec<Port>>()
    };
    deployment.containers.iter().flat_map(of_container).collect()
}

/// What is typed.
#[derive(Clone, Serialize, Deserialize)]
struct Typed {
    domain: String,
    port: String,
    https: bool,
}

/// The question, and before it what was typed into it and not sent.
#[component]
pub fn BindDialog(shared: Shared, open: RwSignal<bool>, may_open: Signal<bool>) -> impl IntoView {
    let title = Signal::derive(|| i18n::text(Text::DomainsBindTitle).to_owned());
    let service = shared.known_untracked().map(|known| known.service.id.clone());
    let place = format!("domain/{}", service.unwrap_or_default());
    let draft = Resumable::<Typed>::new(shared.app.session, &place, move || open.get());
    view! {
        <ClosedDraft
            at=Signal::derive(move || draft.offered().filter(|_| may_open.get()).map(|before| before.at))
            left_out=Signal::derive(|| i18n::text(Text::DraftUnsent).to_owned())
            on_continue=Callback::new(move |()| open.set(true))
            on_discard=Callback::new(move |()| draft.discard())
        />
        <Dialog open title>
            <BindForm shared open draft />
        </Dialog>
    }
}

/// Why HTTPS is not asked about.
#[derive(Clone, PartialEq)]
enum Https {
    /// There is no domain yet.
    Unknown,
    /// It is the first below its base domain.
    Ask { base: String },
    /// Another one below the base domain has decided.
    Decided { base: String, by: Domain },
}

#[component]
fn BindForm(shared: Shared, open: RwSignal<bool>, draft: Resumable<Typed>) -> impl IntoView {
    let before = draft.take();
    let before = before.unwrap_or_else(|| Typed {
        domain: String::new(),
        port: String::new(),
        https: true,
    });
    let domain = RwSignal::new(before.domain);
    let port = RwSignal::new(before.port);
    let https = RwSignal::new(before.https);
    draft.keep(move || {
        let domain = domain.get();
        let (port, https) = (port.get(), https.get());
        (!domain.trim().is_empty()).then_some(Typed { domain, port, https })
    });
    let touched = RwSignal::new(false);
    let sending = RwSignal::new(false);
    let trouble = RwSignal::new(None::<Trouble>);
    let choices = use_ports(shared, port, trouble);

    let typed = Memo::new(move |_| domain.get().trim().to_ascii_lowercase());
    let wrong = Memo::new(move |_| typed.with(|typed| validate::domain(typed).err()));
    let domain_error = move || {
        let is_begun = touched.get() || typed.with(|typed| typed.contains('.') && !typed.ends_with('.'));
        wrong.get().filter(|_| is_begun).map(|error| words::domain(&error))
    };
    let there = move || shared.bound.get().unwrap_or_default();
    let already = move || {
        typed
            .with(|typed| there().into_iter().find(|known| known.domain == *typed))
            .map(|known| {
                let known_port = known.container_port.to_string();
                i18n::text_with(Text::DomainsAlready, &[("port", &known_port)])
            })
    };
    let choice = Memo::new(move |_| {
        if wrong.with(Option::is_some) {
            return Https::Unknown;
        }
        let suffixes = shared.app.domains.suffixes();
        let base = typed.with(|typed| base_domain(typed, &*suffixes));
        let decided = there()
            .into_iter()
            .find(|known| base_domain(&known.domain, &*suffixes) == base);
        match decided {
            Some(by) => Https::Decided { base, by },
            None => Https::Ask { base },
        }
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        touched.set(true);
        let Some(known) = shared.known_untracked() else { return };
        let Some(number) = port.with_untracked(|port| port.parse::<u32>().ok()) else {
            return;
        };
        if wrong.with_untracked(Option::is_some) || sending.get_untracked() {
            return;
        }
        let name = typed.get_untracked();
        let is_https = match choice.get_untracked() {
            Https::Decided { by, .. } => by.is_https,
            _ => https.get_untracked(),
        };
        let wanted = BindDomain {
            domain: name.clone(),
            container_port: number,
            is_encry_byself: false,
            is_letsencrypt: matches!(choice.get_untracked(), Https::Ask { .. }).then_some(is_https),
        };
        sending.set(true);
        trouble.set(None);
        let ticket = draft.ticket();
        spawn_local(async move {
            let answer = shared.app.domains.bind(shared.app, &known, wanted.clone()).await;
            sending.try_set(false);
            match answer {
                Ok(()) => {
                    ticket.arrived();
                    shared.app.services.pods.invalidate();
                    shared.awaited.binding(&wanted);
                    open.try_set(false);
                }
                // It changes all domains or none: asked about before it is begun.
                Err(Trouble::Refused(error)) if error.kind == ErrorKind::OneDomainUnsupported => {
                    open.try_set(false);
                    let added = Binding {
                        domain: name,
                        container_port: number,
                        is_https,
                    };
                    shared.proposed.try_set(Some(Plan {
                        add: vec![added],
                        ..Plan::default()
                    }));
                }
                Err(why) => shared.failed(&known.service.id, trouble, why),
            }
        });
    };
    let about_https = move || match choice.get() {
        Https::Unknown => view! { <p class="field-help">{t(Text::DomainsHttpsLater)}</p> }.into_any(),
        Https::Ask { base } => view! {
            <CheckField label=Signal::derive(|| i18n::text(Text::DomainsHttpsAsk).to_owned()) value=https />
            <p class="field-help">{i18n::text_with(Text::DomainsHttpsFirst, &[("base", &base)])}</p>
        }
        .into_any(),
        Https::Decided { base, by } => {
            let text = if by.is_https {
                Text::DomainsHttpsDecidedOn
            } else {
                Text::DomainsHttpsDecidedOff
            };
            view! { <p class="field-help">{i18n::text_with(text, &[("base", &base), ("domain", &by.domain)])}</p> }
                .into_any()
        }
    };
    view! {
        <form class="form" on:submit=send>
            <Field
                label=Signal::derive(|| i18n::text(Text::DomainsDomain).to_owned())
                value=domain
                help=Signal::derive(|| i18n::text(Text::DomainsDomainHelp).to_owned())
                error=Signal::derive(domain_error)
                warning=Signal::derive(already)
                mode="url"
                mono=true
            />
            <PortChoice port choices />
            <div class="field">{about_https}</div>
            {move || {
                trouble
                    .get()
                    .map(|why| {
                        let explained = words::trouble(&why);
                        view! {
                            <ErrorMessage
                                title=explained.title
                                advice=explained.advice
                                detail=Signal::stored(explained.detail)
                            />
                        }
                    })
            }}
            <div class="dialog-actions">
                <button class="button" type="button" on:click=move |_| open.set(false)>{t(Text::ActionCancel)}</button>
                <button
                    class="button button-primary"
                    type="submit"
                    disabled=move || sending.get() || choices.with(|choices| choices.as_ref().is_none_or(Vec::is_empty))
                >
                    {move || {
                        if sending.get() {
                            view! { <span class="spinner"></span> }.into_any()
                        } else {
                            view! { <Icon shape=Shape::Check /> }.into_any()
                        }
                    }}
                    {t(Text::DomainsBindAction)}
                </button>
            </div>
        </form>
    }
}

/// The list of ports.
#[component]
fn PortChoice(port: RwSignal<String>, choices: RwSignal<Option<Vec<Port>>>) -> impl IntoView {
    view! {
        <div class="field">
            <label for="bind-port">{t(Text::DomainsPort)}</label>
            <select
                id="bind-port"
                class="select"
                prop:value=move || port.get()
                disabled=move || choices.with(|choices| choices.as_ref().is_none_or(Vec::is_empty))
                on:change:target=move |event| port.set(event.target().value())
            >
                {move || {
                    choices
                        .get()
                        .unwrap_or_default()
                        .into_iter()
                        .map(|choice| {
                            let value = choice.number.to_string();
                            let chosen = value.clone();
                            view! {
                                <option value=value.clone() selected=move || port.get() == chosen>
                                    {format!("{value} · {}", choice.container)}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
            {move || {
                let text = match choices.with(|choices| choices.as_ref().map(Vec::is_empty)) {
                    Some(true) => Text::DomainsNoPorts,
                    _ => Text::DomainsPortHelp,
                };
                view! { <p class="field-help">{t(text)}</p> }
            }}
        </div>
    }
}

/// The ports to choose from; the first of them is chosen where none is.
fn use_ports(
    shared: Shared,
    port: RwSignal<String>,
    trouble: RwSignal<Option<Trouble>>,
) -> RwSignal<Option<Vec<Port>>> {
    let choices = RwSignal::new(None::<Vec<Port>>);
    let access = shared.known_untracked().and_then(|known| known.access.clone().ok());
    if let Some(access) = access {
        spawn_local(async move {
            match running(&access, &Abort::new()).await {
                Ok(deployment) => {
                    let found = ports(&deployment);
                    let typed = port.try_get_untracked().unwrap_or_default();
                    let is_there = found.iter().any(|choice| choice.number.to_string() == typed);
                    if let Some(first) = found.first().filter(|_| !is_there) {
                        port.try_set(first.number.to_string());
                    }
                    choices.try_set(Some(found));
                }
                Err(error) => {
                    trouble.try_set(Some(Trouble::Refused(error)));
                }
            }
        });
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_can_lead_to_every_port_that_speaks_tcp() {
        let deployment: Deployment = serde_json::from_value(serde_json::json!({ "containers": [
            { "name": "web", "ports": [{ "containerPort": 80 }, { "containerPort": 53, "protocol": "UDP" }] },
            { "name": "api", "ports": [{ "containerPort": 3000, "protocol": "TCP" }] },
            { "name": "cache" },
        ] }))
        .expect("a deployment");
        let found: Vec<(String, u32)> = ports(&deployment)
            .into_iter()
            .map(|port| (port.container, port.number))
            .collect();
        assert_eq!(found, [("web".to_owned(), 80), ("api".to_owned(), 3000)]);
    }
}
