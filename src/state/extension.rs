//! Watching the browser extension while its account is signed in: another account or network ends the session, as nothing is
//! ever signed by another account than the one shown.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::App;
use super::session::Ended;
use crate::net::extension;

/// Listens from the first time that somebody signs in by it.
pub fn watch(app: App) {
    Effect::new(move |_| {
        if app.session.extension().is_some() {
            extension::on_change(move || spawn_local(compare(app)));
        }
    });
}

async fn compare(app: App) {
    let network = app.config().network;
    let Some(before) = untrack(|| app.session.extension()) else {
        return;
    };
    let ended = match extension::network().await {
        Ok(now) if now != network => Some(Ended::OtherNetwork),
        // Locked or busy: whatever is signed next is checked by itself.
        Ok(_) => match extension::account(network).await {
            Ok(now) if now != before => Some(Ended::OtherAccount),
            Ok(_) | Err(_) => None,
        },
        Err(_) => None,
    };
    let is_still = untrack(|| app.session.extension()) == Some(before);
    if let Some(why) = ended.filter(|_| is_still) {
        app.session.end_by_extension(why);
    }
}
