//! `/order/{id}`: one order – what it is for, how it is paid, and whether it has been.

mod amounts;
mod pay;
pub mod payment;
mod start;
mod unlisted;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use vcloud_api::ErrorKind;
use vcloud_api::types::{Order, OrderStatus};

use super::money::{OrderBadge, order_kind, usd};
use super::orders::table::ItemName;
use crate::components::{Copyable, Icon, Message, Shape, Tone};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::fetched::{Failed, Stale};
use crate::pages::{Age, set_title};
use crate::route::{OrderList, Page};
use crate::state::{App, Remote, query, use_app};

/// The page at `/order/:id`.
#[component]
pub fn OrderPage() -> impl IntoView {
    let route = use_params_map();
    let id = Memo::new(move |_| route.with(|params| params.get("id").unwrap_or_default()));
    // Another order is another page.
    move || {
        let id = id.get();
        view! { <OrderView id /> }
    }
}

/// The list that an order is in.
const fn list_of(status: &OrderStatus) -> OrderList {
    match status {
        OrderStatus::Paid => OrderList::Paid,
        OrderStatus::Filed => OrderList::Filed,
        OrderStatus::Pending | OrderStatus::Other(_) => OrderList::Pending,
    }
}

#[component]
fn OrderView(id: String) -> impl IntoView {
    let app = use_app();
    set_title({
        let id = id.clone();
        move || format!("{} {id}", i18n::text(Text::OrdersOrder))
    });
    let key = {
        let id = id.clone();
        move || app.session.identity_key().map(|_| id.clone())
    };
    let cached = id.clone();
    // Quick until it is filed: whoever has just paid waits for it.
    let every = move || {
        let state = app.orders.known.peek(&cached);
        match state.value().map(|order| &order.status) {
            Some(OrderStatus::Filed | OrderStatus::Other(_)) => app.refresh_ms(),
            Some(OrderStatus::Pending | OrderStatus::Paid) | None => app.pending_refresh_ms(),
        }
    };
    let query = query::use_query(app.clock, app.orders.known, key, every, move |id, abort| {
        app.orders.fetch_order(app, id, abort)
    });
    // A refresh that brings nothing new leaves the page as it is, with what is selected there.
    let order = Memo::new(move |_| query.get().value().map(|order| (**order).clone()));
    let status = Memo::new(move |_| order.with(|order| order.as_ref().map(|order| order.status.clone())));
    // What was paid changes services and lists.
    Effect::new(move |before: Option<Option<OrderStatus>>| {
        let now = status.get();
        if before.flatten().is_some_and(|before| Some(before) != now) {
            app.services.expect_change();
            app.orders.lists.invalidate();
        }
        now
    });
    let kind = Memo::new(move |_| match query.get() {
        Remote::Loading => 0,
        Remote::Failed(_) => 1,
        Remote::Ready { .. } => 2,
    });
    // An account in the extension finds its orders in lists, and those do not have every order.
    let (failure, stale) = (query.failure(), query.stale());
    let unlisted = Memo::new(move |_| {
        let why = failure.get().or_else(|| stale.get());
        app.session.extension().is_some() && why.is_some_and(|error| error.kind == ErrorKind::NotFound)
    });
    let back = Memo::new(move |_| status.get().map_or(OrderList::Pending, |status| list_of(&status)));
    view! {
        <div class="stack-tight">
            {move || {
                view! {
                    <a class="breadcrumb" href=Page::Orders(back.get()).href()>
                        <Icon shape=Shape::Previous />
                        {t(Text::OrdersTitle)}
                    </a>
                }
            }}
            <div class="page-head">
                <h1 class="title-text">{t(Text::OrdersOrder)}</h1>
                {move || order.get().filter(|_| !unlisted.get()).map(|shown| badge(&shown))}
            </div>
        </div>
        <div class="page-head">
            <Copyable value=id.clone() what=Signal::derive(|| i18n::text(Text::OrdersId).to_owned()) />
            <div class="row spread">
                <Age
                    at=query.at()
                    busy=Signal::derive(move || query.busy())
                />
                <button class="button" type="button" on:click=move |_| query.refresh()>
                    <Icon shape=Shape::Refresh />
                    {t(Text::ActionRefresh)}
                </button>
            </div>
        </div>
        <Stale why=Signal::derive(move || stale.get().filter(|_| !unlisted.get())) />
        {move || unlisted.get().then(|| view! { <unlisted::Unlisted app id=id.clone() /> })}
        {move || match kind.get() {
            0 => view! {
                <div class="card card-body" role="status">
                    <span class="visually-hidden">{t(Text::OrdersLoadingOne)}</span>
                    {(0..6).map(|_| view! { <span class="skeleton"></span> }).collect_view()}
                </div>
            }
            .into_any(),
            1 if unlisted.get() => ().into_any(),
            1 => view! { <Failed why=failure on_retry=query.on_refresh() /> }.into_any(),
            _ => view! { <Known app order unlisted /> }.into_any(),
        }}
    }
}

fn badge(order: &Order) -> impl IntoView + use<> {
    view! { <OrderBadge status=Signal::stored(order.status.clone()) partly=Signal::stored(!order.amount_paid.is_zero()) /> }
}

#[component]
fn Known(app: App, order: Memo<Option<Order>>, unlisted: Memo<bool>) -> impl IntoView {
    let is_pending = Memo::new(move |_| {
        let is_pending = |order: &Order| order.status == OrderStatus::Pending;
        !unlisted.get() && order.with(|order| order.as_ref().is_some_and(is_pending))
    });
    view! {
        <div class="stack">
            {move || (!unlisted.get()).then(|| view! { <Progress order /> })}
            <payment::Made app order />
            <payment::AskedFor app order />
            {move || is_pending.get().then(|| view! { <pay::Pay app order /> })}
            {move || order.get().map(|order| view! { <Facts order /> })}
        </div>
    }
}

/// Where the payment is, in words; announced when it changes.
#[component]
fn Progress(order: Memo<Option<Order>>) -> impl IntoView {
    move || {
        let order = order.get()?;
        let shown = match &order.status {
            OrderStatus::Pending if !order.amount_paid.is_zero() => view! {
                <Message tone=Tone::Warn title=i18n::text(Text::OrdersPartlyTitle)>
                    <p>
                        {i18n::text_with(
                            Text::OrdersPartlyAdvice,
                            &[
                                ("paid", &usd(order.amount_paid)),
                                ("amount", &usd(order.amount)),
                                ("due", &usd(order.amount_due())),
                            ],
                        )}
                    </p>
                </Message>
            }
            .into_any(),
            OrderStatus::Pending => view! {
                <Message tone=Tone::Info title=i18n::text(Text::OrdersWaitingTitle)>
                    <p>{t(Text::OrdersWaitingAdvice)}</p>
                </Message>
            }
            .into_any(),
            OrderStatus::Paid => view! {
                <Message tone=Tone::Good title=i18n::text(Text::OrdersPaidTitle)>
                    <p>{t(Text::OrdersPaidAdvice)}</p>
                </Message>
            }
            .into_any(),
            OrderStatus::Filed => view! {
                <Message tone=Tone::Good title=i18n::text(Text::OrdersFiledTitle)>
                    <p>{t(if order.kind == "OrderRenew" { Text::OrdersFiledRenewed } else { Text::OrdersFiledNew })}</p>
                    <start::Start order=order.clone() />
                </Message>
            }
            .into_any(),
            OrderStatus::Other(status) => {
                let advice = i18n::text_with(Text::OrdersClosedAdvice, &[("status", status)]);
                view! {
                    <Message tone=Tone::Warn title=i18n::text(Text::OrdersClosedTitle)>
                        <p>{advice}</p>
                    </Message>
                }
                .into_any()
            }
        };
        Some(shown)
    }
}

/// What the order is, and what is in it.
#[component]
fn Facts(order: Order) -> impl IntoView {
    let kind = order.kind.clone();
    let items = order.user_services.clone();
    view! {
        <section class="card">
            <div class="card-head"><h2>{t(Text::OrdersWhat)}</h2></div>
            <dl class="fact-list">
                <dt>{t(Text::OrdersKind)}</dt>
                <dd>{move || order_kind(&order.kind)}</dd>
                <dt>{t(Text::OrdersProvider)}</dt>
                <dd>{order.provider}</dd>
                <dt>{t(Text::OrdersAmount)}</dt>
                <dd>{usd(order.amount)}</dd>
                <dt>{t(Text::OrdersAmountPaid)}</dt>
                <dd>{usd(order.amount_paid)}</dd>
                <dt>{t(Text::OrdersRecipient)}</dt>
                <dd><span class="mono">{order.recipient}</span></dd>
                <dt>{t(Text::OrdersCreated)}</dt>
                <dd>{move || i18n::date_time(order.created_at)}</dd>
            </dl>
        </section>
        <section class="stack" aria-label=t(Text::OrdersServices)>
            <h2>{t(Text::OrdersServices)}</h2>
            <div class="table-frame">
                <table class="table table-cards" role="table" aria-label=t(Text::OrdersServices)>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col">{t(Text::RenewService)}</th>
                            <th role="columnheader" scope="col">{t(Text::OrdersServiceType)}</th>
                            <th role="columnheader" scope="col">{t(Text::OrdersOptions)}</th>
                            <th role="columnheader" scope="col" class="number">{t(Text::OrdersDuration)}</th>
                            <th role="columnheader" scope="col" class="number">{t(Text::OrdersAmount)}</th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        {items
                            .into_iter()
                            .map(|item| {
                                let options = item.service_options.0.iter();
                                let options: Vec<String> = options.map(|(name, value)| format!("{name}: {value}")).collect();
                                let hours = item.duration;
                                view! {
                                    <tr role="row">
                                        <td role="cell" data-label=t(Text::RenewService)><ItemName item=item.clone() kind=kind.clone() /></td>
                                        <td role="cell" data-label=t(Text::OrdersServiceType)>{item.service.clone()}</td>
                                        <td role="cell" class="wrap" data-label=t(Text::OrdersOptions)>{options.join(" · ")}</td>
                                        <td role="cell" class="number" data-label=t(Text::OrdersDuration)>
                                            {move || i18n::plural(Plural::ServiceHours, hours)}
                                        </td>
                                        <td role="cell" class="number" data-label=t(Text::OrdersAmount)>{usd(item.amount)}</td>
                                    </tr>
                                }
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        </section>
    }
}
