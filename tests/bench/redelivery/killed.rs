//! What is done again after `kill -9`: a pipeline with stragglers at the front of each partition is killed once enough is
//! finished behind them; what the next process does of that is counted in the journal that both write.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use rustix::process::{Pid, Signal, kill_process};
use waterhealer::prelude::*;

use crate::modes::Mode;
use crate::topic::{self, Topic};
use crate::{Error, Options, settings};

/// Between two heals of the pipeline that is killed.
pub(crate) const INTERVAL: Duration = Duration::from_millis(100);

/// Calls under way at once, of which each takes up to [`LONGEST`]: some 10,000 records a second.
const AT_ONCE: u64 = 5_000;
const LONGEST: u64 = 1_000;

/// For anything that takes its time.
const PATIENCE: Duration = Duration::from_secs(120);

/// When the pipeline is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// A few heals after its last record: all that it could tell, it has told.
    AtRest,
    /// In the middle of its work, anywhere between two heals.
    AtWork,
}

/// What was counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Count {
    /// Finished when the pipeline was killed, and not committed.
    pub(crate) in_flight: usize,
    /// Of these, done again.
    pub(crate) again: usize,
}

impl Count {
    pub(crate) fn share(self) -> f64 {
        self.again as f64 / self.in_flight.max(1) as f64
    }
}

/// The journal, and how much is done before the rest waits for ever.
struct Desk {
    journal: File,
    limit: u64,
    begun: AtomicU64,
}

impl Desk {
    /// Whether a record may be done: not the first of a partition while there is a limit.
    fn may(&self, at: &Position) -> bool {
        let holds = self.limit > 0;
        !holds || (at.offset > 0 && self.begun.fetch_add(1, Ordering::Relaxed) < self.limit)
    }
}

#[pipeline(group = "waterhealer-redelivery")]
mod worked {
    use super::*;

    #[source(topic = "waterhealer-redelivery")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 5000)]
    async fn work(at: Position, desk: &Desk) -> Position {
        if !desk.may(&at) {
            std::future::pending::<()>().await;
        }
        let mixed = (at.offset.unsigned_abs() + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        tokio::time::sleep(Duration::from_millis((mixed >> 32) % LONGEST)).await;
        at
    }

    #[sink(from = work)]
    fn note(at: Position, desk: &Desk) -> std::io::Result<()> {
        (&desk.journal).write_all(format!("{} {}\n", at.partition, at.offset).as_bytes())
    }
}

/// Is the pipeline, in a process of its own.
pub(crate) fn work(
    brokers: &str,
    mode: &Mode,
    group: &str,
    journal: &Path,
    limit: u64,
) -> Result<(), Error> {
    let config = settings(mode, journal)
        .brokers(brokers)
        .group(group)
        .interval(INTERVAL)
        .kafka("session.timeout.ms", "3000")
        .kafka("heartbeat.interval.ms", "300");
    let desk = Desk {
        journal: File::options().create(true).append(true).open(journal)?,
        limit,
        begun: AtomicU64::new(0),
    };
    let pipeline = worked::pipeline(worked::Resources { desk }).config(config);
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(pipeline.run())?;
    Ok(())
}

/// Measures a mode.
pub(crate) fn measure(options: &Options, mode: &Mode, when: When) -> Result<Count, Error> {
    let topic = Topic {
        name: "waterhealer-redelivery",
        // As many again come while it works, so that it is never done.
        records: 2 * options.in_flight,
    };
    topic::ensure(&options.brokers, topic)?;
    let since = std::time::UNIX_EPOCH.elapsed()?.as_nanos();
    let folder = std::env::temp_dir().join(format!("waterhealer-redelivery-{since}"));
    fs::create_dir_all(&folder)?;
    let run = Killed {
        options,
        mode,
        group: format!("waterhealer-redelivery-{since}"),
        journal: folder.join("journal"),
    };
    let count = run.count(topic, when);
    fs::remove_dir_all(&folder)?;
    count
}

struct Killed<'o> {
    options: &'o Options,
    mode: &'o Mode,
    group: String,
    journal: PathBuf,
}

impl Killed<'_> {
    fn count(&self, topic: Topic, when: When) -> Result<Count, Error> {
        let wanted = self.options.in_flight;
        let limit = match when {
            When::AtRest => wanted,
            When::AtWork => u64::MAX,
        };
        let mut first = self.start(limit)?;
        self.wait(
            "the pipeline did too little before it was to be killed",
            || Ok(self.lines()? >= wanted),
        )?;
        if when == When::AtRest {
            std::thread::sleep(5 * INTERVAL);
        }
        first.0.kill()?;
        first.0.wait()?;
        let before = fs::read_to_string(&self.journal)?;
        let committed = topic.committed(&self.options.brokers, &self.group)?;
        if committed > 0.0 {
            return Err(
                format!("{committed} of the topic was committed past its stragglers").into(),
            );
        }

        let mut second = self.start(0)?;
        self.wait("the second process did not get to the end", || {
            Ok(topic.committed(&self.options.brokers, &self.group)? >= 1.0)
        })?;
        kill_process(Pid::from_child(&second.0), Signal::TERM)?;
        if !second.0.wait()?.success() {
            return Err("the second process did not end in order".into());
        }
        let whole = fs::read_to_string(&self.journal)?;
        let done: BTreeSet<&str> = before.lines().collect();
        let again: Vec<&str> = whole[before.len()..].lines().collect();
        let all: BTreeSet<&str> = whole.lines().collect();
        if all.len() as u64 != topic.records {
            return Err(format!("{} of {} records were done", all.len(), topic.records).into());
        }
        Ok(Count {
            in_flight: done.len(),
            again: again.iter().filter(|line| done.contains(*line)).count(),
        })
    }

    fn start(&self, limit: u64) -> Result<Running, Error> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .args(["--brokers", &self.options.brokers])
            .args(["--mode", self.mode.name])
            .args(["--work", &limit.to_string()])
            .args(["--group", &self.group])
            .arg("--journal")
            .arg(&self.journal)
            .stdin(Stdio::null());
        Ok(Running(command.spawn()?))
    }

    /// Records in the journal.
    fn lines(&self) -> Result<u64, Error> {
        match fs::read(&self.journal) {
            Ok(text) => Ok(text.iter().filter(|byte| **byte == b'\n').count() as u64),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    fn wait(
        &self,
        what: &str,
        mut until: impl FnMut() -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let start = Instant::now();
        while !until()? {
            if start.elapsed() > PATIENCE {
                return Err(format!("{}: {what}", self.mode.name).into());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

/// Killed when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended needs no killing.
        if self.0.kill().is_ok() {
            let _ended = self.0.wait();
        }
    }
}

/// How it is measured, in words.
pub(crate) fn conditions(in_flight: u64) -> String {
    format!(
        "Killed: {in_flight} records finished behind a straggler in each of 12 partitions; {AT_ONCE} calls at once of up to \
         {LONGEST} ms, a heal each {INTERVAL:?}."
    )
}
