//! The table of service types.

use std::sync::Arc;

use leptos::prelude::*;
use vcloud_api::Decimal;
use vcloud_api::types::ServiceType;

use crate::i18n::{self, Plural, Text, t};
use crate::pages::money::usd;
use crate::route::Page;
use crate::state::market::Sold;

/// Values that a cell names before it only counts the others.
const NAMED: usize = 3;

/// The grey rows shown while the market is on its way.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div role="status"><span class="visually-hidden">{t(Text::MarketLoading)}</span></div>
        <div class="table-frame" aria-hidden="true">
            <table class="table">
                <tbody>
                    {(0..5)
                        .map(|_| view! { <tr>{(0..6).map(|_| view! { <td><span class="skeleton"></span></td> }).collect_view()}</tr> })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// The table.
#[component]
pub fn Table(rows: Memo<Vec<ServiceType>>, sold: Memo<Option<Arc<Sold>>>) -> impl IntoView {
    let headings = [
        (Text::OrdersServiceType, false),
        (Text::ServiceProvider, false),
        (Text::MarketCategory, false),
        (Text::ServiceRegion, false),
        (Text::MarketPriceFrom, true),
        (Text::ServiceRefundable, false),
    ];
    view! {
        <div class="table-frame">
            <table class="table table-cards market-table" role="table" aria-label=t(Text::MarketTitle)>
                <thead role="rowgroup">
                    <tr role="row">
                        {headings
                            .map(|(name, number)| view! { <th role="columnheader" scope="col" class:number=number>{t(name)}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {move || {
                        let sold = sold.get();
                        let about = |each: &ServiceType| {
                            sold.as_ref().map(|sold| sold.about_category(each).to_owned()).unwrap_or_default()
                        };
                        rows.get().into_iter().map(|each| view! { <Row about=about(&each) each /> }).collect_view()
                    }}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(each: ServiceType, about: String) -> impl IntoView {
    let href = Page::ServiceType(each.provider.clone(), each.id.clone(), None).href();
    let cheapest: Option<Decimal> = each.duration_to_price.iter().map(|set| set.price).min();
    let regions = each.service_options.get("region").cloned().unwrap_or_default();
    let more = regions.len().saturating_sub(NAMED) as u64;
    let named = regions.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    let refundable = if each.refundable {
        Text::AnswerYes
    } else {
        Text::AnswerNo
    };
    let price = cheapest.map_or_else(|| "—".to_owned(), usd);
    view! {
        <tr role="row">
            <td role="cell" class="wrap" data-label=t(Text::OrdersServiceType)>
                <div class="lines">
                    <a class="market-name" href=href>{each.name}</a>
                    <span class="soft small">{each.description}</span>
                </div>
            </td>
            <td role="cell" data-label=t(Text::ServiceProvider)>{each.provider}</td>
            <td role="cell" class="wrap" data-label=t(Text::MarketCategory)>
                <div class="lines">
                    <span>{each.category}</span>
                    <span class="soft small">{about}</span>
                </div>
            </td>
            <td role="cell" class="wrap" data-label=t(Text::ServiceRegion) title=regions.join(", ")>
                <span>
                    {named}
                    {(more > 0)
                        .then(|| view! { " " <span class="soft">{move || i18n::plural(Plural::MarketMore, more)}</span> })}
                </span>
            </td>
            <td role="cell" class="number" data-label=t(Text::MarketPriceFrom)>{price}</td>
            <td role="cell" data-label=t(Text::ServiceRefundable)>{t(refundable)}</td>
        </tr>
    }
}
