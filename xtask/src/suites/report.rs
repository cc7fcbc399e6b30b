//! The closing lines of a run: one for each suite, and the failed ones' names again. No I/O.

use std::fmt;
use std::time::Duration;

use super::tally::Tally;

/// How one suite ended.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) suite: &'static str,
    pub(super) verdict: Verdict,
    pub(super) tally: Tally,
    pub(super) took: Duration,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Passed,
    /// With the reason, unless the tests' own failures are it.
    Failed(Option<String>),
}

impl Outcome {
    pub(super) fn passed(&self) -> bool {
        self.verdict == Verdict::Passed
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Outcome {
            suite,
            verdict,
            tally,
            took,
        } = self;
        let (counts, took) = (counts(tally), seconds(*took));
        match verdict {
            Verdict::Passed if counts.is_empty() => write!(f, "{suite}: passed in {took}"),
            Verdict::Passed => write!(f, "{suite}: {counts} in {took}"),
            Verdict::Failed(reason) => {
                write!(f, "{suite}: FAILED")?;
                if !counts.is_empty() {
                    write!(f, ", {counts}")?;
                }
                write!(f, " in {took}")?;
                let what = reason
                    .iter()
                    .chain(&tally.failures)
                    .map(String::as_str)
                    .collect::<Vec<_>>();
                if what.is_empty() {
                    Ok(())
                } else {
                    write!(f, ": {}", what.join(", "))
                }
            }
        }
    }
}

/// The last line of all.
pub(super) fn summary(outcomes: &[Outcome]) -> String {
    let failed: Vec<&str> = outcomes
        .iter()
        .filter(|outcome| !outcome.passed())
        .map(|outcome| outcome.suite)
        .collect();
    match (outcomes.len(), failed.is_empty()) {
        (1, true) => "the suite passed".into(),
        (count, true) => format!("all {count} suites passed"),
        (_, false) => format!("failed: {}", failed.join(", ")),
    }
}

/// `3 failed, 120 passed, 2 ignored (67 programs)`, without what is zero; empty where no test ran.
fn counts(tally: &Tally) -> String {
    if !tally.any() {
        return String::new();
    }
    let mut parts = Vec::new();
    if tally.failed > 0 {
        parts.push(format!("{} failed", tally.failed));
    }
    parts.push(format!("{} passed", tally.passed));
    if tally.ignored > 0 {
        parts.push(format!("{} ignored", tally.ignored));
    }
    let programs = if tally.programs > 0 {
        format!(" ({} programs)", tally.programs)
    } else {
        String::new()
    };
    parts.join(", ") + &programs
}

fn seconds(took: Duration) -> String {
    if took < Duration::from_secs(10) {
        format!("{:.1} s", took.as_secs_f64())
    } else {
        format!("{} s", took.as_secs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(suite: &'static str, verdict: Verdict, tally: Tally, seconds: f64) -> Outcome {
        Outcome {
            suite,
            verdict,
            tally,
            took: Duration::from_secs_f64(seconds),
        }
    }

    #[test]
    fn a_line_says_what_passed_and_how_long_it_took() {
        let unit = Tally {
            passed: 123,
            ..Tally::default()
        };
        let ui = Tally {
            passed: 2,
            ignored: 1,
            programs: 67,
            ..Tally::default()
        };
        assert_eq!(
            outcome("format", Verdict::Passed, Tally::default(), 0.84).to_string(),
            "format: passed in 0.8 s"
        );
        assert_eq!(
            outcome("unit", Verdict::Passed, unit, 30.4).to_string(),
            "unit: 123 passed in 30 s"
        );
        assert_eq!(
            outcome("ui", Verdict::Passed, ui, 9.0).to_string(),
            "ui: 2 passed, 1 ignored (67 programs) in 9.0 s"
        );
    }

    #[test]
    fn a_failure_names_what_failed() {
        let tally = Tally {
            passed: 3,
            failed: 1,
            failures: vec!["a::b".into()],
            ..Tally::default()
        };
        assert_eq!(
            outcome("unit", Verdict::Failed(None), tally, 12.0).to_string(),
            "unit: FAILED, 1 failed, 3 passed in 12 s: a::b"
        );
        let reason = Verdict::Failed(Some("exit status: 101".into()));
        assert_eq!(
            outcome("docs", reason, Tally::default(), 1.0).to_string(),
            "docs: FAILED in 1.0 s: exit status: 101"
        );
    }

    #[test]
    fn the_summary_names_the_failed_suites_again() {
        let good = || outcome("format", Verdict::Passed, Tally::default(), 1.0);
        let bad = || outcome("ui", Verdict::Failed(None), Tally::default(), 1.0);
        assert_eq!(summary(&[good()]), "the suite passed");
        assert_eq!(summary(&[good(), good()]), "all 2 suites passed");
        assert_eq!(summary(&[good(), bad(), bad()]), "failed: ui, ui");
    }
}
