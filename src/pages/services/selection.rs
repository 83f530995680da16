//! What can be done with the selected rows: at the lower edge of the window, so that no row moves when the first is selected.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::bulk::{BulkDialog, Buttons};
use super::data::Data;
use super::paid::RenewAndRefund;
use crate::components::{Icon, Shape, Tone, copy_text, toast};
use crate::i18n::{self, Plural, Text, t};
use crate::route::List;
use crate::state::App;

/// The bar; nothing while no row is selected.
#[component]
pub fn Selection(
    app: App,
    list: List,
    data: Data,
    selected: RwSignal<Vec<String>>,
    dialog: BulkDialog,
) -> impl IntoView {
    let copy_ids = move |_| {
        let ids = selected.get_untracked();
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
    let is_any = Memo::new(move |_| selected.with(|ids| !ids.is_empty()));
    move || {
        is_any.get().then(|| {
            view! {
                <div class="selection" role="group" aria-label=t(Text::ListSelection)>
                    <span class="selection-count" aria-live="polite">
                        {move || i18n::plural(Plural::ListSelected, selected.with(Vec::len) as u64)}
                    </span>
                    {(list == List::Running).then(|| view! { <Buttons app data selected dialog /> })}
                    <RenewAndRefund app list data selected />
                    <button class="button" type="button" on:click=copy_ids>
                        <Icon shape=Shape::Copy />
                        {t(Text::ListCopyIds)}
                    </button>
                    <button class="button button-quiet" type="button" on:click=move |_| selected.set(Vec::new())>
                        {t(Text::ListSelectNone)}
                    </button>
                </div>
            }
        })
    }
}
