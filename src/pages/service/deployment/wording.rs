//! What the form says: what is wrong with a part, and what things are called.

use deployments::env_file::LineError;
use deployments::import::{Format, ImportError, Reason};
use vcloud_api::types::Deployment;
use vcloud_api::validate::DeploymentError;

use super::form::Problem;
use crate::i18n::{self, Plural, Text};
use crate::pages::rule_words;

/// What a container is called: its name, or its number while it has none (tracked).
pub fn container_title(index: usize, name: &str) -> String {
    let name = name.trim();
    if name.is_empty() {
        i18n::text_with(Text::DeployContainerNumber, &[("number", &(index + 1).to_string())])
    } else {
        name.to_owned()
    }
}

/// What is wrong, in a sentence (tracked).
pub fn problem(problem: &Problem, deployment: &Deployment) -> String {
    match problem {
        Problem::Rule(error) => rule(error, deployment),
        Problem::UnclosedQuote => i18n::text(Text::DeployUnclosedQuote).to_owned(),
        Problem::ConfigWithoutPath => i18n::text(Text::DeployConfigWithoutPath).to_owned(),
        Problem::Said(message) => i18n::text_with(Text::DeployPlatformSays, &[("message", message)]),
    }
}

fn rule(error: &DeploymentError, deployment: &Deployment) -> String {
    let title = |index: usize| {
        let name = deployment
            .containers
            .get(index)
            .map(|container| container.name.as_str());
        container_title(index, name.unwrap_or_default())
    };
    let number = |count: usize| i18n::number(count as u64);
    match error {
        DeploymentError::NoContainer => i18n::text(Text::DeployNoContainer).to_owned(),
        DeploymentError::UnknownSize { found } => i18n::text_with(Text::DeployUnknownSize, &[("found", found)]),
        DeploymentError::TooManyContainers { count, units } => i18n::text_with(
            Text::DeployTooManyContainers,
            &[("count", &number(*count)), ("units", &units.to_string())],
        ),
        DeploymentError::Name(error) => rule_words::container_name(*error),
        DeploymentError::SameName { first } => i18n::text_with(Text::DeploySameName, &[("container", &title(*first))]),
        DeploymentError::Image(error) => rule_words::image(error),
        DeploymentError::SameImage { first } => {
            i18n::text_with(Text::DeploySameImage, &[("container", &title(*first))])
        }
        DeploymentError::NoUnits => i18n::text(Text::DeployNoUnits).to_owned(),
        DeploymentError::TooManyUnits { sum, units } => i18n::text_with(
            Text::DeployTooManyUnits,
            &[("sum", &i18n::number(*sum)), ("units", &units.to_string())],
        ),
        DeploymentError::TooManyPorts { count, units } => i18n::text_with(
            Text::DeployTooManyPorts,
            &[("count", &number(*count)), ("units", &units.to_string())],
        ),
        DeploymentError::NotAPort { .. } => i18n::text(Text::DeployNotAPort).to_owned(),
        DeploymentError::SamePort { port, first } => i18n::text_with(
            Text::DeploySamePort,
            &[("port", &port.to_string()), ("container", &title(*first))],
        ),
        DeploymentError::HostPortNotChosen => i18n::text(Text::DeployHostPortNotChosen).to_owned(),
        DeploymentError::Protocol { protocol } => i18n::text_with(Text::DeployProtocolWrong, &[("protocol", protocol)]),
        DeploymentError::EnvName(error) => rule_words::env_name(*error),
        DeploymentError::EmptyEnvValue => i18n::text(Text::DeployEmptyValue).to_owned(),
        DeploymentError::Path(error) => rule_words::path(*error).to_owned(),
        DeploymentError::DiskNotMounted => i18n::text(Text::DeployDiskNotMounted).to_owned(),
        DeploymentError::EmptyConfig => i18n::text(Text::DeployEmptyConfig).to_owned(),
        // The form gives one login for each container.
        DeploymentError::LoginCount { .. } | DeploymentError::NoUsername => {
            i18n::text(Text::DeployNoUsername).to_owned()
        }
        DeploymentError::NoPassword => i18n::text(Text::DeployNoPassword).to_owned(),
    }
}

/// What a format is called (tracked).
pub fn format(format: Format) -> &'static str {
    i18n::text(match format {
        Format::ClientJson => Text::ImportFormatClient,
        Format::Compose => Text::ImportFormatCompose,
        Format::DockerRun => Text::ImportFormatDocker,
        Format::Manifest => Text::ImportFormatManifest,
    })
}

/// Why something is not carried over (tracked).
pub fn reason(reason: &Reason) -> String {
    let plain = |key: Text| i18n::text(key).to_owned();
    let with = |key: Text, name: &str, value: &str| i18n::text_with(key, &[(name, value)]);
    match reason {
        Reason::NothingLost => plain(Text::ImportNothingLost),
        Reason::UnitsDecide => plain(Text::ImportUnitsDecide),
        Reason::NotUnderstood => plain(Text::ImportNotUnderstood),
        Reason::BuildsAnImage => plain(Text::ImportBuildsAnImage),
        Reason::NeedsAFile { path } => with(Text::ImportNeedsAFile, "path", path),
        Reason::SecondMountPath => plain(Text::ImportSecondMountPath),
        Reason::SecondConfig => plain(Text::ImportSecondConfig),
        Reason::HostPathIsNotKept => plain(Text::ImportHostPathIsNotKept),
        Reason::MountOption => plain(Text::ImportMountOption),
        Reason::HostAddress => plain(Text::ImportHostAddress),
        Reason::PortRange { count } => i18n::plural(Plural::ImportPortRange, u64::from(*count)),
        Reason::Digest => plain(Text::ImportDigest),
        Reason::Interpolation { name } => with(Text::ImportInterpolation, "name", name),
        Reason::InterpolationDefault { name } => with(Text::ImportInterpolationDefault, "name", name),
        Reason::CommandSubstitution => plain(Text::ImportCommandSubstitution),
        Reason::OtherKind { kind } => with(Text::ImportOtherKind, "kind", kind),
        Reason::OtherCommand => plain(Text::ImportOtherCommand),
        Reason::NotInTheText { kind, name } => {
            i18n::text_with(Text::ImportNotInTheText, &[("kind", kind), ("name", name)])
        }
        Reason::Renamed { to } => with(Text::ImportRenamed, "name", to),
        Reason::Overridden => plain(Text::ImportOverridden),
        Reason::HostName { name } => with(Text::ImportHostName, "name", name),
        _ => plain(Text::ImportNotSupported),
    }
}

/// Why nothing could be read (tracked).
pub fn import_error(error: &ImportError) -> String {
    let at = |line: usize, column: usize, problem: &str| {
        let (line, column) = (line.to_string(), column.to_string());
        let values = [
            ("line", line.as_str()),
            ("column", column.as_str()),
            ("problem", problem),
        ];
        i18n::text_with(Text::EditorProblem, &values)
    };
    match error {
        ImportError::Syntax(error) => at(error.line, error.column, &error.message),
        ImportError::Shell { line, column, problem } => at(*line, *column, &problem.to_string()),
        ImportError::NotRecognised => i18n::text(Text::ImportNotRecognised).to_owned(),
        ImportError::NoContainers => i18n::text(Text::ImportNoContainers).to_owned(),
        ImportError::TooLarge => i18n::text(Text::EditorTooLarge).to_owned(),
    }
}

/// What is wrong with a line of a `.env` file (tracked).
pub fn env_line(line: usize, error: &LineError) -> String {
    let problem = match error {
        LineError::Name(error) => rule_words::env_name(*error),
        LineError::NoValue { name } => i18n::text_with(Text::DeployEnvNoValue, &[("name", name)]),
        LineError::UnclosedQuote => i18n::text(Text::DeployUnclosedQuote).to_owned(),
        LineError::AfterQuote => i18n::text(Text::DeployEnvAfterQuote).to_owned(),
        LineError::Unknown { name } => i18n::text_with(Text::DeployEnvUnknown, &[("name", name)]),
        LineError::Again { name } => i18n::text_with(Text::DeployEnvAgain, &[("name", name)]),
    };
    i18n::text_with(
        Text::DeployEnvLine,
        &[("line", &line.to_string()), ("problem", &problem)],
    )
}
