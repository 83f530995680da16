//! Starting and stopping the server.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::OriginalUri;
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::connection::{BreakableListener, Breaker};
use crate::faults::Faults;
use crate::hosts::dns::Dns;
use crate::hosts::region::Rebindings;
use crate::hosts::{self, Hosts, ProviderHosts};
use crate::options::Options;
use crate::platform::{Platform, SharedPlatform};
use crate::refusal::Refusal;
use crate::store::{Store, market, pods};
use crate::{front, runtime, seed, static_files, ticker};

/// How long open requests may go on after the server was asked to stop.
const GRACE: Duration = Duration::from_secs(2);

/// A running server.
pub struct Server {
    platform: SharedPlatform,
    stopping: watch::Sender<bool>,
    serving: JoinHandle<()>,
    ticking: JoinHandle<()>,
}

impl Server {
    /// Opens the database, makes what is missing of the demonstration, and begins to listen.
    ///
    /// # Errors
    /// When the port is taken, the database cannot be opened, or the console's files are not there.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        if let Some(directory) = &options.static_dir {
            anyhow::ensure!(directory.is_dir(), "{} is no directory", directory.display());
        }
        let store = Store::open(&options.data)?;
        let clock = Clock::new(options.clock_rate);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
            .await
            .with_context(|| format!("cannot listen on port {}", options.port))?;
        let port = listener.local_addr()?.port();

        store
            .run_now(|transaction| seed::market(transaction))
            .map_err(|refusal| anyhow::anyhow!("{}", refusal.message()))?;
        let hosts = provider_hosts(&store)?;
        let records = store
            .run_now(|transaction| pods::records(transaction))
            .map_err(|refusal| anyhow::anyhow!("{}", refusal.message()))?;
        let runtime = runtime::for_platform();
        runtime
            .restore(records)
            .await
            .context("cannot take over the pods of the last run")?;

        let (stopping, stopped) = watch::channel(false);
        let platform = Arc::new(Platform {
            store,
            clock,
            runtime,
            pod_changes: Mutex::new(()),
            faults: Faults::default(),
            dns: Dns::default(),
            rebindings: Rebindings::default(),
            hosts,
            options,
            port,
            stopping: stopped,
        });
        seed::demonstration(&platform).await?;

        let serving = tokio::spawn(serve(listener, router(Arc::clone(&platform)), Arc::clone(&platform)));
        let ticking = tokio::spawn(ticker::run(Arc::clone(&platform)));
        Ok(Self {
            platform,
            stopping,
            serving,
            ticking,
        })
    }

    /// Address of the platform's host, `http://localhost:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        self.platform.url()
    }

    /// Port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.platform.port
    }

    /// Ends every stream, lets open requests finish for a moment, and writes the database down.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn stop(self) -> anyhow::Result<()> {
        // Nobody left to hear it is fine.
        let _ = self.stopping.send(true);
        let abort = self.serving.abort_handle();
        if tokio::time::timeout(GRACE, self.serving).await.is_err() {
            abort.abort();
        }
        self.ticking.await.context("the clock's task failed")?;
        self.platform.store.settle().context("cannot write the database down")
    }
}

fn provider_hosts(store: &Store) -> anyhow::Result<Hosts> {
    let providers = store.run_now(|transaction| {
        market::providers(transaction)?
            .into_iter()
            .map(|provider| {
                let regions = seed::regions(transaction, &provider.name)?;
                Ok(ProviderHosts {
                    name: provider.name,
                    label: provider.label,
                    regions,
                })
            })
            .collect()
    });
    providers
        .map(Hosts::new)
        .map_err(|refusal| anyhow::anyhow!("{}", refusal.message()))
}

async fn serve(listener: TcpListener, router: Router, platform: SharedPlatform) {
    let service = router.into_make_service_with_connect_info::<Breaker>();
    let served = axum::serve(BreakableListener(listener), service)
        .with_graceful_shutdown(async move { platform.stopped().await })
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "the server failed");
    }
}

fn router(platform: SharedPlatform) -> Router {
    let on_platform = hosts::market::routes()
        .merge(hosts::orders::routes())
        .merge(hosts::user_services::routes());
    let api = Router::new()
        .merge(on_platform.route_layer(from_fn(hosts::only_platform)))
        .merge(hosts::provider::routes().route_layer(from_fn(hosts::only_provider)))
        .merge(hosts::region::routes().route_layer(from_fn(hosts::only_region)))
        .merge(hosts::region::routes_of_any_host())
        .merge(hosts::notice::routes().route_layer(from_fn(hosts::only_notice)));
    let unknown = |OriginalUri(uri): OriginalUri| async move { hosts::not_here(&uri) };
    let wrong_method = |method: Method, OriginalUri(uri): OriginalUri| async move {
        Refusal::new(405, format!("{method} {} is not possible", uri.path()))
    };
    let node = hosts::node::routes()
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method);
    Router::new()
        .nest(
            "/api/v1",
            api.fallback(unknown).method_not_allowed_fallback(wrong_method),
        )
        .nest(
            &platform.options.node_prefix.clone(),
            node.route_layer(from_fn(hosts::only_platform)),
        )
        .nest(
            "/dev",
            hosts::dev::routes()
                .fallback(unknown)
                .method_not_allowed_fallback(wrong_method),
        )
        .merge(hosts::dns::routes().route_layer(from_fn(hosts::only_platform)))
        .merge(static_files::routes(&platform))
        .layer(from_fn_with_state(Arc::clone(&platform), front::pass))
        .with_state(platform)
}
