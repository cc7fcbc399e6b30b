//! Whether everything is read, for pipelines that end then. The client's own events for the end of a partition are not used:
//! in batches they move its position one too far, and a pause then loses a record (librdkafka#4844, in 2.2 to 2.12).

use std::time::Duration;

use rdkafka::consumer::Consumer as _;
use rdkafka::error::KafkaResult;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::consumer::Consumer;

/// How long the broker may take for each answer.
const PATIENCE: Duration = Duration::from_secs(5);

impl Consumer {
    /// Whether the client has handed over all that these partitions of this member hold now. Waits for the broker; when that
    /// has no answer, the answer is no.
    pub(crate) fn has_taken_all(&self, partitions: &[(&str, i32)]) -> bool {
        self.compare(partitions).unwrap_or_else(|error| {
            tracing::debug!(%error, "the ends of the partitions are not known");
            false
        })
    }

    fn compare(&self, partitions: &[(&str, i32)]) -> KafkaResult<bool> {
        let positions = self.inner.position()?;
        let mut untouched = TopicPartitionList::new();
        for (topic, partition) in partitions {
            let (low, high) = self.inner.fetch_watermarks(topic, *partition, PATIENCE)?;
            match offset(&positions, topic, *partition) {
                Some(next) if next < high => return Ok(false),
                Some(_) => {}
                None if low == high => {}
                None => {
                    untouched.add_partition_offset(topic, *partition, Offset::Offset(high))?;
                }
            }
        }
        if untouched.count() == 0 {
            return Ok(true);
        }
        // Nothing has come of these yet: perhaps nothing will, since they begin at their end.
        let committed = self.inner.committed_offsets(untouched.clone(), PATIENCE)?;
        Ok(untouched.elements().iter().all(|element| {
            let begin = offset(&committed, element.topic(), element.partition());
            begin.map_or(self.from_end, |begin| {
                Offset::Offset(begin) == element.offset()
            })
        }))
    }
}

fn offset(list: &TopicPartitionList, topic: &str, partition: i32) -> Option<i64> {
    match list.find_partition(topic, partition)?.offset() {
        Offset::Offset(offset) => Some(offset),
        _ => None,
    }
}
