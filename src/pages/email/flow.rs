//! Where the binding of an e-mail address stands, and how long its code is good.

use serde::{Deserialize, Serialize};

/// How long a code is good, in milliseconds.
const CODE_LIFETIME_MS: f64 = 300_000.0;

/// How long after one code another can be had.
const RESEND_AFTER_MS: f64 = 60_000.0;

/// A code that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// When, in milliseconds since the Unix epoch.
    pub at: f64,
}

impl Sent {
    /// Seconds until it is good no more.
    pub fn left(self, now: f64) -> u64 {
        seconds(self.at + CODE_LIFETIME_MS - now)
    }

    /// Whether it is good no more.
    pub fn is_expired(self, now: f64) -> bool {
        self.left(now) == 0
    }

    /// Seconds until another can be sent.
    pub fn wait(self, now: f64) -> u64 {
        seconds(self.at + RESEND_AFTER_MS - now)
    }
}

/// Whole seconds, the one that has begun among them.
fn seconds(ms: f64) -> u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    // Clamped, and never more than the lifetime by much.
    let seconds = (ms.max(0.0) / 1000.0).ceil() as u64;
    seconds
}

/// A time as on a stopwatch: `4:05`.
pub fn stopwatch(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// Which question is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Step {
    /// None: what is bound is shown.
    #[default]
    Rest,
    /// Which address.
    Address,
    /// Which code, after it was sent; or one that somebody has from before, for an address that they say as well.
    Code(Option<Sent>),
}

impl Step {
    /// The code that was sent.
    pub fn sent(self) -> Option<Sent> {
        match self {
            Step::Code(sent) => sent,
            Step::Rest | Step::Address => None,
        }
    }
}

/// A code as it was mailed: what a person adds while copying it is left out.
pub fn code(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_for_five_minutes() {
        let sent = Sent { at: 1_000_000.0 };
        assert_eq!(sent.left(1_000_000.0), 300);
        assert_eq!(stopwatch(sent.left(1_000_000.0)), "5:00");
        assert_eq!(stopwatch(sent.left(1_055_500.0)), "4:05");
        assert_eq!(sent.left(1_299_001.0), 1);
        assert!(!sent.is_expired(1_299_999.0));
        assert!(sent.is_expired(1_300_000.0));
        assert_eq!(sent.left(9_999_999.0), 0);
        // The computer's clock was put back meanwhile: no negative time.
        assert_eq!(stopwatch(sent.left(999_000.0)), "5:01");
    }

    #[test]
    fn another_code_can_be_had_after_a_minute() {
        let sent = Sent { at: 0.0 };
        assert_eq!(sent.wait(0.0), 60);
        assert_eq!(sent.wait(59_001.0), 1);
        assert_eq!(sent.wait(60_000.0), 0);
        assert_eq!(sent.wait(300_000.0), 0);
    }

    #[test]
    fn only_a_code_that_was_sent_from_here_has_a_time() {
        let sent = Sent { at: 1.0 };
        assert_eq!(Step::Code(Some(sent)).sent(), Some(sent));
        for step in [Step::Rest, Step::Address, Step::Code(None)] {
            assert_eq!(step.sent(), None);
        }
    }

    #[test]
    fn a_code_may_be_pasted_with_space_around_it() {
        assert_eq!(code(" 445 536\n"), "445536");
    }
}
