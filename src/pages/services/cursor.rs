//! The row cursor: which row the letters are about, moved by `j`, `k` and the arrows.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;

use super::columns::{Column, Row};
use super::selected::Selected;
use super::toolbar::ColumnChoice;
use crate::route::{Page, Tab};
use crate::shell::{Meaning, on_key};
use crate::state::App;
use crate::state::commands::Target;
use crate::state::edits::Part;

/// The `id` of a row in the document.
pub fn row_id(service: &str) -> String {
    format!("row-{service}")
}

/// The row that the cursor goes to: the next or the one before, from either end where it was nowhere.
fn next(ids: &[String], cursor: Option<&String>, down: bool) -> Option<String> {
    let now = cursor.and_then(|cursor| ids.iter().position(|id| id == cursor));
    let to = match (now, down) {
        (None, true) => 0,
        (None, false) => ids.len().checked_sub(1)?,
        (Some(now), true) => (now + 1).min(ids.len() - 1),
        (Some(now), false) => now.saturating_sub(1),
    };
    ids.get(to).cloned()
}

/// Makes the cursor of a table and has the keys move it. Letters are about its row, else about the only one that is selected.
pub fn use_cursor(
    app: App,
    columns: ColumnChoice,
    ids: Memo<Vec<String>>,
    by_id: Memo<BTreeMap<String, Row>>,
    selected: Selected,
) -> RwSignal<Option<String>> {
    let cursor = RwSignal::new(None::<String>);
    // A row that went to another page has no cursor on it.
    let shown = Memo::new(move |_| {
        cursor
            .get()
            .filter(|cursor| by_id.with(|rows| rows.contains_key(cursor)))
    });
    app.commands.offer(Signal::derive(move || {
        let shown = shown.get();
        // What is selected on another page is out of sight.
        let service = shown.or_else(|| selected.only())?;
        let row = by_id.with(|rows| rows.get(&service).cloned())?;
        let in_place = if columns.get().contains(&Column::Label) {
            vec![Part::Label]
        } else {
            Vec::new()
        };
        Some(Target {
            service: row.service,
            label: row.label,
            in_place,
        })
    }));
    let navigate = use_navigate();
    on_key(move |meaning| {
        let now = shown.get_untracked();
        match meaning {
            Meaning::Down | Meaning::Up => {
                let to = ids.with_untracked(|ids| next(ids, now.as_ref(), meaning == Meaning::Down));
                let Some(to) = to else { return false };
                let row = document()
                    .get_element_by_id(&row_id(&to))
                    .and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok());
                cursor.set(Some(to));
                // The focus takes the page along, and a screen reader reads the row.
                if let Some(row) = row {
                    let _ = row.focus();
                }
                true
            }
            Meaning::Enter => {
                let Some(now) = now else { return false };
                navigate(&Page::Service(now, Tab::Overview).path(), NavigateOptions::default());
                true
            }
            Meaning::Palette | Meaning::Help | Meaning::Letter(_) => false,
        }
    });
    cursor
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids() -> Vec<String> {
        ["a", "b", "c"].map(str::to_owned).to_vec()
    }

    fn step(from: &str, down: bool) -> Option<String> {
        let from = (!from.is_empty()).then(|| from.to_owned());
        next(&ids(), from.as_ref(), down)
    }

    #[test]
    fn the_cursor_walks_the_rows_and_stays_at_their_ends() {
        assert_eq!(step("", true).as_deref(), Some("a"));
        assert_eq!(step("", false).as_deref(), Some("c"));
        assert_eq!(step("a", true).as_deref(), Some("b"));
        assert_eq!(step("c", true).as_deref(), Some("c"));
        assert_eq!(step("b", false).as_deref(), Some("a"));
        assert_eq!(step("a", false).as_deref(), Some("a"));
        assert_eq!(step("gone", true).as_deref(), Some("a"));
        assert_eq!(next(&[], None, true), None);
        assert_eq!(next(&[], None, false), None);
    }
}
