//! `cargo xtask run`: the console and a whole platform on this machine.

use anyhow::Result;

use crate::interrupt::Interrupt;
use crate::progress::say;
use crate::setup::{self, Need};
use crate::wasm_build::Profile;
use crate::{page, paths, platform};

/// Sets up, builds, starts, and waits for Ctrl-C.
pub fn run(port: u16, options: &[String]) -> Result<()> {
    platform::check_port(port)?;
    let tools = setup::ensure(&[Need::Build])?;
    say("Building the local platform (some minutes the first time, then seconds)");
    platform::build()?;
    say("Building the console (some minutes the first time, then seconds)");
    let page = page::build(&tools, Profile::Release)?;

    say("Starting the local platform");
    let interrupt = Interrupt::catch()?;
    let mut platform = platform::start(port, &paths::root().join(".data/local-platform"), &page, options)?;
    announce(&platform.address);
    platform.wait_until(|| interrupt.asked())?;
    say("Stopped. What you did is kept in .data/local-platform.");
    Ok(())
}

/// Prints the address where it cannot be overlooked.
pub fn announce(address: &str) {
    let text = format!("The console runs at  {address}");
    let line = "─".repeat(text.chars().count() + 4);
    println!("\n  ┌{line}┐\n  │  {text}  │\n  └{line}┘\n  Sign in with the demo account. Ctrl-C stops it.\n");
}
