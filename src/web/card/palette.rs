//! The colours of a card, derived from the one that its owner chose, such that all can be read: the page is the
//! server's to answer for, whatever was chosen. Every grey has a breath of the colour's hue.

use super::colour::{Oklch, Rgb};
use std::fmt::Write;

/// Least contrast of running text.
const TEXT: f64 = 7.0;
/// Least contrast of all other text (WCAG 1.4.3), and a little: letters are thin.
const SMALL: f64 = 4.6;
/// Least contrast of what is to be seen as a control (WCAG 1.4.11).
const CONTROL: f64 = 3.05;

/// The colours of a card in one light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Behind everything.
    pub paper: Rgb,
    /// The card.
    pub sheet: Rgb,
    /// A tint of the accent, for a field.
    pub soft: Rgb,
    /// Running text.
    pub ink: Rgb,
    /// What stands back.
    pub quiet: Rgb,
    /// Around a control.
    pub edge: Rgb,
    /// A hairline.
    pub line: Rgb,
    /// The colour itself.
    pub accent: Rgb,
    /// On that.
    pub on_accent: Rgb,
    /// Around a control in that colour.
    pub accent_edge: Rgb,
    /// That colour as text.
    pub link: Rgb,
}

impl Palette {
    /// By day.
    pub fn light(accent: Rgb) -> Self {
        let tone = Oklch::from(accent);
        let (paper, sheet) = (tone.toned(0.978, 0.006).rgb(), tone.toned(0.996, 0.002).rgb());
        let soft = tone.toned(0.935, 0.038).rgb();
        let line = tone.toned(0.885, 0.018).rgb();
        Self { line, ..Self::on([paper, sheet, soft], accent, [0.24, 0.46, 0.62]) }
    }

    /// By night: surfaces of its own. What was chosen for paper may be too dark to be seen, or glare.
    pub fn dark(accent: Rgb) -> Self {
        let tone = Oklch::from(accent);
        let (paper, sheet) = (tone.toned(0.165, 0.012).rgb(), tone.toned(0.212, 0.016).rgb());
        let soft = tone.toned(0.285, 0.045).rgb();
        let line = tone.toned(0.345, 0.02).rgb();
        let lit = Oklch { light: tone.light.clamp(0.42, 0.86), ..tone }.rgb();
        Self { line, ..Self::on([paper, sheet, soft], lit, [0.94, 0.76, 0.6]) }
    }

    /// For who asks for more contrast, by day.
    pub fn high_light(accent: Rgb) -> Self {
        Self::high(accent, Rgb::WHITE, Rgb::BLACK)
    }

    /// The same by night.
    pub fn high_dark(accent: Rgb) -> Self {
        Self::high(accent, Rgb::BLACK, Rgb::WHITE)
    }

    fn on([paper, sheet, soft]: [Rgb; 3], accent: Rgb, [ink, quiet, edge]: [f64; 3]) -> Self {
        let tone = Oklch::from(accent);
        let grounds = [paper, sheet, soft];
        Self {
            paper,
            sheet,
            soft,
            ink: tone.toned(ink, 0.022).legible(&grounds, TEXT),
            quiet: tone.toned(quiet, 0.028).legible(&grounds, SMALL),
            edge: tone.toned(edge, 0.03).legible(&grounds, CONTROL),
            line: soft,
            accent,
            on_accent: on(accent),
            accent_edge: tone.legible(&[paper, sheet], CONTROL),
            link: tone.legible(&grounds, SMALL),
        }
    }

    fn high(accent: Rgb, ground: Rgb, ink: Rgb) -> Self {
        let strong = Oklch::from(accent).legible(&[ground], TEXT);
        Self {
            paper: ground,
            sheet: ground,
            soft: ground,
            ink,
            quiet: ink,
            edge: ink,
            line: ink,
            accent: strong,
            on_accent: ground,
            accent_edge: strong,
            link: strong,
        }
    }

    fn tell(&self, css: &mut String, selector: &str) {
        let colours = [
            ("paper", self.paper),
            ("sheet", self.sheet),
            ("soft", self.soft),
            ("ink", self.ink),
            ("quiet", self.quiet),
            ("edge", self.edge),
            ("line", self.line),
            ("accent", self.accent),
            ("on-accent", self.on_accent),
            ("accent-edge", self.accent_edge),
            ("link", self.link),
        ];
        css.push_str(selector);
        css.push('{');
        for (name, colour) in colours {
            // Writing into memory does not fail.
            let _written: Result<(), std::fmt::Error> = write!(css, "--{name}:{colour};");
        }
        css.push('}');
    }
}

/// What is read on a colour: white where that can be, which looks lighter than it counts; else the darkest of the
/// colour's own hue.
fn on(accent: Rgb) -> Rgb {
    if accent.contrast(Rgb::WHITE) >= SMALL {
        return Rgb::WHITE;
    }
    let dark = Oklch::from(accent).toned(0.2, 0.05).rgb();
    if accent.contrast(dark) >= SMALL { dark } else { Rgb::BLACK }
}

/// The rules that give these colours to what `selector` selects, in every light. `in_app`: also where a person has
/// asked this program for more contrast, which the pages of the app know.
pub fn rules(selector: &str, accent: Rgb, in_app: bool) -> String {
    let mut css = String::with_capacity(1_024);
    let night = "@media(prefers-color-scheme:dark)";
    Palette::light(accent).tell(&mut css, selector);
    css.push_str(night);
    css.push('{');
    Palette::dark(accent).tell(&mut css, selector);
    css.push_str("}@media(prefers-contrast:more){");
    Palette::high_light(accent).tell(&mut css, selector);
    css.push_str("}@media(prefers-color-scheme:dark) and (prefers-contrast:more){");
    Palette::high_dark(accent).tell(&mut css, selector);
    css.push('}');
    if in_app {
        let asked = format!(":root[data-contrast=high] {selector}");
        Palette::high_light(accent).tell(&mut css, &asked);
        css.push_str(night);
        css.push('{');
        Palette::high_dark(accent).tell(&mut css, &asked);
        css.push('}');
    }
    css
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn assert_legible(palette: &Palette, accent: Rgb) {
        let grounds = [palette.paper, palette.sheet, palette.soft];
        for ground in grounds {
            for (name, colour, least) in [
                ("ink", palette.ink, 7.0),
                ("quiet", palette.quiet, 4.5),
                ("link", palette.link, 4.5),
                ("edge", palette.edge, 3.0),
            ] {
                let ratio = ground.contrast(colour);
                assert!(ratio >= least, "{accent}: {name} {colour} on {ground} is {ratio:.2}");
            }
        }
        let on = palette.accent.contrast(palette.on_accent);
        assert!(on >= 4.5, "{accent}: {} on {} is {on:.2}", palette.on_accent, palette.accent);
        let edge = palette.sheet.contrast(palette.accent_edge);
        assert!(edge >= 3.0, "{accent}: {} is not to be seen: {edge:.2}", palette.accent_edge);
    }

    fn assert_all(accent: Rgb) {
        for palette in [Palette::light, Palette::dark, Palette::high_light, Palette::high_dark] {
            assert_legible(&palette(accent), accent);
        }
        let high = [Palette::high_light(accent), Palette::high_dark(accent)];
        assert!(high.iter().all(|p| p.link.contrast(p.sheet) >= 7.0), "{accent}");
    }

    #[test]
    fn whatever_is_chosen_can_be_read() {
        for accent in ["#ffff00", "#fefefe", "#ffffff", "#000000", "#010203", "#808080", "#ff00ff"]
        {
            assert_all(Rgb::parse(accent).unwrap());
        }
        assert_eq!(Palette::light(Rgb([255, 255, 0])).accent, Rgb([255, 255, 0]), "the owner's");
    }

    proptest! {
        #[test]
        fn any_colour_can_be_read(red: u8, green: u8, blue: u8) {
            assert_all(Rgb([red, green, blue]));
        }
    }

    #[test]
    fn the_rules_hold_colours_and_nothing_else() {
        let css = rules(".c", Rgb([18, 52, 86]), true);
        assert_eq!((css.matches('{').count(), css.matches("--link:#").count()), (10, 6));
        assert!(css.contains("--accent:#123456;") && !css.contains('<'), "{css}");
    }
}
