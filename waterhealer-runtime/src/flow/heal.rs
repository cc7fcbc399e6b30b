//! Healing: when a commit is due, which positions it holds, and what its answer means. Sending it is `poll`'s.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::broker::{Assigned, Commit, CommitError};
use crate::error::{Error, ErrorKind};
use crate::types::Position;

/// How long before a commit the lanes are asked to publish where they are.
const LOOK_AHEAD: Duration = Duration::from_millis(5);

/// The healing of one consumer.
#[derive(Debug)]
pub(super) struct Heal {
    interval: Duration,
    /// Commits may fail, or go without an answer, for so long before the pipeline ends.
    limit: Duration,
    due: Instant,
    looked: bool,
    /// When the commit that is not answered yet was sent.
    sent: Option<Instant>,
    /// When the first of those commits was sent that have failed since one succeeded.
    failing_since: Option<Instant>,
}

/// What the consumer thread does next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Due {
    Nothing,
    /// Ask the lanes to have sinks that buffer write what they have, and to publish their positions.
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

    /// What is to be done now.
    ///
    /// # Errors
    /// When a commit goes without an answer for longer than the limit.
    pub(super) fn due(&mut self, now: Instant) -> Result<Due, Error> {
        if let Some(sent) = self.sent {
            let why = "the broker has not answered the last one";
            self.check(self.failing_since.unwrap_or(sent), now, why)?;
        }
        Ok(self.look_or_commit(now))
    }

    fn look_or_commit(&mut self, now: Instant) -> Due {
        if !self.looked && now + LOOK_AHEAD >= self.due {
            self.looked = true;
            return Due::Look;
        }
        if now < self.due {
            return Due::Nothing;
        }
        self.due = now + self.interval;
        self.looked = false;
        // One at a time, however long it takes: the client tries some again by itself, and one that is sent beside it may
        // arrive first. The group's offsets would then move back.
        match self.is_waiting() {
            true => Due::Nothing,
            false => Due::Commit,
        }
    }

    /// Notes that a commit is on its way.
    pub(super) fn sent(&mut self, now: Instant) {
        self.sent.get_or_insert(now);
    }

    /// How long the commit that is on its way has taken so far; no time, if there is none.
    pub(super) fn waited(&self, now: Instant) -> Duration {
        self.sent
            .map_or(Duration::ZERO, |sent| now.saturating_duration_since(sent))
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
    ) -> Result<(), Error> {
        let sent = self.sent.take().unwrap_or(now);
        match outcome {
            Ok(()) => {
                self.failing_since = None;
                Ok(())
            }
            Err(CommitError::Later(why)) => {
                let since = *self.failing_since.get_or_insert(sent);
                self.check(since, now, why)
            }
            Err(CommitError::Never(why)) => Err(Error::new(
                ErrorKind::Commit,
                format!("the broker refuses the commit: {why}"),
            )),
        }
    }

    fn check(&self, since: Instant, now: Instant, why: &str) -> Result<(), Error> {
        if now.duration_since(since) < self.limit {
            return Ok(());
        }
        let text = format!(
            "commits have failed for {}: {why}. What is finished since the last one that succeeded is done again after a \
             restart, which may help: look after the group's coordinator, or raise `commit_timeout`",
            humantime::format_duration(self.limit)
        );
        Err(Error::new(ErrorKind::CommitTimeout, text))
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

    fn due(heal: &mut Heal, now: Instant) -> Due {
        heal.due(now).unwrap()
    }

    #[test]
    fn it_looks_then_commits_then_waits_for_the_answer() {
        let start = Instant::now();
        let mut heal = Heal::new(SECOND, 60 * SECOND, start);
        assert_eq!(due(&mut heal, start), Due::Nothing);
        assert_eq!(due(&mut heal, start + SECOND), Due::Look);
        assert_eq!(due(&mut heal, start + SECOND), Due::Commit);
        heal.sent(start + SECOND);
        assert_eq!(due(&mut heal, start + 59 * SECOND), Due::Look);
        assert_eq!(due(&mut heal, start + 59 * SECOND), Due::Nothing);
        heal.answered(&Ok(()), start + 60 * SECOND).unwrap();
        assert_eq!(due(&mut heal, start + 61 * SECOND), Due::Look);
        assert_eq!(due(&mut heal, start + 61 * SECOND), Due::Commit);
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
        let end = heal.answered(&later, start + 21 * SECOND).unwrap_err();
        assert_eq!(end.kind(), &ErrorKind::CommitTimeout);
        assert!(end.to_string().contains("rebalancing"), "{end}");
    }

    #[test]
    fn a_commit_without_an_answer_fails_from_when_it_was_sent() {
        let start = Instant::now();
        let mut heal = Heal::new(SECOND, 10 * SECOND, start);
        heal.sent(start);
        heal.sent(start + 5 * SECOND);
        assert!(heal.due(start + 9 * SECOND).is_ok());
        let end = heal.due(start + 10 * SECOND).unwrap_err();
        assert_eq!(end.kind(), &ErrorKind::CommitTimeout);
        // What failed before counts, too.
        let mut heal = Heal::new(SECOND, 10 * SECOND, start);
        heal.sent(start);
        let later = Err(CommitError::Later("rebalancing".into()));
        assert!(heal.answered(&later, start + 2 * SECOND).is_ok());
        heal.sent(start + 3 * SECOND);
        assert!(heal.due(start + 10 * SECOND).is_err());
    }

    #[test]
    fn a_commit_that_can_never_succeed_ends_it_at_once() {
        let start = Instant::now();
        let mut heal = Heal::new(SECOND, 10 * SECOND, start);
        let never = Err(CommitError::Never("forbidden".into()));
        let end = heal.answered(&never, start).unwrap_err();
        assert_eq!(end.kind(), &ErrorKind::Commit);
    }
}
