//! Everything known about the service.

use leptos::prelude::*;
use vcloud_api::types::{UserService, UserServiceStatus};

use super::data::ServiceData;
use crate::components::{Copyable, Message, Tone};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::own_text::OwnText;
use crate::pages::services::columns;
use crate::pages::status::status_text;
use crate::route::Page;
use crate::state::edits::Part;
use crate::state::services::{AccessError, Known};
use crate::state::unsealed::Unsealed;
use crate::state::{App, Remote};

/// A line of a list of facts; `-` where there is nothing.
fn fact(name: Text, value: impl IntoView) -> impl IntoView {
    view! {
        <dt>{t(name)}</dt>
        <dd>{value}</dd>
    }
}

fn or_dash(text: &str) -> String {
    if text.is_empty() {
        "-".to_owned()
    } else {
        text.to_owned()
    }
}

fn time(seconds: i64) -> String {
    if seconds > 0 {
        i18n::date_time(seconds)
    } else {
        "—".to_owned()
    }
}

/// The tab.
#[component]
pub fn Overview(app: App, data: ServiceData) -> impl IntoView {
    // A refresh that brings nothing new leaves the page as it is, with what is selected there.
    let known = Memo::new(move |_| data.known().map(|known| (*known).clone()));
    let foreign = move || {
        let address = known.with(|known| {
            let foreign = known
                .as_ref()
                .filter(|known| matches!(known.access, Err(AccessError::Foreign)));
            foreign.map(|known| known.service.address.clone())
        })?;
        Some(view! {
            <Message tone=Tone::Warn title=i18n::text(Text::ServiceForeign)>
                <p>{i18n::text_with(Text::ServiceForeignAdvice, &[("address", &address)])}</p>
            </Message>
        })
    };
    let sealed = Memo::new(move |_| {
        known.with(|known| {
            known
                .as_ref()
                .is_some_and(|known| known.access == Err(AccessError::Sealed))
        })
    });
    let sealed = move || {
        sealed.get().then(|| {
            view! {
                <Message tone=Tone::Info title=i18n::text(Text::ExtensionSealed)>
                    <p>{t(Text::ExtensionSealedAdvice)}</p>
                </Message>
            }
        })
    };
    view! {
        <div class="stack">
            {foreign}
            {sealed}
            <div class="facts">
                <section class="card">
                    <div class="card-head"><h2>{t(Text::ServiceWhat)}</h2></div>
                    <About app known />
                </section>
                <section class="card">
                    <div class="card-head"><h2>{t(Text::ServiceTime)}</h2></div>
                    {move || known.get().map(|known| view! { <Time app known /> })}
                </section>
                <section class="card">
                    <div class="card-head"><h2>{t(Text::ServiceOptions)}</h2></div>
                    {move || known.get().map(|known| view! { <Options known /> })}
                </section>
                <section class="card">
                    <div class="card-head"><h2>{t(Text::ServiceWhere)}</h2></div>
                    {move || known.get().map(|known| view! { <Where data known /> })}
                </section>
            </div>
        </div>
    }
}

#[component]
fn About(app: App, known: Memo<Option<Known>>) -> impl IntoView {
    // Each line follows its own value: a field that is being edited stays while others change.
    let service = Signal::derive(move || {
        let service = known.with(|known| known.as_ref().map(|known| known.service.clone()));
        service.unwrap_or_default()
    });
    let text = move |read: fn(&UserService) -> &str| {
        move || or_dash(service.with(|service| read(service).to_owned()).as_str())
    };
    let own = move |part: Part| {
        let value = Signal::derive(move || {
            let own = known.with(|known| known.as_ref().map(|known| known.own(part).clone()));
            own.unwrap_or(Unsealed::Unset)
        });
        view! { <OwnText app service part value /> }
    };
    let id = Signal::derive(move || service.with(|service| service.id.clone()));
    let email = move || {
        let email = known.with(|known| known.as_ref().map(|known| known.email.clone()));
        or_dash(&email.unwrap_or_default())
    };
    let notices = move || {
        app.session.can_sign().then(|| {
            let href = Page::Notices(id.get()).href();
            view! { <a class="small" href=href>{t(Text::NoticesOfService)}</a> }
        })
    };
    let refundable = move || match app
        .services
        .types
        .peek(&service.with(|service| service.service_id.clone()))
    {
        Remote::Loading => "…",
        Remote::Failed(_) => "?",
        Remote::Ready { value, .. } => i18n::text(if value.refundable {
            Text::AnswerYes
        } else {
            Text::AnswerNo
        }),
    };
    view! {
        <dl class="fact-list">
            {fact(
                Text::ServiceId,
                view! { <Copyable value=id what=Signal::derive(|| i18n::text(Text::ServiceId).to_owned()) /> },
            )}
            {fact(Text::ServiceStatus, move || service.with(|service| status_text(app, service).0))}
            {fact(Text::ServiceLabel, own(Part::Label))}
            {fact(Text::ServiceDescription, own(Part::Description))}
            {fact(Text::ServiceType, text(|service| &service.service))}
            {fact(Text::ServiceTypeId, view! { <span class="mono">{text(|service| &service.service_id)}</span> })}
            {fact(Text::ServiceProvider, text(|service| &service.provider))}
            {fact(Text::ServiceAddress, view! { <span class="mono">{text(|service| &service.address)}</span> })}
            {fact(Text::ServiceEmail, view! { <div class="lines"><span>{email}</span>{notices}</div> })}
            {fact(Text::ServiceRefundable, refundable)}
        </dl>
    }
}

#[component]
fn Time(app: App, known: Known) -> impl IntoView {
    let service = known.service;
    let started = service.ends_at().is_some();
    let left = {
        let service = service.clone();
        move || {
            let now = app.clock.seconds();
            if !started {
                return i18n::text(Text::ServiceNotStarted).to_owned();
            }
            i18n::text_with(
                Text::ServiceLeftOf,
                &[
                    ("left", &i18n::duration(service.time_left(now))),
                    ("all", &i18n::plural(Plural::ServiceHours, service.duration)),
                ],
            )
        }
    };
    let permille = {
        let service = service.clone();
        Memo::new(move |_| service.time_left_permille(app.clock.seconds()))
    };
    let meter = move || match permille.get() {
        0..=50 => "meter meter-bad",
        51..=150 => "meter meter-warn",
        _ => "meter",
    };
    let shows_left = matches!(service.status, UserServiceStatus::Running | UserServiceStatus::Stop);
    view! {
        <dl class="fact-list">
            {shows_left
                .then(|| {
                    view! {
                        {fact(Text::ServiceLeft, view! { <div class="time-left">
                                <span>{left}</span>
                                <div
                                    class=meter
                                    role="progressbar"
                                    aria-label=t(Text::ServiceLeft)
                                    aria-valuemin="0"
                                    aria-valuemax="1000"
                                    aria-valuenow=move || permille.get().to_string()
                                >
                                    <div class="meter-fill" style:width=move || format!("{}%", f64::from(permille.get()) / 10.0)></div>
                                </div>
                            </div> })}
                    }
                })}
            {fact(Text::ServiceExpires, time(service.end_at))}
            {fact(Text::ServiceDuration, i18n::plural(Plural::ServiceHours, service.duration))}
            {fact(Text::ServiceOrdered, time(service.created_at))}
            {fact(Text::ServiceActivated, time(columns::created(&service)))}
            {fact(Text::ServiceStarted, time(service.service_running_ts))}
            {(service.service_done_ts > 0)
                .then(|| view! { {fact(Text::ServiceDone, time(service.service_done_ts))} })}
            {(service.service_abort_ts > 0)
                .then(|| view! { {fact(Text::ServiceAborted, time(service.service_abort_ts))} })}
        </dl>
    }
}

/// The options as the platform names them, and what the size means.
#[component]
fn Options(known: Known) -> impl IntoView {
    let options = known.service.service_options;
    let size = options.resource_unit().ok();
    let disk = size
        .filter(|_| options.has_persistent_storage())
        .map(|size| format!("{} GiB", size.disk_gib()));
    view! {
        <dl class="fact-list">
            {options
                .0
                .iter()
                .map(|(name, value)| {
                    view! {
                        <dt>{name.clone()}</dt>
                        <dd>{or_dash(value)}</dd>
                    }
                })
                .collect_view()}
            {size
                .map(|size| {
                    view! {
                        {fact(Text::ServiceMemory, format!("{} GiB", size.memory_gib()))}
                        {fact(Text::ServicePorts, size.ports().to_string())}
                    }
                })}
            {fact(Text::ServiceDisk, disk.unwrap_or_else(|| "-".to_owned()))}
        </dl>
    }
}

#[component]
fn Where(data: ServiceData, known: Known) -> impl IntoView {
    let region = known.service.service_options.region().to_owned();
    let host = known
        .access
        .as_ref()
        .map(|access| access.host.to_string())
        .unwrap_or_default();
    let host_ip = move || match data.pod.get() {
        Remote::Ready { value, .. } if !value.state.host_ip.is_empty() => {
            let ip = value.state.host_ip.clone();
            view! { <Copyable value=ip what=i18n::text(Text::ServiceHostIp) /> }.into_any()
        }
        Remote::Failed(_) => "?".into_any(),
        _ => view! { <span class="soft">{t(Text::ServiceNoPod)}</span> }.into_any(),
    };
    let domains = move || {
        let pod = data.pod.get();
        let domains: Vec<_> = pod
            .value()
            .map(|pod| {
                pod.domains
                    .iter()
                    .map(|domain| {
                        let scheme = if domain.is_https { "https" } else { "http" };
                        format!("{scheme}://{} → {}", domain.domain, domain.container_port)
                    })
                    .collect()
            })
            .unwrap_or_default();
        if domains.is_empty() {
            "-".into_any()
        } else {
            domains
                .into_iter()
                .map(|domain| view! { <p class="mono small">{domain}</p> })
                .collect_view()
                .into_any()
        }
    };
    view! {
        <dl class="fact-list">
            {fact(Text::ServiceRegion, or_dash(&region))}
            {fact(Text::ServiceHostIp, host_ip)}
            {fact(Text::ServiceDomains, domains)}
            {fact(Text::ServiceAccess, view! { <span class="mono small">{or_dash(&host)}</span> })}
        </dl>
    }
}
