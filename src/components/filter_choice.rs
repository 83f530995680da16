//! A drop-down list in a toolbar.

use leptos::prelude::*;

use crate::i18n::{Text, t};

/// A choice that narrows a list to one value, or not at all.
#[component]
pub fn FilterChoice(
    /// Its name.
    label: Text,
    /// What stands there where nothing is chosen.
    all: Text,
    #[prop(into)] values: Signal<Vec<String>>,
    /// The value that counts; empty for all.
    #[prop(into)]
    chosen: Signal<String>,
    on_choose: Callback<String>,
) -> impl IntoView {
    let options = move || {
        let chosen = chosen.get();
        let mut values = values.get();
        // What the address asks for is there to be seen and taken back, even where there is none.
        if !chosen.is_empty() && !values.contains(&chosen) {
            values.push(chosen.clone());
        }
        values
            .into_iter()
            .map(|value| {
                let is_chosen = value == chosen;
                view! { <option value=value.clone() selected=is_chosen>{value.clone()}</option> }
            })
            .collect_view()
    };
    view! {
        <select class="select" aria-label=t(label) on:change:target=move |event| on_choose.run(event.target().value())>
            <option value="" selected=move || chosen.get().is_empty()>{t(all)}</option>
            {options}
        </select>
    }
}
