//! A Rust that compiles for the browser.
//!
//! Ordinarily that is rustup's target, one download. Where it cannot be had, Debian's second toolchain (`rustc-web`) builds
//! the standard library from the sources that Debian ships.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Result, bail};

use super::{apt, installing, ready};
use crate::process;
use crate::progress::Ticker;

const TARGET: &str = "wasm32-unknown-unknown";

/// The oldest Rust that compiles the workspace (`rust-version` of its manifest).
const MINIMUM: &str = env!("CARGO_PKG_RUST_VERSION");

/// How long rustup may try: its component has some 20 MB.
const RUSTUP_LIMIT: Duration = Duration::from_secs(300);

/// Debian's compiler for the packages of web browsers, newer than its ordinary one.
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];

/// Chooses the way by hand: `rustup` or `debian`. For machines with both, and for testing this very program.
const CHOICE: &str = "CONSOLE_WASM_TOOLCHAIN";

/// How to compile for the browser.
pub enum WasmToolchain {
    /// The active toolchain has the target.
    Active,
    /// Debian's toolchain, which builds the standard library itself.
    Debian {
        /// LLVM's linker for wasm.
        linker: PathBuf,
    },
}

impl WasmToolchain {
    /// The folder whose `cargo` must come first in PATH, if any.
    pub fn path_front(&self) -> Option<PathBuf> {
        match self {
            Self::Active => None,
            Self::Debian { .. } => Some(PathBuf::from("/usr/bin")),
        }
    }

    /// The environment in which cargo compiles for the browser.
    pub fn apply(&self, command: &mut Command) {
        if let Self::Debian { linker } = self {
            command
                .env("RUSTC", "/usr/bin/rustc")
                .env("RUSTDOC", "/usr/bin/rustdoc")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                .env_remove("LD_LIBRARY_PATH")
                .env_remove("RUSTUP_TOOLCHAIN");
        }
    }
}

/// Finds a way to compile for the browser, or makes one.
pub fn ensure() -> Result<WasmToolchain> {
    let choice = env::var(CHOICE).unwrap_or_default();
    let (rustup, debian) = match choice.as_str() {
        "" => (true, true),
        "rustup" => (true, false),
        "debian" => (false, true),
        other => bail!("{CHOICE}={other}: it is `rustup` or `debian`, or not set"),
    };
    if rustup && active_has_target() {
        ready(&format!("Rust for {TARGET}"), "the active toolchain");
        return Ok(WasmToolchain::Active);
    }
    if debian && let Some(linker) = debian_toolchain() {
        ready(
            &format!("Rust for {TARGET}"),
            "Debian's rustc-web, which builds the standard library itself",
        );
        return Ok(WasmToolchain::Debian { linker });
    }

    let mut tried = Vec::new();
    if rustup {
        match add_by_rustup() {
            Ok(()) => return Ok(WasmToolchain::Active),
            Err(reason) => tried.push(reason),
        }
    }
    if debian {
        match add_by_debian() {
            Ok(linker) => return Ok(WasmToolchain::Debian { linker }),
            Err(reason) => tried.push(reason),
        }
    }
    bail!(
        "no Rust here compiles for {TARGET}. Tried:\n{}\nInstall Rust by https://rustup.rs and run `rustup target add {TARGET}`, or \
         install the target's standard library from your system's packages, then repeat.",
        tried
            .iter()
            .map(|reason| format!("  * {reason}"))
            .collect::<Vec<_>>()
            .join("\n")
    )
}

/// Whether the active rustc has a standard library for the target.
fn active_has_target() -> bool {
    process::ask("rustc", &["--print", "target-libdir", "--target", TARGET]).is_some_and(|folder| {
        fs::read_dir(folder).is_ok_and(|entries| {
            entries.flatten().any(|entry| {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                name.starts_with("libstd-") && name.ends_with(".rlib")
            })
        })
    })
}

/// The linker, if all of Debian's toolchain is there in a version that compiles the workspace.
fn debian_toolchain() -> Option<PathBuf> {
    if !Path::new("/usr/bin/cargo").is_file() {
        return None;
    }
    let found = process::version(&process::ask("/usr/bin/rustc", &["--version"])?)?;
    if found < process::version(MINIMUM)? {
        return None;
    }
    let sysroot = PathBuf::from(process::ask("/usr/bin/rustc", &["--print", "sysroot"])?);
    if !sysroot.join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file() {
        return None;
    }
    linker()
}

/// LLVM's linker: rustup's toolchain carries one, and Debian's `lld` is another.
fn linker() -> Option<PathBuf> {
    let sysroot = process::ask("rustc", &["--print", "sysroot"])?;
    let host = process::ask("rustc", &["--version", "--verbose"])?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: "))?;
    let bundled = Path::new(&sysroot).join("lib/rustlib").join(host).join("bin/rust-lld");
    if bundled.is_file() {
        Some(bundled)
    } else {
        process::find("wasm-ld")
    }
}

/// Lets rustup add the target. The error says in one line why it could not.
fn add_by_rustup() -> Result<(), String> {
    if process::find("rustup").is_none() {
        return Err("rustup: not installed".to_owned());
    }
    let add = format!("rustup target add {TARGET}");
    if process::ask("rustup", &["show", "active-toolchain"]).is_none() {
        return Err(format!("{add}: the active Rust is not rustup's"));
    }
    installing(
        &format!("Rust for {TARGET}"),
        "compiles the console for the browser",
        &format!("{add}, under a minute"),
    );
    let _ticker = Ticker::start(&add);
    let mut child = process::command("rustup")
        .args(["target", "add", TARGET])
        .stdin(Stdio::null())
        .spawn()
        .map_err(|error| format!("{add}: {error}"))?;
    match process::succeeds_within(&mut child, RUSTUP_LIMIT) {
        Ok(true) if active_has_target() => Ok(()),
        Ok(true) => Err(format!(
            "{add}: succeeded, but the active rustc does not find the target's standard library"
        )),
        Ok(false) => Err(format!(
            "{add}: failed or took longer than {} s",
            RUSTUP_LIMIT.as_secs()
        )),
        Err(error) => Err(format!("{add}: {error:#}")),
    }
}

/// Installs Debian's toolchain. The error says in one line why that is not possible.
fn add_by_debian() -> Result<PathBuf, String> {
    let what = format!("Debian's {}", DEBIAN_PACKAGES.join(" "));
    apt::available().map_err(|reason| format!("{what}: {reason}"))?;
    let mut packages = DEBIAN_PACKAGES.to_vec();
    if linker().is_none() {
        packages.push("lld");
    }
    apt::install(
        &packages,
        "compiles the console for the browser where rustup cannot",
        "1 to 3 minutes",
        "",
    )
    .map_err(|error| format!("{what}: {error:#}"))?;
    debian_toolchain().ok_or_else(|| format!("{what}: installed, but older than Rust {MINIMUM} or incomplete"))
}
