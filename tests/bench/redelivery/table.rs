//! What is printed: the conditions, a line for each measurement as it ends, and the medians against what is asked.

use crate::Options;
use crate::killed::{self, Count, When};
use crate::modes::{Mode, PLAIN};
use crate::stopwatch::Run;

/// All that was measured, in turn, so that the numbers of one round stand at one place of each mode.
#[derive(Default)]
pub(crate) struct Runs {
    pub(crate) counts: Vec<(&'static str, When, Count)>,
    pub(crate) speeds: Vec<(&'static str, Run)>,
}

pub(crate) fn conditions(options: &Options) {
    println!(
        "{}\nThroughput: {} records of 100 bytes in 12 partitions, a heal each second; {} rounds, after one that is not \
         counted.\n",
        killed::conditions(options.in_flight),
        options.records,
        options.rounds
    );
}

/// One kill.
pub(crate) fn count(round: u64, mode: &Mode, when: When, count: Count) {
    println!(
        "round {round}  {:<16} killed {:<8} {:>8} in flight {:>8} done again  {:.3} %",
        mode.name,
        words(when),
        count.in_flight,
        count.again,
        100.0 * count.share()
    );
}

/// One measurement of throughput.
pub(crate) fn speed(round: u64, mode: &Mode, run: &Run) {
    println!(
        "round {round}  {:<16} {:>10.0} records/s",
        mode.name,
        run.rate()
    );
}

/// The medians, as a table in Markdown.
pub(crate) fn summary(modes: &[&'static Mode], runs: &Runs) {
    println!(
        "\n| mode | done again, killed at rest | killed at work | asked | throughput, records/s | of plain | asked |\n\
         | --- | --- | --- | --- | --- | --- | --- |"
    );
    for mode in modes {
        let again = |when| {
            let of_mode = runs
                .counts
                .iter()
                .filter(|(name, at, _)| *name == mode.name && *at == when);
            median(of_mode.map(|(_, _, count)| count.share()))
        };
        let (rest, work) = (again(When::AtRest), again(When::AtWork));
        let ratio = median(
            rates(runs, mode.name)
                .zip(rates(runs, PLAIN.name))
                .map(|(rate, plain)| rate / plain),
        );
        let asked = |asked: Option<f64>, met: bool, words: String| match asked {
            Some(_) if met => format!("{words}: met"),
            Some(_) => format!("{words}: NOT met"),
            None => "-".to_owned(),
        };
        let most = mode.again.unwrap_or(f64::INFINITY);
        let least = mode.speed.unwrap_or_default();
        println!(
            "| {} | {:.3} % | {:.3} % | {} | {:.0} | {ratio:.2} | {} |",
            mode.name,
            100.0 * rest,
            100.0 * work,
            asked(
                mode.again,
                rest.max(work) <= most,
                format!("≤ {:.0} %", 100.0 * most)
            ),
            median(rates(runs, mode.name)),
            asked(mode.speed, ratio >= least, format!("≥ {least:.2}")),
        );
    }
}

fn rates(runs: &Runs, name: &str) -> impl Iterator<Item = f64> {
    runs.speeds
        .iter()
        .filter(move |(of, _)| *of == name)
        .map(|(_, run)| run.rate())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    let last = values.len().saturating_sub(1);
    (at(last / 2) + at(last.div_ceil(2))) / 2.0
}

fn words(when: When) -> &'static str {
    match when {
        When::AtRest => "at rest",
        When::AtWork => "at work",
    }
}
