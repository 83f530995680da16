//! The project's automation: `cargo xtask setup`, `run`, `dev`, `test`, `dist` and `fuzz`.

mod dev;
mod dist;
mod files;
mod fuzz;
mod html;
mod interrupt;
mod page;
mod paths;
mod platform;
mod process;
mod progress;
mod run;
mod setup;
mod suffixes;
mod test;
mod tidy;
mod wasm_build;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use page_policy::{Policy, Source};

use setup::Need;
use test::Selection;
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
    /// Check everything: format, rules, lints, tests natively and in a browser
    #[command(after_help = format!("Steps: {}", test::step_names().join(", ")))]
    Test {
        /// Leave out what needs a wasm build or a browser
        #[arg(long)]
        fast: bool,
        /// Run only this step; repeat for several
        #[arg(long, value_name = "STEP")]
        only: Vec<String>,
        /// Leave out this step; repeat for several
        #[arg(long, value_name = "STEP")]
        skip: Vec<String>,
        /// Make a core set of journeys in Firefox and in WebKit as well
        #[arg(long)]
        all_browsers: bool,
        /// Arguments for the test programs, after `--`: for example `--only browser -- sign_in`
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Build the console for static hosting, optimised, to `dist/`
    Dist {
        /// The path below which the console will be served, with a slash at both ends
        #[arg(long, default_value = "/")]
        base: String,
        /// A host that the console may speak to, such as `https://prod.platform.example` or `https://*.provider.example`; repeat for
        /// several. Any host through TLS, and this machine, when left out
        #[arg(long, value_name = "SOURCE")]
        connect: Vec<Source>,
        /// An origin that may show the console in a frame; repeat for several
        #[arg(long = "embed-origin", value_name = "ORIGIN")]
        embed_origins: Vec<Source>,
    },
    /// Look for inputs that break what reads them, by libFuzzer
    Fuzz {
        /// The targets; all where none is named
        targets: Vec<String>,
        /// How long each is run
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Make `public/public-suffixes.txt` anew from a newer public suffix list
    Suffixes {
        /// The list, as <https://publicsuffix.org/list/public_suffix_list.dat> or a package has it
        list: PathBuf,
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
        Command::Test {
            fast,
            only,
            skip,
            all_browsers,
            arguments,
        } => test::run(Selection {
            fast,
            only,
            skip,
            all_browsers,
            arguments,
        }),
        Command::Dist {
            base,
            connect,
            embed_origins,
        } => dist::run(&base, &Policy::new(connect, embed_origins)),
        Command::Fuzz { targets, seconds } => fuzz::run(&targets, seconds),
        Command::Suffixes { list } => suffixes::run(&list),
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
    let page = page::build(&tools, if dev { Profile::Dev } else { Profile::Release })?;
    progress::say(&format!("The page is in {}", paths::shown(&page)));
    Ok(())
}
