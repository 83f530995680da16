//! What became of each provider's order, of new services or of more time.

use leptos::prelude::*;
use vcloud_api::ApiError;

use crate::components::{Icon, Message, Shape, Tone};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::money::usd;
use crate::pages::{explain, explain_briefly};
use crate::route::{OrderList, Page};
use crate::state::App;
use crate::state::cart::{Outcome, Subject};

/// The messages, one for each provider that something was ordered from.
#[component]
pub fn Outcomes(
    app: App,
    /// Whether it is about more time.
    renewals: bool,
) -> impl IntoView {
    let all = Memo::new(move |_| {
        let mut all = app.cart.outcomes();
        all.retain(|(subject, _)| subject.is_renewal() == renewals);
        all
    });
    move || {
        all.get()
            .into_iter()
            .map(|(subject, outcome)| said(app, subject, outcome))
            .collect_view()
    }
}

fn said(app: App, subject: Subject, outcome: Outcome) -> AnyView {
    let renewal = subject.is_renewal();
    let own = move |cart: Text, renew: Text| t(if renewal { renew } else { cart });
    let look_again = move || {
        view! {
            <button class="button" type="button" on:click=move |_| app.cart.look_for_lost(app)>
                <Icon shape=Shape::Refresh />
                {t(Text::CartLookAgain)}
            </button>
        }
    };
    let named = |key: Text| {
        let provider = subject.provider().to_owned();
        Signal::derive(move || i18n::text_with(key, &[("provider", &provider)]))
    };
    let why = |error: ApiError| view! { <p>{move || explain_briefly(&error)}</p> };
    match outcome {
        Outcome::Sending => view! { <Message tone=Tone::Info title=named(Text::CartSending) /> }.into_any(),
        Outcome::Made {
            id,
            other_amount,
            was_found,
            twins,
        } => {
            let href = Page::Order(id.clone()).href();
            let pay = href.clone();
            let paid = id.clone();
            view! {
                <Message tone=Tone::Good title=named(Text::RenewMadeAt)>
                    {was_found.then(|| view! { <p>{t(Text::CartWasFound)}</p> })}
                    {(twins > 0).then(|| view! { <p>{move || i18n::plural(Plural::CartTwins, twins as u64)}</p> })}
                    {other_amount
                        .map(|amount| {
                            view! { <p>{move || i18n::text_with(Text::CartOtherAmount, &[("amount", &usd(amount))])}</p> }
                        })}
                    <p class="row">
                        <a class="mono" href=href>{id}</a>
                        <a class="button" href=pay aria-label=move || i18n::text_with(Text::OrdersPayOf, &[("id", &paid)])>
                            {t(Text::OrdersPay)}
                        </a>
                    </p>
                </Message>
            }
            .into_any()
        }
        Outcome::NotSent(error) => view! {
            <Message tone=Tone::Bad title=named(Text::RenewNotMadeAt)>
                {why(error)}
                <p>{own(Text::CartNothingSent, Text::RenewNothingSent)}</p>
            </Message>
        }
        .into_any(),
        Outcome::Changed => view! {
            <Message tone=Tone::Warn title=named(Text::CartChanged)>
                <p>{t(Text::CartChangedAdvice)}</p>
            </Message>
        }
        .into_any(),
        Outcome::Edited => view! {
            <Message tone=Tone::Warn title=named(Text::RenewNotMadeAt)>
                <p>{own(Text::CartEditedAdvice, Text::RenewElsewhereAdvice)}</p>
            </Message>
        }
        .into_any(),
        Outcome::Refused(error) => {
            let title = error.clone();
            view! {
                <Message tone=Tone::Bad title=named(Text::RenewNotMadeAt)>
                    <p>{move || explain(&title).title}</p>
                    {move || explain(&error).detail.map(|detail| view! { <p class="mono small">{detail}</p> })}
                    <p>{own(Text::CartKept, Text::RenewKept)}</p>
                </Message>
            }
            .into_any()
        }
        Outcome::Looking => view! {
            <Message tone=Tone::Warn title=named(Text::CartLooking)>
                <p>{own(Text::CartLookingAdvice, Text::RenewLookingAdvice)}</p>
                <progress aria-label=t(Text::CartLookingName)></progress>
            </Message>
        }
        .into_any(),
        Outcome::NotLooked(error) => view! {
            <Message tone=Tone::Bad title=named(Text::CartNotLooked)>
                {why(error)}
                <p>{own(Text::CartLookingAdvice, Text::RenewLookingAdvice)}</p>
                {look_again()}
            </Message>
        }
        .into_any(),
        Outcome::Absent => view! {
            <Message tone=Tone::Warn title=named(Text::CartAbsent)>
                <p>{t(Text::CartAbsentAdvice)}</p>
                <p class="row">
                    {look_again()}
                    <button class="button" type="button" on:click=move |_| app.cart.give_up(app, &subject)>
                        {t(Text::CartGiveUp)}
                    </button>
                    <a href=Page::Orders(OrderList::Pending).href()>{t(Text::OrdersTitle)}</a>
                </p>
            </Message>
        }
        .into_any(),
    }
}
