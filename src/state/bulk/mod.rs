//! One thing done to many services: a few at a time, each sent once, going on while the person looks at something else.

mod batch;

pub use batch::{Batch, Counts, Failure, Item, Step, numbered};

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use vcloud_api::calls::SetLabel;
use vcloud_api::capability::Action;
use vcloud_api::{ApiError, Auth, ErrorKind};

use super::App;
use super::pending::{Operation, started_at};
use super::services::{AccessError, Known};
use crate::net::{self, Abort};

/// How many are under way at a time.
const AT_ONCE: usize = 4;

/// What can be done to many services at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Restart, pause or resume.
    Operate(Operation),
    /// Set the label.
    Label,
}

impl Job {
    /// Every job, in the order in which they are offered.
    pub const ALL: [Job; 4] = [
        Job::Operate(Operation::Restart),
        Job::Operate(Operation::Pause),
        Job::Operate(Operation::Resume),
        Job::Label,
    ];

    /// What the owner must be able to do.
    pub const fn action(self) -> Action {
        match self {
            Job::Operate(Operation::Restart) => Action::Restart,
            Job::Operate(Operation::Pause) => Action::Stop,
            Job::Operate(Operation::Resume) => Action::Start,
            Job::Label => Action::SetLabel,
        }
    }
}

/// One thing being done to many services, or done to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    number: u64,
    /// What is done.
    pub job: Job,
    /// To which, and how far it is.
    pub batch: Batch,
}

/// The one run that there can be at a time.
#[derive(Clone, Copy)]
pub struct Bulk {
    run: RwSignal<Option<Run>>,
    /// Whether somebody looks at how it goes.
    watched: RwSignal<bool>,
    last_number: StoredValue<u64>,
}

impl Bulk {
    /// Nothing is done.
    pub fn new() -> Bulk {
        Bulk {
            run: RwSignal::new(None),
            watched: RwSignal::new(false),
            last_number: StoredValue::new(0),
        }
    }

    /// What is being done, or was done last (tracked).
    pub fn get(self) -> Option<Run> {
        self.run.get()
    }

    /// Whether something is under way (tracked).
    pub fn is_running(self) -> bool {
        self.run
            .with(|run| run.as_ref().is_some_and(|run| run.batch.is_running()))
    }

    /// Whether somebody looks at how it goes, and need not be told.
    pub fn is_watched(self) -> bool {
        self.watched.get_untracked()
    }

    /// Somebody looks at how it goes, until the current owner is cleaned up.
    pub fn watch(self) {
        self.watched.set(true);
        on_cleanup(move || {
            self.watched.try_set(false);
        });
    }

    /// Begins; nothing happens while something else is under way.
    pub fn start(self, app: App, job: Job, batch: Batch) {
        if untrack(|| self.is_running()) {
            return;
        }
        let number = self.last_number.get_value() + 1;
        self.last_number.set_value(number);
        self.run.set(Some(Run { number, job, batch }));
        self.work(app, number);
    }

    /// Sends no more.
    pub fn stop(self) {
        self.change(Batch::stop);
    }

    /// Sends those that failed again.
    pub fn retry(self, app: App) {
        self.again(app, Batch::retry);
    }

    /// Sends those that were stopped before.
    pub fn go_on(self, app: App) {
        self.again(app, Batch::go_on);
    }

    /// Forgets what was done.
    pub fn dismiss(self) {
        if !untrack(|| self.is_running()) {
            self.run.set(None);
        }
    }

    /// Forgets everything and sends nothing more, as the account it is for is not there any more.
    pub fn clear(self) {
        if self.run.with_untracked(Option::is_some) {
            self.run.set(None);
        }
    }

    fn change(self, change: impl FnOnce(&mut Batch)) {
        self.run.update(|run| {
            if let Some(run) = run {
                change(&mut run.batch);
            }
        });
    }

    fn again(self, app: App, change: impl FnOnce(&mut Batch)) {
        // Those who work already take what is added.
        let is_running = untrack(|| self.is_running());
        self.change(change);
        let number = self.run.with_untracked(|run| run.as_ref().map(|run| run.number));
        if let Some(number) = number.filter(|_| !is_running) {
            self.work(app, number);
        }
    }

    fn work(self, app: App, number: u64) {
        for _ in 0..AT_ONCE {
            // No page owns this: what was confirmed is carried out, wherever the person goes.
            spawn_local(async move {
                while let Some((job, index, item)) = self.take(number) {
                    let result = send(app, job, &item).await;
                    self.settle(app, number, index, result);
                }
            });
        }
    }

    fn take(self, number: u64) -> Option<(Job, usize, Item)> {
        let mut taken = None;
        self.run.try_update(|run| {
            if let Some(run) = run.as_mut().filter(|run| run.number == number) {
                taken = run.batch.take().map(|(index, item)| (run.job, index, item));
            }
        });
        taken
    }

    fn settle(self, app: App, number: u64, index: usize, result: Result<(), Failure>) {
        self.run.update(|run| {
            if let Some(run) = run.as_mut().filter(|run| run.number == number) {
                run.batch.settle(index, result);
            }
        });
        if !untrack(|| self.is_running()) {
            app.services.expect_change();
        }
    }
}

async fn send(app: App, job: Job, item: &Item) -> Result<(), Failure> {
    let known = untrack(|| app.services.known.peek(&item.id)).value().cloned();
    // Host and secret of a service stay what they are: a look at it that is older will do.
    let known = match known.filter(|known| known.access.is_ok()) {
        Some(known) => known,
        None => {
            let answer = app.services.fetch_known(app, item.id.clone(), Abort::new()).await;
            Arc::new(answer.map_err(Failure::before)?)
        }
    };
    match job {
        Job::Operate(operation) => operate(app, &known, operation).await,
        Job::Label => label(app, &known, &item.new_label).await,
    }
}

async fn operate(app: App, known: &Known, operation: Operation) -> Result<(), Failure> {
    let mut before = Vec::new();
    if operation == Operation::Restart {
        // Only against this can be told later that the containers are new ones.
        let access = known.access.as_ref().map_err(|why| Failure::before(closed(why)))?;
        let pod = app.services.pod(access, &Abort::new()).await.map_err(Failure::before)?;
        before = started_at(&pod);
    }
    let answer = app.services.operate(known, operation, &Abort::new()).await;
    answer.map_err(Failure::of_change)?;
    app.pending.begin(&known.service.id, operation, before);
    Ok(())
}

async fn label(app: App, known: &Known, label: &str) -> Result<(), Failure> {
    let access = known.access.as_ref().map_err(|why| Failure::before(closed(why)))?;
    let call = SetLabel {
        label: label.to_owned(),
    };
    net::send(&call, &access.host, &Auth::Secret(&access.secret), &Abort::new())
        .await
        .map_err(Failure::of_change)?;
    app.services.details.outdate(&known.service.id);
    app.services.want_details(app, std::slice::from_ref(&known.service));
    Ok(())
}

fn closed(why: &AccessError) -> ApiError {
    let message = match why {
        AccessError::Foreign | AccessError::Sealed => String::new(),
        AccessError::Unusable(why) => why.clone(),
    };
    ApiError::without_answer(ErrorKind::Forbidden, message)
}
