//! Colour: sRGB as a card's owner writes it, OKLCH to think in, and how much two colours differ to the eye
//! (WCAG 2.2, "contrast ratio").

use std::fmt;

/// A colour that a screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub [u8; 3]);

impl Rgb {
    /// White.
    pub const WHITE: Self = Self([255; 3]);
    /// Black.
    pub const BLACK: Self = Self([0; 3]);

    /// The colour that `#rrggbb` names.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// How much of each primary a screen shines, from 0 to 1.
    fn linear(self) -> [f64; 3] {
        self.0.map(|byte| {
            let share = f64::from(byte) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// The colour so far from this one to another, from 0 to 1.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 255")]
    pub fn mixed(self, other: Self, share: f64) -> Self {
        let mut mixed = self;
        for (part, other) in mixed.0.iter_mut().zip(other.0) {
            *part = (f64::from(*part) * (1.0 - share) + f64::from(other) * share).round() as u8;
        }
        mixed
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// From 1, the same, to 21, black on white.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// A colour as it is seen: lightness from 0 to 1, chroma from 0, hue as an angle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Oklch {
    /// Lightness.
    pub light: f64,
    /// How far from grey.
    pub chroma: f64,
    /// Hue, in radians.
    pub hue: f64,
}

impl From<Rgb> for Oklch {
    /// After Björn Ottosson, "A perceptual color space for image processing" (2020).
    fn from(colour: Rgb) -> Self {
        let linear = colour.linear();
        let cones = times(&TO_CONES, linear).map(f64::cbrt);
        let [light, green_red, blue_yellow] = times(&TO_LAB, cones);
        let hue = blue_yellow.atan2(green_red);
        Self { light, chroma: green_red.hypot(blue_yellow), hue }
    }
}

impl Oklch {
    /// The same hue at another lightness, with `chroma` at most.
    #[must_use]
    pub fn toned(self, light: f64, chroma: f64) -> Self {
        Self { light, chroma: self.chroma.min(chroma), ..self }
    }

    fn shine(self, chroma: f64) -> [f64; 3] {
        let lab = [self.light, chroma * self.hue.cos(), chroma * self.hue.sin()];
        times(&FROM_CONES, times(&FROM_LAB, lab).map(|cone| cone.powi(3)))
    }

    /// The nearest colour of this lightness and hue that a screen shows: where it is too strong for one, paler.
    pub fn rgb(self) -> Rgb {
        let shows = |shine: [f64; 3]| shine.iter().all(|part| (-0.000_5..=1.000_5).contains(part));
        let (mut paler, mut stronger) = (0.0, self.chroma);
        if shows(self.shine(stronger)) {
            paler = stronger;
        }
        while stronger - paler > 0.000_5 {
            let middle = f64::midpoint(paler, stronger);
            if shows(self.shine(middle)) {
                paler = middle;
            } else {
                stronger = middle;
            }
        }
        Rgb(self.shine(paler).map(encoded))
    }

    /// The first colour that differs from all of `grounds` by `ratio`, going from this one to where they end:
    /// darker on what is light, lighter on what is dark.
    pub fn legible(self, grounds: &[Rgb], ratio: f64) -> Rgb {
        let passes = |colour: Rgb| grounds.iter().all(|ground| ground.contrast(colour) >= ratio);
        let is_light = |ground: &Rgb| ground.contrast(Rgb::BLACK) > ground.contrast(Rgb::WHITE);
        let is_day = grounds.iter().all(is_light);
        let (step, end) = if is_day { (-0.004, Rgb::BLACK) } else { (0.004, Rgb::WHITE) };
        let mut tried = self;
        while (0.0..=1.0).contains(&tried.light) {
            let colour = tried.rgb();
            if passes(colour) {
                return colour;
            }
            tried.light += step;
        }
        end
    }
}

/// A part of a colour as screens take it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 255")]
fn encoded(shine: f64) -> u8 {
    let shine = shine.clamp(0.0, 1.0);
    let share =
        if shine <= 0.003_130_8 { shine * 12.92 } else { 1.055 * shine.powf(1.0 / 2.4) - 0.055 };
    (share * 255.0).round() as u8
}

type Matrix = [[f64; 3]; 3];

fn times(matrix: &Matrix, [first, second, third]: [f64; 3]) -> [f64; 3] {
    matrix.map(|[one, two, three]| one * first + two * second + three * third)
}

const TO_CONES: Matrix = [
    [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
    [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
    [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
];
const TO_LAB: Matrix = [
    [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
    [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
    [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
];
const FROM_LAB: Matrix = [
    [1.0, 0.396_337_777_4, 0.215_803_757_3],
    [1.0, -0.105_561_345_8, -0.063_854_172_8],
    [1.0, -0.089_484_177_5, -1.291_485_548_0],
];
const FROM_CONES: Matrix = [
    [4.076_741_662_1, -3.307_711_591_3, 0.230_969_929_2],
    [-1.268_438_004_6, 2.609_757_401_1, -0.341_319_396_5],
    [-0.004_196_086_3, -0.703_418_614_7, 1.707_614_701_0],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_as_wcag_says() {
        assert!((Rgb::BLACK.contrast(Rgb::WHITE) - 21.0).abs() < 1e-9);
        let grey = Rgb::parse("#767676").unwrap();
        assert!((grey.contrast(Rgb::WHITE) - 4.54).abs() < 0.01, "{}", grey.contrast(Rgb::WHITE));
        for text in ["", "#fff", "ffffff", "#gggggg", "#1234567", "#+12345", "#é1234"] {
            assert_eq!(Rgb::parse(text), None, "{text}");
        }
    }

    #[test]
    fn colours_come_back_from_oklch_as_they_went() {
        // Ottosson's own figures: red is at (0.628, 0.2577, 29.23°).
        let red = Oklch::from(Rgb([255, 0, 0]));
        let near = |is: f64, should: f64| (is - should).abs() < 0.001;
        assert!(near(red.light, 0.628) && near(red.chroma, 0.2577), "{red:?}");
        assert!(near(red.hue.to_degrees(), 29.2339), "{red:?}");
        for colour in every_colour() {
            let back = Oklch::from(colour).rgb();
            let off = colour.0.iter().zip(back.0).map(|(one, two)| one.abs_diff(two)).max();
            assert!(off <= Some(1), "{colour} came back as {back}");
        }
    }

    #[test]
    fn a_colour_moves_until_it_can_be_read() {
        for colour in every_colour() {
            for grounds in [[Rgb::WHITE, Rgb([245; 3])], [Rgb::BLACK, Rgb([30; 3])]] {
                let found = Oklch::from(colour).legible(&grounds, 7.0);
                assert!(grounds.iter().all(|g| g.contrast(found) >= 7.0), "{colour}: {found}");
            }
        }
    }

    fn every_colour() -> impl Iterator<Item = Rgb> {
        let steps = || (0..=255_u8).step_by(51);
        steps().flat_map(move |r| steps().flat_map(move |g| steps().map(move |b| Rgb([r, g, b]))))
    }
}
