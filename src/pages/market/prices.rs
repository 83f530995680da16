//! Every price of a service type, with the factor on it from so many hours on.

use std::sync::Arc;

use leptos::prelude::*;
use vcloud_api::types::{PriceSet, ServiceType};

use super::option_name;
use crate::i18n::{self, Text, t};
use crate::pages::money::usd;

/// The table, to be unfolded.
#[component]
pub fn Prices(sold: Signal<Arc<ServiceType>>) -> impl IntoView {
    let headings = [
        (Text::MarketPriceFor, false),
        (Text::MarketPriceHour, true),
        (Text::MarketFactors, false),
    ];
    view! {
        <details class="card market-prices">
            <summary>{t(Text::MarketPrices)}</summary>
            <p class="field-help">{t(Text::MarketPricesHelp)}</p>
            <table class="table table-cards" role="table" aria-label=t(Text::MarketPrices)>
                <thead role="rowgroup">
                    <tr role="row">
                        {headings
                            .map(|(name, number)| view! { <th role="columnheader" scope="col" class:number=number>{t(name)}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {move || sold.get().duration_to_price.iter().cloned().map(|set| view! { <Row set /> }).collect_view()}
                </tbody>
            </table>
        </details>
    }
}

#[component]
fn Row(set: PriceSet) -> impl IntoView {
    let options = set.charging_options;
    let named = move || {
        if options.0.is_empty() {
            return i18n::text(Text::MarketPriceAny).to_owned();
        }
        let options = options
            .0
            .iter()
            .map(|(option, value)| format!("{}: {value}", option_name(option)));
        options.collect::<Vec<_>>().join(" · ")
    };
    let steps = set.duration;
    let factors = move || {
        let step = |(hours, factor): (&u64, &vcloud_api::Decimal)| {
            let values = [
                ("hours", i18n::number(*hours)),
                ("factor", factor.normalize().to_string()),
            ];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            i18n::text_with(Text::MarketFactorStep, &values)
        };
        let steps: Vec<String> = steps.iter().map(step).collect();
        if steps.is_empty() {
            "—".to_owned()
        } else {
            steps.join(" · ")
        }
    };
    view! {
        <tr role="row">
            <td role="cell" class="wrap" data-label=t(Text::MarketPriceFor)>{named}</td>
            <td role="cell" class="number" data-label=t(Text::MarketPriceHour)>{usd(set.price)}</td>
            <td role="cell" class="wrap market-factors" data-label=t(Text::MarketFactors)>{factors}</td>
        </tr>
    }
}
