//! A change in several steps, for providers that change all domains or none: proposed, shown as it goes, and finished after a failure.

use ::domains::rebind::{Action, Binding, Event, Phase, Plan};
use leptos::prelude::*;

use super::super::leaving::ask_before_unload;
use super::{Shared, words};
use crate::components::{Dialog, ErrorMessage, Icon, Message, Shape, Tone};
use crate::i18n::{self, Text, t};
use crate::state::domains::Change;

/// Asks before a change of several steps is begun.
#[component]
pub fn Proposal(shared: Shared) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(shared.proposed.with(Option::is_some)));
    // Closed by Escape, it is not wanted any more.
    Effect::new(move |_| {
        if !open.get() && shared.proposed.with_untracked(Option::is_some) {
            shared.proposed.set(None);
        }
    });
    let title = Signal::derive(|| i18n::text(Text::DomainsChangeTitle).to_owned());
    let begin = move |_| {
        if let (Some(known), Some(plan)) = (shared.known_untracked(), shared.proposed.get_untracked()) {
            shared.app.domains.begin(shared.app, known, plan);
        }
        open.set(false);
    };
    let lists = move || {
        let plan = shared.proposed.get().unwrap_or_default();
        let stays = shared
            .bound
            .get()
            .unwrap_or_default()
            .into_iter()
            .map(|known| known.domain);
        let stays: Vec<String> = stays
            .filter(|domain| !plan.remove.contains(domain) && plan.add.iter().all(|added| added.domain != *domain))
            .collect();
        let added: Vec<String> = plan.add.iter().map(|added| added.domain.clone()).collect();
        view! {
            {names(Text::DomainsChangeStays, stays)}
            {names(Text::DomainsChangeAdds, added)}
            {names(Text::DomainsChangeRemoves, plan.remove)}
        }
    };
    view! {
        <Dialog open title>
            <p>{t(Text::DomainsChangeWhy)}</p>
            {lists}
            <p>{t(Text::DomainsChangeSafe)}</p>
            <div class="dialog-actions">
                <button class="button" type="button" autofocus on:click=move |_| open.set(false)>{t(Text::ActionCancel)}</button>
                <button class="button button-primary" type="button" on:click=begin>
                    <Icon shape=Shape::Check />
                    {t(Text::DomainsChangeBegin)}
                </button>
            </div>
        </Dialog>
    }
}

fn names(title: Text, domains: Vec<String>) -> Option<impl IntoView> {
    (!domains.is_empty()).then(|| {
        view! {
            <div>
                <p class="field-label">{t(title)}</p>
                <ul class="names mono">{domains.into_iter().map(|domain| view! { <li>{domain}</li> }).collect_view()}</ul>
            </div>
        }
    })
}

/// The change that is under way, or one that was left.
#[component]
pub fn ChangeView(shared: Shared) -> impl IntoView {
    let app = shared.app;
    let change = Memo::new(move |_| shared.id().and_then(|id| app.domains.change(&id)));
    ask_before_unload(move || change.get().is_some_and(|change| change.steps.is_half_way()));
    let left = move || {
        let id = shared.id()?;
        app.domains.unfinished(app, &id)
    };
    let forgotten = Trigger::new();
    let forget = move || {
        if let Some(id) = untrack(|| shared.id()) {
            app.domains.forget(app, &id);
        }
        forgotten.notify();
    };
    let is_there = Memo::new(move |_| change.with(Option::is_some));
    move || {
        forgotten.track();
        if is_there.get() {
            view! { <Steps shared change on_close=Callback::new(move |()| forget()) /> }.into_any()
        } else {
            left()
                .map(|plan| view! { <Left shared plan on_forget=Callback::new(move |()| forget()) /> })
                .into_any()
        }
    }
}

/// A change that was left half-way, by closing the page.
#[component]
fn Left(shared: Shared, plan: Plan, on_forget: Callback<()>) -> impl IntoView {
    let asked = RwSignal::new(false);
    let wanted: Vec<String> = plan.wanted().into_iter().map(|binding| binding.domain).collect();
    let plan = StoredValue::new(plan);
    let finish = move |_| {
        if let Some(known) = shared.known_untracked() {
            shared.app.domains.begin(shared.app, known, plan.get_value());
        }
    };
    let can_sign = move || shared.app.session.can_sign();
    view! {
        <Message tone=Tone::Warn title=Signal::derive(|| i18n::text(Text::DomainsLeftTitle).to_owned())>
            <p>{t(Text::DomainsLeftAdvice)}</p>
            <ul class="names mono">{wanted.into_iter().map(|domain| view! { <li>{domain}</li> }).collect_view()}</ul>
            <div class="row">
                <button class="button button-primary" type="button" disabled=move || !can_sign() on:click=finish>
                    {t(Text::DomainsLeftFinish)}
                </button>
                {move || {
                    if asked.get() {
                        view! {
                            <button class="button button-danger" type="button" on:click=move |_| on_forget.run(())>
                                {t(Text::DomainsLeftForgetSure)}
                            </button>
                        }
                            .into_any()
                    } else {
                        view! {
                            <button class="button" type="button" on:click=move |_| asked.set(true)>
                                {t(Text::DomainsLeftForget)}
                            </button>
                        }
                            .into_any()
                    }
                }}
            </div>
        </Message>
    }
}

/// How far a step has come.
#[derive(Clone, Copy, PartialEq)]
enum Progress {
    Waits,
    Goes,
    Done,
    Failed,
}

/// How far each step of a change has come: unbinding, then each binding that has to be there.
fn progress(change: &Change) -> (Progress, Vec<(Binding, Progress)>) {
    let steps = &change.steps;
    let current = match steps.phase() {
        Phase::Doing(action) => Some((action, Progress::Goes)),
        Phase::Stopped(action) => Some((action, Progress::Failed)),
        Phase::Done => None,
    };
    let wanted = steps.plan().wanted();
    let is_unwanted = |bound: &Binding| wanted.iter().all(|wanted| wanted.domain != bound.domain);
    let unbinding = match current {
        Some((Action::UnbindAll, progress)) => progress,
        Some((Action::Look, _)) if steps.plan().keep.is_none() => Progress::Waits,
        Some((Action::Look, _)) if steps.bound().iter().any(is_unwanted) => Progress::Waits,
        _ => Progress::Done,
    };
    let of = |binding: &Binding| match current {
        Some((Action::Bind(now), progress)) if now.domain == binding.domain => progress,
        Some((Action::UnbindAll, _)) => Progress::Waits,
        _ if unbinding == Progress::Waits => Progress::Waits,
        _ if steps.bound().iter().any(|bound| bound.domain == binding.domain) => Progress::Done,
        _ => Progress::Waits,
    };
    let bindings = wanted.iter().map(|binding| (binding.clone(), of(binding))).collect();
    (unbinding, bindings)
}

#[component]
fn Steps(shared: Shared, change: Memo<Option<Change>>, on_close: Callback<()>) -> impl IntoView {
    let title = move || {
        let change = change.get()?;
        Some(i18n::text(match change.steps.phase() {
            Phase::Doing(Action::Look) => Text::DomainsStepsLooking,
            Phase::Doing(_) => Text::DomainsStepsGoing,
            Phase::Stopped(_) => Text::DomainsStepsStopped,
            Phase::Done => Text::DomainsStepsDone,
        }))
    };
    let list = move || {
        let (unbinding, bindings) = progress(&change.get()?);
        let bindings = bindings.into_iter().map(|(binding, progress)| {
            let values = (binding.domain, binding.container_port.to_string());
            let text = move || i18n::text_with(Text::DomainsStepBind, &[("domain", &values.0), ("port", &values.1)]);
            view! { <Step progress text=Signal::derive(text) /> }
        });
        Some(view! {
            <Step progress=unbinding text=Signal::derive(|| i18n::text(Text::DomainsStepUnbind).to_owned()) />
            {bindings.collect_view()}
        })
    };
    view! {
        <section class="card card-body" aria-label=t(Text::DomainsSteps)>
            <h2 aria-live="polite">{title}</h2>
            <ol class="steps">{list}</ol>
            {move || change.get().map(|change| view! { <Ending shared change on_close /> })}
        </section>
    }
}

/// What can be done about a change that stopped, or is done.
#[component]
fn Ending(shared: Shared, change: Change, on_close: Callback<()>) -> impl IntoView {
    let go_on = move |event: Event| {
        if let Some(known) = shared.known_untracked() {
            shared.app.domains.go_on(shared.app, known, event);
        }
    };
    let left_out = match change.steps.phase() {
        Phase::Doing(_) => return ().into_any(),
        Phase::Done => {
            return view! {
                <div class="row">
                    <button class="button" type="button" on:click=move |_| on_close.run(())>{t(Text::ActionDismiss)}</button>
                </div>
            }
            .into_any();
        }
        Phase::Stopped(Action::Bind(binding)) => Some(binding.domain.clone()),
        Phase::Stopped(_) => None,
    };
    let explained = change.trouble.as_ref().map(words::trouble);
    let is_half_way = change.steps.is_half_way();
    let kept = if change.stored {
        Text::DomainsStepsKept
    } else {
        Text::DomainsStepsUnkept
    };
    view! {
        {explained
            .map(|explained| {
                view! { <ErrorMessage title=explained.title advice=explained.advice detail=Signal::stored(explained.detail) /> }
            })}
        {is_half_way.then(|| view! { <p>{t(kept)}</p> })}
        <div class="row">
            <button class="button button-primary" type="button" on:click=move |_| go_on(Event::Retry)>
                <Icon shape=Shape::Refresh />
                {t(Text::ActionRetry)}
            </button>
            {left_out
                .map(|domain| {
                    let named = domain.clone();
                    view! {
                        <button class="button" type="button" on:click=move |_| go_on(Event::LeaveOut(domain.clone()))>
                            {move || i18n::text_with(Text::DomainsStepsLeaveOut, &[("domain", &named)])}
                        </button>
                    }
                })}
            {(!is_half_way)
                .then(|| {
                    view! {
                        <button class="button" type="button" on:click=move |_| on_close.run(())>{t(Text::ActionCancel)}</button>
                    }
                })}
        </div>
    }
    .into_any()
}

#[component]
fn Step(progress: Progress, #[prop(into)] text: Signal<String>) -> impl IntoView {
    let (mark, said) = match progress {
        Progress::Waits => (view! { <Icon shape=Shape::Clock /> }.into_any(), Text::DomainsStepWaits),
        Progress::Goes => (
            view! { <span class="spinner"></span> }.into_any(),
            Text::DomainsStepGoes,
        ),
        Progress::Done => (view! { <Icon shape=Shape::Check /> }.into_any(), Text::DomainsStepDone),
        Progress::Failed => (
            view! { <Icon shape=Shape::Warning /> }.into_any(),
            Text::DomainsStepFailed,
        ),
    };
    let class = match progress {
        Progress::Waits => "step soft",
        Progress::Goes => "step step-goes",
        Progress::Done => "step step-done",
        Progress::Failed => "step step-failed",
    };
    view! {
        <li class=class>
            {mark}
            <span class="step-text">{move || text.get()}</span>
            <span class="small">{t(said)}</span>
        </li>
    }
}
