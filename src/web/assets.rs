//! Files that are part of the program. Their folder's name is a hash of all of them, so that they may be kept for
//! good and a script finds those it imports beside itself.

use crate::error::Error;
use crate::http::replay::fingerprint;
use crate::http::route::{About, Content, Reply};
use crate::http::{Body, Ctx, Outcome, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, LazyLock};

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const PNG: &str = "image/png";
const SVG: &str = "image/svg+xml";

/// Every file: its name, its media type, and the parts that it is put together of.
const FILES: &[(&str, &str, &[&[u8]])] = &[
    (
        "app.css",
        CSS,
        &[
            include_bytes!("static/base.css"),
            include_bytes!("static/shell.css"),
            include_bytes!("static/house.css"),
            include_bytes!("static/leads.css"),
            include_bytes!("static/daily.css"),
            include_bytes!("static/cards.css"),
            include_bytes!("static/editor.css"),
            include_bytes!("static/card/base.css"),
            include_bytes!("static/card/personal-small.css"),
            include_bytes!("static/card/personal-detailed.css"),
            include_bytes!("static/card/professional-small.css"),
            include_bytes!("static/card/professional-detailed.css"),
            include_bytes!("static/card/custom.css"),
        ],
    ),
    ("conflict.js", SCRIPT, &[include_bytes!("static/conflict.js")]),
    ("app.js", SCRIPT, &[include_bytes!("static/app.js")]),
    ("leads.js", SCRIPT, &[include_bytes!("static/leads.js")]),
    ("profile.js", SCRIPT, &[include_bytes!("static/profile.js")]),
    ("settings.js", SCRIPT, &[include_bytes!("static/settings.js")]),
    ("zone.js", SCRIPT, &[include_bytes!("static/zone.js")]),
    ("drafts.js", SCRIPT, &[include_bytes!("static/drafts.js")]),
    ("editor.js", SCRIPT, &[include_bytes!("static/editor.js")]),
    ("links.js", SCRIPT, &[include_bytes!("static/links.js")]),
    ("preview.js", SCRIPT, &[include_bytes!("static/preview.js")]),
    ("saving.js", SCRIPT, &[include_bytes!("static/saving.js")]),
    ("icon-180.png", PNG, &[include_bytes!("static/icon-180.png")]),
    ("icon-192.png", PNG, &[include_bytes!("static/icon-192.png")]),
    ("icon-512.png", PNG, &[include_bytes!("static/icon-512.png")]),
    ("icon.svg", SVG, &[include_bytes!("static/icon.svg")]),
];

/// A file, ready to be sent.
struct File {
    media_type: &'static str,
    plain: Arc<[u8]>,
    gzip: Option<Arc<[u8]>>,
}

/// The files, and the name of their folder.
static ASSETS: LazyLock<(String, BTreeMap<&str, File>)> = LazyLock::new(|| {
    let files = FILES.iter().map(|(name, media_type, parts)| {
        let plain = parts.concat();
        // A picture is packed already.
        let gzip = if *media_type == PNG { None } else { Some(compressed(&plain).into()) };
        (*name, File { media_type, plain: plain.into(), gzip })
    });
    let files: BTreeMap<&str, File> = files.collect();
    let parts: Vec<&[u8]> = files.values().map(|file| &*file.plain).collect();
    let [a, b, c, d, ..] = fingerprint(&parts);
    (format!("{a:02x}{b:02x}{c:02x}{d:02x}"), files)
});

/// As gzip makes it, at its best.
pub(super) fn compressed(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 2), Compression::best());
    // Writing into memory does not fail; what did would be found out by the reader.
    let written = encoder.write_all(plain).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

/// `GET /assets/{version}/{name}`
pub const ABOUT: About = About::new(
    "A file of the pages",
    &[Reply { status: 200, about: "The file", content: Content::Media("*/*") }],
)
.problems(&[404]);

/// `GET /manifest.webmanifest`
pub const MANIFEST_ABOUT: About = About::new(
    "What a browser needs to install the app",
    &[Reply {
        status: 200,
        about: "The manifest",
        content: Content::Media("application/manifest+json"),
    }],
);
/// `GET /favicon.ico`
pub const FAVICON_ABOUT: About = About::new(
    "The icon, for whoever asks at the old place",
    &[Reply { status: 302, about: "There it is", content: Content::Nothing }],
);

/// What a browser needs to install the app (W3C Web Application Manifest). 200.
pub fn manifest(_: Ctx) -> Outcome {
    let icon = |size: u32, purpose| {
        let (source, sizes) = (path(&format!("icon-{size}.png")), format!("{size}x{size}"));
        json!({"src": source, "sizes": sizes, "type": PNG, "purpose": purpose})
    };
    let manifest = json!({
        "id": "/",
        "name": "Cardinal",
        "short_name": "Cardinal",
        "start_url": "/cards",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fdf9f8",
        "theme_color": "#a31a24",
        "icons": [
            {"src": path("icon.svg"), "sizes": "any", "type": SVG},
            icon(192, "any"), icon(512, "any"), icon(512, "maskable"),
        ],
    });
    Ok(Response::json(200, &manifest)
        .with("Content-Type", "application/manifest+json")
        .with("Cache-Control", "public, max-age=3600"))
}

/// The icon at the place where browsers look by themselves. 302.
pub fn favicon(_: Ctx) -> Outcome {
    Ok(Response::redirect(302, path("icon-192.png"), 86_400))
}

/// Where a file is.
pub fn path(name: &str) -> String {
    format!("/assets/{}/{name}", ASSETS.0)
}

/// A file. 200; 404, also for one of another version of the program.
#[expect(clippy::needless_pass_by_value, reason = "a handler takes its context")]
pub fn asset(ctx: Ctx) -> Outcome {
    let (version, files) = &*ASSETS;
    let file = files.get(ctx.param("name")).filter(|_| ctx.param("version") == version);
    let file = file.ok_or(Error::NotFound("file"))?;
    let mut reply = Response::new(200)
        .with("Content-Type", file.media_type)
        .with("Cache-Control", "public, max-age=31536000, immutable")
        .with("Vary", "Accept-Encoding");
    let body = match &file.gzip {
        Some(gzip) if takes_gzip(&ctx) => {
            reply.set("Content-Encoding", "gzip");
            gzip
        }
        _ => &file.plain,
    };
    reply.body = Body::Shared(Arc::clone(body));
    Ok(reply)
}

/// Whether a reply may be sent as gzip.
pub(super) fn takes_gzip(ctx: &Ctx) -> bool {
    let field = ctx.request().head.headers.get("accept-encoding").unwrap_or_default();
    field.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        named && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}
