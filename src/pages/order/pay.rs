//! How an order is paid: in what, how much, to whom, with which note – to copy, to scan, or by the official client.

use std::collections::HashMap;

use leptos::prelude::*;
use vcloud_api::Decimal;
use vcloud_api::payment::{Invoice, order_attachment};
use vcloud_api::types::{Currencies, Currency, Order};
use vsys::transaction::{CONTRACT_FEE, PAYMENT_FEE};

use super::amounts::{command, due};
use super::payment::FromAccount;
use crate::components::{Copyable, Message, QrCode, Tone, fresh_id};
use crate::i18n::{self, Text, t};
use crate::net::extension;
use crate::pages::Age;
use crate::pages::fetched::Failed;
use crate::pages::money::{usd, why_no_price};
use crate::state::query::Query;
use crate::state::{App, Remote, query};

/// Decimals of the native coin, in which fees are paid.
const NATIVE_DECIMALS: u32 = 8;

/// The card.
#[component]
pub fn Pay(app: App, order: Memo<Option<Order>>) -> impl IntoView {
    let query = query::use_query(
        app.clock,
        app.orders.currencies,
        move || Some(()),
        move || app.refresh_ms(),
        move |(), abort| app.orders.fetch_currencies(app, abort),
    );
    let currencies = Memo::new(move |_| query.get().value().map(|currencies| currencies.list.clone()));
    let kind = Memo::new(move |_| match query.get() {
        Remote::Loading => 0,
        Remote::Failed(_) => 1,
        Remote::Ready { .. } => 2,
    });
    let is_foreign = Memo::new(move |_| {
        order.with(|order| {
            let owner = order.as_ref().map(|order| order.address.clone()).unwrap_or_default();
            !owner.is_empty() && app.session.address().is_some_and(|address| address != owner)
        })
    });
    view! {
        <section class="card order-pay">
            <div class="card-head">
                <h2>{t(Text::OrdersPay)}</h2>
                <Rates query />
            </div>
            <div class="card-body">
                {move || {
                    is_foreign
                        .get()
                        .then(|| {
                            view! {
                                <Message tone=Tone::Warn title=i18n::text(Text::OrdersForeign)>
                                    <p>{t(Text::OrdersForeignAdvice)}</p>
                                </Message>
                            }
                        })
                }}
                {move || match kind.get() {
                    0 => view! {
                        <div role="status">
                            <span class="visually-hidden">{t(Text::OrdersRatesLoading)}</span>
                            {(0..3).map(|_| view! { <span class="skeleton"></span> }).collect_view()}
                        </div>
                    }
                    .into_any(),
                    1 => view! { <Failed why=query.failure() on_retry=query.on_refresh() /> }.into_any(),
                    _ => view! { <Methods app order currencies is_foreign /> }.into_any(),
                }}
            </div>
        </section>
    }
}

/// How old the rates are.
#[component]
fn Rates(query: Query<Currencies>) -> impl IntoView {
    view! {
        <span class="row small soft">
            {t(Text::OrdersRates)}
            <Age
                at=query.at()
                busy=Signal::derive(move || query.busy())
            />
        </span>
    }
}

/// The currencies to choose from, and how the chosen one is paid.
#[component]
fn Methods(
    app: App,
    order: Memo<Option<Order>>,
    currencies: Memo<Option<Vec<Currency>>>,
    is_foreign: Memo<bool>,
) -> impl IntoView {
    let chosen = RwSignal::new(0_usize);
    let group = StoredValue::new(fresh_id("method"));
    let usd_due = Memo::new(move |_| order.with(|order| order.as_ref().map(Order::amount_due).unwrap_or_default()));
    // A rate that changed while the page is open is pointed out: an amount copied before is no longer right.
    let changed: RwSignal<HashMap<String, (Decimal, Decimal)>> = RwSignal::new(HashMap::new());
    Effect::new(move |before: Option<Option<Vec<Currency>>>| {
        let now = currencies.get();
        for currency in now.iter().flatten() {
            let old = before.iter().flatten().flatten();
            let old = old.filter(|old| old.contract_id == currency.contract_id);
            let old = old.map(|old| old.exchange_rate).next();
            if let Some(old) = old.filter(|old| *old != currency.exchange_rate) {
                changed.update(|changed| {
                    changed.insert(currency.contract_id.clone(), (old, currency.exchange_rate));
                });
            }
        }
        now
    });
    let current = Memo::new(move |_| {
        currencies.with(|currencies| {
            let list = currencies.as_ref()?;
            let index = chosen.get().min(list.len().checked_sub(1)?);
            Some((index, list[index].clone()))
        })
    });
    let chosen_currency =
        Memo::new(move |_| current.with(|current| current.as_ref().map(|(_, currency)| currency.clone())));
    let rate_change = move || {
        let (_, currency) = current.get()?;
        let (old, new) = changed.with(|changed| changed.get(&currency.contract_id).copied())?;
        let values = [
            ("old", old.normalize().to_string()),
            ("new", new.normalize().to_string()),
            ("coin", currency.symbol_name),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let advice = i18n::text_with(Text::OrdersRateChangedAdvice, &values);
        Some(view! {
            <Message tone=Tone::Warn title=i18n::text(Text::OrdersRateChanged)>
                <p>{advice}</p>
            </Message>
        })
    };
    view! {
        <p>
            {move || i18n::text_with(Text::OrdersDue, &[("due", &usd(usd_due.get()))])}
            {move || {
                order
                    .get()
                    .filter(|order| !order.amount_paid.is_zero())
                    .map(|order| {
                        format!(" {}", i18n::text_with(Text::OrdersDueAfter, &[("amount", &usd(order.amount)), ("paid", &usd(order.amount_paid))]))
                    })
            }}
        </p>
        <fieldset class="methods">
            <legend class="field-label">{t(Text::OrdersMethod)}</legend>
            {move || {
                currencies
                    .get()
                    .unwrap_or_default()
                    .into_iter()
                    .enumerate()
                    .map(|(index, currency)| {
                        let rate = [("coin", currency.symbol_name.clone()), ("rate", currency.exchange_rate.normalize().to_string())];
                        let coin = currency.symbol_name.clone();
                        let amount = move || match due(&currency, usd_due.get()) {
                            Ok(due) => format!("{} {}", due.coins, currency.symbol_name),
                            Err(error) => why_no_price(error).to_owned(),
                        };
                        let is_chosen = move || current.with(|current| current.as_ref().is_some_and(|(at, _)| *at == index));
                        view! {
                            <label class="method" class:method-chosen=is_chosen>
                                <input
                                    type="radio"
                                    name=group.get_value()
                                    prop:checked=is_chosen
                                    on:change=move |_| chosen.set(index)
                                />
                                <span class="method-name">{coin}</span>
                                <span class="soft small">
                                    {move || {
                                        let values: Vec<(&str, &str)> = rate.iter().map(|(name, value)| (*name, value.as_str())).collect();
                                        i18n::text_with(Text::OrdersRate, &values)
                                    }}
                                </span>
                                <span class="method-amount">{amount}</span>
                            </label>
                        }
                    })
                    .collect_view()
            }}
        </fieldset>
        {rate_change}
        {move || {
            (!is_foreign.get() && app.session.is_wallet())
                .then(|| view! { <FromAccount app order currency=chosen_currency by_extension=false /> })
        }}
        {move || {
            let shown = !is_foreign.get() && (app.session.extension().is_some() || extension::is_present());
            shown
                .then(|| {
                    if app.session.is_wallet() {
                        // Another way beside the account's own key, and out of its way.
                        view! {
                            <details class="disclosure">
                                <summary>{t(Text::ExtensionPay)}</summary>
                                <FromAccount app order currency=chosen_currency by_extension=true />
                            </details>
                        }
                            .into_any()
                    } else {
                        view! { <FromAccount app order currency=chosen_currency by_extension=true /> }.into_any()
                    }
                })
        }}
        {move || {
            let (index, currency) = current.get()?;
            let order = order.get()?;
            Some(view! { <How app order index currency /> })
        }}
    }
}

/// Amount, recipient and note of the payment, ready to be copied; the code for a phone; the command.
#[component]
fn How(app: App, order: Order, index: usize, currency: Currency) -> impl IntoView {
    let amount = match due(&currency, order.amount_due()) {
        Ok(amount) => amount,
        Err(error) => {
            return view! { <p class="field-error" role="alert">{move || why_no_price(error)}</p> }.into_any();
        }
    };
    let public_key = app
        .session
        .signer()
        .map(|signer| signer.public_key().to_string())
        .unwrap_or_default();
    let attachment = order_attachment(&order.id, &public_key);
    let account = app.session.account_index().unwrap_or_default();
    let command = command(app.config().network, account, &order.id, amount.coins, index);
    let is_native = currency.is_native();
    let fee = if is_native { PAYMENT_FEE } else { CONTRACT_FEE };
    let fee = Decimal::from_i128_with_scale(i128::from(fee), NATIVE_DECIMALS)
        .normalize()
        .to_string();
    let code = is_native.then(|| Invoice::for_order(&order.recipient, &order.id, &public_key, amount.units).to_json());
    let coin = currency.symbol_name.clone();
    let name = |key: Text| Signal::derive(move || i18n::text(key).to_owned());
    view! {
        <div class="pay">
            <div class="stack pay-by-hand">
                <dl class="fact-list pay-facts">
                    <dt>{t(Text::OrdersPayAmount)}</dt>
                    <dd class="pay-amount">
                        <Copyable value=amount.coins.to_string() what=name(Text::OrdersPayAmount) />
                        <span>{coin}</span>
                    </dd>
                    <dt>{t(Text::OrdersRecipient)}</dt>
                    <dd><Copyable value=order.recipient.clone() what=name(Text::OrdersRecipient) /></dd>
                    {(!is_native)
                        .then(|| {
                            view! {
                                <dt>{t(Text::OrdersContract)}</dt>
                                <dd><Copyable value=currency.contract_id.clone() what=name(Text::OrdersContract) /></dd>
                            }
                        })}
                    <dt>{t(Text::OrdersAttachment)}</dt>
                    <dd><Copyable value=attachment what=name(Text::OrdersAttachment) /></dd>
                    <dt>{t(Text::OrdersFee)}</dt>
                    <dd>{move || i18n::text_with(Text::OrdersFeeOnTop, &[("fee", &fee)])}</dd>
                </dl>
                <Message tone=Tone::Info title=i18n::text(Text::OrdersExact)>
                    <p>{t(Text::OrdersExactAdvice)}</p>
                </Message>
                <div class="stack-tight pay-command">
                    <h3>{t(Text::OrdersCommand)}</h3>
                    <Copyable value=command what=name(Text::OrdersCommandName) />
                </div>
            </div>
            {code
                .map(|text| {
                    view! {
                        <figure class="pay-code">
                            <QrCode text name=name(Text::OrdersCode) />
                            <figcaption class="small soft">{t(Text::OrdersCodeHelp)}</figcaption>
                        </figure>
                    }
                })}
        </div>
    }
    .into_any()
}
