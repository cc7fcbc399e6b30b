//! Places in the ledger for assignments: a slot is used again once it is free, an epoch never.

use std::sync::Arc;

use crate::broker::{Assigned, Figures};
use crate::ledger::{Epoch, SlotId};

#[derive(Debug)]
pub(crate) struct Slots {
    free: Vec<SlotId>,
    slots: u32,
    epochs: u32,
}

impl Slots {
    pub(crate) fn new() -> Self {
        Slots {
            free: Vec::new(),
            // Slot 0 and epoch 0 are the lane's own, for values sent in by hand.
            slots: 1,
            epochs: 1,
        }
    }

    /// A place for one assignment of a partition, which the node `source` reads.
    pub(super) fn assign(&mut self, topic: &str, partition: i32, source: usize) -> Arc<Assigned> {
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
            source,
            figures: Figures::new(),
        })
    }

    /// These are not used any more, and the lane has been told so.
    pub(super) fn free(&mut self, slots: Vec<SlotId>) {
        self.free.extend(slots);
    }
}
