//! What can be done with a service, in one place: a page disables what cannot and says why.

use crate::types::{ServiceType, UserService, UserServiceStatus};

/// What an owner can do with a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Get an access token for it.
    GetAccessToken,
    /// Deploy it for the first time.
    Deploy,
    /// See how it runs, and what it uses.
    ViewStatus,
    /// Read its logs.
    ReadLogs,
    /// Restart it.
    Restart,
    /// Stop (pause) it.
    Stop,
    /// Start it after a stop.
    Start,
    /// Read its config files.
    ViewConfig,
    /// Change its config files and environment.
    UpdateConfig,
    /// Change the image of a container.
    UpdateImage,
    /// Replace what runs in it.
    UpdateDeployment,
    /// Change its domains.
    ManageDomains,
    /// Buy more time.
    Renew,
    /// End it and ask for the rest back.
    Refund,
    /// Set its label.
    SetLabel,
    /// Set its description.
    SetDescription,
    /// Change where its notices go.
    ManageEmail,
}

impl Action {
    /// All actions, in the order of the guide.
    pub const ALL: [Action; 17] = [
        Action::GetAccessToken,
        Action::Deploy,
        Action::ViewStatus,
        Action::ReadLogs,
        Action::Restart,
        Action::Stop,
        Action::Start,
        Action::ViewConfig,
        Action::UpdateConfig,
        Action::UpdateImage,
        Action::UpdateDeployment,
        Action::ManageDomains,
        Action::Renew,
        Action::Refund,
        Action::SetLabel,
        Action::SetDescription,
        Action::ManageEmail,
    ];
}

/// Why something cannot be done with a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Reason {
    /// It is stopped: start it first.
    #[error("the service is stopped")]
    Stopped,
    /// It runs already.
    #[error("the service is running")]
    Running,
    /// It was not deployed yet.
    #[error("the service is not deployed yet")]
    NotDeployed,
    /// It was deployed already: update it instead.
    #[error("the service is deployed already")]
    AlreadyDeployed,
    /// Its time is over.
    #[error("the time of the service is over")]
    Ended,
    /// It was aborted.
    #[error("the service was aborted")]
    Aborted,
    /// Its status is not known to this version.
    #[error("the status of the service is not known")]
    UnknownStatus,
}

/// Whether an action can be done with a service as it is.
///
/// # Errors
/// Says why not.
pub fn can(action: Action, service: &UserService) -> Result<(), Reason> {
    can_in(action, &service.status)
}

/// The same by status alone.
///
/// # Errors
/// Says why not.
pub fn can_in(action: Action, status: &UserServiceStatus) -> Result<(), Reason> {
    use Action as A;
    match status {
        UserServiceStatus::Pending => match action {
            A::GetAccessToken | A::Deploy | A::Refund => Ok(()),
            _ => Err(Reason::NotDeployed),
        },
        UserServiceStatus::Running => match action {
            A::Deploy => Err(Reason::AlreadyDeployed),
            A::Start => Err(Reason::Running),
            _ => Ok(()),
        },
        UserServiceStatus::Stop => match action {
            // Contract, Input rules: stopped service.
            A::GetAccessToken
            | A::Renew
            | A::Refund
            | A::ViewConfig
            | A::UpdateConfig
            | A::ManageDomains
            | A::Start
            | A::ManageEmail => Ok(()),
            A::Deploy => Err(Reason::AlreadyDeployed),
            _ => Err(Reason::Stopped),
        },
        UserServiceStatus::Done => Err(Reason::Ended),
        UserServiceStatus::Abort => Err(Reason::Aborted),
        UserServiceStatus::Other(_) => Err(Reason::UnknownStatus),
    }
}

/// Why a service cannot be refunded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum RefundObstacle {
    /// Not in its status.
    #[error(transparent)]
    Status(Reason),
    /// Services of its type never are.
    #[error("services of this type are not refundable")]
    NotRefundable,
}

/// Whether a service can be refunded: by its status, and by what its type allows.
///
/// # Errors
/// Says why not.
pub fn can_refund(service: &UserService, service_type: &ServiceType) -> Result<(), RefundObstacle> {
    can(Action::Refund, service).map_err(RefundObstacle::Status)?;
    if service_type.refundable {
        Ok(())
    } else {
        Err(RefundObstacle::NotRefundable)
    }
}

/// Things in the groups of their providers, each in the order of its first one: refunds and renewals go to one provider a call.
pub fn by_provider<T>(items: impl IntoIterator<Item = T>, provider: impl Fn(&T) -> &str) -> Vec<(String, Vec<T>)> {
    let mut groups: Vec<(String, Vec<T>)> = Vec::new();
    for item in items {
        let name = provider(&item);
        match groups.iter_mut().find(|(known, _)| known == name) {
            Some((_, group)) => group.push(item),
            None => groups.push((name.to_owned(), vec![item])),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(status: &UserServiceStatus) -> Vec<Action> {
        Action::ALL
            .into_iter()
            .filter(|action| can_in(*action, status).is_ok())
            .collect()
    }

    #[test]
    fn a_stopped_service_allows_what_the_contract_says_and_no_more() {
        assert_eq!(
            allowed(&UserServiceStatus::Stop),
            [
                Action::GetAccessToken,
                Action::Start,
                Action::ViewConfig,
                Action::UpdateConfig,
                Action::ManageDomains,
                Action::Renew,
                Action::Refund,
                Action::ManageEmail
            ]
        );
        assert_eq!(can_in(Action::ReadLogs, &UserServiceStatus::Stop), Err(Reason::Stopped));
    }

    #[test]
    fn a_running_service_allows_everything_but_starting_it() {
        assert_eq!(allowed(&UserServiceStatus::Running).len(), Action::ALL.len() - 2);
        assert_eq!(can_in(Action::Start, &UserServiceStatus::Running), Err(Reason::Running));
        assert_eq!(
            can_in(Action::Deploy, &UserServiceStatus::Running),
            Err(Reason::AlreadyDeployed)
        );
    }

    #[test]
    fn what_is_not_deployed_or_over_says_so() {
        assert_eq!(
            allowed(&UserServiceStatus::Pending),
            [Action::GetAccessToken, Action::Deploy, Action::Refund]
        );
        assert!(allowed(&UserServiceStatus::Done).is_empty());
        assert!(allowed(&UserServiceStatus::Abort).is_empty());
        let service = UserService {
            status: "ServiceMoving".into(),
            ..UserService::default()
        };
        assert_eq!(can(Action::Stop, &service), Err(Reason::UnknownStatus));
    }

    #[test]
    fn only_what_is_not_over_and_of_a_refundable_type_is_refunded() {
        let sold = |refundable| ServiceType {
            refundable,
            ..ServiceType::default()
        };
        let service = |status| UserService {
            status,
            ..UserService::default()
        };
        for status in [
            UserServiceStatus::Pending,
            UserServiceStatus::Running,
            UserServiceStatus::Stop,
        ] {
            assert_eq!(can_refund(&service(status.clone()), &sold(true)), Ok(()));
            assert_eq!(
                can_refund(&service(status), &sold(false)),
                Err(RefundObstacle::NotRefundable)
            );
        }
        for (status, reason) in [
            (UserServiceStatus::Done, Reason::Ended),
            (UserServiceStatus::Abort, Reason::Aborted),
        ] {
            assert_eq!(
                can_refund(&service(status), &sold(false)),
                Err(RefundObstacle::Status(reason))
            );
        }
    }

    #[test]
    fn groups_keep_the_order_they_came_in() {
        let items = ["b1", "a1", "b2", "c1", "a2"];
        let groups = by_provider(items, |item| &item[..1]);
        assert_eq!(
            groups,
            [
                ("b".to_owned(), vec!["b1", "b2"]),
                ("a".to_owned(), vec!["a1", "a2"]),
                ("c".to_owned(), vec!["c1"]),
            ]
        );
        assert!(by_provider(Vec::<&str>::new(), |item| item).is_empty());
    }
}
