//! The search in a log: goes through the lines in small steps between frames, and goes on as lines come.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use logs::{Query, Search};
use send_wrapper::SendWrapper;

use super::Tail;
use super::filter::{Filter, Slice, in_slice};

/// Bytes looked at between two looks at the clock: a few milliseconds.
const BUDGET: usize = 4 << 20;

/// The search and what it found.
#[derive(Clone, Copy)]
pub struct Finder {
    /// What is searched for.
    pub text: RwSignal<String>,
    /// Whether capital and small letters differ.
    pub case_sensitive: RwSignal<bool>,
    /// How many lines match.
    pub count: RwSignal<usize>,
    /// Whether every line has been looked at.
    pub complete: RwSignal<bool>,
    /// The match that was gone to last.
    pub current: RwSignal<Option<u64>>,
    /// What is searched for, as lines are highlighted by.
    pub query: RwSignal<Option<Query>>,
    /// Changes with the query: lines rendered before are rendered anew.
    pub generation: RwSignal<u32>,
    tail: Tail,
    filter: Filter,
    inner: StoredValue<SendWrapper<Inner>>,
}

#[derive(Clone, Default)]
struct Inner {
    search: Rc<RefCell<Option<Search>>>,
    step_asked: Rc<Cell<bool>>,
    slice: Slice,
}

impl Finder {
    /// Searches nothing yet. Only lines that pass the filter are found.
    pub fn new(tail: Tail, filter: Filter) -> Finder {
        let finder = Finder {
            text: RwSignal::new(String::new()),
            case_sensitive: RwSignal::new(false),
            count: RwSignal::new(0),
            complete: RwSignal::new(true),
            current: RwSignal::new(None),
            query: RwSignal::new(None),
            generation: RwSignal::new(0),
            tail,
            filter,
            inner: StoredValue::new(SendWrapper::new(Inner::default())),
        };
        Effect::new(move |_| {
            tail.track();
            filter.generation.track();
            let query = finder.text.with(|text| Query::new(text, finder.case_sensitive.get()));
            finder.query.set(query.clone());
            finder.generation.update(|generation| *generation += 1);
            finder.complete.set(query.is_none());
            finder.count.set(0);
            finder.current.set(None);
            finder
                .inner
                .with_value(|inner| *inner.search.borrow_mut() = query.map(Search::new));
            finder.ask_step();
        });
        Effect::new(move |_| {
            if let Some(tail) = tail.get() {
                tail.version();
            }
            finder.ask_step();
        });
        finder
    }

    /// Looks at more lines with the next frame, where there is something to search for.
    fn ask_step(self) {
        let wanted = self
            .inner
            .try_with_value(|inner| inner.search.borrow().is_some() && !inner.step_asked.replace(true));
        if wanted == Some(true) {
            request_animation_frame(move || self.step());
        }
    }

    fn step(self) {
        let Some(inner) = self.inner.try_with_value(|inner| (**inner).clone()) else {
            return;
        };
        inner.step_asked.set(false);
        let (complete, count) = {
            let mut search = inner.search.borrow_mut();
            let (Some(search), Some(Some(tail))) = (search.as_mut(), self.tail.try_get_untracked()) else {
                return;
            };
            let complete = self.filter.with_search(|filter| {
                in_slice(&inner.slice, || {
                    let (progress, end) =
                        tail.with(|buffer| (search.step(buffer, filter, BUDGET), buffer.numbers().end));
                    // Where the filter is not through yet, there is no more to be looked at now.
                    let has_to_wait = filter.is_some_and(|filter| !filter.has_reached(end));
                    let done = progress.is_complete();
                    (done, done || has_to_wait)
                })
            });
            (complete, search.count())
        };
        self.count.set(count);
        self.complete.set(complete);
        if !complete {
            self.ask_step();
        }
    }

    /// Goes to the match after the current one; round the end to the first.
    pub fn next(self) {
        let from = self.current.get_untracked().unwrap_or(u64::MAX);
        self.go(|search| search.next_after(from));
    }

    /// Goes to the match before the current one; round the beginning to the last.
    pub fn previous(self) {
        let from = self.current.get_untracked().unwrap_or(0);
        self.go(|search| search.previous_before(from));
    }

    fn go(self, find: impl FnOnce(&Search) -> Option<u64>) {
        self.current.set(
            self.inner
                .with_value(|inner| inner.search.borrow().as_ref().and_then(find)),
        );
    }

    /// Which of the matches is the current one, counted from 1.
    pub fn position(self) -> Option<usize> {
        let current = self.current.get()?;
        self.inner.with_value(|inner| {
            let search = inner.search.borrow();
            search
                .as_ref()
                .and_then(|search| search.position(current))
                .map(|position| position + 1)
        })
    }
}
