//! The ticket: the obligation to finish one share of one record. It has no public constructor, no `Clone` and no
//! `Default`; the ledger makes it and takes it back. User code never holds one.

use std::cell::Cell;
use std::sync::Arc;

use super::slot::{Epoch, SlotId};
use crate::types::Meta;

/// The obligation to finish one share of one record.
#[derive(Debug)]
#[must_use = "a ticket that is dropped halts the pipeline: settle it or report the failure"]
pub struct Ticket {
    slot: SlotId,
    epoch: Epoch,
    seq: u64,
    /// Key, headers and timestamp, kept only for graphs in which some stage asks for them.
    meta: Option<Arc<Meta>>,
}

thread_local! {
    static DROPPED: Cell<u64> = const { Cell::new(0) };
}

impl Ticket {
    #[inline]
    pub(super) fn new(slot: SlotId, epoch: Epoch, seq: u64, meta: Option<Arc<Meta>>) -> Self {
        Ticket {
            slot,
            epoch,
            seq,
            meta,
        }
    }

    #[inline]
    pub(super) fn share(&self) -> Self {
        Ticket::new(self.slot, self.epoch, self.seq, self.meta.clone())
    }

    /// Ends the obligation; the ledger has noted how.
    #[inline]
    pub(super) fn retire(mut self) {
        drop(self.meta.take());
        std::mem::forget(self);
    }

    #[inline]
    pub(super) fn seq(&self) -> u64 {
        self.seq
    }

    #[inline]
    pub(crate) fn slot(&self) -> SlotId {
        self.slot
    }

    #[inline]
    pub(crate) fn epoch(&self) -> Epoch {
        self.epoch
    }

    pub(crate) fn meta(&self) -> Option<&Arc<Meta>> {
        self.meta.as_ref()
    }

    /// What tells this record's carrier from every other's: assignments never share an epoch.
    pub(crate) fn serial(&self) -> (u32, u64) {
        (self.epoch.0, self.seq)
    }

    /// How many tickets were dropped on this thread without being settled since the last call.
    pub(crate) fn take_dropped() -> u64 {
        DROPPED.with(|dropped| dropped.replace(0))
    }
}

impl Drop for Ticket {
    #[inline]
    fn drop(&mut self) {
        note_drop();
    }
}

#[cold]
fn note_drop() {
    // A thread that is ending has no lane to tell any more; the record stays unfinished all the same.
    let _ended = DROPPED.try_with(|dropped| dropped.set(dropped.get() + 1));
}
