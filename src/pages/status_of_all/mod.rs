//! `/status`: every container of every running service, filled in while the page is read.

mod entry;
mod fill;
mod params;
mod rows;

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use vcloud_api::types::UserService;

use crate::components::{ErrorMessage, Icon, Message, Pager, Shape, Tone};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::services::columns;
use crate::pages::{Age, explain, set_title};
use crate::route::{List, Page};
use crate::state::services::{ListKey, Scope};
use crate::state::{App, Remote, query, use_app};
use entry::{Entry, freshness};
use fill::Fill;
use params::{Params, StateFilter};

/// The list itself changes seldom, and every service that is looked at says how it is: it is asked for so much less often.
const LIST_IS_SLOWER: f64 = 4.0;

/// The page.
#[component]
pub fn StatusOfAllPage() -> impl IntoView {
    let app = use_app();
    set_title(|| i18n::text(Text::StatusAllTitle).to_owned());
    let address = query_params();
    let statuses = columns::statuses(List::Running).to_vec();
    let key = move || {
        let key = |scope| {
            Some(ListKey {
                address: app.session.address()?,
                statuses: statuses.clone(),
                scope,
            })
        };
        // A first page that has everything answers without asking again.
        let first = key(Scope::Page {
            current: 1,
            size: crate::components::PAGE_SIZES[0],
        })?;
        let has_all = untrack(|| app.services.lists.peek(&first))
            .value()
            .is_some_and(|listed| listed.services.len() >= listed.total as usize);
        if has_all { Some(first) } else { key(Scope::All) }
    };
    let list = query::use_query(
        app.clock,
        app.services.lists,
        key,
        move || app.refresh_ms() * LIST_IS_SLOWER,
        move |key, abort| app.services.fetch_list(app, key, abort),
    );
    let kind = Memo::new(move |_| match list.get() {
        Remote::Loading => 0,
        Remote::Failed(_) => 1,
        Remote::Ready { value, .. } if value.services.is_empty() => 2,
        Remote::Ready { .. } => 3,
    });
    let body = move || match kind.get() {
        0 => view! { <Listing app /> }.into_any(),
        1 => {
            let Remote::Failed(error) = untrack(|| list.get()) else {
                return ().into_any();
            };
            let explained = untrack(|| explain(&error));
            view! {
                <ErrorMessage
                    title=explained.title
                    advice=explained.advice
                    detail=Signal::stored(explained.detail)
                    on_retry=Callback::new(move |()| list.refresh())
                />
            }
            .into_any()
        }
        2 => view! {
            <div class="card empty">
                <h2>{t(Text::EmptyRunningTitle)}</h2>
                <p>{t(Text::EmptyRunningAdvice)}</p>
                <a class="button" href=Page::Services(List::Usable).href()>{t(Text::ListUsable)}</a>
            </div>
        }
        .into_any(),
        _ => {
            let services = Memo::new(move |_| {
                let state = list.get();
                state.value().map(|listed| listed.services.clone()).unwrap_or_default()
            });
            let refresh = Callback::new(move |()| list.refresh());
            let stale = Signal::derive(move || match list.get() {
                Remote::Ready { stale_because, .. } => stale_because,
                Remote::Loading | Remote::Failed(_) => None,
            });
            view! { <Statuses app services stale refresh address /> }.into_any()
        }
    };
    view! {
        {move || (kind.get() != 3).then(|| view! { <h1>{t(Text::StatusAllTitle)}</h1> })}
        {body}
    }
}

/// What the address asks for, and the way to change it.
#[derive(Clone, Copy)]
struct Address {
    params: Memo<Params>,
    change: Callback<Params>,
}

fn query_params() -> Address {
    let query = use_query_map();
    let params = Memo::new(move |_| query.with(Params::read));
    let navigate = use_navigate();
    let change = Callback::new(move |wanted: Params| {
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&format!("/status{}", wanted.query()), options);
    });
    Address { params, change }
}

/// While the list is on its way.
#[component]
fn Listing(app: App) -> impl IntoView {
    let progress = move || {
        app.services.progress.get().map(|(done, all)| {
            view! {
                <progress max=all.to_string() prop:value=f64::from(done) aria-label=t(Text::ListLoading)></progress>
            }
        })
    };
    view! {
        <div class="card card-body" role="status">
            <span class="visually-hidden">{t(Text::ListLoading)}</span>
            {progress}
            {(0..6).map(|_| view! { <span class="skeleton"></span> }).collect_view()}
        </div>
    }
}

/// The services, narrowed and turned by page.
#[component]
fn Statuses(
    app: App,
    services: Memo<Vec<UserService>>,
    stale: Signal<Option<vcloud_api::ApiError>>,
    refresh: Callback<()>,
    address: Address,
) -> impl IntoView {
    let Address { params, change } = address;
    let fill = Fill::new(app);
    let by_id = Memo::new(move |_| {
        services.with(|services| {
            services
                .iter()
                .map(|service| (service.id.clone(), service.clone()))
                .collect::<BTreeMap<_, _>>()
        })
    });
    let ids = Memo::new(move |_| services.with(|all| all.iter().map(|service| service.id.clone()).collect::<Vec<_>>()));
    // These look at every service there is, so only when enough has arrived.
    let found = Memo::new(move |_| {
        let params = params.get();
        if !params.narrows() {
            return ids.get();
        }
        fill.version();
        let services = services.get();
        untrack(|| {
            let entries = services.iter().map(|service| Entry::of(app, service));
            let found = entries.filter_map(|entry| entry.narrowed(&params.search, params.state));
            found.map(|entry| entry.service.id).collect()
        })
    });
    let failed = Memo::new(move |_| {
        fill.version();
        let ids = ids.get();
        untrack(|| ids.into_iter().filter(|id| freshness(app, id).1).collect::<Vec<_>>())
    });
    let total = Signal::derive(move || u32::try_from(found.with(Vec::len)).unwrap_or(u32::MAX));
    let size = Signal::derive(move || params.with(|params| params.size));
    let page = Signal::derive(move || {
        params
            .with(|params| params.page)
            .min(total.get().div_ceil(size.get()).max(1))
    });
    let visible = Memo::new(move |_| {
        let start = (page.get() - 1) as usize * size.get() as usize;
        found.with(|found| {
            let page = found.iter().skip(start).take(size.get() as usize);
            page.cloned().collect::<Vec<_>>()
        })
    });
    Effect::new(move |_| fill.look_at(visible.get()));
    // What other pages know already is not asked for again.
    Effect::new(move |_| fill.ask(ids.get(), app.refresh_ms()));
    // What is looked at stays fresh, quickly while something changes.
    let looked = StoredValue::new(untrack(|| app.clock.ms()));
    Effect::new(move |_| {
        let now = app.clock.ms();
        let every = if app.pending.any() {
            app.pending_refresh_ms()
        } else {
            app.refresh_ms()
        };
        if now - looked.get_value() >= every && !fill.busy() {
            looked.set_value(now);
            fill.ask_quietly(visible.get_untracked(), every);
        }
    });
    let refresh = move |_| {
        refresh.run(());
        fill.ask(ids.get_untracked(), 0.0);
    };
    let retry = Callback::new(move |wanted: Vec<String>| fill.ask(wanted, 0.0));
    let nothing = move || {
        i18n::text(if fill.busy() {
            Text::StatusAllNothingYet
        } else {
            Text::StatusAllNothingFound
        })
    };
    // The age of the oldest thing that can be seen.
    let at = Memo::new(move |_| {
        let ages = visible.with(|ids| ids.iter().map(|id| freshness(app, id).0).collect::<Vec<_>>());
        ages.into_iter().flatten().reduce(f64::min)
    });
    view! {
        <header class="page-head">
            <h1>{t(Text::StatusAllTitle)}</h1>
            <span class="soft" aria-live="polite">{move || i18n::plural(Plural::ListCount, u64::from(total.get()))}</span>
            <div class="row spread">
                <Age at busy=Signal::derive(move || fill.busy()) />
                <button class="button" type="button" aria-busy=move || fill.busy().to_string() on:click=refresh>
                    <Icon shape=Shape::Refresh />
                    {t(Text::ActionRefresh)}
                </button>
            </div>
        </header>
        {move || {
            stale
                .get()
                .map(|error| {
                    let explained = explain(&error);
                    view! {
                        <Message tone=Tone::Warn title=i18n::text(Text::ErrorStaleTitle)>
                            <p>{explained.title}" "{explained.advice}</p>
                        </Message>
                    }
                })
        }}
        <div class="toolbar">
            <Find address />
            <Progress fill failed retry />
        </div>
        <Show
            when=move || total.get() != 0
            fallback=move || {
                view! {
                    <div class="card empty">
                        <h2>{t(Text::ListNothingFound)}</h2>
                        <p>{nothing}</p>
                        <button
                            class="button"
                            type="button"
                            on:click=move |_| change.run(Params { size: size.get_untracked(), ..Params::default() })
                        >
                            {t(Text::ListShowAll)}
                        </button>
                    </div>
                }
            }
        >
            <rows::Table app ids=visible by_id params retry />
            <Pager
                total
                page
                size
                on_page=move |page| change.run(Params { page, ..params.get_untracked() })
                on_size=move |size| change.run(Params { size, page: 1, ..params.get_untracked() })
            />
        </Show>
    }
}

/// Search and filter.
#[component]
fn Find(address: Address) -> impl IntoView {
    let Address { params, change } = address;
    view! {
        <div class="toolbar many-find" role="search" aria-label=t(Text::StatusAllFind)>
            <div class="search">
                <Icon shape=Shape::Search />
                <input
                    class="input"
                    type="search"
                    aria-label=t(Text::StatusAllSearch)
                    placeholder=t(Text::StatusAllSearchPlaceholder)
                    prop:value=move || params.with(|params| params.search.clone())
                    on:input:target=move |event| {
                        change.run(Params { search: event.target().value(), page: 1, ..params.get_untracked() });
                    }
                />
            </div>
            <select
                class="select"
                aria-label=t(Text::StatusAllFilter)
                on:change:target=move |event| {
                    let state = StateFilter::from_id(&event.target().value());
                    change.run(Params { state, page: 1, ..params.get_untracked() });
                }
            >
                <option value="" selected=move || params.with(|params| params.state.is_none())>
                    {t(Text::StatusAllAnyState)}
                </option>
                {StateFilter::ALL
                    .map(|state| {
                        view! {
                            <option value=state.id() selected=move || params.with(|params| params.state == Some(state))>
                                {t(state.title())}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </div>
    }
}

/// How far it is, and what could not be had: beside the search, so that the table stays where it is.
#[component]
fn Progress(fill: Fill, failed: Memo<Vec<String>>, retry: Callback<Vec<String>>) -> impl IntoView {
    let number = |count: usize| i18n::number(count as u64);
    let progress = move || {
        fill.progress().map(|(done, total)| {
            #[allow(clippy::cast_precision_loss)] // Services of one account.
            let (value, max) = (done as f64, total.max(1) as f64);
            view! {
                <progress max=max.to_string() prop:value=value aria-label=t(Text::StatusAllProgress)></progress>
                <span class="soft">
                    {i18n::text_with(Text::ListLoadingSome, &[("done", &number(done)), ("all", &number(total))])}
                </span>
            }
        })
    };
    let failures = move || {
        let count = failed.with(Vec::len);
        (count > 0).then(|| {
            view! {
                <span class="badge badge-bad">{i18n::plural(Plural::StatusAllFailed, count as u64)}</span>
                <button class="button-link" type="button" on:click=move |_| retry.run(failed.get_untracked())>
                    {t(Text::StatusAllRetryFailed)}
                </button>
            }
        })
    };
    view! {
        <div class="row spread small">
            <div class="row" role="status">{failures}</div>
            {progress}
        </div>
    }
}
