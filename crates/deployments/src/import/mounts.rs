//! What is mounted into a container: a volume, a folder of the machine, or a file.

use super::Reason;
use super::draft::Draft;
use super::notes::Notes;

/// Endings of files that people mount one by one.
const FILES: &[&str] = &[
    "acl",
    "cfg",
    "cnf",
    "conf",
    "config",
    "crt",
    "css",
    "csv",
    "env",
    "hcl",
    "htm",
    "html",
    "htpasswd",
    "ini",
    "js",
    "json",
    "key",
    "lua",
    "pem",
    "php",
    "properties",
    "py",
    "rules",
    "sh",
    "sql",
    "template",
    "tmpl",
    "toml",
    "txt",
    "vcl",
    "xml",
    "yaml",
    "yml",
];

/// Files without an ending that people mount one by one.
const NAMED_FILES: &[&str] = &[
    "caddyfile",
    "vcl",
    "hosts",
    "passwd",
    "pg_hba",
    "corefile",
    "dockerfile",
];

/// What belongs to the machine that containers ran on, and is not there elsewhere.
const OF_THE_MACHINE: &[&str] = &[
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/etc/localtime",
    "/etc/timezone",
    "/proc",
    "/sys",
    "/dev",
    "/lib/modules",
    "/var/lib/docker",
    "/run/dbus",
    "/tmp/.X11-unix",
];

/// What is mounted.
pub(super) struct Mount<'a> {
    /// The volume's name, or the path on the machine; empty for a volume without a name.
    pub(super) source: &'a str,
    /// The path in the container.
    pub(super) target: &'a str,
    /// Whether it asks for something that the disk does not do: reading only, a part of it.
    pub(super) has_options: bool,
    /// Where it stands.
    pub(super) path: &'a str,
    /// What stands there.
    pub(super) shown: &'a str,
}

/// Whether the source of a mount is a path on the machine and not the name of a volume.
pub(super) fn is_path(source: &str) -> bool {
    source.starts_with(['.', '/', '~', '$', '\\']) || source.contains(['/', '\\']) || is_drive(source)
}

/// `C:` and the like.
fn is_drive(source: &str) -> bool {
    let bytes = source.as_bytes();
    bytes.len() > 1 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':'
}

/// Divides `source:target:options`, where the source may begin with a drive.
pub(super) fn divide(text: &str) -> (Option<&str>, &str, &str) {
    let start = match text.get(2..3) {
        Some("\\" | "/") if is_drive(text) => 2,
        _ => 0,
    };
    let Some(colon) = text[start..].find(':').map(|at| at + start) else {
        return (None, text, "");
    };
    let (source, rest) = (&text[..colon], &text[colon + 1..]);
    match rest.rsplit_once(':') {
        Some((target, options)) => (Some(source), target, options),
        None => (Some(source), rest, ""),
    }
}

/// Whether the options of `source:target:options` ask for something that the disk does not do.
pub(super) fn asks_for_more(options: &str) -> bool {
    options
        .split(',')
        .any(|option| !matches!(option, "" | "rw" | "z" | "Z" | "cached" | "delegated" | "consistent"))
}

/// Whether a path on the machine is that of a file, as far as the names tell.
fn is_file(source: &str, target: &str) -> bool {
    let name = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    let looks_like_one = |name: String| {
        NAMED_FILES.contains(&name.as_str())
            || name.starts_with(".env")
            || name
                .rsplit_once('.')
                .is_some_and(|(stem, ending)| !stem.is_empty() && FILES.contains(&ending))
    };
    looks_like_one(name(source)) && (looks_like_one(name(target)) || name(source) == name(target))
}

/// Mounts a volume or a path of the machine; `contents` has what is in files that the text itself writes.
pub(super) fn add(mount: &Mount<'_>, contents: Option<&str>, draft: &mut Draft, notes: &mut Notes) {
    let Mount {
        source,
        target,
        path,
        shown,
        ..
    } = *mount;
    if !target.starts_with('/') {
        notes.add(path, shown, Reason::NotUnderstood);
        return;
    }
    if !is_path(source) {
        if draft.mount(source, target, path, shown, notes) && mount.has_options {
            notes.add(path, shown, Reason::MountOption);
        }
        return;
    }
    let belongs =
        |place: &&&str| source == **place || source.strip_prefix(**place).is_some_and(|rest| rest.starts_with('/'));
    if let Some(contents) = contents {
        draft.config(target, contents, path, shown, notes);
    } else if OF_THE_MACHINE.iter().any(|place| belongs(&place)) || source.ends_with(".sock") {
        notes.add(path, shown, Reason::NotSupported);
    } else if is_file(source, target) {
        if draft.config(target, "", path, shown, notes) {
            let reason = Reason::NeedsAFile {
                path: source.to_owned(),
            };
            notes.add(path, shown, reason);
        }
    } else if draft.mount(source, target, path, shown, notes) {
        notes.add(path, shown, Reason::HostPathIsNotKept);
        if mount.has_options {
            notes.add(path, shown, Reason::MountOption);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts_are_divided() {
        assert_eq!(divide("data:/data"), (Some("data"), "/data", ""));
        assert_eq!(divide("./a:/b:ro"), (Some("./a"), "/b", "ro"));
        assert_eq!(divide("/data"), (None, "/data", ""));
        assert_eq!(
            divide("C:\\Users\\我\\data:/data:ro"),
            (Some("C:\\Users\\我\\data"), "/data", "ro")
        );
        assert_eq!(divide("c:/data:/data"), (Some("c:/data"), "/data", ""));
        assert_eq!(divide("数据:/data"), (Some("数据"), "/data", ""));
    }

    #[test]
    fn files_are_told_from_folders() {
        for (source, target) in [
            ("./nginx.conf", "/etc/nginx/nginx.conf"),
            ("./my.conf", "/etc/nginx/conf.d/default.conf"),
            ("./Caddyfile", "/etc/caddy/Caddyfile"),
            ("C:\\a\\app.yaml", "/app/config.yaml"),
        ] {
            assert!(is_file(source, target), "{source}");
        }
        for (source, target) in [
            ("./data", "/data"),
            ("./html", "/usr/share/nginx/html"),
            ("./conf.d", "/etc/nginx/conf.d"),
            ("/srv/example.com", "/var/www/example.com"),
        ] {
            assert!(!is_file(source, target), "{source}");
        }
    }
}
