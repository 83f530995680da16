//! Which syntax a text has.

use super::Syntax;
use super::check::without_mark;

/// How many lines are looked at.
const LINES: usize = 60;

/// By the name of the file.
pub fn of_path(path: &str) -> Syntax {
    let path = path.to_ascii_lowercase();
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "json" | "jsonc" | "json5" | "webmanifest" => Syntax::Json,
        "yaml" | "yml" => Syntax::Yaml,
        "conf" if path.contains("nginx") => Syntax::Nginx,
        "ini" | "cnf" | "cfg" | "conf" | "env" | "toml" | "properties" | "service" => Syntax::Ini,
        _ if name.starts_with(".env") => Syntax::Ini,
        _ => Syntax::Plain,
    }
}

/// By what is in it, as far as its beginning tells.
pub fn of_text(text: &str) -> Syntax {
    let text = without_mark(text).trim_start();
    let lines = || {
        text.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with(['#', ';']) && !line.starts_with("//"))
            .take(LINES)
    };
    let Some(first) = lines().next() else {
        return Syntax::Plain;
    };
    if first.starts_with('{') || (first.starts_with('[') && !is_section(first)) {
        return Syntax::Json;
    }
    if is_section(first) {
        return Syntax::Ini;
    }
    if first.starts_with("---") || first.starts_with("%YAML") {
        return Syntax::Yaml;
    }
    let (mut all, mut yaml, mut ini, mut nginx) = (0, 0, 0, 0);
    for line in lines() {
        all += 1;
        if line.ends_with(['{', ';', '}']) {
            nginx += 1;
        } else if is_section(line) || assigned(line, '=') {
            ini += 1;
        } else if line.starts_with("- ") || line.ends_with(':') || is_yaml_entry(line) {
            yaml += 1;
        }
    }
    let most = nginx.max(ini).max(yaml);
    if most * 2 < all || most == 0 {
        Syntax::Plain
    } else if most == nginx {
        Syntax::Nginx
    } else if most == yaml {
        Syntax::Yaml
    } else {
        Syntax::Ini
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))
}

/// `[name]`, also `[[name]]`; a list of numbers is none.
fn is_section(line: &str) -> bool {
    let line = line.split(" #").next().unwrap_or_default().trim_end();
    let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) else {
        return false;
    };
    let name = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'))
        .unwrap_or(name);
    name.starts_with(|c: char| c.is_alphabetic()) && name.split([' ', ':']).all(|part| is_name(part.trim_matches('"')))
}

fn assigned(line: &str, sign: char) -> bool {
    let line = line.strip_prefix("export ").unwrap_or(line);
    line.split_once(sign).is_some_and(|(name, _)| is_name(name.trim()))
}

fn is_yaml_entry(line: &str) -> bool {
    line.split_once(": ")
        .is_some_and(|(name, _)| is_name(name.trim_matches(['"', '\''])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_syntax() {
        for (path, syntax) in [
            ("/etc/app/config.JSON", Syntax::Json),
            ("compose.yml", Syntax::Yaml),
            ("/etc/nginx/conf.d/default.conf", Syntax::Nginx),
            ("/etc/mysql/my.cnf", Syntax::Ini),
            ("/app/.env.local", Syntax::Ini),
            ("/etc/hosts", Syntax::Plain),
            ("", Syntax::Plain),
        ] {
            assert_eq!(of_path(path), syntax, "{path}");
        }
    }

    #[test]
    fn texts_tell_the_syntax() {
        for (text, syntax) in [
            ("  {\"a\": 1}", Syntax::Json),
            ("[1, 2]", Syntax::Json),
            ("[{\"a\": 1}]", Syntax::Json),
            ("# 注释\n[server]\nport=1\n", Syntax::Ini),
            ("A=1\nB=2\n", Syntax::Ini),
            ("# x\nserver:\n  port: 80\n  names:\n  - a\n", Syntax::Yaml),
            ("---\na\n", Syntax::Yaml),
            (
                "server {\n  listen 80;\n  location / {\n    root /a;\n  }\n}\n",
                Syntax::Nginx,
            ),
            ("hello world\nthis is a text\n", Syntax::Plain),
            ("", Syntax::Plain),
        ] {
            assert_eq!(of_text(text), syntax, "{text}");
        }
    }
}
