//! What the market shows, as it stands in the address. Defaults are left out.

use leptos_router::params::ParamsMap;
use vcloud_api::types::ServiceType;

use crate::components::PAGE_SIZES;

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    /// What is looked for.
    pub search: String,
    /// Only what this provider sells; of all where empty.
    pub provider: String,
    /// Only what is in categories of this name; in all where empty.
    pub category: String,
    /// Only what is sold in this region; in all where empty.
    pub region: String,
    /// The page, from 1.
    pub page: u32,
    /// Rows a page.
    pub size: u32,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            search: String::new(),
            provider: String::new(),
            category: String::new(),
            region: String::new(),
            page: 1,
            size: PAGE_SIZES[0],
        }
    }
}

impl Params {
    /// Reads the query of an address; what makes no sense there counts as left out.
    pub fn read(query: &ParamsMap) -> Params {
        let text = |name: &str| query.get(name).unwrap_or_default();
        let size = text("size").parse().ok().filter(|size| PAGE_SIZES.contains(size));
        Params {
            search: text("q"),
            provider: text("provider"),
            category: text("category"),
            region: text("region"),
            page: text("page").parse().ok().filter(|page| *page > 0).unwrap_or(1),
            size: size.unwrap_or(PAGE_SIZES[0]),
        }
    }

    /// The query of the address, with its `?`; empty where everything is as by default.
    pub fn query(&self) -> String {
        let mut query = ParamsMap::new();
        let texts = [
            ("q", &self.search),
            ("provider", &self.provider),
            ("category", &self.category),
            ("region", &self.region),
        ];
        for (name, value) in texts.into_iter().filter(|(_, value)| !value.is_empty()) {
            query.insert(name, value.clone());
        }
        if self.size != PAGE_SIZES[0] {
            query.insert("size", self.size.to_string());
        }
        if self.page > 1 {
            query.insert("page", self.page.to_string());
        }
        query.to_query_string()
    }

    /// Whether a service type is among what is asked for. `about` is what is said of its category.
    pub fn finds(&self, sold: &ServiceType, about: &str) -> bool {
        let is_wanted = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
        let regions = sold.service_options.get("region");
        if !is_wanted(&self.provider, &sold.provider)
            || !is_wanted(&self.category, &sold.category)
            || !(self.region.is_empty() || regions.is_some_and(|regions| regions.contains(&self.region)))
        {
            return false;
        }
        let values = sold.service_options.values().flatten();
        let fields = [&sold.name, &sold.provider, &sold.category, &sold.description, &sold.id];
        let words: Vec<String> = fields
            .into_iter()
            .chain(values)
            .map(|text| text.to_lowercase())
            .chain([about.to_lowercase()])
            .collect();
        let search = self.search.to_lowercase();
        search
            .split_whitespace()
            .all(|wanted| words.iter().any(|text| text.contains(wanted)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_found_by_every_word_and_what_is_chosen() {
        let json = r#"{"id":"61f0","provider":"one","name":"Log Host","category":"Logs","description":"Kept logs",
            "serviceOptions":{"region":["Europe","Hong Kong"],"resourceUnit":["1-Unit-Resource"]}}"#;
        let sold: ServiceType = serde_json::from_str(json).expect("a service type");
        let finds = |params: Params| params.finds(&sold, "Search them");
        for search in ["", "log", " HOST  kept", "hong kong", "61F0", "search", "1-unit", "one"] {
            let search = search.to_owned();
            assert!(
                finds(Params {
                    search: search.clone(),
                    ..Params::default()
                }),
                "{search}"
            );
        }
        let no = |change: fn(&mut Params)| {
            let mut params = Params::default();
            change(&mut params);
            assert!(!finds(params.clone()), "{params:?}");
        };
        no(|params| params.search = "log container".to_owned());
        no(|params| params.provider = "two".to_owned());
        no(|params| params.category = "Containers".to_owned());
        no(|params| params.region = "Asia".to_owned());
        let region = "Hong Kong".to_owned();
        assert!(finds(Params {
            region,
            ..Params::default()
        }));
    }
}
