//! While it is done, and after: how far it is, what came of each, and what can be tried again.

use leptos::html;
use leptos::prelude::*;

use super::{BulkDialog, texts};
use crate::components::{Icon, Shape};
use crate::i18n::{self, Text, t};
use crate::pages::explain;
use crate::state::App;
use crate::state::bulk::{Counts, Item, Run, Step};

fn summary(counts: Counts) -> String {
    let number = |count: usize| i18n::number(count as u64);
    i18n::text_with(
        Text::BulkSummary,
        &[
            ("ended", &number(counts.ended())),
            ("total", &number(counts.total)),
            ("failed", &number(counts.failed)),
        ],
    )
}

fn bar_of(counts: Counts) -> impl IntoView {
    #[allow(clippy::cast_precision_loss)] // Rows of a page.
    let (value, max) = (counts.ended() as f64, counts.total.max(1) as f64);
    view! {
        <progress class="bulk-progress" max=max.to_string() prop:value=value aria-label=t(Text::BulkProgress)></progress>
    }
}

/// The content of the dialog once it is under way.
#[component]
pub fn Progress(app: App, open: RwSignal<bool>) -> impl IntoView {
    app.bulk.watch();
    let close = NodeRef::<html::Button>::new();
    // The button that was pressed is gone: the focus must not fall out of the dialog.
    Effect::new(move |_| {
        if let Some(close) = close.get() {
            let _ = close.focus();
        }
    });
    let counts = Memo::new(move |_| app.bulk.get().map(|run| run.batch.counts()).unwrap_or_default());
    let is_running = Memo::new(move |_| app.bulk.is_running());
    let items = Memo::new(move |_| app.bulk.get().map(|run| run.batch.items().to_vec()).unwrap_or_default());
    let actions = move || {
        let counts = counts.get();
        if is_running.get() {
            return view! {
                <button class="button" type="button" on:click=move |_| app.bulk.stop()>
                    <Icon shape=Shape::Stop />
                    {t(Text::BulkStop)}
                </button>
            }
            .into_any();
        }
        let retry = (counts.failed > 0).then(|| {
            view! {
                <button class="button" type="button" on:click=move |_| app.bulk.retry(app)>
                    <Icon shape=Shape::Refresh />
                    {t(Text::BulkRetry)}
                </button>
            }
        });
        let rest = (counts.not_sent > 0).then(|| {
            view! {
                <button class="button" type="button" on:click=move |_| app.bulk.go_on(app)>
                    <Icon shape=Shape::Play />
                    {t(Text::BulkGoOn)}
                </button>
            }
        });
        view! {
            {retry}
            {rest}
        }
        .into_any()
    };
    view! {
        <div class="bulk-part">
            <p role="status">{move || summary(counts.get())}</p>
            {move || bar_of(counts.get())}
        </div>
        <ul class="bulk-list" tabindex="0" aria-label=t(Text::BulkTargetsName)>
            <For each=move || items.get() key=|item| item.id.clone() let:item>
                <OneItem items id=item.id />
            </For>
        </ul>
        <div class="dialog-actions">
            {actions}
            <button class="button" type="button" node_ref=close on:click=move |_| open.set(false)>
                {move || i18n::text(if is_running.get() { Text::BulkHide } else { Text::BulkClose })}
            </button>
        </div>
    }
}

#[component]
fn OneItem(items: Memo<Vec<Item>>, id: String) -> impl IntoView {
    let item = Memo::new(move |_| items.with(|items| items.iter().find(|item| item.id == id).cloned()));
    move || {
        let item = item.get()?;
        let (text, class) = match &item.step {
            Step::Waiting => (Text::BulkWaiting, "badge"),
            Step::Sending => (Text::BulkSending, "badge badge-busy"),
            Step::Accepted => (Text::BulkAccepted, "badge badge-good"),
            Step::Failed(failure) if failure.may_be_done => (Text::BulkUncertain, "badge badge-bad"),
            Step::Failed(_) => (Text::BulkFailed, "badge badge-bad"),
            Step::NotSent => (Text::BulkNotSent, "badge badge-warn"),
        };
        let why = match &item.step {
            Step::Failed(failure) => {
                let explained = explain(&failure.why);
                let reason = match explained.detail {
                    Some(detail) => format!("{} ({detail})", explained.title),
                    None => explained.title.to_owned(),
                };
                let doubt = if failure.may_be_done {
                    format!(" {}", i18n::text(Text::BulkUncertainAdvice))
                } else {
                    String::new()
                };
                Some(view! { <span class="bulk-why">{reason}{doubt}</span> })
            }
            _ => None,
        };
        let label = if item.new_label.is_empty() {
            item.label.clone()
        } else {
            format!("→ {}", item.new_label)
        };
        Some(view! {
            <li class="bulk-item">
                <span class="bulk-name">
                    <span class="mono">{item.id.clone()}</span>
                    <span>{label}</span>
                </span>
                <span class=class>{i18n::text(text)}</span>
                {why}
            </li>
        })
    }
}

/// The line that stays on the page while the dialog is closed.
#[component]
pub fn Bar(app: App, dialog: BulkDialog) -> impl IntoView {
    let run = Memo::new(move |_| app.bulk.get());
    move || {
        let Run { job, batch, .. } = run.get()?;
        let counts = batch.counts();
        let is_running = batch.is_running();
        Some(view! {
            <div class="bulk-bar small" role="group" aria-label=t(Text::BulkProgress)>
                <span class=if is_running { "badge badge-busy" } else { "badge" }>{i18n::text(texts(job).name)}</span>
                <span class="soft">{summary(counts)}</span>
                <button
                    class="button-link"
                    type="button"
                    on:click=move |_| {
                        dialog.question.set(None);
                        dialog.open.set(true);
                    }
                >
                    {t(Text::BulkShow)}
                </button>
                {(!is_running)
                    .then(|| {
                        view! {
                            <button class="button-link" type="button" on:click=move |_| app.bulk.dismiss()>
                                {t(Text::ActionDismiss)}
                            </button>
                        }
                    })}
            </div>
        })
    }
}
