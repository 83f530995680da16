//! Many services, one thing done to each: what was sent, what came of it, what is still to be sent.

use vcloud_api::{ApiError, ErrorKind};

/// Why one of them was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub why: ApiError,
    /// Whether it was sent and nobody knows what became of it.
    pub may_be_done: bool,
}

impl Failure {
    /// Something went wrong before anything was changed.
    pub fn before(why: ApiError) -> Failure {
        Failure {
            why,
            may_be_done: false,
        }
    }

    /// The change itself was not accepted. Only a clear refusal says that it was not carried out.
    pub fn of_change(why: ApiError) -> Failure {
        let may_be_done = matches!(
            why.kind,
            ErrorKind::Network
                | ErrorKind::Timeout
                | ErrorKind::Interrupted
                | ErrorKind::Cors
                | ErrorKind::Server
                | ErrorKind::NotJson
                | ErrorKind::Malformed
                | ErrorKind::Aborted
        );
        Failure { why, may_be_done }
    }
}

/// How far one of them is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Not sent yet.
    Waiting,
    /// Sent, without an answer yet.
    Sending,
    /// The platform accepted it.
    Accepted,
    /// It failed.
    Failed(Failure),
    /// Stopped before it was sent.
    NotSent,
}

/// One service of many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// Its label before; empty where there is none.
    pub label: String,
    /// The label that it gets; empty where that is not what is done.
    pub new_label: String,
    /// How far it is.
    pub step: Step,
}

/// How many are how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub total: usize,
    /// Accepted.
    pub accepted: usize,
    /// Failed.
    pub failed: usize,
    /// Stopped before they were sent.
    pub not_sent: usize,
}

impl Counts {
    /// How many have come to an end, whichever.
    pub fn ended(self) -> usize {
        self.accepted + self.failed + self.not_sent
    }
}

/// All of them. Nothing is sent twice unless somebody asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    items: Vec<Item>,
}

impl Batch {
    /// Services that nothing was sent to yet: id, label, new label.
    pub fn new(targets: impl IntoIterator<Item = (String, String, String)>) -> Batch {
        let items = targets.into_iter().map(|(id, label, new_label)| Item {
            id,
            label,
            new_label,
            step: Step::Waiting,
        });
        Batch { items: items.collect() }
    }

    /// The services, in their order.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Takes the next one to be sent.
    pub fn take(&mut self) -> Option<(usize, Item)> {
        let index = self.items.iter().position(|item| item.step == Step::Waiting)?;
        self.items[index].step = Step::Sending;
        Some((index, self.items[index].clone()))
    }

    /// What came of one that was sent.
    pub fn settle(&mut self, index: usize, result: Result<(), Failure>) {
        if let Some(item) = self.items.get_mut(index).filter(|item| item.step == Step::Sending) {
            item.step = match result {
                Ok(()) => Step::Accepted,
                Err(failure) => Step::Failed(failure),
            };
        }
    }

    /// Sends no more. What is under way comes to its end.
    pub fn stop(&mut self) {
        self.turn(|step| *step == Step::Waiting, Step::NotSent);
    }

    /// Lets those that failed be sent again.
    pub fn retry(&mut self) {
        self.turn(|step| matches!(step, Step::Failed(_)), Step::Waiting);
    }

    /// Lets those that were stopped be sent after all.
    pub fn go_on(&mut self) {
        self.turn(|step| *step == Step::NotSent, Step::Waiting);
    }

    fn turn(&mut self, from: impl Fn(&Step) -> bool, to: Step) {
        for item in self.items.iter_mut().filter(|item| from(&item.step)) {
            item.step = to.clone();
        }
    }

    /// Whether something is still to be sent or under way.
    pub fn is_running(&self) -> bool {
        self.counts().ended() < self.items.len()
    }

    /// How many are how far.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            total: self.items.len(),
            ..Counts::default()
        };
        for item in &self.items {
            match item.step {
                Step::Waiting | Step::Sending => {}
                Step::Accepted => counts.accepted += 1,
                Step::Failed(_) => counts.failed += 1,
                Step::NotSent => counts.not_sent += 1,
            }
        }
        counts
    }
}

/// A label for one of many: `{n}` stands for its number.
pub fn numbered(template: &str, number: usize) -> String {
    template.trim().replace("{n}", &number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(count: usize) -> Batch {
        Batch::new((0..count).map(|index| (index.to_string(), String::new(), String::new())))
    }

    fn error(kind: ErrorKind) -> ApiError {
        ApiError::without_answer(kind, "")
    }

    fn steps(batch: &Batch) -> String {
        let letter = |item: &Item| match item.step {
            Step::Waiting => 'w',
            Step::Sending => 's',
            Step::Accepted => 'a',
            Step::Failed(_) => 'f',
            Step::NotSent => 'n',
        };
        batch.items().iter().map(letter).collect()
    }

    #[test]
    fn each_is_taken_once_and_ends_once() {
        let mut batch = batch(3);
        assert_eq!(
            batch.take().map(|(index, item)| (index, item.id)),
            Some((0, "0".to_owned()))
        );
        assert_eq!(batch.take().map(|(index, _)| index), Some(1));
        assert_eq!(steps(&batch), "ssw");
        batch.settle(1, Err(Failure::of_change(error(ErrorKind::Refused))));
        batch.settle(0, Ok(()));
        batch.settle(0, Err(Failure::of_change(error(ErrorKind::Refused))));
        assert_eq!(steps(&batch), "afw", "what has ended stays as it ended");
        assert!(batch.is_running());
        assert_eq!(batch.take().map(|(index, _)| index), Some(2));
        assert_eq!(batch.take(), None);
        batch.settle(2, Ok(()));
        assert!(!batch.is_running());
        let counts = batch.counts();
        assert_eq!(
            (counts.total, counts.accepted, counts.failed, counts.ended()),
            (3, 2, 1, 3)
        );
    }

    #[test]
    fn stopping_lets_what_was_sent_end_and_sends_nothing_more() {
        let mut batch = batch(3);
        batch.take();
        batch.stop();
        assert_eq!((steps(&batch), batch.take()), ("snn".to_owned(), None));
        assert!(batch.is_running());
        batch.settle(0, Ok(()));
        assert!(!batch.is_running());
        batch.go_on();
        assert_eq!(steps(&batch), "aww");
    }

    #[test]
    fn only_what_failed_is_tried_again() {
        let mut batch = batch(3);
        batch.take();
        batch.take();
        batch.settle(0, Ok(()));
        batch.settle(1, Err(Failure::before(error(ErrorKind::Network))));
        batch.stop();
        batch.retry();
        assert_eq!(steps(&batch), "awn");
    }

    #[test]
    fn only_a_clear_refusal_says_that_nothing_happened() {
        for (kind, may_be_done) in [
            (ErrorKind::Refused, false),
            (ErrorKind::Forbidden, false),
            (ErrorKind::TokenExpired, false),
            (ErrorKind::Timeout, true),
            (ErrorKind::Network, true),
            (ErrorKind::NotJson, true),
            (ErrorKind::Server, true),
        ] {
            assert_eq!(Failure::of_change(error(kind)).may_be_done, may_be_done, "{kind:?}");
        }
        assert!(!Failure::before(error(ErrorKind::Timeout)).may_be_done);
    }

    #[test]
    fn labels_are_numbered_where_they_ask_for_it() {
        assert_eq!(numbered("web-{n}", 7), "web-7");
        assert_eq!(numbered(" same ", 7), "same");
        assert_eq!(numbered("{n}-{n}", 2), "2-2");
    }
}
