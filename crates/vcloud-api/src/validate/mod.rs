//! The input rules (contract, Input rules), each with an error that says what is wrong.
//!
//! Errors are values without language, so that a page says them in its own; their `Display` is English, for servers and logs.
//! No regular expressions: they would cost the browser more than everything else here.

mod deployment;
mod deployment_error;
mod domain;
mod email;
mod image;
mod names;
mod path;

pub use deployment::MAXIMUM_PORT;
pub use deployment_error::{DeploymentError, Field, FieldError};
pub use domain::{CommonSuffixes, DomainError, SuffixLookup, base_domain, domain, is_first_under_base_domain};
pub use email::{EmailError, email};
pub use image::{DEFAULT_REGISTRY, DEFAULT_TAG, ImageError, ImageReference};
pub use names::{
    DESCRIPTION_LENGTH, DescriptionError, EnvNameError, MAXIMUM_NAME_LENGTH, NameError, container_name, description,
    env_name, label,
};
pub use path::{PathError, config_path, mount_path};
