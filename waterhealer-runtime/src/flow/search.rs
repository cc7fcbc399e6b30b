//! Where the records are that keep partitions from moving on: looked for when somebody asks, among the calls under way and in
//! everything that holds or queues values. Nothing is noted for it while records pass, so it costs nothing until then.

use super::calls::Calls;
use crate::ledger::{Epoch, Ledger, SlotId, Ticket};

/// What is being done with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Doing {
    /// A call is under way; of a sink to Kafka, its message is.
    Working,
    /// It waits for a place or for its turn.
    Waiting,
    /// It has failed and waits for another attempt.
    Resting,
    /// An operator holds it for more to come.
    Held,
    /// A sink has buffered it and not flushed.
    Buffered,
    /// It has failed, and its dead letter is on its way.
    DeadLetter,
}

/// A record that keeps its partition from moving on, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Blocking {
    pub(crate) slot: SlotId,
    pub(crate) epoch: Epoch,
    pub(crate) offset: i64,
    pub(crate) place: Option<Place>,
}

/// Where a record was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) node: usize,
    /// Calls made for it there, the one under way among them; 0 if that is not counted.
    pub(crate) attempts: usize,
    pub(crate) doing: Doing,
    serial: (u32, u64),
}

/// How many values a stage has in hand and in front of it, and how many before it keeps others waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Queued {
    pub(crate) node: usize,
    pub(crate) depth: usize,
    pub(crate) capacity: usize,
}

/// Looks for some records among all tickets that it is shown.
pub struct Search<'l> {
    ledger: &'l Ledger,
    wanted: Vec<Blocking>,
    queues: Vec<Queued>,
}

impl<'l> Search<'l> {
    /// Looks for the records that block these partitions.
    pub(super) fn new(ledger: &'l Ledger, slots: impl Iterator<Item = SlotId>) -> Self {
        let wanted = slots.filter_map(|slot| {
            let (epoch, offset) = ledger.blocking(slot)?;
            Some(Blocking {
                slot,
                epoch,
                offset,
                place: None,
            })
        });
        Search {
            ledger,
            wanted: wanted.collect(),
            queues: Vec::new(),
        }
    }

    /// Looks among the calls under way.
    pub(super) fn calls<C>(&mut self, calls: &Calls<C>) {
        for call in calls.each() {
            let doing = match call.letter {
                Some(_) => Doing::DeadLetter,
                None => Doing::Working,
            };
            self.found(call.node, 1, doing, &call.ticket);
        }
    }

    /// What an operator holds.
    pub fn held(&mut self, node: usize, ticket: &Ticket) {
        self.found(node, 0, Doing::Held, ticket);
    }

    /// A ticket, and what is being done with its records.
    pub(super) fn found(&mut self, node: usize, attempts: usize, doing: Doing, ticket: &Ticket) {
        let wanted = &mut self.wanted;
        if wanted.iter().all(|one| one.place.is_some()) {
            return;
        }
        let place = Place {
            node,
            attempts,
            doing,
            serial: ticket.serial(),
        };
        self.ledger.each_record(ticket, &mut |slot, offset| {
            let hit = wanted
                .iter_mut()
                .find(|one| one.slot == slot && one.offset == offset);
            if let Some(one) = hit {
                one.place.get_or_insert(place);
            }
        });
    }

    /// The how manieth call is under way for the value of this ticket.
    pub(super) fn attempts(&mut self, node: usize, attempts: usize, serial: (u32, u64)) {
        let places = self.wanted.iter_mut().filter_map(|one| one.place.as_mut());
        for place in places.filter(|place| place.node == node && place.serial == serial) {
            place.attempts = attempts;
        }
    }

    /// How full a stage is.
    pub(super) fn queue(&mut self, node: usize, depth: usize, capacity: usize) {
        self.queues.push(Queued {
            node,
            depth,
            capacity,
        });
    }

    /// What was found, and how full the stages are.
    pub(super) fn end(self) -> (Vec<Blocking>, Vec<Queued>) {
        (self.wanted, self.queues)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_found_by_any_ticket_that_stands_for_it() {
        let (slot, other, mut ledger) = (SlotId(1), SlotId(2), Ledger::new());
        ledger.open(slot, Epoch(1));
        ledger.open(other, Epoch(2));
        let [first, second] = [3, 4].map(|offset| ledger.deliver(slot, offset, None));
        let third = ledger.deliver(other, 3, None);
        let pile = ledger.join(vec![second, third]);

        let mut search = Search::new(&ledger, [slot, other, SlotId(9)].into_iter());
        search.held(5, &pile);
        search.found(6, 1, Doing::Working, &first);
        search.attempts(6, 4, first.serial());
        search.attempts(5, 9, first.serial());
        search.queue(6, 1, 8);
        let (found, queues) = search.end();
        let found: Vec<_> = found
            .iter()
            .map(|one| {
                let place = one.place.unwrap();
                (
                    one.slot,
                    one.offset,
                    place.node,
                    place.attempts,
                    place.doing,
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                (slot, 3, 6, 4, Doing::Working),
                (other, 3, 5, 0, Doing::Held)
            ]
        );
        assert_eq!((queues[0].depth, queues[0].capacity), (1, 8));
        for ticket in [first, pile] {
            ledger.abandon(ticket);
        }
    }
}
