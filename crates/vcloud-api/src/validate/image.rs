//! References to container images.

use std::fmt;
use std::str::FromStr;

/// The registry where none is named.
pub const DEFAULT_REGISTRY: &str = "docker.io";
/// The tag where none is named.
pub const DEFAULT_TAG: &str = "latest";

/// What is wrong with an image reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// Nothing at all, or a tag alone: that is not an image called `latest`.
    #[error("no image is named")]
    Empty,
    /// It has a digest (`@sha256:…`).
    #[error("it must not have a digest (@…)")]
    Digest,
    /// The registry is not a host name.
    #[error("{registry:?} is not a registry")]
    Registry {
        /// What stands in its place.
        registry: String,
    },
    /// The registry's port is not 1 to 65535.
    #[error("{port:?} is not a port")]
    Port {
        /// What stands in its place.
        port: String,
    },
    /// An upper-case letter in the path.
    #[error("the path must be lower case: {segment:?}")]
    UpperCase {
        /// The segment of the path.
        segment: String,
    },
    /// Two `/` side by side or one at an edge.
    #[error("the path has an empty part")]
    EmptySegment,
    /// A part of the path has a character other than `a-z 0-9 . _ -`, or begins or ends with one of the last three.
    #[error("{segment:?} cannot be part of the path")]
    Segment {
        /// The segment of the path.
        segment: String,
    },
    /// The tag is empty, longer than 128, or has a character other than `A-Z a-z 0-9 . _ -`, or begins with `.` or `-`.
    #[error("{tag:?} is not a tag")]
    Tag {
        /// The tag.
        tag: String,
    },
}

/// A container image: `[registry[:port]/]path[:tag]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImageReference {
    registry: Option<String>,
    path: String,
    tag: String,
}

impl ImageReference {
    /// Reads a reference. The first part is a registry where it has a dot or a port, or is `localhost`. No tag means `latest`.
    ///
    /// # Errors
    /// Says which part cannot be right.
    pub fn parse(text: &str) -> Result<Self, ImageError> {
        if text.trim().is_empty() {
            return Err(ImageError::Empty);
        }
        if text.contains('@') {
            return Err(ImageError::Digest);
        }
        let (registry, rest) = match text.split_once('/') {
            Some((first, rest)) if first.contains(['.', ':']) || first.eq_ignore_ascii_case("localhost") => {
                (Some(registry(first)?), rest)
            }
            _ => (None, text),
        };
        let (path, tag) = match rest.rsplit_once(':') {
            Some((path, tag)) => (path, tag),
            None => (rest, DEFAULT_TAG),
        };
        if path.is_empty() {
            return Err(ImageError::Empty);
        }
        for segment in path.split('/') {
            check_segment(segment)?;
        }
        if !is_tag(tag) {
            return Err(ImageError::Tag { tag: tag.to_owned() });
        }
        Ok(Self {
            registry,
            path: path.to_owned(),
            tag: tag.to_owned(),
        })
    }

    /// The registry; [`DEFAULT_REGISTRY`] where none is named.
    pub fn registry(&self) -> &str {
        self.registry.as_deref().unwrap_or(DEFAULT_REGISTRY)
    }

    /// The path, without registry and tag.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The tag.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Registry (where one is named) and path, without tag: what `/k8s/images` asks for.
    pub fn repository(&self) -> String {
        match &self.registry {
            Some(registry) => format!("{registry}/{}", self.path),
            None => self.path.clone(),
        }
    }

    /// The user name that a private image is fetched with: the part of the path before the last `/`. `None` = it must be asked for.
    pub fn user_name(&self) -> Option<&str> {
        let (before, _) = self.path.rsplit_once('/')?;
        before.rsplit('/').next()
    }

    /// Whether both are the same image with the same tag, however they are written: `nginx` is `docker.io/library/nginx:latest`.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.tag == other.tag && self.is_same_repository_as(other)
    }

    /// The same, whatever the tag.
    pub fn is_same_repository_as(&self, other: &Self) -> bool {
        self.registry() == other.registry() && self.full_path() == other.full_path()
    }

    fn full_path(&self) -> &str {
        let path = self.path.as_str();
        if self.registry() == DEFAULT_REGISTRY {
            path.strip_prefix("library/").unwrap_or(path)
        } else {
            path
        }
    }
}

fn registry(text: &str) -> Result<String, ImageError> {
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if host.len() > 253 || !host.split('.').all(is_label) {
        return Err(ImageError::Registry {
            registry: host.to_owned(),
        });
    }
    if let Some(port) = port {
        let is_port = (1..=5).contains(&port.len())
            && port.bytes().all(|byte| byte.is_ascii_digit())
            && port.parse::<u16>().is_ok_and(|port| port > 0);
        if !is_port {
            return Err(ImageError::Port { port: port.to_owned() });
        }
    }
    Ok(text.to_ascii_lowercase())
}

fn check_segment(segment: &str) -> Result<(), ImageError> {
    let is_edge = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = segment.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return Err(ImageError::EmptySegment);
    };
    if bytes.iter().any(u8::is_ascii_uppercase) {
        return Err(ImageError::UpperCase {
            segment: segment.to_owned(),
        });
    }
    let is_right = is_edge(first) && is_edge(last) && bytes.iter().all(|byte| is_edge(byte) || b"._-".contains(byte));
    if is_right {
        Ok(())
    } else {
        Err(ImageError::Segment {
            segment: segment.to_owned(),
        })
    }
}

fn is_tag(tag: &str) -> bool {
    (1..=128).contains(&tag.len())
        && !tag.starts_with(['.', '-'])
        && tag
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

impl FromStr for ImageReference {
    type Err = ImageError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// With its tag, also where none was named.
impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.repository(), self.tag)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<(String, String, String), ImageError> {
        ImageReference::parse(text).map(|image| (image.registry().to_owned(), image.path, image.tag))
    }

    fn parts(registry: &str, path: &str, tag: &str) -> Result<(String, String, String), ImageError> {
        Ok((registry.to_owned(), path.to_owned(), tag.to_owned()))
    }

    #[test]
    fn images_have_registry_path_and_tag() {
        assert_eq!(parse("nginx"), parts("docker.io", "nginx", "latest"));
        assert_eq!(parse("nginx:1.27-alpine"), parts("docker.io", "nginx", "1.27-alpine"));
        assert_eq!(parse("myorg/my_app:v1"), parts("docker.io", "myorg/my_app", "v1"));
        assert_eq!(
            parse("ghcr.io/org/team/app:V1_2"),
            parts("ghcr.io", "org/team/app", "V1_2")
        );
        assert_eq!(
            parse("registry.example.com:5000/app"),
            parts("registry.example.com:5000", "app", "latest")
        );
        assert_eq!(parse("localhost/app:x"), parts("localhost", "app", "x"));
        assert_eq!(parse("localhost:5000/a/b"), parts("localhost:5000", "a/b", "latest"));
        assert_eq!(parse("GHCR.io/org/app"), parts("ghcr.io", "org/app", "latest"));
        assert_eq!(parse("a__b/c--d.e"), parts("docker.io", "a__b/c--d.e", "latest"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        use ImageError as E;
        for empty in ["", "  ", ":latest", "ghcr.io/:v1", "ghcr.io/"] {
            assert_eq!(parse(empty), Err(E::Empty), "{empty}");
        }
        assert_eq!(parse("nginx@sha256:abc"), Err(E::Digest));
        assert_eq!(
            parse("-a.com/x"),
            Err(E::Registry {
                registry: "-a.com".into()
            })
        );
        assert_eq!(
            parse("a..com/x"),
            Err(E::Registry {
                registry: "a..com".into()
            })
        );
        assert!(parse("a.com:1/x").is_ok() && parse("a.com:65535/x").is_ok());
        for port in ["0", "65536", "", "80a", "000080"] {
            assert_eq!(
                parse(&format!("a.com:{port}/x")),
                Err(E::Port { port: port.into() }),
                "{port}"
            );
        }
        assert_eq!(
            parse("MyOrg/app"),
            Err(E::UpperCase {
                segment: "MyOrg".into()
            })
        );
        for bad in ["a//b", "/a", "a/"] {
            assert_eq!(parse(bad), Err(E::EmptySegment), "{bad}");
        }
        assert_eq!(
            parse("nginx "),
            Err(E::Segment {
                segment: "nginx ".into()
            })
        );
        for segment in ["_a", "a-", "a b", "å", "a!b", ".a"] {
            assert_eq!(
                parse(&format!("x/{segment}:1")),
                Err(E::Segment {
                    segment: segment.into()
                }),
                "{segment}"
            );
        }
        for tag in ["", ".x", "-x", "a b", "ä", &"x".repeat(129)] {
            assert_eq!(
                parse(&format!("nginx:{tag}x").replace(&format!("{tag}x"), tag)),
                Err(E::Tag {
                    tag: tag.trim_end().into()
                }),
                "{tag}"
            );
        }
        assert!(parse(&format!("nginx:{}", "x".repeat(128))).is_ok());
        assert!(parse("a:b:c").is_err());
    }

    #[test]
    fn a_private_image_suggests_its_user_name() {
        let user = |text: &str| ImageReference::parse(text).unwrap().user_name().map(str::to_owned);
        assert_eq!(user("ghcr.io/org/app:v1").as_deref(), Some("org"));
        assert_eq!(user("org/team/app").as_deref(), Some("team"));
        assert_eq!(user("app"), None);
        assert_eq!(user("registry.example.com/app"), None);
    }

    #[test]
    fn the_same_image_is_recognised_in_other_words() {
        let image = |text: &str| ImageReference::parse(text).unwrap();
        assert!(image("nginx").is_same_as(&image("docker.io/library/nginx:latest")));
        assert!(!image("nginx:1").is_same_as(&image("nginx:2")));
        assert!(image("nginx:1").is_same_repository_as(&image("library/nginx:2")));
        assert!(!image("ghcr.io/library/x").is_same_as(&image("ghcr.io/x")));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}|[a-zA-Z0-9./:@_-]{0,40}") {
            if let Ok(image) = ImageReference::parse(&text) {
                prop_assert_eq!(ImageReference::parse(&image.to_string()), Ok(image));
            }
        }
    }
}
