//! The lines of one provider.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::{Priced, is_locked};
use crate::components::{Icon, Shape};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::market::option_name;
use crate::pages::money::{usd, why_no_price};
use crate::route::Page;
use crate::state::cart::{Choice, Length, Line, Obstacle, rate};
use crate::state::{App, Remote};

/// A provider's lines as a table.
#[component]
pub fn Group(app: App, provider: String, lines: Memo<Vec<Line>>, prices: Memo<BTreeMap<u64, Priced>>) -> impl IntoView {
    let headings = [
        (Text::OrdersServiceType, false),
        (Text::OrdersOptions, false),
        (Text::MarketHowLong, false),
        (Text::MarketNumber, true),
        (Text::RenewPrice, true),
        (Text::RenewAmount, true),
    ];
    let name = provider.clone();
    let heading = provider.clone();
    let provider = StoredValue::new(provider);
    let own = Memo::new(move |_| {
        lines.with(|lines| {
            let own = lines
                .iter()
                .filter(|line| provider.with_value(|name| *name == line.choice.provider));
            own.cloned().collect::<Vec<_>>()
        })
    });
    let locked = Memo::new(move |_| provider.with_value(|name| is_locked(app, name)));
    view! {
        <section class="stack-tight">
            <h2>{heading}</h2>
            <div class="table-frame">
                <table class="table table-cards cart-table" role="table" aria-label=name>
                    <thead role="rowgroup">
                        <tr role="row">
                            {headings
                                .map(|(name, number)| view! { <th role="columnheader" scope="col" class:number=number>{t(name)}</th> })
                                .collect_view()}
                            <th role="columnheader" scope="col"><span class="visually-hidden">{t(Text::CartChange)}</span></th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        <For each=move || own.get() key=Line::clone let:line>
                            <Row app line prices locked />
                        </For>
                    </tbody>
                </table>
            </div>
        </section>
    }
}

/// How long a service is wanted (tracked).
fn length_text(choice: &Choice, now: i64) -> String {
    let hours = choice
        .length
        .hours(now)
        .map(|hours| i18n::plural(Plural::ServiceHours, hours));
    match (choice.length, hours) {
        (Length::Hours(_), hours) => hours.unwrap_or_default(),
        (Length::Until(moment), hours) => {
            let values = [
                ("moment", i18n::date_time(moment)),
                ("hours", hours.unwrap_or_else(|| "—".to_owned())),
            ];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            i18n::text_with(Text::CartUntil, &values)
        }
    }
}

/// The options in few words: a plain yes is named, a plain no left out.
fn chosen_text(choice: &Choice) -> impl Fn() -> String + use<> {
    let chosen = choice.options.0.clone();
    move || {
        let said = chosen.iter().filter_map(|(option, value)| match value.as_str() {
            "No" => None,
            "Yes" => Some(option_name(option)),
            other => Some(other.to_owned()),
        });
        said.collect::<Vec<_>>().join(" · ")
    }
}

#[component]
fn Row(app: App, line: Line, prices: Memo<BTreeMap<u64, Priced>>, locked: Memo<bool>) -> impl IntoView {
    let Line { id, choice } = line;
    let price = Memo::new(move |_| prices.with(|prices| prices.get(&id).cloned().unwrap_or(Priced::Loading)));
    let (name, href) = (
        choice.name.clone(),
        Page::ServiceType(choice.provider.clone(), choice.service_id.clone(), Some(id)).href(),
    );
    let edit = href.clone();
    let options = chosen_text(&choice);
    let service_id = StoredValue::new(choice.service_id.clone());
    let was = choice.rate.clone();
    let shown_rate = move || match price.get() {
        Priced::At(quote) => {
            let now = rate(&quote);
            let has_changed = now != was;
            let was = was.clone();
            view! {
                <div class="lines">
                    <span>{now}</span>
                    {has_changed
                        .then(|| {
                            view! {
                                <span class="field-warning">
                                    {move || i18n::text_with(Text::CartPriceChanged, &[("price", &was)])}
                                </span>
                            }
                        })}
                </div>
            }
            .into_any()
        }
        Priced::Loading => view! { <span class="skeleton"></span> }.into_any(),
        Priced::Failed => view! {
            <button
                class="button"
                type="button"
                on:click=move |_| {
                    let id = service_id.get_value();
                    leptos::task::spawn_local(async move {
                        let wanted = id.clone();
                        let _ = app.services.types.load(&id, |abort| app.services.fetch_type(app, wanted, abort)).await;
                    });
                }
            >
                <Icon shape=Shape::Refresh />
                {t(Text::RenewRetryPrice)}
            </button>
        }
        .into_any(),
        Priced::Not(obstacle) => {
            let text = move || match obstacle {
                Obstacle::Over => i18n::text(Text::MarketOver),
                Obstacle::NotSold => i18n::text(Text::CartNotSold),
                Obstacle::NoPrice(error) => why_no_price(error),
            };
            view! { <span class="field-error">{text}</span> }.into_any()
        }
    };
    let amount = {
        let choice = choice.clone();
        move || match price.get() {
            Priced::At(quote) => match choice.total(&quote) {
                Ok(total) => usd(total),
                Err(error) => why_no_price(error).to_owned(),
            },
            _ => "—".to_owned(),
        }
    };
    let title = {
        let stored = name.clone();
        move || match app.services.types.peek(&service_id.get_value()) {
            Remote::Ready { value, .. } => value.name.clone(),
            Remote::Loading | Remote::Failed(_) => stored.clone(),
        }
    };
    let count = choice.count;
    let named = StoredValue::new(name);
    view! {
        <tr role="row">
            <td role="cell" data-label=t(Text::OrdersServiceType)>
                {move || {
                    if locked.get() {
                        view! { <span class="market-name">{title.clone()}</span> }.into_any()
                    } else {
                        view! { <a class="market-name" href=href.clone()>{title.clone()}</a> }.into_any()
                    }
                }}
            </td>
            <td role="cell" class="wrap" data-label=t(Text::OrdersOptions)>{options}</td>
            <td role="cell" class="wrap" data-label=t(Text::MarketHowLong)>{move || length_text(&choice, app.clock.seconds())}</td>
            <td role="cell" class="number" data-label=t(Text::MarketNumber)>{count}</td>
            <td role="cell" class="number" data-label=t(Text::RenewPrice)>{shown_rate}</td>
            <td role="cell" class="number renew-amount" data-label=t(Text::RenewAmount)>{amount}</td>
            <td role="cell" class="cart-change">
                {move || {
                    let edit = edit.clone();
                    (!locked.get())
                        .then(|| {
                            view! {
                                <a
                                    class="button button-quiet button-icon"
                                    href=edit
                                    aria-label=move || i18n::text_with(Text::CartEditOf, &[("name", &named.get_value())])
                                    title=t(Text::CartEdit)
                                >
                                    <Icon shape=Shape::Edit />
                                </a>
                                <button
                                    class="button button-quiet button-icon"
                                    type="button"
                                    aria-label=move || i18n::text_with(Text::CartRemoveOf, &[("name", &named.get_value())])
                                    title=t(Text::CartRemove)
                                    on:click=move |_| app.cart.remove(app, id)
                                >
                                    <Icon shape=Shape::Trash />
                                </button>
                            }
                        })
                }}
            </td>
        </tr>
    }
}
