//! The pipelines that write to Kafka: at least once and exactly once, which differ in one word.

use waterhealer::prelude::*;

use crate::pipelines::number;
use crate::stopwatch::{Run, run};
use crate::topic::Topic;
use crate::{Error, add};

/// Where they write.
pub(crate) const OUTPUT: &str = "waterhealer-throughput-out";

/// As long as a record of the topic.
fn message(number: u64) -> KafkaMessage {
    KafkaMessage::new(format!("{number:0100}"))
}

#[pipeline(group = "waterhealer-throughput", interval = "1s")]
mod at_least_once {
    use super::*;

    #[source(topic = "waterhealer-throughput")]
    fn read(record: &Record<'_>) -> u64 {
        number(record)
    }

    #[map(from = read)]
    fn next(number: u64) -> u64 {
        add(number)
    }

    #[sink(from = next, topic = "waterhealer-throughput-out")]
    fn write(number: u64) -> KafkaMessage {
        message(number)
    }
}

#[pipeline(group = "waterhealer-throughput", delivery = exactly_once)]
mod exactly_once {
    use super::*;

    #[source(topic = "waterhealer-throughput")]
    fn read(record: &Record<'_>) -> u64 {
        number(record)
    }

    #[map(from = read)]
    fn next(number: u64) -> u64 {
        add(number)
    }

    #[sink(from = next, topic = "waterhealer-throughput-out")]
    fn write(number: u64) -> KafkaMessage {
        message(number)
    }
}

pub(crate) fn produce(brokers: &str, config: Config, topic: Topic) -> Result<Run, Error> {
    run(at_least_once::pipeline(), brokers, config, topic)
}

pub(crate) fn exactly_once(brokers: &str, config: Config, topic: Topic) -> Result<Run, Error> {
    run(exactly_once::pipeline(), brokers, config, topic)
}
