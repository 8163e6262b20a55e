//! QR codes, as pictures of their modules: error correction M, and the quiet zone of four modules around.

use crate::error::{Error, Result};
use qrcode::bits::Bits;
use qrcode::types::{QrError, QrResult};
use qrcode::{Color, EcLevel, QrCode, Version};
use std::fmt::Write;

/// Light modules around the code.
const QUIET: usize = 4;
/// What marks UTF-8 (the assignment number of its Extended Channel Interpretation).
const UTF_8: u32 = 26;
/// The smallest and the largest side of a PNG, in pixels.
pub const SIZES: std::ops::RangeInclusive<u32> = 64..=2_048;

/// The modules of a code, row by row; true is dark.
#[derive(Debug)]
pub struct Qr {
    width: usize,
    dark: Vec<bool>,
}

impl Qr {
    /// The code that says `text`. What is not ASCII is marked as UTF-8: without that, readers guess, and some of them
    /// take "Müller" for Chinese.
    pub fn of(text: &str) -> Result<Self> {
        let code = if text.is_ascii() {
            QrCode::with_error_correction_level(text, EcLevel::M)
        } else {
            marked(text.as_bytes())
        };
        let code = code.map_err(Error::internal)?;
        let dark = code.to_colors().into_iter().map(|colour| colour == Color::Dark).collect();
        Ok(Self { width: code.width(), dark })
    }

    fn is_dark(&self, column: usize, row: usize) -> bool {
        let inner = |at: usize| at.checked_sub(QUIET).filter(|at| *at < self.width);
        let at = inner(column).zip(inner(row)).map(|(column, row)| row * self.width + column);
        at.and_then(|at| self.dark.get(at)).is_some_and(|dark| *dark)
    }

    /// Modules of a side, the quiet zone included.
    pub const fn side(&self) -> usize {
        self.width + 2 * QUIET
    }

    /// The dark modules as one path: each run of a row is a bar.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for row in 0..self.side() {
            let mut column = 0;
            while column < self.side() {
                let dark = (column..self.side()).take_while(|c| self.is_dark(*c, row)).count();
                if dark > 0 {
                    // Writing into memory does not fail.
                    let _written = write!(path, "M{column} {row}h{dark}v1h-{dark}z");
                }
                column += dark.max(1);
            }
        }
        path
    }

    /// A picture of its own.
    pub fn svg(&self, title: &str) -> String {
        let (side, path) = (self.side(), self.path());
        let title = title.replace('&', "&amp;").replace('<', "&lt;");
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" role=\"img\" \
             shape-rendering=\"crispEdges\"><title>{title}</title><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
             <path d=\"{path}\"/></svg>\n"
        )
    }

    /// Whether the pixel is dark in a square of `size` pixels, in whole pixels a module and centred.
    pub fn is_dark_at(&self, size: u32, across: u32, down: u32) -> bool {
        let size = usize::try_from(size).unwrap_or(0);
        let scale = (size / self.side()).max(1);
        let margin = size.saturating_sub(scale * self.side()) / 2;
        let module = |at: u32| {
            usize::try_from(at).ok().and_then(|at| at.checked_sub(margin)).map(|at| at / scale)
        };
        module(across).zip(module(down)).is_some_and(|(column, row)| self.is_dark(column, row))
    }

    /// A picture of `size` by `size` pixels in black and white.
    pub fn png(&self, size: u32) -> Result<Vec<u8>> {
        let row = |down: u32| {
            (0..size.div_ceil(8)).map(move |byte| {
                (0..8).fold(0_u8, |bits, bit| {
                    let across = byte * 8 + bit;
                    let light = across >= size || !self.is_dark_at(size, across, down);
                    bits << 1 | u8::from(light)
                })
            })
        };
        let pixels: Vec<u8> = (0..size).flat_map(row).collect();
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, size, size);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        encoder.set_compression(png::Compression::High);
        let mut writer = encoder.write_header().map_err(Error::internal)?;
        writer.write_image_data(&pixels).map_err(Error::internal)?;
        writer.finish().map_err(Error::internal)?;
        Ok(file)
    }
}

/// The smallest code that says these bytes of UTF-8, and that they are that.
fn marked(text: &[u8]) -> QrResult<QrCode> {
    let of = |version: i16| {
        let mut bits = Bits::new(Version::Normal(version));
        bits.push_eci_designator(UTF_8)?;
        bits.push_byte_data(text)?;
        bits.push_terminator(EcLevel::M)?;
        QrCode::with_bits(bits, EcLevel::M)
    };
    let made = (1..=40).map(of).find(|made| !matches!(made, Err(QrError::DataTooLong)));
    made.unwrap_or(Err(QrError::DataTooLong))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_ascii_is_marked_in_the_smallest_code_that_holds_it() {
        for (text, side) in [("é".repeat(5), 21), ("é".repeat(7), 25), ("李".repeat(333), 121)] {
            assert_eq!(Qr::of(&text).unwrap().side(), side + 8, "{}", text.len());
        }
        assert!(Qr::of(&"é".repeat(1_200)).is_err());
    }

    #[test]
    fn a_code_has_its_three_corners_and_a_quiet_zone() {
        let code = Qr::of("https://cards.example.org/c/ada").unwrap();
        assert_eq!(code.side(), 29 + 8);
        for (column, row) in [(4, 4), (32, 4), (4, 32)] {
            assert!(code.is_dark(column, row), "{column} {row}");
        }
        let edge = (0..code.side())
            .any(|at| (0..4).any(|zone| code.is_dark(at, zone) || code.is_dark(zone, at)));
        assert!(!edge);
        assert!(code.path().starts_with("M4 4h7v1h-7z"), "{}", code.path());
        assert!(code.svg("A & <b>").contains("<title>A &amp; &lt;b></title>"));
        let png = code.png(300).unwrap();
        assert!(png.starts_with(b"\x89PNG") && png.len() < 2_000, "{}", png.len());
        // 300 pixels are 8 a module, and 2 are left on either side.
        assert!(!code.is_dark_at(300, 33, 34) && code.is_dark_at(300, 34, 34));
    }
}
