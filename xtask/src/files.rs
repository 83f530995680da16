//! Folders of built files, listed.

use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};

/// The script that pages of other origins load to show the console in a frame. The console's own page has nothing to do with it.
pub const FOR_PORTALS: &str = "embed.js";

/// Every file below a folder in a stable order, hidden ones (trunk's staging folder) left out.
pub fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// What a file's name ends with, after the last full stop.
pub fn extension_of(file: &Path) -> &str {
    file.extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
}

/// The address of `target` as a file in folder `from` writes it; both are relative to the same root.
pub fn relative(from: &Path, target: &Path) -> String {
    let mut from = from.components().peekable();
    let mut target = target.components().peekable();
    while from.peek().is_some() && from.peek() == target.peek() {
        from.next();
        target.next();
    }
    let up = from.map(|_| "..".to_owned());
    let down = target
        .filter(|part| matches!(part, Component::Normal(_)))
        .map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// The address of a file as the page writes it; the path is relative to the page's folder.
pub fn slashed(path: &Path) -> String {
    relative(Path::new(""), path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_relative_to_the_folder_of_who_refers() {
        assert_eq!(
            relative(Path::new("snippets/dep"), Path::new("console.js")),
            "../../console.js"
        );
        assert_eq!(
            relative(Path::new("style"), Path::new("style/console.css")),
            "console.css"
        );
        assert_eq!(
            relative(Path::new(""), Path::new("style/console.css")),
            "style/console.css"
        );
    }
}
