//! Requests that the account signs.

use leptos::prelude::window;
use vcloud_api::call::{Auth, Call, Signing};
use vcloud_api::{ApiError, BaseUrl, ErrorKind};
use vsys::{Account, os_random};

use super::{Abort, send};

/// Signs a call with the account's key, sends it and reads its answer.
///
/// # Errors
/// Those of [`send`], and where the browser gives no randomness to sign with.
pub async fn send_signed<C: Call>(
    call: &C,
    host: &BaseUrl,
    account: &Account,
    abort: &Abort,
) -> Result<C::Answer, ApiError> {
    let random = os_random().map_err(|error| ApiError::without_answer(ErrorKind::Unsendable, error.to_string()))?;
    // The browser sends this header by itself, and what it sends is what has to be signed.
    let user_agent = window().navigator().user_agent().unwrap_or_default();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Positive, and far below 2^53.
    let time = (js_sys::Date::now() / 1000.0) as u64;
    let signing = Signing {
        signer: account,
        user_agent: &user_agent,
        time,
        random: &random,
    };
    send(call, host, &Auth::Signed(signing), abort).await
}
