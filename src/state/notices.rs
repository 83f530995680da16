//! What happened to the account's services, and which of it has been seen.

use futures_util::{StreamExt, stream};
use leptos::prelude::*;
use vcloud_api::calls::ListNotices;
use vcloud_api::types::{Notice, Page, PageRequest};
use vcloud_api::{ApiError, Auth, BaseUrl, ErrorKind};

use super::query::{Answer, Cache, Query};
use super::{App, query, storage};
use crate::net::{self, Abort};

/// How many notices are asked for at a time where all are wanted.
const LARGE_PAGE: u32 = 100;

/// How many requests are under way at a time.
const AT_ONCE: usize = 4;

/// Rows of the page that the badge looks at: the first one of the notices page as it is by default.
pub const USUAL_PAGE: u32 = 20;

/// Which part of the notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// One page, counted from 1.
    Page {
        /// Which.
        current: u32,
        /// Rows a page.
        size: u32,
    },
    /// Every one there is.
    All,
}

/// Notices of one account at one provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NoticeKey {
    /// Whose.
    pub account: String,
    /// The provider's name.
    pub provider: String,
    /// The service they are about; empty = every one.
    pub service: String,
    /// Which part.
    pub scope: Scope,
}

/// The notices known, and the mark up to which they have been seen.
#[derive(Clone, Copy)]
pub struct Notices {
    /// By account and part.
    pub lists: Cache<NoticeKey, Page<Notice>>,
    /// Changes whenever a mark is moved.
    moved: RwSignal<u32>,
}

impl Notices {
    /// Nothing known yet.
    pub fn new() -> Notices {
        Notices {
            lists: Cache::new(),
            moved: RwSignal::new(0),
        }
    }

    /// Forgets everything but the marks.
    pub fn clear(self) {
        self.lists.clear();
    }

    /// When the newest notice that was seen happened; 0 where none was (tracked).
    pub fn seen(self, account: &str, provider: &str) -> i64 {
        self.moved.track();
        storage::preferences()
            .get(&mark(account, provider))
            .and_then(|text| text.parse().ok())
            .unwrap_or(0)
    }

    /// Everything up to this time has been seen.
    pub fn mark_seen(self, account: &str, provider: &str, until: i64) {
        if until > untrack(|| self.seen(account, provider)) {
            storage::preferences().set(&mark(account, provider), &until.to_string());
            self.moved.update(|moved| *moved = moved.wrapping_add(1));
        }
    }

    /// One request for notices, newest first.
    pub fn fetch(self, app: App, key: NoticeKey, abort: Abort) -> Answer<Page<Notice>> {
        Box::pin(async move {
            let hosts = app.services.hosts(app, &key.provider).await?;
            let host = hosts
                .notice()
                .map_err(|error| ApiError::without_answer(ErrorKind::Unsendable, error.to_string()))?;
            match key.scope {
                Scope::Page { current, size } => page(&host, &key, current, size, &abort).await,
                Scope::All => whole(&host, &key, &abort).await,
            }
        })
    }

    /// Follows a part of the notices.
    pub fn follow(self, app: App, key: impl Fn() -> Option<NoticeKey> + Send + Sync + 'static) -> Query<Page<Notice>> {
        query::use_query(
            app.clock,
            self.lists,
            key,
            move || app.refresh_ms(),
            move |key, abort| self.fetch(app, key, abort),
        )
    }
}

/// The notices that nobody has seen yet, as the menu says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unseen {
    /// How many, as far as they were looked at.
    pub count: u32,
    /// Whether there may be more than that.
    pub or_more: bool,
}

/// How many of the newest notices have not been seen.
pub fn unseen(newest: &Page<Notice>, seen: i64) -> Unseen {
    let count = newest.list.iter().filter(|notice| notice.timestamp > seen).count();
    Unseen {
        count: u32::try_from(count).unwrap_or(u32::MAX),
        or_more: count == newest.list.len() && newest.pagination.total > newest.list.len() as u64,
    }
}

fn mark(account: &str, provider: &str) -> String {
    format!("notices.seen.{provider}.{account}")
}

async fn page(
    host: &BaseUrl,
    key: &NoticeKey,
    current: u32,
    size: u32,
    abort: &Abort,
) -> Result<Page<Notice>, ApiError> {
    let call = ListNotices {
        page: PageRequest::new(u64::from(current), u64::from(size)),
        service_id: key.service.clone(),
    };
    net::send(&call, host, &Auth::Address(&key.account), abort).await
}

/// The first page says how many there are, the others follow together.
async fn whole(host: &BaseUrl, key: &NoticeKey, abort: &Abort) -> Result<Page<Notice>, ApiError> {
    let mut all = page(host, key, 1, LARGE_PAGE, abort).await?;
    // The platform may give fewer a page than asked for.
    let size = u32::try_from(all.list.len()).unwrap_or(LARGE_PAGE);
    let total = u32::try_from(all.pagination.total).unwrap_or(u32::MAX);
    if size == 0 || total <= size {
        return Ok(all);
    }
    let rest = (2..=total.div_ceil(size)).map(|current| page(host, key, current, size, abort));
    let mut rest = stream::iter(rest).buffered(AT_ONCE);
    while let Some(next) = rest.next().await {
        all.list.extend(next?.list);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use vcloud_api::types::Pagination;

    use super::*;

    fn newest(times: &[i64], total: u64) -> Page<Notice> {
        Page {
            list: times
                .iter()
                .map(|timestamp| Notice {
                    timestamp: *timestamp,
                    ..Notice::default()
                })
                .collect(),
            pagination: Pagination {
                total,
                ..Pagination::default()
            },
        }
    }

    #[test]
    fn what_is_newer_than_the_mark_is_unseen() {
        let page = newest(&[30, 20, 10], 9);
        assert_eq!(unseen(&page, 30), Unseen::default());
        assert_eq!(unseen(&page, 19).count, 2);
        assert!(!unseen(&page, 10).or_more);
    }

    #[test]
    fn where_all_that_was_looked_at_is_unseen_there_may_be_more() {
        let all_new = unseen(&newest(&[30, 20], 9), 0);
        assert_eq!((all_new.count, all_new.or_more), (2, true));
        assert!(!unseen(&newest(&[30, 20], 2), 0).or_more);
        assert_eq!(unseen(&newest(&[], 0), 0), Unseen::default());
    }
}
