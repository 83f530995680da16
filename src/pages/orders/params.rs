//! What the list of orders shows, as it stands in the address. Defaults are left out.

use leptos_router::params::ParamsMap;

use crate::components::PAGE_SIZES;
use crate::route::OrderList;

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    /// Which orders.
    pub list: OrderList,
    /// The page, from 1.
    pub page: u32,
    /// Rows a page.
    pub size: u32,
    /// What is looked for among the rows of the page.
    pub search: String,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            list: OrderList::Pending,
            page: 1,
            size: PAGE_SIZES[0],
            search: String::new(),
        }
    }
}

impl Params {
    /// Reads the query of an address; what makes no sense there counts as left out.
    pub fn read(query: &ParamsMap) -> Params {
        let text = |name: &str| query.get(name).unwrap_or_default();
        let size = text("size").parse().ok().filter(|size| PAGE_SIZES.contains(size));
        Params {
            list: OrderList::from_segment(&text("status")).unwrap_or_default(),
            page: text("page").parse().ok().filter(|page| *page > 0).unwrap_or(1),
            size: size.unwrap_or(PAGE_SIZES[0]),
            search: text("q"),
        }
    }

    /// The query of the address, with its `?`; empty where everything is as by default.
    pub fn query(&self) -> String {
        let mut query = ParamsMap::new();
        if self.list != OrderList::Pending {
            query.insert("status", self.list.segment().to_owned());
        }
        if !self.search.is_empty() {
            query.insert("q", self.search.clone());
        }
        if self.size != PAGE_SIZES[0] {
            query.insert("size", self.size.to_string());
        }
        if self.page > 1 {
            query.insert("page", self.page.to_string());
        }
        query.to_query_string()
    }
}

// The router's query encodes by the browser's own functions.
#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn the_address_says_what_is_shown_and_leaves_defaults_out() {
        let params = Params {
            list: OrderList::Filed,
            page: 3,
            size: 50,
            search: "63a0".to_owned(),
        };
        assert_eq!(params.query(), "?status=filed&q=63a0&size=50&page=3");
        assert_eq!(Params::default().query(), "");
        let mut query = ParamsMap::new();
        for (name, value) in [("status", "nothing"), ("page", "0"), ("size", "7")] {
            query.insert(name, value.to_owned());
        }
        assert_eq!(Params::read(&query), Params::default());
    }
}
