//! What the page shows, as it stands in the address. Defaults are left out.

use leptos_router::params::ParamsMap;

use crate::components::PAGE_SIZES;

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    /// The provider asked; empty = the configured one.
    pub provider: String,
    /// The service that the notices are about; empty = every one.
    pub service: String,
    /// The type of notice, as on the wire; empty = every one.
    pub kind: String,
    /// The page, from 1.
    pub page: u32,
    /// Rows a page.
    pub size: u32,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            provider: String::new(),
            service: String::new(),
            kind: String::new(),
            page: 1,
            size: PAGE_SIZES[0],
        }
    }
}

impl Params {
    /// Reads the query of an address; what makes no sense there counts as left out.
    pub fn read(query: &ParamsMap) -> Params {
        let text = |name: &str| query.get(name).unwrap_or_default();
        Params {
            provider: text("provider"),
            service: text("service"),
            kind: text("type"),
            page: text("page").parse().ok().filter(|page| *page > 0).unwrap_or(1),
            size: text("size")
                .parse()
                .ok()
                .filter(|size| PAGE_SIZES.contains(size))
                .unwrap_or(PAGE_SIZES[0]),
        }
    }

    /// The query of the address, with its `?`; empty where everything is as by default.
    pub fn query(&self) -> String {
        let mut query = ParamsMap::new();
        for (name, value) in [
            ("provider", &self.provider),
            ("service", &self.service),
            ("type", &self.kind),
        ] {
            if !value.is_empty() {
                query.insert(name, value.clone());
            }
        }
        if self.size != PAGE_SIZES[0] {
            query.insert("size", self.size.to_string());
        }
        if self.page > 1 {
            query.insert("page", self.page.to_string());
        }
        query.to_query_string()
    }

    /// Whether something narrows what is shown.
    pub fn narrows(&self) -> bool {
        !self.service.is_empty() || !self.kind.is_empty()
    }
}

// The router's query encodes by the browser's own functions.
#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn what_stands_in_the_address_is_shown() {
        let mut query = ParamsMap::new();
        for (name, value) in [
            ("service", "63a0"),
            ("type", "ServiceExpired"),
            ("page", "2"),
            ("size", "7"),
        ] {
            query.insert(name, value.to_owned());
        }
        let params = Params::read(&query);
        assert_eq!((params.page, params.size), (2, PAGE_SIZES[0]));
        assert!(params.narrows());
        assert_eq!(params.query(), "?service=63a0&type=ServiceExpired&page=2");
        assert_eq!(Params::default().query(), "");
    }
}
