//! Charts: one number a day as columns, drawn as SVG whose parts stand at percentages, so that it fills any width and
//! its words keep their size. The greatest column is labelled; every other tells its number when pointed at. What a
//! chart shows stands in a table behind it, for screen readers and for copying.

use super::words::Words;
use maud::{Markup, html};

/// What a column stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// When, as it is read.
    pub label: String,
    /// How much; nothing is drawn below zero.
    pub value: i64,
}

/// A chart.
#[derive(Debug, Clone, Copy)]
pub struct Chart<'a> {
    /// What it counts.
    pub title: &'a str,
    /// What that is in one number, where it adds up to one.
    pub total: Option<i64>,
    /// The columns, oldest first.
    pub columns: &'a [Column],
    /// What the whole height stands for; at least the greatest value is taken. Charts of one scale are compared.
    pub top: i64,
}

/// Where columns begin and end, from above, in percent of the height: above is room for the label, below for days.
const CEILING: f64 = 16.0;
const FLOOR: f64 = 86.0;
/// Part of a column's room that it fills.
const FILLED: f64 = 0.72;

impl Chart<'_> {
    /// The chart.
    pub fn show(&self, words: &Words) -> Markup {
        let greatest = self.greatest();
        html! {
            figure.chart {
                figcaption.spread {
                    span { (self.title) }
                    @if let Some(total) = self.total { b.number { (words.number(total)) } }
                }
                svg width="100%" height="140" role="img" aria-label=(self.told(words)) {
                    @for (n, column) in self.columns.iter().enumerate() {
                        (self.column(words, n, column))
                    }
                    line.floor x1="0" x2="100%" y1=(percent(FLOOR)) y2=(percent(FLOOR)) {}
                    @if let Some((n, column)) = greatest { (self.label(words, n, column.value)) }
                    (self.days())
                }
            }
        }
    }

    /// The first of the greatest columns, if there is any to be seen.
    fn greatest(&self) -> Option<(usize, &Column)> {
        let columns = self.columns.iter().enumerate().filter(|(_, column)| column.value > 0);
        columns.rev().max_by_key(|(_, column)| column.value)
    }

    /// The whole of it as a sentence.
    fn told(&self, words: &Words) -> String {
        let most = self.greatest();
        let most = most.map(|(_, column)| (words.number(column.value), column.label.as_str()));
        (words.stats.told)(self.title, most.as_ref().map(|(value, day)| (value.as_str(), *day)))
    }

    /// Room of one column, in percent of the width.
    fn room(&self) -> f64 {
        100.0 / as_f64(i64::try_from(self.columns.len().max(1)).unwrap_or(i64::MAX))
    }

    /// Middle of a column, in percent of the width.
    fn middle(&self, n: usize) -> f64 {
        (as_f64(i64::try_from(n).unwrap_or(i64::MAX)) + 0.5) * self.room()
    }

    /// Height of a column, in percent of the chart's.
    fn height(&self, value: i64) -> f64 {
        let top = self.columns.iter().map(|column| column.value).fold(self.top, i64::max);
        // One is seen beside a million.
        if value > 0 { ((FLOOR - CEILING) * as_f64(value) / as_f64(top)).max(1.0) } else { 0.0 }
    }

    fn column(&self, words: &Words, n: usize, column: &Column) -> Markup {
        let (height, width) = (self.height(column.value), self.room() * FILLED);
        html! {
            g {
                title { (column.label) ": " (words.number(column.value)) }
                rect.room x=(percent(self.middle(n) - self.room() / 2.0)) width=(percent(self.room()))
                    y="0" height=(percent(FLOOR)) {}
                @if height > 0.0 {
                    rect.bar x=(percent(self.middle(n) - width / 2.0)) width=(percent(width))
                        y=(percent(FLOOR - height)) height=(percent(height)) rx="2" {}
                }
            }
        }
    }

    /// The number of a column, above it and inside the chart.
    fn label(&self, words: &Words, n: usize, value: i64) -> Markup {
        let (x, anchor) = match self.middle(n) {
            near if near < 12.0 => (near - self.room() / 2.0, "start"),
            far if far > 88.0 => (far + self.room() / 2.0, "end"),
            middle => (middle, "middle"),
        };
        let y = FLOOR - self.height(value) - 4.0;
        html! {
            text.peak x=(percent(x)) y=(percent(y)) text-anchor=(anchor) { (words.number(value)) }
        }
    }

    fn days(&self) -> Markup {
        html! {
            @if let [first, .., last] = self.columns {
                text x="0" y="99%" { (first.label) }
                text x="100%" y="99%" text-anchor="end" { (last.label) }
            } @else if let [only] = self.columns {
                text x="50%" y="99%" text-anchor="middle" { (only.label) }
            }
        }
    }
}

/// As a drawing has it: a column's height need not be exact to the last of 2⁶³.
#[expect(clippy::cast_precision_loss, reason = "it is drawn on some hundred points")]
const fn as_f64(number: i64) -> f64 {
    number as f64
}

fn percent(share: f64) -> String {
    format!("{share:.2}%")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::languages::Language;

    fn drawn(values: &[i64], top: i64) -> String {
        let columns: Vec<Column> = (1..)
            .zip(values)
            .map(|(n, value)| Column { label: format!("{n} May"), value: *value })
            .collect();
        let chart = Chart { title: "Views", total: None, columns: &columns, top };
        chart.show(Words::of(Language::De)).into_string()
    }

    /// Heights of the columns that are drawn, in percent.
    fn heights(svg: &str) -> Vec<f64> {
        let bars = svg.split("<rect class=\"bar\"").skip(1);
        let height = |bar: &str| bar.split("height=\"").nth(1)?.split('%').next()?.parse().ok();
        bars.map(|bar| height(bar).unwrap()).collect()
    }

    #[test]
    fn nothing_and_zeros_are_an_empty_floor() {
        for values in [&[][..], &[0], &[0, 0, 0], &[-5, i64::MIN]] {
            let svg = drawn(values, 0);
            assert_eq!(heights(&svg), [0.0; 0], "{values:?}");
            assert!(svg.contains("class=\"floor\"") && !svg.contains("peak"), "{svg}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }

    #[test]
    fn the_greatest_fills_the_height_and_is_labelled() {
        for values in [&[7][..], &[7, 0, 3], &[1, 7], &[0, 0, 0, 0, 0, 7, 7, 0, 0, 0, 0]] {
            let svg = drawn(values, 0);
            let most = heights(&svg).into_iter().fold(0.0, f64::max);
            assert!((most - (FLOOR - CEILING)).abs() < 0.01, "{values:?}: {most}");
            assert_eq!(svg.matches("class=\"peak\"").count(), 1, "{values:?}");
        }
        assert!(drawn(&[7], 0).contains("text-anchor=\"middle\">1 May"));
    }

    #[test]
    fn a_scale_is_kept_and_one_is_seen_beside_a_million() {
        assert_eq!(heights(&drawn(&[5], 10)), [35.0]);
        assert_eq!(heights(&drawn(&[1, 1_000_000], 0)), [1.0, 70.0]);
    }

    #[test]
    fn the_greatest_numbers_are_drawn_inside() {
        let svg = drawn(&[i64::MAX, i64::MAX / 2], 0);
        assert!(heights(&svg).iter().all(|height| (34.0..=70.0).contains(height)), "{svg}");
        assert!(svg.contains("9.223.372.036.854.775.807"), "{svg}");
    }

    #[test]
    fn what_it_says_is_text() {
        let columns = [Column { label: "<script>".into(), value: 1 }];
        let chart = Chart { title: "\"><b>", total: Some(1), columns: &columns, top: 0 };
        let svg = chart.show(Words::of(Language::En)).into_string();
        assert!(!svg.contains("<script>") && !svg.contains("<b>"), "{svg}");
    }
}
