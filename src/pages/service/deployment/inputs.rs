//! The small inputs of the form: cells of its rows, and a number with steps.

use leptos::prelude::*;

use crate::components::{Icon, Shape, fresh_id};
use crate::i18n::{Text, t};

/// A field in a row: its heading stands above the rows, its name is for who does not see that.
#[component]
pub fn Cell(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(into, optional)] placeholder: Signal<String>,
    #[prop(optional)] mode: Option<&'static str>,
    /// Called with what is pasted; `true` when it was taken and must not be pasted as well.
    #[prop(into, optional)]
    on_paste: Option<Callback<String, bool>>,
) -> impl IntoView {
    let id = fresh_id("cell");
    let described = id.clone();
    view! {
        <div class="cell">
            <input
                class="input mono"
                type="text"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                inputmode=mode
                aria-label=move || label.get()
                aria-describedby=described
                aria-invalid=move || error.get().is_some().then_some("true")
                placeholder=move || placeholder.get()
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
                on:paste=move |event| {
                    let pasted = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
                    if let (Some(take), Some(text)) = (on_paste, pasted) && take.run(text) {
                        event.prevent_default();
                    }
                }
            />
            <div id=id aria-live="polite">{move || error.get().map(|text| view! { <p class="field-error">{text}</p> })}</div>
        </div>
    }
}

/// The value of a variable: hidden until it is asked to be shown, and in no attribute of the document. A value of several
/// lines is changed only while it is shown, as a line of dots would lose its ends.
#[component]
pub fn SecretCell(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(into)] shown: Signal<bool>,
) -> impl IntoView {
    let id = fresh_id("cell");
    let notes = id.clone();
    let has_lines = Memo::new(move |_| value.with(|value| value.contains('\n')));
    let control = move || {
        let described = notes.clone();
        let invalid = move || error.get().is_some().then_some("true");
        if shown.get() {
            view! {
                <textarea
                    class="textarea mono"
                    rows=move || value.with(|value| value.lines().count().clamp(1, 8).to_string())
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    aria-label=move || label.get()
                    aria-describedby=described
                    aria-invalid=invalid
                    prop:value=move || value.get()
                    on:input:target=move |event| value.set(event.target().value())
                ></textarea>
            }
            .into_any()
        } else {
            view! {
                <input
                    class="input mono"
                    type="password"
                    autocomplete="off"
                    aria-label=move || label.get()
                    aria-describedby=described
                    aria-invalid=invalid
                    readonly=move || has_lines.get()
                    prop:value=move || value.get()
                    on:input:target=move |event| value.set(event.target().value())
                />
            }
            .into_any()
        }
    };
    view! {
        <div class="cell">
            {control}
            <div id=id aria-live="polite">
                {move || {
                    (has_lines.get() && !shown.get()).then(|| view! { <p class="field-help">{t(Text::DeploySeveralLines)}</p> })
                }}
                {move || error.get().map(|text| view! { <p class="field-error">{text}</p> })}
            </div>
        </div>
    }
}

/// A whole number that can be typed, or stepped up and down.
#[component]
pub fn Stepper(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(into)] error: Signal<Option<String>>,
    /// The names of its buttons.
    #[prop(into)]
    less: Signal<String>,
    #[prop(into)] more: Signal<String>,
) -> impl IntoView {
    let id = fresh_id("stepper");
    let notes = format!("{id}-notes");
    let number = move || value.with(|text| text.trim().parse::<u32>().ok());
    view! {
        <div class="field">
            <label for=id.clone()>{move || label.get()}</label>
            <div class="stepper">
                <button
                    class="button button-icon"
                    type="button"
                    aria-label=move || less.get()
                    disabled=move || number().is_some_and(|number| number <= 1)
                    on:click=move |_| {
                        value.set(untrack(number).map_or(1, |number| number.saturating_sub(1).max(1)).to_string());
                    }
                >
                    <Icon shape=Shape::Minus />
                </button>
                <input
                    class="input"
                    id=id
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    aria-describedby=notes.clone()
                    aria-invalid=move || error.get().is_some().then_some("true")
                    prop:value=move || value.get()
                    on:input:target=move |event| value.set(event.target().value())
                />
                <button
                    class="button button-icon"
                    type="button"
                    aria-label=move || more.get()
                    on:click=move |_| value.set(untrack(number).map_or(1, |number| number.saturating_add(1)).to_string())
                >
                    <Icon shape=Shape::Plus />
                </button>
            </div>
            <div id=notes aria-live="polite">
                {move || error.get().map(|text| view! { <p class="field-error">{text}</p> })}
            </div>
        </div>
    }
}
