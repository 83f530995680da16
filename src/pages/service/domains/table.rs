//! The domains, one a row.

use leptos::prelude::*;
use vcloud_api::types::{Domain, UserServiceStatus};

use super::Shared;
use super::awaited::Wanted;
use super::pointing::PointingView;
use crate::components::CopyButton;
use crate::i18n::{self, Text, t};
use crate::state::Remote;

/// A row: a domain, and what is waited for.
#[derive(Clone, PartialEq)]
struct Row {
    domain: Domain,
    waits: Option<Wanted>,
}

/// The table, or why there is none.
#[component]
pub fn DomainTable(shared: Shared) -> impl IntoView {
    let rows = Memo::new(move |_| {
        let awaited = shared.awaited.all();
        let bound = shared.bound.get().unwrap_or_default();
        let mut rows: Vec<Row> = bound
            .into_iter()
            .map(|domain| Row {
                waits: awaited.get(&domain.domain).map(|(wanted, _)| wanted.clone()),
                domain,
            })
            .collect();
        for (name, (wanted, _)) in awaited {
            let Wanted::Bound { container_port } = wanted else {
                continue;
            };
            if rows.iter().all(|row| row.domain.domain != name) {
                rows.push(Row {
                    domain: Domain {
                        domain: name,
                        container_port: u16::try_from(container_port).unwrap_or_default(),
                        is_https: false,
                    },
                    waits: Some(Wanted::Bound { container_port }),
                });
            }
        }
        rows
    });
    let is_empty = move || rows.with(Vec::is_empty);
    let names = Memo::new(move |_| {
        rows.with(|rows| {
            rows.iter()
                .map(|row| row.domain.domain.clone())
                .collect::<Vec<String>>()
        })
    });
    let all_chosen = move || {
        let names = names.get();
        !names.is_empty()
            && shared
                .chosen
                .with(|chosen| names.iter().all(|name| chosen.contains(name)))
    };
    let table = move || {
        view! {
            <div class="table-frame">
                <table class="table table-cards domain-table" aria-label=t(Text::ServiceDomains)>
                    <thead>
                        <tr>
                            <th scope="col" class="tick">
                                <input
                                    type="checkbox"
                                    aria-label=t(Text::DomainsSelectAll)
                                    prop:checked=all_chosen
                                    on:change:target=move |event| {
                                        let checked = event.target().checked();
                                        shared
                                            .chosen
                                            .update(|chosen| {
                                                chosen.clear();
                                                if checked {
                                                    chosen.extend(names.get_untracked());
                                                }
                                            });
                                    }
                                />
                            </th>
                            <th scope="col">{t(Text::DomainsDomain)}</th>
                            <th scope="col">{t(Text::DomainsPort)}</th>
                            <th scope="col">{t(Text::DomainsHttps)}</th>
                            <th scope="col">{t(Text::DomainsDns)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For
                            each=move || names.get()
                            key=String::clone
                            children=move |name| {
                                let wanted = name.clone();
                                let row = Memo::new(move |_| {
                                    rows.with(|rows| rows.iter().find(|row| row.domain.domain == wanted).cloned())
                                });
                                view! { <DomainRow shared name row /> }
                            }
                        />
                    </tbody>
                </table>
            </div>
        }
    };
    let nothing = move || {
        let status = shared.data.known().map(|known| known.service.status.clone());
        let loads = matches!(shared.data.pod.get(), Remote::Loading);
        if status == Some(UserServiceStatus::Stop) {
            view! {
                <div class="card empty">
                    <h2>{t(Text::DomainsPausedTitle)}</h2>
                    <p>{t(Text::DomainsPausedAdvice)}</p>
                </div>
            }
            .into_any()
        } else if loads {
            view! { <super::super::Loading /> }.into_any()
        } else {
            view! {
                <div class="card empty">
                    <h2>{t(Text::DomainsNoneTitle)}</h2>
                    <p>{t(Text::DomainsNoneAdvice)}</p>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <Show when=move || !is_empty() fallback=nothing>
            {table()}
        </Show>
    }
}

#[component]
fn DomainRow(shared: Shared, name: String, row: Memo<Option<Row>>) -> impl IntoView {
    let name = StoredValue::new(name);
    let is_chosen = move || name.with_value(|name| shared.chosen.with(|chosen| chosen.contains(name)));
    let choose = move |checked: bool| {
        shared.chosen.update(|chosen| {
            if checked {
                chosen.insert(name.get_value());
            } else {
                chosen.remove(&name.get_value());
            }
        });
    };
    let is_https = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.domain.is_https)));
    let waits = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.waits.clone())));
    let port = move || row.with(|row| row.as_ref().map(|row| row.domain.container_port.to_string()));
    let address = move || {
        let scheme = if is_https.get() { "https" } else { "http" };
        format!("{scheme}://{}", name.get_value())
    };
    let https = move || match waits.get() {
        Some(Wanted::Bound { .. }) => {
            view! { <span class="pending"><span class="spinner"></span>{t(Text::DomainsBinding)}</span> }.into_any()
        }
        Some(Wanted::Unbound) => {
            view! { <span class="pending"><span class="spinner"></span>{t(Text::DomainsUnbinding)}</span> }.into_any()
        }
        None if is_https.get() => view! { <span class="badge badge-good">{t(Text::DomainsHttpsOn)}</span> }.into_any(),
        None => view! { <span class="badge">{t(Text::DomainsHttpsOff)}</span> }.into_any(),
    };
    view! {
        <tr aria-selected=move || is_chosen().to_string()>
            <td class="tick">
                <input
                    type="checkbox"
                    aria-label=move || i18n::text_with(Text::DomainsSelect, &[("domain", &name.get_value())])
                    prop:checked=is_chosen
                    on:change:target=move |event| choose(event.target().checked())
                />
            </td>
            <td data-label=t(Text::DomainsDomain)>
                <span class="copyable">
                    <a class="mono" href=address target="_blank" rel="noopener noreferrer">{name.get_value()}</a>
                    <CopyButton value=Signal::stored(name.get_value()) what=Signal::derive(|| i18n::text(Text::DomainsDomain).to_owned()) />
                </span>
            </td>
            <td data-label=t(Text::DomainsPort) class="mono">{port}</td>
            <td data-label=t(Text::DomainsHttps)>{https}</td>
            <td data-label=t(Text::DomainsDns)>
                <PointingView shared name=name.get_value() is_https />
            </td>
        </tr>
    }
}
