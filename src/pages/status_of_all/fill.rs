//! Asks for every service of the page, a few at a time, the ones that are looked at first.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use vcloud_api::types::UserServiceStatus;

use crate::state::App;
use crate::state::clock::now_ms;
use crate::state::services::AT_ONCE;

/// What arrived is told at most so often, in milliseconds; less often with many services, as every telling looks at all of
/// them.
const TOLD_EVERY: f64 = 200.0;

/// The work, until the page is left.
#[derive(Clone, Copy)]
pub struct Fill {
    app: App,
    work: StoredValue<SendWrapper<Rc<Work>>>,
    progress: RwSignal<Option<(usize, usize)>>,
    busy: RwSignal<bool>,
    version: RwSignal<u64>,
}

#[derive(Default)]
struct Work {
    todo: RefCell<VecDeque<Task>>,
    /// Services that are looked at: asked for before the others.
    first: RefCell<BTreeSet<String>>,
    workers: Cell<usize>,
    done: Cell<usize>,
    total: Cell<usize>,
    told: Cell<f64>,
    is_left: Cell<bool>,
}

struct Task {
    id: String,
    /// What is younger than so many milliseconds is not asked for again.
    age: f64,
}

impl Fill {
    /// Nothing to do yet. What is under way is aborted when the current owner is cleaned up.
    pub fn new(app: App) -> Fill {
        let work = SendWrapper::new(Rc::<Work>::default());
        let leaving = work.clone();
        on_cleanup(move || {
            leaving.is_left.set(true);
            leaving.todo.borrow_mut().clear();
            app.services.known.abandon();
            app.services.pods.abandon();
        });
        Fill {
            app,
            work: StoredValue::new(work),
            progress: RwSignal::new(None),
            busy: RwSignal::new(false),
            version: RwSignal::new(0),
        }
    }

    /// How many of how many services have been asked, while all of them are (tracked).
    pub fn progress(self) -> Option<(usize, usize)> {
        self.progress.get()
    }

    /// Whether anything is being asked for (tracked).
    pub fn busy(self) -> bool {
        self.busy.get()
    }

    /// Changes when something arrived, though not with every single thing (tracked).
    pub fn version(self) -> u64 {
        self.version.get()
    }

    /// Which services are looked at.
    pub fn look_at(self, ids: impl IntoIterator<Item = String>) {
        self.work.with_value(|work| {
            *work.first.borrow_mut() = ids.into_iter().collect();
            work.arrange();
        });
    }

    /// Asks for these services where what is known is older than so many milliseconds, and shows how far it is.
    pub fn ask(self, ids: Vec<String>, age: f64) {
        self.work.with_value(|work| {
            work.total.set(work.total.get() + ids.len());
            self.progress.set(Some((work.done.get(), work.total.get())));
        });
        self.add(ids, age);
    }

    /// The same without a word about it.
    pub fn ask_quietly(self, ids: Vec<String>, age: f64) {
        self.work.with_value(|work| {
            if self.progress.get_untracked().is_some() {
                work.total.set(work.total.get() + ids.len());
            }
        });
        self.add(ids, age);
    }

    fn add(self, ids: Vec<String>, age: f64) {
        let work = self.work.get_value();
        work.todo
            .borrow_mut()
            .extend(ids.into_iter().map(|id| Task { id, age }));
        work.arrange();
        let waiting = work.todo.borrow().len();
        let missing = AT_ONCE.saturating_sub(work.workers.get()).min(waiting);
        if missing > 0 {
            self.busy.set(true);
        } else if work.workers.get() == 0 {
            self.ended(&work);
        }
        for _ in 0..missing {
            work.workers.set(work.workers.get() + 1);
            let work = Rc::clone(&work);
            spawn_local(async move {
                while let Some(task) = work.next() {
                    self.look(&task).await;
                    if work.is_left.get() {
                        return;
                    }
                    work.done.set(work.done.get() + 1);
                    self.tell(&work);
                }
                work.workers.set(work.workers.get() - 1);
                if work.workers.get() == 0 && !work.is_left.get() {
                    self.ended(&work);
                }
            });
        }
    }

    fn tell(self, work: &Work) {
        #[allow(clippy::cast_precision_loss)] // Services of one account.
        let pause = TOLD_EVERY + work.total.get() as f64 / 5.0;
        if now_ms() - work.told.get() >= pause {
            work.told.set(now_ms());
            self.version.update(|version| *version += 1);
            self.progress.update(|progress| {
                if let Some(progress) = progress {
                    *progress = (work.done.get().min(work.total.get()), work.total.get());
                }
            });
        }
    }

    fn ended(self, work: &Work) {
        work.done.set(0);
        work.total.set(0);
        self.progress.set(None);
        self.busy.set(false);
        self.version.update(|version| *version += 1);
    }

    async fn look(self, task: &Task) {
        let (app, services, id) = (self.app, self.app.services, task.id.clone());
        let wanted = id.clone();
        let known = services
            .known
            .load_within(&id, task.age, move |abort| services.fetch_known(app, wanted, abort))
            .await;
        let Ok(known) = known else { return };
        let mut pod = None;
        if known.service.status == UserServiceStatus::Running && known.access.is_ok() {
            let wanted = id.clone();
            let answer = services
                .pods
                .load_within(&id, task.age, move |abort| services.fetch_pod(app, wanted, abort))
                .await;
            pod = answer.ok();
        }
        app.pending.observe(&id, &known.service.status, pod.as_deref());
    }
}

impl Work {
    /// Puts what is looked at before the rest.
    fn arrange(&self) {
        let first = self.first.borrow();
        let mut todo = self.todo.borrow_mut();
        todo.make_contiguous().sort_by_key(|task| !first.contains(&task.id));
    }

    fn next(&self) -> Option<Task> {
        self.todo.borrow_mut().pop_front()
    }
}
