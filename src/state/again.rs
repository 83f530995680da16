//! When a read that failed is tried again by itself: soon and a few times, then ever more rarely, never earlier than the host asks for, and
//! at no two consoles at the same moment. Changes are never sent again by themselves.

use vcloud_api::{ApiError, ErrorKind};

/// So many further tries follow one that failed, before it is said to have failed.
pub const AT_ONCE: u32 = 2;

/// Milliseconds before the first of them; each further one waits three times as long.
const SOON_MS: f64 = 400.0;

/// A host that asks for a longer pause is said to have failed, and asked when the pause is over. In seconds.
const LONGEST_SILENCE: u32 = 3;

/// Milliseconds before what has failed for longer is asked for again; twice as long each time.
const LATER_MS: f64 = 3_000.0;

/// It is not twice as long above this, in milliseconds.
const LATEST_MS: f64 = 15_000.0;

/// What is refreshed more rarely than this is asked for sooner while it fails, in milliseconds.
const RAREST_MS: f64 = 30_000.0;

/// How long to wait, in milliseconds, before the further try with this number, counted from 0; `None` where it is of no use. `dice` is from 0 to 1.
pub fn pause_before(number: u32, error: &ApiError, dice: f64) -> Option<f64> {
    // Whoever waited for an answer to no avail is told so first.
    let may_pass = error.kind.is_transient() && error.kind != ErrorKind::Timeout && error.kind != ErrorKind::NotJson;
    let asked = error.retry_after.unwrap_or_default();
    if !(may_pass || error.retry_after.is_some()) || asked > LONGEST_SILENCE {
        return None;
    }
    let power = i32::try_from(number).unwrap_or(i32::MAX);
    let pause = SOON_MS * 3.0_f64.powi(power) * spread(dice);
    Some(pause.max(f64::from(asked) * 1000.0))
}

/// From 0.75 to 1.25: what failed for many at the same time is not asked for by all at the same time.
fn spread(dice: f64) -> f64 {
    0.75 + 0.5 * dice
}

/// How a piece of data has failed since it was had the last time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Failing {
    times: u32,
    /// Milliseconds from one try to the next at the least.
    pause: f64,
    /// Milliseconds that the host asks for.
    asked: f64,
}

impl Failing {
    /// Whether the last try failed.
    pub fn is_failing(self) -> bool {
        self.times > 0
    }

    /// After another try, which failed so if at all. `dice` is from 0 to 1.
    #[must_use]
    pub fn after(self, error: Option<&ApiError>, dice: f64) -> Failing {
        let Some(error) = error else {
            return Failing::default();
        };
        let power = i32::try_from(self.times).unwrap_or(i32::MAX);
        Failing {
            times: self.times.saturating_add(1),
            pause: (LATER_MS * 2.0_f64.powi(power)).min(LATEST_MS) * spread(dice),
            asked: f64::from(error.retry_after.unwrap_or_default()) * 1000.0,
        }
    }

    /// Milliseconds from one try to the next, for what is refreshed `every` so many where it does not fail.
    pub fn every(self, every: f64) -> f64 {
        if !self.is_failing() || !every.is_finite() {
            return every;
        }
        every.clamp(self.pause, RAREST_MS).max(self.asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: ErrorKind, retry_after: Option<u32>) -> ApiError {
        ApiError {
            retry_after,
            ..ApiError::without_answer(kind, "")
        }
    }

    #[test]
    fn only_what_may_pass_is_tried_again_at_once() {
        for (kind, is_tried) in [
            (ErrorKind::Network, true),
            (ErrorKind::Interrupted, true),
            (ErrorKind::Server, true),
            (ErrorKind::Timeout, false),
            (ErrorKind::Cors, false),
            (ErrorKind::Unauthorised, false),
            (ErrorKind::NotFound, false),
            (ErrorKind::NotSigned, false),
            (ErrorKind::Refused, false),
        ] {
            assert_eq!(pause_before(0, &error(kind, None), 0.5).is_some(), is_tried, "{kind:?}");
        }
    }

    #[test]
    fn each_pause_is_longer_and_no_two_consoles_have_the_same() {
        let network = error(ErrorKind::Network, None);
        assert_eq!(pause_before(0, &network, 0.5), Some(400.0));
        assert_eq!(pause_before(1, &network, 0.5), Some(1200.0));
        assert!(pause_before(0, &network, 0.0) < pause_before(0, &network, 1.0));
        assert!(pause_before(0, &network, 1.0) < pause_before(1, &network, 0.0));
    }

    #[test]
    fn a_host_that_asks_for_a_pause_gets_it() {
        // Too many requests: a refusal, but one that says when it will not be.
        assert_eq!(pause_before(0, &error(ErrorKind::Refused, Some(2)), 0.5), Some(2000.0));
        assert_eq!(pause_before(0, &error(ErrorKind::Server, Some(60)), 0.5), None);
        let failing = Failing::default().after(Some(&error(ErrorKind::Server, Some(60))), 0.5);
        let well = failing.after(None, 0.5);
        let pauses: Vec<f64> = [failing, well].iter().map(|failing| failing.every(1000.0)).collect();
        assert_eq!(pauses, [60_000.0, 1000.0]);
    }

    #[test]
    fn what_goes_on_failing_is_asked_for_ever_more_rarely() {
        let network = error(ErrorKind::Network, None);
        let mut failing = Failing::default();
        assert!(!failing.is_failing());
        let mut pauses = Vec::new();
        for _ in 0..6 {
            failing = failing.after(Some(&network), 0.5);
            pauses.push(failing.every(2000.0));
        }
        assert_eq!(pauses, [3000.0, 6000.0, 12_000.0, 15_000.0, 15_000.0, 15_000.0]);
        // What is rarely refreshed comes back soon, and what nobody refreshes waits for somebody.
        let rarely = [300_000.0, f64::INFINITY];
        let rarely: Vec<f64> = rarely.iter().map(|every| failing.every(*every)).collect();
        assert_eq!(rarely, [30_000.0, f64::INFINITY]);
    }
}
