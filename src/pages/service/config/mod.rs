//! `/service/{id}/config`: the configuration file and the environment of each container, to read and to change.

mod changes;
mod edit;
mod env;
mod fields;
mod review;

use std::collections::BTreeSet;
use std::sync::Arc;

use deployments::syntax::{Syntax, of_path, of_text};
use leptos::prelude::*;
use vcloud_api::Confidential;
use vcloud_api::capability::{Action, can};
use vcloud_api::types::UserServiceStatus;

use super::data::ServiceData;
use crate::components::{CodeView, DraftOffer, ErrorMessage, Icon, Message, Shape, Tone};
use crate::i18n::{self, Text, t};
use crate::pages::explain;
use crate::pages::extension::closed;
use crate::state::commands::Begin;
use crate::state::drafts::{Place, Sealed};
use crate::state::services::Known;
use crate::state::settings::Configured;
use crate::state::{App, Remote, query};
use changes::{ContainerConfig, containers};
use edit::Draft;

/// What the file of a container is written in.
fn syntax_of(path: &str, text: &str) -> Syntax {
    match of_path(path) {
        Syntax::Plain => of_text(text),
        known => known,
    }
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Shared {
    app: App,
    data: ServiceData,
    /// What is in force.
    configured: query::Query<Configured>,
    /// What is being changed.
    draft: RwSignal<Option<Draft>>,
}

impl Shared {
    fn known_untracked(self) -> Option<Arc<Known>> {
        untrack(|| self.data.known())
    }

    /// Where what was typed is held while another page is shown, and kept sealed, as it may be secret.
    fn place(self) -> Option<Place> {
        let known = self.known_untracked()?;
        Place::of(self.app.session, &format!("config/{}", known.service.id))
    }
}

/// The tab.
#[component]
pub fn ConfigTab(app: App, data: ServiceData) -> impl IntoView {
    let id = Memo::new(move |_| {
        let known = data.known()?;
        let lives = [UserServiceStatus::Running, UserServiceStatus::Stop];
        (known.access.is_ok() && lives.contains(&known.service.status)).then(|| known.service.id.clone())
    });
    let configured = query::use_query(
        app.clock,
        app.settings.configured,
        move || id.get(),
        move || app.refresh_ms(),
        move |id, abort| app.settings.fetch(app, id, abort),
    );
    let shared = Shared {
        app,
        data,
        configured,
        draft: RwSignal::new(None),
    };
    if let Some(draft) = shared.place().and_then(|place| app.unsent.take::<Draft>(&place)) {
        shared.draft.set(Some(draft));
    }
    // The frame changes only with the kind of state, so that nothing that is typed or shown is drawn anew by a refresh.
    let kind = Memo::new(move |_| match configured.get() {
        _ if shared.draft.with(Option::is_some) => Kind::Changing,
        _ if data.known().is_some_and(|known| known.access.is_err()) => Kind::Foreign,
        _ if id.with(Option::is_none) => Kind::Absent,
        Remote::Loading => Kind::Loading,
        Remote::Failed(_) => Kind::Failed,
        Remote::Ready { .. } => Kind::Ready,
    });
    move || match kind.get() {
        Kind::Changing => view! { <edit::Edit shared /> }.into_any(),
        Kind::Loading => view! { <super::Loading /> }.into_any(),
        Kind::Failed => view! { <Failed shared /> }.into_any(),
        Kind::Ready => view! { <Reader shared /> }.into_any(),
        Kind::Foreign => {
            let title = move || {
                let why = data.known().and_then(|known| known.access.as_ref().err().map(closed));
                i18n::text(why.unwrap_or(Text::ServiceForeign)).to_owned()
            };
            view! { <Message tone=Tone::Warn title=Signal::derive(title) /> }.into_any()
        }
        Kind::Absent => view! {
            <div class="card empty">
                <h2>{t(Text::ConfigFilesAbsentTitle)}</h2>
                <p>{t(Text::ConfigFilesAbsentAdvice)}</p>
            </div>
        }
        .into_any(),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Changing,
    Loading,
    Failed,
    Ready,
    Foreign,
    Absent,
}

#[component]
fn Failed(shared: Shared) -> impl IntoView {
    move || {
        let Remote::Failed(error) = shared.configured.get() else {
            return None;
        };
        let explained = explain(&error);
        Some(view! {
            <ErrorMessage
                title=explained.title
                advice=explained.advice
                detail=Signal::stored(explained.detail)
                on_retry=Callback::new(move |()| shared.configured.refresh())
            />
        })
    }
}

/// What is in force.
#[component]
fn Reader(shared: Shared) -> impl IntoView {
    let all = Memo::new(move |_| {
        let configured = shared.configured.get();
        configured
            .value()
            .map(|configured| containers(configured))
            .unwrap_or_default()
    });
    let names = Memo::new(move |_| {
        all.with(|all| {
            all.iter()
                .map(|container| container.name.clone())
                .collect::<Vec<String>>()
        })
    });
    let why_not = move || {
        let known = shared.data.known()?;
        can(Action::UpdateConfig, &known.service)
            .is_err()
            .then_some(Text::ConfigFilesWhyStatus)
    };
    let begin = move || {
        shared.draft.set(Some(Draft::of(all.get_untracked())));
    };
    let session = shared.app.session;
    let offered = RwSignal::new(shared.place().and_then(|place| {
        let kept = place.load::<Sealed>()?;
        let draft = kept.content.open::<Draft>(session)?;
        Some((kept.at, draft))
    }));
    // A letter or the palette asked to change it.
    Effect::new(move |_| {
        let Some(known) = shared.data.known() else {
            return;
        };
        let can_begin = untrack(|| why_not().is_none() && offered.with(Option::is_none));
        if shared.app.commands.take(&known.service.id, Begin::Config) && can_begin {
            begin();
        }
    });
    view! {
        <div class="stack">
            {move || {
                let (at, draft) = offered.get()?;
                let place = shared.place();
                Some(view! {
                    <DraftOffer
                        at
                        left_out=Signal::derive(|| i18n::text(Text::ConfigFilesDraft).to_owned())
                        on_continue=Callback::new(move |()| shared.draft.set(Some(draft.clone())))
                        on_discard=Callback::new(move |()| {
                            if let Some(place) = &place {
                                place.remove();
                            }
                            offered.set(None);
                        })
                    />
                })
            }}
            <div class="toolbar" hidden=move || offered.with(Option::is_some)>
                <p class="soft">{t(Text::ConfigFilesAbout)}</p>
                <button
                    class="button button-primary spread"
                    type="button"
                    disabled=move || why_not().is_some()
                    title=move || why_not().map(i18n::text)
                    on:click=move |_| begin()
                >
                    <Icon shape=Shape::Edit />
                    {t(Text::ConfigFilesEdit)}
                </button>
            </div>
            <For
                each=move || names.get()
                key=String::clone
                children=move |name| {
                    let wanted = name.clone();
                    let container = Memo::new(move |_| {
                        all.with(|all| all.iter().find(|container| container.name == wanted).cloned().unwrap_or_default())
                    });
                    view! { <Container name container /> }
                }
            />
        </div>
    }
}

#[component]
fn Container(name: String, container: Memo<ContainerConfig>) -> impl IntoView {
    let (title, heading) = (name.clone(), name.clone());
    let path = Memo::new(move |_| container.with(|container| container.path.clone()));
    let file = Memo::new(move |_| container.with(|container| container.file.clone()));
    let has_file = Memo::new(move |_| file.with(Option::is_some));
    let text = Signal::derive(move || {
        file.with(|file| file.as_ref().map(|file| file.expose().to_owned()).unwrap_or_default())
    });
    let syntax = Signal::derive(move || syntax_of(&path.get(), &text.get()));
    let label = {
        let name = name.clone();
        Signal::derive(move || i18n::text_with(Text::ConfigFilesFileOf, &[("container", &name)]))
    };
    let file_name = Signal::derive(move || {
        let path = path.get();
        let last = path.rsplit('/').next().unwrap_or_default();
        if last.is_empty() {
            format!("{name}.txt")
        } else {
            last.to_owned()
        }
    });
    view! {
        <section class="card" aria-label=title>
            <div class="card-head">
                <h2 class="mono">{heading}</h2>
                <span class="mono small soft">{path}</span>
            </div>
            <div class="config-body">
                <Show when=move || has_file.get() fallback=|| view! { <p class="soft">{t(Text::ConfigFilesNoFile)}</p> }>
                    <CodeView label text syntax file_name />
                </Show>
                <Environment container />
            </div>
        </section>
    }
}

/// The environment; the values may be passwords, so they are shown only on request.
#[component]
fn Environment(container: Memo<ContainerConfig>) -> impl IntoView {
    let shown = RwSignal::new(false);
    let env = Memo::new(move |_| container.with(|container| container.env.clone()));
    let value = move |value: &Confidential| {
        if shown.get() {
            view! { <span class="mono">{value.expose().to_owned()}</span> }.into_any()
        } else {
            view! { <span class="soft">{t(Text::ContainersValueHidden)}</span> }.into_any()
        }
    };
    view! {
        <Show when=move || !env.with(Vec::is_empty) fallback=|| view! { <p class="soft">{t(Text::ContainersNoEnv)}</p> }>
            <div class="stack-tight">
                <table class="table table-small" aria-label=t(Text::ContainersEnv)>
                    <thead>
                        <tr>
                            <th scope="col">{t(Text::ContainersEnvName)}</th>
                            <th scope="col">{t(Text::ContainersEnvValue)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {move || {
                            env.get()
                                .iter()
                                .map(|variable| {
                                    view! {
                                        <tr>
                                            <td class="mono">{variable.name.clone()}</td>
                                            <td class="wrap">{value(&variable.value)}</td>
                                        </tr>
                                    }
                                })
                                .collect_view()
                        }}
                    </tbody>
                </table>
                <div>
                    <button class="button button-quiet" type="button" on:click=move |_| shown.update(|shown| *shown = !*shown)>
                        <Icon shape=Shape::Lock />
                        {move || i18n::text(if shown.get() { Text::ContainersHideValues } else { Text::ContainersShowValues })}
                    </button>
                </div>
            </div>
        </Show>
    }
}

/// The names in a list, for a sentence.
fn listed(names: &BTreeSet<String>) -> String {
    names.iter().cloned().collect::<Vec<String>>().join(", ")
}
