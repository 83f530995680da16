//! How many rows each line takes when lines wrap.

/// The rows of wrapped lines: every line takes one until it is measured. Finds the line at a row and the row of a line in
/// logarithmic time, for up to a fixed number of lines whose oldest go as new ones come.
///
/// A Fenwick tree over a ring: line `n` has the slot `n mod capacity`, and the tree holds what each line takes beyond one row.
#[derive(Debug, Clone)]
pub struct Rows {
    /// 1-based partial sums.
    tree: Vec<u32>,
    extra: Vec<u16>,
    first: u64,
    next: u64,
}

impl Rows {
    /// For so many lines at once, at least one.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let capacity = capacity.max(1);
        Self {
            tree: vec![0; capacity + 1],
            extra: vec![0; capacity],
            first: 0,
            next: 0,
        }
    }

    /// Takes over which lines there are, `LogBuffer::numbers`: new ones take one row, those that went are forgotten.
    pub fn keep(&mut self, numbers: std::ops::Range<u64>) {
        let next = numbers.end.max(self.next);
        let first = numbers
            .start
            .max(self.first)
            .max(next.saturating_sub(self.extra.len() as u64));
        if first >= self.next {
            self.reset();
        } else {
            for line in self.first..first {
                self.set_extra(line, 0);
            }
        }
        self.first = first;
        self.next = next;
    }

    /// Forgets all measurements, for example since the width changed.
    pub fn reset(&mut self) {
        self.tree.fill(0);
        self.extra.fill(0);
    }

    /// Notes how many rows a line takes; 0 counts as 1. Lines that are not there are ignored.
    pub fn set(&mut self, line: u64, rows: u32) {
        if (self.first..self.next).contains(&line) {
            self.set_extra(line, u16::try_from(rows.saturating_sub(1)).unwrap_or(u16::MAX));
        }
    }

    /// The rows of all lines.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.row_of(self.next)
    }

    /// The first row of a line, counted from the first row of the oldest line.
    #[must_use]
    pub fn row_of(&self, line: u64) -> u64 {
        let line = line.clamp(self.first, self.next);
        (line - self.first) + self.extra_before(line)
    }

    /// The line at a row, and which of the line's rows it is. Rows beyond the end give the line after the last.
    #[must_use]
    pub fn line_at(&self, row: u64) -> (u64, u64) {
        let (mut low, mut high) = (self.first, self.next);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.row_of(middle + 1) <= row {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low, row.saturating_sub(self.row_of(low)))
    }

    fn slot(&self, line: u64) -> usize {
        (line % self.extra.len() as u64) as usize
    }

    /// The sum of the slots below `slot`.
    fn prefix(&self, slot: usize) -> u64 {
        let mut index = slot;
        let mut sum = 0;
        while index > 0 {
            sum += u64::from(self.tree[index]);
            index &= index - 1;
        }
        sum
    }

    /// What the lines from the first to `line` (excluded) take beyond one row each.
    fn extra_before(&self, line: u64) -> u64 {
        if line == self.first {
            return 0;
        }
        let (from, to) = (self.slot(self.first), self.slot(line));
        if from < to {
            self.prefix(to) - self.prefix(from)
        } else {
            self.prefix(self.extra.len()) - self.prefix(from) + self.prefix(to)
        }
    }

    fn set_extra(&mut self, line: u64, extra: u16) {
        let slot = self.slot(line);
        let before = std::mem::replace(&mut self.extra[slot], extra);
        if before == extra {
            return;
        }
        let mut index = slot + 1;
        while index < self.tree.len() {
            self.tree[index] = self.tree[index] - u32::from(before) + u32::from(extra);
            index += index & index.wrapping_neg();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_that_wrap_push_the_others_down() {
        let mut rows = Rows::new(100);
        rows.keep(0..10);
        rows.set(2, 4);
        assert_eq!((rows.total(), rows.row_of(2), rows.row_of(3)), (13, 2, 6));
        assert_eq!(
            (rows.line_at(1), rows.line_at(5), rows.line_at(6)),
            ((1, 0), (2, 3), (3, 0))
        );
        assert_eq!(rows.line_at(13), (10, 0));
        rows.keep(3..12);
        assert_eq!((rows.total(), rows.line_at(0)), (9, (3, 0)));
    }

    proptest! {
        #[test]
        fn agrees_with_adding_up(
            steps in proptest::collection::vec((0..40_u64, 0..20_u64, proptest::collection::vec((0..60_u64, 1..9_u32), 0..20)), 1..20),
        ) {
            let capacity = 50;
            let mut rows = Rows::new(capacity);
            let mut heights = std::collections::BTreeMap::new();
            let (mut first, mut next) = (0_u64, 0_u64);
            for (more, fewer, measured) in steps {
                next += more;
                first = (first + fewer).min(next).max(next.saturating_sub(capacity as u64));
                rows.keep(first..next);
                for (offset, count) in measured {
                    rows.set(first + offset, count);
                    heights.insert(first + offset, if first + offset < next { count } else { 1 });
                }
                let mut row = 0;
                for line in first..next {
                    prop_assert_eq!(rows.row_of(line), row);
                    let height = u64::from(heights.get(&line).copied().unwrap_or(1));
                    prop_assert_eq!(rows.line_at(row), (line, 0));
                    prop_assert_eq!(rows.line_at(row + height - 1), (line, height - 1));
                    row += height;
                }
                prop_assert_eq!(rows.total(), row);
            }
        }
    }
}
