//! `cargo xtask chaos`: members of a group on a real Kafka, faults by a seeded plan, and a checker that knows nothing of
//! the crates that it checks: no file in this folder names them. The members are processes of the program `member`.

mod broker;
mod check;
mod collect;
mod feed;
mod history;
mod members;
mod modes;
mod plan;
mod proxy;
mod random;
mod run;
mod stage;
mod table;
mod watch;

use std::fs::{File, TryLockError};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use clap::builder::PossibleValuesParser;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// What the members read, and what they write: the same names stand in the program `member`.
const INPUT: &str = "wh-chaos-in";
const OUTPUT: &str = "wh-chaos-out";
const PARTITIONS: usize = 12;
const OUTPUT_PARTITIONS: usize = 3;

const GROUP: &str = "chaos";

/// Does to a group of members, on a broker of its own, what a seed decides, and tells what became of the records.
///
/// The exit status is 1 if a record was lost, a commit passed an unfinished one or moved back, a partition stood still, or
/// (where it may not) an output was written twice.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask chaos", bin_name = "cargo xtask chaos")]
struct Options {
    /// How long faults are made, for each mode.
    #[arg(long, default_value_t = 2.0)]
    minutes: f64,
    /// What decides the faults and the records.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Which mode of delivery.
    #[arg(long, default_value = "all", value_parser = PossibleValuesParser::new(modes::MODES.iter().map(|mode| mode.name).chain(["all"])))]
    mode: String,
    /// Members that are there from the start; as many may join.
    #[arg(long, default_value_t = 3, value_parser = members)]
    members: usize,
    /// Records that are written while faults are made; 1,000 a second unless said.
    #[arg(long)]
    records: Option<u64>,
    /// How many seconds a partition with work may stand still while there is a broker.
    #[arg(long, default_value_t = 60)]
    stall: u64,
}

fn members(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(members @ 1..=100) => Ok(members),
        _ => Err("it must be between 1 and 100".to_owned()),
    }
}

impl Options {
    fn length(&self) -> Duration {
        Duration::from_secs_f64(self.minutes.max(0.1) * 60.0)
    }

    /// Records a second.
    fn rate(&self) -> u64 {
        self.records.map_or(1_000, |records| {
            (records / self.length().as_secs().max(1)).max(1)
        })
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    match xtask::interrupt::watch()
        .map_err(Error::from)
        .and_then(|()| all(&options))
    {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the modes; true if nothing was wrong.
fn all(options: &Options) -> Result<bool, Error> {
    let _alone = alone()?;
    let mut outcomes = Vec::new();
    for mode in modes::named(&options.mode) {
        outcomes.push(run::run(mode, options)?);
    }
    table::print(&outcomes)?;
    Ok(outcomes
        .iter()
        .all(|outcome| outcome.verdict.violations.is_empty()))
}

/// Held as long as this program uses its broker, whose folder is always the same.
fn alone() -> Result<File, Error> {
    let home = xtask::services::home();
    std::fs::create_dir_all(&home)?;
    let lock = File::create(home.join("chaos.lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(
            "another `cargo xtask chaos` runs out of this target directory: wait for it to end"
                .into(),
        ),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}
