//! Sign-in by seed phrase.

use leptos::prelude::*;
use vsys::SeedPhrase;
use vsys::seed_phrase::WORD_COUNT;
use zeroize::Zeroize;

use super::keep::{Keep, KeepFields};
use crate::components::{CheckField, Icon, Shape, TextArea};
use crate::i18n::{self, Plural, Text, t};
use crate::state::use_app;

/// What is unusual about a phrase: it may still be right, as any phrase can be imported.
fn doubt(phrase: &str) -> Option<String> {
    let phrase = SeedPhrase::from_input(phrase).ok()?;
    let doubts = phrase.doubts();
    let (count, unknown) = (doubts.word_count, &doubts.unlisted_words);
    if unknown.len() == count && count > 1 {
        Some(i18n::text(Text::SeedNoWords).to_owned())
    } else if !unknown.is_empty() {
        Some(i18n::text_with(
            Text::SeedUnknownWords,
            &[("words", &unknown.join(", "))],
        ))
    } else if count != WORD_COUNT {
        Some(i18n::plural(Plural::SeedWordCount, count as u64))
    } else if doubts.irregular_spacing {
        Some(i18n::text(Text::SeedSpacing).to_owned())
    } else {
        None
    }
}

/// The form.
#[component]
pub fn SeedForm() -> impl IntoView {
    let app = use_app();
    let phrase = RwSignal::new(String::new());
    let error = RwSignal::new(None::<Text>);
    let sure = RwSignal::new(false);
    let keep = Keep::new();
    // Doubts are not raised about a phrase that is still being typed.
    let asked = RwSignal::new(false);
    let warning = Signal::derive(move || asked.get().then(|| phrase.with(|phrase| doubt(phrase))).flatten());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        asked.set(true);
        error.set(None);
        let doubtful = phrase.with_untracked(|phrase| untrack(|| doubt(phrase)).is_some());
        let Ok(seed) = phrase.with_untracked(|phrase| SeedPhrase::from_input(phrase)) else {
            return error.set(Some(Text::SeedEmpty));
        };
        if doubtful && !sure.get_untracked() {
            return error.set(Some(Text::SeedNotSure));
        }
        if !keep.validate() {
            return;
        }
        phrase.update(Zeroize::zeroize);
        app.session.open_wallet(seed, 1, 0);
        keep.finish(app);
    };
    view! {
        <form class="form" on:submit=submit>
            <TextArea
                label=Signal::derive(|| i18n::text(Text::SeedLabel).to_owned())
                help=Signal::derive(|| i18n::text(Text::SeedHelp).to_owned())
                value=phrase
                warning
                error=Signal::derive(move || error.get().map(|key| i18n::text(key).to_owned()))
            />
            <Show when=move || warning.with(Option::is_some)>
                <CheckField label=Signal::derive(|| i18n::text(Text::SeedSure).to_owned()) value=sure />
            </Show>
            <KeepFields keep />
            <div class="form-actions">
                <button class="button button-primary" type="submit">
                    <Icon shape=Shape::Check />
                    {t(Text::SignInAction)}
                </button>
            </div>
        </form>
    }
}
