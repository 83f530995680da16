//! Which containers' logs are shown, and how each of them stands.

use leptos::prelude::*;

use super::params::ALL;
use super::{Choice, Display, status};
use crate::i18n::{self, Plural, Text, t};
use crate::state::use_app;

/// So many colours; then they begin anew, and names tell the containers apart.
const COLOURS: usize = 8;

/// The class that gives a container's colour, by its place among the service's containers.
pub fn colour(all: &[String], container: &str) -> String {
    let place = all.iter().position(|name| name == container).unwrap_or(all.len());
    format!("source-{}", place % COLOURS)
}

/// One container, or all.
#[component]
pub fn Which(choice: Choice) -> impl IntoView {
    let options = move || {
        let (all, chosen) = (choice.all.get(), choice.chosen.get());
        let mut entries: Vec<(String, String)> = all.iter().map(|name| (name.clone(), name.clone())).collect();
        if all.len() > 1 {
            entries.push((ALL.to_owned(), i18n::text(Text::LogsAllContainers).to_owned()));
        }
        let now = choice
            .params
            .with(|params| params.with_containers(&chosen, &all).container);
        if !entries.iter().any(|(value, _)| *value == now) {
            let text = match chosen.as_slice() {
                [one] => one.clone(),
                several => i18n::plural(Plural::LogsContainers, several.len() as u64),
            };
            entries.push((now.clone(), text));
        }
        entries
            .into_iter()
            .map(|(value, text)| {
                let selected = value == now;
                view! { <option value=value selected=selected>{text}</option> }
            })
            .collect_view()
    };
    view! {
        <select
            class="select"
            aria-label=t(Text::LogsContainer)
            on:change:target=move |event| {
                let mut params = choice.params.get_untracked();
                params.container = event.target().value();
                choice.change.run(params);
            }
        >
            {options}
        </select>
    }
}

/// A check box for each container, with its colour and, where it is shown, how its log stands.
#[component]
pub fn Legend(display: Display, choice: Choice) -> impl IntoView {
    let names = move || {
        let mut names = choice.all.get();
        for name in choice.chosen.get() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    };
    let names = Memo::new(move |_| names());
    view! {
        <Show when=move || names.with(|names| names.len() > 1)>
            <div class="log-legend" role="group" aria-label=t(Text::LogsShown)>
                <For each=move || names.get() key=Clone::clone children=move |name| view! { <Entry display choice name /> } />
            </div>
        </Show>
    }
}

#[component]
fn Entry(display: Display, choice: Choice, name: String) -> impl IntoView {
    let app = use_app();
    let name = StoredValue::new(name);
    let is_chosen = Memo::new(move |_| {
        choice
            .chosen
            .with(|chosen| name.with_value(|name| chosen.contains(name)))
    });
    let is_only = Memo::new(move |_| is_chosen.get() && choice.chosen.with(|chosen| chosen.len() == 1));
    let toggle = move |checked: bool| {
        let all = choice.all.get_untracked();
        let mut chosen = choice.chosen.get_untracked();
        name.with_value(|name| {
            chosen.retain(|other| other != name);
            if checked {
                chosen.push(name.clone());
            }
        });
        // In the service's order, as the address has them.
        let place = |name: &String| all.iter().position(|other| other == name).unwrap_or(all.len());
        chosen.sort_by_key(place);
        let params = choice.params.get_untracked().with_containers(&chosen, &all);
        choice.change.run(params);
    };
    // One log alone has its state beside it already.
    let state = move || {
        let tail = display.tail.get()?;
        let index = name.with_value(|name| tail.containers().position(|container| container == name))?;
        if tail.containers().len() < 2 {
            return None;
        }
        let (text, class) = status::describe(&tail.status_of(index), app.clock.ms());
        Some(view! { <span class=format!("{class} small")>{text}</span> })
    };
    let class = move || {
        format!(
            "check {}",
            choice.all.with(|all| name.with_value(|name| colour(all, name)))
        )
    };
    view! {
        <div class="log-legend-entry">
            <label class=class>
                <input
                    type="checkbox"
                    prop:checked=move || is_chosen.get()
                    disabled=move || is_only.get()
                    on:change:target=move |event| toggle(event.target().checked())
                />
                <span class="log-swatch" aria-hidden="true"></span>
                <span class="mono">{name.get_value()}</span>
            </label>
            {state}
        </div>
    }
}
