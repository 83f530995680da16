//! What a log viewer is made of, without the viewer: no DOM, no network, no clock.
//!
//! * [`LogBuffer`] holds a million lines of one or several sources in little more than their bytes.
//! * [`Resume`] decides, after a reconnect that replays lines, which of them are new; [`Runs`] marks where a container ended
//!   or began anew.
//! * [`ansi`] turns a line with escape sequences to text and styled spans, [`json`] one that is a JSON object to rows.
//! * [`Search`] finds or filters lines, by a [`Query`] or a [`Pattern`], in bounded steps while others arrive.
//! * [`TimeSearch`] finds the first line from a time on, by the time stamps that [`timestamp`] recognises.
//! * [`Scale`] and [`Rows`] say which lines a scroll position shows, with lines of one row or several.

pub mod ansi;
mod buffer;
pub mod json;
mod mark;
mod pattern;
mod resume;
mod rows;
mod search;
mod time;
mod window;

pub use buffer::{Escapes, Limits, LogBuffer};
pub use mark::{Mark, MarkKind, Phase, Runs, Seen};
pub use pattern::{Pattern, PatternError};
pub use resume::{Item, Request, Resume, ResumeSettings, State};
pub use rows::Rows;
pub use search::{Matcher, Progress, Query, Search};
pub use time::{Reached, TimeSearch, timestamp};
pub use window::{MAX_ELEMENT_HEIGHT, Scale, Window};
