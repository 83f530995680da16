//! What the palette can find, and in which order it shows what was found.

use super::score::{Match, find};

/// The most entries shown.
pub const SHOWN: usize = 50;

/// What stands beside the name counts for less than the name.
const BESIDE: i32 = -6;

/// What was chosen lately is likely to be chosen again.
const RECENTLY: i32 = 12;

/// What kind of thing an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something that is done.
    Action,
    /// A page of the console.
    Page,
    /// A service.
    Service,
}

/// Something that can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<C> {
    /// What it is remembered by.
    pub key: String,
    /// What kind of thing it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// What else is shown of it.
    pub note: String,
    /// What else it is found by.
    pub words: Vec<String>,
    /// What choosing it does.
    pub choice: C,
}

/// An entry that answers what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<C> {
    /// The entry.
    pub entry: Entry<C>,
    /// Which characters of its name were found.
    pub marked: Vec<usize>,
}

/// The entries that have every word of the query, the best first. Without a query: what was chosen lately, then the rest as it
/// stands.
pub fn rank<C: Clone>(entries: &[Entry<C>], query: &str, recent: &[String]) -> Vec<Found<C>> {
    let position = |entry: &Entry<C>| recent.iter().position(|key| *key == entry.key);
    let mut found: Vec<(i32, usize, Found<C>)> = entries
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| {
            let (score, marked) = answer(entry, query)?;
            let recency = position(entry).map_or(0, |position| RECENTLY - i32::try_from(position).unwrap_or(RECENTLY));
            // Without a query there is nothing else to go by.
            let order = if query.trim().is_empty() {
                position(entry).unwrap_or(recent.len() + index)
            } else {
                index
            };
            let entry = entry.clone();
            Some((score + recency.max(0), order, Found { entry, marked }))
        })
        .collect();
    if query.trim().is_empty() {
        found.sort_by_key(|(_, order, _)| *order);
    } else {
        found.sort_by_key(|(score, order, _)| (-score, *order));
    }
    found.truncate(SHOWN);
    found.into_iter().map(|(_, _, found)| found).collect()
}

/// How well an entry answers a query, and which characters of its name were found.
fn answer<C>(entry: &Entry<C>, query: &str) -> Option<(i32, Vec<usize>)> {
    let mut score = 0;
    let mut marked = Vec::new();
    for word in query.split_whitespace() {
        let in_name = find(word, &entry.name);
        let beside = entry
            .words
            .iter()
            .chain([&entry.note])
            .filter_map(|text| find(word, text))
            .map(|found| found.score + BESIDE)
            .max();
        match (in_name, beside) {
            (Some(Match { score: own, positions }), beside) if beside.is_none_or(|beside| own >= beside) => {
                score += own;
                marked.extend(positions);
            }
            (_, Some(beside)) => score += beside,
            (_, None) => return None,
        }
    }
    marked.sort_unstable();
    marked.dedup();
    Some((score, marked))
}

/// The name in pieces, each with whether it was found.
pub fn pieces(name: &str, marked: &[usize]) -> Vec<(String, bool)> {
    let mut pieces: Vec<(String, bool)> = Vec::new();
    for (index, character) in name.chars().enumerate() {
        let is_marked = marked.binary_search(&index).is_ok();
        match pieces.last_mut() {
            Some((piece, same)) if *same == is_marked => piece.push(character),
            _ => pieces.push((character.to_string(), is_marked)),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str, name: &str, words: &[&str]) -> Entry<()> {
        Entry {
            key: key.to_owned(),
            kind: Kind::Service,
            name: name.to_owned(),
            note: String::new(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            choice: (),
        }
    }

    fn services() -> Vec<Entry<()>> {
        vec![
            entry("1", "web-frontend", &["63a029afbf1a", "官网前端与静态资源，生产环境。"]),
            entry(
                "2",
                "shop-backend",
                &["63a029afbf1b", "Gateway, API and cache of the shop"],
            ),
            entry("3", "orders-db", &["63a029afbf1c", "订单数据库，每日备份。"]),
        ]
    }

    fn keys(query: &str, recent: &[&str]) -> Vec<String> {
        let recent: Vec<String> = recent.iter().map(|key| (*key).to_owned()).collect();
        rank(&services(), query, &recent)
            .into_iter()
            .map(|found| found.entry.key)
            .collect()
    }

    #[test]
    fn a_service_is_found_by_label_id_or_description() {
        assert_eq!(keys("front", &[]), ["1"]);
        assert_eq!(keys("bf1c", &[])[0], "3");
        assert_eq!(keys("gateway", &[]), ["2"]);
        assert_eq!(keys("数据库", &[]), ["3"]);
        assert_eq!(keys("shop cache", &[]), ["2"]);
        assert!(keys("shop 数据库", &[]).is_empty(), "every word is needed");
    }

    #[test]
    fn without_a_query_the_latest_choice_comes_first() {
        assert_eq!(keys("", &[]), ["1", "2", "3"]);
        assert_eq!(keys(" ", &["3", "2"]), ["3", "2", "1"]);
    }

    #[test]
    fn a_recent_choice_wins_over_an_equal_one() {
        assert_eq!(keys("63a029", &[]), ["1", "2", "3"]);
        assert_eq!(keys("63a029", &["2"]), ["2", "1", "3"]);
    }

    #[test]
    fn the_name_is_marked_where_it_was_found() {
        let found = rank(&services(), "shop", &[]);
        assert_eq!(found[0].marked, [0, 1, 2, 3]);
        let piece = |text: &str, is_marked| (text.to_owned(), is_marked);
        assert_eq!(
            pieces("web-frontend", &[0, 4, 5]),
            [
                piece("w", true),
                piece("eb-", false),
                piece("fr", true),
                piece("ontend", false)
            ]
        );
        // Found in the description: nothing of the name is marked.
        assert!(rank(&services(), "数据库", &[])[0].marked.is_empty());
    }

    #[test]
    fn no_more_are_shown_than_can_be_looked_over() {
        let many: Vec<Entry<()>> = (0..200).map(|index| entry(&index.to_string(), "api", &[])).collect();
        assert_eq!(rank(&many, "a", &[]).len(), SHOWN);
    }
}
