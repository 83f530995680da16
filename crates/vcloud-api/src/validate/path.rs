//! Paths inside a container.

/// What is wrong with a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// Nothing at all.
    #[error("it is empty")]
    Empty,
    /// It does not begin with `/`.
    #[error("it must begin with /")]
    Relative,
    /// Two `/` side by side, or one at its end.
    #[error("it must not have // inside or / at its end")]
    EmptySegment,
    /// It has a segment `..`.
    #[error("it must not contain ..")]
    Parent,
    /// White space or a control character.
    #[error("it must not contain white space")]
    WhiteSpace,
}

/// Where the disk appears in a container: an absolute path, with no empty segment, no `..` and no white space.
///
/// # Errors
/// Says what is wrong with it.
pub fn mount_path(text: &str) -> Result<(), PathError> {
    absolute(text)
}

/// Where a config file appears in a container: the absolute path of a file.
///
/// # Errors
/// Says what is wrong with it.
pub fn config_path(text: &str) -> Result<(), PathError> {
    absolute(text)
}

fn absolute(text: &str) -> Result<(), PathError> {
    if text.is_empty() {
        return Err(PathError::Empty);
    }
    let path = text.strip_prefix('/').ok_or(PathError::Relative)?;
    if path.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(PathError::WhiteSpace);
    }
    if path.split('/').any(|segment| segment == "..") {
        return Err(PathError::Parent);
    }
    if path.split('/').any(str::is_empty) {
        Err(PathError::EmptySegment)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for good in [
            "/data",
            "/my-data",
            "/etc/nginx/nginx.conf",
            "/a_b/.hidden",
            "/数据",
            "/..a",
        ] {
            assert_eq!(mount_path(good), Ok(()), "{good}");
            assert_eq!(config_path(good), Ok(()), "{good}");
        }
        assert_eq!(mount_path(""), Err(PathError::Empty));
        for bad in ["data", "./data", "~/data"] {
            assert_eq!(mount_path(bad), Err(PathError::Relative), "{bad}");
        }
        for bad in ["/", "//", "/a//b", "/a/"] {
            assert_eq!(mount_path(bad), Err(PathError::EmptySegment), "{bad}");
        }
        for bad in ["/..", "/a/../b", "/a/.."] {
            assert_eq!(mount_path(bad), Err(PathError::Parent), "{bad}");
        }
        for bad in ["/a b", "/a\tb", "/a\n", "/a\u{a0}b", "/a\0b"] {
            assert_eq!(mount_path(bad), Err(PathError::WhiteSpace), "{bad}");
        }
    }
}
