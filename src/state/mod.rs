//! What outlives a page: who is signed in, what is known of the platform, what is waited for, what was chosen.

pub mod clock;
pub mod idle;
pub mod log_tail;
pub mod orders;
pub mod payments;
pub mod pending;
pub mod query;
mod remote;
pub mod services;
pub mod session;
pub mod storage;
pub mod theme;

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use vcloud_api::types::UserServiceStatus;

use self::payments::Payments;
use crate::config::Config;
use crate::net::Abort;
use clock::Clock;
use orders::Orders;
use pending::PendingActions;
pub use remote::Remote;
use services::Services;
use session::SessionState;

/// Everything shared, handed to every component by context.
#[derive(Clone, Copy)]
pub struct App {
    config: StoredValue<Arc<Config>>,
    /// The ticking clock.
    pub clock: Clock,
    /// Who is signed in.
    pub session: SessionState,
    /// What is known of the services.
    pub services: Services,
    /// What was paid from here.
    pub payments: Payments,
    /// What was asked for and is not confirmed yet.
    pub pending: PendingActions,
    /// What is known of orders.
    pub orders: Orders,
}

impl App {
    /// Makes the state under the current owner and provides it to everything below.
    pub fn provide(config: Config) -> App {
        let services = Services::new();
        let pending = PendingActions::new();
        let session = SessionState::new(config.network);
        let app = App {
            config: StoredValue::new(Arc::new(config)),
            clock: Clock::start(),
            session,
            services,
            payments: Payments::new(),
            pending,
            orders: Orders::new(),
        };
        provide_context(app);
        app.payments.start(app);
        // Another account, or none: what was known of the one before is forgotten at once.
        Effect::new(move |before: Option<Option<String>>| {
            let identity = session.identity_key();
            if before.is_some_and(|before| before != identity) {
                services.clear();
                pending.clear();
                app.orders.clear();
                app.payments.funds.clear();
            }
            identity
        });
        app.watch_pending();
        app
    }

    /// Looks after operations under way whose service no page follows, so that they end when they have ended.
    fn watch_pending(self) {
        let looked = StoredValue::new(0.0);
        Effect::new(move |_| {
            let now = self.clock.ms();
            let ids = self.pending.ids();
            if ids.is_empty() || now - looked.get_value() < self.pending_refresh_ms() {
                return;
            }
            looked.set_value(now);
            for id in ids.into_iter().filter(|id| !self.services.known.is_followed(id)) {
                spawn_local(async move {
                    let Ok(known) = self.services.fetch_known(self, id.clone(), Abort::new()).await else {
                        self.pending.give_up(&id);
                        return;
                    };
                    let pod = match &known.access {
                        // Only what runs has a pod.
                        Ok(access) if known.service.status == UserServiceStatus::Running => {
                            self.services.pod(access, &Abort::new()).await.ok()
                        }
                        _ => None,
                    };
                    self.pending.observe(&id, &known.service.status, pod.as_ref());
                });
            }
        });
    }

    /// The operator's configuration.
    pub fn config(self) -> Arc<Config> {
        self.config.get_value()
    }

    /// Milliseconds between two refreshes of a page that nothing happens on.
    pub fn refresh_ms(self) -> f64 {
        f64::from(self.config().refresh_seconds.max(1)) * 1000.0
    }

    /// Milliseconds between two refreshes while something changes.
    pub fn pending_refresh_ms(self) -> f64 {
        f64::from(self.config().pending_refresh_seconds.max(1)) * 1000.0
    }
}

/// The shared state.
///
/// # Panics
/// Outside the application's root component.
pub fn use_app() -> App {
    expect_context()
}
