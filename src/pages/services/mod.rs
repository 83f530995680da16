//! `/services/running`, `/usable`, `/past`, `/aborted`: the account's services as the guide's tables show them.

mod bulk;
pub mod columns;
mod cursor;
mod data;
mod paid;
mod params;
mod selected;
mod selection;
mod table;
mod toolbar;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use crate::components::{ErrorMessage, Icon, Shape};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::fetched::Stale;
use crate::pages::{Age, NotFound, explain, set_title};
use crate::route::{List, Page};
use crate::state::{Remote, use_app};
pub use bulk::announce;
use params::Params;
use selected::Selected;

/// The heading of a list.
pub fn title(list: List) -> Text {
    match list {
        List::Running => Text::ListRunning,
        List::Usable => Text::ListUsable,
        List::Past => Text::ListPast,
        List::Aborted => Text::ListAborted,
    }
}

/// The page at `/services/:list`.
#[component]
pub fn ServicesPage() -> impl IntoView {
    let route = use_params_map();
    let list =
        Memo::new(move |_| route.with(|params| params.get("list").and_then(|segment| List::from_segment(&segment))));
    // A list is made anew for each address, so that nothing of the one before is left in it.
    move || match list.get() {
        Some(list) => view! { <ServiceList list /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

/// One list.
#[component]
fn ServiceList(list: List) -> impl IntoView {
    let app = use_app();
    set_title(move || i18n::text(title(list)).to_owned());
    let query = use_query_map();
    let params = Memo::new(move |_| query.with(Params::read));
    let navigate = use_navigate();
    let show = Callback::new(move |(wanted, replace): (Params, bool)| {
        let options = NavigateOptions {
            replace,
            scroll: false,
            ..NavigateOptions::default()
        };
        // The router adds the folder the console is hosted in.
        let address = format!("/services/{}{}", list.segment(), wanted.query());
        navigate(&address, options);
    });
    // Back turns the pages back, and else leads to what was before this list: not to the last key typed into the search.
    let change = Callback::new(move |wanted: Params| {
        let turns_page = params.with_untracked(|shown| wanted.turns_page_of(shown));
        show.run((wanted, !turns_page));
    });
    let data = data::use_list(app, list, params);
    // A page beyond the last one, as when services have ended since: the last one instead.
    Effect::new(move |_| {
        let wanted = params.get();
        let total = data.total.get();
        let last = total.div_ceil(wanted.size);
        if total > 0 && !wanted.needs_all() && wanted.page > last {
            show.run((Params { page: last, ..wanted }, true));
        }
    });
    let selected = Selected::new();
    let columns = toolbar::ColumnChoice::of(list);
    let dialog = bulk::BulkDialog::new();

    let body = move || match data.state.get() {
        Remote::Loading => view! { <table::Skeleton columns progress=data.progress /> }.into_any(),
        Remote::Failed(error) => {
            let explained = explain(&error);
            view! {
                <ErrorMessage
                    title=explained.title
                    advice=explained.advice
                    detail=Signal::stored(explained.detail)
                    on_retry=Callback::new(move |()| data.refresh.run(()))
                />
            }
            .into_any()
        }
        Remote::Ready { .. } if data.total.get() == 0 && !params.with(Params::narrows) => {
            view! { <Empty list /> }.into_any()
        }
        Remote::Ready { .. } => view! { <table::Table list data params change columns selected /> }.into_any(),
    };
    // What is shown changes only with the kind of state; the rows follow their own signals.
    let kind = Memo::new(move |_| match data.state.get() {
        Remote::Loading => 0,
        Remote::Failed(_) => 1,
        Remote::Ready { .. } if data.total.get() == 0 && !params.with(Params::narrows) => 2,
        Remote::Ready { .. } => 3,
    });
    view! {
        <header class="page-head">
            <h1>{t(title(list))}</h1>
            <span class="soft" aria-live="polite">
                {move || (kind.get() == 3).then(|| i18n::plural(Plural::ListCount, u64::from(data.total.get())))}
            </span>
            <div class="row spread">
                <Age at=data.at busy=data.busy />
                <button
                    class="button"
                    type="button"
                    aria-busy=move || data.busy.get().to_string()
                    on:click=move |_| data.refresh.run(())
                >
                    <Icon shape=Shape::Refresh />
                    {t(Text::ActionRefresh)}
                </button>
            </div>
        </header>
        <Stale why=data.stale />
        <toolbar::Toolbar list params change data columns />
        {(list == List::Running).then(|| view! { <bulk::BulkRun app dialog /> })}
        {move || {
            kind.track();
            untrack(body)
        }}
        <selection::Selection app list data selected dialog />
    }
}

/// What an empty list says: where services of this kind come from.
#[component]
fn Empty(list: List) -> impl IntoView {
    let (title, advice) = match list {
        List::Running => (Text::EmptyRunningTitle, Text::EmptyRunningAdvice),
        List::Usable => (Text::EmptyUsableTitle, Text::EmptyUsableAdvice),
        List::Past => (Text::EmptyPastTitle, Text::EmptyPastAdvice),
        List::Aborted => (Text::EmptyAbortedTitle, Text::EmptyAbortedAdvice),
    };
    view! {
        <div class="card empty">
            <h2>{t(title)}</h2>
            <p>{t(advice)}</p>
            {(list == List::Running).then(|| view! { <a class="button" href=Page::Services(List::Usable).href()>{t(Text::ListUsable)}</a> })}
            {matches!(list, List::Running | List::Usable)
                .then(|| view! { <a class="button" href=Page::Market.href()>{t(Text::MarketOrderNew)}</a> })}
        </div>
    }
}
