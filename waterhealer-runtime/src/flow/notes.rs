//! What a lane has finished since it last told the keeper of the dedupe store: a few nanoseconds a record, no lock and no
//! allocation while records finish in order. Reading it back at an assignment is `dedupe`'s.

use std::sync::Arc;
use std::time::Duration;

use super::lane::Lane;
use crate::broker::Assigned;
use crate::ledger::SlotId;
use crate::store::{Keeper, Noted, Place, Runs};

/// How soon a lane that waits for the store looks again.
const AGAIN: Duration = Duration::from_millis(5);

/// The notes of one lane.
#[derive(Debug)]
pub(super) struct Notes {
    keeper: Arc<Keeper>,
    group: Arc<str>,
    /// By slot; those that are never committed have none.
    finished: Vec<Option<(Arc<Place>, Runs)>>,
    records: u64,
    /// The lane takes nothing in until the store has caught up.
    pub(super) holds: bool,
}

/// A partition as the store knows it.
pub(super) fn place(group: &Arc<str>, assigned: &Assigned) -> Arc<Place> {
    Arc::new(Place {
        group: Arc::clone(group),
        topic: Arc::clone(&assigned.topic),
        identity: match &assigned.opening.lineage {
            Some(lineage) => Arc::from(lineage.to_string()),
            None => Arc::from("-"),
        },
        partition: assigned.partition,
    })
}

impl Notes {
    fn open(&mut self, assigned: &Assigned) {
        let index = assigned.slot.0 as usize;
        if self.finished.len() <= index {
            self.finished.resize_with(index + 1, || None);
        }
        self.finished[index] = Some((place(&self.group, assigned), Runs::default()));
    }

    #[inline]
    fn note(&mut self, slot: SlotId, offset: i64) {
        if let Some(Some((_, runs))) = self.finished.get_mut(slot.0 as usize) {
            runs.push(offset);
            self.records += 1;
        }
    }

    fn hand_over(&mut self) {
        if self.records == 0 {
            return;
        }
        let open = self.finished.iter_mut().flatten();
        let finished = open.filter(|(_, runs)| !runs.is_empty());
        self.keeper.note(Noted {
            finished: finished
                .map(|(place, runs)| (Arc::clone(place), std::mem::take(runs)))
                .collect(),
            records: std::mem::take(&mut self.records),
        });
    }
}

impl<C> Lane<C> {
    /// With a dedupe store, which hears of what is finished by this keeper.
    #[must_use]
    pub(crate) fn noting(self, keeper: Option<Arc<Keeper>>) -> Self {
        let group = Arc::from(self.group.as_str());
        let notes = keeper.map(|keeper| Notes {
            keeper,
            group,
            finished: Vec::new(),
            records: 0,
            holds: false,
        });
        Lane { notes, ..self }
    }

    /// Notes are taken of this assignment from now on, if it is one of Kafka.
    pub(super) fn open_notes(&mut self, assigned: &Assigned) {
        let node = self.spec.nodes.get(assigned.source);
        if node.is_some_and(|node| !node.topics.is_empty())
            && let Some(notes) = &mut self.notes
        {
            notes.open(assigned);
        }
    }

    /// Settles a share where notes are taken; true if its record is finished with it.
    pub(super) fn settle_noted(&mut self, ticket: crate::ledger::Ticket) -> bool {
        // Asked first: a record that is finished may be gone from the ledger.
        let (slot, offset) = (ticket.slot(), self.ledger.offset(&ticket));
        let finished = self.ledger.settle(ticket) == crate::ledger::Settled::Finished;
        if finished && let (Some(notes), Some(offset)) = (&mut self.notes, offset) {
            notes.note(slot, offset);
        }
        finished
    }

    /// What is finished in an assignment that is over is the next owner's to tell.
    pub(super) fn drop_notes(&mut self, slot: SlotId) {
        if let Some(notes) = &mut self.notes
            && let Some(open) = notes.finished.get_mut(slot.0 as usize)
        {
            *open = None;
        }
    }

    /// Leaves what is finished with the keeper. While the store is too far behind, nothing new is taken in.
    pub(super) fn hand_notes_over(&mut self) {
        let Some(notes) = &mut self.notes else {
            return;
        };
        notes.hand_over();
        if !notes.holds && notes.keeper.is_full() {
            notes.holds = true;
            self.hold_intake();
        } else if notes.holds && notes.keeper.has_room() {
            notes.holds = false;
            self.release_intake();
        }
    }

    /// How soon a lane that waits for the store looks again.
    pub(super) fn notes_in(&self) -> Option<Duration> {
        self.notes
            .as_ref()
            .is_some_and(|notes| notes.holds)
            .then_some(AGAIN)
    }
}
