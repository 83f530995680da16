//! What all hosts of one platform share.

use std::sync::Arc;

use tokio::sync::{Mutex, watch};

use crate::clock::Clock;
use crate::faults::Faults;
use crate::hosts::Hosts;
use crate::hosts::dns::Dns;
use crate::hosts::region::Rebindings;
use crate::options::Options;
use crate::runtime::Runtime;
use crate::store::Store;

/// Everything that the handlers need.
pub struct Platform {
    /// The state.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Where pods run.
    pub runtime: Arc<dyn Runtime>,
    /// Held while a pod is changed: state and runtime change together, one service after the other.
    pub pod_changes: Mutex<()>,
    /// Switched on faults.
    pub faults: Faults,
    /// Where domains point.
    pub dns: Dns,
    /// Services whose provider takes bindings one after the other now.
    pub rebindings: Rebindings,
    /// Which host is which.
    pub hosts: Hosts,
    /// What the server was started with.
    pub options: Options,
    /// Port it listens on.
    pub port: u16,
    /// True once the server stops, which ends every stream.
    pub stopping: watch::Receiver<bool>,
}

/// The platform as handlers get it.
pub type SharedPlatform = Arc<Platform>;

impl Platform {
    /// Address of the platform's own host.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Address of a provider's host, given the provider's label (empty for the platform's own host).
    #[must_use]
    pub fn provider_url(&self, label: &str) -> String {
        if label.is_empty() {
            self.url()
        } else {
            format!("http://{label}.localhost:{}", self.port)
        }
    }

    /// Waits until the server stops.
    pub async fn stopped(&self) {
        let mut stopping = self.stopping.clone();
        // An error means that the server is gone, which is as good as stopped.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }
}
