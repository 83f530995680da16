//! What the address asks the monitor to show. Defaults are left out.

use leptos_router::params::ParamsMap;

/// How far back the charts reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// So many minutes.
    Minutes(u32),
    /// Everything since the page was opened.
    #[default]
    All,
}

impl Span {
    /// The spans on offer; the first is the default.
    pub const OFFERED: [Span; 4] = [Span::Minutes(5), Span::Minutes(15), Span::Minutes(60), Span::All];

    /// The name in the address.
    pub fn id(self) -> String {
        match self {
            Span::Minutes(minutes) => minutes.to_string(),
            Span::All => "all".to_owned(),
        }
    }

    /// The span of that name.
    pub fn from_id(id: &str) -> Option<Span> {
        Span::OFFERED.into_iter().find(|span| span.id() == id)
    }
}

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    /// The container; empty = all.
    pub container: String,
    /// How far back the charts reach.
    pub span: Span,
    /// Whether the samples are shown as a table.
    pub table: bool,
}

impl Params {
    /// Reads the query of an address; what makes no sense there counts as left out.
    pub fn read(query: &ParamsMap) -> Params {
        let text = |name: &str| query.get(name).unwrap_or_default();
        Params {
            container: text("container"),
            span: Span::from_id(&text("span")).unwrap_or(Span::OFFERED[0]),
            table: text("view") == "table",
        }
    }

    /// The query of the address, with its `?`; empty where everything is as by default.
    pub fn query(&self) -> String {
        let mut query = ParamsMap::new();
        if !self.container.is_empty() {
            query.insert("container", self.container.clone());
        }
        if self.span != Span::OFFERED[0] {
            query.insert("span", self.span.id());
        }
        if self.table {
            query.insert("view", "table".to_owned());
        }
        query.to_query_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_span_is_found_by_its_name() {
        for span in Span::OFFERED {
            assert_eq!(Span::from_id(&span.id()), Some(span));
        }
        assert_eq!(Span::from_id("7"), None);
    }
}
