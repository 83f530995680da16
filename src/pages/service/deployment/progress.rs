//! After it was sent: what becomes of each container, until all of them run or it is clear why not.

use leptos::prelude::*;
use vcloud_api::types::{ContainerStateKind, ContainerStatus, PodStatus};

use super::super::data::ServiceData;
use crate::components::{Icon, Message, Shape, Tone};
use crate::i18n::{self, Text, t};
use crate::pages::status::container_text;
use crate::route::{Page, Tab};
use crate::state::{App, Remote};

/// Something that was accepted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sent {
    /// When, in milliseconds since the Unix epoch.
    pub at: f64,
    /// Whether something ran before.
    pub is_update: bool,
}

/// What to know about a container's state (tracked); nothing where the state says it all.
fn advice(container: &ContainerStatus) -> Option<Text> {
    match container.state.reason() {
        "ContainerCreating" | "PodInitializing" => Some(Text::DeployCreating),
        "ErrImagePull" | "ImagePullBackOff" | "InvalidImageName" => Some(Text::DeployPullFails),
        // While it waits to be started again, the reason of its end is that of its last run.
        "CrashLoopBackOff" if container.last_state.reason() == "OOMKilled" => Some(Text::DeployOutOfMemory),
        "CrashLoopBackOff" => Some(Text::DeployCrashes),
        "OOMKilled" => Some(Text::DeployOutOfMemory),
        "CreateContainerConfigError" | "CreateContainerError" | "RunContainerError" => Some(Text::DeployCannotCreate),
        _ => None,
    }
}

/// Whether a container will not run without somebody doing something.
fn fails(container: &ContainerStatus) -> bool {
    let reason = container.state.reason();
    let ended_badly = container
        .state
        .terminated
        .as_ref()
        .is_some_and(|terminated| terminated.exit_code != 0);
    ended_badly
        || reason.ends_with("BackOff")
        || reason.starts_with("Err")
        || reason.contains("Invalid")
        || reason.ends_with("Error")
}

/// Where everything stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Waiting,
    Starting,
    Failing,
    Running,
}

fn stage(pod: Option<&PodStatus>) -> Stage {
    let containers = pod
        .map(|pod| pod.state.container_statuses.as_slice())
        .unwrap_or_default();
    if containers.is_empty() {
        Stage::Waiting
    } else if containers.iter().any(fails) {
        Stage::Failing
    } else if containers
        .iter()
        .all(|container| container.state.kind() == ContainerStateKind::Running)
    {
        Stage::Running
    } else {
        Stage::Starting
    }
}

/// The state of what was sent.
#[component]
pub fn Progress(
    app: App,
    data: ServiceData,
    id: String,
    sent: Sent,
    /// Called to change it once more.
    on_again: Callback<()>,
) -> impl IntoView {
    // What was known before it was sent is about what ran before.
    let pod = Memo::new(move |_| match data.pod.get() {
        Remote::Ready { value, at, .. } if at > sent.at => Some((*value).clone()),
        _ => None,
    });
    let stage = Memo::new(move |_| pod.with(|pod| stage(pod.as_ref())));
    // Until all is settled it is asked quickly, also where the service's own status lags behind.
    let asked = StoredValue::new(sent.at);
    Effect::new(move |_| {
        let now = app.clock.ms();
        if stage.get() != Stage::Running && now - asked.get_value() >= app.pending_refresh_ms() {
            asked.set_value(now);
            data.refresh.run(());
        }
    });
    let containers = Memo::new(move |_| {
        pod.with(|pod| {
            pod.as_ref()
                .map(|pod| pod.state.container_statuses.clone())
                .unwrap_or_default()
        })
    });
    let heading = move || {
        let (tone, title, text) = match stage.get() {
            Stage::Waiting => (Tone::Info, Text::DeployAccepted, Text::DeployAcceptedAdvice),
            Stage::Starting => (Tone::Info, Text::DeployStarting, Text::DeployStartingAdvice),
            Stage::Failing => (Tone::Warn, Text::DeployFailing, Text::DeployFailingAdvice),
            Stage::Running => (Tone::Good, Text::DeployRunning, Text::DeployRunningAdvice),
        };
        view! {
            <Message tone title=i18n::text(title)>
                <p>{i18n::text(text)}</p>
            </Message>
        }
    };
    let link = |tab: Tab, text: Text| {
        let href = Page::Service(id.clone(), tab).href();
        view! { <a class="button" href=href>{t(text)}</a> }
    };
    view! {
        <div class="stack">
            {heading}
            <section class="card" aria-label=t(Text::DeployProgress)>
                <div class="card-head">
                    <h2>{t(Text::DeployProgress)}</h2>
                    {move || {
                        matches!(stage.get(), Stage::Waiting | Stage::Starting)
                            .then(|| view! { <span class="pending"><span class="spinner"></span>{t(Text::DeployUnderWay)}</span> })
                    }}
                </div>
                <ul class="deploy-states" aria-live="polite">
                    {move || {
                        let containers = containers.get();
                        if containers.is_empty() {
                            view! { <li class="soft">{t(Text::DeployNoContainersYet)}</li> }.into_any()
                        } else {
                            containers.into_iter().map(|container| view! { <State container /> }).collect_view().into_any()
                        }
                    }}
                </ul>
            </section>
            <div class="form-actions">
                {link(Tab::Containers, Text::ServiceTabContainers)} {link(Tab::Logs, Text::ServiceTabLogs)}
                <button class="button" type="button" on:click=move |_| on_again.run(())>
                    <Icon shape=Shape::Restart />
                    {t(Text::DeployAgain)}
                </button>
            </div>
        </div>
    }
}

#[component]
fn State(container: ContainerStatus) -> impl IntoView {
    let (text, class) = container_text(&container.state);
    let waiting = container.state.waiting.as_ref().map(|waiting| waiting.message.clone());
    let ended = container
        .state
        .terminated
        .as_ref()
        .map(|terminated| terminated.message.clone());
    let message = waiting.or(ended).filter(|message| !message.is_empty());
    view! {
        <li class="deploy-container-state">
            <span class="mono deploy-container-name">{container.name.clone()}</span>
            <span class=class>{text}</span>
            <span class="soft small mono">{container.image.clone()}</span>
            {advice(&container).map(|text| view! { <p class="small">{t(text)}</p> })}
            {message.map(|message| view! { <p class="mono small soft wrap">{message}</p> })}
        </li>
    }
}
