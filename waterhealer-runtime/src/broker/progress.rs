//! How far the group and the client are: commits, one at a time, and what comes of them; where the client stands past the
//! last record; and where it goes on after an error. What an answer means is in `commit`, the client's life in `consumer`.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rdkafka::consumer::Consumer as _;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::assignment::Assigned;
use super::batch::Stumble;
use super::commit::{Answered, Commit, CommitError};
use super::consumer::{Callbacks, Consumer, Group};

impl Group<'_> {
    /// Commits and waits up to `at_most` for the broker: an earlier commit first, whose answer comes here, too. What is not
    /// answered in time is [open](Group::is_open).
    pub(crate) fn commit(&self, commits: &[Commit], at_most: Duration) -> Vec<Answered> {
        let callbacks = self.0.context();
        let until = Instant::now() + at_most;
        let mut answers = Vec::new();
        callbacks.await_answers(until, &mut answers);
        // Sent beside one that the client tries again, it could be overtaken, and the group's offsets would move back.
        if !self.is_open() {
            match callbacks.commit(self.0, commits) {
                Ok(()) => callbacks.await_answers(until, &mut answers),
                Err(error) => answers.push(Answered {
                    confirmed: Vec::new(),
                    outcome: Err(error),
                }),
            }
        }
        answers
    }

    /// Whether a commit is not answered yet.
    pub(crate) fn is_open(&self) -> bool {
        self.0.context().open_commits.load(Ordering::Acquire) > 0
    }
}

impl Consumer {
    /// Asks the broker to commit; its answer comes to [`GroupEvents::committed`].
    pub(crate) fn commit(&self, commits: &[Commit]) -> Result<(), CommitError> {
        if self.inner.assignment_lost() {
            let why = "the broker has given this member's partitions away";
            return Err(CommitError::Later(why.to_owned()));
        }
        self.inner.context().commit(&self.inner, commits)
    }

    /// What callbacks see of it.
    pub(crate) fn group(&self) -> Group<'_> {
        Group(&self.inner)
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
            .and_then(|()| self.inner.seek_partitions(list, Duration::ZERO));
        if let Err(error) = sought {
            tracing::warn!(%error, "the client did not go back to where it met an error");
        }
    }
}

impl Callbacks {
    /// Waits until no commit is open, and not longer than `until`.
    fn await_answers(&self, until: Instant, answers: &mut Vec<Answered>) {
        // Once the consumer is closed, no answer comes any more.
        while self.open_commits.load(Ordering::Acquire) > 0 && self.lock().is_some() {
            let left = until.saturating_duration_since(Instant::now());
            match self.answer(left) {
                Some(answer) => answers.push(answer),
                None if left.is_zero() => break,
                None => {}
            }
        }
    }
}
