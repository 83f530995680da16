//! Source text to read: coloured by what its parts are, with line numbers, a way to copy and to save it.

use std::ops::Range;

use deployments::syntax::{self, Kind, Span, Syntax};
use leptos::prelude::*;

use super::{CopyButton, Icon, Shape, download};
use crate::i18n::{self, Plural, Text, t};

/// Longer texts are shown without colours: colouring them would hold the page up.
const LONGEST_COLOURED: usize = 100 * 1024;

/// The same for what has more parts than this.
const MOST_PARTS: usize = 30_000;

/// The same where one line has more: browsers take the square of their number to lay a line out, half a minute for a file of 90 KB.
const MOST_PARTS_OF_LINE: usize = 500;

/// Where the lines of a text begin, in bytes.
pub fn line_starts(text: &str) -> Vec<usize> {
    let after_breaks = text.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(after_breaks).collect()
}

/// What a text's parts are; `None` where there is too much to be coloured, or nothing to be told apart by.
pub fn colours(syntax: Syntax, text: &str) -> Option<Vec<Span>> {
    if syntax == Syntax::Plain || text.len() > LONGEST_COLOURED {
        return None;
    }
    let spans = syntax::highlight(syntax, text);
    let before = |at: &usize| spans.partition_point(|span| span.range.start < *at);
    let ends: Vec<usize> = line_starts(text).iter().map(before).chain([spans.len()]).collect();
    let is_dense = ends.windows(2).any(|line| line[1] - line[0] > MOST_PARTS_OF_LINE);
    (!is_dense && spans.len() <= MOST_PARTS).then_some(spans)
}

/// A part of a text, in pieces of one kind each.
pub fn pieces<'a>(text: &'a str, spans: &[Span], part: Range<usize>) -> Vec<(Option<Kind>, &'a str)> {
    let mut found = Vec::new();
    let mut at = part.start;
    let first = spans.partition_point(|span| span.range.end <= part.start);
    for span in spans[first..].iter().take_while(|span| span.range.start < part.end) {
        let (start, end) = (span.range.start.max(at), span.range.end.min(part.end));
        if start >= end {
            continue;
        }
        if at < start {
            found.push((None, &text[at..start]));
        }
        found.push((Some(span.kind), &text[start..end]));
        at = end;
    }
    if at < part.end {
        found.push((None, &text[at..part.end]));
    }
    found
}

const fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Key => "syntax-key",
        Kind::String => "syntax-string",
        Kind::Number => "syntax-number",
        Kind::Literal => "syntax-literal",
        Kind::Comment => "syntax-comment",
        Kind::Punctuation => "syntax-punctuation",
        Kind::Section => "syntax-section",
    }
}

/// A part of a text as text nodes, those that are something in spans of their class.
pub fn coloured(text: &str, spans: &[Span], part: Range<usize>) -> AnyView {
    pieces(text, spans, part)
        .into_iter()
        .map(|(kind, piece)| {
            // A carriage return belongs to the end of its line and has nothing to show.
            let piece = piece.replace('\r', "");
            match kind {
                Some(kind) => view! { <span class=class(kind)>{piece}</span> }.into_any(),
                None => piece.into_any(),
            }
        })
        .collect_view()
        .into_any()
}

/// The numbers of lines, one below the other, counted from 0 and shown from 1.
pub fn numbers(lines: Range<usize>) -> String {
    lines.map(|line| format!("{}\n", line + 1)).collect()
}

/// How many bytes and lines a text has, in words (tracked).
pub fn extent(text: &str) -> String {
    let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
    let size = if bytes < 1024 {
        i18n::text_with(Text::EditorBytes, &[("count", &i18n::number(bytes))])
    } else {
        let kilobytes = format!("{}.{}", i18n::number(bytes / 1024), bytes % 1024 * 10 / 1024);
        i18n::text_with(Text::EditorKilobytes, &[("count", &kilobytes)])
    };
    let lines = text.lines().count().max(1);
    format!(
        "{} · {size}",
        i18n::plural(Plural::EditorLines, u64::try_from(lines).unwrap_or(u64::MAX))
    )
}

/// What a syntax is called (tracked).
pub fn syntax_name(syntax: Syntax) -> &'static str {
    i18n::text(match syntax {
        Syntax::Json => Text::EditorSyntaxJson,
        Syntax::Yaml => Text::EditorSyntaxYaml,
        Syntax::Ini => Text::EditorSyntaxIni,
        Syntax::Nginx => Text::EditorSyntaxNginx,
        Syntax::Plain => Text::EditorSyntaxPlain,
    })
}

/// A file to read.
#[component]
pub fn CodeView(
    /// What it is, for its name and those of its buttons.
    #[prop(into)]
    label: Signal<String>,
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// What it is written in.
    #[prop(into)]
    syntax: Signal<Syntax>,
    /// What it is called when it is saved.
    #[prop(into)]
    file_name: Signal<String>,
) -> impl IntoView {
    let lines = Memo::new(move |_| text.with(|text| text.lines().count().max(1)));
    let content = move || {
        let syntax = syntax.get();
        text.with(|text| match colours(syntax, text) {
            Some(spans) => coloured(text, &spans, 0..text.len()),
            None => text.replace('\r', "").into_any(),
        })
    };
    let save = move |_| {
        let name = file_name.get_untracked();
        text.with_untracked(|text| download(&name, "text/plain;charset=utf-8", text.as_bytes()));
    };
    view! {
        <div class="code-card">
            <div class="code-head">
                <span class="soft small">{move || format!("{} · {}", syntax_name(syntax.get()), text.with(|text| extent(text)))}</span>
                <span class="row">
                    <CopyButton value=text what=label />
                    <button
                        class="button button-quiet button-icon"
                        type="button"
                        aria-label=move || i18n::text_with(Text::EditorDownload, &[("what", &label.get())])
                        title=t(Text::EditorSave)
                        on:click=save
                    >
                        <Icon shape=Shape::Download />
                    </button>
                </span>
            </div>
            <div class="code" role="region" tabindex="0" aria-label=move || label.get()>
                <pre class="code-numbers" aria-hidden="true">{move || numbers(0..lines.get())}</pre>
                <pre class="code-text">{content}</pre>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(range: Range<usize>, kind: Kind) -> Span {
        Span { range, kind }
    }

    #[test]
    fn lines_begin_after_breaks() {
        assert_eq!(line_starts(""), [0]);
        assert_eq!(line_starts("a\nb"), [0, 2]);
        assert_eq!(line_starts("a\r\nb\n"), [0, 3, 5]);
    }

    #[test]
    fn a_part_is_cut_into_pieces_that_make_it_up() {
        let text = "key: 12 # why";
        let spans = [
            span(0..3, Kind::Key),
            span(5..7, Kind::Number),
            span(8..13, Kind::Comment),
        ];
        let all = pieces(text, &spans, 0..text.len());
        assert_eq!(all.iter().map(|(_, piece)| *piece).collect::<String>(), text);
        assert_eq!(all[0], (Some(Kind::Key), "key"));
        assert_eq!(all[1], (None, ": "));
        let part = pieces(text, &spans, 2..9);
        assert_eq!(part.first(), Some(&(Some(Kind::Key), "y")));
        assert_eq!(part.last(), Some(&(Some(Kind::Comment), "#")));
        assert_eq!(part.iter().map(|(_, piece)| *piece).collect::<String>(), &text[2..9]);
        assert!(pieces(text, &spans, 4..4).is_empty());
    }

    #[test]
    fn long_texts_and_plain_ones_have_no_colours() {
        assert!(colours(Syntax::Plain, "a: 1").is_none());
        assert!(colours(Syntax::Yaml, "a: 1").is_some());
        assert!(colours(Syntax::Yaml, &"a: 1\n".repeat(LONGEST_COLOURED / 5 + 1)).is_none());
        // Three parts each.
        let most = MOST_PARTS_OF_LINE / 3;
        assert!(colours(Syntax::Json, &"{1}".repeat(most)).is_some());
        assert!(colours(Syntax::Json, &"{1}".repeat(most + 1)).is_none());
        assert!(colours(Syntax::Json, &"{1}\n".repeat(most + 1)).is_some());
        assert!(colours(Syntax::Json, &"{1}\n".repeat(MOST_PARTS / 3 + 1)).is_none());
    }

    #[test]
    fn numbers_are_counted_from_one() {
        assert_eq!(numbers(0..3), "1\n2\n3\n");
        assert_eq!(numbers(8..10), "9\n10\n");
    }
}
