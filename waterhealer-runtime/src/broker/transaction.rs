//! Transactions of the producer: outputs and the group's offsets become visible together, or not at all. When one begins
//! and ends is `flow`'s business. Every call here waits for the brokers, so only the consumer thread makes them.

use std::time::{Duration, Instant};

use rdkafka::consumer::ConsumerGroupMetadata;
use rdkafka::error::{KafkaError, RDKafkaError};
use rdkafka::producer::Producer as _;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use rdkafka::types::RDKafkaErrorCode as Code;

use super::commit::Commit;
use super::producer::Producer;

/// Between two looks at what is still on its way to the brokers.
const LOOK: Duration = Duration::from_micros(500);

/// Between two tries of a step that the client says may be tried again.
const AGAIN: Duration = Duration::from_millis(50);

/// As whom a group's offsets are committed: the broker refuses those of a member that has been replaced.
pub(crate) struct Membership(pub(super) ConsumerGroupMetadata);

/// Why a step of a transaction failed, by what may be done after it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TransactionError {
    /// It can only be aborted; another may begin then.
    #[error("{0}")]
    Abort(String),
    /// A message was not delivered, so that it can only be aborted.
    #[error("{0}")]
    Undelivered(String),
    /// Another producer with the same `transactional.id`, or another member with the same static id, has taken over.
    #[error("{0}")]
    Fenced(String),
    /// This producer can do nothing any more, or nobody knows how the step went.
    #[error("{0}")]
    Over(String),
}

impl Producer {
    /// Registers with the transaction coordinator, which ends whatever a producer with the same `transactional.id` has left
    /// open. May be called again when the time was too short.
    ///
    /// # Errors
    /// When that cannot be done, or not in time.
    pub(crate) fn prepare(&self, until: Instant) -> Result<(), TransactionError> {
        steadily(until, |left| self.inner.init_transactions(left))
    }

    /// Begins a transaction: what is sent from now on belongs to it.
    ///
    /// # Errors
    /// When the producer is not in a state for it.
    pub(crate) fn begin(&self) -> Result<(), TransactionError> {
        self.inner.begin_transaction().map_err(classify)
    }

    /// Commits what was sent since the transaction began, and these offsets with it.
    ///
    /// # Errors
    /// When a message was not delivered or the group refuses the offsets: then nothing is committed. When the answer does
    /// not come in time, it may be committed or not.
    pub(crate) fn commit(
        &self,
        member: &Membership,
        commits: &[Commit],
        until: Instant,
    ) -> Result<(), TransactionError> {
        if !commits.is_empty() {
            let mut list = TopicPartitionList::with_capacity(commits.len());
            for commit in commits {
                let offset = Offset::Offset(commit.offset);
                list.add_partition_offset(&commit.topic, commit.partition, offset)
                    .map_err(|error| TransactionError::Abort(error.to_string()))?;
            }
            // While messages are still on their way: the two do not wait for each other.
            steadily(until, |left| {
                self.inner
                    .send_offsets_to_transaction(&list, &member.0, left)
            })
            .map_err(|error| self.with_undelivered(error))?;
        }
        self.wait_for_deliveries(until)?;
        match steadily(until, |left| self.inner.commit_transaction(left)) {
            Err(TransactionError::Abort(why)) if Instant::now() >= until => Err(
                TransactionError::Over(format!("the commit was not answered in time: {why}")),
            ),
            outcome => outcome.map_err(|error| self.with_undelivered(error)),
        }
    }

    /// Throws away what was sent since the transaction began.
    ///
    /// # Errors
    /// When that cannot be done, or not in time; the broker does it then by itself, when the transaction has had its time.
    pub(crate) fn abort(&self, until: Instant) -> Result<(), TransactionError> {
        steadily(until, |left| self.inner.abort_transaction(left))?;
        self.forget_undelivered();
        Ok(())
    }

    /// What has gone wrong with the transaction so far, though no step has failed yet.
    pub(crate) fn trouble(&self) -> Option<TransactionError> {
        if let Some((code, why)) = self.inner.client().fatal_error() {
            return Some(by_kind(code, true, false, why));
        }
        self.undelivered().map(TransactionError::Undelivered)
    }

    /// The client's own flush sleeps up to a tenth of a second for an event that, as only failures are reported, never comes.
    fn wait_for_deliveries(&self, until: Instant) -> Result<(), TransactionError> {
        while self.inner.in_flight_count() > 0 {
            if let Some(trouble) = self.trouble() {
                return Err(trouble);
            }
            if Instant::now() >= until {
                return Err(TransactionError::Abort(
                    "the brokers have not taken all messages in time".to_owned(),
                ));
            }
            std::thread::sleep(LOOK);
        }
        self.trouble().map_or(Ok(()), Err)
    }

    /// The client only counts the messages that were not delivered; which, and why, was told before.
    fn with_undelivered(&self, error: TransactionError) -> TransactionError {
        match (error, self.undelivered()) {
            (TransactionError::Abort(_), Some(why)) => TransactionError::Undelivered(why),
            (error, _) => error,
        }
    }
}

/// Does a step again for as long as the client says that it may be done again.
fn steadily(
    until: Instant,
    mut step: impl FnMut(Duration) -> Result<(), KafkaError>,
) -> Result<(), TransactionError> {
    loop {
        let left = until.saturating_duration_since(Instant::now());
        // With no time at all, the client would not even ask.
        match step(left.max(AGAIN)) {
            Err(KafkaError::Transaction(error))
                if error.is_retriable()
                    && !error.txn_requires_abort()
                    && Instant::now() < until =>
            {
                std::thread::sleep(AGAIN);
            }
            outcome => return outcome.map_err(classify),
        }
    }
}

fn classify(error: KafkaError) -> TransactionError {
    match error {
        KafkaError::Transaction(error) => by_kind(
            error.code(),
            error.is_fatal(),
            error.txn_requires_abort() || error.is_retriable(),
            said(&error),
        ),
        error => TransactionError::Abort(error.to_string()),
    }
}

fn said(error: &RDKafkaError) -> String {
    format!("{} ({})", error.string(), error.name())
}

fn by_kind(code: Code, fatal: bool, abortable: bool, why: String) -> TransactionError {
    match code {
        Code::ProducerFenced
        | Code::InvalidProducerEpoch
        | Code::Fenced
        | Code::FencedInstanceId => TransactionError::Fenced(why),
        _ if !fatal && abortable => TransactionError::Abort(why),
        _ => TransactionError::Over(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_fenced_is_told_apart_from_what_may_be_aborted_and_from_the_end() {
        let kind = |code, fatal, abortable| by_kind(code, fatal, abortable, "why".to_owned());
        let why = || "why".to_owned();
        for code in [Code::ProducerFenced, Code::Fenced, Code::FencedInstanceId] {
            assert_eq!(kind(code, true, false), TransactionError::Fenced(why()));
            assert_eq!(kind(code, false, true), TransactionError::Fenced(why()));
        }
        let refused = kind(Code::IllegalGeneration, false, true);
        assert_eq!(refused, TransactionError::Abort(why()));
        for (code, fatal) in [
            (Code::State, false),
            (Code::InvalidTransactionalState, true),
        ] {
            assert_eq!(kind(code, fatal, fatal), TransactionError::Over(why()));
        }
    }

    #[test]
    fn a_step_is_done_again_no_longer_than_it_may() {
        let mut tries = 0;
        let outcome = steadily(Instant::now(), |_| {
            tries += 1;
            Err(KafkaError::Canceled)
        });
        assert!(matches!(outcome, Err(TransactionError::Abort(_))));
        assert_eq!(tries, 1);
    }
}
