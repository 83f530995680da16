//! The way of a payment, step by step: from the signature to the order on file.

use leptos::prelude::*;
use payments::{Entry, Phase};
use vcloud_api::types::{Order, OrderStatus};

use crate::components::{Icon, Shape};
use crate::i18n::{self, Text, t};
use crate::state::clock::now_seconds;

/// Where a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Done, at this time where it is known.
    Done(Option<i64>),
    /// What is waited for.
    Now,
    /// It comes later, if at all.
    Later,
    /// It will not come.
    Never,
}

/// The steps with their states: signed, written down, sent, seen by the node, seen by the platform, filed.
fn states(entry: &Entry, platform: Option<i64>, filed: Option<i64>, is_closed: bool) -> [State; 6] {
    let progress = &entry.progress;
    let made = State::Done(Some(entry.made_at()));
    let sent = match progress.phase {
        Phase::Journalled => State::Now,
        Phase::Withdrawn => State::Never,
        Phase::Sending if progress.sends == 1 => State::Now,
        _ if progress.sends > 0 => State::Done(Some(progress.sent_at)),
        _ => State::Never,
    };
    let node = match progress.phase {
        Phase::Confirmed => State::Done(Some(progress.since)),
        Phase::Journalled => State::Later,
        Phase::Sending if progress.sends == 1 => State::Later,
        phase if phase.is_final() => State::Never,
        _ => State::Now,
    };
    let confirmed = progress.phase == Phase::Confirmed;
    let after = |seen: Option<i64>, before: bool| match seen {
        Some(at) if confirmed => State::Done((at > 0).then_some(at)),
        None if is_closed => State::Never,
        _ if confirmed && before => State::Now,
        _ if progress.phase.is_final() && !confirmed => State::Never,
        _ => State::Later,
    };
    [
        made,
        made,
        sent,
        node,
        after(platform, true),
        after(filed, platform.is_some()),
    ]
}

const NAMES: [Text; 6] = [
    Text::PaymentsStepSigned,
    Text::PaymentsStepJournalled,
    Text::PaymentsStepSent,
    Text::PaymentsStepNode,
    Text::PaymentsStepPlatform,
    Text::PaymentsStepFiled,
];

/// The list of steps.
#[component]
pub fn Steps(entry: Memo<Entry>, order: Memo<Option<Order>>) -> impl IntoView {
    // The platform does not say when it saw a payment; what was there when the page came has no time.
    let seen = Memo::new(move |before: Option<&Option<i64>>| {
        let is_seen = order.with(|order| {
            order.as_ref().is_some_and(|order| {
                matches!(order.status, OrderStatus::Paid | OrderStatus::Filed)
                    || order.amount_due() < entry.with(Entry::due)
            })
        });
        time_of(is_seen, before.copied())
    });
    // Of an order that is not open any more the platform counts nothing that it has not counted.
    let is_closed = Memo::new(move |_| {
        order.with(|order| {
            order
                .as_ref()
                .is_some_and(|order| matches!(order.status, OrderStatus::Other(_)))
        })
    });
    let filed = Memo::new(move |before: Option<&Option<i64>>| {
        let is_filed = order.with(|order| order.as_ref().is_some_and(|order| order.status == OrderStatus::Filed));
        time_of(is_filed, before.copied())
    });
    view! {
        <ol class="steps" aria-label=t(Text::PaymentsSteps)>
            {move || {
                let states = states(&entry.get(), seen.get(), filed.get(), is_closed.get());
                states
                    .into_iter()
                    .zip(NAMES)
                    .map(|(state, name)| {
                        let (class, word) = match state {
                            State::Done(_) => ("step step-done", Text::PaymentsStepDone),
                            State::Now => ("step step-now", Text::PaymentsStepNow),
                            State::Later => ("step", Text::PaymentsStepLater),
                            State::Never => ("step step-never", Text::PaymentsStepNever),
                        };
                        let time = match state {
                            State::Done(Some(at)) => i18n::date_time(at),
                            _ => String::new(),
                        };
                        view! {
                            <li class=class aria-current=(state == State::Now).then_some("step")>
                                <span class="step-mark">
                                    {match state {
                                        State::Done(_) => view! { <Icon shape=Shape::Check /> }.into_any(),
                                        State::Now => view! { <span class="spinner"></span> }.into_any(),
                                        State::Never => view! { <Icon shape=Shape::Close /> }.into_any(),
                                        State::Later => ().into_any(),
                                    }}
                                </span>
                                <span class="step-name">{t(name)}</span>
                                <span class="visually-hidden">{t(word)}</span>
                                <span class="step-time soft small">{time}</span>
                            </li>
                        }
                    })
                    .collect_view()
            }}
        </ol>
    }
}

/// When something was seen for the first time: 0 where it was so already when the page came, none where it is not so.
fn time_of(is_so: bool, before: Option<Option<i64>>) -> Option<i64> {
    match (is_so, before) {
        (false, _) => None,
        (true, None) => Some(0),
        (true, Some(Some(at))) => Some(at),
        (true, Some(None)) => Some(now_seconds()),
    }
}
