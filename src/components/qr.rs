//! QR codes, drawn as one path. Always dark on light with a quiet zone, in the dark theme too: scanners rely on it.

use fast_qr::{ECL, QRBuilder, QRCode};
use leptos::prelude::*;

/// Light modules around the code, as the standard asks for.
const QUIET: usize = 4;

/// Draws the dark modules of a text's QR code: the side of the picture in modules, and the path. `None` where the text is too
/// long for a code.
fn drawing(text: &str) -> Option<(usize, String)> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    Some((code.size + 2 * QUIET, path(&code)))
}

/// One stroke for each run of dark modules in a line.
fn path(code: &QRCode) -> String {
    use std::fmt::Write as _;
    let mut path = String::new();
    for y in 0..code.size {
        let mut x = 0;
        while x < code.size {
            let length = (x..code.size).take_while(|x| code[y][*x].value()).count();
            if length > 0 {
                let _ = write!(path, "M{} {}h{length}v1h-{length}z", x + QUIET, y + QUIET);
            }
            x += length.max(1);
        }
    }
    path
}

/// The QR code of a text. It is drawn once: give it a text that stays.
#[component]
pub fn QrCode(
    /// What a scanner reads.
    text: String,
    /// What it is, for who does not see it.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    drawing(&text).map(|(side, path)| {
        view! {
            <svg class="qr" role="img" aria-label=move || name.get() viewBox=format!("0 0 {side} {side}") shape-rendering="crispEdges">
                <rect class="qr-light" width=side height=side></rect>
                <path class="qr-dark" d=path></path>
            </svg>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The dark modules that a path paints, line by line.
    fn painted(side: usize, path: &str) -> Vec<Vec<bool>> {
        let mut modules = vec![vec![false; side]; side];
        for stroke in path.split('M').filter(|stroke| !stroke.is_empty()) {
            let (start, rest) = stroke.split_once('h').expect("a stroke to the right");
            let (x, y) = start.split_once(' ').expect("two coordinates");
            let (x, y): (usize, usize) = (x.parse().expect("x"), y.parse().expect("y"));
            let length: usize = rest.split('v').next().expect("a length").parse().expect("a number");
            for module in &mut modules[y][x..x + length] {
                *module = true;
            }
        }
        modules
    }

    #[test]
    fn the_path_paints_the_code_and_leaves_the_quiet_zone() {
        let text = "https://europe.vkube.example:secret";
        let code = QRBuilder::new(text).ecl(ECL::M).build().expect("a code");
        let (side, path) = drawing(text).expect("a drawing");
        assert_eq!(side, code.size + 8);
        let modules = painted(side, &path);
        for (y, line) in modules.iter().enumerate() {
            for (x, module) in line.iter().enumerate() {
                let inside = (QUIET..QUIET + code.size).contains(&x) && (QUIET..QUIET + code.size).contains(&y);
                let expected = inside && code[y - QUIET][x - QUIET].value();
                assert_eq!(*module, expected, "{x},{y}");
            }
        }
        // The three corners that scanners look for.
        for (x, y) in [(QUIET, QUIET), (side - QUIET - 7, QUIET), (QUIET, side - QUIET - 7)] {
            assert!((0..7).all(|step| modules[y][x + step] && modules[y + step][x]));
        }
    }

    #[test]
    fn a_text_too_long_for_a_code_has_none() {
        assert!(drawing(&"x".repeat(3000)).is_none());
    }
}
