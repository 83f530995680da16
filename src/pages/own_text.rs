//! The label and the description of a service, shown and edited where they stand.

use leptos::prelude::*;
use leptos::task::spawn_local;
use vcloud_api::capability;
use vcloud_api::types::UserService;
use vcloud_api::validate::{DESCRIPTION_LENGTH, DescriptionError, MAXIMUM_NAME_LENGTH, NameError, description, label};

use crate::components::{EditRules, InlineEdit, Unsaved};
use crate::i18n::{self, Text};
use crate::pages::rule_words::with_character;
use crate::pages::{explain_briefly, reasons};
use crate::state::App;
use crate::state::drafts::Resumable;
use crate::state::edits::Part;
use crate::state::unsealed::Unsealed;

/// What is wrong with a label, in words.
pub fn label_error(text: &str) -> Option<String> {
    let error = label(text).err()?;
    Some(match error {
        NameError::Empty => i18n::text(Text::OverviewEditLabelEmpty).to_owned(),
        NameError::TooLong { length } => too_long(length, MAXIMUM_NAME_LENGTH),
        NameError::Character { character } => with_character(Text::OverviewEditLabelCharacter, character),
        NameError::Edge { character } => with_character(Text::OverviewEditLabelEdge, character),
    })
}

/// What is wrong with a description, in words.
pub fn description_error(text: &str) -> Option<String> {
    let error = description(text).err()?;
    Some(match error {
        DescriptionError::TooShort { .. } => i18n::text_with(
            Text::OverviewEditDescriptionShort,
            &[("least", &DESCRIPTION_LENGTH.start().to_string())],
        ),
        DescriptionError::TooLong { length } => too_long(length, *DESCRIPTION_LENGTH.end()),
        DescriptionError::Character { character } => with_character(Text::OverviewEditDescriptionCharacter, character),
    })
}

fn too_long(length: usize, limit: usize) -> String {
    i18n::text_with(
        Text::OverviewEditTooLong,
        &[("count", &length.to_string()), ("limit", &limit.to_string())],
    )
}

/// Why the text of a service can't be read (tracked).
pub fn unreadable(app: App) -> Text {
    if app.session.extension().is_some() {
        Text::ExtensionUnread
    } else {
        Text::ListUnreadable
    }
}

/// What an editor needs to keep its text and to offer one from before.
pub fn unsaved(draft: Resumable<String>) -> Unsaved {
    Unsaved {
        at: Signal::derive(move || draft.offered().map(|before| before.at)),
        take: Callback::new(move |()| draft.take()),
        keep: Callback::new(move |typed: Signal<Option<String>>| draft.keep(move || typed.get())),
        discard: Callback::new(move |()| draft.discard()),
    }
}

/// A label or a description with the way to change it.
#[component]
pub fn OwnText(
    app: App,
    /// The service, as far as it is known.
    service: Signal<UserService>,
    part: Part,
    /// The text as the platform has it.
    value: Signal<Unsealed>,
) -> impl IntoView {
    let id = Memo::new(move |_| service.with(|service| service.id.clone()));
    let open = RwSignal::new(false);
    // What the platform keeps sealed is kept sealed here as well: nobody without the account's key gets to edit it.
    let place = match part {
        Part::Label => "label",
        Part::Description => "description",
    };
    let draft = Resumable::new(app.session, &format!("{place}/{}", id.get_untracked()), move || {
        open.get()
    });
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<String>);
    // A letter or the palette asked for this very field.
    Effect::new(move |_| {
        let asked = app.commands.editing.get();
        if asked.is_some_and(|(wanted, which)| wanted == id.get() && which == part) {
            app.commands.editing.set(None);
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if open.get() {
            failed.set(None);
        }
    });
    let expected = move || app.edits.expected(&id.get(), part);
    let save = Callback::new(move |text: String| {
        busy.set(true);
        failed.set(None);
        let id = id.get_untracked();
        let ticket = draft.ticket();
        spawn_local(async move {
            let answer = app.edits.save(app, &id, part, &text).await;
            busy.try_set(false);
            match answer {
                Ok(()) => {
                    ticket.arrived();
                    open.try_set(false);
                }
                // The text stays in the field.
                Err(error) => {
                    failed.try_set(Some(untrack(|| explain_briefly(&error))));
                }
            }
        });
    });
    let obstacle = Signal::derive(move || {
        let action = match part {
            Part::Label => capability::Action::SetLabel,
            Part::Description => capability::Action::SetDescription,
        };
        let reason = service.with(|service| capability::can(action, service)).err();
        reason.map(reasons::text).map(str::to_owned).or_else(|| {
            let is_sealed = app.session.extension().is_some();
            is_sealed.then(|| i18n::text(Text::ExtensionSealed).to_owned())
        })
    });
    let (name, rules) = match part {
        Part::Label => (
            Text::OverviewEditLabel,
            EditRules {
                label: Signal::derive(|| i18n::text(Text::ServiceLabel).to_owned()),
                help: Signal::derive(|| i18n::text(Text::OverviewEditLabelRule).to_owned()),
                check: Callback::new(|text: String| label_error(&text)),
                limit: MAXIMUM_NAME_LENGTH,
                is_long: false,
            },
        ),
        Part::Description => (
            Text::OverviewEditDescription,
            EditRules {
                label: Signal::derive(|| i18n::text(Text::ServiceDescription).to_owned()),
                help: Signal::derive(|| i18n::text(Text::OverviewEditDescriptionRule).to_owned()),
                check: Callback::new(|text: String| description_error(&text)),
                limit: *DESCRIPTION_LENGTH.end(),
                is_long: true,
            },
        ),
    };
    let display = move || match expected() {
        Some(text) => view! {
            <span class="pending" title=i18n::text(Text::OverviewEditPending)>
                <span class="spinner"></span>
                <span>{text}</span>
                <span class="visually-hidden" role="status">{i18n::text(Text::OverviewEditPending)}</span>
            </span>
        }
        .into_any(),
        None => match value.get() {
            Unsealed::Unset => "-".into_any(),
            Unsealed::Text(text) => view! { <span class="inline-value">{text}</span> }.into_any(),
            Unsealed::Unreadable => view! { <span title=i18n::text(unreadable(app))>"?"</span> }.into_any(),
        },
    };
    view! {
        <InlineEdit
            value=Signal::derive(move || expected().unwrap_or_else(|| value.with(Unsealed::text)))
            display=move || view! { {display} }
            name=Signal::derive(move || i18n::text_with(name, &[("id", &id.get())]))
            rules
            obstacle
            open
            busy=busy.into()
            failed=failed.into()
            on_save=save
            unsaved=unsaved(draft)
        />
    }
}
