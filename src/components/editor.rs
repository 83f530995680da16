//! An editor for files: monospaced, coloured, with line numbers, indentation by Tab, and files dropped into it.
//!
//! What is typed is in an ordinary text field. Its colours lie in a layer below, of which only the lines in sight exist, so that
//! large files stay quick.

use std::time::Duration;

use deployments::syntax::{self, Syntax};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::code::{coloured, colours, extent, line_starts, numbers, syntax_name};
use super::editing::{INDENT, byte_of, has_carriage_returns, shift_lines, unit_of, unit_of_place, with_line_ends};
use super::field::fresh_id;
use super::{Icon, Shape};
use crate::i18n::{self, Text, t};

/// Height of a line in pixels, as style/code.css has it.
const LINE: usize = 18;
/// Space above the first line in pixels, as style/code.css has it.
const PADDING: usize = 8;
/// More lines than the editor is ever high.
const LINES_IN_SIGHT: usize = 48;
/// Larger files are not taken: no configuration is that long.
const LARGEST_FILE: f64 = 1_048_576.0;
/// So long after the last key the text is checked.
const CHECK_AFTER: Duration = Duration::from_millis(300);

/// What is wrong with the text.
#[derive(Clone, PartialEq)]
struct Problem {
    line: usize,
    column: usize,
    message: String,
}

/// A field for a file.
#[component]
pub fn Editor(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    /// What is written in it.
    #[prop(into)]
    syntax: Signal<Syntax>,
    /// What is wrong with it beyond its syntax.
    #[prop(into, optional)]
    error: Signal<Option<String>>,
    #[prop(into, optional)] disabled: Signal<bool>,
) -> impl IntoView {
    let area = NodeRef::<html::Textarea>::new();
    let id = fresh_id("editor");
    let notes = format!("{id}-notes");
    let hint = format!("{id}-hint");
    let described_by = format!("{hint} {notes}");
    let scroll = RwSignal::new((0_usize, 0_i32));
    let released = RwSignal::new(false);
    let over = RwSignal::new(false);
    let file_error = RwSignal::new(None::<Text>);
    let problem = use_check(value, syntax);

    let starts = Memo::new(move |_| value.with(|text| line_starts(text)));
    let first = Memo::new(move |_| scroll.get().0.saturating_sub(PADDING) / LINE);
    let in_sight = Memo::new(move |_| {
        let all = starts.with(Vec::len);
        let first = first.get().min(all);
        first..(first + LINES_IN_SIGHT).min(all)
    });
    let spans = Memo::new(move |_| value.with(|text| colours(syntax.get(), text)));
    let is_coloured = Memo::new(move |_| spans.with(Option::is_some));
    let shift = move || {
        let offset = i64::try_from(first.get() * LINE + PADDING).unwrap_or(i64::MAX);
        offset - i64::try_from(scroll.get().0).unwrap_or(i64::MAX)
    };
    let layer = move || {
        let lines = in_sight.get();
        value.with(|text| {
            starts.with(|starts| {
                let start = starts.get(lines.start).copied().unwrap_or(text.len());
                let end = starts.get(lines.end).copied().unwrap_or(text.len());
                // The lines are those of the text as it was a moment ago, until they are counted anew.
                let part = start.min(text.len())..end.min(text.len());
                spans.with(|spans| spans.as_ref().map(|spans| coloured(text, spans, part)))
            })
        })
    };
    let digits = move || starts.with(Vec::len).to_string().len();

    let jump = move |problem: &Problem| {
        let Some(area) = area.get_untracked() else { return };
        let at = value.with_untracked(|text| unit_of_place(text, problem.line, problem.column));
        let _ = area.focus();
        let _ = area.set_selection_range(at, at);
        let top = (problem.line.saturating_sub(6) * LINE).min(i32::MAX as usize);
        area.set_scroll_top(i32::try_from(top).unwrap_or(i32::MAX));
    };
    let load = move |files: Option<web_sys::FileList>| {
        let Some(file) = files.and_then(|files| files.get(0)) else {
            return;
        };
        file_error.set(None);
        if file.size() > LARGEST_FILE {
            return file_error.set(Some(Text::EditorTooLarge));
        }
        spawn_local(async move {
            let content = JsFuture::from(file.array_buffer()).await.ok();
            let bytes = content.map(|content| js_sys::Uint8Array::new(&content).to_vec());
            match bytes.and_then(|bytes| String::from_utf8(bytes).ok()) {
                // The page may be gone by now.
                Some(text) if !text.contains('\0') => {
                    value.try_set(text);
                }
                _ => {
                    file_error.try_set(Some(Text::EditorBinary));
                }
            }
        });
    };
    let on_keydown = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "Escape" if !released.get_untracked() => {
            // Once, so that Tab leaves; the next Escape is for whatever is around the editor.
            event.prevent_default();
            event.stop_propagation();
            released.set(true);
        }
        "Tab" if !released.get_untracked() && !event.alt_key() && !event.ctrl_key() && !event.meta_key() => {
            event.prevent_default();
            if let Some(area) = area.get_untracked() {
                indent(&area, event.shift_key());
            }
        }
        "Shift" | "Tab" | "Escape" => {}
        _ => released.set(false),
    };
    let picker = NodeRef::<html::Input>::new();
    view! {
        <div class="field editor">
            <div class="editor-head">
                <label for=id.clone()>{move || label.get()}</label>
                <input
                    class="visually-hidden"
                    type="file"
                    tabindex="-1"
                    aria-label=move || i18n::text_with(Text::EditorLoadInto, &[("what", &label.get())])
                    node_ref=picker
                    prop:disabled=move || disabled.get()
                    on:change:target=move |event| {
                        let input = event.target();
                        load(input.files());
                        // The same file can be chosen again.
                        input.set_value("");
                    }
                />
                <button
                    class="button button-quiet"
                    type="button"
                    disabled=move || disabled.get()
                    on:click=move |_| {
                        if let Some(picker) = picker.get_untracked() {
                            picker.click();
                        }
                    }
                >
                    <Icon shape=Shape::Upload />
                    {t(Text::EditorLoad)}
                </button>
            </div>
            <div
                class="editor-frame"
                class:drop-over=move || over.get()
                class:editor-wrong=move || error.get().is_some()
                on:dragover=move |event| {
                    let has_files = event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0));
                    if has_files && !disabled.get_untracked() {
                        event.prevent_default();
                        over.set(true);
                    }
                }
                on:dragleave=move |_| over.set(false)
                on:drop=move |event| {
                    let files = event.data_transfer().and_then(|data| data.files()).filter(|files| files.length() > 0);
                    over.set(false);
                    if files.is_some() && !disabled.get_untracked() {
                        event.prevent_default();
                        load(files);
                    }
                }
            >
                <div class="editor-numbers" aria-hidden="true" style:width=move || format!("{}ch", digits() + 2)>
                    <pre style:transform=move || format!("translateY({}px)", shift())>{move || numbers(in_sight.get())}</pre>
                </div>
                <div class="editor-stage">
                    <div class="editor-layer" aria-hidden="true">
                        <pre style:transform=move || format!("translate({}px, {}px)", -scroll.get().1, shift())>{layer}</pre>
                    </div>
                    <textarea
                        class="editor-text"
                        class:editor-coloured=move || is_coloured.get()
                        id=id
                        node_ref=area
                        wrap="off"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        aria-describedby=described_by
                        aria-invalid=move || (error.get().is_some() || problem.get().is_some()).then_some("true")
                        disabled=move || disabled.get()
                        prop:value=move || value.get()
                        on:input:target=move |event| {
                            let before = value.with_untracked(|text| has_carriage_returns(text));
                            value.set(with_line_ends(event.target().value(), before));
                        }
                        on:scroll:target=move |event| {
                            let area = event.target();
                            let top = usize::try_from(area.scroll_top()).unwrap_or(0);
                            scroll.set((top, area.scroll_left()));
                        }
                        on:keydown=on_keydown
                        on:blur=move |_| released.set(false)
                    ></textarea>
                </div>
            </div>
            <div class="editor-foot">
                <span class="field-help">
                    {move || format!("{} · {}", syntax_name(syntax.get()), value.with(|text| extent(text)))}
                </span>
                <span class="field-help" id=hint>{t(Text::EditorHint)}</span>
            </div>
            <div id=notes aria-live="polite">
                {move || {
                    problem
                        .get()
                        .map(|problem| {
                            let (line, column) = (problem.line.to_string(), problem.column.to_string());
                            let values = [("line", line.as_str()), ("column", column.as_str()), ("problem", problem.message.as_str())];
                            view! {
                                <p class="field-error">
                                    {i18n::text_with(Text::EditorProblem, &values)} " "
                                    <button class="button-link" type="button" on:click=move |_| jump(&problem)>
                                        {t(Text::EditorJump)}
                                    </button>
                                </p>
                            }
                        })
                }}
                {move || file_error.get().map(|key| view! { <p class="field-error">{t(key)}</p> })}
                {move || error.get().map(|text| view! { <p class="field-error">{text}</p> })}
            </div>
        </div>
    }
}

/// Checks the text when nobody types for a moment.
fn use_check(value: RwSignal<String>, syntax: Signal<Syntax>) -> RwSignal<Option<Problem>> {
    let problem = RwSignal::new(None::<Problem>);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    };
    Effect::new(move |_| {
        value.track();
        let syntax = syntax.get();
        let check = move || {
            let found = value.try_with_untracked(|text| {
                if text.trim().is_empty() {
                    return None;
                }
                syntax::check(syntax, text).err().map(|error| Problem {
                    line: error.line,
                    column: error.column,
                    message: error.message,
                })
            });
            if let Some(found) = found
                && problem.try_with_untracked(|known| *known != found) == Some(true)
            {
                problem.set(found);
            }
        };
        stop();
        timer.set_value(set_timeout_with_handle(check, CHECK_AFTER).ok());
    });
    on_cleanup(stop);
    problem
}

/// Tab: spaces at the cursor, or all lines of a selection one step to the right, or with Shift to the left.
fn indent(area: &web_sys::HtmlTextAreaElement, out: bool) {
    let text = area.value();
    let place = |unit: Result<Option<u32>, _>| byte_of(&text, unit.ok().flatten().unwrap_or(0));
    let selection = place(area.selection_start())..place(area.selection_end());
    if !out && !text[selection.clone()].contains('\n') {
        insert(INDENT);
        return;
    }
    let shifted = shift_lines(&text, &selection, out);
    if text[shifted.range.clone()] == shifted.text {
        return;
    }
    let start = unit_of(&text, shifted.range.start);
    let _ = area.set_selection_range(start, unit_of(&text, shifted.range.end));
    insert(&shifted.text);
    let end = start + unit_of(&shifted.text, shifted.text.len());
    let _ = area.set_selection_range(if selection.is_empty() { end } else { start }, end);
}

/// Types a text where the cursor is: the only way to change a text field that the browser's own undo can take back.
fn insert(text: &str) {
    let document = document().unchecked_into::<web_sys::HtmlDocument>();
    let command = if text.is_empty() { "delete" } else { "insertText" };
    let _ = document.exec_command_with_show_ui_and_value(command, false, text);
}
