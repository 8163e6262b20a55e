//! The table a run ends with.

use super::Verdict;

const HEADS: [&str; 5] = ["scenario", "what holds", "attempts", "outcomes", "violations"];
const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const RED: &str = "\x1b[1;31m";
const GREEN: &str = "\x1b[32m";
const PLAIN: &str = "\x1b[0m";

/// The verdicts as aligned text, with escape sequences for colours.
pub fn render(verdicts: &[Verdict]) -> String {
    let rows: Vec<[String; 5]> = verdicts.iter().map(row).collect();
    let mut widths = HEADS.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut lines = vec![format!("{BOLD}{}{PLAIN}", line(&HEADS.map(str::to_owned), &widths, ""))];
    for (verdict, row) in verdicts.iter().zip(&rows) {
        let colour = if verdict.tally.violations == 0 { GREEN } else { RED };
        lines.push(line(row, &widths, colour));
        let examples = verdict.tally.examples.iter();
        lines.extend(examples.map(|example| format!("{DIM}  {example}{PLAIN}")));
    }
    lines.join("\n")
}

fn row(verdict: &Verdict) -> [String; 5] {
    let tally = &verdict.tally;
    let outcomes: Vec<String> =
        tally.outcomes.iter().map(|(name, times)| format!("{name}×{times}")).collect();
    [
        verdict.scenario.name.to_owned(),
        verdict.scenario.holds.to_owned(),
        tally.attempts.to_string(),
        outcomes.join(" "),
        tally.violations.to_string(),
    ]
}

/// Numbers stand to the right, words to the left; the last column bears the colour.
fn line(cells: &[String; 5], widths: &[usize; 5], colour: &str) -> String {
    let [name, holds, attempts, outcomes, violations] = cells;
    let [w_name, w_holds, w_attempts, w_outcomes, w_violations] = widths;
    let end = if colour.is_empty() { "" } else { PLAIN };
    format!(
        "{name:<w_name$}  {holds:<w_holds$}  {attempts:>w_attempts$}  {outcomes:<w_outcomes$}  \
         {colour}{violations:>w_violations$}{end}"
    )
}
