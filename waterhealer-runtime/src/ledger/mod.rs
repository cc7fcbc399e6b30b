//! The ledger: which delivered records are finished, and so how far each partition may be committed.
//! Pure: no I/O, no clock, no async, no thread. Who asks it and when is `flow`'s business.
//!
//! Two invariants, held by `tests.rs` against a naive model:
//! 1. it never names a commit position past an unfinished delivered record;
//! 2. when all delivered records are finished, the position is one past the last of them.

mod blocking;
mod finished;
mod joined;
mod kin;
mod origin;
mod slot;
#[cfg(test)]
mod tests;
mod ticket;

pub use finished::Finished;
pub use kin::Kin;
pub(crate) use kin::KinMap;
pub(crate) use origin::Origin;
pub use slot::{Epoch, SlotId};
pub use ticket::Ticket;

use joined::Joins;
use slot::Slot;
use std::sync::Arc;

use crate::types::Meta;

/// The partitions of one lane and what is open in each.
#[derive(Debug, Default)]
pub struct Ledger {
    slots: Vec<Slot>,
    joins: Joins,
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

    /// Notes offsets of an open slot that are finished already, beside those noted before.
    pub fn pass_over(&mut self, slot: SlotId, finished: &Finished) {
        if let Some(found) = self.slots.get_mut(slot.0 as usize) {
            found.pass_over(finished);
        }
    }

    /// Whether a delivered record is finished already; it then counts as delivered and finished, and there is no ticket.
    #[inline]
    pub fn passes_over(&mut self, slot: SlotId, offset: i64) -> bool {
        let found = &mut self.slots[slot.0 as usize];
        found.has_finished() && found.passes_over(offset)
    }

    /// The offsets above the position that are finished, those that were not delivered yet among them.
    pub fn finished_above(&self, slot: SlotId) -> Finished {
        let slot = self.slots.get(slot.0 as usize);
        slot.map(Slot::finished_above).unwrap_or_default()
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

    /// Whether records of this assignment are still taken in: it holds, and is not about to be given up.
    #[inline]
    pub fn takes(&self, slot: SlotId, epoch: Epoch) -> bool {
        self.slots
            .get(slot.0 as usize)
            .is_some_and(|found| found.is_live() && found.epoch() == epoch && !found.is_closing())
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

    /// One more share of the same record, for a value that goes to several stages; of a joined ticket, one of each of
    /// its members.
    #[inline]
    pub fn split(&mut self, ticket: &Ticket) -> Ticket {
        if ticket.is_joined() {
            return self.split_joined(ticket);
        }
        if let Some(slot) = self.live(ticket) {
            slot.split(ticket.seq());
        }
        ticket.share()
    }

    #[inline(never)]
    fn split_joined(&mut self, ticket: &Ticket) -> Ticket {
        let count = self.joins.members(ticket).len();
        let mut members = Vec::with_capacity(count);
        for seat in 0..count {
            // Taken out for the moment, so that the ledger can be written to.
            let Some(member) = self.take_seat(ticket, seat as u32) else {
                members.push(Ticket::spent());
                continue;
            };
            members.push(self.split(&member));
            if let Some(place) = self.joins.member(ticket, seat as u32) {
                *place = member;
            }
        }
        self.joins.share(ticket, members)
    }

    /// Finishes one share of one record. A joined ticket is taken apart first: [`part`](Ledger::part).
    #[inline]
    pub fn settle(&mut self, ticket: Ticket) -> Settled {
        debug_assert!(
            !ticket.is_joined(),
            "a joined ticket settles by its members"
        );
        let seq = ticket.seq();
        let settled = match self.live(&ticket) {
            Some(slot) => {
                if slot.settle(seq) {
                    Settled::Finished
                } else {
                    if self.joins.has_parked() {
                        self.look(&ticket);
                    }
                    Settled::Partly
                }
            }
            None => Settled::Stale,
        };
        ticket.retire();
        settled
    }

    #[cold]
    fn look(&mut self, ticket: &Ticket) {
        let open = self.open_shares(ticket);
        self.joins.look(Kin::of(ticket), open);
    }

    /// Lets a share go unfinished: its record holds the position back for as long as the assignment lasts.
    pub fn abandon(&mut self, ticket: Ticket) {
        if ticket.is_joined() {
            for member in self.part(ticket) {
                self.abandon(member);
            }
            return;
        }
        if let Some(slot) = self.live(&ticket) {
            slot.abandon();
        }
        ticket.retire();
    }

    /// One ticket that stands for several, for a value made of several records. A member keeps its place, its *seat*, for
    /// as long as the joined ticket lasts.
    pub fn join(&mut self, members: Vec<Ticket>) -> Ticket {
        self.joins.join(members)
    }

    /// The same obligation under a name of its own. A joined ticket's members keep their seats.
    pub fn fork(&mut self, ticket: Ticket) -> Ticket {
        let members = match ticket.is_joined() {
            true => self.joins.part(ticket),
            false => vec![ticket],
        };
        self.join(members)
    }

    /// One ticket for a value made of two. Of two shares of the same record, or of the same joined value, one goes on
    /// and the other ends in it; else they are joined. The second of the pair is a share to settle.
    pub fn merge(&mut self, one: Ticket, other: Ticket) -> (Ticket, Option<Ticket>) {
        match (Kin::of(&one) == Kin::of(&other), one.is_joined()) {
            (true, false) => (one, Some(other)),
            (true, true) => {
                self.joins.merge(&one, other);
                (one, None)
            }
            (false, _) => (self.join(vec![one, other]), None),
        }
    }

    /// Takes a joined ticket apart into its members, without those that were taken before. Of any other ticket, itself.
    pub fn part(&mut self, ticket: Ticket) -> impl Iterator<Item = Ticket> + use<> {
        let members = match ticket.is_joined() {
            true => self.joins.part(ticket),
            false => vec![ticket],
        };
        members.into_iter().filter(|member| !member.is_spent())
    }

    /// Takes one member of a joined ticket out, by its seat; `None` if it was taken before, or there is no such seat.
    pub fn take_seat(&mut self, ticket: &Ticket, seat: u32) -> Option<Ticket> {
        if !ticket.is_joined() {
            return None;
        }
        let member = self.joins.member(ticket, seat)?;
        (!member.is_spent()).then(|| std::mem::replace(member, Ticket::spent()))
    }

    /// How many seats a joined ticket has, taken ones too; of any other ticket, none.
    pub fn seats(&self, ticket: &Ticket) -> usize {
        match ticket.is_joined() {
            true => self.joins.members(ticket).len(),
            false => 0,
        }
    }

    /// What this share has in common with the others of its record, or of its joined value.
    pub fn kin(&self, ticket: &Ticket) -> Kin {
        Kin::of(ticket)
    }

    /// Notes that a share waits for others of its kin, and for nothing else.
    pub fn park(&mut self, ticket: &Ticket) {
        let open = self.open_shares(ticket);
        self.joins.park(Kin::of(ticket), open);
    }

    /// Notes that a parked share goes on.
    pub fn unpark(&mut self, kin: Kin) {
        self.joins.unpark(kin);
    }

    /// Whether some parked shares wait for what comes no more.
    #[inline]
    pub fn has_lonely(&self) -> bool {
        self.joins.has_lonely()
    }

    /// The kin of parked shares that wait for what comes no more: all open shares of each are parked.
    pub fn take_lonely(&mut self) -> Vec<Kin> {
        self.joins.take_lonely()
    }

    #[cfg(test)]
    pub(crate) fn has_parked(&self) -> bool {
        self.joins.has_parked()
    }

    fn open_shares(&self, ticket: &Ticket) -> u32 {
        if ticket.is_joined() {
            return self.joins.shares(Kin::of(ticket));
        }
        // Of a ticket whose assignment is over there is none: its place in the ring is another record's by now.
        self.slots
            .get(ticket.slot().0 as usize)
            .filter(|slot| slot.is_live() && slot.epoch() == ticket.epoch())
            .map_or(0, |slot| slot.open(ticket.seq()))
    }

    /// Notes that a partition is to be given up: what is held for later is let go, what is under way goes on.
    pub fn close(&mut self, slot: SlotId) {
        if let Some(slot) = self.slots.get_mut(slot.0 as usize) {
            slot.close();
        }
    }

    /// Whether it makes sense to hold this share for later: its partition stays. Of a joined ticket the members for which
    /// it does not are let go, and it answers whether any is left.
    pub fn keeps(&mut self, ticket: &Ticket) -> bool {
        if !ticket.is_joined() {
            return self.stays(ticket.slot(), ticket.epoch());
        }
        let mut any = false;
        for seat in 0..self.joins.members(ticket).len() as u32 {
            let Some(member) = self.take_seat(ticket, seat) else {
                continue;
            };
            if !self.keeps(&member) {
                self.abandon(member);
            } else if let Some(place) = self.joins.member(ticket, seat) {
                *place = member;
                any = true;
            }
        }
        any
    }

    fn stays(&self, slot: SlotId, epoch: Epoch) -> bool {
        self.slots
            .get(slot.0 as usize)
            .is_some_and(|slot| slot.is_live() && slot.epoch() == epoch && !slot.is_closing())
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

    /// The offsets of the records that were delivered and are not finished, in the order of delivery.
    pub fn unfinished(&self, slot: SlotId) -> impl Iterator<Item = i64> {
        let slot = self.slots.get(slot.0 as usize);
        slot.into_iter().flat_map(Slot::unfinished)
    }

    /// The offset that a ticket of one record stands for; `None` when its assignment is over.
    pub fn offset(&self, ticket: &Ticket) -> Option<i64> {
        self.slots
            .get(ticket.slot().0 as usize)
            .filter(|slot| slot.is_live() && slot.epoch() == ticket.epoch())?
            .offset(ticket.seq())
    }

    /// Whether the ticket's assignment still holds; of a joined one, any of its members'.
    pub fn is_live(&self, ticket: &Ticket) -> bool {
        match ticket.is_joined() {
            true => self
                .joins
                .members(ticket)
                .iter()
                .any(|member| self.is_live(member)),
            false => self.holds(ticket.slot(), ticket.epoch()),
        }
    }

    /// The ticket of the one record by which a joined ticket is named in messages: its first that is still of an assignment.
    pub fn lead<'t>(&'t self, ticket: &'t Ticket) -> Option<&'t Ticket> {
        match ticket.is_joined() {
            true => self
                .joins
                .members(ticket)
                .iter()
                .find_map(|member| self.lead(member)),
            false => self.is_live(ticket).then_some(ticket),
        }
    }

    /// How many records a ticket stands for.
    #[cfg(test)]
    fn weight(&self, ticket: &Ticket) -> usize {
        match ticket.is_joined() {
            true => self
                .joins
                .members(ticket)
                .iter()
                .map(|member| self.weight(member))
                .sum(),
            false => usize::from(!ticket.is_spent()),
        }
    }

    #[inline]
    fn live(&mut self, ticket: &Ticket) -> Option<&mut Slot> {
        self.slots
            .get_mut(ticket.slot().0 as usize)
            .filter(|slot| slot.epoch() == ticket.epoch() && slot.is_live())
    }
}
