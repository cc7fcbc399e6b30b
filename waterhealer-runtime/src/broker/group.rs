//! The group as its consumer sees it, also from within a callback: commits that are waited for, what is committed, what
//! the log holds. Who asks, and what is made of the answers, is `flow`'s business.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _, RebalanceProtocol};
use rdkafka::error::KafkaResult;
use rdkafka::topic_partition_list::TopicPartitionList;

use super::commit::{Answered, Commit};
use super::consumer::{At, Callbacks, pause};
use super::native::place_in_group;
use super::offsets::{self, Places};
use super::transaction::Membership;

/// How long the client may take to go elsewhere with one partition.
const SOON: Duration = Duration::from_secs(5);

/// The consumer within a callback.
pub(crate) trait Group {
    /// As whom offsets are committed in a transaction; `None` as long as it is no member of the group.
    fn membership(&self) -> Option<Membership>;
    /// Goes on fetching partitions that were held back: whoever has them next must not find them paused.
    fn resume(&self, partitions: &[(&str, i32)]);
    /// Commits and waits up to `at_most` for the broker, for earlier commits too: one answer each, or none in time.
    fn commit(&self, commits: &[Commit], at_most: Duration) -> Vec<Answered>;
    /// What is committed, what the log holds, and which topics they are, of these partitions.
    ///
    /// # Errors
    /// When the coordinator does not say what is committed within `patience`.
    fn places(&self, partitions: &[(String, i32)], patience: Duration) -> Result<Places, String>;
    /// Goes on reading partitions elsewhere; what was fetched of them is dropped.
    ///
    /// # Errors
    /// When the client cannot, or not in time.
    fn seek(&self, to: &[(&str, i32, At)], at_most: Duration) -> Result<(), String>;
    /// Goes on reading a partition elsewhere; `anew` when it is another log than before. Its records may come by another way
    /// for a while: see [`Consumer::forward`](super::Consumer::forward).
    ///
    /// # Errors
    /// When the client does not take it now.
    fn go_on(&self, topic: &str, partition: i32, at: At, anew: bool) -> Result<(), String>;
}

pub(super) struct InCallback<'a>(pub(super) &'a BaseConsumer<Callbacks>);

impl Group for InCallback<'_> {
    fn membership(&self) -> Option<Membership> {
        let handle = self.0.client().native_ptr();
        let place = place_in_group(handle)?;
        let metadata = self.0.group_metadata()?;
        // The broker fences nobody who says that he is no member: whoever has just been thrown out must not say so. That the
        // metadata does not is known from what is said before and after it.
        let (generation, member) = &place;
        let is_member = *generation > 0 && !member.is_empty();
        let same = place_in_group(handle).is_some_and(|after| after == place);
        (is_member && same).then_some(Membership(metadata))
    }

    fn resume(&self, partitions: &[(&str, i32)]) {
        if !partitions.is_empty() {
            pause(self.0, partitions, false);
        }
    }

    fn commit(&self, commits: &[Commit], at_most: Duration) -> Vec<Answered> {
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

    fn places(&self, partitions: &[(String, i32)], patience: Duration) -> Result<Places, String> {
        offsets::places(self.0, partitions, patience)
    }

    fn seek(&self, to: &[(&str, i32, At)], at_most: Duration) -> Result<(), String> {
        if to.is_empty() {
            return Ok(());
        }
        let mut list = TopicPartitionList::with_capacity(to.len());
        for (topic, partition, at) in to {
            list.add_partition_offset(topic, *partition, at.offset())
                .map_err(|error| error.to_string())?;
        }
        let done = self.0.seek_partitions(list, at_most);
        let done = done.map_err(|error| error.to_string())?;
        let elements = done.elements();
        let mut errors = elements.iter().filter_map(|one| one.error().err());
        errors.next().map_or(Ok(()), |error| Err(error.to_string()))
    }

    fn go_on(&self, topic: &str, partition: i32, at: At, anew: bool) -> Result<(), String> {
        if !anew && self.seek(&[(topic, partition, at)], SOON).is_ok() {
            return Ok(());
        }
        // It has stopped fetching the partition for good, and begins again only with what is assigned anew.
        self.assign_anew(topic, partition, at)
            .map_err(|error| error.to_string())
    }
}

impl InCallback<'_> {
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
