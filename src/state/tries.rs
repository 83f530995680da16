//! The pause between tries of the vault's password, which grows with every wrong one: kept over reloads and for all tabs, and over when
//! the right one comes.
//!
//! It slows down whoever sits at the browser. Who has copied the vault is slowed down by its key derivation alone.

use super::clock::now_ms;
use super::storage;

const TRIES: &str = "tries";

/// So many wrong passwords in a row are mistakes of the owner.
const FREE: u32 = 3;

/// The first pause and the longest, in milliseconds.
const FIRST_MS: f64 = 5_000.0;
const LONGEST_MS: f64 = 300_000.0;

/// How many wrong passwords there were in a row, and when the last one was.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Tries {
    wrong: u32,
    last_ms: f64,
}

impl Tries {
    fn read() -> Option<Tries> {
        let text = storage::vault().get(TRIES)?;
        let (wrong, last) = text.split_once(' ')?;
        Some(Tries {
            wrong: wrong.parse().ok()?,
            last_ms: last.parse().ok().filter(|last: &f64| last.is_finite())?,
        })
    }

    fn write(self) {
        storage::vault().set(TRIES, &format!("{} {}", self.wrong, self.last_ms));
    }

    fn pause_ms(self) -> f64 {
        match self.wrong.checked_sub(FREE) {
            None => 0.0,
            Some(more) => (FIRST_MS * f64::from(more.min(16)).exp2()).min(LONGEST_MS),
        }
    }

    fn remaining_ms(self, now_ms: f64) -> f64 {
        (self.last_ms + self.pause_ms() - now_ms).clamp(0.0, self.pause_ms())
    }
}

/// Whole seconds until a password may be tried again; 0 where it may be now.
pub fn remaining_seconds() -> u32 {
    let Some(mut tries) = Tries::read() else { return 0 };
    let now = now_ms();
    if now < tries.last_ms {
        // The clock was set back: the pause begins anew, else it would last until the old time comes again.
        tries.last_ms = now;
        tries.write();
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Between 0 and 300.
    let seconds = (tries.remaining_ms(now) / 1000.0).ceil() as u32;
    seconds
}

/// Notes a wrong password.
pub fn wrong() {
    let wrong = Tries::read().map_or(0, |tries| tries.wrong).saturating_add(1);
    let last_ms = now_ms();
    Tries { wrong, last_ms }.write();
}

/// Notes the right one, or that there is nothing left to guess.
pub fn over() {
    storage::vault().remove(TRIES);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pauses(wrong: u32) -> f64 {
        Tries { wrong, last_ms: 1e12 }.pause_ms() / 1000.0
    }

    #[test]
    fn the_pause_grows_and_never_locks_out() {
        let seconds: Vec<f64> = (0..12).map(pauses).collect();
        assert_eq!(
            seconds,
            [0.0, 0.0, 0.0, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 300.0, 300.0, 300.0]
        );
        assert_eq!(pauses(u32::MAX).total_cmp(&300.0), std::cmp::Ordering::Equal);
    }

    #[test]
    fn what_is_left_of_a_pause_is_never_more_than_it_was() {
        let tries = Tries {
            wrong: 4,
            last_ms: 1e12,
        };
        for (after, left) in [
            (0.0, 10_000.0),
            (4_000.0, 6_000.0),
            (10_000.0, 0.0),
            (1e9, 0.0),
            (-1e9, 10_000.0),
        ] {
            let remaining = tries.remaining_ms(1e12 + after);
            assert_eq!(
                remaining.total_cmp(&left),
                std::cmp::Ordering::Equal,
                "{remaining} after {after}"
            );
        }
    }
}
