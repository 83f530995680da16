//! The table of orders.

use std::collections::BTreeMap;

use leptos::prelude::*;
use vcloud_api::types::{Order, OrderItem};

use crate::components::CopyButton;
use crate::i18n::{self, Text, t};
use crate::pages::money::{OrderBadge, order_kind, usd};
use crate::route::{OrderList, Page, Tab};

/// Services that a row names before it only counts the others.
const NAMED: usize = 2;

/// The grey rows shown while the orders are on their way.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div role="status"><span class="visually-hidden">{t(Text::OrdersLoading)}</span></div>
        <div class="table-frame" aria-hidden="true">
            <table class="table">
                <tbody>
                    {(0..6)
                        .map(|_| view! { <tr>{(0..7).map(|_| view! { <td><span class="skeleton"></span></td> }).collect_view()}</tr> })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// The table.
#[component]
pub fn Table(rows: Memo<Vec<Order>>, list: Memo<OrderList>, label: Signal<String>) -> impl IntoView {
    let headings = [
        (Text::OrdersId, false),
        (Text::OrdersKind, false),
        (Text::OrdersProvider, false),
        (Text::OrdersServices, false),
        (Text::OrdersAmount, true),
        (Text::OrdersAmountPaid, true),
        (Text::OrdersStatus, false),
        (Text::OrdersCreated, false),
    ];
    let ids = Memo::new(move |_| rows.with(|rows| rows.iter().map(|order| order.id.clone()).collect::<Vec<_>>()));
    let by_id = Memo::new(move |_| {
        rows.with(|rows| {
            rows.iter()
                .map(|order| (order.id.clone(), order.clone()))
                .collect::<BTreeMap<_, _>>()
        })
    });
    let is_pending = Memo::new(move |_| list.get() == OrderList::Pending);
    view! {
        <div class="table-frame">
            <table class="table table-cards" role="table" aria-label=move || label.get()>
                <thead role="rowgroup">
                    <tr role="row">
                        {headings
                            .map(|(name, number)| view! { <th role="columnheader" scope="col" class:number=number>{t(name)}</th> })
                            .collect_view()}
                        {move || is_pending.get().then(|| view! { <th role="columnheader" scope="col">{t(Text::OrdersPay)}</th> })}
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    <For each=move || ids.get() key=String::clone let:id>
                        <Row id by_id is_pending />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(id: String, by_id: Memo<BTreeMap<String, Order>>, is_pending: Memo<bool>) -> impl IntoView {
    let href = Page::Order(id.clone()).href();
    let pay = href.clone();
    let copied = id.clone();
    let stored = StoredValue::new(id.clone());
    let order = Memo::new(move |_| {
        stored
            .with_value(|id| by_id.with(|rows| rows.get(id).cloned()))
            .unwrap_or_default()
    });
    view! {
        <tr role="row">
            <td role="cell" data-label=t(Text::OrdersId)>
                <span class="copyable">
                    <a class="mono" href=href>{id}</a>
                    <CopyButton value=copied what=Signal::derive(|| i18n::text(Text::OrdersId).to_owned()) />
                </span>
            </td>
            <td role="cell" data-label=t(Text::OrdersKind)>{move || order.with(|order| order_kind(&order.kind))}</td>
            <td role="cell" data-label=t(Text::OrdersProvider)>{move || order.with(|order| order.provider.clone())}</td>
            <td role="cell" data-label=t(Text::OrdersServices)>{move || view! { <Items items=order.get().user_services kind=order.get().kind /> }}</td>
            <td role="cell" class="number" data-label=t(Text::OrdersAmount)>{move || order.with(|order| usd(order.amount))}</td>
            <td role="cell" class="number" data-label=t(Text::OrdersAmountPaid)>{move || order.with(|order| usd(order.amount_paid))}</td>
            <td role="cell" data-label=t(Text::OrdersStatus)>
                <OrderBadge
                    status=Signal::derive(move || order.with(|order| order.status.clone()))
                    partly=Signal::derive(move || order.with(|order| !order.amount_paid.is_zero()))
                />
            </td>
            <td role="cell" data-label=t(Text::OrdersCreated)>{move || i18n::date_time(order.with(|order| order.created_at))}</td>
            {move || {
                let pay = pay.clone();
                is_pending
                    .get()
                    .then(|| {
                        view! {
                            <td role="cell" data-label=t(Text::OrdersPay)>
                                <a
                                    class="button button-small"
                                    href=pay
                                    aria-label=move || i18n::text_with(Text::OrdersPayOf, &[("id", &stored.get_value())])
                                >
                                    {t(Text::OrdersPay)}
                                </a>
                            </td>
                        }
                    })
            }}
        </tr>
    }
}

/// The services of an order: those that exist already are links.
#[component]
fn Items(items: Vec<OrderItem>, kind: String) -> impl IntoView {
    let more = items.len().saturating_sub(NAMED) as u64;
    view! {
        <div class="lines">
            {items
                .into_iter()
                .take(NAMED)
                .map(|item| view! { <ItemName item kind=kind.clone() /> })
                .collect_view()}
            {(more > 0).then(|| view! { <span class="soft">{move || i18n::text_with(Text::OrdersMore, &[("count", &more.to_string())])}</span> })}
        </div>
    }
}

/// A service of an order by its id. What is new has a page once it is paid.
#[component]
pub fn ItemName(item: OrderItem, kind: String) -> impl IntoView {
    if item.service_activated || kind == "OrderRenew" {
        view! { <a class="mono" href=Page::Service(item.id.clone(), Tab::Overview).href()>{item.id.clone()}</a> }
            .into_any()
    } else {
        view! { <span>{item.service.clone()}</span> }.into_any()
    }
}
