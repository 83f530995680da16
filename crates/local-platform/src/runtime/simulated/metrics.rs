//! What simulated containers consume: smooth curves over time, the same for everybody who asks.

use super::{
    super::{ContainerMetrics, PodMetrics, UnixMillis},
    dice::{mix, smooth_noise},
    pod::{Pod, Start},
};

const MEGABYTE: f64 = 1_048_576.0;

/// What the pod consumes at `now`.
pub(super) fn measure(pod: &Pod, now: UnixMillis) -> PodMetrics {
    let containers: Vec<_> = (0..pod.containers.len())
        .map(|index| measure_container(pod, index, now))
        .collect();
    PodMetrics {
        time: now,
        network_download: containers.iter().map(|container| container.network_download).sum(),
        network_upload: containers.iter().map(|container| container.network_upload).sum(),
        storage_bytes: storage(pod, now),
        containers,
    }
}

fn measure_container(pod: &Pod, index: usize, now: UnixMillis) -> ContainerMetrics {
    let spec = &pod.facts.spec.containers[index];
    let container = &pod.containers[index];
    let mut metrics = ContainerMetrics {
        name: spec.name.clone(),
        cpu: 0.0,
        memory_bytes: 0,
        memory_limit_bytes: spec.memory_bytes,
        network_download: 0.0,
        network_upload: 0.0,
    };
    let running = container
        .run(now)
        .filter(|run| run.exit.is_none_or(|(end, _)| now < end));
    let (Some(run), Start::Pullable { character, .. }) = (running, &container.start) else {
        return metrics;
    };
    let appetite = character.appetite;
    let seconds = (now - run.started) as f64 / 1000.0;
    let clock_seconds = now as f64 / 1000.0;
    let noise = |kind: u64, period: f64| smooth_noise(mix(container.seed, kind), clock_seconds / period);
    // People are awake in the daytime: a slow wave over 24 hours under the quick ones.
    let daytime = 0.75 + 0.25 * (clock_seconds / 86_400.0 * std::f64::consts::TAU).sin();
    let load = daytime * (0.35 + 0.9 * noise(1, 45.0) + 0.4 * noise(2, 9.0));
    let starting = 0.6 * (-seconds / 4.0).exp();
    metrics.cpu = appetite.cpu * load + starting.min(0.9);
    let limit = spec.memory_bytes as f64;
    let memory = if let (true, Some((end, _))) = (character.leaks_memory(), run.exit) {
        limit * (now - run.started) as f64 / (end - run.started).max(1) as f64
    } else {
        appetite.memory * MEGABYTE * (1.0 - 0.45 * (-seconds / 60.0).exp()) * (0.96 + 0.08 * noise(3, 120.0))
    };
    metrics.memory_bytes = memory.min(limit * 0.985) as u64;
    let traffic = appetite.network * 1000.0 * load * (0.4 + noise(4, 20.0));
    metrics.network_download = (traffic * 0.22).floor();
    metrics.network_upload = (traffic * 0.78).floor();
    metrics
}

/// A volume fills slowly and never entirely. Volumes hold eight times what the containers have of memory (contract, Platform).
fn storage(pod: &Pod, now: UnixMillis) -> Option<u64> {
    let spec = &pod.facts.spec;
    spec.containers
        .iter()
        .find(|container| container.mount_path.is_some())?;
    let size = spec
        .containers
        .iter()
        .map(|container| container.memory_bytes as f64)
        .sum::<f64>()
        * 8.0;
    let days = now.saturating_sub(pod.facts.created_at) as f64 / 86_400_000.0;
    let seed = pod.containers[0].seed;
    let base = 0.004 + 0.05 * smooth_noise(seed, 0.5);
    let used = base + 0.7 * (1.0 - (-days / 60.0).exp());
    Some((size * used) as u64)
}
