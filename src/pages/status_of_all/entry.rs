//! What is known of one service of the page, put together from the caches.

use std::sync::Arc;

use vcloud_api::ApiError;
use vcloud_api::types::{ContainerSpec, ContainerStatus, PodStatus, UserService, UserServiceStatus};

use super::params::StateFilter;
use crate::pages::service::merged;
use crate::state::services::{AccessError, Known};
use crate::state::{App, Remote};

/// A service with what runs in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The service, as fresh as it is known.
    pub service: UserService,
    /// Its label; empty where there is none or it is not known yet.
    pub label: String,
    /// The public address of its host; empty where it is not known.
    pub host_ip: String,
    /// What runs in it.
    pub content: Content,
    /// Why it is older than it should be.
    pub stale: Option<ApiError>,
}

/// When what is known of a service arrived, and whether something could not be had or not anew (tracked). Much cheaper than
/// an entry, as all of thousands are asked this.
pub fn freshness(app: App, id: &String) -> (Option<f64>, bool) {
    let (at, failed, is_running) = match app.services.known.peek(id) {
        Remote::Loading => return (None, false),
        Remote::Failed(_) => return (None, true),
        Remote::Ready {
            value,
            at,
            stale_because,
        } => {
            let is_running = value.service.status == UserServiceStatus::Running && value.access.is_ok();
            (at, stale_because.is_some(), is_running)
        }
    };
    if !is_running {
        return (Some(at), failed);
    }
    match app.services.pods.peek(id) {
        Remote::Loading => (None, failed),
        Remote::Failed(_) => (None, true),
        Remote::Ready {
            at: of_pod,
            stale_because,
            ..
        } => (Some(at.min(of_pod)), failed || stale_because.is_some()),
    }
}

/// What is known of what runs in a service.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Not asked yet, or on its way.
    Loading,
    /// It could not be had.
    Failed(ApiError),
    /// It can't be asked with this account.
    Closed(AccessError),
    /// The service is paused: nothing runs.
    Paused,
    /// Its time has ended since the list was made.
    Over,
    /// Its containers; none while they are being made.
    Containers(Vec<(ContainerSpec, ContainerStatus)>),
}

impl Entry {
    /// Puts together what is known of a listed service (tracked).
    pub fn of(app: App, listed: &UserService) -> Entry {
        let known = app.services.known.peek(&listed.id);
        let pod = app.services.pods.peek(&listed.id);
        Entry::from(listed, known, pod)
    }

    fn from(listed: &UserService, known: Remote<Known>, pod: Remote<PodStatus>) -> Entry {
        let mut entry = Entry {
            service: listed.clone(),
            label: String::new(),
            host_ip: String::new(),
            content: Content::Loading,
            stale: None,
        };
        let known: Arc<Known> = match known {
            // That it is paused needs nothing but the list.
            Remote::Loading if listed.status == UserServiceStatus::Stop => {
                entry.content = Content::Paused;
                return entry;
            }
            Remote::Loading => return entry,
            Remote::Failed(error) => {
                entry.content = Content::Failed(error);
                return entry;
            }
            Remote::Ready {
                value, stale_because, ..
            } => {
                entry.stale = stale_because;
                value
            }
        };
        entry.label = known.label.text();
        entry.service = known.service.clone();
        entry.content = match (&entry.service.status, &known.access, pod) {
            (UserServiceStatus::Stop, ..) => Content::Paused,
            (UserServiceStatus::Running, Err(error), _) => Content::Closed(error.clone()),
            (UserServiceStatus::Running, _, Remote::Loading) => Content::Loading,
            (UserServiceStatus::Running, _, Remote::Failed(error)) => Content::Failed(error),
            (
                UserServiceStatus::Running,
                _,
                Remote::Ready {
                    value, stale_because, ..
                },
            ) => {
                entry.stale = entry.stale.or(stale_because);
                entry.host_ip.clone_from(&value.state.host_ip);
                Content::Containers(merged(&value.spec.containers, &value.state.container_statuses))
            }
            _ => Content::Over,
        };
        entry
    }

    /// The part of it that was searched for and filtered by; none where nothing of it is.
    pub fn narrowed(mut self, search: &str, state: Option<StateFilter>) -> Option<Entry> {
        let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
        let region = self.service.service_options.region().to_owned();
        let own = [&self.service.id, &self.label, &region, &self.host_ip];
        let has = |word: &String, texts: &[&String]| texts.iter().any(|text| text.to_lowercase().contains(word));
        let left: Vec<String> = words.into_iter().filter(|word| !has(word, &own)).collect();
        let fits = match &mut self.content {
            Content::Containers(containers) => {
                let is_stale = self.stale.is_some();
                let is_in_state = |status: &ContainerStatus| match state {
                    None => true,
                    Some(StateFilter::Failed) => is_stale,
                    Some(state) => StateFilter::of(status.state.kind()) == Some(state),
                };
                let has_none = containers.is_empty();
                containers.retain(|(spec, status)| {
                    is_in_state(status) && left.iter().all(|word| is_in_container(word, spec, status))
                });
                !containers.is_empty() || (has_none && state.is_none() && left.is_empty())
            }
            content => {
                let is_state = matches!(
                    (state, &content),
                    (None, _)
                        | (Some(StateFilter::Paused), Content::Paused)
                        | (Some(StateFilter::Failed), Content::Failed(_) | Content::Closed(_))
                );
                is_state && left.is_empty()
            }
        };
        fits.then_some(self)
    }
}

/// Names of variables are searched, their values are not: they may be passwords.
fn is_in_container(word: &str, spec: &ContainerSpec, status: &ContainerStatus) -> bool {
    let in_text = |text: &str| text.to_lowercase().contains(word);
    in_text(&spec.name)
        || in_text(&status.image)
        || spec.env.iter().any(|variable| in_text(&variable.name))
        || spec
            .ports
            .iter()
            .any(|port| port.host_port.to_string() == word || port.container_port.to_string() == word)
}

#[cfg(test)]
mod tests {
    use vcloud_api::ErrorKind;

    use super::*;
    use crate::state::unsealed::Unsealed;

    fn listed(status: UserServiceStatus) -> UserService {
        UserService {
            id: "63a0".to_owned(),
            status,
            service_options: [("region", "Europe")].into_iter().collect(),
            ..UserService::default()
        }
    }

    fn ready<T>(value: T) -> Remote<T> {
        Remote::Loading.after(Ok(value), 5.0)
    }

    fn known(status: UserServiceStatus) -> Remote<Known> {
        let host = vcloud_api::BaseUrl::parse("https://europe.example.com").expect("a host");
        let secret = vcloud_api::ServiceSecret::new("secret").expect("a secret");
        ready(Known {
            service: listed(status),
            label: Unsealed::Text("shop".to_owned()),
            description: Unsealed::Unset,
            email: String::new(),
            access: Ok(crate::state::services::Access { host, secret }),
        })
    }

    fn pod() -> Remote<PodStatus> {
        let json = serde_json::json!({
            "podStatus": { "hostIP": "10.0.0.1", "containerStatuses": [
                { "name": "web", "image": "nginx:1", "state": { "running": {} } },
                { "name": "job", "image": "job:2", "state": { "waiting": { "reason": "CrashLoopBackOff" } } },
            ] },
            "podSpec": { "containers": [
                { "name": "web", "ports": [{ "hostPort": 30080, "containerPort": 80 }] },
                { "name": "job", "env": [{ "name": "TOKEN", "value": "swordfish" }] },
            ] },
        });
        ready(serde_json::from_value(json).expect("a pod"))
    }

    fn running() -> Entry {
        let listed = listed(UserServiceStatus::Running);
        Entry::from(&listed, known(UserServiceStatus::Running), pod())
    }

    fn names(entry: Option<Entry>) -> Vec<String> {
        match entry.map(|entry| entry.content) {
            Some(Content::Containers(containers)) => containers.into_iter().map(|(spec, _)| spec.name).collect(),
            Some(other) => vec![format!("{other:?}")],
            None => Vec::new(),
        }
    }

    #[test]
    fn each_state_of_knowledge_is_told_apart() {
        let error = ApiError::without_answer(ErrorKind::Network, "");
        let running = listed(UserServiceStatus::Running);
        let content = |known, pod| Entry::from(&running, known, pod).content;
        assert_eq!(content(Remote::Loading, Remote::Loading), Content::Loading);
        assert_eq!(
            content(known(UserServiceStatus::Running), Remote::Loading),
            Content::Loading
        );
        assert_eq!(
            content(Remote::Failed(error.clone()), Remote::Loading),
            Content::Failed(error.clone())
        );
        assert_eq!(
            content(known(UserServiceStatus::Running), Remote::Failed(error.clone())),
            Content::Failed(error)
        );
        assert_eq!(content(known(UserServiceStatus::Stop), pod()), Content::Paused);
        assert_eq!(content(known(UserServiceStatus::Done), pod()), Content::Over);
        let paused = listed(UserServiceStatus::Stop);
        assert_eq!(
            Entry::from(&paused, Remote::Loading, Remote::Loading).content,
            Content::Paused
        );
    }

    #[test]
    fn a_failed_refresh_keeps_the_rows_and_says_why() {
        let error = ApiError::without_answer(ErrorKind::Network, "");
        let listed = listed(UserServiceStatus::Running);
        let entry = Entry::from(
            &listed,
            known(UserServiceStatus::Running),
            pod().after(Err(error.clone()), 9.0),
        );
        assert_eq!(entry.stale, Some(error));
        assert!(entry.clone().narrowed("", Some(StateFilter::Failed)).is_some());
        assert_eq!(names(Some(entry)), ["web", "job"]);
    }

    #[test]
    fn every_word_must_be_found_in_the_service_or_the_container() {
        for (search, found) in [
            ("", &["web", "job"][..]),
            ("shop europe", &["web", "job"]),
            ("SHOP nginx", &["web"]),
            ("token", &["job"]),
            ("30080", &["web"]),
            ("10.0.0.1 job:2", &["job"]),
            ("swordfish", &[]),
            ("nginx job:2", &[]),
        ] {
            assert_eq!(names(running().narrowed(search, None)), found, "{search}");
        }
    }

    #[test]
    fn states_narrow_to_the_containers_in_them() {
        assert_eq!(names(running().narrowed("", Some(StateFilter::Waiting))), ["job"]);
        assert_eq!(
            names(running().narrowed("web", Some(StateFilter::Waiting))),
            Vec::<String>::new()
        );
        assert_eq!(running().narrowed("", Some(StateFilter::Paused)), None);
        let paused = Entry::from(&listed(UserServiceStatus::Stop), Remote::Loading, Remote::Loading);
        assert!(paused.clone().narrowed("63a0", Some(StateFilter::Paused)).is_some());
        assert!(paused.narrowed("", Some(StateFilter::Running)).is_none());
    }
}
