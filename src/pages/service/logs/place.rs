//! The reader's place in the log: a line, not a number of pixels.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use logs::{Rows, Scale};

use super::Items;

/// The height of a row in CSS pixels, as in `style/logs.css`.
pub const ROW_HEIGHT: f64 = 18.0;

/// Which rows there are.
#[derive(Clone, Debug, PartialEq)]
pub struct Geometry {
    /// Positions of the lines.
    pub positions: std::ops::Range<u64>,
    /// What the positions belong to.
    pub generation: u32,
    /// Changes with the heights of lines.
    pub measured: u32,
    /// Rows below the last line.
    pub after: u64,
    /// How they are scrolled.
    pub scale: Scale,
}

/// The reader's place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchor {
    /// The line at the top of the view.
    pub line: u64,
    /// How many pixels of it are above.
    pub above: f64,
}

/// The index of lines with more than one row, and for what it was made.
#[derive(Default)]
pub struct Heights {
    /// The index; `None` while every line has one row.
    pub rows: Option<Rows>,
    /// What the positions belong to, and the width where lines wrap.
    pub made_for: Option<(u32, Option<f64>)>,
}

impl Heights {
    /// The first row of a position, counted from the first of all.
    pub fn row_of(&self, position: u64, first: u64) -> u64 {
        match &self.rows {
            Some(rows) => rows.row_of(position),
            None => position.saturating_sub(first),
        }
    }

    /// The position at a row, and which of its rows that is.
    pub fn at(&self, row: u64, first: u64) -> (u64, u64) {
        match &self.rows {
            Some(rows) => rows.line_at(row),
            None => (first + row, 0),
        }
    }
}

/// Where the view is scrolled to. Cheap to clone; everything in it is shared.
#[derive(Clone)]
pub struct Place {
    /// The lines shown.
    pub items: Items,
    /// Their heights.
    pub heights: Rc<RefCell<Heights>>,
    /// The reader's place; `None` while the newest line is followed.
    pub anchor: Rc<Cell<Option<Anchor>>>,
    /// What the document was made to fit last.
    pub placed: Rc<RefCell<Option<Geometry>>>,
    /// Where the element is scrolled to, as far as is known.
    pub scroll_top: RwSignal<f64>,
}

impl Place {
    /// The line at the top of the view.
    pub fn anchor_at(&self, geometry: &Geometry, scroll_top: f64) -> Option<Anchor> {
        let top = geometry.scale.rows_top(scroll_top);
        let first = geometry.positions.start;
        let heights = self.heights.borrow();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Not negative.
        let (position, _) = heights.at((top / ROW_HEIGHT) as u64, first);
        let position = position.min(geometry.positions.end.saturating_sub(1));
        #[allow(clippy::cast_precision_loss)]
        let line_top = heights.row_of(position, first) as f64 * ROW_HEIGHT;
        Some(Anchor {
            line: self.items.line(position)?,
            above: (top - line_top).max(0.0),
        })
    }

    /// The scroll position that has a line at the top of the view again.
    pub fn back_to(&self, anchor: Anchor, geometry: &Geometry) -> f64 {
        let position = self.items.position_from(anchor.line);
        let is_there = position < geometry.positions.end && self.items.line(position) == Some(anchor.line);
        #[allow(clippy::cast_precision_loss)]
        let top = self.heights.borrow().row_of(position, geometry.positions.start) as f64 * ROW_HEIGHT;
        geometry
            .scale
            .scroll_top(top + if is_there { anchor.above } else { 0.0 })
    }

    /// Scrolls the element, unless it is there.
    pub fn set_scroll(&self, element: &web_sys::HtmlDivElement, top: f64) {
        if (f64::from(element.scroll_top()) - top).abs() >= 1.0 {
            #[allow(clippy::cast_possible_truncation)] // Below the tallest element there is.
            element.set_scroll_top(top.round() as i32);
        }
        let now = f64::from(element.scroll_top());
        if (self.scroll_top.get_untracked() - now).abs() >= 1.0 {
            self.scroll_top.set(now);
        }
    }
}
