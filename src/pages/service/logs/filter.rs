//! The filter of a log: only lines that pass are shown. Goes through the lines in short slices between frames, and goes on as
//! lines come.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use logs::{Matcher, Pattern, PatternError, Query, Search};
use send_wrapper::SendWrapper;

use super::Tail;

/// How long a slice takes at least and at most, in milliseconds: most of a frame is left for everything else.
const SLICE_MS: (f64, f64) = (8.0, 40.0);

/// Bytes looked at between two looks at the clock, of a text and of an expression: the slowest take a few milliseconds.
const BUDGET: usize = 4 << 20;
const PATTERN_BUDGET: usize = 16 << 10;

/// When the last slice ended. Where frames are slow, a slice may be longer: it takes at most a third of the time.
#[derive(Clone, Default)]
pub struct Slice(Rc<Cell<f64>>);

/// Goes on with something until the slice is over. `step` answers whether everything is done, and whether to stop for now.
/// Answers whether everything is done.
pub fn in_slice(slice: &Slice, mut step: impl FnMut() -> (bool, bool)) -> bool {
    let begin = js_sys::Date::now();
    let length = ((begin - slice.0.get()) / 2.0).clamp(SLICE_MS.0, SLICE_MS.1);
    loop {
        let (done, stop) = step();
        let now = js_sys::Date::now();
        if stop || now - begin >= length {
            slice.0.set(now);
            return done;
        }
    }
}

/// The filter and what passes.
#[derive(Clone, Copy)]
pub struct Filter {
    /// What lines are filtered by.
    pub text: RwSignal<String>,
    /// Whether that is a regular expression.
    pub is_pattern: RwSignal<bool>,
    /// Whether capital and small letters differ.
    pub case_sensitive: RwSignal<bool>,
    /// Whether matching lines are hidden instead.
    pub inverted: RwSignal<bool>,
    /// What is wrong with the expression. The filter before it goes on.
    pub error: RwSignal<Option<PatternError>>,
    /// What passing lines are highlighted by; `None` while nothing is filtered, or for lines that do not match.
    pub matcher: RwSignal<Option<Matcher>>,
    /// Whether lines are filtered.
    pub is_on: RwSignal<bool>,
    /// Changes with the filter: positions of lines mean something else then.
    pub generation: RwSignal<u32>,
    /// Changes when more lines have been looked at.
    pub version: RwSignal<u32>,
    /// How many lines have been looked at, of how many, unless all.
    pub progress: RwSignal<Option<(u64, u64)>>,
    tail: Tail,
    inner: StoredValue<SendWrapper<Inner>>,
}

#[derive(Clone, Default)]
struct Inner {
    search: Rc<RefCell<Option<Search>>>,
    step_asked: Rc<Cell<bool>>,
    slice: Slice,
}

impl Filter {
    /// Lets everything pass.
    pub fn new(tail: Tail) -> Filter {
        let filter = Filter {
            text: RwSignal::new(String::new()),
            is_pattern: RwSignal::new(false),
            case_sensitive: RwSignal::new(false),
            inverted: RwSignal::new(false),
            error: RwSignal::new(None),
            matcher: RwSignal::new(None),
            is_on: RwSignal::new(false),
            generation: RwSignal::new(0),
            version: RwSignal::new(0),
            progress: RwSignal::new(None),
            tail,
            inner: StoredValue::new(SendWrapper::new(Inner::default())),
        };
        // What to filter by, as far as what was typed makes sense.
        let wanted: RwSignal<(Option<Matcher>, bool)> = RwSignal::new((None, false));
        Effect::new(move |_| {
            let (text, case_sensitive) = (filter.text.get(), filter.case_sensitive.get());
            let matcher = if filter.is_pattern.get() && !text.is_empty() {
                Pattern::new(&text, case_sensitive).map(|pattern| Some(Matcher::from(pattern)))
            } else {
                Ok(Query::new(&text, case_sensitive).map(Matcher::from))
            };
            let inverted = filter.inverted.get();
            filter.error.set(matcher.as_ref().err().copied());
            if let Ok(matcher) = matcher {
                wanted.set((matcher, inverted));
            }
        });
        Effect::new(move |_| {
            tail.track();
            let (matcher, inverted) = wanted.get();
            let was_on = filter.is_on.get_untracked();
            let search = matcher.clone().map(|matcher| {
                if inverted {
                    Search::inverted(matcher)
                } else {
                    Search::new(matcher)
                }
            });
            let is_on = search.is_some();
            filter.inner.with_value(|inner| *inner.search.borrow_mut() = search);
            filter.is_on.set(is_on);
            filter.matcher.set(matcher.filter(|_| !inverted));
            filter.progress.set(None);
            if is_on || was_on {
                filter.generation.update(|generation| *generation += 1);
            }
            // The first slice at once: a short log does not flicker.
            filter.step();
        });
        Effect::new(move |_| {
            if let Some(tail) = tail.get() {
                tail.version();
            }
            filter.ask_step();
        });
        filter
    }

    /// Reads the list of lines that pass; `None` while nothing is filtered.
    pub fn with_search<T>(self, read: impl FnOnce(Option<&Search>) -> T) -> T {
        match self.inner.try_with_value(|inner| Rc::clone(&inner.search)) {
            Some(search) => read(search.borrow().as_ref()),
            None => read(None),
        }
    }

    /// How many lines pass.
    pub fn count(self) -> u64 {
        self.version.track();
        self.with_search(|search| search.map_or(0, |search| search.count() as u64))
    }

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
        let (complete, progress) = {
            let mut search = inner.search.borrow_mut();
            let (Some(search), Some(Some(tail))) = (search.as_mut(), self.tail.try_get_untracked()) else {
                return;
            };
            let mut progress = (0, 0);
            let budget = match search.matcher() {
                Matcher::Text(_) => BUDGET,
                Matcher::Pattern(_) => PATTERN_BUDGET,
            };
            let complete = in_slice(&inner.slice, || {
                let now = tail.with(|buffer| search.step(buffer, None, budget));
                progress = (now.searched, now.total);
                (now.is_complete(), now.is_complete())
            });
            (complete, progress)
        };
        self.version.update(|version| *version += 1);
        let progress = (!complete).then_some(progress);
        if self.progress.get_untracked() != progress {
            self.progress.set(progress);
        }
        if !complete {
            self.ask_step();
        }
    }
}
