//! The last look before a payment: what would be sent, asked for anew; then one confirmation.

use leptos::prelude::*;
use leptos::task::spawn_local;
use payments::{Amount, Consent, Obstacle, PlanError, Record};

use super::from_account::Sums;
use super::words;
use crate::components::{CheckField, Dialog, Icon, Message, Shape, Tone};
use crate::i18n::{self, Text, t};
use crate::pages::explain;
use crate::pages::extension::refusal;
use crate::pages::money::why_no_price;
use crate::state::App;
use crate::state::payments::{NotPaid, Review as Reviewed};

/// What somebody wants to pay.
#[derive(Clone)]
pub struct Asked {
    /// The order.
    pub order_id: String,
    /// What it is paid in, as the platform names it.
    pub contract: String,
    /// How much.
    pub amount: Amount,
    /// The decision to pay once more, where there was a payment before.
    pub consent: Option<Consent>,
    /// Whether the browser extension signs.
    pub by_extension: bool,
    /// That payment, and what has to be agreed to.
    pub before: Option<(Record, Text)>,
}

/// What the dialog shows.
#[derive(Clone, PartialEq)]
enum Shown {
    Loading,
    Ready(Box<Reviewed>),
    Refused(NotPaid),
}

/// The dialog, shown while something is asked for.
#[component]
pub fn Review(app: App, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let shown = RwSignal::new(Shown::Loading);
    let changed = RwSignal::new(false);
    let paying = RwSignal::new(false);
    let agreed = RwSignal::new(false);
    let load = move || {
        let Some(asked) = asked.get_untracked() else { return };
        shown.set(Shown::Loading);
        spawn_local(async move {
            let review = app
                .payments
                .review(app, &asked.order_id, &asked.contract, asked.amount)
                .await;
            shown.try_set(review.map_or_else(Shown::Refused, |review| Shown::Ready(Box::new(review))));
        });
    };
    Effect::new(move |_| {
        if asked.with(Option::is_some) {
            changed.set(false);
            agreed.set(false);
            load();
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() && asked.with_untracked(Option::is_some) && !paying.get_untracked() {
            asked.set(None);
        }
    });
    let pay = move || {
        let (Some(asked_now), Shown::Ready(review)) = (asked.get_untracked(), shown.get_untracked()) else {
            return;
        };
        // A second click finds the first one at work.
        if paying.get_untracked() {
            return;
        }
        paying.set(true);
        spawn_local(async move {
            let (amount, consent) = (asked_now.amount, asked_now.consent);
            let paid = if asked_now.by_extension {
                app.payments.pay_by_extension(app, &review, amount, consent).await
            } else {
                app.payments.pay(app, &review, amount, consent).await.map(|_| ())
            };
            paying.try_set(false);
            match paid {
                Ok(()) => {
                    open.try_set(false);
                    asked.try_set(None);
                }
                Err(NotPaid::Changed(now)) => {
                    changed.try_set(true);
                    shown.try_set(Shown::Ready(now));
                }
                Err(error) => {
                    shown.try_set(Shown::Refused(error));
                }
            }
        });
    };
    let needs_agreement = move || asked.with(|asked| asked.as_ref().is_some_and(|asked| asked.before.is_some()));
    let can_pay = move || {
        let fits = shown.with(|shown| matches!(shown, Shown::Ready(review) if review.left().is_ok()));
        fits && !paying.get() && (!needs_agreement() || agreed.get())
    };
    view! {
        <Dialog open title=Signal::derive(|| i18n::text(Text::PaymentsReviewTitle).to_owned())>
            {move || changed.get().then(|| view! {
                <Message tone=Tone::Warn title=i18n::text(Text::PaymentsChanged)><p>{t(Text::PaymentsChangedAdvice)}</p></Message>
            })}
            {move || match shown.get() {
                Shown::Loading => view! {
                    <div role="status">
                        <span class="visually-hidden">{t(Text::PaymentsReviewLoading)}</span>
                        {(0..5).map(|_| view! { <span class="skeleton"></span> }).collect_view()}
                    </div>
                }
                .into_any(),
                Shown::Ready(review) => view! { <What review=*review /> }.into_any(),
                Shown::Refused(why) => {
                    let (title, advice, detail) = refused(&why);
                    view! {
                        <Message tone=Tone::Bad title>
                            <p>{advice}</p>
                            {detail.map(|detail| view! { <p class="mono small">{detail}</p> })}
                            <p>{t(Text::PaymentsNothingSigned)}</p>
                        </Message>
                    }
                    .into_any()
                }
            }}
            {move || {
                let (record, agree) = asked.get()?.before?;
                let id = record.transaction_id();
                let values = [
                    ("amount", words::record(&record)),
                    ("state", words::record_badge(&record).to_owned()),
                    ("id", id.map_or_else(|| "–".to_owned(), |id| id.to_string())),
                ];
                let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
                Some(view! {
                    <div class="stack-tight">
                        <p class="wrap-anywhere">{i18n::text_with(Text::PaymentsBeforeLong, &values)}</p>
                        <CheckField label=Signal::derive(move || i18n::text(agree).to_owned()) value=agreed />
                    </div>
                })
            }}
            <div class="dialog-actions">
                <button class="button" type="button" autofocus on:click=move |_| open.set(false)>{t(Text::ActionCancel)}</button>
                {move || match shown.get() {
                    Shown::Refused(_) => view! {
                        <button class="button" type="button" on:click=move |_| load()>
                            <Icon shape=Shape::Refresh />
                            {t(Text::PaymentsReviewAgain)}
                        </button>
                    }
                    .into_any(),
                    Shown::Loading | Shown::Ready(_) => view! {
                        <button class="button button-primary" type="button" disabled=move || !can_pay() on:click=move |_| pay()>
                            {move || if paying.get() {
                                view! { <span class="spinner"></span> }.into_any()
                            } else {
                                view! { <Icon shape=Shape::Check /> }.into_any()
                            }}
                            {t(Text::PaymentsConfirm)}
                        </button>
                    }
                    .into_any(),
                }}
            </div>
        </Dialog>
    }
}

/// What would be sent.
#[component]
fn What(review: Reviewed) -> impl IntoView {
    let plan = review.plan;
    let show = |units: u64| words::amount(units, plan.currency.unit, &plan.currency.symbol_name);
    let other = (plan.units != plan.due_units).then(|| {
        let key = if plan.units < plan.due_units {
            Text::PaymentsLessThanDue
        } else {
            Text::PaymentsMoreThanDue
        };
        let values = [("amount", show(plan.units)), ("due", show(plan.due_units))];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        view! { <Message tone=Tone::Warn title=i18n::text_with(key, &values) /> }
    });
    view! {
        {other}
        <dl class="fact-list payment-facts">
            <dt>{t(Text::PaymentsAmount)}</dt>
            <dd class="pay-amount">{show(plan.units)}</dd>
            <dt>{t(Text::PaymentsRecipient)}</dt>
            <dd class="mono">{plan.recipient.to_string()}</dd>
            <dt>{t(Text::PaymentsSender)}</dt>
            <dd class="mono">{plan.sender.to_string()}</dd>
            {plan.contract.map(|contract| view! {
                <dt>{t(Text::OrdersContract)}</dt>
                <dd class="mono">{contract.to_string()}</dd>
            })}
            <dt>{t(Text::PaymentsAttachment)}</dt>
            <dd class="mono">{plan.attachment.as_text().unwrap_or_default().to_owned()}</dd>
        </dl>
        <Sums plan funds=Some(review.funds) />
    }
}

/// Why nothing was signed, what to do about it, and somebody else's words (tracked).
fn refused(why: &NotPaid) -> (&'static str, String, Option<String>) {
    let own = |title: Text, advice: Text| (i18n::text(title), i18n::text(advice).to_owned(), None);
    match why {
        NotPaid::Journal(error) => {
            let (title, advice, _) = own(Text::PaymentsNoJournal, Text::PaymentsNoJournalAdvice);
            (title, advice, Some(error.0.clone()).filter(|words| !words.is_empty()))
        }
        NotPaid::Unreadable => own(Text::PaymentsUnreadable, Text::PaymentsUnreadableAdvice),
        NotPaid::Elsewhere => own(Text::PaymentsElsewhere, Text::PaymentsElsewhereAdvice),
        NotPaid::Obstacle(Obstacle::UnderWay | Obstacle::PaidBefore) => {
            own(Text::PaymentsThereIsOne, Text::PaymentsThereIsOneAdvice)
        }
        NotPaid::Obstacle(Obstacle::Changed) => own(Text::PaymentsBeforeChanged, Text::PaymentsThereIsOneAdvice),
        NotPaid::Request(error) => {
            let explained = explain(error);
            (explained.title, explained.advice, explained.detail)
        }
        NotPaid::Plan(PlanError::NotPending | PlanError::NothingDue) => {
            own(Text::PaymentsNotDue, Text::PaymentsNotDueAdvice)
        }
        NotPaid::Plan(PlanError::Foreign) => own(Text::OrdersForeign, Text::OrdersForeignAdvice),
        NotPaid::Plan(PlanError::Price(error)) => (
            i18n::text(Text::PaymentsUnpayable),
            why_no_price(*error).to_owned(),
            None,
        ),
        NotPaid::Plan(error) => {
            let (title, advice, _) = own(Text::PaymentsUnpayable, Text::PaymentsUnpayableAdvice);
            (title, advice, Some(error.to_string()))
        }
        NotPaid::Shortage(_) => own(Text::PaymentsTooLittle, Text::PaymentsTooLittleAdvice),
        NotPaid::Changed(_) => own(Text::PaymentsChanged, Text::PaymentsChangedAdvice),
        NotPaid::Extension(failure) => {
            let (title, advice) = refusal(failure.refusal);
            let (title, advice, _) = own(title, advice);
            (title, advice, Some(failure.words.clone()))
        }
        NotPaid::Randomness => own(Text::PaymentsNoRandomness, Text::PaymentsNoRandomnessAdvice),
    }
}
