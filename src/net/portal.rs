//! The portal: a page of another origin that shows the console in a frame. Both speak by `postMessage`, as docs/EMBEDDING.md has it.
//!
//! Only the origins that the operator has configured are spoken to and heard, and only where they are the frame's own parent. Before
//! one of them has said `welcome` the console shows nothing of itself: a page that frames it without being allowed to gets no click.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Duration;

use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use leptos::prelude::{document, set_interval_with_handle, window, window_event_listener_untyped};
use serde::Deserialize;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// The version of the protocol.
pub const VERSION: u32 = 1;

/// The member that tells the protocol's messages from all others; its value is the version.
const MARK: &str = "vCloudConsole";

/// How often the console says that it is there, until somebody says `welcome`: the portal's script may come later than the frame.
const HELLO_EVERY: Duration = Duration::from_millis(250);

/// A message that is longer than this, in UTF-16 units of its JSON, is none of the protocol's.
const LONGEST: u32 = 65_536;

/// What a portal says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FromPortal {
    /// The first message: it shows the console on purpose. What it gives along is as if it were said after that.
    Welcome {
        /// The looks.
        theme: Option<String>,
        /// The language.
        locale: Option<String>,
        /// The page.
        route: Option<String>,
        /// An access token.
        token: Option<String>,
        /// Whether it signs.
        #[serde(default)]
        signer: bool,
    },
    /// The looks: `system`, `light` or `dark`.
    Theme {
        /// Which.
        theme: String,
    },
    /// The language, as a BCP 47 tag.
    Locale {
        /// Which.
        locale: String,
    },
    /// Another page, such as `/services/running`.
    Route {
        /// Its path with its query, below the folder of the console.
        route: String,
    },
    /// An access token, to sign in with where nobody is signed in.
    Token {
        /// In Base58.
        token: String,
    },
    /// Whether it signs.
    Signer {
        /// Whether it does.
        offered: bool,
    },
    /// Whoever is signed in is not any more.
    SignOut,
}

/// Whose page this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A window of its own, or a frame of the console's own origin.
    Own,
    /// A frame of somebody who may be a portal: they have to say so.
    Portal,
    /// A frame of somebody who is none.
    Foreign,
}

/// The one that said `welcome`.
#[derive(Clone)]
struct Portal {
    window: web_sys::Window,
    origin: String,
}

thread_local! {
    static PORTAL: RefCell<Option<Portal>> = const { RefCell::new(None) };
    static SIGNS: Cell<bool> = const { Cell::new(false) };
    static ASKED: RefCell<Asked> = RefCell::new(Asked::default());
}

/// What the portal was asked to sign and has not answered: by number, how to go on.
#[derive(Default)]
struct Asked {
    last: u32,
    waiting: HashMap<u32, (Function, Function)>,
}

/// The origin of an address, as browsers write it.
fn origin_of(address: &str) -> Option<String> {
    web_sys::Url::new(address).ok().map(|url| url.origin())
}

/// Whose page this is, where these origins may frame it.
pub fn frame(allowed: &[String]) -> Frame {
    let window = window();
    let (Ok(Some(parent)), Ok(Some(top))) = (window.parent(), window.top()) else {
        return Frame::Foreign;
    };
    if Object::is(&parent, &window) {
        return Frame::Own;
    }
    let own = window.location().origin().unwrap_or_default();
    let allowed: Vec<String> = allowed.iter().filter_map(|origin| origin_of(origin)).collect();
    // Who has the top has the screen. What cannot be read is of another origin.
    let is_own = |other: &web_sys::Window| other.location().origin().is_ok_and(|origin| origin == own);
    if is_own(&parent) && is_own(&top) {
        return Frame::Own;
    }
    let ancestors = Reflect::get(&window.location(), &"ancestorOrigins".into())
        .ok()
        .filter(JsValue::is_object)
        .map(|list| Array::from(&list));
    let all_are_allowed = match ancestors {
        Some(ancestors) => ancestors
            .iter()
            .filter_map(|origin| origin.as_string())
            .all(|origin| origin == own || allowed.contains(&origin)),
        // This browser does not tell: of one frame the answer to the greeting does.
        None => Object::is(&parent, &top),
    };
    if all_are_allowed && !allowed.is_empty() {
        Frame::Portal
    } else {
        Frame::Foreign
    }
}

/// Greets the parent until it answers, and hears it from then on.
pub fn connect(allowed: &[String], hear: impl Fn(FromPortal) + 'static) {
    let Ok(Some(parent)) = window().parent() else { return };
    let allowed: Vec<String> = allowed.iter().filter_map(|origin| origin_of(origin)).collect();
    let greeting = message("hello", &[]);
    let (greeted, addressees) = (parent.clone(), allowed.clone());
    let greet = move || {
        if PORTAL.with_borrow(Option::is_none) {
            for origin in &addressees {
                // The browser gives it to nobody else.
                let _ = greeted.post_message(&greeting, origin);
            }
        }
    };
    greet();
    let timer = set_interval_with_handle(greet, HELLO_EVERY).ok();
    window_event_listener_untyped("message", move |event| {
        let Ok(event) = event.dyn_into::<web_sys::MessageEvent>() else {
            return;
        };
        let is_parent = event.source().is_some_and(|source| Object::is(&source, &parent));
        let origin = event.origin();
        if !is_parent || !allowed.contains(&origin) {
            return;
        }
        let Some((said, data)) = read(&event.data()) else {
            return;
        };
        match PORTAL.with_borrow(|portal| portal.as_ref().map(|portal| portal.origin == origin)) {
            None if matches!(said, Said::This(FromPortal::Welcome { .. })) => {
                if let Some(timer) = timer {
                    timer.clear();
                }
                let window = parent.clone();
                PORTAL.set(Some(Portal { window, origin }));
            }
            Some(true) => {}
            None | Some(false) => return,
        }
        match said {
            Said::Answer => answered(&data),
            Said::This(said) => {
                match said {
                    FromPortal::Welcome { signer, .. } => SIGNS.set(signer),
                    FromPortal::Signer { offered } => SIGNS.set(offered),
                    _ => {}
                }
                hear(said);
            }
        }
    });
}

enum Said {
    This(FromPortal),
    /// To something that it was asked to sign; what is in it is for whoever asked.
    Answer,
}

/// A message of the protocol, in a version that is spoken here.
fn read(data: &JsValue) -> Option<(Said, JsValue)> {
    if !data.is_object() || Reflect::get(data, &MARK.into()).ok()? != VERSION {
        return None;
    }
    if Reflect::get(data, &"type".into()).ok()?.as_string()? == "answer" {
        return Some((Said::Answer, data.clone()));
    }
    let json = JSON::stringify(data).ok().filter(|json| json.length() <= LONGEST)?;
    let said = serde_json::from_str(&String::from(json)).ok()?;
    Some((Said::This(said), data.clone()))
}

fn message(kind: &str, fields: &[(&str, JsValue)]) -> Object {
    let message = Object::new();
    let all = [(MARK, JsValue::from(VERSION)), ("type", kind.into())];
    for (name, value) in all.iter().chain(fields) {
        let _ = Reflect::set(&message, &(*name).into(), value);
    }
    message
}

/// Tells the portal something; nobody where there is none.
pub fn say(kind: &str, fields: &[(&str, JsValue)]) {
    if let Some(portal) = PORTAL.with_borrow(Clone::clone) {
        let _ = portal.window.post_message(&message(kind, fields), &portal.origin);
    }
}

/// Whether it signs.
pub fn signs() -> bool {
    SIGNS.get()
}

/// What signs for the portal's account, with the requests and the answers of the extension "V Wallet".
pub fn signer() -> Option<JsValue> {
    if !signs() {
        return None;
    }
    let request = Closure::<dyn Fn(JsValue) -> Promise>::new(|request: JsValue| {
        Promise::new(&mut |resolve, reject| {
            let id = ASKED.with_borrow_mut(|asked| {
                asked.last += 1;
                asked.waiting.insert(asked.last, (resolve, reject));
                asked.last
            });
            say("ask", &[("id", id.into()), ("request", request.clone())]);
        })
    });
    let provider = Object::new();
    Reflect::set(&provider, &"request".into(), &request.into_js_value()).ok()?;
    Some(provider.into())
}

fn answered(data: &JsValue) {
    let field = |name: &str| Reflect::get(data, &name.into()).unwrap_or_default();
    let Some(id) = field("id").as_f64() else { return };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    // Saturates; what is none of the numbers finds nothing.
    let waiting = ASKED.with_borrow_mut(|asked| asked.waiting.remove(&(id as u32)));
    let Some((resolve, reject)) = waiting else { return };
    let error = field("error");
    let _ = match error.as_string() {
        Some(words) => reject.call1(&JsValue::NULL, &words.into()),
        None => resolve.call1(&JsValue::NULL, &field("result")),
    };
}

/// Tells the portal the height of the page, now and whenever it changes, so that it can give the frame that height.
pub fn tell_height() {
    let told = Cell::new(0);
    let tell = Closure::<dyn Fn()>::new(move || {
        let height = document().body().map_or(0, |body| body.scroll_height());
        if told.replace(height) != height {
            say("height", &[("height", height.into())]);
        }
    });
    let observer = web_sys::ResizeObserver::new(tell.into_js_value().unchecked_ref());
    if let (Ok(observer), Some(body)) = (observer, document().body()) {
        observer.observe(&body);
    }
}
