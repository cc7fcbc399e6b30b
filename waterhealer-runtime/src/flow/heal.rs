//! Healing: when a commit is due, which positions it holds, and what its answer means. Sending it is `poll`'s.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::broker::{Assigned, Commit, CommitError};
use crate::types::Position;

/// How long an unanswered commit keeps the next one waiting.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long before a commit the lane is asked to publish where it is.
const LOOK_AHEAD: Duration = Duration::from_millis(5);

/// The healing of one consumer.
#[derive(Debug)]
pub(super) struct Heal {
    interval: Duration,
    /// Commits may fail for so long before the pipeline ends.
    limit: Duration,
    due: Instant,
    looked: bool,
    sent: Option<Instant>,
    failing_since: Option<Instant>,
}

/// What the consumer thread does next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Due {
    Nothing,
    /// Ask the lane to publish its positions.
    Look,
    /// Commit them.
    Commit,
}

impl Heal {
    pub(super) fn new(interval: Duration, limit: Duration, now: Instant) -> Self {
        Heal {
            interval,
            limit,
            due: now + interval,
            looked: false,
            sent: None,
            failing_since: None,
        }
    }

    pub(super) fn due(&mut self, now: Instant) -> Due {
        if !self.looked && now + LOOK_AHEAD >= self.due {
            self.looked = true;
            return Due::Look;
        }
        if now < self.due {
            return Due::Nothing;
        }
        self.due = now + self.interval;
        self.looked = false;
        // One at a time: answers in order are what makes "confirmed" mean something.
        match self.sent {
            Some(sent) if now.duration_since(sent) < PATIENCE => Due::Nothing,
            _ => Due::Commit,
        }
    }

    pub(super) fn sent(&mut self, now: Instant) {
        self.sent = Some(now);
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.sent.is_some()
    }

    /// Notes the answer to a commit.
    ///
    /// # Errors
    /// When commits can never succeed, or have failed for longer than the limit.
    pub(super) fn answered(
        &mut self,
        outcome: &Result<(), CommitError>,
        now: Instant,
    ) -> Result<(), String> {
        self.sent = None;
        match outcome {
            Ok(()) => {
                self.failing_since = None;
                Ok(())
            }
            Err(CommitError::Later(why)) => {
                let since = *self.failing_since.get_or_insert(now);
                if now.duration_since(since) < self.limit {
                    return Ok(());
                }
                Err(format!(
                    "commits have failed for {}: {why}",
                    humantime::format_duration(self.limit)
                ))
            }
            Err(CommitError::Never(why)) => Err(format!("the broker refuses the commit: {why}")),
        }
    }
}

/// What the broker does not have yet: positions, or what is finished above them.
pub(super) fn commits<'a>(partitions: impl Iterator<Item = &'a Arc<Assigned>>) -> Vec<Commit> {
    partitions
        .filter_map(|assigned| {
            let figures = &assigned.figures;
            let position = figures.position()?;
            if figures
                .committed()
                .is_some_and(|committed| committed > position)
            {
                return None;
            }
            let metadata = assigned.metadata(position);
            figures.is_news(position, &metadata).then(|| Commit {
                topic: Arc::clone(&assigned.topic),
                partition: assigned.partition,
                offset: position,
                metadata,
            })
        })
        .collect()
}

/// What was committed, as the stages see it.
pub(super) fn positions(commits: &[Commit]) -> Vec<Position> {
    let position = |commit: &Commit| Position {
        topic: Arc::clone(&commit.topic),
        partition: commit.partition,
        offset: commit.offset,
    };
    commits.iter().map(position).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn it_looks_then_commits_then_waits_for_the_answer() {
        let start = Instant::now();
        let mut heal = Heal::new(SECOND, 60 * SECOND, start);
        assert_eq!(heal.due(start), Due::Nothing);
        assert_eq!(heal.due(start + SECOND), Due::Look);
        assert_eq!(heal.due(start + SECOND), Due::Commit);
        heal.sent(start + SECOND);
        assert_eq!(heal.due(start + 2 * SECOND), Due::Look);
        assert_eq!(heal.due(start + 2 * SECOND), Due::Nothing);
        heal.answered(&Ok(()), start + 2 * SECOND).unwrap();
        assert_eq!(heal.due(start + 3 * SECOND), Due::Look);
        assert_eq!(heal.due(start + 3 * SECOND), Due::Commit);
    }

    #[test]
    fn commits_that_fail_for_too_long_end_the_pipeline_and_one_success_starts_anew() {
        let start = Instant::now();
        let mut heal = Heal::new(SECOND, 10 * SECOND, start);
        let later = Err(CommitError::Later("rebalancing".into()));
        assert!(heal.answered(&later, start).is_ok());
        assert!(heal.answered(&later, start + 9 * SECOND).is_ok());
        assert!(heal.answered(&Ok(()), start + 9 * SECOND).is_ok());
        assert!(heal.answered(&later, start + 11 * SECOND).is_ok());
        assert!(heal.answered(&later, start + 21 * SECOND).is_err());
    }

    #[test]
    fn a_commit_that_can_never_succeed_ends_it_at_once() {
        let start = Instant::now();
        let mut heal = Heal::new(SECOND, 10 * SECOND, start);
        assert!(
            heal.answered(&Err(CommitError::Never("forbidden".into())), start)
                .is_err()
        );
    }
}
