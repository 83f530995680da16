//! Time: the real clock, and how long an hour of service lasts.
//!
//! Every timestamp that the platform shows is real wall clock time, so that a console's own clock agrees with it. What
//! `--clock-rate` changes is how quickly bought hours are used up: at a rate of 60, one hour of service lasts a minute.

use std::time::{SystemTime, UNIX_EPOCH};

/// The clock of one platform.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    rate: f64,
}

impl Clock {
    /// A clock at which `rate` service hours pass in one real hour.
    #[must_use]
    pub fn new(rate: f64) -> Self {
        Self { rate }
    }

    /// Now, in Unix seconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.now_millis() / 1000
    }

    /// Now, in Unix milliseconds.
    #[must_use]
    pub fn now_millis(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    /// Real seconds that `hours` of service last, at least one.
    #[must_use]
    pub fn seconds_of_service(&self, hours: f64) -> i64 {
        let seconds = (hours * 3600.0 / self.rate).ceil();
        // A float to integer cast saturates, which is what an absurd duration deserves.
        (seconds as i64).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;

    #[test]
    fn hours_are_used_up_at_the_rate() {
        assert_eq!(Clock::new(1.0).seconds_of_service(2.0), 7200);
        assert_eq!(Clock::new(60.0).seconds_of_service(1.0), 60);
        assert_eq!(Clock::new(1_000_000.0).seconds_of_service(1.0), 1);
    }
}
