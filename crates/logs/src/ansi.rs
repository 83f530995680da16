//! Escape sequences in log lines: colours are understood, everything else is dropped.
//!
//! Only *Select Graphic Rendition* (ECMA-48, and its usual extensions for 256 and 16 million colours) has an effect, and only
//! within its line. Cursor movements, titles, links and whatever else a terminal would obey are left out; of a link only its
//! text is shown. What cannot be shown is made visible: control characters by Unicode's pictures, broken UTF-8 by U+FFFD.

use std::ops::Range;

use memchr::{memchr, memchr2};

/// The character that begins an escape sequence.
pub(crate) const ESCAPE: u8 = 0x1B;

/// A colour of text or background.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Color {
    /// One of the terminal's own sixteen, 0–15: themes choose them.
    Basic(u8),
    /// 16–255 of the 256 colour palette: a cube of 6 × 6 × 6 colours, then 24 greys.
    Palette(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

impl Color {
    /// The colour's number in the palette of 256, so that classes suffice for all; RGB becomes the nearest.
    #[must_use]
    pub fn to_palette(self) -> u8 {
        match self {
            Self::Basic(index) | Self::Palette(index) => index,
            Self::Rgb(red, green, blue) => nearest(red, green, blue),
        }
    }
}

/// The steps of the palette's colour cube.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

fn nearest(red: u8, green: u8, blue: u8) -> u8 {
    let step = |value: u8| {
        (0..6_u8)
            .min_by_key(|index| CUBE[usize::from(*index)].abs_diff(value))
            .unwrap_or(0)
    };
    let distance = |candidate: (u8, u8, u8)| {
        let square = |left: u8, right: u8| u32::from(left.abs_diff(right)).pow(2);
        square(candidate.0, red) + square(candidate.1, green) + square(candidate.2, blue)
    };
    let (r, g, b) = (step(red), step(green), step(blue));
    let in_cube = (CUBE[usize::from(r)], CUBE[usize::from(g)], CUBE[usize::from(b)]);
    let average = (u16::from(red) + u16::from(green) + u16::from(blue)) / 3;
    let grey = (average.saturating_sub(3) / 10).min(23) as u8;
    let level = 8 + 10 * grey;
    if distance((level, level, level)) < distance(in_cube) {
        232 + grey
    } else {
        16 + 36 * r + 6 * g + b
    }
}

/// How text looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Style {
    /// The text's colour, unless the default.
    pub foreground: Option<Color>,
    /// The background's colour, unless the default.
    pub background: Option<Color>,
    /// Bold.
    pub bold: bool,
    /// Fainter than usual.
    pub dim: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined, however the line is drawn.
    pub underline: bool,
    /// Text and background colour exchanged.
    pub inverse: bool,
    /// Crossed out.
    pub strike: bool,
}

/// A part of a text with one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Their style.
    pub style: Style,
}

/// A part of a text with one style that a search found, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Their style.
    pub style: Style,
    /// Whether this belongs to a match.
    pub matched: bool,
}

/// A line as it is to be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The text without escape sequences.
    pub text: String,
    /// The styles of the whole text, in order, without overlaps.
    pub spans: Vec<Span>,
}

impl Rendered {
    /// The spans, divided where matches begin and end. `matches` are ranges of the text in order, as `Query::find_in` gives.
    #[must_use]
    pub fn pieces(&self, matches: &[Range<usize>]) -> Vec<Piece> {
        let mut pieces = Vec::with_capacity(self.spans.len() + 2 * matches.len());
        let mut matches = matches.iter().peekable();
        for span in &self.spans {
            let mut start = span.range.start;
            while start < span.range.end {
                while matches.next_if(|found| found.end <= start).is_some() {}
                let (end, matched) = match matches.peek() {
                    Some(found) if found.start <= start => (found.end, true),
                    Some(found) => (found.start, false),
                    None => (span.range.end, false),
                };
                let end = end.min(span.range.end);
                pieces.push(Piece {
                    range: start..end,
                    style: span.style,
                    matched,
                });
                start = end;
            }
        }
        pieces
    }
}

/// A line as it is to be shown, with colours.
#[must_use]
pub fn render(line: &[u8]) -> Rendered {
    let mut rendered = Rendered::default();
    let mut style = Style::default();
    for token in Tokens::new(line) {
        match token {
            Token::Rendition(parameters) => style = restyled(style, parameters),
            Token::Text(text) => {
                let start = rendered.text.len();
                push_visible(text, &mut rendered.text);
                let end = rendered.text.len();
                match rendered.spans.last_mut() {
                    Some(last) if last.style == style => last.range.end = end,
                    _ if end > start => rendered.spans.push(Span {
                        range: start..end,
                        style,
                    }),
                    _ => {}
                }
            }
        }
    }
    rendered
}

/// A line's text as [`render`] has it.
#[must_use]
pub fn plain(line: &[u8]) -> String {
    let mut text = String::with_capacity(line.len());
    push_plain(line, &mut text);
    text
}

/// Appends what [`plain`] gives.
pub(crate) fn push_plain(line: &[u8], out: &mut String) {
    for token in Tokens::new(line) {
        if let Token::Text(part) = token {
            push_visible(part, out);
        }
    }
}

/// Appends a line's bytes without escape sequences.
pub fn strip(line: &[u8], out: &mut Vec<u8>) {
    for token in Tokens::new(line) {
        if let Token::Text(part) = token {
            out.extend_from_slice(part);
        }
    }
}

enum Token<'a> {
    Text(&'a [u8]),
    /// The parameters of a Select Graphic Rendition.
    Rendition(&'a [u8]),
}

/// A line taken apart.
struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    fn new(line: &'a [u8]) -> Self {
        // What remains of a line that ended in CR LF.
        Self {
            rest: line.strip_suffix(b"\r").unwrap_or(line),
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let text = memchr(ESCAPE, self.rest).unwrap_or(self.rest.len());
            if text > 0 {
                let (text, rest) = self.rest.split_at(text);
                self.rest = rest;
                return Some(Token::Text(text));
            }
            let (length, rendition) = sequence(self.rest);
            self.rest = &self.rest[length..];
            if let Some(parameters) = rendition {
                return Some(Token::Rendition(parameters));
            }
        }
    }
}

/// How many of the leading bytes match.
fn run(bytes: &[u8], matches: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| matches(**byte)).count()
}

/// The length of the escape sequence that `bytes` begin with, and its parameters if it changes the style. A sequence ends where
/// it stops making sense; what follows is text again.
fn sequence(bytes: &[u8]) -> (usize, Option<&[u8]>) {
    let after = &bytes[1..];
    match after.first() {
        Some(b'[') => {
            let body = &after[1..];
            let parameters = run(body, |byte| (0x30..=0x3F).contains(&byte));
            let intermediates = run(&body[parameters..], |byte| (0x20..=0x2F).contains(&byte));
            let end = parameters + intermediates;
            match body.get(end) {
                Some(b'm') if intermediates == 0 && !body[..parameters].iter().any(|byte| *byte > b';') => {
                    (2 + end + 1, Some(&body[..parameters]))
                }
                Some(0x40..=0x7E) => (2 + end + 1, None),
                _ => (2 + end, None),
            }
        }
        // Operating system and device commands and the like: a text up to BEL or ESC \.
        Some(b']' | b'P' | b'X' | b'^' | b'_') => {
            let body = &after[1..];
            match memchr2(0x07, ESCAPE, body) {
                None => (bytes.len(), None),
                Some(end) if body[end] == ESCAPE && body.get(end + 1) != Some(&b'\\') => (2 + end, None),
                Some(end) => (2 + end + if body[end] == ESCAPE { 2 } else { 1 }, None),
            }
        }
        Some(0x20..=0x2F) => {
            let intermediates = run(after, |byte| (0x20..=0x2F).contains(&byte));
            let has_final = after
                .get(intermediates)
                .is_some_and(|byte| (0x30..=0x7E).contains(byte));
            (1 + intermediates + usize::from(has_final), None)
        }
        Some(0x30..=0x7E) => (2, None),
        _ => (1, None),
    }
}

fn push_visible(bytes: &[u8], out: &mut String) {
    for chunk in bytes.utf8_chunks() {
        let mut rest = chunk.valid();
        while let Some((position, control)) = rest
            .char_indices()
            .find(|(_, character)| character.is_control() && *character != '\t')
        {
            out.push_str(&rest[..position]);
            match control {
                '\0'..='\x1F' => out.extend(char::from_u32(0x2400 + u32::from(control))),
                '\x7F' => out.push('\u{2421}'),
                // The C1 controls have no pictures.
                _ => {}
            }
            rest = &rest[position + control.len_utf8()..];
        }
        out.push_str(rest);
        if !chunk.invalid().is_empty() {
            out.push(char::REPLACEMENT_CHARACTER);
        }
    }
}

/// A parameter of a rendition: a number, then numbers that belong to it (`38:2::255:0:0`).
fn number(text: &[u8]) -> u32 {
    text.iter().fold(0_u32, |number, byte| {
        number
            .saturating_mul(10)
            .saturating_add(u32::from(byte.wrapping_sub(b'0').min(9)))
    })
}

/// The style after a rendition.
fn restyled(mut style: Style, parameters: &[u8]) -> Style {
    let mut groups = parameters.split(|byte| *byte == b';');
    while let Some(group) = groups.next() {
        let mut parts = group.split(|byte| *byte == b':');
        let code = number(parts.next().unwrap_or_default());
        let arguments: Vec<&[u8]> = parts.collect();
        match code {
            0 => style = Style::default(),
            1 => style.bold = true,
            2 => style.dim = true,
            3 => style.italic = true,
            4 => style.underline = arguments.first().is_none_or(|kind| number(kind) != 0),
            7 => style.inverse = true,
            9 => style.strike = true,
            21 => style.underline = true,
            22 => (style.bold, style.dim) = (false, false),
            23 => style.italic = false,
            24 => style.underline = false,
            27 => style.inverse = false,
            29 => style.strike = false,
            30..=37 => style.foreground = Some(Color::Basic((code - 30) as u8)),
            39 => style.foreground = None,
            40..=47 => style.background = Some(Color::Basic((code - 40) as u8)),
            49 => style.background = None,
            90..=97 => style.foreground = Some(Color::Basic((code - 90 + 8) as u8)),
            100..=107 => style.background = Some(Color::Basic((code - 100 + 8) as u8)),
            // 58 colours the underline: its arguments have to be taken, though they have no effect.
            38 | 48 | 58 => {
                let color = if arguments.is_empty() {
                    color_of_groups(&mut groups)
                } else {
                    color_of_arguments(&arguments)
                };
                match code {
                    38 if color.is_some() => style.foreground = color,
                    48 if color.is_some() => style.background = color,
                    _ => {}
                }
            }
            _ => {}
        }
    }
    style
}

/// `5;n` or `2;r;g;b`, as most programs write it.
fn color_of_groups<'a>(groups: &mut impl Iterator<Item = &'a [u8]>) -> Option<Color> {
    match number(groups.next()?) {
        5 => palette(groups.next()?),
        2 => rgb(groups.next()?, groups.next()?, groups.next()?),
        _ => None,
    }
}

/// `5:n`, `2:r:g:b` or, with a colour space, `2::r:g:b`, as the standard has it.
fn color_of_arguments(arguments: &[&[u8]]) -> Option<Color> {
    match (number(arguments.first()?), &arguments[1..]) {
        (5, [index, ..]) => palette(index),
        (2, [red, green, blue]) => rgb(red, green, blue),
        (2, [_, red, green, blue, ..]) => rgb(red, green, blue),
        _ => None,
    }
}

fn palette(index: &[u8]) -> Option<Color> {
    let index = u8::try_from(number(index)).ok()?;
    Some(if index < 16 {
        Color::Basic(index)
    } else {
        Color::Palette(index)
    })
}

fn rgb(red: &[u8], green: &[u8], blue: &[u8]) -> Option<Color> {
    let channel = |text| u8::try_from(number(text)).ok();
    Some(Color::Rgb(channel(red)?, channel(green)?, channel(blue)?))
}

#[cfg(test)]
mod tests;
