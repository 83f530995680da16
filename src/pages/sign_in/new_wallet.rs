//! A new wallet: the phrase is shown once, and three of its words are asked for before it is used.

use leptos::prelude::*;
use vsys::SeedPhrase;
use vsys::seed_phrase::WORD_COUNT;
use zeroize::Zeroize;

use super::keep::{Keep, KeepFields};
use crate::components::{Field, Icon, Message, Shape, Tone};
use crate::i18n::{self, Text, t};
use crate::state::use_app;

/// How many words are asked for.
const ASKED: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Explain,
    Write,
    Confirm,
}

/// Three different positions, in their order.
fn positions() -> Vec<usize> {
    let mut positions: Vec<usize> = (0..WORD_COUNT).collect();
    while positions.len() > ASKED {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss
        )]
        let index = (js_sys::Math::random() * positions.len() as f64) as usize;
        positions.remove(index.min(positions.len() - 1));
    }
    positions
}

/// The three steps.
#[component]
pub fn NewWallet() -> impl IntoView {
    let app = use_app();
    let step = RwSignal::new(Step::Explain);
    let seed = StoredValue::new_local(None::<SeedPhrase>);
    let asked = RwSignal::new(Vec::<usize>::new());
    let typed: [RwSignal<String>; ASKED] = std::array::from_fn(|_| RwSignal::new(String::new()));
    let wrong = RwSignal::new(Vec::<usize>::new());
    let failed = RwSignal::new(false);
    let keep = Keep::new();

    let create = move |_| match SeedPhrase::generate_with_os_randomness() {
        Ok(phrase) => {
            seed.set_value(Some(phrase));
            asked.set(positions());
            step.set(Step::Write);
        }
        Err(_) => failed.set(true),
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let missed: Vec<usize> = seed.with_value(|seed| {
            let words: Vec<&str> = seed.iter().flat_map(SeedPhrase::words).collect();
            let given = typed.iter().map(|word| word.get_untracked().trim().to_lowercase());
            asked
                .get_untracked()
                .into_iter()
                .zip(given)
                .filter(|(position, given)| words.get(*position) != Some(&given.as_str()))
                .map(|(position, _)| position)
                .collect()
        });
        let right = missed.is_empty();
        wrong.set(missed);
        if !right || !keep.validate() {
            return;
        }
        let Some(phrase) = seed.try_update_value(Option::take).flatten() else {
            return;
        };
        for word in typed {
            word.update(Zeroize::zeroize);
        }
        app.session.open_wallet(phrase, 1, 0);
        keep.finish(app);
    };
    move || {
        match step.get() {
        Step::Explain => view! {
            <div class="form">
                <p>{t(Text::NewAbout)}</p>
                {move || failed.get().then(|| view! { <Message tone=Tone::Bad title=i18n::text(Text::NewFailed) /> })}
                <div class="form-actions">
                    <button class="button button-primary" type="button" on:click=create>
                        <Icon shape=Shape::Plus />
                        {t(Text::NewAction)}
                    </button>
                </div>
            </div>
        }
        .into_any(),
        Step::Write => {
            let words: Vec<String> = seed.with_value(|seed| seed.iter().flat_map(SeedPhrase::words).map(str::to_owned).collect());
            view! {
                <div class="form">
                    <Message tone=Tone::Warn title=Signal::derive(|| i18n::text(Text::NewWriteDown).to_owned())>
                        <p>{t(Text::NewWriteDownWhy)}</p>
                    </Message>
                    <ol class="words" aria-label=t(Text::NewWords)>
                        {words.into_iter().map(|word| view! { <li>{word}</li> }).collect_view()}
                    </ol>
                    <div class="form-actions">
                        <button class="button button-primary" type="button" on:click=move |_| step.set(Step::Confirm)>
                            {t(Text::NewWritten)}
                        </button>
                    </div>
                </div>
            }
            .into_any()
        }
        Step::Confirm => view! {
            <form class="form" on:submit=submit>
                <p>{t(Text::NewConfirm)}</p>
                {asked
                    .get_untracked()
                    .into_iter()
                    .zip(typed)
                    .map(|(position, value)| {
                        let number = (position + 1).to_string();
                        view! {
                            <Field
                                label=Signal::derive(move || i18n::text_with(Text::NewWordNumber, &[("number", &number)]))
                                value
                                mono=true
                                error=Signal::derive(move || {
                                    wrong.with(|wrong| wrong.contains(&position)).then(|| i18n::text(Text::NewWordWrong).to_owned())
                                })
                            />
                        }
                    })
                    .collect_view()}
                <KeepFields keep />
                <div class="form-actions">
                    <button class="button button-primary" type="submit">
                        <Icon shape=Shape::Check />
                        {t(Text::SignInAction)}
                    </button>
                    <button class="button" type="button" on:click=move |_| step.set(Step::Write)>
                        {t(Text::NewShowAgain)}
                    </button>
                </div>
            </form>
        }
        .into_any(),
    }
    }
}
