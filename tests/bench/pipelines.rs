//! The pipelines that are measured. How they are run and timed is in `stopwatch.rs`.

use std::hint::black_box;

use waterhealer::prelude::*;

use crate::stopwatch::{self, Run, run};
use crate::topic::Topic;
use crate::{Error, add, keep, loops, scan};

pub(crate) fn number(record: &Record<'_>) -> u64 {
    stopwatch::first();
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
