//! Updating the image of a container: typed, looked for, sent once.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use vcloud_api::capability::{Action, can};
use vcloud_api::types::{ImageChange, Login};
use vcloud_api::validate::{ImageError, ImageReference};
use vcloud_api::{ApiError, Confidential, ErrorKind};
use zeroize::Zeroize;

use super::data::ServiceData;
use crate::components::{
    CheckField, ClosedDraft, Dialog, ErrorMessage, Field, Icon, PasswordField, Shape, Tone, lead_to, toast,
};
use crate::i18n::{self, Text, t};
use crate::pages::extension::closed;
use crate::pages::{explain, explain_change, rule_words, tell_failure};
use crate::state::bulk::Failure;
use crate::state::commands::Begin;
use crate::state::deployments::{Check, WantedImage, check_image, use_check};
use crate::state::drafts::Resumable;
use crate::state::pending::{Operation, started_at};
use crate::state::{settings, use_app};

/// Why an image cannot take the place of the one that runs.
#[derive(Clone, Debug, PartialEq)]
enum Misfit {
    /// It is no image.
    Rule(ImageError),
    /// The platform tells containers apart by their images, and no container runs another tag of this one.
    OtherRepository {
        /// The one that runs.
        repository: String,
    },
    /// Several containers run the same image, so nobody knows which one is meant.
    Ambiguous {
        /// The image without its tag.
        repository: String,
    },
}

/// Checks an image against what runs: the image to be replaced, and those of the other containers.
fn fits(typed: &str, current: &str, others: &[String]) -> Result<ImageReference, Misfit> {
    let wanted = ImageReference::parse(typed).map_err(Misfit::Rule)?;
    if others.is_empty() {
        return Ok(wanted);
    }
    let Ok(current) = ImageReference::parse(current) else {
        return Ok(wanted);
    };
    if !wanted.is_same_repository_as(&current) {
        return Err(Misfit::OtherRepository {
            repository: current.repository(),
        });
    }
    let is_same =
        |other: &String| ImageReference::parse(other).is_ok_and(|other| other.is_same_repository_as(&current));
    if others.iter().any(is_same) {
        return Err(Misfit::Ambiguous {
            repository: current.repository(),
        });
    }
    Ok(wanted)
}

/// The button of a container.
#[component]
pub fn UpdateImage(data: ServiceData, container: String, image: String) -> impl IntoView {
    let app = use_app();
    let open = RwSignal::new(false);
    let (name, place) = (container.clone(), container.clone());
    let why_not = move || {
        let known = data.known()?;
        if !app.session.can_sign() {
            Some(Text::ImageWhyToken)
        } else if let Err(why) = &known.access {
            Some(closed(why))
        } else if app.pending.of(&known.service.id).is_some() {
            Some(Text::OperationWhyPending)
        } else {
            can(Action::UpdateImage, &known.service)
                .is_err()
                .then_some(Text::OperationWhyNotRunning)
        }
    };
    let title = Signal::derive(move || i18n::text_with(Text::ImageTitle, &[("container", &container)]));
    let is_unknown = image.is_empty();
    let button = NodeRef::<html::Button>::new();
    // A letter or the palette asked for it: of one container at once, of several the first one takes it and lets choose.
    let among = StoredValue::new(image.clone());
    Effect::new(move |_| {
        let (Some(known), Some(button)) = (data.known(), button.get()) else {
            return;
        };
        if !app.commands.take(&known.service.id, Begin::Image) {
            return;
        }
        let is_only = untrack(|| among.with_value(|image| others(data, image).is_empty()));
        if is_only && untrack(why_not).is_none() && !is_unknown {
            open.set(true);
        } else {
            lead_to(&button);
        }
    });
    view! {
        <button
            node_ref=button
            class="button"
            type="button"
            aria-label=move || i18n::text_with(Text::ImageUpdateOf, &[("container", &name)])
            disabled=move || why_not().is_some() || is_unknown
            title=move || why_not().map(i18n::text)
            on:click=move |_| open.set(true)
        >
            <Icon shape=Shape::Upload />
            {t(Text::ImageUpdate)}
        </button>
        <ImageDialog data open title container=place image may_open=Signal::derive(move || why_not().is_none() && !is_unknown) />
    }
}

/// What is typed, without the token.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Typed {
    image: String,
    private: bool,
    username: String,
}

/// The question, and before it what was typed into it and not sent.
#[component]
fn ImageDialog(
    data: ServiceData,
    open: RwSignal<bool>,
    title: Signal<String>,
    container: String,
    image: String,
    may_open: Signal<bool>,
) -> impl IntoView {
    let image = StoredValue::new(image);
    let service = untrack(|| data.known()).map(|known| known.service.id.clone());
    let place = format!("image/{}/{container}", service.unwrap_or_default());
    let draft = Resumable::<Typed>::new(use_app().session, &place, move || open.get());
    view! {
        <ClosedDraft
            at=Signal::derive(move || draft.offered().filter(|_| may_open.get()).map(|before| before.at))
            left_out=Signal::derive(|| i18n::text(Text::ImageDraft).to_owned())
            on_continue=Callback::new(move |()| open.set(true))
            on_discard=Callback::new(move |()| draft.discard())
        />
        <Dialog open title>
            <ImageForm data open image=image.get_value() draft />
        </Dialog>
    }
}

#[component]
fn ImageForm(data: ServiceData, open: RwSignal<bool>, image: String, draft: Resumable<Typed>) -> impl IntoView {
    let app = use_app();
    let before = draft.take();
    let before = before.unwrap_or_else(|| Typed {
        image: image.clone(),
        private: false,
        username: String::new(),
    });
    let typed = RwSignal::new(before.image);
    let private = RwSignal::new(before.private);
    let username = RwSignal::new(before.username);
    let token = RwSignal::new(String::new());
    let sending = RwSignal::new(false);
    let refused = RwSignal::new(None::<ApiError>);
    let check = RwSignal::new(Check::<()>::Idle);
    on_cleanup(move || {
        token.try_update(Zeroize::zeroize);
    });
    let current = StoredValue::new(image);
    draft.keep(move || {
        let (image, private, username) = (typed.get(), private.get(), username.get());
        let is_new = private || current.with_value(|current| image.trim() != current);
        is_new.then_some(Typed {
            image,
            private,
            username,
        })
    });
    let others = StoredValue::new(untrack(|| others(data, &current.get_value())));
    let fit = Memo::new(move |_| {
        let typed = typed.get();
        current.with_value(|current| others.with_value(|others| fits(typed.trim(), current, others)))
    });
    // The user name of a private image is usually in its path.
    Effect::new(move |before: Option<Option<String>>| {
        let suggested = fit.with(|fit| fit.as_ref().ok().and_then(|image| image.user_name().map(str::to_owned)));
        let was_suggested = before.flatten().unwrap_or_default();
        if username.with_untracked(|username| *username == was_suggested) {
            username.set(suggested.clone().unwrap_or_default());
        }
        suggested
    });
    let login = move || {
        if private.get() {
            Login {
                username: username.get().trim().to_owned(),
                password: token.with(|token| Confidential::new(token.as_str())),
            }
        } else {
            Login::public()
        }
    };
    let lacks_login =
        move || private.get() && (username.with(|name| name.trim().is_empty()) || token.with(String::is_empty));
    let wanted = Memo::new(move |_| {
        let image = fit.get().ok()?;
        (!lacks_login()).then(|| WantedImage { image, login: login() })
    });
    let again = use_check(wanted, check, move |wanted, abort| {
        Box::pin(async move {
            let access = untrack(|| data.known()).and_then(|known| known.access.clone().ok());
            let Some(access) = access else {
                return Err(ApiError::without_answer(ErrorKind::Aborted, ""));
            };
            check_image(&access, wanted, &abort).await
        })
    });
    let error = move || {
        fit.get().err().map(|misfit| match misfit {
            Misfit::Rule(error) => rule_words::image(&error),
            Misfit::OtherRepository { repository } => {
                i18n::text_with(Text::ImageOtherRepository, &[("repository", &repository)])
            }
            Misfit::Ambiguous { repository } => i18n::text_with(Text::ImageAmbiguous, &[("repository", &repository)]),
        })
    };
    let is_same = move || {
        let current = current.with_value(|current| ImageReference::parse(current).ok());
        current.is_some_and(|current| fit.with(|fit| fit.as_ref().is_ok_and(|image| image.is_same_as(&current))))
    };
    let warning = move || is_same().then(|| i18n::text(Text::ImageSame).to_owned());
    let is_found = move || check.with(|check| *check == Check::Known(()));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(known), Some(account)) = (untrack(|| data.known()), untrack(|| app.session.signer())) else {
            return;
        };
        let (Ok(access), Some(wanted)) = (known.access.clone(), wanted.get_untracked()) else {
            return;
        };
        if !untrack(is_found) || sending.get_untracked() {
            return;
        }
        let before = untrack(|| data.pod.get())
            .value()
            .map(|pod| started_at(pod))
            .unwrap_or_default();
        let change = ImageChange {
            image: typed.get_untracked().trim().to_owned(),
            login: wanted.login,
        };
        sending.set(true);
        refused.set(None);
        let ticket = draft.ticket();
        spawn_local(async move {
            let answer = settings::change_image(&access, &account, change).await;
            sending.try_set(false);
            match answer {
                Ok(()) => {
                    ticket.arrived();
                    // The pod starts anew: shown as pending until all of it runs.
                    app.pending.begin(&known.service.id, Operation::Restart, before);
                    app.services.expect_change();
                    app.settings.configured.invalidate();
                    toast(Tone::Good, untrack(|| i18n::text(Text::ImageSent)).to_owned());
                    open.try_set(false);
                }
                Err(error) => {
                    // Where the question was closed meanwhile, it is said wherever the person is now.
                    if let Some(Some(error)) = refused.try_set(Some(error)) {
                        tell_failure(&known.service.id, &Failure::of_change(error));
                    }
                }
            }
        });
    };
    let label = |key: Text| Signal::derive(move || i18n::text(key).to_owned());
    view! {
        <form class="form" on:submit=send>
            <p class="soft">{t(Text::ImageCurrent)} " " <span class="mono">{current.get_value()}</span></p>
            <Field
                label=label(Text::ImageNew)
                value=typed
                help=label(Text::ImageNewHelp)
                error=Signal::derive(error)
                warning=Signal::derive(warning)
                mono=true
            />
            <CheckField label=label(Text::ImagePrivate) value=private />
            <Show when=move || private.get()>
                <Field label=label(Text::ImageUsername) value=username />
                <PasswordField
                    label=label(Text::ImageToken)
                    value=token
                    help=label(Text::ImageTokenHelp)
                    autocomplete="new-password"
                />
            </Show>
            <CheckView check private again lacks_login=Signal::derive(lacks_login) fits=Signal::derive(move || fit.with(Result::is_ok)) />
            <p>{t(Text::ImageEffect)}</p>
            {move || {
                refused
                    .get()
                    .map(|error| {
                        let explained = explain_change(&error);
                        view! { <ErrorMessage title=explained.title advice=explained.advice detail=Signal::stored(explained.detail) /> }
                    })
            }}
            <div class="dialog-actions">
                <button class="button" type="button" on:click=move |_| open.set(false)>{t(Text::ActionCancel)}</button>
                <button class="button button-primary" type="submit" disabled=move || !is_found() || sending.get()>
                    {move || {
                        if sending.get() {
                            view! { <span class="spinner"></span> }.into_any()
                        } else {
                            view! { <Icon shape=Shape::Check /> }.into_any()
                        }
                    }}
                    {t(Text::ImageUpdate)}
                </button>
            </div>
        </form>
    }
}

/// The images of the other containers.
fn others(data: ServiceData, image: &str) -> Vec<String> {
    let pod = data.pod.get();
    let mut images: Vec<String> = pod
        .value()
        .map(|pod| {
            pod.state
                .container_statuses
                .iter()
                .map(|status| status.image.clone())
                .collect()
        })
        .unwrap_or_default();
    if let Some(own) = images.iter().position(|other| other == image) {
        images.remove(own);
    }
    images
}

/// Whether the provider can fetch the image.
#[component]
fn CheckView(
    check: RwSignal<Check<()>>,
    private: RwSignal<bool>,
    again: Callback<()>,
    lacks_login: Signal<bool>,
    fits: Signal<bool>,
) -> impl IntoView {
    let state = move || match check.get() {
        _ if !fits.get() => ().into_any(),
        _ if lacks_login.get() => view! { <span class="soft">{t(Text::ImageNeedsLogin)}</span> }.into_any(),
        Check::Idle => ().into_any(),
        Check::Busy => view! { <span class="badge badge-busy">{t(Text::ImageChecking)}</span> }.into_any(),
        Check::Known(()) => view! { <span class="badge badge-good">{t(Text::ImageFound)}</span> }.into_any(),
        Check::Failed(error) if error.kind == ErrorKind::NotFound => {
            let advice = if private.get() {
                Text::ImageMissingPrivate
            } else {
                Text::ImageMissingPublic
            };
            view! { <span class="badge badge-bad">{t(Text::ImageMissing)}</span> " " <span class="field-help">{t(advice)}</span> }.into_any()
        }
        Check::Failed(error) => {
            let explained = explain(&error);
            let why = explained.detail.unwrap_or_else(|| explained.title.to_owned());
            view! {
                <span class="badge badge-warn">{t(Text::ImageUnchecked)}</span>
                " "
                <span class="field-help">{why}</span>
                " "
                <button class="button-link" type="button" on:click=move |_| again.run(())>{t(Text::ActionRetry)}</button>
            }
            .into_any()
        }
    };
    view! { <div class="image-check" aria-live="polite">{state}</div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn images(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn a_container_alone_takes_every_image() {
        assert!(fits("redis:7", "nginx:1.27", &[]).is_ok());
        assert!(fits("ghcr.io/a/b", "nginx:1.27", &[]).is_ok());
        assert_eq!(fits("", "nginx", &[]), Err(Misfit::Rule(ImageError::Empty)));
    }

    #[test]
    fn among_several_only_another_tag_of_the_same_image_is_told_apart() {
        let others = images(&["nginx:1.27", "vcloud/json-logger:2.4"]);
        assert!(fits("redis:7.4", "redis:7", &others).is_ok());
        assert!(fits("docker.io/library/redis:7.4", "redis:7", &others).is_ok());
        assert!(matches!(
            fits("valkey:8", "redis:7", &others),
            Err(Misfit::OtherRepository { .. })
        ));
        assert!(matches!(
            fits("nginx:1.28", "nginx:1.26", &others),
            Err(Misfit::Ambiguous { .. })
        ));
    }
}
