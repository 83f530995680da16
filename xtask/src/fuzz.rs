//! `cargo xtask fuzz`: looks for inputs that break a reader, led by coverage.
//!
//! The compiler's own flags count which branches are taken, so neither cargo-fuzz nor a nightly toolchain is needed. There is no
//! address sanitizer: our crates contain no `unsafe` code for it to watch.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail, ensure};

use crate::progress::{detail, say};
use crate::{paths, process};

/// Counters and tables for libFuzzer, as cargo-fuzz asks for them.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
                     -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Bytes of an input at the most, and seconds that one may take: readers are to take 64 KiB in a tenth of a second.
const LONGEST: &str = "65536";
const PATIENCE: &str = "2";

/// Fuzzes the targets named, or all, each for so many seconds. What is found is written to `target/fuzz/`.
pub fn run(names: &[String], seconds: u32) -> Result<()> {
    let corpus = paths::root().join("crates/fuzz-targets/corpus");
    let mut targets = Vec::new();
    for entry in fs::read_dir(&corpus).with_context(|| format!("cannot list {}", corpus.display()))? {
        targets.push(entry?.file_name().to_string_lossy().into_owned());
    }
    targets.sort();
    if let Some(unknown) = names.iter().find(|name| !targets.contains(name)) {
        bail!("there is no target `{unknown}`; the targets are {}", targets.join(", "));
    }
    targets.retain(|target| names.is_empty() || names.contains(target));
    let fuzzer = build()?;
    let mut failed = Vec::new();
    for target in &targets {
        say(&format!("[{target}] {seconds} s"));
        let work = paths::target().join("fuzz");
        let (found, failures) = (work.join("corpus").join(target), work.join("failures").join(target));
        for folder in [&found, &failures] {
            fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        }
        let mut command = process::command(&fuzzer);
        command.env("FUZZ_TARGET", target).arg(&found).arg(corpus.join(target));
        // The tests of the formats have files that are worth starting from.
        let known = paths::root().join("crates/deployments/tests/corpus").join(target);
        if known.is_dir() {
            command.arg(known);
        }
        command.args([
            format!("-max_total_time={seconds}"),
            format!("-max_len={LONGEST}"),
            format!("-timeout={PATIENCE}"),
            format!("-report_slow_units={PATIENCE}"),
            format!("-artifact_prefix={}/", failures.display()),
            "-print_final_stats=1".to_owned(),
        ]);
        if let Err(error) = process::run(target, &mut command) {
            detail(&format!("{error:#}"));
            detail(&format!("the input is in {}", paths::shown(&failures)));
            failed.push(target.as_str());
        }
    }
    ensure!(failed.is_empty(), "these fail: {}", failed.join(", "));
    Ok(())
}

/// Compiles the fuzzer. Naming the machine keeps the flags from build scripts and macros.
fn build() -> Result<PathBuf> {
    let about = process::ask("rustc", &["-vV"]).context("rustc does not answer")?;
    let host = about
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc does not name its host")?;
    let folder = paths::target().join("fuzz");
    let mut command = process::cargo("build");
    command
        .args(["--release", "--manifest-path", "fuzz/Cargo.toml", "--target", host])
        .env("CARGO_TARGET_DIR", &folder)
        .env("RUSTFLAGS", FLAGS);
    process::run("building the fuzzer", &mut command)?;
    Ok(folder.join(host).join("release/fuzz"))
}
