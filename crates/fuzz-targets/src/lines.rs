//! Lines of logs.

use std::ops::Range;

use logs::{Limits, LogBuffer, Pattern, Query, Search, ansi as escapes, json as fields};

use crate::{first_line, text};

/// Escape sequences: what is shown has none left, and its styles lie on it without a hole.
pub fn ansi(input: &[u8]) {
    let rendered = escapes::render(input);
    assert!(!rendered.text.contains('\u{1b}'), "no escape is left");
    assert_eq!(escapes::plain(input), rendered.text);
    let mut end = 0;
    for span in &rendered.spans {
        assert_eq!(span.range.start, end, "spans follow each other");
        assert!(
            rendered.text.get(span.range.clone()).is_some(),
            "a span is a part of the text"
        );
        end = span.range.end;
    }
    assert_eq!(end, rendered.text.len());
    let half = rendered.text.floor_char_boundary(end / 2);
    let pieces = rendered.pieces(std::slice::from_ref(&(0..half)));
    let length: usize = pieces.iter().map(|piece| piece.range.len()).sum();
    assert_eq!(length, rendered.text.len(), "pieces are the whole text");
    let mut stripped = Vec::new();
    escapes::strip(input, &mut stripped);
    assert!(stripped.len() <= input.len());
}

/// JSON objects in rows.
pub fn json(input: &[u8]) {
    let text = text(input);
    let layout = fields::layout(&text);
    if fields::is_object(&text) {
        assert!(layout.is_some(), "an object has rows");
    }
    for row in layout.iter().flat_map(|layout| &layout.rows) {
        for (_, range) in &row.parts {
            assert!(text.get(range.clone()).is_some(), "a part is a part of the text");
        }
    }
}

/// Searching and filtering: the first line is what is looked for, the others are the log.
pub fn search(input: &[u8]) {
    let text = text(input);
    let (wanted, log) = first_line(&text);
    let mut buffer = LogBuffer::new(Limits::default());
    buffer.push_lines(log.as_bytes());
    for sensitive in [true, false] {
        if let Some(query) = Query::new(wanted, sensitive) {
            check(&query.find_in(log), log);
            through(&buffer, Search::new(query));
        }
        if let Ok(pattern) = Pattern::new(wanted, sensitive) {
            check(&pattern.find_in(log), log);
            through(&buffer, Search::inverted(pattern));
        }
    }
}

fn check(found: &[Range<usize>], text: &str) {
    let mut end = 0;
    for range in found {
        assert!(
            range.start >= end && text.get(range.clone()).is_some(),
            "matches are parts of the text in order"
        );
        end = range.end;
    }
}

fn through(buffer: &LogBuffer, mut search: Search) {
    // A step looks at a part at least, so there are no more steps than lines.
    for _ in 0..=buffer.len() {
        if search.step(buffer, None, 1 << 16).is_complete() {
            return;
        }
    }
    panic!("the search does not end");
}

/// Times of lines.
pub fn timestamp(input: &[u8]) {
    let _ = logs::timestamp(input);
}
