//! Changing domains where the provider cannot change one at a time: all are unbound, and what should be there is bound anew.
//!
//! A pure state machine: it says what to do next, is told what came of it, and never forgets what has to be there in the end. What it
//! knows can be stored before the first thing is done, so that the change can be finished after anything, a closed browser included.

use serde::{Deserialize, Serialize};
use vcloud_api::types::{BindDomain, Domain};
use vcloud_api::validate::{SuffixLookup, is_first_under_base_domain};

/// So often everything is unbound anew when the provider takes no further binding.
const MOST_STARTS: u32 = 3;

/// A domain that leads to a port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Binding {
    /// The domain.
    pub domain: String,
    /// The container port.
    pub container_port: u32,
    /// Whether it is served encrypted.
    pub is_https: bool,
}

/// Whether a domain leads to its port. Whether it is encrypted is the provider's own affair: the first domain under a base domain
/// decides, and a certificate takes its time.
fn is_among(bindings: &[Binding], binding: &Binding) -> bool {
    let same = |other: &Binding| other.domain == binding.domain && other.container_port == binding.container_port;
    bindings.iter().any(same)
}

impl From<&Domain> for Binding {
    fn from(domain: &Domain) -> Self {
        Self {
            domain: domain.domain.to_ascii_lowercase(),
            container_port: u32::from(domain.container_port),
            is_https: domain.is_https,
        }
    }
}

impl From<&Binding> for Domain {
    fn from(binding: &Binding) -> Self {
        Self {
            domain: binding.domain.clone(),
            container_port: u16::try_from(binding.container_port).unwrap_or_default(),
            is_https: binding.is_https,
        }
    }
}

/// What is to be changed, and what has to stay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Domains to unbind, lower case.
    pub remove: Vec<String>,
    /// Bindings to add. One of a domain that is bound takes the place of its binding.
    pub add: Vec<Binding>,
    /// What has to stay, once it is known: from then on it has to be there in the end, whatever is bound meanwhile.
    pub keep: Option<Vec<Binding>>,
}

impl Plan {
    /// What has to be there in the end: what stays first, so that a new domain that is refused holds up nothing.
    pub fn wanted(&self) -> Vec<Binding> {
        let kept = self.keep.iter().flatten();
        kept.chain(&self.add).cloned().collect()
    }

    fn decide(&mut self, bound: &[Binding]) {
        let stays = |binding: &&Binding| {
            !self.remove.contains(&binding.domain) && self.add.iter().all(|added| added.domain != binding.domain)
        };
        self.keep = Some(bound.iter().filter(stays).cloned().collect());
    }

    fn leave_out(&mut self, domain: &str) {
        self.add.retain(|binding| binding.domain != domain);
        if let Some(keep) = &mut self.keep {
            keep.retain(|binding| binding.domain != domain);
        }
    }
}

/// What is done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Ask what is bound now.
    Look,
    /// Unbind all domains.
    UnbindAll,
    /// Bind this one.
    Bind(Binding),
}

/// Where the change is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// This is under way.
    Doing(Action),
    /// This failed; what was known to be bound is still known. [`Event::Retry`] goes on.
    Stopped(Action),
    /// Everything is as it should be.
    Done,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// These are bound now.
    Bound(Vec<Binding>),
    /// What was under way is done.
    Succeeded,
    /// It failed, or nobody knows whether it was done.
    Failed,
    /// The provider takes no single change now (error 501).
    Unsupported,
    /// Try again.
    Retry,
    /// Go on without this domain.
    LeaveOut(String),
}

/// A change under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebinding {
    plan: Plan,
    phase: Phase,
    bound: Vec<Binding>,
    starts: u32,
}

impl Rebinding {
    /// Begins, or goes on with a plan that was left.
    pub fn start(plan: Plan) -> Self {
        Self {
            plan,
            phase: Phase::Doing(Action::Look),
            bound: Vec::new(),
            starts: 0,
        }
    }

    /// What has to be there in the end.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Where it is.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// What is bound, as far as is known.
    pub fn bound(&self) -> &[Binding] {
        &self.bound
    }

    /// Whether something was unbound that has to be there: nobody should walk away now.
    pub fn is_half_way(&self) -> bool {
        self.phase != Phase::Done && self.plan.keep.is_some()
    }

    /// The call that binds a domain now. Whether it is encrypted is said only where it is the first under its base domain.
    pub fn call(&self, binding: &Binding, suffixes: &impl SuffixLookup) -> BindDomain {
        let bound: Vec<Domain> = self.bound.iter().map(Domain::from).collect();
        let is_first = is_first_under_base_domain(&binding.domain, &bound, suffixes);
        BindDomain {
            domain: binding.domain.clone(),
            container_port: binding.container_port,
            is_encry_byself: false,
            is_letsencrypt: is_first.then_some(binding.is_https),
        }
    }

    /// The change after an event. An event that does not belong to the phase changes nothing.
    #[must_use]
    pub fn step(mut self, event: Event) -> Self {
        let phase = std::mem::replace(&mut self.phase, Phase::Done);
        self.phase = match (phase, event) {
            (Phase::Doing(Action::Look), Event::Bound(bound)) => {
                self.bound = bound;
                let is_first = self.plan.keep.is_none();
                if is_first {
                    self.plan.decide(&self.bound);
                }
                self.after_look(is_first)
            }
            (Phase::Doing(Action::UnbindAll), Event::Succeeded) => {
                self.bound.clear();
                self.next_binding()
            }
            (Phase::Doing(Action::Bind(binding)), Event::Succeeded) => {
                self.bound.push(binding);
                self.next_binding()
            }
            // Whatever holds the provider back, it takes bindings after all were unbound.
            (Phase::Doing(Action::Bind(binding)), Event::Unsupported) if self.starts >= MOST_STARTS => {
                Phase::Stopped(Action::Bind(binding))
            }
            (Phase::Doing(Action::Bind(_)), Event::Unsupported) => self.unbind_all(),
            (Phase::Doing(action), Event::Failed | Event::Unsupported) => Phase::Stopped(action),
            (Phase::Stopped(_), Event::Retry) => {
                self.starts = 0;
                Phase::Doing(Action::Look)
            }
            (Phase::Stopped(_), Event::LeaveOut(domain)) => {
                self.plan.leave_out(&domain);
                self.starts = 0;
                Phase::Doing(Action::Look)
            }
            (phase, _) => phase,
        };
        self
    }

    fn after_look(&mut self, is_first: bool) -> Phase {
        let wanted = self.plan.wanted();
        let has_more = self.bound.iter().any(|binding| !is_among(&wanted, binding));
        let has_less = wanted.iter().any(|binding| !is_among(&self.bound, binding));
        // This provider has said already that it changes all domains or none.
        let begins = is_first && has_less && !self.bound.is_empty();
        if !has_more && !begins {
            self.next_binding_of(&wanted, Phase::Done)
        } else if self.starts < MOST_STARTS {
            self.unbind_all()
        } else {
            // Somebody else binds domains at the same time.
            Phase::Stopped(Action::Look)
        }
    }

    fn unbind_all(&mut self) -> Phase {
        self.starts += 1;
        Phase::Doing(Action::UnbindAll)
    }

    /// The next one that is missing; where none is, a look at what has really become of it.
    fn next_binding(&self) -> Phase {
        self.next_binding_of(&self.plan.wanted(), Phase::Doing(Action::Look))
    }

    fn next_binding_of(&self, wanted: &[Binding], otherwise: Phase) -> Phase {
        let missing = wanted.iter().find(|binding| !is_among(&self.bound, binding));
        missing.map_or(otherwise, |binding| Phase::Doing(Action::Bind(binding.clone())))
    }
}

#[cfg(test)]
mod tests {
    use vcloud_api::validate::CommonSuffixes;

    use super::*;

    fn binding(domain: &str, port: u32) -> Binding {
        Binding {
            domain: domain.to_owned(),
            container_port: port,
            is_https: domain.starts_with('s'),
        }
    }

    /// A provider of the older kind: it takes bindings only after all were unbound, until the next look.
    struct Provider {
        bound: Vec<Binding>,
        /// Fails at these actions, counted from 0.
        fails_at: Vec<usize>,
        /// Answers get lost there: it is done, but nobody hears of it.
        loses_at: Vec<usize>,
        open: bool,
        done: Vec<String>,
    }

    impl Provider {
        fn new(bound: &[Binding]) -> Self {
            Self {
                bound: bound.to_vec(),
                fails_at: Vec::new(),
                loses_at: Vec::new(),
                open: false,
                done: Vec::new(),
            }
        }

        fn does(&mut self, action: &Action) -> Event {
            let at = self.done.len();
            self.done.push(match action {
                Action::Look => "look".to_owned(),
                Action::UnbindAll => "unbind".to_owned(),
                Action::Bind(binding) => format!("bind {}", binding.domain),
            });
            if self.fails_at.contains(&at) {
                return Event::Failed;
            }
            let event = match action {
                Action::Look => Event::Bound(self.bound.clone()),
                Action::UnbindAll => {
                    self.bound.clear();
                    self.open = true;
                    Event::Succeeded
                }
                Action::Bind(_) if !self.open && !self.bound.is_empty() => Event::Unsupported,
                Action::Bind(binding) => {
                    self.bound.push(binding.clone());
                    Event::Succeeded
                }
            };
            if self.loses_at.contains(&at) {
                Event::Failed
            } else {
                event
            }
        }

        fn run(&mut self, mut change: Rebinding) -> Rebinding {
            while let Phase::Doing(action) = change.phase().clone() {
                let event = self.does(&action);
                change = change.step(event);
            }
            change
        }
    }

    fn removing(domain: &str) -> Plan {
        Plan {
            remove: vec![domain.to_owned()],
            ..Plan::default()
        }
    }

    fn three() -> [Binding; 3] {
        [
            binding("a.example", 80),
            binding("shop.example", 81),
            binding("b.example", 82),
        ]
    }

    #[test]
    fn what_should_stay_is_bound_again_and_looked_at() {
        let mut provider = Provider::new(&three());
        let change = provider.run(Rebinding::start(removing("shop.example")));
        assert_eq!(*change.phase(), Phase::Done);
        assert_eq!(
            provider.done,
            ["look", "unbind", "bind a.example", "bind b.example", "look"]
        );
        assert_eq!(provider.bound, [three()[0].clone(), three()[2].clone()]);
    }

    #[test]
    fn a_new_domain_comes_last_and_one_that_moves_takes_its_own_place() {
        let mut provider = Provider::new(&three());
        let plan = Plan {
            add: vec![binding("new.example", 80), binding("a.example", 90)],
            ..Plan::default()
        };
        let change = provider.run(Rebinding::start(plan));
        assert_eq!(*change.phase(), Phase::Done);
        let domains: Vec<(&str, u32)> = provider
            .bound
            .iter()
            .map(|binding| (binding.domain.as_str(), binding.container_port))
            .collect();
        assert_eq!(
            domains,
            [
                ("shop.example", 81),
                ("b.example", 82),
                ("new.example", 80),
                ("a.example", 90)
            ]
        );
    }

    #[test]
    fn nothing_is_done_where_nothing_changes() {
        let mut provider = Provider::new(&three());
        let change = provider.run(Rebinding::start(removing("other.example")));
        assert_eq!((change.phase(), provider.done.len()), (&Phase::Done, 1));
    }

    #[test]
    fn a_failure_anywhere_loses_nothing() {
        for at in 0..5 {
            for lost in [false, true] {
                let mut provider = Provider::new(&three());
                if lost {
                    provider.loses_at.push(at);
                } else {
                    provider.fails_at.push(at);
                }
                let mut change = provider.run(Rebinding::start(removing("shop.example")));
                assert!(matches!(change.phase(), Phase::Stopped(_)), "at {at}");
                // The browser was closed: the plan is all that is left.
                if at > 0 {
                    let stored = serde_json::to_string(change.plan()).expect("JSON");
                    change = Rebinding::start(serde_json::from_str(&stored).expect("a plan"));
                } else {
                    change = change.step(Event::Retry);
                }
                change = provider.run(change);
                assert_eq!(*change.phase(), Phase::Done, "at {at}");
                let mut domains: Vec<_> = provider.bound.iter().map(|binding| binding.domain.as_str()).collect();
                domains.sort_unstable();
                assert_eq!(domains, ["a.example", "b.example"], "at {at}, lost {lost}");
            }
        }
    }

    #[test]
    fn what_stays_was_decided_before_anything_was_unbound() {
        let change = Rebinding::start(removing("shop.example")).step(Event::Bound(three().to_vec()));
        assert_eq!(*change.phase(), Phase::Doing(Action::UnbindAll));
        assert!(change.is_half_way());
        assert_eq!(change.plan().keep.as_ref().map(Vec::len), Some(2));
        // A later look that finds less does not change what has to be there.
        let change = change
            .step(Event::Failed)
            .step(Event::Retry)
            .step(Event::Bound(Vec::new()));
        assert_eq!(*change.phase(), Phase::Doing(Action::Bind(three()[0].clone())));
    }

    #[test]
    fn a_domain_that_is_refused_can_be_left_out() {
        let plan = Plan {
            add: vec![binding("taken.example", 80)],
            ..Plan::default()
        };
        let mut provider = Provider::new(&three()[..1]);
        provider.fails_at.push(3);
        let change = provider.run(Rebinding::start(plan));
        assert_eq!(
            *change.phase(),
            Phase::Stopped(Action::Bind(binding("taken.example", 80)))
        );
        assert_eq!(provider.bound, three()[..1], "the others are bound by then");
        let change = provider.run(change.step(Event::LeaveOut("taken.example".to_owned())));
        assert_eq!((change.phase(), provider.bound.len()), (&Phase::Done, 1));
    }

    #[test]
    fn a_provider_that_never_takes_a_binding_is_not_asked_for_ever() {
        let mut change = Rebinding::start(removing("shop.example")).step(Event::Bound(three().to_vec()));
        let mut unbound = 0;
        while let Phase::Doing(action) = change.phase().clone() {
            change = match action {
                Action::UnbindAll => {
                    unbound += 1;
                    change.step(Event::Succeeded)
                }
                _ => change.step(Event::Unsupported),
            };
        }
        assert_eq!(unbound, MOST_STARTS);
        assert!(change.is_half_way(), "it is still known what is missing");
    }

    #[test]
    fn only_the_first_of_a_base_domain_says_whether_it_is_encrypted() {
        let change = Rebinding::start(Plan::default());
        let first = change.call(&binding("shop.example.co.uk", 80), &CommonSuffixes);
        assert_eq!((first.is_letsencrypt, first.is_encry_byself), (Some(true), false));
        let bound = Rebinding {
            bound: vec![binding("www.example.co.uk", 80)],
            ..change
        };
        assert_eq!(
            bound
                .call(&binding("shop.example.co.uk", 80), &CommonSuffixes)
                .is_letsencrypt,
            None
        );
        assert_eq!(
            bound
                .call(&binding("a.other.co.uk", 80), &CommonSuffixes)
                .is_letsencrypt,
            Some(false)
        );
    }

    #[test]
    fn whoever_binds_at_the_same_time_does_not_make_it_go_on_for_ever() {
        let mut change = Rebinding::start(removing("shop.example")).step(Event::Bound(three().to_vec()));
        let mut unbound = 0;
        while let Phase::Doing(action) = change.phase().clone() {
            change = match action {
                Action::Look => change.step(Event::Bound(three().to_vec())),
                Action::UnbindAll => {
                    unbound += 1;
                    change.step(Event::Succeeded)
                }
                Action::Bind(_) => change.step(Event::Succeeded),
            };
        }
        assert_eq!((unbound, change.phase()), (MOST_STARTS, &Phase::Stopped(Action::Look)));
    }

    #[test]
    fn an_event_of_another_phase_changes_nothing() {
        let change = Rebinding::start(Plan::default());
        assert_eq!(change.clone().step(Event::Retry), change);
        assert_eq!(change.clone().step(Event::Succeeded), change);
    }
}
