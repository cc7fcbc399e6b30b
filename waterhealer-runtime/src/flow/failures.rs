//! The failures that were decided last, for whoever watches the pipeline while it runs. What is done about a failure is
//! `settle`'s; this only remembers a few.

use std::collections::VecDeque;
use std::sync::PoisonError;
use std::time::SystemTime;

use crate::sync::{Mutex, MutexGuard};
use crate::types::{EmitId, Position};

/// Failures remembered.
const REMEMBERED: usize = 100;

/// A failure, and what was done about it.
#[derive(Debug, Clone)]
pub(crate) struct Failing {
    /// The how manieth it is.
    pub(crate) number: u64,
    pub(crate) at: SystemTime,
    pub(crate) stage: &'static str,
    pub(crate) position: Position,
    pub(crate) emit_id: Option<EmitId>,
    pub(crate) error: String,
    pub(crate) attempts: usize,
    pub(crate) outcome: Outcome,
}

/// What was done about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Skipped,
    DeadLetter,
    Halted,
}

/// The last ones.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    last: Mutex<VecDeque<Failing>>,
}

impl Failures {
    /// Remembers one; its number is given here.
    pub(super) fn push(&self, failing: Failing) {
        let mut last = self.lock();
        let number = last.back().map_or(1, |before| before.number + 1);
        if last.len() == REMEMBERED {
            last.pop_front();
        }
        last.push_back(Failing { number, ..failing });
    }

    /// Those that came after the one of this number, oldest first, as far as they are remembered.
    pub(crate) fn after(&self, number: u64) -> Vec<Failing> {
        let last = self.lock();
        let newer = last.iter().filter(|failing| failing.number > number);
        newer.cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Failing>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn failing(offset: i64) -> Failing {
        Failing {
            number: 0,
            at: SystemTime::UNIX_EPOCH,
            stage: "price",
            position: Position {
                topic: Arc::from("orders"),
                partition: 0,
                offset,
            },
            emit_id: None,
            error: "no price".to_owned(),
            attempts: 1,
            outcome: Outcome::Skipped,
        }
    }

    #[test]
    fn the_last_ones_are_remembered_and_each_is_given_once() {
        let failures = Failures::default();
        assert!(failures.after(0).is_empty());
        for offset in 0..REMEMBERED as i64 + 2 {
            failures.push(failing(offset));
        }
        let all = failures.after(0);
        assert_eq!((all.len(), all[0].number), (REMEMBERED, 3));
        let newer = failures.after(101);
        assert_eq!(newer.len(), 1);
        assert_eq!(newer[0].position.offset, 101);
        assert!(failures.after(102).is_empty());
    }
}
