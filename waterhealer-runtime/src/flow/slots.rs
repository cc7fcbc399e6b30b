//! Places in the ledger for assignments: a slot is used again once it is free, an epoch never.

use std::sync::Arc;

use crate::broker::{Assigned, Figures, Opening};
use crate::ledger::{Epoch, SlotId};
use crate::types::Stream;

#[derive(Debug)]
pub(crate) struct Slots {
    free: Vec<SlotId>,
    slots: u32,
    epochs: u32,
    lanes: usize,
    /// The id of the cluster, as its brokers say it; empty where there is none.
    cluster: String,
}

impl Slots {
    /// Places in so many lanes.
    pub(crate) fn new(lanes: usize) -> Self {
        Slots {
            free: Vec::new(),
            // Slot 0 and epoch 0 are the lane's own, for values sent in by hand.
            slots: 1,
            epochs: 1,
            lanes: lanes.max(1),
            cluster: String::new(),
        }
    }

    /// Of this cluster, by which emit ids name records.
    #[must_use]
    pub(crate) fn of_cluster(self, cluster: String) -> Self {
        Slots { cluster, ..self }
    }

    /// A place for one assignment of a partition, which the node `source` reads. Partitions of one number meet in one lane,
    /// whatever their topics: that is how topics are joined.
    pub(super) fn assign(&mut self, topic: &str, partition: i32, source: usize) -> Arc<Assigned> {
        self.assign_as(topic, partition, source, Opening::default())
    }

    /// As [`assign`](Slots::assign), with what is known of it.
    pub(super) fn assign_as(
        &mut self,
        topic: &str,
        partition: i32,
        source: usize,
        opening: Opening,
    ) -> Arc<Assigned> {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots += 1;
            SlotId(self.slots - 1)
        });
        let epoch = Epoch(self.epochs);
        self.epochs += 1;
        Arc::new(Assigned {
            slot,
            epoch,
            topic: Arc::from(topic),
            partition,
            stream: Stream::new(&self.cluster, topic),
            lane: usize::try_from(partition).unwrap_or(0) % self.lanes,
            source,
            opening,
            figures: Figures::new(),
        })
    }

    /// These are not used any more, and the lane has been told so.
    pub(super) fn free(&mut self, slots: impl Iterator<Item = SlotId>) {
        self.free.extend(slots);
    }
}
