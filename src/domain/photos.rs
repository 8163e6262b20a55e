//! People's photos. Owns table `photos`. What is kept is a picture of our own making: decoded, laid on white,
//! scaled down, turned upright and encoded again, so that nothing of the file it came from is in it but
//! colours. Its name is its content's hash: whoever has kept it may keep it for good.

use super::ids::UserId;
use super::progress::{self, Source};
use crate::error::{Denied, Error, Result};
use crate::store::{Read, Tx, params};
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::imageops::FilterType;
use image::{
    ColorType, DynamicImage, ImageDecoder, ImageFormat, ImageResult, Limits, RgbImage, Rgba,
};
use moxcms::{ColorProfile, Layout, TransformOptions};
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::Cursor;

/// The media types that are read.
pub const MEDIA_TYPES: &[&str] = &["image/png", "image/jpeg", "image/webp"];
/// The longer side of a photo, in pixels.
const SIDE_MAX: u32 = 640;
/// JPEG's quality of what is kept: a portrait comes to 20 to 40 KB, a busy one to a little more.
const QUALITY: u8 = 65;
/// What a photo is made smaller by until it fits where it has to: the longer side, and JPEG's quality. At the last
/// step it comes to less than 40 KB, whatever it shows.
const STEPS: &[(u32, u8)] = &[(512, 65), (400, 60), (320, 50), (240, 40), (160, 30)];
/// The most memory, in bytes, that decoding may take. Telephones take pictures of 12 and 24 megapixels, which is
/// 72 MB; those of more are larger as files than what may be sent.
const WORK_BYTES_MAX: u64 = 150_000_000;
/// What a pixel of a JPEG in several scans takes beside itself until the last is read: up to four coefficients.
const COEFFICIENT_BYTES: u64 = 8;
/// What a pixel takes beside itself where it is not yet as it has to be: four channels of a byte.
const CONVERTED_BYTES: u64 = 4;

const MISMATCH: Denied = Denied {
    code: "image-type-mismatch",
    detail: "The file is not what its Content-Type says. PNG, JPEG and WebP are read.",
};
const UNREADABLE: Denied = Denied {
    code: "image-unreadable",
    detail: "The file cannot be read as a picture: it is damaged or not all there.",
};
const ANIMATED: Denied =
    Denied { code: "image-animated", detail: "The picture moves. Send one that does not." };
const TOO_LARGE: Denied = Denied {
    code: "image-too-large",
    detail: "The picture has too many pixels. 12 megapixels always fit, 48 if it is a JPEG in one scan.",
};

/// A photo, ready to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// Its name.
    pub hash: PhotoHash,
    width: u32,
    height: u32,
    jpeg: Vec<u8>,
}

/// A photo's name: SHA-256 of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhotoHash(pub [u8; 32]);

impl PhotoHash {
    /// Reads what `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let number = |half: &str| u128::from_str_radix(half, 16).ok().map(u128::to_be_bytes);
        let (high, low) = text.split_at_checked(32).filter(|_| digits && text.len() == 64)?;
        let mut hash = [0; 32];
        for (to, from) in hash.iter_mut().zip([number(high)?, number(low)?].as_flattened()) {
            *to = *from;
        }
        Some(Self(hash))
    }
}

impl fmt::Display for PhotoHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Makes a photo of a file that was sent as `media_type`. Takes a core for up to seconds and much memory: to
/// be done one at a time, and never in a transaction. Faults have codes `image-…`.
pub fn make(file: &[u8], media_type: &str) -> Result<Photo> {
    let format = image::guess_format(file).ok();
    let Some(format) = format.filter(|format| format.to_mime_type() == media_type) else {
        return Err(Error::Refused(MISMATCH));
    };
    encode(&decode(file, format)?).map_err(Error::internal)
}

/// The picture in a file, upright, opaque and small.
fn decode(file: &[u8], format: ImageFormat) -> Result<DynamicImage> {
    let unreadable = |_| Error::Refused(UNREADABLE);
    let bytes = Cursor::new(file);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(WORK_BYTES_MAX);
    match format {
        ImageFormat::Jpeg => {
            let in_one_go = is_in_one_go(file).ok_or(Error::Refused(UNREADABLE))?;
            let beside = if in_one_go { 0 } else { COEFFICIENT_BYTES };
            read(JpegDecoder::new(bytes).map_err(unreadable)?, beside)
        }
        ImageFormat::Png => {
            let decoder = PngDecoder::with_limits(bytes, limits).map_err(unreadable)?;
            if decoder.is_apng().map_err(unreadable)? {
                return Err(Error::Refused(ANIMATED));
            }
            read(decoder, 0)
        }
        _ => {
            let decoder = WebPDecoder::new(bytes).map_err(unreadable)?;
            if decoder.has_animation() {
                return Err(Error::Refused(ANIMATED));
            }
            read(decoder, CONVERTED_BYTES)
        }
    }
}

/// Whether a JPEG is decoded in one go, provided it goes on to its last marker: what is missing, the decoder
/// would paint grey. Between the markers stand segments, which say how long they are, and data, in which a
/// marker is an FF that neither a 00 nor a restart follows (ITU-T T.81, B.1). What stands behind the end,
/// telephones put there.
fn is_in_one_go(jpeg: &[u8]) -> Option<bool> {
    const PROGRESSIVE: u8 = 0xc2;
    const SCAN: u8 = 0xda;
    let mut rest = jpeg.get(2..)?;
    let (mut frame, mut whole) = (None, true);
    loop {
        rest = match rest {
            [0xff, 0xd9, ..] => return frame.map(|(marker, _)| whole && marker != PROGRESSIVE),
            [0xff, 0x00 | 0x01 | 0xd0..=0xd8, behind @ ..] => behind,
            [0xff, marker, high, low, ..] if *marker != 0xff => {
                // Tables stand among the frames.
                if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
                    frame = Some((*marker, rest.get(9)));
                }
                // A scan of some of the frame's components leaves the rest for later.
                if *marker == SCAN {
                    whole &= frame.is_some_and(|(_, components)| rest.get(4) == components);
                }
                rest.get(2 + usize::from(u16::from_be_bytes([*high, *low]))..)?
            }
            [_, behind @ ..] => behind,
            [] => return None,
        };
    }
}

/// Decodes a picture that takes so many bytes a pixel beside the pixel itself.
fn read(mut decoder: impl ImageDecoder, beside: u64) -> Result<DynamicImage> {
    let unreadable = |_| Error::Refused(UNREADABLE);
    let (width, height) = decoder.dimensions();
    let color = decoder.color_type();
    let converted = color.has_alpha() && color != ColorType::Rgba8;
    let converted = if converted { CONVERTED_BYTES } else { 0 };
    let pixel = u64::from(color.bytes_per_pixel()) + beside.max(converted);
    if u64::from(width) * u64::from(height) > WORK_BYTES_MAX / pixel {
        return Err(Error::Refused(TOO_LARGE));
    }
    let orientation = decoder.orientation().map_err(unreadable)?;
    let profile = decoder.icc_profile().ok().flatten();
    let picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    let mut small = shrink(flatten(picture)).into_rgb8();
    if let Some(profile) = profile {
        small = to_srgb(&small, &profile).unwrap_or(small);
    }
    let mut small = DynamicImage::from(small);
    small.apply_orientation(orientation);
    Ok(small)
}

/// The picture in the colours that are meant where no profile stands; `None` where the profile is none of
/// colours on a screen. Telephones mark theirs as Display P3.
fn to_srgb(picture: &RgbImage, profile: &[u8]) -> Option<RgbImage> {
    let from = ColorProfile::new_from_slice(profile).ok()?;
    let (to, options) = (ColorProfile::new_srgb(), TransformOptions::default());
    let transform = from.create_transform_8bit(Layout::Rgb, &to, Layout::Rgb, options).ok()?;
    let mut converted = picture.clone();
    transform.transform(picture.as_raw(), &mut converted).ok()?;
    Some(converted)
}

/// Lays a picture on white, before it is scaled: the colours behind full transparency are anything.
fn flatten(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture;
    }
    let mut picture = picture.into_rgba8();
    for Rgba([red, green, blue, alpha]) in picture.pixels_mut() {
        let opaque = u16::from(*alpha);
        for channel in [red, green, blue] {
            let mixed = (u16::from(*channel) * opaque + 255 * (255 - opaque)) / 255;
            *channel = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
        *alpha = u8::MAX;
    }
    picture.into()
}

/// Scales a picture down to what is kept. A large one in two steps: averages of whole areas, which takes no
/// memory beside the result, and then a filter that keeps edges sharp.
fn shrink(picture: DynamicImage) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let longer = width.max(height);
    let scaled = |side: u32, to: u32| {
        let part = u64::from(side) * u64::from(to) / u64::from(longer);
        u32::try_from(part).unwrap_or(to).max(1)
    };
    let first = 2 * SIDE_MAX;
    let picture = if longer > first {
        picture.thumbnail_exact(scaled(width, first), scaled(height, first))
    } else {
        picture
    };
    if longer <= SIDE_MAX {
        return picture;
    }
    let (width, height) = (scaled(width, SIDE_MAX), scaled(height, SIDE_MAX));
    picture.resize_exact(width, height, FilterType::CatmullRom)
}

/// A copy of a photo that is kept, scaled down until it takes at most so many bytes. Takes a core for some
/// milliseconds.
pub fn within(photo: &[u8], bytes_max: usize) -> Result<Vec<u8>> {
    let format = ImageFormat::Jpeg;
    let picture = image::load_from_memory_with_format(photo, format).map_err(Error::internal)?;
    let mut small = photo.to_vec();
    for (side, quality) in STEPS {
        if small.len() <= bytes_max {
            break;
        }
        let side = picture.width().max(picture.height()).min(*side);
        let scaled = picture.resize(side, side, FilterType::CatmullRom).into_rgb8();
        small = jpeg_of(&scaled, *quality).map_err(Error::internal)?;
    }
    Ok(small)
}

fn jpeg_of(picture: &RgbImage, quality: u8) -> ImageResult<Vec<u8>> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, quality).encode_image(picture)?;
    Ok(jpeg)
}

fn encode(picture: &DynamicImage) -> ImageResult<Photo> {
    let picture = picture.to_rgb8();
    let jpeg = jpeg_of(&picture, QUALITY)?;
    let hash = PhotoHash(Sha256::digest(&jpeg).into());
    Ok(Photo { hash, width: picture.width(), height: picture.height(), jpeg })
}

/// Makes this a person's photo, in place of the one there was; the first ever brings points. The same again
/// changes nothing.
pub fn put(tx: &Tx<'_>, user: UserId, photo: &Photo) -> Result<()> {
    tx.change(
        "INSERT INTO photos(user_id, hash, width, height, jpeg, created_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT(user_id) DO UPDATE SET hash = excluded.hash, width = excluded.width,
           height = excluded.height, jpeg = excluded.jpeg, created_ms = excluded.created_ms
         WHERE hash <> excluded.hash",
        params![user, photo.hash.0, photo.width, photo.height, photo.jpeg, tx.now()],
    )?
    .any();
    progress::award(tx, user, Source::FirstPhoto, "").map(drop)
}

/// The name of a person's photo, if there is one.
pub fn find(read: &Read<'_>, user: UserId) -> Result<Option<PhotoHash>> {
    let sql = "SELECT hash FROM photos WHERE user_id = ?1";
    read.maybe(sql, params![user], |row| row.get(0).map(PhotoHash))
}

/// The bytes of the photo of this name, whosever it is.
pub fn jpeg(read: &Read<'_>, hash: PhotoHash) -> Result<Vec<u8>> {
    let sql = "SELECT jpeg FROM photos WHERE hash = ?1 LIMIT 1";
    read.maybe(sql, params![hash.0], |row| row.get(0))?.ok_or(Error::NotFound("photo"))
}

/// Deletes a person's photo, if there is one.
pub fn delete(tx: &Tx<'_>, user: UserId) -> Result<()> {
    tx.change("DELETE FROM photos WHERE user_id = ?1", params![user])?.any();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_busiest_photo_fits_an_address_book() {
        let mut state = 1_u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            u8::try_from(state >> 24).unwrap_or(0)
        };
        let busy = RgbImage::from_fn(640, 480, |_, _| image::Rgb([noise(), noise(), noise()]));
        let kept = encode(&busy.into()).unwrap().jpeg;
        assert!(kept.len() > 64 * 1_024, "{}", kept.len());
        for bytes_max in [64 * 1_024, 40_000] {
            let small = within(&kept, bytes_max).unwrap();
            let read = image::load_from_memory(&small).unwrap();
            assert!(small.len() <= bytes_max && read.width() >= 160, "{}", small.len());
            assert!(read.width() * 3 == read.height() * 4, "{}×{}", read.width(), read.height());
        }
        assert_eq!(within(&kept, kept.len()).unwrap(), kept, "what fits is left as it is");
    }
}
