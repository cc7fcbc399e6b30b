//! The ledger: which delivered records are finished, and so how far each partition may be committed.
//! Pure: no I/O, no clock, no async, no thread. Who asks it and when is `flow`'s business.
//!
//! Two invariants, held by `tests.rs` against a naive model:
//! 1. it never names a commit position past an unfinished delivered record;
//! 2. when all delivered records are finished, the position is one past the last of them.

mod slot;
#[cfg(test)]
mod tests;
mod ticket;

pub use slot::{Epoch, SlotId};
pub use ticket::Ticket;

use slot::Slot;
use std::sync::Arc;

use crate::types::Meta;

/// The partitions of one lane and what is open in each.
#[derive(Debug, Default)]
pub struct Ledger {
    slots: Vec<Slot>,
}

/// What a settled share means for its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Other shares of the record are still open.
    Partly,
    /// That was the record's last share.
    Finished,
    /// The share was of an assignment that is over: it counts nowhere.
    Stale,
}

impl Ledger {
    /// A ledger without partitions.
    pub fn new() -> Self {
        Ledger::default()
    }

    /// Opens a slot for one assignment of one partition. `epoch` must never have been used before; what the slot held
    /// under an earlier epoch is forgotten.
    pub fn open(&mut self, slot: SlotId, epoch: Epoch) {
        let index = slot.0 as usize;
        while self.slots.len() <= index {
            self.slots.push(Slot::vacant());
        }
        self.slots[index] = Slot::new(epoch);
    }

    /// Forgets an assignment: what is open in it will settle nowhere.
    pub fn forget(&mut self, slot: SlotId) {
        if let Some(found) = self.slots.get_mut(slot.0 as usize) {
            *found = Slot::vacant();
        }
    }

    /// Whether the slot holds this assignment.
    #[inline]
    pub fn holds(&self, slot: SlotId, epoch: Epoch) -> bool {
        self.slots
            .get(slot.0 as usize)
            .is_some_and(|found| found.is_live() && found.epoch() == epoch)
    }

    /// Notes a delivered record and gives the ticket for it. Offsets may leave gaps; an offset that was
    /// delivered before is tracked again and never lowers the end; commits are never lowered by it either, since only
    /// positions above the confirmed one are committed.
    #[inline]
    pub fn deliver(&mut self, slot: SlotId, offset: i64, meta: Option<Arc<Meta>>) -> Ticket {
        let found = &mut self.slots[slot.0 as usize];
        let seq = found.deliver(offset);
        Ticket::new(slot, found.epoch(), seq, meta)
    }

    /// One more share of the same record, for a value that goes to several stages.
    #[inline]
    pub fn split(&mut self, ticket: &Ticket) -> Ticket {
        if let Some(slot) = self.live(ticket) {
            slot.split(ticket.seq());
        }
        ticket.share()
    }

    /// Finishes one share of a record.
    #[inline]
    pub fn settle(&mut self, ticket: Ticket) -> Settled {
        let settled = match self.live(&ticket) {
            Some(slot) => {
                if slot.settle(ticket.seq()) {
                    Settled::Finished
                } else {
                    Settled::Partly
                }
            }
            None => Settled::Stale,
        };
        ticket.retire();
        settled
    }

    /// Lets a share go unfinished: its record holds the position back for as long as the assignment lasts.
    pub fn abandon(&mut self, ticket: Ticket) {
        if let Some(slot) = self.live(&ticket) {
            slot.abandon();
        }
        ticket.retire();
    }

    /// How far the partition may be committed: the lowest unfinished delivered offset, else one past the last
    /// delivered; `None` as long as nothing was delivered.
    pub fn position(&self, slot: SlotId) -> Option<i64> {
        self.slots.get(slot.0 as usize).and_then(Slot::position)
    }

    /// Records that went below the position since the assignment.
    pub fn passed(&self, slot: SlotId) -> u64 {
        self.slots.get(slot.0 as usize).map_or(0, Slot::passed)
    }

    /// Shares that somebody still works on: open ones less abandoned ones.
    pub fn working(&self, slot: SlotId) -> u64 {
        self.slots.get(slot.0 as usize).map_or(0, Slot::working)
    }

    /// The offset that a ticket stands for; `None` when its assignment is over.
    pub fn offset(&self, ticket: &Ticket) -> Option<i64> {
        self.slots
            .get(ticket.slot().0 as usize)
            .filter(|slot| slot.is_live() && slot.epoch() == ticket.epoch())?
            .offset(ticket.seq())
    }

    /// Whether the ticket's assignment still holds.
    pub fn is_live(&self, ticket: &Ticket) -> bool {
        self.holds(ticket.slot(), ticket.epoch())
    }

    #[inline]
    fn live(&mut self, ticket: &Ticket) -> Option<&mut Slot> {
        self.slots
            .get_mut(ticket.slot().0 as usize)
            .filter(|slot| slot.epoch() == ticket.epoch() && slot.is_live())
    }
}
