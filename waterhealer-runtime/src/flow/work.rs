//! The lane's loop: attend to notices, take values and records in, publish how far each partition is. Everything here
//! happens on the lane's own thread, between two records.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;

use tokio::sync::mpsc;

use super::control::Halt;
use super::files::Intake;
use super::lane::{BY_HAND, Emission, Lane};
use super::mailbox::Notice;
use super::pace::Pace;
use super::stages::Graph;
use crate::broker::{Assigned, Batch};
use crate::error::Failure;
use crate::guard::guard;
use crate::ledger::{SlotId, Ticket};
use crate::types::{Meta, Position, Record};

/// Values sent in by hand that are taken before records have their turn.
const EMISSIONS_A_TURN: usize = 1_000;

/// Items of files that are taken before records have their turn.
const READ_A_TURN: usize = 1_000;

/// Runs a lane until it is told to end.
pub(crate) fn run<G: Graph>(
    lane: Lane<G::Completion>,
    graph: G,
    emissions: mpsc::Receiver<Emission<G::Emitted>>,
    files: Intake,
) {
    let mut worker = Worker {
        lane,
        graph,
        emissions,
        files,
        notices: VecDeque::new(),
        current: None,
        closing: Vec::new(),
        flushing: None,
        draining: None,
        paused: false,
        ended: false,
        pace: Pace::new(),
    };
    while !worker.ended {
        // The stages are guarded one by one; this catches what they cannot: a value whose `Drop` panics between them.
        if let Err(failure) = guard(|| worker.turn()) {
            worker.halt_outside(failure);
        }
    }
    worker.close();
}

struct Worker<G: Graph> {
    lane: Lane<G::Completion>,
    graph: G,
    emissions: mpsc::Receiver<Emission<G::Emitted>>,
    files: Intake,
    /// Taken and not attended to yet.
    notices: VecDeque<Notice<G::Completion>>,
    /// The batch that was interrupted, to go on with.
    current: Option<Batch>,
    closing: Vec<Closing>,
    flushing: Option<SyncSender<()>>,
    draining: Option<SyncSender<()>>,
    paused: bool,
    ended: bool,
    pace: Pace,
}

/// Partitions that are to be given up, and who waits for their work to end.
struct Closing {
    slots: Vec<SlotId>,
    quiet: SyncSender<()>,
}

impl<G: Graph> Worker<G> {
    /// One round: notices first, since they may forbid what follows; then records; then the figures.
    fn turn(&mut self) {
        self.attend();
        self.lane.retry_outbox();
        self.look_at_clock();
        let more_by_hand = self.take_emissions();
        let more_read = self.take_read();
        if self.takes_in()
            && let Some(batch) = self.current.take().or_else(|| self.lane.mailbox.pop())
        {
            self.work(batch);
        }
        self.check_dropped();
        self.flush();
        self.publish();
        self.answer_quiet();
        let more = self.takes_in() && (self.current.is_some() || more_by_hand || more_read);
        if !more && !self.ended {
            let rest = self.current.is_none() && self.lane.is_at_rest();
            self.lane.control.set_rest(rest);
            let at_most = [self.lane.retry_in(), self.lane.wakes_in()];
            self.lane
                .mailbox
                .wait(self.takes_in(), at_most.into_iter().flatten().min());
            // Before anything is taken out of the mailbox, where the consumer thread looks first.
            self.lane.control.set_rest(false);
        }
    }

    fn takes_in(&self) -> bool {
        !self.lane.is_held()
            && !self.lane.is_halted()
            && self.draining.is_none()
            && !self.paused
            && !self.ended
    }

    /// Takes a batch through the stages until it ends, a stage is full, or a notice forbids more.
    fn work(&mut self, mut batch: Batch) {
        while let Some(record) = batch.next() {
            let (assigned, record) = record;
            let slot = assigned.slot;
            if self.lane.ledger.holds(slot, assigned.epoch)
                && !self
                    .closing
                    .iter()
                    .any(|closing| closing.slots.contains(&slot))
            {
                let view = record.view(assigned);
                let meta = self.lane.keeps_meta.then(|| Arc::new(keep(&view)));
                let ticket = self.lane.ledger.deliver(slot, view.offset(), meta);
                self.graph
                    .record(&mut self.lane, assigned.source, &view, ticket);
                self.release();
                if self.pace.step() {
                    self.look_at_clock();
                }
            }
            if self.lane.is_held() || self.lane.mailbox.wants_attention() || self.lane.is_halted() {
                self.lane.retry_outbox();
                self.attend();
                if !self.takes_in() {
                    self.current = (self.draining.is_none() && !batch.is_done()).then_some(batch);
                    return;
                }
                self.publish();
                self.answer_quiet();
            }
        }
    }

    /// Takes values sent in by hand, but not so many that records, commits and revokes wait for them. True if there may
    /// be more.
    fn take_emissions(&mut self) -> bool {
        for _ in 0..EMISSIONS_A_TURN {
            if !self.takes_in() {
                return false;
            }
            let Ok(Emission { value, waiter }) = self.emissions.try_recv() else {
                return false;
            };
            let ticket = self.lane.deliver_by_hand(waiter);
            self.graph.emitted(&mut self.lane, value, ticket);
            self.release();
            if self.lane.mailbox.wants_attention() {
                self.attend();
            }
        }
        true
    }

    /// Takes what was read of files, in turn with the rest as values sent in by hand are. True if there may be more.
    fn take_read(&mut self) -> bool {
        for _ in 0..READ_A_TURN {
            if !self.takes_in() {
                return false;
            }
            let Some((assigned, item)) = self.files.next(&self.lane.control) else {
                return false;
            };
            let ticket = self.lane.deliver_read(&assigned, item.offset);
            match item.fed {
                Ok(fed) => self
                    .graph
                    .read(&mut self.lane, assigned.source, fed, ticket),
                Err(failure) => self.lane.failed(assigned.source, ticket, failure),
            }
            self.release();
            if self.pace.step() {
                self.look_at_clock();
            }
            if self.lane.mailbox.wants_attention() {
                self.attend();
            }
        }
        true
    }

    /// Lets operators give what they hold for more than there is, once nothing is under way that might come to them; what
    /// they give may make others hold, and wait in front of stages.
    fn flush(&mut self) {
        let quiet = |lane: &Lane<_>| lane.calls.len() == 0 && !lane.is_held() && !lane.is_halted();
        if self.flushing.is_none() {
            return;
        }
        let mut held = usize::MAX;
        while quiet(&self.lane) && self.held() < held {
            held = self.held();
            self.graph.drain(&mut self.lane);
            self.release();
        }
        if quiet(&self.lane)
            && let Some(quiet) = self.flushing.take()
        {
            let _late = quiet.try_send(());
        }
    }

    /// Values that operators hold.
    fn held(&self) -> usize {
        let mut values = 0;
        self.graph.held(&mut |_, held| values += held.values);
        values
    }

    fn attend(&mut self) {
        loop {
            // One by one out of the queue, so that a panic in the middle leaves the others to be attended to.
            while let Some(notice) = self.notices.pop_front() {
                self.attend_to(notice);
            }
            self.lane.retry_outbox();
            if !self.lane.mailbox.wants_attention() {
                break;
            }
            self.lane.mailbox.take_notices(&mut self.notices);
        }
        if !self.closing.is_empty() {
            self.graph.forget(&mut self.lane);
        }
        if self.draining.is_some() && !self.lane.is_halted() {
            self.graph.drain(&mut self.lane);
            self.release();
        }
        if self.lane.is_halted() || self.draining.is_some() {
            self.graph.abandon(&mut self.lane);
        }
    }

    /// Lets operators do what they have waited for, if it is time.
    fn look_at_clock(&mut self) {
        let now = self.lane.clock.now();
        self.pace.looked(now);
        if self.lane.effects.wake.is_some_and(|wake| wake <= now) {
            // Whoever still waits says so again.
            self.lane.effects.wake = None;
            self.graph.due(&mut self.lane);
            self.release();
        }
    }

    /// Lets go of what waits at a zip for a partner that comes no more; that may leave another alone.
    #[inline]
    fn release(&mut self) {
        while self.lane.ledger.has_lonely() {
            for kin in self.lane.ledger.take_lonely() {
                self.graph.release(&mut self.lane, kin);
            }
        }
    }

    fn attend_to(&mut self, notice: Notice<G::Completion>) {
        match notice {
            Notice::Completed(call, completion) => {
                if let Some(call) = self.lane.calls.close(call) {
                    self.graph
                        .completed(&mut self.lane, completion, call.ticket);
                    self.release();
                }
            }
            Notice::Answered(call, outcome) => {
                self.lane.answered(call, outcome);
                self.release();
            }
            Notice::Healed(offsets) => self.graph.healed(&mut self.lane, &offsets),
            Notice::Assign(assigned) => self.assign(assigned),
            Notice::Close { slots, quiet } => {
                for slot in &slots {
                    self.lane.ledger.close(*slot);
                }
                self.closing.push(Closing { slots, quiet });
            }
            Notice::Forget(slots) => self.forget(&slots),
            Notice::Flush { quiet } => self.flushing = Some(quiet),
            Notice::Drain { quiet } => {
                // They are not started any more, and the consumer cannot close while they are held.
                self.current = None;
                self.lane.mailbox.clear();
                self.draining = Some(quiet);
            }
            Notice::Pause(paused) => self.paused = paused,
            Notice::End => self.ended = true,
            Notice::Look => {}
        }
    }

    fn assign(&mut self, assigned: Arc<Assigned>) {
        let index = assigned.slot.0 as usize;
        self.lane.ledger.open(assigned.slot, assigned.epoch);
        if self.lane.partitions.len() <= index {
            self.lane.partitions.resize(index + 1, None);
        }
        self.lane.partitions[index] = Some(assigned);
    }

    fn forget(&mut self, slots: &[SlotId]) {
        for slot in slots {
            self.lane.ledger.forget(*slot);
            if let Some(partition) = self.lane.partitions.get_mut(slot.0 as usize) {
                *partition = None;
            }
        }
        self.closing
            .retain(|closing| !closing.slots.iter().any(|slot| slots.contains(slot)));
    }

    /// Tells how far each partition is. Cheap enough for every batch: two stores a partition.
    fn publish(&mut self) {
        for assigned in self.lane.partitions.iter().flatten() {
            assigned.figures.publish(
                self.lane.ledger.position(assigned.slot),
                self.lane.ledger.passed(assigned.slot),
            );
        }
        let control = &self.lane.control;
        control
            .finished
            .store(self.lane.tally.finished, Ordering::Relaxed);
        control
            .skipped
            .store(self.lane.tally.skipped, Ordering::Relaxed);
        control
            .failed
            .store(self.lane.tally.failed, Ordering::Relaxed);
        control
            .calls
            .store(self.lane.calls.len() as u64, Ordering::Relaxed);
    }

    /// Answers those who wait for work to end. The positions are published before the answer.
    fn answer_quiet(&mut self) {
        let ledger = &self.lane.ledger;
        self.closing.retain(|closing| {
            let working = closing.slots.iter().any(|slot| ledger.working(*slot) > 0);
            if !working {
                // The consumer may have stopped waiting; its `Forget` is then on the way. Either way the partitions
                // stay closed until it comes.
                let _late = closing.quiet.try_send(());
            }
            true
        });
        if self.lane.calls.len() == 0
            && let Some(quiet) = &self.draining
        {
            let _late = quiet.try_send(());
        }
    }

    /// A ticket that was dropped is a defect of ours: its record stays unfinished, and nobody may be left to guess why.
    fn check_dropped(&mut self) {
        if Ticket::take_dropped() > 0 && !self.lane.is_halted() {
            self.halt_outside(Failure::lost(
                "a record's ticket was dropped inside the runtime: its offset would never be committed",
            ));
        }
    }

    fn halt_outside(&mut self, failure: Failure) {
        let position = Position {
            topic: Arc::from("?"),
            partition: -1,
            offset: -1,
        };
        self.lane.halt(Halt {
            stage: "(between stages)",
            position,
            failure,
        });
    }

    /// Lets everything that is still open go, unfinished.
    fn close(mut self) {
        self.graph.abandon(&mut self.lane);
        let open: Vec<Ticket> = self.lane.calls.cancel().collect();
        for ticket in open {
            self.lane.abandon(ticket);
        }
        self.publish();
        self.lane.waiters.clear();
        self.lane.ledger.forget(BY_HAND);
    }
}

/// Copies what a stage over `Tracked<T>` may ask for.
fn keep(record: &Record<'_>) -> Meta {
    Meta {
        position: record.position(),
        key: record.key().map(Box::from),
        headers: record
            .headers()
            .map(|(name, value)| (name.to_owned(), value.map(Box::from)))
            .collect(),
        timestamp: record.timestamp(),
    }
}
