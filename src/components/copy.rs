//! Identifiers with a button that copies them, and files made in the browser.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::{Icon, Shape, Tone, toast};
use crate::i18n::{self, Text, t};

/// Copies a text; `false` when the browser refused (a page without focus, a frame without the permission).
pub async fn copy_text(text: &str) -> bool {
    JsFuture::from(window().navigator().clipboard().write_text(text))
        .await
        .is_ok()
}

/// Offers bytes as a file to save.
pub fn download(name: &str, media_type: &str, content: &[u8]) {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(content));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let Ok(blob) = web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options) else {
        return;
    };
    let Ok(url) = web_sys::Url::create_object_url_with_blob(&blob) else {
        return;
    };
    if let Ok(link) = document()
        .create_element("a")
        .map(JsCast::unchecked_into::<web_sys::HtmlAnchorElement>)
    {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    // The browser reads the address after the click; a minute is ample.
    set_timeout(
        move || {
            let _ = web_sys::Url::revoke_object_url(&url);
        },
        Duration::from_secs(60),
    );
}

/// A button that copies `value` and says that it did.
#[component]
pub fn CopyButton(
    #[prop(into)] value: Signal<String>,
    /// What is copied, for the button's name.
    #[prop(into)]
    what: Signal<String>,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let copy = move |event: leptos::ev::MouseEvent| {
        event.stop_propagation();
        let value = value.get_untracked();
        spawn_local(async move {
            if copy_text(&value).await {
                copied.try_set(true);
                set_timeout(
                    move || {
                        copied.try_set(false);
                    },
                    Duration::from_secs(2),
                );
            } else {
                toast(Tone::Bad, untrack(|| i18n::text(Text::ErrorClipboard)).to_owned());
            }
        });
    };
    view! {
        <button
            class="button button-quiet button-icon"
            type="button"
            aria-label=move || i18n::text_with(if copied.get() { Text::ActionCopied } else { Text::ActionCopyWhat }, &[("what", &what.get())])
            title=t(Text::ActionCopy)
            on:click=copy
        >
            {move || if copied.get() { view! { <Icon shape=Shape::Check /> } } else { view! { <Icon shape=Shape::Copy /> } }}
        </button>
    }
}

/// An identifier, monospaced, with its copy button.
#[component]
pub fn Copyable(
    #[prop(into)] value: Signal<String>,
    /// What it is, for the button's name.
    #[prop(into)]
    what: Signal<String>,
) -> impl IntoView {
    view! {
        <span class="copyable">
            <span class="mono">{move || value.get()}</span>
            <CopyButton value what />
        </span>
    }
}
