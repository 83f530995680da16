//! `/market`: what the providers sell, by category; `/market/{provider}/{service type}`: one of it, to be configured.

mod choice;
mod form;
mod params;
mod prices;
mod service_type;
mod table;

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use vcloud_api::types::ServiceType;

use crate::components::{FilterChoice, Icon, Pager, Shape};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::fetched::{Failed, Stale};
use crate::pages::{Age, set_title};
use crate::state::market::{self, Sold};
use crate::state::query::Query;
use crate::state::{App, Remote, query, use_app};
use params::Params;
pub use service_type::ServiceTypePage;

/// What is on sale hardly ever changes.
const REFRESH_MS: f64 = 300_000.0;

/// What an option is called: those with a meaning in the person's language, others as they are (tracked).
pub fn option_name(option: &str) -> String {
    match option {
        "region" => i18n::text(Text::ServiceRegion).to_owned(),
        "resourceUnit" => i18n::text(Text::MarketSize).to_owned(),
        "portSpecification" => i18n::text(Text::MarketHostPorts).to_owned(),
        "persistStorage" => i18n::text(Text::MarketDisk).to_owned(),
        other => other.to_owned(),
    }
}

/// Follows everything on sale.
fn use_market(app: App) -> Query<Sold> {
    query::use_query(
        app.clock,
        app.market,
        || Some(()),
        || REFRESH_MS,
        move |(), abort| market::fetch(app, abort),
    )
}

/// The page at `/market`.
#[component]
pub fn MarketPage() -> impl IntoView {
    let app = use_app();
    set_title(|| i18n::text(Text::MarketTitle).to_owned());
    let address = use_query_map();
    let params = Memo::new(move |_| address.with(Params::read));
    let navigate = use_navigate();
    let show = Callback::new(move |(wanted, replace): (Params, bool)| {
        let options = NavigateOptions {
            replace,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&format!("/market{}", wanted.query()), options);
    });
    // Whatever narrows the list begins at its first page.
    let narrow = Callback::new(move |wanted: Params| show.run((Params { page: 1, ..wanted }, true)));
    let query = use_market(app);
    let sold = Memo::new(move |_| query.get().value().map(Arc::clone));
    let found = Memo::new(move |_| {
        let Some(sold) = sold.get() else { return Vec::new() };
        let mut found: Vec<ServiceType> = params.with(|params| {
            let all = sold.types.iter();
            all.filter(|each| params.finds(each, sold.about_category(each)))
                .cloned()
                .collect()
        });
        found.sort_by(|a, b| (&a.provider, &a.category, &a.name).cmp(&(&b.provider, &b.category, &b.name)));
        found
    });
    let total = Memo::new(move |_| found.with(|found| u32::try_from(found.len()).unwrap_or(u32::MAX)));
    let page = Memo::new(move |_| params.with(|params| params.page.min(total.get().div_ceil(params.size).max(1))));
    let rows = Memo::new(move |_| {
        let size = params.with(|params| params.size) as usize;
        let skipped = (page.get() as usize - 1) * size;
        found.with(|found| found.iter().skip(skipped).take(size).cloned().collect::<Vec<_>>())
    });
    let kind = Memo::new(move |_| match query.get() {
        Remote::Loading => 0,
        Remote::Failed(_) => 1,
        Remote::Ready { value, .. } if value.types.is_empty() => 2,
        Remote::Ready { .. } if total.get() == 0 => 3,
        Remote::Ready { .. } => 4,
    });
    let body = move || match kind.get() {
        0 => view! { <table::Skeleton /> }.into_any(),
        1 => view! { <Failed why=query.failure() on_retry=query.on_refresh() /> }.into_any(),
        2 => view! {
            <div class="card empty">
                <h2>{t(Text::MarketEmpty)}</h2>
                <p>{t(Text::MarketEmptyAdvice)}</p>
            </div>
        }
        .into_any(),
        3 => view! {
            <div class="card empty">
                <h2>{t(Text::MarketNothingFound)}</h2>
                <p>{t(Text::MarketNothingFoundAdvice)}</p>
                <button class="button" type="button" on:click=move |_| show.run((Params::default(), true))>
                    {t(Text::ListShowAll)}
                </button>
            </div>
        }
        .into_any(),
        _ => view! { <table::Table rows sold /> }.into_any(),
    };
    view! {
        <header class="page-head">
            <h1>{t(Text::MarketTitle)}</h1>
            <span class="soft" aria-live="polite">
                {move || (kind.get() > 2).then(|| i18n::plural(Plural::MarketCount, u64::from(total.get())))}
            </span>
            <div class="row spread">
                <Age
                    at=query.at()
                    busy=Signal::derive(move || query.busy())
                />
                <button class="button" type="button" on:click=move |_| query.refresh()>
                    <Icon shape=Shape::Refresh />
                    {t(Text::ActionRefresh)}
                </button>
            </div>
        </header>
        <Stale why=query.stale() />
        <div class="toolbar" role="search" aria-label=t(Text::MarketFind)>
            <div class="search">
                <Icon shape=Shape::Search />
                <input
                    class="input"
                    type="search"
                    aria-label=t(Text::MarketSearch)
                    placeholder=t(Text::MarketSearchPlaceholder)
                    prop:value=move || params.with(|params| params.search.clone())
                    on:input:target=move |event| {
                        let search = event.target().value();
                        narrow.run(Params { search, ..params.get_untracked() });
                    }
                />
            </div>
            <FilterChoice
                label=Text::ServiceProvider
                all=Text::MarketAnyProvider
                values=Signal::derive(move || values(sold, |each| vec![each.provider.clone()]))
                chosen=Signal::derive(move || params.with(|params| params.provider.clone()))
                on_choose=Callback::new(move |provider| narrow.run(Params { provider, ..params.get_untracked() }))
            />
            <FilterChoice
                label=Text::MarketCategory
                all=Text::MarketAnyCategory
                values=Signal::derive(move || {
                    let provider = params.with(|params| params.provider.clone());
                    values(sold, move |each| {
                        let is_shown = provider.is_empty() || provider == each.provider;
                        is_shown.then(|| each.category.clone()).into_iter().collect()
                    })
                })
                chosen=Signal::derive(move || params.with(|params| params.category.clone()))
                on_choose=Callback::new(move |category| narrow.run(Params { category, ..params.get_untracked() }))
            />
            <FilterChoice
                label=Text::ListFilterRegion
                all=Text::ListAnyRegion
                values=Signal::derive(move || {
                    values(sold, |each| each.service_options.get("region").cloned().unwrap_or_default())
                })
                chosen=Signal::derive(move || params.with(|params| params.region.clone()))
                on_choose=Callback::new(move |region| narrow.run(Params { region, ..params.get_untracked() }))
            />
        </div>
        {body}
        {move || {
            (kind.get() == 4)
                .then(|| {
                    view! {
                        <Pager
                            total
                            page
                            size=Signal::derive(move || params.with(|params| params.size))
                            on_page=move |page| show.run((Params { page, ..params.get_untracked() }, false))
                            on_size=move |size| show.run((Params { size, page: 1, ..params.get_untracked() }, true))
                        />
                    }
                })
        }}
    }
}

/// Every value that the service types have, once.
fn values(sold: Memo<Option<Arc<Sold>>>, of: impl Fn(&ServiceType) -> Vec<String>) -> Vec<String> {
    let Some(sold) = sold.get() else { return Vec::new() };
    let all: BTreeSet<String> = sold
        .types
        .iter()
        .flat_map(of)
        .filter(|value| !value.is_empty())
        .collect();
    all.into_iter().collect()
}
