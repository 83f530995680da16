//! The table of notices.

use leptos::prelude::*;
use vcloud_api::types::Notice;

use super::params::Params;
use super::{Data, kinds};
use crate::components::{CopyButton, Pager};
use crate::i18n::{self, Text, t};
use crate::route::{Page, Tab};
use crate::state::{App, Remote};

/// The grey rows shown while the notices are on their way.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <span class="visually-hidden" role="status">{t(Text::NoticesLoading)}</span>
        <div class="table-frame" aria-hidden="true">
            <table class="table">
                <tbody>
                    {(0..8)
                        .map(|_| view! { <tr>{(0..3).map(|_| view! { <td><span class="skeleton"></span></td> }).collect_view()}</tr> })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// The table and its pages.
#[component]
pub fn Table(app: App, data: Data, params: Memo<Params>, change: Callback<Params>) -> impl IntoView {
    let head = |title: Text| view! { <th role="columnheader" scope="col">{t(title)}</th> };
    // Notices have no number of their own; equal ones are told apart by their order.
    let rows = Memo::new(move |_| {
        let mut same = std::collections::HashMap::<(i64, String, String), u32>::new();
        data.rows
            .get()
            .into_iter()
            .map(|notice| {
                let key = (notice.timestamp, notice.service_id.clone(), notice.notice_type.clone());
                let count = same.entry(key).or_default();
                *count += 1;
                (*count, notice)
            })
            .collect::<Vec<_>>()
    });
    view! {
        <div class="table-frame">
            <table class="table table-cards" role="table" aria-label=t(Text::NoticesTitle)>
                <thead role="rowgroup">
                    <tr role="row">{head(Text::NoticesTime)}{head(Text::NoticesWhat)}{head(Text::NoticesService)}</tr>
                </thead>
                <tbody role="rowgroup">
                    <For
                        each=move || rows.get()
                        key=|(number, notice)| {
                            (*number, notice.timestamp, notice.service_id.clone(), notice.notice_type.clone())
                        }
                        children=move |(_, notice)| view! { <Row app data notice /> }
                    />
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
    }
}

#[component]
fn Row(app: App, data: Data, notice: Notice) -> impl IntoView {
    let Notice {
        timestamp,
        service_id,
        notice_type,
    } = notice;
    let is_new = move || timestamp > data.seen.get();
    let service = if service_id.is_empty() {
        "-".into_any()
    } else {
        let href = Page::Service(service_id.clone(), Tab::Overview).href();
        let id = service_id.clone();
        let label = move || match app.services.details.peek(&service_id) {
            Remote::Ready { value, .. } => value.label.text(),
            Remote::Loading | Remote::Failed(_) => String::new(),
        };
        view! {
            <span class="notice-service">
                <a href=href>
                    {move || {
                        let label = label();
                        (!label.is_empty()).then(|| view! { <span class="notice-label">{label}" "</span> })
                    }}
                    <span class="mono">{id.clone()}</span>
                </a>
                <span class="copyable"><CopyButton value=id what=Signal::derive(|| i18n::text(Text::ColumnId).to_owned()) /></span>
            </span>
        }
        .into_any()
    };
    let class = kinds::class(&notice_type);
    view! {
        <tr role="row" class:row-new=is_new>
            <td role="cell" data-label=t(Text::NoticesTime)>
                {move || if timestamp > 0 { i18n::date_time(timestamp) } else { "—".to_owned() }}
            </td>
            <td role="cell" data-label=t(Text::NoticesWhat)>
                <span class="row">
                    <span class=class>{move || kinds::text(&notice_type)}</span>
                    {move || is_new().then(|| view! { <span class="chip chip-new">{t(Text::NoticesNew)}</span> })}
                </span>
            </td>
            <td role="cell" data-label=t(Text::NoticesService)>{service}</td>
        </tr>
    }
}
