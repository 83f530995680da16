//! What the address asks for.

use leptos_router::params::ParamsMap;

/// How many lines are asked for at first, to choose from; the second is the default. 0 = all that are kept.
pub const TAILS: [u64; 5] = [100, 500, 5_000, 20_000, 0];

/// In place of names: every container.
pub const ALL: &str = "*";

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params {
    /// The containers: a name, several with commas between them, [`ALL`], or empty for the first.
    pub container: String,
    /// How many of the last lines, one of [`TAILS`].
    pub tail: u64,
    /// Only lines from then on, Unix seconds.
    pub start: Option<u64>,
    /// Only lines until then, Unix seconds.
    pub end: Option<u64>,
}

impl Params {
    /// Out of the address.
    pub fn read(query: &ParamsMap) -> Params {
        let number = |name: &str| query.get(name).and_then(|text| text.parse().ok());
        Params {
            container: query.get("container").unwrap_or_default(),
            tail: number("tail").filter(|tail| TAILS.contains(tail)).unwrap_or(TAILS[1]),
            start: number("from"),
            end: number("to"),
        }
    }

    /// Into the address; what is usual is left out.
    pub fn query(&self) -> String {
        let mut query = ParamsMap::new();
        if !self.container.is_empty() {
            query.insert("container", self.container.clone());
        }
        if self.tail != TAILS[1] {
            query.insert("tail", self.tail.to_string());
        }
        for (name, value) in [("from", self.start), ("to", self.end)] {
            if let Some(value) = value {
                query.insert(name, value.to_string());
            }
        }
        // A comma needs no escape there, and reads better.
        query.to_query_string().replace("%2C", ",")
    }

    /// The containers meant, in the service's order; those that it does not have come last.
    pub fn chosen(&self, all: &[String]) -> Vec<String> {
        match self.container.as_str() {
            "" => all.first().cloned().into_iter().collect(),
            ALL => all.to_vec(),
            names => {
                let named: Vec<&str> = names
                    .split(',')
                    .map(str::trim)
                    .filter(|name| !name.is_empty())
                    .collect();
                let known = all.iter().filter(|name| named.contains(&name.as_str())).cloned();
                let mut chosen: Vec<String> = known.collect();
                for name in named {
                    if !chosen.iter().any(|known| known == name) {
                        chosen.push(name.to_owned());
                    }
                }
                chosen
            }
        }
    }

    /// The same for other containers of `all`.
    pub fn with_containers(&self, chosen: &[String], all: &[String]) -> Params {
        let is_all = all.len() > 1 && all.iter().all(|name| chosen.contains(name));
        Params {
            container: if is_all { ALL.to_owned() } else { chosen.join(",") },
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(container: &str) -> Params {
        Params {
            container: container.to_owned(),
            tail: TAILS[1],
            ..Params::default()
        }
    }

    #[test]
    fn containers_are_named_in_the_address() {
        let all = ["web", "cache", "api"].map(str::to_owned);
        assert_eq!(params("").chosen(&all), ["web"]);
        assert_eq!(params("*").chosen(&all), all);
        assert_eq!(params("api").chosen(&all), ["api"]);
        assert_eq!(params("api,web,api,, gone").chosen(&all), ["web", "api", "gone"]);
        assert_eq!(params("*").chosen(&[]), [""; 0]);
        let of = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            params("").with_containers(&names, &all).container
        };
        assert_eq!(of(&["cache"]), "cache");
        assert_eq!(of(&["web", "api"]), "web,api");
        assert_eq!(of(&["web", "cache", "api"]), "*");
    }
}
