//! Where the reader is led to.

use leptos::prelude::*;
use web_sys::HtmlElement;

/// Gives the focus to a part of a page that has just come, so that it is in view and keys act on it: once it is drawn, as the page
/// itself takes the focus when it comes.
pub fn lead_to(element: &HtmlElement) {
    let element = element.clone();
    request_animation_frame(move || {
        let _ = element.focus();
    });
}
