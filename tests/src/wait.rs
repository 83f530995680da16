//! Waiting for what people would wait for: until something is so, not for a time.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long a journey waits for anything before it gives up. Three browsers share two cores with three platforms.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How soon it looks again. What has not come at once takes a moment, and looking keeps the very cores busy that it waits for.
const FIRST_POLL: Duration = Duration::from_millis(40);

/// How long it waits between two looks at most.
const LAST_POLL: Duration = Duration::from_millis(200);

/// Asks until there is an answer.
///
/// # Errors
/// The question's own, at once; and `what`, when there is no answer within [`PATIENCE`].
pub async fn until<T>(what: &str, ask: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    until_within(PATIENCE, what, ask).await
}

/// The same with a patience of its own.
pub(crate) async fn until_within<T>(
    limit: Duration,
    what: &str,
    mut ask: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let deadline = Instant::now() + limit;
    let mut pause = FIRST_POLL;
    loop {
        if let Some(answer) = ask().await? {
            return Ok(answer);
        }
        if Instant::now() >= deadline {
            bail!("waited {} s in vain for {what}", limit.as_secs());
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 5 / 4).min(LAST_POLL);
    }
}
