//! Modal dialogs on the browser's `<dialog>`: focus is kept inside and given back, Escape closes.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{Icon, Shape};
use crate::i18n::{Text, t};

/// A modal dialog, shown while `open` is true. Its content is made anew each time it opens, so nothing of the last time
/// is left in it.
#[component]
pub fn Dialog(
    /// Whether it is shown; set to false when it is closed.
    open: RwSignal<bool>,
    /// The heading, which also names the dialog.
    #[prop(into)]
    title: Signal<String>,
    /// Whether it needs room, as for a file.
    #[prop(optional)]
    wide: bool,
    /// What is in it.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let title_id = super::field::fresh_id("dialog");
    Effect::new(move |_| {
        let Some(element) = dialog.get() else { return };
        if open.get() && !element.open() {
            let _ = element.show_modal();
            // The browser looks for what has `autofocus` only now, and what is in the dialog may come a moment later.
            request_animation_frame(move || focus_inside(dialog));
        } else if !open.get() && element.open() {
            element.close();
        }
    });
    let heading = title_id.clone();
    view! {
        <dialog class="dialog" class:dialog-wide=wide node_ref=dialog aria-labelledby=title_id on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <div class="dialog-body">
                    <h2 id=heading.clone()>{move || title.get()}</h2>
                    {children()}
                </div>
            </Show>
        </dialog>
    }
}

/// Gives the focus to what asks for it, where the dialog itself has it.
fn focus_inside(dialog: NodeRef<html::Dialog>) {
    let Some(element) = dialog.try_get_untracked().flatten() else {
        return;
    };
    let has_none = document()
        .active_element()
        .is_none_or(|focused| focused.is_same_node(Some(&element)) || !element.contains(Some(&focused)));
    let wants = element.query_selector("[autofocus]").ok().flatten();
    if let (true, Some(wants)) = (
        has_none,
        wants.and_then(|wants| wants.dyn_into::<web_sys::HtmlElement>().ok()),
    ) {
        let _ = wants.focus();
    }
}

/// Asks before something is done: names what it is done to and what follows.
#[component]
pub fn Confirm(
    /// Whether it is shown.
    open: RwSignal<bool>,
    /// The question, with its target.
    #[prop(into)]
    title: Signal<String>,
    /// The effect, in a sentence or two.
    #[prop(into)]
    effect: Signal<String>,
    /// The name of the thing it is done to, shown on a line of its own.
    #[prop(into)]
    target: Signal<String>,
    /// The text of the button that does it.
    #[prop(into)]
    action: Signal<String>,
    /// Whether it takes something away.
    #[prop(optional)]
    danger: bool,
    /// Called when it was confirmed; the dialog is closed by then.
    #[prop(into)]
    on_confirm: Callback<()>,
) -> impl IntoView {
    let class = if danger {
        "button button-danger"
    } else {
        "button button-primary"
    };
    view! {
        <Dialog open title>
            <p class="mono">{move || target.get()}</p>
            <p>{move || effect.get()}</p>
            <div class="dialog-actions">
                <button class="button" type="button" autofocus on:click=move |_| open.set(false)>{t(Text::ActionCancel)}</button>
                <button
                    class=class
                    type="button"
                    on:click=move |_| {
                        open.set(false);
                        on_confirm.run(());
                    }
                >
                    <Icon shape=Shape::Check />
                    {move || action.get()}
                </button>
            </div>
        </Dialog>
    }
}
