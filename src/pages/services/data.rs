//! Where the rows of a list come from: one page of the platform, or all of them where sorting, searching or filtering
//! has to look at all; and the labels and descriptions, unsealed as they arrive.

use std::sync::Arc;

use leptos::prelude::*;
use vcloud_api::ApiError;
use vcloud_api::types::{UserService, UserServiceStatus};

use super::columns::{self, Column, Row};
use super::params::Params;
use crate::net::Abort;
use crate::route::List;
use crate::state::services::{ListKey, Listed, Scope, Services};
use crate::state::{App, Remote, query};

/// The rows of a list and what is known about them.
#[derive(Clone, Copy)]
pub struct Data {
    /// What is known of the list itself.
    pub state: Signal<Remote<Listed>>,
    /// How many services there are: in the list, or among those found.
    pub total: Signal<u32>,
    /// The rows to show now.
    pub rows: Signal<Vec<Row>>,
    /// The services at hand that are searched for: of the page, or of the whole list.
    pub found: Signal<Vec<Row>>,
    /// Whether these are all that there are, not those of the page alone.
    pub whole: Signal<bool>,
    /// The page shown, which is less than the one asked for where there are not so many.
    pub page: Signal<u32>,
    /// The regions that occur.
    pub regions: Signal<Vec<String>>,
    /// When the list arrived.
    pub at: Signal<Option<f64>>,
    /// Whether a request is on its way.
    pub busy: Signal<bool>,
    /// Why the list is older than it should be.
    pub stale: Signal<Option<ApiError>>,
    /// How many of how many services have arrived, while all are being loaded.
    pub progress: Signal<Option<(u32, u32)>>,
    /// Asks for everything anew.
    pub refresh: Callback<()>,
}

/// A service with what has been unsealed of it so far (tracked).
fn row(services: Services, service: &UserService) -> Row {
    let detail = services.details.peek(&service.id);
    let own = detail
        .value()
        .map(|detail| (detail.label.text(), detail.description.text()))
        .unwrap_or_default();
    Row {
        service: service.clone(),
        label: own.0,
        description: own.1,
    }
}

/// Every service of the list, whatever page is shown and whatever is searched for.
///
/// # Errors
/// As the platform answers.
pub async fn whole(app: App, list: List, abort: Abort) -> Result<Vec<Row>, ApiError> {
    let services = app.services;
    let Some(address) = untrack(|| app.session.address()) else {
        return Ok(Vec::new());
    };
    let key = ListKey {
        address,
        statuses: columns::statuses(list).to_vec(),
        scope: Scope::All,
    };
    let listed = services.fetch_list(app, key, abort).await?;
    Ok(untrack(|| {
        listed.services.iter().map(|service| row(services, service)).collect()
    }))
}

/// Follows a list as the address asks for it.
pub fn use_list(app: App, list: List, params: Memo<Params>) -> Data {
    let services = app.services;
    let wire: Vec<UserServiceStatus> = columns::statuses(list).to_vec();
    let key = move || {
        let address = app.session.address()?;
        let key = |scope| ListKey {
            address: address.clone(),
            statuses: wire.clone(),
            scope,
        };
        let (all, current, size) = params.with(|params| (params.needs_all(), params.page, params.size));
        if !all {
            return Some(key(Scope::Page { current, size }));
        }
        // A first page that has everything answers without asking again.
        let first = key(Scope::Page { current: 1, size });
        let has_all = |listed: &Arc<Listed>| listed.services.len() >= listed.total as usize;
        if services.lists.peek(&first).value().is_some_and(has_all) {
            Some(first)
        } else {
            Some(key(Scope::All))
        }
    };
    let every = move || {
        if app.pending.any() {
            app.pending_refresh_ms()
        } else {
            app.refresh_ms()
        }
    };
    let query = query::use_query(app.clock, services.lists, key, every, move |key, abort| {
        services.fetch_list(app, key, abort)
    });
    let state = Signal::derive(move || query.get());

    // Every service of the answer, with what has been unsealed so far.
    let known = Memo::new(move |_| {
        let state = query.get();
        let Some(listed) = state.value() else { return Vec::new() };
        listed
            .services
            .iter()
            .map(|service| row(services, service))
            .collect::<Vec<_>>()
    });
    let found = Memo::new(move |_| {
        params.with(|params| {
            known.with(|rows| {
                let mut found: Vec<Row> = rows
                    .iter()
                    .filter(|row| columns::matches(row, &params.search, &params.status, &params.region))
                    .cloned()
                    .collect();
                if let Some((column, down)) = params.sort {
                    let now = crate::state::clock::now_seconds();
                    found.sort_by(|a, b| {
                        let order = columns::compare(column, a, b, now);
                        if down { order.reverse() } else { order }
                    });
                }
                found
            })
        })
    });
    let total = Signal::derive(move || {
        if params.with(Params::needs_all) {
            u32::try_from(found.with(Vec::len)).unwrap_or(u32::MAX)
        } else {
            query.get().value().map_or(0, |listed| listed.total)
        }
    });
    let page = Signal::derive(move || {
        let (page, size) = params.with(|params| (params.page, params.size));
        page.min(total.get().div_ceil(size).max(1))
    });
    let rows = Signal::derive(move || {
        let (all, size) = params.with(|params| (params.needs_all(), params.size as usize));
        if all {
            let start = (page.get() as usize - 1) * size;
            found.with(|rows| rows.iter().skip(start).take(size).cloned().collect())
        } else {
            found.get()
        }
    });

    let refreshes = RwSignal::new(0_u32);
    // Labels go together in one wave: of the rows shown, or of all where they are searched or sorted by.
    Effect::new(move |_| {
        refreshes.track();
        let by_text = params.with(|params| {
            !params.search.trim().is_empty() || matches!(params.sort, Some((Column::Label | Column::Description, _)))
        });
        let rows: Vec<_> = if by_text { known.get() } else { rows.get() }
            .into_iter()
            .map(|row| row.service)
            .collect();
        services.want_details(app, &rows);
        services.want_types(app, &rows);
    });

    on_cleanup(move || services.abandon());
    // What the list shows may confirm what was asked for.
    Effect::new(move |_| {
        if let Some(listed) = query.get().value() {
            for service in &listed.services {
                app.pending.observe(&service.id, &service.status, None);
            }
        }
    });

    let regions = Signal::derive(move || {
        let mut regions: Vec<String> = known.with(|rows| {
            rows.iter()
                .map(|row| row.service.service_options.region().to_owned())
                .collect()
        });
        regions.retain(|region| !region.is_empty());
        regions.sort();
        regions.dedup();
        regions
    });
    Data {
        state,
        total,
        rows,
        found: found.into(),
        whole: Signal::derive(move || {
            let listed = query.get();
            listed
                .value()
                .is_some_and(|listed| listed.services.len() >= listed.total as usize)
        }),
        page,
        regions,
        at: Signal::derive(move || match query.get() {
            Remote::Ready { at, .. } => Some(at),
            Remote::Loading | Remote::Failed(_) => None,
        }),
        busy: Signal::derive(move || query.busy()),
        stale: Signal::derive(move || match query.get() {
            Remote::Ready { stale_because, .. } => stale_because,
            Remote::Loading | Remote::Failed(_) => None,
        }),
        progress: services.progress.into(),
        refresh: Callback::new(move |()| {
            services.outdate_details();
            refreshes.update(|count| *count += 1);
            query.refresh();
        }),
    }
}
