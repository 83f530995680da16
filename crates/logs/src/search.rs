//! Finding lines, in steps that leave time for a frame, while others arrive and go.

use std::{collections::VecDeque, ops::Range};

use memchr::memmem::Finder;

use crate::{
    ansi,
    buffer::{Block, LogBuffer},
};

/// What is searched for: a piece of a line's visible text.
#[derive(Debug, Clone)]
pub struct Query {
    finder: Finder<'static>,
    comparison: Comparison,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Exact,
    /// Only ASCII letters of what is searched for have two cases, so folding bytes is enough.
    FoldAscii,
    FoldAll,
}

/// A character in lower case, where that is one character.
fn fold(character: char) -> char {
    let mut lower = character.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) => only,
        _ => character,
    }
}

impl Query {
    /// A query; `None` for an empty text or one with line feeds, which no line contains.
    #[must_use]
    pub fn new(text: &str, case_sensitive: bool) -> Option<Self> {
        if text.is_empty() || text.contains('\n') {
            return None;
        }
        let caseless = |character: char| {
            character.is_ascii()
                || (character.to_lowercase().eq([character]) && character.to_uppercase().eq([character]))
        };
        let comparison = match case_sensitive {
            true => Comparison::Exact,
            false if text.chars().all(caseless) => Comparison::FoldAscii,
            false => Comparison::FoldAll,
        };
        let needle = match comparison {
            Comparison::Exact => text.to_owned(),
            Comparison::FoldAscii => text.to_ascii_lowercase(),
            Comparison::FoldAll => text.chars().map(fold).collect(),
        };
        Some(Self {
            finder: Finder::new(needle.as_bytes()).into_owned(),
            comparison,
        })
    }

    /// Whether only lines with other than ASCII characters can match: no ASCII character folds to any other.
    fn needs_more_than_ascii(&self) -> bool {
        self.comparison == Comparison::FoldAll && !self.finder.needle().is_ascii()
    }

    /// Where it occurs in a text as `ansi::render` gives it, without overlaps: what to highlight.
    #[must_use]
    pub fn find_in(&self, text: &str) -> Vec<Range<usize>> {
        let length = self.finder.needle().len();
        let hits = |bytes: &[u8]| {
            self.finder
                .find_iter(bytes)
                .map(|start| start..start + length)
                .collect()
        };
        match self.comparison {
            Comparison::Exact => hits(text.as_bytes()),
            Comparison::FoldAscii => hits(text.to_ascii_lowercase().as_bytes()),
            Comparison::FoldAll => self.find_folded(text),
        }
    }

    fn find_folded(&self, text: &str) -> Vec<Range<usize>> {
        // Folding may change how many bytes a character takes: for each byte of the folded text, where its character was.
        let mut folded = String::with_capacity(text.len());
        let mut origins = Vec::with_capacity(text.len() + 1);
        for (at, character) in text.char_indices() {
            folded.push(fold(character));
            origins.resize(folded.len(), at);
        }
        origins.push(text.len());
        let length = self.finder.needle().len();
        let hits = self.finder.find_iter(folded.as_bytes());
        hits.map(|start| origins[start]..origins[start + length]).collect()
    }
}

/// How far a search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Lines looked at, of those kept now.
    pub searched: u64,
    /// Lines kept now.
    pub total: u64,
    /// Matching lines that this step found.
    pub found: usize,
}

impl Progress {
    /// Whether all lines there are now have been looked at. More may come: step again then.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.searched == self.total
    }
}

/// A search through a [`LogBuffer`], oldest lines first.
#[derive(Debug)]
pub struct Search {
    query: Query,
    /// Numbers of matching lines, ascending.
    matches: VecDeque<u64>,
    /// The next line to look at.
    next: u64,
    scratch: Vec<u8>,
    scratch_starts: Vec<usize>,
}

impl Search {
    /// A search that has not looked at anything.
    #[must_use]
    pub fn new(query: Query) -> Self {
        Self {
            query,
            matches: VecDeque::new(),
            next: 0,
            scratch: Vec::new(),
            scratch_starts: Vec::new(),
        }
    }

    /// What is searched for.
    #[must_use]
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Looks at lines not looked at yet, up to `budget` bytes of them or a block (64 KiB) more, and forgets matches in lines
    /// that were dropped. Call it again until it is complete, and when lines have arrived.
    pub fn step(&mut self, buffer: &LogBuffer, budget: usize) -> Progress {
        let numbers = buffer.numbers();
        while self.matches.front().is_some_and(|number| *number < numbers.start) {
            self.matches.pop_front();
        }
        self.next = self.next.max(numbers.start);
        let before = self.matches.len();
        let mut spent = 0;
        for (block, lines) in buffer.pieces(self.next..numbers.end) {
            if spent >= budget {
                break;
            }
            spent += block.text(lines.clone()).len();
            self.next = block.first + lines.end as u64;
            self.scan(block, lines);
        }
        Progress {
            searched: self.next - numbers.start,
            total: numbers.end - numbers.start,
            found: self.matches.len() - before,
        }
    }

    fn scan(&mut self, block: &Block, lines: Range<usize>) {
        let first = block.first;
        if self.query.comparison == Comparison::FoldAll {
            self.scan_folded(block, lines);
            return;
        }
        if block.has_escapes {
            self.scratch.clear();
            self.scratch_starts.clear();
            for index in lines.clone() {
                self.scratch_starts.push(self.scratch.len());
                ansi::strip(block.line(index), &mut self.scratch);
                self.scratch.push(b'\n');
            }
            if self.query.comparison == Comparison::FoldAscii {
                self.scratch.make_ascii_lowercase();
            }
            let mut from = 0;
            while let Some(found) = self.query.finder.find(&self.scratch[from..]) {
                let index = self.scratch_starts.partition_point(|start| *start <= from + found) - 1;
                self.matches.push_back(first + (lines.start + index) as u64);
                match self.scratch_starts.get(index + 1) {
                    Some(start) => from = *start,
                    None => break,
                }
            }
            return;
        }
        let offset = block.start(lines.start);
        let mut text = block.text(lines.clone());
        if self.query.comparison == Comparison::FoldAscii {
            self.scratch.clear();
            self.scratch.extend_from_slice(text);
            self.scratch.make_ascii_lowercase();
            text = &self.scratch;
        }
        let mut from = 0;
        while let Some(found) = self.query.finder.find(&text[from..]) {
            let index = block.line_at(offset + from + found);
            self.matches.push_back(first + index as u64);
            from = block.start(index + 1) - offset;
        }
    }

    fn scan_folded(&mut self, block: &Block, lines: Range<usize>) {
        let skips_ascii = self.query.needs_more_than_ascii();
        if skips_ascii && block.text(lines.clone()).is_ascii() {
            return;
        }
        let (mut text, mut folded) = (String::new(), String::new());
        for index in lines {
            let line = block.line(index);
            if skips_ascii && line.is_ascii() {
                continue;
            }
            text.clear();
            folded.clear();
            ansi::push_plain(line, &mut text);
            folded.extend(text.chars().map(fold));
            if self.query.finder.find(folded.as_bytes()).is_some() {
                self.matches.push_back(block.first + index as u64);
            }
        }
    }

    /// How many matching lines have been found.
    #[must_use]
    pub fn count(&self) -> usize {
        self.matches.len()
    }

    /// The numbers of matching lines found so far, ascending.
    pub fn matches(&self) -> impl Iterator<Item = u64> {
        self.matches.iter().copied()
    }

    /// Whether a line is known to match.
    #[must_use]
    pub fn is_match(&self, number: u64) -> bool {
        self.matches.binary_search(&number).is_ok()
    }

    /// Which of the matches a line is, counted from 0.
    #[must_use]
    pub fn position(&self, number: u64) -> Option<usize> {
        self.matches.binary_search(&number).ok()
    }

    /// The first match after a line, beginning again at the oldest line after the last.
    #[must_use]
    pub fn next_after(&self, number: u64) -> Option<u64> {
        let index = self.matches.partition_point(|found| *found <= number);
        self.matches.get(index).or_else(|| self.matches.front()).copied()
    }

    /// The last match before a line, beginning again at the newest line after the first.
    #[must_use]
    pub fn previous_before(&self, number: u64) -> Option<u64> {
        let index = self.matches.partition_point(|found| *found < number);
        index
            .checked_sub(1)
            .and_then(|index| self.matches.get(index))
            .or_else(|| self.matches.back())
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Limits;

    fn found(lines: &[&str], text: &str, case_sensitive: bool) -> Vec<u64> {
        let mut log = LogBuffer::default();
        for line in lines {
            log.push(line.as_bytes());
        }
        let mut search = Search::new(Query::new(text, case_sensitive).unwrap());
        while !search.step(&log, 1).is_complete() {}
        search.matches().collect()
    }

    #[test]
    fn case_counts_only_when_asked() {
        let lines = [
            "Error: disk full",
            "no error",
            "ERR",
            "Éclair",
            "éclair",
            "Заказ оплачен",
            "订单 Error 已支付",
        ];
        assert_eq!(found(&lines, "error", false), [0, 1, 6]);
        assert_eq!(found(&lines, "Error", true), [0, 6]);
        assert_eq!(found(&lines, "ÉCLAIR", false), [3, 4]);
        assert_eq!(found(&lines, "éclair", true), [4]);
        assert_eq!(found(&lines, "ЗАКАЗ", false), [5]);
        assert_eq!(found(&lines, "订单 eRR", false), [6]);
        assert!(Query::new("", false).is_none());
    }

    #[test]
    fn colours_inside_a_word_do_not_hide_it() {
        let lines = ["con\x1b[31mnec\x1b[0mtion", "connection", "31m"];
        assert_eq!(found(&lines, "connection", false), [0, 1]);
        assert_eq!(found(&lines, "31m", true), [2]);
    }

    #[test]
    fn matches_are_gone_through_in_a_circle() {
        let mut log = LogBuffer::default();
        log.push_lines(b"a\nb\na\nb\na\n");
        let mut search = Search::new(Query::new("A", false).unwrap());
        assert_eq!(search.next_after(0), None);
        search.step(&log, 1 << 20);
        assert_eq!(
            (search.next_after(0), search.next_after(3), search.next_after(4)),
            (Some(2), Some(4), Some(0))
        );
        assert_eq!(
            (
                search.previous_before(4),
                search.previous_before(1),
                search.previous_before(0)
            ),
            (Some(2), Some(0), Some(4))
        );
        assert_eq!(
            (search.position(2), search.is_match(1), search.count()),
            (Some(1), false, 3)
        );
    }

    #[test]
    fn a_search_goes_on_while_lines_come_and_go() {
        let mut log = LogBuffer::new(Limits {
            lines: 100,
            ..Limits::default()
        });
        let mut search = Search::new(Query::new("7", false).unwrap());
        for number in 0..1_000_u64 {
            log.push(number.to_string().as_bytes());
            if number % 90 == 0 {
                search.step(&log, 1 << 20);
            }
        }
        assert!(search.step(&log, 1 << 20).is_complete());
        let expected: Vec<u64> = (900..1_000_u64)
            .filter(|number| number.to_string().contains('7'))
            .collect();
        assert_eq!(search.matches().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn highlights_are_ranges_of_the_rendered_text() {
        let query = Query::new("ab", false).unwrap();
        assert_eq!(query.find_in("ABab日ab"), [0..2, 2..4, 7..9]);
        assert_eq!(Query::new("é", false).unwrap().find_in("xÉé"), [1..3, 3..5]);
        assert_eq!(Query::new("aa", true).unwrap().find_in("aaaaa"), [0..2, 2..4]);
    }

    proptest! {
        #[test]
        fn finds_what_looking_at_each_line_finds(
            lines in proptest::collection::vec("([aAbBéÉ日]|\x1b\\[3[0-7]m){0,12}", 0..200),
            text in "[aAbBéÉ日]{1,3}",
            case_sensitive in any::<bool>(),
            capacity in 1..200_usize,
            budget in 1..2_000_usize,
        ) {
            let mut log = LogBuffer::new(Limits { lines: capacity, ..Limits::default() });
            let query = Query::new(&text, case_sensitive).unwrap();
            let mut search = Search::new(query.clone());
            for line in &lines {
                log.push(line.as_bytes());
                search.step(&log, budget);
            }
            while !search.step(&log, budget).is_complete() {}
            let expected: Vec<u64> = log
                .lines(0..u64::MAX)
                .filter(|(_, line)| {
                    let plain = ansi::plain(line);
                    let contains = if case_sensitive { plain.contains(&text) } else { plain.to_lowercase().contains(&text.to_lowercase()) };
                    assert_eq!(contains, !query.find_in(&plain).is_empty());
                    contains
                })
                .map(|(number, _)| number)
                .collect();
            prop_assert_eq!(search.matches().collect::<Vec<_>>(), expected);
        }
    }
}
