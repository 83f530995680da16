//! What can be done with the selected rows: at the lower edge of the window, so that no row moves when the first is selected.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::bulk::{BulkDialog, Buttons};
use super::data::{Data, whole};
use super::paid::RenewAndRefund;
use super::selected::Selected;
use crate::components::{Icon, Shape, Tone, copy_text, toast};
use crate::i18n::{self, Plural, Text, t};
use crate::net::Abort;
use crate::pages::explain_briefly;
use crate::route::List;
use crate::state::App;

/// The bar; nothing while no row is selected.
#[component]
pub fn Selection(app: App, list: List, data: Data, selected: Selected, dialog: BulkDialog) -> impl IntoView {
    let copy_ids = move |_| {
        let ids = selected.ids_untracked();
        spawn_local(async move {
            if copy_text(&ids.join("\n")).await {
                toast(
                    Tone::Good,
                    untrack(|| i18n::plural(Plural::ListIdsCopied, ids.len() as u64)),
                );
            } else {
                toast(Tone::Bad, untrack(|| i18n::text(Text::ErrorClipboard)).to_owned());
            }
        });
    };
    let is_any = Memo::new(move |_| selected.count() > 0);
    move || {
        is_any.get().then(|| {
            view! {
                <div class="selection" role="group" aria-label=t(Text::ListSelection)>
                    <span class="selection-count" aria-live="polite">
                        {move || i18n::plural(Plural::ListSelected, selected.count() as u64)}
                    </span>
                    <SelectAll app list data selected />
                    {(list == List::Running).then(|| view! { <Buttons app selected dialog /> })}
                    <RenewAndRefund app list selected />
                    <button class="button" type="button" on:click=copy_ids>
                        <Icon shape=Shape::Copy />
                        {t(Text::ListCopyIds)}
                    </button>
                    <button class="button button-quiet" type="button" on:click=move |_| selected.clear()>
                        {t(Text::ListSelectNone)}
                    </button>
                </div>
            }
        })
    }
}

/// Where all of the page are selected and there are more: these as well.
#[component]
fn SelectAll(app: App, list: List, data: Data, selected: Selected) -> impl IntoView {
    let loading = RwSignal::new_local(None::<Abort>);
    let stop = move || {
        if let Some(abort) = loading.try_update(Option::take).flatten() {
            abort.abort();
        }
    };
    on_cleanup(stop);
    let total = move || data.total.get();
    let is_more = Memo::new(move |_| {
        let page_is = data
            .rows
            .with(|rows| rows.iter().all(|row| selected.contains(&row.service.id)));
        page_is && selected.count() < total() as usize
    });
    let select = move |_| {
        if data.whole.get_untracked() {
            selected.add(data.found.get_untracked());
            return;
        }
        if loading.with_untracked(Option::is_some) {
            return;
        }
        let abort = Abort::new();
        loading.set(Some(abort.clone()));
        spawn_local(async move {
            let answer = whole(app, list, abort).await;
            // Gone meanwhile, or not wanted any more.
            if loading.try_update(Option::take).flatten().is_none() {
                return;
            }
            match answer {
                Ok(rows) => {
                    selected.observe(&rows, 0, true);
                    selected.add(rows);
                }
                Err(error) => toast(Tone::Bad, untrack(|| explain_briefly(&error))),
            }
        });
    };
    let is_loading = move || loading.with(Option::is_some);
    move || {
        is_more.get().then(|| {
            view! {
                <button class="button" type="button" aria-busy=move || is_loading().to_string() on:click=select>
                    {move || is_loading().then(|| view! { <span class="spinner"></span> })}
                    {move || i18n::plural(Plural::ListSelectAll, u64::from(total()))}
                </button>
            }
        })
    }
}
