//! The group as its consumer sees it, also from within a callback: commits that are waited for, what is committed, what
//! the log holds. Who asks, and what is made of the answers, is `flow`'s business.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _, RebalanceProtocol};
use rdkafka::error::KafkaResult;
use rdkafka::topic_partition_list::TopicPartitionList;

use super::commit::{Answered, Commit};
use super::consumer::{At, Callbacks, pause};
use super::offsets::{self, Places};

/// The consumer within a callback.
pub(crate) struct Group<'a>(pub(super) &'a BaseConsumer<Callbacks>);

impl Group<'_> {
    /// Goes on fetching partitions that were held back: whoever has them next must not find them paused.
    pub(crate) fn resume(&self, partitions: &[(&str, i32)]) {
        if !partitions.is_empty() {
            pause(self.0, partitions, false);
        }
    }

    /// Commits and waits up to `at_most` for the broker, for earlier commits too: one answer each, or none in time.
    pub(crate) fn commit(&self, commits: &[Commit], at_most: Duration) -> Vec<Answered> {
        let callbacks = self.0.context();
        let mut answers = Vec::new();
        if let Err(error) = callbacks.commit(self.0, commits) {
            answers.push(Answered {
                confirmed: Vec::new(),
                outcome: Err(error),
            });
        }
        let until = Instant::now() + at_most;
        // Once the consumer is closed, no answer comes any more.
        while callbacks.open_commits.load(Ordering::Acquire) > 0 && callbacks.is_open() {
            let left = until.saturating_duration_since(Instant::now());
            match callbacks.answer(left) {
                Some(answer) => answers.push(answer),
                None if left.is_zero() => break,
                None => {}
            }
        }
        answers
    }

    /// What is committed, what the log holds, and which topics they are, of these partitions.
    ///
    /// # Errors
    /// When the coordinator does not say what is committed within `patience`.
    pub(crate) fn places(
        &self,
        partitions: &[(String, i32)],
        patience: Duration,
    ) -> Result<Places, String> {
        offsets::places(self.0, partitions, patience)
    }

    /// Goes on reading a partition elsewhere; `anew` when it is another log than before. Its records may come by another way
    /// for a while: see [`Consumer::forward`](super::Consumer::forward).
    ///
    /// # Errors
    /// When the client does not take it now.
    pub(crate) fn go_on(
        &self,
        topic: &str,
        partition: i32,
        at: At,
        anew: bool,
    ) -> Result<(), String> {
        let soon = Duration::from_secs(5);
        if !anew && self.0.seek(topic, partition, at.offset(), soon).is_ok() {
            return Ok(());
        }
        // It has stopped fetching the partition for good, and begins again only with what is assigned anew.
        self.assign_anew(topic, partition, at)
            .map_err(|error| error.to_string())
    }

    fn assign_anew(&self, topic: &str, partition: i32, at: At) -> KafkaResult<()> {
        if matches!(self.0.rebalance_protocol(), RebalanceProtocol::Cooperative) {
            let mut one = TopicPartitionList::new();
            one.add_partition_offset(topic, partition, at.offset())?;
            self.0.incremental_unassign(&one)?;
            return self.0.incremental_assign(&one);
        }
        // All that it has, where it is; what was fetched of it and not taken is fetched again.
        let all = self.0.position()?;
        if let Some(mut element) = all.find_partition(topic, partition) {
            element.set_offset(at.offset())?;
        }
        self.0.assign(&all)
    }
}
