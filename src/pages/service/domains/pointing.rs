//! Whether a domain points at the service's host yet, looked at again until it does.

use ::domains::dns::{Pointing, record_line, wait_after};
use leptos::prelude::*;

use super::Shared;
use crate::components::{CopyButton, Icon, Shape};
use crate::i18n::{self, Text, t};
use crate::pages::explain;
use crate::state::{Remote, query};

/// A domain that points where it should is looked at again after so long.
const SETTLED_MS: f64 = 600_000.0;

/// What is shown.
#[derive(Clone, PartialEq)]
enum Shown {
    /// Nobody may be asked.
    Off,
    Looking,
    Known {
        pointing: Pointing,
        aliases: Vec<String>,
    },
    Failed {
        why: String,
    },
}

/// The state of one domain.
#[component]
pub fn PointingView(shared: Shared, name: String, is_https: Memo<bool>) -> impl IntoView {
    let app = shared.app;
    let name = StoredValue::new(name);
    let is_on = app.config().dns_resolver.is_some();
    let looks = StoredValue::new(0_u32);
    let shown = RwSignal::new(Shown::Looking);
    let key = move || {
        let host = shared.host.get();
        (is_on && !host.is_empty()).then(|| (name.get_value(), host))
    };
    let every = move || {
        let settled =
            shown.with_untracked(|shown| matches!(shown, Shown::Known { pointing, .. } if pointing.is_settled()));
        if settled {
            SETTLED_MS
        } else {
            f64::from(wait_after(looks.get_value())) * 1000.0
        }
    };
    let query = query::use_query(app.clock, app.domains.resolutions, key, every, move |key, abort| {
        looks.update_value(|looks| *looks += 1);
        app.domains.fetch_resolution(app, key, abort)
    });
    Effect::new(move |_| {
        let state = query.get();
        let host = shared.host.get();
        let next = match state {
            _ if !is_on => Shown::Off,
            Remote::Loading => Shown::Looking,
            Remote::Ready {
                value,
                stale_because: None,
                ..
            } => Shown::Known {
                pointing: Pointing::of(&value, &host),
                aliases: value.aliases.clone(),
            },
            // What was found before may be wrong by now.
            Remote::Failed(error)
            | Remote::Ready {
                stale_because: Some(error),
                ..
            } => {
                let explained = explain(&error);
                Shown::Failed {
                    why: explained.detail.unwrap_or_else(|| explained.title.to_owned()),
                }
            }
        };
        if shown.with_untracked(|before| *before != next) {
            shown.set(next);
        }
    });
    let badge = move || {
        let (class, text) = match shown.get() {
            Shown::Off => ("badge", i18n::text(Text::DomainsDnsOff).to_owned()),
            Shown::Looking if shared.host.with(String::is_empty) => {
                ("badge", i18n::text(Text::DomainsDnsNoHost).to_owned())
            }
            Shown::Looking => ("badge badge-busy", i18n::text(Text::DomainsDnsLooking).to_owned()),
            Shown::Failed { .. } => ("badge badge-warn", i18n::text(Text::DomainsDnsFailed).to_owned()),
            Shown::Known { pointing, .. } => match pointing {
                Pointing::Here => ("badge badge-good", i18n::text(Text::DomainsDnsHere).to_owned()),
                Pointing::Partly { others } => {
                    let others = others.join(", ");
                    (
                        "badge badge-warn",
                        i18n::text_with(Text::DomainsDnsPartly, &[("addresses", &others)]),
                    )
                }
                Pointing::Elsewhere { addresses } => {
                    let addresses = addresses.join(", ");
                    (
                        "badge badge-bad",
                        i18n::text_with(Text::DomainsDnsElsewhere, &[("addresses", &addresses)]),
                    )
                }
                Pointing::Nowhere => ("badge badge-warn", i18n::text(Text::DomainsDnsNowhere).to_owned()),
            },
        };
        view! { <span class=class>{text}</span> }
    };
    let details = move || match shown.get() {
        Shown::Failed { why } => Some(why),
        Shown::Known { aliases, .. } if !aliases.is_empty() => Some(i18n::text_with(
            Text::DomainsDnsAlias,
            &[("names", &aliases.join(" → "))],
        )),
        _ => None,
    };
    let points_here =
        Memo::new(move |_| shown.with(|shown| matches!(shown, Shown::Known { pointing, .. } if pointing.is_settled())));
    let certificate = move || {
        let is_known = shown.with(|shown| matches!(shown, Shown::Known { .. }));
        (is_https.get() && is_known).then(|| {
            i18n::text(if points_here.get() {
                Text::DomainsCertificateReady
            } else {
                Text::DomainsCertificateWaits
            })
        })
    };
    let record = Signal::derive(move || name.with_value(|name| record_line(name, &shared.host.get())));
    let wants_record = move || {
        shown.with(|shown| matches!(shown, Shown::Known { .. } | Shown::Off | Shown::Failed { .. }))
            && !points_here.get()
            && !shared.host.with(String::is_empty)
    };
    view! {
        <div class="pointing">
            <div class="pointing-state">
                <span aria-live="polite">{badge}</span>
                {is_on
                    .then(|| {
                        view! {
                            <button
                                class="button button-quiet button-icon"
                                type="button"
                                aria-label=move || i18n::text_with(Text::DomainsDnsCheck, &[("domain", &name.get_value())])
                                title=t(Text::DomainsDnsCheckNow)
                                disabled=move || query.busy() || shared.host.with(String::is_empty)
                                on:click=move |_| {
                                    looks.set_value(0);
                                    query.refresh();
                                }
                            >
                                <Icon shape=Shape::Refresh />
                            </button>
                        }
                    })}
            </div>
            {move || details().map(|details| view! { <p class="soft small">{details}</p> })}
            {move || certificate().map(|text| view! { <p class="soft small">{text}</p> })}
            <Show when=wants_record>
                <p class="record">
                    <code>{record}</code>
                    <CopyButton value=record what=Signal::derive(|| i18n::text(Text::DomainsRecord).to_owned()) />
                </p>
            </Show>
        </div>
    }
}
