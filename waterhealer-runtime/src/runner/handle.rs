//! The handle to a pipeline: send values in, pause, resume, stop, look. It can be cloned and outlives the pipeline.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use crate::failures::FailedCall;
use crate::flow::{Control, Emission, Phase};
use crate::graph::Spec;

/// A handle to a pipeline, running or not yet.
pub struct Handle<E> {
    pub(super) spec: &'static Spec,
    pub(super) control: Arc<Control>,
    emissions: mpsc::Sender<Emission<E>>,
    /// Tells the lane that a value has come.
    look: Arc<dyn Fn() + Send + Sync>,
}

/// Why a value sent in by hand did not reach the end of the pipeline.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EmitError {
    /// A stage failed on it.
    #[error("{0}")]
    Failed(String),
    /// The pipeline ended first; whether its stages ran is not known.
    #[error("the pipeline ended before the value was finished")]
    Stopped,
}

/// What a pipeline is doing and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct State {
    /// What it is doing.
    pub phase: Phase,
    /// Records that reached their end.
    pub finished: u64,
    /// Records that failed at a stage that skips.
    pub skipped: u64,
    /// Records that failed and are in a dead-letter topic.
    pub dead_lettered: u64,
    /// Failures, skipped ones included.
    pub failed: u64,
    /// Records that came again and were passed over, since they were finished already: repetitions avoided.
    pub passed_over: u64,
    /// Finished records that the dedupe store was not told of, since it was away and the policy is to go on.
    pub untold: u64,
    /// Failures that were kept, once for each place they go to.
    pub failures_kept: u64,
    /// Failures that were not kept, since they came too fast.
    pub failures_dropped: u64,
    /// Failures that were not kept, since the place they go to did not take them.
    pub failures_refused: u64,
    /// Calls of asynchronous stages and messages to Kafka that are not answered yet.
    pub calls: u64,
    /// Commits that the broker has confirmed.
    pub commits: u64,
    /// The partitions assigned to this member, by topic and number.
    pub partitions: Vec<PartitionState>,
    /// The operators of the graph and what they hold, at most a tenth of a second ago.
    pub operators: Vec<OperatorState>,
}

/// What one operator holds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct OperatorState {
    /// Its name in the graph: the node that it stands before and its own, `summarise.partition`.
    pub name: &'static str,
    /// As it is written: `partition(500, within = "1s")`.
    pub label: &'static str,
    /// Values that it holds; their records are not committed.
    pub values: usize,
    /// How long the oldest of them has been held.
    pub oldest: Option<Duration>,
}

/// How far one assigned partition is. All positions are the next offset to be read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct PartitionState {
    /// The topic's name.
    pub topic: String,
    /// The partition's number.
    pub partition: i32,
    /// The last position confirmed by the broker in this assignment; `None` before the first.
    pub committed: Option<i64>,
    /// The position that the next heal commits; `None` before the first record.
    pub position: Option<i64>,
    /// Records above the position that were finished when the last heal was near; with `done_set` alone.
    pub finished_above: u64,
    /// Records read and not yet below the position.
    pub in_flight: u64,
    /// Whether fetching is held back because too much is in flight.
    pub paused: bool,
}

impl EmitError {
    /// What an answer means; `None` if it comes no more.
    pub(crate) fn of(answer: Option<Result<(), String>>) -> Result<(), EmitError> {
        match answer {
            Some(outcome) => outcome.map_err(EmitError::Failed),
            None => Err(EmitError::Stopped),
        }
    }
}

impl<E> Handle<E> {
    pub(super) fn new(
        spec: &'static Spec,
        control: Arc<Control>,
        emissions: mpsc::Sender<Emission<E>>,
        look: Arc<dyn Fn() + Send + Sync>,
    ) -> Self {
        Handle {
            spec,
            control,
            emissions,
            look,
        }
    }

    /// Sends a value in and waits until it is healed: all that came of it has reached a sink.
    ///
    /// # Errors
    /// When a stage fails on it, or the pipeline ends first.
    pub async fn emit(&self, value: impl Into<E>) -> Result<(), EmitError> {
        let (waiter, answer) = oneshot::channel();
        let emission = Emission {
            value: value.into(),
            waiter,
        };
        if self.emissions.send(emission).await.is_err() {
            return Err(EmitError::Stopped);
        }
        (self.look)();
        EmitError::of(answer.await.ok())
    }

    /// Takes no new records in until [`resume`](Handle::resume); what is under way goes on, healing too.
    pub fn pause(&self) {
        self.control.pause(true);
    }

    /// Goes on after [`pause`](Handle::pause).
    pub fn resume(&self) {
        self.control.pause(false);
    }

    /// Ends the pipeline in order: drain, commit, leave the group.
    pub fn stop(&self) {
        self.control.stop();
    }

    /// Whether the pipeline is alive, for a liveness probe: its consumer thread polls, and no watchdog has asked for a restart.
    /// Brokers that are away are no reason to be unhealthy, and neither is a pipeline that has ended or not begun.
    ///
    /// # Errors
    /// What is wrong, for people.
    pub fn health(&self) -> Result<(), String> {
        self.control.health()
    }

    /// Where the running pipeline answers over HTTP; `None` if it does not, or has not started.
    pub fn http_address(&self) -> Option<SocketAddr> {
        self.control.http()
    }

    /// What the pipeline is doing now.
    pub fn state(&self) -> State {
        let mut partitions: Vec<PartitionState> = self
            .control
            .partitions()
            .iter()
            .map(|assigned| PartitionState {
                topic: assigned.topic.to_string(),
                partition: assigned.partition,
                committed: assigned.figures.committed(),
                position: assigned.figures.position(),
                finished_above: assigned.figures.finished_above(),
                in_flight: assigned.figures.in_flight(),
                paused: assigned.figures.is_paused(),
            })
            .collect();
        partitions.sort_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
        State {
            phase: self.control.phase(),
            finished: self.control.finished.load(Ordering::Relaxed),
            skipped: self.control.skipped.load(Ordering::Relaxed),
            dead_lettered: self.control.dead_lettered.load(Ordering::Relaxed),
            failed: self.control.failed.load(Ordering::Relaxed),
            passed_over: self.control.passed_over.load(Ordering::Relaxed),
            untold: self.control.untold.load(Ordering::Relaxed),
            failures_kept: self.control.failures.kept(),
            failures_dropped: self.control.failures.dropped(),
            failures_refused: self.control.failures.refused(),
            calls: self.control.calls.load(Ordering::Relaxed),
            commits: self.control.commits.load(Ordering::Relaxed),
            partitions,
            operators: self.operators(),
        }
    }

    /// The last calls that have failed, the newest first; at most a hundred. Without what they were given, unless failures
    /// are kept.
    pub fn failures(&self) -> Vec<FailedCall> {
        let failures = self.control.failures.after(0).into_iter().rev();
        failures.map(|(_, call)| call).collect()
    }

    fn operators(&self) -> Vec<OperatorState> {
        let now = Instant::now();
        let held = self.control.board.operators().into_iter();
        held.filter_map(|held| {
            let node = self.spec.nodes.get(held.node)?;
            Some(OperatorState {
                name: node.name,
                label: node.label,
                values: held.values,
                oldest: held.since.map(|since| now.saturating_duration_since(since)),
            })
        })
        .collect()
    }
}

impl<E> Clone for Handle<E> {
    fn clone(&self) -> Self {
        Handle {
            spec: self.spec,
            control: Arc::clone(&self.control),
            emissions: self.emissions.clone(),
            look: Arc::clone(&self.look),
        }
    }
}

impl<E> fmt::Debug for Handle<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("phase", &self.control.phase())
            .finish_non_exhaustive()
    }
}
