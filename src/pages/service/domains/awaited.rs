//! Changes that were accepted and are not seen yet.

use std::collections::BTreeMap;

use leptos::prelude::*;
use vcloud_api::types::{BindDomain, Domain};

use super::super::data::ServiceData;
use crate::components::{Tone, toast};
use crate::i18n::{self, Text};
use crate::state::App;
use crate::state::clock::now_ms;

/// After so long without a confirmation the platform's own state is shown as it is.
const GIVE_UP_MS: f64 = 120_000.0;

/// What is waited for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// It leads to this port.
    Bound {
        /// The port.
        container_port: u32,
    },
    /// It is gone.
    Unbound,
}

impl Wanted {
    /// Whether it is so.
    fn is_so(&self, domain: &str, bound: &[Domain]) -> bool {
        let found = bound.iter().find(|known| known.domain.eq_ignore_ascii_case(domain));
        match self {
            Wanted::Bound { container_port } => {
                found.is_some_and(|found| u32::from(found.container_port) == *container_port)
            }
            Wanted::Unbound => found.is_none(),
        }
    }
}

/// By domain: what is waited for, and since when.
#[derive(Clone, Copy)]
pub struct Awaited(RwSignal<BTreeMap<String, (Wanted, f64)>>);

impl Awaited {
    /// What is waited for (tracked).
    pub fn all(self) -> BTreeMap<String, (Wanted, f64)> {
        self.0.get()
    }

    /// A binding was accepted.
    pub fn binding(self, sent: &BindDomain) {
        let wanted = Wanted::Bound {
            container_port: sent.container_port,
        };
        self.0.update(|all| {
            all.insert(sent.domain.to_ascii_lowercase(), (wanted, now_ms()));
        });
    }

    /// It was accepted that these go.
    pub fn unbinding(self, domains: impl IntoIterator<Item = String>) {
        self.0.update(|all| {
            let now = now_ms();
            all.extend(domains.into_iter().map(|domain| (domain, (Wanted::Unbound, now))));
        });
    }

    /// It was accepted that all go: those of which the platform has told, and those that were bound and are not seen yet.
    pub fn unbinding_all(self, bound: impl IntoIterator<Item = String>) {
        let unseen: Vec<String> = self.0.with_untracked(|all| all.keys().cloned().collect());
        self.unbinding(bound.into_iter().chain(unseen));
    }
}

/// Looks after what is waited for, as long as the current owner lives: asks the platform often, and ends what it confirms.
pub fn follow(app: App, data: ServiceData, bound: Memo<Option<Vec<Domain>>>) -> Awaited {
    let awaited = Awaited(RwSignal::new(BTreeMap::new()));
    let asked = StoredValue::new(0.0);
    Effect::new(move |_| {
        let now = app.clock.ms();
        if awaited.0.with(BTreeMap::is_empty) || now - asked.get_value() < app.pending_refresh_ms() {
            return;
        }
        asked.set_value(now);
        data.refresh.run(());
    });
    Effect::new(move |_| {
        let now = app.clock.ms();
        // A paused service does not say what it has: what was accepted is all that is known.
        let there = bound.get();
        let ends = |domain: &String, (wanted, since): &(Wanted, f64)| {
            there.as_ref().is_none_or(|there| wanted.is_so(domain, there)) || now - since > GIVE_UP_MS
        };
        let ended: Vec<(String, Wanted)> = awaited.0.with(|all| {
            let ended = all.iter().filter(|(domain, waiting)| ends(domain, waiting));
            ended
                .map(|(domain, (wanted, _))| (domain.clone(), wanted.clone()))
                .collect()
        });
        if ended.is_empty() {
            return;
        }
        awaited
            .0
            .update(|all| all.retain(|domain, _| ended.iter().all(|(known, _)| known != domain)));
        for (domain, wanted) in ended {
            let confirmed = there.as_ref().is_none_or(|there| wanted.is_so(&domain, there));
            let (tone, text) = match (confirmed, wanted) {
                (false, _) => (Tone::Warn, Text::DomainsUnconfirmed),
                (true, Wanted::Bound { .. }) => (Tone::Good, Text::DomainsBound),
                (true, Wanted::Unbound) => (Tone::Good, Text::DomainsUnbound),
            };
            toast(tone, untrack(|| i18n::text_with(text, &[("domain", &domain)])));
        }
    });
    awaited
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_confirmed_by_what_is_there() {
        let there = [Domain {
            domain: "a.example".to_owned(),
            container_port: 80,
            is_https: false,
        }];
        let bound = |port| Wanted::Bound { container_port: port };
        assert!(bound(80).is_so("A.example", &there));
        assert!(!bound(81).is_so("a.example", &there), "it leads elsewhere still");
        assert!(!bound(80).is_so("b.example", &there));
        assert!(Wanted::Unbound.is_so("b.example", &there));
        assert!(!Wanted::Unbound.is_so("a.example", &there));
    }
}
