use proptest::prelude::*;

use super::*;
use crate::Limits;

fn found(lines: &[&str], text: &str, case_sensitive: bool) -> Vec<u64> {
    let mut log = LogBuffer::default();
    for line in lines {
        log.push(line.as_bytes());
    }
    let mut search = Search::new(Query::new(text, case_sensitive).unwrap());
    while !search.step(&log, None, 1).is_complete() {}
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
    search.step(&log, None, 1 << 20);
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
            search.step(&log, None, 1 << 20);
        }
    }
    assert!(search.step(&log, None, 1 << 20).is_complete());
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

#[test]
fn a_filter_lists_what_passes_and_what_does_not() {
    let mut log = LogBuffer::new(Limits {
        lines: 100,
        ..Limits::default()
    });
    let mut passing = Search::new(Pattern::new("^[0-9]*5$", true).unwrap());
    let mut others = Search::inverted(Pattern::new("^[0-9]*5$", true).unwrap());
    let mut inside = Search::new(Query::new("7", false).unwrap());
    for number in 0..1_000_u64 {
        log.push(number.to_string().as_bytes());
        if number % 70 == 0 {
            // A search inside a filter waits for it.
            inside.step(&log, Some(&others), 1 << 20);
            passing.step(&log, None, 300);
            others.step(&log, None, 300);
        }
    }
    while !(passing.step(&log, None, 50).is_complete() && others.step(&log, None, 50).is_complete()) {}
    inside.step(&log, Some(&others), 1 << 20);
    let expected = |keep: fn(u64) -> bool| (900..1_000_u64).filter(|number| keep(*number)).collect::<Vec<_>>();
    assert_eq!(
        passing.matches().collect::<Vec<_>>(),
        expected(|number| number % 10 == 5)
    );
    assert_eq!(
        others.matches().collect::<Vec<_>>(),
        expected(|number| number % 10 != 5)
    );
    assert_eq!(
        inside.matches().collect::<Vec<_>>(),
        expected(|number| number % 10 != 5 && number.to_string().contains('7'))
    );
    let positions = passing.positions();
    assert_eq!(positions.end - positions.start, 10);
    assert_eq!(
        (passing.at(positions.start), passing.at(positions.start + 1)),
        (Some(905), Some(915))
    );
    assert_eq!((passing.at(positions.end), passing.at(0)), (None, None));
    assert_eq!(passing.position_from(906), positions.start + 1);
    assert_eq!(passing.position_from(999), positions.end);
    assert!(passing.has_reached(1_000));
}

#[test]
fn positions_stay_while_lines_go() {
    let mut log = LogBuffer::new(Limits {
        lines: 50,
        ..Limits::default()
    });
    let mut filter = Search::new(Query::new("x", true).unwrap());
    log.push_lines(&b"x\ny\n".repeat(25));
    filter.step(&log, None, usize::MAX);
    let line = filter.at(20);
    log.push_lines(&b"x\ny\n".repeat(10));
    filter.step(&log, None, usize::MAX);
    assert_eq!((filter.positions(), filter.at(20), line), (10..35, Some(40), Some(40)));
}

proptest! {
    #[test]
    fn an_expression_finds_what_looking_at_each_line_finds(
        lines in proptest::collection::vec("([aAb1é]|\x1b\\[3[0-7]m){0,12}", 0..100),
        expression in proptest::sample::select(vec!["ab", "a.b", "a+1", "^b", "1$", "é", "[ab]1", "a(b|1)", "aa?b"]),
        case_sensitive in any::<bool>(),
        inverted in any::<bool>(),
        budget in 1..2_000_usize,
    ) {
        let mut log = LogBuffer::default();
        let pattern = Pattern::new(expression, case_sensitive).unwrap();
        let mut search = if inverted { Search::inverted(pattern.clone()) } else { Search::new(pattern.clone()) };
        for line in &lines {
            log.push(line.as_bytes());
            search.step(&log, None, budget);
        }
        while !search.step(&log, None, budget).is_complete() {}
        let expected: Vec<u64> = log
            .lines(0..u64::MAX)
            .filter(|(_, line)| pattern.is_in(&ansi::plain(line)) != inverted)
            .map(|(number, _)| number)
            .collect();
        prop_assert_eq!(search.matches().collect::<Vec<_>>(), expected);
    }

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
            search.step(&log, None, budget);
        }
        while !search.step(&log, None, budget).is_complete() {}
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
