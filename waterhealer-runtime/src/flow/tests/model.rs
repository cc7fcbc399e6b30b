//! What must hold, stated naively: every record by its assignment, what became of it, and what a commit may then say. It
//! shares no code with the ledger.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One record, as one assignment of its partition reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id {
    pub(super) partition: i32,
    pub(super) epoch: u32,
    pub(super) offset: i64,
}

/// How far a record has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    /// Sent to the lane.
    Sent,
    /// The stages have it: finished when no share is open. Some of these are held by the window for more to come.
    Taken { open: u32, held: u32 },
}

const FINISHED: Life = Life::Taken { open: 0, held: 0 };

/// All records of a schedule. Its lock is the standard library's, and never held across anything that `shuttle` sees.
#[derive(Debug, Default)]
pub(super) struct Model(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    records: BTreeMap<Id, Life>,
    /// What was found wrong where a panic would be taken for the user's.
    wrong: Vec<String>,
}

impl Model {
    /// The consumer sends a record to its lane.
    pub(super) fn send(&self, id: Id) {
        if self.lock().records.insert(id, Life::Sent).is_some() {
            self.is_wrong(format!("the schedule itself sends {id:?} twice"));
        }
    }

    /// The stages are given a record.
    pub(super) fn take(&self, id: Id) {
        let mut inner = self.lock();
        let passed_over: Vec<Id> = inner
            .of(id.partition, id.epoch)
            .filter(|(other, life)| other.offset < id.offset && *life == Life::Sent)
            .map(|(other, _)| other)
            .collect();
        let before = inner.records.insert(id, Life::Taken { open: 1, held: 0 });
        drop(inner);
        if !passed_over.is_empty() {
            self.is_wrong(format!("{passed_over:?} were passed over before {id:?}"));
        }
        if before != Some(Life::Sent) {
            self.is_wrong(format!("{id:?} came to the stages when it was {before:?}"));
        }
    }

    /// One more share of it.
    pub(super) fn split(&self, id: Id) {
        self.change(id, |open, held| (open + 1, held));
    }

    /// The window holds a share of it.
    pub(super) fn hold(&self, id: Id) {
        self.change(id, |open, held| (open, held + 1));
    }

    /// The window gives a share of it on.
    pub(super) fn give(&self, id: Id) {
        self.change(id, |open, held| (open, held.wrapping_sub(1)));
    }

    /// A share of it has reached its end.
    pub(super) fn finish(&self, id: Id) {
        self.change(id, |open, held| (open.wrapping_sub(1), held));
    }

    /// This is about to be committed for this assignment.
    pub(super) fn commit(&self, partition: i32, epoch: u32, offset: i64) {
        let inner = self.lock();
        let unfinished: Vec<_> = inner
            .of(partition, epoch)
            .filter(|(id, life)| id.offset < offset && *life != FINISHED)
            .collect();
        let last = inner.of(partition, epoch).map(|(id, _)| id.offset).last();
        drop(inner);
        assert!(
            unfinished.is_empty(),
            "{partition} is committed at {offset}, past {unfinished:?}"
        );
        assert!(
            last.is_some_and(|last| offset <= last + 1),
            "{partition} is committed at {offset}, of which {last:?} was read last"
        );
    }

    /// Where the assignment's commit has to be once all is quiet: `None` if no record of it came to the stages. What was sent
    /// and did not come to them before the end counts for nothing.
    pub(super) fn position(&self, partition: i32, epoch: u32) -> Option<i64> {
        let inner = self.lock();
        let mut end = None;
        for (id, life) in inner.of(partition, epoch) {
            match life {
                Life::Sent => break,
                FINISHED => end = Some(id.offset + 1),
                Life::Taken { .. } => return Some(id.offset),
            }
        }
        end
    }

    /// The pipeline says that nothing moves in this assignment until something new comes.
    pub(super) fn rest(&self, partition: i32, epoch: u32) {
        let inner = self.lock();
        let moving: Vec<_> = inner
            .of(partition, epoch)
            .filter(|(_, life)| !matches!(life, Life::Taken { open, held } if open == held))
            .collect();
        drop(inner);
        assert!(moving.is_empty(), "at rest, while {moving:?}");
    }

    /// Something is wrong that the lane has seen.
    pub(super) fn is_wrong(&self, what: String) {
        self.lock().wrong.push(what);
    }

    /// Fails with what was found wrong so far.
    pub(super) fn check(&self) {
        let wrong = self.lock().wrong.join("\n");
        assert!(wrong.is_empty(), "{wrong}");
    }

    fn change(&self, id: Id, change: impl Fn(u32, u32) -> (u32, u32)) {
        let mut inner = self.lock();
        match inner.records.get_mut(&id) {
            Some(Life::Taken { open, held }) if *open > 0 => (*open, *held) = change(*open, *held),
            other => {
                let what = format!("a share of {id:?} moves when it is {other:?}");
                drop(inner);
                self.is_wrong(what);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// The records of one assignment, by offset.
    fn of(&self, partition: i32, epoch: u32) -> impl Iterator<Item = (Id, Life)> {
        let at = |offset| Id {
            partition,
            epoch,
            offset,
        };
        let range = self.records.range(at(i64::MIN)..=at(i64::MAX));
        range.map(|(id, life)| (*id, *life))
    }
}
