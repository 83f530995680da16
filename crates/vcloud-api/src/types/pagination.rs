//! Lists in pages.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::wire;

/// Where a page lies in its list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pagination {
    /// Entries in the whole list.
    #[serde(default, deserialize_with = "total")]
    pub total: u64,
    /// This page's number, the first is 1.
    #[serde(default, deserialize_with = "wire::integer")]
    pub current: u64,
    /// The most entries on a page.
    #[serde(default, deserialize_with = "wire::integer")]
    pub page_size: u64,
}

/// Entries of a whole list at the most. Lists are read to their end: one that claims to be without end would be read for ever.
const MOST_TOTAL: u64 = 1_000_000;

/// Pages that are read one after the other at the most, however few entries each has.
pub const MOST_PAGES: u64 = 1_000;

fn total<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let total = wire::integer(deserializer)?;
    if total > MOST_TOTAL {
        return Err(D::Error::custom(format!("the number {total} is out of range")));
    }
    Ok(total)
}

impl Pagination {
    /// How many pages there are; an empty list has one (empty) page.
    pub fn pages(&self) -> u64 {
        self.total.div_ceil(self.page_size.max(1)).clamp(1, MOST_PAGES)
    }

    /// Whether another page follows.
    pub fn has_next(&self) -> bool {
        self.current.max(1) < self.pages()
    }

    /// The position in the whole list of this page's first entry, counted from 0.
    pub fn offset(&self) -> u64 {
        self.current.saturating_sub(1).saturating_mul(self.page_size)
    }
}

/// One page of a list. The list may be `null`, but must be there: without it the answer is something else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub struct Page<T> {
    /// The entries of this page.
    #[serde(deserialize_with = "wire::list")]
    pub list: Vec<T>,
    /// Where the page lies.
    #[serde(default, deserialize_with = "wire::null_default")]
    pub pagination: Pagination,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            pagination: Pagination::default(),
        }
    }
}

impl<T> Page<T> {
    /// Cuts a page out of a whole list, as a server does.
    pub fn cut(all: impl IntoIterator<Item = T>, total: u64, request: PageRequest) -> Self {
        let skip = usize::try_from(request.offset()).unwrap_or(usize::MAX);
        let take = usize::try_from(request.page_size).unwrap_or(usize::MAX);
        Self {
            list: all.into_iter().skip(skip).take(take).collect(),
            pagination: Pagination {
                total,
                current: request.current,
                page_size: request.page_size,
            },
        }
    }
}

/// Which page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageRequest {
    /// The page's number, the first is 1.
    pub current: u64,
    /// The most entries on a page.
    pub page_size: u64,
}

impl Default for PageRequest {
    /// The first ten entries: what the platform answers when nothing is asked.
    fn default() -> Self {
        Self {
            current: 1,
            page_size: 10,
        }
    }
}

impl PageRequest {
    /// A page; numbers below 1 are taken as 1.
    pub fn new(current: u64, page_size: u64) -> Self {
        Self {
            current: current.max(1),
            page_size: page_size.max(1),
        }
    }

    /// The position in the whole list of the page's first entry, counted from 0.
    pub fn offset(&self) -> u64 {
        self.current.saturating_sub(1).saturating_mul(self.page_size)
    }

    /// The page that follows.
    pub fn next(&self) -> Self {
        Self {
            current: self.current.saturating_add(1),
            page_size: self.page_size,
        }
    }

    /// The answer without what was not asked for.
    #[must_use]
    pub fn no_more<T>(&self, mut page: Page<T>) -> Page<T> {
        let most = usize::try_from(self.page_size).unwrap_or(usize::MAX);
        page.list.truncate(most);
        page
    }

    /// The page after an answer, as long as there is one: walks a whole list. A page without entries ends the walk
    /// whatever its total says, so that a list which shrinks meanwhile never loops.
    pub fn after<T>(&self, page: &Page<T>) -> Option<Self> {
        let seen = self.current.saturating_mul(self.page_size);
        let is_more = !page.list.is_empty() && seen < page.pagination.total && self.current < MOST_PAGES;
        is_more.then(|| self.next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_without_end_is_not_read_for_ever() {
        let endless = "{\"list\":[1],\"pagination\":{\"total\":18446744073709551615,\"pageSize\":1}}";
        assert!(serde_json::from_str::<Page<u8>>(endless).is_err());
        let long: Page<u8> =
            serde_json::from_str("{\"list\":[1,2],\"pagination\":{\"total\":1000000,\"pageSize\":1}}").unwrap();
        assert_eq!(long.pagination.pages(), MOST_PAGES);
        let mut walked = 0;
        let mut next = Some(PageRequest::new(1, 1));
        while let Some(page) = next {
            walked += 1;
            next = page.after(&long);
        }
        assert_eq!(walked, MOST_PAGES);
        assert_eq!(PageRequest::new(1, 1).no_more(long).list, [1]);
    }

    #[test]
    fn a_list_may_be_null_but_not_missing() {
        assert!(serde_json::from_str::<Page<String>>("{\"status\":\"OK\"}").is_err());
        for json in ["{\"list\":null,\"pagination\":null}", "{\"list\":[]}"] {
            let page: Page<String> = serde_json::from_str(json).unwrap();
            assert!(page.list.is_empty());
            assert_eq!(page.pagination.pages(), 1);
            assert!(!page.pagination.has_next());
        }
    }

    #[test]
    fn pages_are_counted_and_walked_to_the_end() {
        let request = PageRequest::new(0, 10);
        assert_eq!(request.current, 1);
        let first = Page::cut(0..25, 25, request);
        assert_eq!(first.list.len(), 10);
        assert_eq!(first.pagination.pages(), 3);
        assert!(first.pagination.has_next());
        let second = request.after(&first).unwrap();
        let third = second.after(&Page::cut(0..25, 25, second)).unwrap();
        let last = Page::cut(0..25, 25, third);
        assert_eq!(last.list, [20, 21, 22, 23, 24]);
        assert_eq!(last.pagination.offset(), 20);
        assert!(!last.pagination.has_next());
        assert_eq!(third.after(&last), None);
        let shrunk = Page::<i32> {
            list: vec![],
            pagination: first.pagination,
        };
        assert_eq!(request.after(&shrunk), None);
    }

    #[test]
    fn numbers_may_be_strings() {
        let page: Page<String> = serde_json::from_str(
            "{\"list\":[\"a\"],\"pagination\":{\"total\":\"11\",\"current\":\"1\",\"pageSize\":10}}",
        )
        .unwrap();
        assert_eq!(page.pagination.pages(), 2);
    }
}
