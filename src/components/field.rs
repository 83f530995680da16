//! Fields of forms: a label, what helps, what is wrong. What was typed stays in the signal that the form owns.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::*;

/// An `id` that no other element has.
pub fn fresh_id(kind: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{kind}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// What belongs to every field: the texts below the control, tied to it for screen readers.
#[component]
fn Notes(
    id: String,
    #[prop(into)] help: Signal<String>,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(into)] warning: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div id=id>
            {move || (!help.get().is_empty()).then(|| view! { <p class="field-help">{help.get()}</p> })}
            {move || warning.get().map(|text| view! { <p class="field-warning">{text}</p> })}
            <div aria-live="polite">{move || error.get().map(|text| view! { <p class="field-error">{text}</p> })}</div>
        </div>
    }
}

/// A line of text.
#[component]
pub fn Field(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(into, optional)] help: Signal<String>,
    #[prop(into, optional)] error: Signal<Option<String>>,
    #[prop(into, optional)] warning: Signal<Option<String>>,
    /// `inputmode`, such as `numeric`.
    #[prop(optional)]
    mode: Option<&'static str>,
    /// Set in the monospaced face.
    #[prop(optional)]
    mono: bool,
) -> impl IntoView {
    let id = fresh_id("field");
    let notes = format!("{id}-notes");
    view! {
        <div class="field">
            <label for=id.clone()>{move || label.get()}</label>
            <input
                class="input"
                class:mono=mono
                id=id
                type="text"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                inputmode=mode
                aria-describedby=notes.clone()
                aria-invalid=move || error.get().is_some().then_some("true")
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            />
            <Notes id=notes help error warning />
        </div>
    }
}

/// A password, hidden until it is asked to be shown. It is in no attribute of the document.
#[component]
pub fn PasswordField(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(into, optional)] help: Signal<String>,
    #[prop(into, optional)] error: Signal<Option<String>>,
    /// `new-password` or `current-password`.
    autocomplete: &'static str,
) -> impl IntoView {
    let id = fresh_id("password");
    let notes = format!("{id}-notes");
    let warning: Signal<Option<String>> = Signal::stored(None);
    view! {
        <div class="field">
            <label for=id.clone()>{move || label.get()}</label>
            <input
                class="input"
                id=id
                type="password"
                autocomplete=autocomplete
                aria-describedby=notes.clone()
                aria-invalid=move || error.get().is_some().then_some("true")
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            />
            <Notes id=notes help error warning />
        </div>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(into, optional)] help: Signal<String>,
    #[prop(into, optional)] error: Signal<Option<String>>,
    #[prop(into, optional)] warning: Signal<Option<String>>,
    #[prop(default = 3)] rows: u32,
) -> impl IntoView {
    let id = fresh_id("text");
    let notes = format!("{id}-notes");
    view! {
        <div class="field">
            <label for=id.clone()>{move || label.get()}</label>
            <textarea
                class="textarea mono"
                id=id
                rows=rows
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-describedby=notes.clone()
                aria-invalid=move || error.get().is_some().then_some("true")
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            ></textarea>
            <Notes id=notes help error warning />
        </div>
    }
}

/// A choice of one of several values, which are shown as they are.
#[component]
pub fn ChoiceField(
    #[prop(into)] label: Signal<String>,
    values: Vec<String>,
    /// The one chosen; empty for none.
    #[prop(into)]
    chosen: Signal<String>,
    on_choose: Callback<String>,
    /// What stands there as long as none is.
    #[prop(into)]
    none: Signal<String>,
    #[prop(into, optional)] help: Signal<String>,
    #[prop(into, optional)] error: Signal<Option<String>>,
) -> impl IntoView {
    let id = fresh_id("choice");
    let notes = format!("{id}-notes");
    let warning: Signal<Option<String>> = Signal::stored(None);
    view! {
        <div class="field">
            <label for=id.clone()>{move || label.get()}</label>
            <select
                class="select"
                id=id
                aria-describedby=notes.clone()
                aria-invalid=move || error.get().is_some().then_some("true")
                on:change:target=move |event| on_choose.run(event.target().value())
            >
                <option value="" hidden disabled prop:selected=move || chosen.with(String::is_empty)>
                    {move || none.get()}
                </option>
                {values
                    .into_iter()
                    .map(|value| {
                        let shown = value.clone();
                        let this = value.clone();
                        view! { <option value=value prop:selected=move || chosen.with(|chosen| *chosen == this)>{shown}</option> }
                    })
                    .collect_view()}
            </select>
            <Notes id=notes help error warning />
        </div>
    }
}

/// A choice of yes or no.
#[component]
pub fn CheckField(#[prop(into)] label: Signal<String>, value: RwSignal<bool>) -> impl IntoView {
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=move || value.get() on:change:target=move |event| value.set(event.target().checked()) />
            <span>{move || label.get()}</span>
        </label>
    }
}
