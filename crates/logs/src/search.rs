//! Finding lines, in steps that leave time for a frame, while others arrive and go.

use std::{collections::VecDeque, ops::Range};

use memchr::memmem::Finder;

use crate::{
    ansi,
    buffer::{Block, LogBuffer},
    pattern::Pattern,
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

/// What lines are looked for by.
#[derive(Debug, Clone)]
pub enum Matcher {
    /// A text.
    Text(Query),
    /// A regular expression.
    Pattern(Pattern),
}

impl From<Query> for Matcher {
    fn from(query: Query) -> Self {
        Self::Text(query)
    }
}

impl From<Pattern> for Matcher {
    fn from(pattern: Pattern) -> Self {
        Self::Pattern(pattern)
    }
}

impl Matcher {
    /// Where it occurs in a text as `ansi::render` gives it: what to highlight.
    #[must_use]
    pub fn find_in(&self, text: &str) -> Vec<Range<usize>> {
        match self {
            Self::Text(query) => query.find_in(text),
            Self::Pattern(pattern) => pattern.find_in(text),
        }
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
///
/// As a filter it is also the list of the lines that pass: each has a position, which it keeps while older ones are dropped.
#[derive(Debug)]
pub struct Search {
    matcher: Matcher,
    /// Whether the lines that do not match are wanted.
    inverted: bool,
    /// Numbers of matching lines, ascending.
    matches: VecDeque<u64>,
    /// How many matches were before these, in lines that were dropped.
    dropped: u64,
    /// The next line to look at.
    next: u64,
    scratch: Scratch,
}

/// Memory that is used for one block after the other.
#[derive(Debug, Default)]
struct Scratch {
    text: Vec<u8>,
    starts: Vec<usize>,
    plain: String,
    folded: String,
    /// The matching lines of the part looked at last.
    found: Vec<u64>,
    candidates: Vec<u64>,
}

impl Search {
    /// A search that has not looked at anything.
    #[must_use]
    pub fn new(matcher: impl Into<Matcher>) -> Self {
        Self {
            matcher: matcher.into(),
            inverted: false,
            matches: VecDeque::new(),
            dropped: 0,
            next: 0,
            scratch: Scratch::default(),
        }
    }

    /// A search for the lines that do not match.
    #[must_use]
    pub fn inverted(matcher: impl Into<Matcher>) -> Self {
        Self {
            inverted: true,
            ..Self::new(matcher)
        }
    }

    /// What lines are looked for by.
    #[must_use]
    pub fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// Looks at lines not looked at yet, up to `budget` bytes of them or a line more, and forgets matches in lines that were
    /// dropped. With `within`, only lines count that this filter has let pass, and none is looked at before the filter has.
    /// Call it again until it is complete, and when lines have arrived.
    pub fn step(&mut self, buffer: &LogBuffer, within: Option<&Search>, budget: usize) -> Progress {
        let numbers = buffer.numbers();
        while self.matches.front().is_some_and(|number| *number < numbers.start) {
            self.matches.pop_front();
            self.dropped += 1;
        }
        self.next = self.next.max(numbers.start);
        let end = within.map_or(numbers.end, |filter| filter.next.clamp(numbers.start, numbers.end));
        let before = self.matches.len();
        let mut spent = 0;
        for (block, lines) in buffer.pieces(self.next..end) {
            if spent >= budget {
                break;
            }
            let lines = block.within_budget(lines, budget - spent);
            spent += block.text(lines.clone()).len();
            self.next = block.first + lines.end as u64;
            self.scan(block, lines, within);
        }
        Progress {
            searched: self.next - numbers.start,
            total: numbers.end - numbers.start,
            found: self.matches.len() - before,
        }
    }

    fn scan(&mut self, block: &Block, lines: Range<usize>, within: Option<&Search>) {
        let Scratch { found, .. } = &mut self.scratch;
        found.clear();
        self.matcher.scan(block, lines.clone(), &mut self.scratch);
        let found = &self.scratch.found;
        let passes = |number: &u64| within.is_none_or(|filter| filter.is_match(*number));
        if self.inverted {
            let mut matching = found.iter().copied().peekable();
            let numbers = block.first + lines.start as u64..block.first + lines.end as u64;
            let others = numbers.filter(|number| matching.next_if_eq(number).is_none());
            self.matches.extend(others.filter(passes));
        } else {
            self.matches.extend(found.iter().copied().filter(passes));
        }
    }

    /// The positions of the matching lines known now: how many were before the first of them is part of it.
    #[must_use]
    pub fn positions(&self) -> Range<u64> {
        self.dropped..self.dropped + self.matches.len() as u64
    }

    /// The line at a position.
    #[must_use]
    pub fn at(&self, position: u64) -> Option<u64> {
        let index = usize::try_from(position.checked_sub(self.dropped)?).ok()?;
        self.matches.get(index).copied()
    }

    /// The position of the first matching line from a line on; the end where there is none.
    #[must_use]
    pub fn position_from(&self, number: u64) -> u64 {
        self.dropped + self.matches.partition_point(|found| *found < number) as u64
    }

    /// Whether every line before this one has been looked at.
    #[must_use]
    pub fn has_reached(&self, number: u64) -> bool {
        self.next >= number
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

impl Matcher {
    /// Puts the matching ones of a block's lines into `scratch.found`.
    fn scan(&self, block: &Block, lines: Range<usize>, scratch: &mut Scratch) {
        match self {
            Self::Text(query) => query.scan(block, lines, scratch),
            Self::Pattern(pattern) => pattern.scan(block, lines, scratch),
        }
    }
}

impl Query {
    fn scan(&self, block: &Block, lines: Range<usize>, scratch: &mut Scratch) {
        if self.comparison == Comparison::FoldAll {
            return self.scan_folded(block, lines, scratch);
        }
        let offset = block.start(lines.start);
        let Scratch {
            text, starts, found, ..
        } = scratch;
        if block.has_escapes {
            text.clear();
            starts.clear();
            for index in lines.clone() {
                starts.push(text.len());
                ansi::strip(block.line(index), text);
                text.push(b'\n');
            }
            if self.comparison == Comparison::FoldAscii {
                text.make_ascii_lowercase();
            }
            let mut from = 0;
            while let Some(at) = self.finder.find(&text[from..]) {
                let index = starts.partition_point(|start| *start <= from + at) - 1;
                found.push(block.first + (lines.start + index) as u64);
                match starts.get(index + 1) {
                    Some(start) => from = *start,
                    None => break,
                }
            }
            return;
        }
        let bytes = block.text(lines.clone());
        let bytes = if self.comparison == Comparison::FoldAscii {
            text.clear();
            text.extend_from_slice(bytes);
            text.make_ascii_lowercase();
            text.as_slice()
        } else {
            bytes
        };
        let mut from = 0;
        while let Some(at) = self.finder.find(&bytes[from..]) {
            let index = block.line_at(offset + from + at);
            found.push(block.first + index as u64);
            from = block.start(index + 1) - offset;
        }
    }

    fn scan_folded(&self, block: &Block, lines: Range<usize>, scratch: &mut Scratch) {
        let skips_ascii = self.needs_more_than_ascii();
        if skips_ascii && block.text(lines.clone()).is_ascii() {
            return;
        }
        let Scratch {
            plain, folded, found, ..
        } = scratch;
        for index in lines {
            let line = block.line(index);
            if skips_ascii && line.is_ascii() {
                continue;
            }
            plain.clear();
            folded.clear();
            ansi::push_plain(line, plain);
            folded.extend(plain.chars().map(fold));
            if self.finder.find(folded.as_bytes()).is_some() {
                found.push(block.first + index as u64);
            }
        }
    }
}

impl Pattern {
    fn scan(&self, block: &Block, lines: Range<usize>, scratch: &mut Scratch) {
        let first = block.first;
        if let Some(required) = &self.required {
            required.scan(block, lines, scratch);
            std::mem::swap(&mut scratch.found, &mut scratch.candidates);
            scratch.found.clear();
        } else {
            scratch.candidates.clear();
            scratch.candidates.extend(lines.map(|index| first + index as u64));
        }
        let Scratch {
            plain,
            found,
            candidates,
            ..
        } = scratch;
        for number in candidates.iter().copied() {
            plain.clear();
            ansi::push_plain(block.line((number - first) as usize), plain);
            if self.is_in(plain) {
                found.push(number);
            }
        }
    }
}

#[cfg(test)]
mod tests;
