//! A service that an account bought.

use serde::{Deserialize, Serialize};

use super::ServiceOptions;
use crate::sealed::Sealed;
use crate::wire::{self, open_enum};

open_enum! {
    /// Where a service is in its life.
    UserServiceStatus {
        /// Paid for, not deployed yet: “usable”.
        Pending = "ServicePending",
        /// Deployed and running.
        Running = "ServiceRunning",
        /// Paused by its owner; shown with the running ones.
        Stop = "ServiceStop",
        /// Its time is over: “past”.
        Done = "ServiceDone",
        /// Ended before its time.
        Abort = "ServiceAbort",
    }
}

/// A service, as the platform lists it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UserService {
    /// Its id.
    #[serde(deserialize_with = "wire::identifier")]
    pub id: String,
    /// Name of the provider that runs it.
    #[serde(deserialize_with = "wire::name")]
    pub provider: String,
    /// Name of the service type.
    #[serde(deserialize_with = "wire::name")]
    pub service: String,
    /// Id of the service type.
    #[serde(rename = "serviceID", deserialize_with = "wire::identifier")]
    pub service_id: String,
    /// What it was bought with.
    pub service_options: ServiceOptions,
    /// Hours bought.
    #[serde(deserialize_with = "wire::integer")]
    pub duration: u64,
    /// Where it is in its life.
    pub status: UserServiceStatus,
    /// When it was ordered.
    #[serde(deserialize_with = "wire::integer")]
    pub created_at: i64,
    /// When it last changed.
    #[serde(deserialize_with = "wire::integer")]
    pub updated_at: i64,
    /// When it became usable.
    #[serde(rename = "serviceActivateTS", deserialize_with = "wire::integer")]
    pub service_activate_ts: i64,
    /// When it was first deployed.
    #[serde(rename = "serviceRunningTS", deserialize_with = "wire::integer")]
    pub service_running_ts: i64,
    /// When its time was over.
    #[serde(rename = "serviceDoneTS", deserialize_with = "wire::integer")]
    pub service_done_ts: i64,
    /// When it was aborted.
    #[serde(rename = "serviceAbortTS", deserialize_with = "wire::integer")]
    pub service_abort_ts: i64,
    /// When its time is over; 0 before it was started.
    #[serde(deserialize_with = "wire::integer")]
    pub end_at: i64,
    /// Address of the account that owns it.
    #[serde(deserialize_with = "wire::identifier")]
    pub address: String,
}

/// A service, as its provider shows it to everybody: what only the owner may read is sealed to the owner's key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SealedUserService {
    /// The service itself.
    #[serde(flatten)]
    pub service: UserService,
    /// Everything sealed.
    #[serde(flatten)]
    pub sealed: SealedFields,
}

/// The sealed part of a [`SealedUserService`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SealedFields {
    /// Holds the service secret, see [`Sealed::open_secret`].
    pub magic: Sealed,
    /// The owner's description.
    pub description: Sealed,
    /// The owner's label.
    pub customized_label: Sealed,
}

/// A service, as its region host shows it to who knows the secret.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceDetails {
    /// The service itself.
    #[serde(flatten)]
    pub service: UserService,
    /// What the owner wrote about it.
    #[serde(flatten)]
    pub own: OwnFields,
}

/// What the owner wrote about a service, readable. Empty = unset.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OwnFields {
    /// Where notices about this service go.
    #[serde(deserialize_with = "wire::name")]
    pub email: String,
    /// The description.
    #[serde(deserialize_with = "wire::text")]
    pub description: String,
    /// The label.
    #[serde(deserialize_with = "wire::text")]
    pub customized_label: String,
}

impl UserService {
    /// When its time is over; `None` before it was started.
    pub fn ends_at(&self) -> Option<i64> {
        (self.end_at > 0).then_some(self.end_at)
    }

    /// Seconds of its time that are left at `now`, at least 0; a service that was not started has all of it.
    pub fn time_left(&self, now: i64) -> u64 {
        match self.status {
            UserServiceStatus::Done | UserServiceStatus::Abort => 0,
            _ => match self.ends_at() {
                Some(end) => u64::try_from(end.saturating_sub(now)).unwrap_or(0),
                None => self.duration_seconds(),
            },
        }
    }

    /// Which part of its time is left at `now`, in thousandths: what a bar shows.
    pub fn time_left_permille(&self, now: i64) -> u16 {
        let whole = self.duration_seconds().max(1);
        let part = u128::from(self.time_left(now)) * 1000 / u128::from(whole);
        u16::try_from(part.min(1000)).unwrap_or(1000)
    }

    /// The time bought, in seconds.
    pub fn duration_seconds(&self) -> u64 {
        self.duration.saturating_mul(3600)
    }

    /// When it would end if so many more hours were bought at `now`: they are added to what is left.
    pub fn end_after_renewal(&self, now: i64, hours: u64) -> i64 {
        let seconds = i64::try_from(hours.saturating_mul(3600)).unwrap_or(i64::MAX);
        let left = i64::try_from(self.time_left(now)).unwrap_or(i64::MAX);
        now.saturating_add(left).saturating_add(seconds)
    }

    /// Whole hours to buy at `now` for its time to reach `until`, rounded up; `None` where it reaches it already.
    pub fn hours_until(&self, now: i64, until: i64) -> Option<u64> {
        let missing = until.saturating_sub(self.end_after_renewal(now, 0));
        u64::try_from(missing)
            .ok()
            .filter(|missing| *missing > 0)
            .map(|missing| missing.div_ceil(3600))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTED: &str = r#"{
        "id":"63a0","provider":"v-kube-service","service":"basic","serviceID":"61f0",
        "serviceOptions":{"region":"Europe","resourceUnit":"1-Unit-Resource"},"duration":"24","status":"ServiceRunning",
        "createdAt":1700000000,"updatedAt":1700000001,"serviceActivateTS":1700000002,"serviceRunningTS":1700000003,
        "serviceDoneTS":0,"serviceAbortTS":null,"endAt":1700086403,"address":"AR…","colour":{"new":[1,2]}}"#;

    #[test]
    fn a_listed_service_is_read_and_written() {
        let service: UserService = serde_json::from_str(LISTED).unwrap();
        assert_eq!(service.id, "63a0");
        assert_eq!(service.service_id, "61f0");
        assert_eq!(service.duration, 24);
        assert_eq!(service.status, UserServiceStatus::Running);
        assert_eq!(service.service_running_ts, 1_700_000_003);
        let json = serde_json::to_value(&service).unwrap();
        assert_eq!(json["serviceID"], "61f0");
        assert_eq!(json["serviceRunningTS"], 1_700_000_003);
        assert_eq!(json["status"], "ServiceRunning");
        assert_eq!(serde_json::from_value::<UserService>(json).unwrap(), service);
    }

    #[test]
    fn missing_fields_and_new_statuses_break_nothing() {
        let service: UserService = serde_json::from_str("{\"id\":5,\"status\":\"ServiceMoving\"}").unwrap();
        assert_eq!(service.id, "5");
        assert_eq!(service.status, UserServiceStatus::Other("ServiceMoving".into()));
        assert_eq!(serde_json::to_value(&service.status).unwrap(), "ServiceMoving");
        assert_eq!(service.ends_at(), None);
    }

    #[test]
    fn flattened_kinds_read_the_same_numbers() {
        let json = LISTED.replacen('{', "{\"magic\":\"abc\",\"description\":null,\"email\":\"a@b.cc\",", 1);
        let sealed: SealedUserService = serde_json::from_str(&json).unwrap();
        assert_eq!(sealed.service.end_at, 1_700_086_403);
        assert!(!sealed.sealed.magic.is_empty() && sealed.sealed.description.is_empty());
        let details: ServiceDetails = serde_json::from_str(&json).unwrap();
        assert_eq!(details.own.email, "a@b.cc");
        assert_eq!(details.service, sealed.service);
        let back: SealedUserService = serde_json::from_value(serde_json::to_value(&sealed).unwrap()).unwrap();
        assert_eq!(back, sealed);
    }

    #[test]
    fn time_left_follows_the_end_and_the_status() {
        let mut service: UserService = serde_json::from_str(LISTED).unwrap();
        assert_eq!(service.time_left(1_700_086_403 - 3600), 3600);
        assert_eq!(service.time_left_permille(1_700_086_403 - 43_200), 500);
        assert_eq!(service.time_left(1_700_086_404), 0);
        assert_eq!(service.end_after_renewal(1_700_086_403 - 10, 1), 1_700_086_403 + 3600);
        assert_eq!(
            service.end_after_renewal(1_700_086_403 + 10, 1),
            1_700_086_403 + 10 + 3600
        );
        let (now, end) = (1_700_000_000, service.end_at);
        for (until, hours) in [
            (-1, None),
            (0, None),
            (1, Some(1)),
            (3600, Some(1)),
            (3601, Some(2)),
            (86_400, Some(24)),
        ] {
            assert_eq!(
                service.hours_until(now, end + until),
                hours,
                "{until} seconds after its end"
            );
        }
        // What ended meanwhile is counted from now on.
        assert_eq!(service.hours_until(end + 7200, end + 7200 + 3600), Some(1));
        service.end_at = 0;
        assert_eq!(service.time_left(1), 24 * 3600);
        service.status = UserServiceStatus::Abort;
        assert_eq!(service.time_left(1), 0);
    }
}
