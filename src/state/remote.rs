//! Data of the platform as a page sees it: loading, failed, or there with its age.

use std::sync::Arc;

use vcloud_api::ApiError;

/// A piece of remote data. A page shows exactly one of these states.
#[derive(Debug)]
pub enum Remote<T> {
    /// Asked for, nothing there yet.
    Loading,
    /// It could not be had, and nothing older is there.
    Failed(ApiError),
    /// It is there.
    Ready {
        /// The data.
        value: Arc<T>,
        /// When it arrived, in milliseconds since the Unix epoch.
        at: f64,
        /// Why the latest refresh failed, if it did; the data is older than it should be then.
        stale_because: Option<ApiError>,
    },
}

impl<T> Clone for Remote<T> {
    fn clone(&self) -> Self {
        match self {
            Remote::Loading => Remote::Loading,
            Remote::Failed(error) => Remote::Failed(error.clone()),
            Remote::Ready {
                value,
                at,
                stale_because,
            } => Remote::Ready {
                value: Arc::clone(value),
                at: *at,
                stale_because: stale_because.clone(),
            },
        }
    }
}

impl<T> Remote<T> {
    /// The data, if it is there.
    pub fn value(&self) -> Option<&Arc<T>> {
        match self {
            Remote::Ready { value, .. } => Some(value),
            Remote::Loading | Remote::Failed(_) => None,
        }
    }

    /// The state after an answer: a failed refresh keeps the data that was there.
    #[must_use]
    pub fn after(self, answer: Result<T, ApiError>, now: f64) -> Remote<T> {
        match (answer, self) {
            (Ok(value), _) => Remote::Ready {
                value: Arc::new(value),
                at: now,
                stale_because: None,
            },
            (Err(error), Remote::Ready { value, at, .. }) => Remote::Ready {
                value,
                at,
                stale_because: Some(error),
            },
            (Err(error), Remote::Loading | Remote::Failed(_)) => Remote::Failed(error),
        }
    }
}
