use anstyle_parse::{DefaultCharAccumulator, Params, Parser, Perform};
use proptest::prelude::*;

use super::*;

fn styled(line: &str) -> Vec<(String, Style)> {
    let rendered = render(line.as_bytes());
    rendered
        .spans
        .iter()
        .map(|span| (rendered.text[span.range.clone()].to_owned(), span.style))
        .collect()
}

fn colored(color: Color) -> Style {
    Style {
        foreground: Some(color),
        ..Style::default()
    }
}

#[test]
fn colours_and_attributes_are_understood() {
    let plain_style = Style::default();
    assert_eq!(
        styled("a\x1b[31mb\x1b[mc"),
        [
            ("a".into(), plain_style),
            ("b".into(), colored(Color::Basic(1))),
            ("c".into(), plain_style),
        ]
    );
    let all = Style {
        bold: true,
        dim: true,
        italic: true,
        underline: true,
        inverse: true,
        strike: true,
        ..Style::default()
    };
    assert_eq!(styled("\x1b[1;2;3;4;7;9mx"), [("x".into(), all)]);
    assert_eq!(
        styled("\x1b[1;2;3;4;7;9m\x1b[22;23;24;27;29mx"),
        [("x".into(), plain_style)]
    );
    assert_eq!(styled("\x1b[4:3mx\x1b[4:0my")[1], ("y".into(), plain_style));
    for (codes, color) in [
        ("91", Color::Basic(9)),
        ("38;5;3", Color::Basic(3)),
        ("38;5;208", Color::Palette(208)),
        ("38:5:208", Color::Palette(208)),
        ("38;2;1;2;3", Color::Rgb(1, 2, 3)),
        ("38:2::1:2:3", Color::Rgb(1, 2, 3)),
        ("38:2:1:2:3", Color::Rgb(1, 2, 3)),
        ("58;5;9;32", Color::Basic(2)),
    ] {
        assert_eq!(
            styled(&format!("\x1b[{codes}mx")),
            [("x".into(), colored(color))],
            "{codes}"
        );
    }
    let background = Style {
        background: Some(Color::Basic(12)),
        ..Style::default()
    };
    assert_eq!(
        styled("\x1b[104mx\x1b[49my"),
        [("x".into(), background), ("y".into(), plain_style)]
    );
}

#[test]
fn nonsense_changes_nothing() {
    for codes in [
        "38",
        "38;5",
        "38;5;256",
        "38;2;1;2",
        "48;9",
        "999",
        "99999999999999",
        ";;;",
        "38:5",
        "38:2:1",
        "?25",
        "<1",
    ] {
        assert_eq!(
            styled(&format!("\x1b[{codes}mx")),
            [("x".into(), Style::default())],
            "{codes}"
        );
    }
}

#[test]
fn everything_else_is_dropped() {
    for (line, text) in [
        ("a\x1b[2J\x1b[10;20Hb\x1b[?25lc", "abc"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;https://example.com/\x1b\\link\x1b]8;;\x1b\\ text", "link text"),
        ("\x1bP1$r0m\x1b\\x", "x"),
        ("\x1b(Bx\x1b=y\x1bcz", "xyz"),
        ("x\x1b", "x"),
        ("x\x1b[", "x"),
        ("x\x1b[31", "x"),
        ("x\x1b[31日", "x日"),
        ("x\x1b[\x1b[32my", "xy"),
        ("x\x1b]8;;unended", "x"),
        ("tab\there\r", "tab\there"),
        ("bell\x07, nul\0, delete\x7f, c1\u{85}.", "bell␇, nul␀, delete␡, c1."),
        ("10%\r20%", "10%␍20%"),
    ] {
        assert_eq!(plain(line.as_bytes()), text, "{line:?}");
    }
    assert_eq!(
        plain(b"bad \xff\xfe utf-8 \xe6\x97"),
        "bad \u{fffd}\u{fffd} utf-8 \u{fffd}"
    );
}

#[test]
fn exact_colours_become_the_nearest_of_the_palette() {
    assert_eq!(Color::Rgb(0, 0, 0).to_palette(), 16);
    assert_eq!(Color::Rgb(255, 255, 255).to_palette(), 231);
    assert_eq!(Color::Rgb(255, 135, 0).to_palette(), 208);
    assert_eq!(Color::Rgb(128, 128, 128).to_palette(), 244);
    assert_eq!(Color::Basic(9).to_palette(), 9);
}

#[test]
fn matches_divide_spans() {
    let rendered = render(b"ab\x1b[31mcd\x1b[0mef");
    let shown: Vec<_> = rendered
        .pieces(&[1..3, 5..6])
        .into_iter()
        .map(|piece| (&rendered.text[piece.range], piece.matched))
        .collect();
    assert_eq!(
        shown,
        [
            ("a", false),
            ("b", true),
            ("c", true),
            ("d", false),
            ("e", false),
            ("f", true)
        ]
    );
    assert_eq!(render(b"").pieces(&[]), []);
}

/// The text that another parser finds.
#[derive(Default)]
struct Printed(String);

impl Perform for Printed {
    fn print(&mut self, character: char) {
        self.0.push(character);
    }

    fn csi_dispatch(&mut self, _: &Params, _: &[u8], _: bool, _: u8) {}
}

fn well_formed() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[ -~äß日志🦀]{0,6}",
        "[0-9;:]{0,8}".prop_map(|codes| format!("\x1b[{codes}m")),
        ("[?]?[0-9;]{0,6}", "[A-Za-ln-z]").prop_map(|(codes, last)| format!("\x1b[{codes}{last}")),
        "[ -~]{0,10}".prop_map(|text| format!("\x1b]{text}\x07")),
        "[ -~]{0,10}".prop_map(|text| format!("\x1b]{text}\x1b\\")),
        "[()*][A-Z0]".prop_map(|text| format!("\x1b{text}")),
        "[a-z78=>]".prop_map(|text| format!("\x1b{text}")),
    ];
    proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn another_parser_finds_the_same_text(line in well_formed()) {
        let mut printed = Printed::default();
        let mut parser = Parser::<DefaultCharAccumulator>::default();
        for byte in line.bytes() {
            parser.advance(&mut printed, byte);
        }
        prop_assert_eq!(plain(line.as_bytes()), printed.0);
    }

    #[test]
    fn any_bytes_give_text_that_the_spans_cover(line in proptest::collection::vec(prop_oneof![any::<u8>(), Just(0x1B), Just(b'['), Just(b'm'), Just(b';'), 0x30..0x3A_u8], 0..200)) {
        let rendered = render(&line);
        prop_assert_eq!(&rendered.text, &plain(&line));
        let mut end = 0;
        for span in &rendered.spans {
            prop_assert_eq!(span.range.start, end);
            prop_assert!(span.range.end > end);
            end = span.range.end;
            prop_assert!(rendered.text.is_char_boundary(end));
        }
        prop_assert_eq!(end, rendered.text.len());
        prop_assert!(!rendered.text.contains(|character: char| character.is_control() && character != '\t'));
        let mut stripped = Vec::new();
        strip(&line, &mut stripped);
        prop_assert!(!stripped.contains(&ESCAPE));
    }
}
