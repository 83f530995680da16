//! A text that is edited where it stands: a button opens a field, Enter saves, Escape leaves everything as it was.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::draft_offer::draft_from;
use super::field::fresh_id;
use super::{Icon, Shape, Tone, toast};
use crate::i18n::{self, Text, t};

/// The rules and texts of an [`InlineEdit`].
#[derive(Clone, Copy)]
pub struct EditRules {
    /// What is edited, which names the field.
    pub label: Signal<String>,
    /// What may be entered.
    pub help: Signal<String>,
    /// What is wrong with a text, if anything is.
    pub check: Callback<String, Option<String>>,
    /// The most characters.
    pub limit: usize,
    /// Whether the field has room for more than a line.
    pub is_long: bool,
}

/// What was typed before and not saved, and where what is typed now is kept.
#[derive(Clone, Copy)]
pub struct Unsaved {
    /// When the text was typed that is on offer, in milliseconds since the Unix epoch; none where there is none.
    pub at: Signal<Option<f64>>,
    /// Gives it to the field that opens.
    pub take: Callback<(), Option<String>>,
    /// Has the text kept that the field holds, none while it is the one that is saved.
    pub keep: Callback<Signal<Option<String>>>,
    /// Forgets it.
    pub discard: Callback<()>,
}

/// A text and the way to change it.
#[component]
pub fn InlineEdit(
    /// The text as it is; what is in the field when it opens.
    value: Signal<String>,
    /// How the text is shown.
    #[prop(into)]
    display: ViewFn,
    /// The name of the button that opens the field.
    #[prop(into)]
    name: Signal<String>,
    rules: EditRules,
    /// Why it can't be changed now.
    obstacle: Signal<Option<String>>,
    /// Whether the field is open. Whoever saves closes it when that succeeded.
    open: RwSignal<bool>,
    /// Whether it is being saved.
    busy: Signal<bool>,
    /// Why the last attempt failed.
    failed: Signal<Option<String>>,
    /// Called with a text that keeps the rules and is not the one shown.
    on_save: Callback<String>,
    unsaved: Unsaved,
) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    // The button is there again a moment after the field is gone.
    let close = Callback::new(move |()| {
        open.set(false);
        request_animation_frame(move || {
            if let Some(button) = button.get_untracked() {
                let _ = button.focus();
            }
        });
    });
    view! {
        <span class="inline-text" hidden=move || open.get()>
            {display.run()}
            <button
                class="button button-quiet button-icon"
                type="button"
                node_ref=button
                aria-label=move || name.get()
                title=move || obstacle.get().unwrap_or_else(|| name.get())
                aria-disabled=move || obstacle.get().is_some().then_some("true")
                on:click=move |_| match obstacle.get_untracked() {
                    None => open.set(true),
                    Some(why) => toast(Tone::Warn, why),
                }
            >
                <Icon shape=Shape::Edit />
            </button>
            {move || unsaved.at.get().map(|at| view! { <Before at open obstacle discard=unsaved.discard /> })}
        </span>
        <Show when=move || open.get()>
            <Editor value rules busy failed on_save close unsaved />
        </Show>
    }
}

/// The way back to a text that was typed and not saved.
#[component]
fn Before(at: f64, open: RwSignal<bool>, obstacle: Signal<Option<String>>, discard: Callback<()>) -> impl IntoView {
    view! {
        <button
            class="button-link small"
            type="button"
            title=move || draft_from(at)
            disabled=move || obstacle.get().is_some()
            on:click=move |_| open.set(true)
        >
            {t(Text::DraftUnsaved)}
        </button>
        <button
            class="button button-quiet button-icon"
            type="button"
            aria-label=t(Text::DraftDiscard)
            title=t(Text::DraftDiscard)
            on:click=move |_| discard.run(())
        >
            <Icon shape=Shape::Close />
        </button>
    }
}

#[component]
fn Editor(
    value: Signal<String>,
    rules: EditRules,
    busy: Signal<bool>,
    failed: Signal<Option<String>>,
    on_save: Callback<String>,
    close: Callback<()>,
    unsaved: Unsaved,
) -> impl IntoView {
    let before = unsaved.take.run(());
    let is_changed = RwSignal::new(before.is_some());
    let typed = RwSignal::new(before.unwrap_or_else(|| value.get_untracked()));
    unsaved.keep.run(Signal::derive(move || {
        let typed = typed.get();
        (typed != value.get_untracked()).then_some(typed)
    }));
    let wrong = Memo::new(move |_| rules.check.run(typed.get()));
    let shown_error = move || {
        let wrong = is_changed.get().then(|| wrong.get()).flatten();
        wrong.or_else(|| failed.get())
    };
    let save = move || {
        is_changed.set(true);
        if busy.get_untracked() || wrong.get_untracked().is_some() {
            return;
        }
        let text = typed.get_untracked();
        if text == value.get_untracked() {
            close.run(());
        } else {
            on_save.run(text);
        }
    };
    let id = fresh_id("edit");
    let notes = format!("{id}-notes");
    let on_key = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "Escape" if !event.is_composing() => {
            event.stop_propagation();
            close.run(());
        }
        // A line break is in none of these texts.
        "Enter" if !event.is_composing() => {
            event.prevent_default();
            save();
        }
        _ => {}
    };
    let on_input = move |event: leptos::ev::Event| {
        is_changed.set(true);
        typed.set(event_target_value(&event));
    };
    let field = if rules.is_long {
        let node = NodeRef::<html::Textarea>::new();
        // What is in the field is put there after it has been made, which would take the selection away again.
        request_animation_frame(move || {
            if let Some(field) = node.try_get_untracked().flatten() {
                let _ = field.focus();
                field.select();
            }
        });
        view! {
            <textarea
                class="textarea"
                id=id.clone()
                rows="3"
                node_ref=node
                autocomplete="off"
                spellcheck="false"
                readonly=move || busy.get()
                aria-label=move || rules.label.get()
                aria-describedby=notes.clone()
                aria-invalid=move || shown_error().is_some().then_some("true")
                prop:value=move || typed.get()
                on:input=on_input
                on:keydown=on_key
            ></textarea>
        }
        .into_any()
    } else {
        let node = NodeRef::<html::Input>::new();
        request_animation_frame(move || {
            if let Some(field) = node.try_get_untracked().flatten() {
                let _ = field.focus();
                field.select();
            }
        });
        view! {
            <input
                class="input"
                id=id.clone()
                type="text"
                node_ref=node
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                readonly=move || busy.get()
                aria-label=move || rules.label.get()
                aria-describedby=notes.clone()
                aria-invalid=move || shown_error().is_some().then_some("true")
                prop:value=move || typed.get()
                on:input=on_input
                on:keydown=on_key
            />
        }
        .into_any()
    };
    let count = move || {
        let count = typed.with(|text| text.chars().count()).to_string();
        i18n::text_with(
            Text::OverviewEditCount,
            &[("count", &count), ("limit", &rules.limit.to_string())],
        )
    };
    view! {
        // A double click opens rows: in here it selects a word.
        <div class="inline-edit" on:dblclick=|event| event.stop_propagation()>
            {field}
            <div class="inline-notes" id=notes>
                <div class="inline-note" aria-live="polite">
                    {move || match shown_error() {
                        Some(error) => view! { <p class="field-error">{error}</p> }.into_any(),
                        None => view! { <p class="field-help">{move || rules.help.get()}</p> }.into_any(),
                    }}
                </div>
                <span class="field-help" class:field-error=move || typed.with(|text| text.chars().count() > rules.limit)>
                    {count}
                </span>
            </div>
            <div class="row">
                <button class="button button-primary" type="button" disabled=move || busy.get() on:click=move |_| save()>
                    {move || {
                        if busy.get() {
                            view! { <span class="spinner"></span> }.into_any()
                        } else {
                            view! { <Icon shape=Shape::Check /> }.into_any()
                        }
                    }}
                    {t(Text::OverviewEditSave)}
                </button>
                <button class="button" type="button" disabled=move || busy.get() on:click=move |_| close.run(())>
                    {t(Text::ActionCancel)}
                </button>
            </div>
        </div>
    }
}

/// Whether an element is one that text is typed into.
pub fn takes_text(element: &web_sys::Element) -> bool {
    match element.tag_name().to_ascii_lowercase().as_str() {
        "textarea" | "select" => true,
        "input" => element.dyn_ref::<web_sys::HtmlInputElement>().is_none_or(|input| {
            !matches!(
                input.type_().as_str(),
                "checkbox" | "radio" | "button" | "submit" | "file"
            )
        }),
        _ => element
            .dyn_ref::<web_sys::HtmlElement>()
            .is_some_and(web_sys::HtmlElement::is_content_editable),
    }
}
