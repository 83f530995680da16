//! The harness of the browser tests: a real browser opens the optimised console, which talks to a real local platform. It is Chromium;
//! some journeys are made in Firefox and in WebKit as well.
//!
//! A test is a journey: it gets a [`Console`] with fresh data and a fresh browser profile, finds things as people do (by role
//! and name, by label, by text), and fails as well when the browser's console has an error that the test did not announce.
//!
//! ```no_run
//! # use browser_tests::{Setup, journey};
//! # async fn example() -> anyhow::Result<()> {
//! journey(Setup::default(), async |console| {
//!     console.goto("/").await?;
//!     console.sign_in_demo().await?;
//!     console.accessible().await
//! })
//! .await
//! # }
//! ```
//!
//! `cargo xtask test --only browser -- part-of-a-name` runs some of them. Where one fails, `target/browser-tests/` has what the
//! page looked like, its markup, and what the browser and the platform said.

mod accessibility;
mod aria;
mod browser;
mod clock;
mod console;
mod engine;
mod environment;
mod evidence;
mod extension;
mod find;
mod keyboard;
mod locale;
mod logs;
mod memory;
mod messages;
mod official;
mod orders;
mod owner;
mod payments;
mod platform;
mod policy;
mod portal;
mod region;
mod sign_in;
mod table;
mod traffic;
mod view;
mod wait;

use std::panic::{AssertUnwindSafe, resume_unwind};

use anyhow::Result;
use futures_util::FutureExt as _;

pub use console::{Console, Setup};
pub use extension::FakeExtension;
pub use find::{
    BUTTON, CHECKBOX, COMBOBOX, DIALOG, HEADING, LINK, MENU_ITEM, Named, RADIO, ROW, SEARCHBOX, TAB, TEXTBOX,
};
pub use locale::Texts;
pub use logs::{ContainerOf, LOG_PATH, Running, consecutive, lines_of};
pub use memory::Secret;
pub use official::Official;
pub use payments::Paid;
pub use platform::Platform;
pub use portal::Portal;
pub use table::Table;
pub use traffic::{Exchange, WEB_SOCKET};
pub use wait::{PATIENCE, until};

/// Opens a console as `setup` says, makes the journey and closes everything. The test's name names what is kept of a failure.
///
/// # Errors
/// Those of the journey, and errors in the browser's console that [`Console::expect_error`] did not announce.
///
/// # Panics
/// Where the journey panics: after what can be seen is kept and everything is closed.
pub async fn journey(setup: Setup, make: impl AsyncFnOnce(&Console) -> Result<()>) -> Result<()> {
    let name = std::thread::current().name().unwrap_or("journey").replace("::", "-");
    let console = Console::open(setup).await?;
    let made = AssertUnwindSafe(make(&console)).catch_unwind().await;
    let outcome = match made {
        Ok(Ok(())) => Ok(console.quiet().await),
        Ok(Err(error)) => Ok(Err(error)),
        Err(panic) => Err(panic),
    };
    if !matches!(outcome, Ok(Ok(()))) {
        evidence::keep(&console, &name).await;
    }
    console.close().await;
    outcome.unwrap_or_else(|panic| resume_unwind(panic))
}
