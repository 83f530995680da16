//! `docker run` lines, also in a script with other commands.

mod options;
mod run;
mod shell;

use self::shell::Command;
use super::draft::{self, Draft, MOST_CONTAINERS};
use super::notes::{Notes, without_login};
use super::{Format, ImportError, Imported, Reason};

/// Programs that run containers by the same options.
const PROGRAMS: &[&str] = &["docker", "podman", "nerdctl", "docker.exe"];

/// Options of the programs themselves that take a value.
const PROGRAM_OPTIONS: &[&str] = &[
    "-H",
    "--host",
    "-c",
    "--context",
    "--config",
    "-l",
    "--log-level",
    "-n",
    "--namespace",
];

/// With what else a script that runs containers may begin.
const SCRIPT_WORDS: &[&str] = &[
    "cat", "cd", "chmod", "chown", "curl", "echo", "export", "mkdir", "printf", "set", "sudo", "tee", "touch", "wget",
];

/// Commands that only help the script along.
const IDLE_WORDS: &[&str] = &[":", "cd", "clear", "echo", "exit", "set", "sleep", "true"];

/// What is wrong with a command line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShellProblem {
    /// A quote or bracket is not closed.
    #[error("a quote or bracket is not closed")]
    UnclosedQuote,
    /// An option comes last that needs a value.
    #[error("{option} needs a value")]
    NoValue {
        /// The option.
        option: String,
    },
    /// No image comes after the options.
    #[error("there is no image")]
    NoImage,
}

/// Whether the first command is one that runs a container, or a script that has one begins.
pub(super) fn begins_with_command(text: &str) -> bool {
    let Some(line) = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
    else {
        return false;
    };
    let first = first_word(line);
    is_program(first) || ((SCRIPT_WORDS.contains(&first) || shell::assignment(first).is_some()) && has_command(text))
}

/// Whether any line runs a container.
pub(super) fn has_command(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim();
        let mut words = line.split_whitespace().skip_while(|word| !is_program(word));
        is_program(first_word(line)) && words.any(|word| matches!(word, "run" | "create"))
    })
}

/// The first word after a prompt, `sudo` and variables.
fn first_word(line: &str) -> &str {
    line.split_whitespace()
        .find(|word| !matches!(*word, "$" | "%" | ">" | "sudo") && shell::assignment(word).is_none())
        .unwrap_or_default()
}

fn is_program(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
    PROGRAMS.contains(&name)
}

/// Reads every `docker run` of a script; other commands are listed.
pub(super) fn read(text: &str) -> Result<Imported, ImportError> {
    let script = shell::read(text)?;
    let mut notes = Notes::default();
    let runs: Vec<Option<usize>> = script.commands.iter().map(run_at).collect();
    let count = runs.iter().flatten().count();
    let mut drafts: Vec<Draft> = Vec::new();
    for (command, run) in script.commands.iter().zip(runs) {
        match run {
            Some(at) if drafts.len() < MOST_CONTAINERS => {
                let prefix = if count > 1 {
                    format!("run[{}] ", drafts.len())
                } else {
                    String::new()
                };
                let draft = run::read(&command.words[at..], &prefix, &script.files, &drafts, &mut notes)?;
                drafts.push(draft);
            }
            _ => {
                // No further than the first option: what comes after may be secret.
                let words = command.words.iter().map(|word| word.text.as_str());
                let words: Vec<&str> = words.take_while(|word| !word.starts_with('-')).take(4).collect();
                let path = format!("line {}", command.words[0].line);
                let is_idle = words.first().is_some_and(|word| IDLE_WORDS.contains(word));
                let reason = if is_idle {
                    Reason::NothingLost
                } else {
                    Reason::OtherCommand
                };
                notes.add(path, &without_login(&words.join(" ")), reason);
            }
        }
    }
    if drafts.is_empty() && !text.split_whitespace().any(is_program) {
        return Err(ImportError::NotRecognised);
    }
    draft::finish(Format::DockerRun, drafts, notes)
}

/// Where the word `run` stands in a command that runs a container.
fn run_at(command: &Command) -> Option<usize> {
    let word = |at: usize| command.words.get(at).map(|word| word.text.as_str());
    let mut at = 0;
    // A prompt, `sudo -E`, variables for this command alone.
    while let Some(text) = word(at)
        && !is_program(text)
    {
        let is_skipped = matches!(text, "$" | "%" | "sudo" | "exec" | "time" | "nohup")
            || (at > 0 && text.starts_with('-'))
            || shell::assignment(text).is_some();
        if !is_skipped {
            return None;
        }
        at += 1;
    }
    at += 1;
    while let Some(option) = word(at).filter(|text| text.starts_with('-')) {
        at += if PROGRAM_OPTIONS.contains(&option) { 2 } else { 1 };
    }
    if word(at) == Some("container") {
        at += 1;
    }
    matches!(word(at), Some("run" | "create")).then_some(at)
}
