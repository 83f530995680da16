//! The browser extension "V Wallet", asked one thing at a time. What is known of it: [`vsys::extension`].
//!
//! A second request would close the dialog of the first one, and there is one dialog for all tabs: so requests queue, over all tabs
//! of the console. A refusal refuses whatever else waits for a signature then: nobody is asked five times in a row what they have
//! just refused.
//!
//! It may not be asked to pay before it is [settled](Turn::settle): a request whose dialog has just been closed lives on for a moment, and the
//! next dialog that opens in it would confirm both.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use futures_util::lock::{Mutex, OwnedMutexGuard};
use js_sys::{Function, JSON, Object, Promise, Reflect};
use leptos::prelude::{set_timeout, window};
use leptos::task::spawn_local;
use vsys::extension::{Answer, ExtensionAccount, Failure, Refusal, content};
use vsys::{Network, Signature, TransactionId};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::portal;
use crate::hold::{Hold, hold};

/// How long a dialog of the extension may stay open. A signed request is refused for its age not much later.
const PATIENCE: Duration = Duration::from_secs(240);

/// How long a request whose dialog is closed may live on: the extension looks every half second.
const AFTERLIFE: Duration = Duration::from_secs(2);

/// The name of what a tab holds while it asks.
const HELD: &str = "extension";

thread_local! {
    static TURN: Arc<Mutex<()>> = Arc::new(Mutex::new(()));
    /// How often signing was refused, and how the last time.
    static REFUSED: RefCell<(u32, Option<Failure>)> = const { RefCell::new((0, None)) };
    static LISTENS: Cell<bool> = const { Cell::new(false) };
}

/// What signs: the portal that shows the console, where it does, else the extension.
fn provider() -> Option<JsValue> {
    if let Some(signer) = portal::signer() {
        return Some(signer);
    }
    let provider = Reflect::get(&window(), &"vsys".into()).ok()?;
    let request = Reflect::get(&provider, &"request".into()).ok()?;
    request.is_function().then_some(provider)
}

/// Whether it is there. It may come a while after the page.
pub fn is_present() -> bool {
    provider().is_some()
}

/// Which network it is on. It answers this even while it is locked.
///
/// # Errors
/// What it says instead.
pub async fn network() -> Result<Network, Failure> {
    Turn::take().await.ask("info", Vec::new()).await?.network()
}

/// The account selected in it. The first time it asks whether the site is to be trusted.
///
/// # Errors
/// What it says instead.
pub async fn account(network: Network) -> Result<ExtensionAccount, Failure> {
    Turn::take().await.ask("publicKey", Vec::new()).await?.account(network)
}

/// The turn to have something signed. What is signed tells its time, so it is made when the turn has come: those before may have taken
/// minutes.
///
/// # Errors
/// What somebody refused while this waited.
pub async fn turn_to_sign() -> Result<Turn, Failure> {
    let refused_before = REFUSED.with_borrow(|(times, _)| *times);
    let turn = Turn::take().await;
    match REFUSED.with_borrow(|(times, last)| (*times != refused_before).then(|| last.clone()).flatten()) {
        Some(failure) => Err(failure),
        None => Ok(turn),
    }
}

/// The turn to ask, which no other tab has either until it is dropped.
pub struct Turn {
    _here: OwnedMutexGuard<()>,
    _everywhere: Option<Hold>,
}

impl Turn {
    async fn take() -> Self {
        let here = TURN.with(Arc::clone).lock_owned().await;
        let everywhere = hold(HELD, None).await;
        Self {
            _here: here,
            _everywhere: everywhere,
        }
    }

    /// The account's signature of a message, which is checked.
    ///
    /// # Errors
    /// What it says instead.
    pub async fn sign(self, account: ExtensionAccount, message: &[u8]) -> Result<Signature, Failure> {
        let params = vec![
            ("publicKey", account.public_key.to_string()),
            ("content", content(message)),
        ];
        let answer = self.ask("signContent", params).await?;
        answer.signature(&account.public_key, message).inspect_err(refuse)
    }

    /// One request. The turn lasts until the extension has answered, also where nobody waits any more.
    async fn ask(self, method: &'static str, params: Vec<(&'static str, String)>) -> Result<Answer, Failure> {
        let (tell, told) = oneshot::channel();
        spawn_local(async move {
            let answer = answered(method, &params).await;
            if let ("signContent", Err(failure)) = (method, &answer) {
                refuse(failure);
            }
            drop(self);
            let _ = tell.send(answer);
        });
        told.await.unwrap_or_else(|_| Err(Failure::absent()))
    }

    /// Makes sure that nothing it was asked for before can be confirmed any more, and answers what it says of the selected account.
    ///
    /// Any request closes a dialog that is open, but what was asked in it dies only a moment later: after that moment it is asked once
    /// more, and then there must be no dialog. A locked extension closes none, so that its refusal settles nothing.
    async fn settle(&self) -> Result<Answer, Failure> {
        match answered("publicKey", &[]).await {
            Err(failure) if failure.refusal != Refusal::Busy => return Err(failure),
            Ok(_) | Err(_) => pause(AFTERLIFE).await,
        }
        answered("publicKey", &[]).await
    }
}

/// Makes sure that nothing the extension was asked for before can be confirmed any more, as long as the turn lasts.
///
/// # Errors
/// What it says instead: then something may.
pub async fn settled() -> Result<Turn, Failure> {
    let turn = Turn::take().await;
    turn.settle().await?;
    Ok(turn)
}

/// The account selected in it, where that is one of this network, with nothing left to be confirmed from before. It can be asked to pay,
/// once.
///
/// # Errors
/// What it says instead.
pub async fn selected(network_here: Network) -> Result<Selected, Failure> {
    let turn = Turn::take().await;
    if answered("info", &[]).await?.network()? != network_here {
        return Err(Failure::other_network());
    }
    let account = turn.settle().await?.account(network_here)?;
    Ok(Selected { account, _turn: turn })
}

/// An account that can be asked to pay.
pub struct Selected {
    /// The account.
    pub account: ExtensionAccount,
    _turn: Turn,
}

impl Selected {
    /// Has it pay: it builds, signs and broadcasts by itself. `amount` is in whole coins, `token` the token's id where it is not the
    /// native coin.
    ///
    /// # Errors
    /// What it says instead. Unless [`Refusal::is_certain`], it may have paid all the same.
    pub async fn send(
        self,
        recipient: String,
        amount: String,
        description: String,
        token: Option<String>,
    ) -> Result<TransactionId, Failure> {
        let mut params = vec![
            ("publicKey", self.account.public_key.to_string()),
            ("recipient", recipient),
            ("amount", amount),
            ("description", description),
        ];
        params.extend(token.map(|token| ("tokenId", token)));
        answered("send", &params).await?.transaction_id()
    }
}

async fn pause(duration: Duration) {
    let (wake, woken) = oneshot::channel::<()>();
    // The sender is only ever dropped: that is what is waited for.
    set_timeout(move || drop(wake), duration);
    let _ = woken.await;
}

fn refuse(failure: &Failure) {
    REFUSED.with_borrow_mut(|(times, last)| {
        *times += 1;
        *last = Some(failure.clone());
    });
}

async fn answered(method: &str, params: &[(&str, String)]) -> Result<Answer, Failure> {
    let provider = provider().ok_or_else(Failure::absent)?;
    let asked = request(&provider, method, params).map_err(|error| Failure::said(&words(&error)))?;
    match select(JsFuture::from(asked), Box::pin(pause(PATIENCE))).await {
        Either::Left((Ok(answer), _)) => {
            let json = JSON::stringify(&answer).map(String::from).unwrap_or_default();
            Answer::read(&json)
        }
        Either::Left((Err(error), _)) => Err(Failure::said(&words(&error))),
        Either::Right(_) => Err(Failure::silent()),
    }
}

fn request(provider: &JsValue, method: &str, params: &[(&str, String)]) -> Result<Promise, JsValue> {
    let data = Object::new();
    Reflect::set(&data, &"method".into(), &method.into())?;
    if !params.is_empty() {
        let object = Object::new();
        for (name, value) in params {
            Reflect::set(&object, &(*name).into(), &value.into())?;
        }
        Reflect::set(&data, &"params".into(), &object)?;
    }
    let request: Function = Reflect::get(provider, &"request".into())?.dyn_into()?;
    Ok(Promise::resolve(&request.call1(provider, &data)?))
}

/// What was thrown, in its own words.
fn words(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok();
    message
        .and_then(|message| message.as_string())
        .or_else(|| error.as_string())
        .unwrap_or_else(|| format!("{error:?}"))
}

/// Calls back when another account or network is selected in it. Versions without events are not heard; none is needed for
/// safety, as every signature is asked of and checked against the account signed in.
pub fn on_change(callback: impl Fn() + 'static) {
    let Some(provider) = provider().filter(|_| !LISTENS.get()) else {
        return;
    };
    let Ok(on) = Reflect::get(&provider, &"on".into()).and_then(JsCast::dyn_into::<Function>) else {
        return;
    };
    LISTENS.set(true);
    // What it tells along differs by version: whoever is called asks for what is selected now.
    let listener = Closure::<dyn Fn()>::new(callback).into_js_value();
    for event in ["accountsChanged", "chainChanged"] {
        let _ = on.call2(&provider, &event.into(), &listener);
    }
}
