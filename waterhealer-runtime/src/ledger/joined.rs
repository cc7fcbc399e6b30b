//! Joined tickets: one that stands for several, so that a batch or a pair travels as one value and can still be taken
//! apart row by row. And who waits for whom: a `zip` parks the shares it holds, and is told when nobody else has one.

use std::collections::hash_map::Entry;

use super::Ledger;
use super::kin::{Kin, KinMap};
use super::slot::SlotId;
use super::ticket::Ticket;

/// Names of joined values start here, so that none looks like a record's.
const FIRST_FORK: u64 = 1 << 63;

/// The members of every joined ticket, and the books about parked shares.
#[derive(Debug, Default)]
pub(super) struct Joins {
    members: Vec<Vec<Ticket>>,
    free: Vec<u32>,
    forks: u64,
    /// Shares of joined values that were split; one that is not here has a single one.
    shares: KinMap<u32>,
    /// Shares that wait at a zip for their kin.
    parked: KinMap<u32>,
    /// Those whose kin can come no more.
    lonely: Vec<Kin>,
}

impl Joins {
    pub(super) fn join(&mut self, members: Vec<Ticket>) -> Ticket {
        self.forks += 1;
        self.place(members, FIRST_FORK + self.forks)
    }

    fn place(&mut self, members: Vec<Ticket>, fork: u64) -> Ticket {
        let meta = members.first().and_then(|first| first.meta().cloned());
        let index = match self.free.pop() {
            Some(index) => {
                self.members[index as usize] = members;
                index
            }
            None => {
                self.members.push(members);
                self.members.len() as u32 - 1
            }
        };
        Ticket::joined(index, fork, meta)
    }

    /// One more share of a joined value, over shares of its members.
    pub(super) fn share(&mut self, of: &Ticket, members: Vec<Ticket>) -> Ticket {
        *self.shares.entry(Kin::of(of)).or_insert(1) += 1;
        self.place(members, of.seq())
    }

    pub(super) fn members(&self, ticket: &Ticket) -> &[Ticket] {
        self.members
            .get(ticket.epoch().0 as usize)
            .map_or(&[], Vec::as_slice)
    }

    pub(super) fn member(&mut self, ticket: &Ticket, seat: u32) -> Option<&mut Ticket> {
        self.members
            .get_mut(ticket.epoch().0 as usize)?
            .get_mut(seat as usize)
    }

    /// Takes a joined ticket apart. Spent members are among what comes back.
    pub(super) fn part(&mut self, ticket: Ticket) -> Vec<Ticket> {
        let kin = Kin::of(&ticket);
        let index = ticket.epoch().0;
        let members = self
            .members
            .get_mut(index as usize)
            .map(std::mem::take)
            .unwrap_or_default();
        self.free.push(index);
        ticket.retire();
        if let Some(shares) = self.shares.get_mut(&kin) {
            *shares -= 1;
            let left = *shares;
            if left == 0 {
                self.shares.remove(&kin);
            }
            self.look(kin, left);
        }
        members
    }

    /// Adds the members of one share to those of another of the same value.
    pub(super) fn merge(&mut self, into: &Ticket, from: Ticket) {
        let more = self.part(from);
        if let Some(members) = self.members.get_mut(into.epoch().0 as usize) {
            members.extend(more);
        }
    }

    pub(super) fn shares(&self, kin: Kin) -> u32 {
        self.shares.get(&kin).copied().unwrap_or(1)
    }

    pub(super) fn park(&mut self, kin: Kin, open: u32) {
        let parked = self.parked.entry(kin).or_insert(0);
        *parked += 1;
        if *parked >= open {
            self.lonely.push(kin);
        }
    }

    pub(super) fn unpark(&mut self, kin: Kin) {
        if let Entry::Occupied(mut parked) = self.parked.entry(kin) {
            *parked.get_mut() -= 1;
            if *parked.get() == 0 {
                parked.remove();
            }
        }
    }

    /// Whether any share waits at all: asked after every share that is settled, so it must cost nothing.
    #[inline]
    pub(super) fn has_parked(&self) -> bool {
        !self.parked.is_empty()
    }

    /// Notes the kin if all its open shares are parked: what they wait for comes no more.
    pub(super) fn look(&mut self, kin: Kin, open: u32) {
        if self.parked.get(&kin).is_some_and(|parked| *parked >= open) {
            self.lonely.push(kin);
        }
    }

    #[inline]
    pub(super) fn has_lonely(&self) -> bool {
        !self.lonely.is_empty()
    }

    pub(super) fn take_lonely(&mut self) -> Vec<Kin> {
        std::mem::take(&mut self.lonely)
    }

    /// Whether every joined ticket was taken apart and nothing is kept of any.
    #[cfg(test)]
    pub(super) fn are_over(&self) -> bool {
        self.free.len() == self.members.len() && self.shares.is_empty() && self.parked.is_empty()
    }
}

impl Ledger {
    /// Every record that a ticket stands for, by its slot and offset, but for those whose assignment is over.
    pub(crate) fn each_record(&self, ticket: &Ticket, each: &mut impl FnMut(SlotId, i64)) {
        if ticket.is_joined() {
            for member in self.joins.members(ticket) {
                self.each_record(member, each);
            }
        } else if let Some(offset) = self.offset(ticket) {
            each(ticket.slot(), offset);
        }
    }
}
