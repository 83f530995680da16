//! The languages: every text of the console comes from `locales/*.json` by way of this module.
//!
//! A text is looked up in the language chosen now and the look-up is tracked, so that a view made of [`t`] changes with
//! the language without being built again. Plural categories, dates and numbers follow the browser's `Intl`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;

use js_sys::{Array, Function, Intl, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::state::storage;

include!(concat!(env!("OUT_DIR"), "/locales.rs"));

/// The order of the generated plural arrays.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

static CURRENT: OnceLock<RwSignal<Locale>> = OnceLock::new();

/// Chooses the language at the start: what was chosen before, else the first of the browser's languages that exists here.
/// Call once, under the application's root owner.
pub fn start() {
    let chosen = storage::preferences()
        .get("locale")
        .and_then(|tag| find(&tag))
        .or_else(from_browser)
        .unwrap_or(Locale::En);
    let signal = *CURRENT.get_or_init(|| RwSignal::new(chosen));
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("lang", signal.get().tag());
        }
    });
}

/// The language in use (tracked).
pub fn locale() -> Locale {
    CURRENT.get().map_or(Locale::En, |signal| signal.get())
}

/// Changes the language for this visit to the one of a tag, where there is such a one.
pub fn show(tag: &str) {
    if let (Some(signal), Some(locale)) = (CURRENT.get(), find(tag)) {
        signal.set(locale);
    }
}

/// Changes the language, now and for the next visit.
pub fn set_locale(locale: Locale) {
    if let Some(signal) = CURRENT.get() {
        signal.set(locale);
    }
    storage::preferences().set("locale", locale.tag());
}

fn find(tag: &str) -> Option<Locale> {
    let language = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let exact = Locale::ALL.iter().find(|locale| locale.tag().eq_ignore_ascii_case(tag));
    exact
        .or_else(|| {
            Locale::ALL
                .iter()
                .find(|locale| language(locale.tag()) == language(tag))
        })
        .copied()
}

fn from_browser() -> Option<Locale> {
    window()
        .navigator()
        .languages()
        .iter()
        .filter_map(|tag| tag.as_string())
        .find_map(|tag| find(&tag))
}

/// The text itself (tracked).
pub fn text(text: Text) -> &'static str {
    locale().texts()[text as usize]
}

/// The text as a part of a view, that follows the language.
pub fn t(key: Text) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    move || text(key)
}

/// The text with its `{name}` placeholders filled (tracked).
pub fn text_with(key: Text, values: &[(&str, &str)]) -> String {
    fill(text(key), values)
}

/// The text for `count`, which also fills `{count}` (tracked).
pub fn plural(key: Plural, count: u64) -> String {
    let locale = locale();
    let rules = Intl::PluralRules::new(&Array::of1(&locale.tag().into()), &Object::new());
    #[allow(clippy::cast_precision_loss)] // Counts of things on a screen.
    let category = rules.select(count as f64).as_string().unwrap_or_default();
    let forms = &locale.plurals()[key as usize];
    let chosen = CATEGORIES
        .iter()
        .position(|name| *name == category)
        .and_then(|index| forms[index]);
    fill(chosen.or(forms[5]).unwrap_or_default(), &[("count", &number(count))])
}

fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        if let Some((_, value)) = values.iter().find(|(key, _)| *key == name) {
            push_isolated(value, &mut filled);
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// Appends a value; one that is read from right to left keeps that to itself (Unicode's FSI and PDI).
fn push_isolated(value: &str, to: &mut String) {
    let is_rtl = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    if value.contains(is_rtl) {
        to.push('\u{2068}');
        to.push_str(value);
        to.push('\u{2069}');
    } else {
        to.push_str(value);
    }
}

/// A whole number with the language's grouping (tracked).
pub fn number(value: u64) -> String {
    let format = Intl::NumberFormat::new(&Array::of1(&locale().tag().into()), &Object::new());
    #[allow(clippy::cast_precision_loss)] // Shown, not calculated with.
    let value = JsValue::from_f64(value as f64);
    format
        .format()
        .call1(&JsValue::UNDEFINED, &value)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

thread_local! {
    /// Formats in use: making one takes the browser far longer than using it, and charts write dozens of numbers a second.
    static FORMATS: RefCell<HashMap<(&'static str, Option<usize>), Function>> = RefCell::default();
}

/// What the format of a language for a kind of value writes; made by `make` when it is needed for the first time.
fn formatted(key: (&'static str, Option<usize>), value: f64, make: impl FnOnce() -> Function) -> String {
    let format = FORMATS.with_borrow_mut(|formats| formats.entry(key).or_insert_with(make).clone());
    format
        .call1(&JsValue::UNDEFINED, &JsValue::from_f64(value))
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// A number with exactly so many decimals and the language's grouping (tracked).
pub fn decimal(value: f64, digits: usize) -> String {
    let tag = locale().tag();
    formatted((tag, Some(digits)), value, || {
        let options = Object::new();
        for name in ["minimumFractionDigits", "maximumFractionDigits"] {
            let _ = Reflect::set(&options, &name.into(), &digits.into());
        }
        Intl::NumberFormat::new(&Array::of1(&tag.into()), &options).format()
    })
}

/// The local time of day, to the second, of milliseconds since the Unix epoch (tracked).
pub fn time_of_day(ms: f64) -> String {
    let tag = locale().tag();
    formatted((tag, None), ms, || {
        let options = Object::new();
        for (name, value) in [
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("second", "2-digit"),
            ("hourCycle", "h23"),
        ] {
            let _ = Reflect::set(&options, &name.into(), &value.into());
        }
        Intl::DateTimeFormat::new(&Array::of1(&tag.into()), &options).format()
    })
}

/// Local date and time to the second of Unix seconds (tracked). Every language gets the year first, as the tables are
/// read down a column and compared; the rest follows the language.
pub fn date_time(seconds: i64) -> String {
    // Swedish is the locale of `Intl` whose numeric form is that of ISO 8601.
    let tag = if locale() == Locale::En {
        "sv-SE"
    } else {
        locale().tag()
    };
    let options = Object::new();
    for (name, value) in [
        ("year", "numeric"),
        ("month", "2-digit"),
        ("day", "2-digit"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("second", "2-digit"),
    ] {
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    let _ = Reflect::set(&options, &"hourCycle".into(), &"h23".into());
    let format = Intl::DateTimeFormat::new(&Array::of1(&tag.into()), &options);
    #[allow(clippy::cast_precision_loss)] // Seconds stay far below 2^53.
    let date = js_sys::Date::new(&JsValue::from_f64(seconds as f64 * 1000.0));
    format
        .format()
        .call1(&JsValue::UNDEFINED, date.unchecked_ref())
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// The same for a time as Kubernetes writes it (RFC 3339); what is none stays as it is.
pub fn date_time_of(text: &str) -> String {
    let ms = js_sys::Date::parse(text);
    if ms.is_finite() {
        #[allow(clippy::cast_possible_truncation)] // Finite, and far below 2^53.
        let seconds = (ms / 1000.0) as i64;
        date_time(seconds)
    } else {
        text.to_owned()
    }
}

/// A time as `<input type="datetime-local">` has it, in the browser's time zone; empty for none.
pub fn local_input(seconds: Option<u64>) -> String {
    let Some(seconds) = seconds else { return String::new() };
    #[allow(clippy::cast_precision_loss)]
    let date = js_sys::Date::new(&JsValue::from_f64(seconds as f64 * 1000.0));
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes(),
        date.get_seconds()
    )
}

/// Unix seconds of what was entered there; `None` where nothing was.
pub fn from_local_input(text: &str) -> Option<u64> {
    // Without a zone the browser takes it as local time, which is how it was meant.
    let ms = js_sys::Date::parse(text);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Finite and not negative.
    (ms.is_finite() && ms >= 0.0).then(|| (ms / 1000.0) as u64)
}

/// A span of time in its two largest units, such as `3 d 4 h` (tracked).
pub fn duration(seconds: u64) -> String {
    let units = [
        (86_400, Text::TimeDays),
        (3_600, Text::TimeHours),
        (60, Text::TimeMinutes),
        (1, Text::TimeSeconds),
    ];
    let first = units
        .iter()
        .position(|(size, _)| seconds >= *size)
        .unwrap_or(units.len() - 1);
    let mut parts = Vec::with_capacity(2);
    let mut rest = seconds;
    for (size, unit) in units.iter().skip(first).take(2) {
        let count = rest / size;
        rest %= size;
        if count > 0 || parts.is_empty() {
            parts.push(text_with(*unit, &[("count", &count.to_string())]));
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn placeholders_are_filled_and_braces_kept() {
        assert_eq!(fill("a {x} b {y}", &[("x", "1"), ("y", "{x}")]), "a 1 b {x}");
        assert_eq!(fill("{unknown}|{", &[]), "|{");
        assert_eq!(fill("a {x} b", &[("x", "שלום 1")]), "a \u{2068}שלום 1\u{2069} b");
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn texts_numbers_and_times_follow_the_language() {
        Owner::new().with(|| {
            CURRENT.get_or_init(|| RwSignal::new(Locale::En));
            set_locale(Locale::En);
            assert_eq!(text(Text::SignInTitle), "Sign in");
            assert_eq!(plural(Plural::ListCount, 1), "1 service");
            assert_eq!(plural(Plural::ListCount, 1_234), "1,234 services");
            assert_eq!(duration(90_061), "1 d 1 h");
            assert_eq!(duration(0), "0 s");
            assert_eq!(
                (decimal(1_234.567, 1), decimal(0.0, 2)),
                ("1,234.6".to_owned(), "0.00".to_owned())
            );
            assert_eq!(time_of_day(1_700_000_000_000.0).len(), 8);
            set_locale(Locale::ZhCN);
            assert_eq!(text(Text::SignInTitle), "登录");
            assert_eq!(plural(Plural::ListCount, 1), "1 个服务");
            assert_eq!(storage::preferences().get("locale").as_deref(), Some("zh-CN"));
            storage::preferences().remove("locale");
        });
    }

    #[wasm_bindgen_test]
    fn a_time_entered_is_the_time_shown() {
        let seconds = 1_700_000_000;
        assert_eq!(from_local_input(&local_input(Some(seconds))), Some(seconds));
        assert_eq!(local_input(None), "");
        assert_eq!(from_local_input(""), None);
        assert_eq!(date_time_of("not a time"), "not a time");
    }
}
