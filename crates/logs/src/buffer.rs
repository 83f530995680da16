//! Lines kept as bytes in blocks.

use std::{collections::VecDeque, ops::Range};

use memchr::memchr;

use crate::{
    ansi,
    mark::{Mark, MarkKind},
};

/// A block's bytes. Line starts within it fit 16 bits.
const BLOCK_BYTES: usize = 1 << 16;
/// A block's lines: bounds the index of a block of very short lines.
const BLOCK_LINES: usize = 8_192;

/// How much a [`LogBuffer`] keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Lines; the oldest are dropped beyond.
    pub lines: usize,
    /// Bytes of all lines together; the oldest lines are dropped beyond.
    pub bytes: usize,
    /// Bytes of one line; the rest of a longer one is cut off. At most 65,535.
    pub line_bytes: usize,
}

impl Default for Limits {
    /// A million lines, half a gibibyte, 32 KiB a line.
    fn default() -> Self {
        Self {
            lines: 1_000_000,
            bytes: 512 << 20,
            line_bytes: 32 << 10,
        }
    }
}

/// What becomes of escape sequences in an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escapes {
    /// Kept: a terminal that shows the export shows the colours.
    Keep,
    /// Removed.
    Strip,
}

/// Lines, each with a running number that it keeps while older ones are dropped, and with where it came from.
///
/// Costs the lines' bytes, three bytes a line (four where lines of several sources mix), and at most a block (64 KiB) at
/// either end.
#[derive(Debug)]
pub struct LogBuffer {
    limits: Limits,
    blocks: VecDeque<Block>,
    /// The number of the oldest line kept.
    first: u64,
    /// The number that the next line gets.
    next: u64,
    /// Bytes of all blocks.
    bytes: usize,
    cut: u64,
    /// What happened between lines, in their order.
    marks: VecDeque<Mark>,
    /// Counts changes of marks.
    marks_version: u64,
}

/// Consecutive lines, each followed by a line feed, so that a block can be searched and exported in one go.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) first: u64,
    text: Vec<u8>,
    starts: Vec<u16>,
    /// Whether any line has an escape character.
    pub(crate) has_escapes: bool,
    /// Where the first line came from.
    source: u8,
    /// Where each line came from; empty while all came from where the first did.
    sources: Vec<u8>,
}

impl Block {
    fn new(first: u64, source: u8) -> Self {
        Self {
            first,
            text: Vec::with_capacity(BLOCK_BYTES),
            starts: Vec::new(),
            has_escapes: false,
            source,
            sources: Vec::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    fn has_room(&self, length: usize) -> bool {
        self.text.len() + length < BLOCK_BYTES && self.starts.len() < BLOCK_LINES
    }

    fn push(&mut self, source: u8, line: &[u8]) {
        if !self.sources.is_empty() || source != self.source {
            self.sources.resize(self.starts.len(), self.source);
            self.sources.push(source);
        }
        // A new line starts below `BLOCK_BYTES`, see `has_room`.
        self.starts.push(self.text.len() as u16);
        self.has_escapes |= memchr(ansi::ESCAPE, line).is_some();
        self.text.extend_from_slice(line);
        self.text.push(b'\n');
    }

    /// Where line `index` of this block starts; the end of the text for the line after the last.
    pub(crate) fn start(&self, index: usize) -> usize {
        self.starts
            .get(index)
            .map_or(self.text.len(), |start| usize::from(*start))
    }

    pub(crate) fn line(&self, index: usize) -> &[u8] {
        &self.text[self.start(index)..self.start(index + 1) - 1]
    }

    fn source(&self, index: usize) -> u8 {
        self.sources.get(index).copied().unwrap_or(self.source)
    }

    /// The lines of a range, each with its line feed.
    pub(crate) fn text(&self, lines: Range<usize>) -> &[u8] {
        &self.text[self.start(lines.start)..self.start(lines.end)]
    }

    /// The line that a position of the text belongs to.
    pub(crate) fn line_at(&self, position: usize) -> usize {
        self.starts
            .partition_point(|start| usize::from(*start) <= position)
            .saturating_sub(1)
    }

    /// As many of the lines as have `budget` bytes, at least one.
    pub(crate) fn within_budget(&self, lines: Range<usize>, budget: usize) -> Range<usize> {
        let limit = self.start(lines.start).saturating_add(budget);
        let fitting = self.starts[lines.clone()].partition_point(|start| usize::from(*start) < limit);
        lines.start..lines.end.min(lines.start + fitting.max(1))
    }

    fn memory(&self) -> usize {
        self.text.capacity() + self.starts.capacity() * size_of::<u16>() + self.sources.capacity() + size_of::<Self>()
    }
}

impl Default for LogBuffer {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl LogBuffer {
    /// An empty buffer. Limits of 0 count as 1.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let limits = Limits {
            lines: limits.lines.max(1),
            bytes: limits.bytes.max(1),
            line_bytes: limits.line_bytes.clamp(1, BLOCK_BYTES - 1),
        };
        Self {
            limits,
            blocks: VecDeque::new(),
            first: 0,
            next: 0,
            bytes: 0,
            cut: 0,
            marks: VecDeque::new(),
            marks_version: 0,
        }
    }

    /// Appends a line of the only source, 0.
    pub fn push(&mut self, line: &[u8]) {
        self.push_from(0, line);
    }

    /// Appends a line of a source, given without its line feed. Line feeds within it become spaces.
    pub fn push_from(&mut self, source: u8, line: &[u8]) {
        let line = self.shortened(line);
        if memchr(b'\n', line).is_some() {
            let replaced: Vec<u8> = line
                .iter()
                .map(|byte| if *byte == b'\n' { b' ' } else { *byte })
                .collect();
            self.append(source, &replaced);
        } else {
            self.append(source, line);
        }
    }

    /// Appends every line of a text whose lines end in line feeds; a last line without one counts as well.
    pub fn push_lines(&mut self, text: &[u8]) {
        let mut rest = text;
        while !rest.is_empty() {
            let end = memchr(b'\n', rest).unwrap_or(rest.len());
            let line = self.shortened(&rest[..end]);
            self.append(0, line);
            rest = rest.get(end + 1..).unwrap_or_default();
        }
    }

    /// Notes that something happened to a source before line `before`, at most the next one. Of one source and place only
    /// what tells most is kept.
    pub fn mark(&mut self, before: u64, source: u8, kind: MarkKind) {
        let before = before.clamp(self.first, self.next);
        let place = |mark: &Mark| (mark.before, mark.source);
        let index = self.marks.partition_point(|mark| place(mark) < (before, source));
        match self.marks.get_mut(index) {
            Some(there) if place(there) == (before, source) => {
                if there.kind.tells() >= kind.tells() {
                    return;
                }
                there.kind = kind;
            }
            _ => self.marks.insert(index, Mark { before, source, kind }),
        }
        self.marks_version += 1;
    }

    /// The marks before the lines of a range. One after the last line is before the next.
    pub fn marks(&self, lines: Range<u64>) -> impl DoubleEndedIterator<Item = Mark> {
        let from = self.marks.partition_point(|mark| mark.before < lines.start);
        let to = self.marks.partition_point(|mark| mark.before < lines.end).max(from);
        self.marks.range(from..to).copied()
    }

    /// Changes with every new or changed mark.
    #[must_use]
    pub fn marks_version(&self) -> u64 {
        self.marks_version
    }

    /// Drops all lines. Numbers go on where they were.
    pub fn clear(&mut self) {
        self.blocks.clear();
        self.marks.clear();
        self.marks_version += 1;
        self.first = self.next;
        self.bytes = 0;
    }

    /// Line `number`; `None` if it was dropped or has not come yet.
    #[must_use]
    pub fn line(&self, number: u64) -> Option<&[u8]> {
        if !self.numbers().contains(&number) {
            return None;
        }
        let block = self.block_of(number)?;
        Some(block.line((number - block.first) as usize))
    }

    /// Where line `number` came from; 0 if it is not kept.
    #[must_use]
    pub fn source(&self, number: u64) -> u8 {
        self.block_of(number)
            .map_or(0, |block| block.source((number - block.first) as usize))
    }

    /// The kept ones of the lines of a range, in order.
    pub fn lines(&self, range: Range<u64>) -> impl Iterator<Item = (u64, &[u8])> {
        self.pieces(range)
            .flat_map(|(block, lines)| lines.map(|index| (block.first + index as u64, block.line(index))))
    }

    /// The numbers of the lines kept.
    #[must_use]
    pub fn numbers(&self) -> Range<u64> {
        self.first..self.next
    }

    /// How many lines are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        (self.next - self.first) as usize
    }

    /// Whether no line is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.first == self.next
    }

    /// How many lines were longer than the limit.
    #[must_use]
    pub fn cut_lines(&self) -> u64 {
        self.cut
    }

    /// Bytes of memory in use.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.blocks.iter().map(Block::memory).sum::<usize>() + size_of::<Self>()
    }

    /// The lines of a range as a text, a line feed after each. For a large download, ask for one part after the other.
    #[must_use]
    pub fn export(&self, range: Range<u64>, escapes: Escapes) -> Vec<u8> {
        let mut out = Vec::new();
        for (block, lines) in self.pieces(range) {
            let text = block.text(lines);
            if escapes == Escapes::Strip && block.has_escapes {
                for line in text.split_inclusive(|byte| *byte == b'\n') {
                    ansi::strip(&line[..line.len() - 1], &mut out);
                    out.push(b'\n');
                }
            } else {
                out.extend_from_slice(text);
            }
        }
        out
    }

    /// Some lines as a text, a line feed after each. `before` writes what is to come before a line of a source.
    #[must_use]
    pub fn export_lines(
        &self,
        numbers: impl IntoIterator<Item = u64>,
        escapes: Escapes,
        mut before: impl FnMut(u8, &mut Vec<u8>),
    ) -> Vec<u8> {
        let mut out = Vec::new();
        for number in numbers {
            let Some(line) = self.line(number) else { continue };
            before(self.source(number), &mut out);
            match escapes {
                Escapes::Keep => out.extend_from_slice(line),
                Escapes::Strip => ansi::strip(line, &mut out),
            }
            out.push(b'\n');
        }
        out
    }

    /// The blocks that hold lines of a range, each with which of its lines are meant.
    pub(crate) fn pieces(&self, range: Range<u64>) -> impl Iterator<Item = (&Block, Range<usize>)> {
        let start = range.start.max(self.first);
        let end = range.end.min(self.next).max(start);
        let from = self
            .blocks
            .partition_point(|block| block.first + block.len() as u64 <= start);
        self.blocks
            .range(from..)
            .take_while(move |block| block.first < end)
            .map(move |block| {
                let within = |number: u64| (number.saturating_sub(block.first) as usize).min(block.len());
                (block, within(start)..within(end))
            })
    }

    fn block_of(&self, number: u64) -> Option<&Block> {
        let after = self.blocks.partition_point(|block| block.first <= number);
        self.blocks.get(after.checked_sub(1)?)
    }

    /// A line within the limit, not cut inside a character.
    fn shortened<'a>(&mut self, line: &'a [u8]) -> &'a [u8] {
        let limit = self.limits.line_bytes.min(self.limits.bytes);
        if line.len() <= limit {
            return line;
        }
        self.cut += 1;
        let is_continuation = |at: usize| line[at] & 0xC0 == 0x80;
        // A character has at most three continuation bytes; more are no UTF-8 anyway.
        let end = (limit.saturating_sub(3)..=limit)
            .rev()
            .find(|at| !is_continuation(*at))
            .unwrap_or(limit);
        &line[..end]
    }

    fn append(&mut self, source: u8, line: &[u8]) {
        match self.blocks.back_mut() {
            Some(block) if block.has_room(line.len()) => block.push(source, line),
            full => {
                if let Some(full) = full {
                    full.text.shrink_to_fit();
                    full.starts.shrink_to_fit();
                    full.sources.shrink_to_fit();
                }
                let mut block = Block::new(self.next, source);
                block.push(source, line);
                self.blocks.push_back(block);
            }
        }
        self.next += 1;
        self.bytes += line.len() + 1;
        self.drop_oldest();
    }

    fn drop_oldest(&mut self) {
        if self.len() > self.limits.lines {
            self.first = self.next - self.limits.lines as u64;
        }
        while let Some(block) = self.blocks.front() {
            let over = self.bytes - block.text.len() >= self.limits.bytes && self.blocks.len() > 1;
            let end = block.first + block.len() as u64;
            if !over && end > self.first {
                break;
            }
            self.first = self.first.max(end);
            self.bytes -= block.text.len();
            self.blocks.pop_front();
        }
        while self.marks.front().is_some_and(|mark| mark.before < self.first) {
            self.marks.pop_front();
            self.marks_version += 1;
        }
    }
}

#[cfg(test)]
mod tests;
