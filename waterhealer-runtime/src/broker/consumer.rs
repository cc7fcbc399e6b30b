//! The group's consumer: subscribe, serve events, take batches, commit, pause, leave. Only the consumer thread calls it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, FromClientConfigAndContext, RDKafkaLogLevel};
use rdkafka::consumer::{
    BaseConsumer, Consumer as _, ConsumerContext, Rebalance, RebalanceProtocol,
};
use rdkafka::error::KafkaError;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use rdkafka::types::RDKafkaErrorCode;

use super::assignment::Assigned;
use super::batch::{Batch, Taken};
use super::commit::{Answered, Commit, CommitError, classify};
use super::native::{Client, Queue, place_in_group};
use super::transaction::Membership;
use crate::error::Error;

/// What happens to the group's assignment, told on the consumer thread from within [`Consumer::serve`].
pub(crate) trait GroupEvents: Send + Sync + 'static {
    /// These partitions are ours from now on; answers the lane of each.
    fn assigned(&self, partitions: &[(String, i32)]) -> Vec<usize>;
    /// These partitions go to somebody else once this returns; `lost` says that they have already.
    fn revoked(&self, group: &dyn Group, partitions: &[(String, i32)], lost: bool);
    /// The broker has answered a commit.
    fn committed(&self, answered: Answered);
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
pub(crate) trait Group {
    /// As whom offsets are committed in a transaction; `None` as long as it is no member of the group.
    fn membership(&self) -> Option<Membership>;
    /// Reads partitions again from these offsets on; what was fetched of them is dropped.
    ///
    /// # Errors
    /// When the client cannot, or not in time.
    fn rewind(&self, to: &[(&str, i32, i64)], at_most: Duration) -> Result<(), Error>;
    /// Goes on fetching partitions that were held back: whoever has them next must not find them paused.
    fn resume(&self, partitions: &[(&str, i32)]);
    /// Commits and waits up to `at_most` for the broker, for earlier commits too: one answer each, or none in time.
    fn commit(&self, commits: &[Commit], at_most: Duration) -> Vec<Answered>;
}

struct InCallback<'a>(&'a BaseConsumer<Callbacks>);

impl Group for InCallback<'_> {
    fn resume(&self, partitions: &[(&str, i32)]) {
        if !partitions.is_empty() {
            pause(self.0, partitions, false);
        }
    }

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

    fn rewind(&self, to: &[(&str, i32, i64)], at_most: Duration) -> Result<(), Error> {
        if to.is_empty() {
            return Ok(());
        }
        let cannot = |why: String| {
            Error::broker(format!(
                "the client does not go back to the last commit: {why}. The next start does"
            ))
        };
        let mut list = TopicPartitionList::with_capacity(to.len());
        for (topic, partition, offset) in to {
            list.add_partition_offset(topic, *partition, Offset::Offset(*offset))
                .map_err(|error| cannot(error.to_string()))?;
        }
        let done = self.0.seek_partitions(list, at_most);
        let done = done.map_err(|error| cannot(error.to_string()))?;
        let mut errors = done
            .elements()
            .into_iter()
            .filter_map(|one| one.error().err());
        errors
            .next()
            .map_or(Ok(()), |error| Err(cannot(error.to_string())))
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
        while callbacks.open_commits.load(Ordering::Acquire) > 0 && callbacks.lock().is_some() {
            let left = until.saturating_duration_since(Instant::now());
            match callbacks.answer(left) {
                Some(answer) => answers.push(answer),
                None if left.is_zero() => break,
                None => {}
            }
        }
        answers
    }
}

/// A member of a consumer group.
pub(crate) struct Consumer {
    pub(super) inner: BaseConsumer<Callbacks>,
}

impl Client for Consumer {}

impl Consumer {
    /// Connects without joining yet; records are sorted into so many lanes.
    ///
    /// # Errors
    /// When the client refuses its configuration.
    pub(crate) fn connect(
        properties: &BTreeMap<String, String>,
        events: Arc<dyn GroupEvents>,
        lanes: usize,
    ) -> Result<Arc<Self>, Error> {
        let mut config = ClientConfig::new();
        config.extend(properties.clone());
        config.set_log_level(RDKafkaLogLevel::Warning);
        let callbacks = Callbacks {
            events,
            queues: Mutex::new(None),
            open_commits: AtomicUsize::new(0),
        };
        let inner = BaseConsumer::from_config_and_context(&config, callbacks)
            .map_err(|error| Error::broker(format!("the Kafka client does not start: {error}")))?;
        let handle = inner.client().native_ptr();
        let records: Option<Vec<Queue>> = (0..lanes.max(1)).map(|_| Queue::new(handle)).collect();
        let queues = records
            .zip(Queue::new(handle))
            .map(|(records, commits)| Arc::new(Queues { records, commits }))
            .ok_or_else(|| Error::broker("the Kafka client gives no queue"))?;
        *inner.context().lock() = Some(queues);
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
        let event = self.inner.poll(wait);
        let callbacks = self.inner.context();
        while callbacks.open_commits.load(Ordering::Acquire) > 0
            && let Some(answered) = callbacks.answer(Duration::ZERO)
        {
            callbacks.events.committed(answered);
        }
        match event? {
            // Every partition is forwarded to our own queue before it is assigned, so no record comes this way.
            Ok(_) => Some(Trouble::Fatal(
                "a record came by the client's main queue, past the pipeline".to_owned(),
            )),
            Err(
                KafkaError::MessageConsumptionFatal(code)
                // The client would ask again for ever; somebody has to change something.
                | KafkaError::MessageConsumption(
                    code @ (RDKafkaErrorCode::GroupAuthorizationFailed
                    | RDKafkaErrorCode::TopicAuthorizationFailed
                    | RDKafkaErrorCode::InvalidGroupId
                    | RDKafkaErrorCode::InconsistentGroupProtocol
                    | RDKafkaErrorCode::UnsupportedVersion),
                ),
            ) => {
                Some(Trouble::Fatal(code.to_string()))
            }
            Err(error) => Some(Trouble::Transient(error.to_string())),
        }
    }

    /// Takes what has been fetched for a lane, up to `at_most` records; waits up to `wait` for the first.
    pub(crate) fn take(
        self: &Arc<Self>,
        lane: usize,
        wait: Duration,
        at_most: usize,
        assign: impl FnMut(Taken<'_>, &dyn Fn() -> String) -> Option<Arc<Assigned>>,
    ) -> Option<Batch> {
        let queues = self.inner.context().lock().clone()?;
        let client: Arc<dyn Client> = Arc::clone(self) as Arc<dyn Client>;
        let messages = queues.records.get(lane)?.take(&client, wait, at_most);
        (messages.len() > 0).then(|| Batch::new(messages, assign))
    }

    /// Asks the broker to commit; its answer comes to [`GroupEvents::committed`].
    pub(crate) fn commit(&self, commits: &[Commit]) -> Result<(), CommitError> {
        self.inner.context().commit(&self.inner, commits)
    }

    /// What callbacks see of it.
    pub(crate) fn group(&self) -> impl Group + '_ {
        InCallback(&self.inner)
    }

    /// Stops or goes on fetching these partitions. What was fetched is dropped by the client and fetched again.
    pub(crate) fn pause(&self, partitions: &[(&str, i32)], wanted: bool) {
        pause(&self.inner, partitions, wanted);
    }

    /// Leaves the group, serving the last callbacks meanwhile. If records are still held elsewhere, by a stage that does
    /// not come back, that takes at most so long.
    pub(crate) fn close(self: Arc<Self>, at_most: Duration) {
        // Records left in the queue would keep the close waiting for ever.
        *self.inner.context().lock() = None;
        match Arc::try_unwrap(self) {
            // Its `Drop` is the orderly close.
            Ok(consumer) => drop(consumer),
            Err(shared) => shared.close_shared(at_most),
        }
    }

    fn close_shared(&self, at_most: Duration) {
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
pub(super) struct Callbacks {
    events: Arc<dyn GroupEvents>,
    /// Gone once the consumer is closed.
    queues: Mutex<Option<Arc<Queues>>>,
    /// Commits that the broker has not answered.
    open_commits: AtomicUsize,
}

/// The queues of our own.
struct Queues {
    /// Of the assigned partitions, one for each lane.
    records: Vec<Queue>,
    /// Of the answers to commits.
    commits: Queue,
}

impl Callbacks {
    fn lock(&self) -> MutexGuard<'_, Option<Arc<Queues>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn commit(
        &self,
        consumer: &BaseConsumer<Callbacks>,
        commits: &[Commit],
    ) -> Result<(), CommitError> {
        let Some(queues) = self.lock().clone().filter(|_| !commits.is_empty()) else {
            return Ok(());
        };
        let mut list = TopicPartitionList::with_capacity(commits.len());
        for commit in commits {
            let offset = Offset::Offset(commit.offset);
            list.add_partition_offset(&commit.topic, commit.partition, offset)
                .map_err(|error| CommitError::Never(error.to_string()))?;
        }
        queues
            .commits
            .commit(consumer.client().native_ptr(), &list)
            .map_err(classify)?;
        self.open_commits.fetch_add(1, Ordering::AcqRel);
        Ok(())
    }

    fn answer(&self, wait: Duration) -> Option<Answered> {
        let queues = self.lock().clone()?;
        let answer = queues.commits.answer(wait)?;
        self.open_commits.fetch_sub(1, Ordering::AcqRel);
        let mut refused = answer.error;
        let mut confirmed = Vec::new();
        for (topic, partition, offset, error) in answer.offsets {
            refused = refused.or(error);
            if error.is_none() {
                confirmed.push(Commit {
                    topic: Arc::from(topic),
                    partition,
                    offset,
                });
            }
        }
        if answer.error.is_some() {
            confirmed.clear();
        }
        Some(Answered {
            confirmed,
            outcome: refused.map_or(Ok(()), |code| Err(classify(code))),
        })
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
                let lanes = self.events.assigned(&partitions);
                // Before the client assigns, so that no record goes to its own queue.
                if let Some(queues) = self.lock().as_ref() {
                    for ((topic, partition), lane) in partitions.iter().zip(lanes) {
                        let forwarded = queues.records.get(lane).is_some_and(|queue| {
                            queue.forward(consumer.client().native_ptr(), topic, *partition)
                        });
                        if !forwarded {
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
                self.events
                    .revoked(&InCallback(consumer), &pairs(list), lost);
            }
            Rebalance::Error(error) => tracing::error!(%error, "rebalance failed"),
        }
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

fn pause(consumer: &BaseConsumer<Callbacks>, partitions: &[(&str, i32)], wanted: bool) {
    let mut list = TopicPartitionList::new();
    for (topic, partition) in partitions {
        list.add_partition(topic, *partition);
    }
    let done = if wanted {
        consumer.pause(&list)
    } else {
        consumer.resume(&list)
    };
    if let Err(error) = done {
        tracing::warn!(%error, wanted, "the client did not pause or resume partitions");
    }
}

fn pairs(list: &TopicPartitionList) -> Vec<(String, i32)> {
    list.elements()
        .iter()
        .map(|element| (element.topic().to_owned(), element.partition()))
        .collect()
}
