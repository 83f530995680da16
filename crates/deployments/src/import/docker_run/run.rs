//! One `docker run`: its options, its image and what comes after.

use std::collections::HashMap;

use super::ShellProblem;
use super::options::{follows_from_units, long_name, loses_nothing, takes_value};
use super::shell::{Unknown, Word};
use crate::import::draft::Draft;
use crate::import::mounts::{self, Mount};
use crate::import::names;
use crate::import::notes::{MASK, Notes, is_secret, masked, without_login};
use crate::import::ports;
use crate::import::sizes::{Suffixes, units};
use crate::import::{ImportError, Reason};
use crate::interpolation::Missing;

/// Reads the words from `run` on.
pub(super) fn read(
    words: &[Word],
    prefix: &str,
    files: &HashMap<String, String>,
    before: &[Draft],
    notes: &mut Notes,
) -> Result<Draft, ImportError> {
    let mut run = Run {
        draft: Draft::new(String::new()),
        name: None,
        prefix,
        files,
        notes,
    };
    run.draft.env_path = format!("{prefix}--env");
    let mut at = 1;
    while at < words.len() {
        let word = &words[at];
        at += 1;
        if word.is_void() {
            run.unknown(word, &format!("{prefix}options"), "");
            continue;
        }
        if word.text == "--" {
            break;
        }
        let Some(option) = word.text.strip_prefix('-').filter(|option| !option.is_empty()) else {
            at -= 1;
            break;
        };
        match option.strip_prefix('-') {
            Some(long) => {
                let (name, value) = match long.split_once('=') {
                    Some((name, value)) => (name, Some(value)),
                    None => (long, None),
                };
                let shown = format!("--{name}");
                match value {
                    Some(value) => run.option(name, &shown, value, word),
                    None if takes_value(name) => {
                        let value = next_value(words, &mut at, word, &shown)?;
                        run.option(name, &shown, &value.text, value);
                    }
                    None => run.flag(name, &shown, word),
                }
            }
            None => {
                for (index, letter) in option.char_indices() {
                    let shown = format!("-{letter}");
                    let Some(name) = long_name(letter) else {
                        run.flag("", &shown, word);
                        continue;
                    };
                    if !takes_value(name) {
                        run.flag(name, &shown, word);
                        continue;
                    }
                    // Its value is what is left of the word, or the next word.
                    let rest = &option[index + letter.len_utf8()..];
                    if rest.is_empty() {
                        let value = next_value(words, &mut at, word, &shown)?;
                        run.option(name, &shown, &value.text, value);
                    } else {
                        run.option(name, &shown, rest.strip_prefix('=').unwrap_or(rest), word);
                    }
                    break;
                }
            }
        }
    }
    let rest = words.get(at..).unwrap_or_default();
    let (void, rest): (Vec<&Word>, Vec<&Word>) = rest.iter().partition(|word| word.is_void());
    for word in void {
        run.unknown(word, &format!("{prefix}args"), "");
    }
    let Some((image, arguments)) = rest.split_first() else {
        return Err(ImportError::Shell {
            line: words[0].line,
            column: words[0].column,
            problem: ShellProblem::NoImage,
        });
    };
    let path = format!("{prefix}image");
    run.unknown(image, &path, &image.text);
    run.draft.container.image_name = names::image(&image.text, path, run.notes);
    for (index, word) in arguments.iter().enumerate() {
        run.unknown(word, &format!("{prefix}args[{index}]"), MASK);
    }
    let arguments: Vec<String> = arguments.iter().map(|word| word.text.clone()).collect();
    run.draft.container.args = arguments.into();

    let others = before.iter().map(|draft| draft.container.name.as_str());
    let Run {
        mut draft, name, notes, ..
    } = run;
    draft.container.name = match &name {
        Some(name) => names::unique(name, format!("{prefix}--name"), others, notes),
        // Nobody gave it this name, so there is none to note as changed.
        None => names::unique(&names::of_image(&image.text), format!("{prefix}image"), others, notes),
    };
    draft.host_names.extend(name);
    Ok(draft)
}

fn next_value<'a>(words: &'a [Word], at: &mut usize, option: &Word, shown: &str) -> Result<&'a Word, ImportError> {
    let value = words.get(*at).ok_or_else(|| ImportError::Shell {
        line: option.line,
        column: option.column,
        problem: ShellProblem::NoValue {
            option: shown.to_owned(),
        },
    })?;
    *at += 1;
    Ok(value)
}

struct Run<'a> {
    draft: Draft,
    name: Option<String>,
    prefix: &'a str,
    files: &'a HashMap<String, String>,
    notes: &'a mut Notes,
}

impl Run<'_> {
    /// Notes what in a word only a shell on the machine could know.
    fn unknown(&mut self, word: &Word, path: &str, shown: &str) {
        let mut noted = Vec::new();
        for unknown in &word.unknown {
            if noted.contains(&unknown) {
                continue;
            }
            noted.push(unknown);
            let reason = match unknown {
                Unknown::Variable(Missing::Default(name)) => Reason::InterpolationDefault { name: name.clone() },
                Unknown::Variable(Missing::Empty(name)) => Reason::Interpolation { name: name.clone() },
                Unknown::Output => Reason::CommandSubstitution,
            };
            self.notes.add(path, shown, reason);
        }
    }

    /// An option without a value.
    fn flag(&mut self, name: &str, shown: &str, word: &Word) {
        let path = format!("{}{shown}", self.prefix);
        self.unknown(word, &path, "");
        let reason = if loses_nothing(name) {
            Reason::NothingLost
        } else {
            Reason::NotSupported
        };
        self.notes.add(path, "", reason);
    }

    /// An option with a value, which is in `word`.
    fn option(&mut self, name: &str, shown: &str, value: &str, word: &Word) {
        let path = format!("{}{shown}", self.prefix);
        let seen = if is_secret(name) {
            masked(value)
        } else {
            without_login(value)
        };
        self.unknown(word, &path, &seen);
        let notes = &mut *self.notes;
        match name {
            "name" => self.name = Some(value.to_owned()),
            "publish" => ports::published(value, &path, &mut self.draft, notes),
            "expose" => ports::exposed(value, &path, &mut self.draft, notes),
            "env" => {
                let (name, value) = match value.split_once('=') {
                    Some((name, value)) => (name, value),
                    None => {
                        let name = value.to_owned();
                        notes.add(path.clone(), value, Reason::Interpolation { name });
                        (value, "")
                    }
                };
                self.draft.variable(name, value, &path, notes);
            }
            "env-file" => notes.add(path, value, Reason::NeedsAFile { path: value.to_owned() }),
            "volume" => {
                let (source, target, options) = mounts::divide(value);
                self.mount(
                    source.unwrap_or_default(),
                    target,
                    mounts::asks_for_more(options),
                    &path,
                    value,
                );
            }
            "mount" => self.long_mount(value, &path),
            "entrypoint" if !value.is_empty() => self.draft.container.command = vec![value.to_owned()].into(),
            "memory" => match units(value, Suffixes::Docker) {
                Some(units) => self.draft.container.resource_unit = units,
                None => notes.add(path, value, Reason::NotUnderstood),
            },
            "hostname" | "network-alias" | "net-alias" => {
                self.draft.host_names.push(value.to_owned());
                notes.add(path, value, Reason::NotSupported);
            }
            "restart" if value != "no" => notes.add(path, value, Reason::NothingLost),
            _ if loses_nothing(name) => notes.add(path, &seen, Reason::NothingLost),
            _ if follows_from_units(name) => notes.add(path, &seen, Reason::UnitsDecide),
            _ => notes.add(path, &seen, Reason::NotSupported),
        }
    }

    fn mount(&mut self, source: &str, target: &str, has_options: bool, path: &str, shown: &str) {
        let mount = Mount {
            source,
            target,
            has_options,
            path,
            shown,
        };
        let file = self
            .files
            .get(source)
            .or_else(|| self.files.get(source.strip_prefix("./")?));
        mounts::add(&mount, file.map(String::as_str), &mut self.draft, self.notes);
    }

    /// `type=bind,source=…,target=…,readonly`.
    fn long_mount(&mut self, value: &str, path: &str) {
        let (mut kind, mut source, mut target) = ("volume", "", "");
        let mut has_options = false;
        for part in value.split(',') {
            let (key, said) = part.split_once('=').unwrap_or((part, ""));
            match key.trim() {
                "type" => kind = said,
                "source" | "src" => source = said,
                "target" | "destination" | "dst" => target = said,
                "readonly" | "ro" => has_options |= said != "false" && said != "0",
                "" | "consistency" | "bind-propagation" => {}
                _ => has_options = true,
            }
        }
        match kind {
            "volume" | "bind" => self.mount(source, target, has_options, path, value),
            _ => self.notes.add(path, value, Reason::NotSupported),
        }
    }
}
