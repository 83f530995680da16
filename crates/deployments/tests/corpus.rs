//! Files as people have them, each with what must be read from it: `NAME.expected.json` beside `NAME`.
//!
//! With `WRITE_EXPECTED=1` in the environment the expectations are written anew; what changed in them is for the author to judge.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use deployments::export::export;
use deployments::import::{Format, ImportError, Imported, import, import_as};
use serde_json::{Value, json};

const SUFFIX: &str = ".expected.json";

/// Fewer files than these were there when this was written: a folder that is not found must not pass.
const AT_LEAST: usize = 36;

const FOLDERS: [(Format, &str); 4] = [
    (Format::ClientJson, "client_json"),
    (Format::Compose, "compose"),
    (Format::DockerRun, "docker_run"),
    (Format::Manifest, "manifest"),
];

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// The files of a folder, without and with the expectations.
fn files(folder: &Path) -> (BTreeSet<String>, BTreeSet<String>) {
    let names = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a name in Unicode")
        });
    let (expectations, files): (BTreeSet<String>, BTreeSet<String>) = names.partition(|name| name.ends_with(SUFFIX));
    (files, expectations)
}

fn shown(result: &Result<Imported, ImportError>) -> Value {
    match result {
        Ok(imported) => json!({
            "deployment": imported.deployment,
            "not_carried": imported
                .not_carried
                .iter()
                .map(|item| json!({ "path": item.path, "value": item.value, "reason": format!("{:?}", item.reason) }))
                .collect::<Vec<_>>(),
        }),
        Err(ImportError::Syntax(error)) => json!({
            "error": "Syntax",
            "line": error.line,
            "column": error.column,
            "message": error.message,
        }),
        Err(ImportError::Shell { line, column, problem }) => json!({
            "error": "Shell",
            "line": line,
            "column": column,
            "message": problem.to_string(),
        }),
        Err(error) => json!({ "error": format!("{error:?}") }),
    }
}

#[test]
fn every_file_is_read_as_expected() {
    let writes = std::env::var_os("WRITE_EXPECTED").is_some();
    let mut count = 0;
    let mut problems = Vec::new();
    for (format, folder) in FOLDERS {
        let folder_path = corpus().join(folder);
        let (files, expectations) = files(&folder_path);
        for expectation in &expectations {
            let file = expectation.strip_suffix(SUFFIX).unwrap_or_default();
            if !files.contains(file) {
                problems.push(format!("{folder}/{expectation} belongs to no file"));
            }
        }
        for file in &files {
            count += 1;
            let text = fs::read_to_string(folder_path.join(file)).expect("a text");
            let result = import(&text);
            if let Ok(imported) = &result
                && imported.format != format
            {
                problems.push(format!("{folder}/{file} is taken for {:?}", imported.format));
            }
            if result != import_as(format, &text) && !matches!(result, Err(ImportError::NotRecognised)) {
                problems.push(format!("{folder}/{file} is read otherwise when its format is known"));
            }
            let found = shown(&result);
            // The password of every file. It may be in the deployment, but not in what is said about the text.
            let said = json!([found["not_carried"], found["message"]]).to_string();
            if said.contains("hunter2") {
                problems.push(format!("{folder}/{file} gives its password away: {said}"));
            }
            let path = folder_path.join(format!("{file}{SUFFIX}"));
            if writes {
                let mut text = serde_json::to_string_pretty(&found).expect("JSON");
                text.push('\n');
                fs::write(&path, text).expect("to write the expectation");
                continue;
            }
            match fs::read_to_string(&path) {
                Ok(expected) => {
                    let expected: Value = serde_json::from_str(&expected)
                        .unwrap_or_else(|error| panic!("{folder}/{file}{SUFFIX}: {error}"));
                    if found != expected {
                        problems.push(format!(
                            "{folder}/{file} is read as\n{found:#}\nand not as\n{expected:#}"
                        ));
                    }
                }
                Err(error) => problems.push(format!("{folder}/{file} has no expectation: {error}")),
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
    assert!(count >= AT_LEAST, "only {count} files were found");
}

#[test]
fn what_was_read_survives_every_format() {
    for (_, folder) in FOLDERS {
        let folder_path = corpus().join(folder);
        for file in files(&folder_path).0 {
            let text = fs::read_to_string(folder_path.join(&file)).expect("a text");
            let Ok(imported) = import(&text) else { continue };
            for format in Format::ALL {
                let written = export(format, &imported.deployment, "svc-1");
                let again = import(&written)
                    .unwrap_or_else(|error| panic!("{folder}/{file} as {format:?}: {error}\n{written}"));
                assert_eq!(again.format, format, "{folder}/{file}\n{written}");
                let names = |imported: &Imported| -> Vec<String> {
                    let containers = &imported.deployment.containers;
                    containers
                        .iter()
                        .map(|container| container.image_name.clone())
                        .collect()
                };
                assert_eq!(
                    names(&again),
                    names(&imported),
                    "{folder}/{file} as {format:?}\n{written}"
                );
            }
        }
    }
}
