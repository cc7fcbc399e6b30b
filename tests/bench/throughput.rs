//! Records a second, first record to everything committed, of pipelines on a real Kafka, each against its yardstick of
//! the same run. `cargo xtask bench throughput` builds and starts it; KAFKA_BOOTSTRAP_SERVERS names the broker.
//!
//! Each measurement is a process of its own, so that its peak of memory is its own too: this program starts itself
//! again with the name of one of the `Course`s. What the courses do is in the files beside this one.

mod loops;
mod output;
mod pipelines;
mod producing;
mod stopwatch;
mod table;
mod topic;

use std::process::{Command, ExitCode};
use std::time::Duration;

use clap::{Parser, ValueEnum};
use waterhealer::Config;

use crate::stopwatch::Run;
use crate::topic::Topic;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Measures throughput on the Kafka that KAFKA_BOOTSTRAP_SERVERS names.
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
    /// A property for the client of the pipelines and of plain-tuned, as NAME=VALUE; may be given more than once.
    #[arg(long = "property", value_parser = property)]
    properties: Vec<(String, String)>,
    /// A setting of the pipelines, as NAME=VALUE, such as `dedupe=memory`; may be given more than once.
    #[arg(long = "setting", value_parser = property)]
    settings: Vec<(String, String)>,
    /// Measures this one once, in this process, and prints the result as JSON.
    #[arg(long)]
    course: Option<Course>,
}

fn property(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("it must be NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// What is measured, in the order of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Course {
    /// The yardstick: `BaseConsumer::poll` after `assign`, commits off, the client's defaults.
    Plain,
    /// The same loop with the properties that a pipeline gives its client.
    PlainTuned,
    /// source → map → filter → sink, healed each second.
    Chain,
    /// The same over a quarter of the records: memory must not grow with the topic.
    ChainQuarter,
    /// source → map → Kafka sink, each message acknowledged, healed each second.
    Produce,
    /// The same, exactly once: in transactions.
    ExactlyOnce,
    /// The same with a stage whose future is ready at once.
    Ready,
    /// A stage that waits 1 ms, 1,000 at a time.
    Waiting,
    /// The futures of `waiting` on bare Tokio, from memory: 1,000 tasks, each one record after the other.
    TokioWorkers,
    /// The futures of `waiting` on bare Tokio, from memory: a task for each record, 1,000 at a time by a semaphore.
    TokioSpawn,
}

impl Topic {
    pub(crate) fn whole(records: u64) -> Self {
        Topic {
            name: "waterhealer-throughput",
            records,
        }
    }

    /// A quarter of the records.
    pub(crate) fn quarter(records: u64) -> Self {
        Topic {
            name: "waterhealer-throughput-quarter",
            records: records / 4,
        }
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = match options.course {
        Some(course) => one(&options, course).map(|()| true),
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

/// Measures one course in this process.
fn one(options: &Options, course: Course) -> Result<(), Error> {
    let Options {
        records,
        brokers,
        properties,
        ..
    } = options;
    let (whole, quarter) = (Topic::whole(*records), Topic::quarter(*records));
    let run = match course {
        Course::Plain => loops::plain(brokers, whole, &[])?,
        Course::PlainTuned => loops::tuned(brokers, whole, properties)?,
        Course::Chain => pipelines::chain(brokers, config(options), whole)?,
        Course::ChainQuarter => pipelines::quarter(brokers, config(options), quarter)?,
        Course::Produce => producing::produce(brokers, config(options), whole)?,
        Course::ExactlyOnce => producing::exactly_once(brokers, config(options), whole)?,
        Course::Ready => pipelines::ready(brokers, config(options), whole)?,
        Course::Waiting => pipelines::waiting(brokers, config(options), whole)?,
        Course::TokioWorkers => loops::tokio_workers(*records)?,
        Course::TokioSpawn => loops::tokio_spawn(*records)?,
    };
    println!("{}", serde_json::to_string(&run)?);
    Ok(())
}

/// The configuration of a pipeline.
fn config(options: &Options) -> Config {
    let set = Config::new().brokers(&options.brokers);
    let set = options
        .properties
        .iter()
        .fold(set, |config, (name, value)| config.kafka(name, value));
    options
        .settings
        .iter()
        .fold(set, |config, (name, value)| config.set(name, value))
}

/// Measures all courses in turn; false when something was not committed.
fn all(options: &Options) -> Result<bool, Error> {
    for topic in [
        Topic::whole(options.records),
        Topic::quarter(options.records),
    ] {
        topic::ensure(&options.brokers, topic)?;
    }
    output::ensure(&options.brokers, producing::OUTPUT)?;
    table::conditions(options);
    let mut runs = Vec::new();
    for round in 0..=options.rounds {
        for course in Course::value_variants() {
            let run = apart(options, *course)?;
            // The first round warms the broker's page cache and is not counted.
            if round > 0 {
                table::row(round, *course, &run);
                runs.push((*course, run));
            }
        }
    }
    Ok(table::summary(&runs))
}

/// Measures one course in a process of its own.
fn apart(options: &Options, course: Course) -> Result<Run, Error> {
    // The broker may still be at work on the end of the run before.
    std::thread::sleep(Duration::from_millis(200));
    let name = course
        .to_possible_value()
        .map(|name| name.get_name().to_owned());
    let name = name.unwrap_or_default();
    let output = Command::new(std::env::current_exe()?)
        .args(["--brokers", &options.brokers])
        .args(["--records", &options.records.to_string()])
        .args(["--course", &name])
        .args(
            options
                .properties
                .iter()
                .map(|(name, value)| format!("--property={name}={value}")),
        )
        .args(
            options
                .settings
                .iter()
                .map(|(name, value)| format!("--setting={name}={value}")),
        )
        .stderr(std::process::Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("{name} failed: {}", output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// What the source does: the number that a record begins with.
fn scan(value: &[u8]) -> u64 {
    value.iter().take(10).fold(0, |number, digit| {
        number * 10 + u64::from(digit.wrapping_sub(b'0'))
    })
}

/// What the map does.
fn add(number: u64) -> u64 {
    number + 1
}

/// What the filter does: all but one of 1,024 pass.
fn keep(number: u64) -> bool {
    !number.is_multiple_of(1_024)
}
