//! Every language says the same things, and nothing that no code asks for.
//!
//! The build refuses missing keys and other placeholders than English has; it cannot see texts that no page uses any more.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Finding, Source, word_positions};

/// The language that defines which keys there are.
const REFERENCE: &str = "locales/en.json";

/// The categories of CLDR, in which a language bends a text by a number.
const PLURAL_CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// Checks the languages against English, and English against the code.
pub fn check(sources: &[Source], findings: &mut Vec<Finding>) {
    let languages: Vec<(&Source, BTreeSet<String>)> = sources
        .iter()
        .filter(|source| source.path.starts_with("locales/") && source.path.ends_with(".json"))
        .filter_map(|source| match serde_json::from_str::<Value>(&source.text) {
            Ok(texts) => Some((source, keys(&texts))),
            Err(error) => {
                findings.push(source.finding(0, format!("no JSON: {error}")));
                None
            }
        })
        .collect();
    let Some((reference, expected)) = languages.iter().find(|(source, _)| source.path == REFERENCE) else {
        return;
    };
    for (source, keys) in &languages {
        findings.extend(
            expected
                .difference(keys)
                .map(|key| source.finding(0, format!("{key} is missing"))),
        );
        findings.extend(
            keys.difference(expected)
                .map(|key| source.finding(0, format!("{key} is not in {REFERENCE}"))),
        );
    }
    for (source, _) in languages.iter().filter(|(source, _)| source.path.contains("/zh-")) {
        let lines = source.text.lines().enumerate();
        findings.extend(
            lines
                .filter(|(_, line)| has_western_mark(line))
                .map(|(number, line)| Finding {
                    path: source.path.clone(),
                    line: number + 1,
                    problem: format!("a mark of Western width beside a Chinese character: {}", line.trim()),
                }),
        );
    }
    let code: Vec<&Source> = sources.iter().filter(|source| source.is_rust_in("src/")).collect();
    for key in expected.iter().filter(|key| !key.starts_with('_')) {
        let name = variant(key);
        if !code
            .iter()
            .any(|source| word_positions(&source.text, &name).next().is_some())
        {
            findings.push(reference.finding(0, format!("{key} (`{name}`) is used by no code")));
        }
    }
}

/// Whether a comma, colon, bracket or the like of Western width touches a Chinese character: Chinese has its own, as wide as a
/// character.
fn has_western_mark(line: &str) -> bool {
    let is_chinese = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
    let is_western = |letter: char| matches!(letter, ',' | ';' | ':' | '?' | '!' | '(' | ')');
    let letters: Vec<char> = line.chars().collect();
    letters
        .windows(2)
        .any(|pair| (is_chinese(pair[0]) && is_western(pair[1])) || (is_western(pair[0]) && is_chinese(pair[1])))
}

fn keys(texts: &Value) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    collect("", texts, &mut keys);
    keys
}

fn collect(path: &str, value: &Value, keys: &mut BTreeSet<String>) {
    let is_plural = |object: &serde_json::Map<String, Value>| {
        object.contains_key("other") && object.keys().all(|name| PLURAL_CATEGORIES.contains(&name.as_str()))
    };
    match value {
        Value::Object(object) if !is_plural(object) => {
            for (name, value) in object {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                collect(&path, value, keys);
            }
        }
        _ => {
            keys.insert(path.to_owned());
        }
    }
}

/// The name in code: `sign_in.seed_label` is `SignInSeedLabel`.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_has_marks_of_its_own_width() {
        assert!(has_western_mark(r#""advice": "请检查网络,然后重试。""#));
        assert!(has_western_mark(r#""title": "重启所选服务?""#));
        assert!(!has_western_mark(
            r#""advice": "请检查网络，然后重试（见 https://example.com）。""#
        ));
        assert!(!has_western_mark(r#""signs": "可用 _ . , - / 和汉字""#));
    }

    #[test]
    fn missing_and_unused_texts_are_found() {
        let source = |path: &str, text: &str| Source {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let mut findings = Vec::new();
        let sources = [
            source(
                REFERENCE,
                r#"{"_name":"English","menu":{"open":"Open","close_all":"Close"},"days":{"one":"day","other":"days"}}"#,
            ),
            source(
                "locales/xx.json",
                r#"{"_name":"X","menu":{"open":"O"},"days":{"other":"d"},"more":"M"}"#,
            ),
            source("src/a.rs", "t(Text::MenuOpen); t(Plural::Days)"),
        ];
        check(&sources, &mut findings);
        let problems: Vec<String> = findings.iter().map(|finding| finding.problem.clone()).collect();
        let expected = [
            "menu.close_all is missing",
            "more is not in locales/en.json",
            "menu.close_all (`MenuCloseAll`) is used by no code",
        ];
        assert_eq!(problems, expected);
    }
}
