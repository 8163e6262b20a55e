//! QR codes, drawn as one path.

use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// Modules of light around a code (ISO/IEC 18004, 6.3.8).
const QUIET: usize = 4;

/// A text as a code, called `label`; nothing if no code holds so much.
pub fn code(text: &str, label: &str) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return html! {};
    };
    let (width, colors) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
            // Writing into a text does not fail.
            write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET).unwrap_or_default();
        }
    }
    let side = width + 2 * QUIET;
    html! {
        svg.qr viewBox=(format!("0 0 {side} {side}")) width="220" height="220" role="img" aria-label=(label)
            shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}
