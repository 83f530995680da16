//! The search in a log: goes through the lines in small steps between frames, and goes on as lines come.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use logs::{Query, Search};
use send_wrapper::SendWrapper;

use crate::state::log_tail::LogTail;

/// Bytes looked at in one step: a few milliseconds.
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
    inner: StoredValue<SendWrapper<Inner>>,
}

struct Inner {
    tail: LogTail,
    search: Rc<RefCell<Option<Search>>>,
    step_asked: Rc<Cell<bool>>,
}

impl Finder {
    /// Searches nothing yet.
    pub fn new(tail: &LogTail) -> Finder {
        let text = RwSignal::new(String::new());
        let case_sensitive = RwSignal::new(false);
        let inner = Inner {
            tail: tail.clone(),
            search: Rc::default(),
            step_asked: Rc::default(),
        };
        let finder = Finder {
            text,
            case_sensitive,
            count: RwSignal::new(0),
            complete: RwSignal::new(true),
            current: RwSignal::new(None),
            query: RwSignal::new(None),
            generation: RwSignal::new(0),
            inner: StoredValue::new(SendWrapper::new(inner)),
        };
        Effect::new(move |_| {
            let query = text.with(|text| Query::new(text, case_sensitive.get()));
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
        let follow = SendWrapper::new(tail.clone());
        Effect::new(move |_| {
            follow.version();
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
        let progress = self.inner.try_with_value(|inner| {
            inner.step_asked.set(false);
            let mut search = inner.search.borrow_mut();
            let search = search.as_mut()?;
            let progress = inner.tail.with(|buffer| search.step(buffer, BUDGET));
            Some((progress.is_complete(), search.count()))
        });
        let Some(Some((complete, count))) = progress else {
            return;
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
