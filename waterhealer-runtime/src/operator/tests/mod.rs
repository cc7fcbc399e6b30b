//! Tests of the operators on a still clock: what each gives, holds and finishes. `Rig` stands in for the lane.

mod book;
mod case;
mod collect;
mod combine_latest;
mod delay;
mod harness;
mod partition;
mod partition_time;
mod properties;
mod rate_limit;
mod slice;
mod sliding_window;
mod timed_window;
mod unique;
mod zip;
mod zip_by_record;
mod zip_latest;

use std::collections::HashMap;
use std::time::Duration;

use super::{Desk, Effects, Input, Operator, Ready};
use crate::clock::{Clock, Moment};
use crate::ledger::{Epoch, Ledger, SlotId, Ticket};

/// A ledger, a clock and a desk; partitions are slots, each record is delivered with the next offset.
struct Rig {
    ledger: Ledger,
    clock: Clock,
    effects: Effects,
    now: Moment,
    delivered: HashMap<u32, i64>,
    failures: Vec<String>,
    waiting: isize,
}

impl Rig {
    /// Partitions 0 to `partitions`, all assigned.
    fn new(partitions: u32) -> Self {
        let mut ledger = Ledger::new();
        for slot in 0..partitions {
            ledger.open(SlotId(slot), Epoch(slot + 1));
        }
        Rig {
            ledger,
            clock: Clock::still(),
            effects: Effects::default(),
            now: Moment::default(),
            delivered: HashMap::new(),
            failures: Vec::new(),
            waiting: 0,
        }
    }

    /// The ticket of the partition's next record.
    fn record(&mut self, partition: u32) -> Ticket {
        let offset = self.delivered.entry(partition).or_default();
        *offset += 1;
        self.ledger.deliver(SlotId(partition), *offset - 1, None)
    }

    fn push<const PORT: usize, O: Input<PORT>>(
        &mut self,
        operator: &mut O,
        value: O::Value,
        ticket: Ticket,
    ) -> Ready<O::Out> {
        self.at_desk(|desk| operator.push(value, ticket, desk))
    }

    fn due<O: Operator>(&mut self, operator: &mut O) -> Ready<O::Out> {
        self.at_desk(|desk| operator.due(desk))
    }

    fn drain<O: Operator>(&mut self, operator: &mut O) -> Ready<O::Out> {
        self.at_desk(|desk| operator.drain(desk))
    }

    fn abandon<O: Operator>(&mut self, operator: &mut O) {
        self.at_desk(|desk| operator.abandon(desk));
    }

    /// Gives partitions up: the operator forgets their records, and the ledger everything about them.
    fn revoke<O: Operator>(&mut self, operator: &mut O, partitions: &[u32]) {
        for partition in partitions {
            self.ledger.close(SlotId(*partition));
        }
        self.at_desk(|desk| operator.forget(desk));
        for partition in partitions {
            assert_eq!(
                self.working(*partition),
                0,
                "something of partition {partition} is still held"
            );
            self.ledger.forget(SlotId(*partition));
        }
    }

    /// Lets an operator release what waits for partners that come no more, until there is none.
    fn release<O: Operator>(&mut self, operator: &mut O) {
        while self.ledger.has_lonely() {
            for kin in self.ledger.take_lonely() {
                self.at_desk(|desk| operator.release(kin, desk));
            }
        }
    }

    fn advance(&mut self, time: Duration) {
        self.now = self.now + time;
        self.clock.advance(self.now);
    }

    /// The moment at which some operator wants to be asked, from now; asking forgets it.
    fn wakes_in(&mut self) -> Option<Duration> {
        self.effects.wake.take().map(|wake| wake.since(self.now))
    }

    fn at_desk<R>(&mut self, work: impl FnOnce(&mut Desk<'_>) -> R) -> R {
        let answer = work(&mut Desk::new(
            &mut self.ledger,
            &self.clock,
            &mut self.effects,
        ));
        self.waiting += std::mem::take(&mut self.effects.waiting);
        for ticket in std::mem::take(&mut self.effects.settled) {
            self.settle(ticket);
        }
        for ticket in std::mem::take(&mut self.effects.let_go) {
            self.ledger.abandon(ticket);
        }
        for (ticket, failure) in std::mem::take(&mut self.effects.failed) {
            self.failures.push(failure.to_string());
            self.ledger.abandon(ticket);
        }
        answer
    }

    /// Finishes what a ticket stands for, as a sink does.
    fn settle(&mut self, ticket: Ticket) {
        if ticket.is_joined() {
            for member in self.ledger.part(ticket) {
                self.settle(member);
            }
        } else {
            self.ledger.settle(ticket);
        }
    }

    fn position(&self, partition: u32) -> Option<i64> {
        self.ledger.position(SlotId(partition))
    }

    fn working(&self, partition: u32) -> u64 {
        self.ledger.working(SlotId(partition))
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(Ticket::take_dropped(), 0, "a ticket was dropped");
        }
    }
}
