//! `/notices`: what happened to the account's services, or to one of them.

mod badge;
mod kinds;
mod params;
mod table;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use vcloud_api::types::{Notice, UserService};

pub use badge::UnseenBadge;

use crate::components::{ErrorMessage, Icon, Shape};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::fetched::Stale;
use crate::pages::provider::ProviderChoice;
use crate::pages::{Age, explain, set_title};
use crate::route::{List, Page, Tab};
use crate::state::notices::{NoticeKey, Scope};
use crate::state::providers::use_providers;
use crate::state::{App, Remote, use_app};
use params::Params;

/// The notices of the page, and how they are followed.
#[derive(Clone, Copy)]
struct Data {
    /// The rows shown.
    rows: Signal<Vec<Notice>>,
    /// How many there are in all that match.
    total: Signal<u32>,
    /// The page shown, which is less than the one asked for where there are not so many.
    page: Signal<u32>,
    /// Up to when they had been seen before the page was opened.
    seen: Signal<i64>,
}

/// The page.
#[component]
pub fn NoticesPage() -> impl IntoView {
    let app = use_app();
    let query_map = use_query_map();
    let params = Memo::new(move |_| query_map.with(Params::read));
    set_title(|| i18n::text(Text::NoticesTitle).to_owned());
    let navigate = use_navigate();
    let change = Callback::new(move |wanted: Params| {
        let address = format!("/notices{}", wanted.query());
        let options = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&address, options);
    });
    let providers = use_providers(app);
    let provider = Memo::new(move |_| {
        let asked = params.with(|params| params.provider.clone());
        if asked.is_empty() {
            app.config().provider.clone()
        } else {
            asked
        }
    });
    let key = move || {
        let account = app.session.address()?;
        params.with(|params| {
            // The platform knows no types: to find all of one, all have to be looked through.
            let scope = if params.kind.is_empty() {
                Scope::Page {
                    current: params.page,
                    size: params.size,
                }
            } else {
                Scope::All
            };
            Some(NoticeKey {
                account,
                provider: provider.get(),
                service: params.service.clone(),
                scope,
            })
        })
    };
    let query = app.notices.follow(app, key);
    let refresh = Callback::new(move |()| query.refresh());
    let found = Memo::new(move |_| {
        let kind = params.with(|params| params.kind.clone());
        let state = query.get();
        let notices = state.value().map(|page| page.list.clone()).unwrap_or_default();
        notices
            .into_iter()
            .filter(|notice| kind.is_empty() || notice.notice_type == kind)
            .collect::<Vec<_>>()
    });
    let total = Signal::derive(move || {
        if params.with(|params| params.kind.is_empty()) {
            let state = query.get();
            let total = state.value().map_or(0, |page| page.pagination.total);
            u32::try_from(total).unwrap_or(u32::MAX)
        } else {
            u32::try_from(found.with(Vec::len)).unwrap_or(u32::MAX)
        }
    });
    let page = Signal::derive(move || {
        let (page, size) = params.with(|params| (params.page, params.size));
        page.min(total.get().div_ceil(size).max(1))
    });
    let rows = Signal::derive(move || {
        let (size, is_cut) = params.with(|params| (params.size as usize, params.kind.is_empty()));
        if is_cut {
            return found.get();
        }
        let start = (page.get() as usize - 1) * size;
        found.with(|found| found.iter().skip(start).take(size).cloned().collect())
    });
    let data = Data {
        rows,
        total,
        page,
        seen: use_seen(app, params, provider, query),
    };
    // Labels go together in one wave.
    Effect::new(move |_| {
        let provider = provider.get();
        let mut ids: Vec<String> = rows.get().into_iter().map(|notice| notice.service_id).collect();
        ids.extend(params.with(|params| (!params.service.is_empty()).then(|| params.service.clone())));
        ids.sort();
        ids.dedup();
        ids.retain(|id| !id.is_empty());
        let services: Vec<UserService> = ids
            .into_iter()
            .map(|id| UserService {
                id,
                provider: provider.clone(),
                ..UserService::default()
            })
            .collect();
        app.services.want_details(app, &services);
    });
    on_cleanup(move || app.services.abandon());
    let kind = Memo::new(move |_| match query.get() {
        Remote::Loading => 0,
        Remote::Failed(_) => 1,
        Remote::Ready { .. } if total.get() == 0 => 2,
        Remote::Ready { .. } => 3,
    });
    let body = move || match kind.get() {
        0 => view! { <table::Skeleton /> }.into_any(),
        1 => {
            let Remote::Failed(error) = untrack(|| query.get()) else {
                return ().into_any();
            };
            let explained = explain(&error);
            view! {
                <ErrorMessage
                    title=explained.title
                    advice=explained.advice
                    detail=Signal::stored(explained.detail)
                    on_retry=refresh
                />
            }
            .into_any()
        }
        2 => view! { <Empty params change /> }.into_any(),
        _ => view! { <table::Table app data params change /> }.into_any(),
    };
    view! {
        <header class="page-head">
            <h1>{t(Text::NoticesTitle)}</h1>
            <span class="soft" aria-live="polite">
                {move || (kind.get() == 3).then(|| i18n::plural(Plural::NoticesCount, u64::from(total.get())))}
            </span>
            <div class="row spread">
                <Age
                    at=query.at()
                    busy=Signal::derive(move || query.busy())
                />
                <button class="button" type="button" on:click=move |_| refresh.run(())>
                    <Icon shape=Shape::Refresh />
                    {t(Text::ActionRefresh)}
                </button>
            </div>
        </header>
        <Stale why=query.stale() />
        <div class="toolbar" role="search" aria-label=t(Text::NoticesFind)>
            <ProviderChoice
                providers
                chosen=provider.into()
                on_choose=Callback::new(move |name: String| {
                    // A service is at one provider only.
                    let provider = if name == app.config().provider { String::new() } else { name };
                    let kind = params.with_untracked(|params| params.kind.clone());
                    let size = params.with_untracked(|params| params.size);
                    change.run(Params { provider, kind, size, ..Params::default() });
                })
            />
            <KindChoice params change found=found.into() />
            <ServiceFilter app params change />
        </div>
        {body}
    }
}

/// Marks what is shown as seen, and answers up to when it had been before.
fn use_seen(
    app: App,
    params: Memo<Params>,
    provider: Memo<String>,
    query: crate::state::query::Query<vcloud_api::types::Page<Notice>>,
) -> Signal<i64> {
    // What was unseen when the page was opened stays marked while it is looked at.
    let before = Memo::new(move |_| {
        let account = app.session.address().unwrap_or_default();
        let provider = provider.get();
        untrack(|| app.notices.seen(&account, &provider))
    });
    Effect::new(move |_| {
        // Looked up before the mark moves.
        let _ = before.get();
        let shows_newest = params.with(|params| params.service.is_empty() && params.page == 1);
        let Some(account) = app.session.address().filter(|_| shows_newest) else {
            return;
        };
        let state = query.get();
        let newest = state
            .value()
            .and_then(|page| page.list.iter().map(|notice| notice.timestamp).max());
        if let Some(newest) = newest {
            app.notices.mark_seen(&account, &provider.get(), newest);
        }
    });
    before.into()
}

/// Which type of notice is shown.
#[component]
fn KindChoice(params: Memo<Params>, change: Callback<Params>, found: Signal<Vec<Notice>>) -> impl IntoView {
    let chosen = move || params.with(|params| params.kind.clone());
    let offered = Memo::new(move |_| {
        let mut offered: Vec<String> = kinds::KNOWN.iter().map(|kind| (*kind).to_owned()).collect();
        let seen = found.with(|found| {
            found
                .iter()
                .map(|notice| notice.notice_type.clone())
                .collect::<Vec<_>>()
        });
        for kind in seen.into_iter().chain([chosen()]) {
            if !kind.is_empty() && !offered.contains(&kind) {
                offered.push(kind);
            }
        }
        offered
    });
    view! {
        <select
            class="select"
            aria-label=t(Text::NoticesType)
            prop:value=chosen
            on:change:target=move |event| {
                let kind = event.target().value();
                change.run(Params { kind, page: 1, ..params.get_untracked() });
            }
        >
            <option value="">{t(Text::NoticesAnyType)}</option>
            {move || {
                offered
                    .get()
                    .into_iter()
                    .map(|kind| {
                        let value = kind.clone();
                        let is_chosen = chosen() == kind;
                        view! { <option value=value selected=is_chosen>{move || kinds::text(&kind)}</option> }
                    })
                    .collect_view()
            }}
        </select>
    }
}

/// The service that the notices are about, and the way back to all.
#[component]
fn ServiceFilter(app: App, params: Memo<Params>, change: Callback<Params>) -> impl IntoView {
    let service = Memo::new(move |_| params.with(|params| params.service.clone()));
    move || {
        let id = service.get();
        (!id.is_empty()).then(|| {
            let href = Page::Service(id.clone(), Tab::Overview).href();
            let name = move || {
                let label = app.services.details.peek(&id).value().map(|detail| detail.label.text());
                label.filter(|label| !label.is_empty()).unwrap_or_else(|| id.clone())
            };
            view! {
                <div class="row">
                    <span class="soft">{t(Text::NoticesOnly)}</span>
                    <a href=href>{name}</a>
                    <button
                        class="button button-quiet"
                        type="button"
                        on:click=move |_| change.run(Params { service: String::new(), page: 1, ..params.get_untracked() })
                    >
                        <Icon shape=Shape::Close />
                        {t(Text::NoticesAllServices)}
                    </button>
                </div>
            }
        })
    }
}

/// What stands there where there is nothing.
#[component]
fn Empty(params: Memo<Params>, change: Callback<Params>) -> impl IntoView {
    let narrows = Memo::new(move |_| params.with(Params::narrows));
    move || {
        if narrows.get() {
            view! {
                <div class="card empty">
                    <h2>{t(Text::NoticesNothingFound)}</h2>
                    <p>{t(Text::NoticesNothingFoundAdvice)}</p>
                    <button
                        class="button"
                        type="button"
                        on:click=move |_| {
                            let Params { provider, size, .. } = params.get_untracked();
                            change.run(Params { provider, size, ..Params::default() });
                        }
                    >
                        {t(Text::NoticesAll)}
                    </button>
                </div>
            }
            .into_any()
        } else {
            view! {
                <div class="card empty">
                    <h2>{t(Text::NoticesEmpty)}</h2>
                    <p>{t(Text::NoticesEmptyAdvice)}</p>
                    <a class="button" href=Page::Services(List::Running).href()>{t(Text::ListRunning)}</a>
                </div>
            }
            .into_any()
        }
    }
}
