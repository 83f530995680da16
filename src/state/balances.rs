//! What the accounts have, as the node says: each is asked for by itself, a few at a time.

use futures_util::{StreamExt, stream};
use vcloud_api::calls::GetBalanceDetails;
use vcloud_api::types::BalanceDetails;
use vcloud_api::{ApiError, Auth};

use super::App;
use super::query::{Answer, Cache};
use crate::net::{self, Abort};

/// So many requests for balances are on their way at once.
const AT_ONCE: usize = 4;

/// What is younger, in milliseconds, is not asked for again when an account is added.
const JUST_NOW: f64 = 2_000.0;

/// The balances, shared by the whole console.
#[derive(Clone, Copy)]
pub struct Balances {
    /// Those of each address.
    pub each: Cache<String, BalanceDetails>,
    /// Whether those of all of these addresses could be had.
    pub all: Cache<Vec<String>, ()>,
}

impl Balances {
    /// Nothing known yet.
    pub fn new() -> Balances {
        Balances {
            each: Cache::new(),
            all: Cache::new(),
        }
    }

    /// One look at all of these addresses. Each arrives by itself; an error is that of the first one that could not be had.
    pub fn fetch_all(self, app: App, addresses: Vec<String>, abort: Abort) -> Answer<()> {
        Box::pin(async move {
            let mut failures = stream::iter(addresses)
                .map(|address| {
                    let abort = abort.clone();
                    async move {
                        if abort.is_aborted() {
                            return None;
                        }
                        let wanted = address.clone();
                        let answer = self
                            .each
                            .load_within(&address, JUST_NOW, move |abort| fetch(app, wanted, abort));
                        answer.await.err()
                    }
                })
                .buffer_unordered(AT_ONCE);
            let mut failed: Option<ApiError> = None;
            while let Some(failure) = failures.next().await {
                failed = failed.or(failure);
            }
            failed.map_or(Ok(()), Err)
        })
    }

    /// Has all of them asked for anew: something was sent.
    pub fn invalidate(self) {
        self.each.invalidate();
        self.all.invalidate();
    }

    /// Forgets everything.
    pub fn clear(self) {
        self.each.clear();
        self.all.clear();
    }
}

fn fetch(app: App, address: String, abort: Abort) -> Answer<BalanceDetails> {
    Box::pin(async move {
        let call = GetBalanceDetails { address };
        net::send(&call, &app.config().node, &Auth::None, &abort).await
    })
}
