//! How amounts, orders and what stands in their way are said, the same everywhere.

use leptos::prelude::*;
use vcloud_api::capability::RefundObstacle;
use vcloud_api::price::PriceError;
use vcloud_api::types::OrderStatus;
use vcloud_api::{ApiError, Decimal, money};

use super::{explain, reasons};
use crate::i18n::{self, Text};
use crate::state::orders::is_unclear;

/// An amount in USD, with every digit.
pub fn usd(amount: Decimal) -> String {
    format!("{} USD", money::exact_text(amount))
}

/// Why a service can't be refunded (tracked).
pub fn why_not_refunded(obstacle: RefundObstacle) -> &'static str {
    match obstacle {
        RefundObstacle::Status(reason) => reasons::text(reason),
        RefundObstacle::NotRefundable => i18n::text(Text::RefundWhyType),
    }
}

/// Why there is no price (tracked).
pub fn why_no_price(error: PriceError) -> &'static str {
    i18n::text(match error {
        PriceError::NoPrice => Text::RenewNoPrice,
        PriceError::Overflow => Text::RenewTooMuch,
        PriceError::Negative | PriceError::NoRate => Text::RenewPriceWrong,
    })
}

/// A failed call in one line: what happened, the platform's own words, and whether it may have been carried out all the same
/// (tracked).
pub fn failure(error: &ApiError, unclear: Text) -> String {
    let explained = explain(error);
    let mut parts = vec![explained.title.to_owned()];
    parts.extend(explained.detail);
    let mut text = parts.join(": ");
    if is_unclear(error) {
        text = format!("{text}. {}", i18n::text(unclear));
    }
    text
}

/// What kind of order it is (tracked).
pub fn order_kind(kind: &str) -> String {
    match kind {
        "OrderNew" => i18n::text(Text::OrdersKindNew).to_owned(),
        "OrderRenew" => i18n::text(Text::OrdersKindRenew).to_owned(),
        other => other.to_owned(),
    }
}

/// Where an order is.
#[component]
pub fn OrderBadge(#[prop(into)] status: Signal<OrderStatus>, #[prop(into)] partly: Signal<bool>) -> impl IntoView {
    move || {
        let (text, class) = match status.get() {
            OrderStatus::Pending if partly.get() => (Text::OrdersStatusPartly, "badge badge-warn"),
            OrderStatus::Pending => (Text::OrdersStatusPending, "badge badge-warn"),
            OrderStatus::Paid => (Text::OrdersStatusPaid, "badge badge-busy"),
            OrderStatus::Filed => (Text::OrdersStatusFiled, "badge badge-good"),
            OrderStatus::Other(other) => return view! { <span class="badge">{other}</span> }.into_any(),
        };
        view! { <span class=class>{i18n::text(text)}</span> }.into_any()
    }
}
