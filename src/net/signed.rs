//! Requests that the account signs.

use std::sync::Arc;

use futures_util::future::{Either, select};
use leptos::prelude::window;
use vcloud_api::call::{Auth, Call, Identity, Signing};
use vcloud_api::{ApiError, BaseUrl, ErrorKind, ServiceSecret};
use vsys::extension::{ExtensionAccount, Failure};
use vsys::{Account, PublicKey, os_random};

use super::fetch::{ended, exchange};
use super::{Abort, extension, look_at_the_time, send};
use crate::state::clock::{self, now_seconds};

/// Who signs.
#[derive(Clone)]
pub enum Signer {
    /// The account's key, in memory.
    Key(Arc<Account>),
    /// The browser extension, which asks somebody each time.
    Extension(ExtensionAccount),
}

impl Signer {
    /// The account's address.
    pub fn address(&self) -> String {
        match self {
            Signer::Key(account) => account.address().to_string(),
            Signer::Extension(account) => account.address.to_string(),
        }
    }

    /// The account's public key.
    pub fn public_key(&self) -> PublicKey {
        match self {
            Signer::Key(account) => *account.public_key(),
            Signer::Extension(account) => account.public_key,
        }
    }
}

/// Has a call signed, sends it and reads its answer.
///
/// # Errors
/// Those of [`send`], where the browser gives no randomness to sign with, and where the extension did not sign.
pub async fn send_signed<C: Call>(
    call: &C,
    host: &BaseUrl,
    signer: &Signer,
    abort: &Abort,
) -> Result<C::Answer, ApiError> {
    let answer = signed(call, host, signer, None, abort, Box::new(|| true)).await;
    answer.and_then(|answer| answer.ok_or_else(not_wanted))
}

/// The same as [`send_signed`] if `may_go` says so when the call is signed: an extension may take minutes for that, and what is right
/// to send may have changed. Nothing is sent and nothing answered where it says no.
///
/// # Errors
/// The same.
pub async fn send_signed_if<C: Call>(
    call: &C,
    host: &BaseUrl,
    signer: &Signer,
    abort: &Abort,
    may_go: impl FnOnce() -> bool,
) -> Result<Option<C::Answer>, ApiError> {
    signed(call, host, signer, None, abort, Box::new(may_go)).await
}

/// The same as [`send_signed`], with the secret of the service that the account owns.
///
/// # Errors
/// The same.
pub async fn send_as_owner<C: Call>(
    call: &C,
    host: &BaseUrl,
    signer: &Signer,
    secret: &ServiceSecret,
    abort: &Abort,
) -> Result<C::Answer, ApiError> {
    let answer = signed(call, host, signer, Some(secret), abort, Box::new(|| true)).await;
    answer.and_then(|answer| answer.ok_or_else(not_wanted))
}

fn not_wanted() -> ApiError {
    ApiError::without_answer(ErrorKind::Aborted, "")
}

async fn signed<C: Call>(
    call: &C,
    host: &BaseUrl,
    signer: &Signer,
    secret: Option<&ServiceSecret>,
    abort: &Abort,
    may_go: Box<dyn FnOnce() -> bool + '_>,
) -> Result<Option<C::Answer>, ApiError> {
    // The browser sends this header by itself, and what it sends is what has to be signed.
    let user_agent = window().navigator().user_agent().unwrap_or_default();
    let correction = clock::correction_ms();
    let answer = match signer {
        Signer::Key(account) => {
            let random =
                os_random().map_err(|error| ApiError::without_answer(ErrorKind::Unsendable, error.to_string()))?;
            let signing = Signing {
                signer: &**account,
                user_agent: &user_agent,
                time: seconds(),
                random: &random,
            };
            let auth = match secret {
                Some(secret) => Auth::SignedAndSecret(signing, secret),
                None => Auth::Signed(signing),
            };
            if !may_go() {
                return Ok(None);
            }
            send(call, host, &auth, abort).await
        }
        Signer::Extension(account) => {
            let turn = unless_ended(abort, extension::turn_to_sign()).await?;
            let identity = Identity {
                address: &account.address.to_string(),
                public_key: &account.public_key.to_string(),
                user_agent: &user_agent,
                time: seconds(),
            };
            let prepared = call.prepare(host, &identity, secret)?;
            let signature = unless_ended(abort, turn.sign(*account, prepared.digest())).await?;
            let request = prepared.finish(&signature)?;
            if !may_go() {
                return Ok(None);
            }
            let received = exchange(&request, abort, &Abort::new()).await?;
            received.decode(call)
        }
    };
    about_time(answer, correction).await.map(Some)
}

/// What the extension does, unless it is given up before.
async fn unless_ended<T>(abort: &Abort, asked: impl Future<Output = Result<T, Failure>>) -> Result<T, ApiError> {
    match select(Box::pin(asked), Box::pin(ended(abort))).await {
        Either::Left((answer, _)) => {
            answer.map_err(|failure| ApiError::without_answer(ErrorKind::NotSigned, failure.words))
        }
        Either::Right(_) => Err(not_wanted()),
    }
}

/// The time that is signed, in seconds since the Unix epoch.
fn seconds() -> u64 {
    u64::try_from(now_seconds()).unwrap_or_default()
}

/// A refused signature may have told a wrong time, where the clock was changed since the console was opened. Then it is said so, and the
/// next one tells the right time. What was refused was not carried out, but only who asked for it says that it is sent again.
async fn about_time<T>(answer: Result<T, ApiError>, correction: f64) -> Result<T, ApiError> {
    let Err(error) = answer else { return answer };
    if error.kind != ErrorKind::Unauthorised {
        return Err(error);
    }
    look_at_the_time().await;
    let kind = if (clock::correction_ms() - correction).abs() < clock::TOLERANCE_MS {
        error.kind
    } else {
        ErrorKind::WrongTime
    };
    Err(ApiError { kind, ..error })
}
