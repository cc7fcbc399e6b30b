//! A graph and its lane, and all that is done to them between two records: notices are attended to, values and records
//! are taken in, what operators hold goes on or is let go, and it is told how far each partition is. When, and where
//! records come from, is for those who have a crew: the lane's loop (`work`), the driver of tests (`drive`), and the
//! measurement of the stages (`memory`).

mod tell;

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::board::Holding;
use super::control::Halt;
use super::keep;
use super::lane::{BY_HAND, Emission, Lane, Tally};
use super::looked::bytes_of;
use super::mailbox::Notice;
use super::seal::Seal;
use super::stages::Graph;
use crate::broker::Assigned;
use crate::clock::Moment;
use crate::error::Failure;
use crate::files::Item;
use crate::guard::guard;
use crate::ledger::{Finished, SlotId, Ticket};
use crate::sync::mpsc::SyncSender;
use crate::types::{Position, Record};

/// So many values may wait for their turn before those that no partition bounds wait outside: sent in by hand, or read of
/// files.
const LINED_UP: usize = 10_000;

pub(super) struct Crew<G: Graph> {
    pub(super) lane: Lane<G::Completion>,
    pub(super) graph: G,
    emissions: mpsc::Receiver<Emission<G::Emitted>>,
    /// Taken and not attended to yet.
    notices: VecDeque<Notice<G::Completion>>,
    closing: Vec<Closing>,
    draining: Option<SyncSender<()>>,
    paused: bool,
    pub(super) seal: Seal,
    ended: bool,
    /// The counts that were published last, and the calls that were under way.
    told: (Tally, u64),
}

/// Partitions that are to be given up, and who waits for their work to end.
struct Closing {
    slots: Vec<SlotId>,
    quiet: SyncSender<()>,
}

impl<G: Graph> Crew<G> {
    pub(super) fn new(
        lane: Lane<G::Completion>,
        graph: G,
        emissions: mpsc::Receiver<Emission<G::Emitted>>,
    ) -> Self {
        Crew {
            lane,
            graph,
            emissions,
            notices: VecDeque::new(),
            closing: Vec::new(),
            draining: None,
            paused: false,
            seal: Seal::Open,
            ended: false,
            told: (Tally::default(), 0),
        }
    }

    /// Takes a record through the stages, unless it is finished already; false if its assignment is over or about to be, so
    /// that it is passed over.
    #[inline]
    pub(super) fn record(&mut self, assigned: &Assigned, record: &Record<'_>) -> bool {
        if !self.lane.ledger.takes(assigned.slot, assigned.epoch) {
            return false;
        }
        let (slot, offset) = (assigned.slot, record.offset());
        if self.lane.ledger.passes_over(slot, offset) {
            self.lane.tally.passed_over += 1;
            return true;
        }
        self.lane.note_read(assigned.source, || bytes_of(record));
        let meta = keep::of_record(record, self.lane.keeps);
        let ticket = self.lane.ledger.deliver(slot, offset, meta);
        if self.lane.is_traced() {
            self.lane.trace_record(assigned, record);
        }
        self.graph
            .record(&mut self.lane, assigned.source, record, ticket);
        self.release();
        true
    }

    /// Takes what was read of a file through the stages, or the failure to read it to its source's policy.
    pub(super) fn read(&mut self, assigned: &Assigned, item: Item) {
        let ticket = self.lane.deliver_read(assigned, item.offset);
        match item.fed {
            Ok(fed) => {
                self.lane.note_read(assigned.source, || fed.bytes());
                self.graph
                    .read(&mut self.lane, assigned.source, fed, ticket);
            }
            Err(failure) => self.lane.failed(assigned.source, ticket, failure),
        }
        self.release();
    }

    /// Takes the next value sent in by hand through the stages, if there is one and values are taken in.
    pub(super) fn take_emission(&mut self) -> bool {
        if !self.takes_in_beside() {
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
        true
    }

    /// Values sent in by hand that are not taken yet.
    pub(super) fn emissions_left(&self) -> usize {
        self.emissions.len()
    }

    /// Whether new values and records are taken in.
    #[inline]
    pub(super) fn takes_in(&self) -> bool {
        !self.lane.is_held()
            && !self.lane.is_halted()
            && self.draining.is_none()
            && !self.paused
            && self.seal.is_open()
            && !self.ended
    }

    /// Whether values are taken in that are not records of Kafka, of which what is in flight of a partition is bounded.
    pub(super) fn takes_in_beside(&self) -> bool {
        self.takes_in() && self.lane.lined_up < LINED_UP
    }

    /// Whether something has come up that may forbid to take the next record in.
    #[inline]
    pub(super) fn wants_attention(&self) -> bool {
        self.lane.is_held() || self.lane.mailbox.wants_attention() || self.lane.is_halted()
    }

    pub(super) fn is_draining(&self) -> bool {
        self.draining.is_some()
    }

    pub(super) fn is_ended(&self) -> bool {
        self.ended
    }

    /// Attends to all notices, and then to what they have asked for.
    pub(super) fn attend(&mut self) {
        self.lane.watched.stand_here();
        loop {
            // One by one out of the queue, so that a panic in the middle leaves the others to be attended to.
            while let Some(notice) = self.notices.pop_front() {
                self.attend_to(notice);
            }
            self.lane.retry_outbox();
            self.release();
            if !self.lane.mailbox.wants_attention() {
                break;
            }
            self.lane.mailbox.take_notices(&mut self.notices);
        }
        if !self.closing.is_empty() {
            self.graph.forget(&mut self.lane);
            self.graph.flush(&mut self.lane);
            self.release();
        }
        if self.lane.is_halted() {
            self.graph.dismiss(&mut self.lane);
            self.graph.abandon(&mut self.lane);
        } else if self.draining.is_some() {
            self.drain();
        }
    }

    /// Nothing more comes: what operators can give goes on. While calls are under way their answers may still meet what is
    /// held; what then is left stays unfinished.
    pub(super) fn drain(&mut self) {
        self.graph.drain(&mut self.lane);
        self.graph.flush(&mut self.lane);
        self.release();
        if self.lane.calls.len() == 0 {
            self.say_what_is_held();
            self.graph.abandon(&mut self.lane);
        }
    }

    /// Shows how things stand, to whoever looks at the pipeline from outside; and more, if somebody asks.
    pub(super) fn show(&self) {
        self.answer_questions();
        let lane = &self.lane;
        lane.show_values();
        lane.control.board.show(lane.index, |shown| {
            lane.watched.meters().clone_into(&mut shown.meters);
            shown.operators.clear();
            self.graph.held(&mut |node, held| {
                shown.operators.push(Holding {
                    node,
                    values: held.values,
                    since: held.since.and_then(|since| lane.clock.instant(since)),
                });
            });
        });
    }

    fn say_what_is_held(&self) {
        let nodes = self.lane.spec.nodes;
        self.graph.held(&mut |node, held| {
            if held.values > 0 {
                let operator = nodes.get(node).map_or("?", |node| node.name);
                tracing::info!(
                    operator,
                    values = held.values,
                    "values are held for more to come; their records are read again at the next start"
                );
            }
        });
    }

    fn attend_to(&mut self, notice: Notice<G::Completion>) {
        match notice {
            Notice::Completed(call, completion) => {
                if let Some(call) = self.lane.calls.close(call) {
                    self.lane.end(call.node, call.began);
                    self.lane.stand(call.node, &call.ticket);
                    self.lane.trace_back(call.node, call.span);
                    self.complete(completion, call.ticket);
                }
            }
            Notice::Answered(call, outcome) => {
                self.lane.answered(call, outcome);
                self.release();
            }
            Notice::Healed(offsets) => self.graph.healed(&mut self.lane, &offsets),
            Notice::Assign(assigned, finished) => self.assign(assigned, &finished),
            Notice::Close { slots, quiet } => {
                for slot in &slots {
                    self.lane.ledger.close(*slot);
                }
                self.lane.publish_finished();
                self.closing.push(Closing { slots, quiet });
            }
            Notice::Forget(slots) => self.forget(&slots),
            Notice::Drain { quiet } => {
                // They are not started any more, and the consumer cannot close while they are held.
                self.lane.mailbox.clear();
                self.graph.dismiss(&mut self.lane);
                self.lane.publish_finished();
                self.draining = Some(quiet);
            }
            Notice::Pause(paused) => self.paused = paused,
            Notice::Seal(asked) => self.seal(asked),
            Notice::End => self.ended = true,
            Notice::Flush => {
                self.graph.flush(&mut self.lane);
                self.release();
                self.lane.publish_finished();
            }
            Notice::Look => {}
        }
    }

    /// Goes on after a call has been answered, or given up.
    fn complete(&mut self, completion: G::Completion, ticket: Ticket) {
        let is_late = !self.lane.is_live(&ticket);
        self.graph.completed(&mut self.lane, completion, ticket);
        self.release();
        if is_late {
            // What came of it is not to be held either.
            self.graph.forget(&mut self.lane);
        }
    }

    fn assign(&mut self, assigned: Arc<Assigned>, finished: &Finished) {
        let index = assigned.slot.0 as usize;
        self.lane.ledger.open(assigned.slot, assigned.epoch);
        self.lane.ledger.pass_over(assigned.slot, finished);
        self.lane.open_notes(&assigned);
        if self.lane.partitions.len() <= index {
            self.lane.partitions.resize(index + 1, None);
        }
        self.lane.partitions[index] = Some(assigned);
    }

    fn forget(&mut self, slots: &[SlotId]) {
        for slot in slots {
            self.lane.ledger.forget(*slot);
            self.lane.drop_notes(*slot);
            self.lane.trace_forget(Some(*slot));
            if let Some(partition) = self.lane.partitions.get_mut(slot.0 as usize) {
                *partition = None;
            }
        }
        // What was lost was never closed; and an answer may have come late.
        self.graph.forget(&mut self.lane);
        self.closing
            .retain(|closing| !closing.slots.iter().any(|slot| slots.contains(slot)));
    }

    /// Has what has waited for this moment done, if it is time; says what the time is.
    pub(super) fn look_at_clock(&mut self) -> Moment {
        let now = self.lane.clock.now();
        if !self.seal.is_closed() && self.lane.effects.wake.is_some_and(|wake| wake <= now) {
            self.ask_due(now);
        }
        now
    }

    /// Asks all who wait for a moment whether it has come: whoever still waits says so again.
    fn ask_due(&mut self, now: Moment) {
        self.lane.effects.wake = None;
        while let Some((completion, call)) = self.lane.calls.give_up(now) {
            self.lane.end(call.node, call.began);
            self.lane.stand(call.node, &call.ticket);
            self.lane.trace_back(call.node, call.span);
            self.complete(completion, call.ticket);
        }
        if let Some(deadline) = self.lane.calls.deadline() {
            self.lane.effects.wake_at(deadline);
        }
        self.graph.due(&mut self.lane);
        self.release();
    }

    /// Whether nothing moves until something new comes. Asked before the lane waits.
    pub(super) fn is_at_rest(&mut self) -> bool {
        // What the moment was for may have gone on early. Whoever still waits says so again.
        if !self.seal.is_closed() && self.lane.effects.wake.is_some() {
            let now = self.lane.clock.lately();
            self.ask_due(now);
        }
        self.lane.is_at_rest()
    }

    /// Lets go of what waits at a zip for a partner that comes no more; that may leave another alone.
    #[inline]
    pub(super) fn release(&mut self) {
        self.lane.watched.leave();
        self.lane.trace_over();
        while self.lane.ledger.has_lonely() {
            for kin in self.lane.ledger.take_lonely() {
                self.graph.release(&mut self.lane, kin);
            }
        }
    }

    /// Halts for something that went wrong between two stages.
    pub(super) fn halt_outside(&mut self, failure: Failure) {
        let position = Position {
            topic: Arc::from("?"),
            partition: -1,
            offset: -1,
        };
        self.lane.halt(Halt {
            stage: "(between stages)",
            position,
            emit_id: None,
            failure,
        });
    }

    /// Lets everything that is still open go, unfinished.
    pub(super) fn close(&mut self) {
        // What is dropped here is the user's too.
        let let_go = || {
            self.graph.dismiss(&mut self.lane);
            self.graph.abandon(&mut self.lane);
        };
        if let Err(failure) = guard(let_go) {
            self.halt_outside(failure);
        }
        let open: Vec<Ticket> = self.lane.calls.cancel().collect();
        for ticket in open {
            self.lane.abandon(ticket);
        }
        self.publish();
        self.lane.trace_forget(None);
        self.lane.waiters.clear();
        self.lane.ledger.forget(BY_HAND);
    }
}
