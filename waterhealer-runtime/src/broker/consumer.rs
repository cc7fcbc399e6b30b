//! The group's consumer: subscribe, serve events, take batches, commit, pause, leave. Only the consumer thread calls it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, FromClientConfigAndContext, RDKafkaLogLevel};
use rdkafka::consumer::{
    BaseConsumer, CommitMode, Consumer as _, ConsumerContext, Rebalance, RebalanceProtocol,
};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use rdkafka::types::RDKafkaErrorCode;

use super::assignment::Assigned;
use super::batch::{Batch, Taken};
use super::native::{Client, Queue};
use crate::error::Error;

/// What happens to the group's assignment, told on the consumer thread from within [`Consumer::serve`].
pub(crate) trait GroupEvents: Send + Sync + 'static {
    /// These partitions are ours from now on.
    fn assigned(&self, partitions: &[(String, i32)]);
    /// These partitions go to somebody else once this returns; `lost` says that they have already.
    fn revoked(&self, group: &Group<'_>, partitions: &[(String, i32)], lost: bool);
    /// The broker has answered a commit.
    fn committed(&self, commits: &[Commit], outcome: Result<(), CommitError>);
}

/// One partition's position to be committed: the next offset to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Commit {
    pub(crate) topic: Arc<str>,
    pub(crate) partition: i32,
    pub(crate) offset: i64,
}

/// Why a commit did not count, by what is to be done about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CommitError {
    /// Not now: the group is rebalancing, the coordinator is moving or out of reach. Tried again at the next heal.
    #[error("{0}")]
    Later(String),
    /// The partitions are not ours any more. Never tried again.
    #[error("{0}")]
    NotOurs(String),
    /// It will never succeed.
    #[error("{0}")]
    Never(String),
}

/// Trouble that the client reports on its own.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// It will pass by itself or not; nothing is lost meanwhile.
    Transient(String),
    /// The client cannot go on.
    Fatal(String),
}

/// The consumer within a callback.
pub(crate) struct Group<'a>(&'a BaseConsumer<Callbacks>);

impl Group<'_> {
    /// Commits and waits for the broker's answer.
    pub(crate) fn commit(&self, commits: &[Commit]) -> Result<(), CommitError> {
        if commits.is_empty() {
            return Ok(());
        }
        let list =
            partition_list(commits).map_err(|error| CommitError::Never(error.to_string()))?;
        self.0
            .commit(&list, CommitMode::Sync)
            .map_err(|error| classify(&error))
    }
}

/// A member of a consumer group.
pub(crate) struct Consumer {
    inner: BaseConsumer<Callbacks>,
}

impl Client for Consumer {}

impl Consumer {
    /// Connects without joining yet.
    ///
    /// # Errors
    /// When the client refuses its configuration.
    pub(crate) fn connect(
        properties: &BTreeMap<String, String>,
        events: Arc<dyn GroupEvents>,
    ) -> Result<Arc<Self>, Error> {
        let mut config = ClientConfig::new();
        config.extend(properties.clone());
        config.set_log_level(RDKafkaLogLevel::Warning);
        let callbacks = Callbacks {
            events,
            queue: Mutex::new(None),
        };
        let inner = BaseConsumer::from_config_and_context(&config, callbacks)
            .map_err(|error| Error::broker(format!("the Kafka client does not start: {error}")))?;
        let queue = Queue::new(inner.client().native_ptr())
            .ok_or_else(|| Error::broker("the Kafka client gives no queue"))?;
        *inner.context().lock() = Some(Arc::new(queue));
        Ok(Arc::new(Consumer { inner }))
    }

    /// Joins the group for these topics.
    pub(crate) fn subscribe(&self, topics: &[&str]) -> Result<(), Error> {
        self.inner
            .subscribe(topics)
            .map_err(|error| Error::broker(format!("cannot subscribe to {topics:?}: {error}")))
    }

    /// Serves rebalances, answers to commits and errors that have come up; waits up to `wait` for the first.
    pub(crate) fn serve(&self, wait: Duration) -> Option<Trouble> {
        match self.inner.poll(wait)? {
            // Every partition is forwarded to our own queue before it is assigned, so no record comes this way.
            Ok(_) => Some(Trouble::Fatal(
                "a record came by the client's main queue, past the pipeline".to_owned(),
            )),
            Err(KafkaError::MessageConsumptionFatal(code)) => {
                Some(Trouble::Fatal(code.to_string()))
            }
            Err(error) => Some(Trouble::Transient(error.to_string())),
        }
    }

    /// Takes what has been fetched, up to `at_most` records; waits up to `wait` for the first.
    pub(crate) fn take(
        self: &Arc<Self>,
        wait: Duration,
        at_most: usize,
        assign: impl FnMut(Taken<'_>, &dyn Fn() -> String) -> Option<Arc<Assigned>>,
    ) -> Option<Batch> {
        let queue = self.inner.context().lock().clone()?;
        let client: Arc<dyn Client> = Arc::clone(self) as Arc<dyn Client>;
        let messages = queue.take(&client, wait, at_most);
        (messages.len() > 0).then(|| Batch::new(messages, assign))
    }

    /// Asks the broker to commit; its answer comes to [`GroupEvents::committed`].
    pub(crate) fn commit(&self, commits: &[Commit]) -> Result<(), CommitError> {
        let list =
            partition_list(commits).map_err(|error| CommitError::Never(error.to_string()))?;
        self.inner
            .commit(&list, CommitMode::Async)
            .map_err(|error| classify(&error))
    }

    /// Stops or goes on fetching these partitions. What was fetched is dropped by the client and fetched again.
    pub(crate) fn pause(&self, partitions: &[(&str, i32)], pause: bool) {
        let mut list = TopicPartitionList::new();
        for (topic, partition) in partitions {
            list.add_partition(topic, *partition);
        }
        let done = if pause {
            self.inner.pause(&list)
        } else {
            self.inner.resume(&list)
        };
        if let Err(error) = done {
            tracing::warn!(%error, pause, "the client did not pause or resume partitions");
        }
    }

    /// Leaves the group. Serves the last callbacks meanwhile, for at most so long.
    pub(crate) fn close(&self, at_most: Duration) {
        // Records left in the queue would keep the close waiting for ever.
        *self.inner.context().lock() = None;
        if let Err(error) = self.inner.close_queue() {
            tracing::warn!(%error, "the consumer did not close cleanly");
            return;
        }
        let until = Instant::now() + at_most;
        while !self.inner.closed() && Instant::now() < until {
            let _event = self.inner.poll(Duration::from_millis(50));
        }
    }
}

/// What the client calls back from within `poll`.
struct Callbacks {
    events: Arc<dyn GroupEvents>,
    queue: Mutex<Option<Arc<Queue>>>,
}

impl Callbacks {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Arc<Queue>>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ClientContext for Callbacks {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        super::topics::log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(%error, reason, "client error");
    }
}

impl ConsumerContext for Callbacks {
    fn pre_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Assign(list) => {
                let partitions = pairs(list);
                self.events.assigned(&partitions);
                // Before the client assigns, so that no record goes to its own queue.
                if let Some(queue) = self.lock().as_ref() {
                    for (topic, partition) in &partitions {
                        if !queue.forward(consumer.client().native_ptr(), topic, *partition) {
                            tracing::error!(
                                topic,
                                partition,
                                "the client gives no queue for a partition"
                            );
                        }
                    }
                }
            }
            Rebalance::Revoke(list) => {
                let lost = consumer.assignment_lost();
                self.events.revoked(&Group(consumer), &pairs(list), lost);
            }
            Rebalance::Error(error) => tracing::error!(%error, "rebalance failed"),
        }
    }

    fn commit_callback(&self, result: KafkaResult<()>, offsets: &TopicPartitionList) {
        let mut refused = result.err().map(|error| classify(&error));
        let mut commits = Vec::new();
        for element in offsets.elements() {
            let topic: Arc<str> = Arc::from(element.topic());
            let partition = element.partition();
            match (element.error(), element.offset()) {
                (Err(error), _) => {
                    refused.get_or_insert_with(|| classify(&error));
                }
                (Ok(()), Offset::Offset(offset)) => commits.push(Commit {
                    topic,
                    partition,
                    offset,
                }),
                (Ok(()), _) => {}
            }
        }
        let outcome = refused.map_or(Ok(()), Err);
        self.events.committed(&commits, outcome);
    }
}

impl std::fmt::Debug for Consumer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let protocol = match self.inner.rebalance_protocol() {
            RebalanceProtocol::None => "none",
            RebalanceProtocol::Eager => "eager",
            RebalanceProtocol::Cooperative => "cooperative",
        };
        f.debug_struct("Consumer")
            .field("protocol", &protocol)
            .finish()
    }
}

fn pairs(list: &TopicPartitionList) -> Vec<(String, i32)> {
    list.elements()
        .iter()
        .map(|element| (element.topic().to_owned(), element.partition()))
        .collect()
}

fn partition_list(commits: &[Commit]) -> KafkaResult<TopicPartitionList> {
    let mut list = TopicPartitionList::with_capacity(commits.len());
    for commit in commits {
        list.add_partition_offset(
            &commit.topic,
            commit.partition,
            Offset::Offset(commit.offset),
        )?;
    }
    Ok(list)
}

/// Each code with its reason; what is not named here may pass, and is tried again until the limit for commits.
fn classify(error: &KafkaError) -> CommitError {
    use RDKafkaErrorCode as Code;
    let text = error.to_string();
    match error.rdkafka_error_code() {
        // The group has gone on without us: a later commit could overwrite the new owner's.
        Some(
            Code::IllegalGeneration
            | Code::UnknownMemberId
            | Code::FencedInstanceId
            | Code::FencedMemberEpoch
            | Code::StaleMemberEpoch
            | Code::AssignmentLost
            | Code::State,
        ) => CommitError::NotOurs(text),
        // Somebody has to change something.
        Some(
            Code::GroupAuthorizationFailed
            | Code::TopicAuthorizationFailed
            | Code::ClusterAuthorizationFailed
            | Code::InvalidGroupId
            | Code::OffsetMetadataTooLarge
            | Code::InvalidCommitOffsetSize
            | Code::UnsupportedVersion
            | Code::InvalidArgument,
        ) => CommitError::Never(text),
        _ => CommitError::Later(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_illegal_generation_is_never_retried_and_a_rebalance_is() {
        let commit = |code| classify(&KafkaError::ConsumerCommit(code));
        assert!(matches!(
            commit(RDKafkaErrorCode::IllegalGeneration),
            CommitError::NotOurs(_)
        ));
        assert!(matches!(
            commit(RDKafkaErrorCode::RebalanceInProgress),
            CommitError::Later(_)
        ));
        assert!(matches!(
            commit(RDKafkaErrorCode::GroupAuthorizationFailed),
            CommitError::Never(_)
        ));
    }
}
