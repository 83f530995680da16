//! Domains: which belong together, where they point, and changes that take several steps.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domains::PublicSuffixes;
use domains::dns::{RecordType, Resolution};
use domains::rebind::{Action, Binding, Event, Phase, Plan, Rebinding};
use leptos::prelude::*;
use leptos::task::spawn_local;
use vcloud_api::calls::{BindOneDomain, UnbindAllDomains, UnbindSomeDomains};
use vcloud_api::types::BindDomain;
use vcloud_api::validate::{CommonSuffixes, SuffixLookup};
use vcloud_api::{ApiError, ErrorKind};

use super::App;
use super::clock::sleep;
use super::drafts::Place;
use super::query::{Answer, Cache};
use super::services::{Access, Known};
use crate::net::{self, Abort};

/// The list's name in the page.
const LIST: &str = "public-suffixes";

/// So often what is bound is looked at again when it is not yet what was done.
const LOOKS_AGAIN: u32 = 2;

/// So long is waited in between.
const BETWEEN_LOOKS: Duration = Duration::from_millis(1_500);

/// Under which names domains are registered: by the whole list where it could be loaded.
pub enum Suffixes {
    /// The most common ones.
    Common,
    /// All of them.
    Whole(PublicSuffixes),
}

impl SuffixLookup for Suffixes {
    fn suffix_labels(&self, domain: &str) -> usize {
        match self {
            Suffixes::Common => CommonSuffixes.suffix_labels(domain),
            Suffixes::Whole(list) => list.suffix_labels(domain),
        }
    }
}

/// Why a step was not done.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// The platform could not be asked, or refused.
    Refused(ApiError),
    /// While a service is paused nobody says which domains it has.
    Paused,
    /// Nobody is signed in who could sign.
    NobodySigns,
}

/// A change of several steps.
#[derive(Clone, PartialEq)]
pub struct Change {
    /// Where it is.
    pub steps: Rebinding,
    /// Why it stopped.
    pub trouble: Option<Trouble>,
    /// Whether what is left of it is stored, so that it can be finished after the page was closed.
    pub stored: bool,
}

/// What is known about domains, and what is being done about them.
#[derive(Clone, Copy)]
pub struct Domains {
    /// Where domains point, by domain and host.
    pub resolutions: Cache<(String, String), Resolution>,
    suffixes: RwSignal<Arc<Suffixes>>,
    changes: RwSignal<HashMap<String, Change>>,
}

impl Domains {
    /// Nothing known yet.
    pub fn new() -> Domains {
        Domains {
            resolutions: Cache::new(),
            suffixes: RwSignal::new(Arc::new(Suffixes::Common)),
            changes: RwSignal::new(HashMap::new()),
        }
    }

    /// Forgets what belongs to an account. A change that is under way ends where it is; its plan is stored.
    pub fn clear(self) {
        self.changes.set(HashMap::new());
    }

    /// The suffixes (tracked).
    pub fn suffixes(self) -> Arc<Suffixes> {
        self.suffixes.get()
    }

    /// Has the whole list loaded, once. Where that fails, the common suffixes do until it is wanted again.
    pub fn want_suffixes(self) {
        if matches!(*self.suffixes.get_untracked(), Suffixes::Whole(_)) {
            return;
        }
        spawn_local(async move {
            let list = net::load_list(LIST).await.ok();
            if let Some(list) = list.and_then(|text| PublicSuffixes::parse(&text).ok()) {
                self.suffixes.set(Arc::new(Suffixes::Whole(list)));
            }
        });
    }

    /// One request for where a domain points, as seen from its host.
    pub fn fetch_resolution(self, app: App, (domain, host): (String, String), abort: Abort) -> Answer<Resolution> {
        Box::pin(async move {
            let config = app.config();
            let Some(resolver) = &config.dns_resolver else {
                return Err(ApiError::without_answer(ErrorKind::Aborted, ""));
            };
            net::resolve(resolver, &domain, RecordType::of_host(&host), &abort).await
        })
    }

    /// Leads a domain to a port; sent once.
    ///
    /// # Errors
    /// [`ErrorKind::OneDomainUnsupported`] where the provider changes all domains or none, else why it was not done.
    pub async fn bind(self, app: App, known: &Known, wanted: BindDomain) -> Result<(), Trouble> {
        send(app, known, &BindOneDomain(wanted)).await
    }

    /// Unbinds some domains; sent once.
    ///
    /// # Errors
    /// As [`Domains::bind`].
    pub async fn unbind(self, app: App, known: &Known, domains: Vec<String>) -> Result<(), Trouble> {
        send(app, known, &UnbindSomeDomains { domains }).await
    }

    /// Unbinds all domains; sent once.
    ///
    /// # Errors
    /// Why it was not done.
    pub async fn unbind_all(self, app: App, known: &Known) -> Result<(), Trouble> {
        send(app, known, &UnbindAllDomains).await
    }

    /// The change of several steps that a service is in (tracked).
    pub fn change(self, id: &str) -> Option<Change> {
        self.changes.with(|changes| changes.get(id).cloned())
    }

    /// A change that was left before it was finished.
    pub fn unfinished(self, app: App, id: &str) -> Option<Plan> {
        Some(place(app, id)?.load::<Plan>()?.content)
    }

    /// Forgets a change that was left.
    pub fn forget(self, app: App, id: &str) {
        if let Some(place) = place(app, id) {
            place.remove();
        }
        self.changes.update(|changes| {
            changes.remove(id);
        });
    }

    /// Begins a change, or goes on with one that was left.
    pub fn begin(self, app: App, known: Arc<Known>, plan: Plan) {
        let change = Change {
            steps: Rebinding::start(plan),
            trouble: None,
            stored: false,
        };
        self.changes.update(|changes| {
            changes.insert(known.service.id.clone(), change);
        });
        self.run(app, known);
    }

    /// Goes on with a change that stopped.
    pub fn go_on(self, app: App, known: Arc<Known>, event: Event) {
        self.step(&known.service.id, event, None);
        self.run(app, known);
    }

    fn step(self, id: &str, event: Event, trouble: Option<Trouble>) {
        self.changes.update(|changes| {
            if let Some(change) = changes.get_mut(id) {
                change.steps = change.steps.clone().step(event);
                change.trouble = trouble;
            }
        });
    }

    /// Does one step after the other until nothing is left or one fails. Goes on when the page is left: what was begun has to
    /// come to its end.
    fn run(self, app: App, known: Arc<Known>) {
        spawn_local(async move {
            let id = known.service.id.clone();
            let place = place(app, &id);
            while let Some(change) = self.changes.with_untracked(|changes| changes.get(&id).cloned()) {
                let Phase::Doing(action) = change.steps.phase().clone() else {
                    break;
                };
                // What has to be there in the end is stored before anything is taken away.
                if change.steps.is_half_way() {
                    let stored = place.as_ref().is_some_and(|place| place.save(change.steps.plan()));
                    self.changes.update(|changes| {
                        if let Some(change) = changes.get_mut(&id) {
                            change.stored = stored;
                        }
                    });
                }
                match self.act(app, &known, &change.steps, &action).await {
                    Ok(event) => self.step(&id, event, None),
                    Err(Trouble::Refused(error)) if error.kind == ErrorKind::OneDomainUnsupported => {
                        self.step(&id, Event::Unsupported, Some(Trouble::Refused(error)));
                    }
                    Err(trouble) => self.step(&id, Event::Failed, Some(trouble)),
                }
                app.services.pods.invalidate();
            }
            let is_done = self.changes.with_untracked(|changes| {
                changes
                    .get(&id)
                    .is_some_and(|change| *change.steps.phase() == Phase::Done)
            });
            if let (true, Some(place)) = (is_done, place) {
                place.remove();
            }
        });
    }

    async fn act(self, app: App, known: &Known, change: &Rebinding, action: &Action) -> Result<Event, Trouble> {
        match action {
            Action::Look => {
                let access = access(known)?;
                let mut bound = look(app, access).await?;
                // The platform may take a moment to tell what was just done.
                for _ in 0..LOOKS_AGAIN {
                    let told = |binding: &Binding| bound.iter().any(|other| other.domain == binding.domain);
                    if change.bound().iter().all(told) {
                        break;
                    }
                    sleep(BETWEEN_LOOKS).await;
                    bound = look(app, access).await?;
                }
                Ok(Event::Bound(bound))
            }
            Action::UnbindAll => {
                self.unbind_all(app, known).await?;
                Ok(Event::Succeeded)
            }
            Action::Bind(binding) => {
                let wanted = change.call(binding, &*self.suffixes.get_untracked());
                self.bind(app, known, wanted).await?;
                Ok(Event::Succeeded)
            }
        }
    }
}

fn place(app: App, id: &str) -> Option<Place> {
    Place::of(app.session, &format!("domains/{id}"))
}

fn access(known: &Known) -> Result<&Access, Trouble> {
    let foreign = |_| Trouble::Refused(ApiError::without_answer(ErrorKind::Forbidden, &known.service.address));
    known.access.as_ref().map_err(foreign)
}

async fn look(app: App, access: &Access) -> Result<Vec<Binding>, Trouble> {
    let pod = app
        .services
        .pod(access, &Abort::new())
        .await
        .map_err(Trouble::Refused)?;
    if pod.is_absent() && pod.domains.is_empty() {
        return Err(Trouble::Paused);
    }
    Ok(pod.domains.iter().map(Binding::from).collect())
}

/// Signs a call and sends it, once: it is not aborted when the page is left.
async fn send<C: vcloud_api::call::Call>(app: App, known: &Known, call: &C) -> Result<(), Trouble> {
    let access = access(known)?;
    let account = untrack(|| app.session.signer()).ok_or(Trouble::NobodySigns)?;
    net::send_as_owner(call, &access.host, &account, &access.secret, &Abort::new())
        .await
        .map_err(Trouble::Refused)?;
    Ok(())
}
