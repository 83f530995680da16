//! What is known of the services: lists, unsealed fields, pods, and how each of it is asked for.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use leptos::prelude::*;
use leptos::task::spawn_local;
use vcloud_api::calls::{
    GetPodStatus, GetProvider, GetSealedService, GetServiceDetails, GetServiceType, ListUserServices, RestartPod,
    SetDescription, SetLabel, StartPod, StopPod,
};
use vcloud_api::sealed::UnsealError;
use vcloud_api::types::{
    MOST_PAGES, PageRequest, PodStatus, SealedUserService, ServiceDetails, ServiceType, UserService, UserServiceStatus,
};
use vcloud_api::{ApiError, Auth, BaseUrl, ErrorKind, Hosts, ServiceSecret};
use vsys::{AccessToken, Account};

use super::App;
use super::edits::Part;
use super::pending::Operation;
use super::query::{Answer, Cache};
use super::unsealed::Unsealed;
use crate::net::{self, Abort, Signer};

/// How many services are asked for at a time where all are wanted.
const LARGE_PAGE: u32 = 100;

/// How many requests of one wave are under way at a time.
pub const AT_ONCE: usize = 8;

/// Which part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// One page, counted from 1.
    Page {
        /// Which.
        current: u32,
        /// Rows a page.
        size: u32,
    },
    /// Every service of the list.
    All,
}

/// One list of one account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListKey {
    /// Whose.
    pub address: String,
    /// Which services.
    pub statuses: Vec<UserServiceStatus>,
    /// Which part.
    pub scope: Scope,
}

/// A part of a list, as the platform gave it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The services of the part.
    pub services: Vec<UserService>,
    /// How many the whole list has.
    pub total: u32,
}

/// What the owner wrote about a service.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The label.
    pub label: Unsealed,
    /// The description.
    pub description: Unsealed,
}

/// How a running service is reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Access {
    /// The host of its region.
    pub host: BaseUrl,
    /// Its secret.
    pub secret: ServiceSecret,
}

/// Why a service can't be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessError {
    /// Its secret is sealed for another account.
    Foreign,
    /// The account's key is in a browser extension, which opens nothing that is sealed.
    Sealed,
    /// The provider gave no secret, or no host can be made of its data.
    Unusable(String),
}

/// Everything known about one service.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// The service.
    pub service: UserService,
    /// The owner's label.
    pub label: Unsealed,
    /// The owner's description.
    pub description: Unsealed,
    /// Where its notices go; empty where that is not set or not known.
    pub email: String,
    /// How it is reached.
    pub access: Result<Access, AccessError>,
}

impl Known {
    /// How it is reached.
    ///
    /// # Errors
    /// Why it can't be, as a failed call.
    pub fn open(&self) -> Result<&Access, ApiError> {
        self.access.as_ref().map_err(|error| {
            let message = match error {
                AccessError::Foreign | AccessError::Sealed => self.service.address.clone(),
                AccessError::Unusable(why) => why.clone(),
            };
            ApiError::without_answer(ErrorKind::Forbidden, message)
        })
    }

    /// What the owner wrote.
    pub fn own(&self, part: Part) -> &Unsealed {
        match part {
            Part::Label => &self.label,
            Part::Description => &self.description,
        }
    }
}

/// The caches, and how they are filled.
#[derive(Clone, Copy)]
pub struct Services {
    /// Lists by account and kind.
    pub lists: Cache<ListKey, Listed>,
    /// Labels and descriptions by service.
    pub details: Cache<String, Detail>,
    /// Service types by id.
    pub types: Cache<String, ServiceType>,
    /// Single services by id.
    pub known: Cache<String, Known>,
    /// Pods by service.
    pub pods: Cache<String, PodStatus>,
    providers: Cache<String, Hosts>,
    /// Providers of services that may leave every list while they are still waited for.
    providers_of: StoredValue<HashMap<String, String>>,
    /// How many of how many services have arrived, while a whole list is on its way.
    pub progress: RwSignal<Option<(u32, u32)>>,
}

impl Services {
    /// Nothing known yet.
    pub fn new() -> Services {
        Services {
            lists: Cache::new(),
            details: Cache::new(),
            types: Cache::new(),
            known: Cache::new(),
            pods: Cache::new(),
            providers: Cache::new(),
            providers_of: StoredValue::new(HashMap::new()),
            progress: RwSignal::new(None),
        }
    }

    /// Forgets everything, and aborts what is under way.
    pub fn clear(self) {
        self.lists.clear();
        self.details.clear();
        self.types.clear();
        self.known.clear();
        self.pods.clear();
        self.providers.clear();
        self.providers_of.update_value(HashMap::clear);
        self.progress.set(None);
    }

    /// Has labels and descriptions unsealed anew the next time they are wanted; until then the ones known stay.
    pub fn outdate_details(self) {
        self.details.invalidate();
    }

    /// Something was asked for that changes services: what is looked at is asked for anew.
    pub fn expect_change(self) {
        self.lists.invalidate();
        self.known.invalidate();
        self.pods.invalidate();
    }

    /// Every service of every list that is known.
    pub fn listed_untracked(self) -> Vec<UserService> {
        let all = RefCell::new(Vec::new());
        // Nothing is looked for, so that every list is passed by.
        self.lists.find_untracked(|listed| {
            all.borrow_mut().extend_from_slice(&listed.services);
            None::<()>
        });
        all.into_inner()
    }

    /// Aborts the waves that nobody waits for any more.
    pub fn abandon(self) {
        self.details.abandon();
        self.types.abandon();
    }

    /// One request for a list.
    pub fn fetch_list(self, app: App, key: ListKey, abort: Abort) -> Answer<Listed> {
        Box::pin(async move {
            match key.scope {
                Scope::Page { current, size } => list_page(app, &key, current, size, &abort).await,
                Scope::All => {
                    let all = self.whole_list(app, &key, &abort).await;
                    self.progress.set(None);
                    all
                }
            }
        })
    }

    /// The first page says how many there are, the others follow together.
    async fn whole_list(self, app: App, key: &ListKey, abort: &Abort) -> Result<Listed, ApiError> {
        let mut listed = list_page(app, key, 1, LARGE_PAGE, abort).await?;
        // The platform may give fewer a page than asked for.
        let size = u32::try_from(listed.services.len()).unwrap_or(LARGE_PAGE);
        if size == 0 || listed.total <= size {
            return Ok(listed);
        }
        let total = listed.total;
        if u64::from(total.div_ceil(size)) > MOST_PAGES {
            let message = format!("{total} entries in pages of {size}");
            return Err(ApiError::without_answer(ErrorKind::Malformed, message));
        }
        self.progress.set(Some((size, total)));
        let pages = (2..=total.div_ceil(size)).map(|page| list_page(app, key, page, size, abort));
        let mut pages = stream::iter(pages).buffered(AT_ONCE);
        while let Some(page) = pages.next().await {
            listed.services.extend(page?.services);
            let done = u32::try_from(listed.services.len()).unwrap_or(total).min(total);
            self.progress.set(Some((done, total)));
        }
        // What was added or moved while the pages came is not shown twice.
        let mut seen = BTreeSet::new();
        listed.services.retain(|service| seen.insert(service.id.clone()));
        Ok(listed)
    }

    /// The hosts of a provider; of the configured one where none is named.
    ///
    /// # Errors
    /// When the platform does not say, or says something unusable.
    pub async fn hosts(self, app: App, provider: &str) -> Result<Arc<Hosts>, ApiError> {
        let name = if provider.is_empty() {
            app.config().provider.clone()
        } else {
            provider.to_owned()
        };
        let call = GetProvider { name: name.clone() };
        let request = move |abort: Abort| -> Answer<Hosts> {
            Box::pin(async move {
                let provider = net::send(&call, &app.config().platform, &Auth::None, &abort).await?;
                let host = BaseUrl::parse(&provider.api_host).map_err(|error| {
                    let message = format!("apiHost of {}: {error}", call.name);
                    ApiError::without_answer(ErrorKind::Malformed, message)
                })?;
                Ok(Hosts::new(host))
            })
        };
        self.providers.load(&name, request).await
    }

    async fn sealed(
        self,
        app: App,
        provider: &str,
        id: &str,
        abort: &Abort,
    ) -> Result<(SealedUserService, Arc<Hosts>), ApiError> {
        let hosts = self.hosts(app, provider).await?;
        let call = GetSealedService { id: id.to_owned() };
        let sealed = net::send(&call, hosts.provider(), &Auth::None, abort).await?;
        Ok((sealed, hosts))
    }

    /// Has the labels and descriptions of these services unsealed, those that are not known yet, all in one wave.
    pub fn want_details(self, app: App, services: &[UserService]) {
        let account = untrack(|| app.session.account());
        if account.is_none() && untrack(|| app.session.extension()).is_none() {
            return;
        }
        let wanted: Vec<(String, String)> = services
            .iter()
            .map(|service| (service.provider.clone(), service.id.clone()))
            .collect();
        spawn_local(async move {
            let requests = wanted.into_iter().map(|(provider, id)| {
                let account = account.clone();
                async move {
                    let key = id.clone();
                    let request = move |abort: Abort| -> Answer<Detail> {
                        Box::pin(async move {
                            let Some(account) = account else {
                                return Ok(Detail {
                                    label: Unsealed::Unreadable,
                                    description: Unsealed::Unreadable,
                                });
                            };
                            let (sealed, _) = self.sealed(app, &provider, &id, &abort).await?;
                            Ok(Detail {
                                label: Unsealed::open(&sealed.sealed.customized_label, &account),
                                description: Unsealed::open(&sealed.sealed.description, &account),
                            })
                        })
                    };
                    let _ = self.details.load(&key, request).await;
                }
            });
            stream::iter(requests)
                .buffer_unordered(AT_ONCE)
                .collect::<Vec<()>>()
                .await;
        });
    }

    /// One request for a service type.
    pub fn fetch_type(self, app: App, id: String, abort: Abort) -> Answer<ServiceType> {
        Box::pin(async move { net::send(&GetServiceType { id }, &app.config().platform, &Auth::None, &abort).await })
    }

    /// Has the service types of these services loaded, those that are not known yet.
    pub fn want_types(self, app: App, services: &[UserService]) {
        let ids: BTreeSet<String> = services.iter().map(|service| service.service_id.clone()).collect();
        for id in ids.into_iter().filter(|id| !id.is_empty()) {
            spawn_local(async move {
                let wanted = id.clone();
                let request = move |abort| self.fetch_type(app, wanted, abort);
                let _ = self.types.load(&id, request).await;
            });
        }
    }

    /// One request for everything about a service.
    pub fn fetch_known(self, app: App, id: String, abort: Abort) -> Answer<Known> {
        if let Some(identity) = untrack(|| app.session.token()) {
            return Box::pin(async move {
                let access = access_of(&identity.token)?;
                let details = details(&access, &abort).await?;
                let known = from_details(details, Ok(access));
                if known.service.id != id {
                    return Err(ApiError::without_answer(ErrorKind::Forbidden, id));
                }
                self.want_types(app, std::slice::from_ref(&known.service));
                Ok(known)
            });
        }
        let signer = untrack(|| app.session.signer());
        Box::pin(async move {
            let Some(signer) = signer else {
                return Err(ApiError::without_answer(ErrorKind::Aborted, ""));
            };
            let provider = self.provider_of(&id);
            let (sealed, hosts) = match self.sealed(app, &provider, &id, &abort).await {
                // An address does not say whose service it is: where the usual provider has none, the account's lists tell.
                Err(error) if error.kind == ErrorKind::NotFound && provider.is_empty() => {
                    let address = signer.address();
                    let Some(provider) = self.listed_provider(app, address, &id, &abort).await? else {
                        return Err(error);
                    };
                    self.sealed(app, &provider, &id, &abort).await?
                }
                answer => answer?,
            };
            self.want_types(app, std::slice::from_ref(&sealed.service));
            let Signer::Key(account) = signer else {
                return Ok(Known {
                    label: Unsealed::Unreadable,
                    description: Unsealed::Unreadable,
                    email: String::new(),
                    service: sealed.service,
                    access: Err(AccessError::Sealed),
                });
            };
            let access = access_from(&sealed, &hosts, &account);
            // What the region knows is fresher and has the e-mail; a service that is over has no region host any more.
            let lives = matches!(
                sealed.service.status,
                UserServiceStatus::Running | UserServiceStatus::Stop
            );
            if let (true, Ok(open)) = (lives, &access)
                && let Ok(details) = details(open, &abort).await
            {
                return Ok(from_details(details, access));
            }
            Ok(Known {
                label: Unsealed::open(&sealed.sealed.customized_label, &account),
                description: Unsealed::open(&sealed.sealed.description, &account),
                email: String::new(),
                service: sealed.service,
                access,
            })
        })
    }

    /// The provider of a service, where a list or an earlier look named it; else empty.
    fn provider_of(self, id: &str) -> String {
        let listed = self.lists.find_untracked(|listed| {
            listed
                .services
                .iter()
                .find(|service| service.id == id)
                .map(|service| service.provider.clone())
        });
        listed
            .or_else(|| self.providers_of.with_value(|providers| providers.get(id).cloned()))
            .unwrap_or_default()
    }

    /// The provider of one of the account's services, whatever its status; `None` where the account has no such service.
    async fn listed_provider(
        self,
        app: App,
        address: String,
        id: &str,
        abort: &Abort,
    ) -> Result<Option<String>, ApiError> {
        let all = ListKey {
            address,
            statuses: vec![
                UserServiceStatus::Running,
                UserServiceStatus::Stop,
                UserServiceStatus::Pending,
                UserServiceStatus::Done,
                UserServiceStatus::Abort,
            ],
            scope: Scope::All,
        };
        let listed = self.fetch_list(app, all, abort.clone()).await?;
        let found = listed.services.into_iter().find(|service| service.id == id);
        Ok(found.map(|service| {
            self.remember_provider(&service);
            service.provider
        }))
    }

    /// Keeps in mind which provider a service is of, for when no list has it any more.
    pub fn remember_provider(self, service: &UserService) {
        self.providers_of.update_value(|providers| {
            providers.insert(service.id.clone(), service.provider.clone());
        });
    }

    /// One request for the pod of a service that is known.
    pub fn fetch_pod(self, _app: App, id: String, abort: Abort) -> Answer<PodStatus> {
        let access = untrack(|| self.known.peek(&id))
            .value()
            .and_then(|known| known.access.clone().ok());
        Box::pin(async move {
            let Some(access) = access else {
                return Err(ApiError::without_answer(ErrorKind::Aborted, ""));
            };
            self.pod(&access, &abort).await
        })
    }

    /// The pod behind an access.
    ///
    /// # Errors
    /// When its host can't be reached or refused.
    pub async fn pod(self, access: &Access, abort: &Abort) -> Result<PodStatus, ApiError> {
        net::send(&GetPodStatus, &access.host, &Auth::Secret(&access.secret), abort).await
    }

    /// Asks what an access token is for.
    ///
    /// # Errors
    /// When its host can't be reached or does not accept it.
    pub async fn try_token(self, token: &AccessToken, abort: &Abort) -> Result<ServiceDetails, ApiError> {
        details(&access_of(token)?, abort).await
    }

    /// What is known about a service, asked for where nothing is.
    ///
    /// # Errors
    /// When it could not be had.
    pub async fn look_up(self, app: App, id: &str) -> Result<Arc<Known>, ApiError> {
        let wanted = id.to_owned();
        self.known
            .load(&id.to_owned(), |abort| self.fetch_known(app, wanted, abort))
            .await
    }

    /// Takes up what was just learnt about a service.
    pub fn learn(self, known: Known) {
        let detail = Detail {
            label: known.label.clone(),
            description: known.description.clone(),
        };
        self.details.put(&known.service.id, detail);
        self.known.put(&known.service.id.clone(), known);
    }

    /// Sets the label or the description of a service; sent once.
    ///
    /// # Errors
    /// When the service can't be reached or the platform refused.
    pub async fn write(self, known: &Known, part: Part, text: &str, abort: &Abort) -> Result<(), ApiError> {
        let access = known.open()?;
        let auth = Auth::Secret(&access.secret);
        let text = text.to_owned();
        match part {
            Part::Label => net::send(&SetLabel { label: text }, &access.host, &auth, abort).await?,
            Part::Description => net::send(&SetDescription { description: text }, &access.host, &auth, abort).await?,
        };
        Ok(())
    }

    /// Restarts, pauses or resumes a service; sent once.
    ///
    /// # Errors
    /// When the service can't be reached or the platform refused.
    pub async fn operate(self, known: &Known, operation: Operation, abort: &Abort) -> Result<(), ApiError> {
        let access = known.open()?;
        let auth = Auth::Secret(&access.secret);
        match operation {
            Operation::Restart => net::send(&RestartPod, &access.host, &auth, abort).await?,
            Operation::Pause => net::send(&StopPod, &access.host, &auth, abort).await?,
            Operation::Resume => net::send(&StartPod, &access.host, &auth, abort).await?,
        };
        Ok(())
    }
}

async fn list_page(app: App, key: &ListKey, current: u32, size: u32, abort: &Abort) -> Result<Listed, ApiError> {
    let call = ListUserServices {
        page: PageRequest::new(u64::from(current), u64::from(size)),
        statuses: key.statuses.clone(),
    };
    let page = net::send(&call, &app.config().platform, &Auth::Address(&key.address), abort).await?;
    let total = u32::try_from(page.pagination.total).unwrap_or(u32::MAX);
    Ok(Listed {
        services: page.list,
        total,
    })
}

async fn details(access: &Access, abort: &Abort) -> Result<ServiceDetails, ApiError> {
    net::send(&GetServiceDetails, &access.host, &Auth::Secret(&access.secret), abort).await
}

fn from_details(details: ServiceDetails, access: Result<Access, AccessError>) -> Known {
    Known {
        service: details.service,
        label: Unsealed::plain(details.own.customized_label),
        description: Unsealed::plain(details.own.description),
        email: details.own.email,
        access,
    }
}

fn access_of(token: &AccessToken) -> Result<Access, ApiError> {
    let unusable = |message: String| ApiError::without_answer(ErrorKind::Unsendable, message);
    let host = BaseUrl::parse(token.host()).map_err(|error| unusable(error.to_string()))?;
    let secret = ServiceSecret::new(token.secret().expose()).map_err(|error| unusable(error.to_string()))?;
    Ok(Access { host, secret })
}

fn access_from(sealed: &SealedUserService, hosts: &Hosts, account: &Account) -> Result<Access, AccessError> {
    let secret = sealed
        .sealed
        .magic
        .open_secret(account.private_key())
        .map_err(|error| match error {
            UnsealError::Open(_) => AccessError::Foreign,
            other => AccessError::Unusable(other.to_string()),
        })?;
    let host = hosts
        .region(sealed.service.service_options.region())
        .map_err(|error| AccessError::Unusable(error.to_string()))?;
    Ok(Access { host, secret })
}
