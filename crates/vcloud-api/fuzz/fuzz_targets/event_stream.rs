//! The lines of a log do not depend on where its stream is cut, and memory stays bounded.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vcloud_api::log_stream::{EventStreamDecoder, frame_lines};

fn decode(stream: &[u8], size: usize, limit: usize) -> Vec<(Vec<u8>, bool)> {
    let mut decoder = EventStreamDecoder::with_line_limit(limit);
    let mut lines = Vec::new();
    for chunk in stream.chunks(size.max(1)) {
        lines.extend(decoder.push(chunk).map(|line| (line.text.to_vec(), line.is_cut)));
    }
    lines
}

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (size, limit, stream) = input;
    let lines = decode(stream, usize::from(size), usize::from(limit));
    assert_eq!(lines, decode(stream, stream.len(), usize::from(limit)));
    assert!(lines.iter().all(|(text, _)| text.len() <= usize::from(limit)));
    let _ = frame_lines(stream).count();
});
