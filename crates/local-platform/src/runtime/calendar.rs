//! Dates and times of day, in UTC, as log lines and statuses show them.

use std::fmt;

use super::clock::UnixMillis;

/// The English month names as access logs and Redis abbreviate them.
pub(super) const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A moment taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) year: u32,
    /// 1–12.
    pub(super) month: u32,
    /// 1–31.
    pub(super) day: u32,
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: u32,
    pub(super) millisecond: u32,
}

impl Moment {
    /// The civil date and time of a moment, by the proleptic Gregorian calendar (Howard Hinnant's `civil_from_days`).
    pub(super) fn of(time: UnixMillis) -> Self {
        let days = time / 86_400_000 + 719_468;
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        let in_day = time % 86_400_000;
        Self {
            year: year as u32,
            month: month as u32,
            day: day as u32,
            hour: (in_day / 3_600_000) as u32,
            minute: (in_day / 60_000 % 60) as u32,
            second: (in_day / 1_000 % 60) as u32,
            millisecond: (in_day % 1_000) as u32,
        }
    }

    /// The month's English abbreviation.
    pub(super) fn month_name(self) -> &'static str {
        MONTHS[self.month as usize - 1]
    }
}

/// `2026-11-23T19:44:10Z`.
pub(super) struct Rfc3339Seconds(pub(super) UnixMillis);

impl fmt::Display for Rfc3339Seconds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Moment {
            year,
            month,
            day,
            hour,
            minute,
            second,
            ..
        } = Moment::of(self.0);
        write!(
            formatter,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_calendar() {
        let shown = |seconds: u64| Rfc3339Seconds(seconds * 1000).to_string();
        assert_eq!(shown(0), "1970-01-01T00:00:00Z");
        assert_eq!(shown(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(shown(1_709_251_199), "2024-02-29T23:59:59Z");
        assert_eq!(shown(1_709_251_200), "2024-03-01T00:00:00Z");
        assert_eq!(shown(4_102_444_799), "2099-12-31T23:59:59Z");
    }
}
