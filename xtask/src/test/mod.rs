//! `cargo xtask test`: everything that is checked, with a table of times at the end.

mod beside;
mod dependencies;
mod engines;
mod programs;

use std::cell::OnceCell;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use page_policy::Policy;
use serde_json::json;

use self::beside::Beside;
use self::programs::Programs;
use crate::progress::{detail, duration, say};
use crate::setup::{self, Tools};
use crate::{dist, paths, process, tidy, wasm_build};

/// How long all tests of the wasm unit test program may take in the browser, in seconds.
const WASM_TESTS_LIMIT: &str = "300";

/// Browsers at a time. Machines have two cores at least, and a journey spends a third of its time waiting for the page.
const BROWSERS: &str = "3";

/// What to check.
#[derive(Default)]
pub struct Selection {
    /// Leave out what needs a wasm build or a browser.
    pub fast: bool,
    /// Only these steps; all if empty.
    pub only: Vec<String>,
    /// Not these steps.
    pub skip: Vec<String>,
    /// In Firefox and WebKit as well.
    pub all_browsers: bool,
    /// Arguments for the test programs, such as a part of a test's name.
    pub arguments: Vec<String>,
}

/// The step that is left out unless it is asked for.
const ENGINES: &str = "engines";

struct Step {
    name: &'static str,
    about: &'static str,
    fast: bool,
    /// Whether it has nothing to do with the native steps, and runs beside them.
    beside: bool,
    run: fn(&Run) -> Result<()>,
}

const STEPS: &[Step] = &[
    Step {
        name: "format",
        about: "cargo fmt --check",
        fast: true,
        beside: false,
        run: format,
    },
    Step {
        name: "tidy",
        about: "the rules of the house",
        fast: true,
        beside: false,
        run: |_| tidy::run(),
    },
    Step {
        name: "dependencies",
        about: "licences, versions and sources of what is depended on",
        fast: true,
        beside: false,
        run: |run| dependencies::check(run.tools.cargo_deny()?),
    },
    Step {
        name: "lint",
        about: "everything native compiled, with clippy; warnings denied",
        fast: true,
        beside: false,
        run: lint,
    },
    Step {
        name: "native",
        about: "native tests, the official client's among them",
        fast: true,
        beside: false,
        run: native,
    },
    Step {
        name: "dist",
        about: "the optimised console, warnings denied",
        fast: false,
        beside: true,
        run: build_dist,
    },
    Step {
        name: "wasm",
        about: "unit tests of the console in a browser",
        fast: false,
        beside: true,
        run: wasm,
    },
    Step {
        name: "browser",
        about: "the optimised console in a browser, against the local platform",
        fast: false,
        beside: false,
        run: browser,
    },
    Step {
        name: ENGINES,
        about: "journeys in Firefox and in WebKit, where --all-browsers asks for it",
        fast: false,
        beside: false,
        run: engines::run,
    },
];

/// What the steps have in common.
struct Run {
    tools: Tools,
    arguments: Vec<String>,
    programs: OnceCell<Programs>,
}

struct Outcome {
    step: &'static Step,
    time: Duration,
    result: Option<Result<()>>,
}

/// A step, how long it took, and how it ended.
type Ended = (&'static Step, Duration, Result<()>);

impl Outcome {
    /// Says at once where a step has failed.
    fn ended((step, time, result): Ended) -> Self {
        if let Err(error) = &result {
            say(&format!("[{}] FAILED: {error:#}", step.name));
        }
        Self {
            step,
            time,
            result: Some(result),
        }
    }
}

/// The names of the steps, for the command line's help.
pub fn step_names() -> Vec<&'static str> {
    STEPS.iter().map(|step| step.name).collect()
}

/// Runs the selected steps. A failed step does not keep the following ones from running, so that one run tells everything.
pub fn run(selection: Selection) -> Result<()> {
    for name in selection.only.iter().chain(&selection.skip) {
        if !step_names().contains(&name.as_str()) {
            bail!("there is no step `{name}`; the steps are {}", step_names().join(", "));
        }
    }
    let selected: Vec<&'static Step> = STEPS
        .iter()
        .filter(|step| !selection.fast || step.fast)
        .filter(|step| {
            let is_named = selection.only.iter().any(|name| name == step.name);
            is_named
                || (step.name == ENGINES && selection.all_browsers)
                || (step.name != ENGINES && selection.only.is_empty())
        })
        .filter(|step| !selection.skip.iter().any(|name| name == step.name))
        .collect();
    let started = Instant::now();
    let needs: Vec<_> = setup::ALL
        .iter()
        .copied()
        .chain([setup::Need::Engines])
        .filter(|need| selected.iter().any(|step| needed_by(*need, step.name)))
        .collect();
    let run = Run {
        tools: setup::ensure(&needs)?,
        arguments: selection.arguments,
        programs: OnceCell::new(),
    };
    let setup_time = started.elapsed();

    let outcomes = run_all(&run, &selected)?;
    summary(setup_time, &outcomes, started.elapsed())
}

/// Runs the steps, those that can beside the others, and the browser's journeys when all of them have ended.
fn run_all(run: &Run, selected: &[&'static Step]) -> Result<Vec<Outcome>> {
    let native = |step: &Step| matches!(step.name, "lint" | "native");
    let apart: Vec<&'static Step> = selected.iter().copied().filter(|step| step.beside).collect();
    let mut beside = if !apart.is_empty() && selected.iter().any(|step| native(step)) {
        for step in &apart {
            say(&format!("[{}] {}, beside the native steps", step.name, step.about));
        }
        Some(Beside::start(apart, &run.arguments)?)
    } else {
        None
    };
    let is_beside = beside.is_some();
    let mut outcomes = Vec::new();
    for step in selected.iter().filter(|step| !(is_beside && step.beside)) {
        if step.name == "browser"
            && let Some(beside) = beside.take()
        {
            outcomes.extend(beside.wait()?.into_iter().map(Outcome::ended));
        }
        say(&format!("[{}] {}", step.name, step.about));
        let started = Instant::now();
        let result = (step.run)(run);
        outcomes.push(Outcome::ended((step, started.elapsed(), result)));
    }
    if let Some(beside) = beside {
        outcomes.extend(beside.wait()?.into_iter().map(Outcome::ended));
    }
    for step in STEPS {
        if !selected.iter().any(|chosen| chosen.name == step.name) {
            outcomes.push(Outcome {
                step,
                time: Duration::ZERO,
                result: None,
            });
        }
    }
    Ok(outcomes)
}

fn needed_by(need: setup::Need, step: &str) -> bool {
    match need {
        setup::Need::Build => matches!(step, "wasm" | "dist" | "browser" | ENGINES),
        setup::Need::WasmOpt => matches!(step, "dist" | "browser" | ENGINES),
        setup::Need::Browser => matches!(step, "wasm" | "browser" | ENGINES),
        setup::Need::Deny => step == "dependencies",
        setup::Need::Python => matches!(step, "native" | "browser" | ENGINES),
        setup::Need::Engines => step == ENGINES,
    }
}

fn summary(setup_time: Duration, outcomes: &[Outcome], total: Duration) -> Result<()> {
    say("Summary");
    detail(&format!("{:12} {:>14}", "setup", duration(setup_time)));
    let mut failed = Vec::new();
    for outcome in outcomes {
        let (time, result) = match &outcome.result {
            None => (String::new(), "left out"),
            Some(Ok(())) => (duration(outcome.time), "ok"),
            Some(Err(_)) => {
                failed.push(outcome.step.name);
                (duration(outcome.time), "FAILED")
            }
        };
        detail(&format!(
            "{:12} {time:>14}  {result:8}  {}",
            outcome.step.name, outcome.step.about
        ));
    }
    detail(&format!("{:12} {:>14}", "total", duration(total)));
    if failed.is_empty() {
        Ok(())
    } else {
        bail!("failed: {}", failed.join(", "))
    }
}

fn format(_: &Run) -> Result<()> {
    process::run("cargo fmt", process::command("cargo").args(["fmt", "--all", "--check"]))
}

/// What is native, compiled once a run.
fn programs(run: &Run) -> Result<&Programs> {
    if run.programs.get().is_none() {
        let _ = run.programs.set(programs::compile()?);
    }
    run.programs.get().context("nothing was compiled")
}

fn lint(run: &Run) -> Result<()> {
    programs(run)?.without_warnings()
}

fn native(run: &Run) -> Result<()> {
    let python = run.tools.python()?;
    programs(run)?.run_native(&run.arguments, |command| {
        command.env("OFFICIAL_CLIENT_PYTHON", python);
    })?;
    programs::documentation(&run.arguments)
}

fn wasm(run: &Run) -> Result<()> {
    // The runner calls a program without tests a success.
    let marked = tidy::sources(&paths::root())?
        .iter()
        .any(|file| file.path.starts_with("src/") && file.text.contains("#[wasm_bindgen_test"));
    ensure!(
        marked,
        "no function in src/ is marked #[wasm_bindgen_test]: nothing would be tested"
    );
    let browser = run.tools.browser()?;
    let runner = run.tools.wasm_test_runner()?;
    // The runner starts the driver by itself, and takes the browser's options from a file.
    let options = paths::target().join("wasm-tests-webdriver.json");
    let capabilities = json!({
        "browserName": browser.name(),
        "goog:chromeOptions": {
            "binary": browser.chromium,
            "args": ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        }
    });
    fs::write(&options, capabilities.to_string()).with_context(|| format!("cannot write {}", options.display()))?;
    let mut command = process::cargo("test");
    command.args(["--package", "console", "--bins", "--target", "wasm32-unknown-unknown"]);
    let profile = wasm_build::Profile::Dev.name();
    command.args(["--profile", profile]);
    // Nobody clicks here: what is tested runs in milliseconds, and optimising it takes minutes.
    for setting in ["opt-level=0", "package.console.opt-level=0"] {
        command.args(["--config", &format!("profile.{profile}.{setting}")]);
    }
    run.tools.prepare_wasm_build(&mut command)?;
    command
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("CHROMEDRIVER", &browser.chromedriver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &options)
        .env("WASM_BINDGEN_TEST_TIMEOUT", WASM_TESTS_LIMIT);
    arguments(&mut command, &run.arguments);
    process::run("unit tests in a browser", &mut command)
}

fn build_dist(run: &Run) -> Result<()> {
    dist::build(&run.tools, "/", &Policy::default(), wasm_build::Warnings::Deny)
}

fn browser(run: &Run) -> Result<()> {
    let browser = run.tools.browser()?;
    let mut arguments = vec!["--test-threads".to_owned(), BROWSERS.to_owned()];
    arguments.extend_from_slice(&run.arguments);
    journeys(
        run,
        &arguments,
        browser.name(),
        &browser.chromium,
        &browser.chromedriver,
    )
}

/// Runs the browser tests in one browser.
fn journeys(run: &Run, arguments: &[String], name: &str, browser: &Path, driver: &Path) -> Result<()> {
    // `--only browser` opens whatever `dist/` holds: the edit loop of a test does not wait for the optimiser.
    if !paths::dist().join("index.html").is_file() {
        build_dist(run)?;
    }
    let programs = programs(run)?;
    let dist = paths::dist();
    let environment: [(&str, &Path); 6] = [
        ("CONSOLE_DIST", &dist),
        ("LOCAL_PLATFORM", programs.binary("local-platform")?),
        ("BROWSER", browser),
        ("BROWSER_DRIVER", driver),
        ("AXE", run.tools.axe()?),
        ("OFFICIAL_CLIENT_PYTHON", run.tools.python()?),
    ];
    programs.run_browser(arguments, |command| {
        command.envs(environment);
        command.env("BROWSER_NAME", name);
        // Where a journey fails, its error says what was not there; the stack of the harness says nothing.
        command.env("RUST_LIB_BACKTRACE", "0");
    })
}

fn arguments(command: &mut std::process::Command, given: &[String]) {
    if !given.is_empty() {
        command.arg("--").args(given);
    }
}
