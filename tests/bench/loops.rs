//! The yardsticks: a plain poll loop over the same topic, and bare Tokio programs over the same futures.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::{Message as _, Offset, TopicPartitionList};
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::stopwatch::{Run, ended};
use crate::topic::{PARTITIONS, Topic, client};
use crate::{Error, add, keep, scan};

/// The client's properties in a pipeline that says nothing of its own, beside `fetch.queue.backoff.ms`.
pub(crate) const TUNED: &[(&str, &str)] = &[("fetch.max.bytes", "4194304")];

/// Futures under way at once.
pub(crate) const AT_ONCE: usize = 1_000;

/// What the stage that waits does.
pub(crate) async fn wait(number: u64) -> u64 {
    tokio::time::sleep(Duration::from_millis(1)).await;
    add(number)
}

/// `BaseConsumer::poll` after `assign`, with scan, map and filter in line. Nothing is tracked and nothing committed.
pub(crate) fn plain(
    brokers: &str,
    topic: Topic,
    properties: &[(&str, &str)],
) -> Result<Run, Error> {
    let mut config = client(brokers);
    config
        .set("group.id", "waterhealer-throughput-plain")
        .set("enable.auto.commit", "false")
        .set("auto.offset.reset", "earliest")
        .set("fetch.queue.backoff.ms", "5");
    for (name, value) in properties {
        config.set(*name, *value);
    }
    let consumer: BaseConsumer = config.create()?;
    let mut assignment = TopicPartitionList::new();
    for partition in 0..PARTITIONS {
        assignment.add_partition_offset(topic.name, partition, Offset::Beginning)?;
    }
    consumer.assign(&assignment)?;
    let mut first = None;
    for _ in 0..topic.records {
        let message = loop {
            match consumer.poll(Duration::from_millis(100)) {
                // Told to plain-tuned at a partition's end, as to a pipeline.
                None | Some(Err(KafkaError::PartitionEOF(_))) => {}
                Some(message) => break message?,
            }
        };
        first.get_or_insert_with(Instant::now);
        let number = add(scan(message.payload().unwrap_or_default()));
        if keep(number) {
            black_box(number);
        }
    }
    let end = Instant::now();
    Ok(ended(topic.records, first.unwrap_or(end), end, None))
}

/// The same with the properties of a pipeline's client, and those that were given.
pub(crate) fn tuned(brokers: &str, topic: Topic, given: &[(String, String)]) -> Result<Run, Error> {
    let given = given.iter().map(|(name, value)| (&**name, &**value));
    let properties: Vec<_> = TUNED.iter().copied().chain(given).collect();
    plain(brokers, topic, &properties)
}

/// A thousand tasks share the records out and take one after the other.
pub(crate) fn tokio_workers(records: u64) -> Result<Run, Error> {
    Runtime::new()?.block_on(async {
        let next = Arc::new(AtomicU64::new(0));
        let first = Instant::now();
        let mut tasks = JoinSet::new();
        for _ in 0..AT_ONCE {
            let next = Arc::clone(&next);
            tasks.spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= records {
                        return;
                    }
                    let number = wait(number).await;
                    if keep(number) {
                        black_box(number);
                    }
                }
            });
        }
        while let Some(task) = tasks.join_next().await {
            task?;
        }
        Ok(ended(records, first, Instant::now(), None))
    })
}

/// A task for each record; a semaphore admits a thousand at a time.
pub(crate) fn tokio_spawn(records: u64) -> Result<Run, Error> {
    let runtime = Runtime::new()?;
    let places = Arc::new(Semaphore::new(AT_ONCE));
    // On a worker, as the tasks are: the thread outside would have to wake one for each.
    let feed = async move {
        let first = Instant::now();
        for number in 0..records {
            let place = Arc::clone(&places).acquire_owned().await?;
            tokio::spawn(async move {
                let number = wait(number).await;
                if keep(number) {
                    black_box(number);
                }
                drop(place);
            });
        }
        let all = u32::try_from(AT_ONCE)?;
        drop(places.acquire_many(all).await?);
        Ok::<_, Error>(ended(records, first, Instant::now(), None))
    };
    runtime.block_on(async { tokio::spawn(feed).await? })
}
