//! Debian packages.

use std::path::Path;

use anyhow::{Context, Result};

use super::installing;
use crate::process;

/// How packages can be installed on this machine.
pub enum Apt {
    /// As root, directly.
    Root,
    /// By `sudo`, which asks for no password.
    Sudo,
}

/// Whether packages can be installed here without asking anybody, and if not why not.
pub fn available() -> Result<Apt, String> {
    if !Path::new("/etc/debian_version").exists() || process::find("apt-get").is_none() {
        return Err("this is not a Debian system".to_owned());
    }
    if process::ask("id", &["-u"]).as_deref() == Some("0") {
        return Ok(Apt::Root);
    }
    if process::ask("sudo", &["-n", "true"]).is_some() {
        return Ok(Apt::Sudo);
    }
    Err("installing Debian packages needs root, or sudo without a password".to_owned())
}

/// Whether Debian packages are in place.
pub fn installed(package: &str) -> bool {
    process::ask("dpkg-query", &["--show", "--showformat=${db:Status-Status}", package]).as_deref() == Some("installed")
}

/// Installs packages. `instead` says what to do by hand where this is not possible.
pub fn install(packages: &[&str], why: &str, time: &str, instead: &str) -> Result<()> {
    let apt = available().map_err(|reason| anyhow::anyhow!("{why}: missing, and {reason}. {instead}"))?;
    installing(&packages.join(" "), why, &format!("apt-get, {time}"));
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(packages);
    if apt_get(&apt, &arguments).is_err() {
        // A fresh image has no package lists, an old one outdated lists: fetch them once and try again.
        apt_get(&apt, &["update"])
            .with_context(|| format!("{why}: apt-get cannot fetch its package lists. {instead}"))?;
        apt_get(&apt, &arguments)
            .with_context(|| format!("{why}: apt-get cannot install {}. {instead}", packages.join(" ")))?;
    }
    Ok(())
}

fn apt_get(apt: &Apt, arguments: &[&str]) -> Result<()> {
    let mut command = match apt {
        Apt::Root => process::command("env"),
        Apt::Sudo => {
            let mut command = process::command("sudo");
            command.args(["-n", "env"]);
            command
        }
    };
    command
        .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"])
        .args(arguments);
    process::run("apt-get", &mut command)
}
