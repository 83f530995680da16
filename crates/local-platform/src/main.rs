//! The V Cloud platform on one machine: `local-platform --port 8080 --data DIR --static DIR`.

use std::io::Write as _;

use anyhow::Context as _;
use clap::Parser;
use local_platform::{Options, Server};
use tracing_subscriber::EnvFilter;

/// The whole V Cloud platform on one machine, for development, demonstration and tests.
#[derive(Parser)]
#[command(name = "local-platform", version)]
struct Arguments {
    #[command(flatten)]
    options: Options,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn")))
        .with_writer(std::io::stderr)
        .init();
    let server = Server::start(Arguments::parse().options).await?;
    {
        // Whoever started the program waits for this line, so it must not stay in a buffer.
        let mut output = std::io::stdout().lock();
        writeln!(output, "listening on {}", server.url())?;
        output.flush()?;
    }
    stop_requested().await?;
    server.stop().await
}

/// Waits for Ctrl-C or, on Unix, SIGTERM.
async fn stop_requested() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
        tokio::select! {
            interrupt = tokio::signal::ctrl_c() => interrupt.context("cannot listen for Ctrl-C"),
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.context("cannot listen for Ctrl-C")
}
