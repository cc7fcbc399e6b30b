//! What the lanes show of themselves to whoever looks from outside: what stages have done, what operators hold. A busy lane
//! shows it ten times a second, one that comes to rest shows it then; so looking never waits for a lane, nor a lane for it.

use std::sync::PoisonError;
use std::time::Instant;

use crate::observe::Meter;
use crate::sync::{Mutex, MutexGuard};

/// What all lanes have shown last.
#[derive(Debug, Default)]
pub(crate) struct Board(Mutex<Vec<Shown>>);

/// What one lane shows.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// By node; empty if it watches nothing.
    pub(super) meters: Vec<Meter>,
    pub(super) operators: Vec<Holding>,
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

    fn lanes(&self) -> MutexGuard<'_, Vec<Shown>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
