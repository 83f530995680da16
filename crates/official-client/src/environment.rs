//! The virtual environment that holds the official client: found, made or renewed before the first command.

use std::{
    env, fs,
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What is installed, and the key of the environment: another version gets another directory.
const REQUIREMENTS: &str = include_str!("../python/requirements.txt");

/// A Python to make the environment with; otherwise the first fitting one in `PATH`.
const PYTHON_VARIABLE: &str = "OFFICIAL_CLIENT_PYTHON";

/// A ready environment to use as it is; otherwise one is made in the user's cache, for all clones of the project.
const ENVIRONMENT_VARIABLE: &str = "OFFICIAL_CLIENT_VENV";

/// Minor versions of Python 3 that the client accepts.
const PYTHON_MINORS: std::ops::RangeInclusive<u32> = 9..=12;

/// Written last, with the requirements that were installed: an environment without it was interrupted.
const STAMP: &str = "installed-requirements.txt";

/// The interpreter of an environment in which the official client is installed.
///
/// # Panics
/// Where there is no fitting Python, or where the environment or the client cannot be installed: the test fails and says what is
/// missing. It is never skipped.
pub fn interpreter() -> PathBuf {
    if let Some(directory) = env::var_os(ENVIRONMENT_VARIABLE) {
        let interpreter = interpreter_of(Path::new(&directory));
        assert!(
            interpreter.is_file(),
            "{ENVIRONMENT_VARIABLE} names {}, where there is no virtual environment",
            Path::new(&directory).display()
        );
        return interpreter;
    }
    let (python, minor) = find_python();
    let parent = cache().join("official-client");
    fs::create_dir_all(&parent).expect("the user's cache is writable");
    let directory = parent.join(format!("{}-py3.{minor}", client_version()));

    // Two test runs at once would otherwise install into one directory.
    let lock = File::create(directory.with_extension("lock")).expect("the lock file can be made");
    lock.lock().expect("the lock of the virtual environment can be taken");

    let interpreter = interpreter_of(&directory);
    let stamp = directory.join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == REQUIREMENTS) && interpreter.is_file() {
        return interpreter;
    }
    if directory.exists() {
        fs::remove_dir_all(&directory).expect("an unfinished virtual environment can be removed");
    }
    eprintln!(
        "official client: installing version {} into {} (once)",
        client_version(),
        directory.display()
    );
    let requirements = python_file("requirements.txt");
    run(
        Command::new(&python).args(["-m", "venv"]).arg(&directory),
        "making the virtual environment failed. On Debian and Ubuntu: apt-get install python3-venv",
    );
    run(
        Command::new(&interpreter)
            .args([
                "-m",
                "pip",
                "install",
                "--disable-pip-version-check",
                "--progress-bar",
                "off",
                "-r",
            ])
            .arg(&requirements),
        "installing the official client failed. It comes from the Python package index (PyPI), which must be reachable",
    );
    fs::write(&stamp, REQUIREMENTS).expect("the stamp can be written");
    interpreter
}

/// A file of this crate's `python` folder.
pub(crate) fn python_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("python").join(name)
}

/// Where the project keeps tools between clones.
fn cache() -> PathBuf {
    let base = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .expect("XDG_CACHE_HOME or a home directory is known");
    base.join("v-cloud-console")
}

/// The version of the client that the requirements name.
fn client_version() -> &'static str {
    REQUIREMENTS
        .lines()
        .find_map(|line| line.strip_prefix("v-cloud-market-cli-user=="))
        .expect("the requirements name the client and its version")
}

fn interpreter_of(environment: &Path) -> PathBuf {
    if cfg!(windows) {
        environment.join("Scripts/python.exe")
    } else {
        environment.join("bin/python")
    }
}

/// A Python that the client runs on, and its minor version.
fn find_python() -> (PathBuf, u32) {
    let candidates: Vec<PathBuf> = match env::var_os(PYTHON_VARIABLE) {
        Some(python) => vec![python.into()],
        None => [
            "python3",
            "python3.12",
            "python3.11",
            "python3.10",
            "python3.9",
            "python",
        ]
        .map(PathBuf::from)
        .to_vec(),
    };
    let mut seen = Vec::new();
    for candidate in candidates {
        let Ok(answer) = Command::new(&candidate)
            .args(["-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
            .output()
        else {
            seen.push(format!("there is no {}", candidate.display()));
            continue;
        };
        let version = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
        let minor = version.strip_prefix("3.").and_then(|minor| minor.parse().ok());
        match minor {
            Some(minor) if PYTHON_MINORS.contains(&minor) => return (candidate, minor),
            _ => seen.push(format!("{} is {version}", candidate.display())),
        }
    }
    let seen = seen.join(", ");
    panic!(
        "the official client needs Python 3.{} to 3.{} with its venv module; {seen}. Install one (Debian, Ubuntu: apt-get install \
         python3-venv) or name one in {PYTHON_VARIABLE}",
        PYTHON_MINORS.start(),
        PYTHON_MINORS.end()
    );
}

/// Run a step of the installation with its progress on stderr.
fn run(command: &mut Command, explanation: &str) {
    let status = command
        .stdin(Stdio::null())
        .stdout(std::io::stderr())
        .status()
        .unwrap_or_else(|error| panic!("{explanation} ({command:?}: {error})"));
    assert!(status.success(), "{explanation} ({command:?}: {status})");
}
