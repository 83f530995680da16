//! Which services of a list are selected, over all of its pages.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;

use super::columns::Row;

/// The selection, in the order of the list. A service stays in it while its page is turned, with what was last known of it.
#[derive(Clone, Copy)]
pub struct Selected {
    rows: RwSignal<Vec<Row>>,
    ids: Memo<BTreeSet<String>>,
    /// Where in the list each service stands that was seen.
    places: StoredValue<BTreeMap<String, usize>>,
}

impl Selected {
    /// Nothing is selected.
    pub fn new() -> Selected {
        let rows = RwSignal::new(Vec::<Row>::new());
        Selected {
            rows,
            ids: Memo::new(move |_| rows.with(|rows| rows.iter().map(|row| row.service.id.clone()).collect())),
            places: StoredValue::new(BTreeMap::new()),
        }
    }

    /// How many there are (tracked).
    pub fn count(self) -> usize {
        self.rows.with(Vec::len)
    }

    /// Whether a service is among them (tracked).
    pub fn contains(self, id: &str) -> bool {
        self.ids.with(|ids| ids.contains(id))
    }

    /// The service that is selected alone (tracked).
    pub fn only(self) -> Option<String> {
        self.rows.with(|rows| match rows.as_slice() {
            [only] => Some(only.service.id.clone()),
            _ => None,
        })
    }

    /// The ids in their order.
    pub fn ids_untracked(self) -> Vec<String> {
        self.rows
            .with_untracked(|rows| rows.iter().map(|row| row.service.id.clone()).collect())
    }

    /// What is selected, as last known.
    pub fn rows_untracked(self) -> Vec<Row> {
        self.rows.get_untracked()
    }

    /// Adds those of the list that are not in it yet.
    pub fn add(self, rows: Vec<Row>) {
        let before = self.ids.get_untracked();
        let new = rows.into_iter().filter(|row| !before.contains(&row.service.id));
        self.rows.update(|selected| {
            selected.extend(new);
            self.places
                .with_value(|places| selected.sort_by_key(|row| places.get(&row.service.id)));
        });
    }

    /// Takes these out.
    pub fn remove(self, ids: &[String]) {
        self.rows
            .update(|rows| rows.retain(|row| !ids.contains(&row.service.id)));
    }

    /// Nothing is selected any more.
    pub fn clear(self) {
        self.rows.set(Vec::new());
    }

    /// Takes in what the list says now, from its row `first` on, counted from 0. Where that is the `whole` list, what is not in
    /// it is not selected any more.
    pub fn observe(self, listed: &[Row], first: usize, whole: bool) {
        self.places.update_value(|places| {
            let ids = listed.iter().map(|row| row.service.id.clone());
            places.extend(ids.zip(first..));
        });
        let listed: BTreeMap<&str, &Row> = listed.iter().map(|row| (row.service.id.as_str(), row)).collect();
        let observed = |selected: &Row| match listed.get(selected.service.id.as_str()) {
            Some(&now) => Some(now.clone()),
            None => (!whole).then(|| selected.clone()),
        };
        let rows: Vec<Row> = self
            .rows
            .with_untracked(|rows| rows.iter().filter_map(observed).collect());
        if self.rows.with_untracked(|before| *before != rows) {
            self.rows.set(rows);
        }
    }
}
