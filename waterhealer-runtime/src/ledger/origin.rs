//! Where a ticket's records come from: the assignments that they are of. For what is remembered about a record for longer
//! than its ticket is held; what has to be finished is the ticket's alone.

use super::slot::{Epoch, SlotId};
use super::ticket::Ticket;
use super::{Ledger, joined::Joins};

type Assignment = (SlotId, Epoch);

/// The assignments that the records of a ticket are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    first: Assignment,
    /// Of a batch from several partitions.
    others: Vec<Assignment>,
}

impl Ledger {
    /// The origin of a ticket; `None` if some of its records are of a partition that is given up, or has been: what is
    /// remembered about them would never be forgotten.
    pub fn origin(&self, ticket: &Ticket) -> Option<Origin> {
        let mut assignments = Vec::new();
        let first = match ticket.is_joined() {
            true => {
                gather(&self.joins, ticket, &mut assignments);
                assignments.pop()?
            }
            false => (ticket.slot(), ticket.epoch()),
        };
        let origin = Origin {
            first,
            others: assignments,
        };
        self.retains(&origin).then_some(origin)
    }

    /// Whether all assignments of an origin stay.
    pub fn retains(&self, origin: &Origin) -> bool {
        let mut assignments = std::iter::once(&origin.first).chain(&origin.others);
        assignments.all(|(slot, epoch)| self.stays(*slot, *epoch))
    }
}

fn gather(joins: &Joins, ticket: &Ticket, into: &mut Vec<Assignment>) {
    for member in joins.members(ticket) {
        let assignment = (member.slot(), member.epoch());
        if member.is_joined() {
            gather(joins, member, into);
        } else if !member.is_spent() && !into.contains(&assignment) {
            into.push(assignment);
        }
    }
}
