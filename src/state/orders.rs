//! Orders: what is known of them, and the calls that the account signs – money back, more time.

use std::sync::Arc;

use leptos::prelude::*;
use vcloud_api::calls::{AddOrder, GetOrder, ListCurrencies, ListOrders, RefundServices, RenewServices};
use vcloud_api::types::{
    Currencies, NewOrder, Order, OrderReceipt, OrderStatus, Page, PageRequest, RefundRequest, RenewOrder, UserService,
};
use vcloud_api::{ApiError, Auth, ErrorKind};

use super::App;
use super::cart::Ordered;
use super::query::{Answer, Cache};
use crate::net::{self, Abort, Signer};

/// So many orders a page are asked for, where an order is looked for.
const RECENT: u64 = 100;

/// One page of an account's orders with one status.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrdersKey {
    /// Whose.
    pub address: String,
    /// Which.
    pub status: OrderStatus,
    /// The page, from 1.
    pub page: u32,
    /// Rows a page.
    pub size: u32,
}

/// A service that something is asked for, with the name its owner gave it.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The service.
    pub service: UserService,
    /// Its label; empty where there is none or it is not known.
    pub label: String,
}

/// The caches, and what is being asked about.
#[derive(Clone, Copy)]
pub struct Orders {
    /// Pages of orders.
    pub lists: Cache<OrdersKey, Page<Order>>,
    /// Single orders by id.
    pub known: Cache<String, Order>,
    /// What orders can be paid in.
    pub currencies: Cache<(), Currencies>,
    /// The services that the question about a refund is shown for; none = it is not shown.
    pub refund: RwSignal<Option<Arc<Vec<Target>>>>,
}

impl Orders {
    /// Nothing known, nothing asked.
    pub fn new() -> Orders {
        Orders {
            lists: Cache::new(),
            known: Cache::new(),
            currencies: Cache::new(),
            refund: RwSignal::new(None),
        }
    }

    /// Forgets everything, and aborts what is under way.
    pub fn clear(self) {
        self.lists.clear();
        self.known.clear();
        self.currencies.clear();
        self.refund.set(None);
    }

    /// An order was made or paid: what is looked at is asked for anew.
    pub fn expect_change(self) {
        self.lists.invalidate();
        self.known.invalidate();
    }

    /// One request for a page of orders.
    pub fn fetch_list(self, app: App, key: OrdersKey, abort: Abort) -> Answer<Page<Order>> {
        Box::pin(async move {
            let call = ListOrders {
                address: key.address,
                page: PageRequest::new(u64::from(key.page), u64::from(key.size)),
                status: key.status,
            };
            net::send(&call, &app.config().platform, &Auth::None, &abort).await
        })
    }

    /// One request for an order.
    pub fn fetch_order(self, app: App, id: String, abort: Abort) -> Answer<Order> {
        let signer = signer(app);
        Box::pin(async move { one(app, id, &signer?, &abort).await })
    }

    /// One request for the currencies.
    pub fn fetch_currencies(self, app: App, abort: Abort) -> Answer<Currencies> {
        Box::pin(async move { net::send(&ListCurrencies, &app.config().platform, &Auth::None, &abort).await })
    }
}

/// Who signs: an access token cannot.
fn signer(app: App) -> Result<Signer, ApiError> {
    untrack(|| app.session.signer()).ok_or_else(|| ApiError::without_answer(ErrorKind::Forbidden, ""))
}

/// One order of an account.
///
/// An extension would ask somebody for every signature, and a page asks again and again while it is looked at: it is found in the
/// account's lists instead, which need none.
///
/// # Errors
/// When there is none, the platform can't be reached, or it refused.
pub async fn one(app: App, id: String, signer: &Signer, abort: &Abort) -> Result<Order, ApiError> {
    if matches!(signer, Signer::Key(_)) {
        return net::send_signed(&GetOrder { id }, &app.config().platform, signer, abort).await;
    }
    // Where it was the last time comes first: mostly it is there still. What was closed in another way stays so, in no list.
    let mut statuses = [OrderStatus::Pending, OrderStatus::Paid, OrderStatus::Filed];
    let last = untrack(|| app.orders.known.peek(&id).value().cloned());
    if let Some(closed) = last
        .as_ref()
        .filter(|order| matches!(order.status, OrderStatus::Other(_)))
    {
        return Ok((**closed).clone());
    }
    let is_last = |status: &OrderStatus| last.as_ref().is_some_and(|order| order.status == *status);
    if let Some(place) = statuses.iter().position(is_last) {
        statuses.swap(0, place);
    }
    for status in statuses {
        let mut current = 1;
        loop {
            let call = ListOrders {
                address: signer.address(),
                page: PageRequest::new(current, RECENT),
                status: status.clone(),
            };
            let page = net::send(&call, &app.config().platform, &Auth::None, abort).await?;
            let pages = page.pagination.pages();
            if let Some(found) = page.list.into_iter().find(|order| order.id == id) {
                return Ok(found);
            }
            current += 1;
            if current > pages {
                break;
            }
        }
    }
    Err(ApiError::without_answer(ErrorKind::NotFound, id))
}

/// Asks for an order itself, which whoever signs may have to be asked for: also one that is in no list is found so.
///
/// # Errors
/// When there is none, nobody signs, the platform can't be reached, or it refused.
pub async fn ask_for(app: App, id: String) -> Result<Order, ApiError> {
    net::send_signed(&GetOrder { id }, &app.config().platform, &signer(app)?, &Abort::new()).await
}

/// Asks for services of one provider to be ended and paid back; sent once.
///
/// # Errors
/// When nobody can sign, the platform can't be reached, or it refused.
pub async fn refund(app: App, user_service_ids: Vec<String>) -> Result<(), ApiError> {
    let call = RefundServices(RefundRequest { user_service_ids });
    net::send_signed(&call, &app.config().platform, &signer(app)?, &Abort::new()).await?;
    Ok(())
}

/// Orders from one provider; sent once. `may_go` is asked when the order is signed, right before it is sent; nothing is sent and nothing
/// answered where it says no.
///
/// # Errors
/// When the platform can't be reached, or it refused.
pub async fn order(
    app: App,
    signer: &Signer,
    ordered: Ordered,
    may_go: impl FnOnce() -> bool,
) -> Result<Option<OrderReceipt>, ApiError> {
    let (platform, abort) = (&app.config().platform, Abort::new());
    match ordered {
        Ordered::New(user_services) => {
            let call = AddOrder(NewOrder { user_services });
            net::send_signed_if(&call, platform, signer, &abort, may_go).await
        }
        Ordered::Renewal(user_services) => {
            let call = RenewServices(RenewOrder { user_services });
            net::send_signed_if(&call, platform, signer, &abort, may_go).await
        }
    }
}

/// Every order that waits to be paid, and the newest of those that are paid.
///
/// # Errors
/// When the platform can't be reached, or it refused.
pub async fn recent(app: App, address: &str) -> Result<Vec<Order>, ApiError> {
    let page = |status: OrderStatus, current: u64| {
        let call = ListOrders {
            address: address.to_owned(),
            page: PageRequest::new(current, RECENT),
            status,
        };
        async move { net::send(&call, &app.config().platform, &Auth::None, &Abort::new()).await }
    };
    let (pending, paid, filed) = futures_util::future::try_join3(
        page(OrderStatus::Pending, 1),
        page(OrderStatus::Paid, 1),
        page(OrderStatus::Filed, 1),
    )
    .await?;
    let pages = pending.pagination.pages();
    let mut orders = [pending.list, paid.list, filed.list].concat();
    for current in 2..=pages {
        orders.extend(page(OrderStatus::Pending, current).await?.list);
    }
    Ok(orders)
}

/// Whether a failed call may have been carried out all the same: there was no answer, or none that says so.
pub fn is_unclear(error: &ApiError) -> bool {
    error.kind.may_be_done() && !matches!(error.kind, ErrorKind::Cors | ErrorKind::Aborted)
}
