//! `/orders`: what the account ordered – to be paid, paid, filed.

mod params;
pub mod table;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use vcloud_api::types::{Order, OrderStatus};

use crate::components::{Icon, Pager, Shape};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::fetched::{Failed, Stale};
use crate::pages::{Age, set_title};
use crate::route::{List, OrderList, Page};
use crate::state::orders::OrdersKey;
use crate::state::{Remote, query, use_app};
use params::Params;

const fn status_of(list: OrderList) -> OrderStatus {
    match list {
        OrderList::Pending => OrderStatus::Pending,
        OrderList::Paid => OrderStatus::Paid,
        OrderList::Filed => OrderStatus::Filed,
    }
}

const fn title(list: OrderList) -> Text {
    match list {
        OrderList::Pending => Text::OrdersPending,
        OrderList::Paid => Text::OrdersPaid,
        OrderList::Filed => Text::OrdersFiled,
    }
}

/// Whether an order is among what is looked for: by its own id or that of one of its services.
fn is_found(order: &Order, search: &str) -> bool {
    let search = search.trim().to_lowercase();
    let ids = std::iter::once(&order.id).chain(order.user_services.iter().map(|item| &item.id));
    ids.into_iter().any(|id| id.to_lowercase().contains(&search))
}

/// The page at `/orders`.
#[component]
pub fn OrdersPage() -> impl IntoView {
    let app = use_app();
    let address = use_query_map();
    let params = Memo::new(move |_| address.with(Params::read));
    let list = Memo::new(move |_| params.with(|params| params.list));
    set_title(move || format!("{} · {}", i18n::text(title(list.get())), i18n::text(Text::OrdersTitle)));
    let navigate = use_navigate();
    let show = Callback::new(move |(wanted, replace): (Params, bool)| {
        let options = NavigateOptions {
            replace,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&format!("/orders{}", wanted.query()), options);
    });
    let key = move || {
        let owner = app.session.address()?;
        Some(params.with(|params| OrdersKey {
            address: owner,
            status: status_of(params.list),
            page: params.page,
            size: params.size,
        }))
    };
    // What is paid is filed within moments.
    let every = move || {
        if list.get() == OrderList::Paid {
            app.pending_refresh_ms()
        } else {
            app.refresh_ms()
        }
    };
    let query = query::use_query(app.clock, app.orders.lists, key, every, move |key, abort| {
        app.orders.fetch_list(app, key, abort)
    });
    let total = Memo::new(move |_| {
        let state = query.get();
        let page = state.value()?;
        Some(u32::try_from(page.pagination.total).unwrap_or(u32::MAX))
    });
    let rows = Memo::new(move |_| {
        let state = query.get();
        let search = params.with(|params| params.search.clone());
        let orders = state.value().map(|page| page.list.clone()).unwrap_or_default();
        orders
            .into_iter()
            .filter(|order| is_found(order, &search))
            .collect::<Vec<_>>()
    });
    // A page beyond the last one, as when orders were paid since: the last one instead.
    Effect::new(move |_| {
        let wanted = params.get();
        if let Some(total) = total.get().filter(|total| *total > 0) {
            let last = total.div_ceil(wanted.size);
            if wanted.page > last {
                show.run((Params { page: last, ..wanted }, true));
            }
        }
    });
    let kind = Memo::new(move |_| match query.get() {
        Remote::Loading => 0,
        Remote::Failed(_) => 1,
        Remote::Ready { .. } if total.get() == Some(0) => 2,
        Remote::Ready { .. } if rows.with(Vec::is_empty) => 3,
        Remote::Ready { .. } => 4,
    });
    let body = move || match kind.get() {
        0 => view! { <table::Skeleton /> }.into_any(),
        1 => view! { <Failed why=query.failure() on_retry=query.on_refresh() /> }.into_any(),
        2 => view! { <Empty list /> }.into_any(),
        3 => view! {
            <div class="card empty">
                <h2>{t(Text::ListNothingFound)}</h2>
                <p>{t(Text::OrdersNothingFoundAdvice)}</p>
                <button
                    class="button"
                    type="button"
                    on:click=move |_| show.run((Params { search: String::new(), ..params.get_untracked() }, true))
                >
                    {t(Text::ListShowAll)}
                </button>
            </div>
        }
        .into_any(),
        _ => {
            view! { <table::Table rows list label=Signal::derive(move || i18n::text(title(list.get())).to_owned()) /> }
                .into_any()
        }
    };
    view! {
        <header class="page-head">
            <h1>{t(Text::OrdersTitle)}</h1>
            <span class="soft" aria-live="polite">
                {move || total.get().filter(|_| kind.get() > 1).map(|total| i18n::plural(Plural::OrdersCount, u64::from(total)))}
            </span>
            <div class="row spread">
                <Age at=query.at() busy=Signal::derive(move || query.busy()) />
                <button class="button" type="button" on:click=move |_| query.refresh()>
                    <Icon shape=Shape::Refresh />
                    {t(Text::ActionRefresh)}
                </button>
            </div>
        </header>
        <Stale why=query.stale() />
        <nav class="tabs" aria-label=t(Text::OrdersStatusName)>
            {OrderList::ALL
                .map(|each| {
                    view! {
                        <a
                            class="tab"
                            href=Page::Orders(each).href()
                            aria-current=move || (list.get() == each).then_some("page")
                        >
                            {t(title(each))}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
        <div class="toolbar" role="search" aria-label=t(Text::OrdersFind)>
            <div class="search">
                <Icon shape=Shape::Search />
                <input
                    class="input"
                    type="search"
                    aria-label=t(Text::OrdersSearch)
                    placeholder=t(Text::OrdersSearchPlaceholder)
                    prop:value=move || params.with(|params| params.search.clone())
                    on:input:target=move |event| {
                        let search = event.target().value();
                        show.run((Params { search, ..params.get_untracked() }, true));
                    }
                />
            </div>
        </div>
        {body}
        {move || {
            (kind.get() > 2)
                .then(|| {
                    view! {
                        <Pager
                            total=Signal::derive(move || total.get().unwrap_or_default())
                            page=Signal::derive(move || {
                                let last = total.get().unwrap_or_default().div_ceil(params.with(|params| params.size)).max(1);
                                params.with(|params| params.page.min(last))
                            })
                            size=Signal::derive(move || params.with(|params| params.size))
                            on_page=move |page| show.run((Params { page, ..params.get_untracked() }, false))
                            on_size=move |size| show.run((Params { size, page: 1, ..params.get_untracked() }, true))
                        />
                    }
                })
        }}
    }
}

/// What an empty list says: where orders of this kind come from.
#[component]
fn Empty(list: Memo<OrderList>) -> impl IntoView {
    move || {
        let (title, advice) = match list.get() {
            OrderList::Pending => (Text::OrdersEmptyPending, Text::OrdersEmptyPendingAdvice),
            OrderList::Paid => (Text::OrdersEmptyPaid, Text::OrdersEmptyPaidAdvice),
            OrderList::Filed => (Text::OrdersEmptyFiled, Text::OrdersEmptyFiledAdvice),
        };
        view! {
            <div class="card empty">
                <h2>{t(title)}</h2>
                <p>{t(advice)}</p>
                {(list.get() == OrderList::Pending)
                    .then(|| view! { <a class="button" href=Page::Services(List::Running).href()>{t(Text::ListRunning)}</a> })}
                {(list.get() == OrderList::Pending)
                    .then(|| view! { <a class="button" href=Page::Market.href()>{t(Text::MarketOrderNew)}</a> })}
            </div>
        }
    }
}

#[cfg(test)]
mod tests {
    use vcloud_api::types::OrderItem;

    use super::*;

    #[test]
    fn orders_are_found_by_their_id_and_those_of_their_services() {
        let order = Order {
            id: "68AB01".to_owned(),
            user_services: vec![OrderItem {
                id: "63a029".to_owned(),
                ..OrderItem::default()
            }],
            ..Order::default()
        };
        for search in ["", "68ab", " A029 ", "63a029"] {
            assert!(is_found(&order, search), "{search}");
        }
        assert!(!is_found(&order, "77"));
    }
}
