//! A public card as files: its vCard, and the QR code of its address or of the contact itself.

use crate::domain::photos::{self, PhotoHash};
use crate::domain::vcards::{self, CODE_MAX, PHOTO_MAX, Version, brief, vcard};
use crate::error::{Denied, Error, Fault, Result};
use crate::http::public_card::{self, Asked, at_slug};
use crate::http::qr::{Qr, SIZES};
use crate::http::rendered::Form;
use crate::http::route::About;
use crate::http::shape::{Field, Kind, optional};
use crate::http::{Ctx, Outcome, Problem, Response};
use std::sync::Arc;

/// Pixels of a side when nobody says.
const SIZE: u32 = 512;

const VERSION: Field =
    optional("v", "4: vCard 4.0; else 3.0, which telephones take.", Kind::Choice(&["3", "4"]));
const SIZE_QUERY: Field = optional(
    "size",
    "Pixels of a side; 512 if absent.",
    Kind::Integer { min: *SIZES.start() as i64, max: *SIZES.end() as i64 },
);

const CONTENT: Field = optional(
    "content",
    "vcard: name, company, title, a number and an address, which are read without a network, if they take at most \
     1,000 octets (422 contact-too-long); else the card's address.",
    Kind::Choice(&["url", "vcard"]),
);

/// `GET /c/{slug}.vcf`
pub const VCARD_ABOUT: About = About::new(
    "A card for an address book, its photo in at most 64 KiB",
    &at_slug("The vCard", "text/vcard"),
)
.query(&[VERSION])
.problems(&[404, 410, 503]);
/// `GET /c/{slug}/qr.svg`
pub const SVG_ABOUT: About = About::new(
    "The QR code of a card's address or of the contact itself, as a drawing",
    &at_slug("The code", "image/svg+xml"),
)
.query(&[CONTENT])
.problems(&[404, 410]);
/// `GET /c/{slug}/qr.png`
pub const PNG_ABOUT: About = About::new(
    "The QR code of a card's address or of the contact itself, as pixels",
    &at_slug("The code", "image/png"),
)
.query(&[SIZE_QUERY, CONTENT])
.problems(&[404, 410]);

fn invalid(name: &str, code: &'static str, detail: &str) -> Problem {
    Error::Invalid(vec![Fault { pointer: name.to_owned(), code, detail: detail.to_owned() }]).into()
}

/// A card for an address book. 200; 304; 404; 410; 422; 503 if too many wait for a photo to be made smaller.
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
        let photo = card.photo.map(|hash| portrait(asked, hash)).transpose()?;
        let url = asked.state.card_url(&card.slug);
        let text = vcard(card, &url, photo.as_deref(), version);
        let reply = Response::bytes(200, "text/vcard; charset=utf-8", text.into_bytes())
            // A slug is letters, digits and hyphens.
            .with("Content-Disposition", format!("{disposition}; filename=\"{}.vcf\"", card.slug))
            .with("Vary", "Accept");
        Ok(reply)
    })
}

/// The photo as it goes into a vCard: itself, or a copy that is small enough, which is kept while there is room.
fn portrait(asked: &Asked<'_>, hash: PhotoHash) -> Result<Vec<u8>> {
    let photo = photos::jpeg(asked.read, hash)?;
    if photo.len() <= PHOTO_MAX {
        return Ok(photo);
    }
    let (rendered, slug) = (&asked.state.rendered, asked.card.slug.as_str());
    if let Some(copy) = rendered.standing(asked.read, slug, Form::Portrait)? {
        return Ok(copy.body().to_vec());
    }
    let small = asked.state.painters.run(|| photos::within(&photo, PHOTO_MAX))??;
    let copy = asked.copy(Response::bytes(200, "image/jpeg", small.clone()))?;
    rendered.keep(slug, Form::Portrait, Arc::new(copy));
    Ok(small)
}

/// What a code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// Where the card is.
    Address,
    /// Who it is of.
    Contact,
}

const TOO_LONG: Denied = Denied {
    code: "contact-too-long",
    detail: "Name, company, title, number and e-mail take more than the 1,000 octets that cameras read off a code. \
             Shorten them, or use the code of the card's address.",
};

impl Content {
    fn of(ctx: &Ctx) -> Result<Self, Problem> {
        match ctx.query("content").as_deref() {
            None | Some("url") => Ok(Self::Address),
            Some("vcard") => Ok(Self::Contact),
            Some(_) => Err(invalid("content", "choice", "must be url or vcard")),
        }
    }

    fn code(self, asked: &Asked<'_>) -> Result<Qr> {
        let url = asked.state.card_url(&asked.card.slug);
        match self {
            Self::Address => Qr::of(&url),
            Self::Contact => {
                let contact = Some(brief(asked.card, &url)).filter(|text| text.len() <= CODE_MAX);
                Qr::of(&contact.ok_or(Error::Refused(TOO_LONG))?)
            }
        }
    }

    /// What the file is called, behind the card's name.
    const fn name(self) -> &'static str {
        match self {
            Self::Address => "qr",
            Self::Contact => "contact-qr",
        }
    }
}

/// The QR code of a card's address, or of the contact itself, as a drawing. 200; 304; 404; 410; 422 for a contact that
/// is too long.
pub fn qr_svg(ctx: Ctx) -> Outcome {
    let content = Content::of(&ctx)?;
    public_card::show(ctx, "/qr.svg", (None, None), |asked| {
        let title = match content {
            Content::Address => asked.state.card_url(&asked.card.slug),
            Content::Contact => vcards::name(asked.card).to_owned(),
        };
        let svg = content.code(asked)?.svg(&title).into_bytes();
        Ok(file(asked, Response::bytes(200, "image/svg+xml", svg), content, "svg"))
    })
}

/// The same as pixels. 200; 304; 404; 410; 422 also for a size beyond what there is.
pub fn qr_png(ctx: Ctx) -> Outcome {
    let content = Content::of(&ctx)?;
    let size = match ctx.query("size") {
        None => SIZE,
        Some(text) => {
            let size = text.parse().ok().filter(|size| SIZES.contains(size));
            size.ok_or_else(|| invalid("size", "range", "must be from 64 to 2048"))?
        }
    };
    public_card::show(ctx, "/qr.png", (None, None), |asked| {
        let png = content.code(asked)?.png(size)?;
        Ok(file(asked, Response::bytes(200, "image/png", png), content, "png"))
    })
}

fn file(asked: &Asked<'_>, reply: Response, content: Content, ending: &str) -> Response {
    let name = format!("inline; filename=\"{}-{}.{ending}\"", asked.card.slug, content.name());
    reply.with("Content-Disposition", name)
}
