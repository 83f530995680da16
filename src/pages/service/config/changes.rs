//! What changes in the configuration of a service, apart from any page.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use vcloud_api::Confidential;
use vcloud_api::types::{ConfigUpdate, EnvVar};
use vcloud_api::validate::{EnvNameError, env_name};

use crate::state::settings::Configured;

/// The configuration of one container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ContainerConfig {
    /// Its name.
    pub name: String,
    /// Where its file appears in it; empty where that is not known.
    pub path: String,
    /// Its file; `None` where it has none.
    pub file: Option<Confidential>,
    /// Its environment.
    pub env: Vec<EnvVar>,
}

/// The configuration of every container, in the order of the deployment.
pub fn containers(configured: &Configured) -> Vec<ContainerConfig> {
    let files = &configured.files.0;
    let mut found: Vec<ContainerConfig> = configured
        .deployment
        .containers
        .iter()
        .map(|container| {
            let deployed = (!container.config_mount_path.is_empty()).then_some(&container.config);
            ContainerConfig {
                name: container.name.clone(),
                path: container.config_mount_path.clone(),
                file: files
                    .get(&container.name)
                    .or(deployed)
                    .map(|text| Confidential::new(text.as_str())),
                env: container.envs.clone(),
            }
        })
        .collect();
    for (name, text) in files {
        if found.iter().all(|container| container.name != *name) {
            found.push(ContainerConfig {
                name: name.clone(),
                file: Some(Confidential::new(text.as_str())),
                ..ContainerConfig::default()
            });
        }
    }
    found
}

/// What is sent to get from one configuration to the other: only what changes, and the environment of a container only as a whole.
pub fn update(before: &[ContainerConfig], after: &[ContainerConfig]) -> ConfigUpdate {
    let mut update = ConfigUpdate::default();
    for container in after {
        let known = before.iter().find(|known| known.name == container.name);
        if let Some(file) = &container.file
            && known.and_then(|known| known.file.as_ref()) != Some(file)
        {
            update.config.insert(container.name.clone(), file.expose().to_owned());
        }
        let variables = by_name(&container.env);
        if known.map(|known| by_name(&known.env)).unwrap_or_default() != variables {
            update.environment.insert(container.name.clone(), variables);
        }
    }
    update
}

fn by_name(env: &[EnvVar]) -> BTreeMap<String, String> {
    let pair = |variable: &EnvVar| (variable.name.clone(), variable.value.expose().to_owned());
    env.iter().map(pair).collect()
}

/// What happens to a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is new.
    Added,
    /// It gets another value.
    Changed,
    /// It goes.
    Removed,
    /// It stays as it is.
    Kept,
}

/// A variable with what happens to it. Neither value prints.
#[derive(Clone, Debug, PartialEq)]
pub struct VariableChange {
    /// Its name.
    pub name: String,
    /// What happens to it.
    pub fate: Fate,
    /// Its value before.
    pub before: Option<Confidential>,
    /// Its value after.
    pub after: Option<Confidential>,
}

/// What happens to each variable of a container, in the order of their names.
pub fn variables(before: &[EnvVar], after: &[EnvVar]) -> Vec<VariableChange> {
    let (before, after) = (by_name(before), by_name(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names
        .into_iter()
        .map(|name| {
            let (old, new) = (before.get(name), after.get(name));
            let fate = match (old, new) {
                (None, _) => Fate::Added,
                (_, None) => Fate::Removed,
                (old, new) if old == new => Fate::Kept,
                _ => Fate::Changed,
            };
            VariableChange {
                name: name.clone(),
                fate,
                before: old.map(|value| Confidential::new(value.as_str())),
                after: new.map(|value| Confidential::new(value.as_str())),
            }
        })
        .collect()
}

/// What is wrong with a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableError {
    /// Its name breaks the rule.
    Name(EnvNameError),
    /// Another one has its name.
    Twice,
    /// It has no value.
    NoValue,
}

/// What is wrong with each variable, by its place. A row that nothing was typed into is no variable.
pub fn wrong_variables(rows: &[(String, String)]) -> Vec<Option<VariableError>> {
    let mut seen = BTreeSet::new();
    rows.iter()
        .map(|(name, value)| {
            if name.is_empty() && value.is_empty() {
                return None;
            }
            match env_name(name) {
                Err(error) => Some(VariableError::Name(error)),
                Ok(()) if !seen.insert(name) => Some(VariableError::Twice),
                Ok(()) if value.is_empty() => Some(VariableError::NoValue),
                Ok(()) => None,
            }
        })
        .collect()
}

/// What the platform did not take over, by container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Containers whose file is another one.
    pub files: Vec<String>,
    /// Containers with the names of variables that differ.
    pub variables: Vec<(String, Vec<String>)>,
}

impl Left {
    /// Whether everything was taken over.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.variables.is_empty()
    }
}

/// Compares what was sent with what is there.
pub fn left(sent: &ConfigUpdate, now: &[ContainerConfig]) -> Left {
    let there = |name: &String| now.iter().find(|container| container.name == *name);
    let same_file = |name: &String, text: &String| {
        let file = there(name).and_then(|container| container.file.as_ref());
        // A platform may keep a file with one line end more or less.
        file.is_some_and(|file| file.expose().trim_end() == text.trim_end())
    };
    let mut left = Left::default();
    for (name, text) in &sent.config {
        if !same_file(name, text) {
            left.files.push(name.clone());
        }
    }
    for (name, wanted) in &sent.environment {
        let found = there(name).map(|container| by_name(&container.env)).unwrap_or_default();
        let names: BTreeSet<&String> = wanted.keys().chain(found.keys()).collect();
        let differing: Vec<String> = names
            .into_iter()
            .filter(|variable| wanted.get(*variable) != found.get(*variable))
            .cloned()
            .collect();
        if !differing.is_empty() {
            left.variables.push((name.clone(), differing));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Vec<EnvVar> {
        let variable = |(name, value): &(&str, &str)| EnvVar {
            name: (*name).to_owned(),
            value: (*value).into(),
        };
        pairs.iter().map(variable).collect()
    }

    fn container(name: &str, file: Option<&str>, pairs: &[(&str, &str)]) -> ContainerConfig {
        ContainerConfig {
            name: name.to_owned(),
            path: String::new(),
            file: file.map(Confidential::new),
            env: env(pairs),
        }
    }

    fn configured() -> Configured {
        serde_json::from_value(serde_json::json!({ "containers": [
            { "name": "web", "configMountPath": "/etc/nginx/nginx.conf", "config": "old" },
            { "name": "api", "envs": [{ "name": "A", "value": "1" }] },
        ] }))
        .map(|deployment| Configured {
            deployment,
            files: serde_json::from_str(r#"{"web":"new","side":"x"}"#).expect("files"),
        })
        .expect("a deployment")
    }

    #[test]
    fn files_are_found_by_container_with_their_paths() {
        let found = containers(&configured());
        assert_eq!(found.len(), 3);
        let file = |at: usize| found[at].file.as_ref().map(Confidential::expose);
        assert_eq!(
            (file(0), found[0].path.as_str()),
            (Some("new"), "/etc/nginx/nginx.conf")
        );
        assert_eq!((file(1), found[1].env.len()), (None, 1));
        assert_eq!(
            (file(2), found[2].name.as_str()),
            (Some("x"), "side"),
            "the deployment does not know it"
        );
        assert!(!format!("{found:?}").contains("new"));
    }

    #[test]
    fn only_what_changes_is_sent_and_an_environment_as_a_whole() {
        let before = [
            container("web", Some("a"), &[("A", "1"), ("B", "2")]),
            container("api", Some("b"), &[("C", "3")]),
        ];
        assert_eq!(update(&before, &before), ConfigUpdate::default());
        let mut after = before.clone();
        after[0].env = env(&[("B", "2"), ("A", "9")]);
        after[1].file = Some("c".into());
        let sent = update(&before, &after);
        assert_eq!(sent.config, BTreeMap::from([("api".to_owned(), "c".to_owned())]));
        assert_eq!(sent.environment["web"].len(), 2, "also what stays");
        assert!(!sent.environment.contains_key("api"));
        after[0].env = env(&[("B", "2"), ("A", "1")]);
        after[1].file = before[1].file.clone();
        assert_eq!(
            update(&before, &after),
            ConfigUpdate::default(),
            "another order is no change"
        );
        after[1].env = Vec::new();
        assert_eq!(
            update(&before, &after).environment["api"],
            BTreeMap::new(),
            "all of them can go"
        );
    }

    #[test]
    fn each_variable_has_its_fate() {
        let fates: Vec<(String, Fate)> = variables(
            &env(&[("A", "1"), ("B", "2"), ("C", "3")]),
            &env(&[("D", "4"), ("B", "x"), ("C", "3")]),
        )
        .into_iter()
        .map(|change| (change.name, change.fate))
        .collect();
        let expected = [
            ("A", Fate::Removed),
            ("B", Fate::Changed),
            ("C", Fate::Kept),
            ("D", Fate::Added),
        ];
        assert_eq!(fates, expected.map(|(name, fate)| (name.to_owned(), fate)));
    }

    #[test]
    fn variables_are_checked_on_each_side_of_the_rule() {
        let wrong = |rows: &[(&str, &str)]| {
            let rows: Vec<(String, String)> = rows.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            wrong_variables(&rows)
        };
        assert_eq!(wrong(&[("", ""), ("A.b-c_1", "x")]), [None, None]);
        assert_eq!(wrong(&[("A", "1"), ("A", "2")]), [None, Some(VariableError::Twice)]);
        assert_eq!(wrong(&[("A", "")]), [Some(VariableError::NoValue)]);
        assert!(matches!(
            wrong(&[("1A", "x")])[0],
            Some(VariableError::Name(EnvNameError::Digit { .. }))
        ));
        assert!(matches!(
            wrong(&[("", "x")])[0],
            Some(VariableError::Name(EnvNameError::Empty))
        ));
        assert!(matches!(wrong(&[("a b", "x")])[0], Some(VariableError::Name(_))));
    }

    #[test]
    fn what_was_not_taken_over_is_named() {
        let sent = ConfigUpdate {
            config: BTreeMap::from([("web".to_owned(), "a\n".to_owned())]),
            environment: BTreeMap::from([("web".to_owned(), BTreeMap::from([("A".to_owned(), "1".to_owned())]))]),
        };
        assert!(left(&sent, &[container("web", Some("a"), &[("A", "1")])]).is_empty());
        let found = left(&sent, &[container("web", Some("b"), &[("A", "1"), ("OLD", "2")])]);
        assert_eq!(found.files, ["web"]);
        assert_eq!(found.variables, [("web".to_owned(), vec!["OLD".to_owned()])]);
        assert!(!left(&sent, &[]).is_empty());
    }
}
