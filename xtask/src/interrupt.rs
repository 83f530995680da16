//! Ctrl-C and termination, where we have children to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};

/// Whether somebody asked this program to end.
#[derive(Clone)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// From here on Ctrl-C and termination no longer end the program, but are noted. To be called once.
    pub fn catch() -> Result<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        let noted = Arc::clone(&asked);
        ctrlc::set_handler(move || noted.store(true, Ordering::SeqCst)).context("cannot catch Ctrl-C")?;
        Ok(Self(asked))
    }

    /// Whether to end.
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
