//! Files that are part of the program. Their folder's name is a hash of all of them, so that they may be kept for
//! good and a script finds those it imports beside itself.

use crate::error::Error;
use crate::http::replay::fingerprint;
use crate::http::route::{About, Content, Reply};
use crate::http::{Body, Ctx, Outcome, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, LazyLock};

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Every file: its name, its media type, and the texts that it is put together of.
const FILES: &[(&str, &str, &[&str])] = &[
    ("app.css", CSS, &[include_str!("static/base.css"), include_str!("static/shell.css")]),
    ("app.js", SCRIPT, &[include_str!("static/app.js")]),
];

/// A file, ready to be sent.
struct File {
    media_type: &'static str,
    plain: Arc<[u8]>,
    gzip: Arc<[u8]>,
}

/// The files, and the name of their folder.
static ASSETS: LazyLock<(String, BTreeMap<&str, File>)> = LazyLock::new(|| {
    let files = FILES.iter().map(|(name, media_type, parts)| {
        let plain = parts.concat().into_bytes();
        let gzip = compressed(&plain).into();
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
    &[Reply { status: 200, about: "The file", content: Content::Media("text/css") }],
)
.problems(&[404]);

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
    let body = if takes_gzip(&ctx) {
        reply.set("Content-Encoding", "gzip");
        &file.gzip
    } else {
        &file.plain
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
