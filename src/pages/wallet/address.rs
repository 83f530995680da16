//! An address in full, to be copied or scanned.

use leptos::prelude::*;

use super::name_of;
use crate::components::{Copyable, Dialog, QrCode};
use crate::i18n::{self, Text, t};
use crate::state::App;

/// The dialog.
#[component]
pub fn AddressDialog(app: App, open: RwSignal<bool>, address: RwSignal<String>) -> impl IntoView {
    let title = move || {
        let address = address.get();
        let index = app.session.addresses().iter().position(|shown| *shown == address);
        i18n::text_with(
            Text::WalletAddressOf,
            &[("name", &name_of(app, index.unwrap_or_default(), &address))],
        )
    };
    view! {
        <Dialog open title=Signal::derive(title)>
            <Copyable value=address what=Signal::derive(|| i18n::text(Text::AccountAddress).to_owned()) />
            <QrCode text=address.get_untracked() name=Signal::derive(|| i18n::text(Text::WalletQr).to_owned()) />
            <div class="dialog-actions">
                <button class="button" type="button" autofocus on:click=move |_| open.set(false)>{t(Text::WalletClose)}</button>
            </div>
        </Dialog>
    }
}
