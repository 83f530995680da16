//! `/renew?service={id}…`: more time for one or many services, priced as it is typed, ordered once for each provider.

mod lines;
mod plan;
mod rows;

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::length::{Lengths, MomentField};
use super::order_outcomes::Outcomes;
use super::sum::{Part, Sum};
use super::{explain_briefly, set_title};
use crate::components::{DraftOffer, Field, Icon, Message, Shape, Tone, toast};
use crate::i18n::{self, Plural, Text, t};
use crate::route::{List, OrderList, Page};
use crate::state::cart::{Contents, Ordered, Outcome, Subject, Wanted};
use crate::state::drafts::{Keep, Place};
use crate::state::{App, use_app};
use lines::Lines;

/// The page at `/renew`.
#[component]
pub fn RenewPage() -> impl IntoView {
    let app = use_app();
    set_title(|| i18n::text(Text::RenewTitle).to_owned());
    let query = use_query_map();
    let ids = Memo::new(move |_| {
        let mut ids = query.with(|query| query.get_all("service").unwrap_or_default());
        let mut seen = std::collections::BTreeSet::new();
        ids.retain(|id| !id.is_empty() && seen.insert(id.clone()));
        ids
    });
    let has_any = Memo::new(move |_| ids.with(|ids| !ids.is_empty()));
    view! {
        <a class="breadcrumb" href=Page::Services(List::Running).href()>
            <Icon shape=Shape::Previous />
            {t(Text::ListRunning)}
        </a>
        <header class="page-head">
            <h1>{t(Text::RenewTitle)}</h1>
            <span class="soft">
                {move || has_any.get().then(|| i18n::plural(Plural::ListCount, ids.with(Vec::len) as u64))}
            </span>
        </header>
        {move || match (app.session.token_service(), has_any.get()) {
            (Some(_), _) => view! {
                <Message tone=Tone::Warn title=i18n::text(Text::OrdersTokenTitle)>
                    <p>{t(Text::RenewTokenAdvice)}</p>
                </Message>
            }
            .into_any(),
            (None, false) => view! {
                <div class="card empty">
                    <h2>{t(Text::RenewNothing)}</h2>
                    <p>{t(Text::RenewNothingAdvice)}</p>
                    <a class="button" href=Page::Services(List::Running).href()>{t(Text::ListRunning)}</a>
                </div>
            }
            .into_any(),
            (None, true) => view! { <Renewal app ids /> }.into_any(),
        }}
    }
}

#[component]
fn Renewal(app: App, ids: Memo<Vec<String>>) -> impl IntoView {
    // What was read once is not said again on the next visit.
    app.cart.forget_outcomes(true);
    // Orders that were sent before a reload, or are being sent by another tab.
    Effect::new(move |_| {
        app.cart.with(|contents| contents.undecided().len());
        app.cart.look_for_lost(app);
    });
    let lines = Lines::follow(app, ids);
    let sending = Memo::new(move |_| {
        let outcomes = app.cart.outcomes();
        let mut outcomes = outcomes.iter().filter(|(subject, _)| subject.is_renewal());
        outcomes.any(|(_, outcome)| *outcome == Outcome::Sending)
    });
    // What is made is out of the form: neither ordered again nor counted again.
    let is_made = move |provider: &str| {
        let subject = Subject::Renewal(provider.to_owned());
        let of_these = |contents: &Contents| {
            let last = contents.last(&subject);
            last.is_some_and(|last| ids.with(|ids| last.renews_any(ids)))
        };
        matches!(app.cart.outcome(&subject), Some(Outcome::Made { .. })) && app.cart.with(of_these)
    };
    // What may be ordered is not kept as a draft.
    let is_spoken_for = move |provider: &str| {
        let subject = Subject::Renewal(provider.to_owned());
        app.cart.is_locked(&subject) || matches!(app.cart.outcome(&subject), Some(Outcome::Made { .. }))
    };
    let wanted = Memo::new(move |_| {
        let mut orders = lines.orders();
        orders.retain(|order| !is_made(&order.provider) && !app.cart.is_locked(&order.subject()));
        orders
    });
    // The providers that something was ordered from here.
    let ordered: RwSignal<Vec<String>> = RwSignal::new(Vec::new());
    let navigate = use_navigate();
    let drop_line = {
        let navigate = navigate.clone();
        Callback::new(move |id: String| {
            let left: Vec<String> = ids.get_untracked().into_iter().filter(|other| *other != id).collect();
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&Page::Renew(left).path(), options);
        })
    };
    let offered = RwSignal::new(place(app).and_then(|place| {
        let mut draft = place.load::<Hours>()?;
        ids.with_untracked(|ids| draft.content.retain(|id, _| ids.contains(id)));
        (!draft.content.is_empty()).then_some(draft)
    }));
    let keeper = place(app).map(|place| {
        place.keep(move || {
            let mut hours = lines.hours();
            hours.retain(
                |id, _| !matches!(lines.target(id), Some(Ok(target)) if is_spoken_for(&target.service.provider)),
            );
            hours.extend(of_others(app, &ids.get()));
            match (offered.with(Option::is_some), hours.is_empty()) {
                (true, _) => Keep::AsItIs,
                (false, true) => Keep::Nothing,
                (false, false) => Keep::This(hours),
            }
        })
    });
    let forget = move || {
        let others = untrack(|| of_others(app, &ids.get()));
        if let Some(keeper) = keeper {
            keeper.forget();
        }
        if let (Some(place), false) = (place(app), others.is_empty()) {
            place.save(&others);
        }
        offered.set(None);
    };
    Effect::new(move |_| {
        let ordered = ordered.get();
        let outcome = |provider: &String| app.cart.outcome(&Subject::Renewal(provider.clone()));
        let made: Option<Vec<String>> = ordered
            .iter()
            .map(|provider| outcome(provider)?.to_be_paid().map(str::to_owned))
            .collect();
        let Some(made) = made.filter(|made| !made.is_empty()) else {
            return;
        };
        forget();
        // The form is left behind for good: Back must not lead to an order that is made already.
        let options = NavigateOptions {
            replace: true,
            ..NavigateOptions::default()
        };
        let page = match made.as_slice() {
            [only] => Page::Order(only.clone()),
            _ => Page::Orders(OrderList::Pending),
        };
        navigate(&page.path(), options);
    });
    let can_order = move || {
        !sending.get()
            && lines.all_decided()
            && wanted.with(|wanted| !wanted.is_empty() && wanted.iter().all(|order| order.total.is_ok()))
    };
    let order = move |_| {
        if !untrack(can_order) {
            return;
        }
        for order in wanted.get_untracked() {
            let provider = order.provider.clone();
            if let Some(made) = app.cart.ordering(app, order.clone()) {
                ordered.update(|ordered| {
                    ordered.retain(|other| *other != provider);
                    ordered.push(provider);
                });
                spawn_local(make(app, order, made, lines, ordered));
            }
        }
    };
    let go_on = move |hours: &Hours| {
        for (id, hours) in hours {
            lines.set_hours(id, hours);
        }
        offered.set(None);
    };
    let length = RwSignal::new(String::new());
    let until = RwSignal::new(String::new());
    view! {
        // First what becomes of the draft: what would be typed meanwhile would be lost by going on with it.
        {move || {
            offered
                .get()
                .map(|draft| {
                    view! {
                        <DraftOffer
                            at=draft.at
                            left_out=Signal::derive(|| i18n::text(Text::RenewDraft).to_owned())
                            on_continue=Callback::new(move |()| go_on(&draft.content))
                            on_discard=Callback::new(move |()| forget())
                        />
                    }
                })
        }}
        <div class="stack" hidden=move || offered.with(Option::is_some)>
            <section class="card card-body" aria-label=t(Text::RenewForAll)>
                <h2>{move || i18n::text(if ids.with(Vec::len) > 1 { Text::RenewForAll } else { Text::RenewHowLong })}</h2>
                <Lengths disabled=sending on_choose=Callback::new(move |hours: u64| lines.set_all_hours(&hours.to_string())) />
                {move || {
                    (ids.with(Vec::len) > 1)
                        .then(|| {
                            view! {
                                <div class="renew-all">
                                    <Field label=Signal::derive(|| i18n::text(Text::RenewAllHours).to_owned()) value=length mode="numeric" />
                                    <button
                                        class="button"
                                        type="button"
                                        disabled=move || sending.get() || length.with(|length| length.trim().is_empty())
                                        on:click=move |_| lines.set_all_hours(length.get_untracked().trim())
                                    >
                                        {t(Text::RenewSetHours)}
                                    </button>
                                    <MomentField label=Text::RenewAllUntil value=until on_input=Callback::new(move |moment| until.set(moment)) />
                                    <button
                                        class="button"
                                        type="button"
                                        disabled=move || sending.get() || until.with(String::is_empty)
                                        on:click=move |_| lines.set_all_until(&until.get_untracked())
                                    >
                                        {t(Text::RenewSetUntil)}
                                    </button>
                                </div>
                            }
                        })
                }}
                <p class="field-help">{t(Text::RenewUntilHelp)}</p>
            </section>
            <rows::Rows app ids lines sending is_made=Callback::new(move |provider: String| is_made(&provider)) on_drop=drop_line />
            <section class="card card-body renew-sum" aria-label=t(Text::RenewSum)>
                <h2>{t(Text::RenewSum)}</h2>
                <Sum parts=Signal::derive(move || wanted.with(|wanted| wanted.iter().map(Part::of).collect())) />
                <Outcomes app renewals=true />
                <div class="form-actions">
                    <button class="button button-primary" type="button" disabled=move || !can_order() on:click=order>
                        {move || sending.get().then(|| view! { <span class="spinner"></span> })}
                        {move || i18n::plural(Plural::RenewAction, wanted.with(Vec::len).max(1) as u64)}
                    </button>
                    <span class="soft">{t(Text::RenewNothingPaid)}</span>
                </div>
            </section>
        </div>
    }
}

/// The hours typed for each service, by its id: what a draft has.
type Hours = BTreeMap<String, String>;

/// Where they are kept: one draft, whichever services are renewed together.
fn place(app: App) -> Option<Place> {
    Place::of(app.session, "renew")
}

/// What the draft has of services that are not in the form.
fn of_others(app: App, ids: &[String]) -> Hours {
    let mut hours = place(app)
        .and_then(|place| place.load::<Hours>())
        .map(|draft| draft.content)
        .unwrap_or_default();
    hours.retain(|id, _| !ids.contains(id));
    hours
}

/// Changes the draft.
fn redraft(place: &Place, change: impl FnOnce(&mut Hours)) {
    let mut hours = place.load::<Hours>().map(|draft| draft.content).unwrap_or_default();
    change(&mut hours);
    if hours.is_empty() {
        place.remove();
    } else {
        place.save(&hours);
    }
}

/// Makes one order. It is not given up when the page, and with it `ordered`, is left: then a message in the corner says what came of it.
async fn make(
    app: App,
    order: Wanted,
    made: impl Future<Output = Option<Outcome>>,
    lines: Lines,
    ordered: RwSignal<Vec<String>>,
) {
    let Ordered::Renewal(items) = &order.ordered else {
        return;
    };
    let hours = items
        .iter()
        .map(|item| (item.user_service_id.clone(), item.duration.to_string()));
    let hours: Hours = hours.collect();
    let place = place(app);
    // Out of the draft before it is sent: whatever becomes of this page, what may be ordered is not offered to be ordered again.
    if let Some(place) = &place {
        redraft(place, |kept| kept.retain(|id, _| !hours.contains_key(id)));
    }
    let Some(outcome) = made.await else { return };
    if outcome == Outcome::Edited {
        lines.is_told();
    }
    let is_not_made = matches!(outcome, Outcome::NotSent(_) | Outcome::Refused(_) | Outcome::Edited);
    if let Some(place) = place.filter(|_| is_not_made) {
        redraft(&place, |kept| kept.extend(hours));
    }
    if !ordered.is_disposed() {
        return;
    }
    let (tone, text) = untrack(|| match &outcome {
        Outcome::Made { id, .. } => (Tone::Good, i18n::text_with(Text::RenewMade, &[("id", id)])),
        other => {
            let reason = match other {
                Outcome::NotSent(error) | Outcome::Refused(error) => explain_briefly(error),
                Outcome::Edited => i18n::text(Text::RenewElsewhereAdvice).to_owned(),
                _ => i18n::text(Text::RenewUnclear).to_owned(),
            };
            let values = [("provider", order.provider.as_str()), ("reason", reason.as_str())];
            (Tone::Bad, i18n::text_with(Text::RenewFailedAt, &values))
        }
    });
    toast(tone, text);
}
