//! What the lanes show of themselves to whoever looks from outside: what stages have done, what operators hold, what
//! checkpoints keep. A busy lane
//! shows it ten times a second, one that comes to rest shows it then; so looking never waits for a lane, nor a lane for it.

use std::sync::PoisonError;
use std::time::Instant;

use crate::graph::Spec;
use crate::observe::{Checkpoint, Meter, Values};
use crate::sync::{Mutex, MutexGuard};
use crate::types::EmitId;

/// What all lanes have shown last.
#[derive(Debug, Default)]
pub(crate) struct Board(Mutex<Vec<Shown>>);

/// What one lane shows.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// By node; empty if it watches nothing.
    pub(super) meters: Vec<Meter>,
    pub(super) operators: Vec<Holding>,
    /// By node, the last values and when they have changed; empty if none are kept.
    values: Vec<Option<(Values, Instant)>>,
}

/// What an operator held when the lane last said so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holding {
    pub(crate) node: usize,
    pub(crate) values: usize,
    pub(crate) since: Option<Instant>,
}

impl Board {
    /// Lets a lane change what it shows.
    pub(super) fn show(&self, lane: usize, change: impl FnOnce(&mut Shown)) {
        let mut lanes = self.lanes();
        if lanes.len() <= lane {
            lanes.resize_with(lane + 1, Shown::default);
        }
        change(&mut lanes[lane]);
    }

    /// What each stage has done, by node, in all lanes together.
    pub(crate) fn meters(&self) -> Vec<Meter> {
        let mut sums: Vec<Meter> = Vec::new();
        for shown in self.lanes().iter() {
            if sums.len() < shown.meters.len() {
                sums.resize_with(shown.meters.len(), Meter::default);
            }
            for (sum, meter) in sums.iter_mut().zip(&shown.meters) {
                sum.add(meter);
            }
        }
        sums
    }

    /// What each operator holds, in all lanes together.
    pub(crate) fn operators(&self) -> Vec<Holding> {
        let mut sums: Vec<Holding> = Vec::new();
        for held in self.lanes().iter().flat_map(|shown| &shown.operators) {
            match sums.iter_mut().find(|sum| sum.node == held.node) {
                Some(sum) => {
                    sum.values += held.values;
                    sum.since = sum.since.into_iter().chain(held.since).min();
                }
                None => sums.push(*held),
            }
        }
        sums
    }

    /// Shows the last values of a lane, by node. Only what has come since the last time is copied.
    pub(super) fn show_values(&self, lane: usize, values: &[Option<Values>]) {
        self.show(lane, |shown| {
            shown.values.resize_with(values.len(), || None);
            for (shown, values) in shown.values.iter_mut().zip(values) {
                let Some(values) = values.as_ref().filter(|values| !values.is_empty()) else {
                    continue;
                };
                let (copy, changed) =
                    shown.get_or_insert_with(|| (Values::default(), Instant::now()));
                if copy.catch_up(values) {
                    *changed = Instant::now();
                }
            }
        });
    }

    /// The last values of a node, oldest first, of the lane in which it had one last.
    pub(crate) fn values(&self, spec: &Spec, node: usize) -> Vec<Checkpoint> {
        let lanes = self.lanes();
        let lanes = lanes.iter().filter_map(|shown| shown.at(node));
        let last = lanes.max_by_key(|(_, changed)| *changed);
        last.map_or_else(Vec::new, |(values, _)| values.all(spec, node).collect())
    }

    /// What is kept of a record, in the order of the graph, of each node the oldest first.
    pub(crate) fn values_of(&self, spec: &Spec, record: EmitId) -> Vec<Checkpoint> {
        let lanes = self.lanes();
        let mut found = Vec::new();
        for node in 0..spec.nodes.len() {
            for (values, _) in lanes.iter().filter_map(|shown| shown.at(node)) {
                found.extend(values.of(record, spec, node));
            }
        }
        found
    }

    fn lanes(&self) -> MutexGuard<'_, Vec<Shown>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shown {
    fn at(&self, node: usize) -> Option<&(Values, Instant)> {
        self.values.get(node)?.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lanes_show_is_added_up_by_node() {
        let board = Board::default();
        let meter = |calls| {
            let mut meter = Meter::default();
            meter.calls = calls;
            meter
        };
        let (early, late) = (Instant::now(), Instant::now());
        for (lane, calls, since) in [(0, 3, Some(late)), (2, 4, Some(early))] {
            board.show(lane, |shown| {
                shown.meters = vec![Meter::default(), meter(calls)];
                shown.operators.push(Holding {
                    node: 1,
                    values: 10,
                    since,
                });
            });
        }
        let meters = board.meters();
        assert_eq!((meters[0].calls, meters[1].calls), (0, 7));
        let operators = board.operators();
        assert_eq!((operators[0].values, operators[0].since), (20, Some(early)));
    }
}
