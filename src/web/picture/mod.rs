//! The picture that stands for a card where its address is shared: who, what they do and where, on their colour, with
//! the QR code. Drawn by the program itself, one at a time, and kept while there is room.
//!
//! The letters are Latin, Greek and Cyrillic. A name in another script is not drawn wrong but not at all: the card's
//! address, which is always Latin, stands in its place, and the page's title says the name beside the picture anyway.

mod canvas;

use super::card::{Design, Palette, Rgb, View};
use super::words::Words;
use crate::domain::languages::Language;
use crate::error::{Error, Result};
use crate::http::public_card::{self, Asked, at_slug};
use crate::http::qr::Qr;
use crate::http::rendered::Form;
use crate::http::route::About;
use crate::http::{Ctx, Outcome, Response};
use canvas::{Canvas, Letters};

/// `GET /c/{slug}/og.png`
pub const ABOUT: About = About::new(
    "The picture of a card where its address is shared",
    &at_slug("The picture", "image/png"),
)
.problems(&[404, 410]);

const WIDTH: u32 = 1_200;
const HEIGHT: u32 = 630;
/// Between the edge and what is drawn.
const MARGIN: u32 = 80;
/// Pixels of the code's side.
const CODE: u32 = 264;
/// How broad a line of text may be.
const LINE: f32 = 740.0;

/// The picture. 200; 304; 404; 410; 503 if too many wait for theirs.
pub fn show(ctx: Ctx) -> Outcome {
    public_card::show(ctx, "/og.png", (None, Some(Form::Picture)), |asked| {
        let png = asked.state.painters.run(|| drawn(asked))??;
        Ok(Response::bytes(200, "image/png", png))
    })
}

fn drawn(asked: &Asked<'_>) -> Result<Vec<u8>> {
    let words = Words::of(Language::default());
    let view = View::of(asked.card, &words.card);
    let url = asked.state.card_url(&asked.card.slug);
    let address = url.split_once("://").map_or(url.as_str(), |(_, bare)| bare);
    let code = Qr::of(&url)?;
    painted(&view, address, &code)
}

fn painted(view: &View<'_>, address: &str, code: &Qr) -> Result<Vec<u8>> {
    let letters = Letters::open()?;
    let accent = Design::of(&view.card.design).accent;
    let on = Palette::light(accent).on_accent;
    // Quieter where that can still be read.
    let quiet = accent.mixed(on, 0.85);
    let quiet = if quiet.contrast(accent) >= 4.5 { quiet } else { on };
    let mut canvas = Canvas::new(WIDTH, HEIGHT, accent);
    let role = view.role().map(|role| role.replace('\u{a0}', " "));
    let lines = [role.as_deref(), view.field("company_name")];
    let shown = |text: &&str| letters.has(text);
    let name = Some(view.name()).filter(shown).unwrap_or(address);
    let (size, name) = letters.fitted(name, LINE, &[96.0, 80.0, 64.0, 52.0], 3);
    let mut baseline = 110.0 + size;
    for line in &name {
        canvas.text(&letters, line, (MARGIN, baseline), size, on);
        baseline += size * 1.1;
    }
    baseline += 12.0;
    for line in lines.into_iter().flatten().filter(shown) {
        let (size, lines) = letters.fitted(line, LINE, &[40.0, 34.0], 2);
        for line in &lines {
            canvas.text(&letters, line, (MARGIN, baseline), size, quiet);
            baseline += size * 1.3;
        }
    }
    if name.first().is_none_or(|line| line.as_str() != address) {
        let (size, lines) = letters.fitted(address, LINE, &[28.0, 24.0, 20.0], 1);
        let below = f32::from(u16::try_from(HEIGHT - MARGIN).unwrap_or(u16::MAX));
        canvas.text(
            &letters,
            lines.first().map_or("", String::as_str),
            (MARGIN, below),
            size,
            quiet,
        );
    }
    let (left, top) = (WIDTH - MARGIN - CODE, HEIGHT - MARGIN - CODE);
    for down in 0..CODE {
        for across in 0..CODE {
            let dark = code.is_dark_at(CODE, across, down);
            canvas.put(left + across, top + down, if dark { Rgb::BLACK } else { Rgb::WHITE });
        }
    }
    canvas.png().map_err(Error::internal)
}
