//! The project's automation: `cargo xtask setup`, `run`, `dev`, `test` and `dist`.

mod dev;
mod dist;
mod interrupt;
mod paths;
mod platform;
mod process;
mod progress;
mod run;
mod setup;
mod wasm_build;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use setup::Need;
use wasm_build::Profile;

/// The project's automation.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what the other commands need (they call this by themselves)
    Setup,
    /// Build the console alone, to `target/console/`
    Build {
        /// Compile quickly, as the edit loop does, not as it is shipped
        #[arg(long)]
        dev: bool,
    },
    /// Build the console and start it with a local platform
    Run(Serve),
    /// The same, quicker to build, and rebuilt whenever a source file is saved
    Dev(Serve),
    /// Build the console for static hosting, optimised, to `dist/`
    Dist {
        /// The path below which the console will be served, with a slash at both ends
        #[arg(long, default_value = "/")]
        base: String,
    },
}

#[derive(Args)]
struct Serve {
    /// The port to listen on; 0 takes any free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Options for the local platform, after `--`: for example `-- --services 1000 --latency 200`
    #[arg(last = true)]
    platform_options: Vec<String>,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Setup => setup::ensure(setup::ALL).map(|_| progress::say("Everything is there.")),
        Command::Build { dev } => build(dev),
        Command::Run(serve) => run::run(serve.port, &serve.platform_options),
        Command::Dev(serve) => dev::dev(serve.port, &serve.platform_options),
        Command::Dist { base } => dist::run(&base),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn build(dev: bool) -> anyhow::Result<()> {
    let tools = setup::ensure(&[Need::Build])?;
    progress::say("Building the console");
    let page = wasm_build::build(&tools, if dev { Profile::Dev } else { Profile::Release }, "/")?;
    progress::say(&format!("The page is in {}", paths::shown(&page)));
    Ok(())
}
