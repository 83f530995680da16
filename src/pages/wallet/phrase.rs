//! The seed phrase, shown for a minute to whoever proves that they may see it.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use vsys::SeedPhrase;

use super::Doing;
use super::prover::{Prover, ProverFields};
use crate::components::{CheckField, Dialog, Icon, Message, Shape, Tone, copy_text, toast};
use crate::i18n::{self, Text, t};
use crate::state::App;
use crate::state::clock::now_ms;

/// How long the phrase is shown.
const SHOWN_FOR: Duration = Duration::from_secs(60);

/// The dialog.
#[component]
pub fn PhraseDialog(app: App, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open title=Signal::derive(|| i18n::text(Text::WalletPhraseTitle).to_owned())>
            <Asked app open />
        </Dialog>
    }
}

/// First the question, then the phrase. It is in the document only while it is shown.
#[component]
fn Asked(app: App, open: RwSignal<bool>) -> impl IntoView {
    let phrase = StoredValue::new_local(None::<SeedPhrase>);
    let shown = RwSignal::new(false);
    let prover = Prover::new(app);
    let sure = RwSignal::new(false);
    let not_sure = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        not_sure.set(!sure.get_untracked());
        if !sure.get_untracked() {
            return;
        }
        prover.ask(move |proof| {
            phrase.set_value(app.session.seed(proof).map(|(seed, _)| seed));
            shown.set(true);
        });
    };
    let action = Signal::derive(|| i18n::text(Text::WalletPhraseAction));
    move || {
        if shown.get() {
            return view! { <Phrase app open phrase /> }.into_any();
        }
        view! {
            <form class="form" on:submit=submit>
                <Message tone=Tone::Warn title=Signal::derive(|| i18n::text(Text::WalletPhraseWarning).to_owned())>
                    <p>{t(Text::WalletPhraseWarningWhy)}</p>
                </Message>
                <ProverFields prover />
                <CheckField label=Signal::derive(|| i18n::text(Text::WalletPhraseSure).to_owned()) value=sure />
                <div class="live-line" aria-live="polite">
                    {move || not_sure.get().then(|| view! { <p class="field-error">{t(Text::WalletPhraseSureMissing)}</p> })}
                </div>
                <Doing open prover action />
            </form>
        }
        .into_any()
    }
}

#[component]
fn Phrase(app: App, open: RwSignal<bool>, phrase: StoredValue<Option<SeedPhrase>, LocalStorage>) -> impl IntoView {
    #[allow(clippy::cast_precision_loss)] // A minute.
    let until = now_ms() + SHOWN_FOR.as_millis() as f64;
    // The timer, not the clock of the page: that stands still while the tab is hidden, and the phrase must not stay.
    let hide = set_timeout_with_handle(
        move || {
            open.try_set(false);
        },
        SHOWN_FOR,
    );
    on_cleanup(move || {
        if let Ok(timer) = hide {
            timer.clear();
        }
    });
    let left = move || {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Clamped to what is not negative.
        let seconds = ((until - app.clock.ms().max(now_ms())).max(0.0) / 1000.0).ceil() as u64;
        i18n::text_with(Text::AccessHiddenIn, &[("time", &i18n::duration(seconds))])
    };
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let Some(phrase) = phrase.get_value() else { return };
        spawn_local(async move {
            if copy_text(phrase.expose()).await {
                copied.try_set(true);
            } else {
                toast(Tone::Bad, untrack(|| i18n::text(Text::ErrorClipboard)).to_owned());
            }
        });
    };
    let content = phrase.with_value(|phrase| phrase.as_ref().map(words));
    view! {
        {content}
        <p class="soft small">{left}</p>
        <p class="small">{t(Text::WalletPhraseCopyWhy)}</p>
        <div class="dialog-actions">
            <button class="button" type="button" on:click=copy>
                {move || if copied.get() { view! { <Icon shape=Shape::Check /> } } else { view! { <Icon shape=Shape::Copy /> } }}
                <span aria-live="polite">
                    {move || i18n::text(if copied.get() { Text::WalletPhraseCopied } else { Text::WalletPhraseCopy })}
                </span>
            </button>
            <button class="button button-primary" type="button" autofocus on:click=move |_| open.set(false)>
                {t(Text::WalletPhraseHide)}
            </button>
        </div>
    }
}

/// The words with their numbers, or the text as it is where the words alone would not bring it back.
fn words(phrase: &SeedPhrase) -> AnyView {
    if phrase.doubts().irregular_spacing {
        return view! {
            <p>{t(Text::WalletPhraseExact)}</p>
            <code class="secret secret-exact" role="group" aria-label=t(Text::WalletPhraseTitle)>
                {phrase.expose().to_owned()}
            </code>
        }
        .into_any();
    }
    let words: Vec<String> = phrase.words().map(str::to_owned).collect();
    view! {
        <ol class="words" aria-label=t(Text::NewWords)>
            {words.into_iter().map(|word| view! { <li>{word}</li> }).collect_view()}
        </ol>
    }
    .into_any()
}
