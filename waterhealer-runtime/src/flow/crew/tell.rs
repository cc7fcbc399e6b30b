//! What a crew tells others between two records: how far each partition is, what it has counted, and that work has ended.

use super::super::search::Search;
use super::super::stages::Graph;
use super::{Closing, Crew};
use crate::error::Failure;
use crate::ledger::Ticket;
use crate::sync::atomic::{AtomicU64, Ordering};

impl<G: Graph> Crew<G> {
    /// Tells others how far it is: first the figures, then those who wait for work to end.
    pub(in super::super) fn tell(&mut self) {
        self.check_dropped();
        self.publish();
        self.lane.hand_notes_over();
        self.answer_quiet();
        self.answer_seal();
    }

    /// A ticket that was dropped is a defect of ours: its record stays unfinished, and nobody may be left to guess why.
    fn check_dropped(&mut self) {
        let dropped = Ticket::take_dropped();
        if dropped == 0 {
            return;
        }
        let leaked = &self.lane.control.counts.leaked;
        leaked.fetch_add(dropped, Ordering::Relaxed);
        if !self.lane.is_halted() {
            self.halt_outside(Failure::lost(
                "a record's ticket was dropped inside the runtime: its offset would never be committed",
            ));
        }
    }

    /// Tells how far each partition is. Cheap enough for every batch: two stores a partition.
    pub(in super::super) fn publish(&mut self) {
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

    /// Says which records block and how full the stages are, if somebody has asked.
    pub(in super::super) fn answer_questions(&self) {
        let (lane, inside) = (&self.lane, &self.lane.control.inside);
        let Some(number) = inside.open_question(lane.index) else {
            return;
        };
        let slots = lane.partitions.iter().flatten().map(|one| one.slot);
        let mut search = Search::new(&lane.ledger, slots);
        search.calls(&lane.calls);
        self.graph.search(&mut search);
        inside.answer(lane.index, number, search.end());
    }

    /// Answers those who wait for work to end.
    fn answer_quiet(&mut self) {
        let ledger = &self.lane.ledger;
        let is_quiet =
            |closing: &&Closing| !closing.slots.iter().any(|slot| ledger.working(*slot) > 0);
        let closed = self.closing.iter().filter(is_quiet);
        let closed = closed.map(|closing| &closing.quiet);
        let drained = self.draining.iter().filter(|_| self.lane.calls.len() == 0);
        let mut quiet = closed.chain(drained).peekable();
        if quiet.peek().is_some() {
            // What is committed now is what they leave behind.
            self.lane.publish_finished();
        }
        for quiet in quiet {
            // The consumer may have stopped waiting; its `Forget` is then on the way. Either way the partitions stay closed
            // until it comes.
            let _late = quiet.try_send(());
        }
    }
}
