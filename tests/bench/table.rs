//! What is printed: the conditions, a line for each run as it ends, and the medians against the targets.

use clap::ValueEnum;

use crate::stopwatch::Run;
use crate::{Course, Options, loops};

/// What is to be reached: a course against a yardstick of the same round, and the least that their ratio should be.
const TARGETS: [(Course, Course, f64); 6] = [
    (Course::Chain, Course::Plain, 1.3),
    (Course::Chain, Course::PlainTuned, 1.3),
    (Course::ExactlyOnce, Course::Produce, 0.6),
    (Course::Ready, Course::Plain, 1.0),
    (Course::Waiting, Course::TokioWorkers, 0.8),
    (Course::Waiting, Course::TokioSpawn, 0.8),
];

/// The most that the peak of memory may grow when the topic is four times as long.
const FLAT: f64 = 1.25;

/// How everything is measured.
pub(crate) fn conditions(options: &Options) {
    let Options {
        records, rounds, ..
    } = options;
    let tuned: Vec<String> = loops::TUNED
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    println!(
        "{records} records of 100 bytes in 12 partitions; {rounds} rounds, after one that is not counted.\n\
         Each run is a process of its own. Its time goes from the first record to the broker's confirmation of every\n\
         position (pipelines), or to the last record worked on (loops, which commit nothing).\n\
         plain: librdkafka's defaults but for fetch.queue.backoff.ms=5, without which it stands still for seconds.\n\
         plain-tuned: all that a pipeline gives its client by default: {}.\n",
        tuned.join(", ")
    );
    println!(
        "{:>5}  {:<14}{:>12}{:>12}{:>12}",
        "round", "course", "records/s", "peak", "committed"
    );
}

/// One run.
pub(crate) fn row(round: u64, course: Course, run: &Run) {
    let committed = run.committed.map_or("-".to_owned(), percent);
    println!(
        "{round:>5}  {:<14}{:>12.0}{:>12}{committed:>12}",
        name(course),
        run.rate(),
        mebibytes(run.peak)
    );
}

/// Medians and ratios; true when everything was committed.
pub(crate) fn summary(runs: &[(Course, Run)]) -> bool {
    println!(
        "\n{:<21}{:>12}{:>25}{:>12}",
        "course", "median", "range, records/s", "peak"
    );
    for course in Course::value_variants() {
        let rates = Spread::of(rates(runs, *course));
        println!(
            "{:<21}{:>12.0}{:>12.0} –{:>11.0}{:>12}",
            name(*course),
            rates.median,
            rates.least,
            rates.most,
            mebibytes(peak(runs, *course))
        );
    }
    println!();
    for (course, yardstick, target) in TARGETS {
        let pairs = rates(runs, course).zip(rates(runs, yardstick));
        let ratio = Spread::of(pairs.map(|(rate, yardstick)| rate / yardstick));
        println!(
            "{} / {}: median {:.2}, range {:.2} – {:.2}; target {target:.1}: {}",
            name(course),
            name(yardstick),
            ratio.median,
            ratio.least,
            ratio.most,
            verdict(ratio.median >= target)
        );
    }
    flat(runs);
    let shares = runs.iter().filter_map(|(_, run)| run.committed);
    let committed = Spread::of(shares);
    println!(
        "committed at the end, in the worst run: {}; target 100 %: {}",
        percent(committed.least),
        verdict(whole(committed.least) && whole(committed.most))
    );
    whole(committed.least) && whole(committed.most)
}

/// Whether memory stays where it is when the topic is longer.
fn flat(runs: &[(Course, Run)]) {
    let (Some(quarter), Some(all)) = (peak(runs, Course::ChainQuarter), peak(runs, Course::Chain))
    else {
        return println!("peak of memory: this system does not tell");
    };
    let growth = all as f64 / quarter as f64;
    println!(
        "peak of memory: {} for a quarter of the records, {} for all: {growth:.2} times; target at most {FLAT}: {}",
        mebibytes(Some(quarter)),
        mebibytes(Some(all)),
        verdict(growth <= FLAT)
    );
}

/// Exactly all: shares are quotients of whole numbers.
fn whole(share: f64) -> bool {
    (share - 1.0).abs() < f64::EPSILON
}

fn rates(runs: &[(Course, Run)], course: Course) -> impl Iterator<Item = f64> {
    runs.iter()
        .filter(move |(of, _)| *of == course)
        .map(|(_, run)| run.rate())
}

/// The median of a course's peaks.
fn peak(runs: &[(Course, Run)], course: Course) -> Option<u64> {
    let mut peaks: Vec<u64> = runs
        .iter()
        .filter(|(of, _)| *of == course)
        .filter_map(|(_, run)| run.peak)
        .collect();
    peaks.sort_unstable();
    peaks.get(peaks.len() / 2).copied()
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

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "NOT met" }
}

fn percent(share: f64) -> String {
    format!("{:.4} %", share * 100.0)
}

fn mebibytes(kibibytes: Option<u64>) -> String {
    kibibytes.map_or("-".to_owned(), |kib| {
        format!("{:.1} MiB", kib as f64 / 1024.0)
    })
}

fn name(course: Course) -> String {
    course
        .to_possible_value()
        .map_or_else(String::new, |value| value.get_name().to_owned())
}
