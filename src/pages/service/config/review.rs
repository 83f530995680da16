//! What will change, before it is sent; then whether it did.

use std::collections::BTreeSet;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use vcloud_api::ApiError;
use vcloud_api::types::{ConfigUpdate, EnvVar, UserServiceStatus};

use super::changes::{ContainerConfig, Fate, Left, VariableChange, containers, left, update, variables};
use super::edit::Draft;
use super::{Shared, listed};
use crate::components::{DiffView, ErrorMessage, Icon, Message, Shape, Tone, toast};
use crate::i18n::{self, Plural, Text, t};
use crate::net::Abort;
use crate::pages::{explain, explain_change, tell_failure};
use crate::state::bulk::Failure;
use crate::state::clock::sleep;
use crate::state::pending::{Operation, started_at};
use crate::state::settings;

/// So often the platform is asked whether it has taken a change over.
const LOOKS: u32 = 10;

/// How far it has come.
#[derive(Clone, PartialEq)]
enum Phase {
    /// What is in force now is asked for, to compare with.
    Looking,
    /// To be confirmed.
    Ready,
    /// On its way.
    Sending,
    /// Accepted; whether it is in force is looked at.
    Confirming,
    /// The platform has something else.
    Differs(Left),
    /// It was not asked or not sent.
    Failed { error: ApiError, sent: bool },
}

/// The change, to be confirmed.
#[component]
pub fn Review(
    shared: Shared,
    /// What was in force when the change was begun.
    began_with: StoredValue<Vec<ContainerConfig>>,
    after: Memo<Vec<ContainerConfig>>,
    /// Told when the platform has accepted it.
    accepted: RwSignal<bool>,
    on_back: Callback<()>,
    on_done: Callback<()>,
) -> impl IntoView {
    let phase = RwSignal::new(Phase::Looking);
    let now = RwSignal::new(began_with.get_value());
    let look = move || {
        let Some(access) = shared.known_untracked().and_then(|known| known.access.clone().ok()) else {
            return;
        };
        phase.set(Phase::Looking);
        spawn_local(async move {
            match settings::configured(&access, &Abort::new()).await {
                Ok(configured) => {
                    now.try_set(containers(&configured));
                    phase.try_set(Phase::Ready);
                }
                Err(error) => {
                    phase.try_set(Phase::Failed { error, sent: false });
                }
            }
        });
    };
    look();
    let wanted = Memo::new(move |_| now.with(|now| after.with(|after| update(now, after))));
    let has_changed_meanwhile = move || began_with.with_value(|before| now.with(|now| before != now));
    let send = move || {
        let Some(known) = shared.known_untracked() else { return };
        let Ok(access) = known.access.clone() else { return };
        let sent = wanted.get_untracked();
        let is_running = known.service.status == UserServiceStatus::Running;
        let pod = untrack(|| shared.data.pod.get());
        let started = pod.value().map(|pod| started_at(pod)).unwrap_or_default();
        phase.set(Phase::Sending);
        let place = shared.place();
        spawn_local(async move {
            if let Err(error) = settings::update(&access, sent.clone()).await {
                // Where the page was left meanwhile, it is said wherever the person is now.
                if let Some(Phase::Failed { error, .. }) = phase.try_set(Phase::Failed { error, sent: true }) {
                    tell_failure(&known.service.id, &Failure::of_change(error));
                }
                return;
            }
            if is_running {
                shared.app.pending.begin(&known.service.id, Operation::Restart, started);
            }
            shared.app.services.expect_change();
            phase.try_set(Phase::Confirming);
            accepted.try_set(true);
            // Where the page was left meanwhile, it left the draft behind.
            if let Some(place) = place {
                place.remove();
                shared.app.unsent.take::<Draft>(&place);
            }
            let mut rest = Left::default();
            for _ in 0..LOOKS {
                // What is found is what the page shows from then on.
                if let Ok(configured) = shared.app.settings.look_anew(shared.app, &known.service.id).await {
                    rest = left(&sent, &containers(&configured));
                    if rest.is_empty() {
                        toast(Tone::Good, untrack(|| i18n::text(Text::ConfigFilesSaved)).to_owned());
                        on_done.try_run(());
                        return;
                    }
                }
                sleep(Duration::from_secs_f64(shared.app.pending_refresh_ms() / 1000.0)).await;
            }
            phase.try_set(Phase::Differs(rest));
        });
    };
    let is_busy = move || phase.with(|phase| matches!(phase, Phase::Looking | Phase::Sending | Phase::Confirming));
    let has_changes = move || wanted.with(|wanted| *wanted != ConfigUpdate::default());
    let can_send =
        move || has_changes() && phase.with(|phase| matches!(phase, Phase::Ready | Phase::Failed { sent: true, .. }));
    view! {
        <div class="stack">
            <section class="card card-body" aria-label=t(Text::ConfigFilesReviewTitle)>
                <h2>{t(Text::ConfigFilesReviewTitle)}</h2>
                {move || has_changed_meanwhile().then(|| view! {
                    <Message tone=Tone::Warn title=Signal::derive(|| i18n::text(Text::ConfigFilesMeanwhile).to_owned())>
                        <p>{t(Text::ConfigFilesMeanwhileAdvice)}</p>
                    </Message>
                })}
                {move || {
                    let wanted = wanted.get();
                    now.with(|now| after.with(|after| changed(&wanted, now, after)))
                }}
                {move || (!has_changes()).then(|| view! { <p>{t(Text::ConfigFilesUnchanged)}</p> })}
                <Effects shared wanted />
                <Trouble phase on_retry=Callback::new(move |()| look()) on_done />
                <div class="form-actions">
                    <button class="button button-primary" type="button" disabled=move || !can_send() on:click=move |_| send()>
                        {move || {
                            if is_busy() {
                                view! { <span class="spinner"></span> }.into_any()
                            } else {
                                view! { <Icon shape=Shape::Check /> }.into_any()
                            }
                        }}
                        {t(Text::ConfigFilesSend)}
                    </button>
                    <button class="button" type="button" disabled=is_busy on:click=move |_| on_back.run(())>
                        <Icon shape=Shape::Previous />
                        {t(Text::ConfigFilesBack)}
                    </button>
                    <span class="soft small" aria-live="polite">
                        {move || {
                            let text = phase
                                .with(|phase| match phase {
                                    Phase::Looking => Some(Text::ConfigFilesLooking),
                                    Phase::Sending => Some(Text::ConfigFilesSending),
                                    Phase::Confirming => Some(Text::ConfigFilesConfirming),
                                    _ => None,
                                });
                            text.map(i18n::text)
                        }}
                    </span>
                </div>
            </section>
        </div>
    }
}

/// What follows from sending it.
#[component]
fn Effects(shared: Shared, wanted: Memo<ConfigUpdate>) -> impl IntoView {
    let names =
        Memo::new(move |_| wanted.with(|wanted| wanted.environment.keys().cloned().collect::<BTreeSet<String>>()));
    let is_paused = move || {
        let known = shared.data.known();
        known.is_some_and(|known| known.service.status == UserServiceStatus::Stop)
    };
    view! {
        <ul class="rules">
            <li>{move || i18n::text(if is_paused() { Text::ConfigFilesEffectPaused } else { Text::ConfigFilesEffectRunning })}</li>
            {move || {
                let names = names.get();
                (!names.is_empty())
                    .then(|| view! { <li>{i18n::text_with(Text::ConfigFilesReplaces, &[("containers", &listed(&names))])}</li> })
            }}
            <li>{t(Text::ConfigFilesKeeps)}</li>
        </ul>
    }
}

/// What went wrong, in words.
#[component]
fn Trouble(phase: RwSignal<Phase>, on_retry: Callback<()>, on_done: Callback<()>) -> impl IntoView {
    move || match phase.get() {
        Phase::Failed { error, sent } => {
            let explained = if sent { explain_change(&error) } else { explain(&error) };
            let detail = Signal::stored(explained.detail);
            if sent {
                // The button that sends is right below.
                view! { <ErrorMessage title=explained.title advice=explained.advice detail /> }.into_any()
            } else {
                view! { <ErrorMessage title=explained.title advice=explained.advice detail on_retry /> }.into_any()
            }
        }
        Phase::Differs(left) => {
            let files = left
                .files
                .iter()
                .map(|name| i18n::text_with(Text::ConfigFilesLeftFile, &[("container", name)]));
            let variables = left.variables.iter().map(|(name, variables)| {
                let values = [("container", name.as_str()), ("names", &variables.join(", "))];
                i18n::text_with(Text::ConfigFilesLeftVariables, &values)
            });
            let lines: Vec<String> = files.chain(variables).collect();
            view! {
                <Message tone=Tone::Warn title=Signal::derive(|| i18n::text(Text::ConfigFilesDiffers).to_owned())>
                    <ul class="rules">{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
                    <p>{t(Text::ConfigFilesDiffersAdvice)}</p>
                    <button class="button" type="button" on:click=move |_| on_done.run(())>{t(Text::ConfigFilesClose)}</button>
                </Message>
            }
                .into_any()
        }
        _ => ().into_any(),
    }
}

/// What changes in each container.
fn changed(wanted: &ConfigUpdate, now: &[ContainerConfig], after: &[ContainerConfig]) -> Vec<AnyView> {
    let mut parts = Vec::new();
    for container in after {
        let before = now.iter().find(|before| before.name == container.name);
        if let Some(text) = wanted.config.get(&container.name) {
            let old = before
                .and_then(|before| before.file.as_ref())
                .map(|file| file.expose().to_owned());
            let (old, new, name) = (old.unwrap_or_default(), text.clone(), container.name.clone());
            let label = Signal::derive(move || i18n::text_with(Text::ConfigFilesFileOf, &[("container", &name)]));
            parts.push(view! { <DiffView label before=Signal::stored(old) after=Signal::stored(new) /> }.into_any());
        }
        if wanted.environment.contains_key(&container.name) {
            let old: &[EnvVar] = before.map(|before| before.env.as_slice()).unwrap_or_default();
            let rows = variables(old, &container.env);
            parts.push(view! { <Variables container=container.name.clone() rows /> }.into_any());
        }
    }
    parts
}

/// What happens to the variables of a container; values only on request.
#[component]
fn Variables(container: String, rows: Vec<VariableChange>) -> impl IntoView {
    let shown = RwSignal::new(false);
    let label = Signal::derive(move || i18n::text_with(Text::ConfigFilesEnvOf, &[("container", &container)]));
    let rows = StoredValue::new(rows);
    let kept = rows.with_value(|rows| rows.iter().filter(|row| row.fate == Fate::Kept).count() as u64);
    let value = move |value: Option<&vcloud_api::Confidential>| match value {
        None => "–".into_any(),
        Some(value) if shown.get() => view! { <span class="mono">{value.expose().to_owned()}</span> }.into_any(),
        Some(_) => view! { <span class="soft">{t(Text::ContainersValueHidden)}</span> }.into_any(),
    };
    let body = move || {
        rows.with_value(|rows| {
            rows.iter()
                .filter(|row| row.fate != Fate::Kept)
                .map(|row| {
                    let (class, sign, said) = match row.fate {
                        Fate::Added => ("diff-added", "+", Text::DiffIsAdded),
                        Fate::Removed => ("diff-removed", "−", Text::DiffIsRemoved),
                        _ => ("diff-changed", "±", Text::ConfigFilesIsChanged),
                    };
                    view! {
                        <tr class=class>
                            <td class="diff-sign" aria-hidden="true">{sign}</td>
                            <td>{row.name.clone()}</td>
                            <td class="diff-word">{t(said)}</td>
                            <td>{value(row.before.as_ref())}</td>
                            <td>{value(row.after.as_ref())}</td>
                        </tr>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <section class="diff" aria-label=move || label.get()>
            <div class="code-head">
                <h3>{move || label.get()}</h3>
                <button class="button button-quiet" type="button" on:click=move |_| shown.update(|shown| *shown = !*shown)>
                    <Icon shape=Shape::Lock />
                    {move || i18n::text(if shown.get() { Text::ContainersHideValues } else { Text::ContainersShowValues })}
                </button>
            </div>
            <div class="diff-frame" role="group" tabindex="0" aria-label=move || label.get()>
                <table class="diff-table" aria-label=move || label.get()>
                    <thead>
                        <tr>
                            <th aria-hidden="true"></th>
                            <th scope="col">{t(Text::ContainersEnvName)}</th>
                            <th scope="col">{t(Text::DiffChange)}</th>
                            <th scope="col">{t(Text::DiffBefore)}</th>
                            <th scope="col">{t(Text::DiffAfter)}</th>
                        </tr>
                    </thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
            {(kept > 0).then(|| view! { <p class="diff-none soft small">{move || i18n::plural(Plural::ConfigFilesKept, kept)}</p> })}
        </section>
    }
}
