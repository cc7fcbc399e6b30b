//! What the turns of a stage say when somebody looks for a record: who waits, and the how manieth attempt it is.

use super::super::search::{Doing, Search};
use super::Turns;

impl<V> Turns<V> {
    /// Shows what waits here and what is under way, and how full it is.
    pub fn search(&self, search: &mut Search<'_>) {
        if let Some(places) = self.places {
            search.queue(self.node, self.visits.len(), places + self.room);
        }
        self.search_alone(search);
    }

    /// As [`search`](Turns::search), of calls that are not the stage's own: how full it is says nothing.
    pub(in super::super) fn search_alone(&self, search: &mut Search<'_>) {
        for visit in self.visits.values() {
            let doing = match visit.attempts {
                0 => Doing::Waiting,
                _ => Doing::Resting,
            };
            match &visit.held {
                Some((_, ticket)) => search.found(self.node, visit.attempts, doing, ticket),
                None => search.attempts(self.node, visit.attempts, visit.place.serial),
            }
        }
    }
}
