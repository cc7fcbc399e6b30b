//! What is counted beside the records: rebalances, commits and how long they took, dead letters, tickets that leaked. Counted
//! where it happens, read by whoever looks.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::time::Duration;

use crate::observe::Times;
use crate::sync::Mutex;
use crate::sync::atomic::AtomicU64;

/// Counts since the start.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) assigned: AtomicU64,
    pub(crate) revoked: AtomicU64,
    pub(crate) lost: AtomicU64,
    pub(crate) commits_failed: AtomicU64,
    commit_times: Mutex<Times>,
    /// Tickets that were dropped: it must stay 0.
    pub(crate) leaked: AtomicU64,
    /// By node, and the kind of failure.
    letters: Mutex<BTreeMap<(usize, &'static str), u64>>,
}

impl Counts {
    /// A commit was answered after so long.
    pub(super) fn note_commit(&self, took: Duration) {
        let times = self.commit_times.lock();
        let mut times = times.unwrap_or_else(PoisonError::into_inner);
        times.note(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX), 1);
    }

    /// How long commits took.
    pub(crate) fn commit_times(&self) -> Times {
        self.commit_times
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// One more dead letter is acknowledged, of a record that failed at this node.
    pub(super) fn count_letter(&self, node: usize, kind: &'static str) {
        let mut letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
        *letters.entry((node, kind)).or_default() += 1;
    }

    /// Dead letters by node and kind of failure.
    pub(crate) fn letters(&self) -> BTreeMap<(usize, &'static str), u64> {
        self.letters
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_letters_are_counted_by_stage_and_kind() {
        let counts = Counts::default();
        for (node, kind) in [(1, "error"), (1, "timeout"), (1, "error")] {
            counts.count_letter(node, kind);
        }
        let letters = counts.letters().into_iter().collect::<Vec<_>>();
        assert_eq!(letters, [((1, "error"), 2), ((1, "timeout"), 1)]);
    }
}
