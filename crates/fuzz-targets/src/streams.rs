//! Streams of logs.

use logs::{Item, Request, Resume, ResumeSettings};
use vcloud_api::log_stream::{EventStreamDecoder, frame_lines};

/// The lines of a log do not depend on where its stream is cut, and memory stays bounded. The first two bytes are the size of the
/// chunks and the longest line.
pub fn event_stream(input: &[u8]) {
    let [size, limit, stream @ ..] = input else { return };
    let limit = usize::from(*limit);
    let lines = decode(stream, usize::from(*size), limit);
    assert_eq!(lines, decode(stream, stream.len(), limit));
    assert!(lines.iter().all(|(text, _)| text.len() <= limit));
    let _ = frame_lines(stream).count();
}

fn decode(stream: &[u8], size: usize, limit: usize) -> Vec<(Vec<u8>, bool)> {
    let mut decoder = EventStreamDecoder::with_line_limit(limit);
    let mut lines = Vec::new();
    for chunk in stream.chunks(size.max(1)) {
        lines.extend(decoder.push(chunk).map(|line| (line.text.to_vec(), line.is_cut)));
    }
    lines
}

/// Resumption: each line is one of the log, or `+` for a new connection, or `.` where a replay was quiet. Nothing comes out that
/// did not go in.
pub fn resume(input: &[u8]) {
    let settings = ResumeSettings {
        remembered_lines: 64,
        tail_lines: 8,
        largest_tail: 32,
        held_bytes: 256,
    };
    let mut resume = Resume::new(Request { tail_lines: Some(16) }, settings);
    let (mut given, mut taken) = (0, 0);
    let mut emit = |item: Item<'_>| {
        if let Item::Line(line) = item {
            assert!(!matches!(line, b"+" | b"."));
            taken += 1;
        }
    };
    for line in input.split(|byte| *byte == b'\n') {
        match line {
            b"+" => resume.connected(resume.next_request()),
            b"." => {
                let _ = resume.settle(&mut emit);
            }
            line => {
                given += 1;
                let _ = resume.line(line, &mut emit);
            }
        }
    }
    assert!(taken <= given, "{given} lines went in, {taken} came out");
}
