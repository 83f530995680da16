//! wasm-opt: makes the compiled console smaller.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::{npm, ready};
use crate::process;

/// Older ones do not know the features that today's rustc uses.
const MINIMUM: u64 = 119;
const NPM_VERSION: &str = "132.0.0";

/// How to call wasm-opt.
pub enum WasmOpt {
    /// A native program.
    Native(PathBuf),
    /// npm's, which is JavaScript.
    Node {
        /// The JavaScript engine.
        node: PathBuf,
        /// wasm-opt itself.
        script: PathBuf,
    },
}

impl WasmOpt {
    /// A command to which wasm-opt's arguments can be added.
    pub fn command(&self) -> Command {
        match self {
            Self::Native(program) => process::command(program),
            Self::Node { node, script } => {
                let mut command = process::command(node);
                command.arg(script);
                command
            }
        }
    }
}

/// The wasm-opt in PATH where it is new enough, else npm's.
pub fn ensure() -> Result<WasmOpt> {
    if let Some(native) = process::find("wasm-opt") {
        let version = process::ask(&native, &["--version"]).and_then(|answer| process::version(&answer));
        if version
            .as_ref()
            .and_then(|version| version.first())
            .is_some_and(|major| *major >= MINIMUM)
        {
            ready("wasm-opt", &native.display().to_string());
            return Ok(WasmOpt::Native(native));
        }
    }
    let script = npm::package(
        "binaryen",
        NPM_VERSION,
        "bin/wasm-opt",
        "wasm-opt makes the console smaller",
    )?;
    Ok(WasmOpt::Node {
        node: npm::node()?,
        script,
    })
}
