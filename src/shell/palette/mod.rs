//! The palette: any page, service or action by a few letters of its name.

mod data;
mod entries;
mod score;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::help::palette_keys;
use super::is_mac;
use crate::components::{Icon, Shape};
use crate::i18n::{self, Plural, Text, t};
use crate::state::App;
use data::Choice;
use entries::{Found, Kind, pieces, rank};

/// What keyboards have on that key, in every language.
const ESCAPE: &str = "Esc";

/// The button in the bar, for who does not know the keys.
#[component]
pub fn PaletteButton(app: App) -> impl IntoView {
    view! {
        <button
            class="button button-quiet palette-button"
            type="button"
            title=move || format!("{} ({})", i18n::text(Text::PaletteOpen), palette_keys())
            aria-haspopup="dialog"
            aria-keyshortcuts=if is_mac() { "Meta+K" } else { "Control+K" }
            on:click=move |_| app.commands.palette.set(true)
        >
            <Icon shape=Shape::Search />
            <span class="palette-word">{t(Text::PaletteOpen)}</span>
            <kbd aria-hidden="true">{palette_keys()}</kbd>
        </button>
    }
}

/// The dialog.
#[component]
pub fn Palette(app: App) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let open = app.commands.palette;
    Effect::new(move |_| {
        let Some(element) = dialog.get() else { return };
        if open.get() && !element.open() {
            let _ = element.show_modal();
        } else if !open.get() && element.open() {
            element.close();
        }
    });
    // Everything inside fills the dialog, so what is clicked as the dialog itself is what lies around it.
    let on_click = move |event: leptos::ev::MouseEvent| {
        let around = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlDialogElement>().ok());
        if around.is_some() {
            open.set(false);
        }
    };
    view! {
        <dialog
            class="dialog palette"
            node_ref=dialog
            aria-label=t(Text::PaletteTitle)
            on:close=move |_| open.set(false)
            on:click=on_click
        >
            <Show when=move || open.get()>
                <Finder app />
            </Show>
        </dialog>
    }
}

fn kind_text(kind: Kind) -> Text {
    match kind {
        Kind::Action => Text::PaletteAction,
        Kind::Page => Text::PalettePage,
        Kind::Service => Text::PaletteService,
    }
}

fn option_id(index: usize) -> String {
    format!("palette-{index}")
}

#[component]
fn Finder(app: App) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let active = RwSignal::new(0_usize);
    let known = data::use_entries(app);
    let choose = data::chooser(app);
    let found = Memo::new(move |_| {
        let recent = app.commands.recent();
        known.with(|known| query.with(|query| rank(known, query, &recent)))
    });
    let count = Memo::new(move |_| found.with(Vec::len));
    // What is highlighted is always one of those that are there.
    let current = Memo::new(move |_| active.get().min(count.get().saturating_sub(1)));
    let show_current = move || {
        let index = current.get_untracked();
        request_animation_frame(move || {
            if let Some(option) = document().get_element_by_id(&option_id(index)) {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                option.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    };
    let go = {
        let choose = choose.clone();
        move |index: usize| {
            let entry = found.with_untracked(|found| found.get(index).map(|found| found.entry.clone()));
            if let Some(entry) = entry {
                choose(&entry);
            }
        }
    };
    let on_key = {
        let go = go.clone();
        move |event: leptos::ev::KeyboardEvent| {
            if event.is_composing() {
                return;
            }
            let last = count.get_untracked().saturating_sub(1);
            let now = current.get_untracked();
            let to = match event.key().as_str() {
                "ArrowDown" => (now + 1) % (last + 1),
                "ArrowUp" => now.checked_sub(1).unwrap_or(last),
                "Home" if event.ctrl_key() => 0,
                "End" if event.ctrl_key() => last,
                "PageDown" => (now + 8).min(last),
                "PageUp" => now.saturating_sub(8),
                "Enter" => {
                    event.prevent_default();
                    go(now);
                    return;
                }
                "k" | "K" if event.ctrl_key() || event.meta_key() => {
                    event.prevent_default();
                    app.commands.palette.set(false);
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            active.set(to);
            show_current();
        }
    };
    let go = StoredValue::new_local(go);
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    view! {
        <div class="palette-body">
            <div class="palette-field">
                <Icon shape=Shape::Search />
                <input
                    class="palette-input"
                    type="text"
                    autofocus
                    node_ref=field
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    role="combobox"
                    aria-label=t(Text::PaletteTitle)
                    aria-autocomplete="list"
                    aria-expanded=move || (count.get() > 0).to_string()
                    aria-controls="palette-list"
                    aria-activedescendant=move || (count.get() > 0).then(|| option_id(current.get()))
                    placeholder=t(Text::PalettePlaceholder)
                    prop:value=move || query.get()
                    on:input:target=move |event| {
                        query.set(event.target().value());
                        active.set(0);
                        show_current();
                    }
                    on:keydown=on_key
                />
            </div>
            <p class="visually-hidden" role="status">
                {move || i18n::plural(Plural::PaletteResults, count.get() as u64)}
            </p>
            <ul class="palette-list" id="palette-list" role="listbox" aria-label=t(Text::PaletteFound) hidden=move || count.get() == 0>
                {move || {
                    found
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(index, found)| {
                            view! {
                                <Line
                                    found
                                    index
                                    current
                                    on_point=Callback::new(move |()| active.set(index))
                                    on_choose=Callback::new(move |()| go.with_value(|go| go(index)))
                                />
                            }
                        })
                        .collect_view()
                }}
            </ul>
            <Show when=move || count.get() == 0>
                <p class="palette-none">{t(Text::PaletteNothing)}</p>
            </Show>
            <p class="palette-foot soft small" aria-hidden="true">
                <span><kbd>"↑"</kbd>" "<kbd>"↓"</kbd>" "{t(Text::PaletteMove)}</span>
                <span><kbd>"↵"</kbd>" "{t(Text::PaletteChoose)}</span>
                <span><kbd>{ESCAPE}</kbd>" "{t(Text::PaletteClose)}</span>
            </p>
        </div>
    }
}

#[component]
fn Line(
    found: Found<Choice>,
    index: usize,
    current: Memo<usize>,
    on_point: Callback<()>,
    on_choose: Callback<()>,
) -> impl IntoView {
    let Found { entry, marked } = found;
    let shape = data::shape(&entry.choice);
    view! {
        <li
            class="palette-line"
            id=option_id(index)
            role="option"
            aria-selected=move || (current.get() == index).to_string()
            // A pointer that rests where the list appears chooses nothing.
            on:pointermove=move |_| on_point.run(())
            // The field keeps the focus.
            on:mousedown=|event| event.prevent_default()
            on:click=move |_| on_choose.run(())
        >
            <Icon shape />
            <span class="palette-name">
                {pieces(&entry.name, &marked)
                    .into_iter()
                    .map(|(piece, is_marked)| {
                        if is_marked {
                            view! { <mark>{piece}</mark> }.into_any()
                        } else {
                            piece.into_any()
                        }
                    })
                    .collect_view()}
            </span>
            <span class="palette-note soft small">{entry.note}</span>
            <span class="palette-kind soft small">{t(kind_text(entry.kind))}</span>
        </li>
    }
}
