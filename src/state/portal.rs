//! What the console does for the portal that shows it, and what it tells it.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use vsys::AccessToken;
use wasm_bindgen::JsValue;

use super::App;
use super::session::Session;
use super::theme::{self, Theme};
use crate::i18n;
use crate::net::Abort;
use crate::net::portal::{self, Frame, FromPortal};

/// So long the parent may take to answer the greeting.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether the console shows itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// In a window of its own.
    Alone,
    /// The one that frames it has not said yet that it may.
    NotYet,
    /// To a portal.
    ToPortal,
    /// Not to this one.
    Refused,
}

/// The portal, if there is one.
#[derive(Clone, Copy)]
pub struct Portal {
    /// Whether the console shows itself.
    pub shown: RwSignal<Shown>,
    /// The page that it wants to be shown.
    wanted: RwSignal<Option<String>>,
}

/// Finds out who shows the console, and does what they say where they may.
pub fn join(app: App) -> Portal {
    let origins = app.config().embed_origins.clone();
    let (shown, wanted) = (RwSignal::new(Shown::Alone), RwSignal::new(None));
    let here = Portal { shown, wanted };
    match portal::frame(&origins) {
        Frame::Own => {}
        Frame::Foreign => shown.set(Shown::Refused),
        Frame::Portal => {
            shown.set(Shown::NotYet);
            set_timeout(
                move || {
                    if shown.get_untracked() == Shown::NotYet {
                        shown.set(Shown::Refused);
                    }
                },
                PATIENCE,
            );
            portal::connect(&origins, move |said| here.hear(app, said));
            here.tell(app);
        }
    }
    here
}

impl Portal {
    fn hear(self, app: App, said: FromPortal) {
        match said {
            FromPortal::Welcome {
                theme,
                locale,
                route,
                token,
                ..
            } => {
                // A portal that was loaded anew says it again.
                let is_first = self.shown.get_untracked() != Shown::ToPortal;
                self.shown.set(Shown::ToPortal);
                portal::say("ready", &[]);
                if is_first {
                    portal::tell_height();
                }
                let parts = [
                    theme.map(|theme| FromPortal::Theme { theme }),
                    locale.map(|locale| FromPortal::Locale { locale }),
                    route.map(|route| FromPortal::Route { route }),
                    token.map(|token| FromPortal::Token { token }),
                ];
                for part in parts.into_iter().flatten() {
                    self.hear(app, part);
                }
            }
            FromPortal::Theme { theme } => {
                if let Some(theme) = Theme::named(&theme) {
                    theme::show(theme);
                }
            }
            FromPortal::Locale { locale } => i18n::show(&locale),
            // A path below the console's folder, and no other site's.
            FromPortal::Route { route } if route.starts_with('/') && !route.starts_with("//") => {
                self.wanted.set(Some(route));
            }
            FromPortal::Token { token } => take_token(app, &token),
            FromPortal::SignOut => app.session.lock(),
            FromPortal::Route { .. } | FromPortal::Signer { .. } => {}
        }
    }

    /// Tells the portal who is signed in, as far as it has to know.
    fn tell(self, app: App) {
        Effect::new(move |_| {
            if self.shown.get() != Shown::ToPortal {
                return;
            }
            let (state, by) = match app.session.get() {
                Session::SignedOut => ("signed-out", None),
                Session::Locked => ("locked", None),
                Session::Open(_) if app.session.is_wallet() => ("open", Some("wallet")),
                Session::Open(_) if app.session.extension().is_some() => ("open", Some("signer")),
                Session::Open(_) => ("open", Some("token")),
            };
            let text = |text: Option<String>| text.map_or(JsValue::NULL, JsValue::from);
            portal::say(
                "session",
                &[
                    ("state", state.into()),
                    ("by", text(by.map(str::to_owned))),
                    ("address", text(app.session.address())),
                    ("service", text(app.session.token_service())),
                ],
            );
        });
    }

    /// Follows the portal to the pages it names, and tells it where the person goes. Below the router.
    pub fn follow(self) {
        let navigate = use_navigate();
        Effect::new(move |_| {
            if let Some(route) = self.wanted.get() {
                self.wanted.set(None);
                navigate(&route, NavigateOptions::default());
            }
        });
        let location = use_location();
        Effect::new(move |_| {
            if self.shown.get() == Shown::ToPortal {
                let (path, search) = (location.pathname.get(), location.search.get());
                let base = crate::route::base();
                let path = path.strip_prefix(&base).unwrap_or(&path);
                let mark = if search.is_empty() { "" } else { "?" };
                let route = format!("{path}{mark}{}", search.trim_start_matches('?'));
                portal::say("route", &[("route", route.into())]);
            }
        });
    }
}

/// Signs in with a token, where nobody is signed in: what a person has opened is not closed over their head.
fn take_token(app: App, text: &str) {
    let is_free = move || matches!(untrack(|| app.session.get()), Session::SignedOut);
    if !is_free() {
        return;
    }
    let refused = |why: &str| portal::say("refused", &[("what", "token".into()), ("why", why.into())]);
    let Ok(token) = AccessToken::parse(text) else {
        refused("malformed");
        return;
    };
    spawn_local(async move {
        match app.services.try_token(&token, &Abort::new()).await {
            Ok(service) if is_free() => {
                app.session.open_token(token, service.service.id);
            }
            Ok(_) => {}
            Err(_) => refused("not accepted"),
        }
    });
}
