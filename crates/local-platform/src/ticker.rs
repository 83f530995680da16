//! What happens by itself as time goes on: payments are found, services end.

use std::time::Duration;

use tokio::time::MissedTickBehavior;

use crate::payments;
use crate::platform::{Platform, SharedPlatform};
use crate::refusal::Outcome;
use crate::store::notices::{self, NoticeType};
use crate::store::pods;
use crate::store::services::{self, Status};

/// How often the platform looks.
const INTERVAL: Duration = Duration::from_millis(250);
/// Service hours before its end at which the owner of a service is told, or a fifth of its time where that is less.
const WARNING_HOURS: f64 = 24.0;

/// Goes on until the server stops.
pub async fn run(platform: SharedPlatform) {
    let mut interval = tokio::time::interval(INTERVAL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            () = platform.stopped() => return,
        }
        if let Err(refusal) = tick(&platform).await {
            tracing::error!(message = refusal.message(), "the clock's task failed");
        }
    }
}

/// Does what is due now.
///
/// # Errors
/// When the database fails.
pub async fn tick(platform: &Platform) -> Outcome<()> {
    let clock = platform.clock;
    platform
        .store
        .run(move |transaction| payments::settle(transaction, &clock))
        .await?;
    let now = clock.now();
    let warn_until = now + clock.seconds_of_service(WARNING_HOURS);
    let due = platform
        .store
        .run(move |transaction| {
            for id in services::ending(transaction, warn_until, now)? {
                let service = services::get(transaction, &id)?;
                services::set_warned(transaction, &id, true)?;
                if service.end_at > now {
                    notices::add(transaction, &service, NoticeType::ExpiringSoon, now)?;
                }
            }
            services::expired(transaction, now)
        })
        .await?;
    if due.is_empty() {
        return Ok(());
    }
    let _changing = platform.pod_changes.lock().await;
    for id in due {
        end(platform, id, now).await?;
    }
    Ok(())
}

async fn end(platform: &Platform, id: String, now: i64) -> Outcome<()> {
    let subject = id.clone();
    let ended = platform
        .store
        .run(move |transaction| {
            let mut service = services::get(transaction, &subject)?;
            // A refund or a renewal may have come first.
            if !matches!(service.status, Status::Running | Status::Stop) || service.end_at > now {
                return Ok(false);
            }
            service.status = Status::Done;
            service.done_ts = service.end_at;
            service.updated_at = now;
            services::update(transaction, &service)?;
            pods::forget(transaction, &service.id)?;
            notices::add(transaction, &service, NoticeType::Expired, now)?;
            Ok(true)
        })
        .await?;
    if !ended {
        return Ok(());
    }
    if let Err(error) = platform.runtime.remove(&id).await {
        tracing::warn!(%error, service = %id, "cannot remove the pod of a service that has ended");
    }
    Ok(())
}
