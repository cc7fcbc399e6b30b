//! The checker: judges a run by its history alone. It shares no code with what it checks, and does no I/O.

mod evidence;
mod stalls;
#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use self::evidence::Evidence;
use crate::history::{History, Place};

/// What is asked of a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Demands {
    /// Whether no output may be there twice.
    pub(crate) once: bool,
    /// How long a partition with work may stand still.
    pub(crate) stall: Duration,
}

/// What came of a run.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) inputs: usize,
    pub(crate) poisoned: usize,
    pub(crate) outputs: usize,
    /// Times that a stage did a record again.
    pub(crate) done_again: usize,
    /// Outputs past the first of a record.
    pub(crate) repeated: usize,
    /// Times that a committed offset was seen to move.
    pub(crate) moves: usize,
    /// The longest that a partition with work stood still.
    pub(crate) longest: Duration,
    /// Which that was, and what was done meanwhile.
    pub(crate) longest_cause: String,
    pub(crate) violations: Vec<Violation>,
}

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) kind: Kind,
    /// Where, when, and what is known about it.
    pub(crate) what: String,
}

/// The kinds of what must not be; the table has a column for each of the first five.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A record that nothing came of.
    Lost,
    /// An output that is there twice where it may be there once.
    Repeated,
    /// A commit past a record that was not finished.
    Passed,
    /// A committed offset that moved back, or went.
    MovedBack,
    /// A partition that stood still with work to do.
    Stalled,
    /// An output of no input, or with another's content.
    Foreign,
    /// A member that crashed or did not end.
    Crashed,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Lost => "lost",
            Kind::Repeated => "repeated",
            Kind::Passed => "commit past an unfinished record",
            Kind::MovedBack => "committed offset moved back",
            Kind::Stalled => "stalled",
            Kind::Foreign => "output of no input",
            Kind::Crashed => "crashed",
        };
        write!(f, "{kind}: {}", self.what)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "partition {} offset {}", self.partition, self.offset)
    }
}

impl Verdict {
    pub(crate) fn count(&self, kind: Kind) -> usize {
        self.violations
            .iter()
            .filter(|violation| violation.kind == kind)
            .count()
    }

    fn add(&mut self, kind: Kind, what: String) {
        self.violations.push(Violation { kind, what });
    }
}

/// Judges a run.
pub(crate) fn check(history: &History, demands: Demands) -> Verdict {
    let mut verdict = Verdict::default();
    let evidence = Evidence::of(history, &mut verdict);
    completeness(history, &evidence, demands, &mut verdict);
    commits(history, &evidence, &mut verdict);
    stalls::find(history, &evidence, demands.stall, &mut verdict);
    for crash in &history.crashes {
        verdict.add(Kind::Crashed, crash.clone());
    }
    verdict
}

/// Whether something came of each input, and how often.
fn completeness(history: &History, evidence: &Evidence, demands: Demands, verdict: &mut Verdict) {
    for (place, input) in places(history) {
        verdict.inputs += 1;
        verdict.poisoned += usize::from(input.poison);
        let found = evidence.at(place);
        verdict.done_again += found.notes.saturating_sub(1);
        verdict.repeated += found.outputs.saturating_sub(1);
        if let Some(lacks) = found.lacks(input.poison, u64::MAX, |_| true) {
            verdict.add(Kind::Lost, format!("{place}: {lacks}"));
        }
        if demands.once && found.outputs > 1 {
            let what = format!("{place}: its output is there {} times", found.outputs);
            verdict.add(Kind::Repeated, what);
        }
        if input.poison && found.outputs > 0 {
            let what = format!("{place}: the stage refused it, and its output is there");
            verdict.add(Kind::Foreign, what);
        }
    }
}

/// Whether each commit was seen to move forward only, and past nothing unfinished.
fn commits(history: &History, evidence: &Evidence, verdict: &mut Verdict) {
    let mut last = vec![0; history.inputs.len()];
    for look in &history.looks {
        let at = look.at.as_secs_f64();
        let before = last[look.partition];
        let Some(now) = look.committed else {
            let what = format!(
                "partition {} at {at:.2} s: {before} was committed, then nothing was",
                look.partition
            );
            verdict.add(Kind::MovedBack, what);
            continue;
        };
        verdict.moves += 1;
        if now < before {
            let what = format!(
                "partition {} at {at:.2} s: from {before} to {now}",
                look.partition
            );
            verdict.add(Kind::MovedBack, what);
        }
        let inputs = &history.inputs[look.partition];
        if now > inputs.len() {
            let what = format!(
                "partition {} at {at:.2} s: {now} is committed, and {} is its end",
                look.partition,
                inputs.len()
            );
            verdict.add(Kind::Passed, what);
        }
        for (offset, input) in inputs.iter().enumerate().take(now).skip(before) {
            let place = Place {
                partition: look.partition,
                offset,
            };
            let written = |at: Place| at.offset < look.output_ends[at.partition];
            let found = evidence.at(place);
            if let Some(lacks) = found.lacks(input.poison, look.journal, written) {
                let what =
                    format!("{now} was committed at {at:.2} s, but of {place} by then {lacks}");
                verdict.add(Kind::Passed, what);
            }
        }
        // What was covered once is not told again.
        last[look.partition] = now;
    }
}

fn places(history: &History) -> impl Iterator<Item = (Place, &crate::history::Input)> {
    history
        .inputs
        .iter()
        .enumerate()
        .flat_map(|(partition, inputs)| {
            let place = move |offset| Place { partition, offset };
            inputs
                .iter()
                .enumerate()
                .map(move |(offset, input)| (place(offset), input))
        })
}
