//! The ticket: the obligation to finish one share of one record, or, joined, of several. It has no public constructor, no
//! `Clone` and no `Default`; the ledger makes it and takes it back. User code never holds one.

use std::cell::Cell;
use std::sync::Arc;

use super::slot::{Epoch, SlotId};
use crate::types::Meta;

/// The slot of tickets that stand for others.
const JOINED: SlotId = SlotId(u32::MAX);

/// The slot of what is left where a ticket was taken out of a joined one.
const SPENT: SlotId = SlotId(u32::MAX - 1);

/// The obligation to finish one share of one record, or one of each of several.
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

    /// A ticket that stands for others: `index` is their place in the ledger, `fork` the name they are known by.
    pub(super) fn joined(index: u32, fork: u64, meta: Option<Arc<Meta>>) -> Self {
        Ticket::new(JOINED, Epoch(index), fork, meta)
    }

    /// What stays in the place of a ticket that is taken: no obligation at all.
    pub(super) fn spent() -> Self {
        Ticket::new(SPENT, Epoch(0), 0, None)
    }

    #[inline]
    pub(crate) fn is_joined(&self) -> bool {
        self.slot == JOINED
    }

    #[inline]
    pub(super) fn is_spent(&self) -> bool {
        self.slot == SPENT
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
        if !self.is_spent() {
            note_drop();
        }
    }
}

#[cold]
fn note_drop() {
    // A thread that is ending has no lane to tell any more; the record stays unfinished all the same.
    let _ended = DROPPED.try_with(|dropped| dropped.set(dropped.get() + 1));
}
