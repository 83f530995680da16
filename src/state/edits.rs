//! What the owner writes about a service: sent once, then shown as pending until the platform shows it too.

use std::collections::HashMap;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use vcloud_api::ApiError;

use super::App;
use super::clock::{now_ms, sleep};
use crate::net::Abort;

/// After so long the platform's own state is shown again.
const GIVE_UP_MS: f64 = 60_000.0;

/// What an owner can write about a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// A short name.
    Label,
    /// A sentence or two.
    Description,
}

/// The texts that were accepted and are not shown by the platform yet.
#[derive(Clone, Copy)]
pub struct Edits {
    expected: RwSignal<HashMap<(String, Part), String>>,
    /// The service and the text that the platform accepted and went on not to show.
    unconfirmed: RwSignal<Option<(String, Part)>>,
}

impl Edits {
    /// Nothing is expected.
    pub fn new() -> Edits {
        Edits {
            expected: RwSignal::new(HashMap::new()),
            unconfirmed: RwSignal::new(None),
        }
    }

    /// The text that a service is about to have (tracked).
    pub fn expected(self, id: &str, part: Part) -> Option<String> {
        self.expected
            .with(|expected| expected.get(&(id.to_owned(), part)).cloned())
    }

    /// What was accepted and did not come to be within a minute (tracked).
    pub fn unconfirmed(self) -> Option<(String, Part)> {
        self.unconfirmed.get()
    }

    /// Forgets everything.
    pub fn clear(self) {
        self.expected.set(HashMap::new());
        self.unconfirmed.set(None);
    }

    /// Has the platform take a text; it is expected from then on.
    ///
    /// # Errors
    /// When the service can't be reached or the platform refused: then nothing is changed.
    pub async fn save(self, app: App, id: &str, part: Part, text: &str) -> Result<(), ApiError> {
        // Not aborted when the page is left: what was confirmed is carried out.
        let known = app.services.look_up(app, id).await?;
        app.services.write(&known, part, text, &Abort::new()).await?;
        let (id, text) = (id.to_owned(), text.to_owned());
        self.expected.update(|expected| {
            expected.insert((id.clone(), part), text.clone());
        });
        spawn_local(self.confirm(app, id, part, text));
        Ok(())
    }

    /// Asks until the platform shows the text.
    async fn confirm(self, app: App, id: String, part: Part, text: String) {
        let started = now_ms();
        let is_expected = || untrack(|| self.expected(&id, part)).as_deref() == Some(text.as_str());
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A few seconds.
        let every = Duration::from_millis(app.pending_refresh_ms() as u64);
        while is_expected() {
            let answer = app.services.fetch_known(app, id.clone(), Abort::new()).await;
            if !is_expected() {
                // Another text was sent since, or another account is signed in.
                return;
            }
            let confirmed = answer.as_ref().is_ok_and(|known| known.own(part).text() == text);
            if let Ok(known) = answer {
                app.services.learn(known);
            }
            let given_up = now_ms() - started > GIVE_UP_MS;
            if confirmed || given_up {
                self.expected.update(|expected| {
                    expected.remove(&(id.clone(), part));
                });
                if !confirmed {
                    self.unconfirmed.set(Some((id, part)));
                }
                return;
            }
            sleep(every).await;
        }
    }
}
