//! Light, dark, or as the system has it.

use std::sync::OnceLock;

use leptos::prelude::*;

use super::storage;

/// The looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every choice.
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// The one of this name: `system`, `light` or `dark`.
    pub fn named(name: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.name() == name)
    }

    const fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

static CURRENT: OnceLock<RwSignal<Theme>> = OnceLock::new();

/// Takes up what was chosen before. Call once, under the application's root owner.
pub fn start() {
    let stored = storage::preferences().get("theme");
    let theme = stored.as_deref().and_then(Theme::named).unwrap_or_default();
    let signal = *CURRENT.get_or_init(|| RwSignal::new(theme));
    Effect::new(move |_| {
        let Some(root) = document().document_element() else {
            return;
        };
        let theme = signal.get();
        let _ = if theme == Theme::System {
            root.remove_attribute("data-theme")
        } else {
            root.set_attribute("data-theme", theme.name())
        };
    });
}

/// The looks in use (tracked).
pub fn theme() -> Theme {
    CURRENT.get().map_or(Theme::System, |signal| signal.get())
}

/// Changes the looks for this visit.
pub fn show(theme: Theme) {
    if let Some(signal) = CURRENT.get() {
        signal.set(theme);
    }
}

/// Changes the looks, now and for the next visit.
pub fn set_theme(theme: Theme) {
    show(theme);
    storage::preferences().set("theme", theme.name());
}
