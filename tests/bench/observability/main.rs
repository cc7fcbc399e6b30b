//! `cargo xtask bench observability`: what it costs to see what a pipeline does, against the same pipeline with all of it
//! off, which is the pipeline alone. KAFKA_BOOTSTRAP_SERVERS names the broker. Each measurement is a process of its own: this
//! program starts itself.
//!
//! No run on a quiet machine is kept here yet; with few records (`--records`) the start and the end of a run are most of it.

mod chain;
mod modes;
#[path = "../stopwatch.rs"]
mod stopwatch;
mod table;
#[path = "../topic.rs"]
mod topic;

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::process::{Command, ExitCode, Stdio};

use clap::Parser;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use waterhealer::Config;

use crate::modes::{MODES, Mode};
use crate::stopwatch::Run;
use crate::topic::Topic;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Measures what metrics, logs, checkpoints and sizes cost.
#[derive(Debug, Parser)]
struct Options {
    /// Records in the topic, of 100 bytes, in 12 partitions.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1_000..))]
    records: u64,
    /// How often each is measured, in turn.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    rounds: u64,
    /// Where Kafka is.
    #[arg(long, env = "KAFKA_BOOTSTRAP_SERVERS")]
    brokers: String,
    /// Measures this one once, in this process, and prints the result as JSON.
    #[arg(long, hide = true)]
    mode: Option<String>,
}

impl Options {
    fn topic(&self) -> Topic {
        Topic {
            name: chain::TOPIC,
            records: self.records,
        }
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = match options.mode.as_deref() {
        Some(name) => once(&options, name).map(|()| true),
        None => all(&options),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures one mode in this process, which logs as its surroundings say.
fn once(options: &Options, name: &str) -> Result<(), Error> {
    let mode = MODES.iter().find(|mode| mode.name == name);
    let mode = mode.ok_or("there is no such mode")?;
    let level = std::env::var("LOGLEVEL").unwrap_or_default();
    tracing_subscriber::registry()
        .with(EnvFilter::try_new(level)?)
        .with(waterhealer::telemetry::text())
        .init();
    let config = Config::new().brokers(&options.brokers);
    let config = mode
        .settings
        .iter()
        .fold(config, |config, (name, value)| config.set(*name, *value));
    let run = chain::run(mode.chain, &options.brokers, config, options.topic())?;
    println!("{}", serde_json::to_string(&run)?);
    Ok(())
}

/// Measures all modes in turn, so that what else the machine does falls on all; false when something was not committed.
fn all(options: &Options) -> Result<bool, Error> {
    topic::ensure(&options.brokers, options.topic())?;
    table::conditions(options);
    let mut runs = Vec::new();
    for round in 0..=options.rounds {
        for mode in &MODES {
            let run = apart(options, mode)?;
            // The first round warms the broker's page cache and is not counted.
            if round > 0 {
                table::row(round, mode, &run);
                runs.push((mode.name, run));
            }
        }
    }
    Ok(table::summary(&runs))
}

/// Measures one mode in a process of its own. What it logs goes to a file, as with programs that nobody looks at.
fn apart(options: &Options, mode: &Mode) -> Result<Run, Error> {
    // The broker may still be at work on the end of the run before.
    std::thread::sleep(std::time::Duration::from_millis(200));
    let path =
        std::env::temp_dir().join(format!("waterhealer-observability-{}", std::process::id()));
    let log = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .open(&path)?;
    std::fs::remove_file(&path)?;
    let mut child = Command::new(std::env::current_exe()?);
    let child = child
        .args(["--brokers", &options.brokers])
        .args(["--records", &options.records.to_string()])
        .args(["--mode", mode.name])
        .envs(mode.variables.iter().copied())
        .stdout(Stdio::piped())
        .stderr(log.try_clone()?);
    let output = child.spawn()?.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("{}: {}\n{}", mode.name, output.status, end_of(log)?).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The last of what was logged.
fn end_of(mut log: File) -> Result<String, Error> {
    const MOST: u64 = 4_096;
    let length = log.metadata()?.len();
    log.seek(std::io::SeekFrom::Start(length.saturating_sub(MOST)))?;
    let mut text = Vec::new();
    log.read_to_end(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
