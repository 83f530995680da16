//! Which of the chosen services a refund is asked for, and in which calls. Pure, so that it is tested without a browser.

use vcloud_api::capability::{RefundObstacle, by_provider, can_refund};
use vcloud_api::types::{ServiceType, UserServiceStatus};

use crate::state::orders::Target;

/// Why a service is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// It can't be refunded.
    Obstacle(RefundObstacle),
    /// Something asked for earlier is still under way.
    Pending,
}

/// The services of one provider, which are refunded by one call.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The provider's name.
    pub provider: String,
    /// What is refunded.
    pub targets: Vec<Target>,
}

/// What becomes of the chosen services.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The calls.
    pub groups: Vec<Group>,
    /// What is not refunded, and why.
    pub left_out: Vec<(Target, LeftOut)>,
    /// Ids of the service types that have to be known first.
    pub unknown_types: Vec<String>,
}

impl Plan {
    /// Sorts what was chosen.
    pub fn of<'a>(
        targets: &[Target],
        type_of: impl Fn(&str) -> Option<&'a ServiceType>,
        is_pending: impl Fn(&str) -> bool,
    ) -> Plan {
        let mut plan = Plan::default();
        let mut refundable = Vec::new();
        for target in targets {
            let service = &target.service;
            if is_pending(&service.id) {
                plan.left_out.push((target.clone(), LeftOut::Pending));
                continue;
            }
            let Some(service_type) = type_of(&service.service_id) else {
                if !plan.unknown_types.contains(&service.service_id) {
                    plan.unknown_types.push(service.service_id.clone());
                }
                continue;
            };
            match can_refund(service, service_type) {
                Ok(()) => refundable.push(target.clone()),
                Err(obstacle) => plan.left_out.push((target.clone(), LeftOut::Obstacle(obstacle))),
            }
        }
        plan.groups = by_provider(refundable, |target| &target.service.provider)
            .into_iter()
            .map(|(provider, targets)| Group { provider, targets })
            .collect();
        plan
    }

    /// How many services are refunded.
    pub fn count(&self) -> usize {
        self.groups.iter().map(|group| group.targets.len()).sum()
    }

    /// How many of them have containers or keep a disk: what they stop is lost.
    pub fn deployed(&self) -> usize {
        let targets = self.groups.iter().flat_map(|group| &group.targets);
        targets.filter(|target| is_deployed(target)).count()
    }
}

/// Whether something runs, or would run again, in a service.
pub fn is_deployed(target: &Target) -> bool {
    matches!(
        target.service.status,
        UserServiceStatus::Running | UserServiceStatus::Stop
    )
}

#[cfg(test)]
mod tests {
    use vcloud_api::capability::Reason;
    use vcloud_api::types::UserService;

    use super::*;

    fn target(id: &str, provider: &str, service_type: &str, status: UserServiceStatus) -> Target {
        let service = UserService {
            id: id.to_owned(),
            provider: provider.to_owned(),
            service_id: service_type.to_owned(),
            status,
            ..UserService::default()
        };
        Target {
            service,
            label: String::new(),
        }
    }

    fn plan(targets: &[Target], pending: &str) -> Plan {
        let refundable = ServiceType {
            refundable: true,
            ..ServiceType::default()
        };
        let kept = ServiceType::default();
        Plan::of(
            targets,
            |id| match id {
                "container" => Some(&refundable),
                "watcher" => Some(&kept),
                _ => None,
            },
            |id| id == pending,
        )
    }

    fn ids(group: &Group) -> Vec<&str> {
        group.targets.iter().map(|target| target.service.id.as_str()).collect()
    }

    #[test]
    fn refundable_services_go_to_their_providers_and_the_others_are_named() {
        let chosen = [
            target("a", "one", "container", UserServiceStatus::Running),
            target("b", "two", "container", UserServiceStatus::Pending),
            target("c", "one", "watcher", UserServiceStatus::Pending),
            target("d", "one", "container", UserServiceStatus::Stop),
            target("e", "one", "container", UserServiceStatus::Done),
            target("f", "one", "container", UserServiceStatus::Running),
        ];
        let plan = plan(&chosen, "f");
        assert_eq!(plan.groups.len(), 2);
        assert_eq!(
            (plan.groups[0].provider.as_str(), ids(&plan.groups[0])),
            ("one", vec!["a", "d"])
        );
        assert_eq!(
            (plan.groups[1].provider.as_str(), ids(&plan.groups[1])),
            ("two", vec!["b"])
        );
        assert_eq!((plan.count(), plan.deployed()), (3, 2));
        let left_out: Vec<_> = plan
            .left_out
            .iter()
            .map(|(target, why)| (target.service.id.as_str(), *why))
            .collect();
        assert_eq!(
            left_out,
            [
                ("c", LeftOut::Obstacle(RefundObstacle::NotRefundable)),
                ("e", LeftOut::Obstacle(RefundObstacle::Status(Reason::Ended))),
                ("f", LeftOut::Pending),
            ]
        );
        assert!(plan.unknown_types.is_empty());
    }

    #[test]
    fn what_is_not_known_yet_is_not_decided() {
        let chosen = [
            target("a", "one", "new", UserServiceStatus::Running),
            target("b", "one", "new", UserServiceStatus::Running),
        ];
        let plan = plan(&chosen, "");
        assert_eq!(plan.unknown_types, ["new"]);
        assert_eq!((plan.count(), plan.left_out.len()), (0, 0));
    }
}
