//! What the address asks the page to show. Defaults are left out.

use leptos_router::params::ParamsMap;
use vcloud_api::types::ContainerStateKind;

use crate::components::PAGE_SIZES;
use crate::i18n::Text;

/// A state that rows can be filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateFilter {
    /// Containers that run.
    Running,
    /// Containers that do not run yet, or not again yet.
    Waiting,
    /// Containers that have ended.
    Terminated,
    /// Paused services.
    Paused,
    /// Services that could not be asked.
    Failed,
}

impl StateFilter {
    /// Every filter, in the order of the list.
    pub const ALL: [StateFilter; 5] = [
        StateFilter::Running,
        StateFilter::Waiting,
        StateFilter::Terminated,
        StateFilter::Paused,
        StateFilter::Failed,
    ];

    /// The name in the address.
    pub const fn id(self) -> &'static str {
        match self {
            StateFilter::Running => "running",
            StateFilter::Waiting => "waiting",
            StateFilter::Terminated => "terminated",
            StateFilter::Paused => "paused",
            StateFilter::Failed => "failed",
        }
    }

    /// The filter of that name.
    pub fn from_id(id: &str) -> Option<StateFilter> {
        StateFilter::ALL.into_iter().find(|filter| filter.id() == id)
    }

    /// What it is called.
    pub const fn title(self) -> Text {
        match self {
            StateFilter::Running => Text::ContainerRunning,
            StateFilter::Waiting => Text::ContainerWaiting,
            StateFilter::Terminated => Text::ContainerTerminated,
            StateFilter::Paused => Text::StatusPaused,
            StateFilter::Failed => Text::StatusAllNotLoaded,
        }
    }

    /// The filter that a container in this state belongs to.
    pub const fn of(kind: ContainerStateKind) -> Option<StateFilter> {
        match kind {
            ContainerStateKind::Running => Some(StateFilter::Running),
            ContainerStateKind::Waiting => Some(StateFilter::Waiting),
            ContainerStateKind::Terminated => Some(StateFilter::Terminated),
            ContainerStateKind::Unknown => None,
        }
    }
}

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    /// The page, from 1.
    pub page: u32,
    /// Services a page.
    pub size: u32,
    /// The text searched for.
    pub search: String,
    /// The state shown; none = all.
    pub state: Option<StateFilter>,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            page: 1,
            size: PAGE_SIZES[0],
            search: String::new(),
            state: None,
        }
    }
}

impl Params {
    /// Reads the query of an address; what makes no sense there counts as left out.
    pub fn read(query: &ParamsMap) -> Params {
        let text = |name: &str| query.get(name).unwrap_or_default();
        let size = text("size").parse().ok().filter(|size| PAGE_SIZES.contains(size));
        Params {
            page: text("page").parse().ok().filter(|page| *page > 0).unwrap_or(1),
            size: size.unwrap_or(PAGE_SIZES[0]),
            search: text("q"),
            state: StateFilter::from_id(&text("state")),
        }
    }

    /// The query of the address, with its `?`; empty where everything is as by default.
    pub fn query(&self) -> String {
        let mut query = ParamsMap::new();
        if !self.search.is_empty() {
            query.insert("q", self.search.clone());
        }
        if let Some(state) = self.state {
            query.insert("state", state.id().to_owned());
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
        !self.search.trim().is_empty() || self.state.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_is_found_by_its_name() {
        for filter in StateFilter::ALL {
            assert_eq!(StateFilter::from_id(filter.id()), Some(filter));
        }
        assert_eq!(StateFilter::from_id("moving"), None);
    }
}
