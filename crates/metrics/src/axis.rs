//! Round numbers beside a chart, and names beside its lines.

use crate::units::{Quantity, Unit};

/// So many spaces between ticks at most.
const SPACES: f64 = 4.0;

/// An axis from 0 upwards.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The value at its upper end.
    pub top: f64,
    /// The values with a tick, from 0 to the upper end.
    pub ticks: Vec<f64>,
    /// The unit that all of them are written in.
    pub unit: Unit,
    /// How many decimals they need in it.
    pub digits: usize,
}

impl Axis {
    /// The axis for values up to `highest`, at least up to `least`: with round numbers in the unit of the quantity.
    pub fn new(quantity: Quantity, highest: f64, least: f64) -> Axis {
        let highest = if highest.is_finite() { highest.max(least) } else { least };
        let unit = quantity.unit_of(highest);
        let step = nice_step(highest / unit.factor() / SPACES);
        // A value that only rounding lifts above a tick needs no further one.
        let count = (highest / unit.factor() / step - 1e-9).ceil().max(1.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 1 to 4.
        let count = count as u32;
        let value = |tick: u32| f64::from(tick) * step * unit.factor();
        // What 1,000 kbit/s would be at the upper end is 1 Mbit/s.
        let shown = quantity.unit_of(value(count) * (1.0 + 1e-9));
        Axis {
            top: value(count),
            ticks: (0..=count).map(value).collect(),
            unit: shown,
            digits: decimals(step * unit.factor() / shown.factor()),
        }
    }
}

/// The smallest round number that is not below `raw`.
fn nice_step(raw: f64) -> f64 {
    let power = 10_f64.powf(raw.log10().floor());
    let lead = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .find(|lead| lead * power >= raw * (1.0 - 1e-9))
        .unwrap_or(10.0);
    lead * power
}

/// How many decimals a number has, six at most.
fn decimals(number: f64) -> usize {
    let digits = (0..6).find(|digits| {
        let shifted = number * 10_f64.powi(*digits);
        (shifted - shifted.round()).abs() < 1e-6
    });
    digits.map_or(6, |digits| usize::try_from(digits).unwrap_or_default())
}

/// Round spans of time, in seconds before the end of a chart that shows `span` seconds: 0 first, six at most.
pub fn time_steps(span: u64) -> Vec<u64> {
    const STEPS: [u64; 16] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200,
    ];
    let step = STEPS
        .into_iter()
        .find(|step| span / step <= 5)
        .unwrap_or_else(|| span.div_ceil(5 * 86_400) * 86_400);
    (0..=span / step).map(|count| count * step).collect()
}

/// How many seconds a chart shows: the smallest round span that holds all that was measured in `elapsed` seconds, `most` at
/// most. It grows in few steps, so that what is drawn seldom changes its scale.
pub fn window(elapsed: u64, most: Option<u64>) -> u64 {
    const SPANS: [u64; 11] = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];
    let all = SPANS
        .into_iter()
        .find(|span| *span >= elapsed)
        .unwrap_or_else(|| elapsed.div_ceil(86_400) * 86_400);
    most.map_or(all, |most| all.min(most))
}

/// Moves positions between 0 and `size` apart until each has `gap` to the next, as little as need be. Their order stays.
pub fn spread(positions: &mut [f64], gap: f64, size: f64) {
    let mut order: Vec<usize> = (0..positions.len()).collect();
    order.sort_by(|one, other| positions[*one].total_cmp(&positions[*other]));
    let mut free = 0.0_f64;
    for index in &order {
        positions[*index] = positions[*index].max(free);
        free = positions[*index] + gap;
    }
    let mut free = size;
    for index in order.iter().rev() {
        positions[*index] = positions[*index].min(free);
        free = positions[*index] - gap;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(axis: &Axis) -> Vec<String> {
        axis.ticks
            .iter()
            .map(|tick| format!("{:.*}", axis.digits, tick / axis.unit.factor()))
            .collect()
    }

    #[test]
    fn ticks_are_round_numbers_in_the_unit_shown() {
        let gib = 1_073_741_824.0;
        for (quantity, highest, unit, ticks) in [
            (
                Quantity::Bytes,
                gib,
                Unit::Gibibyte,
                &["0.00", "0.25", "0.50", "0.75", "1.00"][..],
            ),
            (
                Quantity::Bytes,
                412.0 * 1_048_576.0,
                Unit::Mebibyte,
                &["0", "200", "400", "600"],
            ),
            (
                Quantity::Bytes,
                1.3 * gib,
                Unit::Gibibyte,
                &["0.0", "0.5", "1.0", "1.5"],
            ),
            (Quantity::Cores, 0.37, Unit::Percent, &["0", "10", "20", "30", "40"]),
            (Quantity::Cores, 3.0, Unit::Percent, &["0", "100", "200", "300"]),
            (
                Quantity::BitRate,
                910_000.0,
                Unit::Megabit,
                &["0.00", "0.25", "0.50", "0.75", "1.00"],
            ),
            (Quantity::BitRate, 7_300.0, Unit::Kilobit, &["0", "2", "4", "6", "8"]),
        ] {
            let axis = Axis::new(quantity, highest, 0.0001);
            assert_eq!(
                (axis.unit, written(&axis)),
                (unit, ticks.iter().map(|tick| (*tick).to_owned()).collect())
            );
        }
    }

    #[test]
    fn nothing_at_all_still_has_an_axis() {
        for highest in [0.0, f64::NAN, f64::NEG_INFINITY] {
            let axis = Axis::new(Quantity::Cores, highest, 0.1);
            assert_eq!(written(&axis), ["0.0", "2.5", "5.0", "7.5", "10.0"]);
        }
    }

    #[test]
    fn spans_of_time_have_few_round_steps() {
        assert_eq!(time_steps(300), [0, 60, 120, 180, 240, 300]);
        assert_eq!(time_steps(900), [0, 300, 600, 900]);
        assert_eq!(time_steps(3_600), [0, 900, 1_800, 2_700, 3_600]);
        assert_eq!(time_steps(7), [0, 2, 4, 6]);
        assert_eq!(time_steps(0), [0]);
        assert_eq!(time_steps(86_400 * 12), [0, 259_200, 518_400, 777_600, 1_036_800]);
    }

    #[test]
    fn a_chart_grows_in_round_steps_up_to_what_was_chosen() {
        for (elapsed, most, span) in [
            (0, Some(300), 60),
            (61, Some(300), 120),
            (299, Some(300), 300),
            (3_000, Some(300), 300),
            (3_000, None, 3_600),
            (90_000, None, 172_800),
        ] {
            assert_eq!(window(elapsed, most), span, "{elapsed} {most:?}");
        }
    }

    #[test]
    fn names_at_one_height_are_moved_apart() {
        for (mut positions, apart) in [
            ([50.0, 50.0, 52.0], ["50", "60", "70"]),
            ([99.0, 98.0, 2.0], ["100", "90", "2"]),
        ] {
            spread(&mut positions, 10.0, 100.0);
            assert_eq!(positions.map(|position| position.to_string()), apart);
        }
    }

    proptest! {
        #[test]
        fn every_axis_holds_what_it_is_made_for(highest in 1e-6..1e15_f64) {
            for quantity in [Quantity::Cores, Quantity::Bytes, Quantity::BitRate] {
                let axis = Axis::new(quantity, highest, 1e-9);
                prop_assert!(axis.top >= highest * (1.0 - 1e-6), "{axis:?}");
                prop_assert!(axis.top <= highest * 2.6, "{axis:?}");
                prop_assert!((2..=5).contains(&axis.ticks.len()), "{axis:?}");
            }
        }

        #[test]
        fn names_that_fit_do_not_overlap(positions in proptest::collection::vec(0.0..100.0_f64, 0..10)) {
            let mut apart = positions.clone();
            spread(&mut apart, 10.0, 100.0);
            let mut sorted = apart.clone();
            sorted.sort_by(f64::total_cmp);
            prop_assert!(sorted.windows(2).all(|pair| pair[1] - pair[0] >= 10.0 - 1e-9), "{apart:?}");
            prop_assert!(sorted.iter().all(|position| (-1e-9..=100.0).contains(position)), "{apart:?}");
        }
    }
}
