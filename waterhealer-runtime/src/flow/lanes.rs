//! The lanes of a pipeline as others see them: a mailbox each, which partitions are whose, and waiting until all are quiet.
//! What a lane does is in `work`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::mailbox::{Mailbox, Notice};
use crate::broker::Assigned;
use crate::ledger::SlotId;
use crate::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// The mailboxes of all lanes, the first lane's first.
pub(crate) struct Lanes<C> {
    mailboxes: Arc<[Arc<Mailbox<C>>]>,
}

impl<C> Clone for Lanes<C> {
    fn clone(&self) -> Self {
        Lanes {
            mailboxes: Arc::clone(&self.mailboxes),
        }
    }
}

impl<C> Lanes<C> {
    /// So many lanes; the first one's mailbox is there already, since handles know it.
    pub(crate) fn new(first: Arc<Mailbox<C>>, count: usize) -> Self {
        let others = (1..count).map(|_| Mailbox::new());
        Lanes {
            mailboxes: std::iter::once(first).chain(others).collect(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.mailboxes.len()
    }

    /// All mailboxes, with the numbers of their lanes.
    pub(crate) fn each(&self) -> impl Iterator<Item = (usize, &Arc<Mailbox<C>>)> {
        self.mailboxes.iter().enumerate()
    }

    /// The mailbox of a lane; of one that there is not, the first.
    pub(crate) fn mailbox(&self, lane: usize) -> &Arc<Mailbox<C>> {
        self.mailboxes.get(lane).unwrap_or(&self.mailboxes[0])
    }

    /// Tells every lane.
    pub(crate) fn tell(&self, notice: impl Fn() -> Notice<C>) {
        for mailbox in self.mailboxes.iter() {
            mailbox.notify(notice());
        }
    }

    /// Records that wait for any lane.
    pub(super) fn queued(&self) -> usize {
        self.mailboxes.iter().map(|mailbox| mailbox.queued()).sum()
    }

    /// Asks all lanes to finish what is under way.
    pub(super) fn drain(&self) -> Quiet {
        self.ask(|_, quiet| Some(Notice::Drain { quiet }))
    }

    /// Asks the lanes to finish what is under way in these partitions.
    pub(super) fn close(&self, partitions: &[Arc<Assigned>]) -> Quiet {
        self.ask(|lane, quiet| {
            let slots = slots_of(partitions, lane);
            (!slots.is_empty()).then_some(Notice::Close { slots, quiet })
        })
    }

    /// Tells the lanes that these assignments are over.
    pub(super) fn forget(&self, partitions: &[Arc<Assigned>]) {
        for (lane, mailbox) in self.each() {
            let slots = slots_of(partitions, lane);
            if !slots.is_empty() {
                mailbox.notify(Notice::Forget(slots));
            }
        }
    }

    fn ask(&self, mut notice: impl FnMut(usize, SyncSender<()>) -> Option<Notice<C>>) -> Quiet {
        let mut waits = Vec::with_capacity(self.len());
        for (lane, mailbox) in self.each() {
            let (quiet, wait) = sync_channel(1);
            if let Some(notice) = notice(lane, quiet) {
                mailbox.notify(notice);
                waits.push(wait);
            }
        }
        Quiet(waits)
    }
}

fn slots_of(partitions: &[Arc<Assigned>], lane: usize) -> Vec<SlotId> {
    let own = partitions.iter().filter(|assigned| assigned.lane == lane);
    own.map(|assigned| assigned.slot).collect()
}

/// Lanes that were asked to finish something and have not said that they have.
pub(super) struct Quiet(Vec<Receiver<()>>);

impl Quiet {
    /// Whether all have said so by now.
    pub(super) fn is_there(&mut self) -> bool {
        self.0.retain(|lane| lane.try_recv().is_err());
        self.0.is_empty()
    }

    /// Waits for all, at most so long; false if that was not enough.
    pub(super) fn wait(self, at_most: Duration) -> bool {
        let until = Instant::now() + at_most;
        self.0.iter().all(|lane| {
            let left = until.saturating_duration_since(Instant::now());
            lane.recv_timeout(left).is_ok()
        })
    }
}
