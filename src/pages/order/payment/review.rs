//! The last look before a payment: what would be sent, asked for anew; then one confirmation.

use leptos::prelude::*;
use leptos::task::spawn_local;
use payments::{Amount, Consent, Obstacle, PlanError};

use super::before::Before;
use super::from_account::Sums;
use super::last_look::{self, Ending};
use super::words;
use crate::components::{CheckField, Dialog, Message, Tone};
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
    /// What counts of it, and what has to be agreed to.
    pub before: Option<Before>,
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
pub fn Review(
    app: App,
    asked: RwSignal<Option<Asked>>,
    /// Whether the browser extension signs.
    by_extension: bool,
) -> impl IntoView {
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
            let paid = if by_extension {
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
    let can_pay = Memo::new(move |_| {
        let fits = shown.with(|shown| matches!(shown, Shown::Ready(review) if review.left().is_ok()));
        fits && !paying.get() && (!needs_agreement() || agreed.get())
    });
    view! {
        <Dialog open title=Signal::derive(|| i18n::text(Text::PaymentsReviewTitle).to_owned())>
            {move || changed.get().then(|| view! {
                <Message tone=Tone::Warn title=i18n::text(Text::PaymentsChanged)><p>{t(Text::PaymentsChangedAdvice)}</p></Message>
            })}
            {move || match shown.get() {
                Shown::Loading => last_look::loading(),
                Shown::Ready(review) => view! { <What review=*review /> }.into_any(),
                Shown::Refused(why) => last_look::refused(refused(&why)),
            }}
            {move || {
                let before = asked.get()?.before?;
                let looks = before.looks();
                let Before { record, agree, late, .. } = before;
                let id = record.transaction_id();
                let values = [
                    ("amount", words::record(&record)),
                    ("state", words::record_badge(&record).0.to_owned()),
                    ("id", id.map_or_else(|| "–".to_owned(), |id| id.to_string())),
                ];
                let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
                Some(view! {
                    <div class="stack-tight">
                        <p class="wrap-anywhere">{i18n::text_with(Text::PaymentsBeforeLong, &values)}</p>
                        {late.map(|late| view! { <p>{t(late)}</p> })}
                        <CheckField label=Signal::derive(move || i18n::text(agree).to_owned()) value=agreed />
                        <p role="status" class="soft">{move || (paying.get() && looks).then(|| t(Text::ExtensionSettling))}</p>
                    </div>
                })
            }}
            <Ending
                open
                is_refused=Memo::new(move |_| shown.with(|shown| matches!(shown, Shown::Refused(_))))
                can=can_pay
                busy=paying
                action=if by_extension { Text::ExtensionConfirm } else { Text::PaymentsConfirm }
                on_again=Callback::new(move |()| load())
                on_confirm=Callback::new(move |()| pay())
            />
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
            (title, advice, failure.detail())
        }
        NotPaid::Unit => own(Text::PaymentsUnpayable, Text::PaymentsUnpayableAdvice),
        NotPaid::Randomness => own(Text::PaymentsNoRandomness, Text::PaymentsNoRandomnessAdvice),
    }
}
