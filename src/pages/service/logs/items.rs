//! Which lines are shown: those that the filter lets pass, up to where the view is paused. Each has a position, which it keeps
//! while older lines are dropped and newer ones come.

use std::ops::Range;

use leptos::prelude::*;
use logs::Mark;

use super::Display;
use crate::state::log_tail::LogTail;

/// The lines shown of a log.
#[derive(Clone)]
pub struct Items {
    tail: LogTail,
    display: Display,
}

impl Items {
    /// Those of a log.
    pub fn new(tail: LogTail, display: Display) -> Items {
        Items { tail, display }
    }

    /// Follows whatever changes which lines are shown.
    pub fn track(&self) {
        self.display.filter.generation.track();
        self.display.filter.version.track();
        self.display.paused_at.track();
        self.tail.version();
    }

    /// The line before which the view ends (not tracked, as all below).
    fn end(&self) -> u64 {
        let numbers = self.tail.with(logs::LogBuffer::numbers);
        match self.display.paused_at.get_untracked() {
            Some(end) => end.clamp(numbers.start, numbers.end),
            None => numbers.end,
        }
    }

    /// The positions of the lines shown.
    pub fn positions(&self) -> Range<u64> {
        let end = self.end();
        self.display.filter.with_search(|search| match search {
            Some(search) => {
                let positions = search.positions();
                positions.start..search.position_from(end).min(positions.end)
            }
            None => self.tail.with(logs::LogBuffer::numbers).start..end,
        })
    }

    /// The line at a position.
    pub fn line(&self, position: u64) -> Option<u64> {
        self.display.filter.with_search(|search| match search {
            Some(search) => search.at(position),
            None => Some(position),
        })
    }

    /// The position of the first line shown from a line on.
    pub fn position_from(&self, line: u64) -> u64 {
        let position = self.display.filter.with_search(|search| match search {
            Some(search) => search.position_from(line),
            None => line,
        });
        let positions = self.positions();
        position.clamp(positions.start, positions.end)
    }

    /// The line before the one at a position, of those shown.
    pub fn before(&self, position: u64) -> Option<u64> {
        let first = self.positions().start;
        position
            .checked_sub(1)
            .filter(|before| *before >= first)
            .and_then(|before| self.line(before))
    }

    /// What happened between a line shown and the one shown before it.
    pub fn marks_before(&self, line: u64, before: Option<u64>) -> Vec<Mark> {
        let from = before.map_or(0, |before| before + 1);
        self.tail.with(|buffer| buffer.marks(from..line + 1).collect())
    }

    /// What happened after the last line shown.
    pub fn marks_after(&self) -> Vec<Mark> {
        let positions = self.positions();
        let from = self.before(positions.end).map_or(0, |last| last + 1);
        let end = self.end();
        self.tail.with(|buffer| buffer.marks(from..end + 1).collect())
    }
}
