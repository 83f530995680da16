//! The commands that the README names exist.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

#[test]
fn every_command_of_the_readme_explains_itself() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let text = std::fs::read_to_string(file).expect("a README");
    let names: BTreeSet<&str> = text
        .split("cargo xtask ")
        .skip(1)
        .filter_map(|rest| rest.split(|letter: char| !letter.is_ascii_lowercase()).next())
        .collect();
    assert!(names.contains("run") && names.contains("test"), "{names:?}");
    for name in names {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args([name, "--help"])
            .output()
            .expect("the program starts");
        assert!(
            output.status.success(),
            "cargo xtask {name}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
