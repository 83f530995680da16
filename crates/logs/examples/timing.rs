//! How long the usual operations take on a million lines: `cargo run --release -p logs --example timing`.

use std::time::Instant;

use logs::{LogBuffer, Pattern, Query, Request, Resume, ResumeSettings, Search, TimeSearch, ansi};

fn measured<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    println!("{what:<40} {:>8.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    result
}

fn main() {
    let text =
        "2026-11-23 12:00:00 INFO  request served from cache without asking the origin, still fresh for some minutes";
    let lines: Vec<String> = (0..1_000_000).map(|number| format!("{number:09} {text}")).collect();
    let colored: Vec<String> = (0..1_000_000)
        .map(|number| format!("{number:09} \x1b[32mINFO\x1b[0m {}", &text[26..]))
        .collect();

    for (name, lines) in [("plain", &lines), ("coloured", &colored)] {
        println!("{name}:");
        let mut log = LogBuffer::default();
        measured("append", || lines.iter().for_each(|line| log.push(line.as_bytes())));
        for (query, case_sensitive) in [
            ("000999999", true),
            ("ORIGIN", false),
            ("nowhere to be found", false),
            ("é", false),
        ] {
            let mut search = Query::new(query, case_sensitive)
                .map(Search::new)
                .expect("a query that is not empty");
            let what = format!("search {query:?}{}", if case_sensitive { "" } else { " in any case" });
            measured(&what, || while !search.step(&log, None, 1 << 20).is_complete() {});
        }
        for expression in ["cache.*fresh", "id=[0-9]+", "[a-z]+ [0-9]{3}$"] {
            let mut search = Pattern::new(expression, false).map(Search::new).expect("an expression");
            measured(&format!("filter by {expression:?}"), || {
                while !search.step(&log, None, 1 << 16).is_complete() {}
            });
        }
        measured("look for a time", || {
            TimeSearch::new(i64::MAX).step(&log, None, u64::MAX, usize::MAX)
        });
        measured("render", || {
            lines
                .iter()
                .map(|line| ansi::render(line.as_bytes()).spans.len())
                .sum::<usize>()
        });
        let mut resume = Resume::new(Request { tail_lines: None }, ResumeSettings::default());
        resume.connected(resume.next_request());
        measured("receive live", || {
            lines.iter().for_each(|line| {
                resume.line(line.as_bytes(), |_| ());
            });
        });
        resume.connected(Request { tail_lines: None });
        measured("receive everything again", || {
            lines.iter().for_each(|line| {
                resume.line(line.as_bytes(), |_| ());
            });
        });
    }
}
