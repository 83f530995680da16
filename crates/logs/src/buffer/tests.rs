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
fn marks_stay_before_their_lines_and_go_with_them() {
    let mut log = buffer(10);
    log.push(b"before");
    log.mark(1, 0, MarkKind::Gap);
    log.mark(1, 0, MarkKind::Ended(Some(1)));
    log.mark(1, 0, MarkKind::Gap);
    log.mark(1, 2, MarkKind::Gap);
    let all = |log: &LogBuffer| {
        log.marks(0..u64::MAX)
            .map(|mark| (mark.before, mark.source, mark.kind))
            .collect::<Vec<_>>()
    };
    assert_eq!(all(&log), [(1, 0, MarkKind::Ended(Some(1))), (1, 2, MarkKind::Gap)]);
    log.push(b"after");
    assert_eq!(
        (
            log.marks(0..1).count(),
            log.marks(1..2).count(),
            log.marks(2..3).count()
        ),
        (0, 2, 0)
    );
    let version = log.marks_version();
    log.push_lines(&b"x\n".repeat(20));
    assert!(all(&log).is_empty() && log.marks_version() > version);
}

#[test]
fn lines_know_where_they_came_from() {
    let mut log = buffer(1_000);
    for number in 0..3_000_u64 {
        // A long stretch of one, then two that take turns.
        let source = if number < 2_500 { 7 } else { number % 2 };
        log.push_from(source as u8, &[b'x'; 100]);
    }
    for number in log.numbers() {
        assert_eq!(
            u64::from(log.source(number)),
            if number < 2_500 { 7 } else { number % 2 }
        );
    }
    let text = log.export_lines([2_499, 2_500, 2_501], Escapes::Strip, |source, out| {
        out.push(b'0' + source);
    });
    let begins: Vec<u8> = text
        .split(|byte| *byte == b'\n')
        .filter_map(|line| line.first().copied())
        .collect();
    assert_eq!(begins, b"701");
}

#[test]
fn one_source_costs_no_index_of_sources() {
    let (mut one, mut many) = (LogBuffer::default(), LogBuffer::default());
    for number in 0..100_000_u64 {
        one.push_from(3, b"a line of some length, or so");
        many.push_from((number % 3) as u8, b"a line of some length, or so");
    }
    assert!(one.blocks.iter().all(|block| block.sources.capacity() == 0));
    assert!(many.memory() < one.memory() + 100_000 + BLOCK_BYTES);
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
