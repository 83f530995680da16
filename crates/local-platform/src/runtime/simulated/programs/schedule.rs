//! When a program prints its lines.

use super::super::dice::mix;

/// The times of a run's lines: first the start's, then a steady part. Offsets are microseconds from the run's start and never
/// decrease, so that the number of lines printed by a moment can be found by halving.
#[derive(Debug, Clone)]
pub(in super::super) struct Schedule {
    /// The lines of the start.
    pub(super) startup: Vec<u64>,
    pub(super) steady: Steady,
}

/// What a program prints once it has started.
#[derive(Debug, Clone)]
pub(super) enum Steady {
    /// Nothing.
    Silent,
    /// So many lines a second, `burst` of them at once in the beginning, `total` in all.
    Rate {
        start: u64,
        per_second: f64,
        burst: u64,
        total: u64,
    },
    /// The same pattern over and over: lines at `offsets` within each `period`. Lines with equal offsets stay together; each
    /// group is late by up to `jitter`, which must not exceed the distance to the next group.
    Cycle {
        start: u64,
        period: u64,
        offsets: Vec<u64>,
        jitter: u64,
        seed: u64,
    },
}

impl Schedule {
    /// A start whose lines come in equal steps over `duration` microseconds.
    pub(super) fn even_startup(lines: usize, duration: u64) -> Vec<u64> {
        let steps = lines.max(1) as u64;
        (0..lines as u64).map(|index| index * duration / steps).collect()
    }

    /// How many lines a run can have at most.
    pub(in super::super) fn total(&self) -> u64 {
        let startup = self.startup.len() as u64;
        match &self.steady {
            Steady::Silent => startup,
            Steady::Rate { total, .. } => startup.saturating_add(*total),
            Steady::Cycle { .. } => u64::MAX,
        }
    }

    /// When line `index` is printed, which must be below the total.
    pub(in super::super) fn time(&self, index: u64) -> u64 {
        if let Some(time) = usize::try_from(index).ok().and_then(|index| self.startup.get(index)) {
            return *time;
        }
        let index = index - self.startup.len() as u64;
        match &self.steady {
            Steady::Silent => u64::MAX,
            Steady::Rate {
                start,
                per_second,
                burst,
                ..
            } => {
                let after_burst = index.saturating_sub(*burst);
                start.saturating_add((after_burst as f64 * 1e6 / per_second) as u64)
            }
            Steady::Cycle {
                start,
                period,
                offsets,
                jitter,
                seed,
            } => {
                let count = offsets.len() as u64;
                let (cycle, place) = (index / count, (index % count) as usize);
                let offset = offsets[place];
                let late = if *jitter == 0 {
                    0
                } else {
                    mix(*seed, cycle.wrapping_mul(*period).wrapping_add(offset)) % jitter
                };
                start
                    .saturating_add(cycle.saturating_mul(*period))
                    .saturating_add(offset + late)
            }
        }
    }

    /// How many lines are printed within the first `elapsed` microseconds.
    pub(in super::super) fn printed(&self, elapsed: u64) -> u64 {
        let total = self.total();
        let mut above = 1;
        while above < total && self.time(above - 1) <= elapsed {
            above = above.saturating_mul(2).min(total);
        }
        let (mut low, mut high) = (0, above.min(total));
        while low < high {
            let middle = low + (high - low) / 2;
            if self.time(middle) <= elapsed {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn schedules() -> impl Strategy<Value = Schedule> {
        let silent = Just(Steady::Silent);
        let rate = (0..5_000_000_u64, 0.1..100_000.0_f64, 0..50_u64, 1..500_u64).prop_map(
            |(start, per_second, burst, total)| Steady::Rate {
                start,
                per_second,
                burst,
                total,
            },
        );
        let cycle = (proptest::collection::vec(0..50_u64, 1..20), any::<u64>()).prop_map(|(mut offsets, seed)| {
            offsets.sort_unstable();
            let offsets = offsets.into_iter().map(|offset| offset * 1000).collect();
            Steady::Cycle {
                start: 5_000_000,
                period: 60_000,
                offsets,
                jitter: 900,
                seed,
            }
        });
        (0..5_usize, prop_oneof![silent, rate, cycle]).prop_map(|(startup, steady)| Schedule {
            startup: vec![0; startup],
            steady,
        })
    }

    proptest! {
        #[test]
        fn the_number_printed_agrees_with_the_times(schedule in schedules(), elapsed in 0..20_000_000_u64) {
            let printed = schedule.printed(elapsed);
            if printed > 0 {
                prop_assert!(schedule.time(printed - 1) <= elapsed);
            }
            if printed < schedule.total() {
                prop_assert!(schedule.time(printed) > elapsed);
            }
        }

        #[test]
        fn times_never_decrease(schedule in schedules(), index in 0..2_000_u64) {
            if index + 1 < schedule.total() {
                prop_assert!(schedule.time(index) <= schedule.time(index + 1));
            }
        }
    }
}
