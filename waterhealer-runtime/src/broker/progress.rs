//! How far the group and the client are: commits, one at a time, and what comes of them; where the client stands past the
//! last record; and where it goes on after an error. What an answer means is in `commit`, the client's life in `consumer`.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::assignment::Assigned;
use super::batch::Stumble;
use super::commit::{Answered, Commit, CommitError};
use super::consumer::{Callbacks, Consumer};
use super::native;

/// How long the client may take to go back to where it met an error: until it has, its own position is one too far, and
/// whatever is assigned by it would pass a record over.
const SOON: Duration = Duration::from_secs(1);

impl Consumer {
    /// Asks the broker to commit; its answer comes to [`GroupEvents::committed`].
    pub(crate) fn commit(&self, commits: &[Commit]) -> Result<(), CommitError> {
        if self.inner.assignment_lost() {
            let why = "the broker has given this member's partitions away";
            return Err(CommitError::Later(why.to_owned()));
        }
        self.inner.context().commit(&self.inner, commits)
    }

    /// Tells each of these assignments up to where the client has handed over everything there is, for us to see: past
    /// transaction markers and aborted records, which are nobody's to finish. The client moves that position when it hands
    /// over what comes before, so records that were fetched and not taken yet are never below it.
    pub(crate) fn look_past(&self, held: &[Arc<Assigned>]) {
        let idle = held.iter().filter(|one| one.figures.in_flight() == 0);
        let mut idle = idle.peekable();
        if idle.peek().is_none() {
            return;
        }
        let Ok(positions) = self.inner.position() else {
            return;
        };
        for assigned in idle {
            let found = positions.find_partition(&assigned.topic, assigned.partition);
            if let Some(Offset::Offset(offset)) = found.map(|element| element.offset()) {
                assigned.figures.look_past(offset);
            }
        }
    }

    /// Tells each of these assignments where its log ends, as the client has heard it with what it fetched.
    pub(crate) fn look_ahead(&self, held: &[Arc<Assigned>]) {
        let handle = self.inner.client().native_ptr();
        for assigned in held {
            if let Some(end) = native::cached_end(handle, &assigned.topic, assigned.partition) {
                assigned.figures.see_end(end);
            }
        }
    }

    /// Reads partitions on from these offsets. In batches the client's own position moves past an error that it reports,
    /// as if that were a record; a pause, such as a cooperative rebalance, would then go on behind a record nobody saw.
    pub(super) fn go_on_at(&self, stumbled: &[Stumble]) {
        if stumbled.is_empty() {
            return;
        }
        let mut list = TopicPartitionList::with_capacity(stumbled.len());
        let sought = stumbled
            .iter()
            .try_for_each(|one| {
                let offset = Offset::Offset(one.offset);
                list.add_partition_offset(&one.topic, one.partition, offset)
            })
            .and_then(|()| self.inner.seek_partitions(list, SOON));
        if let Err(error) = sought {
            tracing::warn!(%error, "the client did not go back to where it met an error");
        }
    }
}

impl Callbacks {
    /// Commits and waits up to `at_most` for the broker: an earlier commit first, whose answer is among those that come back.
    pub(super) fn commit_in_time(
        &self,
        consumer: &BaseConsumer<Callbacks>,
        commits: &[Commit],
        at_most: Duration,
    ) -> Vec<Answered> {
        let until = Instant::now() + at_most;
        let mut answers = Vec::new();
        self.await_answers(until, &mut answers);
        // Sent beside one that the client tries again, it could be overtaken, and the group's offsets would move back.
        if !self.awaits_answer() {
            match self.commit(consumer, commits) {
                Ok(()) => self.await_answers(until, &mut answers),
                Err(error) => answers.push(Answered {
                    confirmed: Vec::new(),
                    outcome: Err(error),
                }),
            }
        }
        answers
    }

    /// Whether a commit is not answered yet.
    pub(super) fn awaits_answer(&self) -> bool {
        self.open_commits.load(Ordering::Acquire) > 0
    }

    /// Waits until no commit is open, and not longer than `until`.
    fn await_answers(&self, until: Instant, answers: &mut Vec<Answered>) {
        // Once the consumer is closed, no answer comes any more.
        while self.awaits_answer() && self.lock().is_some() {
            let left = until.saturating_duration_since(Instant::now());
            match self.answer(left) {
                Some(answer) => answers.push(answer),
                None if left.is_zero() => break,
                None => {}
            }
        }
    }
}
