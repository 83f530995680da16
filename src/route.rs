//! The console's addresses, typed: no link is written as a string anywhere else.

use leptos::prelude::document;

/// Which of the account's services a list shows: the guide's first four menu entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum List {
    /// Running and paused services.
    Running,
    /// Paid for, not started yet.
    Usable,
    /// Run to their end.
    Past,
    /// Ended abnormally.
    Aborted,
}

impl List {
    /// Every list, in the menu's order.
    pub const ALL: [List; 4] = [List::Running, List::Usable, List::Past, List::Aborted];

    /// The last part of the address.
    pub const fn segment(self) -> &'static str {
        match self {
            List::Running => "running",
            List::Usable => "usable",
            List::Past => "past",
            List::Aborted => "aborted",
        }
    }

    /// The list with this address.
    pub fn from_segment(segment: &str) -> Option<List> {
        List::ALL.into_iter().find(|list| list.segment() == segment)
    }
}

/// A part of the service page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tab {
    /// Everything known about the service.
    #[default]
    Overview,
    /// What runs in it.
    Containers,
    /// What the containers print.
    Logs,
    /// What the service uses.
    Monitor,
    /// The domains that lead to it.
    Domains,
    /// Configuration files and environment.
    Config,
    /// What is deployed, to start or change it.
    Deployment,
    /// Its access token, and where its notices go.
    Access,
}

impl Tab {
    /// Every tab, in their order on the page.
    pub const ALL: [Tab; 8] = [
        Tab::Overview,
        Tab::Containers,
        Tab::Logs,
        Tab::Monitor,
        Tab::Domains,
        Tab::Config,
        Tab::Deployment,
        Tab::Access,
    ];

    /// The last part of the address; nothing for the first tab.
    pub const fn segment(self) -> &'static str {
        match self {
            Tab::Overview => "",
            Tab::Containers => "containers",
            Tab::Logs => "logs",
            Tab::Monitor => "monitor",
            Tab::Domains => "domains",
            Tab::Config => "config",
            Tab::Deployment => "deployment",
            Tab::Access => "access",
        }
    }

    /// The tab with this address.
    pub fn from_segment(segment: &str) -> Option<Tab> {
        Tab::ALL.into_iter().find(|tab| tab.segment() == segment)
    }
}

/// Which of the account's orders a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OrderList {
    /// To be paid.
    #[default]
    Pending,
    /// Paid, not closed yet.
    Paid,
    /// Paid and closed.
    Filed,
}

impl OrderList {
    /// Every list, in their order on the page.
    pub const ALL: [OrderList; 3] = [OrderList::Pending, OrderList::Paid, OrderList::Filed];

    /// The value in the address.
    pub const fn segment(self) -> &'static str {
        match self {
            OrderList::Pending => "pending",
            OrderList::Paid => "paid",
            OrderList::Filed => "filed",
        }
    }

    /// The list with this address.
    pub fn from_segment(segment: &str) -> Option<OrderList> {
        OrderList::ALL.into_iter().find(|list| list.segment() == segment)
    }
}

/// A page of the console.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Page {
    /// A list of services.
    Services(List),
    /// Every container of every running service.
    StatusOfAll,
    /// One service.
    Service(String, Tab),
    /// What happened to one service, or to all where the id is empty.
    Notices(String),
    /// Where notices go.
    Email,
    /// More time for these services.
    Renew(Vec<String>),
    /// The orders with one status.
    Orders(OrderList),
    /// One order.
    Order(String),
    /// What was paid from this browser.
    Payments,
    /// Coins of the native currency to be sent, from the account at this place of the wallet, from 0.
    Send(u32),
    /// What became of coins that were sent.
    Transfer(String),
    /// What the providers sell.
    Market,
    /// A provider's service type to be configured, or the line of the cart that it is in.
    ServiceType(String, String, Option<u64>),
    /// What is to be ordered.
    Cart,
    /// The accounts and their keys.
    Wallet,
}

impl Page {
    /// The page's address for a link: in the folder that the console is hosted in.
    pub fn href(&self) -> String {
        format!("{}{}", base(), self.path())
    }

    /// The page's address for the router, which adds that folder by itself.
    pub fn path(&self) -> String {
        match self {
            Page::Services(list) => format!("/services/{}", list.segment()),
            Page::StatusOfAll => "/status".to_owned(),
            Page::Service(id, Tab::Overview) => format!("/service/{}", encode(id)),
            Page::Service(id, tab) => format!("/service/{}/{}", encode(id), tab.segment()),
            Page::Notices(id) if id.is_empty() => "/notices".to_owned(),
            Page::Notices(id) => format!("/notices?service={}", encode(id)),
            Page::Email => "/email".to_owned(),
            Page::Renew(ids) => {
                let services: Vec<String> = ids.iter().map(|id| format!("service={}", encode(id))).collect();
                format!("/renew?{}", services.join("&"))
            }
            Page::Orders(OrderList::Pending) => "/orders".to_owned(),
            Page::Orders(list) => format!("/orders?status={}", list.segment()),
            Page::Order(id) => format!("/order/{}", encode(id)),
            Page::Payments => "/payments".to_owned(),
            Page::Send(index) => format!("/wallet/send?from={index}"),
            Page::Transfer(id) => format!("/wallet/send?transfer={}", encode(id)),
            Page::Market => "/market".to_owned(),
            Page::ServiceType(provider, id, line) => {
                let line = line.map(|line| format!("?line={line}")).unwrap_or_default();
                format!("/market/{}/{}{line}", encode(provider), encode(id))
            }
            Page::Cart => "/cart".to_owned(),
            Page::Wallet => "/wallet".to_owned(),
        }
    }
}

fn encode(id: &str) -> String {
    String::from(js_sys::encode_uri_component(id))
}

/// The folder that the console is hosted in: empty at the root of a host, else such as `/console`.
pub fn base() -> String {
    // `document.baseURI` honours the page's `<base href>`.
    let path = document()
        .base_uri()
        .ok()
        .flatten()
        .and_then(|uri| web_sys::Url::new(&uri).ok())
        .map(|url| url.pathname());
    path.unwrap_or_default().trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{List, OrderList, Tab};

    #[test]
    fn every_segment_leads_back_to_its_page() {
        for list in List::ALL {
            assert_eq!(List::from_segment(list.segment()), Some(list));
        }
        for tab in Tab::ALL {
            assert_eq!(Tab::from_segment(tab.segment()), Some(tab));
        }
        for list in OrderList::ALL {
            assert_eq!(OrderList::from_segment(list.segment()), Some(list));
        }
        assert_eq!(List::from_segment(""), None);
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn addresses_escape_what_is_not_theirs() {
        assert_eq!(Page::Services(List::Past).href(), "/services/past");
        assert_eq!(
            Page::Service("a/b?c".to_owned(), Tab::Overview).href(),
            "/service/a%2Fb%3Fc"
        );
        assert_eq!(Page::Service("63a0".to_owned(), Tab::Logs).href(), "/service/63a0/logs");
        assert_eq!(Page::StatusOfAll.href(), "/status");
        assert_eq!(Page::Notices(String::new()).href(), "/notices");
        assert_eq!(Page::Notices("a&b".to_owned()).path(), "/notices?service=a%26b");
        let both = vec!["63a0".to_owned(), "a&b".to_owned()];
        assert_eq!(Page::Renew(both).path(), "/renew?service=63a0&service=a%26b");
        assert_eq!(Page::Orders(OrderList::Filed).path(), "/orders?status=filed");
        assert_eq!(Page::Order("63a0".to_owned()).href(), "/order/63a0");
        let sold = |line| Page::ServiceType("a/b".to_owned(), "61f0".to_owned(), line).path();
        assert_eq!(
            (sold(None).as_str(), sold(Some(7)).as_str()),
            ("/market/a%2Fb/61f0", "/market/a%2Fb/61f0?line=7")
        );
    }
}
