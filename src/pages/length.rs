//! How long: the usual lengths, a moment instead of hours, what counts as hours. Renewals and new services ask for it alike.

use leptos::prelude::*;

use crate::components::fresh_id;
use crate::i18n::{Text, t};

/// The lengths on offer, in hours.
const LENGTHS: [(Text, u64); 4] = [
    (Text::RenewOneDay, 24),
    (Text::RenewOneWeek, 168),
    (Text::RenewOneMonth, 720),
    (Text::RenewOneYear, 8760),
];

/// What was typed as a whole number of at least 1; `None` where it is none.
pub fn whole_number(typed: &str) -> Option<u64> {
    let typed = typed.trim();
    let number = typed.parse::<u32>().ok()?;
    (number > 0 && typed.bytes().all(|byte| byte.is_ascii_digit())).then_some(u64::from(number))
}

/// A button for each of the usual lengths; it says how many hours that are.
#[component]
pub fn Lengths(#[prop(into)] disabled: Signal<bool>, on_choose: Callback<u64>) -> impl IntoView {
    view! {
        <div class="row" role="group" aria-label=t(Text::RenewLengths)>
            {LENGTHS
                .map(|(name, hours)| {
                    view! {
                        <button class="button" type="button" disabled=move || disabled.get() on:click=move |_| on_choose.run(hours)>
                            {t(name)}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// A moment in the browser's time zone.
#[component]
pub fn MomentField(
    label: Text,
    #[prop(into)] value: Signal<String>,
    on_input: Callback<String>,
    #[prop(into, optional)] error: Signal<Option<String>>,
) -> impl IntoView {
    let id = fresh_id("moment");
    let notes = format!("{id}-notes");
    view! {
        <div class="field">
            <label for=id.clone()>{t(label)}</label>
            <input
                class="input"
                id=id
                type="datetime-local"
                aria-describedby=notes.clone()
                aria-invalid=move || error.get().is_some().then_some("true")
                prop:value=move || value.get()
                on:input:target=move |event| on_input.run(event.target().value())
            />
            <div id=notes aria-live="polite">{move || error.get().map(|text| view! { <p class="field-error">{text}</p> })}</div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::whole_number;

    #[test]
    fn only_whole_numbers_from_one_on_count() {
        for (typed, number) in [("1", 1), (" 24 ", 24), ("007", 7), ("4294967295", 4_294_967_295)] {
            assert_eq!(whole_number(typed), Some(number), "{typed}");
        }
        for typed in ["", " ", "0", "-1", "+5", "1.5", "1e3", "a day", "４", "4294967296"] {
            assert_eq!(whole_number(typed), None, "{typed}");
        }
    }
}
