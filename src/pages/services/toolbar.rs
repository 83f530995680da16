//! Above a list: search, filters, the choice of columns.

use leptos::prelude::*;
use vcloud_api::types::UserServiceStatus;

use super::columns::Column;
use super::data::Data;
use super::params::Params;
use crate::components::{FilterChoice, Icon, Popup, Shape};
use crate::i18n::{self, Text, t};
use crate::route::{List, Page};
use crate::state::storage;

/// Which columns a list shows: kept for the next visit.
#[derive(Clone, Copy)]
pub struct ColumnChoice {
    list: List,
    shown: RwSignal<Vec<Column>>,
}

impl ColumnChoice {
    /// What was chosen for this list before, else the guide's columns.
    pub fn of(list: List) -> ColumnChoice {
        let stored = storage::preferences().get(&key(list));
        let chosen: Option<Vec<Column>> = stored.map(|text| text.split(',').filter_map(Column::from_id).collect());
        let shown = chosen
            .filter(|columns| !columns.is_empty())
            .unwrap_or_else(|| Column::of_guide(list));
        ColumnChoice {
            list,
            shown: RwSignal::new(shown),
        }
    }

    /// The columns shown, in their order (tracked).
    pub fn get(self) -> Vec<Column> {
        self.shown.get()
    }

    fn is_shown(self, column: Column) -> bool {
        self.shown.with(|shown| shown.contains(&column))
    }

    fn show(self, column: Column, show: bool) {
        let mut wanted = self.shown.get_untracked();
        wanted.retain(|shown| *shown != column);
        if show {
            wanted.push(column);
        }
        self.set(
            Column::ALL
                .into_iter()
                .filter(|column| wanted.contains(column))
                .collect(),
        );
    }

    fn reset(self) {
        self.set(Column::of_guide(self.list));
    }

    fn set(self, columns: Vec<Column>) {
        if columns == Column::of_guide(self.list) {
            storage::preferences().remove(&key(self.list));
        } else {
            let names: Vec<_> = columns.iter().map(|column| column.id()).collect();
            storage::preferences().set(&key(self.list), &names.join(","));
        }
        self.shown.set(columns);
    }
}

fn key(list: List) -> String {
    format!("columns.{}", list.segment())
}

/// The bar above the table.
#[component]
pub fn Toolbar(
    list: List,
    params: Memo<Params>,
    change: Callback<Params>,
    data: Data,
    columns: ColumnChoice,
) -> impl IntoView {
    // Every change starts at the first page again.
    let with = move |edit: &dyn Fn(&mut Params)| {
        let mut wanted = params.get_untracked();
        wanted.page = 1;
        edit(&mut wanted);
        change.run(wanted);
    };
    view! {
        <div class="toolbar" role="search" aria-label=t(Text::ListFind)>
            <div class="search">
                <Icon shape=Shape::Search />
                <input
                    class="input"
                    type="search"
                    aria-label=t(Text::ListSearch)
                    placeholder=t(Text::ListSearchPlaceholder)
                    prop:value=move || params.with(|params| params.search.clone())
                    on:input:target=move |event| {
                        let text = event.target().value();
                        with(&|params| params.search.clone_from(&text));
                    }
                />
            </div>
            {(list == List::Running)
                .then(|| {
                    view! {
                        <select
                            class="select"
                            aria-label=t(Text::ListFilterStatus)
                            prop:value=move || params.with(|params| params.status.clone())
                            on:change:target=move |event| {
                                let status = event.target().value();
                                with(&|params| params.status.clone_from(&status));
                            }
                        >
                            <option value="">{t(Text::ListAnyStatus)}</option>
                            <option value=UserServiceStatus::Running.as_str().to_owned()>{t(Text::StatusRunning)}</option>
                            <option value=UserServiceStatus::Stop.as_str().to_owned()>{t(Text::StatusPaused)}</option>
                        </select>
                    }
                })}
            <FilterChoice
                label=Text::ListFilterRegion
                all=Text::ListAnyRegion
                values=data.regions
                chosen=Signal::derive(move || params.with(|params| params.region.clone()))
                on_choose=Callback::new(move |region: String| with(&|params| params.region.clone_from(&region)))
            />
            <Popup
                label=Signal::derive(move || i18n::text(Text::ListColumns).to_owned())
                class="button"
                named_by_text=true
                button=move || view! { <Icon shape=Shape::Columns /> {t(Text::ListColumns)} }
            >
                {Column::ALL
                    .into_iter()
                    .map(|column| {
                        view! {
                            <label class="popup-item">
                                <input
                                    type="checkbox"
                                    prop:checked=move || columns.is_shown(column)
                                    disabled=move || columns.is_shown(column) && columns.get().len() == 1
                                    on:change:target=move |event| columns.show(column, event.target().checked())
                                />
                                {t(column.title())}
                            </label>
                        }
                    })
                    .collect_view()}
                <div class="popup-line"></div>
                <button class="popup-item" type="button" on:click=move |_| columns.reset()>{t(Text::ListColumnsReset)}</button>
            </Popup>
            {(list == List::Running)
                .then(|| {
                    view! {
                        <a class="button" href=Page::StatusOfAll.href()>
                            <Icon shape=Shape::Activity />
                            {t(Text::StatusAllLink)}
                        </a>
                    }
                })}
        </div>
    }
}
