//! What the containers print: the log of one of them, or of several in one view, followed live.

mod containers;
mod filter;
mod find;
mod finder;
mod items;
mod jump;
mod line;
mod params;
mod place;
mod pod;
mod status;
mod tools;
mod view;

use std::collections::BTreeSet;

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use send_wrapper::SendWrapper;
use vcloud_api::types::UserServiceStatus;

use super::data::ServiceData;
use crate::components::{ErrorMessage, Message, Tone};
use crate::i18n::{self, Text, t};
use crate::pages::explain;
use crate::state::log_tail::{Ask, LogTail, Status};
use crate::state::services::AccessError;
use crate::state::{App, Remote};
use filter::Filter;
use finder::Finder;
use items::Items;
use params::Params;

/// The logs that are read at the moment.
pub type Tail = RwSignal<Option<SendWrapper<LogTail>>>;

/// How the log is shown, shared by the tools and the view. Stays when other containers are chosen.
#[derive(Clone, Copy)]
pub struct Display {
    /// What is shown.
    pub tail: Tail,
    /// Whether the newest line stays in view.
    pub follow: RwSignal<bool>,
    /// The first line that is not shown while the view is paused.
    pub paused_at: RwSignal<Option<u64>>,
    /// Whether long lines wrap.
    pub wrap: RwSignal<bool>,
    /// The lines whose fields are shown below them.
    pub expanded: RwSignal<BTreeSet<u64>>,
    /// The line that was gone to by its time.
    pub pointed: RwSignal<Option<u64>>,
    /// Which lines are shown.
    pub filter: Filter,
    /// The search.
    pub finder: Finder,
    /// The element that scrolls.
    pub scroller: NodeRef<html::Div>,
}

impl Display {
    fn new() -> Display {
        let tail = RwSignal::new(None);
        let filter = Filter::new(tail);
        Display {
            tail,
            follow: RwSignal::new(true),
            paused_at: RwSignal::new(None),
            wrap: RwSignal::new(false),
            expanded: RwSignal::new(BTreeSet::new()),
            pointed: RwSignal::new(None),
            filter,
            finder: Finder::new(tail, filter),
            scroller: NodeRef::new(),
        }
    }

    /// The logs that are read at the moment (not tracked).
    pub fn tail_now(self) -> Option<LogTail> {
        self.tail.with_untracked(|tail| tail.as_deref().cloned())
    }

    /// The lines that are shown of a log.
    pub fn items(self, tail: &LogTail) -> Items {
        Items::new(tail.clone(), self)
    }

    /// Forgets what belongs to lines that are not there any more.
    fn forget(self) {
        self.paused_at.set(None);
        self.expanded.set(BTreeSet::new());
        self.pointed.set(None);
    }
}

/// Which containers there are, and which of them are shown.
#[derive(Clone, Copy)]
pub struct Choice {
    /// The service's containers.
    pub all: Memo<Vec<String>>,
    /// Those whose logs are shown.
    pub chosen: Memo<Vec<String>>,
    /// The address.
    pub params: Memo<Params>,
    /// Goes to another address.
    pub change: Callback<Params>,
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
    let all = Memo::new(move |before: Option<&Vec<String>>| {
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
    let chosen = Memo::new(move |_| {
        let is_paused = is_paused.get();
        all.with(|all| {
            // A paused service has nothing to connect to, whatever the address names.
            if all.is_empty() && is_paused {
                Vec::new()
            } else {
                params.with(|params| params.chosen(all))
            }
        })
    });
    let choice = Choice {
        all,
        chosen,
        params,
        change,
    };
    // The secret does not change while the service is looked at; following it would reconnect at every refresh.
    let is_open = Memo::new(move |_| {
        let has_access = data.known().is_some_and(|known| known.access.is_ok());
        has_access && !chosen.with(Vec::is_empty)
    });
    move || {
        if is_open.get() {
            view! { <Panel app data choice is_paused /> }.into_any()
        } else {
            view! { <Absent data /> }.into_any()
        }
    }
}

/// Why there is no log.
#[component]
fn Absent(data: ServiceData) -> impl IntoView {
    let sealed = Memo::new(move |_| {
        data.known()
            .is_some_and(|known| known.access == Err(AccessError::Sealed))
    });
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
        _ if sealed.get() => view! {
            <Message tone=Tone::Info title=i18n::text(Text::ExtensionSealed)>
                <p>{t(Text::ExtensionSealedAdvice)}</p>
            </Message>
        }
        .into_any(),
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

/// The chosen containers' logs with their tools.
#[component]
fn Panel(app: App, data: ServiceData, choice: Choice, is_paused: Memo<bool>) -> impl IntoView {
    let display = Display::new();
    let attempt = RwSignal::new(0_u32);
    let again = Callback::new(move |()| attempt.update(|attempt| *attempt += 1));
    let asks = Memo::new(move |_| {
        let chosen = choice.chosen.get();
        choice.params.with(|params| {
            let ask = |container: String| Ask {
                container,
                tail_lines: (params.tail > 0).then_some(params.tail),
                start: params.start,
                end: params.end,
            };
            chosen.into_iter().map(ask).collect::<Vec<_>>()
        })
    });
    Effect::new(move |_| {
        attempt.track();
        let asks = asks.get();
        let Some(access) = untrack(|| data.known()).and_then(|known| known.access.clone().ok()) else {
            return;
        };
        if let Some(before) = display.tail_now() {
            before.stop();
        }
        display.forget();
        let tail = LogTail::start(&access, app.config().log_transport, asks, data.refresh);
        // Before it connects: of a container that does not run, only the last lines can be had.
        pod::tell_now(&tail, data, is_paused);
        display.tail.set(Some(SendWrapper::new(tail)));
    });
    on_cleanup(move || {
        if let Some(tail) = display.tail.try_get_untracked().flatten() {
            tail.stop();
        }
    });
    pod::watch(display, data, is_paused);
    let failed = move || {
        let tail = display.tail.get()?;
        let error = tail.statuses().into_iter().find_map(|status| match status {
            Status::Failed(error) => Some(error),
            _ => None,
        })?;
        let explained = explain(&error);
        Some(view! {
            <ErrorMessage
                title=explained.title
                advice=explained.advice
                detail=Signal::stored(explained.detail)
                on_retry=again
            />
        })
    };
    let name = move || {
        let names = choice.chosen.with(|chosen| chosen.join(", "));
        i18n::text_with(Text::LogsOf, &[("container", &names)])
    };
    let waiting = pod::waiting(data, choice);
    view! {
        <section class="log-panel card" aria-label=name>
            <tools::Tools display choice />
            {failed}
            {move || {
                display.tail.get().map(|tail| view! { <view::LogView tail=tail.take() display all=choice.all waiting /> })
            }}
        </section>
    }
}
