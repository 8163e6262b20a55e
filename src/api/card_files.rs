//! A public card as files: its vCard, and the QR code of its address.

use crate::domain::photos;
use crate::domain::vcards::{PHOTO_MAX, Version, vcard};
use crate::error::{Error, Fault};
use crate::http::public_card::{self, Asked, at_slug};
use crate::http::qr::{Qr, SIZES};
use crate::http::route::About;
use crate::http::shape::{Field, Kind, optional};
use crate::http::{Ctx, Outcome, Problem, Response};

/// Pixels of a side when nobody says.
const SIZE: u32 = 512;

const VERSION: Field =
    optional("v", "4: vCard 4.0; else 3.0, which telephones take.", Kind::Choice(&["3", "4"]));
const SIZE_QUERY: Field = optional(
    "size",
    "Pixels of a side; 512 if absent.",
    Kind::Integer { min: *SIZES.start() as i64, max: *SIZES.end() as i64 },
);

/// `GET /c/{slug}.vcf`
pub const VCARD_ABOUT: About =
    About::new("A card for an address book", &at_slug("The vCard", "text/vcard"))
        .query(&[VERSION])
        .problems(&[404, 410]);
/// `GET /c/{slug}/qr.svg`
pub const SVG_ABOUT: About = About::new(
    "The QR code of a card's address, as a drawing",
    &at_slug("The code", "image/svg+xml"),
)
.problems(&[404, 410]);
/// `GET /c/{slug}/qr.png`
pub const PNG_ABOUT: About =
    About::new("The QR code of a card's address, as pixels", &at_slug("The code", "image/png"))
        .query(&[SIZE_QUERY])
        .problems(&[404, 410]);

fn invalid(name: &str, code: &'static str, detail: &str) -> Problem {
    Error::Invalid(vec![Fault { pointer: name.to_owned(), code, detail: detail.to_owned() }]).into()
}

/// A card for an address book. 200; 304; 404; 410; 422.
pub fn vcf(ctx: Ctx) -> Outcome {
    let accept = ctx.request().head.headers.get("accept").unwrap_or_default();
    let version = match ctx.query("v").as_deref() {
        Some("4") => Version::V4,
        Some("3") => Version::V3,
        Some(_) => return Err(invalid("v", "choice", "must be 3 or 4")),
        None if accept.contains("version=4.0") => Version::V4,
        None => Version::V3,
    };
    let disposition = if ctx.query("download").is_some() { "attachment" } else { "inline" };
    public_card::show(ctx, ".vcf", (None, None), |asked| {
        let card = asked.card;
        let photo = card.photo.map(|hash| photos::jpeg(asked.read, hash)).transpose()?;
        let photo = photo.as_deref().filter(|photo| photo.len() <= PHOTO_MAX);
        let text = vcard(card, &asked.state.card_url(&card.slug), photo, version);
        let reply = Response::bytes(200, "text/vcard; charset=utf-8", text.into_bytes())
            // A slug is letters, digits and hyphens.
            .with("Content-Disposition", format!("{disposition}; filename=\"{}.vcf\"", card.slug))
            .with("Vary", "Accept");
        Ok(reply)
    })
}

fn code(asked: &Asked<'_>) -> Result<Qr, Problem> {
    Ok(Qr::of(&asked.state.card_url(&asked.card.slug))?)
}

/// The QR code of a card's address as a drawing. 200; 304; 404; 410.
pub fn qr_svg(ctx: Ctx) -> Outcome {
    public_card::show(ctx, "/qr.svg", (None, None), |asked| {
        let title = asked.state.card_url(&asked.card.slug);
        let svg = code(asked)?.svg(&title).into_bytes();
        Ok(file(asked, Response::bytes(200, "image/svg+xml", svg), "svg"))
    })
}

/// The same as pixels. 200; 304; 404; 410; 422 for a size beyond what there is.
pub fn qr_png(ctx: Ctx) -> Outcome {
    let size = match ctx.query("size") {
        None => SIZE,
        Some(text) => {
            let size = text.parse().ok().filter(|size| SIZES.contains(size));
            size.ok_or_else(|| invalid("size", "range", "must be from 64 to 2048"))?
        }
    };
    public_card::show(ctx, "/qr.png", (None, None), |asked| {
        let png = code(asked)?.png(size)?;
        Ok(file(asked, Response::bytes(200, "image/png", png), "png"))
    })
}

fn file(asked: &Asked<'_>, reply: Response, ending: &str) -> Response {
    let name = format!("inline; filename=\"{}-qr.{ending}\"", asked.card.slug);
    reply.with("Content-Disposition", name)
}
