//! A simulated pod: a few facts, from which its state at any moment follows. Nothing happens in the background.

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::{
    super::{
        ContainerSpec, ContainerState, ContainerStatus, Phase, PodSpec, PodStatus, RegistryLogin, Running,
        RuntimeError, Terminated, UnixMillis, Waiting,
    },
    dice::{hash_text, mix},
    images::ImageName,
    programs::{Character, Exit, Program},
};

/// From the deployment to the moment when a machine begins to pull the images.
const SCHEDULING: u64 = 300;
/// From a pulled image to a running container.
const CREATION: u64 = 250;
/// How long an attempt to pull a bad image takes.
const FAILED_PULL: u64 = 1_200;
/// How long the error of an attempt is shown before the back-off.
const PULL_ERROR_SHOWN: u64 = 2_000;
/// How long an exit is shown before the back-off; also the delay of the first restart.
const EXIT_SHOWN: u64 = 1_000;
/// Kubernetes' back-off: it doubles up to five minutes, and is forgotten after ten minutes without a failure.
const BACK_OFF_START: u64 = 10_000;
const BACK_OFF_LIMIT: u64 = 300_000;
const BACK_OFF_FORGOTTEN: u64 = 600_000;
/// From here on, back-offs do not grow any more.
const BACK_OFFS_THAT_GROW: u64 = 6;

/// All that has to be remembered of a pod.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PodFacts {
    pub(super) spec: PodSpec,
    /// Counts the pods that this service has had.
    pub(super) generation: u64,
    pub(super) created_at: UnixMillis,
    pub(super) stopped_at: Option<UnixMillis>,
    /// Images that the machine already had: they need no pulling.
    #[serde(default)]
    pub(super) cached_images: Vec<String>,
}

/// A pod and who waits for its end.
pub(super) struct Pod {
    pub(super) facts: PodFacts,
    pub(super) containers: Vec<Container>,
    /// When it was told to end; those who follow its logs watch it.
    pub(super) stop: watch::Sender<Option<UnixMillis>>,
}

/// What follows from a container's description.
pub(super) struct Container {
    pub(super) start: Start,
    /// The name with registry and tag.
    pub(super) full_image: String,
    pub(super) seed: u64,
}

/// How a container's start goes.
pub(super) enum Start {
    /// The image's name is no such name.
    InvalidName,
    /// The image can not be pulled: attempts begin failing at a time.
    NotPullable {
        first_failure: UnixMillis,
        /// The code of the machine's error, and its cause in the machine's words.
        failure: (&'static str, &'static str),
    },
    /// The image is on the machine at `pulled`, but no container can be made of it as it is described.
    NotCreatable { pulled: UnixMillis },
    /// The image is on the machine at `pulled`, and the first run begins at `first_run`.
    Pullable {
        pulled: UnixMillis,
        first_run: UnixMillis,
        image: ImageName,
        character: Character,
    },
}

/// One run of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// 0 for the first, so also the number of restarts before it.
    pub(super) index: u64,
    pub(super) started: UnixMillis,
    /// How and when it ends by itself, if it does.
    pub(super) exit: Option<(UnixMillis, Exit)>,
    /// When the next one starts.
    pub(super) next: Option<UnixMillis>,
}

/// Something that lasts `active` milliseconds over and over, with pauses that `pause` gives for each repetition and that do
/// not change from `settled` on. Gives the repetition that `elapsed` falls into, its begin and that of the next.
fn repetition(elapsed: u64, active: u64, settled: u64, pause: impl Fn(u64) -> u64) -> (u64, u64, u64) {
    let mut begin = 0_u64;
    for index in 0..settled {
        let next = begin.saturating_add(active).saturating_add(pause(index));
        if elapsed < next {
            return (index, begin, next);
        }
        begin = next;
    }
    let period = active.saturating_add(pause(settled)).max(1);
    let more = (elapsed - begin) / period;
    let begin = begin + more * period;
    (settled + more, begin, begin.saturating_add(period))
}

/// The pause after failure `index`, doubling from ten seconds to five minutes.
fn back_off(index: u64) -> u64 {
    (BACK_OFF_START << index.min(BACK_OFFS_THAT_GROW)).min(BACK_OFF_LIMIT)
}

impl Container {
    /// The latest run that has begun by `now`.
    pub(super) fn run(&self, now: UnixMillis) -> Option<Run> {
        let Start::Pullable {
            first_run, character, ..
        } = &self.start
        else {
            return None;
        };
        let elapsed = now.checked_sub(*first_run)?;
        let Some(exit) = character.exit else {
            return Some(Run {
                index: 0,
                started: *first_run,
                exit: None,
                next: None,
            });
        };
        let pause = |index: u64| {
            if index == 0 || exit.after >= BACK_OFF_FORGOTTEN {
                EXIT_SHOWN
            } else {
                back_off(index - 1)
            }
        };
        let (index, begin, next) = repetition(elapsed, exit.after, BACK_OFFS_THAT_GROW, pause);
        let started = first_run + begin;
        Some(Run {
            index,
            started,
            exit: Some((started.saturating_add(exit.after), exit)),
            next: Some(first_run.saturating_add(next)),
        })
    }

    /// The program of a run.
    pub(super) fn program(&self, spec: &ContainerSpec, run: &Run) -> Option<Box<dyn Program>> {
        let Start::Pullable { image, character, .. } = &self.start else {
            return None;
        };
        Some(character.program(spec, image, mix(self.seed, run.started)))
    }

    /// Why it has not started by `now`, given that it has not.
    fn waiting(&self, now: UnixMillis) -> Waiting {
        let creating = || Waiting {
            reason: "ContainerCreating".to_owned(),
            message: String::new(),
        };
        match &self.start {
            Start::InvalidName => Waiting {
                reason: "InvalidImageName".to_owned(),
                message: format!(
                    "Failed to apply default image tag \"{0}\": couldn't parse image name \"{0}\": invalid reference format",
                    self.full_image
                ),
            },
            Start::Pullable { .. } => creating(),
            Start::NotCreatable { pulled } if now < pulled.saturating_add(CREATION) => creating(),
            Start::NotCreatable { .. } => Waiting {
                reason: "CreateContainerConfigError".to_owned(),
                message: "container has runAsNonRoot and image will run as root".to_owned(),
            },
            Start::NotPullable { first_failure, failure } => {
                let Some(elapsed) = now.checked_sub(*first_failure) else {
                    return creating();
                };
                let (index, begin, _) = repetition(elapsed, PULL_ERROR_SHOWN, BACK_OFFS_THAT_GROW, back_off);
                let (code, cause) = failure;
                let image = &self.full_image;
                let error = format!(
                    "failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {cause}"
                );
                if index == 0 && elapsed - begin < PULL_ERROR_SHOWN {
                    Waiting {
                        reason: "ErrImagePull".to_owned(),
                        message: format!("rpc error: code = {code} desc = {error}"),
                    }
                } else {
                    Waiting {
                        reason: "ImagePullBackOff".to_owned(),
                        message: format!("Back-off pulling image \"{image}\": ErrImagePull: {error}"),
                    }
                }
            }
        }
    }
}

impl Pod {
    /// Works out what will become of a pod.
    pub(super) fn new(facts: PodFacts) -> Result<Self, RuntimeError> {
        let spec = &facts.spec;
        if spec.containers.is_empty() {
            return Err(RuntimeError::Invalid("a pod needs a container".to_owned()));
        }
        for (index, container) in spec.containers.iter().enumerate() {
            if spec.containers[..index]
                .iter()
                .any(|other| other.name == container.name)
            {
                return Err(RuntimeError::Invalid(format!(
                    "two containers are named {}",
                    container.name
                )));
            }
        }
        let service = mix(hash_text(&spec.service_id), facts.generation ^ facts.created_at);
        // Machines pull one image after the other.
        let mut machine_free = facts.created_at.saturating_add(SCHEDULING);
        let mut containers = Vec::with_capacity(spec.containers.len());
        for (index, container) in spec.containers.iter().enumerate() {
            let seed = mix(service, index as u64);
            let login = spec.logins.get(index);
            containers.push(plan(container, login, seed, &facts.cached_images, &mut machine_free));
        }
        let stop = watch::Sender::new(facts.stopped_at);
        Ok(Self {
            facts,
            containers,
            stop,
        })
    }

    /// When it was told to end.
    pub(super) fn stopped_at(&self) -> Option<UnixMillis> {
        *self.stop.borrow()
    }

    /// The facts to be remembered.
    pub(super) fn facts_now(&self) -> PodFacts {
        PodFacts {
            stopped_at: self.stopped_at(),
            ..self.facts.clone()
        }
    }

    /// The images that the machine has at a time.
    pub(super) fn images_pulled(&self, now: UnixMillis) -> Vec<String> {
        let mut images = self.facts.cached_images.clone();
        for container in &self.containers {
            if matches!(&container.start, Start::Pullable { pulled, .. } | Start::NotCreatable { pulled } if *pulled <= now)
                && !images.contains(&container.full_image)
            {
                images.push(container.full_image.clone());
            }
        }
        images
    }

    /// The container of a name: its place and its description.
    pub(super) fn find(&self, name: &str) -> Result<(usize, &ContainerSpec), RuntimeError> {
        let mut containers = self.facts.spec.containers.iter().enumerate();
        containers
            .find(|(_, container)| container.name == name)
            .ok_or_else(|| RuntimeError::NoSuchContainer(name.to_owned()))
    }

    /// How the pod is at `now`; `None` once it was stopped and its containers have gone.
    pub(super) fn status(&self, now: UnixMillis) -> Option<PodStatus> {
        let stopped_at = self.stopped_at().filter(|time| *time <= now);
        if let Some(stopped_at) = stopped_at {
            let longest = (0..self.containers.len())
                .map(|index| self.farewell(index, stopped_at))
                .max();
            if now >= stopped_at.saturating_add(longest.unwrap_or(0)) {
                return None;
            }
        }
        let statuses: Vec<_> = (0..self.containers.len())
            .map(|index| self.container_status(index, stopped_at, now))
            .collect();
        let all_started = self
            .containers
            .iter()
            .all(|container| container.run(stopped_at.unwrap_or(now)).is_some());
        Some(PodStatus {
            host_ip: self.facts.spec.host_ip.clone(),
            phase: if all_started { Phase::Running } else { Phase::Pending },
            container_statuses: statuses,
        })
    }

    /// How long a container takes to end after being told to at `stopped_at`: 0 if it does not run then.
    fn farewell(&self, index: usize, stopped_at: UnixMillis) -> u64 {
        let container = &self.containers[index];
        let running = container
            .run(stopped_at)
            .filter(|run| run.exit.is_none_or(|(end, _)| stopped_at < end));
        let program = running.and_then(|run| container.program(&self.facts.spec.containers[index], &run));
        program.map_or(0, |program| program.shutdown().duration)
    }

    fn container_status(&self, index: usize, stopped_at: Option<UnixMillis>, now: UnixMillis) -> ContainerStatus {
        let spec = &self.facts.spec.containers[index];
        let container = &self.containers[index];
        // What was told to end neither exits by itself nor is started again.
        let moment = stopped_at.unwrap_or(now);
        let ended = |run: &Run| {
            run.exit.map(|(end, exit)| Terminated {
                exit_code: exit.code,
                reason: exit.reason.to_owned(),
                started_at: run.started,
                finished_at: end,
            })
        };
        let run = container.run(moment);
        let mut last_state = None;
        let state = match &run {
            None => ContainerState::Waiting(container.waiting(moment)),
            Some(run) => match ended(run).filter(|terminated| terminated.finished_at <= moment) {
                None => {
                    let previous = run.started.checked_sub(1).and_then(|before| container.run(before));
                    last_state = previous.as_ref().and_then(ended);
                    match stopped_at
                        .map(|time| time + self.farewell(index, time))
                        .filter(|end| *end <= now)
                    {
                        Some(end) => ContainerState::Terminated(Terminated {
                            exit_code: 0,
                            reason: "Completed".to_owned(),
                            started_at: run.started,
                            finished_at: end,
                        }),
                        None => ContainerState::Running(Running {
                            started_at: run.started,
                        }),
                    }
                }
                Some(terminated) if moment < terminated.finished_at + EXIT_SHOWN => {
                    ContainerState::Terminated(terminated)
                }
                Some(terminated) => {
                    let pause = run.next.unwrap_or(terminated.finished_at) - terminated.finished_at;
                    let spec = &self.facts.spec;
                    let message = format!(
                        "back-off {} restarting failed container={} pod={}_{}",
                        back_off_text(pause),
                        spec.containers[index].name,
                        spec.service_id,
                        spec.namespace
                    );
                    last_state = Some(terminated);
                    ContainerState::Waiting(Waiting {
                        reason: "CrashLoopBackOff".to_owned(),
                        message,
                    })
                }
            },
        };
        ContainerStatus {
            name: spec.name.clone(),
            image: container.full_image.clone(),
            ready: matches!(state, ContainerState::Running(_)),
            state,
            last_state,
            restart_count: run.map_or(0, |run| u32::try_from(run.index).unwrap_or(u32::MAX)),
        }
    }
}

/// `10s`, `1m20s`, `5m0s`: durations as Kubernetes writes them.
fn back_off_text(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    if seconds < 60 {
        format!("{seconds}s")
    } else {
        format!("{}m{}s", seconds / 60, seconds % 60)
    }
}

/// Plans a container's start. `machine_free` is when the machine can pull the next image.
fn plan(
    spec: &ContainerSpec,
    login: Option<&RegistryLogin>,
    seed: u64,
    cached: &[String],
    machine_free: &mut UnixMillis,
) -> Container {
    let Some(image) = ImageName::parse(&spec.image) else {
        return Container {
            start: Start::InvalidName,
            full_image: spec.image.clone(),
            seed,
        };
    };
    let full_image = image.full();
    let check = image.check(login);
    let start = if let Some(failure) = image.pull_failure(check) {
        *machine_free = machine_free.saturating_add(FAILED_PULL);
        Start::NotPullable {
            first_failure: *machine_free,
            failure,
        }
    } else {
        if !cached.contains(&full_image) {
            *machine_free = machine_free.saturating_add(image.pull_milliseconds());
        }
        let pulled = *machine_free;
        if image.is_uncreatable() {
            Start::NotCreatable { pulled }
        } else {
            Start::Pullable {
                pulled,
                first_run: pulled.saturating_add(CREATION + seed % 150),
                character: Character::of(spec, &image),
                image,
            }
        }
    };
    Container {
        start,
        full_image,
        seed,
    }
}
