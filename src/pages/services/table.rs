//! The table of a list and the pages below it.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use vcloud_api::types::UserServiceStatus;

use super::columns::{self, Column, Row};
use super::cursor::{row_id, use_cursor};
use super::data::Data;
use super::params::Params;
use super::selected::Selected;
use super::toolbar::ColumnChoice;
use crate::components::{Icon, Pager, Shape};
use crate::i18n::{self, Text, t};
use crate::pages::own_text::{OwnText, unreadable};
use crate::pages::status::StatusBadge;
use crate::route::{List, Page, Tab};
use crate::state::edits::Part;
use crate::state::unsealed::Unsealed;
use crate::state::{App, Remote, use_app};

/// The grey rows shown while the list is on its way, with how much of it has arrived.
#[component]
pub fn Skeleton(columns: ColumnChoice, progress: Signal<Option<(u32, u32)>>) -> impl IntoView {
    let progress = move || {
        progress.get().map(|(done, all)| {
            view! {
                <div class="row small soft">
                    <progress max=all.to_string() prop:value=f64::from(done) aria-label=t(Text::ListLoading)></progress>
                    {i18n::text_with(
                        Text::ListLoadingSome,
                        &[("done", &i18n::number(u64::from(done))), ("all", &i18n::number(u64::from(all)))],
                    )}
                </div>
            }
        })
    };
    view! {
        <div role="status">
            <span class="visually-hidden">{t(Text::ListLoading)}</span>
            {progress}
        </div>
        <div class="table-frame" aria-hidden="true">
            <table class="table">
                <tbody>
                    {(0..8)
                        .map(|_| {
                            view! {
                                <tr>
                                    {move || {
                                        columns.get().iter().map(|_| view! { <td><span class="skeleton"></span></td> }).collect_view()
                                    }}
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// The table.
#[component]
pub fn Table(
    list: List,
    data: Data,
    params: Memo<Params>,
    change: Callback<Params>,
    columns: ColumnChoice,
    selected: Selected,
) -> impl IntoView {
    let app = use_app();
    let ids = Memo::new(move |_| {
        data.rows
            .with(|rows| rows.iter().map(|row| row.service.id.clone()).collect::<Vec<_>>())
    });
    let by_id = Memo::new(move |_| {
        data.rows.with(|rows| {
            rows.iter()
                .map(|row| (row.service.id.clone(), row.clone()))
                .collect::<BTreeMap<_, _>>()
        })
    });
    let cursor = use_cursor(app, columns, ids, by_id, selected);
    // What is not in the list any more, or not found any more, can't stay selected.
    Effect::new(move |_| {
        let whole = data.whole.get();
        let size = params.with(|params| params.size as usize);
        let first = if whole {
            0
        } else {
            (data.page.get() as usize - 1) * size
        };
        data.found.with(|found| selected.observe(found, first, whole));
    });
    let all_selected = move || ids.with(|ids| !ids.is_empty() && ids.iter().all(|id| selected.contains(id)));
    let heading = move |column: Column| {
        let order = move || {
            params
                .with(|params| params.sort)
                .filter(|(sorted, _)| *sorted == column)
                .map(|(_, down)| down)
        };
        let sort = move |_| {
            let mut wanted = params.get_untracked();
            wanted.page = 1;
            wanted.sort = match order() {
                None => Some((column, false)),
                Some(false) => Some((column, true)),
                Some(true) => None,
            };
            change.run(wanted);
        };
        let label = view! {
            {t(column.title())}
            {move || order().map(|down| view! { <Icon shape=if down { Shape::ArrowDown } else { Shape::ArrowUp } /> })}
        };
        view! {
            <th
                role="columnheader"
                scope="col"
                class:number=column.is_number()
                aria-sort=move || order().map(|down| if down { "descending" } else { "ascending" })
            >
                {if column.sortable() {
                    view! { <button class="sort" type="button" on:click=sort>{label}</button> }.into_any()
                } else {
                    label.into_any()
                }}
            </th>
        }
    };
    view! {
        <Show
            when=move || data.total.get() != 0
            fallback=move || {
                view! {
                    <div class="card empty">
                        <h2>{t(Text::ListNothingFound)}</h2>
                        <p>{t(Text::ListNothingFoundAdvice)}</p>
                        <button
                            class="button"
                            type="button"
                            on:click=move |_| {
                                change.run(Params { sort: params.get_untracked().sort, size: params.get_untracked().size, ..Params::default() });
                            }
                        >
                            {t(Text::ListShowAll)}
                        </button>
                    </div>
                }
            }
        >
            <div class="table-frame">
                <table class="table table-cards" role="table" aria-label=t(super::title(list))>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col" class="tick">
                                <input
                                    type="checkbox"
                                    aria-label=t(Text::ListSelectPage)
                                    prop:checked=all_selected
                                    on:change:target=move |event| {
                                        if event.target().checked() {
                                            selected.add(data.rows.get_untracked());
                                        } else {
                                            ids.with_untracked(|ids| selected.remove(ids));
                                        }
                                    }
                                />
                            </th>
                            {move || columns.get().into_iter().map(heading).collect_view()}
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        <For each=move || ids.get() key=String::clone let:id>
                            <ServiceRow app id by_id columns selected cursor />
                        </For>
                    </tbody>
                </table>
            </div>
            <Pager
                total=data.total
                page=data.page
                size=Signal::derive(move || params.with(|params| params.size))
                on_page=move |page| change.run(Params { page, ..params.get_untracked() })
                on_size=move |size| change.run(Params { size, page: 1, ..params.get_untracked() })
            />
        </Show>
    }
}

#[component]
fn ServiceRow(
    app: App,
    id: String,
    by_id: Memo<BTreeMap<String, Row>>,
    columns: ColumnChoice,
    selected: Selected,
    cursor: RwSignal<Option<String>>,
) -> impl IntoView {
    let navigate = use_navigate();
    let id = StoredValue::new(id);
    let row = Memo::new(move |_| {
        id.with_value(|id| by_id.with(|rows| rows.get(id).cloned()))
            .unwrap_or_default()
    });
    let is_selected = move || id.with_value(|id| selected.contains(id));
    let is_current =
        move || cursor.with(|cursor| cursor.as_ref().is_some_and(|cursor| id.with_value(|id| cursor == id)));
    let point = move || {
        if !untrack(is_current) {
            cursor.set(Some(id.get_value()));
        }
    };
    let name = move || i18n::text_with(Text::ListSelectService, &[("id", &id.get_value())]);
    view! {
        <tr
            role="row"
            id=row_id(&id.get_value())
            // The keys of the rows move the focus here; the Tab key does not stop.
            tabindex="-1"
            aria-selected=move || is_selected().to_string()
            aria-current=move || is_current().then_some("true")
            on:focusin=move |_| point()
            on:click=move |_| point()
            on:dblclick=move |_| {
                let address = format!("/service/{}", id.get_value());
                navigate(&address, NavigateOptions::default());
            }
        >
            <td role="cell" class="tick">
                <input
                    type="checkbox"
                    aria-label=name
                    prop:checked=is_selected
                    on:change:target=move |event| {
                        if event.target().checked() {
                            selected.add(vec![row.get_untracked()]);
                        } else {
                            selected.remove(&[id.get_value()]);
                        }
                    }
                />
            </td>
            {move || columns.get().into_iter().map(|column| cell(app, column, row)).collect_view()}
        </tr>
    }
}

/// The label, which can be edited where it stands.
fn label(app: App, row: Memo<Row>) -> impl IntoView {
    let service = Signal::derive(move || row.with(|row| row.service.clone()));
    let detail = move || row.with(|row| app.services.details.peek(&row.service.id));
    // The field stays while the rest of the row changes.
    let kind = Memo::new(move |_| match detail() {
        Remote::Loading => 0,
        Remote::Failed(_) => 1,
        Remote::Ready { .. } => 2,
    });
    let value = Signal::derive(move || detail().value().map_or(Unsealed::Unset, |detail| detail.label.clone()));
    move || match kind.get() {
        0 => view! { <span class="skeleton"></span> }.into_any(),
        1 => view! { <span title=t(Text::ListUnsealFailed)>"?"</span> }.into_any(),
        _ => view! { <OwnText app service part=Part::Label value /> }.into_any(),
    }
}

/// One cell. What is not there shows `-`, a time that is not known yet `—`.
fn cell(app: App, column: Column, row: Memo<Row>) -> impl IntoView {
    let time = |seconds: i64| {
        if seconds > 0 {
            i18n::date_time(seconds)
        } else {
            "—".to_owned()
        }
    };
    let content = move || match column {
        Column::Id => row.with(|row| {
            let id = row.service.id.clone();
            let href = Page::Service(id.clone(), Tab::Overview).href();
            let copy = id.clone();
            let start =
                (row.service.status == UserServiceStatus::Pending && columns::units(&row.service) > 0).then(|| {
                    let href = Page::Service(id.clone(), Tab::Deployment).href();
                    let name = i18n::text_with(Text::DeployStartWhat, &[("id", &id)]);
                    view! { <a class="button button-small" href=href aria-label=name>{t(Text::DeployStart)}</a> }
                });
            view! {
                <span class="deploy-cell">
                    <span class="copyable">
                        <a class="mono" href=href>{id}</a>
                        <crate::components::CopyButton value=copy what=i18n::text(Text::ColumnId) />
                    </span>
                    {start}
                </span>
            }
            .into_any()
        }),
        Column::Type => row.with(|row| row.service.service.clone()).into_any(),
        Column::Created => time(row.with(|row| columns::created(&row.service))).into_any(),
        Column::Started => time(row.with(|row| row.service.service_running_ts)).into_any(),
        Column::Duration => i18n::number(row.with(|row| row.service.duration)).into_any(),
        Column::Expires => time(row.with(|row| row.service.end_at)).into_any(),
        Column::TimeLeft => i18n::duration(row.with(|row| row.service.time_left(app.clock.seconds()))).into_any(),
        Column::Refundable => {
            let service_type = row.with(|row| app.services.types.peek(&row.service.service_id));
            match service_type {
                Remote::Loading => view! { <span class="skeleton"></span> }.into_any(),
                Remote::Failed(_) => "?".into_any(),
                Remote::Ready { value, .. } => i18n::text(if value.refundable {
                    Text::AnswerYes
                } else {
                    Text::AnswerNo
                })
                .into_any(),
            }
        }
        Column::Status => {
            let service = row.with(|row| row.service.clone());
            view! { <StatusBadge app service /> }.into_any()
        }
        Column::Region => row.with(|row| or_dash(row.service.service_options.region())).into_any(),
        Column::Units => i18n::number(u64::from(row.with(|row| columns::units(&row.service)))).into_any(),
        Column::Description => unsealed(app, row, |detail| detail.description.clone()).into_any(),
        Column::Label => label(app, row).into_any(),
    };
    view! {
        <td role="cell" class:number=column.is_number() class:wrap=column == Column::Description data-label=t(column.title())>
            {content}
        </td>
    }
}

fn unsealed(app: App, row: Memo<Row>, part: fn(&crate::state::services::Detail) -> Unsealed) -> AnyView {
    match row.with(|row| app.services.details.peek(&row.service.id)) {
        Remote::Loading => view! { <span class="skeleton"></span> }.into_any(),
        Remote::Failed(_) => view! { <span title=t(Text::ListUnsealFailed)>"?"</span> }.into_any(),
        Remote::Ready { value, .. } => match part(&value) {
            Unsealed::Unset => "-".into_any(),
            Unsealed::Text(text) => text.into_any(),
            Unsealed::Unreadable => view! { <span title=t(unreadable(app))>"?"</span> }.into_any(),
        },
    }
}

fn or_dash(text: &str) -> String {
    if text.is_empty() {
        "-".to_owned()
    } else {
        text.to_owned()
    }
}
