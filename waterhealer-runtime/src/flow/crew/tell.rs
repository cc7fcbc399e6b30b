//! What a crew tells others between two records: how far each partition is, what it has counted, and that work has ended.

use std::sync::atomic::{AtomicU64, Ordering};

use super::super::stages::Graph;
use super::Crew;
use crate::error::Failure;
use crate::ledger::Ticket;

impl<G: Graph> Crew<G> {
    /// Tells others how far it is: first the figures, then those who wait for work to end.
    pub(in super::super) fn tell(&mut self) {
        self.check_dropped();
        self.publish();
        self.answer_quiet();
    }

    /// A ticket that was dropped is a defect of ours: its record stays unfinished, and nobody may be left to guess why.
    fn check_dropped(&mut self) {
        if Ticket::take_dropped() > 0 && !self.lane.is_halted() {
            self.halt_outside(Failure::lost(
                "a record's ticket was dropped inside the runtime: its offset would never be committed",
            ));
        }
    }

    /// Tells how far each partition is. Cheap enough for every batch: two stores a partition.
    pub(super) fn publish(&mut self) {
        for assigned in self.lane.partitions.iter().flatten() {
            assigned.figures.publish(
                self.lane.ledger.position(assigned.slot),
                self.lane.ledger.passed(assigned.slot),
            );
        }
        let (control, tally, calls) = (
            &self.lane.control,
            self.lane.tally,
            self.lane.calls.len() as u64,
        );
        // Several lanes count together, so each adds what is new.
        let told = std::mem::replace(&mut self.told, (tally, calls));
        let add = |count: &AtomicU64, now: u64, then: u64| {
            if now != then {
                count.fetch_add(now.wrapping_sub(then), Ordering::Relaxed);
            }
        };
        add(&control.finished, tally.finished, told.0.finished);
        add(&control.skipped, tally.skipped, told.0.skipped);
        add(
            &control.dead_lettered,
            tally.dead_lettered,
            told.0.dead_lettered,
        );
        add(&control.failed, tally.failed, told.0.failed);
        add(&control.passed_over, tally.passed_over, told.0.passed_over);
        add(&control.calls, calls, told.1);
    }

    /// Answers those who wait for work to end.
    fn answer_quiet(&mut self) {
        let ledger = &self.lane.ledger;
        for closing in &self.closing {
            if !closing.slots.iter().any(|slot| ledger.working(*slot) > 0) {
                // The consumer may have stopped waiting; its `Forget` is then on the way. Either way the partitions
                // stay closed until it comes.
                let _late = closing.quiet.try_send(());
            }
        }
        if self.lane.calls.len() == 0
            && let Some(quiet) = &self.draining
        {
            let _late = quiet.try_send(());
        }
    }
}
