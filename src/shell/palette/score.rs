//! How well a text answers what was typed: every character has to be there in its order, and the closer together and the nearer to
//! the beginnings of words, the better.

/// For each character found.
const FOUND: i32 = 4;
/// Where it begins a word. Chinese characters are words of their own.
const BEGINS_WORD: i32 = 8;
/// Where it follows the one before without a gap.
const FOLLOWS: i32 = 10;
/// Where the case is the same too.
const SAME_CASE: i32 = 1;
/// Where the text begins with it.
const BEGINS_TEXT: i32 = 4;
/// For each character left out between two that were found.
const GAP: i32 = -1;
/// A gap costs no more than this.
const WORST_GAP: i32 = -12;
/// So many characters of the text cost one point: of two texts that have it all, the shorter one is meant.
const LENGTH: usize = 8;

/// How a text answers a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The higher, the better.
    pub score: i32,
    /// Which characters of the text were found, counted from 0.
    pub positions: Vec<usize>,
}

fn lower(character: char) -> char {
    character.to_lowercase().next().unwrap_or(character)
}

fn is_own_word(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{3040}'..='\u{30ff}' | '\u{ac00}'..='\u{d7af}')
}

/// Looks for a word in a text; `None` where a character is missing. An empty word is found everywhere.
pub fn find(word: &str, text: &str) -> Option<Match> {
    let wanted: Vec<char> = word.chars().collect();
    let text: Vec<char> = text.chars().collect();
    if wanted.is_empty() {
        return Some(Match {
            score: 0,
            positions: Vec::new(),
        });
    }
    if !is_subsequence(&wanted, &text) {
        return None;
    }
    // best[i][j]: the best score with wanted[i] found at text[j], and where wanted[i - 1] was found then.
    let mut best: Vec<Vec<Option<(i32, usize)>>> = Vec::with_capacity(wanted.len());
    for (i, character) in wanted.iter().enumerate() {
        let row = (0..text.len())
            .map(|j| {
                let own = value(*character, &text, j)?;
                let Some(before) = i.checked_sub(1).map(|before| &best[before]) else {
                    return Some((own, 0));
                };
                (0..j)
                    .filter_map(|k| {
                        let (score, _) = before[k]?;
                        Some((score + own + distance(k, j), k))
                    })
                    // Of equal ones the later: it is closer.
                    .max_by_key(|(score, _)| *score)
            })
            .collect();
        best.push(row);
    }
    let (mut at, (score, _)) = best
        .last()?
        .iter()
        .enumerate()
        .filter_map(|(j, found)| Some((j, (*found)?)))
        // Of equal ones the earliest.
        .max_by_key(|(j, (score, _))| (*score, usize::MAX - j))?;
    let mut positions = vec![at];
    for row in best[1..].iter().rev() {
        at = row[at]?.1;
        positions.push(at);
    }
    positions.reverse();
    let length = i32::try_from(text.len() / LENGTH).unwrap_or(i32::MAX);
    Some(Match {
        score: score.saturating_sub(length),
        positions,
    })
}

/// Cheap, and enough to turn most texts away.
fn is_subsequence(wanted: &[char], text: &[char]) -> bool {
    let mut text = text.iter();
    wanted
        .iter()
        .all(|character| text.any(|other| lower(*other) == lower(*character)))
}

/// What a character found at a place is worth; `None` where it is another one.
fn value(character: char, text: &[char], at: usize) -> Option<i32> {
    let found = text[at];
    if lower(found) != lower(character) {
        return None;
    }
    let before = at.checked_sub(1).map(|before| text[before]);
    let begins_word = is_own_word(found)
        || before.is_none_or(|before| !before.is_alphanumeric() || is_own_word(before))
        || before.is_some_and(|before| before.is_lowercase() && found.is_uppercase());
    let mut value = FOUND;
    if begins_word {
        value += BEGINS_WORD;
    }
    if before.is_none() {
        value += BEGINS_TEXT;
    }
    if found == character {
        value += SAME_CASE;
    }
    Some(value)
}

fn distance(from: usize, to: usize) -> i32 {
    let gap = to - from - 1;
    if gap == 0 {
        FOLLOWS
    } else {
        (GAP * i32::try_from(gap).unwrap_or(i32::MAX)).max(WORST_GAP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(word: &str, text: &str) -> i32 {
        find(word, text).expect("found").score
    }

    fn positions(word: &str, text: &str) -> Vec<usize> {
        find(word, text).expect("found").positions
    }

    #[test]
    fn every_character_has_to_be_there_in_order() {
        assert!(find("wfe", "web-frontend").is_some());
        assert!(find("WEB", "web-frontend").is_some());
        for missing in ["bew", "webx", "web-frontend2"] {
            assert_eq!(find(missing, "web-frontend"), None, "{missing}");
        }
        assert_eq!(find("a", ""), None);
        assert_eq!(positions("", "anything"), Vec::<usize>::new());
    }

    #[test]
    fn what_stands_together_is_better() {
        assert!(score("front", "web-frontend") > score("front", "file-router-on-nt"));
        assert!(score("log", "Logs") > score("log", "Label of a thing"));
        assert_eq!(positions("front", "of-r-web-front"), [9, 10, 11, 12, 13]);
    }

    #[test]
    fn beginnings_of_words_are_better() {
        assert!(score("sb", "shop-backend") > score("sb", "lesbos"));
        assert_eq!(positions("sb", "shop-backend"), [0, 5]);
        assert_eq!(positions("fe", "webFrontEnd"), [3, 8]);
        assert!(score("run", "Running") > score("run", "Past runs"));
    }

    #[test]
    fn of_two_texts_that_have_it_the_shorter_one_is_meant() {
        assert!(score("api", "api") > score("api", "api of the shop for partners"));
    }

    #[test]
    fn chinese_is_found_by_its_characters() {
        assert_eq!(positions("数据", "订单数据库，每日备份。"), [2, 3]);
        assert_eq!(positions("订备", "订单数据库，每日备份。"), [0, 8]);
        assert_eq!(find("备订", "订单数据库，每日备份。"), None);
        assert!(score("日志", "日志") > score("日志", "每日的标志"));
        assert!(score("前端", "官网前端与静态资源") > score("前端", "前面的终端"));
    }

    #[test]
    fn identifiers_are_found_by_any_part() {
        let id = "63a029afbf1a142380a26c8a";
        assert_eq!(positions("9afb", id), [5, 6, 7, 8]);
        assert!(score("6c8a", id) > 0);
    }
}
