//! Reading the log of a run: what is kept of it, then what it goes on to print.

use std::sync::Arc;

use futures_util::{StreamExt, stream};
use tokio::sync::watch;

use super::{
    super::{Clock, LogBatch, LogQuery, LogStream, RuntimeError, UnixMillis},
    pod::{Pod, Run, Start},
    programs::{Program, Shutdown, UnixMicros, kept_lines},
};

/// A batch is full at so many lines or bytes.
const BATCH_LINES: usize = 1_000;
const BATCH_BYTES: usize = 128 * 1024;
/// Lines that follow closely are sent together: followers wake at multiples of this many milliseconds.
const GATHERING: u64 = 20;

/// The log of one run, as far as it is known what becomes of the run.
struct RunLog {
    program: Box<dyn Program>,
    run: Run,
    shutdown: Shutdown,
}

/// What there is of a log at a moment.
#[derive(Debug, Clone, Copy)]
struct Extent {
    /// Lines that the program printed by itself.
    ordinary: u64,
    /// All lines: those and its farewell.
    total: u64,
    /// Whether there will be no more.
    complete: bool,
}

impl RunLog {
    /// How far the log is at `now`, the pod having been told to end at `stopped_at`.
    fn extent(&self, stopped_at: Option<UnixMillis>, now: UnixMillis) -> Extent {
        let exit = self.run.exit.map(|(time, _)| time);
        let stop = stopped_at.filter(|stop| *stop <= now && exit.is_none_or(|exit| *stop < exit));
        let horizon = stop.unwrap_or(now).min(exit.unwrap_or(u64::MAX));
        let elapsed = horizon.saturating_sub(self.run.started).saturating_mul(1000);
        let ordinary = self.program.schedule().printed(elapsed);
        let Some(stop) = stop else {
            return Extent {
                ordinary,
                total: ordinary,
                complete: exit.is_some_and(|exit| exit <= now),
            };
        };
        let complete = now >= stop.saturating_add(self.shutdown.duration);
        let farewell = if complete {
            self.shutdown.lines
        } else {
            ((now - stop) / self.farewell_step() + 1).min(self.shutdown.lines)
        };
        Extent {
            ordinary,
            total: ordinary + farewell,
            complete,
        }
    }

    /// Milliseconds between the lines of the farewell.
    fn farewell_step(&self) -> u64 {
        (self.shutdown.duration / self.shutdown.lines.max(1)).max(1)
    }

    /// When line `index` was printed.
    fn time(&self, index: u64, extent: &Extent, stopped_at: Option<UnixMillis>) -> UnixMicros {
        match (index.checked_sub(extent.ordinary), stopped_at) {
            (Some(farewell), Some(stop)) => stop
                .saturating_add(farewell * self.farewell_step())
                .saturating_mul(1000),
            _ => self
                .run
                .started
                .saturating_mul(1000)
                .saturating_add(self.program.schedule().time(index)),
        }
    }

    /// The first line below `limit` that was printed at or after `time`.
    fn first_at(
        &self,
        time: UnixMillis,
        from: u64,
        limit: u64,
        extent: &Extent,
        stopped_at: Option<UnixMillis>,
    ) -> u64 {
        let (mut low, mut high) = (from.min(limit), limit);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.time(middle, extent, stopped_at) < time.saturating_mul(1000) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// When something will next happen by itself.
    fn next_change(&self, extent: &Extent, stopped_at: Option<UnixMillis>, now: UnixMillis) -> UnixMillis {
        let stop = stopped_at.filter(|stop| *stop <= now);
        if let Some(stop) = stop {
            let farewell = extent.total - extent.ordinary;
            let end = stop.saturating_add(self.shutdown.duration);
            return if farewell < self.shutdown.lines {
                (stop + farewell * self.farewell_step()).min(end)
            } else {
                end
            };
        }
        let schedule = self.program.schedule();
        let line = (extent.total < schedule.total())
            .then(|| {
                self.run
                    .started
                    .saturating_add(schedule.time(extent.total).div_ceil(1000))
            })
            .map_or(u64::MAX, |time| time.div_ceil(GATHERING).saturating_mul(GATHERING));
        line.min(self.run.exit.map_or(u64::MAX, |(time, _)| time))
    }
}

/// A reader of one log.
struct Reader {
    clock: Arc<dyn Clock>,
    pod: Arc<Pod>,
    stop: watch::Receiver<Option<UnixMillis>>,
    log: RunLog,
    follow: bool,
    end: Option<UnixMillis>,
    /// The next line to give.
    next: u64,
    /// Where to stop when not following.
    limit: u64,
}

/// Opens the log of a container's latest run. `kept` lines of it are there, unless the image says otherwise.
pub(super) fn open(
    clock: Arc<dyn Clock>,
    pod: Arc<Pod>,
    container: &str,
    query: LogQuery,
    kept: u64,
) -> Result<LogStream, RuntimeError> {
    let stop = pod.stop.subscribe();
    let (stopped_at, now) = {
        // The time is read while the stop can not be set, so that a stop is never earlier than what was read before it.
        let stop = stop.borrow();
        (*stop, clock.now())
    };
    let (index, spec) = pod.find(container)?;
    let moment = stopped_at.map_or(now, |stop| stop.min(now));
    let planned = &pod.containers[index];
    let status = pod
        .status(now)
        .ok_or_else(|| RuntimeError::Stopped(pod.facts.spec.service_id.clone()))?;
    let Some((run, program)) = planned
        .run(moment)
        .and_then(|run| Some((run, planned.program(spec, &run)?)))
    else {
        let reason = match &status.container_statuses[index].state {
            super::super::ContainerState::Waiting(waiting) => waiting.reason.clone(),
            _ => "ContainerCreating".to_owned(),
        };
        return Err(RuntimeError::NotStarted {
            container: container.to_owned(),
            reason,
        });
    };
    let kept = match &planned.start {
        Start::Pullable { image, .. } => kept_lines(spec, image).unwrap_or(kept),
        _ => kept,
    };
    let log = RunLog {
        shutdown: program.shutdown(),
        program,
        run,
    };
    let extent = log.extent(stopped_at, now);
    let mut first = extent.total.saturating_sub(kept);
    let mut limit = extent.total;
    if let Some(end) = query.end {
        limit = log.first_at(end, first, limit, &extent, stopped_at);
    }
    if let Some(start) = query.start {
        first = log.first_at(start, first, limit, &extent, stopped_at);
    }
    if let Some(tail) = query.tail_lines {
        first = first.max(limit.saturating_sub(tail));
    }
    let reader = Reader {
        clock,
        pod,
        stop,
        log,
        follow: query.follow,
        end: query.end,
        next: first,
        limit,
    };
    let not_before = query.start.unwrap_or(0).saturating_mul(1000);
    Ok(stream::unfold(reader, move |mut reader| async move {
        let batch = reader.next_batch(not_before).await?;
        Some((Ok(batch), reader))
    })
    .boxed())
}

impl Reader {
    /// The next lines, as soon as there are any; `None` at the end.
    async fn next_batch(&mut self, not_before: UnixMicros) -> Option<LogBatch> {
        loop {
            let (stopped_at, now) = {
                let stop = self.stop.borrow_and_update();
                (*stop, self.clock.now())
            };
            let extent = self.log.extent(stopped_at, now);
            let mut batch = LogBatch::new();
            let limit = if self.follow { extent.total } else { self.limit };
            let end = self.end.map(|end| end.saturating_mul(1000));
            while self.next < limit && batch.len() < BATCH_LINES && batch.as_bytes().len() < BATCH_BYTES {
                let time = self.log.time(self.next, &extent, stopped_at);
                if end.is_some_and(|end| time >= end) {
                    self.follow = false;
                    self.limit = self.next;
                    break;
                }
                let index = self.next;
                self.next += 1;
                if time < not_before {
                    continue;
                }
                batch.write_line(|out| match index.checked_sub(extent.ordinary) {
                    Some(farewell) => self.log.program.write_shutdown_line(farewell, time, out),
                    None => self.log.program.write_line(index, time, out),
                });
            }
            if !batch.is_empty() {
                // A long replay must not keep others from the thread.
                tokio::task::yield_now().await;
                return Some(batch);
            }
            let over = extent.complete && self.next >= extent.total;
            if !self.follow || over || self.end.is_some_and(|end| end <= now) {
                return None;
            }
            let change = self
                .log
                .next_change(&extent, stopped_at, now)
                .min(self.end.unwrap_or(u64::MAX))
                .max(now + 1);
            tokio::select! {
                () = self.clock.sleep_until(change) => {}
                changed = self.stop.changed() => {
                    // The pod is held by this reader, so its sender is still there.
                    debug_assert!(changed.is_ok(), "{}", self.pod.facts.spec.service_id);
                }
            }
        }
    }
}
