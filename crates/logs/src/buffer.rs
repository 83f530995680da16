//! Lines kept as bytes in blocks.

use std::{collections::VecDeque, ops::Range};

use memchr::memchr;

use crate::ansi;

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

/// Lines, each with a running number that it keeps while older ones are dropped.
///
/// Costs the lines' bytes, three bytes a line, and at most a block (64 KiB) at either end.
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
    /// Lines before which others are missing.
    gaps: VecDeque<u64>,
}

/// Consecutive lines, each followed by a line feed, so that a block can be searched and exported in one go.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) first: u64,
    text: Vec<u8>,
    starts: Vec<u16>,
    /// Whether any line has an escape character.
    pub(crate) has_escapes: bool,
}

impl Block {
    fn new(first: u64) -> Self {
        Self {
            first,
            text: Vec::with_capacity(BLOCK_BYTES),
            starts: Vec::new(),
            has_escapes: false,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    fn has_room(&self, length: usize) -> bool {
        self.text.len() + length < BLOCK_BYTES && self.starts.len() < BLOCK_LINES
    }

    fn push(&mut self, line: &[u8]) {
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

    fn memory(&self) -> usize {
        self.text.capacity() + self.starts.capacity() * size_of::<u16>() + size_of::<Self>()
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
            gaps: VecDeque::new(),
        }
    }

    /// Appends a line, given without its line feed. Line feeds within it become spaces.
    pub fn push(&mut self, line: &[u8]) {
        let line = self.shortened(line);
        if memchr(b'\n', line).is_some() {
            let replaced: Vec<u8> = line
                .iter()
                .map(|byte| if *byte == b'\n' { b' ' } else { *byte })
                .collect();
            self.append(&replaced);
        } else {
            self.append(line);
        }
    }

    /// Appends every line of a text whose lines end in line feeds; a last line without one counts as well.
    pub fn push_lines(&mut self, text: &[u8]) {
        let mut rest = text;
        while !rest.is_empty() {
            let end = memchr(b'\n', rest).unwrap_or(rest.len());
            let line = self.shortened(&rest[..end]);
            self.append(line);
            rest = rest.get(end + 1..).unwrap_or_default();
        }
    }

    /// Notes that lines are missing before the next one.
    pub fn mark_gap(&mut self) {
        if self.gaps.back() != Some(&self.next) {
            self.gaps.push_back(self.next);
        }
    }

    /// Whether lines are missing before line `number`.
    #[must_use]
    pub fn is_gap_before(&self, number: u64) -> bool {
        self.gaps.binary_search(&number).is_ok()
    }

    /// Drops all lines. Numbers go on where they were.
    pub fn clear(&mut self) {
        self.blocks.clear();
        self.gaps.clear();
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

    fn append(&mut self, line: &[u8]) {
        match self.blocks.back_mut() {
            Some(block) if block.has_room(line.len()) => block.push(line),
            full => {
                if let Some(full) = full {
                    full.text.shrink_to_fit();
                    full.starts.shrink_to_fit();
                }
                let mut block = Block::new(self.next);
                block.push(line);
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
        while self.gaps.front().is_some_and(|gap| *gap < self.first) {
            self.gaps.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn buffer(lines: usize) -> LogBuffer {
        LogBuffer::new(Limits {
            lines,
            ..Limits::default()
        })
    }

    #[test]
    fn lines_keep_their_numbers_while_older_ones_go() {
        let mut log = buffer(1_000);
        for number in 0..100_000_u64 {
            log.push(format!("line {number}").as_bytes());
        }
        assert_eq!(log.numbers(), 99_000..100_000);
        assert_eq!(log.line(99_000), Some(b"line 99000".as_slice()));
        assert_eq!(log.line(99_999), Some(b"line 99999".as_slice()));
        assert_eq!((log.line(98_999), log.line(100_000)), (None, None));
        log.clear();
        assert!(log.is_empty());
        log.push(b"more");
        assert_eq!(
            log.lines(0..u64::MAX).collect::<Vec<_>>(),
            [(100_000, b"more".as_slice())]
        );
    }

    #[test]
    fn a_million_lines_cost_little_more_than_their_bytes() {
        let mut log = LogBuffer::default();
        let line = [b'x'; 120];
        for _ in 0..1_000_000 {
            log.push(&line);
        }
        assert_eq!(log.len(), 1_000_000);
        let raw = 1_000_000 * line.len();
        assert!(log.memory() * 100 < raw * 105, "{} for {raw}", log.memory());
        let mut short = LogBuffer::default();
        short.push_lines(&b"short line of 29 bytes, or so\n".repeat(1_000_000));
        assert!(short.memory() * 100 < 29_000_000 * 115, "{}", short.memory());
    }

    #[test]
    fn long_lines_are_cut_between_characters_and_counted() {
        let mut log = LogBuffer::new(Limits {
            line_bytes: 10,
            ..Limits::default()
        });
        log.push("日志日志日志".as_bytes());
        log.push(b"0123456789");
        log.push(&[0x80; 20]);
        assert_eq!(log.line(0), Some("日志日".as_bytes()));
        assert_eq!(log.line(1), Some(b"0123456789".as_slice()));
        assert_eq!(log.line(2).map(<[u8]>::len), Some(10));
        assert_eq!(log.cut_lines(), 2);
    }

    #[test]
    fn bytes_are_bounded_too() {
        let mut log = LogBuffer::new(Limits {
            bytes: 1 << 20,
            ..Limits::default()
        });
        for _ in 0..1_000 {
            log.push(&[b'y'; 10_000]);
        }
        assert!(log.memory() < (1 << 20) + 3 * BLOCK_BYTES, "{}", log.memory());
        assert!(log.len() > 90);
        assert_eq!(log.numbers().end, 1_000);
    }

    #[test]
    fn an_export_keeps_or_strips_escapes() {
        let mut log = LogBuffer::default();
        log.push_lines(b"\x1b[31mred\x1b[0m\nplain\nlast");
        assert_eq!(log.export(0..3, Escapes::Keep), b"\x1b[31mred\x1b[0m\nplain\nlast\n");
        assert_eq!(log.export(0..3, Escapes::Strip), b"red\nplain\nlast\n");
        assert_eq!(log.export(1..2, Escapes::Strip), b"plain\n");
    }

    #[test]
    fn gaps_are_remembered_with_their_lines() {
        let mut log = buffer(10);
        log.push(b"before");
        log.mark_gap();
        log.mark_gap();
        log.push(b"after");
        assert_eq!((log.is_gap_before(0), log.is_gap_before(1)), (false, true));
        log.push_lines(&b"x\n".repeat(20));
        assert!(log.gaps.is_empty());
    }

    proptest! {
        #[test]
        fn behaves_like_a_list_of_lines(
            lines in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..3_000), 0..300),
            capacity in 1..200_usize,
        ) {
            let mut log = buffer(capacity);
            let mut expected = Vec::new();
            for line in &lines {
                log.push(line);
                expected.push(line.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte }).collect::<Vec<_>>());
            }
            let kept = expected.split_off(expected.len().saturating_sub(capacity));
            prop_assert_eq!(log.len(), kept.len());
            let numbers = log.numbers();
            for (number, line) in numbers.clone().zip(&kept) {
                prop_assert_eq!(log.line(number), Some(line.as_slice()));
            }
            let listed: Vec<_> = log.lines(0..u64::MAX).map(|(_, line)| line.to_vec()).collect();
            prop_assert_eq!(&listed, &kept);
            let text: Vec<u8> = kept.iter().flat_map(|line| line.iter().copied().chain([b'\n'])).collect();
            prop_assert_eq!(log.export(numbers, Escapes::Keep), text);
        }
    }
}
