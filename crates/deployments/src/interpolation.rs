//! Variables in texts, as Compose replaces them: `$NAME`, `${NAME}`, `${NAME:-default}` and their kin, `$$` for a dollar sign.

/// How deep defaults may lie in each other: `${A:-${B:-c}}`.
const DEEPEST: usize = 16;

/// How many braces are looked for in vain: each time the whole rest is read, and a text with more of them is not what it seems.
const MOST_OPEN: usize = 32;

/// What became of a variable without a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Its default was taken.
    Default(String),
    /// Nothing stands in its place.
    Empty(String),
}

/// Whether a character can be in the name of a variable.
pub(crate) fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// The text with the values of its variables. What is no variable (`$5`, `${`) stays as it is.
pub(crate) fn interpolate(
    text: &str,
    value: &dyn Fn(&str) -> Option<String>,
    missing: &mut dyn FnMut(Missing),
) -> String {
    interpolate_at(text, value, missing, 0)
}

fn interpolate_at(
    text: &str,
    value: &dyn Fn(&str) -> Option<String>,
    missing: &mut dyn FnMut(Missing),
    depth: usize,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut never_closed = 0;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(opened) = after.strip_prefix('{') {
            let is_read = depth < DEEPEST && never_closed < MOST_OPEN;
            if let Some((inside, after)) = is_read.then(|| braced(after)).flatten() {
                out.push_str(&expression(inside, value, missing, depth));
                rest = after;
            } else {
                let begins_right = opened.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
                never_closed += usize::from(begins_right);
                out.push('$');
                rest = after;
            }
        } else if after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            let end = after.find(|c| !is_name(c)).unwrap_or(after.len());
            out.push_str(&expression(&after[..end], value, missing, depth));
            rest = &after[end..];
        } else {
            out.push('$');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// What stands in `{…}`, and what comes after it.
fn braced(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('{')?;
    if !inside.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return None;
    }
    let mut open = 0_usize;
    let bytes = inside.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'$' if bytes.get(at + 1) == Some(&b'{') => {
                open += 1;
                at += 1;
            }
            b'}' if open == 0 => return Some((&inside[..at], &inside[at + 1..])),
            b'}' => open -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

/// `NAME`, `NAME:-default`, `NAME-default`, `NAME:?message`, `NAME:+instead` and the like.
fn expression(
    inside: &str,
    value: &dyn Fn(&str) -> Option<String>,
    missing: &mut dyn FnMut(Missing),
    depth: usize,
) -> String {
    let end = inside.find(|c| !is_name(c)).unwrap_or(inside.len());
    let (name, operator) = inside.split_at(end);
    let (counts_empty, operator) = match operator.strip_prefix(':') {
        Some(operator) => (true, operator),
        None => (false, operator),
    };
    let known = value(name).filter(|known| !(counts_empty && known.is_empty()));
    match (operator.chars().next(), known) {
        (Some('+'), Some(_)) => interpolate_at(&operator[1..], value, missing, depth + 1),
        (Some('+'), None) => {
            missing(Missing::Empty(name.to_owned()));
            String::new()
        }
        (_, Some(known)) => known,
        (Some('-'), None) => {
            missing(Missing::Default(name.to_owned()));
            interpolate_at(&operator[1..], value, missing, depth + 1)
        }
        (_, None) => {
            missing(Missing::Empty(name.to_owned()));
            String::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (String, Vec<Missing>) {
        let mut found = Vec::new();
        let value = |name: &str| match name {
            "A" => Some("a".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        let text = interpolate(text, &value, &mut |missing| found.push(missing));
        (text, found)
    }

    #[test]
    fn variables_are_replaced_as_compose_does() {
        for (text, expected) in [
            ("$A-${A}b", "a-ab"),
            ("$$A $5 $ ${ ${} $", "$A $5 $ ${ ${} $"),
            ("${A:-x}${EMPTY:-x}${EMPTY-x}", "ax"),
            ("${A:+x}${NONE:+x}|", "x|"),
            ("${NONE:-${A}}", "a"),
            ("${NONE:-${OTHER:-deep}}}", "deep}"),
            ("价格$A元", "价格a元"),
            ("${NONE:-a:-b}", "a:-b"),
        ] {
            assert_eq!(of(text).0, expected, "{text}");
        }
        assert_eq!(
            of("$NONE ${OTHER:?must be set} ${TAG:-1}").1,
            [
                Missing::Empty("NONE".into()),
                Missing::Empty("OTHER".into()),
                Missing::Default("TAG".into())
            ]
        );
        let deep = format!("{}x{}", "${N:-".repeat(10_000), "}".repeat(10_000));
        assert!(of(&deep).0.contains('x'));
    }
}
