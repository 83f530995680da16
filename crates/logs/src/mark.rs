//! What happened to the sources of a log between its lines.

use crate::buffer::LogBuffer;

/// Something that happened to a source between two lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The line that it happened before; it need not have come yet.
    pub before: u64,
    /// To whom.
    pub source: u8,
    /// What.
    pub kind: MarkKind,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// Lines are missing, or another run begins: it is not known which.
    Gap,
    /// The container ended, with this exit code where it is known.
    Ended(Option<i32>),
    /// Whoever owns it had it stopped.
    Paused,
    /// The container ended, with this exit code where it is known, and was started again.
    Restarted(Option<i32>),
}

impl MarkKind {
    /// How much it tells: what tells more takes the place of what tells less.
    pub(crate) fn tells(self) -> u8 {
        match self {
            Self::Gap => 0,
            Self::Ended(None) => 1,
            Self::Paused => 2,
            Self::Ended(Some(_)) => 3,
            Self::Restarted(None) => 4,
            Self::Restarted(Some(_)) => 5,
        }
    }
}

/// How a container was seen to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// How often it had been started again.
    pub restarts: u64,
    /// What it did.
    pub phase: Phase,
    /// With which exit code the last run before ended, where that is known.
    pub last_exit: Option<i32>,
}

/// What a container does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// It runs since then.
    Running(String),
    /// It does not run yet, or not again yet.
    Waiting,
    /// It ended with this exit code.
    Ended(i32),
    /// Its service was paused, so it is not there at all.
    Paused,
}

/// The runs of one source of a log: puts its lines into the buffer, and marks where a run ended or another began.
///
/// The stream says where a run ended but not why, the container's state says why but not where, and either may come first.
#[derive(Debug)]
pub struct Runs {
    source: u8,
    /// The number of the source's last line.
    last_line: Option<u64>,
    /// Where the stream ended, unless lines have come since.
    ended_at: Option<u64>,
    /// What is to be marked when the stream ends.
    pending: Option<MarkKind>,
    /// The place of the last mark that no other run was seen after yet.
    open: Option<(u64, MarkKind)>,
    /// The run seen last: restarts before it, and its start.
    run: Option<(u64, String)>,
}

impl Runs {
    /// Of a source that has printed nothing yet.
    #[must_use]
    pub fn new(source: u8) -> Self {
        Self {
            source,
            last_line: None,
            ended_at: None,
            pending: None,
            open: None,
            run: None,
        }
    }

    /// A line came.
    pub fn line(&mut self, buffer: &mut LogBuffer, line: &[u8]) {
        self.last_line = Some(buffer.numbers().end);
        self.ended_at = None;
        // A stream that goes on without a gap was not restarted: what was seen is older than the stream.
        if matches!(self.pending, Some(MarkKind::Restarted(_))) {
            self.pending = None;
        }
        buffer.push_from(self.source, line);
    }

    /// Lines are missing, or another run begins.
    pub fn gap(&mut self, buffer: &mut LogBuffer) {
        // Why is known already where the end was marked.
        if self.open_end().is_none() {
            let kind = match self.pending.take() {
                Some(restarted @ MarkKind::Restarted(_)) => restarted,
                _ => MarkKind::Gap,
            };
            self.mark(buffer, buffer.numbers().end, kind);
        }
    }

    /// The stream ended, as it does when the container ends.
    pub fn stream_ended(&mut self, buffer: &mut LogBuffer) {
        if self.last_line.is_some() && self.open_end().is_none() {
            let end = buffer.numbers().end;
            self.ended_at = Some(end);
            if let Some(kind) = self.pending.take() {
                self.mark(buffer, end, kind);
            }
        }
    }

    /// The container was seen.
    pub fn observe(&mut self, buffer: &mut LogBuffer, seen: &Seen) {
        match &seen.phase {
            Phase::Running(started) => {
                let run = (seen.restarts, started.clone());
                let before = self.run.replace(run.clone());
                let is_other = match &before {
                    Some(before) => *before != run,
                    // One that was never seen to run, but to end.
                    None => matches!(self.open, Some((_, MarkKind::Ended(_)))),
                };
                self.pending = None;
                if is_other {
                    let kind = MarkKind::Restarted(seen.last_exit);
                    match (self.open, self.ended_at) {
                        (Some((_, MarkKind::Paused)), _) => {}
                        // Its stream has not ended yet, as far as is known.
                        (None, None) => self.pending = Some(kind),
                        (open, ended_at) => {
                            let place = open.map(|(place, _)| place).max(ended_at).unwrap_or_default();
                            self.mark(buffer, place, kind);
                        }
                    }
                }
                if is_other || before.is_none() {
                    self.open = None;
                    self.ended_at = None;
                }
            }
            Phase::Ended(code) => self.ended(buffer, MarkKind::Ended(Some(*code))),
            Phase::Waiting => self.ended(buffer, MarkKind::Ended(seen.last_exit)),
            Phase::Paused => self.ended(buffer, MarkKind::Paused),
        }
    }

    fn ended(&mut self, buffer: &mut LogBuffer, kind: MarkKind) {
        let place = self.open_end().or(self.ended_at);
        match place {
            Some(place) => self.mark(buffer, place, kind),
            // Its last lines may still be on their way.
            None => self.pending = Some(kind),
        }
    }

    /// The place of the last mark, unless lines have come since.
    fn open_end(&self) -> Option<u64> {
        let (place, _) = self.open?;
        self.last_line.is_none_or(|line| line < place).then_some(place)
    }

    fn mark(&mut self, buffer: &mut LogBuffer, place: u64, kind: MarkKind) {
        // Of a source that was silent so far nothing can be missing.
        if self.last_line.is_some() {
            buffer.mark(place, self.source, kind);
            self.open = Some((place, kind));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(restarts: u64, phase: Phase, last_exit: Option<i32>) -> Seen {
        Seen {
            restarts,
            phase,
            last_exit,
        }
    }

    fn running(restarts: u64, last_exit: Option<i32>) -> Seen {
        seen(restarts, Phase::Running(format!("start {restarts}")), last_exit)
    }

    fn marks(buffer: &LogBuffer) -> Vec<(u64, MarkKind)> {
        buffer.marks(0..u64::MAX).map(|mark| (mark.before, mark.kind)).collect()
    }

    fn started() -> (LogBuffer, Runs) {
        let (mut buffer, mut runs) = (LogBuffer::default(), Runs::new(0));
        runs.observe(&mut buffer, &running(0, None));
        runs.line(&mut buffer, b"one");
        runs.line(&mut buffer, b"two");
        (buffer, runs)
    }

    #[test]
    fn an_end_is_marked_with_its_code_and_becomes_a_restart() {
        let (mut buffer, mut runs) = started();
        runs.stream_ended(&mut buffer);
        assert_eq!(marks(&buffer), []);
        runs.observe(&mut buffer, &seen(0, Phase::Ended(137), None));
        assert_eq!(marks(&buffer), [(2, MarkKind::Ended(Some(137)))]);
        // Asked again and again while it waits: nothing new.
        runs.observe(&mut buffer, &seen(0, Phase::Waiting, None));
        runs.stream_ended(&mut buffer);
        runs.gap(&mut buffer);
        assert_eq!(marks(&buffer), [(2, MarkKind::Ended(Some(137)))]);
        runs.line(&mut buffer, b"three");
        runs.observe(&mut buffer, &running(1, Some(137)));
        runs.observe(&mut buffer, &running(1, Some(137)));
        assert_eq!(marks(&buffer), [(2, MarkKind::Restarted(Some(137)))]);
    }

    #[test]
    fn an_end_that_is_seen_early_is_marked_behind_the_last_lines() {
        let (mut buffer, mut runs) = started();
        runs.observe(&mut buffer, &seen(0, Phase::Ended(1), None));
        runs.line(&mut buffer, b"last words");
        assert_eq!(marks(&buffer), []);
        runs.stream_ended(&mut buffer);
        assert_eq!(marks(&buffer), [(3, MarkKind::Ended(Some(1)))]);
    }

    #[test]
    fn a_run_that_is_seen_late_is_marked_where_its_lines_began() {
        let (mut buffer, mut runs) = started();
        runs.stream_ended(&mut buffer);
        runs.gap(&mut buffer);
        assert_eq!(marks(&buffer), [(2, MarkKind::Gap)]);
        runs.line(&mut buffer, b"a new run");
        runs.observe(&mut buffer, &running(1, Some(1)));
        assert_eq!(marks(&buffer), [(2, MarkKind::Restarted(Some(1)))]);
    }

    #[test]
    fn a_run_that_is_seen_before_its_lines_come_is_marked_there_and_old_news_nowhere() {
        let (mut buffer, mut runs) = started();
        runs.observe(&mut buffer, &running(1, Some(9)));
        runs.gap(&mut buffer);
        runs.line(&mut buffer, b"a new run");
        assert_eq!(marks(&buffer), [(2, MarkKind::Restarted(Some(9)))]);
        runs.observe(&mut buffer, &running(2, None));
        runs.line(&mut buffer, b"the same run");
        runs.stream_ended(&mut buffer);
        assert_eq!(marks(&buffer).len(), 1);
    }

    #[test]
    fn a_log_that_begins_with_the_last_lines_of_a_run_goes_on_behind_a_mark() {
        let (mut buffer, mut runs) = (LogBuffer::default(), Runs::new(0));
        runs.observe(&mut buffer, &seen(3, Phase::Waiting, Some(1)));
        runs.line(&mut buffer, b"last words");
        runs.stream_ended(&mut buffer);
        assert_eq!(marks(&buffer), [(1, MarkKind::Ended(Some(1)))]);
        runs.gap(&mut buffer);
        runs.line(&mut buffer, b"a new run");
        runs.observe(&mut buffer, &running(4, Some(1)));
        assert_eq!(marks(&buffer), [(1, MarkKind::Restarted(Some(1)))]);
        runs.stream_ended(&mut buffer);
        runs.observe(&mut buffer, &running(5, Some(2)));
        assert_eq!(marks(&buffer).last(), Some(&(2, MarkKind::Restarted(Some(2)))));
    }

    #[test]
    fn a_stream_that_merely_ended_leaves_no_mark() {
        let (mut buffer, mut runs) = started();
        runs.stream_ended(&mut buffer);
        runs.observe(&mut buffer, &running(0, None));
        runs.line(&mut buffer, b"three");
        runs.observe(&mut buffer, &running(0, None));
        assert_eq!(marks(&buffer), []);
    }

    #[test]
    fn a_pause_stays_a_pause_and_silence_is_not_marked() {
        let (mut buffer, mut runs) = started();
        runs.observe(&mut buffer, &seen(0, Phase::Paused, None));
        runs.stream_ended(&mut buffer);
        assert_eq!(marks(&buffer), [(2, MarkKind::Paused)]);
        runs.gap(&mut buffer);
        runs.line(&mut buffer, b"again");
        runs.observe(&mut buffer, &running(5, None));
        assert_eq!(marks(&buffer), [(2, MarkKind::Paused)]);

        let (mut buffer, mut runs) = (LogBuffer::default(), Runs::new(1));
        runs.observe(&mut buffer, &running(0, None));
        runs.stream_ended(&mut buffer);
        runs.observe(&mut buffer, &running(1, Some(1)));
        assert_eq!(marks(&buffer), []);
    }

    #[test]
    fn sources_are_marked_each_by_itself() {
        let mut buffer = LogBuffer::default();
        let (mut first, mut second) = (Runs::new(0), Runs::new(1));
        first.line(&mut buffer, b"a");
        second.line(&mut buffer, b"b");
        first.stream_ended(&mut buffer);
        second.line(&mut buffer, b"c");
        first.observe(&mut buffer, &seen(0, Phase::Ended(2), None));
        let found: Vec<Mark> = buffer.marks(0..u64::MAX).collect();
        assert_eq!(
            found,
            [Mark {
                before: 2,
                source: 0,
                kind: MarkKind::Ended(Some(2))
            }]
        );
    }
}
