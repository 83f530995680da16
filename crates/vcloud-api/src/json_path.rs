//! Finds the member of a JSON text that a position lies in, so that an error can name it.

/// The path to the value at a position (line and column from 1, as `serde_json` counts them), for example
/// `list[3].serviceOptions.region`; empty for the whole. The text up to there is known to be well-formed; where it is not, the
/// path is merely less exact.
pub(crate) fn at(text: &[u8], line: usize, column: usize) -> String {
    enum Level {
        List(usize),
        Object(String),
    }
    let mut levels: Vec<Level> = Vec::new();
    let mut end = 0;
    for _ in 1..line {
        match text[end..].iter().position(|&byte| byte == b'\n') {
            Some(length) => end += length + 1,
            None => break,
        }
    }
    let end = end.saturating_add(column).min(text.len());
    let mut is_key = false;
    let mut at = 0;
    while at < end {
        match text[at] {
            b'{' => {
                levels.push(Level::Object(String::new()));
                is_key = true;
            }
            b'[' => {
                levels.push(Level::List(0));
                is_key = false;
            }
            // The last byte taken may close the very value that is wrong.
            b'}' | b']' if at + 1 == end => {}
            b'}' | b']' => {
                levels.pop();
            }
            b',' => match levels.last_mut() {
                Some(Level::List(index)) => *index += 1,
                Some(Level::Object(_)) => is_key = true,
                None => {}
            },
            b':' => is_key = false,
            b'"' => {
                let start = at + 1;
                at = start;
                while at < text.len() && text[at] != b'"' {
                    at += if text[at] == b'\\' { 2 } else { 1 };
                }
                let key = &text[start..at.min(text.len())];
                if let (true, Some(Level::Object(name))) = (is_key, levels.last_mut()) {
                    *name = String::from_utf8_lossy(key).into_owned();
                }
            }
            _ => {}
        }
        at += 1;
    }
    let mut path = String::new();
    for level in levels {
        match level {
            Level::List(index) => path.push_str(&format!("[{index}]")),
            Level::Object(name) if name.is_empty() => {}
            Level::Object(name) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&name);
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Outer {
        #[allow(dead_code)]
        before: Option<Vec<String>>,
        #[allow(dead_code)]
        list: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    struct Inner {
        #[allow(dead_code)]
        size: u8,
    }

    #[test]
    fn the_path_names_the_member_that_is_wrong() {
        for (json, path) in [
            (r#"{"list":[{"size":1},{"size":"x"}]}"#, "list[1].size"),
            (
                "{\n \"before\": [\"a,]}\\\"\", \"b\"],\n \"list\": [\n  {\"size\": true }]}",
                "list[0].size",
            ),
            (r#"{"before":["a",{}],"list":[]}"#, "before[1]"),
            (r#"{"list":7}"#, "list"),
            (r#"{"list":[{"size":256}]}"#, "list[0].size"),
            ("7", ""),
        ] {
            let error = serde_json::from_str::<Outer>(json).unwrap_err();
            assert_eq!(
                super::at(json.as_bytes(), error.line(), error.column()),
                path,
                "{json} {error}"
            );
        }
    }

    #[test]
    fn a_missing_member_names_what_it_is_missing_from() {
        let json = r#"{"list":[{}]}"#;
        let error = serde_json::from_str::<Outer>(json).unwrap_err();
        assert!(super::at(json.as_bytes(), error.line(), error.column()).starts_with("list[0]"));
    }

    #[test]
    fn nonsense_never_panics() {
        for text in ["", "\"", "\"\\", "{\"a\\", "]]]}}", "\n\n"] {
            for line in 0..5 {
                for column in [0, 1, 2, 50, usize::MAX] {
                    let _ = super::at(text.as_bytes(), line, column);
                }
            }
        }
    }
}
