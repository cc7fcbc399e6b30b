//! What the lane is sent: batches of records, and notices (answers of calls, acknowledgements, the consumer's wishes).
//! One lock for all; the lane takes notices in bulk. Bounded by what is in flight: records by `room`, answers by the
//! stages' concurrency, notices by the number of partitions.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use super::calls::CallId;
use crate::broker::{Assigned, Batch};
use crate::error::Failure;
use crate::ledger::{Finished, SlotId};
use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use crate::sync::mpsc::SyncSender;
use crate::sync::{Condvar, Mutex, MutexGuard};
use crate::types::Position;

/// Records that may wait for the lane: a few milliseconds of work at full speed, so that the consumer thread can look
/// elsewhere without the lane running dry.
const ROOM: usize = 20_000;

/// Bytes of values and keys that may wait for the lane, for when records are large.
const ROOM_BYTES: usize = 64 << 20;

pub(crate) struct Mailbox<C> {
    inbox: Mutex<Inbox<C>>,
    arrived: Condvar,
    /// There are notices: asked between two records, so it must cost nothing.
    attention: AtomicBool,
    queued: AtomicUsize,
    queued_bytes: AtomicUsize,
}

struct Inbox<C> {
    batches: VecDeque<Batch>,
    notices: VecDeque<Notice<C>>,
}

/// What a lane that writes in transactions is asked for.
pub(crate) enum Sealing {
    /// Bring what is under way to its end, take nothing new in, and say what the transaction holds.
    Close(SyncSender<Sealed>),
    /// Stop between two records, whatever is under way: everything was given up.
    Stand(SyncSender<()>),
    /// Go on in the same transaction.
    GoOn,
    /// Go on in a new one.
    Anew,
}

/// What a sealed lane has put into the open transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sealed {
    /// Some messages.
    pub(crate) any: bool,
    /// Every record that has a message in it is below the position that its partition can be committed at.
    pub(crate) whole: bool,
}

/// Something for the lane to attend to before the next record.
pub(crate) enum Notice<C> {
    /// A stage has answered.
    Completed(CallId, C),
    /// The broker has answered for a message, or a task went away without an answer.
    Answered(CallId, Result<(), Failure>),
    /// The broker has confirmed these offsets.
    Healed(Vec<Position>),
    /// The consumer was assigned a partition, of which these offsets are finished already.
    Assign(Arc<Assigned>, Finished),
    /// Finish what is under way in these partitions and say so.
    Close {
        slots: Vec<SlotId>,
        quiet: SyncSender<()>,
    },
    /// The assignment of these partitions is over.
    Forget(Vec<SlotId>),
    /// Start nothing new; say so when all calls have come back.
    Drain { quiet: SyncSender<()> },
    /// Take no records in for now, or do again.
    Pause(bool),
    /// Make no more outputs for now, or do again.
    Seal(Sealing),
    /// End the lane.
    End,
    /// Look at what has changed elsewhere: publish positions, take values sent in by hand.
    Look,
}

impl<C> Mailbox<C> {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Mailbox {
            inbox: Mutex::new(Inbox {
                batches: VecDeque::new(),
                notices: VecDeque::new(),
            }),
            arrived: Condvar::new(),
            attention: AtomicBool::new(false),
            queued: AtomicUsize::new(0),
            queued_bytes: AtomicUsize::new(0),
        })
    }

    pub(crate) fn notify(&self, notice: Notice<C>) {
        let mut inbox = self.lock();
        inbox.notices.push_back(notice);
        // Under the lock, so that a lane that has just emptied the inbox does not miss it.
        if !self.attention.swap(true, Ordering::Release) {
            self.arrived.notify_one();
        }
    }

    /// The broker has answered for the call of this number.
    pub(crate) fn answered(&self, call: usize, outcome: Result<(), Failure>) {
        self.notify(Notice::Answered(CallId(call), outcome));
    }

    pub(super) fn push(&self, batch: Batch) {
        self.queued.fetch_add(batch.len(), Ordering::Relaxed);
        self.queued_bytes
            .fetch_add(batch.bytes(), Ordering::Relaxed);
        let mut inbox = self.lock();
        inbox.batches.push_back(batch);
        if inbox.batches.len() == 1 {
            self.arrived.notify_one();
        }
    }

    /// Whether the lane has few enough records waiting to be sent more.
    pub(super) fn has_room(&self) -> bool {
        self.queued.load(Ordering::Relaxed) < ROOM
            && self.queued_bytes.load(Ordering::Relaxed) < ROOM_BYTES
    }

    /// Records that wait for the lane. Ordered with the lane's rest: one that has gone from here has ended it.
    pub(crate) fn queued(&self) -> usize {
        self.queued.load(Ordering::SeqCst)
    }

    /// The next batch, once all notices are taken: an assignment is told before its first record, and a record whose
    /// assignment the lane does not know yet would be passed over.
    pub(super) fn pop(&self) -> Option<Batch> {
        let batch = {
            let mut inbox = self.lock();
            if !inbox.notices.is_empty() {
                return None;
            }
            inbox.batches.pop_front()?
        };
        self.queued.fetch_sub(batch.len(), Ordering::SeqCst);
        self.queued_bytes
            .fetch_sub(batch.bytes(), Ordering::Relaxed);
        Some(batch)
    }

    /// Gives the records that wait back to the client.
    pub(super) fn clear(&self) {
        let batches = std::mem::take(&mut self.lock().batches);
        self.queued.store(0, Ordering::Relaxed);
        self.queued_bytes.store(0, Ordering::Relaxed);
        drop(batches);
    }

    #[inline]
    pub(super) fn wants_attention(&self) -> bool {
        self.attention.load(Ordering::Relaxed)
    }

    /// All notices, in order; `into` must be empty and is given back as the next inbox.
    pub(super) fn take_notices(&self, into: &mut VecDeque<Notice<C>>) {
        let mut inbox = self.lock();
        self.attention.store(false, Ordering::Relaxed);
        std::mem::swap(&mut inbox.notices, into);
    }

    /// Waits for a notice, or for a batch if the lane takes records in; at most so long, if that is said.
    pub(super) fn wait(&self, takes_records: bool, at_most: Option<Duration>) {
        let mut inbox = self.lock();
        while inbox.notices.is_empty() && (inbox.batches.is_empty() || !takes_records) {
            match at_most {
                None => {
                    inbox = self
                        .arrived
                        .wait(inbox)
                        .unwrap_or_else(PoisonError::into_inner);
                }
                Some(at_most) => {
                    drop(self.arrived.wait_timeout(inbox, at_most));
                    return;
                }
            }
        }
    }

    /// User code never runs under this lock, and what does leaves it whole.
    fn lock(&self) -> MutexGuard<'_, Inbox<C>> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
