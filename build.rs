//! Turns `locales/*.json` into the tables that `src/i18n.rs` includes.
//!
//! Every text of the console is a variant of `Text` (or of `Plural`), so a text that does not exist fails to compile,
//! and a locale that lacks a key, has one too many or names other placeholders than English fails the build with its name.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

/// The plural categories of Unicode CLDR, in the order of the generated arrays.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The locale that defines which keys exist.
const REFERENCE: &str = "en";

#[derive(Default)]
struct Locale {
    name: String,
    texts: BTreeMap<String, String>,
    plurals: BTreeMap<String, BTreeMap<String, String>>,
}

fn main() {
    println!("cargo::rerun-if-changed=locales");
    let mut locales = BTreeMap::new();
    let mut files: Vec<PathBuf> = fs::read_dir("locales")
        .expect("the folder locales/")
        .map(|entry| entry.expect("an entry of locales/").path())
        .collect();
    files.sort();
    for file in files
        .iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "json"))
    {
        let tag = file.file_stem().expect("a file name").to_string_lossy().into_owned();
        locales.insert(tag, read(file));
    }
    let reference = locales.get(REFERENCE).expect("locales/en.json");
    for (tag, locale) in &locales {
        compare(tag, reference, locale);
    }
    let generated = generate(reference, &locales);
    let path = Path::new(&env::var_os("OUT_DIR").expect("OUT_DIR")).join("locales.rs");
    fs::write(path, generated).expect("write the generated tables");
}

fn read(file: &Path) -> Locale {
    let text = fs::read_to_string(file).expect("a readable locale");
    let json: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut locale = Locale::default();
    collect(&mut locale, String::new(), &json);
    locale.name = locale
        .texts
        .remove("_name")
        .unwrap_or_else(|| panic!("{}: no `_name`", file.display()));
    locale
}

fn collect(locale: &mut Locale, key: String, value: &Value) {
    match value {
        Value::String(text) => {
            locale.texts.insert(key, text.clone());
        }
        Value::Object(object)
            if object.contains_key("other") && object.keys().all(|name| CATEGORIES.contains(&name.as_str())) =>
        {
            let forms = object
                .iter()
                .map(|(name, text)| (name.clone(), text.as_str().expect("a text").to_owned()))
                .collect();
            locale.plurals.insert(key, forms);
        }
        Value::Object(object) => {
            for (name, value) in object {
                let key = if key.is_empty() {
                    name.clone()
                } else {
                    format!("{key}.{name}")
                };
                collect(locale, key, value);
            }
        }
        _ => panic!("{key}: a text or a group of texts is expected"),
    }
}

fn compare(tag: &str, reference: &Locale, locale: &Locale) {
    let mut problems = Vec::new();
    for key in reference.texts.keys().filter(|key| !locale.texts.contains_key(*key)) {
        problems.push(format!("missing: {key}"));
    }
    for key in reference
        .plurals
        .keys()
        .filter(|key| !locale.plurals.contains_key(*key))
    {
        problems.push(format!("missing plural: {key}"));
    }
    for (key, text) in &locale.texts {
        match reference.texts.get(key) {
            None => problems.push(format!("not in {REFERENCE}: {key}")),
            Some(expected) if placeholders(expected) != placeholders(text) => {
                problems.push(format!("other placeholders than in {REFERENCE}: {key}"));
            }
            Some(_) => {}
        }
    }
    for key in locale
        .plurals
        .keys()
        .filter(|key| !reference.plurals.contains_key(*key))
    {
        problems.push(format!("plural not in {REFERENCE}: {key}"));
    }
    assert!(problems.is_empty(), "locales/{tag}.json\n  {}", problems.join("\n  "));
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

/// `sign_in.seed_label` → `SignInSeedLabel`.
fn variant(key: &str) -> String {
    key.split(['.', '_', '-'])
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_uppercase().collect::<String>() + letters.as_str()
            })
        })
        .collect()
}

fn generate(reference: &Locale, locales: &BTreeMap<String, Locale>) -> String {
    let mut code = String::new();
    let variants = |code: &mut String, name: &str, about: &str, keys: Vec<&String>| {
        let _ = writeln!(
            code,
            "/// {about}\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n#[repr(u16)]\n#[allow(missing_docs)]\npub enum {name} {{"
        );
        for key in keys {
            let _ = writeln!(code, "    {},", variant(key));
        }
        code.push_str("}\n");
    };
    variants(
        &mut code,
        "Text",
        "A text of the console.",
        reference.texts.keys().collect(),
    );
    variants(
        &mut code,
        "Plural",
        "A text of the console that depends on a number.",
        reference.plurals.keys().collect(),
    );

    code.push_str("/// A language of the console.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n#[allow(missing_docs)]\npub enum Locale {\n");
    for tag in locales.keys() {
        let _ = writeln!(code, "    {},", variant(tag));
    }
    code.push_str("}\n\nimpl Locale {\n    /// Every language, in the order of their tags.\n    pub const ALL: &'static [Locale] = &[");
    for tag in locales.keys() {
        let _ = write!(code, "Locale::{}, ", variant(tag));
    }
    code.push_str("];\n");
    let mut function = |name: &str, about: &str, answer: &str, arm: &dyn Fn(&str, &Locale) -> String| {
        let _ = writeln!(
            code,
            "    /// {about}\n    pub fn {name}(self) -> {answer} {{\n        match self {{"
        );
        for (tag, locale) in locales {
            let _ = writeln!(code, "            Locale::{} => {},", variant(tag), arm(tag, locale));
        }
        code.push_str("        }\n    }\n");
    };
    function("tag", "The BCP 47 tag.", "&'static str", &|tag, _| format!("{tag:?}"));
    function("name", "The language's own name.", "&'static str", &|_, locale| {
        format!("{:?}", locale.name)
    });
    function(
        "texts",
        "The texts, in the order of `Text`.",
        "&'static [&'static str]",
        &|_, locale| format!("&{:?}", locale.texts.values().collect::<Vec<_>>()),
    );
    function(
        "plurals",
        "The texts by plural category, in the order of `Plural`.",
        "&'static [[Option<&'static str>; 6]]",
        &|_, locale| {
            let rows: Vec<_> = locale
                .plurals
                .values()
                .map(|forms| CATEGORIES.map(|category| forms.get(category)))
                .collect();
            format!("&{rows:?}")
        },
    );
    code.push_str("}\n");
    code
}
