//! What a pressed key means. Nothing, while somebody types, composes a character or answers a dialog.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::commands::Command;
use crate::components::takes_text;

/// What a key press means to the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Opens the palette.
    Palette,
    /// Opens the list of letters.
    Help,
    /// A command on the service that is worked on.
    Letter(&'static Command),
    /// To the next row.
    Down,
    /// To the row before.
    Up,
    /// Opens the row.
    Enter,
}

/// A key press, and what surrounds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // That is what a keyboard is.
struct Press {
    key: String,
    ctrl: bool,
    meta: bool,
    alt: bool,
    shift: bool,
    /// The key is held down.
    repeats: bool,
    /// An input method is composing a character.
    composes: bool,
    /// The focus is where text is typed or a list is chosen from.
    types: bool,
    /// The focus is on a button or link, which has uses of its own for Enter and the arrows.
    uses_control: bool,
    /// A dialog waits for an answer.
    answers: bool,
    /// Apple keyboards have their shortcuts on another key.
    mac: bool,
}

impl Press {
    fn read(event: &web_sys::KeyboardEvent) -> Press {
        let focus = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let within = |selector: &str| {
            focus
                .as_ref()
                .is_some_and(|focus| focus.closest(selector).ok().flatten().is_some())
        };
        Press {
            key: event.key(),
            ctrl: event.ctrl_key(),
            meta: event.meta_key(),
            alt: event.alt_key(),
            shift: event.shift_key(),
            repeats: event.repeat(),
            composes: event.is_composing() || event.key() == "Process",
            types: focus.as_ref().is_some_and(takes_text) || within(".popup-panel"),
            uses_control: within("a, button, summary, input, [role=log]"),
            answers: document().query_selector("dialog[open]").ok().flatten().is_some(),
            mac: is_mac(),
        }
    }

    fn meaning(&self) -> Option<Meaning> {
        if self.composes || self.answers {
            return None;
        }
        let (shortcut, other) = if self.mac {
            (self.meta, self.ctrl)
        } else {
            (self.ctrl, self.meta)
        };
        if shortcut && !other && !self.alt && !self.shift && self.key.eq_ignore_ascii_case("k") {
            return Some(Meaning::Palette);
        }
        if self.ctrl || self.meta || self.alt || self.types {
            return None;
        }
        if self.key == "?" {
            return Some(Meaning::Help);
        }
        if self.shift {
            return None;
        }
        match self.key.as_str() {
            "j" | "J" => Some(Meaning::Down),
            "k" | "K" => Some(Meaning::Up),
            "ArrowDown" if !self.uses_control => Some(Meaning::Down),
            "ArrowUp" if !self.uses_control => Some(Meaning::Up),
            "Enter" if !self.uses_control => Some(Meaning::Enter),
            key => {
                let mut letters = key.chars();
                let (Some(letter), None) = (letters.next(), letters.next()) else {
                    return None;
                };
                Command::of_letter(letter)
                    .filter(|_| !self.repeats)
                    .map(Meaning::Letter)
            }
        }
    }
}

/// Whether the keyboard is an Apple one.
pub fn is_mac() -> bool {
    window()
        .navigator()
        .user_agent()
        .is_ok_and(|agent| agent.contains("Mac"))
}

/// Calls `act` for every key press that means something, as long as the current owner lives. It answers whether it made use
/// of it; then the browser does not.
pub fn on_key(act: impl Fn(Meaning) -> bool + 'static) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if event.default_prevented() {
            return;
        }
        if let Some(meaning) = Press::read(&event).meaning()
            && act(meaning)
        {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str) -> Press {
        Press {
            key: key.to_owned(),
            ..Press::default()
        }
    }

    fn letter(letter: char) -> Option<Meaning> {
        Command::of_letter(letter).map(Meaning::Letter)
    }

    #[test]
    fn letters_mean_their_commands_with_caps_lock_too() {
        assert_eq!(press("t").meaning(), letter('t'));
        assert_eq!(press("T").meaning(), letter('t'));
        assert_eq!(press("x").meaning(), None);
        assert_eq!(press("F1").meaning(), None);
        assert_eq!(press("?").meaning(), Some(Meaning::Help));
    }

    #[test]
    fn nothing_is_meant_by_what_is_typed_composed_or_pressed_with_a_modifier() {
        for spoilt in [
            Press {
                types: true,
                ..press("t")
            },
            Press {
                composes: true,
                ..press("t")
            },
            Press {
                answers: true,
                ..press("t")
            },
            Press {
                ctrl: true,
                ..press("t")
            },
            Press {
                meta: true,
                ..press("t")
            },
            Press {
                alt: true,
                ..press("t")
            },
            Press {
                shift: true,
                ..press("T")
            },
            Press {
                repeats: true,
                ..press("r")
            },
            Press {
                types: true,
                ..press("?")
            },
            Press {
                types: true,
                ..press("j")
            },
            Press {
                answers: true,
                ctrl: true,
                ..press("k")
            },
            Press {
                composes: true,
                ctrl: true,
                ..press("k")
            },
        ] {
            assert_eq!(spoilt.meaning(), None, "{spoilt:?}");
        }
    }

    #[test]
    fn the_palette_has_the_shortcut_of_the_keyboard() {
        let (ctrl, meta) = (
            Press {
                ctrl: true,
                ..press("k")
            },
            Press {
                meta: true,
                ..press("k")
            },
        );
        assert_eq!(ctrl.meaning(), Some(Meaning::Palette));
        assert_eq!(meta.meaning(), None);
        let apple = |press: Press| Press { mac: true, ..press };
        assert_eq!(apple(ctrl).meaning(), None);
        assert_eq!(apple(meta.clone()).meaning(), Some(Meaning::Palette));
        assert_eq!(
            Press {
                shift: true,
                ..apple(meta)
            }
            .meaning(),
            None
        );
    }

    #[test]
    fn rows_are_walked_by_letters_and_arrows_but_controls_keep_theirs() {
        assert_eq!(press("j").meaning(), Some(Meaning::Down));
        assert_eq!(
            Press {
                repeats: true,
                ..press("ArrowUp")
            }
            .meaning(),
            Some(Meaning::Up)
        );
        let on_link = |key: &str| Press {
            uses_control: true,
            ..press(key)
        };
        assert_eq!(on_link("k").meaning(), Some(Meaning::Up));
        assert_eq!(on_link("Enter").meaning(), None);
        assert_eq!(on_link("ArrowDown").meaning(), None);
    }
}
