//! The services of a renewal, what is typed for each, and what that comes to.

use std::collections::{BTreeMap, HashMap};

use futures_util::{StreamExt, stream};
use leptos::prelude::*;
use leptos::task::spawn_local;
use vcloud_api::capability::{Action, can};
use vcloud_api::{ApiError, ErrorKind};

use super::plan::{self, Line};
use crate::i18n;
use crate::net::Abort;
use crate::pages::services::columns::statuses;
use crate::route::List;
use crate::state::App;
use crate::state::cart::Wanted;
use crate::state::clock::now_seconds;
use crate::state::orders::Target;
use crate::state::services::{ListKey, Scope};

/// How many services are asked for at a time.
const AT_ONCE: usize = 8;

/// What is typed for one service.
#[derive(Clone, Copy)]
pub struct Typed {
    /// The hours.
    pub hours: RwSignal<String>,
    /// The moment that it should last until, in the browser's time zone.
    pub until: RwSignal<String>,
    /// Whether that moment is before its end as it is.
    pub too_early: RwSignal<bool>,
}

/// All of it.
#[derive(Clone, Copy)]
pub struct Lines {
    app: App,
    ids: Memo<Vec<String>>,
    targets: RwSignal<HashMap<String, Result<Target, ApiError>>>,
    typed: StoredValue<HashMap<String, Typed>>,
    /// Since when what they have ordered is known, Unix seconds.
    since: RwSignal<i64>,
    /// Owns what is typed for services that are added to the address later.
    owner: StoredValue<Owner>,
}

impl Lines {
    /// Has the services of these ids loaded, those that no list has shown yet.
    pub fn follow(app: App, ids: Memo<Vec<String>>) -> Lines {
        let lines = Lines {
            app,
            ids,
            targets: RwSignal::new(HashMap::new()),
            typed: StoredValue::new(HashMap::new()),
            since: RwSignal::new(now_seconds()),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        };
        Effect::new(move |_| {
            let ids = ids.get();
            lines.load(ids);
        });
        lines
    }

    fn load(self, ids: Vec<String>) {
        let app = self.app;
        let mut unknown = Vec::new();
        for id in ids {
            if self
                .targets
                .with_untracked(|targets| matches!(targets.get(&id), Some(Ok(_))))
            {
                continue;
            }
            match listed(app, &id) {
                Some(target) => self.arrived(id, Ok(target)),
                None => unknown.push(id),
            }
        }
        spawn_local(async move {
            let requests = unknown.into_iter().map(|id| async move {
                let target = look_up(app, &id).await;
                self.arrived(id, target);
            });
            stream::iter(requests)
                .buffer_unordered(AT_ONCE)
                .collect::<Vec<()>>()
                .await;
        });
    }

    fn arrived(self, id: String, target: Result<Target, ApiError>) {
        if let Ok(target) = &target {
            self.app
                .services
                .want_types(self.app, std::slice::from_ref(&target.service));
        }
        self.targets.try_update(|targets| targets.insert(id, target));
    }

    /// Asks again for a service that could not be loaded, and for its type.
    pub fn retry(self, id: &str) {
        match self.targets.with_untracked(|targets| targets.get(id).cloned()) {
            Some(Ok(target)) => self
                .app
                .services
                .want_types(self.app, std::slice::from_ref(&target.service)),
            _ => {
                self.targets.update(|targets| {
                    targets.remove(id);
                });
                self.load(vec![id.to_owned()]);
            }
        }
    }

    /// The service; `None` while it is on its way (tracked).
    pub fn target(self, id: &str) -> Option<Result<Target, ApiError>> {
        self.targets.with(|targets| targets.get(id).cloned())
    }

    /// What is typed for a service.
    pub fn typed(self, id: &str) -> Typed {
        if let Some(typed) = self.typed.with_value(|typed| typed.get(id).copied()) {
            return typed;
        }
        let typed = self.owner.with_value(|owner| {
            owner.with(|| Typed {
                hours: RwSignal::new(String::new()),
                until: RwSignal::new(String::new()),
                too_early: RwSignal::new(false),
            })
        });
        self.typed.update_value(|all| {
            all.insert(id.to_owned(), typed);
        });
        typed
    }

    /// What that comes to; `None` while the service is not there (tracked).
    pub fn line(self, id: &str) -> Option<Line> {
        let target = self.target(id)?.ok()?;
        let service_type = self.app.services.types.peek(&target.service.service_id);
        let hours = self.typed(id).hours.get();
        Some(Line::of(
            &target.service,
            service_type.value().map(AsRef::as_ref),
            &hours,
        ))
    }

    /// Whether every service that can be renewed has its price (tracked).
    pub fn all_decided(self) -> bool {
        self.ids
            .with(|ids| ids.iter().all(|id| self.line(id).is_some_and(|line| !line.is_open())))
    }

    /// The orders that what is typed makes (tracked).
    pub fn orders(self) -> Vec<Wanted> {
        let priced: Vec<_> = self
            .ids
            .get()
            .into_iter()
            .filter_map(|id| {
                let target = self.target(&id)?.ok()?;
                match self.line(&id)? {
                    Line::Priced(quote) => Some((target.service.provider, id, quote)),
                    _ => None,
                }
            })
            .collect();
        plan::orders(
            priced
                .iter()
                .map(|(provider, id, quote)| (provider.as_str(), id.as_str(), *quote)),
            self.since.get(),
        )
    }

    /// It was said that more time was ordered elsewhere.
    pub fn is_told(self) {
        // What was made until now is known.
        self.since.try_set(now_seconds() + 1);
    }

    /// Hours were typed for one service.
    pub fn set_hours(self, id: &str, hours: &str) {
        let typed = self.typed(id);
        typed.hours.set(hours.to_owned());
        typed.until.set(String::new());
        typed.too_early.set(false);
    }

    /// The hours typed for the services that are left in the form (tracked).
    pub fn hours(self) -> BTreeMap<String, String> {
        let ids = self.ids.get().into_iter();
        let typed = ids.map(|id| {
            let hours = self.typed(&id).hours.get();
            (id, hours)
        });
        typed.filter(|(_, hours)| !hours.trim().is_empty()).collect()
    }

    /// A moment was entered for one service: the hours until then, rounded up.
    pub fn set_until(self, id: &str, until: &str) {
        let typed = self.typed(id);
        typed.until.set(until.to_owned());
        let (Some(Ok(target)), Some(moment)) = (
            self.targets.with_untracked(|targets| targets.get(id).cloned()),
            i18n::from_local_input(until).and_then(|seconds| i64::try_from(seconds).ok()),
        ) else {
            typed.too_early.set(false);
            return;
        };
        let hours = target.service.hours_until(now_seconds(), moment);
        typed.too_early.set(hours.is_none());
        typed
            .hours
            .set(hours.map(|hours| hours.to_string()).unwrap_or_default());
    }

    /// The same hours for every service that can be renewed.
    pub fn set_all_hours(self, hours: &str) {
        for id in self.renewable() {
            self.set_hours(&id, hours);
        }
    }

    /// The same moment for every service that can be renewed.
    pub fn set_all_until(self, until: &str) {
        for id in self.renewable() {
            self.set_until(&id, until);
        }
    }

    fn renewable(self) -> Vec<String> {
        let can_be = |id: &String| match self.targets.with_untracked(|targets| targets.get(id).cloned()) {
            Some(Ok(target)) => can(Action::Renew, &target.service).is_ok(),
            _ => false,
        };
        self.ids.get_untracked().into_iter().filter(can_be).collect()
    }
}

/// A service as a list or a page has shown it.
fn listed(app: App, id: &str) -> Option<Target> {
    let service = app.services.lists.find_untracked(|listed| {
        let service = listed.services.iter().find(|service| service.id == id);
        service.cloned()
    })?;
    let detail = untrack(|| app.services.details.peek(&service.id));
    let label = detail.value().map(|detail| detail.label.text()).unwrap_or_default();
    Some(Target { service, label })
}

/// A service that no list has shown. Which provider has it is not known then: where the usual one does not, the account's list
/// of running services says whose it is.
async fn look_up(app: App, id: &str) -> Result<Target, ApiError> {
    let services = app.services;
    let known = services.fetch_known(app, id.to_owned(), Abort::new()).await;
    if matches!(&known, Err(error) if error.kind == ErrorKind::NotFound)
        && let Some(address) = untrack(|| app.session.address())
    {
        let key = ListKey {
            address,
            statuses: statuses(List::Running).to_vec(),
            scope: Scope::All,
        };
        let wanted = key.clone();
        let listing = services
            .lists
            .load(&key, |abort| services.fetch_list(app, wanted, abort));
        if listing.await.is_ok()
            && let Some(target) = listed(app, id)
        {
            services.want_details(app, std::slice::from_ref(&target.service));
            return Ok(target);
        }
    }
    let known = known?;
    Ok(Target {
        label: known.label.text(),
        service: known.service,
    })
}
