//! Log lines out of what a region host streams.
//!
//! The event stream's lines are `data:TEXT`. Unlike in the general format of such streams
//!
//! * nothing is taken from `TEXT`: a space behind the colon is part of the log line, which is how the official client prints
//!   it and what keeps the indentation of stack traces;
//! * every `data:` line is a log line of its own, not a part of an event that an empty line ends;
//! * a line ends at LF or CR LF, never at a CR alone, which programs print to draw over their own line;
//! * a line without any known name in front is a log line as it stands.
//!
//! Bytes stay bytes: a container may print what is not UTF-8.

use memchr::{memchr, memrchr};

/// How long a line may be before it is cut, in bytes.
pub const DEFAULT_LINE_LIMIT: usize = 256 * 1024;

/// What the host writes into the log when a reader goes away.
const NOISE: &[u8] = b"\"logger - Client disconnected.\"";

/// One line of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLine<'a> {
    /// The line's bytes, without line end.
    pub text: &'a [u8],
    /// Whether it was longer than the limit: then this is its beginning.
    pub is_cut: bool,
}

/// Decodes an event stream that arrives in chunks, cut anywhere: the lines do not depend on where. Memory is bounded by twice the
/// line limit, whatever arrives.
///
/// A line that the stream ends or breaks in is never given out: it may be half of one.
///
/// ```
/// use vcloud_api::log_stream::EventStreamDecoder;
///
/// let mut decoder = EventStreamDecoder::default();
/// assert_eq!(decoder.push(b"data:first\nda").count(), 1);
/// let lines: Vec<_> = decoder.push(b"ta:  second\r\n\ndata:half").map(|line| line.text.to_vec()).collect();
/// assert_eq!(lines, [b"  second"]);
/// ```
#[derive(Clone, Debug)]
pub struct EventStreamDecoder {
    limit: usize,
    /// The beginning of a line whose end has not arrived; at most one byte longer than the limit.
    pending: Vec<u8>,
    /// Whether that line is longer still.
    is_overlong: bool,
    /// The line that the last chunk completed, and whether it was overlong: the iterator borrows it.
    completed: Vec<u8>,
}

impl Default for EventStreamDecoder {
    fn default() -> Self {
        Self::with_line_limit(DEFAULT_LINE_LIMIT)
    }
}

impl EventStreamDecoder {
    /// With another limit on the length of a line on the wire, in bytes, name and all.
    pub fn with_line_limit(limit: usize) -> Self {
        Self {
            limit,
            pending: Vec::new(),
            is_overlong: false,
            completed: Vec::new(),
        }
    }

    /// Takes the next chunk and gives the lines that it completes. Lines that are not asked of the iterator are lost.
    pub fn push<'a>(&'a mut self, chunk: &'a [u8]) -> LogLines<'a> {
        let (rest, tail) = match memrchr(b'\n', chunk) {
            None => {
                self.keep(chunk);
                return LogLines {
                    first: None,
                    rest: &[],
                    limit: self.limit,
                };
            }
            Some(last) => (&chunk[..=last], &chunk[last + 1..]),
        };
        let mut first = None;
        let mut rest = rest;
        if !self.pending.is_empty() {
            let end = memchr(b'\n', rest).unwrap_or(rest.len() - 1);
            self.keep(&rest[..end]);
            rest = &rest[end + 1..];
            std::mem::swap(&mut self.completed, &mut self.pending);
            self.pending.clear();
            first = Some(std::mem::take(&mut self.is_overlong));
        }
        self.keep(tail);
        LogLines {
            first: first.map(|is_overlong| (self.completed.as_slice(), is_overlong)),
            rest,
            limit: self.limit,
        }
    }

    /// Whether the last line has not ended yet.
    pub fn has_unfinished_line(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Forgets an unfinished line: for a stream that starts again from its beginning.
    pub fn reset(&mut self) {
        self.pending.clear();
        self.is_overlong = false;
    }

    fn keep(&mut self, bytes: &[u8]) {
        // One byte more than the limit, for a CR that does not count.
        let room = self.limit.saturating_add(1).saturating_sub(self.pending.len());
        self.pending.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.is_overlong |= bytes.len() > room;
    }
}

/// The lines that a chunk completed.
#[derive(Clone, Debug)]
pub struct LogLines<'a> {
    first: Option<(&'a [u8], bool)>,
    rest: &'a [u8],
    limit: usize,
}

impl<'a> Iterator for LogLines<'a> {
    type Item = LogLine<'a>;

    #[inline]
    fn next(&mut self) -> Option<LogLine<'a>> {
        loop {
            let (line, is_overlong) = match self.first.take() {
                Some(first) => first,
                None => {
                    let end = memchr(b'\n', self.rest)?;
                    let line = &self.rest[..end];
                    self.rest = &self.rest[end + 1..];
                    (line, false)
                }
            };
            if let Some(line) = log_line(line, is_overlong, self.limit) {
                return Some(line);
            }
        }
    }
}

/// The log line in a line of the event stream, unless it is something else.
#[inline]
fn log_line(line: &[u8], is_overlong: bool, limit: usize) -> Option<LogLine<'_>> {
    let line = if is_overlong {
        line
    } else {
        line.strip_suffix(b"\r").unwrap_or(line)
    };
    let is_cut = is_overlong || line.len() > limit;
    let line = &line[..line.len().min(limit)];
    let text = match line.strip_prefix(b"data:") {
        Some(text) => text,
        // Keep-alive, comment, name of an event, id, time to reconnect after.
        None if line.is_empty() || line[0] == b':' => return None,
        None if [&b"event:"[..], b"id:", b"retry:"]
            .iter()
            .any(|name| line.starts_with(name)) =>
        {
            return None;
        }
        None => line,
    };
    (text != NOISE).then_some(LogLine { text, is_cut })
}

/// The lines in one text frame of a log's WebSocket: one or more, each ended or separated by a line feed. A frame is
/// always a whole number of lines.
pub fn frame_lines(frame: &[u8]) -> impl Iterator<Item = LogLine<'_>> {
    let mut rest = (!frame.is_empty()).then_some(frame);
    std::iter::from_fn(move || {
        let text = rest?;
        let (line, after) = match memchr(b'\n', text) {
            Some(end) => (&text[..end], &text[end + 1..]),
            None => (text, &text[text.len()..]),
        };
        rest = (!after.is_empty()).then_some(after);
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    })
    .filter(|line| *line != NOISE)
    .map(|line| LogLine {
        text: &line[..line.len().min(DEFAULT_LINE_LIMIT)],
        is_cut: line.len() > DEFAULT_LINE_LIMIT,
    })
}

/// Writes a log line into an event stream, as a server does. Line feeds inside would make two lines of it: each is sent as one.
pub fn write_event(to: &mut Vec<u8>, line: &[u8]) {
    for part in line.split(|&byte| byte == b'\n') {
        to.extend_from_slice(b"data:");
        to.extend_from_slice(part);
        to.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Owned = (Vec<u8>, bool);

    fn owned(lines: impl Iterator<Item = LogLine<'static>>) -> Vec<Owned> {
        lines.map(|line| (line.text.to_vec(), line.is_cut)).collect()
    }

    fn decode(chunks: &[&[u8]], limit: usize) -> Vec<Owned> {
        let mut decoder = EventStreamDecoder::with_line_limit(limit);
        let mut lines = Vec::new();
        for chunk in chunks {
            lines.extend(decoder.push(chunk).map(|line| (line.text.to_vec(), line.is_cut)));
        }
        lines
    }

    fn texts(stream: &[u8]) -> Vec<String> {
        decode(&[stream], 1000)
            .into_iter()
            .map(|(text, _)| String::from_utf8(text).unwrap())
            .collect()
    }

    #[test]
    fn only_log_lines_come_out() {
        let stream =
            b": hello\nevent:message\nid:7\nretry:3000\n\ndata:one\n\ndata:\ndata:\"logger - Client disconnected.\"\n\
            \"logger - Client disconnected.\"\nbare line\n\r\ndata:two\r\n";
        assert_eq!(texts(stream), ["one", "", "bare line", "two"]);
    }

    #[test]
    fn white_space_and_carriage_returns_of_the_log_are_kept() {
        assert_eq!(texts(b"data:    at Main.java:7\n"), ["    at Main.java:7"]);
        assert_eq!(texts(b"data: x\ndata:\tx \n"), [" x", "\tx "]);
        assert_eq!(texts(b"data:10%\r20%\r30%\r\n"), ["10%\r20%\r30%"]);
        assert_eq!(texts("data:中文 \u{1b}[31mred\n".as_bytes()), ["中文 \u{1b}[31mred"]);
    }

    #[test]
    fn an_unfinished_line_waits_for_its_end() {
        let mut decoder = EventStreamDecoder::default();
        assert_eq!(decoder.push(b"data:ha").count(), 0);
        assert!(decoder.has_unfinished_line());
        assert_eq!(
            decoder.push(b"lf\n").next().map(|line| line.text.to_vec()),
            Some(b"half".to_vec())
        );
        assert!(!decoder.has_unfinished_line());
        assert_eq!(decoder.push(b"data:lo").count(), 0);
        decoder.reset();
        assert_eq!(
            decoder.push(b"data:new\n").next().map(|line| line.text.to_vec()),
            Some(b"new".to_vec())
        );
    }

    #[test]
    fn what_is_not_utf8_passes() {
        assert_eq!(
            decode(&[b"data:\xff\xfe\xe4", b"\xb8\n"], 1000),
            [(b"\xff\xfe\xe4\xb8".to_vec(), false)]
        );
    }

    #[test]
    fn a_line_without_end_takes_bounded_memory_and_is_cut() {
        let mut decoder = EventStreamDecoder::with_line_limit(16);
        assert_eq!(decoder.push(b"data:").count(), 0);
        for _ in 0..10_000 {
            assert_eq!(decoder.push(b"aaaaaaaaaa").count(), 0);
        }
        assert!(decoder.pending.len() <= 17 && decoder.pending.capacity() < 1000);
        let lines: Vec<_> = decoder
            .push(b"\ndata:next\n")
            .map(|line| (line.text.len(), line.is_cut))
            .collect();
        assert_eq!(lines, [(11, true), (4, false)]);
    }

    #[test]
    fn the_limit_counts_up_to_the_line_end() {
        for end in ["\n", "\r\n"] {
            let fits = format!("data:12345{end}");
            let over = format!("data:123456{end}");
            for size in 1..=8 {
                let chunks: Vec<_> = fits.as_bytes().chunks(size).collect();
                assert_eq!(decode(&chunks, 10), [(b"12345".to_vec(), false)]);
                let chunks: Vec<_> = over.as_bytes().chunks(size).collect();
                assert_eq!(decode(&chunks, 10), [(b"12345".to_vec(), true)]);
            }
        }
    }

    #[test]
    fn frames_hold_whole_lines() {
        let lines = |frame: &'static [u8]| {
            owned(frame_lines(frame))
                .into_iter()
                .map(|(text, _)| text)
                .collect::<Vec<_>>()
        };
        assert_eq!(lines(b"one\n two\r\n"), [&b"one"[..], b" two"]);
        assert_eq!(lines(b"one\ntwo"), [b"one", b"two"]);
        assert_eq!(lines(b"\"logger - Client disconnected.\"\n\nx"), [&b""[..], b"x"]);
        assert!(lines(b"").is_empty());
    }

    #[test]
    fn what_a_server_writes_is_read() {
        let mut stream = Vec::new();
        write_event(&mut stream, b"one");
        write_event(&mut stream, b"two\n  more");
        assert_eq!(texts(&stream), ["one", "two", "  more"]);
    }

    /// Text that is likely to hit every rule.
    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            Just(b"data:".to_vec()),
            Just(b"\n".to_vec()),
            Just(b"\r\n".to_vec()),
            Just(b"\r".to_vec()),
            Just(b"event:x".to_vec()),
            Just(b":".to_vec()),
            Just(NOISE.to_vec()),
            Just("日志".as_bytes().to_vec()),
            proptest::collection::vec(any::<u8>(), 0..20),
        ];
        proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn lines_do_not_depend_on_where_the_stream_is_cut(
            stream in stream(), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..20), limit in 0_usize..40,
        ) {
            let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
            cuts.push(stream.len());
            cuts.sort_unstable();
            let mut start = 0;
            let chunks: Vec<_> = cuts.into_iter().map(|cut| { let chunk = &stream[start..cut]; start = cut; chunk }).collect();
            prop_assert_eq!(decode(&chunks, limit), decode(&[&stream], limit));
        }

        #[test]
        fn every_log_line_survives_the_stream(lines in proptest::collection::vec("[^\n\r]{0,40}", 0..20), size in 1_usize..50) {
            let mut stream = Vec::new();
            for line in &lines {
                write_event(&mut stream, line.as_bytes());
            }
            let chunks: Vec<_> = stream.chunks(size).collect();
            let read: Vec<_> = decode(&chunks, 1000).into_iter().map(|(text, _)| String::from_utf8(text).unwrap()).collect();
            prop_assert_eq!(read, lines);
        }
    }
}
