//! What the desk knows of the assignment: which partitions are held, what is asked about them, and what the answer to a
//! commit changes. What is done about it is the desk's.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use super::super::dedupe::Dedupe;
use super::super::heal::{Heal, commits};
use super::super::slots::Slots;
use crate::broker::{Assigned, Commit, CommitError, Places};
use crate::error::Error;
use crate::ledger::Epoch;

/// What the desk knows, behind its lock.
pub(in super::super) struct State {
    pub(in super::super) held: Vec<Arc<Assigned>>,
    /// The client's own name for a partition, found once per assignment.
    pub(in super::super) known: HashMap<(usize, i32), Arc<Assigned>>,
    pub(in super::super) slots: Slots,
    pub(super) heal: Heal,
    /// Where there is a dedupe store.
    pub(in super::super) dedupe: Option<Dedupe>,
    /// An assignment has come, be it an empty one.
    pub(super) joined: bool,
    /// The pipeline has drained already: what is given up now is not waited for again.
    pub(super) ending: bool,
    pub(in super::super) fault: Option<Error>,
    pub(in super::super) astray: Vec<Astray>,
    /// Those that the brokers have been asked about, and what they have said.
    pub(in super::super) asked: Option<(Vec<Astray>, Places)>,
}

/// A partition whose client has found nothing at the offset that it has come to; below zero when it has come to none.
#[derive(Debug)]
pub(in super::super) struct Astray {
    pub(in super::super) place: (String, i32),
    /// Of which assignment.
    pub(in super::super) epoch: Epoch,
    pub(in super::super) next: i64,
    /// The client has told of it, which does not say of which assignment.
    pub(in super::super) told: bool,
}

impl State {
    pub(super) fn new(slots: Slots, heal: Heal, dedupe: Option<Dedupe>) -> Self {
        State {
            held: Vec::new(),
            known: HashMap::new(),
            slots,
            heal,
            dedupe,
            joined: false,
            ending: false,
            fault: None,
            astray: Vec::new(),
            asked: None,
        }
    }

    pub(in super::super) fn find(&self, topic: &str, partition: i32) -> Option<&Arc<Assigned>> {
        self.held
            .iter()
            .find(|assigned| assigned.partition == partition && &*assigned.topic == topic)
    }

    /// The positions that the broker does not have yet.
    pub(super) fn commits(&self) -> Vec<Commit> {
        commits(self.held.iter())
    }

    /// Notes the answer to a commit; answers by which commits the group has moved on.
    pub(super) fn answered(
        &mut self,
        confirmed: Vec<Commit>,
        outcome: &Result<(), CommitError>,
    ) -> Vec<Commit> {
        if let Some(dedupe) = &self.dedupe {
            dedupe.committed(&confirmed);
        }
        let mut moved = confirmed;
        moved.retain(|commit| {
            let assigned = self.find(&commit.topic, commit.partition);
            assigned
                .is_none_or(|assigned| assigned.figures.confirm(commit.offset, &commit.metadata))
        });
        match outcome {
            Ok(()) => {}
            Err(CommitError::Later(why)) => {
                tracing::warn!(why, "a commit failed and is tried again")
            }
            Err(CommitError::Never(why)) => tracing::error!(why, "a commit was refused"),
        }
        if let Err(fault) = self.heal.answered(outcome, Instant::now()) {
            self.fault.get_or_insert(fault);
        }
        moved
    }
}
