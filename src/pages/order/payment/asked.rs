//! What the browser extension was asked to pay, and what became of it.

use leptos::prelude::*;
use payments::{Difference, Intent, Stage};
use vcloud_api::types::Order;

use super::words;
use crate::components::{Copyable, Icon, Message, Shape, Tone};
use crate::i18n::{self, Text, t};
use crate::state::App;

/// The requests for the order, the latest first; nothing where there are none.
#[component]
pub fn AskedFor(app: App, order: Memo<Option<Order>>) -> impl IntoView {
    let intents = Memo::new(move |_| {
        let id = order.with(|order| order.as_ref().map(|order| order.id.clone()));
        id.map(|id| app.payments.asked_of_order(&id)).unwrap_or_default()
    });
    let paid = Memo::new(move |_| {
        order.with(|order| {
            order
                .as_ref()
                .map(|order| (order.id.clone(), order.status.clone(), order.amount_paid))
        })
    });
    Effect::new(move |before: Option<()>| {
        let paid = paid.get();
        if let Some((id, ..)) = paid.filter(|_| before.is_some()) {
            app.payments.look_for_late(app, &id);
        }
    });
    let any = Memo::new(move |_| intents.with(|intents| !intents.is_empty()));
    move || {
        any.get().then(|| {
            view! {
                <section class="card" aria-label=t(Text::ExtensionPayments)>
                    <div class="card-head"><h2>{t(Text::ExtensionPayments)}</h2></div>
                    <For
                        each=move || intents.get()
                        key=|intent| intent.key()
                        children=move |intent| {
                            let key = intent.key();
                            let intent = Memo::new(move |before: Option<&Intent>| {
                                let found = intents.with(|intents| intents.iter().find(|intent| intent.key() == key).cloned());
                                // While it leaves the list it stays what it was.
                                found.or_else(|| before.cloned()).unwrap_or_else(|| intent.clone())
                            });
                            view! { <One app intent /> }
                        }
                    />
                </section>
            }
        })
    }
}

#[component]
fn One(app: App, intent: Memo<Intent>) -> impl IntoView {
    let first = intent.get_untracked();
    let stage = Memo::new(move |_| intent.with(|intent| intent.stage));
    let heard = Memo::new(move |_| intent.with(|intent| (intent.not_searched, intent.heard.clone())));
    let until = Memo::new(move |_| intent.with(Intent::looked_for_until));
    let difference = Memo::new(move |_| intent.with(|intent| intent.difference));
    let transaction = Memo::new(move |_| intent.with(|intent| intent.transaction_id));
    view! {
        <article class="payment">
            <div class="payment-head">
                <h3>{amount(&first)}</h3>
                {move || {
                    let (text, class) = badge(stage.get());
                    view! { <span class=class>{text}</span> }
                }}
            </div>
            {move || {
                let stage = stage.get();
                let (tone, title, facts) = meaning(stage);
                // The extension itself has to answer first; afterwards the chain can be asked.
                let looks = stage.may_be_late() || matches!(stage, Stage::Lost | Stage::Named);
                view! {
                    <Message tone title=i18n::text(title)>
                        {move || difference.get().map(|difference| view! { <p>{t(differs(difference))}</p> })}
                        <p>{move || i18n::text_with(facts, &[("until", &i18n::date_time(until.get()))])}</p>
                        {move || {
                            let (not_searched, heard) = heard.get();
                            view! {
                                {not_searched.then(|| view! { <p>{t(Text::ExtensionNotSearched)}</p> })}
                                {(!heard.is_empty()).then(|| view! { <p class="mono small">{heard}</p> })}
                            }
                        }}
                        {looks
                            .then(|| {
                                view! {
                                    <div class="form-actions">
                                        <button
                                            class="button"
                                            type="button"
                                            on:click=move |_| app.payments.look_for(app, intent.with_untracked(Intent::key))
                                        >
                                            <Icon shape=Shape::Refresh />
                                            {t(Text::PaymentsLookAgain)}
                                        </button>
                                    </div>
                                }
                            })}
                    </Message>
                }
            }}
            <dl class="fact-list payment-facts">
                {move || {
                    let id = transaction.get()?;
                    let what = Signal::derive(|| i18n::text(Text::PaymentsTransaction).to_owned());
                    Some(view! {
                        <dt>{t(Text::PaymentsTransaction)}</dt>
                        <dd><Copyable value=id.to_string() what /></dd>
                    })
                }}
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

/// What it pays.
pub fn amount(intent: &Intent) -> String {
    words::amount(intent.units, intent.unit, &intent.symbol)
}

/// Where it is, in a word or two, and the class of its badge (tracked).
pub fn badge(stage: Stage) -> (&'static str, &'static str) {
    let (text, class) = match stage {
        Stage::Asked => (Text::ExtensionStageAsked, "badge badge-busy"),
        Stage::Lost => (Text::ExtensionStageLost, "badge badge-warn"),
        Stage::Missing => (Text::ExtensionStageMissing, "badge badge-warn"),
        Stage::Named => (Text::ExtensionStageNamed, "badge badge-busy"),
        Stage::Different => (Text::ExtensionStageDifferent, "badge badge-warn"),
        Stage::Confirmed => (Text::PaymentsPhaseConfirmed, "badge badge-good"),
        Stage::Failed => (Text::PaymentsPhaseFailed, "badge badge-bad"),
        Stage::Expired => (Text::PaymentsPhaseExpired, "badge"),
        Stage::Declined => (Text::ExtensionStageDeclined, "badge"),
    };
    (i18n::text(text), class)
}

/// How what was sent differs from what was asked for.
const fn differs(difference: Difference) -> Text {
    match difference {
        Difference::Sender => Text::ExtensionDiffersSender,
        Difference::Note => Text::ExtensionDiffersNote,
        Difference::Payment => Text::ExtensionDiffersPayment,
        Difference::Earlier => Text::ExtensionDiffersEarlier,
    }
}

fn meaning(stage: Stage) -> (Tone, Text, Text) {
    match stage {
        Stage::Asked => (Tone::Info, Text::ExtensionAskedTitle, Text::ExtensionAskedFacts),
        Stage::Lost => (Tone::Warn, Text::ExtensionLostTitle, Text::ExtensionLostFacts),
        Stage::Missing => (Tone::Warn, Text::ExtensionMissingTitle, Text::ExtensionMissingFacts),
        Stage::Named => (Tone::Info, Text::ExtensionNamedTitle, Text::ExtensionNamedFacts),
        Stage::Different => (Tone::Warn, Text::ExtensionDifferentTitle, Text::ExtensionDifferentFacts),
        Stage::Confirmed => (Tone::Good, Text::ExtensionConfirmedTitle, Text::ExtensionConfirmedFacts),
        Stage::Failed => (
            Tone::Bad,
            Text::ExtensionNotCarriedOutTitle,
            Text::ExtensionNotCarriedOutFacts,
        ),
        Stage::Expired => (Tone::Warn, Text::ExtensionExpiredTitle, Text::ExtensionExpiredFacts),
        Stage::Declined => (Tone::Info, Text::ExtensionDeclinedTitle, Text::ExtensionDeclinedFacts),
    }
}
