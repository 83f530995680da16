//! What was ordered and paid is offered to be started at once.

use leptos::prelude::*;
use vcloud_api::types::{Order, OrderItem, ServiceOptions};

use crate::components::{Icon, Shape};
use crate::i18n::{self, Text, t};
use crate::route::{Page, Tab};

/// Where a service is and how large, to tell it from the others of its order.
fn kind_of(options: &ServiceOptions) -> String {
    let size = options.get("resourceUnit").unwrap_or_default();
    let parts = [options.region(), size];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

/// The ways to the new services' deployment. Nothing for a renewal, and for what nothing is deployed to.
#[component]
pub fn Start(order: Order) -> impl IntoView {
    let can_start = |item: &OrderItem| !item.id.is_empty() && item.service_options.resource_unit().is_ok();
    let is_new = order.kind != "OrderRenew";
    let items: Vec<OrderItem> = order
        .user_services
        .into_iter()
        .filter(|item| is_new && can_start(item))
        .collect();
    match items.len() {
        0 => ().into_any(),
        1 => items
            .into_iter()
            .map(|item| {
                let href = Page::Service(item.id, Tab::Deployment).href();
                view! {
                    <a class="button button-primary order-start" href=href>
                        <Icon shape=Shape::Play />
                        {t(Text::MarketStartNow)}
                    </a>
                }
            })
            .collect_view()
            .into_any(),
        _ => view! {
            <ul class="order-starts" aria-label=t(Text::MarketStartNow)>
                {items
                    .into_iter()
                    .map(|item| {
                        let href = Page::Service(item.id.clone(), Tab::Deployment).href();
                        let (id, kind) = (item.id, kind_of(&item.service_options));
                        let named = id.clone();
                        view! {
                            <li>
                                <a
                                    class="button button-small"
                                    href=href
                                    aria-label=move || i18n::text_with(Text::MarketStartOf, &[("id", &named)])
                                >
                                    <Icon shape=Shape::Play />
                                    {t(Text::MarketStartNow)}
                                </a>
                                <span class="mono small">{id}</span>
                                <span class="small">{item.service} " · " {kind}</span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        }
        .into_any(),
    }
}
