//! Paying an order by the account signed in: what is needed for it, what would be sent, and what became of it.

pub mod asked;
mod before;
mod from_account;
pub mod last_look;
mod review;
mod steps;
pub mod words;

use leptos::prelude::*;
use payments::Entry;
use vcloud_api::types::Order;

use crate::components::{Copyable, Icon, Message, Shape};
use crate::i18n::{self, Text, t};
use crate::state::App;

pub use asked::AskedFor;
pub use from_account::FromAccount;

/// What was paid for the order from this browser, the latest first; nothing where nothing was.
#[component]
pub fn Made(app: App, order: Memo<Option<Order>>) -> impl IntoView {
    let id = Memo::new(move |_| order.with(|order| order.as_ref().map(|order| order.id.clone()).unwrap_or_default()));
    let entries = Memo::new(move |_| app.payments.of_order(&id.get()));
    let count = Memo::new(move |_| entries.with(Vec::len));
    let any = Memo::new(move |_| count.get() > 0);
    move || {
        any.get().then(|| {
            view! {
                <section class="card" aria-label=t(Text::PaymentsMade)>
                    <div class="card-head"><h2>{t(Text::PaymentsMade)}</h2></div>
                    <For
                        each=move || entries.get()
                        key=|entry| entry.key()
                        children=move |entry| {
                            let key = entry.key();
                            let entry = Memo::new(move |before: Option<&Entry>| {
                                let found = entries.with(|entries| entries.iter().find(|entry| entry.key() == key).cloned());
                                // While it leaves the list it stays what it was.
                                found.or_else(|| before.cloned()).unwrap_or_else(|| entry.clone())
                            });
                            view! { <One app entry order count /> }
                        }
                    />
                </section>
            }
        })
    }
}

/// What became of what was signed here, what that means, and what can be done about it.
#[component]
pub fn Became(app: App, entry: Memo<Entry>) -> impl IntoView {
    move || {
        let entry = entry.get();
        let meaning = words::meaning(&entry);
        let key = entry.key();
        let is_transfer = entry.transfer_id().is_some();
        let progress = entry.progress;
        let refusal = progress
            .refusal
            .filter(|_| !matches!(progress.phase, payments::Phase::Confirmed));
        let looks = !progress.phase.is_final() && progress.phase != payments::Phase::Sending;
        let actions = looks.then(|| {
            view! {
                <div class="form-actions">
                    <button class="button" type="button" on:click=move |_| app.payments.look_again()>
                        <Icon shape=Shape::Refresh />
                        {t(Text::PaymentsLookAgain)}
                    </button>
                    {is_transfer
                        .then(|| {
                            view! {
                                <button class="button" type="button" on:click=move |_| app.payments.send_again(&key)>
                                    <Icon shape=Shape::ArrowUp />
                                    {t(Text::SendSameAgain)}
                                </button>
                            }
                        })}
                </div>
            }
        });
        view! {
            <Message tone=meaning.tone title=meaning.title>
                <p>{meaning.facts}</p>
                {refusal
                    .map(|refusal| {
                        view! {
                            {words::why_refused(refusal.reason).map(|why| view! { <p>{why}</p> })}
                            <p class="mono small">{format!("{} ({})", refusal.message, refusal.code)}</p>
                        }
                    })}
                {(!progress.heard.is_empty() && looks).then(|| view! { <p class="mono small">{progress.heard}</p> })}
                {actions}
            </Message>
        }
    }
}

/// One payment.
#[component]
fn One(app: App, entry: Memo<Entry>, order: Memo<Option<Order>>, count: Memo<usize>) -> impl IntoView {
    let name = |key: Text| Signal::derive(move || i18n::text(key).to_owned());
    let first = entry.get_untracked();
    let number = first.attempt() + 1;
    let heading = {
        let entry = first.clone();
        move || {
            if count.get() > 1 {
                let values = [("number", number.to_string()), ("amount", words::paid(&entry))];
                let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
                i18n::text_with(Text::PaymentsNumbered, &values)
            } else {
                words::paid(&entry)
            }
        }
    };
    view! {
        <article class="payment">
            <div class="payment-head">
                <h3>{heading}</h3>
                {move || {
                    let (text, class) = words::badge(entry.get().progress.phase);
                    view! { <span class=class>{text}</span> }
                }}
            </div>
            <steps::Steps entry order />
            <Became app entry />
            <dl class="fact-list payment-facts">
                <dt>{t(Text::PaymentsTransaction)}</dt>
                <dd><Copyable value=first.transaction_id.to_string() what=name(Text::PaymentsTransaction) /></dd>
                <dt>{t(Text::PaymentsRecipient)}</dt>
                <dd class="mono">{first.recipient.to_string()}</dd>
                <dt>{t(Text::PaymentsAttachment)}</dt>
                <dd class="mono">{first.attachment.clone()}</dd>
                <dt>{t(Text::PaymentsFee)}</dt>
                <dd>{words::native(first.fee)}</dd>
            </dl>
        </article>
    }
}
