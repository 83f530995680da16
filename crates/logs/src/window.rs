//! Which rows a scroll position shows.
//!
//! A list of a million rows is one tall, empty element with only the visible rows in it. Browsers do not make elements as
//! tall as one likes (Chromium and Safari stop at about 33,500,000 px, Firefox at 17,800,000), so beyond a limit scroll
//! positions are mapped in proportion: the scroll bar's ends are the list's ends, and one pixel of it is more than one of rows.

use std::ops::Range;

/// The height that no element exceeds, below every browser's own limit.
pub const MAX_ELEMENT_HEIGHT: f64 = 15_000_000.0;

/// The geometry of a list of rows of one height, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    rows: u64,
    row_height: f64,
    viewport: f64,
    element: f64,
}

/// What to put into the element.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// The rows to render.
    pub rows: Range<u64>,
    /// Pixels from the element's top to the first of them.
    pub offset: f64,
}

impl Scale {
    /// A list of `rows` rows of `row_height` pixels in a viewport of `viewport` pixels. Heights that make no sense count as 1.
    #[must_use]
    pub fn new(rows: u64, row_height: f64, viewport: f64) -> Self {
        let sensible = |height: f64| {
            if height.is_finite() && height >= 1.0 {
                height
            } else {
                1.0
            }
        };
        let (row_height, viewport) = (sensible(row_height), sensible(viewport));
        let element = (rows as f64 * row_height).min(MAX_ELEMENT_HEIGHT.max(viewport));
        Self {
            rows,
            row_height,
            viewport,
            element,
        }
    }

    /// The height to give to the element.
    #[must_use]
    pub fn element_height(&self) -> f64 {
        self.element
    }

    /// The height that all rows would have.
    fn rows_height(&self) -> f64 {
        self.rows as f64 * self.row_height
    }

    /// How far the element, and how far the rows can be scrolled.
    fn distances(&self) -> (f64, f64) {
        (
            (self.element - self.viewport).max(0.0),
            (self.rows_height() - self.viewport).max(0.0),
        )
    }

    /// Pixels of rows above the viewport's top at a scroll position of the element.
    #[must_use]
    pub fn rows_top(&self, scroll_top: f64) -> f64 {
        let (element, rows) = self.distances();
        if element <= 0.0 {
            return 0.0;
        }
        let scroll_top = scroll_top.clamp(0.0, element);
        // Exact where nothing is mapped: fractions of a pixel would blur the text.
        if rows <= element {
            scroll_top
        } else {
            scroll_top / element * rows
        }
    }

    /// The scroll position of the element that shows `rows_top` pixels of rows above the viewport.
    #[must_use]
    pub fn scroll_top(&self, rows_top: f64) -> f64 {
        let (element, rows) = self.distances();
        if rows <= 0.0 {
            return 0.0;
        }
        let rows_top = rows_top.clamp(0.0, rows);
        if rows <= element {
            rows_top
        } else {
            rows_top / rows * element
        }
    }

    /// The scroll position that shows a row in the middle of the viewport, as far as there are rows around it.
    #[must_use]
    pub fn scroll_to_row(&self, row: u64) -> f64 {
        self.scroll_top((row as f64 + 0.5) * self.row_height - self.viewport / 2.0)
    }

    /// The scroll position of the end.
    #[must_use]
    pub fn scroll_to_end(&self) -> f64 {
        self.distances().0
    }

    /// Whether the last row is visible at a scroll position, or missed by at most `tolerance` pixels of scrolling.
    #[must_use]
    pub fn is_at_end(&self, scroll_top: f64, tolerance: f64) -> bool {
        scroll_top + tolerance >= self.distances().0
    }

    /// Whether a row is entirely in view at a scroll position.
    #[must_use]
    pub fn shows(&self, row: u64, scroll_top: f64) -> bool {
        let top = self.rows_top(scroll_top);
        let row_top = row as f64 * self.row_height;
        row_top >= top && row_top + self.row_height <= top + self.viewport
    }

    /// What to render at a scroll position, with `overscan` rows more on either side.
    #[must_use]
    pub fn window(&self, scroll_top: f64, overscan: u64) -> Window {
        let scroll_top = scroll_top.clamp(0.0, self.distances().0);
        let top = self.rows_top(scroll_top);
        let first_visible = (top / self.row_height).floor() as u64;
        let end_visible = ((top + self.viewport) / self.row_height).ceil() as u64;
        let first = first_visible.saturating_sub(overscan).min(self.rows);
        let end = end_visible.saturating_add(overscan).min(self.rows);
        Window {
            rows: first..end,
            offset: scroll_top - (top - first as f64 * self.row_height),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(left: f64, right: f64, tolerance: f64) -> bool {
        (left - right).abs() <= tolerance
    }

    #[test]
    fn short_lists_are_not_mapped() {
        let scale = Scale::new(1_000, 20.0, 600.0);
        assert!(close(scale.element_height(), 20_000.0, 0.0));
        assert_eq!(
            scale.window(0.0, 5),
            Window {
                rows: 0..35,
                offset: 0.0
            }
        );
        assert_eq!(
            scale.window(1_010.0, 5),
            Window {
                rows: 45..86,
                offset: 900.0
            }
        );
        assert_eq!(
            scale.window(19_400.0, 5),
            Window {
                rows: 965..1_000,
                offset: 19_300.0
            }
        );
        assert!(scale.is_at_end(19_398.0, 4.0) && !scale.is_at_end(19_000.0, 4.0));
    }

    #[test]
    fn a_list_shorter_than_the_viewport_is_shown_whole() {
        let scale = Scale::new(3, 20.0, 600.0);
        assert_eq!(
            scale.window(50.0, 5),
            Window {
                rows: 0..3,
                offset: 0.0
            }
        );
        assert!(scale.is_at_end(0.0, 0.0));
        assert_eq!(Scale::new(0, 20.0, 600.0).window(0.0, 5).rows, 0..0);
        assert_eq!(Scale::new(5, f64::NAN, 0.0).window(f64::INFINITY, 0).rows, 4..5);
    }

    #[test]
    fn the_ends_of_a_very_long_list_can_be_reached() {
        let scale = Scale::new(50_000_000, 20.0, 600.0);
        assert!(close(scale.element_height(), MAX_ELEMENT_HEIGHT, 0.0));
        assert_eq!(scale.window(0.0, 0).rows, 0..30);
        assert_eq!(scale.window(scale.scroll_to_end(), 0).rows, 49_999_970..50_000_000);
    }

    proptest! {
        #[test]
        fn a_row_that_is_scrolled_to_is_rendered_in_view(
            rows in 1..100_000_000_u64, height in 10.0..40.0_f64, viewport in 100.0..2_000.0_f64, part in 0.0..1.0_f64,
        ) {
            let scale = Scale::new(rows, height, viewport);
            let row = ((rows - 1) as f64 * part) as u64;
            let scroll_top = scale.scroll_to_row(row);
            let window = scale.window(scroll_top, 3);
            prop_assert!(window.rows.contains(&row));
            let shown_at = window.offset + (row - window.rows.start) as f64 * height - scroll_top;
            prop_assert!(shown_at > -0.01 && shown_at + height <= viewport.max(height) + 0.01, "{}", shown_at);
            prop_assert!(window.offset >= -0.01);
            prop_assert!(window.offset + (window.rows.end - window.rows.start) as f64 * height <= scale.element_height() + 0.01);
        }

        #[test]
        fn mapping_there_and_back_gives_the_same_position(rows in 1..100_000_000_u64, part in 0.0..1.0_f64) {
            let scale = Scale::new(rows, 20.0, 700.0);
            let scroll_top = scale.scroll_to_end() * part;
            prop_assert!(close(scale.scroll_top(scale.rows_top(scroll_top)), scroll_top, 0.001));
        }
    }
}
