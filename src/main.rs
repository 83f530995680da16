//! The V Cloud console: owners of prepaid container services see and run them from the browser.
//!
//! `app` holds the routes and the frame, `pages` one folder or file an address, `components` what pages are composed
//! of, `state` what outlives a page, `net` everything that leaves the browser. docs/ARCHITECTURE.md is the map.

mod app;
mod components;
mod config;
mod hold;
mod i18n;
mod memory;
mod net;
mod pages;
mod route;
mod shell;
mod state;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::Console);
}
