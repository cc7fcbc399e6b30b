//! What a consumer group does, done to a driven pipeline by hand: partitions come and go, commits, the end.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::super::control::Phase;
use super::super::heal::{commits, positions};
use super::super::mailbox::Notice;
use super::super::seen::End;
use super::super::stages::Graph;
use super::{Drive, Stuck};
use crate::broker::Assigned;
use crate::ledger::Finished;
use crate::sync::mpsc::sync_channel;
use crate::types::Position;

impl<G: Graph> Drive<G> {
    pub(crate) fn assign(&mut self, topic: &str, partition: i32, source: usize) -> Arc<Assigned> {
        let assigned = self.slots.assign(topic, partition, source);
        self.mailbox
            .notify(Notice::Assign(Arc::clone(&assigned), Finished::default()));
        self.assigned.push(Arc::clone(&assigned));
        self.control.show(self.assigned.clone());
        assigned
    }

    /// Gives a partition up: with time to finish what is under way and a commit, unless it is lost already.
    pub(crate) fn give_up(&mut self, assigned: &Arc<Assigned>, lost: bool) -> Result<(), Stuck> {
        let slots = vec![assigned.slot];
        let mut outcome = Ok(());
        if !lost {
            let (quiet, _drained) = sync_channel(1);
            let slots = slots.clone();
            self.mailbox.notify(Notice::Close { slots, quiet });
            outcome = self.go_on();
            self.commit(std::slice::from_ref(assigned));
        }
        self.mailbox.notify(Notice::Forget(slots.clone()));
        // The lane would pass them over.
        self.queue.retain(|(of, _, _)| !Arc::ptr_eq(of, assigned));
        self.assigned.retain(|one| !Arc::ptr_eq(one, assigned));
        self.control.show(self.assigned.clone());
        self.slots.free(slots.into_iter());
        outcome.and(self.go_on())
    }

    /// Commits what can be, and tells the functions that ask for it.
    pub(crate) fn heal(&mut self) -> Result<Vec<Position>, Stuck> {
        self.mailbox.notify(Notice::Flush);
        self.go_on()?;
        let assigned = self.assigned.clone();
        let moved = self.commit(&assigned);
        self.go_on()?;
        Ok(moved)
    }

    fn commit(&mut self, assigned: &[Arc<Assigned>]) -> Vec<Position> {
        let commits = commits(assigned.iter());
        for commit in &commits {
            let of = (Arc::clone(&commit.topic), commit.partition);
            self.committed.insert(of, commit.offset);
            if let Some(assigned) = self.assigned(&commit.topic, commit.partition) {
                assigned.figures.confirm(commit.offset, &commit.metadata);
            }
        }
        let moved = positions(&commits);
        if !moved.is_empty() {
            self.control.count_commit(true, Duration::ZERO);
            self.mailbox.notify(Notice::Healed(moved.clone()));
        }
        moved
    }

    /// Ends as a stop does: drains, commits, and lets go of the rest.
    pub(crate) fn end(&mut self) -> Result<End, Stuck> {
        self.control.set_phase(Phase::Draining);
        let (quiet, _drained) = sync_channel(1);
        self.mailbox.notify(Notice::Drain { quiet });
        self.queue.clear();
        self.go_on()?;
        self.heal()?;
        let mut unfinished = self.unfinished();
        unfinished.sort();
        let committed = self.committed.iter();
        let end = End {
            finished: self.control.finished.load(Ordering::Relaxed),
            skipped: self.control.skipped.load(Ordering::Relaxed),
            dead_lettered: self.control.dead_lettered.load(Ordering::Relaxed),
            committed: committed
                .map(|((topic, partition), offset)| Position {
                    topic: Arc::clone(topic),
                    partition: *partition,
                    offset: *offset,
                })
                .collect(),
            unfinished,
        };
        self.mailbox.notify(Notice::End);
        self.round();
        self.close();
        Ok(end)
    }

    /// Records that were taken in and are not finished.
    pub(crate) fn unfinished(&self) -> Vec<Position> {
        let ledger = &self.crew.lane.ledger;
        let of = |assigned: &Arc<Assigned>| {
            let (topic, partition) = (Arc::clone(&assigned.topic), assigned.partition);
            let offsets = ledger.unfinished(assigned.slot);
            let position = move |offset| Position {
                topic: Arc::clone(&topic),
                partition,
                offset,
            };
            offsets.map(position).collect::<Vec<_>>()
        };
        self.assigned.iter().flat_map(of).collect()
    }

    /// How far a partition could be committed now; of one that is not assigned, how far it was.
    pub(crate) fn position(&self, topic: &str, partition: i32) -> Option<i64> {
        let assigned = self.assigned(topic, partition);
        let now = assigned.and_then(|assigned| self.crew.lane.ledger.position(assigned.slot));
        now.or_else(|| self.committed.get(&(Arc::from(topic), partition)).copied())
    }

    pub(crate) fn assigned(&self, topic: &str, partition: i32) -> Option<&Arc<Assigned>> {
        let mut assigned = self.assigned.iter();
        assigned.find(|one| one.partition == partition && *one.topic == *topic)
    }
}
