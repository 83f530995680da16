//! A button that opens a panel below it. Escape, a click elsewhere or leaving it with Tab closes it.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A button and its panel.
#[component]
pub fn Popup(
    /// The name of the button, also of the panel.
    #[prop(into)]
    label: Signal<String>,
    /// What is in the button.
    #[prop(into)]
    button: ViewFn,
    /// The class of the button.
    #[prop(default = "button button-quiet")]
    class: &'static str,
    /// Whether the button's own text is its name, so that it needs no other.
    #[prop(optional)]
    named_by_text: bool,
    /// Set to close the panel from inside; made here when not given.
    #[prop(optional)]
    open: Option<RwSignal<bool>>,
    children: ChildrenFn,
) -> impl IntoView {
    let open = open.unwrap_or_else(|| RwSignal::new(false));
    let root = NodeRef::<html::Div>::new();
    let toggle = NodeRef::<html::Button>::new();
    let id = super::field::fresh_id("popup");
    let panel = id.clone();
    let outside = window_event_listener(leptos::ev::pointerdown, move |event| {
        let inside = root.get_untracked().is_some_and(|root| {
            event
                .target()
                .and_then(|target| target.dyn_into::<web_sys::Node>().ok())
                .is_some_and(|node| root.contains(Some(&node)))
        });
        if !inside && open.get_untracked() {
            open.set(false);
        }
    });
    on_cleanup(move || outside.remove());
    view! {
        <div
            class="popup"
            node_ref=root
            on:keydown=move |event| {
                if event.key() == "Escape" && open.get_untracked() {
                    event.stop_propagation();
                    open.set(false);
                    if let Some(button) = toggle.get_untracked() {
                        let _ = button.focus();
                    }
                }
            }
            on:focusout=move |event| {
                let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
                if let (Some(to), Some(root)) = (to, root.get_untracked()) && !root.contains(Some(&to)) {
                    open.set(false);
                }
            }
        >
            <button
                class=class
                type="button"
                node_ref=toggle
                aria-label=move || (!named_by_text).then(|| label.get())
                title=move || (!named_by_text).then(|| label.get())
                aria-expanded=move || open.get().to_string()
                aria-controls=id
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {button.run()}
            </button>
            <div class="popup-panel" id=panel role="group" aria-label=move || label.get() hidden=move || !open.get()>
                <Show when=move || open.get()>{children()}</Show>
            </div>
        </div>
    }
}

/// A line of a panel that does something or chooses one of several.
#[component]
pub fn PopupItem(
    /// Whether it is the one chosen; `None` for a plain action.
    #[prop(into, optional)]
    chosen: Option<Signal<bool>>,
    #[prop(into)] on_choose: Callback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class="popup-item"
            type="button"
            aria-pressed=move || chosen.map(|chosen| chosen.get().to_string())
            on:click=move |_| on_choose.run(())
        >
            {children()}
        </button>
    }
}
