//! What each provider's order and all of them cost.

use leptos::prelude::*;
use vcloud_api::Decimal;
use vcloud_api::price::{PriceError, total};

use super::money::{usd, why_no_price};
use crate::i18n::{self, Plural, Text, t};
use crate::state::cart::Wanted;

/// One order to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The provider's name.
    pub provider: String,
    /// How many services.
    pub services: usize,
    /// What they cost.
    pub total: Result<Decimal, PriceError>,
}

impl Part {
    /// What the sum says of an order.
    pub fn of(order: &Wanted) -> Part {
        Part {
            provider: order.provider.clone(),
            services: order.services(),
            total: order.total,
        }
    }
}

/// What all of the orders cost together.
pub fn overall(parts: &[Part]) -> Result<Decimal, PriceError> {
    let totals: Vec<Decimal> = parts.iter().map(|part| part.total).collect::<Result<_, _>>()?;
    total(totals)
}

/// The orders and their sum.
#[component]
pub fn Sum(#[prop(into)] parts: Signal<Vec<Part>>) -> impl IntoView {
    let amount = |total: Result<Decimal, PriceError>| match total {
        Ok(total) => usd(total),
        Err(error) => why_no_price(error).to_owned(),
    };
    move || {
        let parts = parts.get();
        if parts.is_empty() {
            return view! { <p class="soft">{t(Text::RenewSumEmpty)}</p> }.into_any();
        }
        let overall = overall(&parts);
        view! {
            <dl class="sum" aria-live="polite">
                {parts
                    .into_iter()
                    .map(|part| {
                        let count = part.services as u64;
                        view! {
                            <dt>{part.provider} " · " {i18n::plural(Plural::ListCount, count)}</dt>
                            <dd class="number">{amount(part.total)}</dd>
                        }
                    })
                    .collect_view()}
                <dt class="sum-total">{t(Text::RenewTotal)}</dt>
                <dd class="number sum-total">{amount(overall)}</dd>
            </dl>
        }
        .into_any()
    }
}
