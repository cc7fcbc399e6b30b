//! The face of the driver: what a test says, and what it is told when it says what cannot be. What is done is `flow`'s;
//! what a test sees is in `look`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{self, Handle};
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;

use crate::broker::Assigned;
use crate::flow::{self, Call, End, Graph, Stuck};
use crate::runner::{EmitError, Pipeline};
use crate::types::{Incoming, Position};

/// How long a call of a stage may take, in real time.
const PATIENCE: Duration = Duration::from_secs(5);

/// Drives a pipeline from a test, with no broker and a clock that stands still until it is moved.
///
/// Nothing of Kafka is started. A partition is assigned at its first record. After each step the pipeline goes on as far as
/// it can: all asynchronous calls have answered, unless [`hold_answers`](Drive::hold_answers) is asked for.
///
/// It has a Tokio runtime of its own, so the test is a plain `#[test] fn`.
///
/// # Panics
/// When it is called inside a Tokio runtime. The methods of [`Drive`] panic, with what is wrong, when they are asked for what cannot be, such as
/// a topic that the pipeline does not read, and when a stage does not answer within [five seconds](Drive::patience).
#[track_caller]
pub fn drive<G: Graph>(pipeline: Pipeline<G>) -> Drive<G> {
    assert!(
        Handle::try_current().is_err(),
        "`testing::drive` has a Tokio runtime of its own and cannot start it inside another one: make the test a plain \
         `#[test] fn`, not `#[tokio::test]`. A resource that needs a runtime to be made can be made by one of the test's \
         before: `Runtime::new()?.block_on(…)`"
    );
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => panic!("no Tokio runtime can be started: {error}"),
    };
    Drive {
        inner: flow::Drive::new(pipeline.into_parts(), runtime, PATIENCE),
        partitions: BTreeMap::new(),
    }
}

/// A pipeline driven by a test, see [`drive`].
pub struct Drive<G: Graph> {
    pub(super) inner: flow::Drive<G>,
    /// The partitions that were ever assigned.
    partitions: BTreeMap<(String, i32), Offsets>,
}

#[derive(Debug, Default)]
struct Offsets {
    /// One past the highest pushed.
    end: i64,
    /// The last pushed in this assignment.
    last: Option<i64>,
}

/// A value sent in by hand: what came of it can be asked.
#[derive(Debug)]
pub struct Sent {
    answer: oneshot::Receiver<Result<(), String>>,
    outcome: Option<Result<(), EmitError>>,
}

impl Sent {
    /// What came of it: finished, or why not; `None` as long as it is under way or held.
    pub fn outcome(&mut self) -> Option<Result<(), EmitError>> {
        if self.outcome.is_none() {
            self.outcome = match self.answer.try_recv() {
                Ok(answer) => Some(EmitError::of(Some(answer))),
                Err(TryRecvError::Closed) => Some(EmitError::of(None)),
                Err(TryRecvError::Empty) => None,
            };
        }
        self.outcome.clone()
    }
}

/// What comes in.
impl<G: Graph> Drive<G> {
    /// Pushes a record in: topic, partition, offset, value. Offsets of a partition go up, and may leave gaps.
    ///
    /// It waits, as it would in the mailbox, while a stage is full or once the pipeline has halted: see
    /// [`queued`](Drive::queued).
    #[track_caller]
    pub fn record(&mut self, topic: &str, partition: i32, offset: i64, value: impl Into<Vec<u8>>) {
        self.push(
            Incoming::new(topic, value)
                .partition(partition)
                .offset(offset),
        );
    }

    /// Pushes records with these values into partition 0, each at the next offset.
    #[track_caller]
    pub fn records<V: Into<Vec<u8>>>(&mut self, topic: &str, values: impl IntoIterator<Item = V>) {
        for value in values {
            self.push(Incoming::new(topic, value));
        }
    }

    /// Pushes a record in, with a key, headers and a timestamp if it has them. Without an offset, it stands at the next one
    /// of its partition.
    #[track_caller]
    pub fn push(&mut self, record: Incoming) {
        self.check_going();
        let source = self.source(&record.topic);
        let of = (record.topic.clone(), record.partition);
        let name = format!("{}[{}]", of.0, of.1);
        let known = self.partitions.contains_key(&of);
        let assigned = self.inner.assigned(&of.0, of.1).map(Arc::clone);
        let assigned = match assigned {
            Some(assigned) => assigned,
            None if known => panic!(
                "{name} was given up, so no record of it comes: call `assign(\"{}\", {})` first",
                of.0, of.1
            ),
            None => self.inner.assign(&of.0, of.1, source),
        };
        let offsets = self.partitions.entry(of).or_default();
        let offset = record.offset.unwrap_or(offsets.end);
        if let Some(last) = offsets.last.filter(|last| *last >= offset) {
            panic!(
                "offset {offset} of {name} comes after {last}: within one assignment offsets go up. To see a record come \
                 again, `revoke` the partition and `assign` it"
            );
        }
        offsets.last = Some(offset);
        offsets.end = offsets.end.max(offset + 1);
        let outcome = self.inner.push(assigned, offset, record);
        self.check(outcome);
    }

    /// Sends a value in, as [`Handle::emit`](crate::Handle::emit) does.
    #[track_caller]
    pub fn emit(&mut self, value: impl Into<G::Emitted>) -> Sent {
        self.check_going();
        let Some(answer) = self.inner.emit(value.into()) else {
            panic!(
                "1000 values sent in by hand wait already: a stage is full, or the pipeline has halted"
            );
        };
        let outcome = self.inner.go_on();
        self.check(outcome);
        Sent {
            answer,
            outcome: None,
        }
    }
}

/// Time, and the answers of asynchronous stages.
impl<G: Graph> Drive<G> {
    /// Moves the clock. Whatever operators wait for on the way is done in the order of time, each at its own moment.
    #[track_caller]
    pub fn advance(&mut self, by: Duration) {
        let outcome = self.inner.advance(by);
        self.check(outcome);
    }

    /// The time on the clock: how far it was moved.
    pub fn now(&self) -> Duration {
        self.inner.now()
    }

    /// How long a stage may take to answer, in real time, before the test fails; five seconds unless this is said.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.inner.patience = patience;
        self
    }

    /// From now on asynchronous calls stay unanswered until [`answer`](Drive::answer) or [`settle`](Drive::settle), however
    /// soon they are ready. So a test says in which order they complete, and what happens meanwhile.
    #[track_caller]
    pub fn hold_answers(&mut self) {
        let outcome = self.inner.hold_answers(true);
        self.check(outcome);
    }

    /// Calls are answered as they are ready again, those that were held first.
    #[track_caller]
    pub fn release_answers(&mut self) {
        let outcome = self.inner.hold_answers(false);
        self.check(outcome);
    }

    /// The asynchronous calls under way, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.inner.calls()
    }

    /// Lets one of the [`calls`](Drive::calls) answer, by its place there: 0 is the oldest.
    #[track_caller]
    pub fn answer(&mut self, place: usize) {
        let outcome = self.inner.answer(place);
        if !self.check(outcome) {
            panic!(
                "there is no call {place} to answer: {} under way {:?}",
                self.calls().len(),
                self.calls()
            );
        }
    }

    /// Waits until every asynchronous call has answered, held ones too, and those that are started by that.
    #[track_caller]
    pub fn settle(&mut self) {
        let outcome = self.inner.settle();
        self.check(outcome);
    }
}

/// Commits, partitions that come and go, and the end.
impl<G: Graph> Drive<G> {
    /// How far a partition could be committed now: the offset of the next record to be read. Of one that was given up, how
    /// far it was committed. `None` before its first record.
    #[track_caller]
    pub fn healed(&self, topic: &str, partition: i32) -> Option<i64> {
        self.source(topic);
        self.inner.position(topic, partition)
    }

    /// Heals: commits how far each partition is and tells the `#[healed]` functions. What has moved since the last time.
    #[track_caller]
    pub fn heal(&mut self) -> Vec<Position> {
        let outcome = self.inner.heal();
        self.check(outcome)
    }

    /// Assigns a partition, as its first record does by itself, or gives it back after a [`revoke`](Drive::revoke): its
    /// records may then come again.
    #[track_caller]
    pub fn assign(&mut self, topic: &str, partition: i32) {
        self.check_going();
        let source = self.source(topic);
        assert!(
            self.inner.assigned(topic, partition).is_none(),
            "{topic}[{partition}] is assigned already"
        );
        self.inner.assign(topic, partition, source);
        let of = (topic.to_owned(), partition);
        self.partitions.entry(of).or_default().last = None;
        let outcome = self.inner.go_on();
        self.check(outcome);
    }

    /// Takes a partition away as a rebalance does: operators let its records go, what is under way is finished, what is
    /// finished is committed, the rest is forgotten. An answer that is held until later settles nothing any more.
    #[track_caller]
    pub fn revoke(&mut self, topic: &str, partition: i32) {
        self.give_up(topic, partition, false);
    }

    /// Takes a partition away without asking, as when the group has gone on without this member: nothing is committed.
    #[track_caller]
    pub fn lose(&mut self, topic: &str, partition: i32) {
        self.give_up(topic, partition, true);
    }

    #[track_caller]
    fn give_up(&mut self, topic: &str, partition: i32, lost: bool) {
        self.check_going();
        self.source(topic);
        let assigned: Option<Arc<Assigned>> = self.inner.assigned(topic, partition).map(Arc::clone);
        let Some(assigned) = assigned else {
            panic!(
                "{topic}[{partition}] is not assigned: push a record of it first, or `assign` it"
            );
        };
        let outcome = self.inner.give_up(&assigned, lost);
        self.check(outcome);
    }

    /// Ends the pipeline as a stop does: nothing more is taken in, operators give what may go on early, what is finished is
    /// committed, and the rest is let go. Held answers stay held: their records are not finished.
    ///
    /// What was seen can be looked at afterwards; nothing more can be pushed.
    #[track_caller]
    pub fn end(&mut self) -> End {
        self.check_going();
        let outcome = self.inner.end();
        self.check(outcome)
    }
}

/// What cannot be.
impl<G: Graph> Drive<G> {
    /// The source node that reads a topic.
    #[track_caller]
    fn source(&self, topic: &str) -> usize {
        let spec = G::spec();
        let mut read = spec.read_topics();
        let Some((_, source)) = read.find(|(read, _)| *read == topic) else {
            let topics: Vec<_> = spec.read_topics().map(|(topic, _)| topic).collect();
            panic!(
                "`{}` does not read the topic `{topic}`: {}",
                spec.name,
                listed("it reads", &topics)
            );
        };
        source
    }

    #[track_caller]
    fn check_going(&self) {
        assert!(
            !self.inner.is_ended(),
            "the pipeline has ended: start another with `testing::drive`"
        );
    }

    #[track_caller]
    pub(super) fn check<T>(&self, outcome: Result<T, Stuck>) -> T {
        match outcome {
            Ok(value) => value,
            Err(Stuck(calls)) => {
                let calls: Vec<_> = calls
                    .iter()
                    .map(|call| format!("`{}` on {}", call.stage, call.position))
                    .collect();
                panic!(
                    "no call has answered for {:?}: {}. If a stage waits for something that this test gives later, ask for \
                     `hold_answers` before; if it is slow, for more `patience`",
                    self.inner.patience,
                    calls.join(", ")
                );
            }
        }
    }
}

/// Topics as a message lists them.
pub(super) fn listed(verb: &str, topics: &[&str]) -> String {
    match topics {
        [] => format!("{verb} none"),
        topics => format!("{verb} `{}`", topics.join("`, `")),
    }
}
