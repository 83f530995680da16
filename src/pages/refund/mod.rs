//! The question before a refund, and what came of it: once in the frame around the pages, asked from a list or a service.

mod plan;

use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use vcloud_api::ApiError;
use vcloud_api::types::{ServiceType, UserServiceStatus};

use super::money::{failure, why_not_refunded};
use super::status::StatusBadge;
use crate::components::{CheckField, Dialog, ErrorMessage, Icon, Message, Shape, Tone, toast};
use crate::i18n::{self, Plural, Text, t};
use crate::net::Abort;
use crate::pages::explain;
use crate::state::orders::{self, Target, is_unclear};
use crate::state::{App, Remote};
use plan::{Group, LeftOut, Plan, is_deployed};

/// What became of a provider's call.
#[derive(Clone)]
enum Step {
    Sending,
    Accepted,
    Failed(ApiError),
}

/// The dialog, shown as long as `app.orders.refund` names services.
#[component]
pub fn AskRefund(app: App) -> impl IntoView {
    let open = RwSignal::new(false);
    let asked = app.orders.refund;
    Effect::new(move |_| open.set(asked.get().is_some()));
    Effect::new(move |before: Option<bool>| {
        let is_open = open.get();
        if before == Some(true) && !is_open {
            asked.set(None);
        }
        is_open
    });
    let count = move || asked.with(|asked| asked.as_ref().map_or(0, |targets| targets.len() as u64));
    view! {
        <Dialog open title=Signal::derive(move || i18n::plural(Plural::RefundTitle, count()))>
            {move || asked.get().map(|targets| view! { <Refund app targets open /> })}
        </Dialog>
    }
}

#[component]
fn Refund(app: App, targets: Arc<Vec<Target>>, open: RwSignal<bool>) -> impl IntoView {
    let services: Vec<_> = targets.iter().map(|target| target.service.clone()).collect();
    let load_types = move || app.services.want_types(app, &services);
    load_types();
    let owner = targets
        .first()
        .map(|target| target.service.address.clone())
        .unwrap_or_default();
    let type_ids: Vec<String> = targets.iter().map(|target| target.service.service_id.clone()).collect();
    // What is asked for is settled when it is sent: later answers about these services do not change it.
    let settled: RwSignal<Option<Plan>> = RwSignal::new(None);
    let steps: RwSignal<HashMap<String, Step>> = RwSignal::new(HashMap::new());
    let plan = {
        let targets = Arc::clone(&targets);
        Memo::new(move |_| {
            settled.get().unwrap_or_else(|| {
                let known: HashMap<String, Arc<ServiceType>> = targets
                    .iter()
                    .map(|target| &target.service.service_id)
                    .filter_map(|id| Some((id.clone(), Arc::clone(app.services.types.peek(id).value()?))))
                    .collect();
                Plan::of(
                    &targets,
                    |id| known.get(id).map(AsRef::as_ref),
                    |id| app.pending.of(id).is_some(),
                )
            })
        })
    };
    let types_failed = Memo::new(move |_| {
        type_ids.iter().find_map(|id| match app.services.types.peek(id) {
            Remote::Failed(error) => Some(explain(&error).title),
            _ => None,
        })
    });
    let understood = RwSignal::new(false);
    let can_sign = move || app.session.can_sign();
    let sending = move || steps.with(|steps| steps.values().any(|step| matches!(step, Step::Sending)));
    let failed = move || steps.with(|steps| steps.values().any(|step| matches!(step, Step::Failed(_))));
    let is_ready = move || {
        plan.with(|plan| {
            plan.unknown_types.is_empty() && plan.count() > 0 && (plan.deployed() == 0 || understood.get())
        }) && can_sign()
            && !sending()
    };
    let send = move |_| {
        if !untrack(is_ready) {
            return;
        }
        let plan = plan.get_untracked();
        settled.set(Some(plan.clone()));
        for group in plan.groups {
            let before = steps.with_untracked(|steps| steps.get(&group.provider).cloned());
            if matches!(before, Some(Step::Accepted | Step::Sending)) {
                continue;
            }
            let unclear = matches!(&before, Some(Step::Failed(error)) if is_unclear(error));
            steps.update(|steps| {
                steps.insert(group.provider.clone(), Step::Sending);
            });
            spawn_local(async move { carry_out(app, group, unclear, steps, open).await });
        }
    };
    view! {
        {move || {
            (!can_sign())
                .then(|| {
                    let owner = owner.clone();
                    view! {
                        <Message tone=Tone::Warn title=i18n::text(Text::OrdersTokenTitle)>
                            <p>{i18n::text_with(Text::OrdersTokenAdvice, &[("address", &owner)])}</p>
                        </Message>
                    }
                })
        }}
        {move || {
            let (known, load_types) = (plan.with(|plan| plan.unknown_types.is_empty()), load_types.clone());
            match types_failed.get() {
                Some(title) if !known => view! {
                    <ErrorMessage
                        title
                        advice=i18n::text(Text::RefundTypesFailed)
                        on_retry=Callback::new(move |()| load_types())
                    />
                }
                .into_any(),
                _ if !known => view! { <p role="status" class="soft">{t(Text::RefundChecking)}</p> }.into_any(),
                _ => ().into_any(),
            }
        }}
        <div class="ask-scroll" tabindex="0" role="group" aria-label=t(Text::RefundServices)>
        {move || {
            plan.get()
                .groups
                .into_iter()
                .map(|group| view! { <GroupCard app group steps /> })
                .collect_view()
        }}
            <LeftOutList plan />
        </div>
        {move || {
            (plan.with(Plan::count) > 0)
                .then(|| {
                    let deployed = plan.with(Plan::deployed) as u64;
                    view! {
                        <div class="stack-tight">
                            <p>
                                {t(if deployed > 0 { Text::RefundEffectDeployed } else { Text::RefundEffectUsable })} " "
                                <strong>{t(Text::RefundNoWayBack)}</strong>
                            </p>
                            <p class="soft">{t(Text::RefundAmount)}</p>
                        </div>
                        {(deployed > 0 && can_sign())
                            .then(|| {
                                view! {
                                    <CheckField
                                        label=Signal::derive(move || i18n::plural(Plural::RefundUnderstood, deployed))
                                        value=understood
                                    />
                                }
                            })}
                    }
                })
        }}
        <div class="dialog-actions">
            <button class="button" type="button" autofocus on:click=move |_| open.set(false)>
                {move || i18n::text(if failed() || !can_sign() { Text::OrdersClose } else { Text::ActionCancel })}
            </button>
            {move || {
                let count = plan.with(Plan::count) as u64;
                (count > 0 && can_sign())
                    .then(|| {
                        view! {
                            <button class="button button-danger" type="button" disabled=move || !is_ready() on:click=send>
                                {move || {
                                    if sending() {
                                        view! { <span class="spinner"></span> }.into_any()
                                    } else {
                                        view! { <Icon shape=Shape::Refund /> }.into_any()
                                    }
                                }}
                                {move || {
                                    if failed() {
                                        i18n::text(Text::RefundRetry).to_owned()
                                    } else {
                                        i18n::plural(Plural::RefundAction, count)
                                    }
                                }}
                            </button>
                        }
                    })
            }}
        </div>
    }
}

/// Sends a provider's call. It is not given up when the dialog is closed: then a message in the corner says what came of it.
async fn carry_out(
    app: App,
    group: Group,
    unclear: bool,
    steps: RwSignal<HashMap<String, Step>>,
    open: RwSignal<bool>,
) {
    let mut ids: Vec<String> = group.targets.iter().map(|target| target.service.id.clone()).collect();
    // The call before this one had no answer: what it ended is not asked for again.
    if unclear {
        let mut left = Vec::new();
        for id in ids {
            let known = app.services.fetch_known(app, id.clone(), Abort::new()).await;
            if !known.is_ok_and(|known| known.service.status == UserServiceStatus::Abort) {
                left.push(id);
            }
        }
        ids = left;
    }
    let answer = if ids.is_empty() {
        Ok(())
    } else {
        orders::refund(app, ids).await
    };
    let step = match &answer {
        Ok(()) => {
            for target in &group.targets {
                app.services.remember_provider(&target.service);
                app.pending.begin_refund(&target.service.id);
            }
            Step::Accepted
        }
        Err(error) => Step::Failed(error.clone()),
    };
    app.services.expect_change();
    let is_shown = steps
        .try_update(|steps| {
            steps.insert(group.provider.clone(), step);
        })
        .is_some();
    match answer {
        Ok(()) => {
            let count = group.targets.len() as u64;
            toast(Tone::Good, untrack(|| i18n::plural(Plural::RefundAccepted, count)));
            let is_done = steps.try_with_untracked(|steps| steps.values().all(|step| matches!(step, Step::Accepted)));
            if is_done == Some(true) {
                open.set(false);
            }
        }
        Err(error) if !is_shown => {
            let reason = untrack(|| failure(&error, Text::RefundUnclear));
            let values = [("provider", group.provider.as_str()), ("reason", reason.as_str())];
            toast(Tone::Bad, untrack(|| i18n::text_with(Text::RefundFailedAt, &values)));
        }
        Err(_) => {}
    }
}

/// What is refunded at one provider.
#[component]
fn GroupCard(app: App, group: Group, steps: RwSignal<HashMap<String, Step>>) -> impl IntoView {
    let provider = StoredValue::new(group.provider.clone());
    let step = move || steps.with(|steps| provider.with_value(|provider| steps.get(provider).cloned()));
    view! {
        <section class="ask" aria-label=group.provider.clone()>
            <div class="row">
                <h3>{group.provider.clone()}</h3>
                {move || match step() {
                    Some(Step::Sending) => view! { <span class="badge badge-busy">{t(Text::RefundSending)}</span> }.into_any(),
                    Some(Step::Accepted) => view! { <span class="badge badge-good">{t(Text::RefundGroupAccepted)}</span> }.into_any(),
                    Some(Step::Failed(_)) => view! { <span class="badge badge-bad">{t(Text::RefundGroupFailed)}</span> }.into_any(),
                    None => ().into_any(),
                }}
            </div>
            <ul class="ask-list">
                {group
                    .targets
                    .into_iter()
                    .map(|target| {
                        let given_up = is_deployed(&target)
                            .then(|| {
                                let left = target.service.time_left(crate::state::clock::now_seconds());
                                move || i18n::text_with(Text::RefundTimeLeft, &[("left", &i18n::duration(left))])
                            });
                        let size = [
                            target.service.service.clone(),
                            target.service.service_options.get("resourceUnit").unwrap_or_default().to_owned(),
                            target.service.service_options.region().to_owned(),
                        ];
                        let size: Vec<String> = size.into_iter().filter(|part| !part.is_empty()).collect();
                        view! {
                            <li class="ask-item">
                                <Name target=target.clone() />
                                <StatusBadge app service=target.service />
                                <span class="soft small">{size.join(" · ")} {given_up.map(|text| view! { " · " {text} })}</span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            {move || match step() {
                Some(Step::Failed(error)) => view! {
                    <p class="field-error" role="alert">{failure(&error, Text::RefundUnclear)}</p>
                }
                .into_any(),
                _ => ().into_any(),
            }}
        </section>
    }
}

/// A service by the name that its owner gave it, and its id.
#[component]
fn Name(target: Target) -> impl IntoView {
    view! {
        <span class="ask-name">
            {(!target.label.is_empty()).then(|| view! { <strong>{target.label.clone()}</strong> })}
            <span class="mono small">{target.service.id}</span>
        </span>
    }
}

/// What was chosen and is not refunded, with the reason of each.
#[component]
fn LeftOutList(plan: Memo<Plan>) -> impl IntoView {
    move || {
        let left_out = plan.with(|plan| plan.left_out.clone());
        (!left_out.is_empty()).then(|| {
            view! {
                <section class="ask" aria-label=t(Text::RefundLeftOut)>
                    <h3>{t(Text::RefundLeftOut)}</h3>
                    <ul class="ask-list">
                        {left_out
                            .into_iter()
                            .map(|(target, why)| {
                                let why = move || match why {
                                    LeftOut::Obstacle(obstacle) => why_not_refunded(obstacle),
                                    LeftOut::Pending => i18n::text(Text::OperationWhyPending),
                                };
                                view! {
                                    <li class="ask-item">
                                        <Name target />
                                        <span class="soft small">{why}</span>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                </section>
            }
        })
    }
}
