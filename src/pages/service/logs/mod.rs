//! What the containers print: one container's log at a time, followed live.

mod finder;
mod tools;
mod view;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::params::ParamsMap;
use vcloud_api::types::UserServiceStatus;

use super::data::ServiceData;
use crate::components::ErrorMessage;
use crate::i18n::{self, Text, t};
use crate::pages::explain;
use crate::state::log_tail::{Ask, LogTail, Status};
use crate::state::{App, Remote};
use finder::Finder;

/// How many lines are asked for at first, to choose from; the second is the default. 0 = all that are kept.
pub const TAILS: [u64; 5] = [100, 500, 5_000, 20_000, 0];

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params {
    /// The container; empty = the first.
    pub container: String,
    /// How many of the last lines, one of [`TAILS`].
    pub tail: u64,
    /// Only lines from then on, Unix seconds.
    pub start: Option<u64>,
    /// Only lines until then, Unix seconds.
    pub end: Option<u64>,
}

impl Params {
    fn read(query: &ParamsMap) -> Params {
        let number = |name: &str| query.get(name).and_then(|text| text.parse().ok());
        Params {
            container: query.get("container").unwrap_or_default(),
            tail: number("tail").filter(|tail| TAILS.contains(tail)).unwrap_or(TAILS[1]),
            start: number("from"),
            end: number("to"),
        }
    }

    fn query(&self) -> String {
        let mut query = ParamsMap::new();
        if !self.container.is_empty() {
            query.insert("container", self.container.clone());
        }
        if self.tail != TAILS[1] {
            query.insert("tail", self.tail.to_string());
        }
        for (name, value) in [("from", self.start), ("to", self.end)] {
            if let Some(value) = value {
                query.insert(name, value.to_string());
            }
        }
        query.to_query_string()
    }
}

/// How the log is shown, shared by the tools and the view.
#[derive(Clone, Copy)]
pub struct Display {
    /// Whether the newest line stays in view.
    pub follow: RwSignal<bool>,
    /// The first line that is not shown while the view is paused.
    pub paused_at: RwSignal<Option<u64>>,
    /// Whether long lines wrap.
    pub wrap: RwSignal<bool>,
    /// The search.
    pub finder: Finder,
}

/// The tab.
#[component]
pub fn Logs(app: App, data: ServiceData) -> impl IntoView {
    let query = use_query_map();
    let params = Memo::new(move |_| query.with(Params::read));
    let navigate = use_navigate();
    let id = untrack(|| data.known())
        .map(|known| known.service.id.clone())
        .unwrap_or_default();
    let change = Callback::new(move |params: Params| {
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&format!("/service/{id}/logs{}", params.query()), options);
    });
    // The containers last seen stay on offer while the pod is away, so that what is on the screen stays readable.
    let containers = Memo::new(move |before: Option<&Vec<String>>| {
        let pod = data.pod.get();
        let now: Vec<String> = pod
            .value()
            .map(|pod| {
                pod.state
                    .container_statuses
                    .iter()
                    .map(|container| container.name.clone())
                    .collect()
            })
            .unwrap_or_default();
        if now.is_empty() {
            before.cloned().unwrap_or_default()
        } else {
            now
        }
    });
    let is_paused = Memo::new(move |_| {
        data.known()
            .is_some_and(|known| known.service.status == UserServiceStatus::Stop)
    });
    let container = Memo::new(move |_| {
        let wanted = params.with(|params| params.container.clone());
        let is_paused = is_paused.get();
        containers.with(|all| {
            // A paused service has nothing to connect to, whatever the address names.
            if wanted.is_empty() || (all.is_empty() && is_paused) {
                all.first().cloned()
            } else {
                Some(wanted)
            }
        })
    });
    let ask = Memo::new(move |_| {
        let container = container.get()?;
        params.with(|params| {
            Some(Ask {
                container,
                tail_lines: (params.tail > 0).then_some(params.tail),
                start: params.start,
                end: params.end,
            })
        })
    });
    let attempt = RwSignal::new(0_u32);
    let again = Callback::new(move |()| attempt.update(|attempt| *attempt += 1));
    move || {
        attempt.track();
        let Some(ask) = ask.get() else {
            return view! { <Absent data /> }.into_any();
        };
        // The secret does not change while the service is looked at; following it would reconnect at every refresh.
        let Some(access) = untrack(|| data.known()).and_then(|known| known.access.clone().ok()) else {
            return view! { <Absent data /> }.into_any();
        };
        let tail = LogTail::start(access, app.config().log_transport, ask);
        let ending = send_wrapper::SendWrapper::new(tail.clone());
        on_cleanup(move || ending.stop());
        view! { <OneLog tail containers container params change again /> }.into_any()
    }
}

/// Why there is no log.
#[component]
fn Absent(data: ServiceData) -> impl IntoView {
    move || match (data.pod.get(), data.known().map(|known| known.service.status.clone())) {
        (Remote::Failed(error), _) => {
            let explained = explain(&error);
            view! {
                <ErrorMessage
                    title=explained.title
                    advice=explained.advice
                    detail=Signal::stored(explained.detail)
                    on_retry=data.refresh
                />
            }
            .into_any()
        }
        (Remote::Loading, Some(UserServiceStatus::Running)) => view! { <super::Loading /> }.into_any(),
        (_, status) => {
            let paused = status == Some(UserServiceStatus::Stop);
            view! {
                <div class="card empty">
                    <h2>{t(Text::LogsAbsentTitle)}</h2>
                    <p>{t(if paused { Text::ContainersPausedAdvice } else { Text::LogsAbsentAdvice })}</p>
                </div>
            }
            .into_any()
        }
    }
}

/// One container's log with its tools.
#[component]
fn OneLog(
    tail: LogTail,
    containers: Memo<Vec<String>>,
    container: Memo<Option<String>>,
    params: Memo<Params>,
    change: Callback<Params>,
    again: Callback<()>,
) -> impl IntoView {
    let display = Display {
        follow: RwSignal::new(true),
        paused_at: RwSignal::new(None),
        wrap: RwSignal::new(false),
        finder: Finder::new(&tail),
    };
    let failed = {
        let tail = send_wrapper::SendWrapper::new(tail.clone());
        move || match tail.status() {
            Status::Failed(error) => {
                let explained = explain(&error);
                Some(view! {
                    <ErrorMessage
                        title=explained.title
                        advice=explained.advice
                        detail=Signal::stored(explained.detail)
                        on_retry=again
                    />
                })
            }
            _ => None,
        }
    };
    view! {
        <section class="log-panel card" aria-label=move || i18n::text_with(Text::LogsOf, &[("container", &container.get().unwrap_or_default())])>
            <tools::Tools tail=tail.clone() display containers container params change />
            {failed}
            <view::LogView tail display />
        </section>
    }
}
