//! What a list shows, as it stands in the address: page, sorting, search and filters. Defaults are left out.

use leptos_router::params::ParamsMap;

use super::columns::Column;
use crate::components::PAGE_SIZES;

/// What the address asks a list to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    /// The page, from 1.
    pub page: u32,
    /// Rows a page.
    pub size: u32,
    /// The column sorted by, and whether downwards.
    pub sort: Option<(Column, bool)>,
    /// The text searched for.
    pub search: String,
    /// The status shown, as on the wire; empty = every one of the list.
    pub status: String,
    /// The region shown; empty = every one.
    pub region: String,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            page: 1,
            size: PAGE_SIZES[0],
            sort: None,
            search: String::new(),
            status: String::new(),
            region: String::new(),
        }
    }
}

impl Params {
    /// Reads the query of an address; what makes no sense there counts as left out.
    pub fn read(query: &ParamsMap) -> Params {
        let text = |name: &str| query.get(name).unwrap_or_default();
        let size = text("size").parse().ok().filter(|size| PAGE_SIZES.contains(size));
        let sort = text("sort");
        let (name, down) = sort
            .strip_suffix("-desc")
            .map_or((sort.as_str(), false), |name| (name, true));
        Params {
            page: text("page").parse().ok().filter(|page| *page > 0).unwrap_or(1),
            size: size.unwrap_or(PAGE_SIZES[0]),
            sort: Column::from_id(name).map(|column| (column, down)),
            search: text("q"),
            status: text("status"),
            region: text("region"),
        }
    }

    /// The query of the address, with its `?`; empty where everything is as by default.
    pub fn query(&self) -> String {
        let mut query = ParamsMap::new();
        let mut add = |name: &'static str, value: String| query.insert(name, value);
        if !self.search.is_empty() {
            add("q", self.search.clone());
        }
        if !self.status.is_empty() {
            add("status", self.status.clone());
        }
        if !self.region.is_empty() {
            add("region", self.region.clone());
        }
        if let Some((column, down)) = self.sort {
            add("sort", format!("{}{}", column.id(), if down { "-desc" } else { "" }));
        }
        if self.size != PAGE_SIZES[0] {
            add("size", self.size.to_string());
        }
        if self.page > 1 {
            add("page", self.page.to_string());
        }
        query.to_query_string()
    }

    /// Whether the rows of one page of the platform are not enough to answer: sorting, searching and filtering look at all.
    pub fn needs_all(&self) -> bool {
        self.sort.is_some() || !self.search.trim().is_empty() || !self.status.is_empty() || !self.region.is_empty()
    }

    /// Whether this is another page of the very same list.
    pub fn turns_page_of(&self, shown: &Params) -> bool {
        self.page != shown.page
            && *self
                == Params {
                    page: self.page,
                    ..shown.clone()
                }
    }

    /// Whether something narrows the list.
    pub fn narrows(&self) -> bool {
        !self.search.trim().is_empty() || !self.status.is_empty() || !self.region.is_empty()
    }
}

// The router's query encodes by the browser's own functions.
#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    fn read(pairs: &[(&'static str, &str)]) -> Params {
        let mut query = ParamsMap::new();
        for (name, value) in pairs {
            query.insert(*name, (*value).to_owned());
        }
        Params::read(&query)
    }

    #[wasm_bindgen_test]
    fn what_stands_in_the_address_is_shown() {
        let params = read(&[
            ("page", "3"),
            ("size", "50"),
            ("sort", "expires-desc"),
            ("q", "web"),
            ("status", "ServiceStop"),
        ]);
        assert_eq!((params.page, params.size), (3, 50));
        assert_eq!(params.sort, Some((Column::Expires, true)));
        assert!(params.needs_all() && params.narrows());
    }

    #[wasm_bindgen_test]
    fn only_another_page_of_the_same_list_turns_the_page() {
        let shown = read(&[("page", "3"), ("q", "web")]);
        assert!(read(&[("page", "2"), ("q", "web")]).turns_page_of(&shown));
        assert!(!shown.turns_page_of(&shown));
        assert!(!read(&[("q", "we")]).turns_page_of(&shown), "that is another search");
    }

    #[wasm_bindgen_test]
    fn nonsense_counts_as_left_out() {
        assert_eq!(
            read(&[("page", "0"), ("size", "7"), ("sort", "nothing"), ("page", "x")]),
            Params::default()
        );
        assert!(!Params::default().needs_all());
    }
}
