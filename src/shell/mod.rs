//! What surrounds every page and works everywhere: letters, the list of them, the palette, the question before an operation.

mod clock_note;
pub mod commands;
mod help;
mod keys;
mod palette;

use leptos::prelude::*;

pub use clock_note::ClockNote;
pub use keys::{Meaning, is_mac, on_key};
pub use palette::PaletteButton;

use crate::components::{Tone, toast};
use crate::i18n::{self, Text};
use crate::pages::service::AskOperation;
use crate::state::App;

/// The dialogs, and what opens them by keyboard. Once, below the router.
#[component]
pub fn Everywhere(app: App) -> impl IntoView {
    let run = commands::runner(app);
    on_key(move |meaning| match meaning {
        Meaning::Palette => {
            app.commands.palette.set(true);
            true
        }
        Meaning::Help => {
            app.commands.help.set(true);
            true
        }
        Meaning::Letter(command) => {
            // A letter means nothing where there is no service it could be about.
            let is_about = untrack(|| app.commands.has_offer());
            if is_about {
                let target = untrack(|| app.commands.target());
                run(target.map_or(command, |target| command.fitting(&target)));
            }
            is_about
        }
        Meaning::Down | Meaning::Up | Meaning::Enter => false,
    });
    Effect::new(move |_| {
        if let Some((id, _)) = app.edits.unconfirmed() {
            let text = untrack(|| i18n::text_with(Text::OverviewEditUnconfirmed, &[("id", &id)]));
            toast(Tone::Warn, text);
        }
    });
    view! {
        <AskOperation app />
        <help::KeysHelp app />
        <palette::Palette app />
    }
}
