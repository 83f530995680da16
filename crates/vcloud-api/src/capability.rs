//! What can be done with a service, in one place: a page disables what cannot and says why.

use crate::types::{UserService, UserServiceStatus};

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
}
