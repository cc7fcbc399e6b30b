//! `cargo xtask`: the command line of the project's own commands. What they do is in the library beside it.

use std::process::ExitCode;

use clap::builder::PossibleValue;
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};
use xtask::services::Services;
use xtask::suites::{FIGURES, SUITES};
use xtask::{Error, interrupt, suites};

/// The project's own commands.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    /// Real services on loopback: a Kafka and a Redis.
    ///
    /// Those that KAFKA_BOOTSTRAP_SERVERS and REDIS_URL name are used instead, if set.
    #[command(subcommand)]
    Services(ServicesCommand),
    /// Runs an example, once the compilers that the Kafka client needs are there: `cargo run --example NAME` with its needs.
    Demo {
        /// Which example.
        #[arg(default_value = "plus_one")]
        example: String,
        /// The example's own options, after `--`.
        #[arg(last = true)]
        options: Vec<String>,
    },
    /// Runs the test suites, with the services that they need.
    ///
    /// Suites run in the order below. One that fails does not keep the others from running; the exit status is 1 if any
    /// failed. With CI=true the services are fresh ones, beside those that may be up.
    Test {
        /// Which to run; all if none is given.
        #[arg(value_parser = PossibleValuesParser::new(SUITES.iter().map(|suite| PossibleValue::new(suite.name).help(suite.shows))))]
        suites: Vec<String>,
    },
    /// Makes the measurements, with the services that they need.
    ///
    /// Figures depend on what else the machine does: only ratios within one run count. The exit status is 1 if one could
    /// not be made, or if a pipeline left records uncommitted; targets that are missed are printed.
    Bench {
        /// Which to make; all if none is given.
        #[arg(value_parser = PossibleValuesParser::new(FIGURES.iter().map(|figure| PossibleValue::new(figure.name).help(figure.shows))))]
        figure: Option<String>,
        /// Records in the topic of `throughput`, `redelivery` and `observability`; 1,000,000 unless said.
        #[arg(long)]
        records: Option<u64>,
        /// How often `throughput` measures each course, `redelivery` and `observability` each mode; 5, 3 and 5 unless said.
        #[arg(long)]
        rounds: Option<u64>,
    },
    /// Does to a group of members, on a broker of its own, what a seed decides, and checks what became of the records.
    ///
    /// `cargo xtask chaos --help` tells of the options, once the program is built.
    #[command(disable_help_flag = true)]
    Chaos {
        /// Options of the program, such as `--minutes 5 --seed 7 --mode at-least-once`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
enum ServicesCommand {
    /// Starts what does not run yet; prints VARIABLE=address for each, to be exported.
    Up,
    /// Stops what `up` has started, and only that; topics and keys are gone.
    Down,
    /// Tells what runs, where, and as which process.
    Status,
}

fn main() -> ExitCode {
    match interrupt::watch().and_then(|()| run(&Command::parse())) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(Error::Interrupted) => {
            eprintln!("interrupted");
            ExitCode::from(130)
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the command found all well.
fn run(command: &Command) -> Result<bool, Error> {
    match command {
        Command::Services(ServicesCommand::Up) => {
            Services::shared()
                .up()?
                .iter()
                .for_each(|endpoint| println!("{endpoint}"));
        }
        Command::Services(ServicesCommand::Down) => {
            let stopped = Services::shared().down()?;
            if stopped.is_empty() {
                println!("nothing of ours runs");
            }
            stopped.iter().for_each(|line| println!("{line}"));
        }
        Command::Services(ServicesCommand::Status) => {
            Services::shared()
                .status()?
                .iter()
                .for_each(|line| println!("{line}"));
        }
        Command::Demo { example, options } => return suites::demo(example, options),
        Command::Test { suites } => return suites::run(suites),
        Command::Bench {
            figure,
            records,
            rounds,
        } => {
            let option = |name, value: &Option<u64>| value.map(|value| format!("--{name}={value}"));
            let options: Vec<String> = [option("records", records), option("rounds", rounds)]
                .into_iter()
                .flatten()
                .collect();
            return suites::bench(figure.as_deref(), &options);
        }
        Command::Chaos { options } => return suites::chaos(options),
    }
    Ok(true)
}
