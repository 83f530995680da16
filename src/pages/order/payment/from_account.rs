//! Paying by the account signed in: what it has, what the payment takes, what is left.

use leptos::prelude::*;
use payments::{Amount, AmountError, Consent, Funds, Key, Plan, Record, Shortage, coins, units};
use vcloud_api::ApiError;
use vcloud_api::types::{Currency, Order};

use super::before::Before;
use super::review::{Asked, Review};
use super::words;
use crate::components::{CheckField, ErrorMessage, Field, Icon, Message, Shape, Tone};
use crate::i18n::{self, Text, t};
use crate::pages::explain;
use crate::state::payments::{FundsKey, Keeping};
use crate::state::{App, Remote, query};

/// The section. Where the account can't pay now, it says why.
#[component]
pub fn FromAccount(
    app: App,
    order: Memo<Option<Order>>,
    currency: Memo<Option<Currency>>,
    /// Whether the browser extension signs, not the key in memory.
    by_extension: bool,
) -> impl IntoView {
    let heading = if by_extension {
        Text::ExtensionPay
    } else {
        Text::PaymentsFromAccount
    };
    let id = Memo::new(move |_| order.with(|order| order.as_ref().map(|order| order.id.clone()).unwrap_or_default()));
    let records = Memo::new(move |_| app.payments.records_of_order(&id.get()));
    // 0: being opened, 1: impossible, 2: an entry can't be read, 3: a payment is under way, 4: possible.
    let state = Memo::new(move |_| {
        let place = Key::start_of_order(app.config().network, &id.get());
        match app.payments.keeping() {
            Keeping::Opening => 0,
            Keeping::Impossible(_) => 1,
            Keeping::Kept(_) if app.payments.unreadable().iter().any(|key| key.starts_with(&place)) => 2,
            Keeping::Kept(_) if records.with(|records| records.iter().any(Record::is_open)) => 3,
            Keeping::Kept(_) => 4,
        }
    });
    view! {
        <section class="stack from-account" aria-label=t(heading)>
            {(!by_extension || app.session.extension().is_some()).then(|| view! { <h3>{t(heading)}</h3> })}
            {by_extension.then(|| view! { <p class="soft">{t(Text::ExtensionPayAbout)}</p> })}
            {move || match state.get() {
                0 => view! { <span class="skeleton"></span> }.into_any(),
                1 => {
                    let words = match app.payments.keeping() {
                        Keeping::Impossible(error) => error.0,
                        _ => String::new(),
                    };
                    view! {
                        <Message tone=Tone::Warn title=i18n::text(Text::PaymentsNoJournal)>
                            <p>{t(Text::PaymentsNoJournalAdvice)}</p>
                            <p class="mono small">{words}</p>
                        </Message>
                    }
                    .into_any()
                }
                2 => view! {
                    <Message tone=Tone::Warn title=i18n::text(Text::PaymentsUnreadable)>
                        <p>{t(Text::PaymentsUnreadableAdvice)}</p>
                    </Message>
                }
                .into_any(),
                3 => view! { <p>{t(Text::PaymentsUnderWay)}</p> }.into_any(),
                _ => view! { <Possible app order currency records by_extension /> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Possible(
    app: App,
    order: Memo<Option<Order>>,
    currency: Memo<Option<Currency>>,
    records: Memo<Vec<Record>>,
    by_extension: bool,
) -> impl IntoView {
    let query = query::use_query(
        app.clock,
        app.payments.funds,
        move || {
            let contract = currency.with(|currency| currency.as_ref().map(|currency| currency.contract_id.clone()))?;
            Some(FundsKey {
                address: app.session.address()?,
                contract,
            })
        },
        move || app.refresh_ms(),
        move |key, abort| app.payments.fetch_funds(app, key, abort),
    );
    let other = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    let understood = RwSignal::new(false);
    let amount = Memo::new(move |_| {
        if !other.get() {
            return Ok(Amount::Due);
        }
        let unit = currency.with(|currency| currency.as_ref().map_or(0, |currency| currency.unit));
        units(&typed.get(), unit).map(Amount::Units)
    });
    let plan = Memo::new(move |_| {
        let (order, currency) = (order.get()?, currency.get()?);
        let payer = app.session.payer()?;
        let amount = amount.get().unwrap_or_default();
        Plan::by(&order, &currency, &payer, amount).ok()
    });
    let funds = Memo::new(move |_| query.get().value().map(|funds| **funds));
    let failed = Memo::new(move |_| match query.get() {
        Remote::Failed(error) => Some(error),
        Remote::Loading | Remote::Ready { .. } => None,
    });
    let before = Memo::new(move |_| order.with(|order| records.with(|records| Before::of(records, order.as_ref()?))));
    let asked: RwSignal<Option<Asked>> = RwSignal::new(None);
    let is_ready = move || {
        amount.with(Result::is_ok)
            && (!other.get() || understood.get())
            && plan.with(|plan| match (plan, funds.get()) {
                (Some(plan), Some(funds)) => plan.left(funds).is_ok(),
                _ => false,
            })
    };
    let ask = move |_: leptos::ev::MouseEvent| {
        let (Some(plan), Ok(amount)) = (plan.get_untracked(), amount.get_untracked()) else {
            return;
        };
        let records = records.get_untracked();
        asked.set(Some(Asked {
            order_id: plan.order_id,
            contract: plan.currency.contract_id,
            amount,
            consent: (!records.is_empty()).then(|| Consent::after(&records)),
            before: before.get_untracked(),
        }));
    };
    view! {
        {move || {
            let Before { record, facts, late, .. } = before.get()?;
            let tone = if before.with(|before| before.as_ref().is_some_and(Before::is_doubtful)) { Tone::Warn } else { Tone::Info };
            let title = i18n::text_with(
                Text::PaymentsBefore,
                &[("amount", &words::record(&record)), ("state", words::record_badge(&record).0)],
            );
            Some(view! {
                <Message tone title>
                    <p>{t(facts)}</p>
                    {late.map(|late| view! { <p>{t(late)}</p> })}
                </Message>
            })
        }}
        {move || failed.get().map(|error| view! { <NoFunds error on_retry=Callback::new(move |()| query.refresh()) /> })}
        {move || plan.get().map(|plan| view! { <Sums plan funds=funds.get() /> })}
        <OtherAmount currency other typed understood problem=Signal::derive(move || amount.get().err()) />
        <div class="form-actions">
            <button class="button button-primary" type="button" disabled=move || !is_ready() on:click=ask>
                <Icon shape=Shape::Check />
                {move || {
                    let amount = plan.get().map(|plan| words::amount(plan.units, plan.currency.unit, &plan.currency.symbol_name));
                    i18n::text_with(Text::PaymentsReview, &[("amount", &amount.unwrap_or_default())])
                }}
            </button>
        </div>
        <Review app asked by_extension />
    }
}

#[component]
fn NoFunds(error: ApiError, on_retry: Callback<()>) -> impl IntoView {
    let explained = explain(&error);
    view! { <ErrorMessage title=explained.title advice=explained.advice detail=Signal::stored(explained.detail) on_retry /> }
}

/// Balance, amount, fee, and what is left.
#[component]
pub fn Sums(plan: Plan, funds: Option<Funds>) -> impl IntoView {
    let currency = plan.currency.clone();
    let is_token = plan.contract.is_some();
    let show = move |units: u64| words::amount(units, currency.unit, &currency.symbol_name);
    let left = funds.map(|funds| plan.left(funds));
    let unknown = || "…".to_owned();
    let has = funds.map_or_else(unknown, |funds| show(if is_token { funds.token } else { funds.native }));
    let left_text = match &left {
        Some(Ok(left)) => show(if is_token { left.token } else { left.native }),
        Some(Err(_)) => "–".to_owned(),
        None => unknown(),
    };
    let native_left = match left {
        Some(Ok(left)) => words::native(left.native),
        _ => "–".to_owned(),
    };
    let shortage = left.and_then(Result::err);
    let missing = shortage.map(|shortage| match shortage {
        Shortage::Native { .. } => words::native(shortage.missing()),
        Shortage::Token { .. } => show(shortage.missing()),
    });
    view! {
        <dl class="sum sums">
            <dt>{t(Text::PaymentsBalance)}</dt>
            <dd class="number">{has}</dd>
            <dt>{t(Text::PaymentsAmount)}</dt>
            <dd class="number">{format!("− {}", show(plan.units))}</dd>
            <dt>{t(Text::PaymentsFee)}</dt>
            <dd class="number">{format!("− {}", words::native(plan.fee))}</dd>
            <dt class="sum-total">{t(Text::PaymentsLeft)}</dt>
            <dd class="number sum-total">{left_text}</dd>
            {is_token
                .then(|| {
                    view! {
                        <dt class="soft">{t(Text::PaymentsLeftForFees)}</dt>
                        <dd class="number soft">{native_left}</dd>
                    }
                })}
        </dl>
        {missing
            .map(|missing| {
                view! {
                    <p class="field-error" role="alert">
                        {move || i18n::text_with(Text::PaymentsShortage, &[("missing", &missing)])}
                    </p>
                }
            })}
    }
}

/// Another amount than what is due: kept out of the way, explained, confirmed by itself.
#[component]
fn OtherAmount(
    currency: Memo<Option<Currency>>,
    other: RwSignal<bool>,
    typed: RwSignal<String>,
    understood: RwSignal<bool>,
    problem: Signal<Option<AmountError>>,
) -> impl IntoView {
    let label = move || {
        let symbol = currency.with(|currency| currency.as_ref().map(|currency| currency.symbol_name.clone()));
        i18n::text_with(Text::PaymentsOtherLabel, &[("coin", &symbol.unwrap_or_default())])
    };
    let error = move || {
        let problem = problem.get().filter(|_| !typed.with(String::is_empty))?;
        let unit = currency.with(|currency| currency.as_ref().map_or(1, |currency| currency.unit));
        Some(match problem {
            AmountError::NotAnAmount => i18n::text(Text::PaymentsOtherWrong).to_owned(),
            AmountError::TooFine => {
                i18n::text_with(Text::PaymentsOtherTooFine, &[("unit", &coins(1, unit).to_string())])
            }
            AmountError::TooMuch => i18n::text(Text::PaymentsOtherTooMuch).to_owned(),
        })
    };
    view! {
        <details
            class="disclosure"
            on:toggle=move |event| {
                let open = event_target::<web_sys::HtmlDetailsElement>(&event).open();
                // Closed again, what is due is paid.
                other.set(open);
                if !open {
                    understood.set(false);
                }
            }
        >
            <summary>{t(Text::PaymentsOther)}</summary>
            <div class="stack">
                <p>{t(Text::PaymentsOtherAdvice)}</p>
                <Field label=Signal::derive(label) value=typed error=Signal::derive(error) mode="decimal" mono=true />
                <CheckField label=Signal::derive(|| i18n::text(Text::PaymentsOtherUnderstood).to_owned()) value=understood />
            </div>
        </details>
    }
}
