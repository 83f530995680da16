//! Waiting for what people would wait for: until something is so, not for a time.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long a journey waits for anything before it gives up. Two browsers share two cores with two platforms.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How often it looks.
const POLL: Duration = Duration::from_millis(50);

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
    loop {
        if let Some(answer) = ask().await? {
            return Ok(answer);
        }
        if Instant::now() >= deadline {
            bail!("waited {} s in vain for {what}", limit.as_secs());
        }
        tokio::time::sleep(POLL).await;
    }
}
