//! Whether everything is read, for pipelines that end then. The client's own events for the end of a partition are not
//! used: in batches they move its position one too far, and a pause then loses a record (librdkafka#4844, in 2.2 to 2.12).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rdkafka::config::{ClientConfig, FromClientConfigAndContext};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaResult;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::assignment::Assigned;
use super::consumer::{At, Consumer};
use super::topics::Quiet;
use crate::error::Error;

/// How long the broker may take for each answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Knows the ends of partitions: a client of its own, since a question of the consumer's would wait behind its fetches.
pub(crate) struct Ends {
    client: BaseConsumer<Quiet>,
    /// A partition without a committed offset is read from its end.
    from_end: bool,
}

impl Ends {
    /// Starts the client; it is no member of the group.
    ///
    /// # Errors
    /// When it refuses its configuration.
    pub(crate) fn connect(properties: &BTreeMap<String, String>) -> Result<Self, Error> {
        let mut config = ClientConfig::new();
        config.extend(properties.clone());
        config.remove("group.id");
        let client = BaseConsumer::from_config_and_context(&config, Quiet)
            .map_err(|error| Error::broker(format!("the Kafka client does not start: {error}")))?;
        let from_end = properties
            .get("auto.offset.reset")
            .is_some_and(|reset| matches!(reset.as_str(), "latest" | "end" | "largest"));
        Ok(Ends { client, from_end })
    }

    /// Whether the consumer has handed over all that its partitions hold now. Waits for the broker; when that has no answer,
    /// the answer is no.
    pub(crate) fn are_reached(&self, consumer: &Consumer, partitions: &[Arc<Assigned>]) -> bool {
        partitions.is_empty()
            || self.compare(consumer, partitions).unwrap_or_else(|error| {
                tracing::debug!(%error, "the ends of the partitions are not known");
                false
            })
    }

    fn compare(&self, consumer: &Consumer, partitions: &[Arc<Assigned>]) -> KafkaResult<bool> {
        let mut asked = TopicPartitionList::with_capacity(partitions.len());
        for assigned in partitions {
            asked.add_partition_offset(&assigned.topic, assigned.partition, Offset::End)?;
        }
        let ends = self.client.offsets_for_times(asked, PATIENCE)?;
        let positions = consumer.inner.position()?;
        let mut untouched = TopicPartitionList::new();
        for assigned in partitions {
            let (topic, partition) = (&*assigned.topic, assigned.partition);
            let Some(end) = offset(&ends, topic, partition) else {
                return Ok(false);
            };
            let next = match (offset(&positions, topic, partition), assigned.opening.begin) {
                (Some(next), _) | (None, Some(At::Offset(next))) => next,
                (None, Some(At::End)) => end,
                (None, Some(At::First)) => 0,
                (None, None) if end == 0 => end,
                (None, None) => {
                    untouched.add_partition_offset(topic, partition, Offset::Offset(end))?;
                    continue;
                }
            };
            if next < end && !self.nothing_is_before(topic, partition, end)? {
                return Ok(false);
            }
        }
        if untouched.count() == 0 {
            return Ok(true);
        }
        // Nothing has come of these yet: perhaps nothing will, since they begin at their end.
        let committed = consumer
            .inner
            .committed_offsets(untouched.clone(), PATIENCE)?;
        for element in untouched.elements() {
            let (topic, partition) = (element.topic(), element.partition());
            let Offset::Offset(end) = element.offset() else {
                return Ok(false);
            };
            let at_end = match offset(&committed, topic, partition) {
                Some(begin) => begin >= end,
                None => self.from_end,
            };
            if !at_end && !self.nothing_is_before(topic, partition, end)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the partition holds no record before `end`: it is empty, or retention has removed them all.
    fn nothing_is_before(&self, topic: &str, partition: i32, end: i64) -> KafkaResult<bool> {
        let (first, _) = self.client.fetch_watermarks(topic, partition, PATIENCE)?;
        Ok(first >= end)
    }
}

fn offset(list: &TopicPartitionList, topic: &str, partition: i32) -> Option<i64> {
    match list.find_partition(topic, partition)?.offset() {
        Offset::Offset(offset) => Some(offset),
        _ => None,
    }
}
