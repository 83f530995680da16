//! What a log viewer is made of, without the viewer: no DOM, no network, no clock.
//!
//! * [`LogBuffer`] holds a million lines in little more than their bytes.
//! * [`Resume`] decides, after a reconnect that replays lines, which of them are new.
//! * [`ansi`] turns a line with escape sequences to text and styled spans.
//! * [`Search`] finds lines in bounded steps, while others arrive.
//! * [`Scale`] and [`Rows`] say which lines a scroll position shows, with lines of one row or wrapped.

pub mod ansi;
mod buffer;
mod resume;
mod rows;
mod search;
mod window;

pub use buffer::{Escapes, Limits, LogBuffer};
pub use resume::{Item, Request, Resume, ResumeSettings, State};
pub use rows::Rows;
pub use search::{Progress, Query, Search};
pub use window::{MAX_ELEMENT_HEIGHT, Scale, Window};
