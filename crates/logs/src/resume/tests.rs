use proptest::prelude::*;

use super::*;

/// A platform that keeps the last lines of a log.
struct Platform {
    log: Vec<String>,
    kept: usize,
    ignores_tail: bool,
}

impl Platform {
    fn new(kept: usize) -> Self {
        Self {
            log: Vec::new(),
            kept,
            ignores_tail: false,
        }
    }

    fn print(&mut self, lines: impl IntoIterator<Item = String>) {
        self.log.extend(lines);
    }

    /// Where a replay begins.
    fn begin(&self, request: Request) -> usize {
        let oldest = self.log.len().saturating_sub(self.kept);
        match request.tail_lines {
            Some(tail) if !self.ignores_tail => oldest.max(self.log.len().saturating_sub(tail as usize)),
            _ => oldest,
        }
    }
}

/// A console that shows lines.
struct Console {
    resume: Resume,
    shown: Vec<String>,
    requests: Vec<Option<u64>>,
}

const GAP: &str = "--- gap ---";

impl Console {
    fn new(tail_lines: Option<u64>, settings: ResumeSettings) -> Self {
        Self {
            resume: Resume::new(Request { tail_lines }, settings),
            shown: Vec::new(),
            requests: Vec::new(),
        }
    }

    fn show(shown: &mut Vec<String>, item: Item<'_>) {
        shown.push(match item {
            Item::Line(line) => String::from_utf8_lossy(line).into_owned(),
            Item::Gap => GAP.to_owned(),
        });
    }

    fn connect(&mut self, platform: &Platform) -> usize {
        let request = self.resume.next_request();
        self.requests.push(request.tail_lines);
        self.resume.connected(request);
        platform.begin(request)
    }

    fn receive(&mut self, lines: &[String]) -> State {
        for line in lines {
            self.resume
                .line(line.as_bytes(), |item| Self::show(&mut self.shown, item));
        }
        self.resume.state()
    }

    fn settle(&mut self) -> State {
        self.resume.settle(|item| Self::show(&mut self.shown, item))
    }

    /// Connects, as often as it takes, until everything printed is shown.
    fn catch_up(&mut self, platform: &Platform) {
        for _ in 0..20 {
            let begin = self.connect(platform);
            let mut state = self.receive(&platform.log[begin..]);
            if state == State::Matching {
                state = self.settle();
            }
            if state != State::Gap {
                return;
            }
        }
        panic!("still not live after {:?}", self.requests);
    }
}

fn numbered(range: std::ops::Range<usize>) -> impl Iterator<Item = String> {
    range.map(|number| format!("line {number:06}"))
}

#[test]
fn what_is_replayed_is_not_shown_again() {
    let mut platform = Platform::new(20_000);
    platform.print(numbered(0..1_000));
    let mut console = Console::new(None, ResumeSettings::default());
    console.catch_up(&platform);
    platform.print(numbered(1_000..1_040));
    console.catch_up(&platform);
    console.catch_up(&platform);
    assert_eq!(console.shown, platform.log);
    assert_eq!(console.requests, [None, Some(500), Some(500)]);
}

#[test]
fn a_replay_that_is_too_short_is_asked_for_again() {
    let mut platform = Platform::new(20_000);
    platform.print(numbered(0..100));
    let mut console = Console::new(Some(100), ResumeSettings::default());
    console.catch_up(&platform);
    platform.print(numbered(100..5_000));
    console.catch_up(&platform);
    assert_eq!(console.shown, platform.log);
    assert_eq!(
        console.requests,
        [Some(100), Some(100), Some(400), Some(1_600), Some(6_400)]
    );
    console.catch_up(&platform);
    assert_eq!(console.requests.last(), Some(&Some(500)));
}

#[test]
fn a_replay_that_begins_earlier_than_the_first_line_known_finds_its_place() {
    let mut platform = Platform::new(20_000);
    platform.ignores_tail = true;
    platform.print(numbered(0..3_000));
    let mut console = Console::new(
        None,
        ResumeSettings {
            remembered_lines: 700,
            ..ResumeSettings::default()
        },
    );
    console.catch_up(&platform);
    platform.print(numbered(3_000..3_010));
    console.catch_up(&platform);
    assert_eq!(console.shown, platform.log);
}

#[test]
fn a_restarted_container_shows_a_gap_and_all_of_its_new_log() {
    let mut platform = Platform::new(20_000);
    let banner = || ["starting".to_owned(), "ready".to_owned()];
    platform.print(banner());
    platform.print(numbered(0..900));
    let mut console = Console::new(None, ResumeSettings::default());
    console.catch_up(&platform);
    let mut expected = platform.log.clone();
    platform.log = banner().to_vec();
    console.catch_up(&platform);
    expected.push(GAP.into());
    expected.extend(banner());
    assert_eq!(console.shown, expected);
    platform.print(["more".to_owned()]);
    console.catch_up(&platform);
    expected.push("more".into());
    assert_eq!(console.shown, expected);
}

#[test]
fn a_rotated_log_shows_a_gap_and_what_is_left() {
    let mut platform = Platform::new(1_000);
    platform.print(numbered(0..500));
    let mut console = Console::new(None, ResumeSettings::default());
    console.catch_up(&platform);
    platform.print(numbered(500..9_000));
    console.catch_up(&platform);
    let expected: Vec<_> = numbered(0..500)
        .chain([GAP.to_owned()])
        .chain(numbered(8_000..9_000))
        .collect();
    assert_eq!(console.shown, expected);
}

#[test]
fn lines_are_live_as_soon_as_the_place_is_certain() {
    let mut platform = Platform::new(20_000);
    platform.print(numbered(0..600));
    let mut console = Console::new(None, ResumeSettings::default());
    console.catch_up(&platform);
    let begin = console.connect(&platform);
    assert_eq!(console.receive(&platform.log[begin..begin + 499]), State::Matching);
    assert_eq!(console.receive(&platform.log[begin + 499..]), State::Live);
    assert_eq!(console.receive(&["new".to_owned()]), State::Live);
    assert_eq!(console.shown.last().map(String::as_str), Some("new"));
    assert_eq!(console.shown.len(), 601);
}

#[test]
fn nothing_received_means_that_everything_is_new() {
    let mut console = Console::new(Some(0), ResumeSettings::default());
    console.connect(&Platform::new(10));
    let mut platform = Platform::new(10);
    platform.print(numbered(0..3));
    assert_eq!(console.connect(&platform), 3);
    assert_eq!(console.receive(&platform.log), State::Live);
    assert_eq!(console.settle(), State::Live);
    assert_eq!(console.shown, platform.log);
}

#[test]
fn in_a_log_of_identical_lines_the_longest_agreement_wins() {
    let mut platform = Platform::new(20_000);
    let same = |count| std::iter::repeat_n("tick".to_owned(), count);
    platform.print(same(1_000));
    let mut console = Console::new(None, ResumeSettings::default());
    console.catch_up(&platform);
    assert_eq!(console.shown.len(), 1_000);
    platform.print(same(10));
    let begin = console.connect(&platform);
    console.receive(&platform.log[begin..]);
    assert_eq!(console.settle(), State::Live);
    // The ten are not shown, no line is shown twice, and what comes then is shown again.
    console.receive(&["tick".to_owned()]);
    assert_eq!(console.shown.len(), 1_001);
}

#[test]
fn lines_held_back_are_bounded_and_their_loss_is_shown() {
    let settings = ResumeSettings {
        held_bytes: 1_200,
        ..ResumeSettings::default()
    };
    let mut platform = Platform::new(20_000);
    platform.print(numbered(0..500));
    let mut console = Console::new(None, settings);
    console.catch_up(&platform);
    platform.log = numbered(90_000..90_003).chain(numbered(0..300)).collect();
    platform.log.splice(0..0, numbered(480..500));
    console.catch_up(&platform);
    assert_eq!(
        console.shown,
        numbered(0..500)
            .chain(platform.log[20..].iter().cloned())
            .collect::<Vec<_>>()
    );
}

/// A log in which no eight lines in a row occur twice, though most lines do: real logs repeat lines, but not long passages.
fn log_line(index: usize, seed: u64) -> String {
    if index % 4 == 3 {
        return format!("request {index}");
    }
    let mut hasher = DefaultHasher::new();
    hasher.write_u64(seed ^ index as u64);
    ["ok", "retry", "", "\tat example.Main", "ok"][(hasher.finish() % 5) as usize].to_owned()
}

#[derive(Debug, Clone)]
struct Step {
    /// Printed while the console is disconnected.
    missed: usize,
    /// Printed while it is connected.
    live: usize,
    /// How much of what could be received is received before the connection breaks.
    received: f64,
    settles: bool,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (
        prop_oneof![0..30_usize, 0..900_usize],
        0..60_usize,
        0.0..1.2_f64,
        any::<bool>(),
    )
        .prop_map(|(missed, live, received, settles)| Step {
            missed,
            live,
            received: received.min(1.0),
            settles,
        });
    proptest::collection::vec(step, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_line_is_shown_exactly_once_wherever_connections_break(
        seed in any::<u64>(),
        before in 0..2_000_usize,
        tail in proptest::option::of(16..600_u64),
        remembered in 16..3_000_usize,
        steps in steps(),
    ) {
        let mut platform = Platform::new(usize::MAX);
        let mut printed = 0;
        let mut print = |platform: &mut Platform, count: usize| {
            platform.print((printed..printed + count).map(|index| log_line(index, seed)));
            printed += count;
        };
        print(&mut platform, before);
        let settings = ResumeSettings { remembered_lines: remembered, tail_lines: 60, largest_tail: 1_000, ..ResumeSettings::default() };
        let mut console = Console::new(tail, settings);
        let begin = console.connect(&platform);
        let first = begin;
        // What the first connection gives, unless it was asked for everything, is enough to recognise a place.
        print(&mut platform, 16);
        console.receive(&platform.log[begin..begin + 16]);
        for step in &steps {
            print(&mut platform, step.missed);
            let begin = console.connect(&platform);
            print(&mut platform, step.live);
            let lines = &platform.log[begin..];
            let count = (lines.len() as f64 * step.received) as usize;
            let state = console.receive(&lines[..count]);
            if step.settles && count == lines.len() && state == State::Matching {
                console.settle();
            }
        }
        console.catch_up(&platform);
        prop_assert_eq!(&console.shown, &platform.log[first..]);
    }

    #[test]
    fn a_trimmed_log_loses_only_what_was_trimmed(
        seed in any::<u64>(), kept in 20..300_usize, steps in steps(),
    ) {
        let mut platform = Platform::new(kept);
        let settings = ResumeSettings { tail_lines: 60, ..ResumeSettings::default() };
        let mut console = Console::new(None, settings);
        // A place is recognised by eight lines or more: with fewer known, or left, it is uncertain, which is not what this is about.
        let mut expected: Vec<String> = (0..16).map(|index| log_line(index, seed)).collect();
        platform.print(expected.iter().cloned());
        let mut printed = expected.len();
        console.catch_up(&platform);
        for step in &steps {
            let lines: Vec<_> = (printed..printed + step.missed).map(|index| log_line(index, seed)).collect();
            platform.print(lines.iter().cloned());
            printed += step.missed;
            prop_assume!(step.missed + 16 <= kept || step.missed >= kept);
            console.catch_up(&platform);
            if step.missed >= kept {
                expected.push(GAP.into());
            }
            expected.extend(lines[lines.len().saturating_sub(kept)..].iter().cloned());
            prop_assert_eq!(&console.shown, &expected);
        }
    }
}
