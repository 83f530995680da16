//! Names that tell the content: `console.js` becomes `console-5f3a….js`, and whoever refers to it says so.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest as _, Sha256};

use crate::files::{self, extension_of, relative, slashed};

/// How much of the digest the name carries, in bytes: enough that two versions never share a name.
const DIGEST_BYTES: usize = 6;

/// Renames every script, program, style sheet and list below `folder`, rewrites the references among them, and answers the page with
/// its references rewritten. A list is a `.txt` file that the program loads when it needs it: the page names it in a `<meta>` element,
/// where the program finds its name.
pub fn name_by_content(folder: &Path, page: &str, base: &str) -> Result<String> {
    let mut naming = Naming {
        folder,
        base,
        states: BTreeMap::new(),
    };
    for file in files::below(folder)? {
        // Portals name it in their own pages: its name is a promise.
        let is_for_portals = file.file_name().is_some_and(|name| name == files::FOR_PORTALS);
        if matches!(extension_of(&file), "js" | "wasm" | "css" | "txt") && !is_for_portals {
            naming
                .states
                .insert(file.strip_prefix(folder)?.to_path_buf(), State::Waiting);
        }
    }
    let assets: Vec<PathBuf> = naming.states.keys().cloned().collect();
    let mut named = page.to_owned();
    let mut used = Vec::new();
    for asset in &assets {
        let reference = naming.rewrite(&mut named, Path::new(""), asset)?;
        if reference {
            naming.collect(asset, &mut used);
        }
    }
    for asset in &assets {
        ensure!(
            used.contains(asset),
            "{}: nothing the page loads refers to it",
            asset.display()
        );
    }
    Ok(named)
}

enum State {
    Waiting,
    InWork,
    Done { name: PathBuf, references: Vec<PathBuf> },
}

struct Naming<'a> {
    folder: &'a Path,
    base: &'a str,
    states: BTreeMap<PathBuf, State>,
}

impl Naming<'_> {
    /// The new name of an asset, which is given to it now if it has none yet.
    fn name(&mut self, asset: &Path) -> Result<PathBuf> {
        match self.states.insert(asset.to_path_buf(), State::InWork) {
            Some(State::Done { name, references }) => {
                self.states.insert(
                    asset.to_path_buf(),
                    State::Done {
                        name: name.clone(),
                        references,
                    },
                );
                return Ok(name);
            }
            Some(State::Waiting) => {}
            Some(State::InWork) | None => bail!(
                "{} refers to itself by way of others: no name can tell its content",
                asset.display()
            ),
        }
        let file = self.folder.join(asset);
        let mut content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let mut references = Vec::new();
        if extension_of(asset) != "wasm" {
            let mut text = String::from_utf8(content).with_context(|| format!("{} is not text", file.display()))?;
            let others: Vec<PathBuf> = self.states.keys().filter(|other| *other != asset).cloned().collect();
            for other in others {
                if self.rewrite(&mut text, asset.parent().unwrap_or(Path::new("")), &other)? {
                    references.push(other);
                }
            }
            content = text.into_bytes();
        }
        let name = content_name(asset, &content)?;
        fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        fs::write(self.folder.join(&name), content).with_context(|| format!("cannot write {}", name.display()))?;
        self.states.insert(
            asset.to_path_buf(),
            State::Done {
                name: name.clone(),
                references,
            },
        );
        Ok(name)
    }

    /// Rewrites what refers to `asset` in the text of a file in folder `from`. Answers whether anything did.
    fn rewrite(&mut self, text: &mut String, from: &Path, asset: &Path) -> Result<bool> {
        let relative = relative(from, asset);
        let spellings = [
            relative.clone(),
            format!("./{relative}"),
            format!("{}{}", self.base, slashed(asset)),
        ];
        let mut referred = false;
        for spelling in spellings {
            let places = delimited(text, &spelling);
            if places.is_empty() {
                continue;
            }
            referred = true;
            let new = self.name(asset)?;
            let old_file = file_name(asset)?;
            let new_spelling = format!(
                "{}{}",
                spelling.strip_suffix(&old_file).unwrap_or_default(),
                file_name(&new)?
            );
            for place in places.into_iter().rev() {
                text.replace_range(place..place + spelling.len(), &new_spelling);
            }
        }
        Ok(referred)
    }

    /// Adds an asset and everything it refers to.
    fn collect(&self, asset: &Path, used: &mut Vec<PathBuf>) {
        if used.iter().any(|known| known == asset) {
            return;
        }
        used.push(asset.to_path_buf());
        if let Some(State::Done { references, .. }) = self.states.get(asset) {
            for reference in references {
                self.collect(reference, used);
            }
        }
    }
}

/// Where the text has exactly this address: between quotation marks or parentheses.
fn delimited(text: &str, address: &str) -> Vec<usize> {
    text.match_indices(address)
        .map(|(at, _)| at)
        .filter(|at| {
            let before = text[..*at].chars().next_back();
            let after = text[at + address.len()..].chars().next();
            matches!(before, Some('"' | '\'' | '`' | '(')) && matches!(after, Some('"' | '\'' | '`' | ')'))
        })
        .collect()
}

fn content_name(asset: &Path, content: &[u8]) -> Result<PathBuf> {
    let digest = Sha256::digest(content);
    let digest: String = digest
        .iter()
        .take(DIGEST_BYTES)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let stem = asset
        .file_stem()
        .and_then(|stem| stem.to_str())
        .context("a file name is not text")?;
    Ok(asset.with_file_name(format!("{stem}-{digest}.{}", extension_of(asset))))
}

fn file_name(path: &Path) -> Result<String> {
    Ok(path
        .file_name()
        .and_then(|name| name.to_str())
        .context("a file name is not text")?
        .to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-assets-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("snippets/dep")).expect("a folder");
        folder
    }

    fn write(folder: &Path, name: &str, text: &str) {
        fs::write(folder.join(name), text).expect("a file");
    }

    #[test]
    fn every_reference_follows_the_new_names() {
        let folder = folder("names");
        write(
            &folder,
            "boot.js",
            "import init from \"./console.js\"; new URL('./console_bg.wasm', here); // console.js isn't touched here",
        );
        write(
            &folder,
            "console.js",
            "import { a } from './snippets/dep/inline0.js'; new URL('console_bg.wasm', here);",
        );
        write(&folder, "snippets/dep/inline0.js", "export const a = 1;");
        write(&folder, "console_bg.wasm", "\0asm");
        let page = r#"<head><script type="module" src="/base/boot.js"></script></head>"#;
        let page = name_by_content(&folder, page, "/base/").expect("names");
        let names: Vec<String> = files::below(&folder)
            .expect("files")
            .iter()
            .map(|file| slashed(file.strip_prefix(&folder).expect("inside")))
            .collect();
        let named = |start: &str| {
            names
                .iter()
                .find(|name| name.starts_with(start))
                .unwrap_or_else(|| panic!("{start} in {names:?}"))
                .clone()
        };
        let (boot, console, wasm, snippet) = (
            named("boot-"),
            named("console-"),
            named("console_bg-"),
            named("snippets/dep/inline0-"),
        );
        assert!(page.contains(&format!(r#"src="/base/{boot}""#)), "{page}");
        let boot = fs::read_to_string(folder.join(boot)).expect("boot.js");
        assert_eq!(
            boot,
            format!("import init from \"./{console}\"; new URL('./{wasm}', here); // console.js isn't touched here")
        );
        let console = fs::read_to_string(folder.join(console)).expect("console.js");
        assert_eq!(
            console,
            format!("import {{ a }} from './{snippet}'; new URL('{wasm}', here);")
        );
        fs::remove_dir_all(&folder).expect("cleaning up");
    }

    #[test]
    fn a_list_is_named_in_the_page_and_loaded_by_nobody_yet() {
        let folder = folder("list");
        write(&folder, "suffixes.txt", ". com uk\n");
        let page = r#"<head><meta name="suffixes" content="suffixes.txt"></head>"#;
        let page = name_by_content(&folder, page, "/").expect("names");
        let named = files::below(&folder).expect("files").remove(0);
        let name = slashed(named.strip_prefix(&folder).expect("inside"));
        assert!(name.starts_with("suffixes-") && name.ends_with(".txt"), "{name}");
        assert!(page.contains(&format!(r#"content="{name}""#)), "{page}");
        assert!(!page.contains("<link"), "{page}");
        fs::remove_dir_all(&folder).expect("cleaning up");
    }

    #[test]
    fn a_file_that_nothing_loads_is_an_error() {
        let folder = folder("unused");
        write(&folder, "left-over.js", "");
        let error = name_by_content(&folder, "<head></head>", "/").expect_err("nothing refers to it");
        assert!(error.to_string().contains("left-over.js"), "{error}");
        fs::remove_dir_all(&folder).expect("cleaning up");
    }
}
