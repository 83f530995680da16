//! `/market/{provider}/{service type}`: what is sold, its options and prices, and the form that puts it into the cart.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use vcloud_api::ErrorKind;
use vcloud_api::types::ServiceType;

use super::form::OrderForm;
use super::prices::Prices;
use crate::components::{Copyable, Icon, Shape};
use crate::i18n::{self, Text, t};
use crate::pages::fetched::{Failed, Stale};
use crate::pages::set_title;
use crate::route::Page;
use crate::state::{Remote, query, use_app};

/// The page at `/market/:provider/:type`.
#[component]
pub fn ServiceTypePage() -> impl IntoView {
    let route = use_params_map();
    let query = use_query_map();
    let id = Memo::new(move |_| route.with(|params| params.get("type").unwrap_or_default()));
    let line = Memo::new(move |_| query.with(|query| query.get("line").and_then(|line| line.parse().ok())));
    // Another service type, or another line of the cart, is another page.
    move || {
        let (id, line) = (id.get(), line.get());
        view! { <Sold id line /> }
    }
}

#[component]
fn Sold(id: String, line: Option<u64>) -> impl IntoView {
    let app = use_app();
    let query = query::use_query(
        app.clock,
        app.services.types,
        move || Some(id.clone()),
        move || app.refresh_ms(),
        move |id, abort| app.services.fetch_type(app, id, abort),
    );
    // A refresh that brings nothing new leaves the page as it is.
    let sold = Memo::new(move |_| query.get().value().map(Arc::clone));
    set_title(move || {
        let name = sold.with(|sold| sold.as_ref().map(|sold| sold.name.clone()));
        name.unwrap_or_else(|| i18n::text(Text::MarketTitle).to_owned())
    });
    let kind = Memo::new(move |_| match query.get() {
        Remote::Loading => 0,
        // Asking again does not bring back what is not there: the way on is the market.
        Remote::Failed(error) if error.kind == ErrorKind::NotFound => 2,
        Remote::Failed(_) => 1,
        Remote::Ready { .. } => 3,
    });
    view! {
        <a class="breadcrumb" href=if line.is_some() { Page::Cart.href() } else { Page::Market.href() }>
            <Icon shape=Shape::Previous />
            {t(if line.is_some() { Text::CartTitle } else { Text::MarketTitle })}
        </a>
        <Stale why=query.stale() />
        {move || match kind.get() {
            0 => view! {
                <div class="card card-body" role="status">
                    <span class="visually-hidden">{t(Text::MarketLoading)}</span>
                    {(0..6).map(|_| view! { <span class="skeleton"></span> }).collect_view()}
                </div>
            }
            .into_any(),
            1 => view! { <Failed why=query.failure() on_retry=query.on_refresh() /> }.into_any(),
            2 => view! {
                <div class="card empty">
                    <h1>{t(Text::MarketAbsent)}</h1>
                    <p>{t(Text::MarketAbsentAdvice)}</p>
                    <a class="button" href=Page::Market.href()>{t(Text::MarketTitle)}</a>
                </div>
            }
            .into_any(),
            _ => match sold.get_untracked() {
                Some(first) => {
                    let sold = Signal::derive(move || sold.get().unwrap_or_default());
                    view! { <Known first sold line /> }.into_any()
                }
                None => ().into_any(),
            },
        }}
    }
}

#[component]
fn Known(first: Arc<ServiceType>, sold: Signal<Arc<ServiceType>>, line: Option<u64>) -> impl IntoView {
    let refundable = move || {
        let sold = sold.get();
        i18n::text(if sold.refundable {
            Text::MarketRefundable
        } else {
            Text::MarketNotRefundable
        })
    };
    view! {
        <div class="stack-tight">
            <div class="page-head">
                <h1 class="title-text">{move || sold.get().name.clone()}</h1>
                <span class="soft">{move || format!("{} · {}", sold.get().provider, sold.get().category)}</span>
            </div>
            <p>{move || sold.get().description.clone()}</p>
            <p class="soft small">{refundable}</p>
        </div>
        <OrderForm first=first.clone() sold line>
            <Prices sold />
            <p class="row small">
                <span class="soft">{t(Text::ServiceTypeId)}</span>
                <Copyable value=first.id.clone() what=Signal::derive(|| i18n::text(Text::ServiceTypeId).to_owned()) />
            </p>
        </OrderForm>
    }
}
