//! What is printed: the conditions, a line for each run as it ends, and the medians against the targets.

use crate::Options;
use crate::modes::{MODES, Mode, OFF};
use crate::stopwatch::Run;

pub(crate) fn conditions(options: &Options) {
    println!(
        "{} records of 100 bytes in 12 partitions, source → map → filter → sink, a heal each second, from the first record to \
         the broker's\nconfirmation of every position; {} rounds, after one that is not counted.\n",
        options.records, options.rounds
    );
}

/// One run.
pub(crate) fn row(round: u64, mode: &Mode, run: &Run) {
    println!(
        "round {round}  {:<24} {:>10.0} records/s",
        mode.name,
        run.rate()
    );
}

/// The medians, as a table in Markdown; true when everything was committed.
pub(crate) fn summary(runs: &[(&'static str, Run)]) -> bool {
    println!(
        "\n| | records/s | of all off | least and most | target |\n| --- | --- | --- | --- | --- |"
    );
    for mode in &MODES {
        let rate = Spread::of(rates(runs, mode.name));
        let pairs = rates(runs, mode.name).zip(rates(runs, OFF.name));
        let ratio = Spread::of(pairs.map(|(rate, off)| rate / off));
        let target = match mode.target {
            Some(target) if ratio.median >= target => format!("≥ {target:.2}: met"),
            Some(target) => format!("≥ {target:.2}: NOT met"),
            None => "-".to_owned(),
        };
        println!(
            "| {} | {:.0} | {:.2} | {:.2} – {:.2} | {target} |",
            mode.name, rate.median, ratio.median, ratio.least, ratio.most
        );
    }
    let left = runs
        .iter()
        .filter(|(_, run)| run.committed.is_none_or(|share| share < 1.0));
    let left = left.count();
    println!("\nruns that left something uncommitted: {left}; target 0");
    left == 0
}

fn rates(runs: &[(&'static str, Run)], name: &str) -> impl Iterator<Item = f64> {
    runs.iter()
        .filter(move |(of, _)| *of == name)
        .map(|(_, run)| run.rate())
}

/// Where values lie.
struct Spread {
    least: f64,
    median: f64,
    most: f64,
}

impl Spread {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
        let last = values.len().saturating_sub(1);
        Spread {
            least: at(0),
            median: (at(last / 2) + at(last.div_ceil(2))) / 2.0,
            most: at(last),
        }
    }
}
