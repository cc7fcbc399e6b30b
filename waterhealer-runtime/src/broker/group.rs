//! The group as its consumer sees it, also from within a callback: commits that are waited for, what is committed, what
//! the log holds. Who asks, and what is made of the answers, is `flow`'s business.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _};

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

    /// Goes on reading a partition elsewhere.
    pub(crate) fn seek(&self, topic: &str, partition: i32, at: At) -> Result<(), String> {
        self.0
            .seek(topic, partition, at.offset(), Duration::from_secs(5))
            .map_err(|error| error.to_string())
    }
}
