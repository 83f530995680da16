//! The line of a chart, as the data of an SVG path.

use std::fmt::Write as _;

/// How wide the drawing is, in its own units; the page stretches it to the width there is.
pub const WIDTH: u32 = 10_000;

/// How high the drawing is.
pub const HEIGHT: u32 = 1_000;

/// More points than this are not seen on any screen: of several in one place the lowest and the highest are drawn.
const PLACES: f64 = 400.0;

/// Which part of the samples is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// The time at the left edge.
    pub from: f64,
    /// The time at the right edge.
    pub to: f64,
    /// The value at the upper edge; 0 is at the lower one.
    pub top: f64,
}

impl Frame {
    /// Where a time is, from the left.
    pub fn x(&self, at: f64) -> i32 {
        place((at - self.from) / (self.to - self.from), WIDTH)
    }

    /// Where a value is, from the top.
    pub fn y(&self, value: f64) -> i32 {
        place(1.0 - value / self.top, HEIGHT)
    }
}

fn place(share: f64, size: u32) -> i32 {
    #[allow(clippy::cast_possible_truncation)] // A cast of a float keeps within the integer's range.
    let place = (share * f64::from(size)).round() as i32;
    place
}

/// What lies in one place: where it begins and ends, and how far it reaches.
#[derive(Clone, Copy)]
struct Place {
    number: f64,
    lowest: (f64, f64),
    highest: (f64, f64),
}

/// Draws samples of rising time; one without a value leaves a gap. A value that stands alone becomes a dot.
pub fn line(frame: &Frame, count: usize, samples: impl Iterator<Item = (f64, Option<f64>)>) -> String {
    let mut path = Path {
        frame: *frame,
        data: String::with_capacity(count.min(1_000) * 10),
        points: 0,
    };
    #[allow(clippy::cast_precision_loss)] // A few thousand.
    let thin = count as f64 > PLACES * 2.0;
    let width = (frame.to - frame.from) / PLACES;
    let mut pending: Option<Place> = None;
    for (at, value) in samples {
        let Some(value) = value else {
            path.draw(pending.take());
            path.lift();
            continue;
        };
        if !thin {
            path.point(at, value);
            continue;
        }
        // By absolute time, so that a place does not change its content while the chart moves on.
        let number = (at / width).floor();
        let same = pending.as_mut().filter(|place| (place.number - number).abs() < 0.5);
        if let Some(place) = same {
            if value < place.lowest.1 {
                place.lowest = (at, value);
            }
            if value > place.highest.1 {
                place.highest = (at, value);
            }
        } else {
            path.draw(pending.take());
            pending = Some(Place {
                number,
                lowest: (at, value),
                highest: (at, value),
            });
        }
    }
    path.draw(pending);
    path.lift();
    path.data
}

struct Path {
    frame: Frame,
    data: String,
    /// Points since the line was last lifted.
    points: u32,
}

impl Path {
    fn point(&mut self, at: f64, value: f64) {
        let letter = if self.points == 0 { 'M' } else { 'L' };
        let _ = write!(self.data, "{letter}{} {}", self.frame.x(at), self.frame.y(value));
        self.points += 1;
    }

    fn draw(&mut self, place: Option<Place>) {
        let Some(place) = place else { return };
        let (mut first, mut second) = (place.lowest, place.highest);
        if first.0 > second.0 {
            std::mem::swap(&mut first, &mut second);
        }
        self.point(first.0, first.1);
        if second.0 > first.0 {
            self.point(second.0, second.1);
        }
    }

    fn lift(&mut self) {
        if self.points == 1 {
            // A line of no length with round ends is a dot.
            self.data.push_str("h0");
        }
        self.points = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame {
        from: 1_000.0,
        to: 2_000.0,
        top: 4.0,
    };

    #[test]
    fn values_are_where_time_and_size_put_them() {
        let samples = [(1_000.0, Some(0.0)), (1_500.0, Some(2.0)), (2_000.0, Some(4.0))];
        assert_eq!(line(&FRAME, 3, samples.into_iter()), "M0 1000L5000 500L10000 0");
        assert_eq!(line(&FRAME, 0, std::iter::empty()), "");
        assert_eq!(FRAME.x(900.0), -1_000);
    }

    #[test]
    fn what_was_not_measured_leaves_a_gap_and_what_stands_alone_is_a_dot() {
        let samples = [
            (1_000.0, Some(0.0)),
            (1_250.0, Some(0.0)),
            (1_500.0, None),
            (1_750.0, Some(4.0)),
        ];
        assert_eq!(line(&FRAME, 4, samples.into_iter()), "M0 1000L2500 1000M7500 0h0");
    }

    #[test]
    fn many_samples_become_few_points_and_no_peak_is_lost() {
        let samples = (0..3_600_u32).map(|second| {
            let value = if second == 1_234 { 4.0 } else { 1.0 };
            (1_000.0 + f64::from(second) / 3.6, Some(value))
        });
        let path = line(&FRAME, 3_600, samples);
        let points = path.matches(['M', 'L']).count();
        assert!((400..=802).contains(&points), "{points}");
        assert!(path.contains(" 0L") || path.contains(" 0M"), "the peak is lost");
    }

    #[test]
    fn a_gap_among_many_samples_stays_a_gap() {
        let samples = (0..2_000_u32).map(|index| (1_000.0 + f64::from(index) / 2.0, (index != 1_000).then_some(1.0)));
        assert_eq!(line(&FRAME, 2_000, samples).matches('M').count(), 2);
    }
}
