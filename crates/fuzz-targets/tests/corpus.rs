//! Every target takes its corpus, a bounded number of mutations of it, and long inputs in a short time.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fuzz_targets::mutation::{Sequence, long, mutated};
use fuzz_targets::{TARGETS, Target, find};

/// How many mutated inputs a target is given.
const MUTATIONS: usize = 400;

/// The longest that a long input may take. Compiled for speed it is a hundredth of that; what grows with the square of the length
/// takes more by far.
const PATIENCE: Duration = Duration::from_secs(5);

/// One test for each target, so that they run beside each other and are named where they fail.
macro_rules! targets {
    ($($name:ident)*) => {
        const TESTED: &[&str] = &[$(stringify!($name)),*];
        $(
            #[test]
            fn $name() {
                check(find(stringify!($name)).expect("a target"));
            }
        )*
    };
}

targets! {
    access_token ansi answers client_json compose diff dns docker_run domain env_file event_stream extension identifiers image_reference
    input_rules journal log_json log_resume log_search manifest money sealed_box syntax timestamp vault wallet_file
}

#[test]
fn every_target_is_tested_and_has_a_corpus_and_no_corpus_is_without_a_target() {
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(names, TESTED);
    let folders: BTreeSet<String> = fs::read_dir(folder("corpus"))
        .expect("the corpus")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    assert_eq!(folders, TESTED.iter().map(|name| (*name).to_owned()).collect());
}

/// A folder of this package.
fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The target's corpus, and what the tests of deployments know of its format, each with its path.
fn corpus(target: Target) -> Vec<(PathBuf, Vec<u8>)> {
    let own = folder("corpus").join(target.name);
    let known = folder("../deployments/tests/corpus").join(target.name);
    assert!(own.is_dir(), "{} is missing", own.display());
    let mut inputs = Vec::new();
    for entry in [own, known]
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flatten()
    {
        let path = entry.expect("an entry").path();
        if !path.to_string_lossy().ends_with(".expected.json") {
            let input = fs::read(&path).expect("a file");
            inputs.push((path, input));
        }
    }
    assert!(!inputs.is_empty(), "{} has no corpus", target.name);
    inputs.sort();
    inputs
}

fn check(target: Target) {
    let corpus = corpus(target);
    for (path, input) in &corpus {
        given(target, input, &path.display().to_string());
    }
    let mut sequence = Sequence::of(target.name);
    for number in 0..MUTATIONS {
        let (path, seed) = &corpus[sequence.below(corpus.len())];
        let other = &corpus[sequence.below(corpus.len())].1;
        let input = mutated(&mut sequence, seed, other);
        given(target, &input, &format!("mutation {number}, of {}", path.display()));
    }
    let seed = &corpus[sequence.below(corpus.len())].1;
    for (number, input) in long(seed, &mut sequence).enumerate() {
        given(target, &input, &format!("long input {number}"));
    }
}

/// Runs the target. Where it fails or takes long, the input is kept for the corpus.
fn given(target: Target, input: &[u8], what: &str) {
    let keep = Keep {
        target: target.name,
        input,
        what,
    };
    let started = Instant::now();
    (target.run)(input);
    let took = started.elapsed();
    // Once more where something else had the processor.
    if took > PATIENCE {
        let started = Instant::now();
        (target.run)(input);
        let again = started.elapsed();
        assert!(again < PATIENCE, "{what}: it took {took:?}, then {again:?}");
    }
    drop(keep);
}

/// Writes the input down where its test fails.
struct Keep<'a> {
    target: &'a str,
    input: &'a [u8],
    what: &'a str,
}

impl Drop for Keep<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let path = std::env::temp_dir().join(format!("fuzz-{}-{}", self.target, std::process::id()));
            let written = fs::write(&path, self.input).is_ok();
            eprintln!(
                "{} failed on {}, kept as {} ({written})",
                self.target,
                self.what,
                path.display()
            );
        }
    }
}
