//! What runs in a service.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::secret::Confidential;
use crate::wire;

/// The containers of a service and how to get their images.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Deployment {
    /// The containers.
    #[serde(deserialize_with = "wire::containers")]
    pub containers: Vec<Container>,
    /// How to get private images, one entry per container, empty for a public image.
    #[serde(deserialize_with = "logins")]
    pub pvt_login: Vec<Login>,
}

/// One container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Container {
    /// Its name, unique in the service.
    #[serde(deserialize_with = "wire::identifier")]
    pub name: String,
    /// Its image, see [`crate::validate::ImageReference`].
    #[serde(deserialize_with = "wire::identifier")]
    pub image_name: String,
    /// How many of the service's units it gets.
    #[serde(deserialize_with = "wire::integer")]
    pub resource_unit: u32,
    /// The ports it listens on.
    #[serde(deserialize_with = "wire::parts")]
    pub ports: Vec<Port>,
    /// Its environment.
    #[serde(deserialize_with = "wire::parts")]
    pub envs: Vec<EnvVar>,
    /// Where the disk appears in it; empty = nowhere.
    #[serde(deserialize_with = "wire::text")]
    pub mount_path: String,
    /// Replaces the image's entry point; empty = as in the image.
    pub command: CommandLine,
    /// Replaces the image's arguments; empty = as in the image.
    pub args: CommandLine,
    /// Where the config file appears in it; empty = no config file.
    #[serde(deserialize_with = "wire::text")]
    pub config_mount_path: String,
    /// Contents of the config file.
    #[serde(deserialize_with = "wire::text")]
    pub config: String,
}

/// A port of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Port {
    /// The port it listens on, 1 to 65535. Wider than a port, so that a wrong value is refused by name instead of failing to decode.
    #[serde(deserialize_with = "wire::integer")]
    pub container_port: u32,
    /// The port on the host, where the service lets its owner choose.
    #[serde(deserialize_with = "wire::optional_integer", skip_serializing_if = "Option::is_none")]
    pub host_port: Option<u32>,
    /// The protocol.
    pub protocol: Protocol,
}

/// The protocol of a port; TCP where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// TCP.
    #[default]
    Tcp,
    /// UDP.
    Udp,
    /// One that services cannot have, kept as it came.
    Other(String),
}

impl Protocol {
    /// The text on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Protocol::Tcp => "TCP",
            Protocol::Udp => "UDP",
            Protocol::Other(text) => text,
        }
    }
}

impl From<&str> for Protocol {
    fn from(text: &str) -> Self {
        match text.to_ascii_uppercase().as_str() {
            "" | "TCP" => Self::Tcp,
            "UDP" => Self::Udp,
            _ => Self::Other(text.to_owned()),
        }
    }
}

impl Serialize for Protocol {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl std::fmt::Display for Protocol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Protocol {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(wire::text(deserializer)?.as_str()))
    }
}

/// A variable of a container's environment. Its value may be a password: it does not print.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EnvVar {
    /// Its name.
    #[serde(deserialize_with = "wire::text")]
    pub name: String,
    /// Its value.
    pub value: Confidential,
}

/// How to get a private image. Both are empty for a public one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Login {
    /// User name at the registry.
    #[serde(deserialize_with = "wire::text")]
    pub username: String,
    /// Password or token.
    pub password: Confidential,
}

impl Login {
    /// For an image that everybody may read.
    pub fn public() -> Self {
        Self::default()
    }

    /// Whether it says nothing.
    pub fn is_public(&self) -> bool {
        self.username.is_empty() && self.password.is_empty()
    }
}

/// `null` in this list stands for a public image: dropping it would move the others to the wrong container.
fn logins<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Login>, D::Error> {
    let entries = Option::<Vec<Option<Login>>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(entries.into_iter().map(Option::unwrap_or_default).collect())
}

/// A command or its arguments. One client sends one string, another a list: both are kept as they came, so that
/// sending a deployment back changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandLine {
    /// One string.
    Text(String),
    /// Word by word.
    Words(Vec<String>),
}

impl Default for CommandLine {
    fn default() -> Self {
        Self::Words(Vec::new())
    }
}

impl CommandLine {
    /// What a person typed, as words: quotes (`'…'`, `"…"`) keep white space together, a backslash takes the next
    /// character as it is (not inside single quotes). Nothing else is interpreted: no variables, no shell.
    ///
    /// # Errors
    /// Where a quote is not closed or a backslash ends the text.
    pub fn parse(text: &str) -> Result<Self, UnclosedQuote> {
        split_words(text).map(Self::Words)
    }

    /// The words that it consists of; a string that does not divide cleanly is divided at white space, as the terminal client does.
    pub fn words(&self) -> Vec<String> {
        match self {
            CommandLine::Words(words) => words.clone(),
            CommandLine::Text(text) => {
                split_words(text).unwrap_or_else(|_| text.split_whitespace().map(str::to_owned).collect())
            }
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        match self {
            CommandLine::Words(words) => words.is_empty(),
            CommandLine::Text(text) => text.trim().is_empty(),
        }
    }
}

/// As a person would type it: words with quotes where they are needed. [`CommandLine::parse`] reads it back.
impl std::fmt::Display for CommandLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = match self {
            CommandLine::Text(text) => return f.write_str(text),
            CommandLine::Words(words) => words,
        };
        for (index, word) in words.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            let is_plain =
                !word.is_empty() && !word.contains(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '\\'));
            if is_plain {
                f.write_str(word)?;
            } else {
                write!(f, "'{}'", word.replace('\'', "'\\''"))?;
            }
        }
        Ok(())
    }
}

impl From<Vec<String>> for CommandLine {
    fn from(words: Vec<String>) -> Self {
        Self::Words(words)
    }
}

impl Serialize for CommandLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            CommandLine::Text(text) => serializer.serialize_str(text),
            CommandLine::Words(words) => words.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for CommandLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Null => Ok(Self::default()),
            Value::String(text) if text.is_empty() => Ok(Self::default()),
            Value::String(text) => Ok(Self::Text(text)),
            Value::Array(words) => words
                .into_iter()
                .map(|word| wire::text_of(word).map_err(D::Error::custom))
                .collect::<Result<_, _>>()
                .map(Self::Words),
            _ => Err(D::Error::custom("expected a command as a text or a list of texts")),
        }
    }
}

/// A command line with a quote that is not closed, or a backslash at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a quote is not closed, or a backslash ends the text")]
pub struct UnclosedQuote;

fn split_words(text: &str) -> Result<Vec<String>, UnclosedQuote> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next().ok_or(UnclosedQuote)? {
                        '\'' => break,
                        inside => word.push(inside),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next().ok_or(UnclosedQuote)? {
                        '"' => break,
                        '\\' => word.push(characters.next().ok_or(UnclosedQuote)?),
                        inside => word.push(inside),
                    }
                }
            }
            '\\' => word
                .get_or_insert_default()
                .push(characters.next().ok_or(UnclosedQuote)?),
            space if space.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_a_command_are_kept_as_they_came() {
        let json = r#"{"containers":[{"name":"web","command":"node server.js","args":["--port","80"]}],"pvtLogin":[null,{"username":"u","password":"p"}]}"#;
        let deployment: Deployment = serde_json::from_str(json).unwrap();
        let container = &deployment.containers[0];
        assert_eq!(container.command, CommandLine::Text("node server.js".into()));
        assert_eq!(container.command.words(), ["node", "server.js"]);
        assert_eq!(container.args.words(), ["--port", "80"]);
        assert!(container.mount_path.is_empty() && container.ports.is_empty());
        assert!(deployment.pvt_login[0].is_public());
        assert_eq!(deployment.pvt_login[1].username, "u");
        let back = serde_json::to_value(&deployment).unwrap();
        assert_eq!(back["containers"][0]["command"], "node server.js");
        assert_eq!(back["containers"][0]["args"][1], "80");
        assert_eq!(serde_json::from_value::<Deployment>(back).unwrap(), deployment);
    }

    #[test]
    fn missing_and_null_fields_are_empty() {
        let json = r#"{"containers":[{"name":"a","ports":null,"envs":null,"mountPath":null,"command":null,"args":"","configMountPath":null}],"pvtLogin":null}"#;
        let deployment: Deployment = serde_json::from_str(json).unwrap();
        assert!(deployment.containers[0].command.is_empty() && deployment.containers[0].args.is_empty());
        assert!(deployment.pvt_login.is_empty());
        assert_eq!(serde_json::from_str::<Deployment>("{}").unwrap(), Deployment::default());
        assert!(serde_json::from_str::<Container>("{\"command\":7}").is_err());
    }

    #[test]
    fn ports_default_to_tcp_and_take_numbers_as_strings() {
        let port: Port = serde_json::from_str("{\"containerPort\":\"80\"}").unwrap();
        assert_eq!(
            (port.container_port, port.host_port, port.protocol.clone()),
            (80, None, Protocol::Tcp)
        );
        assert_eq!(
            serde_json::to_string(&port).unwrap(),
            "{\"containerPort\":80,\"protocol\":\"TCP\"}"
        );
        let port: Port =
            serde_json::from_str("{\"containerPort\":53,\"hostPort\":30053,\"protocol\":\"udp\"}").unwrap();
        assert_eq!((port.host_port, port.protocol), (Some(30053), Protocol::Udp));
        assert_eq!(Protocol::from("SCTP"), Protocol::Other("SCTP".into()));
    }

    #[test]
    fn passwords_do_not_print() {
        let json = r#"{"containers":[{"envs":[{"name":"DB_PASSWORD","value":"swordfish"}]}],"pvtLogin":[{"username":"u","password":"hunter2"}]}"#;
        let deployment: Deployment = serde_json::from_str(json).unwrap();
        let printed = format!("{deployment:?}");
        assert!(
            printed.contains("DB_PASSWORD") && !printed.contains("swordfish") && !printed.contains("hunter2"),
            "{printed}"
        );
        assert!(serde_json::to_string(&deployment).unwrap().contains("swordfish"));
    }

    #[test]
    fn words_divide_as_a_person_expects() {
        let line = CommandLine::parse(r#"sh -c "echo \"a b\"" 'c d'\''e' '' x\ y"#).unwrap();
        assert_eq!(line.words(), ["sh", "-c", "echo \"a b\"", "c d'e", "", "x y"]);
        assert_eq!(CommandLine::parse(&line.to_string()).unwrap(), line);
        assert!(CommandLine::parse("  ").unwrap().is_empty());
        for broken in ["'a", "\"a", "a\\"] {
            assert_eq!(CommandLine::parse(broken), Err(UnclosedQuote), "{broken}");
        }
        assert_eq!(CommandLine::Text("it's fine".into()).words(), ["it's", "fine"]);
    }
}
