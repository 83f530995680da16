//! Takes over a deployment from a file or a command line.

use deployments::import::{self, Format, Imported, Reason};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::editing::Editing;
use super::form::Form;
use super::wording;
use crate::components::{ClosedDraft, Dialog, Icon, Message, Shape, TextArea, Tone};
use crate::i18n::{self, Plural, Text, t};
use crate::state::drafts::Resumable;
use crate::state::use_app;

/// What was read of the text.
type Read = Result<Imported, import::ImportError>;

fn label(key: Text) -> Signal<String> {
    Signal::derive(move || i18n::text(key).to_owned())
}

/// The dialog, and before it the text that was not taken over.
#[component]
pub fn Import(editing: Editing, open: RwSignal<bool>) -> impl IntoView {
    let place = editing.known.with_value(|known| format!("import/{}", known.service.id));
    let draft = Resumable::<String>::new(use_app().session, &place, move || open.get());
    view! {
        <ClosedDraft
            at=Signal::derive(move || draft.offered().map(|before| before.at))
            left_out=label(Text::ImportDraft)
            on_continue=Callback::new(move |()| open.set(true))
            on_discard=Callback::new(move |()| draft.discard())
        />
        <Dialog open title=label(Text::ImportTitle) wide=true>
            <Content editing open draft />
        </Dialog>
    }
}

#[component]
fn Content(editing: Editing, open: RwSignal<bool>, draft: Resumable<String>) -> impl IntoView {
    let text = RwSignal::new(draft.take().unwrap_or_default());
    draft.keep(move || {
        let text = text.get();
        (!text.trim().is_empty()).then_some(text)
    });
    let chosen = RwSignal::new(None::<Format>);
    let read: Memo<Option<Read>> = Memo::new(move |_| {
        let chosen = chosen.get();
        text.with(|text| {
            (!text.trim().is_empty()).then(|| match chosen {
                Some(format) => import::import_as(format, text),
                None => import::import(text),
            })
        })
    });
    let error = Signal::derive(move || match read.get() {
        Some(Err(error)) => Some(wording::import_error(&error)),
        _ => None,
    });
    let found = Memo::new(move |_| read.get().and_then(Result::ok));
    let dropped = Memo::new(move |_| {
        let ports = found
            .get()
            .map_or(0, |found| Form::from_deployment(&found.deployment).drop_host_ports());
        if editing.chooses_host_ports() { 0 } else { ports as u64 }
    });
    let apply = move |_| {
        let Some(found) = found.get_untracked() else { return };
        let mut form = Form::from_deployment(&found.deployment);
        if !editing.chooses_host_ports() {
            form.drop_host_ports();
        }
        editing.fields.replace(form);
        open.set(false);
    };
    view! {
        <p>{t(Text::ImportAbout)}</p>
        <Source text />
        <TextArea label=label(Text::ImportSource) value=text error rows=8 />
        <label class="field">
            <span class="field-label">{t(Text::ImportFormat)}</span>
            <select
                class="select"
                on:change:target=move |event| {
                    let name = event.target().value();
                    chosen.set(Format::ALL.into_iter().find(|format| format.file_name() == name));
                }
            >
                <option value="" selected=move || chosen.get().is_none()>{t(Text::ImportFormatAny)}</option>
                {Format::ALL
                    .map(|format| {
                        view! {
                            <option value=format.file_name() selected=move || chosen.get() == Some(format)>
                                {move || wording::format(format)}
                            </option>
                        }
                    })}
            </select>
        </label>
        <div role="status" class="stack">
            {move || found.get().map(|found| view! { <Found found dropped=dropped.get() /> })}
        </div>
        <div class="dialog-actions">
            <button class="button" type="button" on:click=move |_| open.set(false)>{t(Text::ActionCancel)}</button>
            <button class="button button-primary" type="button" disabled=move || found.get().is_none() on:click=apply>
                <Icon shape=Shape::Check />
                {t(Text::ImportApply)}
            </button>
        </div>
    }
}

/// Where the text comes from, if it is not pasted.
#[component]
fn Source(text: RwSignal<String>) -> impl IntoView {
    let picker = NodeRef::<html::Input>::new();
    let over = RwSignal::new(false);
    let wrong = RwSignal::new(None::<Text>);
    let take = move |files: Option<web_sys::FileList>| {
        let Some(file) = files.and_then(|files| files.get(0)) else {
            return;
        };
        wrong.set(None);
        #[allow(clippy::cast_precision_loss)] // A megabyte.
        if file.size() > import::LONGEST as f64 {
            return wrong.set(Some(Text::EditorTooLarge));
        }
        spawn_local(async move {
            match JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()) {
                Some(content) => {
                    text.try_set(content);
                }
                None => {
                    wrong.try_set(Some(Text::FileUnreadable));
                }
            }
        });
    };
    view! {
        <div
            class="drop deploy-drop"
            class:drop-over=move || over.get()
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| {
                event.prevent_default();
                over.set(false);
                take(event.data_transfer().and_then(|data| data.files()));
            }
        >
            <p>{t(Text::ImportDrop)}</p>
            <input
                class="visually-hidden"
                type="file"
                tabindex="-1"
                aria-label=t(Text::FileChoose)
                node_ref=picker
                on:change=move |event| {
                    let input = event.target().map(JsCast::unchecked_into::<web_sys::HtmlInputElement>);
                    take(input.and_then(|input| input.files()));
                }
            />
            <button
                class="button"
                type="button"
                on:click=move |_| {
                    if let Some(picker) = picker.get_untracked() {
                        picker.click();
                    }
                }
            >
                {t(Text::FileChoose)}
            </button>
            <div aria-live="polite">{move || wrong.get().map(|text| view! { <p class="field-error">{t(text)}</p> })}</div>
        </div>
    }
}

/// What was found in the text, and what of it does not come along.
#[component]
fn Found(found: Imported, dropped: u64) -> impl IntoView {
    let count = i18n::plural(Plural::ImportContainers, found.deployment.containers.len() as u64);
    let title = i18n::text_with(
        Text::ImportDetected,
        &[("format", wording::format(found.format)), ("containers", &count)],
    );
    let (lost, told): (Vec<_>, Vec<_>) = found.not_carried.into_iter().partition(|entry| entry.reason.matters());
    let all_there = lost.is_empty() && dropped == 0;
    view! {
        <Message tone=if all_there { Tone::Good } else { Tone::Warn } title>
            <p>{t(if all_there { Text::ImportComplete } else { Text::ImportIncomplete })}</p>
        </Message>
        {(dropped > 0).then(|| view! { <p class="field-warning">{i18n::plural(Plural::ImportHostPorts, dropped)}</p> })}
        {(!lost.is_empty()).then(|| view! { <NotCarried title=Text::ImportNotCarried entries=lost /> })}
        {(!told.is_empty()).then(|| view! { <NotCarried title=Text::ImportToKnow entries=told /> })}
    }
}

#[component]
fn NotCarried(title: Text, entries: Vec<import::NotCarried>) -> impl IntoView {
    let cell = |entry: &import::NotCarried| {
        let reason: &Reason = &entry.reason;
        wording::reason(reason)
    };
    view! {
        <div class="deploy-lost">
            <table class="table table-small" aria-label=t(title)>
                <caption class="deploy-caption">{t(title)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t(Text::ImportWhere)}</th>
                        <th scope="col">{t(Text::ContainersEnvValue)}</th>
                        <th scope="col">{t(Text::ImportReason)}</th>
                    </tr>
                </thead>
                <tbody>
                    {entries
                        .iter()
                        .map(|entry| {
                            view! {
                                <tr>
                                    <td class="mono wrap">{entry.path.clone()}</td>
                                    <td class="mono wrap">{entry.value.clone()}</td>
                                    <td class="wrap">{cell(entry)}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}
