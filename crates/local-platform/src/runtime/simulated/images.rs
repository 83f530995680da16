//! Images as registries know them: names, which exist, which are private, how large they are.

use super::super::{ImageCheck, RegistryLogin};

/// Registries that exist in the simulation; an image of any other can not be pulled.
const REGISTRIES: [&str; 9] = [
    "docker.io",
    "ghcr.io",
    "quay.io",
    "gcr.io",
    "registry.k8s.io",
    "mcr.microsoft.com",
    "public.ecr.aws",
    "registry.gitlab.com",
    "registry.cn-hangzhou.aliyuncs.com",
];

/// Compressed megabytes of common images, by the last segment of their path.
const SIZES: [(&str, u64); 25] = [
    ("alpine", 4),
    ("busybox", 2),
    ("counter", 3),
    ("crash", 88),
    ("debian", 49),
    ("flood", 3),
    ("golang", 310),
    ("hello-world", 1),
    ("httpd", 58),
    ("json-logger", 21),
    ("mariadb", 118),
    ("memcached", 32),
    ("mongo", 290),
    ("mysql", 232),
    ("nginx", 72),
    ("node", 391),
    ("openjdk", 240),
    ("postgres", 154),
    ("python", 358),
    ("rabbitmq", 112),
    ("redis", 45),
    ("tomcat", 205),
    ("ubuntu", 30),
    ("uncreatable", 3),
    ("wordpress", 245),
];

/// An image's name taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ImageName {
    /// `docker.io` where none is written.
    pub(super) registry: String,
    /// With `library/` for Docker Hub's own images.
    pub(super) path: String,
    /// `latest` where none is written.
    pub(super) tag: String,
}

impl ImageName {
    /// Takes a name like `nginx`, `alice/shop:1.2`, `ghcr.io/owner/name:tag` or `host:5000/name` apart. `None` when it is not
    /// an image's name. Digests are refused (contract, Input rules).
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (first, rest) = text.split_once('/').unzip();
        let is_registry = |name: &str| name.contains(['.', ':']) || name == "localhost";
        let (registry, remainder) = match (first, rest) {
            (Some(first), Some(rest)) if is_registry(first) => (first, rest),
            _ => ("docker.io", text),
        };
        let (path, tag) = remainder.split_once(':').unwrap_or((remainder, "latest"));
        if !valid_registry(registry) || !path.split('/').all(valid_segment) || !valid_tag(tag) {
            return None;
        }
        let path = if registry == "docker.io" && !path.contains('/') {
            format!("library/{path}")
        } else {
            path.to_owned()
        };
        Some(Self {
            registry: registry.to_owned(),
            path,
            tag: tag.to_owned(),
        })
    }

    /// The name in full: `docker.io/library/nginx:latest`.
    pub(super) fn full(&self) -> String {
        format!("{}/{}:{}", self.registry, self.path, self.tag)
    }

    /// The last segment of the path: `nginx`.
    pub(super) fn short(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Compressed size in megabytes; for unknown images any plausible one.
    fn megabytes(&self) -> u64 {
        let known = SIZES
            .iter()
            .find(|(name, _)| *name == self.short())
            .map(|(_, size)| *size);
        let size = known.unwrap_or_else(|| 40 + super::dice::hash_text(&self.path) % 120);
        if self.tag.contains("alpine") || self.tag.contains("slim") {
            size / 4 + 2
        } else {
            size
        }
    }

    /// Milliseconds that pulling takes on the simulated machines: a little for the manifest, the rest at 60 MB/s.
    pub(super) fn pull_milliseconds(&self) -> u64 {
        350 + self.megabytes() * 1000 / 60
    }

    /// Whether it is there and this login may pull it.
    ///
    /// Missing: other registries than the well-known ones, and names or tags that contain `does-not-exist` or `missing`.
    /// Private: everything of the owner `alice`, and paths with `private` in them; any password but an empty one or `wrong`
    /// opens them. A wrong login is refused for public images as well, as registries do.
    pub(super) fn check(&self, login: Option<&RegistryLogin>) -> ImageCheck {
        let login = login.filter(|login| !login.is_empty());
        let named = |word: &str| self.path.contains(word) || self.tag.contains(word);
        if !REGISTRIES.contains(&self.registry.as_str()) || named("does-not-exist") || named("missing") {
            return ImageCheck::Missing;
        }
        let private = self.path.starts_with("alice/") || self.path.contains("private");
        match login {
            Some(login) if login.password.is_empty() || login.password == "wrong" => ImageCheck::NeedsLogin,
            None if private => ImageCheck::NeedsLogin,
            _ => ImageCheck::Exists,
        }
    }

    /// Why a machine fails to pull it, given what its registry said: the code of the error, and the cause. `None` where it pulls it.
    ///
    /// `vcloud/unpullable` is known to its registry, which gives it to nobody.
    pub(super) fn pull_failure(&self, check: ImageCheck) -> Option<(&'static str, &'static str)> {
        match check {
            ImageCheck::NeedsLogin => Some((
                "NotFound",
                "pull access denied, repository does not exist or may require authorization: server message: \
                 insufficient_scope: authorization failed",
            )),
            ImageCheck::Missing | ImageCheck::BadFormat => Some(("NotFound", "not found")),
            ImageCheck::Exists if self.path == "vcloud/unpullable" => Some((
                "Unknown",
                "429 Too Many Requests - toomanyrequests: You have reached your pull rate limit",
            )),
            ImageCheck::Exists => None,
        }
    }

    /// Whether no container can be made of it: `vcloud/uncreatable` wants to run as a user that the machines allow nobody.
    pub(super) fn is_uncreatable(&self) -> bool {
        self.path == "vcloud/uncreatable"
    }
}

fn valid_registry(text: &str) -> bool {
    let (host, port) = text.split_once(':').unwrap_or((text, "443"));
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    host.split('.').all(label) && port.parse::<u16>().is_ok_and(|port| port > 0)
}

fn valid_segment(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let Some((first, last)) = bytes.first().zip(bytes.last()) else {
        return false;
    };
    letter(*first)
        && letter(*last)
        && bytes.iter().all(|byte| letter(*byte) || b"._-".contains(byte))
        && !text.contains("..")
}

fn valid_tag(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= 128
        && text.bytes().next().is_some_and(word)
        && text.bytes().all(|byte| word(byte) || byte == b'.' || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full(text: &str) -> Option<String> {
        ImageName::parse(text).map(|name| name.full())
    }

    fn check(text: &str, password: Option<&str>) -> ImageCheck {
        let login = password.map(|password| RegistryLogin {
            username: "alice".into(),
            password: password.into(),
        });
        ImageName::parse(text).map_or(ImageCheck::BadFormat, |name| name.check(login.as_ref()))
    }

    #[test]
    fn names_are_completed_as_docker_does() {
        assert_eq!(full("nginx").as_deref(), Some("docker.io/library/nginx:latest"));
        assert_eq!(full("alice/shop:1.2").as_deref(), Some("docker.io/alice/shop:1.2"));
        assert_eq!(full("ghcr.io/owner/name:v1").as_deref(), Some("ghcr.io/owner/name:v1"));
        assert_eq!(
            full("localhost:5000/name").as_deref(),
            Some("localhost:5000/name:latest")
        );
    }

    #[test]
    fn what_is_no_image_name_is_refused() {
        for text in [
            "",
            "Nginx",
            "nginx:",
            "nginx@sha256:abc",
            "a//b",
            "/nginx",
            "nginx:a:b",
            "-nginx",
            "nginx:.x",
            "host:0/x",
            "a b",
        ] {
            assert_eq!(full(text), None, "{text}");
        }
    }

    #[test]
    fn registries_know_what_is_missing_and_what_is_private() {
        assert_eq!(check("nginx:1.27", None), ImageCheck::Exists);
        assert_eq!(check("nginx:does-not-exist", None), ImageCheck::Missing);
        assert_eq!(check("someone/missing-thing", None), ImageCheck::Missing);
        assert_eq!(check("registry.example.org/nginx", None), ImageCheck::Missing);
        assert_eq!(check("alice/nginx:1.23", None), ImageCheck::NeedsLogin);
        assert_eq!(check("alice/nginx:1.23", Some("wrong")), ImageCheck::NeedsLogin);
        assert_eq!(check("alice/nginx:1.23", Some("token")), ImageCheck::Exists);
        assert_eq!(check("ghcr.io/owner/private-app", None), ImageCheck::NeedsLogin);
        assert_eq!(check("NGINX", None), ImageCheck::BadFormat);
    }

    #[test]
    fn larger_images_take_longer_to_pull() {
        let time = |text: &str| ImageName::parse(text).map(|name| name.pull_milliseconds());
        assert!(time("busybox") < time("nginx:alpine"));
        assert!(time("nginx:alpine") < time("nginx"));
        assert!(time("nginx") < time("node"));
    }
}
