//! The list of letters, which `?` opens.

use leptos::prelude::*;

use super::commands::COMMANDS;
use super::keys::is_mac;
use crate::components::Dialog;
use crate::i18n::{self, Text, t};
use crate::state::App;

/// How the palette's shortcut is written on this keyboard.
pub fn palette_keys() -> &'static str {
    if is_mac() { "⌘ K" } else { "Ctrl K" }
}

/// The dialog.
#[component]
pub fn KeysHelp(app: App) -> impl IntoView {
    let everywhere = [
        ("?", Text::KeysHelp),
        (palette_keys(), Text::KeysPalette),
        ("J  ↓", Text::KeysDown),
        ("K  ↑", Text::KeysUp),
        ("Enter", Text::KeysEnter),
    ];
    view! {
        <Dialog open=app.commands.help title=Signal::derive(|| i18n::text(Text::KeysTitle).to_owned())>
            <div class="keys">
                <section class="stack-tight">
                    <h3>{t(Text::KeysOnService)}</h3>
                    <p class="soft small">
                        {move || match app.commands.target() {
                            Some(target) => target.name().to_owned(),
                            None => i18n::text(Text::KeysWhich).to_owned(),
                        }}
                    </p>
                    <dl class="key-list">
                        {COMMANDS
                            .iter()
                            .map(|command| {
                                let why = move || {
                                    app.commands.target().and_then(|target| command.obstacle(app, &target))
                                };
                                view! {
                                    <dt><kbd>{command.letter.to_ascii_uppercase().to_string()}</kbd></dt>
                                    <dd>
                                        {t(command.name)}
                                        {move || why().map(|why| view! { <span class="soft small">" — "{why}</span> })}
                                    </dd>
                                }
                            })
                            .collect_view()}
                    </dl>
                </section>
                <section class="stack-tight">
                    <h3>{t(Text::KeysEverywhere)}</h3>
                    <dl class="key-list">
                        {everywhere
                            .map(|(keys, name)| {
                                view! {
                                    <dt>{keys.split("  ").map(|key| view! { <kbd>{key}</kbd> }).collect_view()}</dt>
                                    <dd>{t(name)}</dd>
                                }
                            })
                            .collect_view()}
                    </dl>
                </section>
            </div>
            <div class="dialog-actions">
                <button class="button" type="button" autofocus on:click=move |_| app.commands.help.set(false)>
                    {t(Text::KeysClose)}
                </button>
            </div>
        </Dialog>
    }
}
