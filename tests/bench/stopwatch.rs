//! The stopwatch of a pipeline: from the first record that a source sees to the broker's confirmation of every position.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;
use tokio::time::sleep;
use waterhealer::prelude::*;
use waterhealer::{Graph, Phase};

use crate::Error;
use crate::topic::Topic;

/// When the first record came. There is one run in a process.
static FIRST: OnceLock<Instant> = OnceLock::new();

/// To be called by a source for each record.
pub(crate) fn first() {
    FIRST.get_or_init(Instant::now);
}

/// One measurement.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) records: u64,
    pub(crate) seconds: f64,
    /// VmHWM, in KiB; `None` where the system does not tell.
    pub(crate) peak: Option<u64>,
    /// Share of the records below the group's committed offsets, as another client reads them afterwards.
    pub(crate) committed: Option<f64>,
}

impl Run {
    pub(crate) fn rate(&self) -> f64 {
        self.records as f64 / self.seconds
    }
}

/// Runs a pipeline over its topic in a group that nobody has used before; it is stopped once all records are finished.
pub(crate) fn run<G: Graph>(
    pipeline: Pipeline<G>,
    brokers: &str,
    config: Config,
    topic: Topic,
) -> Result<Run, Error> {
    let since = std::time::UNIX_EPOCH.elapsed()?;
    let group = format!("waterhealer-throughput-{}", since.as_nanos());
    let pipeline = pipeline.config(config.group(&group));
    let handle = pipeline.handle();
    let stopwatch = async move {
        while handle.state().finished < topic.records && handle.state().phase != Phase::Stopped {
            sleep(Duration::from_millis(1)).await;
        }
        handle.stop();
        // Each partition is there, and confirmed as far as it goes, until the group is left, which comes after.
        loop {
            let state = handle.state();
            let confirmed = |one: &waterhealer::PartitionState| one.committed == one.position;
            if state.phase == Phase::Stopped || state.partitions.iter().all(confirmed) {
                return Instant::now();
            }
            sleep(Duration::from_micros(500)).await;
        }
    };
    let (report, end) = Runtime::new()?.block_on(async {
        let stopwatch = tokio::spawn(stopwatch);
        let report = pipeline.run().await?;
        Ok::<_, Error>((report, stopwatch.await?))
    })?;
    if report.finished != topic.records {
        return Err(format!("{} records finished", report.finished).into());
    }
    let first = *FIRST.get().ok_or("no record came")?;
    let committed = topic.committed(brokers, &group)?;
    Ok(ended(topic.records, first, end, Some(committed)))
}

/// The most memory that this process has used so far, in KiB.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// A run that has just ended.
pub(crate) fn ended(records: u64, first: Instant, end: Instant, committed: Option<f64>) -> Run {
    Run {
        records,
        seconds: end.duration_since(first).as_secs_f64(),
        peak: peak(),
        committed,
    }
}
