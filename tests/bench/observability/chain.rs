//! The pipeline that is measured: source → map → filter → sink over plain functions, with checkpoints and without.

use std::hint::black_box;

use waterhealer::prelude::*;

use crate::Error;
use crate::stopwatch::{self, Run};
use crate::topic::Topic;

pub(crate) const TOPIC: &str = "waterhealer-observability";

/// Which of the two.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Chain {
    /// No node has a checkpoint.
    Plain,
    /// Every node has one.
    Kept,
}

fn number(record: &Record<'_>) -> u64 {
    stopwatch::first();
    let value = record.value().unwrap_or_default();
    value.iter().take(10).fold(0, |number, digit| {
        number * 10 + u64::from(digit.wrapping_sub(b'0'))
    })
}

#[pipeline(group = "waterhealer-observability", interval = "1s")]
mod plain {
    use super::*;

    #[source(topic = "waterhealer-observability")]
    fn read(record: &Record<'_>) -> u64 {
        number(record)
    }

    #[map(from = read)]
    fn next(number: u64) -> u64 {
        number + 1
    }

    #[filter(from = next)]
    fn wanted(number: &u64) -> bool {
        !number.is_multiple_of(1_024)
    }

    #[sink(from = wanted)]
    fn store(number: u64) {
        black_box(number);
    }
}

#[pipeline(group = "waterhealer-observability", interval = "1s", checkpoint)]
mod kept {
    use super::*;

    #[source(topic = "waterhealer-observability")]
    fn read(record: &Record<'_>) -> u64 {
        number(record)
    }

    #[map(from = read)]
    fn next(number: u64) -> u64 {
        number + 1
    }

    #[filter(from = next)]
    fn wanted(number: &u64) -> bool {
        !number.is_multiple_of(1_024)
    }

    #[sink(from = wanted)]
    fn store(number: u64) {
        black_box(number);
    }
}

pub(crate) fn run(chain: Chain, brokers: &str, config: Config, topic: Topic) -> Result<Run, Error> {
    match chain {
        Chain::Plain => stopwatch::run(plain::pipeline(), brokers, config, topic),
        Chain::Kept => stopwatch::run(kept::pipeline(), brokers, config, topic),
    }
}
