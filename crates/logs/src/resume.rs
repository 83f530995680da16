//! Going on after a reconnect, with every line exactly once.
//!
//! The platform's log stream has no line numbers. A connection begins with a replay (the last lines that were asked for, or all
//! that are kept) and goes on with live lines, without a mark in between. So after a reconnect, what was received before is laid
//! over the replay: the longest end of what was received that the replay begins with is what both have, and what follows it is
//! new. Lines are compared by 64 bit hashes; the lines of a replay are held back until the place is found, which is usually when
//! the replay has passed the last line known.
//!
//! Where no place is found, or the agreement is too short to be no coincidence, a longer replay is asked for; if even all that is
//! kept does not join up (the container was restarted, its log was rotated), the new lines follow after [`Item::Gap`].
//!
//! # What cannot be decided
//! In a log that repeats itself exactly over the whole replay, say of one line that is always the same and has no time, all places
//! look alike. The longest agreement wins then: lines that were printed while disconnected may be taken for known ones and be left
//! out. They cannot be told apart by anybody who sees the lines only. Likewise a container that after its restart prints
//! exactly what it printed before looks as if it had printed nothing.
//!
//! # How to use it
//! Connect with [`Resume::next_request`], tell [`Resume::connected`], give each line to [`Resume::line`]; when the stream has been
//! quiet for a second or two, or has not become live after some seconds, call [`Resume::settle`]. On [`State::Gap`] drop the
//! connection and begin again. A connection that breaks needs no call.

use std::{
    collections::VecDeque,
    hash::{DefaultHasher, Hasher},
};

/// What to ask the platform for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// `tailLines`: replay so many lines; `None` for all that are kept.
    pub tail_lines: Option<u64>,
}

/// What a reader gets, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item<'a> {
    /// A line that was not given before.
    Line(&'a [u8]),
    /// Lines are missing here, or another run of the container begins.
    Gap,
}

/// How a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not connected.
    Disconnected,
    /// Lines are held back until it is known which are new.
    Matching,
    /// Every line that comes is new.
    Live,
    /// The replay did not reach back far enough: connect again with [`Resume::next_request`].
    Gap,
}

/// Bounds of a [`Resume`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResumeSettings {
    /// How many lines are remembered, eight bytes each.
    pub remembered_lines: usize,
    /// How many lines to ask for when reconnecting.
    pub tail_lines: u64,
    /// Beyond this, everything is asked for.
    pub largest_tail: u64,
    /// Bytes of lines held back at most; the oldest of them are given up beyond, and a gap shown if they turn out to be new.
    pub held_bytes: usize,
}

impl Default for ResumeSettings {
    /// 262,144 lines in 2 MiB; 500 lines, then 2,000, 8,000, 32,000, then all; 32 MiB held back.
    fn default() -> Self {
        Self {
            remembered_lines: 1 << 18,
            tail_lines: 500,
            largest_tail: 32_000,
            held_bytes: 32 << 20,
        }
    }
}

/// Replays grow by this factor.
const GROWTH: u64 = 4;

/// So many lines that agree are no coincidence. Fewer count only where no more are known.
const CONFIDENT: usize = 8;

/// Decides which lines are new.
#[derive(Debug)]
pub struct Resume {
    settings: ResumeSettings,
    initial: Request,
    /// What to ask for when reconnecting.
    request: Option<Request>,
    /// Hashes of the lines given, newest last.
    remembered: VecDeque<u64>,
    /// Whether `remembered` goes back to the oldest line that the platform had, so that no replay can begin earlier.
    complete: bool,
    phase: Phase,
}

#[derive(Debug)]
enum Phase {
    Disconnected,
    Live,
    Matching(Box<Matching>),
    Gap,
}

fn hash(line: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(line);
    hasher.finish()
}

impl Resume {
    /// Nothing received yet. `initial` is what the first connection asks for, as the user chose.
    #[must_use]
    pub fn new(initial: Request, settings: ResumeSettings) -> Self {
        Self {
            settings,
            initial,
            request: None,
            remembered: VecDeque::new(),
            complete: false,
            phase: Phase::Disconnected,
        }
    }

    /// What the next connection is to ask for.
    #[must_use]
    pub fn next_request(&self) -> Request {
        if self.remembered.is_empty() {
            return self.initial;
        }
        self.request.unwrap_or_else(|| {
            // Not more than is known, unless everything is: a replay that begins before what is known finds its place less surely.
            let known = if self.complete {
                u64::MAX
            } else {
                self.remembered.len() as u64
            };
            Request {
                tail_lines: Some(self.settings.tail_lines.min(known).max(1)),
            }
        })
    }

    /// Whether lines were received before, so that the next connection's replay is laid over them.
    #[must_use]
    pub fn is_resuming(&self) -> bool {
        !self.remembered.is_empty()
    }

    /// A connection that asked for `request` is open.
    pub fn connected(&mut self, request: Request) {
        self.phase = if self.remembered.is_empty() {
            self.complete = request.tail_lines.is_none();
            Phase::Live
        } else {
            self.request = Some(request);
            let known = self.remembered.make_contiguous();
            Phase::Matching(Box::new(Matching::new(request, known, !self.complete)))
        };
    }

    /// How the connection stands.
    #[must_use]
    pub fn state(&self) -> State {
        match self.phase {
            Phase::Disconnected => State::Disconnected,
            Phase::Live => State::Live,
            Phase::Matching(_) => State::Matching,
            Phase::Gap => State::Gap,
        }
    }

    /// A line came. Gives what is new to `emit`: nothing, this line, or also lines held back before it.
    pub fn line(&mut self, line: &[u8], mut emit: impl FnMut(Item<'_>)) -> State {
        match &mut self.phase {
            Phase::Live => {
                self.remember(hash(line));
                emit(Item::Line(line));
            }
            Phase::Matching(matching) => {
                let verdict = matching.line(line, self.remembered.as_slices().0, self.settings.held_bytes);
                self.conclude(verdict, &mut emit);
            }
            Phase::Disconnected | Phase::Gap => {}
        }
        self.state()
    }

    /// The replay is taken to be over: it was quiet for a while, or a while has passed. Decides what was still open; does nothing
    /// where nothing came or everything is decided.
    pub fn settle(&mut self, mut emit: impl FnMut(Item<'_>)) -> State {
        if let Phase::Matching(matching) = &mut self.phase {
            let verdict = matching.settle(self.remembered.as_slices().0);
            self.conclude(verdict, &mut emit);
        }
        self.state()
    }

    fn remember(&mut self, hash: u64) {
        if self.remembered.len() >= self.settings.remembered_lines.max(1) {
            self.remembered.pop_front();
            self.complete = false;
        }
        self.remembered.push_back(hash);
    }

    fn conclude(&mut self, verdict: Verdict, emit: &mut impl FnMut(Item<'_>)) {
        if verdict == Verdict::Open {
            return;
        }
        let Phase::Matching(mut matching) = std::mem::replace(&mut self.phase, Phase::Live) else {
            return;
        };
        let mut from = match verdict {
            Verdict::NewFrom(from) if from >= matching.held.first => from,
            _ => {
                let wanted = self.longer(&matching);
                if let Some(request) = wanted {
                    self.request = Some(request);
                    self.phase = Phase::Gap;
                    return;
                }
                // Not even everything that is kept joins up.
                emit(Item::Gap);
                self.remembered.clear();
                self.complete = matching.held.first == 0;
                0
            }
        };
        self.request = None;
        from = from.max(matching.held.first);
        for line in matching.held.lines_from(from) {
            self.remember(hash(line));
            emit(Item::Line(line));
        }
    }

    /// A longer replay than the one that did not join up; `None` if that was everything.
    fn longer(&self, matching: &Matching) -> Option<Request> {
        let asked = matching.asked.tail_lines?;
        let longer = asked.saturating_mul(GROWTH);
        // A replay shorter than asked for was everything, as far as one can tell without an end mark: make sure.
        let was_everything = matching.settled && matching.received < asked;
        Some(Request {
            tail_lines: (longer <= self.settings.largest_tail && !was_everything).then_some(longer),
        })
    }
}

/// What a replay's lines so far tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Open,
    /// The replay's lines from this one on are new.
    NewFrom(usize),
    /// The replay does not join up.
    Gap,
}

/// A replay being laid over what is known.
///
/// Knuth-Morris-Pratt in two directions, both online: the replay as a pattern that is still growing in the text of what is
/// known (the usual case: the replay begins somewhere within it), and what is known as a pattern in the replay (the replay begins
/// earlier). Each line costs constant time on average, however often lines repeat.
#[derive(Debug)]
struct Matching {
    asked: Request,
    received: u64,
    settled: bool,
    held: Held,
    /// Hashes of the replay's lines, as long as they are compared.
    replay: Vec<u64>,
    failure: Vec<u32>,
    /// How many known lines have been passed,
    passed: usize,
    /// and how many of the replay's lines the last ones of these equal.
    agreeing: usize,
    /// How the replay is searched for all that is known, where it may begin earlier.
    earlier: Option<Earlier>,
}

#[derive(Debug)]
struct Earlier {
    failure: Vec<u32>,
    agreeing: usize,
}

/// Appends to a failure function the value for the pattern's next element, `pattern[failure.len()]`.
fn extend_failure(failure: &mut Vec<u32>, pattern: &[u64]) {
    let next = failure.len();
    let mut length = failure.last().copied().unwrap_or(0) as usize;
    if next > 0 {
        while length > 0 && pattern[next] != pattern[length] {
            length = failure[length - 1] as usize;
        }
        length += usize::from(pattern[next] == pattern[length]);
    }
    // Patterns are bounded by `remembered_lines`, far below 32 bits' range.
    failure.push(length as u32);
}

impl Matching {
    fn new(asked: Request, known: &[u64], may_begin_earlier: bool) -> Self {
        let earlier = may_begin_earlier.then(|| {
            let mut failure = Vec::with_capacity(known.len());
            while failure.len() < known.len() {
                extend_failure(&mut failure, known);
            }
            Earlier { failure, agreeing: 0 }
        });
        Self {
            asked,
            received: 0,
            settled: false,
            held: Held::default(),
            replay: Vec::new(),
            failure: Vec::new(),
            passed: 0,
            agreeing: 0,
            earlier,
        }
    }

    fn line(&mut self, line: &[u8], known: &[u64], held_bytes: usize) -> Verdict {
        let hash = hash(line);
        self.received += 1;
        self.held.push(line, held_bytes);
        if self.passed < known.len() {
            self.replay.push(hash);
            extend_failure(&mut self.failure, &self.replay);
            self.advance(known);
        }
        if let Some(earlier) = &mut self.earlier {
            while earlier.agreeing > 0 && known[earlier.agreeing] != hash {
                earlier.agreeing = earlier.failure[earlier.agreeing - 1] as usize;
            }
            earlier.agreeing += usize::from(known[earlier.agreeing] == hash);
            if earlier.agreeing == known.len() {
                return Verdict::NewFrom(self.received as usize);
            }
        }
        self.judge(known)
    }

    /// Passes known lines as far as the replay tells.
    fn advance(&mut self, known: &[u64]) {
        while self.passed < known.len() && self.agreeing < self.replay.len() {
            if known[self.passed] == self.replay[self.agreeing] {
                self.passed += 1;
                self.agreeing += 1;
            } else if self.agreeing > 0 {
                self.agreeing = self.failure[self.agreeing - 1] as usize;
            } else {
                self.passed += 1;
            }
        }
    }

    fn settle(&mut self, known: &[u64]) -> Verdict {
        if self.received == 0 {
            return Verdict::Open;
        }
        self.settled = true;
        // The replay has no more lines, so places that would need more of them are wrong.
        while self.passed < known.len() {
            match self.agreeing.checked_sub(1) {
                Some(last) => self.agreeing = self.failure[last] as usize,
                None => self.passed = known.len(),
            }
            self.advance(known);
        }
        self.judge(known)
    }

    fn judge(&self, known: &[u64]) -> Verdict {
        if self.passed < known.len() {
            return Verdict::Open;
        }
        let sure = self.agreeing >= CONFIDENT.min(known.len());
        let replay_over = self.settled || self.asked.tail_lines.is_some_and(|asked| self.received >= asked);
        if sure {
            Verdict::NewFrom(self.agreeing)
        } else if self.earlier.is_some() && !replay_over {
            Verdict::Open
        } else {
            // Also where everything was asked for and a few lines agree: they may, but a line shown again after a gap is a
            // smaller harm than one that is never shown.
            Verdict::Gap
        }
    }
}

/// Lines held back.
#[derive(Debug, Default)]
struct Held {
    /// Which of the replay's lines is the first that is still here.
    first: usize,
    text: VecDeque<u8>,
    lengths: VecDeque<usize>,
}

impl Held {
    fn push(&mut self, line: &[u8], limit: usize) {
        self.text.extend(line);
        self.lengths.push_back(line.len());
        while self.text.len() > limit.max(line.len()) {
            if let Some(length) = self.lengths.pop_front() {
                self.text.drain(..length);
                self.first += 1;
            }
        }
    }

    /// The lines from the replay's line `from` on, which must not be before the first.
    fn lines_from(&mut self, from: usize) -> impl Iterator<Item = &[u8]> {
        let mut start = self.lengths.iter().take(from - self.first).sum::<usize>();
        let lengths = &self.lengths;
        let text: &[u8] = self.text.make_contiguous();
        lengths.iter().skip(from - self.first).map(move |length| {
            let line = &text[start..start + length];
            start += length;
            line
        })
    }
}

#[cfg(test)]
mod tests;
