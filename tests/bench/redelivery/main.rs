//! `cargo xtask bench redelivery`: for each mode of delivery, what is done again after `kill -9`, and what the mode costs.
//! KAFKA_BOOTSTRAP_SERVERS names the broker, REDIS_URL the Redis. The pipelines run in processes of their own: this
//! program starts itself.

mod killed;
mod modes;
#[path = "../output.rs"]
mod output;
mod speed;
#[path = "../stopwatch.rs"]
mod stopwatch;
mod table;
#[path = "../topic.rs"]
mod topic;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum as _};
use waterhealer::Config;

use crate::killed::When;
use crate::modes::{MODES, Mode};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Measures what is done again after a kill, and what each mode of delivery costs.
#[derive(Debug, Parser)]
struct Options {
    /// Records that are read for the throughput, of 100 bytes, in 12 partitions.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1_000..))]
    records: u64,
    /// How often each is measured, in turn.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..))]
    rounds: u64,
    /// Records that are finished and not committed when the pipeline is killed.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1_000..))]
    in_flight: u64,
    /// Where Kafka is.
    #[arg(long, env = "KAFKA_BOOTSTRAP_SERVERS")]
    brokers: String,
    /// Measures this mode only.
    #[arg(long)]
    mode: Option<String>,
    /// Is the pipeline that is killed, which does so many records and holds the others; 0 for no limit.
    #[arg(long, requires_all = ["mode", "group", "journal"], hide = true)]
    work: Option<u64>,
    /// Measures the throughput once, in this process, and prints it as JSON.
    #[arg(long, requires_all = ["mode", "journal"], hide = true)]
    speed: bool,
    #[arg(long, hide = true)]
    group: Option<String>,
    /// What is done is noted here; a mode that keeps a file has it beside this one.
    #[arg(long, hide = true)]
    journal: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Error> {
    let named = |mode: &&Mode| options.mode.as_deref().is_none_or(|name| name == mode.name);
    let chosen: Vec<&Mode> = MODES.iter().filter(named).collect();
    let Some(first) = chosen.first() else {
        let names: Vec<&str> = MODES.iter().map(|mode| mode.name).collect();
        return Err(format!("there is no such mode; there are {}", names.join(", ")).into());
    };
    let journal = options.journal.as_deref().unwrap_or(Path::new(""));
    if let (Some(limit), Some(group)) = (options.work, &options.group) {
        return killed::work(&options.brokers, first, group, journal, limit);
    }
    if options.speed {
        let run = speed::once(options, first, journal)?;
        println!("{}", serde_json::to_string(&run)?);
        return Ok(());
    }
    measure(options, &chosen)
}

/// Measures the chosen modes in turn, each against its yardstick of the same round.
fn measure(options: &Options, chosen: &[&'static Mode]) -> Result<(), Error> {
    speed::prepare(options)?;
    table::conditions(options);
    let mut runs = table::Runs::default();
    for round in 1..=options.rounds {
        for mode in chosen.iter().filter(|mode| mode.killed) {
            for when in When::value_variants() {
                let count = killed::measure(options, mode, *when)?;
                table::count(round, mode, *when, count);
                runs.counts.push((mode.name, *when, count));
            }
        }
    }
    for round in 0..=options.rounds {
        let wanted = |name: &str| {
            let asks = |one: &&&Mode| one.name == name || one.yardstick == name;
            chosen.iter().any(|one| asks(&one))
        };
        for mode in MODES.iter().filter(|mode| wanted(mode.name)) {
            let run = speed::apart(options, mode)?;
            // The first round warms the broker's page cache and is not counted.
            if round > 0 {
                table::speed(round, mode, &run);
                runs.speeds.push((mode.name, run));
            }
        }
    }
    table::summary(chosen, &runs);
    Ok(())
}

/// The settings of a mode; files of its own stand beside `file`.
fn settings(mode: &Mode, file: &Path) -> Config {
    let redis = std::env::var("REDIS_URL").unwrap_or_default();
    let store = file.with_extension("store");
    mode.settings
        .iter()
        .fold(Config::new(), |config, (name, value)| {
            let value = value
                .replace("{redis}", &redis)
                .replace("{file}", &store.to_string_lossy());
            config.set(*name, value)
        })
}
