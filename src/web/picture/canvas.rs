//! Pixels, and letters on them.

use crate::error::{Error, Result};
use crate::web::card::Rgb;
use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};

/// Letters that can be drawn.
pub(super) struct Letters(FontRef<'static>);

impl Letters {
    /// Those that are part of the program.
    pub(super) fn open() -> Result<Self> {
        let font = FontRef::try_from_slice(include_bytes!("letters.otf"));
        font.map(Self).map_err(Error::internal)
    }

    /// Whether all of a text can be drawn.
    pub(super) fn has(&self, text: &str) -> bool {
        text.chars().all(|sign| sign == ' ' || self.0.glyph_id(sign).0 != 0)
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        let font = self.0.as_scaled(scale(&self.0, size));
        text.chars().map(|sign| font.h_advance(self.0.glyph_id(sign))).sum()
    }

    /// A text in lines no broader than `width`, in the largest of `sizes` in which it takes `most` lines; what is
    /// beyond them in the smallest is cut off.
    pub(super) fn fitted(
        &self,
        text: &str,
        width: f32,
        sizes: &[f32],
        most: usize,
    ) -> (f32, Vec<String>) {
        let mut last = (0.0, Vec::new());
        for size in sizes {
            last = (*size, self.broken(text, width, *size));
            if last.1.len() <= most && last.1.iter().all(|line| self.width(line, *size) <= width) {
                return last;
            }
        }
        let (size, mut lines) = last;
        lines.truncate(most);
        for line in &mut lines {
            while self.width(line, size) > width && line.pop().is_some() {}
        }
        (size, lines)
    }

    fn broken(&self, text: &str, width: f32, size: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            match lines.last_mut() {
                Some(line) if self.width(&format!("{line} {word}"), size) <= width => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }
}

/// The scale in which an em is `size` pixels.
fn scale(font: &impl Font, size: f32) -> PxScale {
    let em = font.units_per_em().unwrap_or(1_000.0);
    PxScale::from(size * font.height_unscaled() / em)
}

/// Pixels of three bytes.
pub(super) struct Canvas {
    width: u32,
    pixels: Vec<u8>,
}

impl Canvas {
    /// So many, all of this colour.
    pub(super) fn new(width: u32, height: u32, colour: Rgb) -> Self {
        let count = usize::try_from(width * height).unwrap_or(0);
        Self { width, pixels: colour.0.repeat(count) }
    }

    fn at(&mut self, across: u32, down: u32) -> Option<&mut [u8; 3]> {
        let inside = across < self.width;
        let start = usize::try_from((down * self.width + across) * 3).ok().filter(|_| inside)?;
        self.pixels.get_mut(start..start + 3)?.first_chunk_mut()
    }

    /// Colours a pixel.
    pub(super) fn put(&mut self, across: u32, down: u32, colour: Rgb) {
        if let Some(pixel) = self.at(across, down) {
            *pixel = colour.0;
        }
    }

    /// Writes a line from its left end on its baseline.
    pub(super) fn text(
        &mut self,
        letters: &Letters,
        text: &str,
        (left, baseline): (u32, f32),
        size: f32,
        colour: Rgb,
    ) {
        let font = &letters.0;
        let scale = scale(font, size);
        let scaled = font.as_scaled(scale);
        let mut across = f32::from(u16::try_from(left).unwrap_or(u16::MAX));
        for sign in text.chars() {
            let id = font.glyph_id(sign);
            let glyph = id.with_scale_and_position(scale, point(across, baseline));
            across += scaled.h_advance(id);
            let Some(outline) = font.outline_glyph(glyph) else { continue };
            let corner = outline.px_bounds().min;
            outline.draw(|x, y, share| {
                if let Some((x, y)) =
                    pixel(corner.x).zip(pixel(corner.y)).map(|(l, t)| (l + x, t + y))
                    && let Some(pixel) = self.at(x, y)
                {
                    *pixel = Rgb(*pixel).mixed(colour, f64::from(share.clamp(0.0, 1.0))).0;
                }
            });
        }
    }

    /// The picture as a file.
    pub(super) fn png(&self) -> std::result::Result<Vec<u8>, png::EncodingError> {
        let mut file = Vec::with_capacity(32 * 1_024);
        let height = u32::try_from(self.pixels.len() / 3).unwrap_or(0) / self.width;
        let mut encoder = png::Encoder::new(&mut file, self.width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Balanced);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels)?;
        writer.finish()?;
        Ok(file)
    }
}

/// The pixel at a place that is not off the canvas to the left or above.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "not negative, and small"
)]
fn pixel(place: f32) -> Option<u32> {
    (0.0..60_000.0).contains(&place).then_some(place as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_drawn_is_known() {
        let letters = Letters::open().unwrap();
        for text in
            ["Ada Lovelace", "Jörg Müller-Łukasz", "Νίκος", "Владимир", "Nguyễn Thị", "O’Neill – 1"]
        {
            assert!(letters.has(text), "{text}");
        }
        for text in ["محمد", "李雷", "a😀"] {
            assert!(!letters.has(text), "{text}");
        }
    }

    #[test]
    fn lines_fit() {
        let letters = Letters::open().unwrap();
        let (size, lines) = letters.fitted("Ada Lovelace", 740.0, &[96.0, 60.0], 3);
        assert_eq!((size, lines.as_slice()), (96.0, ["Ada Lovelace".to_owned()].as_slice()));
        let long = "x".repeat(400);
        let (size, lines) = letters.fitted(&long, 740.0, &[96.0, 60.0], 3);
        assert!(lines.len() == 1 && letters.width(&lines[0], size) <= 740.0, "{lines:?}");
    }
}
