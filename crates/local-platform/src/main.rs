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
    // Before anybody is told that it is ready: who is told may ask it to end at once.
    let stop = stop_requested()?;
    {
        // Whoever started the program waits for this line, so it must not stay in a buffer.
        let mut output = std::io::stdout().lock();
        writeln!(output, "listening on {}", server.url())?;
        output.flush()?;
    }
    stop.await?;
    server.stop().await
}

/// What ends on Ctrl-C or, on Unix, SIGTERM. From this call on neither ends the program by itself.
fn stop_requested() -> anyhow::Result<impl Future<Output = anyhow::Result<()>>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for Ctrl-C")?;
        let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            Ok(())
        })
    }
    #[cfg(not(unix))]
    Ok(async { tokio::signal::ctrl_c().await.context("cannot listen for Ctrl-C") })
}
