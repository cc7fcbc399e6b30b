//! What the watchdogs judge by, taken from a running pipeline.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::broker::Assigned;
use crate::flow::Control;
use crate::ledger::Epoch;

/// A pipeline at one moment.
#[derive(Debug, Clone, Default)]
pub(super) struct Figures {
    /// Another number whenever the consumer thread has polled; 0 before the first.
    pub(super) polls: u64,
    /// Another number whenever a broker has answered.
    pub(super) answers: u64,
    /// Commits that the broker has confirmed.
    pub(super) commits: u64,
    /// Asked to hold: nothing has to go on.
    pub(super) paused: bool,
    /// Operators hold values, which may wait for as long as they like.
    pub(super) holds: bool,
    pub(super) partitions: Vec<Progress>,
}

/// How far one partition is.
#[derive(Debug, Clone)]
pub(super) struct Progress {
    pub(super) epoch: Epoch,
    pub(super) topic: Arc<str>,
    pub(super) partition: i32,
    /// The last position confirmed by the broker in this assignment.
    pub(super) committed: Option<i64>,
    pub(super) in_flight: u64,
    /// There is something to commit, or to finish: not where all that is unfinished is held for more to come.
    pub(super) owes: bool,
}

impl Figures {
    /// Of this pipeline, now.
    pub(super) fn of(control: &Control, answers: u64) -> Self {
        let partitions = control.partitions();
        Figures {
            polls: control.polls(),
            answers,
            commits: control.commits.load(Ordering::Relaxed),
            paused: control.is_paused(),
            holds: control.board.operators().iter().any(|held| held.values > 0),
            partitions: partitions
                .iter()
                .map(|assigned| progress(assigned, control))
                .collect(),
        }
    }
}

fn progress(assigned: &Assigned, control: &Control) -> Progress {
    let figures = &assigned.figures;
    let in_flight = figures.in_flight();
    let positions = figures.position().zip(figures.uncommitted_from());
    let uncommitted = positions.is_some_and(|(position, from)| position > from);
    let under_way = in_flight > 0 && !control.is_at_rest(assigned.lane);
    Progress {
        epoch: assigned.epoch,
        topic: Arc::clone(&assigned.topic),
        partition: assigned.partition,
        committed: figures.committed(),
        in_flight,
        owes: uncommitted || under_way,
    }
}
