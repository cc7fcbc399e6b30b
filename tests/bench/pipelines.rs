//! The pipelines that are measured, and the stopwatch: from the first record that a source sees to the broker's
//! confirmation of every position.

use std::hint::black_box;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::time::sleep;
use waterhealer::prelude::*;
use waterhealer::{Graph, Phase};

use crate::topic::Topic;
use crate::{Error, Run, add, ended, keep, loops, scan};

/// When the first record came. There is one run in a process.
static FIRST: OnceLock<Instant> = OnceLock::new();

pub(crate) fn number(record: &Record<'_>) -> u64 {
    FIRST.get_or_init(Instant::now);
    scan(record.value().unwrap_or_default())
}

/// Plain functions.
#[pipeline(group = "waterhealer-throughput", interval = "1s")]
mod chain {
    use super::*;

    #[source(topic = "waterhealer-throughput")]
    fn read(record: &Record<'_>) -> u64 {
        number(record)
    }

    #[map(from = read)]
    fn next(number: u64) -> u64 {
        add(number)
    }

    #[filter(from = next)]
    fn wanted(number: &u64) -> bool {
        keep(*number)
    }

    #[sink(from = wanted)]
    fn store(number: u64) {
        black_box(number);
    }
}

/// The same over the shorter topic.
#[pipeline(group = "waterhealer-throughput", interval = "1s")]
mod quarter {
    use super::*;

    #[source(topic = "waterhealer-throughput-quarter")]
    fn read(record: &Record<'_>) -> u64 {
        number(record)
    }

    #[map(from = read)]
    fn next(number: u64) -> u64 {
        add(number)
    }

    #[filter(from = next)]
    fn wanted(number: &u64) -> bool {
        keep(*number)
    }

    #[sink(from = wanted)]
    fn store(number: u64) {
        black_box(number);
    }
}

/// A future that is ready at once.
#[pipeline(group = "waterhealer-throughput", interval = "1s")]
mod ready {
    use super::*;

    #[source(topic = "waterhealer-throughput")]
    fn read(record: &Record<'_>) -> u64 {
        number(record)
    }

    #[map(from = read)]
    async fn next(number: u64) -> u64 {
        add(number)
    }

    #[filter(from = next)]
    fn wanted(number: &u64) -> bool {
        keep(*number)
    }

    #[sink(from = wanted)]
    fn store(number: u64) {
        black_box(number);
    }
}

/// A future that waits 1 ms.
#[pipeline(group = "waterhealer-throughput", interval = "1s")]
mod waiting {
    use super::*;

    #[source(topic = "waterhealer-throughput")]
    fn read(record: &Record<'_>) -> u64 {
        number(record)
    }

    #[map(from = read, concurrency = 1000)]
    async fn next(number: u64) -> u64 {
        loops::wait(number).await
    }

    #[filter(from = next)]
    fn wanted(number: &u64) -> bool {
        keep(*number)
    }

    #[sink(from = wanted)]
    fn store(number: u64) {
        black_box(number);
    }
}

pub(crate) fn chain(brokers: &str, config: Config, topic: Topic) -> Result<Run, Error> {
    run(chain::pipeline(), brokers, config, topic)
}

pub(crate) fn quarter(brokers: &str, config: Config, topic: Topic) -> Result<Run, Error> {
    run(quarter::pipeline(), brokers, config, topic)
}

pub(crate) fn ready(brokers: &str, config: Config, topic: Topic) -> Result<Run, Error> {
    run(ready::pipeline(), brokers, config, topic)
}

pub(crate) fn waiting(brokers: &str, config: Config, topic: Topic) -> Result<Run, Error> {
    run(waiting::pipeline(), brokers, config, topic)
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
