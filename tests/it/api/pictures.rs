//! What becomes of the pictures that are sent to `/api/profile/photo`.

use super::photos::{BLUE, RED, file, halves, jpeg, path, put};
use crate::kit::{Api, expect};
use cardinal::testing::Site;
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

/// What is kept of a file.
#[track_caller]
fn kept(site: &Site, api: &mut Api, media_type: &str, file: &[u8]) -> (Vec<u8>, DynamicImage) {
    let path = path(site, &put(api, media_type, file));
    let shown = Api::nobody(site).get(&path);
    assert_eq!(shown.status, 200);
    let picture = image::load_from_memory_with_format(&shown.body, ImageFormat::Jpeg).unwrap();
    (shown.body, picture)
}

#[track_caller]
fn assert_colour(picture: &DynamicImage, at: (u32, u32), colour: Rgb<u8>) {
    let Rgba([r, g, b, _]) = picture.get_pixel(at.0, at.1);
    let near = [r, g, b].iter().zip(colour.0).all(|(is, must)| is.abs_diff(must) < 12);
    assert!(near, "{:?} at {at:?} instead of {colour:?}", [r, g, b]);
}

/// A JPEG with a segment of this marker behind its beginning.
fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, marker], &length, content, &jpeg[2..]].concat()
}

/// Exif with an orientation, and a text in the place of a description.
fn exif(orientation: u8, text: &str) -> Vec<u8> {
    let text = format!("{text}\0");
    let length = u8::try_from(text.len()).unwrap();
    let head = [b"MM\0\x2a\0\0\0\x08\0\x02".as_slice(), b"\x01\x0e\0\x02\0\0\0", &[length]];
    let tail =
        [b"\0\0\0\x26\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[orientation], b"\0\0\0\0\0\0"];
    [head.concat(), tail.concat(), text.into_bytes()].concat()
}

/// A PNG chunk with its checksum.
fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [name.as_slice(), content].concat();
    let sum = crc32fast::hash(&named).to_be_bytes();
    [&u32::try_from(content.len()).unwrap().to_be_bytes(), named.as_slice(), &sum].concat()
}

/// A PNG with these chunks behind its header.
fn with_chunks(png: &[u8], chunks: &[u8]) -> Vec<u8> {
    [&png[..33], chunks, &png[33..]].concat()
}

#[test]
fn every_format_comes_to_a_small_jpeg() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    for (width, height, expected) in [
        (1_000, 500, (640, 320)),
        (500, 3_000, (106, 640)),
        (640, 640, (640, 640)),
        (8, 4, (8, 4)),
        (1, 1, (1, 1)),
        (5_000, 2, (640, 1)),
    ] {
        for (media_type, format) in [
            ("image/jpeg", ImageFormat::Jpeg),
            ("image/png", ImageFormat::Png),
            ("image/webp", ImageFormat::WebP),
        ] {
            let sent = file(halves(width, height), format);
            let (bytes, picture) = kept(&site, &mut ada, media_type, &sent);
            assert_eq!(picture.dimensions(), expected, "{media_type}");
            assert!(bytes.len() < 40_000);
            if expected.1 >= 100 {
                assert_colour(&picture, (10, 10), RED);
                assert_colour(&picture, (expected.0 - 10, expected.1 - 10), BLUE);
            }
        }
    }
    for picture in [
        DynamicImage::from(halves(100, 100)).to_luma8().into(),
        DynamicImage::from(halves(100, 100)).to_luma_alpha16().into(),
        DynamicImage::from(halves(100, 100)).to_rgb16().into(),
        DynamicImage::from(halves(100, 100)).to_rgba16().into(),
    ] as [DynamicImage; 4]
    {
        let (_, kept) = kept(&site, &mut ada, "image/png", &file(picture, ImageFormat::Png));
        assert_eq!(kept.dimensions(), (100, 100));
    }
}

#[test]
fn transparency_lies_on_white() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    // What is not seen is black; its edge must not show when it is scaled.
    let picture = RgbaImage::from_fn(2_000, 1_000, |x, _| match x {
        0..1_000 => Rgba([0, 0, 0, 0]),
        1_000..1_500 => Rgba([220, 20, 20, 255]),
        _ => Rgba([0, 0, 0, 128]),
    });
    for (media_type, format) in [("image/png", ImageFormat::Png), ("image/webp", ImageFormat::WebP)]
    {
        let (_, kept) = kept(&site, &mut ada, media_type, &file(picture.clone(), format));
        assert_colour(&kept, (100, 100), Rgb([255, 255, 255]));
        assert_colour(&kept, (400, 100), RED);
        assert_colour(&kept, (600, 100), Rgb([127, 127, 127]));
        let darkest = (300..330).map(|x| kept.get_pixel(x, 100).0[0]).min().unwrap();
        assert!(darkest > 180, "a dark seam: {darkest}");
    }
}

#[test]
fn a_photo_is_upright() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    // Where the left edge, which is red, comes to lie.
    for (orientation, dimensions, red, blue) in [
        (1, (100, 50), (10, 25), (90, 25)),
        (2, (100, 50), (90, 25), (10, 25)),
        (3, (100, 50), (90, 25), (10, 25)),
        (6, (50, 100), (25, 10), (25, 90)),
        (8, (50, 100), (25, 90), (25, 10)),
        (9, (100, 50), (10, 25), (90, 25)),
    ] {
        let segment = [b"Exif\0\0".as_slice(), &exif(orientation, "")].concat();
        let sent = with_segment(&jpeg(100, 50), 0xe1, &segment);
        let (_, picture) = kept(&site, &mut ada, "image/jpeg", &sent);
        assert_eq!(picture.dimensions(), dimensions, "{orientation}");
        assert_colour(&picture, red, RED);
        assert_colour(&picture, blue, BLUE);
    }
}

#[test]
fn colours_stay_what_they_are_without_the_profile_they_were_sent_with() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let grey = RgbImage::from_pixel(64, 64, Rgb([128, 128, 128]));
    let red = RgbImage::from_pixel(64, 64, Rgb([200, 60, 60]));
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let segment = [b"ICC_PROFILE\0\x01\x01".as_slice(), &profile].concat();
    // The red of a wider space is a deeper one in the usual space.
    for (picture, expected) in [(grey, Rgb([128, 128, 128])), (red, Rgb([217, 42, 53]))] {
        let sent = with_segment(&file(picture, ImageFormat::Jpeg), 0xe2, &segment);
        let (_, kept) = kept(&site, &mut ada, "image/jpeg", &sent);
        assert_colour(&kept, (30, 30), expected);
    }
}

#[test]
fn nothing_of_the_file_is_kept_but_its_colours() {
    const SECRET: &str = "GPS 51.5074N 0.1278W";
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let exif = exif(1, SECRET);
    let mut sent = jpeg(100, 50);
    for (marker, head) in [
        (0xe1, [b"Exif\0\0".as_slice(), &exif].concat()),
        (0xe1, [b"http://ns.adobe.com/xap/1.0/\0".as_slice(), SECRET.as_bytes()].concat()),
        (0xe2, [b"ICC_PROFILE\0\x01\x01".as_slice(), SECRET.as_bytes()].concat()),
        (0xed, [b"Photoshop 3.0\0".as_slice(), SECRET.as_bytes()].concat()),
        (0xfe, SECRET.as_bytes().to_vec()),
    ] {
        sent = with_segment(&sent, marker, &head);
    }
    sent.extend_from_slice(SECRET.as_bytes());
    let png = file(halves(100, 50), ImageFormat::Png);
    let text = [b"Comment\0".as_slice(), SECRET.as_bytes()].concat();
    let chunks = [chunk(*b"tEXt", &text), chunk(*b"eXIf", &exif)].concat();
    let png = with_chunks(&png, &chunks);
    for (media_type, sent) in [("image/jpeg", sent), ("image/png", png)] {
        let there =
            |bytes: &[u8]| bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes());
        assert!(there(&sent));
        let (bytes, _) = kept(&site, &mut ada, media_type, &sent);
        assert!(!there(&bytes));
        // Nor is there a place for anything: no application segment but JFIF's own, no comment.
        let begins = |marker: u8| bytes.windows(2).any(|two| two == [0xff, marker]);
        assert!((0xe1..=0xef).chain([0xfe]).all(|marker| !begins(marker)));
    }
}

#[test]
fn a_damaged_file_is_refused() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let noise = RgbImage::from_fn(200, 200, |x, y| {
        let grain = x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503) ^ (x * y);
        Rgb([grain, grain >> 8, grain >> 16].map(|part| part.to_le_bytes()[0]))
    });
    for (media_type, format) in [
        ("image/jpeg", ImageFormat::Jpeg),
        ("image/png", ImageFormat::Png),
        ("image/webp", ImageFormat::WebP),
    ] {
        let whole = file(noise.clone(), format);
        assert_eq!(put(&mut ada, media_type, &whole).status, 200);
        for part in [12, 20, 40, whole.len() / 4, whole.len() / 2, whole.len() - 20] {
            let told = put(&mut ada, media_type, &whole[..part]);
            assert_eq!(told.status, 422, "{part} of {} bytes of {media_type}", whole.len());
            assert_ne!(told.json()["code"], "image-too-large");
        }
    }
    // No side of a picture is 0.
    let mut flat = file(halves(10, 10), ImageFormat::Png);
    flat[16..24].fill(0);
    let sum = crc32fast::hash(&flat[12..29]).to_be_bytes();
    flat[29..33].copy_from_slice(&sum);
    expect(&put(&mut ada, "image/png", &flat), 422, "image-unreadable");
    let mut flat = jpeg(10, 10);
    let frame = flat.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    flat[frame + 5..frame + 9].fill(0);
    expect(&put(&mut ada, "image/jpeg", &flat), 422, "image-unreadable");
}

#[test]
fn what_a_telephone_adds_behind_a_picture_is_passed_over() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let sent = [jpeg(100, 50), b"SEFT motion photo".to_vec(), vec![0xff; 100]].concat();
    let (_, picture) = kept(&site, &mut ada, "image/jpeg", &sent);
    assert_eq!(picture.dimensions(), (100, 50));
}

#[test]
fn what_moves_is_refused() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let still = file(halves(10, 10), ImageFormat::Png);
    let apng = with_chunks(&still, &chunk(*b"acTL", b"\0\0\0\x02\0\0\0\0"));
    expect(&put(&mut ada, "image/png", &apng), 422, "image-animated");
    // VP8X says that it moves, ANIM and ANMF how.
    let lossless = &file(halves(10, 10), ImageFormat::WebP)[12..];
    let frame = [b"\0\0\0\0\0\0\x09\0\0\x09\0\0\x64\0\0\0".as_slice(), lossless].concat();
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_le_bytes();
    let body = [
        b"WEBPVP8X\x0a\0\0\0\x02\0\0\0\x09\0\0\x09\0\0ANIM\x06\0\0\0\0\0\0\0\0\0ANMF".as_slice(),
        &length(&frame),
        &frame,
    ]
    .concat();
    let webp = [b"RIFF".as_slice(), &length(&body), &body].concat();
    expect(&put(&mut ada, "image/webp", &webp), 422, "image-animated");
}

#[test]
fn a_bomb_is_not_lit() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let side = |side: u32, depth: u8, colour: u8| {
        let header = [&side.to_be_bytes()[..], &side.to_be_bytes(), &[depth, colour, 0, 0, 0]];
        let data = b"\x78\x9c\x03\0\0\0\0\x01";
        let chunks =
            [chunk(*b"IHDR", &header.concat()), chunk(*b"IDAT", data), chunk(*b"IEND", b"")];
        [b"\x89PNG\r\n\x1a\n".as_slice(), &chunks.concat()].concat()
    };
    for (bomb, code) in [
        (side(20_000, 8, 2), "image-too-large"),
        (side(20_000, 1, 0), "image-too-large"),
        (side(12_300, 8, 0), "image-too-large"),
        (side(7_100, 8, 2), "image-too-large"),
        (side(6_200, 8, 6), "image-too-large"),
        (side(3_600, 16, 6), "image-too-large"),
        (side(u32::MAX, 16, 6), "image-unreadable"),
        // Small enough, and with nothing in it.
        (side(5_000, 8, 6), "image-unreadable"),
    ] {
        expect(&put(&mut ada, "image/png", &bomb), 422, code);
    }
    // One in several scans is kept in memory as a whole before it becomes a picture.
    let whole = jpeg(10, 10);
    let at = |marker: u8| whole.windows(2).position(|two| two == [0xff, marker]).unwrap();
    let (frame, scan) = (at(0xc0), at(0xda));
    let one = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0".as_slice();
    let all = &whole[scan..scan + 14];
    for (side, marker, head) in [(0xffff_u16, 0xc0, all), (0x1000, 0xc2, all), (0x1000, 0xc0, one)]
    {
        let mut bomb = [&whole[..scan], head, &whole[scan + 14..]].concat();
        bomb[frame + 1] = marker;
        bomb[frame + 5..frame + 9].copy_from_slice(&[side.to_be_bytes(); 2].concat());
        expect(&put(&mut ada, "image/jpeg", &bomb), 422, "image-too-large");
    }
}
