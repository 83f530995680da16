//! What a service used, sample by sample, in rings of one bounded size.

/// One thing that is measured.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// A container's use of the processor, in cores.
    Cpu(String),
    /// A container's memory, in bytes.
    Memory(String),
    /// The most memory that a container may use, in bytes.
    MemoryLimit(String),
    /// Bits per second from outside.
    Download,
    /// Bits per second to outside.
    Upload,
    /// Bytes on the disk.
    Storage,
}

impl Measure {
    /// The container it is about.
    pub fn container(&self) -> Option<&str> {
        match self {
            Measure::Cpu(name) | Measure::Memory(name) | Measure::MemoryLimit(name) => Some(name),
            Measure::Download | Measure::Upload | Measure::Storage => None,
        }
    }
}

/// More columns than this are not kept: a service has a few containers, a host that names new ones all the time is broken.
const MOST_COLUMNS: usize = 200;

/// The values of one measure; what was not measured is not a number.
#[derive(Clone, Debug)]
struct Values {
    measure: Measure,
    ring: Vec<f64>,
    /// How many of them are numbers. A column without any is dropped.
    measured: usize,
}

/// Samples in the order of time, the oldest making room for the newest.
///
/// All columns share one layout, so that a sample is one index in each of them. A sample without any value is a gap: nothing
/// was measured between its neighbours.
#[derive(Clone, Debug)]
pub struct History {
    capacity: usize,
    times: Vec<f64>,
    columns: Vec<Values>,
    /// Where the oldest sample is.
    start: usize,
    /// Samples that had to make room.
    gone: u64,
    ends_in_gap: bool,
}

/// The values of one measure, oldest first.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    ring: &'a [f64],
    start: usize,
}

impl Column<'_> {
    /// The value of a sample; `None` where it was not measured.
    pub fn get(&self, index: usize) -> Option<f64> {
        let value = *self.ring.get((self.start + index) % self.ring.len().max(1))?;
        (!value.is_nan()).then_some(value)
    }
}

impl History {
    /// An empty history of so many samples at most.
    pub fn new(capacity: usize) -> History {
        History {
            capacity: capacity.max(1),
            times: Vec::new(),
            columns: Vec::new(),
            start: 0,
            gone: 0,
            ends_in_gap: false,
        }
    }

    /// How many samples there are, gaps among them.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether nothing was measured yet.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The number of the oldest sample, counted from the first that there ever was. A sample keeps its number.
    pub fn first_number(&self) -> u64 {
        self.gone
    }

    /// Adds what was measured at a time (milliseconds since the Unix epoch). What is no number was not measured.
    pub fn push(&mut self, at: f64, values: impl IntoIterator<Item = (Measure, f64)>) {
        let place = self.make_room(at);
        self.ends_in_gap = true;
        for (measure, value) in values {
            if !value.is_finite() {
                continue;
            }
            let length = self.times.len();
            let known = self.columns.iter().position(|column| column.measure == measure);
            let index = match known {
                Some(index) => index,
                None if self.columns.len() < MOST_COLUMNS => {
                    self.columns.push(Values {
                        measure,
                        ring: vec![f64::NAN; length],
                        measured: 0,
                    });
                    self.columns.len() - 1
                }
                None => continue,
            };
            let column = &mut self.columns[index];
            column.measured += usize::from(column.ring[place].is_nan());
            column.ring[place] = value;
            self.ends_in_gap = false;
        }
        self.columns.retain(|column| column.measured > 0);
    }

    /// Notes that nothing was measured at that time. Where the last sample says so already, nothing is added.
    pub fn push_gap(&mut self, at: f64) {
        if !self.is_empty() && !self.ends_in_gap {
            self.push(at, []);
        }
    }

    /// Takes the place of the oldest sample when all are taken.
    fn make_room(&mut self, at: f64) -> usize {
        // A clock that was set back must not turn the order round.
        let at = self.last_time().map_or(at, |last| at.max(last));
        if self.times.len() < self.capacity {
            self.times.push(at);
            for column in &mut self.columns {
                column.ring.push(f64::NAN);
            }
            return self.times.len() - 1;
        }
        let place = self.start;
        self.times[place] = at;
        for column in &mut self.columns {
            column.measured -= usize::from(!column.ring[place].is_nan());
            column.ring[place] = f64::NAN;
        }
        self.start = (self.start + 1) % self.capacity;
        self.gone += 1;
        place
    }

    /// When a sample was taken, counted from the oldest.
    pub fn time(&self, index: usize) -> Option<f64> {
        (index < self.len()).then(|| self.times[(self.start + index) % self.times.len()])
    }

    /// When the newest sample was taken.
    pub fn last_time(&self) -> Option<f64> {
        self.time(self.len().checked_sub(1)?)
    }

    /// Everything that was measured, in the order in which it was first.
    pub fn measures(&self) -> impl Iterator<Item = &Measure> {
        self.columns.iter().map(|column| &column.measure)
    }

    /// The containers that were measured, in the order in which they first were.
    pub fn containers(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for name in self.measures().filter_map(Measure::container) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The values of one measure.
    pub fn column(&self, measure: &Measure) -> Option<Column<'_>> {
        let column = self.columns.iter().find(|column| column.measure == *measure)?;
        Some(Column {
            ring: &column.ring,
            start: self.start,
        })
    }

    /// One value; `None` where it was not measured.
    pub fn value(&self, measure: &Measure, index: usize) -> Option<f64> {
        self.column(measure)?.get(index)
    }

    /// The newest value of one measure, unless the newest sample lacks it.
    pub fn latest(&self, measure: &Measure) -> Option<f64> {
        self.value(measure, self.len().checked_sub(1)?)
    }

    /// Whether nothing was measured at a sample's time.
    pub fn is_gap(&self, index: usize) -> bool {
        let place = (self.start + index) % self.times.len().max(1);
        self.columns
            .iter()
            .all(|column| column.ring.get(place).is_none_or(|value| value.is_nan()))
    }

    /// The first sample that is not before that time.
    pub fn first_since(&self, at: f64) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.time(middle).is_some_and(|time| time < at) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The sample nearest to a time.
    pub fn nearest(&self, at: f64) -> Option<usize> {
        let after = self.first_since(at);
        let before = after.checked_sub(1);
        match (before, self.time(after)) {
            (Some(before), Some(time)) => {
                let earlier = at - self.time(before)?;
                Some(if earlier <= time - at { before } else { after })
            }
            (Some(before), None) => Some(before),
            (None, Some(_)) => Some(after),
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cpu(name: &str) -> Measure {
        Measure::Cpu(name.to_owned())
    }

    fn values(history: &History, measure: &Measure) -> Vec<Option<f64>> {
        (0..history.len()).map(|index| history.value(measure, index)).collect()
    }

    #[test]
    fn the_oldest_makes_room_for_the_newest() {
        let mut history = History::new(3);
        for second in 0..5_u32 {
            history.push(f64::from(second), [(cpu("web"), f64::from(second) / 10.0)]);
        }
        assert_eq!((history.len(), history.first_number()), (3, 2));
        assert_eq!(values(&history, &cpu("web")), [Some(0.2), Some(0.3), Some(0.4)]);
        assert_eq!((history.time(0), history.last_time()), (Some(2.0), Some(4.0)));
        assert_eq!(history.latest(&cpu("web")), Some(0.4));
        assert_eq!(history.time(3), None);
    }

    #[test]
    fn a_container_that_comes_later_has_nothing_before_and_one_that_went_is_forgotten_in_time() {
        let mut history = History::new(3);
        history.push(0.0, [(cpu("old"), 1.0)]);
        history.push(1.0, [(cpu("new"), 2.0)]);
        assert_eq!(history.containers(), ["old", "new"]);
        assert_eq!(values(&history, &cpu("new")), [None, Some(2.0)]);
        assert_eq!(values(&history, &cpu("old")), [Some(1.0), None]);
        history.push(2.0, [(cpu("new"), 3.0)]);
        history.push(3.0, [(cpu("new"), 4.0)]);
        assert_eq!(history.containers(), ["new"]);
    }

    #[test]
    fn a_gap_is_noted_once_and_never_at_the_beginning() {
        let mut history = History::new(10);
        history.push_gap(0.0);
        assert!(history.is_empty());
        history.push(1.0, [(Measure::Download, 5.0)]);
        history.push_gap(2.0);
        history.push_gap(3.0);
        assert_eq!(history.len(), 2);
        assert!(history.is_gap(1) && !history.is_gap(0));
        assert_eq!(history.latest(&Measure::Download), None);
        // An answer without any value is a gap as well.
        history.push(4.0, [(Measure::Upload, f64::NAN)]);
        history.push_gap(5.0);
        assert_eq!(history.len(), 3);
        history.push(6.0, [(Measure::Download, 7.0)]);
        assert_eq!(values(&history, &Measure::Download), [Some(5.0), None, None, Some(7.0)]);
    }

    #[test]
    fn the_sample_nearest_to_a_time_is_found() {
        let mut history = History::new(3);
        assert_eq!(history.nearest(5.0), None);
        for second in [0.0, 10.0, 20.0, 30.0] {
            history.push(second, [(Measure::Storage, 1.0)]);
        }
        for (at, index) in [(-5.0, 0), (10.0, 0), (14.0, 0), (16.0, 1), (99.0, 2)] {
            assert_eq!(history.nearest(at), Some(index), "{at}");
        }
        assert_eq!((history.first_since(20.0), history.first_since(20.5)), (1, 2));
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_the_order() {
        let mut history = History::new(4);
        for at in [100.0, 200.0, 50.0] {
            history.push(at, [(Measure::Storage, 1.0)]);
        }
        assert_eq!(history.last_time(), Some(200.0));
    }

    #[test]
    fn a_host_that_names_ever_new_containers_is_not_followed_for_ever() {
        let mut history = History::new(10);
        history.push(0.0, (0..500).map(|number| (cpu(&number.to_string()), 1.0)));
        assert_eq!(history.measures().count(), MOST_COLUMNS);
    }

    proptest! {
        #[test]
        fn it_is_what_a_list_of_the_last_samples_would_be(
            capacity in 1..7_usize,
            samples in proptest::collection::vec((0..3_usize, proptest::option::of(0..100_u32)), 0..40),
        ) {
            let mut history = History::new(capacity);
            let mut expected: Vec<(usize, Option<u32>)> = Vec::new();
            for (at, (container, value)) in samples.into_iter().enumerate() {
                let number = value.map_or(f64::NAN, f64::from);
                history.push(f64::from(u32::try_from(at).unwrap_or_default()), [(cpu(&container.to_string()), number)]);
                expected.push((container, value));
            }
            let kept = &expected[expected.len().saturating_sub(capacity)..];
            prop_assert_eq!(history.len(), kept.len());
            for container in 0..3 {
                let column: Vec<Option<f64>> = kept
                    .iter()
                    .map(|(of, value)| value.filter(|_| *of == container).map(f64::from))
                    .collect();
                prop_assert_eq!(values(&history, &cpu(&container.to_string())), column);
            }
        }
    }
}
