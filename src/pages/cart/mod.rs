//! `/cart`: what is to be ordered, by provider, with today's prices; ordered once for each provider.

mod rows;

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use vcloud_api::capability::by_provider;
use vcloud_api::price::Quote;

use super::order_outcomes::Outcomes;
use super::set_title;
use super::sum::{Part, Sum};
use crate::components::{Icon, Message, Shape, Tone};
use crate::i18n::{self, Plural, Text, t};
use crate::route::Page;
use crate::state::cart::{self, Line, MOST_OF_AN_ORDER, Obstacle, Outcome, Subject, Wanted, day_of, minute};
use crate::state::{App, Remote, query, use_app};

/// What a line of the cart costs now.
#[derive(Clone, Debug, PartialEq)]
enum Priced {
    /// Its service type is on its way.
    Loading,
    /// Its service type could not be loaded.
    Failed,
    /// It can't be ordered as it is.
    Not(Obstacle),
    /// This much.
    At(Quote),
}

fn priced(app: App, line: &Line, now: i64) -> Priced {
    match app.services.types.peek(&line.choice.service_id) {
        Remote::Loading => Priced::Loading,
        Remote::Failed(_) => Priced::Failed,
        Remote::Ready { value, .. } => match line.choice.quote(&value, now) {
            Ok(quote) => Priced::At(quote),
            Err(obstacle) => Priced::Not(obstacle),
        },
    }
}

/// Whether nothing of a provider can be changed or ordered now (tracked).
fn is_locked(app: App, provider: &str) -> bool {
    app.cart.is_locked(&Subject::New(provider.to_owned()))
}

/// How many services are in the cart, beside the menu's entry; nothing where none is.
#[component]
pub fn CartCount(app: App) -> impl IntoView {
    let count = Memo::new(move |_| app.cart.with(cart::Contents::services));
    move || {
        let count = count.get();
        (count > 0).then(|| {
            view! {
                <span class="count" aria-hidden="true">{count}</span>
                <span class="visually-hidden">{move || i18n::plural(Plural::ListCount, count as u64)}</span>
            }
        })
    }
}

/// The page at `/cart`.
#[component]
pub fn CartPage() -> impl IntoView {
    let app = use_app();
    set_title(|| i18n::text(Text::CartTitle).to_owned());
    let services = Memo::new(move |_| app.cart.with(cart::Contents::services));
    let lines = Memo::new(move |_| app.cart.with(|contents| contents.lines.clone()));
    // What was read once is not said again on the next visit.
    app.cart.forget_outcomes(false);
    // Orders that were sent before a reload, or are being sent by another tab.
    Effect::new(move |_| {
        app.cart.with(|contents| contents.undecided().len());
        app.cart.look_for_lost(app);
    });
    let prices = Memo::new(move |_| {
        let now = minute(app);
        lines.with(|lines| {
            let all = lines.iter().map(|line| (line.id, priced(app, line, now)));
            all.collect::<BTreeMap<u64, Priced>>()
        })
    });
    let wanted = Memo::new(move |_| {
        let prices = prices.get();
        let quoted: Vec<(Line, Quote)> = lines.with(|lines| {
            let open = lines.iter().filter(|line| !is_locked(app, &line.choice.provider));
            open.filter_map(|line| match prices.get(&line.id) {
                Some(Priced::At(quote)) => Some((line.clone(), *quote)),
                _ => None,
            })
            .collect()
        });
        cart::orders(&quoted, day_of)
    });
    let providers = Memo::new(move |_| {
        let lines = lines.get();
        let groups = by_provider(lines, |line| &line.choice.provider);
        groups.into_iter().map(|(provider, _)| provider).collect::<Vec<_>>()
    });
    let is_empty = Memo::new(move |_| lines.with(Vec::is_empty));
    // The only order of a cart leads to its payment; of several each has a link. Here, because an empty cart has no sum any more.
    let ordered = StoredValue::new(0);
    let navigate = use_navigate();
    Effect::new(move |_| {
        let made: Vec<String> = app
            .cart
            .outcomes()
            .into_iter()
            .filter(|(subject, _)| !subject.is_renewal())
            .filter_map(|(_, outcome)| outcome.to_be_paid().map(str::to_owned))
            .collect();
        if ordered.get_value() == 1
            && app.cart.with(|contents| contents.lines.is_empty())
            && let [only] = made.as_slice()
        {
            let options = NavigateOptions {
                replace: true,
                ..NavigateOptions::default()
            };
            navigate(&Page::Order(only.clone()).path(), options);
        }
    });
    view! {
        <header class="page-head">
            <h1>{t(Text::CartTitle)}</h1>
            <span class="soft" aria-live="polite">
                {move || (services.get() > 0).then(|| i18n::plural(Plural::ListCount, services.get() as u64))}
            </span>
        </header>
        {move || {
            (!app.cart.is_kept())
                .then(|| {
                    view! {
                        <Message tone=Tone::Warn title=i18n::text(Text::CartNotKept)>
                            <p>{t(Text::CartNotKeptAdvice)}</p>
                        </Message>
                    }
                })
        }}
        <div class="stack">
            <Outcomes app renewals=false />
            {move || {
                if is_empty.get() {
                    view! {
                        <div class="card empty">
                            <h2>{t(Text::CartEmpty)}</h2>
                            <p>{t(Text::CartEmptyAdvice)}</p>
                            <a class="button" href=Page::Market.href()>{t(Text::MarketOrderNew)}</a>
                        </div>
                    }
                        .into_any()
                } else {
                    view! {
                        <FollowTypes app lines />
                        <For each=move || providers.get() key=String::clone let:provider>
                            <rows::Group app provider lines prices />
                        </For>
                        <Total app lines wanted prices ordered />
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// Keeps the service types of the cart fresh while it is looked at.
#[component]
fn FollowTypes(app: App, lines: Memo<Vec<Line>>) -> impl IntoView {
    let ids = Memo::new(move |_| {
        let ids = lines.with(|lines| {
            lines
                .iter()
                .map(|line| line.choice.service_id.clone())
                .collect::<Vec<_>>()
        });
        let unique: std::collections::BTreeSet<String> = ids.into_iter().collect();
        unique.into_iter().collect::<Vec<_>>()
    });
    view! {
        <For each=move || ids.get() key=String::clone let:id>
            {
                query::use_query(
                    app.clock,
                    app.services.types,
                    move || Some(id.clone()),
                    move || app.refresh_ms(),
                    move |id, abort| app.services.fetch_type(app, id, abort),
                );
            }
        </For>
    }
}

/// What the orders come to, and the button that makes them.
#[component]
fn Total(
    app: App,
    lines: Memo<Vec<Line>>,
    wanted: Memo<Vec<Wanted>>,
    prices: Memo<BTreeMap<u64, Priced>>,
    ordered: StoredValue<usize>,
) -> impl IntoView {
    let busy = Memo::new(move |_| {
        app.cart
            .outcomes()
            .iter()
            .any(|(subject, outcome)| !subject.is_renewal() && *outcome == Outcome::Sending)
    });
    let too_many = move || wanted.with(|wanted| wanted.iter().any(|order| order.services() > MOST_OF_AN_ORDER));
    // Nothing is left out silently: as long as a line has no price, no order is made.
    let all_priced = move || {
        let prices = prices.get();
        let is_priced = |line: &Line| matches!(prices.get(&line.id), Some(Priced::At(_)));
        lines.with(|lines| {
            lines
                .iter()
                .all(|line| is_locked(app, &line.choice.provider) || is_priced(line))
        })
    };
    let can_order = move || {
        !busy.get()
            && all_priced()
            && !too_many()
            && wanted.with(|wanted| !wanted.is_empty() && wanted.iter().all(|order| order.total.is_ok()))
    };
    let order = move |_| {
        if !untrack(can_order) {
            return;
        }
        app.cart.forget_outcomes(false);
        let wanted = wanted.get_untracked();
        ordered.set_value(wanted.len());
        for order in wanted {
            app.cart.order(app, order);
        }
    };
    let parts = Signal::derive(move || wanted.with(|wanted| wanted.iter().map(Part::of).collect()));
    let nothing_open = move || parts.with(Vec::is_empty);
    view! {
        <section class="card card-body renew-sum" aria-label=t(Text::RenewSum)>
            <h2>{t(Text::RenewSum)}</h2>
            {move || {
                if nothing_open() {
                    view! { <p class="soft">{t(Text::CartNothingOpen)}</p> }.into_any()
                } else {
                    view! { <Sum parts /> }.into_any()
                }
            }}
            <div aria-live="polite">
                {move || {
                    let text = if too_many() {
                        i18n::text_with(Text::CartTooMany, &[("most", &MOST_OF_AN_ORDER.to_string())])
                    } else if !all_priced() {
                        i18n::text(Text::CartNotAllPriced).to_owned()
                    } else {
                        return None;
                    };
                    Some(view! { <p class="field-error">{text}</p> })
                }}
            </div>
            <div class="form-actions">
                <button class="button button-primary" type="button" disabled=move || !can_order() on:click=order>
                    {move || busy.get().then(|| view! { <span class="spinner"></span> })}
                    {move || i18n::plural(Plural::RenewAction, wanted.with(Vec::len).max(1) as u64)}
                </button>
                <a class="button" href=Page::Market.href()>
                    <Icon shape=Shape::Plus />
                    {t(Text::CartMore)}
                </a>
                <span class="soft">{t(Text::RenewNothingPaid)}</span>
            </div>
        </section>
    }
}
