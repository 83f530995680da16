//! What outlives a page: who is signed in, what is known of the platform, what is waited for, what was chosen.

pub mod account_names;
mod again;
pub mod balances;
pub mod bulk;
pub mod cart;
pub mod clock;
pub mod commands;
pub mod contacts;
pub mod deployments;
pub mod domains;
pub mod drafts;
pub mod edits;
pub mod extension;
pub mod idle;
pub mod log_tail;
pub mod market;
pub mod monitor;
pub mod notices;
pub mod orders;
pub mod payments;
pub mod pending;
pub mod portal;
pub mod providers;
pub mod query;
mod remote;
pub mod services;
pub mod session;
pub mod settings;
pub mod storage;
pub mod tabs;
pub mod theme;
pub mod tries;
pub mod unsealed;

use std::sync::Arc;

use futures_util::{StreamExt, stream};
use leptos::prelude::*;
use leptos::task::spawn_local;
use vcloud_api::types::UserServiceStatus;

use self::domains::Domains;
use self::payments::Payments;
use crate::config::Config;
use crate::net::{self, Abort};
use account_names::AccountNames;
use balances::Balances;
use bulk::Bulk;
use cart::Cart;
use clock::Clock;
use commands::Commands;
use contacts::Contacts;
use drafts::Unsent;
use edits::Edits;
use market::Market;
use monitor::Monitors;
use notices::Notices;
use orders::Orders;
use pending::PendingActions;
use providers::Providers;
use query::Cache;
pub use remote::Remote;
use services::Services;
use session::SessionState;
use settings::Settings;

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
    /// What is known about domains, and what is being done about them.
    pub domains: Domains,
    /// Configuration files and environment.
    pub settings: Settings,
    /// What was paid from here.
    pub payments: Payments,
    /// What was asked for and is not confirmed yet.
    pub pending: PendingActions,
    /// Forms that were left and not sent.
    pub unsent: Unsent,
    /// What was measured since the console was opened.
    pub monitors: Monitors,
    /// What is being done to many services at once.
    pub bulk: Bulk,
    /// What was written and is not confirmed yet.
    pub edits: Edits,
    /// Where notices go.
    pub contacts: Contacts,
    /// What happened to the services.
    pub notices: Notices,
    /// Who runs services.
    pub providers: Providers,
    /// What letters and the palette act on.
    pub commands: Commands,
    /// What is known of orders.
    pub orders: Orders,
    /// What the market sells.
    pub market: Market,
    /// What is to be ordered.
    pub cart: Cart,
    /// What the accounts have.
    pub balances: Balances,
    /// What the accounts are called.
    pub names: AccountNames,
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
            domains: Domains::new(),
            settings: Settings::new(),
            payments: Payments::new(),
            pending,
            unsent: Unsent::new(session),
            monitors: Monitors::new(),
            bulk: Bulk::new(),
            edits: Edits::new(),
            contacts: Contacts::new(),
            notices: Notices::new(),
            providers: Cache::new(),
            commands: Commands::new(),
            orders: Orders::new(),
            market: Cache::new(),
            cart: Cart::new(),
            balances: Balances::new(),
            names: AccountNames::new(),
        };
        provide_context(app);
        app.payments.start(app);
        app.cart.start(app);
        extension::watch(app);
        // Another account, or none: what was known of the one before is forgotten at once.
        Effect::new(move |before: Option<Option<String>>| {
            let identity = session.identity_key();
            if before.is_some_and(|before| before != identity) {
                services.clear();
                app.domains.clear();
                app.settings.clear();
                pending.clear();
                app.unsent.clear();
                app.monitors.clear();
                app.bulk.clear();
                app.edits.clear();
                app.contacts.clear();
                app.notices.clear();
                app.commands.clear();
                app.orders.clear();
                app.payments.funds.clear();
                app.cart.switch(app);
                // The balances are the wallet's, whichever of its accounts is in use.
                if identity.is_none() {
                    app.balances.clear();
                }
            }
            identity
        });
        app.watch_pending();
        app.watch_gaps();
        app
    }

    /// After a sleep of the device, or where its clock was set, everything shown is asked for anew, and what time it is.
    fn watch_gaps(self) {
        Effect::new(move |before: Option<u32>| {
            let gaps = self.clock.gaps();
            if before.is_some_and(|before| before != gaps) {
                self.services.expect_change();
                self.services.outdate_details();
                self.domains.resolutions.invalidate();
                self.settings.configured.invalidate();
                self.contacts.known.invalidate();
                self.notices.lists.invalidate();
                self.providers.invalidate();
                self.orders.expect_change();
                self.market.invalidate();
                self.balances.invalidate();
                self.payments.funds.invalidate();
                spawn_local(net::look_at_the_time());
            }
            gaps
        });
    }

    /// Looks after operations under way whose service no page follows, so that they end when they have ended.
    fn watch_pending(self) {
        let looked = StoredValue::new(0.0);
        let looking = StoredValue::new(false);
        Effect::new(move |_| {
            let now = self.clock.ms();
            let ids = self.pending.ids();
            let due = now - looked.get_value() >= self.pending_refresh_ms() && !looking.get_value();
            let ids: Vec<String> = ids
                .into_iter()
                .filter(|id| due && !self.services.known.is_followed(id))
                .collect();
            if ids.is_empty() {
                return;
            }
            looked.set_value(now);
            looking.set_value(true);
            spawn_local(async move {
                // Many may have been asked for at once: a few at a time, and no second look before the first has ended.
                stream::iter(ids)
                    .for_each_concurrent(services::AT_ONCE, move |id| async move { self.look_after(&id).await })
                    .await;
                looking.set_value(false);
            });
        });
    }

    async fn look_after(self, id: &str) {
        let Ok(known) = self.services.fetch_known(self, id.to_owned(), Abort::new()).await else {
            self.pending.give_up(id);
            return;
        };
        let pod = match &known.access {
            // Only what runs has a pod.
            Ok(access) if known.service.status == UserServiceStatus::Running => {
                self.services.pod(access, &Abort::new()).await.ok()
            }
            _ => None,
        };
        self.pending.observe(id, &known.service.status, pod.as_ref());
    }

    /// Deletes from this browser what is kept of a wallet or token, and signs out.
    pub fn forget(self) {
        self.names.forget();
        self.session.forget();
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
