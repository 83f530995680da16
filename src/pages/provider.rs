//! The choice of a provider, where there is one.

use leptos::prelude::*;

use crate::i18n::{Text, t};

/// Chooses one of several providers; nothing where there is only one.
#[component]
pub fn ProviderChoice(
    /// Their names.
    providers: Signal<Vec<String>>,
    /// The one looked at.
    chosen: Signal<String>,
    /// Called with another one.
    on_choose: Callback<String>,
) -> impl IntoView {
    let offered = Memo::new(move |_| {
        let mut offered = providers.get();
        let chosen = chosen.get();
        if !offered.contains(&chosen) {
            offered.push(chosen);
        }
        offered
    });
    move || {
        let offered = offered.get();
        (offered.len() > 1).then(|| {
            view! {
                <select
                    class="select select-fit"
                    aria-label=t(Text::ServiceProvider)
                    prop:value=move || chosen.get()
                    on:change:target=move |event| on_choose.run(event.target().value())
                >
                    {offered
                        .into_iter()
                        .map(|name| {
                            let value = name.clone();
                            let is_chosen = { let name = name.clone(); move || chosen.with(|chosen| *chosen == name) };
                            view! { <option value=value selected=is_chosen>{name}</option> }
                        })
                        .collect_view()}
                </select>
            }
        })
    }
}
