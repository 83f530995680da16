//! When lines were printed, as far as they say it: the time stamps that servers, databases and loggers begin their lines with.

use std::ops::Range;

use memchr::memmem;

use crate::{ansi, buffer::LogBuffer, search::Search};

/// A time stamp begins within so many bytes of a line.
const WITHIN: usize = 96;

/// Names of the fields of JSON lines that have the time.
const FIELDS: [&[u8]; 5] = [b"\"time\"", b"\"ts\"", b"\"timestamp\"", b"\"@timestamp\"", b"\"t\""];

const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

/// When a line was printed, in milliseconds since the Unix epoch. Times without a zone are taken as UTC, which is what
/// containers are set to.
///
/// Understood near the line's beginning: RFC 3339 and ISO 8601 (with a space or `T`), `2022/11/23 03:52:17` (nginx, Go),
/// `23 Nov 2022 03:52:17.123` (Redis), `23/Nov/2022:03:52:17 +0000` (access logs), Unix time with a fraction or in
/// milliseconds; in a JSON line any of these, or a number, in `time`, `ts`, `timestamp`, `@timestamp` or `t`.
#[must_use]
pub fn timestamp(line: &[u8]) -> Option<i64> {
    let begin = line.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let line = &line[begin..];
    if line.first() == Some(&b'{') {
        return in_json(line);
    }
    let head = &line[..line.len().min(2 * WITHIN)];
    if memchr::memchr(ansi::ESCAPE, head).is_some() {
        let mut plain = Vec::with_capacity(head.len());
        ansi::strip(head, &mut plain);
        return in_text(&plain);
    }
    in_text(head)
}

fn in_text(line: &[u8]) -> Option<i64> {
    let begin = usize::from(matches!(line.first(), Some(b'[' | b'(' | b'"')));
    if let Some(time) = unix(line.get(begin..)?) {
        return Some(time);
    }
    let mut is_inside = false;
    for at in 0..line.len().min(WITHIN) {
        let is_digit = line[at].is_ascii_digit();
        if is_digit
            && !is_inside
            && let Some(time) = date_and_time(&line[at..])
        {
            return Some(time);
        }
        is_inside = is_digit;
    }
    None
}

fn in_json(line: &[u8]) -> Option<i64> {
    FIELDS.iter().find_map(|name| {
        let at = memmem::find(line, name)?;
        let rest = line[at + name.len()..]
            .trim_ascii_start()
            .strip_prefix(b":")?
            .trim_ascii_start();
        match rest.strip_prefix(b"\"") {
            Some(text) => date_and_time(text).or_else(|| number(text)),
            None => number(rest),
        }
    })
}

/// Unix time at the beginning of a line: only what is hardly anything else.
fn unix(text: &[u8]) -> Option<i64> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_fraction = text.get(digits) == Some(&b'.') && text.get(digits + 1).is_some_and(u8::is_ascii_digit);
    (digits == 13 || (digits == 10 && is_fraction)).then(|| number(text))?
}

/// Unix time in seconds, milliseconds, microseconds or nanoseconds, by its size.
fn number(text: &[u8]) -> Option<i64> {
    let (whole, rest) = digits(text, 1..20)?;
    let fraction = rest.strip_prefix(b".").map_or(0, milliseconds);
    Some(match whole {
        // Less than a day after the epoch is a duration.
        0..86_400 => return None,
        86_400..100_000_000_000 => whole * 1_000 + fraction,
        100_000_000_000..100_000_000_000_000 => whole,
        100_000_000_000_000..100_000_000_000_000_000 => whole / 1_000,
        _ => whole / 1_000_000,
    })
}

/// A number of so many digits, and what follows.
fn digits(text: &[u8], count: Range<usize>) -> Option<(i64, &[u8])> {
    let found = text
        .iter()
        .take(count.end)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if !count.contains(&found) {
        return None;
    }
    let number = text[..found].iter().try_fold(0_i64, |number, byte| {
        number.checked_mul(10)?.checked_add(i64::from(byte - b'0'))
    })?;
    Some((number, &text[found..]))
}

/// The first three digits of a fraction.
fn milliseconds(text: &[u8]) -> i64 {
    let mut value = 0;
    for index in 0..3 {
        let digit = text.get(index).filter(|byte| byte.is_ascii_digit());
        match digit {
            Some(digit) => value = value * 10 + i64::from(digit - b'0'),
            None => return value * 10_i64.pow(3 - index as u32),
        }
    }
    value
}

fn month(text: &[u8]) -> Option<(i64, &[u8])> {
    let (name, rest) = text.split_first_chunk::<3>()?;
    let index = MONTHS.iter().position(|known| known.eq_ignore_ascii_case(name))?;
    Some((index as i64 + 1, rest))
}

/// A date and a time at the beginning of a text.
fn date_and_time(text: &[u8]) -> Option<i64> {
    let ((year, month, day), rest) = year_first(text).or_else(|| day_first(text))?;
    if !((1970..2200).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)) {
        return None;
    }
    let (hour, rest) = digits(rest, 2..3)?;
    let (minute, rest) = digits(rest.strip_prefix(b":")?, 2..3)?;
    let (second, mut rest) = digits(rest.strip_prefix(b":")?, 2..3)?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut fraction = 0;
    if let Some(after) = rest.strip_prefix(b".").or_else(|| rest.strip_prefix(b","))
        && after.first().is_some_and(u8::is_ascii_digit)
    {
        fraction = milliseconds(after);
        let length = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
        rest = &after[length..];
    }
    let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    Some((seconds - offset(rest).unwrap_or(0)) * 1_000 + fraction)
}

/// Year, month and day.
type Date = (i64, i64, i64);

/// `2022-11-23T`, `2022-11-23 `, `2022/11/23 `.
fn year_first(text: &[u8]) -> Option<(Date, &[u8])> {
    let (year, rest) = digits(text, 4..5)?;
    let (separator, rest) = rest.split_first()?;
    if !matches!(separator, b'-' | b'/') {
        return None;
    }
    let (month, rest) = digits(rest, 2..3)?;
    let (day, rest) = digits(rest.strip_prefix(&[*separator])?, 2..3)?;
    let (between, rest) = rest.split_first()?;
    matches!(between, b'T' | b't' | b' ' | b'_').then_some(((year, month, day), rest))
}

/// `23 Nov 2022 `, `23/Nov/2022:`.
fn day_first(text: &[u8]) -> Option<(Date, &[u8])> {
    let (day, rest) = digits(text, 1..3)?;
    let (separator, rest) = rest.split_first()?;
    if !matches!(separator, b' ' | b'/' | b'-') {
        return None;
    }
    let (month, rest) = month(rest)?;
    let (year, rest) = digits(rest.strip_prefix(&[*separator])?, 4..5)?;
    let (between, rest) = rest.split_first()?;
    matches!(between, b' ' | b':').then_some(((year, month, day), rest))
}

/// Seconds that a zone is before UTC: `+08:00`, ` +0800`, `-05`.
fn offset(text: &[u8]) -> Option<i64> {
    let text = text.strip_prefix(b" ").unwrap_or(text);
    let sign = match text.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, rest) = digits(&text[1..], 2..5)?;
    let (hours, minutes) = if hours > 99 {
        (hours / 100, hours % 100)
    } else {
        let minutes = rest.strip_prefix(b":").and_then(|rest| digits(rest, 2..3));
        (hours, minutes.map_or(0, |(minutes, _)| minutes))
    };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60)
}

/// Days since 1970 of a date of the civil calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March have their leap day at the end.
    let (year, month) = if month <= 2 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// How far a search for a time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// There are lines left: go on.
    Searching,
    /// The first line at or after the time.
    Found(u64),
    /// All lines with a time are earlier.
    AllEarlier,
    /// No line has a time.
    NoTimes,
}

/// A search for the first line that was printed at or after a time, in steps.
#[derive(Debug)]
pub struct TimeSearch {
    target: i64,
    next: u64,
    has_times: bool,
}

impl TimeSearch {
    /// For a time in milliseconds since the Unix epoch.
    #[must_use]
    pub fn new(target: i64) -> Self {
        Self {
            target,
            next: 0,
            has_times: false,
        }
    }

    /// Looks at about `budget` bytes of lines before line `end`, of those that a filter lets pass.
    pub fn step(&mut self, buffer: &LogBuffer, within: Option<&Search>, end: u64, budget: usize) -> Reached {
        let mut spent = 0;
        for (number, line) in buffer.lines(self.next..end) {
            if spent >= budget {
                return Reached::Searching;
            }
            self.next = number + 1;
            // Longer lines cost no more: only their beginnings are looked at, or a few names are looked for.
            spent += line.len().min(4 * WITHIN) + 1;
            if within.is_some_and(|filter| !filter.is_match(number)) {
                continue;
            }
            if let Some(time) = timestamp(line) {
                self.has_times = true;
                if time >= self.target {
                    return Reached::Found(number);
                }
            }
        }
        if self.has_times {
            Reached::AllEarlier
        } else {
            Reached::NoTimes
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::Query;

    /// 2022-11-23T03:52:17Z.
    const TIME: i64 = 1_669_175_537_000;

    #[test]
    fn what_servers_print_is_understood() {
        for (line, expected) in [
            ("2022-11-23T03:52:17Z started", TIME),
            ("2022-11-23T03:52:17.123456789Z stdout F x", TIME + 123),
            ("2022-11-23T11:52:17.5+08:00 x", TIME + 500),
            ("2022-11-22T22:22:17-05:30 x", TIME),
            ("[2022-11-23 03:52:17,042] WARN", TIME + 42),
            (
                "2022-11-23 03:52:17.123 UTC [1] LOG:  database system is ready",
                TIME + 123,
            ),
            ("2022-11-23 03:52:17+00 [1] LOG", TIME),
            (
                "2022/11/23 03:52:17 [notice] 1#1: using the \"epoll\" event method",
                TIME,
            ),
            ("1:M 23 Nov 2022 03:52:17.250 * Ready to accept connections", TIME + 250),
            ("10.0.0.1 - - [23/Nov/2022:03:52:17 +0000] \"GET / HTTP/1.1\" 200", TIME),
            ("10.0.0.1 - - [23/Nov/2022:11:52:17 +0800] \"GET / HTTP/1.1\" 200", TIME),
            ("line 000001 2022-11-23T03:52:17Z alpha", TIME),
            ("INFO  2022-11-23 03:52:17 main - x", TIME),
            ("  2022-11-23T03:52:17Z indented", TIME),
            ("\u{1b}[90m2022-11-23T03:52:17Z\u{1b}[39m coloured", TIME),
            ("1669175537123 epoch ms", TIME + 123),
            ("[1669175537.123456] epoch s", TIME + 123),
            (r#"{"level":30,"time":1669175537123,"msg":"x"}"#, TIME + 123),
            (r#"{"ts":1669175537.25,"msg":"x"}"#, TIME + 250),
            (r#"{"ts": 1669175537, "msg":"x"}"#, TIME),
            (r#"{"ts":1669175537123456,"msg":"x"}"#, TIME + 123),
            (r#"{"ts":1669175537123456789,"msg":"x"}"#, TIME + 123),
            (r#"{"level":"info","timestamp":"2022-11-23T03:52:17.001Z"}"#, TIME + 1),
            (r#" {"@timestamp" : "2022-11-23T03:52:17Z"}"#, TIME),
            (r#"{"time":"1669175537123"}"#, TIME + 123),
            ("1970-01-02 00:00:00 x", 86_400_000),
            ("2024-02-29T00:00:00Z", 1_709_164_800_000),
        ] {
            assert_eq!(timestamp(line.as_bytes()), Some(expected), "{line}");
        }
    }

    #[test]
    fn other_lines_have_no_time() {
        for line in [
            "",
            "   ",
            "Hello from Docker!",
            "    at com.example.Main.main(Main.java:42)",
            "1234567890 is a number",
            "12345678901234 too long",
            "2022-13-23 03:52:17",
            "2022-11-23",
            "2022-11-23 3:52",
            "2022-11-23 25:52:17",
            "version 2022-11 is out",
            "[19:44:10.123] INFO",
            r#"{"msg":"time"}"#,
            r#"{"time":12}"#,
            r#"{"time":null}"#,
            "id=99999999992022-11-23 03:52:17",
        ] {
            assert_eq!(timestamp(line.as_bytes()), None, "{line}");
        }
        let far = format!("{} 2022-11-23T03:52:17Z", "x".repeat(200));
        assert_eq!(timestamp(far.as_bytes()), None);
    }

    fn search(log: &LogBuffer, target: i64, within: Option<&Search>) -> Reached {
        let mut search = TimeSearch::new(target);
        loop {
            let reached = search.step(log, within, u64::MAX, 40);
            if reached != Reached::Searching {
                return reached;
            }
        }
    }

    #[test]
    fn the_first_line_from_a_time_on_is_found() {
        let mut log = LogBuffer::default();
        log.push_lines(b"no time\n2022-11-23T03:52:16Z a\n  at x\n2022-11-23T03:52:18Z b\n2022-11-23T03:52:19Z c\n");
        assert_eq!(search(&log, TIME, None), Reached::Found(3));
        assert_eq!(search(&log, TIME - 1_000, None), Reached::Found(1));
        assert_eq!(search(&log, TIME + 60_000, None), Reached::AllEarlier);
        let mut filter = Search::new(Query::new("c", true).unwrap());
        filter.step(&log, None, usize::MAX);
        assert_eq!(search(&log, TIME, Some(&filter)), Reached::Found(4));
        let mut timeless = LogBuffer::default();
        timeless.push_lines(b"a\nb\n");
        assert_eq!(search(&timeless, TIME, None), Reached::NoTimes);
        assert_eq!(search(&LogBuffer::default(), TIME, None), Reached::NoTimes);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(line in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = timestamp(&line);
        }

        #[test]
        fn nearly_times_are_survived(line in "[\\[{ \"]?[0-9]{1,20}[-/ .T:][0-9A-Za-z]{0,4}[-/ .T:][0-9]{0,4}[-/ .T:][0-9:.,]{0,16}[Z+-]?[0-9:]{0,6}") {
            let _ = timestamp(line.as_bytes());
        }
    }
}
