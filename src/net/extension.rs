//! The browser extension "V Wallet", asked one thing at a time. What is known of it: [`vsys::extension`].
//!
//! A second request would close the dialog of the first one, so requests queue. A refusal refuses whatever else waits for a
//! signature then: nobody is asked five times in a row what they have just refused.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use futures_util::lock::Mutex;
use js_sys::{Function, JSON, Object, Promise, Reflect};
use leptos::prelude::{set_timeout, window};
use leptos::task::spawn_local;
use vsys::extension::{Answer, ExtensionAccount, Failure, Refusal, content};
use vsys::{Network, Signature, TransactionId};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// How long a dialog of the extension may stay open. A signed request is refused for its age not much later.
const PATIENCE: Duration = Duration::from_secs(240);

thread_local! {
    static TURN: Rc<Mutex<()>> = Rc::new(Mutex::new(()));
    /// How often signing was refused, and how the last time.
    static REFUSED: RefCell<(u32, Option<Failure>)> = const { RefCell::new((0, None)) };
    static LISTENS: Cell<bool> = const { Cell::new(false) };
}

fn provider() -> Option<JsValue> {
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
    ask("info", Vec::new()).await?.network()
}

/// The account selected in it. The first time it asks whether the site is to be trusted.
///
/// # Errors
/// What it says instead.
pub async fn account(network: Network) -> Result<ExtensionAccount, Failure> {
    ask("publicKey", Vec::new()).await?.account(network)
}

/// The account's signature of a message, which is checked.
///
/// # Errors
/// What it says instead, or what somebody refused while this waited for its turn.
pub async fn sign(account: ExtensionAccount, message: &[u8]) -> Result<Signature, Failure> {
    let params = vec![
        ("publicKey", account.public_key.to_string()),
        ("content", content(message)),
    ];
    let signed = ask("signContent", params)
        .await?
        .signature(&account.public_key, message);
    if let Err(failure) = &signed {
        refuse(failure);
    }
    signed
}

/// Has it pay: it builds, signs and broadcasts by itself. `amount` is in whole coins, `token` the token's id where it is not the
/// native coin.
///
/// # Errors
/// What it says instead. Unless [`Refusal::is_certain`](vsys::extension::Refusal::is_certain), it may have paid all the same.
pub async fn send(
    account: &ExtensionAccount,
    recipient: String,
    amount: String,
    description: String,
    token: Option<String>,
) -> Result<TransactionId, Failure> {
    let mut params = vec![
        ("publicKey", account.public_key.to_string()),
        ("recipient", recipient),
        ("amount", amount),
        ("description", description),
    ];
    params.extend(token.map(|token| ("tokenId", token)));
    ask("send", params).await?.transaction_id()
}

/// The account selected in it, where that is one of this network, right before it is asked to pay.
///
/// Asking closes a dialog of it that is still open from before, so that no older request can be confirmed later on.
///
/// # Errors
/// What it says instead.
pub async fn selected(network_here: Network) -> Result<ExtensionAccount, Failure> {
    let is_on = match network().await {
        Err(failure) if failure.refusal == Refusal::Busy => network().await,
        answer => answer,
    };
    if is_on? != network_here {
        return Err(Failure::other_network());
    }
    match account(network_here).await {
        Err(failure) if failure.refusal == Refusal::Busy => account(network_here).await,
        answer => answer,
    }
}

fn refuse(failure: &Failure) {
    REFUSED.with_borrow_mut(|(times, last)| {
        *times += 1;
        *last = Some(failure.clone());
    });
}

/// One request, when it is its turn. The turn lasts until the extension has answered, also where nobody waits any more.
async fn ask(method: &'static str, params: Vec<(&'static str, String)>) -> Result<Answer, Failure> {
    let refused_before = REFUSED.with_borrow(|(times, _)| *times);
    let turn = TURN.with(Rc::clone);
    let (tell, told) = oneshot::channel();
    spawn_local(async move {
        let guard = turn.lock().await;
        let signs = method == "signContent";
        let refused = REFUSED.with_borrow(|(times, last)| (*times != refused_before).then(|| last.clone()).flatten());
        let answer = match refused.filter(|_| signs) {
            Some(failure) => Err(failure),
            None if tell.is_canceled() => Err(Failure::absent()),
            None => {
                let answer = answered(method, &params).await;
                if let (true, Err(failure)) = (signs, &answer) {
                    refuse(failure);
                }
                answer
            }
        };
        drop(guard);
        let _ = tell.send(answer);
    });
    told.await.unwrap_or_else(|_| Err(Failure::absent()))
}

async fn answered(method: &str, params: &[(&str, String)]) -> Result<Answer, Failure> {
    let provider = provider().ok_or_else(Failure::absent)?;
    let asked = request(&provider, method, params).map_err(|error| Failure::said(&words(&error)))?;
    let (wake, woken) = oneshot::channel::<()>();
    set_timeout(
        move || {
            let _ = wake.send(());
        },
        PATIENCE,
    );
    match select(JsFuture::from(asked), woken).await {
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
