//! What a monitor is made of, without the monitor: no DOM, no network, no clock.
//!
//! * [`History`] holds an hour of measurements a second apart, and no more, however long somebody looks.
//! * [`Quantity`] says a value in the unit that people read: MiB, kbit/s, % of a core.
//! * [`Axis`] and [`time_steps`] put round numbers beside a chart, [`line()`] draws it, [`spread`] keeps names apart.
//! * [`csv`] writes what a spreadsheet reads.

mod axis;
pub mod csv;
mod history;
mod line;
mod units;

pub use axis::{Axis, spread, time_steps, window};
pub use history::{Column, History, Measure};
pub use line::{Frame, HEIGHT, WIDTH, line};
pub use units::{Quantity, Readable, Unit};
