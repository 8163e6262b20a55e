//! The text that Prometheus reads (exposition format 0.0.4): families, each with what it is and its samples.

use super::kinds::Histogram;
use std::fmt::{Display, Write};

/// The text's media type.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A page of figures. The samples of a family stand together, as the format asks.
#[derive(Debug, Default)]
pub struct Page {
    text: String,
    name: &'static str,
}

/// Names and values that tell the samples of a family apart.
pub type Labels<'a> = &'a [(&'static str, &'a str)];

impl Page {
    /// A family of what only grows; the name ends in `_total`.
    pub fn counters(&mut self, name: &'static str, help: &str) -> &mut Self {
        self.family(name, "counter", help)
    }

    /// A family of what goes up and down.
    pub fn gauges(&mut self, name: &'static str, help: &str) -> &mut Self {
        self.family(name, "gauge", help)
    }

    /// A family of histograms.
    pub fn histograms(&mut self, name: &'static str, help: &str) -> &mut Self {
        self.family(name, "histogram", help)
    }

    /// A counter that is alone in its family.
    pub fn counter(&mut self, name: &'static str, help: &str, value: impl Display) {
        self.counters(name, help).sample(&[], value);
    }

    /// A gauge that is alone in its family.
    pub fn gauge(&mut self, name: &'static str, help: &str, value: impl Display) {
        self.gauges(name, help).sample(&[], value);
    }

    fn family(&mut self, name: &'static str, kind: &str, help: &str) -> &mut Self {
        self.name = name;
        self.push(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
        self
    }

    /// A sample of the family that was begun last.
    pub fn sample(&mut self, labels: Labels<'_>, value: impl Display) -> &mut Self {
        self.line("", labels, None, value)
    }

    /// A histogram of values in units.
    pub fn histogram(&mut self, labels: Labels<'_>, histogram: &Histogram) {
        self.spread(labels, histogram, |value| value.to_string());
    }

    /// A histogram of times, in seconds.
    pub fn seconds(&mut self, labels: Labels<'_>, histogram: &Histogram) {
        self.spread(labels, histogram, |nanos| seconds(nanos).to_string());
    }

    fn spread(&mut self, labels: Labels<'_>, histogram: &Histogram, told: fn(u64) -> String) {
        // The sum is read first, and the count is that of the buckets: a page read meanwhile agrees with itself.
        let sum = told(histogram.sum());
        let buckets = histogram.cumulative();
        for (bound, below) in &buckets {
            let bound = bound.map_or_else(|| "+Inf".to_owned(), told);
            self.line("_bucket", labels, Some(&bound), below);
        }
        self.line("_sum", labels, None, sum);
        self.line("_count", labels, None, buckets.last().map_or(0, |(_, all)| *all));
    }

    fn line(
        &mut self,
        suffix: &str,
        labels: Labels<'_>,
        bound: Option<&str>,
        value: impl Display,
    ) -> &mut Self {
        self.text.push_str(self.name);
        self.text.push_str(suffix);
        let bound = bound.map(|bound| ("le", bound));
        for (n, (name, value)) in labels.iter().copied().chain(bound).enumerate() {
            self.text.push(if n == 0 { '{' } else { ',' });
            self.text.push_str(name);
            self.text.push_str("=\"");
            self.text.push_str(&escaped(value));
            self.text.push('"');
        }
        if !labels.is_empty() || bound.is_some() {
            self.text.push('}');
        }
        self.push(format_args!(" {value}\n"));
        self
    }

    fn push(&mut self, what: std::fmt::Arguments<'_>) {
        // A String takes everything.
        self.text.write_fmt(what).unwrap_or_default();
    }

    /// All of it.
    pub fn into_text(self) -> String {
        self.text
    }
}

/// Seconds of so many nanoseconds.
#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
pub(super) fn seconds(nanos: u64) -> f64 {
    nanos as f64 / 1e9
}

/// A label's value: backslash, quote and line feed are escaped.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_written_as_prometheus_reads_it() {
        let mut page = Page::default();
        page.gauge("a_bytes", "Bytes.", 7);
        page.counters("b_total", "All.").sample(&[("x", "1"), ("y", "a\\b\"c\nd")], 2);
        let histogram = Histogram::new(&[1_000_000, 2_500_000_000]);
        histogram.note(2_000_000);
        page.histograms("c_seconds", "Long.").seconds(&[("x", "1")], &histogram);
        assert_eq!(
            page.into_text(),
            "# HELP a_bytes Bytes.\n# TYPE a_bytes gauge\na_bytes 7\n\
             # HELP b_total All.\n# TYPE b_total counter\nb_total{x=\"1\",y=\"a\\\\b\\\"c\\nd\"} 2\n\
             # HELP c_seconds Long.\n# TYPE c_seconds histogram\n\
             c_seconds_bucket{x=\"1\",le=\"0.001\"} 0\nc_seconds_bucket{x=\"1\",le=\"2.5\"} 1\n\
             c_seconds_bucket{x=\"1\",le=\"+Inf\"} 1\nc_seconds_sum{x=\"1\"} 0.002\n\
             c_seconds_count{x=\"1\"} 1\n"
        );
    }
}
