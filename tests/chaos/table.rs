//! What is printed when runs are over: a row for each, and every violation.

use std::fmt::Write as _;

use crate::check::Kind;
use crate::run::Outcome;

/// Of each kind of violation so many are printed; all are in the folder.
const SHOWN: usize = 10;

const HEAD: &str = "| mode | records | faults | commits cut | lost | written again | done again | past unfinished \
                    | moved back | stalled | longest stand | commits seen | ended |";

/// A table in Markdown, as the guide has it.
pub(crate) fn table(outcomes: &[Outcome]) -> String {
    let rule: String = HEAD
        .chars()
        .filter(|letter| *letter == '|')
        .collect::<Vec<_>>()
        .windows(2)
        .map(|_| "| --- ")
        .collect();
    let mut text = format!("{HEAD}\n{rule}|\n");
    for outcome in outcomes {
        text += &row(outcome);
    }
    text
}

fn row(outcome: &Outcome) -> String {
    let verdict = &outcome.verdict;
    let share = |count: usize| {
        let percent = 100.0 * count as f64 / verdict.inputs.max(1) as f64;
        format!("{count} ({percent:.2} %)")
    };
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {:.1} s | {} | {} |\n",
        outcome.mode,
        verdict.inputs,
        outcome.faults,
        outcome.commits_cut,
        verdict.count(Kind::Lost),
        share(verdict.repeated),
        share(verdict.done_again),
        verdict.count(Kind::Passed),
        verdict.count(Kind::MovedBack),
        verdict.count(Kind::Stalled),
        verdict.longest.as_secs_f64(),
        verdict.moves,
        outcome.ended,
    )
}

/// What was wrong with a run, or odd, line by line: of each kind the first `shown`.
pub(crate) fn findings(outcome: &Outcome, shown: usize) -> String {
    let mut text = format!("  longest stand: {}\n", outcome.verdict.longest_cause);
    for reason in &outcome.reasons {
        // Writing to a string does not fail.
        let _written = writeln!(text, "  told: {reason}");
    }
    let mut last = None;
    let mut count = 0;
    let mut violations: Vec<_> = outcome.verdict.violations.iter().collect();
    violations.sort_by_key(|violation| violation.kind);
    for violation in violations {
        count = if last == Some(violation.kind) {
            count + 1
        } else {
            1
        };
        last = Some(violation.kind);
        if count <= shown {
            let _written = writeln!(text, "  VIOLATION {violation}");
        }
    }
    text
}

/// Prints all, and keeps each run's findings in its folder.
pub(crate) fn print(outcomes: &[Outcome]) -> std::io::Result<()> {
    println!("\n{}", table(outcomes));
    for outcome in outcomes {
        std::fs::write(
            outcome.folder.join("findings.txt"),
            table(std::slice::from_ref(outcome)) + &findings(outcome, usize::MAX),
        )?;
        let verdict = &outcome.verdict;
        println!(
            "{}: {} of {} records poisoned, {} outputs; {} looks; {} violations; logs in {}",
            outcome.mode,
            verdict.poisoned,
            verdict.inputs,
            verdict.outputs,
            outcome.looks,
            verdict.violations.len(),
            outcome.folder.display()
        );
        print!("{}", findings(outcome, SHOWN));
    }
    Ok(())
}
